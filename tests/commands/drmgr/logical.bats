#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel drmgr
# The common behaviour of commands for processors, memory and the other logical resources:
# command lines, the lock, hooks, the log, the sensor.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by verbs

load ../../guest/verbs
load ../../lib/logical

setup_file()
{
	logical_boot -machine modern-hotplug-events=off
}

teardown()
{
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	guest_sh 'rm -rf /etc/drmgr.d /tmp/said /tmp/hooked'
	assert_no_oops
}

# C01. Row: second line of the text, command.
@test "the usage of each type goes to stderr, with status 0 [log-C01 log-1.1-usage]" {
	local line options

	guest -0 drmgr
	assert_stdout ''
	assert_equal "${#stderr_lines[@]}" 4
	while IFS='=' read -r -u 9 line options; do
		# shellcheck disable=SC2086 # words
		guest -0 drmgr $options
		assert_stdout ''
		assert_equal "${#stderr_lines[@]}" 2
		assert_equal "${stderr_lines[0]}" 'Usage: drmgr [-w minutes] [-d detail_level] [-C | --capabilities] [-h | --help]'
		assert_equal "${stderr_lines[1]}" "$line"
	done 9<<-'ROWS'
		-c cpu {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} [-s drc_name | drc_index]=-c cpu -h
		-c mem {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} | {-q <quantity> | -s [<drc_name> | <drc_index>]}}=-c mem -a -h
		-m -p {check | pre} -s <stream_id>=-c pmig -h
		-m -p {check | pre} -s <stream_id> -n <self-arp secs>=-c phib -h
		-c acc -t <accelType> -q <QoS_credit_count>=-c acc -h
	ROWS
}

# C02, C04, C12, C13 and more. Row: status, message, command.
# Behaviours: log-C02 log-C04 log-C12 log-C13 log-bug-21 log-14-one log-1.1-quantity
# Behaviours: log-1.1-wait log-12.4-entitlement
@test "bad requests are refused with their reason" {
	local expected text options

	while IFS='|' read -r -u 9 expected text options; do
		# shellcheck disable=SC2086 # words
		guest drmgr $options
		assert_status "$expected"
		assert_equal "${stderr_lines[0]}" "$text"
	done 9<<-'ROWS'
		255|A connector type (-c) must be specified (unknown type 'foo': use pci, slot, phb, cpu, mem, port, acc, phib or pmig)|-c foo -a
		255|Only one action may be specified|-c cpu -a -r
		255|Only one action may be specified|-c mem -a -Q
		255|The -q and -s flags are mutually exclusive|-c mem -a -q 2 -s 0x80000005
		255|Memory entitlement capability is not enabled on this platform:|-c mem -a -p ent_capacity -q 1
		255|Invalid timeout specified: -1|-c cpu -r -w -1
		255|Invalid quantity specified: abc|-c cpu -a -q abc
		255|Invalid quantity specified: 4294967296|-c cpu -a -q 4294967296
		0|ignoring argument '2'|-c mem -Q 2
	ROWS
	guest -0 drmgr -c mem -Q
	assert_stdout 'Dynamic Reconfiguration Memory (LMB size 0x10000000)'
}

# C34. A hook runs while a command has the lock.
@test "-w is the time to wait for the lock, and the holder is named [log-C34 log-bug-9 log-1.2-lock log-2-lock]" {
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/cpu; cd /etc/drmgr.d/cpu
		printf "#!/bin/sh\n[ \$PHASE = pre ] || exit 0\n/usr/sbin/drmgr -c mem -a 2>/tmp/said; echo \$? >>/tmp/said\n" >again
		chmod 755 again'
	guest -1 drmgr -c cpu -a
	guest cat /tmp/said
	assert_line --index 0 '/var/lock/dr_config_lock: Resource temporarily unavailable'
	assert_line --regexp '^held by PID [0-9]+ \(drmgr -c cpu -a\)$'
	assert_line 'Unable to obtain Dynamic Reconfiguration lock. Please try command again later.'
	assert_line --index 3 255
	guest_sh 'cd /etc/drmgr.d/cpu
		printf "#!/bin/sh\n[ \$PHASE = pre ] || exit 0\n: >/tmp/hooked\nuntil [ -e /tmp/said ]; do :; done\n" >again
		drmgr -c cpu -a 2>/dev/null & wait_until "[ -e /tmp/hooked ]"
		drmgr -c cpu -r -s "CPU 1" -w 1 2>/tmp/second & second=$!
		drmgr -c cpu -r -s "CPU 1" 2>/dev/null; echo $?
		: >/tmp/said; wait $second; echo $?; cat /tmp/second'
	assert_stdout $'255\n255\nCannot remove the last CPU'
}

@test "the log has long lines completely [log-bug-20 log-1.2-log]" {
	local name

	printf -v name 'x%.0s' {1..300}
	guest -255 drmgr -c mem -a -s "$name"
	assert_stderr "There is no LMB with the name \"$name\"."
	guest grep -c "There is no LMB with the name \"$name\"" /var/log/drmgr
	assert_stdout 1
	guest_sh 'tail -n 1 /var/log/drmgr'
	assert_stdout --regexp '^########## [A-Z][a-z][a-z] [0-9 ][0-9] [0-9:]{8} [0-9]{4} ##########$'
}

# Row: status, the sensor's answer, message.
@test "the sensor's state is reported, and the kernel gets no request [log-14-sensor]" {
	local state text

	plug_memory 1 2
	while IFS='|' read -r -u 9 state text; do
		host x-papr-fault "{\"call\": \"get-sensor-state\", \"status\": 0, \"rets\": [$state]}"
		guest -255 drmgr -c mem -a -s 0x80000004 --trace
		assert_stdout 'DR_TOTAL_RESOURCES=0'
		refute_stderr --partial 'trace: write'
		assert_stderr_line "LMB 4 (0x80000004): $text"
	done 9<<-'ROWS'
		0|Unable to allocate the resource to the partition.
		1|Resource is already assigned to the partition.
		3|Resource is available for exchange.
		4|Resource is available for recovery by partition.
	ROWS
	host x-papr-fault '{"call": "get-sensor-state", "status": -3}'
	guest -255 drmgr -c mem -a -s 0x80000004
	assert_stderr 'LMB 4 (0x80000004): firmware has no such connector (sensor: -3)'
	guest -0 drmgr -c mem -a -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=2'
}

# The command of rtas_errd, for an event that the kernel has already handled.
@test "a request that the kernel has already handled is not repeated" {
	guest /usr/lib/guest/rawcall write /sys/kernel/dlpar 'memory add indexed-count 2 0x80000004'
	guest -255 drmgr -c mem -a -s 0x80000004
	assert_stderr 'LMB 4 (0x80000004) is already present.'
	plug_core 1
	guest /usr/lib/guest/rawcall write /sys/kernel/dlpar 'cpu add index 0x10000001'
	assert_stdout 24
	guest -1 drmgr -c cpu -a -s 0x10000001
	assert_stderr 'Requested CPU with drc index 10000001 is already present.'
	cpus_are 0-1
}

# The peer ran a shell and lsmod for each request.
@test "drmgr starts no other program [log-bug-11]" {
	guest_sh 'command -v strace'
	[[ $status -eq 0 && ${GUEST_KIND:-real} == real ]] || skip 'no strace'
	guest_sh 'for words in "mem -a -s 0x80000009" "mem -Q" "cpu -r -q 9" "cpu -a -q 9"; do
			strace -f -o /tmp/said -e trace=execve,fork,vfork drmgr -c $words >/dev/null 2>&1; grep -c exec /tmp/said
		done'
	assert_stdout $'1\n1\n1\n1'
}
