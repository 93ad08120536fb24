#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr rtas-event
# rtas-event in a guest: the kernel's own log of events.

load ../../guest/verbs
load ../../lib/cards

log=/proc/ppc64/rtas/error_log

setup()
{
	cards_setup
	guest rtas-event $log
}

# One line, with the kernel's number.
assert_plugged() # INDEX
{
	assert_regex "$output" "^#[0-9]+ hotplug add pci drc-index $1[[:space:]]*$"
}

@test "rtas-event prints each unread event once" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 rtas-event --line $log
	assert_stderr ''
	assert_plugged 0x40000008
	guest -0 rtas-event --line $log
	assert_stdout ''
	guest -0 rtas-event --json $log
	guest drmgr -c pci -a
}

@test "--follow prints new events" {
	guest -0 sh -c "rtas-event --line --follow $log >/tmp/seen 2>&1 & echo \$!"
	reader=$output
	plug n0 virtio-net-pci 2 "$nic"
	guest_until 'grep hotplug /tmp/seen'
	assert_plugged 0x40000010
	guest_sh -0 'kill $1' "$reader"
	guest drmgr -c pci -a
}
