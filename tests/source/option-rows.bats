#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmon
# The table of what the programs do with wrong options is what they do. To make it again:
# tests/source/option-rows BUILD ROOT >tests/data/golden/option-rows

bats_require_minimum_version 1.5.0

load ../lib/rootfs

@test "each option that is used wrongly has the status and the text of the table" {
	local source=${top_srcdir:-.} build=${top_builddir:-build}

	[ -x "$build/drmon/drmon" ] || skip 'drmon is not part of this build'
	rootfs_make qemu-pseries "$BATS_TEST_TMPDIR/root"
	diff "$source/tests/data/golden/option-rows" <("$source/tests/source/option-rows" "$build" "$BATS_TEST_TMPDIR/root")
}
