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

# One row. What went wrong is in the test's output.
row() # NAME [OPTION...]
{
	local said status=0

	matrix_row "$1"
	[[ $row_chooses == no ]] || set -- "$@" -a
	matrix_run "${FAULTS_LOG-}" faults "${@:2}" || status=$?
	sed -n "\$s/^/# ${MATRIX_WAY:+$MATRIX_WAY: }/p" "$said" >&3
	return $status
}

# The row, by each way that this kernel has.
each_way() # NAME [OPTION...]
{
	local wrong=0

	while read -r -u 4 MATRIX_WAY; do
		row "$@" || wrong=$?
	done 4< <(matrix_ways "$ways" "$MATRIX_KERNEL" "$1" | grep -e "${FAULTS_WAY-}")
	return $wrong
}

# The rows of these names, on one machine.
faults() # MACHINE NAME-PATTERN...
{
	local name pattern wrong=0 ways=all options=()

	[[ ${FAULTS-} == all ]] || ways=first options=(-q)
	for MATRIX_KERNEL in $(matrix_kernels $ways); do
		matrix_boot "$1" -qmp "unix:$socket,server=on,wait=off"
		guest_needed
		for name in $(matrix_rows "$1"); do
			for pattern in "${@:2}"; do
				# shellcheck disable=SC2053 # a pattern
				[[ $name == $pattern && ${FAULTS_ONLY-$name} == "$name" ]] || continue
				each_way "$name" "${options[@]}" || wrong=$?
			done
		done
		guest_down
	done
	return $wrong
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
	faults lpar 'slot-*' 'acc'
}
