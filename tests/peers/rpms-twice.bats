#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: alone
# The RPM packages of two builds are the same. This compiles everything four times, so it
# is not a part of rpms.bats.

bats_require_minimum_version 1.5.0

load ../lib/rpms

@test "two builds in different folders are identical" {
	missing=$(rpms_missing)
	[[ -z $missing ]] || skip "$missing"
	# Do not use variables of the make that runs the tests.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	build_ours
	build_again
	cd "$BATS_FILE_TMPDIR"
	diff <(cd ours && ls) <(cd again && ls)
	packages=(ours/*.rpm)
	[ ${#packages[@]} -eq 12 ]
	for package in "${packages[@]}"; do
		cmp "$package" "again/${package##*/}"
	done
}
