#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest sanitized drmgr lsslot
# Cards behind a bridge. QEMU does not remove a bridge, so these have their own guest.

load ../../guest/verbs
load ../../lib/cards

teardown()
{
	assert_no_oops
}

# 38: no node is lost. 54: no file /remove. bug-5: the bridge is removed after its cards.
@test "a bridge is added and removed with its cards [io-38 io-54 io-bug-5]" {
	host device_add '{"driver": "pci-bridge", "id": "br", "addr": "6", "chassis_nr": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "b1", "bus": "br", "addr": "2", "romfile": ""}'
	host device_add '{"driver": "e1000", "id": "b2", "bus": "br", "addr": "3", "romfile": ""}'
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'C48 (0x40000030): configured 0000:00:06.0'
	assert_node $phb/pci@6/ethernet@2
	assert_node $phb/pci@6/ethernet@3
	guest_sh 'ls /sys/class/net | grep -c ^eth'
	assert_stdout 2
	guest lsslot -c pci -o -F:
	assert_stdout_line 'C48:PCI-E capable, Rev 2, 8x lanes:0000:00:06.0'
	assert_stdout_line 'C272:PCI-E capable, Rev 2, 8x lanes:0000:01:02.0'
	assert_stdout_line 'C280:PCI-E capable, Rev 2, 8x lanes:0000:01:03.0'

	guest -0 drmgr -c pci -r -s C272 -n
	refute_node $phb/pci@6/ethernet@2
	guest drmgr -c pci -a
	assert_stdout 'C272 (0x40000110): configured 0000:01:02.0 virtio-pci eth0'

	# each device and node is removed once, also in a dry run
	guest -0 drmgr -c pci -r -s C48 -n --dry-run
	[ "$(grep -c '/remove 1$' <<<"$output")" -eq 3 ]
	run -0 uniq -d < <(grep remove <<<"$output" | sort)
	assert_output ''
	guest drmgr -c pci -r -s C48 -n --dry-run --json
	assert_equal "$(jq -c '[.resources[].linux | map(select(test("^eth"))) | length]' <<<"$output")" '[2,1,1]'
	guest -0 drmgr -c pci -r -s C48 -n --trace
	refute_stderr --partial 'write /remove'
	refute_node $phb/pci@6
	guest_sh -0 'ls /sys/bus/pci/devices; test ! -e /remove'
	assert_stdout ''

	# and again, now that every connector was used once
	guest -0 drmgr -c pci -a -s C48 -n
	guest_sh 'ls /sys/class/net | grep -c ^eth'
	assert_stdout 2
	host device_del '{"id": "b1"}'
	host device_del '{"id": "b2"}'
	guest drmgr -c pci -r -s C48 -n
	host_wait DEVICE_DELETED device=b1
	host_wait DEVICE_DELETED device=b2
}

# The devices, and the buses of the host bridge, on one line.
found='cd /sys; echo $(ls bus/pci/devices; ls class/pci_bus)'

@test "Linux: power of a slot makes a device without a bus of a bridge, a scan does not" {
	local all='0000:00:06.0 0000:01:03.0 0000:00 0000:01'

	host device_add '{"driver": "e1000", "id": "b3", "bus": "br", "addr": "3", "romfile": ""}'
	guest -0 drmgr -c pci -a -s C48 -n
	guest_sh "$found"
	assert_stdout "$all"

	remove='echo 1 >/sys/bus/pci/devices/0000:00:06.0/remove'
	scan='echo 1 >/sys/class/pci_bus/0000:00/rescan'
	power=/sys/bus/pci/slots/C48/power
	guest_sh "$remove && echo 0 >$power && $found"
	assert_stdout 0000:00
	guest_sh "echo 1 >$power && $found"
	assert_stdout '0000:00:06.0 0000:00'
	guest_sh "$scan && $found"
	assert_stdout '0000:00:06.0 0000:00'
	# It is removed and found again.
	guest_sh "$remove && $scan && $found"
	assert_stdout "$all"

	guest_sh "$remove && echo 0 >$power && $scan && $found"
	assert_stdout "$all"
	guest_sh "echo 1 >$power && $found; cat /sys/bus/pci/slots/C48/adapter"
	assert_stdout "$all"$'\n1'
}

# These bridges have no bus numbers yet, and Linux finds one of them at a time.
@test "bridges below a bridge are added with their cards, then a card below the second [io-54-nested]" {
	host device_add '{"driver": "pci-bridge", "id": "n1", "addr": "7", "chassis_nr": 11}'
	host device_add '{"driver": "pci-bridge", "id": "n2", "bus": "n1", "addr": "2", "chassis_nr": 12}'
	host device_add '{"driver": "pci-bridge", "id": "n3", "bus": "n2", "addr": "3", "chassis_nr": 13}'
	host device_add '{"driver": "e1000", "id": "n4", "bus": "n3", "addr": "1", "romfile": ""}'
	guest -0 drmgr -c pci -a -s C56 -n
	assert_node $phb/pci@7/pci@2/pci@3/ethernet@1
	guest lsslot -c pci -o -F:
	assert_stdout_line --regexp '^C3336:.*:0000:0[0-9]:01\.0$'
	host device_add '{"driver": "e1000", "id": "n5", "bus": "n2", "addr": "4", "romfile": ""}'
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'C3104 (0x40000c20): configured 0000:03:04.0'
	assert_node $phb/pci@7/pci@2/ethernet@4
	guest -0 drmgr -c pci -r -s C56 -n
	refute_node $phb/pci@7
}
