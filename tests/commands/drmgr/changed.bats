#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim matrix
# Documents say whether anything has changed: the same as a comparison of the machine before and
# after, for each operation; a plan says so before. Made once more with --if-needed, it changes
# nothing. By default: few rows of matrix.bash; CHANGED=all: every row, every backend.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the machine has to tell of its connectors"
	socket=$BATS_FILE_TMPDIR/changed
	[[ ${CHANGED-} == all ]] || : "${MATRIX_ROWS:=$matrix_few}"
}

teardown()
{
	guest_down
}

# What plan and run must have in common. A plan does not know what is below a card.
told()
{
	jq -c '[.action, .type, .requested, .changed, .target, .before, .after, .exit_status,
		(.resources | map(.changed) | unique)]' <<<"$output"
}

# A command that fails does not end what matrix_each calls.
must() # CONDITION...
{
	"$@" || {
		echo "$row_name $MATRIX_WAY: not $*" >>"$BATS_TEST_TMPDIR/wrong"
		return 1
	}
}

# Run commands in the guest. $output is the document.
runs() # COMMANDS
{
	guest_sh "$1"
	must [ "$status" = 0 ]
}

row()
{
	local before after plan changed is=false

	# A question is not asked with --json, and a card is replaced by itself.
	[[ $row_command != *@(enter|-R)* ]] || return 0
	runs "$row_before" || return
	before=$(matrix_state)
	runs "$row_command --dry-run --json 2>/dev/null" || return
	plan=$(told)
	must [ "$(jq '.done' <<<"$output")" = 0 ] || return
	must [ "$(matrix_state)" = "$before" ] || return
	runs "$row_command --json 2>/dev/null" || return
	must [ "$(told)" = "$plan" ] || return
	changed=$(jq .changed <<<"$output")
	after=$(matrix_state)
	[[ $before == "$after" ]] || is=true
	must [ "$changed" = "$is" ] || return
	if [[ $row_command == *\ -[ar]\ -s\ * && $row_command != *\ -p\ * ]]; then
		runs "$row_command --if-needed --json 2>/dev/null" || return
		must [ "$(jq -c '[.changed, .done, .error]' <<<"$output")" = '[false,0,null]' ] || return
		must [ "$(matrix_state)" = "$after" ] || return
	fi
	runs "$row_inverse && $row_home" || return
	count=$((count + 1))
}

changed() # MACHINE LEAST
{
	local count=0 ways=first

	[[ ${CHANGED-} != all ]] || ways=all
	matrix_each "$1" $ways '*' row
	[[ ! -e $BATS_TEST_TMPDIR/wrong ]] || fail "$(<"$BATS_TEST_TMPDIR/wrong")"
	[ "$matrix_wrong" -eq 0 ]
	[ "$count" -ge "$2" ]
}

@test "cards, host bridges, cores" {
	changed qemu 4
}

@test "several cores, memory, virtual adapters, shares, credits" {
	changed lpar 5
}
