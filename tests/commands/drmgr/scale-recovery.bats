#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: alone drmgr lsslot
# The longest operation: all of 65,536 LMBs are removed, all or nothing, 64 by 64. It is
# killed early, in the middle and near its end; the recovery restores all of them. This
# takes minutes: "make check-scale-recovery".

load ../../guest/verbs

LMBS=65536

setup()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -machine modern-hotplug-events=off -m "1G,slots=4,maxmem=$((LMBS / 4))G" \
		-object "memory-backend-ram,id=m,size=$((LMBS / 4 - 1))G" -device pc-dimm,memdev=m
	guest_needed
}

teardown()
{
	guest_down
	rm -rf "${GUEST_DIR:-/nowhere}"
}

# In the guest. Print the state of each LMB in the tree, in Linux and in drmgr; run a
# command until the journal has a number of lines of a kind.
functions='
	state() {
		cksum </proc/device-tree/ibm,dynamic-reconfiguration-memory/ibm,dynamic-memory-v2
		find /sys/devices/system/memory -name state -path "*/memory[0-9]*" | sort | xargs cat | uniq -c
		lsslot -c mem --json | cksum
	}
	lines() { grep -c "^$1 " /run/drmgr/journal 2>/dev/null || :; }
	kill_at() { # KIND LINES COMMAND...
		kind=$1 wanted=$2; shift 2
		"$@" >/tmp/said 2>&1 & pid=$!
		n=0
		while [ "${n:-0}" -lt $wanted ] && kill -0 $pid 2>/dev/null; do
			wait_until "[ \"\$(lines $kind)\" != \"$n\" ] || ! kill -0 $pid 2>/dev/null"
			n=$(lines $kind)
		done
		kill -9 $pid; wait $pid 2>/dev/null; s=$?
		[ $s = 137 ] || { echo "ended with $s"; cat /tmp/said; exit 1; }
		echo "# killed at $(lines begin) steps, $(lines undone) undone, $(stat -c %s /run/drmgr/journal) bytes"
	}
	recover() {
		begun=$(date +%s)
		drmgr --recover >/tmp/said 2>&1 || { echo "not recovered: $?"; cat /tmp/said; exit 1; }
		echo "# recovered in $(($(date +%s) - begun)) s"
		! ls -d /run/drmgr/[jl]* >/dev/null 2>&1 || { echo a journal is left; exit 1; }
		[ "$(state)" = "$before" ] || { echo not as before; state; exit 1; }
	}
	remove="drmgr -c mem -r -q '"$((LMBS - 64))"' --all-or-nothing --force"
	before=$(state)'

# The killed run precedes each recovery, which must therefore leave all LMBs complete.
@test "a removal of 65,536 LMBs is killed at three moments, and --recover undoes it [log-mem-scale-killed]" {
	guest_sh -t 1200 "$functions"'
		for at in 20 500 1000; do
			kill_at begin $at $remove
			recover
		done'
	[[ -z $output ]] || echo "$output" >&3
	assert_status 0
}

# A killed recovery is continued by the next one; then the removal works.
@test "a removal of 65,536 LMBs and its recovery are killed; --recover and a removal work [log-mem-scale-killed-again]" {
	guest_sh -t 1200 "$functions"'
		kill_at begin 800 $remove
		kill_at undone 300 drmgr --recover
		recover
		$remove 2>/dev/null'
	echo "$output" | grep '^#' >&3 || true
	assert_status 0
	assert_stdout --partial "DR_TOTAL_RESOURCES=$((LMBS - 64))"
}
