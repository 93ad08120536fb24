#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kvm drmgr papr-eventd
# papr-eventd does what the host requests, without drmgr.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

setup_file()
{
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
}

# bats test_tags=kvm
@test "a card and a disk are configured and removed, and drmgr never runs" {
	record
	eventd
	plug r0 virtio-rng-pci 1
	configured 0000:00:01.0
	assert_node $phb/legacy-device@1/reg
	plug d0 virtio-blk-pci 2 '"drive": "disk0"'
	configured 0000:00:02.0
	eventd_unplug r0
	refute_node $phb/legacy-device@1
	eventd_unplug d0
	logged 'remove pci 0x40000010: done'
	guest -1 test -e $commands
	guest grep -c '^[^ ]* papr-eventd\[[0-9]*\] info papr-eventd: ' $drmgr_log
	assert_stdout 4
	eventd_status '"done": 4'
	eventd_status '"failed": 0'
}

# bats test_tags=kvm
@test "several functions of a card are configured and removed" {
	eventd
	plug f1 virtio-rng-pci 3.1 '"multifunction": true'
	plug f0 virtio-rng-pci 3.0 '"multifunction": true'
	configured 0000:00:03.0
	configured 0000:00:03.1
	host device_del '{"id": "f0"}'
	host_wait DEVICE_DELETED device=f1
	forget f1
	host_wait DEVICE_DELETED device=f0
	forget f0
	refute_node $phb/legacy-device@3
	eventd_status '"failed": 0'
}

@test "a host bridge and its card are configured and removed" {
	eventd
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	logged 'add phb 0x20000001: done'
	assert_node /pci@800000020000001/reg
	host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b0\", \"bus\": \"phb1.0\", \"addr\": \"1\", $nic}"
	logged 'add pci 0x40010008: done'
	host device_del '{"id": "b0"}'
	host_wait -t 60 DEVICE_DELETED device=b0
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_DELETED device=phb1
	refute_node /pci@800000020000001
}

@test "events before the start are handled" {
	plug n0 virtio-net-pci 1 "$nic"
	eventd
	configured 0000:00:01.0
	eventd_unplug n0
	eventd_status '"done": 2'
	eventd_status '"failed": 0'
}

@test "a request whose result exists already changes nothing" {
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	inject_hotplug 05 01 02 40000008
	logged 'add pci 0x40000008: nothing-to-do'
	eventd_unplug n0
	inject_hotplug 05 02 02 40000008
	logged 'remove pci 0x40000008: nothing-to-do'
	# the slot is empty: firmware does not wait for a card
	inject_hotplug 05 01 02 40000008
	logged 'add pci 0x40000008: nothing-to-do: the slot is empty'
	eventd_status '"failed": 0'
}

@test "connectors by name, by count, and by count from an index" {
	eventd
	plug n1 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: done'
	inject_hotplug 05 02 01 43380000
	logged "remove pci 'C8': done"
	inject_hotplug 05 01 03 00000001
	logged 'add pci count 1: done'
	configured 0000:00:01.0
	inject_hotplug 05 02 04 0000000240000008
	logged 'remove pci count 2 from 0x40000008: done'
	refute_node $phb/ethernet@1
	guest papr-eventd --status
	assert_stdout_line --partial 'remove pci count 2 from 0x40000008  done'
}

@test "requests that do not exist are logged, and the daemon goes on" {
	local form

	eventd
	for form in '05 03 02 40000008' '05 01 00 40000008' 'ff ff ff ffffffff'; do
		# shellcheck disable=SC2086 # words
		inject_hotplug $form
	done
	logged 'no such request exists' 3
	inject_hotplug 05 02 02 00000000
	inject_hotplug 05 01 02 7fffffff
	logged 'add pci 0x7fffffff: failed'
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	guest papr-eventd --status --json
	assert_json_schema eventd
}

@test "while another program has the lock, requests wait" {
	lock
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	logged 'waits: the lock is held by PID'
	plug n1 virtio-net-pci 2 "$nic"
	eventd_status_becomes '"received": 2'
	guest papr-eventd --status --json
	assert_equal "$(grep -c '"request": "add pci 0x400000[01][08]"' <<<"$output")" 2
	refute_node $phb/ethernet@1
	refute_node $phb/ethernet@2
	unlock
	configured 0000:00:01.0
	configured 0000:00:02.0
	logged ': done' 2
	eventd_status '"failed": 0'
}

@test "while another program has the lock, requests are merged by their slots" {
	lock
	eventd
	plug n0 virtio-net-pci 1 "$nic"
	logged 'waits: the lock is held by PID'
	inject_hotplug 05 02 02 40000008
	inject_hotplug 05 01 02 40000008
	inject_hotplug 05 02 02 40000010
	eventd_status_becomes '"received": 4'
	guest papr-eventd --status --json
	assert_equal "$(grep -c '"request": "add pci 0x40000008"' <<<"$output")" 1
	assert_equal "$(grep -c '"request": ' <<<"$output")" 2
	refute_node $phb/ethernet@1
	unlock
	configured 0000:00:01.0
	logged 'remove pci 0x40000010: nothing-to-do'
	eventd_status '"done": 2'
}

@test "after a failure, the daemon goes on, and the request can be repeated" {
	eventd
	host x-papr-fault '{"call": "set-indicator", "nth": 1, "status": -1}'
	plug n0 virtio-net-pci 1 "$nic"
	logged 'add pci 0x40000008: failed'
	eventd_status '"failed": 1'
	host x-papr-fault-clear
	inject_hotplug 05 01 02 40000008
	configured 0000:00:01.0
}

# Read the disk, past the page cache.
disk_works()
{
	guest_sh 'blockdev --flushbufs /dev/vda; cat /dev/vda | wc -c'
	assert_stdout 1048576
}

# bats test_tags=no-kvm
@test "a removal that would lose the system is refused towards the host" {
	eventd
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	logged 'add phb 0x20000001: done'
	host device_add '{"driver": "virtio-blk-pci", "id": "b0", "bus": "phb1.0", "addr": "1", "drive": "disk0"}'
	guest_until 'test -e /sys/class/block/vda'
	guest_sh -0 'mkdir -p /boot && mount -t tmpfs /dev/vda /boot'
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_UNPLUG_GUEST_ERROR device=phb1
	logged '0x20000001: the removal is refused towards the host'
	logged 'remove phb 0x20000001: failed: '
	guest -0 grep -F '/dev/vda is mounted on /boot' $eventd_log
	disk_works
	# the card alone: the unplug stays pending, and the card works
	host device_del '{"id": "b0"}'
	logged 'remove pci 0x40010008: failed: '
	guest_sh 'grep -c "/dev/vda is mounted on /boot" "$1"' $eventd_log
	[ "$output" -ge 2 ]
	disk_works
	refute_event DEVICE_DELETED device=b0
	guest_sh -0 'umount /boot && drmgr -c pci -r -s 0x40010008 -n'
	host_wait -t 60 DEVICE_DELETED device=b0
	host device_del '{"id": "phb1"}'
	host_wait -t 60 DEVICE_DELETED device=phb1
}

@test "a name of firmware cannot forge a line" {
	eventd
	# C, LF, ESC, and a byte that is not UTF-8
	inject_hotplug 05 01 01 430a1bff
	logged "add pci 'C; \\x1b\\xff': "
	guest_sh 'papr-eventd --status >/tmp/status; LC_ALL=C tr -d " -~" </tmp/status | tr -d "\n" | wc -c'
	assert_stdout 0
	guest_sh 'sed "1,/^recent:/d" /tmp/status'
	assert_equal "${#lines[@]}" 1
	assert_stdout --partial "  add pci 'C; \\x1b\\xc3\\xbf'  "
	guest papr-eventd --status --json
	assert_json_schema eventd
}

@test "clients of a stopped daemon end, and say what is wrong" {
	eventd
	guest_sh 'kill -STOP $(pidof papr-eventd)
		for i in $(seq 50); do
			{ papr-eventd --status --json >/tmp/state.$i 2>/tmp/problem.$i; echo $? >/tmp/ended.$i; } &
		done
		wait
		cat /tmp/ended.* | sort | uniq -c; cat /tmp/state.* | grep -c "\"unknown\""
		cat /tmp/problem.* | sort -u; rm /tmp/ended.* /tmp/state.* /tmp/problem.*'
	assert_stdout_line --regexp '^ *50 1$'
	assert_stdout_line 50
	assert_stdout_line --partial 'the daemon has not answered for 10 s'
	assert_equal "${#lines[@]}" 3
	guest_sh 'kill -CONT $(pidof papr-eventd)'
	eventd_status '"state": "reading"'
}

@test "a second daemon does not start, and the state is only for root" {
	eventd
	guest_sh -1 'papr-eventd --foreground'
	assert_stderr 'papr-eventd: another papr-eventd runs'
	guest_sh 'stat -c %a:%u /run/papr-eventd /run/papr-eventd/*'
	assert_stdout $'700:0\n600:0\n600:0'
	eventd_stop
	guest -1 papr-eventd --status
	assert_stdout stopped
	guest -1 papr-eventd --status --json
	assert_json_schema eventd
}

@test "SIGTERM ends the daemon, SIGHUP does not, also if they were ignored at its start" {
	guest_sh -0 'trap "" HUP TERM; cd /tmp && papr-eventd 2>>"$1"' $eventd_log
	guest_sh 'kill -HUP $(pidof papr-eventd)'
	logged reloaded
	guest -0 pidof papr-eventd
	guest_sh 'kill -TERM $(pidof papr-eventd)'
	guest_until '! pidof papr-eventd'
	guest_sh 'ls /run/papr-eventd'
	assert_stdout events
}
