#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# Logical slots of a partition: virtual adapters and PCI cards are added and removed.
# QEMU's machine has no logical slots.

load ../../guest/verbs
load ../../lib/calls

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -device spapr-vscsi,id=s0,slot=2 \
			-device spapr-pci-host-bridge,id=phb1,index=1,x-slots=on \
			-device virtio-net-pci,id=c2,bus=phb1.0,addr=2
}

bridge=/pci@800000020000001/pci@2

# The state of PCI slots in a guest: nodes, devices, buses, slots.
pci_state='find /proc/device-tree/pci@800000020000001 -type d; ls /sys/bus/pci/devices /sys/class/pci_bus;
	grep -H . /sys/bus/pci/slots/C6*/adapter'

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

@test "a query returns 6 if owned, 4 if not, 3 if it does not exist [io-exit-4 io-exit-6 io-match-slot io-slot-query]" {
	local key

	for key in 'VIO 2' 0x30000002 805306370; do
		guest -6 drmgr -c slot -Q -s "$key"
		assert_stderr ''
	done
	guest -4 drmgr -c slot -Q -s 'VIO 5'
	assert_stderr 'VIO 5 not owned by partition'
	guest -3 drmgr -c slot -Q -s 'VIO 99'
	assert_stderr 'VIO 99 does not exist'
}

@test "slots that cannot be added or removed are refused [io-exit-5 io-slot-errors]" {
	guest -5 drmgr -c slot -a -s 'VIO 2' --trace
	assert_stderr 'partition already owns VIO 2'
	guest -255 drmgr -c slot -a -s 'VIO 99' --trace
	assert_stderr 'Could not find drc index for VIO 99, unable to add theslot.'
	guest -3 drmgr -c slot -r -s 'VIO 99' --trace
	assert_stderr 'VIO 99 does not exist'
	guest -4 drmgr -c slot -r -s 'VIO 5' --trace
	assert_stderr 'VIO 5 not owned by partition'
}

# bug-16: no other connector is changed.
@test "a virtual adapter is added and removed [io-bug-16 io-call-hmc io-slot-add io-slot-remove]" {
	local key

	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	for key in 'VIO 5' 0x30000005; do
		guest -0 drmgr -c slot -a -s "$key" --trace --backend ofdt
		assert_calls 'S=2 I9003=1 I9001=1 CC ofdt add_slot' 0x30000005
		guest -0 test -e /sys/bus/vio/devices/30000005
		guest -6 drmgr -c slot -Q -s 'VIO 5'
		guest lsslot -s 'VIO 5'
		assert_stdout_line --index 1 --regexp '^VIO 5 +Virtual I/O Slot +30000005 +'
		guest -0 drmgr -c slot -r -s "$key" --trace --backend ofdt
		assert_calls 'remove_slot ofdt S=1 I9001=0 I9003=0 S=2' 0x30000005
		guest -1 test -e /sys/bus/vio/devices/30000005
		refute_node /vdevice/l-lan@30000005
	done
	guest -0 drmgr -c slot -a -s 'VIO 5' -w 5 -d 4 # the options of a management console
	host device_del '{"id": "n0"}'
	guest -0 drmgr -c slot -r -s 'VIO 5' -w 5 -d 4
	host_wait DEVICE_DELETED device=n0
}

@test "a step that is refused leaves no change [io-slot-undo]" {
	local call

	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	host x-papr-drc '{"index": "0x30000005"}'
	before=$host_reply
	while read -r call; do
		host x-papr-fault "$call"
		guest -255 drmgr -c slot -a -s 'VIO 5' --backend ofdt
		host x-papr-fault-clear
		host x-papr-drc '{"index": "0x30000005"}'
		assert_equal "$host_reply" "$before"
		refute_node /vdevice/l-lan@30000005
	done <<-'ROWS'
		{"call": "get-sensor-state", "status": -1}
		{"call": "set-indicator", "status": -1}
		{"call": "set-indicator", "status": -1, "nth": 2}
		{"call": "ibm,configure-connector", "status": -9003, "nth": 2}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "write:/sys/bus/pci/slots/control/add_slot", "errno": "EIO"}
	ROWS
	guest -0 drmgr -c slot -a -s 'VIO 5' --backend ofdt
	while read -r call; do
		host x-papr-fault "$call"
		guest -255 drmgr -c slot -r -s 'VIO 5' --backend ofdt
		host x-papr-fault-clear
		guest -0 test -e /sys/bus/vio/devices/30000005
		assert_node /vdevice/l-lan@30000005
	done <<-'ROWS'
		{"call": "write:/sys/bus/pci/slots/control/remove_slot", "errno": "EIO"}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "set-indicator", "status": -1}
		{"call": "set-indicator", "status": -1, "nth": 2}
	ROWS
	guest -0 drmgr -c slot -r -s 'VIO 5'
	host device_del '{"id": "n0"}'
}

@test "PCI slots: lists and queries have each slot [io-slot-pci-query]" {
	guest -0 lsslot -c slot -s 'SLOT 258' -F '#'
	assert_stdout --regexp '^SLOT 258#Logical I/O Slot#[0-9]{4}:00:02\.0#pci$'
	guest lsslot -c slot -s 'SLOT 259' -F '#'
	assert_stdout 'SLOT 259#Logical I/O Slot##Empty'
	guest lsslot -c slot -s 'SLOT 259' --json
	assert_stdout --partial '"state": "empty"'
	guest lsslot -c slot -s 'VIO 2' --json
	assert_stdout --partial '"state": "configured"'
	guest lsslot -c slot -s 'SLOT 258' --json
	assert_stdout --partial '"state": "configured"'
	guest lsslot -c pci -s C65552 -F '#'
	assert_stdout --regexp '^C65552#PCI-E capable, Rev 2, 8x lanes#[0-9]{4}:11:00\.0$'
	guest -6 drmgr -c slot -Q -s 0x50000102
	guest -4 drmgr -c slot -Q -s 'SLOT 259'
	assert_stderr 'SLOT 259 not owned by partition'
	guest -3 drmgr -c slot -Q -s 'SLOT 999'
	assert_stderr 'SLOT 999 does not exist'
	# A host bridge with an owned slot is not removed.
	guest -1 drmgr -c phb -Q -s 'PHB 1'
	guest -255 drmgr -c phb -r -s 'PHB 1' --trace
	assert_calls ''
}

@test "PCI slots: slots that cannot be added or removed are refused [io-slot-pci-errors]" {
	guest -5 drmgr -c slot -a -s 'SLOT 258' --trace
	assert_stderr 'partition already owns SLOT 258'
	guest -4 drmgr -c slot -r -s 'SLOT 259' --trace
	assert_stderr 'SLOT 259 not owned by partition'
	guest -255 drmgr -c slot -a -s 'SLOT 259'
	assert_stderr_line --partial 'Allocation failed for drc 50000103 with -3'
	guest -255 drmgr -c slot -a -s C65552 --trace
	assert_stderr 'C65552 is not a SLOT connector'
}

@test "PCI slots: one is removed and added, call by call [io-slot-pci-order]" {
	local before

	guest_sh "$pci_state"
	before=$output
	guest -0 drmgr -c slot -r -s 'SLOT 258' --trace --backend ofdt
	assert_calls 'remove slot ofdt I9002=0@0x40010010 I9001=0@0x40010010 P0 remove_slot ofdt S=1 I9001=0 I9003=0 S=2' 0x50000102
	refute_node $bridge
	guest -1 test -e /sys/bus/pci/slots/C65552
	guest_sh 'ls /sys/bus/pci/devices /sys/class/pci_bus'
	refute_stdout --partial :11
	refute_stdout --partial :02.0
	guest -4 drmgr -c slot -Q -s 'SLOT 258'
	guest -6 drmgr -c phb -Q -s 'PHB 1'

	guest -0 drmgr -c slot -a -s 0x50000102 --trace --backend ofdt
	assert_calls 'S=2 I9003=1 I9001=1 CC ofdt S=1@0x40010010 I9002=1@0x40010010 P100 I9001=1@0x40010010 CC add_slot' 0x50000102
	assert_node $bridge/ethernet@0
	guest_sh "$pci_state"
	assert_equal "$output" "$before"
	# With the kernel's interface, if it exists.
	guest -0 drmgr -c slot -r -s 'SLOT 258' -w 5 -d 4
	guest -0 drmgr -c slot -a -s 'SLOT 258' -w 5 -d 4
	guest_sh "$pci_state"
	assert_equal "$output" "$before"
}

@test "PCI slots: a dry run and a document are printed [io-slot-pci-plan]" {
	guest -0 drmgr -c slot -r -s 'SLOT 258' --dry-run --backend ofdt
	assert_stdout_line 'SLOT 258 (0x50000102):'
	assert_stdout_line '  write /sys/bus/pci/slots/control/remove_slot SLOT 258'
	assert_stdout_line "  write /proc/ppc64/ofdt remove_node $bridge"
	assert_stdout_line '  rtas set-indicator(9003, 0x50000102, 0)'
	assert_node $bridge
	guest -0 drmgr -c slot -r -s 'SLOT 258' --json
	assert_stdout --partial "\"path\": \"$bridge\""
	assert_equal "$(jq -c '[.resources[] | [.name, .linux[-1]]]' <<<"$output")" \
		'[["SLOT 258","eth0"],["C65552","eth0"]]'
	guest -0 drmgr -c slot -a -s 'SLOT 258' --dry-run --backend ofdt
	assert_stdout_line '  rtas set-indicator(9003, 0x50000102, 1)'
	assert_stdout_line '  write /sys/bus/pci/slots/control/add_slot SLOT 258'
	refute_node $bridge
	guest -0 drmgr -c slot -a -s 'SLOT 258' --json
	assert_stdout --partial '"result": "done"'
	assert_stdout --regexp '"[0-9]{4}:11:00\.0"'
}

@test "PCI slots: the host's card is plugged and unplugged [io-slot-pci-host]" {
	host device_add '{"driver": "virtio-net-pci", "id": "c5", "bus": "phb1.0", "addr": "5"}'
	guest -4 drmgr -c slot -Q -s 'SLOT 261'
	guest_sh 'echo 1 >/sys/bus/pci/rescan; ls /sys/bus/pci/devices'
	refute_stdout --partial :05.0
	guest -0 drmgr -c slot -a -s 'SLOT 261'
	guest_sh 'ls /sys/bus/pci/devices'
	assert_stdout --regexp ':29:00\.0'
	host device_del '{"id": "c5"}'
	refute_event DEVICE_DELETED device=c5
	guest -0 drmgr -c slot -r -s 'SLOT 261'
	host_wait DEVICE_DELETED device=c5
	guest -255 drmgr -c slot -a -s 'SLOT 261'
	# A card that is not configured is unplugged immediately.
	host device_add '{"driver": "virtio-net-pci", "id": "c5", "bus": "phb1.0", "addr": "5"}'
	host device_del '{"id": "c5"}'
	host_wait DEVICE_DELETED device=c5
}

# Inject each FAULT: drmgr ends with STATUS, and leaves no change.
refused() # ACTION, rows of STATUS FAULT
{
	local drc card before expected fault

	host x-papr-drc '{"index": "0x50000102"}'
	drc=$host_reply
	[[ $1 == -a ]] || host x-papr-drc '{"index": "0x40010010"}'
	card=$host_reply
	guest_sh "$pci_state"
	before=$output
	while read -r -u 4 expected fault; do
		host x-papr-fault "$fault"
		guest drmgr -c slot "$1" -s 'SLOT 258' --backend ofdt
		host x-papr-fault-clear
		assert_status "$expected"
		[[ $1 == -a ]] || host x-papr-drc '{"index": "0x40010010"}'
		[[ $1 == -a ]] || assert_equal "$host_reply" "$card"
		host x-papr-drc '{"index": "0x50000102"}'
		assert_equal "$host_reply" "$drc"
		guest_sh "$pci_state"
		assert_equal "$output" "$before"
	done 4<&0
	guest -0 drmgr -c slot "$1" -s 'SLOT 258' --backend ofdt
}

@test "PCI slots: a step that is refused leaves no change [io-slot-pci-undo]" {
	refused -r <<-'ROWS'
		251 {"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		251 {"call": "set-indicator", "status": -1}
		251 {"call": "set-indicator", "status": -1, "nth": 2}
		255 {"call": "write:/sys/bus/pci/slots/control/remove_slot", "errno": "EIO"}
		255 {"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 2}
		255 {"call": "set-indicator", "status": -1, "nth": 3}
		255 {"call": "set-indicator", "status": -1, "nth": 4}
	ROWS
	refused -a <<-'ROWS'
		255 {"call": "get-sensor-state", "status": -1}
		255 {"call": "get-sensor-state", "status": 77}
		255 {"call": "set-indicator", "status": -1}
		255 {"call": "set-indicator", "status": -1, "nth": 2}
		255 {"call": "ibm,configure-connector", "status": -9003, "nth": 2}
		255 {"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		255 {"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM", "nth": 2}
		1 {"call": "get-sensor-state", "status": 77, "nth": 2}
		1 {"call": "get-sensor-state", "status": -1, "nth": 2}
		1 {"call": "set-indicator", "status": -1, "nth": 3}
		1 {"call": "set-indicator", "status": -1, "nth": 4}
		255 {"call": "write:/sys/bus/pci/slots/control/add_slot", "errno": "EIO"}
	ROWS
	guest -6 drmgr -c slot -Q -s 'SLOT 258'
}

@test "PCI slots: a card's configuration that breaks off is read once more [io-slot-pci-walk]" {
	local card

	host x-papr-drc '{"index": "0x40010010"}'
	card=$host_reply
	guest -0 drmgr -c slot -r -s 'SLOT 258' --backend ofdt
	# The configuration of the slot has 43 answers.
	host x-papr-fault '{"call": "ibm,configure-connector", "status": -9003, "nth": 48}'
	guest -0 drmgr -c slot -a -s 'SLOT 258' --backend ofdt --trace
	assert_stderr_line --regexp 'ibm,configure-connector\(.* = -9003 '
	host x-papr-drc '{"index": "0x40010010"}'
	assert_equal "$host_reply" "$card"
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

@test "PCI slots: killed before each step, and --recover restores the state [io-slot-pci-killed]" {
	kill_everywhere "drmgr -c slot -r -s 'SLOT 258'" "drmgr -c slot -a -s 'SLOT 258'"
	guest -0 drmgr -c slot -r -s 'SLOT 258'
	kill_everywhere "drmgr -c slot -a -s 'SLOT 258'" "drmgr -c slot -r -s 'SLOT 258'"
	guest -0 drmgr -c slot -a -s 'SLOT 258'
}

# Rows ANSWER|FILE|NAME: the result of a write to the file.
control()
{
	local rows

	rows=$(cat)
	guest_sh -i 'while IFS="|" read -r expected file name; do
			echo "$(/usr/lib/guest/rawcall write /sys/bus/pci/slots/control/$file "$name")|$file|$name"
		done' <<<"$rows"
	assert_stdout "$rows"
}

@test "PCI slots: the kernel's files answer [io-slot-pci-kernel]" {
	local before

	guest_sh "$pci_state"
	before=$output
	# A card's own slot is not accepted. For the others, the node must exist.
	control <<-'ROWS'
		ENODEV|add_slot|C65552
		ENODEV|remove_slot|C65552
		ENODEV|add_slot|SLOT 259
		EINVAL|add_slot|SLOT 258
		8|remove_slot|SLOT 258
		EINVAL|remove_slot|SLOT 258
	ROWS
	guest lsslot -c slot -s 'SLOT 258' -F '#'
	assert_stdout --partial '#?#pci'
	control <<<'8|add_slot|SLOT 258'
	guest_sh "$pci_state"
	assert_equal "$output" "$before"
	# Without its bridge the slot cannot be removed.
	guest_sh -0 'echo 1 >"$(echo /sys/bus/pci/devices/*:00:02.0)/remove"'
	control <<<'EINVAL|remove_slot|SLOT 258'
	guest_sh 'echo 1 >/sys/bus/pci/rescan'
	guest_sh 'ls /sys/bus/pci/devices; cat /sys/bus/pci/slots/C65552/adapter'
	assert_stdout --partial ':11:00.0'
}
