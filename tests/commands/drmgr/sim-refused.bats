#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim sanitized drmgr
# Slots and host bridges: firmware and the kernel refuse each step in turn. drmgr reports
# it, and leaves no change. For the simulated guest.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/calls

rest='I9001=0 P0 I9002=0'
hardware='Hardware error. You must correct this error before
attempting any further dynamic reconfiguration operations.
Check the system error log for more information.'
software='Internal software error. Contact your service representative.'

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

add()
{
	guest drmgr -c pci -a -s C8 -n --backend ofdt --trace "$@"
}

remove()
{
	guest drmgr -c pci -r -s C8 -n --backend ofdt --trace "$@"
}

# After the failure there is no change, and the card can be added.
add_fails() # CALLS
{
	assert_status 255
	assert_calls "$1"
	refute_node $phb/ethernet@1
	guest ls /sys/bus/pci/devices
	assert_stdout ''
	host x-papr-drc '{"index": "0x40000008"}'
	assert_equal "$host_reply" "$before"
}

card()
{
	plug n0 virtio-net-pci 1 "$nic"
	host x-papr-drc '{"index": "0x40000008"}'
	before=$host_reply
}

then_it_works()
{
	host x-papr-fault-clear
	add
	assert_status 0
	assert_calls "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC ofdt slot"
}

@test "the sensor fails, or reports no configurable card [io-27 io-30 io-bug-3]" {
	card
	fault get-sensor-state '"status": -1'
	add
	assert_stderr --partial "$hardware"
	add_fails "I9001=0 P0 I9002=1 S=-1 $rest"
	for state in 2 3 4; do
		fault get-sensor-state "\"status\": 0, \"rets\": [$state]"
		add
		assert_stderr --partial "$software"
		add_fails "I9001=0 P0 I9002=1 S=$state $rest"
	done
	then_it_works
}

@test "the sensor requires power, or power without isolation [io-28 io-29]" {
	card
	fault get-sensor-state '"status": -9001'
	add
	assert_status 0
	assert_calls 'I9001=0 P0 I9002=1 S=-9001 P100 S=1 I9001=1 CC ofdt slot'
	remove
	fault get-sensor-state '"status": -9000'
	add
	assert_status 0
	assert_calls 'I9001=0 P0 I9002=1 S=-9000 P100 I9001=1 S=1 CC ofdt slot'
}

@test "the bus is too fast for the card [io-31]" {
	card
	fault set-power-level '"status": -9000, "nth": 2'
	add
	assert_stderr --partial 'Add operation failed. The 33MHz PCI card may
not be added to the PCI bus with another adapter
running at 66 MHz.'
	add_fails "I9001=0 P0 I9002=1 S=1 P100!-9000 $rest"
	then_it_works
}

@test "an indicator is refused in an addition [io-32 io-33]" {
	card
	fault set-indicator '"status": -1, "nth": 1'
	add
	assert_stderr --partial "$hardware"
	add_fails 'I9001=0!-1'
	fault set-indicator '"status": -1, "nth": 2'
	add
	assert_stderr --partial "$hardware"
	add_fails 'I9001=0 P0 I9002=1!-1'
	fault set-indicator '"status": -1, "nth": 3'
	add
	assert_stderr --partial "$hardware"
	add_fails "I9001=0 P0 I9002=1 S=1 P100 I9001=1!-1 $rest"
	fault set-indicator '"status": -9000, "nth": 3'
	add
	assert_stderr --partial "$software"
	add_fails "I9001=0 P0 I9002=1 S=1 P100 I9001=1!-9000 $rest"
	then_it_works
}

@test "an indicator is refused in a removal: the card is not changed [io-33-remove]" {
	card
	add
	fault set-indicator '"status": -1'
	remove
	assert_status 255
	assert_stderr --partial "$hardware"
	assert_calls 'I9002=1!-1'
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
}

# Row: status, the call that returns it, words.
# 34: the first answer is -9002. 35: a later answer is -1.
@test "a configuration is refused: drmgr reads it to its end, and the next one works [io-34 io-35 io-exit-255 io-walk-texts]" {
	local status_ nth words

	card
	while IFS='|' read -r status_ nth words; do
		fault ibm,configure-connector "\"status\": $status_, \"nth\": $nth"
		add
		assert_stderr --partial "$words"
		assert_stderr --partial 'Configure_connector failed for drc index 40000008'
		# in the middle of a configuration, isolation fails first
		stderr=$(sed 's/^\(trace: .*(9001.*\) = -3 (no such indicator, or refused.*/trace: -3/' <<<"$stderr")
		add_fails 'I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC I9001=0 P0 I9002=0'
		then_it_works
		remove
	done <<-'ROWS'
		-9002|1|not supported in the specified slot
		-9002|3|not supported in the specified slot
		-9001|2|the supported combinations of adapters that may be attached
		-9003|1|This adapter is currently unusable, available for exchange or available for recovery
		-1|5|Hardware error.
		-7|2|Internal software error.
	ROWS
}

@test "the kernel refuses the node: the addition is undone [io-39]" {
	card
	fault write:/proc/ppc64/ofdt '"errno": "EINVAL"'
	add
	assert_stderr --partial 'Write to /proc/ppc64/ofdt failed: Invalid argument'
	assert_stderr --partial "$software"
	add_fails "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC ofdt!EINVAL $rest"
	then_it_works
}

@test "the kernel refuses to remove the node: Linux keeps its device [io-43]" {
	card
	add
	fault write:/proc/ppc64/ofdt '"errno": "EBUSY"'
	remove
	assert_status 255
	assert_stderr --partial 'Write to /proc/ppc64/ofdt failed: Device or resource busy'
	refute_stderr --partial 'set-indicator(9001'
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
	assert_node $phb/ethernet@1
	host x-papr-fault-clear
	remove
	assert_status 0
}

@test "translations in use: drmgr repeats the request; another refusal is rolled back [io-44]" {
	card
	add
	fault set-indicator '"status": -9001, "nth": 2, "count": 3'
	remove
	assert_status 0
	assert_equal "$(calls | sed 's/slot\*/slot/')" \
		'I9002=1 remove slot ofdt I9001=0!-9001* I9001=0 P0 I9002=0'
	host x-papr-fault-clear
	add
	fault set-indicator '"status": -9000, "nth": 2'
	remove
	assert_status 255
	assert_stderr --partial 'set-indicator(9001, 0x40000008, 0) = -9000'
	assert_node $phb/ethernet@1
	guest -0 test -e /sys/bus/pci/devices/0000:00:01.0
	remove
	assert_status 0
}

@test "the kernel's configuration fails: drmgr does it, unless that backend was named [io-69]" {
	guest grep -qw dt /sys/kernel/dlpar
	[[ $status -eq 0 ]] || skip 'this kernel does not walk'
	card
	fault write:/sys/kernel/dlpar '"errno": "EIO"'
	guest -0 drmgr -c pci -a -s C8 -n --trace
	assert_calls 'I9001=0 P0 I9002=1 S=1 P100 I9001=1 dt!EIO CC I9001=0 I9001=1 CC ofdt slot'
	remove
	fault write:/sys/kernel/dlpar '"errno": "EIO"'
	guest drmgr -c pci -a -s C8 -n --trace --backend dlpar
	assert_stderr --partial 'Write to /sys/kernel/dlpar failed: Input/output error'
	assert_status 255
	refute_node $phb/ethernet@1
	fault write:/sys/kernel/dlpar '"errno": "EPERM"'
	guest -255 drmgr -c pci -a -s C8 -n --trace
	assert_equal "$(calls | tr ' ' '\n' | grep -c ofdt)" 0
	then_it_works
}

@test "a configuration that has begun continues after the deadline [io-bug-10]" {
	card
	fault ibm,configure-connector '"delay": 9903, "nth": 3, "count": 2'
	add -w 1s
	assert_status 0
	assert_calls "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC ofdt slot"
	assert_stderr --partial '= 9903 (busy, extended delay)'
}

@test "a signal at a question stops drmgr, one in a configuration waits for its end [io-75]" {
	card
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'rm -f /tmp/answers /tmp/out /tmp/err; mkfifo /tmp/answers
		drmgr -c pci -a -s C8 --trace </tmp/answers >/tmp/out & pid=$!; exec 3>/tmp/answers
		wait_until "grep -qs indicator /tmp/out"; kill -TERM $pid; wait $pid'
	add_fails 'I9002=2 I9002=0'
	fault ibm,configure-connector '"delay": 9902, "nth": 3, "count": 3'
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'drmgr -c pci -a -s C8 -n --backend ofdt --trace 2>/tmp/err & pid=$!
		wait_until "grep -qs configure-connector /tmp/err"; kill -TERM $pid; wait $pid; s=$?
		cat /tmp/err >&2; exit $s'
	assert_stderr_line --regexp 'ibm,configure-connector\(0x[0-9a-f]+, 0\) = 0 \(complete\)'
	assert_stderr_line --partial 'stopped by a signal'
	assert_stderr_line 'Received signal 15, attempting to cleanup and exit'
	assert_status 255
	add_fails "$(calls)"
	then_it_works
}

@test "function 1 without its slot driver waits for function 0, and a message says so [io-53-warning]" {
	plug f1 virtio-net-pci 3.1 "$nic, \"multifunction\": true"
	fault write:/sys/bus/pci/slots/C25/power '"errno": "EIO"'
	guest -0 drmgr -c pci -a -s C25 -n
	assert_stderr 'C25: no device yet: function 0 of the card is not configured'
	assert_node $phb/ethernet@3,1
	guest ls /sys/bus/pci/devices
	assert_stdout ''
	function_0_follows
}

bridge=0x20000001

plug_phb()
{
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	host x-papr-drc "{\"index\": \"$bridge\"}"
	before=$host_reply
}

@test "a host bridge: each step of acquiring it is refused [io-61 io-62 io-phb-texts]" {
	plug_phb
	fault get-sensor-state '"status": 0, "rets": [1]'
	guest -255 drmgr -c phb -a -s 'PHB 1' --trace
	assert_stderr --partial $'Entity sense failed for drc 20000001 with 1\nResource is already assigned to the partition.'
	assert_equal "$(own_calls $bridge)" 'S=1'
	fault set-indicator '"status": -3'
	guest -255 drmgr -c phb -a -s 'PHB 1' --trace
	assert_stderr --partial $'Allocation failed for drc 20000001 with -3\nNo such indicator implemented.'
	assert_equal "$(own_calls $bridge)" 'S=2 I9003=1!-3'
	fault set-indicator '"status": -9000, "nth": 2'
	guest -255 drmgr -c phb -a -s 'PHB 1' --trace
	assert_stderr --partial $'Unisolate failed for drc 20000001 with -9000\nMulti-level isolation error.'
	assert_equal "$(own_calls $bridge)" 'S=2 I9003=1 I9001=1!-9000 I9003=0'
	# The walk must be read to its end before the connector can be isolated. That is no
	# failure of the undo.
	fault ibm,configure-connector '"status": -1, "nth": 20'
	guest -255 drmgr -c phb -a -s 'PHB 1'
	assert_stderr --partial 'Configure_connector failed for drc index 20000001'
	refute_stderr --partial 'undo:'
	host x-papr-drc "{\"index\": \"$bridge\"}"
	assert_equal "$host_reply" "$before"
	host device_del '{"id": "phb1"}'
	host_wait DEVICE_DELETED device=phb1
}

@test "a host bridge: translations stay in use, and the removal is rolled back [io-60 io-bug-17]" {
	plug_phb
	guest drmgr -c phb -a -s 'PHB 1' --backend ofdt
	fault set-indicator '"status": -9001, "count": 4'
	guest -0 drmgr -c phb -r -s 'PHB 1' --backend ofdt --trace
	assert_equal "$(own_calls $bridge)" 'remove_slot ofdt S=1 I9001=0!-9001* I9001=0 I9003=0 S=2'
	guest drmgr -c phb -a -s 'PHB 1' --backend ofdt
	fault set-indicator '"status": -9001, "count": 0'
	guest -255 drmgr -c phb -r -s 'PHB 1' -w 1s --backend ofdt --trace
	assert_stderr --partial $'Isolation failed for 20000001 with -9001\nValid outstanding translations exist.'
	host x-papr-fault-clear
	assert_node /pci@800000020000001
	guest_sh 'ls /sys/class/pci_bus | wc -l'
	assert_stdout 2
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host device_del '{"id": "phb1"}'
	host_wait DEVICE_DELETED device=phb1
}

# This test comes last: QEMU does not remove a bridge.
@test "a bridge with two cards: a later node is refused, and all are undone [io-40]" {
	local nth

	host device_add '{"driver": "pci-bridge", "id": "br", "addr": "6", "chassis_nr": 1}'
	host device_add '{"driver": "virtio-net-pci", "id": "b1", "bus": "br", "addr": "2", "romfile": ""}'
	host device_add '{"driver": "e1000", "id": "b2", "bus": "br", "addr": "3", "romfile": ""}'
	for nth in 2 3; do
		fault write:/proc/ppc64/ofdt "\"errno\": \"EINVAL\", \"nth\": $nth"
		guest -255 drmgr -c pci -a -s C48 -n --backend ofdt --trace
		assert_stderr --partial 'Write to /proc/ppc64/ofdt failed: Invalid argument'
		host x-papr-fault-clear
		refute_node $phb/pci@6
		guest ls /sys/bus/pci/devices
		assert_stdout ''
	done
	guest -0 drmgr -c pci -a -s C48 -n --backend ofdt
	assert_node $phb/pci@6/ethernet@2
	assert_node $phb/pci@6/ethernet@3
}

# The addition of the second of two cards is refused, and cannot be undone either.
two_cards() # NTH COUNT OPTION...
{
	plug a virtio-net-pci 1 "$nic"
	plug b virtio-net-pci 2 "$nic"
	fault set-indicator "\"nth\": $1, \"count\": $2, \"status\": -1"
	guest drmgr -c pci -a --all-or-nothing --backend ofdt "${@:3}"
	host x-papr-fault-clear
	assert_status 65
	assert_stderr --partial 'C16 (0x40000010): not undone: isolation power'
	refute_node $phb/ethernet@2
}

@test "all or nothing, an undo fails: the journal has the remaining steps" {
	two_cards 6 3
	assert_node $phb/ethernet@1
	refute_stderr --partial 'C8 (0x40000008): not undone'
	guest -0 drmgr --recover
	refute_node $phb/ethernet@1
}

@test "all or nothing, an undo fails without a journal: the others are undone, or named" {
	guest sh -c 'rm -rf /run/drmgr && touch /run/drmgr'
	two_cards 6 3
	refute_node $phb/ethernet@1
	assert_stderr --partial 'continuing without a journal'
	refute_stderr --partial 'C8 (0x40000008): not undone'
	host device_del '{"id": "a"}'
	host device_del '{"id": "b"}'

	two_cards 6 0
	assert_node $phb/ethernet@1
	assert_stderr --partial 'C8 (0x40000008): not undone'
	guest rm /run/drmgr
}
