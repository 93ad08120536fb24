#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# A large memory in a simulated partition of PowerVM, which releases memory without
# --force.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-m 1G,slots=8,maxmem=16T
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
}

teardown()
{
	assert_no_oops
}

# The document's requests to the kernel.
requests()
{
	json_values args | sed -nE 's|^write /sys/kernel/dlpar memory ||p'
}

plug() # LMBS
{
	local id=m$RANDOM

	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"$id\", \"size\": $(($1 << 28))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$id\", \"memdev\": \"$id\"}"
}

owned()
{
	guest_sh 'drmgr -c mem -Q --json | grep -c "\"state\": \"owned\""' >/dev/null
	echo "$output"
}

@test "many LMBs are added in portions, and reported [log-14-portions]" {
	plug 512
	guest -0 drmgr -c mem -a -q 130 --json
	assert_equal "$(requests)" $'add count 64\nadd count 64\nadd count 2'
	assert_equal "$(json_values 'done')" 130
	assert_equal "$(json_values result | sort | uniq -c | tr -d ' ')" 130done
	assert_equal "$(json_values index | sort -u | wc -l)" 130
	assert_stderr '64 of 130 LMBs
128 of 130 LMBs
130 of 130 LMBs'
}

@test "a partition releases memory without --force" {
	guest -0 drmgr -c mem -r --trace
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	guest -0 drmgr -c mem -r -s 'LMB 40' --json
	assert_equal "$(requests)" 'remove index 0x80000028'
}

held=/sys/kernel/dlpar

# Run drmgr with a time limit of a second, which passes during its second request. Then it
# receives the signal. Requests take the time only while drmgr is stopped.
late() # SIGNAL ARGUMENT...
{
	host x-papr-fault "{\"call\": \"write:$held\", \"nth\": 2, \"hold\": true}"
	guest_sh 'rm -f /tmp/status; shift; { drmgr -w 1s "$@" >/tmp/out 2>/tmp/err & echo $! >/tmp/pid
		wait $!; echo $? >/tmp/status; } >/dev/null 2>&1 &' "$@"
	guest_until "grep '^64 of' /tmp/err && ls -l /proc/[0-9]*/fd 2>/dev/null | grep $held"
	guest_sh 'kill -STOP $(cat /tmp/pid); sleep 1; kill -$1 $(cat /tmp/pid)' "$1"
	host x-papr-fault-clear
	guest_until "! ls -l /proc/[0-9]*/fd 2>/dev/null | grep $held"
	guest_sh 'kill -CONT $(cat /tmp/pid)'
	guest_until 'test -s /tmp/status'
	guest_sh 'cat /tmp/out; cat /tmp/err >&2; exit $(cat /tmp/status)'
}

@test "-w does not end a quantity that has begun [log-bug-14]" {
	local before

	guest -0 drmgr -c mem -a -q 10 -w 0
	assert_stdout 'DR_TOTAL_RESOURCES=10'
	before=$(owned)
	late CONT -c mem -a -q 200
	assert_status 0
	assert_stdout 'DR_TOTAL_RESOURCES=200'
	assert_stderr_line '200 of 200 LMBs'
	assert_equal "$(owned)" $((before + 200))
}

@test "a signal ends a quantity between portions, also after -w [log-mem-late-signal]" {
	local before

	before=$(owned)
	late TERM -c mem -r -q 200
	assert_status 64
	assert_stdout --regexp '^DR_TOTAL_RESOURCES=[0-9]+$'
	assert_stderr_line "Removed ${output#*=} of 200 requested LMBs."
	assert_equal "$(owned)" $((before - ${output#*=}))
	[[ ${output#*=} -lt 200 ]]
}

@test "all or nothing: each request has its LMB, and all are undone [log-14-all-or-nothing]" {
	local before

	before=$(owned)
	late TERM -c mem -a -q 130 --all-or-nothing --json
	assert_status 255
	[ "$(json_values 'done')" = 0 ]
	[ "$(json_values undo)" = complete ]
	assert_equal "$(requests | cut -d ' ' -f 1,2 | sort -u)" 'add indexed-count'
	assert_equal "$(owned)" "$before"
	late CONT -c mem -a -q 130 --all-or-nothing --json
	assert_status 0
	assert_equal "$(owned)" $((before + 130))
}

@test "a portion that hangs ends after the time of -w [log-mem-late-hung]" {
	host x-papr-fault "{\"call\": \"write:$held\", \"nth\": 2, \"hold\": true}"
	guest -65 drmgr -w 1s -c mem -a -q 130
	assert_stderr --regexp "when PID [0-9]+ has ended its write to $held, run drmgr --recover"
	host x-papr-fault-clear
	guest_until '! drmgr --recover 2>&1 | grep "has ended its write"'
	guest -0 drmgr --recover
}

@test "a terminal has a bar, which is removed at the end" {
	guest sh -c 'command -v script'
	[ "$status" -eq 0 ] || skip "no script"
	guest -0 script -qec 'drmgr -c mem -r -q 70' /dev/null
	assert_stdout --partial '] 64 of 70 LMBs'
	assert_stdout --partial '[########################################] 70 of 70 LMBs'
	assert_stdout --regexp 'LMBs. {56}.DR_TOTAL_RESOURCES=70'
}
