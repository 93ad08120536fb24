#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once matrix all drmgr
# Disturb every operation that changes a machine at each of its steps in each way: drmgr's
# exit status must always match the state. tests/guest/outcomes.c has the ways, and the
# meaning of each status.
#
# OUTCOMES_STRIDE: one of so many cases; 1 (make check-outcomes) is every case, with every
# backend of the kernel; without it, few cases of few rows of matrix.bash. OUTCOMES_ONLY: cases
# of this pattern. OUTCOMES_GUESTS: so many guests at the same time, 1.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	local missing

	unset GUEST_MISSING
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	missing=$(_guest_missing)
	[[ -z $missing ]] || skip "$missing"
	stride=${OUTCOMES_STRIDE:-61} guests=${OUTCOMES_GUESTS:-1}
	[[ -n ${OUTCOMES_STRIDE-} ]] || : "${MATRIX_ROWS:=$matrix_few}"
}

# For each part, too: matrix_each calls it.
teardown()
{
	assert_no_oops
	guest_down
}

# Each object of these operations is complete by itself, and stays.
may_be_partial()
{
	[[ $row_name == @(pci-a-all|pci-?-functions|cpu-?-2|cpu-smt|mem-?-3) ]]
}

# When the old card is out, another card may be plugged: the old one is not restored.
is_replace()
{
	[[ $row_name == pci-R* ]]
}

count_of() # WORD
{
	sed -n "\$s/.*[ ,]\([0-9]*\) $1.*/\1/p" "$said" | grep . || echo 0
}

# Run the row. If it fails, bats shows the output.
disturb()
{
	local said status=0 options=()

	operations=$((operations + 1))
	[[ $row_chooses == no ]] || options+=(-a)
	! may_be_partial || options+=(-m)
	! is_replace || options+=(-b 'drmgr -c pci -r -s C8 -n')
	[[ -z ${OUTCOMES_ONLY-} ]] || options+=(-o "$OUTCOMES_ONLY")
	matrix_run outcomes "${options[@]}" -p "$part/$guests" \
		-r "$operations" -s "$stride" || status=$?
	sed -n "\$s/^/# ${MATRIX_WAY:+$MATRIX_WAY: }/p" "$said" >&3
	if ((status == 125)); then # the remaining rows need a new machine
		guest_down
		matrix_boot "$row_machine" -qmp "unix:$socket,server=on,wait=off"
	fi
	echo "$(count_of cases) $(count_of wrong)" >>"$counts"
	return $status
}

# Run a part of the cases of each row, in its own guest.
part() # PART MACHINE NAME-PATTERN
{
	local part=$1 operations=0 ways=first

	BATS_FILE_TMPDIR+=/$part
	BATS_TEST_TMPDIR+=/$part
	mkdir -p "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	socket=$BATS_FILE_TMPDIR/outcomes
	[[ $stride -ne 1 ]] || ways=all
	matrix_each "$2" $ways "$3" disturb
	return "$matrix_wrong"
}

outcomes() # MACHINE NAME-PATTERN
{
	local status=0 pids=() pid counts=$BATS_TEST_TMPDIR/counts

	: >"$counts"
	for ((part = 0; part < guests; part++)); do
		part "$part" "$@" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=$?
	done
	awk -v test="${BATS_TEST_DESCRIPTION% \[*}" '{ cases += $1; wrong += $2 }
		END { print "# " test ": " cases + 0 " cases, " wrong + 0 " wrong" }' "$counts" >&3
	return "$status"
}

@test "cards [io-outcomes]" {
	outcomes qemu 'pci-*'
}

@test "host bridges [io-outcomes-phb]" {
	outcomes qemu 'phb-*'
}

@test "cores [io-outcomes-cpu]" {
	outcomes qemu 'cpu-*'
}

@test "cores with threads and caches, several at once [io-outcomes-cpus]" {
	outcomes lpar 'cpu-*'
}

@test "memory [io-outcomes-mem]" {
	outcomes lpar 'mem-*'
}

@test "virtual adapters, accelerators [io-outcomes-slot]" {
	outcomes lpar '@(slot-*|acc)'
}
