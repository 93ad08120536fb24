#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim drmgr lsslot papr-vmm
# shellcheck disable=SC2016 # the guest's shell
# papr-vmm run --plug, --unplug, --fault: what the host does while a command runs.

bats_require_minimum_version 1.5.0
load ../lib/sim

setup()
{
	sim_setup
	machine+=(-smp "1,maxcpus=2" -m "1G,slots=2,maxmem=2G" -object "memory-backend-ram,id=m,size=256M")
	drmgr=$(realpath "${top_builddir:-build}/drmgr/drmgr")
	lsslot=$(realpath "${top_builddir:-build}/drmgr/lsslot")
	export drmgr lsslot
}

@test "a card is plugged at the start of the command, and the host requests it back" {
	run_options=(--plug virtio-net-pci,id=n0,addr=3 --unplug n0@2)
	sim '
		"$drmgr" -c pci -a
		"$lsslot" -c pci -o
		# One event for each action of the host
		dd if=$E bs=4096 count=1 2>/dev/null | wc -l >/dev/null
		dd if=$E bs=4096 count=1 2>/dev/null | wc -l >/dev/null
		"$drmgr" -c pci -r -s C24 -n
		[ ! -e $P/0000:00:03.0 ] || echo still there'
	assert_success
	answers 'C24 (0x40000018): configured 0000:00:03.0 virtio-pci eth0' \
		'# Slot  Description                     Device(s)' \
		'C24     PCI-E capable, Rev 2, 8x lanes  0000:00:03.0'
	assert_equal "$stderr" ''
}

@test "steps are executed in the order of their times, each once" {
	# The guest does not release n0, so its place is occupied when n1 is plugged.
	machine+=(-device e1000,id=n0,addr=1)
	run_options=(--plug '{"driver": "e1000", "id": "n2", "addr": "2"}@0.4'
		--plug e1000,id=n1,addr=1@0.3 --unplug n0@0.2)
	sim '
		present() { "$drmgr" -c pci -a -s C16 -n >/dev/null 2>&1; }
		wait_until present
		"$lsslot" -c pci -o | cut -d" " -f1'
	assert_success
	answers '#' C8 C16
	assert_equal "$stderr" 'papr-vmm: --plug e1000,id=n1,addr=1@0.3: PCI: slot 1 already occupied by e1000'
}

@test "a plan is executed once, even if the machine is reset" {
	run_options=(--plug e1000,id=n0,addr=1)
	sim '
		if ! [ -e $T/pci@*/ethernet@1 ]; then
			"$RAW" restart
			exit 9
		fi
		"$lsslot" -c pci -o | tail -n 1'
	assert_success
	assert_line --regexp '^C8 '
	assert_equal "$stderr" ''
}

@test "memory and cores are plugged and unplugged" {
	run_options=(--plug power9_v2.2-spapr-cpu-core,core-id=1,id=c1 --plug pc-dimm,memdev=m,id=d1
		--unplug d1@0.2 --plug pc-dimm,memdev=m,id=d1@2)
	sim '
		blocks() { set -- /sys/devices/system/memory/memory*; echo $#; }
		full() { [ "$(blocks)" = 5 ]; }
		less() { [ "$(blocks)" = 4 ]; }
		[ -d /sys/devices/system/cpu/cpu1 ]
		wait_until full
		wait_until less
		wait_until full'
	assert_success
	assert_equal "$stderr" ''
}

@test "a fault changes the answer of one call" {
	run_options=(--fault set-indicator:2=-1 --plug e1000,id=n0,addr=1)
	sim '"$drmgr" -c pci -a; echo $?; "$drmgr" -c pci -a; echo $?'
	assert_success
	refute_line --index 0 0
	assert_equal "${lines[-1]}" 0
	assert_line --regexp '^C8 .*configured'
}

@test "what remains when the command ends is reported, and does not change the status" {
	run_options=(--plug e1000@1000 --unplug n0@2000 --plug e1000,id=n0)
	sim 'exit 7'
	assert_equal "$status" 7
	assert_equal "$stderr" 'papr-vmm: --plug e1000@1000, and 1 more: not executed, because the command ended'
	run_options=(--plug e1000@1000)
	sim 'kill -9 $$'
	assert_equal "$status" 137
	assert_equal "$stderr" 'papr-vmm: --plug e1000@1000: not executed, because the command ended'
}

@test "--strict: a fault that no call reaches and a step that fails are errors" {
	run_options=(--strict --fault set-indicator:2=-1 --plug e1000,id=n0,addr=1)
	sim '"$drmgr" -c pci -a >/dev/null 2>&1; "$drmgr" -c pci -a'
	assert_success
	assert_equal "$stderr" ''
	run_options=(--strict --fault set-indicator:99=-1 --fault get-time-of-day:1=-1)
	sim true
	assert_equal "$status" 122
	assert_equal "$stderr" 'papr-vmm: --fault set-indicator:99=-1: no call has reached it
papr-vmm: --fault get-time-of-day:1=-1: no call has reached it'
	sim 'exit 7'
	assert_equal "$status" 7
	run_options=(--strict --plug e1000@1000)
	sim true
	assert_equal "$status" 122
	# The guest does not release n0, so its place is occupied.
	machine+=(-device e1000,id=n0,addr=1)
	run_options=(--strict --unplug n0 --plug e1000,id=n1,addr=1)
	sim true
	assert_equal "$status" 122
	assert_equal "$stderr" 'papr-vmm: --plug e1000,id=n1,addr=1: PCI: slot 1 already occupied by e1000'
}

# Row: message, options.
@test "a wrong plan is refused in one line before the guest starts" {
	local message options

	while IFS='|' read -r message options; do
		eval "run --separate-stderr timeout 60 '$GUEST_VMM' ${machine[*]} run $options -- echo started"
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_output ''
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		--plug : Parameter 'driver' is missing|--plug ''
		--plug @3: Parameter 'driver' is missing|--plug @3
		--plug id=x: Parameter 'driver' is missing|--plug=id=x
		--plug nope: 'nope' is not a valid device model name|--plug nope
		--plug e1000,foo=1: Property 'e1000.foo' not found|--plug e1000,foo=1
		--plug e1000,=1: a parameter has no name|--plug e1000,=1
		--plug {: JSON parse error|--plug '{'
		--plug e1000,addr=99@2: Property 'e1000.addr' doesn't take value '99'|--plug e1000,addr=99@2
		--plug e1000@x: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@x
		--plug e1000@: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@
		--plug e1000@-1: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@-1
		--plug e1000@1e3: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@1e3
		--plug e1000@0,5: 'e1000@0' is not a valid device model name|--plug e1000@0,5
		--plug e1000@1000001: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@1000001
		--plug e1000@18446744073709551617: after '@', give seconds from 0 to 1000000, such as 2 or 0.5|--plug e1000@18446744073709551617
		--plug e1000,id=a: Duplicate device ID 'a'|--plug e1000,id=a --plug e1000,id=a
		--plug pc-dimm,memdev=x: Device 'x' not found|--plug pc-dimm,memdev=x
		--unplug : the id is missing|--unplug ''
		--unplug a: Device 'a' not found|--unplug a
		--unplug a@1: Device 'a' not found|--unplug a@1 --plug e1000,id=a@2
		--unplug a: Device 'a' not found|--plug e1000,id=a --unplug a --unplug a
		--fault x: use CALL:N=STATUS, such as set-indicator:3=-1|--fault x
		--fault set-indicator=-1: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator=-1
		--fault set-indicator:0=-1: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator:0=-1
		--fault set-indicator:-1=-1: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator:-1=-1
		--fault set-indicator:1=: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator:1=
		--fault set-indicator:1=x: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator:1=x
		--fault set-indicator:1=4294967296: use CALL:N=STATUS, such as set-indicator:3=-1|--fault set-indicator:1=4294967296
		--fault nope:1=-1: this call does not exist|--fault nope:1=-1
		--fault hcall:x:1=-1: this call does not exist|--fault hcall:x:1=-1
	ROWS
	run --separate-stderr timeout 60 "$GUEST_VMM" run --plug
	assert_failure 125
	assert_equal "$stderr" 'papr-vmm: run: --plug: the option needs a value'
	run --separate-stderr timeout 60 "$GUEST_VMM" run --lparcfg=yes -- true
	assert_failure 125
	assert_equal "$stderr" 'papr-vmm: run: --lparcfg=yes: the option has no value'
}

@test "ten thousand cards are refused at the first one that has no place" {
	local -a many=()

	while ((${#many[@]} < 20000)); do
		many+=(--plug e1000)
	done
	run --separate-stderr timeout 60 "$GUEST_VMM" run "${many[@]}" -- echo started
	assert_equal "$status" 125
	assert_output ''
	assert_equal "$stderr" 'papr-vmm: --plug e1000: PCI: no slot/function available for e1000, all in use or reserved'
}

@test "ten thousand faults and late steps are accepted" {
	local -a many=(--plug e1000,id=a)
	local i

	for ((i = 0; i < 2500; i++)); do
		many+=(--fault "ibm,get-system-parameter:$((i + 9))=-1" --unplug "a@$((i + 500)).5" --plug "e1000,id=a@$((i + 501))")
	done
	run --separate-stderr timeout 120 "$GUEST_VMM" run "${many[@]}" -- echo started
	assert_success
	assert_output started
	assert_equal "$stderr" 'papr-vmm: --unplug a@500.5, and 4999 more: not executed, because the command ended'
}

@test "run --help and attach --help work without a command, and take precedence" {
	run --separate-stderr "$GUEST_VMM" run --help
	assert_success
	assert_equal "$stderr" ''
	assert_line --index 0 'Usage: papr-vmm [machine option]... run [option]... [--] command [argument]...'
	assert_line '  --plug SPEC[@SECONDS]'
	run --separate-stderr "$GUEST_VMM" run --frob --plug x -h
	assert_success
	assert_line '  --plug SPEC[@SECONDS]'
	# The value of an option, and words of the command, are not ours.
	run "$GUEST_VMM" run --lockdown --help -- true
	assert_failure 125
	run "$GUEST_VMM" "${machine[@]}" run -- printf %s --help
	assert_output -- --help
	run --separate-stderr "$GUEST_VMM" attach --help
	assert_success
	assert_line --index 0 'Usage: papr-vmm attach pid [--] command [argument]...'
}
