#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# Failures that only a simulated guest and its machine can inject, in calls and writes.
# drmgr must leave no change.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/matrix

setup_file()
{
	guest_boot -smp 1,maxcpus=4
}

setup()
{
	cards_setup
	raw=/usr/lib/guest/rawcall
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	cards_teardown
}

# The next of these calls fails.
fault() # CALL JSON-MEMBERS
{
	host x-papr-fault "{\"call\": \"$1\", $2}"
}

# The card in slot 1 is not added, or completely undone.
nothing_is_left()
{
	refute_node $phb/ethernet@1
	guest ls /sys/bus/pci/devices
	assert_stdout ''
	host x-papr-drc '{"index": "0x40000008"}'
	assert_equal "$host_reply" "$before"
}

# An addition fails: drmgr reports it, and leaves no change.
fails() # DRMGR-OPTION...
{
	guest -255 drmgr -c pci -a -s C8 -n "$@"
	refute_stderr ''
	nothing_is_left
}

plugged_card()
{
	plug n0 virtio-net-pci 1 "$nic"
	host x-papr-drc '{"index": "0x40000008"}'
	before=$host_reply
}

now_it_works() # DRMGR-OPTION...
{
	guest -0 drmgr -c pci -a -s C8 -n "$@"
	assert_node $phb/ethernet@1
}

@test "a write to a kernel's file fails under each of its names, as often as injected" {
	fault write:/proc/ppc64/ofdt '"errno": "ENOSPC", "nth": 2, "count": 2'
	guest_sh 'for i in 1 2 3 4; do "$1" write /proc/powerpc/ofdt "frob"; done' "$raw"
	assert_stdout $'EINVAL\nENOSPC\nENOSPC\nEINVAL'
	fault write:/sys/kernel/dlpar '"errno": "EBUSY", "count": 0'
	fault write:/sys/bus/pci/slots/C8/power '"errno": "EIO"'
	guest_sh 'for i in 1 2 3; do "$1" write /sys/kernel/dlpar "frob"; done
		for i in 1 2; do "$1" write /sys/bus/pci/slots/C8/power 1; done' "$raw"
	assert_stdout $'EBUSY\nEBUSY\nEBUSY\nEIO\n1'
	host x-papr-fault-clear
	guest "$raw" write /sys/kernel/dlpar frob
	assert_stdout EINVAL
}

# A killed writer stays: as in the kernel, nothing interrupts its write.
@test "a held write continues when the fault is cleared, or fails" {
	fault write:/sys/kernel/dlpar '"hold": true'
	guest_sh '(exec "$1" write /sys/kernel/dlpar frob) >/tmp/said & echo $! >/tmp/writer
		wait_until "[ -e /proc/$!/fd/3 ]"
		"$1" write /proc/ppc64/ofdt frob' "$raw"
	assert_stdout EINVAL
	fault write:/proc/ppc64/ofdt '"hold": true, "errno": "EIO"'
	guest_sh '(exec "$1" write /proc/powerpc/ofdt frob) >/tmp/said2 &
		wait_until "[ -e /proc/$!/fd/3 ]"; cat /tmp/said /tmp/said2' "$raw"
	assert_stdout ''
	guest_sh -0 'kill -9 "$(cat /tmp/writer)"; kill -0 "$(cat /tmp/writer)"'
	host x-papr-fault-clear
	assert_regex "$host_reply" '"released": *2'
	guest_until '! kill -0 "$(cat /tmp/writer)" && grep EIO /tmp/said2'
}

# Write in the background. The result is in /tmp/NAME, and the command ends when the write waits.
writes() # NAME FILE TEXT
{
	guest_sh '"$1" write "$3" "$4" >/tmp/$2 & echo $! >/tmp/$2.pid
		wait_until "[ -e /proc/$!/fd/3 ] && grep -q ^State:.S /proc/$!/status"' "$raw" "$@"
}

# While a write is held, writes to two more files of its lock wait, even if one is killed. A
# write to another file does not.
lock_is_held() # FILE TEXT RESULT FILE TEXT RESULT KILLED-FILE OTHER-FILE OTHER-TEXT OTHER-RESULT
{
	fault "write:$1" '"hold": true'
	writes held "$1" "$2"
	writes waiting "$4" "$5"
	writes killed "$7" frob
	guest_sh 'kill -9 $(cat /tmp/killed.pid)
		"$1" write "$2" "$3"; cat /tmp/held /tmp/waiting' "$raw" "$8" "$9"
	assert_stdout "${10}"
	guest_until 'grep "^State:.D" /proc/$(cat /tmp/killed.pid)/status'
	host x-papr-fault-clear
	assert_regex "$host_reply" '"released": *1'
	guest_until 'test -s /tmp/held && test -s /tmp/waiting && ! test -e /proc/$(cat /tmp/killed.pid)'
	guest cat /tmp/held /tmp/waiting
	assert_stdout "$3"$'\n'"$6"
}

@test "writes under one lock of the kernel wait for each other [io-sim-held-lock]" {
	local cpu=/sys/devices/system/cpu/cpu0/online memory=/sys/devices/system/memory/memory0
	local pci=/sys/bus/pci dlpar=/sys/kernel/dlpar

	lock_is_held $dlpar 'cpu remove index 1' ENODEV $memory/online 1 1 $cpu $pci/rescan 1 1
	lock_is_held $memory/state online EINVAL $dlpar 'memory add index 1' EINVAL $cpu $pci/slots/C8/power 0 1
	lock_is_held $dlpar 'cpu remove index 1' ENODEV $dlpar 'memory add index 1' EINVAL $cpu $dlpar 'dt frob' EINVAL
	lock_is_held $cpu 1 1 $memory/state online EINVAL $memory/online $dlpar 'dt frob' EINVAL
	lock_is_held $pci/rescan 1 1 $pci/slots/C8/power 9 EINVAL $pci/slots/C16/power $cpu 1 1
}

@test "a write that waits for a lock is held next" {
	fault write:/sys/bus/pci/rescan '"hold": true'
	local first=$host_reply
	fault write:/sys/bus/pci/slots/C8/power '"hold": true, "errno": "EIO"'
	writes one /sys/bus/pci/rescan 1
	writes two /sys/bus/pci/slots/C8/power 0
	writes three /sys/bus/pci/slots/C16/power 9
	[[ $first =~ \"id\":\ *([0-9]+) ]]
	host x-papr-fault-clear "{\"id\": ${BASH_REMATCH[1]}}"
	guest_until 'test -s /tmp/one'
	guest cat /tmp/two /tmp/three
	assert_stdout ''
	host x-papr-fault-clear
	guest_until 'test -s /tmp/two && test -s /tmp/three'
	guest cat /tmp/one /tmp/two /tmp/three
	assert_stdout $'1\nEIO\nEINVAL'
}

@test "the rtas system call fails with an errno of the kernel" {
	fault get-time-of-day '"errno": "EFAULT", "nth": 2'
	guest_sh 'for i in 1 2 3; do "$1" rtas get-time-of-day 0 8 | head -1; done' "$raw"
	assert_stdout $'0\nEFAULT\n0'
}

@test "drmgr undoes an addition when the kernel refuses the nodes" {
	plugged_card
	for errno in ENOMEM EINVAL EPERM; do
		fault write:/proc/ppc64/ofdt "\"errno\": \"$errno\""
		fails --backend ofdt
	done
	now_it_works --backend ofdt
}

@test "drmgr undoes an addition when the slot cannot be enabled" {
	plugged_card
	fault write:/sys/bus/pci/slots/C8/power '"errno": "EIO", "count": 0'
	fault write:/sys/class/pci_bus/0000:00/rescan '"errno": "EIO", "count": 0'
	fails --backend ofdt
	host x-papr-fault-clear
	now_it_works
}

@test "drmgr undoes an addition when the kernel's interface fails" {
	guest grep -q dt /sys/kernel/dlpar
	[[ $status -eq 0 ]] || skip "this kernel has none"
	plugged_card
	fault write:/sys/kernel/dlpar '"errno": "ENOMEM"'
	fails --backend dlpar
	now_it_works --backend dlpar
}

# drmgr isolates a card first, and unisolates it to configure it.
@test "drmgr undoes an addition when an indicator cannot be set" {
	local nth

	plugged_card
	for nth in 1 2; do
		fault set-indicator "\"status\": -1, \"nth\": $nth"
		guest drmgr -c pci -a -s C8 -n
		if [[ $status -eq 0 ]]; then
			guest drmgr -c pci -r -s C8 -n
			fail "call $nth failed, and nobody saw"
		fi
		host x-papr-fault-clear
		nothing_is_left
	done
	now_it_works
}

@test "drmgr undoes an addition when configuration fails, and waits for busy firmware" {
	local nth

	plugged_card
	for nth in 1 2 5; do
		fault ibm,configure-connector "\"status\": -9003, \"nth\": $nth"
		fails --backend ofdt
	done
	fault ibm,configure-connector '"errno": "EINVAL", "nth": 3'
	fails --backend ofdt
	fault ibm,configure-connector '"delay": 9900, "count": 3'
	fault set-indicator '"delay": -2'
	now_it_works --backend ofdt
}

# Print the log of a plugged card in hexadecimal, after removing earlier records.
log_of_a_card()
{
	local record bytes

	guest "$raw" drain /proc/ppc64/rtas/error_log
	plug n0 virtio-net-pci 1 "$nic"
	guest "$raw" read /proc/ppc64/rtas/error_log 4096
	assert_line --index 0 2052
	record=${lines[1]}
	bytes=$((8 + 16#${record:16:8}))
	log=${record:8:2*bytes}
}

@test "error_log: the oldest records are dropped when no program reads" {
	local log i first

	log_of_a_card
	guest "$raw" drain /proc/ppc64/rtas/error_log
	assert_stdout $'\n0\nEAGAIN'
	for ((i = 0; i < 70; i++)); do
		host x-papr-inject-event "{\"data\": \"$log\"}"
	done
	guest "$raw" drain /proc/ppc64/rtas/error_log
	assert_line --index 1 2052
	set -- ${lines[0]}
	assert_equal $# 64
	first=$1
	assert_equal "${*: -1}" $((first + 63))
	# Six were dropped.
	host x-papr-inject-event "{\"data\": \"$log\"}"
	guest "$raw" drain /proc/ppc64/rtas/error_log
	assert_equal "${lines[0]}" "$((first + 64)) "
}

@test "error_log: poll works, before and when a record arrives" {
	local log

	log_of_a_card
	guest "$raw" poll /proc/ppc64/rtas/error_log 0
	assert_stdout '0 -'
	guest_sh '"$1" poll /proc/ppc64/rtas/error_log 60000 >/tmp/polled & echo' "$raw"
	host x-papr-inject-event "{\"data\": \"$log\"}"
	guest_sh 'wait_until "[ -s /tmp/polled ]"; cat /tmp/polled; rm /tmp/polled; "$1" poll /proc/ppc64/rtas/error_log 0' "$raw"
	assert_stdout $'1 in\n1 in'
}

cpus_online() # LIST
{
	guest cat /sys/devices/system/cpu/online
	assert_stdout "$1"
}

@test "processors: a thread stops itself, and is started again" {
	local one=/sys/devices/system/cpu/cpu1/online

	cpus_online 0
	plug_core 1
	cpus_online 0-1
	host x-papr-trace '{"enable": true}'
	guest "$raw" write $one 0
	assert_stdout 1
	cpus_online 0
	host_wait X_PAPR_CALL name=stop-self
	fault start-cpu '"status": -1'
	guest "$raw" write $one 1
	assert_stdout ENOENT
	cpus_online 0
	guest "$raw" write $one 1
	assert_stdout 1
	host_wait X_PAPR_CALL name=start-cpu
	guest "$raw" write /sys/devices/system/cpu/cpu0/online 0
	assert_stdout 1
	cpus_online 1
	guest "$raw" write $one 0
	assert_stdout EBUSY
	guest "$raw" write /sys/devices/system/cpu/cpu0/online 1
	host x-papr-trace '{"enable": false}'
	host device_del '{"id": "c1"}'
	host_wait DEVICE_DELETED device=c1
	cpus_online 0
}

@test "uevents: listeners receive events of devices as from the kernel" {
	plugged_card
	guest -0 $raw uevents drmgr -c pci -a -s C8 -n
	assert_stdout "add pci /devices/pci0000:00/0000:00:01.0
add virtio /devices/pci0000:00/0000:00:01.0/virtio0
add net /devices/pci0000:00/0000:00:01.0/virtio0/net/eth0
bind pci /devices/pci0000:00/0000:00:01.0"
	guest -0 $raw uevents drmgr -c pci -r -s C8 -n
	assert_stdout --partial 'remove pci /devices/pci0000:00/0000:00:01.0'
}

# The last test of this file: the next guest is another machine. Linux takes the lock of slots
# for each, and that of PCI only to remove a PCI slot.
@test "PowerVM: virtual slots are added and removed beside a held PCI removal [io-sim-held-slots]" {
	local slots=/sys/bus/pci/slots/control remove

	guest_down
	matrix_boot lpar
	guest_sh 'ls -d /sys/bus/pci/devices/*/remove'
	remove=${lines[-1]}
	fault "write:$remove" '"hold": true'
	writes one "$remove" 1
	guest_sh '"$1" write $2/remove_slot "VIO 2"; "$1" write $2/add_slot "VIO 2"' "$raw" $slots
	assert_stdout $'5\n5'
	writes two $slots/remove_slot 'SLOT 258'
	writes three $slots/remove_slot 'VIO 2'
	host x-papr-fault-clear
	guest_until 'test -s /tmp/one && test -s /tmp/two && test -s /tmp/three'
	guest cat /tmp/one /tmp/two /tmp/three
	assert_stdout $'1\n8\n5'

	guest_sh 'rm /tmp/one /tmp/two /tmp/three; "$1" write $2/add_slot "SLOT 258"' "$raw" $slots
	assert_stdout 8
	fault write:$slots/remove_slot '"hold": true'
	writes one $slots/remove_slot 'VIO 5'
	writes two $slots/remove_slot 'SLOT 258'
	writes three $slots/add_slot 'VIO 2'
	guest "$raw" write /sys/bus/pci/rescan 1
	assert_stdout 1
	guest_sh 'cat /tmp/one /tmp/two /tmp/three'
	assert_stdout ''
	host x-papr-fault-clear
	guest_until 'test -s /tmp/one && test -s /tmp/two && test -s /tmp/three'
	guest cat /tmp/one /tmp/two /tmp/three
	assert_stdout $'5\n8\n5'
}
