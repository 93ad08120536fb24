#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim all drmgr
# Kernels that forbid calls of firmware with a work area: lockdown, or no /dev/mem. Run every
# operation that changes a machine, and let one call or write fail. An undo must not need
# what the kernel forbids, so status 65 is always wrong.
#
# POLICY=all: each operation on each kernel; otherwise few. With it, POLICY_PROFILE and
# POLICY_LOCK: only these.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	socket=$BATS_FILE_TMPDIR/policy
}

teardown()
{
	guest_down
}

matrix_booted()
{
	[[ $lock != no-mem ]] || guest rm /dev/mem
}

# MACHINE; PROFILE; LOCK; ROW; STEP, all patterns: what no interface of that kernel can undo.
# Without a step: what none can do. Firmware continues a walk that Linux gave up (QEMU), or
# there is nothing that walks. An EIO does not tell whether the kernel set a core's connector
# unisolated again. The first walk for a card or host bridge of QEMU's machine is that of a
# connector without a resource, as a trial.
impossible='
*;6.1;!(none);@(pci|phb|slot)-*;
qemu;!(6.1);!(none);@(pci|phb)-*;ibm,configure-connector #!([12] *)
qemu;!(6.1);!(none);!(pci|phb)-*;ibm,configure-connector #!(1 *)
*;6.1;!(none);cpu-a*;ibm,configure-connector *
*;6.1;!(none);cpu-r*;@(set-indicator *|write:*EIO)
lpar;!(6.1);!(none);cpu-r*;@(set-indicator *|write:*EIO)
*;*;!(none);mem-a*;ibm,configure-connector *
*;*;!(none);mem-r*;set-indicator #*([0-9])[02468] *
'

# Set impossible_step to the row's pattern, if there is one.
find_impossible()
{
	local machine profile locks name step

	while IFS=';' read -r machine profile locks name step; do
		# shellcheck disable=SC2053 # patterns
		if [[ $row_machine == $machine && $GUEST_PROFILE == $profile && $lock == $locks &&
			$row_name == $name ]]; then
			impossible_step=$step
			return 0
		fi
	done <<<"$impossible"
	return 1
}

new_machine()
{
	guest_down
	matrix_boot "$row_machine" -qmp "unix:$socket,server=on,wait=off"
	matrix_booted
}

# The command, or the one that it needs before, is refused without a change.
refused()
{
	local before='' after

	# The guest has just started.
	wait_until 'after=$before; before=$(matrix_state) && [[ $before == "$after" ]]'
	guest_sh "$row_before && $row_command"
	assert_stderr --regexp '^(The device tree cannot be changed|No node can be attached) through '
	assert_status 255
	after=$(matrix_state)
	diff <(echo "$before") <(echo "$after")
}

row()
{
	local said status=0 options=() fault_options impossible_step=none

	find_impossible && options=(-i "$impossible_step")
	if [[ -z $impossible_step ]]; then
		refused
		return
	fi
	matrix_fault_options
	options+=("${fault_options[@]}")
	matrix_run faults -p "${options[@]}" || status=$?
	sed -n "\$s/^/# $GUEST_PROFILE, $lock: /p" "$said" >&3
	((status != 3 && status != 125)) || new_machine # for the remaining rows
	return $((status == 3 ? 0 : status))
}

policy() # MACHINE NAME-PATTERN
{
	local lock wrong=0

	if [[ ${POLICY-} != all ]]; then
		POLICY_PROFILE=6.12 POLICY_LOCK=integrity
		: "${MATRIX_ROWS:=@(pci-a|pci-r-bridge|phb-r|cpu-r|cpu-a-2-whole|mem-?-index|slot-r-pci)}"
	fi
	for GUEST_PROFILE in ${POLICY_PROFILE:-6.1 6.12 current}; do
		for lock in ${POLICY_LOCK:-none integrity confidentiality no-mem}; do
			export GUEST_PROFILE GUEST_LOCKDOWN=${lock/no-mem/none}
			matrix_each "$1" first "$2" row
			((wrong |= matrix_wrong)) || true
		done
	done
	return "$wrong"
}

@test "cards" {
	policy qemu 'pci-*'
}

@test "host bridges" {
	policy qemu 'phb-*'
}

@test "cores" {
	policy qemu 'cpu-*'
}

@test "cores with threads and caches, several at once" {
	policy lpar 'cpu-*'
}

@test "memory" {
	policy lpar 'mem-*'
}

@test "virtual adapters, accelerators" {
	policy lpar '@(slot-*|acc)'
}

# ---- The ends of single operations ----

# Boot a kernel, and note the state.
begin() # MACHINE PROFILE LOCK ROW
{
	lock=$3
	export GUEST_PROFILE=$2 GUEST_LOCKDOWN=${lock/no-mem/none} GUEST_DT_OVERLAY=no
	matrix_row "$4"
	matrix_boot "$1"
	guest_needed
	matrix_booted
	state=$(matrix_state)
}

as_before()
{
	diff <(echo "$state") <(matrix_state)
}

fault() # JSON-MEMBERS
{
	host x-papr-fault "{$1}"
}

@test "6.1 with lockdown: what a killed run has left does not block" {
	begin qemu 6.1 integrity cpu-r
	fault '"call": "write:/sys/kernel/dlpar", "hold": true'
	guest_sh 'drmgr -c cpu -r -s "CPU 1" >/dev/null 2>&1 &
		wait_until "grep -qs cpu-remove /run/drmgr/journal"
		kill -9 $!'
	host x-papr-fault-clear
	guest -0 drmgr -c pci -i -s C8 -n
	refute_stderr --partial 'kernel lockdown'
	guest -1 test -e /run/drmgr/journal
	as_before
}

# Firmware refuses the deallocation. The kernel sets the core unisolated again, and neither it
# nor drmgr can walk it: firmware would refuse each further removal.
@test "6.1 with lockdown: a core that cannot be walked stays incomplete, with 65" {
	begin qemu 6.1 integrity cpu-r
	fault '"call": "set-indicator", "nth": 2, "status": -1'
	guest -65 drmgr -c cpu -r -s 'CPU 1'
	assert_stderr --partial 'Reason: pseries-hotplug-cpu: Failed to release drc (10000001)'
	host x-papr-fault-clear
	for command in --recover '-c cpu -r -s 0x10000001'; do
		# shellcheck disable=SC2086 # words
		guest -65 drmgr $command
		assert_stderr --partial 'step cpu-isolation of PID'
	done
}

@test "6.12 with lockdown: the kernel walks such a core, and then it can be removed" {
	begin qemu 6.12 integrity cpu-r
	fault '"call": "set-indicator", "nth": 2, "status": -1'
	guest_sh 'drmgr -c cpu -r -s "CPU 1"'
	refute_stderr --partial 'not undone'
	host x-papr-fault-clear
	as_before
	guest -0 drmgr -c cpu -r -s 'CPU 1'
	guest -0 drmgr -c cpu -a -s 'CPU 1'
}

@test "6.1 without /dev/mem: a removal that could not be undone is refused" {
	local row_command

	begin qemu 6.1 no-mem pci-r
	for row_command in "$row_command" 'drmgr -c phb -r -s "PHB 1"'; do
		row_before=true
		refused
		assert_stderr --partial ', also not to undo a removal: '
	done
}

@test "a detachment that the kernel refuses for ever has changed nothing" {
	local row failed

	begin qemu 6.12 none pci-r
	for row in pci-r:255 pci-r-bridge:255 phb-r:251; do
		failed=${row#*:}
		matrix_row "${row%:*}"
		state=$(matrix_state)
		fault '"call": "write:/sys/kernel/dlpar", "errno": "EIO", "count": 0'
		guest_sh "$row_command"
		assert_status "$failed"
		refute_stderr --partial 'not undone'
		host x-papr-fault-clear
		guest -1 test -e /run/drmgr/journal
		as_before
	done
}

# Firmware describes it without the handle that it had at boot.
@test "a slot of the boot is attached again by the kernel" {
	local nth handle=

	begin lpar 6.12 integrity slot-r-pci
	for nth in 1 2 3 4; do
		guest test -e /proc/device-tree/pci@800000020000001/pci@2/ibm,phandle
		handle+=$status
		fault '"call": "set-indicator", "nth": '"$nth"', "status": -1'
		guest_sh "$row_command"
		[[ $status -eq 251 || $status -eq 255 ]]
		refute_stderr --partial 'not undone'
		host x-papr-fault-clear
	done
	echo "$handle"
	[[ $handle == 0*1 ]]
	guest_sh -0 "$row_command && $row_inverse"
}

@test "a core that firmware keeps after a try is named" {
	begin qemu 6.12 none cpu-a
	guest_sh "$row_before"
	fault '"call": "set-indicator", "nth": 2, "count": 0, "status": -1'
	guest_sh -65 "$row_command"
	assert_stderr --partial 'CPU 1 (0x10000001): deallocate: firmware keeps what was only tried'
	guest_sh 'drmgr --recover; wc -c </run/drmgr/left-1; drmgr --recover; wc -c </run/drmgr/left-1'
	assert_equal "${lines[0]}" "${lines[1]}"
	host x-papr-fault-clear
	guest -0 drmgr --recover
	guest_sh -0 "$row_command"
	as_before
}
