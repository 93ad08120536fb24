#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every operation that changes a machine, disturbed at each of its steps in each way:
# whatever happens, drmgr's exit status tells the truth. tests/guest/outcomes.c has the ways
# and what each status promises.
#
# OUTCOMES_STRIDE: each so many cases are enough; 1 (make check-outcomes): all of them, by
# each way to change the tree that the kernel has. OUTCOMES_ROW: rows of this pattern alone;
# OUTCOMES_ONLY: cases of this pattern; OUTCOMES_WAY: one way, as "overlay"; OUTCOMES_LOG:
# what went wrong goes there, too.

load guest/verbs
load matrix

setup()
{
	unset GUEST_MISSING
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the machine has to fail when it is told to"
	socket=$BATS_FILE_TMPDIR/outcomes
	stride=${OUTCOMES_STRIDE:-97}
	cases=0 wrong=0 operations=0
}

teardown()
{
	assert_no_oops
	guest_down
}

# Once a card is out, another one may come: the old one is not put back.
is_replace()
{
	[[ $row_name == pci-R* ]]
}

# The row; what went wrong is in the test's output.
disturb()
{
	local said status=0 options=()

	operations=$((operations + 1))
	[[ $row_chooses == no ]] || options+=(-a)
	! is_replace || options+=(-b 'drmgr -c pci -r -s C8 -n')
	[[ -z ${OUTCOMES_ONLY-} ]] || options+=(-o "$OUTCOMES_ONLY")
	matrix_run "${OUTCOMES_LOG-}" outcomes "${options[@]}" -r "$operations" -s "$stride" ||
		status=$?
	sed -n "\$s/^/# ${MATRIX_WAY:+$MATRIX_WAY: }/p" "$said" >&3
	if ((status == 125)); then # the rows that follow need another machine
		guest_down
		matrix_boot "$row_machine" -qmp "unix:$socket,server=on,wait=off"
	fi
	cases=$((cases + $(count_of cases)))
	wrong=$((wrong + $(count_of wrong)))
	return $status
}

count_of() # WORD
{
	sed -n "\$s/.*[ ,]\([0-9]*\) $1.*/\1/p" "$said" | grep . || echo 0
}

outcomes() # MACHINE NAME-PATTERN
{
	local ways=first

	[[ $stride -ne 1 ]] || ways=all
	matrix_each "$1" $ways "$2" "${OUTCOMES_WAY-}" wanted
	echo "# $BATS_TEST_DESCRIPTION: $cases cases, $wrong wrong" >&3
	return "$matrix_wrong"
}

wanted()
{
	# shellcheck disable=SC2053 # a pattern
	[[ $row_name != ${OUTCOMES_ROW-*} ]] || disturb
}

@test "cards" {
	outcomes qemu 'pci-*'
}

@test "host bridges" {
	outcomes qemu 'phb-*'
}

@test "cores" {
	outcomes qemu 'cpu-*'
}

@test "cores with threads and caches, several at once" {
	outcomes lpar 'cpu-*'
}

@test "memory" {
	outcomes lpar 'mem-*'
}

@test "virtual adapters, accelerators" {
	outcomes lpar '@(slot-*|acc)'
}
