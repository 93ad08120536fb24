#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few kvm sanitized drmgr lsslot
# Processors in a guest: the host plugs cores, drmgr releases and acquires them. "C03" and
# so on are rows of the table of expected behaviour.

load ../../guest/verbs

setup_file()
{
	# QEMU's emulator limits the number of threads ever created, removed ones
	# included.
	guest_boot -smp 1,maxcpus=32,cores=32,threads=1
}

setup()
{
	guest_needed
	plugged=()
	needs_cores_that_go
}

teardown()
{
	local core

	[[ -z ${GUEST_MISSING:-} ]] || return 0
	assert_no_oops
	guest rm -rf /etc/drmgr.d /tmp/hooked
	for core in "${plugged[@]}"; do
		# QEMU can crash when it unplugs a core that the guest released before.
		guest drmgr -c cpu -a -s "CPU $core"
		host device_del "{\"id\": \"c$core\"}"
		host_wait DEVICE_DELETED device="c$core"
	done
	cpus_online 0
}

# Plug a core. The kernel configures it soon after.
plug() # CORE
{
	plug_core "$1"
	plugged+=("$1")
	# shellcheck disable=SC2016 # for the guest
	guest_until 'test -e "/proc/device-tree/cpus/PowerPC,POWER9@$1" && test "$(cat "/sys/devices/system/cpu/cpu$2/online")" = 1' \
		"$1" "${2-$1}"
}

cpus_online() # LIST
{
	guest cat /sys/devices/system/cpu/online
	assert_stdout "$1"
}

# The writes to the kernel in the JSON document in $output.
writes()
{
	sed -nE 's,^ *"args": "write (.*)"\,?$,\1,p' <<<"$output" | tr -d '\\'
}

value() # KEY
{
	sed -nE "s/^ *\"$1\": \"?([^\",]*)\"?,?$/\1/p" <<<"$output"
}

@test "C03: a request without an action is refused [log-C03]" {
	guest -255 drmgr -c cpu
	assert_stderr "The '-r' or '-a' option must be specified for CPU operations."
	guest -255 drmgr -c cpu -a -q 2 -s 0x10000001
	assert_stderr 'The -q and -s flags are mutually exclusive'
	guest -255 drmgr -c cpu -a -q 2x
}

@test "a core stays with --no-loss while a program may only run there" {
	local used

	plug 1
	# A simulated guest's programs run on the processors of this computer.
	guest_sh 'taskset 2 true'
	[[ $status -eq 0 || ${GUEST_KIND:-real} != sim ]] || skip 'this computer has no processor 1'
	guest_sh 'taskset 2 sleep 300 >/dev/null 2>&1 & echo $!; echo $! >/tmp/pinned'
	used="sleep (PID $output) may only run on processors of CPU 1"
	guest_until 'grep -q "^Cpus_allowed_list:.1$" "/proc/$(cat /tmp/pinned)/status" && grep -q sleep "/proc/$(cat /tmp/pinned)/comm"'
	guest -0 drmgr -c cpu -r -s 'CPU 1' --dry-run
	assert_stdout_line --partial "in use: $used"
	guest -1 drmgr -c cpu -r -s 'CPU 1' --no-loss
	assert_stderr "in use: $used
CPU 1: cannot remove it with --no-loss: $used"
	cpus_online 0-1
	guest -1 drmgr -c cpu -r -s 'CPU 1' --no-loss --json
	assert_equal "$(value kind) $(value what) $(value code)" 'affinity sleep would-lose-use
would-lose-use'
	guest_sh -0 'kill "$(cat /tmp/pinned)"'
	guest_until '! test -e "/proc/$(cat /tmp/pinned)/comm"'
	guest -0 drmgr -c cpu -r -s 'CPU 1' --no-loss
	cpus_online 0
}

# C17: the last core of the table. C18: only the core that exists is tried.
# Behaviours: log-C17 log-C18 log-bug-10 log-1.3-cpu-add log-5.2-choice-add log-12.3-drmgr
# bats test_tags=kvm
@test "C17, C18: drmgr releases a core, and acquires that core again" {
	plug 1
	guest -0 drmgr -c cpu -r -q 1
	assert_stdout 'CPU 1'
	assert_stderr ''
	refute_node /cpus/PowerPC,POWER9@1
	cpus_online 0
	guest -0 drmgr -c cpu -a -q 1 --json
	assert_stderr ''
	assert_equal "$(writes)" '/sys/kernel/dlpar cpu add index 0x10000001'
	assert_equal "$(value name)" 'CPU 1'
	assert_stdout_line --partial '"path": "/cpus/PowerPC,POWER9@1"'
	assert_equal "$(value result)" 'done'
	assert_equal "$(value requested) $(value 'done') $(value exit_status)" '1 1 0'
	assert_stdout_line --partial '"cpu1"'
	cpus_online 0-1
	guest -0 drmgr -c cpu -r
	assert_stdout 'CPU 1'
	guest -0 drmgr -c cpu -a
	assert_stdout 'CPU 1'
}

@test "C19: drmgr fails if no core is available [log-C19 log-1.3-cpu-none]" {
	guest -1 drmgr -c cpu -a -q 3
	assert_stdout ''
	assert_stderr 'Could not find available cpu.'
	guest -1 drmgr -c cpu -a -q 3 --json
	assert_equal "$(writes)" ''
	assert_equal "$(value 'done') $(value exit_status)" '0 1'
	assert_equal "$(value index)" ''
}

@test "C20, C21: a core is chosen by name and by index [log-C20 log-C21 log-bug-8 log-5.1-index]" {
	plug 1
	guest -1 drmgr -c cpu -r -s 'CPU 77'
	assert_stderr 'Could not locate CPU "CPU 77"'
	guest -1 drmgr -c cpu -r -s 0x10000099
	assert_stderr 'Could not locate CPU with drc index 10000099'
	guest -1 drmgr -c cpu -r -s 10000001
	assert_stderr 'Could not locate CPU "10000001"'
	guest -1 drmgr -c cpu -a -s 0x10000001
	assert_stderr 'Requested CPU with drc index 10000001 is already present.'
	guest -1 drmgr -c cpu -a -s 'CPU 1'
	assert_stderr 'Requested CPU "CPU 1" is already present.'
	guest -1 drmgr -c cpu -r -s 'CPU 2'
	assert_stderr 'Requested CPU "CPU 2" is not present.'
	guest -1 drmgr -c cpu -a -s 'CPU 2'
	assert_stderr_line 'Requested CPU "CPU 2" is unusable'
	cpus_online 0-1

	guest -0 drmgr -c cpu -r -s 'CPU 1'
	assert_stdout 'CPU 1'
	refute_node /cpus/PowerPC,POWER9@1
	guest -0 drmgr -c cpu -a -s 0x10000001
	assert_stdout 'CPU 1'
	cpus_online 0-1
}

@test "C22: the last core is not removed [log-C22 log-bug-12 log-1.3-cpu-last]" {
	guest -255 drmgr -c cpu -r -q 3
	assert_stdout ''
	assert_stderr 'Cannot remove the last CPU'
	guest -255 drmgr -c cpu -r -s 'CPU 0'
	assert_stderr 'Cannot remove the last CPU'
}

@test "C23: drmgr acquires fewer cores than requested [log-C23 log-1.3-cpu-partial]" {
	plug 1
	guest -64 drmgr -c cpu -r -q 3
	assert_stdout 'CPU 1'
	assert_stderr 'Cannot remove the last CPU'
	cpus_online 0
	guest -64 drmgr -c cpu -a -q 3
	assert_stdout 'CPU 1'
	assert_stderr 'Could not find available cpu.'
	guest -255 drmgr -c cpu -r -q 2 --all-or-nothing
	cpus_online 0-1
	assert_node /cpus/PowerPC,POWER9@1
}

# The only online core is not the one that the table's order suggests.
@test "the only online core is not removed, an offline one is [log-5.2-last]" {
	plug 1
	guest sh -c 'echo 0 >/sys/devices/system/cpu/cpu1/online'
	guest -255 drmgr -c cpu -r
	assert_stderr 'Cannot remove the last CPU'
	guest -0 drmgr -c cpu -r -s 'CPU 1'
	refute_node /cpus/PowerPC,POWER9@1
}

@test "drmgr releases and acquires several cores [log-5.2-several]" {
	plug 1
	plug 2
	guest -0 drmgr -c cpu -r -q 2
	assert_stdout $'CPU 2\nCPU 1'
	cpus_online 0
	guest -0 drmgr -c cpu -a -q 2 --json
	assert_equal "$(value requested) $(value 'done')" '2 2'
	assert_equal "$(value result)" $'done\ndone'
	cpus_online 0-2
}

# bats test_tags=kvm
@test "a number of cores is reached, also after a kill, and kept" {
	plug 1
	plug 2
	guest -0 drmgr -c cpu --until 1
	assert_stdout $'CPU 2\nCPU 1'
	cpus_online 0
	guest -137 /usr/lib/guest/killat 8 drmgr -c cpu -a -q 2 --all-or-nothing
	guest -0 drmgr -c cpu --until 2 --json
	assert_equal "$(value before) $(value after) $(value target) $(value recovered)" '1 2 2 true'
	cpus_online 0-1
	guest -0 drmgr -c cpu --until 2 --json
	assert_equal "$(value 'done') $(value action)" '0 none'
	guest -64 drmgr -c cpu --until 8
	assert_stdout 'CPU 2'
	assert_stderr 'Could not find available cpu.'
	guest -0 drmgr -c cpu -a --until max
	assert_stdout ''
	cpus_online 0-2
}

@test "C25: hooks run in order with their variables, and a failing hook has its effect [io-hook-fails log-C25 log-2-cpu]" {
	plug 1
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/cpu; cd /etc/drmgr.d/cpu
		for i in 00pre 9nine 10two; do
			printf "#!/bin/sh\necho %s \$DRC_TYPE \$ACTION \$PHASE \$DRC_COUNT >>/tmp/hooked\n" $i >$i
			chmod 755 $i
		done
		echo "echo no good; exit 3" >>10two; id -u; ls -ld / /etc'
	guest -0 drmgr -c cpu -r -q 1
	assert_stdout 'CPU 1'
	assert_stderr "hook '10two' exited with status 3 in phase pre
no good
hook '10two' exited with status 3 in phase post
no good"
	guest cat /tmp/hooked
	assert_stdout '00pre cpu remove pre 1
9nine cpu remove pre 1
10two cpu remove pre 1
00pre cpu remove post 1
9nine cpu remove post 1
10two cpu remove post 1'
	guest rm /tmp/hooked /etc/drmgr.d/cpu/10two
	guest -64 drmgr -c cpu -a -q 3
	guest cat /tmp/hooked
	assert_stdout '00pre cpu add pre 3
9nine cpu add pre 3
00pre cpu add post 1
9nine cpu add post 1'
	guest_sh 'rm /tmp/hooked; chmod 777 /etc/drmgr.d/cpu/9nine'
	guest -0 drmgr -c cpu -r
	assert_stderr_line "hook '9nine' is not run: others than root can change it"
	guest cat /tmp/hooked
	assert_stdout $'00pre cpu remove pre 1\n00pre cpu remove post 1'
	guest rm /tmp/hooked
	guest drmgr -c cpu -a --dry-run
	guest -1 test -e /tmp/hooked
}

@test "C24: a core of one thread has no other threads [log-C24 log-5.6-none]" {
	guest -255 drmgr -c cpu -r -p smt_threads
	assert_stderr 'SMT functions not available on this system.'
	guest -255 drmgr -c cpu -a -p ent_capacity -q 10
	assert_stderr --partial 'CPU entitlement capability is not enabled on this platform'
}

@test "a dry run prints the same lines, and changes nothing [log-14-dry-run]" {
	plug 1
	plug 2
	guest -0 drmgr -c cpu -r -q 2 --dry-run
	assert_stdout 'CPU 2 (0x10000002):
  write /sys/kernel/dlpar cpu remove index 0x10000002
CPU 1 (0x10000001):
  write /sys/kernel/dlpar cpu remove index 0x10000001'
	cpus_online 0-2
	guest drmgr -c cpu -r -s 'CPU 2'
	guest -0 drmgr -c cpu -a -s 'CPU 2' --dry-run
	assert_stdout_line '  write /sys/kernel/dlpar cpu add index 0x10000002'
	cpus_online 0-1
	guest -0 drmgr -c cpu -a -s 'CPU 2'
}

@test "--trace prints writes and calls" {
	plug 1
	guest -0 drmgr -c cpu -r --trace
	assert_stdout 'CPU 1'
	assert_stderr_line --regexp '^trace: write /sys/kernel/dlpar cpu remove index 0x[0-9a-f]+ = [0-9]+ '
	guest drmgr -c cpu -a --trace
	assert_stderr_line --regexp '^trace: rtas get-sensor-state\(9003, 0x10000001\) = 0 \(success\) -> 2 '
}

@test "-Q shows what lsslot shows" {
	local table

	guest lsslot -c cpu
	table=$output
	guest -0 drmgr -c cpu -Q
	assert_stdout "$table"
}

@test "a processor of Linux names its core, and digits name none" {
	guest -0 lsslot -c cpu -s cpu0
	assert_stdout_line --index 1 --regexp '^CPU 0 '
	guest -0 drmgr -c cpu -Q -s cpu0
	assert_stdout_line --index 1 --regexp '^CPU 0 '
	guest -255 drmgr -c cpu -r -s cpu0
	assert_stderr 'Cannot remove the last CPU'
	guest -1 lsslot -c cpu -s 0
	guest -3 drmgr -c cpu -Q -s cpu77
}

@test "--backend is checked before anything is changed" {
	plug 1
	guest -255 drmgr -c cpu -r --backend overlay
	cpus_online 0-1
	guest -0 drmgr -c cpu -r --backend dlpar
	guest -0 drmgr -c cpu -a --backend dlpar
	cpus_online 0-1
}

# Firmware refuses isolation, then refuses to return the core to the kernel.
@test "an isolation that the kernel cannot undo is reported, and recovered later" {
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	plug 1
	host x-papr-drc '{"index": "0x10000001"}'
	before=$host_reply
	host x-papr-fault '{"call": "set-indicator", "nth": 2, "count": 0, "status": -1}'
	guest -65 drmgr -c cpu -r -s 'CPU 1'
	assert_stderr --partial 'CPU 1 (0x10000001): not undone: cpu node isolation allocation'
	host x-papr-fault-clear
	host x-papr-drc '{"index": "0x10000001"}'
	assert_not_equal "$host_reply" "$before"
	guest -0 drmgr --recover
	host x-papr-drc '{"index": "0x10000001"}'
	assert_equal "$host_reply" "$before"
	cpus_online 0-1
}

# This test comes last: see teardown.
# bats test_tags=kvm
@test "the host unplugs a core that drmgr released" {
	plug 1
	guest -0 drmgr -c cpu -r
	host device_del '{"id": "c1"}'
	host_wait DEVICE_DELETED device=c1
	plugged=()
	guest -1 drmgr -c cpu -a
}
