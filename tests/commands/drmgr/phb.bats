#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few kvm tarball sanitized drmgr
# A PCI host bridge with cards is added to the partition and removed.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/calls

bridge=/pci@800000020000001

# Plug a host bridge, with a card if its address is given.
plug_phb() # INDEX [ADDRESS-OF-A-CARD [DRIVER]]
{
	host device_add "{\"driver\": \"spapr-pci-host-bridge\", \"id\": \"phb$1\", \"index\": $1}"
	[[ -z ${2-} ]] ||
		host device_add "{\"driver\": \"${3-virtio-net-pci}\", \"id\": \"b$1\", \"bus\": \"phb$1.0\", \"addr\": \"$2\", $nic}"
}

# The host unplugs an empty host bridge.
take_phb() # INDEX
{
	host device_del "{\"id\": \"phb$1\"}"
	guest -0 drmgr -c phb -r -s "PHB $1"
	host_wait DEVICE_DELETED device="phb$1"
}

@test "a host bridge that does not exist is refused [io-57-absent io-exit-3 io-phb-query io-phb-unknown]" {
	guest -3 drmgr -c phb -Q -s 'PHB 1'
	guest -3 drmgr -c phb -Q -s 'PHB 99'
	guest -3 drmgr -c phb -r -s 'PHB 1'
	assert_stderr 'Could not find PHB PHB 1'
	guest -255 drmgr -c phb -a -s 'PHB 99'
	assert_stderr 'Could not find drc index for PHB 99, unable to add thePHB.'
	guest -255 drmgr -c phb -a -s 0x2fffffff
	assert_stderr 'Could not locate DRC name for DRC index: 0x2fffffff'
	guest -255 drmgr -c phb -a -s 'PHB 1'
	assert_stderr_line --partial 'Allocation failed for drc 20000001 with -3'
	guest -255 drmgr -c phb -a -q 1
	assert_stderr 'No PHB is available to this partition.'
	guest -5 drmgr -c phb -a -s 'PHB 0'
	assert_stderr 'PHB is already owned by this partition'
	refute_node $bridge
}

# bats test_tags=kvm
@test "an empty host bridge is added, queried, removed, added again [io-56 io-57 io-match-phb io-all-phb]" {
	plug_phb 1
	guest -0 drmgr -c phb -a -s 'PHB 1' --trace
	assert_stdout ''
	[ "$(grep -c 'get-sensor-state(9003, 0x400100.*-> 0' <<<"$stderr")" -eq 256 ]
	assert_stderr_line --regexp '^trace: write /sys/bus/pci/slots/control/add_slot PHB 1 = 5 '
	assert_node $bridge
	guest -5 drmgr -c phb -a -s 0x20000001
	guest -6 drmgr -c phb -Q -s 'PHB 1'
	guest -6 drmgr -c phb -Q -s 'PHB 1' --json
	assert_stdout --partial '"schema": "papr.lsslot/1"'
	[ "$(grep -c '"schema"' <<<"$output")" -eq 1 ]
	guest -0 drmgr -c phb -r -s 536870913
	refute_node $bridge
	guest -0 drmgr -c phb -a -q 1
	assert_stdout 'PHB 1 (0x20000001): configured'
	assert_node $bridge
	take_phb 1
	refute_node $bridge
}

# 55: each slot is sensed once. 59, bug-25: no write to slots of a removed bus.
# bats test_tags=kvm
@test "the calls for a host bridge are made in order [io-55 io-58 io-59 io-bug-25]" {
	plug_phb 1 1 virtio-rng-pci
	guest -0 drmgr -c phb -a -s 'PHB 1' --trace --backend ofdt
	assert_equal "$(own_calls 0x20000001)" 'S=2 I9003=1 I9001=1 ofdt add_slot'
	# each of its slots is read once, empty or not
	[ "$(grep -c 'get-sensor-state(9003, 0x400100' <<<"$stderr")" -eq 256 ]
	refute_stderr --regexp 'write /sys/bus/pci/slots/C6[0-9]*/power'
	guest -0 drmgr -c phb -r -s 0x20000001 --trace --backend ofdt
	# its slot is disabled, unless its bus was removed
	assert_equal "$(own_calls 0x20000001 | sed -E 's/ slot\*?( |$)/ /')" \
		'remove ofdt remove_slot ofdt S=1 I9001=0 I9003=0 S=2'
	# again: most slots of the first time still exist, on a bus that was removed
	guest -0 drmgr -c phb -a -s 'PHB 1' --trace
	refute_stderr --regexp 'write /sys/bus/pci/slots/C[0-9]*/power'
	host device_add '{"driver": "virtio-rng-pci", "id": "b2", "bus": "phb1.0", "addr": "2", "romfile": ""}'
	guest -0 drmgr -c pci -a -s C65552 -n --trace
	refute_stderr --regexp 'write /sys/bus/pci/slots/C[0-9]*/power'
	host device_del '{"id": "b2"}'
	guest -0 drmgr -c pci -r -s C65552 -n --trace
	refute_stderr --regexp 'write /sys/bus/pci/slots/C[0-9]*/power'
	host_wait DEVICE_DELETED device=b2
	host device_del '{"id": "b1"}'
	guest drmgr -c pci -r -s C65544 -n
	host_wait DEVICE_DELETED device=b1
	take_phb 1
}

# bats test_tags=no-kvm
@test "a host bridge is added with its card [log-12.3-phb]" {
	plug_phb 1 1
	guest -0 drmgr -c phb -a -s 0x20000001 --json
	assert_stdout --partial '"result": "done"'
	assert_stdout --regexp '"000[1-9]:00:01.0"'
	assert_node $bridge/ethernet@1
	guest_sh 'ls /sys/class/net'
	assert_stdout_line eth0
	# firmware has configured it too, so it is removed like the others
	host device_del '{"id": "b1"}'
	refute_event DEVICE_DELETED device=b1
	guest -0 drmgr -c pci -r -s C65544 -n
	host_wait DEVICE_DELETED device=b1
	take_phb 1
}

# bats test_tags=no-kvm
@test "a host bridge is removed with its card, and added again with later cards [io-phb-again]" {
	local n

	plug_phb 1 1
	for n in 1 2; do
		guest -0 drmgr -c phb -a -s 'PHB 1'
		guest -0 drmgr -c phb -r -s 'PHB 1'
		refute_node $bridge
		guest_sh 'ls /sys/bus/pci/devices'
		assert_stdout ''
	done
	guest -0 drmgr -c phb -a -s 'PHB 1'
	host device_add '{"driver": "virtio-net-pci", "id": "b2", "bus": "phb1.0", "addr": "2", "romfile": ""}'
	guest -0 drmgr -c pci -a
	assert_stdout --regexp '^C65552 \(0x40010010\): configured 000[1-9]:00:02.0 virtio-pci eth1$'
	for n in 1 2; do
		host device_del "{\"id\": \"b$n\"}"
		guest -0 drmgr -c pci -r -s "C$((65536 + 8 * n))" -n
		host_wait DEVICE_DELETED device=b$n
	done
	take_phb 1
}

@test "a step that fails leaves no change [io-exit-1-behind]" {
	guest_sh 'ls /proc/device-tree /sys/bus/pci/devices'
	local before=$output

	# first: a machine without faults skips the test before anything is plugged
	host x-papr-fault '{"call": "set-indicator", "status": -1, "nth": 4}'
	plug_phb 1 1
	guest -1 drmgr -c phb -a -s 'PHB 1'
	guest_sh 'ls /proc/device-tree /sys/bus/pci/devices'
	assert_equal "$output" "$before"
	guest -0 drmgr -c phb -a -s 'PHB 1'
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host device_del '{"id": "b1"}'
	host device_del '{"id": "phb1"}'
}

@test "the first host bridge is removed and added [io-phb-first]" {
	guest -0 drmgr -c phb -r -s 'PHB 0'
	refute_node $phb
	guest -0 drmgr -c phb -a -s 'PHB 0'
	assert_node $phb
}

# QEMU has no logical slots.
@test "logical slots: QEMU has none [io-63 io-64 io-slot-type]" {
	local action

	for action in -Q -r; do
		guest -3 drmgr -c slot $action -s x
		assert_stderr $'There are no DR capable slots on this system\nx does not exist'
	done
	guest -255 drmgr -c slot -a -s x
	assert_stderr_line 'Could not find drc index for x, unable to add theslot.'
	guest -255 drmgr -c slot -a -s C0 --trace
	assert_stderr $'There are no DR capable slots on this system\nC0 is not a SLOT connector'
}

@test "ports are not supported, nor credits of a missing accelerator [io-65 io-66 io-port log-7-missing log-12.4-acc]" {
	local line

	for line in '-c port -a -s Port1' '-c port -Q -s Port1' '-c slot -r -s HEA1'; do
		# shellcheck disable=SC2086 # words
		guest -255 drmgr $line
		assert_stderr $'Validating HEA DLPAR capability...no.\n    stat("/sys/bus/ibmebus/probe"): No such file or directory\nDLPAR HEA operations are not supported onthis kernel'
	done
	guest -255 drmgr -c acc -t gzip -q 1
	assert_stderr 'Could not open "/sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/update_total_credits" to write QoS credits'
}

@test "all or nothing: fewer than requested are released again [io-all-or-nothing-phb]" {
	plug_phb 1
	guest -255 drmgr -c phb -a -q 2 --all-or-nothing --json
	[ "$(json_values undo)" = complete ]
	[ "$(json_values 'done')" = 0 ]
	assert_stdout_line --partial '"message": "Only 1 of 2 requested PHBs are available to this partition."'
	refute_node $bridge
	guest -1 test -e /run/drmgr/journal
	guest drmgr -c phb -a -q 2 --all-or-nothing --dry-run
	refute_node $bridge
	guest -64 drmgr -c phb -a -q 2
	assert_node $bridge
	take_phb 1
}
