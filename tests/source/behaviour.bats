#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmon
# Each test that the table of behaviours (tests/source/behaviour) names exists, and is run.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	cd "${top_srcdir:-.}"
	tables=(tests/source/behaviour/*)
}

# Print the lines that are not comments.
rows()
{
	cat "${tables[@]}" | grep -v '^#'
}

complain()
{
	echo "$*"
	bad=1
}

# Succeed if a makefile lists this test, itself or as the test of a simulated guest.
is_run() # FILE
{
	local name=${1#tests/commands/}

	cat ./*/Makemodule.am tests/*/Makemodule.am tests/*/*/Makemodule.am tests/files.am |
		grep -qE "^(\s*|[a-z_]* \+?= )(${1%.c}|tests/sim(-[^/]+)?/${name%.bats}\.sim)( \\\\)?$"
}

is_there() # FILE NAME
{
	case $1 in
	*.bats) grep -qxF -- "@test \"$2\" {" "$1" ;;
	*.c) grep -qE "^[A-Z_]*TEST(_IN)?\(($2|${2#test_})[,)]|cmocka_unit_test[a-z_]*\($2[,)]" "$1" ;;
	*) return 1 ;;
	esac
}

@test "each line has an ID, a test and a behaviour" {
	local bad=0 id file name what more

	[ "$(rows | wc -l)" -gt 300 ]
	while IFS=$'\t' read -r id file name what more; do
		[[ $id =~ ^(drmon|io|log|ofp|ov)-[A-Za-z0-9.-]+$ ]] || complain "$id: no ID"
		[[ -n $what && -z $more ]] || complain "$id: not four columns"
		[[ $file != - || $name == - ]] || complain "$id: a test without a file"
	done < <(rows)
	[ "$bad" -eq 0 ]
}

@test "each ID is unique" {
	assert_equal "$(rows | cut -f 1 | sort | uniq -d)" ''
}

@test "the tests exist and are run" {
	local bad=0 id file name what

	while IFS=$'\t' read -r id file name what; do
		[[ $file != - ]] || continue
		[[ -f $file ]] || complain "$id: no file $file"
		is_there "$file" "$name" || complain "$id: $file has no test '$name'"
		is_run "$file" || complain "$id: $file is in no list of tests"
	done < <(rows)
	[ "$bad" -eq 0 ]
}

# Behaviours without a test are printed in the log.
@test "behaviours without a test are listed" {
	local id file name what

	while IFS=$'\t' read -r id file name what; do
		[[ $file != - ]] || echo "# $id: $what" >&3
	done < <(rows)
}
