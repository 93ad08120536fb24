#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# A machine with connectors in ranges (ibm,drc-info), like PowerVM: slots and operations
# are the same. QEMU has no ranges, so this needs the simulated guest.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-drc-info=on guest_boot
}

@test "the tree has ranges, and no lists" {
	guest_sh 'ls /proc/device-tree/pci@*/ibm,drc-*'
	assert_stdout "/proc/device-tree$phb/ibm,drc-info"
}

@test "slots have the same names as in lists" {
	guest -0 lsslot -c pci -F:
	assert_equal "${#lines[@]}" 256
	assert_equal "$(cut -d: -f1 <<<"$output")" "$(seq -f C%g 0 255)"
	guest lsslot -c pci -s C255 --json
	assert_stdout_line --partial '"index": "0x400000ff"'
}

@test "a card is added by name, index, number, or as any card [io-67-add]" {
	local key

	plug n0 virtio-net-pci 1 "$nic"
	for key in C8 0x40000008 1073741832; do
		guest -0 drmgr -c pci -a -s "$key" -n
		guest lsslot -c pci -o -F:
		assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:0000:00:01.0'
		guest -0 drmgr -c pci -r -s "$key" -n
	done
	guest drmgr -c pci -a
	assert_stdout 'C8 (0x40000008): configured 0000:00:01.0 virtio-pci eth0'
	guest -255 drmgr -c pci -a -s 0x40000100 -n
	assert_stderr_line --index 0 'Could not find drc_name for index 0x40000100'
}

@test "a host bridge with slots in ranges is added" {
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "b1", "bus": "phb1.0", "addr": "1", "romfile": ""}'
	guest -0 drmgr -c phb -a -s 'PHB 1'
	guest lsslot -c pci -s C65544 -F:
	assert_stdout --regexp '^C65544:PCI-E capable, Rev 2, 8x lanes:000[1-9]:00:01.0$'
	guest -0 drmgr -c phb -r -s 0x20000001
	host device_del '{"id": "b1"}'
	host device_del '{"id": "phb1"}'
}
