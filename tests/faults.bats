#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every operation that changes a machine, with each call into firmware and each write to
# the kernel that it makes failing in turn. FAULTS=all: in every documented way, by each
# way to change the tree that the kernel has; else one failure of each, one way.
# FAULTS_ONLY: one row of matrix.bash; FAULTS_WAY: one way, as "overlay"; FAULTS_LOG: what went
# wrong goes there, too.
# shellcheck disable=SC2154 # row_...: matrix.bash

load guest/verbs
load matrix

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the machine has to fail when it is told to"
	socket=$BATS_FILE_TMPDIR/faults
}

teardown()
{
	guest_down
}

# What went wrong is in the test's output.
row() # [OPTION...]
{
	local said status=0

	[[ ${FAULTS_ONLY-$row_name} == "$row_name" ]] || return 0
	[[ $row_chooses == no ]] || set -- "$@" -a
	matrix_run "${FAULTS_LOG-}" faults "$@" || status=$?
	sed -n "\$s/^/# ${MATRIX_WAY:+$MATRIX_WAY: }/p" "$said" >&3
	return $status
}

faults() # MACHINE NAME-PATTERN
{
	local ways=all options=()

	[[ ${FAULTS-} == all ]] || ways=first options=(-q)
	matrix_each "$1" $ways "$2" "${FAULTS_WAY-}" row "${options[@]}"
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
