#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest
# The library with many threads and processes at the same time: each caller gets the
# answer to its own call, and no work area is lost when its owner forks or dies.

load ../../guest/verbs

setup_file()
{
	# QEMU has fixed calls. A simulated machine can have all of them.
	[[ ${GUEST_KIND:-real} != sim ]] || export GUEST_MACHINE_OPTIONS=x-powervm=on
	guest_boot -smp 1,maxcpus=4
}

setup()
{
	stress=/usr/lib/guest/stress
	areas=/usr/lib/guest/areas
}

@test "threads: each gets the answer to its own call" {
	guest -0 "$stress" 16 3
	refute_stderr --partial stress
	assert_stdout --regexp '^[1-9][0-9]* calls of 1?[0-9] kinds by 16 threads$'
}

@test "threads that fork: the child can make calls" {
	guest -0 "$stress" 8 3 fork
	guest "$areas"
	assert_stdout 16
}

@test "processes: a stopped owner of an area does not block others, a killed one frees it" {
	# shellcheck disable=SC2016 # for the guest
	guest_sh '"$1" hold >/tmp/one & one=$!; "$1" hold >/tmp/two & two=$!
		wait_until "[ -s /tmp/one ] && [ -s /tmp/two ]"
		"$1"; "$2" 8 3 >/tmp/three & three=$!; sleep 1
		kill -9 $one $two; wait $three; echo $?; "$1"' "$areas" "$stress"
	assert_stdout $'14\n0\n16'
}

@test "processes: killed during their calls, they leave no area locked" {
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'for i in 1 2 3; do "$2" 4 60 >/tmp/out & pid=$!; sleep 0.5; kill -9 $pid
		wait $pid; done 2>/dev/null; "$1"; "$2" 4 1 >/dev/null; echo $?' "$areas" "$stress"
	assert_stdout $'16\n0'
}
