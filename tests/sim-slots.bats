#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Logical slots of a partition: virtual adapters come and go. QEMU's machine has none.

load guest/verbs
load calls

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -device spapr-vscsi,id=s0,slot=2
}

teardown_file()
{
	guest_down
}

setup()
{
	guest_needed
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

@test "queried: 6 owned, 4 not, 3 none" {
	local key

	for key in 'VIO 2' 0x30000002 805306370; do
		guest drmgr -c slot -Q -s "$key"
		assert_status 6
		assert_stderr ''
	done
	guest drmgr -c slot -Q -s 'VIO 5'
	assert_status 4
	assert_stderr 'VIO 5 not owned by partition'
	guest drmgr -c slot -Q -s 'VIO 99'
	assert_status 3
	assert_stderr 'VIO 99 does not exist'
}

@test "what cannot be added, what cannot be removed" {
	guest drmgr -c slot -a -s 'VIO 2' --trace
	assert_status 5
	assert_stderr 'partition already owns VIO 2'
	guest drmgr -c slot -a -s 'VIO 99' --trace
	assert_status 255
	assert_stderr 'Could not find drc index for VIO 99, unable to add theslot.'
	guest drmgr -c slot -r -s 'VIO 99' --trace
	assert_status 3
	assert_stderr 'VIO 99 does not exist'
	guest drmgr -c slot -r -s 'VIO 5' --trace
	assert_status 4
	assert_stderr 'VIO 5 not owned by partition'
}

@test "one comes, and goes" {
	local key

	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	for key in 'VIO 5' 0x30000005; do
		guest drmgr -c slot -a -s "$key" --trace --backend ofdt
		assert_status 0
		assert_calls 'S=2 I9003=1 I9001=1 CC ofdt add_slot' 0x30000005
		guest test -e /sys/bus/vio/devices/30000005
		assert_status 0
		guest drmgr -c slot -Q -s 'VIO 5'
		assert_status 6
		guest lsslot -s 'VIO 5'
		assert_stdout_line --index 1 --regexp '^VIO 5 +Virtual I/O Slot +30000005 +'
		guest drmgr -c slot -r -s "$key" --trace --backend ofdt
		assert_status 0
		assert_calls 'remove_slot ofdt S=1 I9001=0 I9003=0 S=2' 0x30000005
		guest test -e /sys/bus/vio/devices/30000005
		assert_status 1
		refute_node /vdevice/l-lan@30000005
	done
	guest drmgr -c slot -a -s 'VIO 5' -w 5 -d 4 # as a management console says it
	assert_status 0
	host device_del '{"id": "n0"}'
	guest drmgr -c slot -r -s 'VIO 5' -w 5 -d 4
	assert_status 0
	host_wait DEVICE_DELETED device=n0
}

@test "a step that is refused: as it was" {
	local call

	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	host x-papr-drc '{"index": "0x30000005"}'
	before=$host_reply
	while read -r call; do
		host x-papr-fault "$call"
		guest drmgr -c slot -a -s 'VIO 5' --backend ofdt
		assert_status 255
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
	guest drmgr -c slot -a -s 'VIO 5' --backend ofdt
	assert_status 0
	while read -r call; do
		host x-papr-fault "$call"
		guest drmgr -c slot -r -s 'VIO 5' --backend ofdt
		assert_status 255
		host x-papr-fault-clear
		guest test -e /sys/bus/vio/devices/30000005
		assert_status 0
		assert_node /vdevice/l-lan@30000005
	done <<-'ROWS'
		{"call": "write:/sys/bus/pci/slots/control/remove_slot", "errno": "EIO"}
		{"call": "write:/proc/ppc64/ofdt", "errno": "ENOMEM"}
		{"call": "set-indicator", "status": -1}
		{"call": "set-indicator", "status": -1, "nth": 2}
	ROWS
	guest drmgr -c slot -r -s 'VIO 5'
	assert_status 0
	host device_del '{"id": "n0"}'
}
