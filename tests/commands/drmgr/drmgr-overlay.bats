#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few drmgr
# If the kernel has /proc/device-tree-overlay, drmgr uses it, unless an option names
# another file or the file disappears. The tree is then the same as with /proc/ppc64/ofdt,
# node for node and byte for byte.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/ways

setup_file()
{
	export GUEST_DT_OVERLAY=yes
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
	[[ -n ${GUEST_MISSING:-} ]] || ways_setup
}

@test "a card is added and removed with one write each, and works meanwhile" {
	plug n0 virtio-net-pci 1 "$nic"
	in_guest 'traced -c pci -a; count; cat /tmp/out'
	assert_status 0
	assert_output --regexp $'^overlay 1, dlpar 0, ofdt 0\nC8 \\(0x40000008\\): configured 0000:00:01.0 virtio-pci eth'
	assert_node $phb/ethernet@1
	if [[ ${GUEST_KIND:-real} == real ]]; then
		guest_sh 'i=$(ls /sys/bus/pci/devices/0000:00:01.0/virtio*/net); ip link set $i up && ip link show $i'
		assert_stdout --partial ',UP'
	fi
	in_guest 'traced -c pci -r -s C8 -n; count'
	assert_status 0
	assert_stdout 'overlay 1, dlpar 0, ofdt 0'
	refute_node $phb/ethernet@1
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
}

@test "drmgr opens neither of the other two files" {
	guest_sh 'command -v strace'
	[[ $status -eq 0 && ${GUEST_KIND:-real} == real ]] || skip 'no strace'
	plug n0 virtio-net-pci 1 "$nic"
	for words in '-a' '-r -s C8 -n'; do
		in_guest 'strace -f -o /tmp/calls -e trace=open,openat,openat2,creat drmgr -c pci $1 >/dev/null
			grep -c device-tree-overlay /tmp/calls; grep -cE "ppc64/ofdt|kernel/dlpar" /tmp/calls; true' "$words"
		assert_status 0
		assert_stdout --regexp $'^[1-9][0-9]*\n0$'
	done
}

# At least one write for each connector.
same()
{
	same_by_both "$@"
	assert_stdout --regexp $'^r [1-9]\na [1-9]$'
}

@test "the tree is the same, byte for byte: cards of several kinds" {
	plug n0 virtio-net-pci 1 "$nic"
	plug e0 e1000 2 "$nic"
	plug b0 virtio-blk-pci 3 '"drive": "disk0"'
	plug u0 nec-usb-xhci 4
	guest -0 drmgr -c pci -a
	for slot in C8 C16 C24 C32; do
		same -c pci -s $slot -n
	done
}

@test "the tree is the same, byte for byte: a host bridge with a card" {
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "p1", "bus": "phb1.0", "addr": "1", "romfile": ""}'
	guest -0 drmgr -c phb -a -s 'PHB 1'
	same -c phb -s 'PHB 1'
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host device_del '{"id": "phb1"}'
	host_wait DEVICE_DELETED device=phb1
}

# Only PowerVM's firmware has this property, so the test adds it.
@test "the partner of a host bridge is reported before the removal" {
	for i in 1 2; do
		host device_add "{\"driver\": \"spapr-pci-host-bridge\", \"id\": \"phb$i\", \"index\": $i}"
	done
	guest -0 drmgr -c phb -a -q 2
	guest_sh -0 '/usr/lib/guest/fdtwords node "" cell papr,format 1 cell papr,flags 2 fragment /pci@800000020000001 \
		content cell ibm,multipath-partner-drc 0x20000002 end end end >/proc/device-tree-overlay'
	guest -0 drmgr -c phb -r -s 'PHB 1' --backend ofdt
	assert_stdout 'Partner adapter location : PHB 2 Partner adapter must be removed'
	guest -0 drmgr -c phb -r -s 'PHB 2'
	assert_stdout ''
	for i in 1 2; do
		host device_del "{\"id\": \"phb$i\"}"
		host_wait DEVICE_DELETED device=phb$i
	done
}

@test "drmgr leaves no records: the module can be unloaded, and drmgr uses the next file" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a
	guest head -n 1 /proc/device-tree-overlay
	assert_stdout --regexp '^papr-dt-overlay 1 backend=changeset max=1048576 seq=[0-9]+ last=0$'
	guest sed 1d /proc/device-tree-overlay
	assert_stdout ''
	[[ ${GUEST_KIND:-real} == real ]] || skip 'the rest is for a module'
	in_guest 'rmmod papr_dt_overlay; traced -c pci -r -s C8 -n; writes $overlay
		echo $(($(writes $dlpar) + $(writes $ofdt))); tail -n 20 /var/log/drmgr | grep "not used"'
	assert_status 0
	assert_stdout --regexp $'^0\n[1-9]\n.*/proc/device-tree-overlay: not used: No such file or directory'
	in_guest 'traced -c pci -a --backend overlay; count; test -e $overlay && echo loaded'
	assert_status 0
	assert_stdout $'overlay 1, dlpar 0, ofdt 0\nloaded'
}

@test "a change that exceeds the module's limits uses another file, unless --backend is given" {
	guest_needed
	[[ ${GUEST_KIND:-real} == real ]] || skip 'a limit is a parameter of the module'
	plug n0 virtio-net-pci 1 "$nic"
	in_guest 'rmmod papr_dt_overlay; modprobe papr-dt-overlay max_blob=300; head -n 1 $overlay
		drmgr --trace -c pci -a -n -s C8 --backend overlay >/tmp/out 2>/tmp/trace; echo $?; count
		grep -v ^trace: /tmp/trace'
	assert_status 0
	assert_stdout --regexp $'^papr-dt-overlay 1 .* max=300 .*\n255\noverlay 0, dlpar 0, ofdt 0\n.*overlay: File too large'
	refute_node $phb/ethernet@1
	in_guest 'traced -c pci -a -n -s C8; echo $?; count; tail -n 20 /var/log/drmgr | grep "exceeds its limits"'
	assert_stdout --regexp $'^0\noverlay 0, dlpar 0, ofdt 1\n.*not used: the change exceeds its limits \\(File too large\\), trying ofdt'
	assert_node $phb/ethernet@1
	in_guest 'drmgr -c pci -r -n -s C8 >/dev/null; rmmod papr_dt_overlay; modprobe papr-dt-overlay; head -n 1 $overlay'
	assert_stdout --partial ' max=1048576 '
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
}

# This test comes last: QEMU does not remove a bridge.
@test "the tree is the same, byte for byte: a bridge with a card" {
	host device_add '{"driver": "pci-bridge", "id": "br", "addr": "6", "chassis_nr": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "b1", "bus": "br", "addr": "2", "romfile": ""}'
	guest -0 drmgr -c pci -a
	same -c pci -s C48 -n
}
