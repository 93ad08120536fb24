#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# Cards below bridges: each step of a removal is refused, or drmgr is killed before it.
# The cards are configured again, at any depth. For the simulated guest: QEMU does not
# remove a bridge.

load ../../guest/verbs

# One card is below two bridges, another below a bridge in a logical slot.
setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -device spapr-pci-host-bridge,id=p1,index=1 \
			-device pci-bridge,id=b,chassis_nr=2,bus=p1.0,addr=4 \
			-device e1000,bus=b,addr=1 \
			-device pci-bridge,id=bb,chassis_nr=3,bus=b,addr=2 \
			-device e1000,bus=bb,addr=1 \
			-device spapr-pci-host-bridge,id=p2,index=2,x-slots=on \
			-device pci-bridge,id=s,chassis_nr=4,bus=p2.0,addr=2 \
			-device e1000,bus=s,addr=1
}

pci_state='find /proc/device-tree/pci@8* -type d | sort; ls /sys/bus/pci/devices /sys/class/pci_bus;
	grep -H . /sys/bus/pci/slots/C65568/adapter /sys/bus/pci/slots/C131088/adapter;
	readlink /sys/bus/pci/devices/*/driver'

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

# Inject each FAULT: drmgr ends with STATUS, and leaves no change.
refused() # STATUS OPTION..., rows of FAULT
{
	local before fault

	guest_sh "$pci_state"
	before=$output
	while read -r -u 4 fault; do
		host x-papr-fault "$fault"
		guest drmgr "${@:2}" --backend ofdt
		host x-papr-fault-clear
		assert_status "$1"
		refute_stderr --partial 'not undone'
		guest_sh "$pci_state"
		assert_equal "$output" "$before"
	done 4<&0
}

@test "a host bridge: a step below its bridges is refused" {
	refused 251 -c phb -r -s 'PHB 1' <<-'ROWS'
		{"call": "set-power-level", "status": -1}
		{"call": "set-power-level", "status": -1, "nth": 2}
		{"call": "set-power-level", "status": -1, "nth": 3}
		{"call": "set-indicator", "status": -1}
		{"call": "set-indicator", "status": -1, "nth": 2}
		{"call": "set-indicator", "status": -1, "nth": 4}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 3}
	ROWS
}

@test "a bridge: a step below it is refused" {
	refused 255 -c pci -r -s C65568 -n <<-'ROWS'
		{"call": "set-power-level", "status": -1}
		{"call": "set-power-level", "status": -1, "nth": 3}
		{"call": "set-indicator", "status": -1, "nth": 2}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 3}
	ROWS
}

@test "a bridge in a logical slot: a step below it is refused" {
	refused 255 -c pci -r -s C131088 -n <<-'ROWS'
		{"call": "set-power-level", "status": -1}
		{"call": "set-power-level", "status": -1, "nth": 2}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 2}
	ROWS
	refused 251 -c slot -r -s 'SLOT 514' <<-'ROWS'
		{"call": "set-power-level", "status": -1}
		{"call": "set-power-level", "status": -1, "nth": 2}
		{"call": "set-indicator", "status": -1}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 2}
	ROWS
}

@test "a bridge in a logical slot: a step of its addition is refused" {
	guest -0 drmgr -c slot -r -s 'SLOT 514'
	refused 1 -c slot -a -s 'SLOT 514' <<-'ROWS'
		{"call": "set-power-level", "status": -1}
		{"call": "set-power-level", "status": -1, "nth": 2}
	ROWS
	refused 255 -c slot -a -s 'SLOT 514' <<-'ROWS'
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 2}
		{"call": "write:/sys/bus/pci/slots/control/add_slot", "errno": "EIO"}
	ROWS
	guest -0 drmgr -c slot -a -s 'SLOT 514'
	guest ls /sys/bus/pci/devices
	assert_stdout --partial 0002:12:01.0
}

# Kill a removal of the host bridge before this step.
killed() # STEP
{
	guest_sh "$pci_state"
	before=$output
	guest -137 /usr/lib/guest/killat "$1" drmgr -c phb -r -s 'PHB 1'
}

@test "a killed removal, and the slot is powered on before --recover: its bridge has its cards" {
	local step

	for step in 6 12; do
		killed $step
		guest_sh -1 'echo 1 >/sys/bus/pci/slots/C65568/power; test -e /sys/bus/pci/devices/0001:02:01.0'
		guest -0 drmgr --recover
		guest_sh "$pci_state"
		assert_equal "$output" "$before"
	done
}

@test "a killed removal, and Linux does not find the cards: --recover is incomplete" {
	killed 6
	host x-papr-fault '{"call": "ibm,read-pci-config", "status": -1, "count": 0}'
	guest -65 drmgr --recover
	assert_stderr --partial '/pci@800000020000001'
	host x-papr-fault-clear
	guest -0 drmgr --recover
	guest_sh "$pci_state"
	assert_equal "$output" "$before"
}

# In the guest: kill COMMAND before its first, second... step until it ends. After each
# kill there is no change, or COMMAND is complete and INVERSE works.
kill_everywhere() # COMMAND INVERSE
{
	guest_sh -0 "state() { $pci_state; }"'
		say() { echo "step $n: $*"; cat /tmp/said; state; exit 1; }
		before=$(state) n=0
		while n=$((n + 1)); /usr/lib/guest/killat $n '"$1"' >/tmp/said 2>&1; s=$?; [ $s = 137 ]; do
			drmgr --recover >/tmp/said 2>&1 || say recovery failed
			! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || say a journal is left
			[ "$(state)" = "$before" ] && continue
			'"$2"' >/tmp/said 2>&1 || say neither undone nor complete
			[ "$(state)" = "$before" ] || say not as before
		done
		[ $s = 0 ] || say failed with $s
		'"$2"' && echo "steps: $n"'
	[[ $output =~ steps:\ ([0-9]+) ]]
	((BASH_REMATCH[1] > 10))
}

@test "a bridge with a bridge: killed before each step, and --recover restores the state" {
	kill_everywhere 'drmgr -c pci -r -s C65568 -n' 'drmgr -c pci -a -s C65568 -n'
}

@test "a bridge in a logical slot: killed before each step, and --recover restores the state" {
	kill_everywhere 'drmgr -c pci -r -s C131088 -n' 'drmgr -c pci -a -s C131088 -n'
}

@test "a logical slot with a bridge: killed before each step, and --recover restores the state" {
	kill_everywhere "drmgr -c slot -r -s 'SLOT 514'" "drmgr -c slot -a -s 'SLOT 514'"
	guest -0 drmgr -c slot -r -s 'SLOT 514'
	kill_everywhere "drmgr -c slot -a -s 'SLOT 514'" "drmgr -c slot -r -s 'SLOT 514'"
	guest -0 drmgr -c slot -a -s 'SLOT 514'
}

@test "a host bridge with bridges: killed before each step, and --recover restores the state" {
	# A host bridge that is added again has another domain, and its old slots are stale.
	local pci_state='find /proc/device-tree/pci@8* -type d | sort;
		ls /sys/bus/pci/devices | cut -d: -f2- | sort; ls /sys/class/pci_bus | cut -d: -f2- | sort;
		readlink /sys/bus/pci/devices/*/driver | sort'

	kill_everywhere "drmgr -c phb -r -s 'PHB 1'" "drmgr -c phb -a -s 'PHB 1'"
}

# Three bridges, each below the one before, and a card below the last one.
plug_three()
{
	host device_add '{"driver": "pci-bridge", "id": "n1", "bus": "pci.0", "addr": "6", "chassis_nr": 11}'
	host device_add '{"driver": "pci-bridge", "id": "n2", "bus": "n1", "addr": "2", "chassis_nr": 12}'
	host device_add '{"driver": "pci-bridge", "id": "n3", "bus": "n2", "addr": "3", "chassis_nr": 13}'
	host device_add '{"driver": "e1000", "id": "n4", "bus": "n3", "addr": "1", "romfile": ""}'
}

three=/pci@800000020000000/pci@6/pci@2/pci@3

@test "bridges below a bridge are plugged: a step of the addition is refused" {
	plug_three
	refused 255 -c pci -a -s C48 -n <<-'ROWS'
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 8}
		{"call": "set-power-level", "status": -1, "nth": 7}
	ROWS
}

@test "bridges below a bridge are plugged: all cards are configured" {
	guest -0 drmgr -c pci -a -s C48 -n
	assert_node $three/ethernet@1
	guest_sh 'cd /sys/bus/pci/devices; echo 0000:*'
	assert_stdout '0000:00:06.0 0000:01:02.0 0000:02:03.0 0000:03:01.0'
}

@test "a bridge with a bridge is added again: each connector is walked to its end [io-54-again]" {
	guest -0 drmgr -c pci -r -s C65568 -n
	guest -0 drmgr -c pci -a -s C65568 -n --trace
	# of the card below two bridges
	assert_stderr --partial 'set-indicator(9001, 0x40010308, 1) = 0'
}

@test "a bridge is plugged below a bridge in use, then a card below it [io-54-later]" {
	host device_add '{"driver": "pci-bridge", "id": "l1", "bus": "pci.0", "addr": "7", "chassis_nr": 21}'
	guest -0 drmgr -c pci -a -s C56 -n
	host device_add '{"driver": "pci-bridge", "id": "l2", "bus": "l1", "addr": "2", "chassis_nr": 22}'
	guest -0 drmgr -c pci -a
	host device_add '{"driver": "e1000", "id": "l3", "bus": "l2", "addr": "1", "romfile": ""}'
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'configured 0000:05:01.0 e1000'
}
