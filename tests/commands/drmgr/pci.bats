#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few kvm sanitized drmgr lsslot
# PCI cards in a guest: drmgr configures the cards that the host plugs, and removes them.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on \
		-blockdev node-name=disk1,driver=null-co,size=1048576,read-zeroes=on
}

@test "without a plugged card, drmgr prints a message and succeeds [io-8-none]" {
	guest -0 drmgr -c pci -a
	assert_stdout 'Nothing to configure: no populated PCI slot without a device-tree node.'
	assert_stderr ''
}

# bug-27: a lost event is replaced by a scan.
# bats test_tags=no-kvm
@test "a card is found, configured, named, and removed [io-bug-27 io-opt-n]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest lsslot -c pci -s C8 -F:
	assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:Empty'
	guest -0 drmgr -c pci -a
	assert_stdout 'C8 (0x40000008): configured 0000:00:01.0 virtio-pci eth0'
	assert_stderr ''
	guest lsslot -c pci -s C8 -F:
	assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:0000:00:01.0'
	assert_node $phb/ethernet@1/reg
	guest -0 drmgr -c pci -r -s C8 -n
	assert_stdout ''
	assert_stderr ''
	refute_node $phb/ethernet@1
	guest -1 test -e /sys/class/net/eth0
}

# A card that Linux can use is added, and removed by the host's request.
comes_and_goes() # USABLE-FILE DRIVER [JSON]
{
	plug card "$2" 4 "${3-}"
	guest -0 drmgr -c pci -a
	assert_stdout --partial 'C32 (0x40000020): configured 0000:00:04.0'
	guest_until "test -e $1" # newer kernels scan namespaces later
	host device_del '{"id": "card"}'
	refute_event DEVICE_DELETED device=card
	guest -0 drmgr -c pci -r -s C32 -n
	host_wait DEVICE_DELETED device=card
	forget card
	guest -1 test -e "$1"
	guest lsslot -c pci -s C32 -F:
	assert_stdout --partial ':Empty'
}

# bats test_tags=no-kvm
@test "virtio-net-pci is added and removed" {
	comes_and_goes /sys/class/net/eth0 virtio-net-pci "$nic"
}

@test "e1000 is added and removed" {
	comes_and_goes /sys/class/net/eth0 e1000 "$nic"
}

# bats test_tags=no-kvm
@test "virtio-blk-pci is added and removed" {
	comes_and_goes /sys/block/vda virtio-blk-pci '"drive": "disk0"'
}

# bats test_tags=no-kvm
@test "nvme is added and removed" {
	comes_and_goes /sys/block/nvme0n1 nvme '"drive": "disk0", "serial": "1"'
}

# bats test_tags=no-kvm
@test "nec-usb-xhci is added and removed, with a disk" {
	plug card nec-usb-xhci 4
	guest -0 drmgr -c pci -a
	host device_add '{"driver": "usb-storage", "id": "stick", "bus": "card.0", "drive": "disk0"}'
	guest_sh -0 'modprobe usb_storage && wait_until "[ -e /sys/block/sda ]"'
	guest -0 dd if=/dev/sda of=/dev/null bs=64k count=4
	host device_del '{"id": "stick"}'
	host_wait DEVICE_DELETED device=stick
	unplug card
	guest -1 test -e /sys/bus/usb/devices/usb1
}

# bats test_tags=no-kvm
@test "virtio-scsi-pci is added and removed, with a disk" {
	plug card virtio-scsi-pci 4
	guest -0 drmgr -c pci -a
	host device_add '{"driver": "scsi-hd", "id": "disk", "bus": "card.0", "drive": "disk1"}'
	guest_until 'test -e /sys/block/sda'
	guest -0 dd if=/dev/sda of=/dev/null bs=64k count=4
	host device_del '{"id": "disk"}'
	host_wait DEVICE_DELETED device=disk
	unplug card
	guest -1 test -e /sys/block/sda
}

# bats test_tags=no-kvm
@test "one command adds three cards, and the document lists them [io-8]" {
	plug a virtio-net-pci 1 "$nic"
	plug b virtio-blk-pci 2 '"drive": "disk0"'
	plug c e1000 5 "$nic"
	guest -0 drmgr -c pci -a --json
	assert_stderr ''
	[ "$(json_values schema)" = papr.drmgr/1 ]
	[ "$(json_values requested)" = 3 ]
	[ "$(json_values 'done')" = 3 ]
	[ "$(json_values exit_status)" = 0 ]
	[ "$(json_values name)" = $'C8\nC16\nC40' ]
	[ "$(json_values result)" = $'done\ndone\ndone' ]
	assert_stdout_line --partial '"vda"'
	assert_stdout_line --partial "\"path\": \"$phb/ethernet@5\""
	guest drmgr -c pci -a
	assert_stdout --partial 'Nothing to configure'
}

@test "-q adds the first cards; fewer than requested are a partial success [io-exit-64 io-all-count]" {
	plug a virtio-net-pci 1 "$nic"
	plug b virtio-net-pci 2 "$nic"
	guest -0 drmgr -c pci -a -q 1
	assert_stdout --partial 'C8 (0x40000008): configured'
	refute_node $phb/ethernet@2
	guest -64 drmgr -c pci -a -q 3
	assert_node $phb/ethernet@2
	guest -255 drmgr -c pci -a -q 1
	guest drmgr -c pci -r -s C16 -n
	guest -255 drmgr -c pci -a -q 2 --all-or-nothing
	refute_node $phb/ethernet@2
}

# bats test_tags=kvm
@test "each way to name a slot works [io-match-index io-match-name io-match-location io-match-address io-match-decimal]" {
	local key

	plug r0 virtio-rng-pci 1
	for key in C8 0x40000008 1073741832 C8/x; do
		guest -0 drmgr -c pci -a -s "$key" -n
		guest -0 drmgr -c pci -r -s "$key" -n
	done
	guest drmgr -c pci -a -s C8 -n
	guest -0 drmgr -c pci -r -s qemu_virtio-rng-pci:0000:00:01.0 -n
	guest drmgr -c pci -a -s C8 -n
	guest -0 drmgr -c pci -r -s 0000:00:01.0 -n
	refute_node $phb/legacy-device@1
}

# bats test_tags=no-kvm
@test "names of Linux and paths of nodes name the slot, also for lsslot [io-match-linux]" {
	local key

	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n
	for key in eth0 $phb/ethernet@1 /proc/device-tree$phb/ethernet@1 0000:00:01.0 0x40000008; do
		echo "$key"
		guest -0 lsslot -c pci -s "$key" -F:
		assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:0000:00:01.0'
	done
	guest drmgr -c pci -Q -s eth0
	assert_stdout_line --regexp '^C8 .*0000:00:01.0$'
	guest -1 lsslot -c pci -s eth7
	guest lsslot -c phb -s eth0
	assert_stdout_line --index 1 --regexp "^PHB 0 +$phb "
	guest -0 drmgr -c pci -r -s eth0 -n
	refute_node $phb/ethernet@1
	guest -255 drmgr -c pci -r -s eth0 -n
	assert_stderr_line 'The specified PCI slot is either invalid'
}

# The options that rtas_errd passes.
@test "the event daemon's command line works [io-call-errd]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s 0x40000008 -n -d4 -V
	assert_node $phb/ethernet@1
	guest -0 drmgr -c pci -r -s 0x40000008 -n -d4 -V
	refute_node $phb/ethernet@1
	# -p has no meaning for slots, and is ignored as by the peer
	guest -0 drmgr -c pci -a -s C8 -n -p smt_threads
	guest -0 drmgr -c pci -r -s C8 -n -p variable_weight
}

@test "the removal of one card does not change other cards of the bus [io-bug-1]" {
	plug a virtio-net-pci 1 "$nic"
	plug b virtio-net-pci 2 "$nic"
	guest drmgr -c pci -a
	guest -0 drmgr -c pci -r -s C8 -n
	guest -0 test -e /sys/bus/pci/devices/0000:00:02.0
	assert_node $phb/ethernet@2
	guest lsslot -c pci -o -F:
	assert_stdout 'C16:PCI-E capable, Rev 2, 8x lanes:0000:00:02.0'
}

@test "several functions of a card are added and removed" {
	plug f1 virtio-net-pci 3.1 "$nic, \"multifunction\": true"
	guest -0 drmgr -c pci -a -s C25 -n
	plug f0 virtio-net-pci 3.0 "$nic, \"multifunction\": true"
	guest -0 drmgr -c pci -a -s C24 -n
	guest lsslot -c pci -o -F:
	assert_stdout_line 'C24:PCI-E capable, Rev 2, 8x lanes:0000:00:03.0'
	assert_stdout_line 'C25:PCI-E capable, Rev 2, 8x lanes:0000:00:03.1'
	guest drmgr -c pci -r -s C24 -n
	guest -0 drmgr -c pci -r -s C25 -n
	host device_del '{"id": "f0"}'
	host_wait DEVICE_DELETED device=f0
	forget f0
	forget f1
}

# When a function was removed first, its slot must find it again.
@test "a card of several functions is added again" {
	local round

	for round in 1 2; do
		plug f1 virtio-net-pci 3.1 "$nic, \"multifunction\": true"
		plug f0 virtio-net-pci 3.0 "$nic, \"multifunction\": true"
		guest -0 drmgr -c pci -a -s C24 -n
		guest -0 drmgr -c pci -a -s C25 -n
		host device_del '{"id": "f0"}'
		guest -0 drmgr -c pci -r -s C25 -n
		guest -0 drmgr -c pci -r -s C24 -n
		host_wait DEVICE_DELETED device=f0
		forget f0
		forget f1
	done
}

# bats test_tags=kvm
@test "-R replaces a card [io-bug-26]" {
	plug r0 virtio-rng-pci 1
	guest drmgr -c pci -a
	guest -0 drmgr -c pci -R -s C8 -n
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0/driver
	guest_sh -0 'printf "\n\n" | drmgr -c pci -R -s C8'
	assert_stdout --partial 'The visual indicator for the PCI slot <C8>'
	assert_stdout --partial 'Replace the PCI'
	guest_sh -0 'printf "\nx\n" | drmgr -c pci -R -s C8'
	refute_node $phb/legacy-device@1
}

@test "a replacement with an unsuitable card is a partial success: the old card is out" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a
	host x-papr-fault '{"call": "ibm,configure-connector", "status": -9002}'
	# otherwise the message could name the kernel
	guest -64 drmgr -c pci -R -s C8 -n --backend ofdt
	assert_stderr --partial 'This adapter is not supported in the specified slot'
	refute_node $phb/ethernet@1
	guest -0 drmgr -c pci -a -s C8 -n
}

@test "prompts: Enter is yes, any other answer is no, and changes nothing" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh -0 'printf "\n\n" | drmgr -c pci -a -s C8 --trace'
	assert_stdout --partial 'Insert the PCI'
	assert_stderr --partial 'set-indicator(9002, 0x40000008, 2)'
	guest_sh -255 'echo x | drmgr -c pci -r -s C8'
	assert_node $phb/ethernet@1
	guest_sh -255 'echo x | drmgr -c pci -i -s C8'
	guest_sh -255 'drmgr -c pci -i -s C8 </dev/null'
	assert_stderr 'C8 (0x40000008): ask: standard input ended before an answer.
Specify -n to run without prompts.'
	guest_sh -0 'echo | drmgr -c pci -i -s C8'
	guest -0 drmgr -c pci -i -n -s C8
	assert_stdout ''
	guest_sh -0 'printf "\n\n" | drmgr -c pci -r -s C8'
	guest_sh -0 'echo x | drmgr -c pci -a -s C8'
	refute_node $phb/ethernet@1
	guest_sh -0 'printf "\nx\n" | drmgr -c pci -a -s C8'
	refute_node $phb/ethernet@1
}

@test "an existing card cannot be added, a missing one cannot be removed [io-11 io-12]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -255 drmgr -c pci -r -s C8 -n
	assert_stderr 'There is no configured card to remove from the specified PCI slot.'
	guest drmgr -c pci -a -s C8 -n
	guest -255 drmgr -c pci -a -s C8 -n
	assert_stderr 'The specified PCI slot is already occupied.'
	guest -255 drmgr -c pci -a -s NOPE -n --trace
	assert_stderr $'The specified PCI slot is either invalid\nor does not support hot plug operations.'
	guest -255 drmgr -c pci -a -s 0x12345678 -n --trace
	assert_stderr_line --index 0 'Could not find drc_name for index 0x12345678'
	refute_stderr --partial trace:
}

@test "-w limits the wait for a card in an empty slot" {
	guest -255 drmgr -c pci -a -s C16 -n -w 1s --json
	assert_stderr 'No PCI card was detected in the specified PCI slot.'
	[ "$(json_values undo)" = complete ]
}

@test "a dry run prints every call and write, and changes nothing" {
	plug n0 virtio-net-pci 1 "$nic"
	guest_sh 'find /proc/device-tree | sort | md5sum >/tmp/before; rm -f /var/log/drmgr'
	guest -0 drmgr -c pci -a --backend ofdt --dry-run
	assert_stdout - <<-'PLAN'
		C8 (0x40000008):
		  rtas set-indicator(9001, 0x40000008, 0)
		  rtas set-power-level(0xffffffff, 0)
		  rtas set-indicator(9002, 0x40000008, 1)
		  rtas set-power-level(0xffffffff, 100)
		  rtas set-indicator(9001, 0x40000008, 1)
		  rtas ibm,configure-connector(work area for 0x40000008, 0) until complete
		  write /proc/ppc64/ofdt nodes of that walk, below /pci@800000020000000
		  write /sys/bus/pci/slots/C8/power 1
	PLAN
	guest_sh -0 'find /proc/device-tree | sort | md5sum | cmp - /tmp/before && test ! -e /var/log/drmgr'

	guest drmgr -c pci -a -s C8 -n
	guest -0 drmgr -c pci -r -s C8 -n --backend ofdt --dry-run
	assert_stdout - <<-'PLAN'
		C8 (0x40000008):
		  rtas set-indicator(9002, 0x40000008, 1)
		  write /sys/bus/pci/devices/0000:00:01.0/remove 1
		  write /sys/bus/pci/slots/C8/power 0
		  write /proc/ppc64/ofdt remove_node /pci@800000020000000/ethernet@1
		  rtas set-indicator(9001, 0x40000008, 0)
		  rtas set-power-level(0xffffffff, 0)
		  rtas set-indicator(9002, 0x40000008, 0)
	PLAN
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
	guest -255 drmgr -c pci -a -s C8 -n --dry-run
}

@test "a dry run does not wait for a card [io-dry-card]" {
	guest_sh -255 'timeout 60 drmgr -c pci -a -s C16 -n --dry-run'
	assert_stderr 'No PCI card was detected in the specified PCI slot.'
}

@test "a trace has every call and write" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n --backend ofdt --trace
	assert_stdout ''
	assert_stderr_line --index 0 --regexp '^trace: rtas set-indicator\(9001, 0x40000008, 0\) = 0 \(success\) [0-9.]+ ms$'
	assert_stderr_line --regexp '^trace: rtas get-sensor-state\(9003, 0x40000008\) = 0 \(success\) -> 1 [0-9.]+ ms$'
	assert_stderr_line --regexp '^trace: rtas ibm,configure-connector\(0x[0-9a-f]{8}, 0\) = 2 \(next child\) [0-9.]+ ms$'
	assert_stderr_line --regexp '^trace: write /proc/ppc64/ofdt add_node /pci@800000020000000/ethernet@1 = 456 [0-9.]+ ms$'
	assert_stderr_line --regexp '^trace: write /sys/bus/pci/slots/C8/power 1 = 1 [0-9.]+ ms$'
	[ "$(grep -c ibm,configure-connector <<<"$stderr")" -eq 17 ]
}

# A program that was killed in the middle of a configuration leaves a connector that
# firmware does not isolate.
@test "a slot with an abandoned configuration is made usable again [io-bug-2]" {
	local steps

	for steps in 1 5 16; do
		plug n0 virtio-net-pci 1 "$nic"
		guest -0 /usr/lib/guest/halfwalk 0x40000008 $steps
		assert_stdout_line --index 1 2
		guest -255 /peer/sbin/drmgr -c pci -a -s C8 -n
		guest -0 drmgr -c pci -a -s C8 -n
		guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
		unplug n0
	done
}

# A real kernel crashes on these texts. None may reach it.
@test "drmgr follows the rules of the device-tree file" {
	plug n0 virtio-net-pci 1 "$nic"
	# the node exists already
	guest_sh "printf 'add_node $phb/ethernet@1 name 9 ethernet\0' >/proc/ppc64/ofdt"
	guest drmgr -c pci -a -s C8 -n --backend ofdt
	assert_node $phb/ethernet@1
	guest -255 drmgr -c pci -a -s C16 -n -w 1s
	guest_sh "printf 'remove_node $phb/ethernet@1' >/proc/ppc64/ofdt"
}

# Newer kernels configure the connector themselves.
@test "the kernel's own interface is used if it exists [io-dt]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest grep -qw dt /sys/kernel/dlpar
	if [ "$status" -ne 0 ]; then
		guest -255 drmgr -c pci -a -s C8 -n --backend dlpar
		assert_stderr 'The device tree cannot be changed through dlpar: Operation not supported'
		return
	fi

	for options in '' '--backend dlpar'; do
		guest drmgr -c pci -a --dry-run $options
		assert_stdout_line '  write /sys/kernel/dlpar dt add index 0x40000008'
		guest -0 drmgr -c pci -a -s C8 -n --trace $options
		assert_stderr_line --regexp '^trace: write /sys/kernel/dlpar dt add index 0x40000008 = [0-9]+ '
		refute_stderr --partial ofdt
		guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
		guest -0 drmgr -c pci -r -s C8 -n --trace $options
		refute_stderr --partial ofdt
		refute_node $phb/ethernet@1
	done
}

@test "--backend selects a backend" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -255 drmgr -c pci -a -s C8 -n --backend frob
	guest -0 drmgr -c pci -a -s C8 -n --backend ofdt
	guest -0 drmgr -c pci -r -s C8 -n --backend=ofdt
}

@test "users other than root are refused" {
	guest_sh -255 'echo "nobody:x:65534:65534::/:/bin/sh" >/etc/passwd; chmod 755 /; su nobody -c "/usr/sbin/drmgr -c pci -a -s C8 -n"'
	assert_stderr 'drmgr: must be run as root'
	guest -0 su nobody -c '/usr/sbin/lsslot -c pci -s C8 -F:'
	assert_stdout 'C8:PCI-E capable, Rev 2, 8x lanes:Empty'
	guest -0 su nobody -c '/usr/sbin/drmgr -c pci -Q -s C8'
}

@test "capabilities are one line of ten keys [io-13]" {
	guest -0 drmgr -C
	assert_stdout 'cpu_dlpar=yes,mem_dlpar=yes,slot_dlpar=yes,phb_dlpar=yes,hea_dlpar=no,pmig=no,cpu_entitlement=no,mem_entitlement=no,slb_resize=no,phib=yes'
	assert_stderr_line 'Validating CPU DLPAR capability...yes.'
	assert_stderr_line 'Validating HEA DLPAR capability...no.'
	guest_sh 'rmmod rpadlpar_io; drmgr -C 2>/dev/null' # drmgr loads the module itself
	assert_stdout --partial 'slot_dlpar=yes,phb_dlpar=yes'
}
