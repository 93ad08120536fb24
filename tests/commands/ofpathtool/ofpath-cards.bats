#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest sanitized drmgr ofpathtool
# Cards that are plugged in a running guest have paths and names until they are unplugged.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on \
		-blockdev node-name=disk1,driver=null-co,size=1048576,read-zeroes=on
}

# name path...: each one leads to the other, also with the program's older name.
each_way() # NAME PATH
{
	guest -0 ofpathtool "$1"
	assert_stdout "$2"
	guest -0 ofpathname -l "$2"
	assert_stdout "$1"
}

none() # NAME PATH
{
	guest -1 ofpathname "$1"
	assert_stderr "ofpathname: Logical device \"$1\" does not appear
            to be configured."
	guest -1 ofpathname -q -l "$2"
	assert_stdout ''
	assert_stderr ''
}

@test "plugged cards have paths, unplugged ones have none [ofp-cards]" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 e1000 2 "$nic"
	plug b0 virtio-blk-pci 3 '"drive": "disk0"'
	plug f1 virtio-net-pci 4.1 "$nic, \"multifunction\": true"
	plug f0 virtio-net-pci 4.0 "$nic, \"multifunction\": true"
	guest -0 drmgr -c pci -a
	guest_sh 'ofpathtool --list | awk "NR > 1 { print \$2, \$1 }" | sort'
	each_way vda $phb/scsi@3
	for node in 1 2 4 4,1; do
		guest -0 ofpathname -l "$phb/ethernet@$node"
		name=$output
		each_way "$name" "$phb/ethernet@$node"
	done
	guest -0 ofpathtool --json --all
	unplug n0
	guest -1 ofpathname -q -l $phb/ethernet@1
	unplug b0
	none vda $phb/scsi@3
}

@test "disks that are plugged into an adapter have paths" {
	plug s0 virtio-scsi-pci 5
	plug v0 nvme 6 '"drive": "disk0", "serial": "1"'
	guest -0 drmgr -c pci -a
	host device_add '{"driver": "scsi-hd", "id": "d1", "bus": "s0.0", "drive": "disk1"}'
	guest_until '[ -e /sys/block/sda ]'
	each_way sda $phb/scsi@5/disk@100000000000000
	guest -0 ofpathtool nvme0
	each_way nvme0 "$output"
	host device_del '{"id": "d1"}'
	host_wait DEVICE_DELETED device=d1
	unplug s0
	none sda $phb/scsi@5/disk@100000000000000
	unplug v0
}

@test "a disk on USB has a path" {
	plug u0 nec-usb-xhci 7
	guest -0 drmgr -c pci -a
	host device_add '{"driver": "usb-storage", "id": "stick", "bus": "u0.0", "drive": "disk1"}'
	guest_sh 'modprobe usb_storage'
	guest_until '[ -e /sys/block/sda ]'
	guest_sh 'ofpathtool -q sda | sed "s|/usb[^@]*@|/usb@|"'
	assert_stdout $phb/usb@7/storage@1/disk@101000000000000
	guest_sh 'ofpathtool -q -l $(ofpathtool -q sda)'
	assert_stdout sda
	host device_del '{"id": "stick"}'
	host_wait DEVICE_DELETED device=stick
	unplug u0
}
