#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What only a simulated guest and its machine can be made to do: calls and writes that
# fail when they are told to, and that drmgr then leaves nothing behind.

load guest/verbs
load cards

setup_file()
{
	guest_boot -smp 1,maxcpus=4
}

teardown_file()
{
	guest_down
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

# The next of these fails.
fault() # CALL JSON-MEMBERS
{
	host x-papr-fault "{\"call\": \"$1\", $2}"
}

# The card in slot 1: not added, or nothing of it left.
nothing_is_left()
{
	refute_node $phb/ethernet@1
	guest ls /sys/bus/pci/devices
	assert_stdout ''
	host x-papr-drc '{"index": "0x40000008"}'
	assert_equal "$host_reply" "$before"
}

# An addition that fails: drmgr says it, and leaves things as they were.
fails() # DRMGR-OPTION...
{
	guest drmgr -c pci -a -s C8 -n "$@"
	assert_status 255
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
	guest drmgr -c pci -a -s C8 -n "$@"
	assert_status 0
	assert_node $phb/ethernet@1
}

@test "a write to a file of the kernel fails, by any of its names, so often as asked" {
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

@test "the rtas system call fails with an error of the kernel's" {
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

@test "drmgr undoes an addition when the kernel's own way fails" {
	guest grep -q dt /sys/kernel/dlpar
	[[ $status -eq 0 ]] || skip "this kernel has none"
	plugged_card
	fault write:/sys/kernel/dlpar '"errno": "ENOMEM"'
	fails --backend dlpar
	now_it_works --backend dlpar
}

# drmgr isolates a card first, and unisolates it for the walk.
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

@test "drmgr undoes an addition when a walk fails, and bears delays" {
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
