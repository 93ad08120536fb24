#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# shellcheck disable=SC2016,SC2154 # scripts for the guest; from bats
# Memory of a partition whose firmware has only ibm,dynamic-memory, the first version of the
# property; and a kernel that cannot write it after a change. QEMU's guests choose the second
# version.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/logical

setup_file()
{
	boot x-drmem=1
}

boot() # PROPERTY
{
	GUEST_MACHINE_OPTIONS=$1,x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-m 1G,slots=8,maxmem=3G
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
}

teardown()
{
	host x-papr-fault-clear
	assert_no_oops
}

property=/proc/device-tree/ibm,dynamic-reconfiguration-memory/ibm,dynamic-memory

# Each LMB has one entry: address, DRC index, reserved, associativity, flags. Those of boot
# memory have no connector.
entries_are() # "ADDRESS INDEX ASSOCIATIVITY FLAGS"...
{
	local entry address index array flags expected=0000000c

	for entry in '00000000 00000000 ffffffff 000000a0' '10000000 00000000 ffffffff 000000a0' \
		'20000000 00000000 ffffffff 000000a0' '30000000 00000000 ffffffff 000000a0' "$@"; do
		read -r address index array flags <<<"$entry"
		expected+=$'\n'00000000$address$index'00000000'$array$flags
	done
	guest_sh '{ od -An -v -tx1 -N4 "$1"; od -An -v -tx1 -w24 -j4 "$1"; } | tr -d " "' "$property"
	assert_stdout "$expected"
}

# The entries of the memory that can be added, of which the LMBs with these numbers are assigned.
assigned() # NUMBER...
{
	local entries=() n

	for n in 4 5 6 7 8 9 a b; do
		if [[ " $* " == *" $n "* ]]; then
			entries+=("${n}0000000 8000000$n 00000000 00000008")
		else
			entries+=("${n}0000000 8000000$n ffffffff 00000000")
		fi
	done
	entries_are "${entries[@]}"
}

# What the sensor of an LMB says: 1, present; 2, unusable.
sense_is() # INDEX VALUE
{
	host x-papr-drc "{\"index\": \"$1\"}"
	assert_regex "$host_reply" "\"sense\": *$2"
}

# Write a request; its result is the number of bytes, or an error.
request() # WORDS RESULT
{
	guest /usr/lib/guest/rawcall write /sys/kernel/dlpar "memory $1"
	assert_stdout "$2"
}

# The next time, the kernel cannot write the property.
not_written()
{
	host x-papr-fault '{"call": "update:ibm,dynamic-memory", "errno": "EPERM"}'
}

@test "the partition has the first version of the property only" {
	guest -0 sh -c "! test -e $property-v2"
	assigned
}

@test "LMBs are added and removed, and the kernel writes this version" {
	plug_memory 0 7
	guest -0 drmgr -c mem -a -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	assigned 4 5
	guest -0 drmgr -c mem -a -s 'LMB 6'
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	assigned 4 5 6
	blocks_are '0 1 2 3 4 5 6'
	guest -0 drmgr -c mem -r -q 1
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	assigned 4 5
	guest -0 drmgr -c mem -r -s 0x80000004
	assigned 5
	blocks_are '0 1 2 3 5'
	guest -0 sh -c "! test -e $property-v2"
}

# Linux returns -1 of its helper, which is EPERM, and undoes nothing: not the memory, not the
# connector. Its own table is right, and the next request writes it.
@test "an addition without the property: the memory is there, and the property says it is free" {
	not_written
	request 'add index 0x80000008' EPERM
	blocks_are '0 1 2 3 5 8'
	sense_is 0x80000008 1
	assigned 5
	request 'add index 0x80000008' EPERM
	assigned 5
	request 'remove index 0x80000008' 30
	blocks_are '0 1 2 3 5'
	sense_is 0x80000008 2
	assigned 5
}

@test "an addition by count or by range is not undone either; the next request writes all" {
	not_written
	request 'add count 2' EPERM
	blocks_are '0 1 2 3 4 5 6'
	sense_is 0x80000004 1
	assigned 5
	not_written
	request 'add indexed-count 2 0x80000009' EPERM
	blocks_are '0 1 2 3 4 5 6 9 10'
	assigned 5
	request 'remove indexed-count 2 0x80000009' 40
	assigned 4 5 6
}

@test "a removal without the property: firmware has the memory, and the property says it is assigned" {
	not_written
	request 'remove index 0x80000004' EPERM
	blocks_are '0 1 2 3 5 6'
	sense_is 0x80000004 2
	assigned 4 5 6
	not_written
	request 'remove count 1' EPERM
	blocks_are '0 1 2 3 6'
	sense_is 0x80000005 2
	assigned 4 5 6
	request 'remove index 0x80000006' 30
	assigned
}

@test "lsslot prints the LMBs" {
	guest -0 drmgr -c mem -a -s 'LMB 5'
	guest -0 lsslot -c mem -a
	assert_stdout_line --partial 'LMB 5'
	assert_stdout_line --partial 'LMB 10'
	echo "$output" >"$BATS_FILE_TMPDIR/lsslot"
	guest -0 drmgr -c mem -r -s 'LMB 5'
}

stale='/ibm,dynamic-reconfiguration-memory does not show what Linux has: the kernel could not write it. The next change does'

# Run drmgr while the kernel cannot write the property.
drmgr_not_written() # OPTION...
{
	not_written
	guest -0 drmgr "$@"
	assert_stderr "$stale"
}

@test "drmgr keeps memory that the kernel has added, whatever the property says" {
	drmgr_not_written -c mem -a -s 'LMB 7'
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	blocks_are '0 1 2 3 7'
	sense_is 0x80000007 1
	assigned
	guest -255 drmgr -c mem -a -s 'LMB 7'
	assert_stderr 'LMB 7 (0x80000007) is already present.'
	sense_is 0x80000007 1
	drmgr_not_written -c mem -a -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	drmgr_not_written -c mem -a -q 2 --all-or-nothing
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	blocks_are '0 1 2 3 4 5 6 7 8'
	assigned
	guest -0 drmgr -c mem -a -q 1
	assert_stderr ''
	assigned 4 5 6 7 8 9
}

@test "drmgr counts memory that the kernel has removed, whatever the property says" {
	drmgr_not_written -c mem -r -s 'LMB 7'
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	blocks_are '0 1 2 3 4 5 6 8 9'
	sense_is 0x80000007 2
	assigned 4 5 6 7 8 9
	drmgr_not_written -c mem -r -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	guest -0 drmgr -c mem -r -q 1 --all-or-nothing
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	guest -0 drmgr -c mem -a -s 'LMB 7'
	guest_sh -0 'drmgr -c mem -r -q 3; ls -d /run/drmgr/[jl]* 2>/dev/null; true'
	blocks_are '0 1 2 3'
	assigned
}

@test "LMBs that the property does not show are neither counted again nor removed by an undo" {
	drmgr_not_written -c mem -a -s 'LMB 4'
	guest -0 drmgr -c mem -a -q 1
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	assigned 4 5
	guest -0 drmgr -c mem -r -q 2
	drmgr_not_written -c mem -a -s 'LMB 4'
	# The kernel refuses the write itself.
	host x-papr-fault '{"call": "write:/sys/kernel/dlpar", "errno": "EPERM", "count": 0}'
	guest -255 drmgr -c mem -a -q 2 --all-or-nothing
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	host x-papr-fault-clear
	blocks_are '0 1 2 3 4'
	guest -0 drmgr -c mem -r -s 'LMB 4'
	blocks_are '0 1 2 3'
	assigned
}

# At each moment of the addition: the recovery knows what the kernel has added.
@test "a recovery undoes an addition that the property does not show" {
	local moment undone=0

	for ((moment = 1; ; moment++)); do
		not_written
		guest /usr/lib/guest/killat $moment drmgr -c mem -a -q 2 --all-or-nothing
		host x-papr-fault-clear
		((status == 137)) || break
		guest -0 drmgr --recover
		# At the last moment it is complete.
		[[ $output == 'Nothing to recover.' ]] || undone=$((undone + 1))
		[[ $output != 'Nothing to recover.' || $undone -eq 0 ]] || guest -0 drmgr -c mem -r -q 2
		blocks_are '0 1 2 3'
		assigned
	done
	((status == 0 && undone > 1))
	guest -0 drmgr -c mem -r -q 2
	assigned
}

@test "another version: lsslot prints the same, and a failed update is the same" {
	guest_down
	boot x-drmem=2
	guest -0 test -e "$property-v2"
	guest -1 test -e "$property"
	plug_memory 0 7
	guest -0 drmgr -c mem -a -s 'LMB 5'
	guest -0 lsslot -c mem -a
	assert_stdout "$(cat "$BATS_FILE_TMPDIR/lsslot")"
	not_written
	request 'add index 0x80000004' EPERM
	blocks_are '0 1 2 3 4 5'
	sense_is 0x80000004 1
	guest -0 lsslot -c mem -a
	assert_stdout "$(cat "$BATS_FILE_TMPDIR/lsslot")"
	request 'remove index 0x80000004' 30
}
