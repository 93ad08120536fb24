#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm tarball
# The five systems that a host needs for its guests, each from a call to its effect. The
# fifth, hot plug of cards, has its own files (pci.bats).

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

sim()
{
	"$papr_vmm" -M pseries -m 512M run -- true >log 2>&1 || skip "no simulated guest: $(<log)"
	run --separate-stderr timeout 60 "$papr_vmm" -m 1G "$@"
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
}

# be32 NUMBER...: as hexadecimal digits.
be32()
{
	printf '%08x' "$@"
}

# text WORD: the same, with its NUL.
text()
{
	printf '%s\0' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# put ADDRESS DIGITS: the qtest command that writes them.
put()
{
	echo "write $1 $((${#2} / 2)) 0x$2"
}

# results FIRST LAST: print the results in the answers of these lines.
results()
{
	sed -n "$1,$2p" <<<"$output"
}

@test "S1 ibm,client-architecture-support: a guest negotiates, and its tree has the result" {
	local vec5='od -An -v -tx1 -w99 /proc/device-tree/chosen/ibm,architecture-vec-5'

	sim -M pseries run -- sh -c "$vec5"
	assert_output ' 19 00 20 00 00 a0 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80 40 40 00 40'
	# Only features that the host also has are active; a reply with changes only is
	# enough.
	sim -M pseries,modern-hotplug-events=off,x-cas-reply=diff run -- sh -c \
		"$vec5; test -e /proc/device-tree/event-sources/hot-plug-events || echo no source"
	assert_output ' 19 00 20 00 00 a0 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80 40 40 00 40
no source'
}

# of SERVICE NARGS NRET ARGUMENT...: one call of the client interface, from 0x1000.
of()
{
	local name=$1 nargs=$2 nret=$3

	shift 3
	put 0x2000 "$(text "$name")"
	put 0x1000 "$(be32 0x2000 "$nargs" "$nret" "$@")"
	echo "hcall 0xf005 0x1000"
	echo "readl $((0x1000 + 12 + 4 * nargs))"
}

@test "S2 virtual Open Firmware: a client finds a node, reads and sets, claims memory" {
	local lines chosen

	start -M pseries,x-vof=on -m 1G
	mapfile -t lines < <(
		put 0x3000 "$(text /chosen)"
		of finddevice 1 1 0x3000
	)
	run qtest "${lines[@]}"
	assert_line --index 3 --regexp '^OK 0x0000000000000000 '
	chosen=$(sed -n 's/^OK //p' <<<"${lines[4]}")
	[ $((chosen)) -ne 0 ] && [ $((chosen)) -ne $((0xffffffff)) ]

	mapfile -t lines < <(
		put 0x3000 "$(text bootargs)"
		put 0x4000 "$(text quiet)"
		of setprop 4 1 "$chosen" 0x3000 0x4000 6
		of getprop 4 1 "$chosen" 0x3000 0x5000 64
		echo "read 0x5000 6"
		of claim 3 1 0x2000000 0x10000 0
		of claim 3 1 0x2008000 0x10000 0
	)
	run qtest "${lines[@]}"
	[ "$(results 6 6)" = 'OK 0x0000000000000006' ]
	[ "$(results 11 11)" = "OK 0x$(text quiet)" ]
	[ "$(results 15 15)" = 'OK 0x0000000002000000' ]
	[ "$(results 19 19)" = 'OK 0x00000000ffffffff' ]
}

@test "S3 ePAPR: reset and shutdown by hypercall, where the tree announces them" {
	sim -M pseries,x-epapr=on run -- sh -c 'cd /proc/device-tree/hypervisor && ls kvm,*'
	assert_output $'kvm,has-reset\nkvm,has-shutdown'
	start -M pseries,x-epapr=on -m 1G
	run during qtest 'epapr 0x2a0020'
	assert_output --partial '"event": "RESET"'
	qtest 'epapr 0x2a0021' >answer || :
	ended
}

# A tree with only an interrupt controller and its phandle.
small_tree()
{
	be32 0xd00dfeed 0x80 0x38 0x78 0x28 17 16 0 8 0x40 0 0 0 0 1 0 1
	printf '%s000000' "$(text interrupt-controller)"
	be32 3 4 0 "$1" 2 2 9
	text phandle
}

@test "S4 KVMPPC_H_UPDATE_DT: a host bridge's interrupts go to the controller in that tree" {
	local map lines=()

	map=$(text interrupt-map)
	start -M pseries -m 1G
	run qtest "$(put 0x8000 "$(small_tree 0x77)")" 'hcall 0xf003 0x8000'
	assert_line --index 1 --regexp '^OK 0x0000000000000000 '

	qmp_run device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	mapfile -t lines < <(
		put 0x1000 "$(be32 9003 0x20000001 1)"
		echo 'rtas set-indicator 3 0x1000 1 0x1100'
		put 0x1000 "$(be32 9001 0x20000001 1)"
		echo 'rtas set-indicator 3 0x1000 1 0x1100'
		put 0x1000 "$(be32 0x20000 0)"
		put 0x20000 "$(be32 0x20000001 0)"
		for _ in {1..40}; do
			echo 'rtas ibm,configure-connector 2 0x1000 1 0x1100'
			echo 'read 0x20014 0x22'
		done
	)
	run qtest "${lines[@]}"
	# {slot, 0, 0, pin, controller, ...}
	assert_output --regexp "0x${map}0{24}00000001$(be32 0x77)"
}
