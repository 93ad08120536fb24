#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim papr-vmm
# shellcheck disable=SC2016 # the guest's shell
# Hostile programs in a simulated guest, as its root: papr-vmm exits with their true status,
# nothing of this computer changes, and papr-vmm ends when it must.

bats_require_minimum_version 1.5.0
load ../../lib/sim

setup()
{
	sim_setup
	H=$GUEST_STAGE/usr/lib/guest/hostile
	machine=(-M pseries -m 512M)
	computer >"$BATS_TEST_TMPDIR/before"
}

teardown()
{
	[[ -z ${background:-} ]] || kill -9 "$background" 2>/dev/null || true
}

# What must not change
computer()
{
	sort /proc/self/mounts
	stat -c '%n %a %u %g' /dev/null /dev/zero /dev/full /dev/tty /dev/random
	cat /proc/sys/kernel/core_pattern
}

# Nothing of this computer changed, and no process remains.
unchanged()
{
	computer | diff "$BATS_TEST_TMPDIR/before" - || return 1
	! pgrep -f "^$H "
}

# Run a way in its own guest. The lines are what it prints, its status is 7.
hostile() # WAY [ARG...]
{
	run --separate-stderr timeout -k 1 60 "$GUEST_VMM" "${machine[@]}" run -- "$H" "$@" </dev/null
	echo "$output"
	echo "stderr: $stderr"
	assert_equal "$status" 7
	unchanged
}

# The same as an ordinary user, with a /dev/fuse that users may open
as_user() # COMMAND...
{
	[[ $(id -u) -eq 0 ]] || skip "only root can become a user"
	[[ -e $BATS_TEST_TMPDIR/fuse ]] || mknod -m 666 "$BATS_TEST_TMPDIR/fuse" c 10 229
	run --separate-stderr timeout -k 1 60 unshare -m sh -c 'mount --bind "$1" /dev/fuse && shift && cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"' \
		sh "$BATS_TEST_TMPDIR/fuse" "$@" </dev/null
	echo "$output"
	echo "stderr: $stderr"
}

begun()
{
	wait_until 'timeout 60 "$GUEST_VMM" attach "$background" -- test -e /tmp/begun 2>/dev/null'
}

in_background() # WAY
{
	"$GUEST_VMM" "${machine[@]}" run -- "$H" "$@" >"$BATS_TEST_TMPDIR/said" 3>&- &
	background=$!
	begun
}

@test "arguments of a call in a mapped file of the kernel fail, and papr-vmm goes on" {
	hostile mapped /proc/device-tree/model /proc/ppc64/rtas/error_log
	answers '/proc/device-tree/model: EFAULT' \
		'/proc/ppc64/rtas/error_log: EFAULT' 'a call: works'
}

@test "arguments in a page for which another process waits fail" {
	hostile mapped-together /proc/ppc64/rtas/error_log
	answers '/proc/ppc64/rtas/error_log: EFAULT' 'a call: works'
}

@test "a program cannot serve page faults itself" {
	hostile own-faults
	answers 'userfaultfd: EPERM'
}

@test "/dev/mem can be truncated and removed" {
	hostile truncated
	answers 'call: done' 'call: done' 'call: done' 'a call: works'
}

@test "descriptors of process 1 and of starting commands cannot be taken" {
	local round # "run" changes i

	in_background descriptors
	for round in {1..10}; do
		run -3 "$GUEST_VMM" attach "$background" -- sh -c "exit 3" 3>&-
	done
	"$GUEST_VMM" attach "$background" -- touch /tmp/stop 3>&- || true # the guest may end first
	wait "$background" || status=$?
	assert_equal "$status" 7
	assert_equal "$(cat "$BATS_TEST_TMPDIR/said")" $'begun\ntaken: 0 0'
	unchanged
}

@test "process 1 ignores signals and cannot be examined" {
	hostile process-1
	answers 'ptrace: EPERM' 'process_vm_readv: EPERM' '/proc/1/mem: EACCES' '/proc/1/environ: EACCES' \
		'/proc/1/fd/0: ENOENT' '/proc/1/root/etc: EACCES' '/proc/1/maps: EACCES' \
		'/proc/1/ns/user: EACCES' '/proc/1/ns/mnt: EACCES' '/proc/1/mem: EACCES' 'a call: works'
}

@test "limits for process 1 do not change the status" {
	hostile limit-1
	answers 'a call: works'
}

@test "a second listener for system calls is refused" {
	hostile listener
	answers 'listener: EBUSY'
}

@test "the socket for attach cannot be reached from inside" {
	"$GUEST_VMM" "${machine[@]}" run -- sleep 100 3>&- &
	background=$!
	hostile abstract "$background"
	answers 'attach: ECONNREFUSED'
}

# Start a command, and let another program end the machine. Print the status.
machine_ended() # OPTION... -- PROGRAM...
{
	local options=()

	while [[ $1 != -- ]]; do options+=("$1") && shift; done
	run --separate-stderr timeout -k 1 60 "$GUEST_VMM" "${machine[@]}" "${options[@]}" run -- \
		sh -c '"$@" & wait; sleep 60; exit 0' sh "${@:2}" </dev/null
	echo "$status"
	unchanged
}

@test "a program that ends the machine does not let the command succeed" {
	local said='papr-vmm: the machine was shut down before the command ended'

	machine_ended -- "$RAW" off
	assert_equal "$status$stderr" "123$said"
	machine_ended -M x-epapr=on -- "$RAW" off
	assert_equal "$status$stderr" "123$said"
	machine_ended -no-reboot -- "$RAW" restart
	assert_equal "$status$stderr" "123$said"
	# It stays off; then a signal ends papr-vmm.
	mkfifo "$BATS_TEST_TMPDIR/in"
	"$GUEST_VMM" "${machine[@]}" -no-shutdown run -- sh -c 'touch /tmp/begun; read -r _; "$RAW" off; exit 0' \
		<>"$BATS_TEST_TMPDIR/in" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	background=$!
	begun
	echo >"$BATS_TEST_TMPDIR/in"
	wait_until '! "$GUEST_VMM" attach "$background" -- true 2>/dev/null 3>&-'
	kill -TERM "$background"
	wait "$background" || status=$?
	assert_equal "$status$(cat "$BATS_TEST_TMPDIR/said")" "123$said"
	unchanged
}

@test "mounts of the guest cannot be removed, moved or changed" {
	hostile mounts
	answers 'remount /dev/null: EPERM' 'remount /proc/sys: EPERM' 'procfs: EPERM' \
		'sysfs: EPERM' 'bind /sys: done' 'unshare: done'
}

@test "control files and devices of this computer cannot be changed" {
	hostile control
	refute_output --partial done
	assert_line '/proc/sys/kernel/core_pattern: EROFS'
	assert_line 'chmod /dev/null: EROFS'
}

@test "terminals of this computer are not in /dev/pts, and nothing is typed on them" {
	run timeout 60 script -qec "'$GUEST_VMM' -M pseries -m 512M run -- '$H' terminals" /dev/null 3>&- </dev/null
	output=${output//$'\r'/}
	answers 'type: EPERM' 'type: EPERM' 'paste: EPERM' 'a terminal of its own: done'
}

@test "system calls of another architecture end the program" {
	[[ $(uname -m) == x86_64 ]] || skip "no other architecture"
	local bits32=SYS

	# Without calls of 32 bits, the kernel of this computer refuses the instruction.
	run "$H" architectures
	[[ ${lines[0]} != '32 bits: SEGV' ]] || bits32=SEGV
	hostile architectures
	answers "32 bits: $bits32" 'x32: SYS'
}

@test "io_uring opens no control file" {
	hostile uring
	[[ $output == 'no io_uring' || $output == 'io_uring: EROFS' ]]
}

@test "100,000 calls of 64 threads are answered" {
	hostile threads
	answers 'calls: all'
}

@test "callers are killed during their calls" {
	hostile killed
	answers 'a call: works'
}

@test "many descriptors of the kernel's files, many processes, and none of 0 to 2" {
	hostile files
	answers 'a call: works'
	hostile processes
	answers 'a call: works'
	hostile closed
}

@test "directories can be read from any offset" {
	hostile seeks
	answers 'a call: works'
}

@test "calls are refused from further namespaces and without capabilities, after others succeeded" {
	hostile namespaces
	answers 'first call: done' 'unshare: done' 'call: EPERM' \
		'first call: done' 'setns: done' 'call: EPERM' \
		'first call: done' 'capset: done' 'call: EPERM' \
		'unshare: done' 'sethostname: EPERM'
}

@test "without memory, the program is killed, and papr-vmm reports it" {
	local group=/sys/fs/cgroup/papr-vmm-test-$$ max=memory.max

	[[ ! -d /sys/fs/cgroup/memory ]] || group=/sys/fs/cgroup/memory/papr-vmm-test-$$ max=memory.limit_in_bytes
	mkdir "$group" 2>/dev/null && echo 200M 2>/dev/null >"$group/$max" ||
		skip "no group with a limit of memory can be created here"
	run timeout -k 1 60 sh -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' sh "$group" \
		"$GUEST_VMM" "${machine[@]}" run -- "$H" memory
	rmdir "$group"
	assert_equal "$status" 137
	unchanged
}

@test "a program that ignores signals ends within 5 s of SIGTERM" {
	local from

	in_background stubborn
	from=$EPOCHREALTIME
	kill -TERM "$background"
	wait "$background" || status=$?
	assert_equal "$status" 137
	[[ $(((${EPOCHREALTIME/./} - ${from/./}) / 1000)) -lt 5500 ]]
	unchanged
}

@test "a guest of an ordinary user is protected in the same way" {
	open_programs "$H"
	GUEST_VMM=$open_vmm H=$opened/${H##*/}
	as_user "$GUEST_VMM" "${machine[@]}" run -- true
	[[ $status -eq 0 ]] || skip "no guest for users here: $stderr"
	as_user "$GUEST_VMM" "${machine[@]}" run -- "$H" process-1
	assert_equal "$status" 7
	refute_output --partial done
	assert_line 'a call: works'
	as_user "$GUEST_VMM" "${machine[@]}" run -- "$H" mounts
	assert_equal "$status" 7
	refute_output --partial removed
	refute_output --partial moved
	as_user "$GUEST_VMM" "${machine[@]}" run -- "$H" mapped /proc/ppc64/rtas/error_log
	assert_equal "$status" 7
	assert_line '/proc/ppc64/rtas/error_log: EFAULT'
	as_user "$GUEST_VMM" "${machine[@]}" run -- "$H" truncated
	assert_equal "$status" 7
	unchanged
}
