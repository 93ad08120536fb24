#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here
# make check-kselftest: its counts, and the differences that it permits.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	scripts=${top_srcdir:-.}/tests/peers/kselftest
	all=$BATS_TEST_TMPDIR/results known=$BATS_TEST_TMPDIR/known
	mkdir "$all"
	cat >"$all/guests" <<-'EOF'
		real-6.1||real|6.1
		sim-6.1|real-6.1|simulated|6.1
		sim-new|real-6.1|simulated|new
	EOF
	cat >"$all/real-6.1" <<-'EOF'
		a/vpd:vpd|skip|open/close it
		a/vpd:vpd|skip|read it
		b:off.sh -a|pass|exit status
	EOF
	cp "$all/real-6.1" "$all/sim-6.1"
	sed 's/skip/pass/' "$all/real-6.1" >"$all/sim-new"
	echo 'sim-new|a/vpd:*|*|skip|pass|not there' >"$known"
}

compare()
{
	run "$scripts/compare" "$all" "$known"
}

results() # STATUS LINE...
{
	run "$scripts/results" "$1" <<<"$(printf '%s\n' "${@:2}")"
}

@test "each guest's counts are printed if the results are equal" {
	compare
	assert_success
	assert_equal "$(tr -s ' ' <<<"$output" | sed 's/ $//')" 'passed/failed/skipped real simulated simulated
 6.1 6.1 new
a/vpd:vpd 0/0/2 0/0/2 2/0/0
b:off.sh -a 1/0/0 1/0/0 1/0/0
all 1/0/2 1/0/2 3/0/0

listed, 2 of sim-new, a/vpd:*, real skip, simulated pass: not there
4 results equal, 2 differ as listed, 0 differ'
}

# Row: sed script for the results of sim-6.1, then the messages.
@test "a difference that is not listed fails" {
	local change said

	while IFS='|' read -r change said; do
		sed "$change" "$all/real-6.1" >"$all/sim-6.1"
		compare
		assert_failure
		assert_line "sim-6.1: $said"
		assert_line --partial ', 1 differ'
	done <<-'ROWS'
		s/pass/fail/|b:off.sh -a: exit status: real pass, simulated fail
		2s/skip/pass/|a/vpd:vpd: read it: real skip, simulated pass
		1d|a/vpd:vpd: open/close it: real skip, simulated none
		$a c:new\x7cfail\x7cit|c:new: it: real none, simulated fail
	ROWS
}

@test "a listed difference must match guest, test, case and results, and must occur" {
	local line

	while read -r line; do
		echo "$line" >"$known"
		compare
		assert_failure
		assert_line "$known:1: no such difference any more"
		assert_line --partial ', 2 differ'
	done <<-'ROWS'
		sim-6.1|a/vpd:*|*|skip|pass|another guest
		sim-new|a/sysparm:*|*|skip|pass|another test
		sim-new|a/vpd:*|set*|skip|pass|another case
		sim-new|a/vpd:*|*|skip|fail|another result
		sim-new|a/vpd:*|*|fail|pass|another result
	ROWS
	printf '%s\n' '# a comment' '' 'sim-new|a/vpd:vpd|open/close it|skip|pass|one' 'sim-new|a/vpd:*|*|skip|pass|other' >"$known"
	compare
	assert_success
	assert_line 'listed, 1 of sim-new, a/vpd:vpd, real skip, simulated pass: one'
	assert_line 'listed, 1 of sim-new, a/vpd:*, real skip, simulated pass: other'
}

@test "a guest in which no case passed fails" {
	sed -i /pass/d "$all/real-6.1" "$all/sim-6.1"
	compare
	assert_failure
	assert_line 'real-6.1: nothing passed'
	assert_line 'sim-6.1: nothing passed'
}

@test "the output of a test is split into cases" {
	results 1 'test: open it' 'tags: git_version:x' 'success: open it' 'test: a b' '[FAIL] line 3' 'failure: a b' \
		'test: c' '[SKIP] Test skipped' 'skip: c' 'test: d' 'error: d' 'test: open it' 'success: open it'
	assert_output 'pass|open it
fail|a b
skip|c
fail|d
pass|open it #2'
	# Killed in the middle, before the last case, after all cases.
	results 139 'test: one' 'success: one' 'test: two'
	assert_output $'pass|one\nfail|two'
	results 0 'test: one' 'test: two' 'success: two'
	assert_output $'fail|one\npass|two'
	results 134 'test: one' 'success: one'
	assert_output $'pass|one\nfail|exit status'
	results 1 'test: one' 'failure: one'
	assert_output 'fail|one'
}

@test "a test without cases has one result, its end" {
	results 0 'CPU online/offline summary:'
	assert_output 'pass|exit status'
	results 4 'skip all tests: sysfs is not mounted'
	assert_output 'skip|exit status'
	for status in 1 2 99 124 127 137; do
		results "$status" ''
		assert_output 'fail|exit status'
	done
}
