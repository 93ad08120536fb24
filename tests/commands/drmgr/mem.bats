#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few kvm sanitized drmgr lsslot
# Memory in a guest whose kernel gets no events of plugged modules: drmgr adds and removes
# LMBs, by quantity, index and name.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -machine modern-hotplug-events=off -m 1G,slots=16,maxmem=8G
}

teardown()
{
	local index

	assert_no_oops
	# The kernel adds the remaining LMBs of a test, and they stay.
	for index in "${left[@]}"; do
		guest drmgr -c mem -a -s "$index"
	done
}

setup()
{
	guest_needed
	left=()
}

# Plug a module of so many LMBs. $first and $second are the indexes of its first two.
plug() # LMBS
{
	local id=m$BATS_TEST_NUMBER.$RANDOM address i

	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"$id\", \"size\": $(($1 << 28))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$id\", \"memdev\": \"$id\"}"
	host query-memory-devices
	address=$(sed -nE "s/.*\"addr\": ?([0-9]+)[^{}]*\"id\": ?\"d$id\".*/\1/p" <<<"$host_reply")
	[[ $address ]]
	number=$((address >> 28))
	printf -v first '0x%08x' $((0x80000000 + number))
	printf -v second '0x%08x' $((0x80000001 + number))
	for ((i = 0; i < $1; i++)); do
		printf -v left[i] '0x%08x' $((0x80000000 + number + i))
	done
}

assert_block() # NUMBER
{
	guest -0 test -e "/sys/devices/system/memory/memory$1"
}

refute_block() # NUMBER
{
	guest -1 test -e "/sys/devices/system/memory/memory$1"
}

# bats test_tags=kvm
@test "by quantity: the kernel adds available LMBs [log-1.3-mem log-6.2-count log-6.2-total]" {
	plug 2
	guest -0 drmgr -c mem -a -q 2 --trace
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	assert_stderr_line --regexp '^trace: write /sys/kernel/dlpar memory add count 1 = 18 '
	assert_block "$number"
	assert_block $((number + 1))
	left=()
}

# bats test_tags=kvm
@test "without a quantity: one LMB; by index: that LMB [log-C09 log-6.2-index]" {
	plug 2
	guest -0 drmgr -c mem -a -s "$second"
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	assert_stderr ''
	refute_block "$number"
	assert_block $((number + 1))
	guest -0 drmgr -c mem -a
	assert_block "$number"
	left=()
}

# bug-1, bug-7: a wrong name is never a count.
@test "by name: that LMB only [io-bug-7 log-bug-1 log-6.2-name]" {
	plug 2
	guest -0 drmgr -c mem -a -s "LMB $((number + 1))" --json
	assert_stderr ''
	[ "$(json_values schema)" = papr.drmgr/1 ]
	[ "$(json_values 'done')" = 1 ]
	[ "$(json_values index)" = "$second" ]
	[ "$(json_values result)" = 'done' ]
	assert_stdout_line --partial "\"memory$((number + 1))\""
	refute_block "$number"
	guest -255 drmgr -c mem -a -s "${first#0x}"
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr "There is no LMB with the name \"${first#0x}\". A DRC index begins with 0x."
	guest -255 drmgr -c mem -a -s LMB
	guest -255 drmgr -c mem -a -s $((0x80000000 + number))
	refute_block "$number"
	guest -0 lsslot -c mem -s "memory$((number + 1))"
	assert_stdout_line --partial "LMB $((number + 1)):"
	guest -255 drmgr -c mem -a -s "memory$((number + 1))"
	assert_stderr "LMB $((number + 1)) ($second) is already present."
	left=("$first")
}

@test "an existing LMB cannot be added, a missing one cannot be removed" {
	plug 1
	guest -255 drmgr -c mem -r --force -s "$first"
	assert_stderr "LMB $number ($first) is not present."
	guest -0 drmgr -c mem -a -s "$first"
	guest -255 drmgr -c mem -a -s "$first"
	assert_stderr "LMB $number ($first) is already present."
	guest -255 drmgr -c mem -a -s 0x8fffffff
	assert_stderr 'There is no LMB with DRC index 0x8fffffff.'
	left=()
}

# QEMU has no connector for the fourth: what the kernel has added for the others stays.
# bats test_tags=kvm
@test "what the host has comes, and stays" {
	plug 3
	guest -64 drmgr -c mem -a -q 4
	assert_stdout 'DR_TOTAL_RESOURCES=3'
	assert_stderr_line 'Added 3 of 4 requested LMBs.'
	assert_block "$number"
	assert_block $((number + 2))
	guest -255 drmgr -c mem -a -q 1
	guest -0 drmgr -c mem --until max
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	left=()
}

@test "all or nothing: a request for more LMBs than exist is refused before a write" {
	guest -255 drmgr -c mem -a -q 99 --all-or-nothing --trace
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line --regexp '^Only [0-9]+ of 99 requested LMBs can be added: nothing was changed\.$'
	refute_stderr --partial 'trace: write'
}

# Connectors without memory look the same until one is added.
@test "the kernel's refusal is reported with the command to investigate it [log-1.3-mem-kernel log-mem-reason-first]" {
	guest -255 drmgr -c mem -a -q 3
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr "Firmware has less memory, or the kernel cannot add it: the kernel's log
(dmesg) may have the reason.
memory add count 1: Failed to write to /sys/kernel/dlpar: Invalid argument"
}

@test "a change that the crash dump does not follow is a warning [log-crash-dump]" {
	local warning="The kernel's crash dump does not follow this change: load it again, unless a udev rule does."

	plug 2
	guest -0 drmgr -c mem -a -s "$first" --json
	assert_stdout_line '  "crash_dump": null,'
	guest_sh -0 'echo 1 >/tmp/loaded; mount --bind /tmp/loaded /sys/kernel/kexec_crash_loaded &&
		drmgr -c mem -a -s "$1" --json; status=$?; umount /sys/kernel/kexec_crash_loaded; exit $status' "$second"
	assert_stdout_line '  "crash_dump": "reload",'
	assert_stdout_line "    \"$warning\""
	assert_stderr "$warning"
}

@test "a removal by a KVM guest itself is refused, because the memory would be lost [log-bug-15]" {
	plug 1
	guest drmgr -c mem -a -s "$first"
	guest -255 drmgr -c mem -r -s "$first" --trace
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr --partial 'or use --force.'
	refute_stderr --partial 'trace: write'
	guest -255 drmgr -c mem -r
	assert_block "$number"
	left=()
}

@test "--force removes memory, which is lost as the message says" {
	plug 2
	guest drmgr -c mem -a -q 2
	guest -0 drmgr -c mem -r -s "$second" --force --dry-run
	assert_stdout "LMB $((number + 1)) ($second):
  write /sys/kernel/dlpar memory remove index $second"
	assert_block $((number + 1))
	guest -0 drmgr -c mem -r -s "$second" --force
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	refute_block $((number + 1))
	assert_block "$number"
	guest -255 drmgr -c mem -a -s "$second"
	assert_stderr_line "LMB $((number + 1)) ($second): Resource is already assigned to the partition."
	guest lsslot -c mem -s "$second"
	assert_stdout --partial 'Not Owned'
	left=()
}

@test "by quantity: drmgr removes the highest LMBs, or those that the kernel chooses" {
	plug 2
	guest drmgr -c mem -a -q 2
	guest -0 drmgr -c mem -r -q 1 --force --json
	[ "$(json_values 'done')" = 1 ]
	[ "$(json_values result)" = 'done' ]
	left=()
}

@test "fewer than requested: 64, and all or nothing: 255 [log-bug-7 log-1.3-mem-partial]" {
	local owned

	plug 1
	guest drmgr -c mem -a -s "$first"
	guest_sh 'drmgr -c mem -Q --json | grep -c "\"state\": \"owned\""'
	owned=$output
	guest -255 drmgr -c mem -r -q 999 --force --all-or-nothing
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line "Only $owned of 999 requested LMBs can be removed: nothing was changed."
	guest -64 drmgr -c mem -r -q $((owned + 3)) --force
	assert_stdout "DR_TOTAL_RESOURCES=$owned"
	assert_stderr_line "Removed $owned of $((owned + 3)) requested LMBs."
	guest -255 drmgr -c mem -r -q 99 --force
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	left=()
}

@test "a dry run prints the same lines, and changes nothing" {
	plug 2
	guest -0 drmgr -c mem -a -q 2 --dry-run
	assert_stdout '  write /sys/kernel/dlpar memory add count 1
  write /sys/kernel/dlpar memory add count 1'
	guest drmgr -c mem -a -s "$first" --dry-run
	assert_stdout "LMB $number ($first):
  write /sys/kernel/dlpar memory add index $first"
	refute_block "$number"
	guest drmgr -c mem -a -q 2
	left=()
}

@test "hooks run before and after, with the number of LMBs and their indexes [log-bug-17 log-2-mem]" {
	plug 2
	guest_sh -i 'mkdir -p /etc/drmgr.d/mem && cat >/etc/drmgr.d/mem/10note &&
		chmod 755 /etc/drmgr.d /etc/drmgr.d/mem /etc/drmgr.d/mem/10note' <<-'HOOK'
		#!/bin/sh
		echo $DRC_TYPE $ACTION $PHASE $DRC_COUNT $DRC_NAME >>/tmp/hooks
	HOOK
	guest drmgr -c mem -a -s "$second"
	guest -64 drmgr -c mem -a -q 99
	guest sh -c 'cat /tmp/hooks; rm -r /etc/drmgr.d'
	assert_stdout "mem add pre 1 LMB $((number + 1))
mem add post 1 LMB $((number + 1))
mem add pre 99
mem add post 1"
	left=()
}

@test "-Q lists LMBs" {
	guest -0 drmgr -c mem -Q
	assert_stdout_line --index 0 'Dynamic Reconfiguration Memory (LMB size 0x10000000)'
}

@test "bad requests are refused before a read [log-6.1]" {
	local words text

	while IFS='|' read -r -u 3 words text; do
		# shellcheck disable=SC2086 # words
		guest -255 drmgr $words
		assert_stderr "$text"
	done 3<<-'ROWS'
		-c mem|The '-r' or '-a' option must be specified for memory operations
		-c mem -R|The '-r' or '-a' option must be specified for memory operations
		-c mem -a -r|Only one action may be specified
		-c mem -a -q 2 -s 0x80000005|The -q and -s flags are mutually exclusive
		-c mem -a -q abc|Invalid quantity specified: abc
		-c mem -a -q 3000000000|Invalid quantity specified: 3000000000
		-c mem -a -w -1|Invalid timeout specified: -1
		-c mem -a -p weight|Invalid parameter 'weight': -p is ent_capacity or variable_weight
		-c mem -a -p ent_capacity -s 0x80000005|The -p and -s flags are mutually exclusive
		-c mem -a --backend overlay|--backend overlay is invalid for mem: the kernel changes cores and memory, use auto or dlpar
	ROWS
}

@test "entitlement is refused if the kernel does not have it" {
	guest -255 drmgr -c mem -a -p ent_capacity -q 1
	assert_stdout ''
	assert_stderr $'Memory entitlement capability is not enabled on this platform:\nno entitled_memory in /proc/ppc64/lparcfg'
}

# A program takes all but 200 MiB of what is available. A simulated guest's programs take nothing
# of its memory.
@test "memory that a program has is not removed, and the program lives" {
	plug 1
	guest drmgr -c mem -a -q 1
	if [[ ${GUEST_KIND:-real} == sim ]]; then
		guest sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo
		host x-papr-memory "{\"used\": $(((output - 204800) * 1024))}"
		guest_sh 'sleep 600 >/dev/null 2>&1 & echo $! >/tmp/hog; echo >/tmp/full'
	else
		guest_sh 'mkfifo /tmp/end; awk "BEGIN {
			while (getline <\"/proc/meminfo\") if (\$1 == \"MemAvailable:\") n = (\$2 / 1024 - 200) / 1.1
			s = sprintf(\"%1048576s\", \"\")
			for (i = 0; i < n; i++) a[i] = s i
			print n >\"/tmp/full\"; close(\"/tmp/full\"); getline <\"/tmp/end\"; print a[0]
		}" >/dev/null 2>&1 & echo $! >/tmp/hog'
	fi
	guest_until 'test -s /tmp/full'
	guest -255 drmgr -c mem -r -s "$first" --force
	assert_stderr_line --partial 'Programs need the memory: 256 MiB would go, '
	guest -255 drmgr -c mem -r -q 1 --force --all-or-nothing --json
	assert_stdout_line --partial '"code": "memory-needed"'
	assert_block "$number"
	guest_sh -0 'kill -0 "$(cat /tmp/hog)" && kill "$(cat /tmp/hog)" && rm -f /tmp/full /tmp/end'
	left=()
}
