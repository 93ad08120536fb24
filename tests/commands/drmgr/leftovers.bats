#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr drmon
# What an undo leaves blocks its own connectors and those above and below them. All other
# requests continue.
# shellcheck disable=SC2016 # the guest's shell

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	cause='{"call": "set-indicator", "count": 0, "status": -1}'
	[[ $BATS_TEST_DESCRIPTION != PowerVM:* ]] || return 0
	guest_boot -smp 2,maxcpus=4,cores=4,threads=1 \
		-device virtio-net-pci,id=m0,addr=2 -device virtio-net-pci,id=m1,addr=3 \
		-device spapr-pci-host-bridge,id=phb1,index=1 \
		-device virtio-net-pci,id=p1,bus=phb1.0,addr=1 \
		-device pci-bridge,id=b1,bus=phb1.0,addr=3,chassis_nr=1 \
		-device virtio-net-pci,id=p3,bus=b1,addr=1 \
		-device spapr-pci-host-bridge,id=phb2,index=2
	guest_needed
	guest_sh 'cd /sys/bus/pci/devices; for d in *; do
		echo "$d $(readlink -f $d/of_node | sed "s|.*/base||")"; done'
	card=$(sed -n 's|\(.*\) /pci@800000020000000/ethernet@2$|\1|p' <<<"$output")
	remove=/sys/bus/pci/devices/$card/remove
}

teardown()
{
	assert_no_oops
	guest_down
}

# All that the undo could have left, of Linux and of firmware.
state()
{
	local drc

	guest_sh 'ls /sys/bus/pci/devices /sys/class/net; find /proc/device-tree | sort | cksum; grep -H . /sys/bus/pci/slots/C*/adapter'
	echo "$output"
	for drc in 0x40000010 0x40000018 0x20000001 0x40010008 0x40010018 0x40010108 0x10000001; do
		host x-papr-drc "{\"index\": \"$drc\"}"
	done
}

# Firmware refuses the removal of this card, and then its undo.
stick() # TYPE NAME
{
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "count": 0, "status": -1}'
	guest -65 drmgr -c "$1" -r -s "$2" -n
	host x-papr-fault-clear
}

# While the cause lasts, the command is refused, with the code, the command that helps and no
# change.
blocked() # CONNECTOR ARGUMENT...
{
	local before

	before=$(state)
	[[ -z $cause ]] || host x-papr-fault "$cause"
	guest drmgr "${@:2}" --json
	[[ -z $cause ]] || host x-papr-fault-clear
	assert_status 65
	assert_stderr --partial "$1"
	assert_stderr --partial 'run drmgr --recover'
	assert_equal "$(jq -c '[.error.code, .undo, .resources]' <<<"$output")" \
		'["undo-incomplete","incomplete",[]]'
	assert_equal "$(state)" "$before"
}

# The command succeeds, and warns about the connector.
goes_on() # CONNECTOR ARGUMENT...
{
	guest -0 drmgr "${@:2}"
	assert_equal "$(grep -c "$1.*: ${state:-incomplete} since" <<<"$stderr")" 1
}

# Requests for all others.
all_others() # CONNECTOR
{
	goes_on "$1" -c cpu -r -s 'CPU 1'
	goes_on "$1" -c cpu -a -q 1
	goes_on "$1" -c pci -i -s C24 -n
	goes_on "$1" -c pci -a
	goes_on "$1" -c cpu -r -q 1
	goes_on "$1" -c cpu -a -q 1
	goes_on "$1" -c cpu -r -s 0x10000001 --dry-run
}

other_cards() # CONNECTOR
{
	goes_on "$1" -c pci -i -s C65544 -n
	goes_on "$1" -c pci -r -s C65544 -n
	goes_on "$1" -c pci -a -s C65544 -n
	goes_on "$1" -c pci -r -s 0x40010108 -n
	goes_on "$1" -c pci -a -s 0x40010108 -n
	goes_on "$1" -c pci -r -s C65560 -n
	goes_on "$1" -c pci -a -s C65560 -n
	goes_on "$1" -c pci -r -s C24 -n
	goes_on "$1" -c pci -a
	goes_on "$1" -c phb -r -s 'PHB 1'
	goes_on "$1" -c phb -a -q 1
	goes_on "$1" -c phb -r -s 'PHB 2'
	goes_on "$1" -c phb -a -s 'PHB 2'
}

@test "an undo that firmware refuses: everything else continues, --recover brings it back" {
	local before

	before=$(host x-papr-drc '{"index": "0x40000010"}')
	stick pci C16
	guest_sh 'cd /run/drmgr; ls -d [dl]*'
	assert_stdout left-1
	all_others 'C16 (0x40000010)'
	other_cards 'C16 (0x40000010)'
	blocked 'C16 (0x40000010)' -c pci -r -s C16 -n
	blocked 'C16 (0x40000010)' -c pci -a -s 0x40000010 -n
	blocked 'C16 (0x40000010)' -c pci -i -s C16 -n
	blocked 'C16 (0x40000010)' -c phb -r -s 'PHB 0'
	guest -0 drmgr --recover
	assert_stderr_line 'As before: C16 (0x40000010)'
	guest drmgr -c pci -r -s C24 -n
	guest drmgr -c pci -a -s C24 -n
	assert_stderr ''
	guest -1 test -e /run/drmgr/left-1
	assert_equal "$(host x-papr-drc '{"index": "0x40000010"}')" "$before"
}

@test "two are stuck: each blocks its own, and is discarded by name" {
	stick pci C16
	stick pci C24
	guest_sh 'cd /run/drmgr; ls -d [dl]*'
	assert_stdout $'left-1\nleft-2'
	blocked 'C16 (0x40000010)' -c pci -r -s C16 -n
	blocked 'C24 (0x40000018)' -c pci -r -s C24 -n
	goes_on 'C16 (0x40000010)' -c cpu -r -s 'CPU 1'
	guest drmgr -c cpu -a -s 'CPU 1' --json
	assert_equal "$(jq -c '[.leftovers[].connectors[].name], .recovery_needed.connectors[0].name' <<<"$output")" \
		$'["C16","C24"]\n"C16"'
	guest drmon --once --json
	assert_equal "$(jq -c '[.leftovers[].connectors[].name], .operation.state, .operation.command, (.operation.steps | length > 0)' <<<"$output")" \
		$'["C16","C24"]\n"incomplete"\n"drmgr -c pci -r -s C16 -n"\ntrue'

	guest -255 drmgr --recover --discard C99
	assert_stderr_line 'No leftover of an earlier run has the connector C99.'
	guest -0 drmgr --recover --discard 0x40000010
	guest_sh 'cd /run/drmgr; ls -d [dl]*'
	assert_stdout $'discarded-1\nleft-2'
	blocked 'C24 (0x40000018)' -c pci -r -s C24 -n
	guest -0 drmgr --recover
	assert_stderr_line 'As before: C24 (0x40000018)'
}

@test "a card below a host bridge is stuck: the host bridge is blocked, others are not" {
	stick pci C65544
	blocked 'C65544 (0x40010008)' -c phb -r -s 'PHB 1'
	blocked 'C65544 (0x40010008)' -c pci -r -s C65544 -n
	goes_on 'C65544 (0x40010008)' -c pci -r -s C65560 -n
	goes_on 'C65544 (0x40010008)' -c pci -a -s C65560 -n
	goes_on 'C65544 (0x40010008)' -c phb -r -s 'PHB 2'
	guest -0 drmgr --recover
}

@test "a host bridge is stuck: the cards below it are blocked" {
	host x-papr-fault '{"call": "write:/proc/ppc64/ofdt", "nth": 2, "count": 0, "errno": "EPERM"}'
	guest -65 drmgr -c phb -r -s 'PHB 1' --backend ofdt
	host x-papr-fault-clear
	cause='{"call": "write:/proc/ppc64/ofdt", "count": 0, "errno": "EPERM"}'
	blocked 'PHB 1 (0x20000001)' -c phb -r -s 'PHB 1'
	blocked 0x4001 -c pci -a -s C65544 -n
	goes_on 0x4001 -c pci -r -s C24 -n
	guest -0 drmgr --recover
	guest -0 drmgr -c phb -r -s 'PHB 1'
	assert_stderr ''
}

@test "a core is stuck: -q takes another one" {
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "count": 0, "status": -1}'
	guest -65 drmgr -c cpu -r -s 'CPU 1'
	host x-papr-fault-clear
	blocked 'CPU 1 (0x10000001)' -c cpu -a -s 'CPU 1'
	goes_on 'CPU 1' -c pci -r -s C24 -n
	guest -0 drmgr --recover
}

@test "a write is held in the kernel: requests that need its lock wait before their own write" {
	local before cause=

	host x-papr-fault "{\"call\": \"write:$remove\", \"hold\": true}"
	guest -65 drmgr -c pci -r -s C16 -n -w 2s
	before=$(state)
	state='waiting for the kernel'
	goes_on C16 -c cpu -r -s 'CPU 1'
	goes_on C16 -c cpu -a -s 'CPU 1'
	goes_on C16 -c pci -i -s C24 -n
	blocked C16 -c pci -r -s C16 -n
	guest -255 drmgr -c pci -r -s C24 -n --json
	assert_stderr --regexp "PID [0-9]+ of an earlier run \(PID [0-9]+: drmgr -c pci -r -s C16 -n -w 2s\) is still writing to $remove, .*nothing is changed"
	assert_equal "$(jq -r '.error.code, .undo' <<<"$output")" $'timed-out\nnone'
	guest -255 drmgr -c phb -r -s 'PHB 1'
	assert_equal "$(state)" "$before"

	# With a limit it waits, and makes its change when the write has ended.
	guest_sh '(drmgr -c pci -r -s C24 -n -w 60s >/tmp/said 2>&1; echo "= $?" >>/tmp/said) >/dev/null 2>&1 &'
	guest_until 'grep -q "waiting for PID" /tmp/said'
	guest_sh 'ls /sys/bus/pci/slots/C24'
	host x-papr-fault-clear
	guest_until 'grep -q "^=" /tmp/said'
	guest tail -n 1 /tmp/said
	assert_stdout '= 0'
	guest -0 drmgr --recover
	guest -0 drmgr -c pci -a
	assert_stderr ''
}

@test "the cause is gone: the next request for the connector undoes the leftover first" {
	stick pci C16
	guest -0 drmgr -c pci -r -s C16 -n
	assert_stderr_line 'As before: C16 (0x40000010)'
	guest -0 drmgr -c pci -a -s C16 -n
	assert_stderr ''
}

@test "PowerVM: an LMB is stuck, -q takes others; a share is stuck, only that one is blocked" {
	matrix_boot lpar
	guest_needed
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "count": 0, "status": -1}'
	guest -65 drmgr -c mem -r -s 0x80000007
	host x-papr-fault-clear
	host x-papr-fault "$cause"
	guest -65 drmgr -c mem -r -s 0x80000007
	assert_stderr --partial 0x80000007
	host x-papr-fault-clear
	guest -0 drmgr -c mem -r -q 2 --json
	assert_equal "$(jq -c '[.resources[].index]' <<<"$output")" '["0x80000006","0x80000005"]'
	guest -0 drmgr -c mem -a -q 2
	guest -0 drmgr --recover

	host x-papr-fault '{"call": "write:/proc/ppc64/lparcfg", "hold": true}'
	guest -65 drmgr -c cpu -r -p ent_capacity -q 10 -w 1s
	guest -65 drmgr -c cpu -a -p ent_capacity -q 10
	assert_stderr --partial 'has ended its write to /proc/ppc64/lparcfg, run drmgr --recover'
	guest -0 drmgr -c cpu -r -p variable_weight -q 1 --dry-run
	guest -0 drmgr -c mem -r -s 0x80000005
	host x-papr-fault-clear
	guest_until '! drmgr --recover 2>&1 | grep -q "has ended its write"'
	guest -0 drmgr -c cpu -r -p ent_capacity -q 10
	assert_stderr ''
}

# After each kill the next run, of another kind, undoes what the killed one left, and only that.
@test "others are killed before each step: the leftover stays as it is" {
	stick pci C16
	guest_sh -0 'say() { echo "step $n of $1: $2"; cat /tmp/said; exit 1; }
		state() { ls /sys/bus/pci/devices; cat /sys/bus/pci/slots/C24/adapter /sys/devices/system/cpu/online; find /proc/device-tree | sort | cksum; }
		each() { state >/tmp/before; n=0
			while n=$((n + 1)); /usr/lib/guest/killat $n drmgr $1 >/tmp/said 2>&1; [ $? = 137 ]; do
				drmgr -c pci -i -s C24 -n >/tmp/said 2>&1 || say "$1" "the next run fails"
				[ "$(grep -c "^An earlier run .* of its steps undone" /tmp/said)" -le 1 ] || say "$1" "undone twice"
				cmp -s /tmp/left /run/drmgr/left-1 && [ ! -e /run/drmgr/journal ] && [ ! -e /run/drmgr/left-2 ] ||
					say "$1" "not the leftover"
				state | cmp -s /tmp/before - || drmgr $2 >/tmp/said 2>&1 || say "$1" "neither undone nor complete"
				state | cmp -s /tmp/before - || say "$1" "not as before"
			done
			drmgr $2 >/dev/null 2>&1 || say "$2" "it fails"
			echo "$n steps"; }
		cp /run/drmgr/left-1 /tmp/left
		drmgr -c cpu -r -s 0x10000001 >/dev/null 2>&1; drmgr -c cpu -a -s 0x10000001 >/dev/null 2>&1
		each "-c pci -r -s C24 -n" "-c pci -a -s C24 -n"
		each "-c cpu -r -s 0x10000001" "-c cpu -a -s 0x10000001"'
	assert_stdout --regexp $'^[0-9]+ steps\n[0-9]+ steps$'
	guest -0 drmgr --recover
	assert_stderr_line 'As before: C16 (0x40000010)'
	guest -0 drmgr -c pci -r -s C16 -n
	assert_stderr ''
}

# A journal as older versions wrote it, without a kind.
@test "a journal of an older version is undone once" {
	guest_sh 'mkdir -p -m 700 /run/drmgr; printf "drmgr-journal 1 %s 7 drmgr -c pci -r -s C16\nbegin 1 led-on 0x40000010 C16 28 0xffffffff /pci@800000020000000\nbegin 2 unheard-of\n" \
		"$(cat /proc/sys/kernel/random/boot_id)" >/run/drmgr/journal; chmod 600 /run/drmgr/journal
		drmgr -c cpu -r -s "CPU 1" >/dev/null; echo $?; ls -d /run/drmgr/left*; drmgr -c cpu -a -s "CPU 1" >/dev/null; echo $?'
	assert_stdout $'0\n/run/drmgr/left-1\n0'
	assert_stderr --partial 'step unheard-of of PID 7 (drmgr -c pci -r -s C16): by another version of papr-toolkit: let that one run drmgr --recover, or undo its steps by hand, and run drmgr --recover --discard left-1'
	blocked 'C16' -c pci -r -s C16 -n
	guest -0 drmgr --recover --discard
	guest -0 drmgr -c pci -r -s C16 -n
	assert_stderr ''
}

@test "a leftover of an earlier boot blocks nothing, and is in no report" {
	guest_sh 'mkdir -p -m 700 /run/drmgr; printf "drmgr-journal 1 another-boot 7 drmgr -c pci -r -s C16\nbegin 1 led-on 0x40000010 C16 28 0xffffffff /pci@800000020000000\n" \
		>/run/drmgr/left-1; chmod 600 /run/drmgr/left-1'
	guest -0 drmgr -c pci -r -s C16 -n --json
	assert_stderr ''
	assert_equal "$(jq -c '[.leftovers, .recovery_needed]' <<<"$output")" '[[],null]'
	stick pci C24
	guest drmon --once --json
	assert_equal "$(jq -c '[.leftovers[].connectors[].name]' <<<"$output")" '["C24"]'
	guest -0 drmgr --recover --discard
	guest drmgr --recover
	assert_stdout 'Nothing to recover.'
	guest_sh 'ls /run/drmgr'
	refute_output --partial left
}

@test "a card that is stuck is named by its location code, although its node is detached" {
	local code

	guest_sh 'tr -d "\\0" </proc/device-tree/pci@800000020000000/ethernet@2/ibm,loc-code'
	code=$output
	[[ -n $code ]]
	cause='{"call": "write:/proc/ppc64/ofdt", "count": 0, "errno": "EPERM"}'
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "status": -1}'
	host x-papr-fault "${cause/,/, \"nth\": 2,}"
	guest -65 drmgr -c pci -r -s C16 -n --backend ofdt
	host x-papr-fault-clear
	guest -1 test -e /proc/device-tree/pci@800000020000000/ethernet@2
	# The saved nodes, and nothing of the buffer after them.
	guest_sh -0 'nodes=$(sed -n "s/^begin .* \(d00dfeed[0-9a-f]*\) #.*/\1/p" /run/drmgr/left-1)
		[ ${#nodes} -eq $((2 * 0x$(echo $nodes | cut -c 9-16))) ]'
	blocked 'C16 (0x40000010)' -c pci -r -s "$code" -n
	guest -255 drmgr --recover --discard "${code}x"
	assert_stderr_line "No leftover of an earlier run has the connector ${code}x."
	guest -0 drmgr --recover --discard "$code"
	assert_stdout --partial '/run/drmgr/left-1 was moved to /run/drmgr/discarded-1.'
	guest -1 test -e /run/drmgr/left-1
}

# Each kill of an addition, its journal put aside; another run removes what it finds, and
# configures the card; the journal is back. Only what no other run has changed is undone.
@test "a card that another run has configured since stays [io-recover-other]" {
	guest -0 drmgr -c pci -r -s C24 -n
	for backend in overlay ofdt; do
		guest_sh 'backend=$1; n=0; kept=0; say() { echo "kill $n, $backend: $1"; cat /tmp/said; exit 1; }
			card() { ls /proc/device-tree/pci@800000020000000/ethernet@3 /sys/bus/pci/devices/0000:00:03.0 >/dev/null 2>&1; }
			[ $backend != overlay ] || [ -e /proc/device-tree-overlay ] || modprobe papr_dt_overlay 2>/dev/null || exit 0
			while n=$((n + 1)); drmgr -c pci -r -s C24 -n >/dev/null 2>&1
				/usr/lib/guest/killat $n drmgr -c pci -a -s C24 -n --backend $backend >/tmp/said 2>&1; [ $? = 137 ]; do
				[ -e /run/drmgr/journal ] || continue
				mv /run/drmgr /run/away
				drmgr -c pci -r -s C24 -n >/dev/null 2>&1
				drmgr -c pci -a -s C24 -n >/tmp/said 2>&1 || say "another run fails"
				rm -rf /run/drmgr; mv /run/away /run/drmgr
				grep -q "^begin . \(add-node\|overlay\)" /run/drmgr/journal && attached=1 || attached=
				drmgr --recover >/tmp/said 2>&1 || say "status $?"
				card || say "the card is gone"
				[ ! "$attached" ] || grep -q "^C24 (0x40000018): another process has configured /pci@800000020000000/ethernet@3 since: it stays$" /tmp/said || say "no word"
				[ ! "$attached" ] || kept=$((kept + 1))
				ls /run/drmgr | grep -q . && say "something remains"
			done; echo "$n kills, $kept after an attachment"' "$backend"
		echo "$backend: $output"
		assert_status 0
	done
	[[ $output == *' '[1-9]*' after an attachment' ]]
}

# With few descriptors it is unknown what a good journal has: nothing is offered but to try again.
@test "a journal that cannot be read now is not damaged [io-recover-now]" {
	local n command seen=0

	stick pci C16
	for n in 6 7 8 9 10; do
		for command in 'drmgr --recover' 'drmgr --recover --discard' 'drmgr -c pci -i -s C16 -n' 'drmon --once'; do
			guest_sh "cp -a /run/drmgr /tmp/keep; (ulimit -n $n; $command); rc=\$?
				ls /run/drmgr >&2; rm -rf /run/drmgr; mv /tmp/keep /run/drmgr; exit \$rc"
			echo "$n, $command: $status, $stderr"
			refute_stderr --regexp 'examine|1970|by hand|not a journal'
			[[ $stderr != *'it cannot be read now: try again'* ]] || seen=$((seen + 1))
			[[ $stderr != *'it cannot be read now: try again'* || $command == drmon* || $status == 65 ]]
		done
	done
	[ $seen -gt 2 ]
	guest -0 drmgr --recover
	guest_sh 'ls /run/drmgr'
	assert_stdout ''
}

@test "one that cannot be read blocks every change, until it is discarded by its name" {
	stick pci C16
	guest_sh 'echo "no journal" >/run/drmgr/left-2; chmod 600 /run/drmgr/left-2'
	guest -65 drmgr -c cpu -r -s 'CPU 1'
	assert_stderr_line '/run/drmgr/left-2: not a journal: examine it and the machine, then run drmgr --recover --discard left-2'
	guest -65 drmgr -c pci -i -s C24 -n
	guest -0 drmgr --recover --discard left-2
	assert_stdout '/run/drmgr/left-2 was moved to /run/drmgr/discarded-1. Nothing was undone.'
	guest_sh 'ls /run/drmgr | grep left'
	assert_stdout left-1
	goes_on 'C16 (0x40000010)' -c cpu -r -s 'CPU 1'
	guest_sh 'echo "no journal" >/run/drmgr/left-2; chmod 600 /run/drmgr/left-2'
	guest -65 drmgr --recover
	assert_stderr_line '/run/drmgr/left-2: not a journal: examine it and the machine, then run drmgr --recover --discard left-2'
	assert_stderr_line 'As before: C16 (0x40000010)'
}
