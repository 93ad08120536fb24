#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Run operations that change a machine, and let each of their reads of files fail, once and
# for ever: an open, a read, a listing, a link, a test for existence. "Cannot be read" is
# never "does not exist": the exit status must match the state.
#
# By default few operations, and one of eight reads. READS=all: all of them; READS=two: two
# operations of each type. READS_ROW: operations of this pattern. READS_LOG: a file for
# failures.
# shellcheck disable=SC2154 # row_...: matrix.bash

load guest/verbs
load matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "only a simulated machine can be made to fail"
	socket=$BATS_FILE_TMPDIR/reads
}

teardown()
{
	guest_down
}

# If the row fails, bats shows the output.
row() # OPTION...
{
	local said status=0

	[[ $row_chooses == no ]] || set -- "$@" -a
	matrix_run "${READS_LOG-}" faults -u "$@" || status=$?
	sed -n "\$s/^/# /p" "$said" >&3
	return $status
}

reads() # MACHINE FEW TWO ALL
{
	local pattern=$2 options=(-q)

	case ${READS-} in
	two) pattern=$3 options=() ;;
	all) pattern=$4 options=() ;;
	esac
	matrix_each "$1" first "${READS_ROW-$pattern}" "" row "${options[@]}"
	return "$matrix_wrong"
}

@test "cards, host bridges, cores" {
	reads qemu '@(pci-r|phb-a)' '@(pci-[ar]|phb-[ar]|cpu-[ar])?(-ofdt)' '*'
}

@test "memory, threads, virtual adapters, accelerators" {
	reads lpar '@(mem-r-3|slot-r)' '@(mem-[ar]-@(3|ofdt)|slot-[ar]|cpu-smt|*-weight|acc)' '*'
}
