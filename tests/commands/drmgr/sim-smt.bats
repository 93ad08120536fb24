#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once drmgr
# The kernel's policy for threads, /sys/devices/system/cpu/smt/control: threads that the
# kernel keeps offline are no failure.
# shellcheck disable=SC2154 # set by the verbs

load ../../guest/verbs

cpus=/sys/devices/system/cpu

setup_file()
{
	export GUEST_PROFILE=6.12
	guest_boot -smp 8,threads=4,cores=2,sockets=1,maxcpus=8
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
	guest_sh "echo on >$cpus/smt/control"
}

online()
{
	guest cat $cpus/online
	assert_stdout "$1"
}

permit() # THREADS
{
	guest_sh -0 "echo $1 >$cpus/smt/control"
}

@test "the simulated kernel: control, active, and what may be online" {
	guest_sh "cd $cpus && cat smt/control smt/active && echo 2 >smt/control && cat smt/control smt/active online &&
		echo off >smt/control && cat smt/control smt/active online && echo on >smt/control && cat online"
	assert_stdout $'on\n1\n2\n1\n0-1,4-5\noff\n0\n0,4\n0-7'
	permit 2
	guest_sh "/usr/lib/guest/rawcall write $cpus/cpu2/online 1; /usr/lib/guest/rawcall write $cpus/smt/control 9; true"
	assert_stdout $'EPERM\nEINVAL'
	guest_sh -0 "echo 0 >$cpus/cpu1/online && echo 1 >$cpus/cpu1/online"
}

@test "a core is removed and added by each backend: forbidden threads stay offline [log-smt-control]" {
	local backend

	permit 2
	for backend in auto dlpar; do
		guest -0 drmgr -c cpu -r -q 1 --backend $backend
		online 0-1
		guest -0 drmgr -c cpu -a -q 1 --backend $backend --dry-run
		assert_stderr --partial "only 2 threads of the core will be online: $cpus/smt/control"
		guest -0 drmgr -c cpu -a -q 1 --backend $backend
		assert_stderr_line "CPU 4: cpu6, cpu7 stay offline: $cpus/smt/control permits 2 threads of each core"
		online 0-1,4-5
	done
}

@test "smt_threads: forbidden threads stay offline, and a plan says so [log-smt-plan]" {
	permit 2
	guest -0 drmgr -c cpu -r -p smt_threads
	online 0,4
	guest -0 drmgr -c cpu -a -p smt_threads --dry-run
	assert_stderr_line "CPU 0: cpu2, cpu3 stay offline: $cpus/smt/control permits 2 threads of each core"
	assert_stdout_line "  write $cpus/cpu1/online 1"
	refute_stdout --partial cpu2
	guest -0 drmgr -c cpu -a -p smt_threads
	assert_stderr_line "CPU 0: cpu2, cpu3 stay offline: $cpus/smt/control permits 2 threads of each core"
	online 0-1,4-5
	permit off
	guest -0 drmgr -c cpu -a -p smt_threads
	online 0,4
}

# The kernel answers EPERM for this thread as long as the test runs.
forbid() # CPU...
{
	local cpu

	for cpu; do
		host x-papr-fault "{\"call\": \"write:$cpus/cpu$cpu/online\", \"errno\": \"EPERM\", \"count\": 0}"
	done
}

@test "EPERM alone: the threads stay offline, and the message names them" {
	guest -0 drmgr -c cpu -r -p smt_threads
	forbid 6 7
	guest -0 drmgr -c cpu -a -p smt_threads
	assert_stderr_line "CPU 4: cpu6, cpu7 stay offline: the kernel does not permit it"
	online 0-5
	host x-papr-fault-clear
	guest drmgr -c cpu -a -p smt_threads
	online 0-7
}

@test "the policy changes after it was read: what it forbids then stays offline" {
	guest -0 drmgr -c cpu -r -p smt_threads -s 'CPU 4'
	host x-papr-fault "{\"call\": \"write:$cpus/cpu5/online\", \"hold\": true}"
	guest_sh "{ drmgr -c cpu -a -p smt_threads -s 'CPU 4' 2>/tmp/err; echo \$? >/tmp/status; } >/dev/null 2>&1 &"
	guest_until "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q cpu5/online"
	# The kernel changes its policy after this write, and before the next one.
	guest_sh "/usr/lib/guest/rawcall write $cpus/smt/control 2 >/tmp/permit &
		wait_until '[ -e /proc/\$!/fd/3 ] && grep -q \"^State:.S\" /proc/\$!/status'"
	host x-papr-fault-clear
	guest_until "test -s /tmp/status && test -s /tmp/permit"
	guest cat /tmp/status /tmp/err
	assert_stdout --partial $'0\n'
	assert_stdout --partial "CPU 4: cpu6, cpu7 stay offline: $cpus/smt/control permits 2 threads of each core"
	online 0-1,4-5
}
