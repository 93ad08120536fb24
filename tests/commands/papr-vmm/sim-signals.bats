#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim
# Signals during the calls that papr-vmm answers: a call is made once, and papr-vmm ends when
# it must. Each test runs also as on a kernel on which a signal repeats calls. SIGNALS=all: five
# rounds, of 300 sequences.

bats_require_minimum_version 1.5.0
load ../../lib/sim

setup()
{
	local slot function at

	sim_setup
	rounds=1 sequences=60
	[[ ${SIGNALS:-} != all ]] || rounds=5 sequences=300
	LACKING=$GUEST_STAGE/usr/lib/guest/lacking
	SIGNALLED=$GUEST_STAGE/usr/lib/guest/signalled
	# So many adapters that the vital product data do not fit in a page.
	machine=(-M 'pseries,x-powervm=on' -m 512M -device spapr-pci-host-bridge,index=1,id=b)
	for slot in {1..13}; do
		for function in {0..7}; do
			printf -v at '%x.%x' "$slot" "$function"
			machine+=(-device "virtio-rng-pci,bus=b.0,addr=$at,multifunction=on")
		done
	done
}

teardown()
{
	[[ -z ${background:-} ]] || kill -9 "$background" 2>/dev/null || true
}

# The command that runs programs with a timer in a guest. repeating: signals repeat calls.
in_guest() # holding|repeating PROFILE PROGRAMS SEQUENCES MICROSECONDS [interrupt]
{
	command=()
	[[ $1 == holding ]] || command=("$LACKING" killable=EINVAL --)
	command+=("$GUEST_VMM" "${machine[@]}" run --kernel-profile "$2" -- env
		"LD_LIBRARY_PATH=$GUEST_STAGE/usr/lib" "$SIGNALLED" "${@:3}")
}

# No sequence of one program is broken: with the system call, and with a device.
none_is_broken() # holding|repeating MICROSECONDS [interrupt]
{
	local profile

	for profile in 6.1 6.12 current; do
		echo "== $profile"
		in_guest "$1" "$profile" 1 "$sequences" "${@:2}"
		run -0 --separate-stderr timeout -k 1 60 "${command[@]}" </dev/null
		echo "$output$stderr"
		answers begun 'broken: 0'
	done
}

# Other programs can break a sequence, but all end.
all_end() # holding|repeating PROFILE PROGRAMS
{
	local round

	for ((round = 0; round < rounds; round++)); do
		in_guest "$1" "$2" "$3" 20 200
		run -0 --separate-stderr timeout -k 1 60 "${command[@]}" </dev/null
		echo "$2 $3: $output$stderr"
		[[ $output == $'begun\nbroken: '* ]]
	done
}

# SIGTERM ends papr-vmm and its command in the middle.
is_ended() # holding|repeating PROFILE PROGRAMS
{
	local round status

	for ((round = 0; round < rounds; round++)); do
		in_guest "$1" "$2" "$3" 1000000 200
		: >"$BATS_TEST_TMPDIR/said"
		timeout -k 1 60 "${command[@]}" >"$BATS_TEST_TMPDIR/said" 2>/dev/null </dev/null 3>&- &
		background=$!
		wait_until 'grep -q begun "$BATS_TEST_TMPDIR/said" || ! kill -0 "$background"'
		kill -TERM "$background"
		status=0
		wait "$background" || status=$?
		assert_equal "$2 $status" "$2 143"
	done
}

@test "a signal does not repeat a call [io-signals-once]" {
	none_is_broken holding 10000
	none_is_broken holding 1000
}

@test "a signal does not repeat a call where Linux does so [io-signals-repeated]" {
	none_is_broken repeating 10000
	none_is_broken repeating 1000
}

@test "librtas repeats a call that a signal interrupts [io-signals-interrupt]" {
	none_is_broken holding 500 interrupt
	none_is_broken repeating 500 interrupt
}

@test "whether Linux repeats calls is tried out on older kernels [io-signals-kernel]" {
	run -0 --separate-stderr setarch --uname-2.6 timeout -k 1 60 "$GUEST_VMM" doctor </dev/null
	refute_line --partial 'can repeat a call'
	run -0 --separate-stderr "$LACKING" killable=EINVAL -- timeout -k 1 60 "$GUEST_VMM" doctor </dev/null
	assert_line --regexp '^seccomp +ok: .*a signal can repeat a call'
}

@test "programs with a timer of 200 us end [io-signals-end]" {
	all_end holding 6.1 1
	all_end holding current 1
	all_end holding 6.1 20
	all_end holding current 20
}

@test "programs with a timer of 200 us end where Linux repeats calls [io-signals-end-repeated]" {
	all_end repeating 6.1 1
	all_end repeating current 1
	all_end repeating 6.1 20
}

@test "SIGTERM ends papr-vmm during calls of programs with a timer [io-signals-term]" {
	is_ended holding 6.1 20
	is_ended holding current 1
	is_ended holding current 20
}

@test "SIGTERM ends papr-vmm during calls of programs with a timer where Linux repeats calls [io-signals-term-repeated]" {
	is_ended repeating 6.1 20
	[[ ${SIGNALS:-} != all ]] || is_ended repeating current 1
}
