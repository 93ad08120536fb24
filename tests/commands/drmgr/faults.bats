#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim matrix
# Run every operation that changes a machine, and let each of its calls of firmware and
# writes to the kernel fail, one at a time. By default: few rows of matrix.bash, one failure of
# each, one backend. FAULTS=all: every row, every documented failure, every backend.
# shellcheck disable=SC2154 # row_...: matrix.bash

load ../../guest/verbs
load ../../lib/matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	socket=$BATS_FILE_TMPDIR/faults
	[[ ${FAULTS-} == all ]] || : "${MATRIX_ROWS:=$matrix_few}"
}

teardown()
{
	guest_down
}

# If the row fails, bats shows the output.
row() # [OPTION...]
{
	local said status=0 fault_options

	matrix_fault_options
	set -- "$@" "${fault_options[@]}"
	matrix_run faults "$@" || status=$?
	sed -n "\$s/^/# ${MATRIX_WAY:+$MATRIX_WAY: }/p" "$said" >&3
	return $status
}

faults() # MACHINE NAME-PATTERN
{
	local ways=all options=()

	[[ ${FAULTS-} == all ]] || ways=first options=(-q)
	matrix_each "$1" $ways "$2" row "${options[@]}"
	return "$matrix_wrong"
}

@test "cards" {
	faults qemu 'pci-*'
}

@test "host bridges" {
	faults qemu 'phb-*'
}

@test "cores" {
	faults qemu 'cpu-*'
}

@test "cores with threads and caches, several at once" {
	faults lpar 'cpu-*'
}

@test "memory" {
	faults lpar 'mem-*'
}

@test "virtual adapters, accelerators" {
	faults lpar '@(slot-*|acc)'
}
