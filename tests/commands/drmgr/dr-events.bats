#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr
# The example dr-events in a guest: a daemon that configures what the host plugs, without
# drmgr.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by cards

load ../../guest/verbs
load ../../lib/errd

teardown()
{
	stop_daemon
	unrecord
	cards_teardown
}

# The daemon, under strace where the guest has it.
start_daemon()
{
	local strace=

	guest_sh 'command -v strace'
	[[ $status -ne 0 || ${GUEST_KIND:-real} != real ]] ||
		strace='strace -f -o /tmp/calls -e trace=execve,execveat'
	guest_sh 'rm -f /tmp/calls /tmp/said; '"$strace"' /usr/lib/guest/dr-events >/tmp/said 2>&1 &'
}

stop_daemon()
{
	guest_sh 'kill $(pidof dr-events) 2>/dev/null; true'
	guest_until '! pidof dr-events'
}

said() # LINE
{
	guest_until "grep -qx '$1' /tmp/said"
}

@test "dr-events: cards that the host plugs are configured, and released, without drmgr" {
	local i

	record /bin/false
	start_daemon
	for i in 1 2 3; do
		plug n$i virtio-net-pci "$i" "$nic"
		said "pci add C$((8 * i)): done, $phb/ethernet@$i"
		assert_node "$phb/ethernet@$i"
	done
	guest_sh 'ls /sys/class/net | grep -c eth'
	assert_stdout 3
	for i in 3 1 2; do
		host device_del "{\"id\": \"n$i\"}"
		host_wait DEVICE_DELETED device=n$i
		forget n$i
		said "pci remove C$((8 * i)): done.*"
		refute_node "$phb/ethernet@$i"
	done
	stop_daemon
	guest_sh -0 'cat /tmp/said; test ! -e "$1" && ! grep -q drmgr.*= /tmp/calls 2>/dev/null' "$commands"
	refute_stdout --partial error
	refute_stdout --partial warning
	unrecord
	# the only program that was started is the daemon
	guest_sh 'test ! -e /tmp/calls || grep -c "exec" /tmp/calls'
	[[ -z $output || $output -eq 1 ]]
}

@test "dr-events: damaged events and refusals do not end it" {
	start_daemon
	[[ ${GUEST_KIND:-real} != sim ]] || inject_bytes e5 "${zeros}"
	plug n1 virtio-net-pci 1 "$nic"
	said "pci add C8: done, $phb/ethernet@1"
	# the card is removed by drmgr, before the host requests it
	guest -0 drmgr -c pci -r -n -s C8
	plug n2 virtio-net-pci 2 "$nic"
	said "pci add C16: done, $phb/ethernet@2"
	guest -0 pidof dr-events
	stop_daemon
}
