#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest sanitized drmgr
# Slots: the calls of firmware and the writes to the kernel, in their order, with output
# and exit status.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/calls

# Calls that configure a connector, for the lists below.
walked='CC ofdt'

# Add the card in slot 1 without the kernel's help: kernels that configure have fewer
# calls.
add()
{
	guest drmgr -c pci -a -s C8 -n --backend ofdt --trace "$@"
}

remove()
{
	guest drmgr -c pci -r -s C8 -n --backend ofdt --trace "$@"
}

@test "an addition: isolate, power off, LED, sense, power on, unisolate, configure, write, scan [io-20 io-21]" {
	local key

	plug n0 virtio-net-pci 1 "$nic"
	for key in C8 0x40000008 1073741832; do
		guest -0 drmgr -c pci -a -s "$key" -n --backend ofdt --trace
		assert_calls "I9001=0 P0 I9002=1 S=1 P100 I9001=1 $walked slot"
		guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
		remove
	done
}

@test "an occupied slot: only its LED is set [io-22]" {
	plug n0 virtio-net-pci 1 "$nic"
	add
	add
	assert_status 255
	assert_stderr_line 'The specified PCI slot is already occupied.'
	assert_calls 'I9002=1'
}

@test "a removal does not change the neighbour; the last removal disables the slot [io-23 io-bug-22-led]" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	guest drmgr -c pci -a
	remove
	assert_status 0
	assert_calls 'I9002=1 remove ofdt I9001=0 P0 I9002=0'
	guest ls /sys/bus/pci/devices
	assert_stdout 0000:00:02.0
	guest -0 drmgr -c pci -r -s C16 -n --backend ofdt --trace
	assert_equal "$(calls 0x40000010 | sed 's/slot\*/slot/')" \
		'I9002=1 remove slot ofdt I9001=0 P0 I9002=0'
	# the first card's slot driver counts it as configured until its removal, which is
	# last
	add
	assert_calls "I9001=0 P0 I9002=1 S=1 P100 I9001=1 $walked slot rescan"
}

@test "a removal from an empty slot sets and clears the LED [io-24]" {
	remove
	assert_status 255
	assert_stderr_line 'There is no configured card to remove from the specified PCI slot.'
	assert_calls 'I9002=1 I9002=0'
}

@test "an addition without a card polls the sensor, and restores the slot [io-25]" {
	add -w 1s
	assert_status 255
	assert_stderr_line 'No PCI card was detected in the specified PCI slot.'
	assert_calls 'I9001=0 P0 I9002=1 S=0* I9001=0 P0 I9002=0'
}

@test "an addition continues when the card is plugged [io-26]" {
	guest_sh 'drmgr -c pci -a -s C8 -n --backend ofdt --trace >/tmp/out 2>&1 & echo $! >/tmp/waits
		wait_until "[ \$(grep -c sensor-state /tmp/out) -gt 2 ]"'
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'grep -q power-level.*100 /tmp/out && ! kill -0 "$(cat /tmp/waits)" 2>/dev/null'
	guest cat /tmp/out
	stderr=$output
	assert_calls "I9001=0 P0 I9002=1 S=0* S=1 P100 I9001=1 $walked slot"
	assert_node $phb/ethernet@1
}

@test "a slot in the middle of a configuration is read to its end, then added [io-36]" {
	plug n0 virtio-net-pci 1 "$nic"
	guest /usr/lib/guest/halfwalk 0x40000008 4
	add
	assert_status 0
	assert_calls "I9001=0!-3 CC I9001=0 P0 I9002=1 S=1 P100 I9001=1 $walked slot"
}

@test "isolation completes the host's unplug [io-46]" {
	plug n0 virtio-net-pci 1 "$nic"
	add
	host device_del '{"id": "n0"}'
	refute_event DEVICE_DELETED device=n0
	remove
	assert_status 0
	host_wait DEVICE_DELETED device=n0
	forget n0
}

# answer TEXT: type TEXT at the prompts of drmgr.
answer() # TEXT DRMGR-OPTION...
{
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'text=$1; shift; printf "$text" | drmgr -c pci -s C8 --backend ofdt --trace "$@"' "$@"
}

@test "prompts: two Enters add a card [io-47 io-prompt-1 io-prompt-2]" {
	plug n0 virtio-net-pci 1 "$nic"
	answer '\n\n' -a
	assert_status 0
	assert_calls "I9002=2 I9001=0 P0 I9002=3 I9002=1 S=1 P100 I9001=1 $walked slot"
	assert_stdout 'The visual indicator for the PCI slot <C8>
has been set to the identify state. Press Enter to
continue or enter x to exit.
The visual indicator for the PCI slot <C8>
has been set to the action state. Insert the PCI
card into the identified slot, connect any devices
to be configured and press Enter to continue.
Enter x to exit.'
}

@test "prompts: no to the first question changes nothing [io-48 io-identify]" {
	local word

	plug n0 virtio-net-pci 1 "$nic"
	for word in 'x\n' 'q\n' 'yes\n' ' \n'; do
		answer "$word" -a
		assert_status 0
		assert_calls 'I9002=2 I9002=0'
		answer "$word" -i
		assert_status 255
		assert_calls 'I9002=2 I9002=0'
	done
	answer '' -a
	assert_status 255
	assert_stderr_line 'Specify -n to run without prompts.'
	assert_calls 'I9002=2 I9002=0'
	add
	answer x -r
	assert_status 255
	assert_calls 'I9002=2 I9002=1'
	answer x -R
	assert_status 255
	assert_calls 'I9002=2 I9002=1'
	answer x -i
	assert_status 255
	assert_calls 'I9002=2 I9002=1'
	answer '\n' -i
	assert_status 0
	assert_calls 'I9002=2 I9002=1'
	assert_node $phb/ethernet@1
}

@test "prompts: no to the second question leaves the slot isolated and off [io-49 io-opt-I io-prompt-lines]" {
	plug n0 virtio-net-pci 1 "$nic"
	answer x -a -I
	assert_status 0
	assert_calls 'I9001=0 P0 I9002=3 I9002=0'
	refute_node $phb/ethernet@1
	# a whole line is read: the Enter after x is not another answer
	answer 'x\n\n' -a
	assert_calls 'I9002=2 I9002=0'
}

@test "prompts: the card is still missing [io-50 io-prompt-3]" {
	answer '\n\n' -a -w 1s
	assert_status 255
	assert_stdout --partial 'The card still does not appear to be present
press Enter to continue to wait or enter '\''x'\'' to exit.'
	assert_stderr_line 'Specify -n to run without prompts.'
	assert_calls 'I9002=2 I9001=0 P0 I9002=3 I9002=1 S=0* I9001=0 P0 I9002=0'
}

@test "prompts: Enter removes a card [io-prompt-4]" {
	local word

	plug n0 virtio-net-pci 1 "$nic"
	for word in '\n\n' '\nx\n' '\n'; do
		add
		answer "$word" -r
		assert_status 0
		assert_equal "$(calls | sed 's/slot\*/slot/')" \
			'I9002=2 I9002=1 remove slot ofdt I9001=0 P0 I9002=3 I9002=0'
		assert_stdout --partial 'The visual indicator for the specified PCI slot has
been set to the action state. Remove the PCI card
from the identified slot and press Enter to continue.'
	done
}

@test "prompts: a replacement; no after the removal of the old card [io-51 io-52 io-prompt-5]" {
	local out='I9002=2 I9002=1 remove slot ofdt I9001=0 P0 I9002=3'

	plug n0 virtio-net-pci 1 "$nic"
	add
	answer '\n\n' -R
	assert_status 0
	assert_equal "$(calls | sed 's/slot\*/slot/')" "$out I9002=1 S=1 P100 I9001=1 $walked slot"
	assert_stdout --partial 'The visual indicator for the specified PCI slot <C8>
has been set to the action state. Replace the PCI
card in the identified slot and press Enter to continue.
Enter x to exit. Exiting now leaves the PCI slot
in the removed state.'
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
	answer '\nx\n' -R
	assert_status 0
	assert_equal "$(calls | sed 's/slot\*/slot/')" "$out I9002=0"
	refute_node $phb/ethernet@1
}

@test "identify without prompts sets the LED, which stays on [io-bug-22]" {
	guest -0 drmgr -c pci -i -n -s C8 --trace
	assert_stdout ''
	assert_calls 'I9002=2'
}

@test "-H: isolation and power are not changed [io-opt-H]" {
	plug n0 virtio-net-pci 1 "$nic"
	add -H
	assert_status 0
	assert_calls "I9002=1 S=1 P100 I9001=1 $walked slot"
	remove -H
	assert_status 0
	assert_equal "$(calls | sed 's/slot\*/slot/')" 'I9002=1 remove slot ofdt'
	add # the next removal isolates
}

@test "-V repeats the default [io-opt-V]" {
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	add -V
	assert_status 0
	assert_calls "I9001=0 P0 I9002=1 S=1 P100 I9001=1 $walked slot"
	guest drmgr -c pci -a -s C16 -n
	remove -V
	assert_status 0
	assert_calls 'I9002=1 remove ofdt I9001=0 P0 I9002=0'
	guest ls /sys/bus/pci/devices
	assert_stdout 0000:00:02.0
}

# The slot driver needs the node, a scan of the bus needs function 0.
@test "function 1 of a card has no device until function 0 is added [io-53]" {
	plug f1 virtio-net-pci 3.1 "$nic, \"multifunction\": true"
	guest -0 drmgr -c pci -a -s C25 -n
	assert_stderr 'C25: no device yet: function 0 of the card is not configured'
	assert_node $phb/ethernet@3,1
	# Otherwise, a slot's driver would use it too.
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n
	guest ls /sys/bus/pci/devices
	assert_stdout 0000:00:01.0
	guest drmgr -c pci -r -s C8 -n
	function_0_follows
}

# drmgr's trace equals the machine's.
@test "the machine receives the calls that drmgr prints" {
	local name call

	plug n0 virtio-net-pci 1 "$nic"
	host x-papr-trace '{"enable": true}'
	add
	assert_status 0
	for name in set-indicator set-power-level get-sensor-state ibm,configure-connector; do
		while read -r call; do
			host_wait X_PAPR_CALL "name=$name"
		done < <(grep -F "trace: rtas $name(" <<<"$stderr")
	done
	# the slot driver reads the sensor once more
	for name in set-indicator set-power-level ibm,configure-connector; do
		refute_event X_PAPR_CALL "name=$name"
	done
	host x-papr-trace '{"enable": false}'
}
