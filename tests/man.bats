#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual: well-formed, and about the options that there are.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
	drmgr=${top_builddir:-build}/drmgr/drmgr
	lsslot=${top_builddir:-build}/drmgr/lsslot
}

# The order of sections is the project's own.
lint()
{
	! mandoc -Tlint -W warning "$@" | grep -v 'sections out of conventional order'
}

@test "pages are well-formed" {
	lint man/*.[1-9]
}

# Long options of a help text that a page does not have, and the other way round.
compare()
{
	local page=$1 help=$2

	diff <(grep -oE -- '--[a-z][a-z-]+' <<<"$help" | sort -u) \
		<(sed -nE 's/^\.It //p' "$page" | grep -oE -- ' -[a-z][a-z-]+' | sed 's/ -/--/' |
			sort -u)
}

@test "drmgr(8) and --help agree" {
	compare man/drmgr.8 "$("$drmgr" --help)"
}

@test "lsslot(8) and --help agree" {
	compare man/lsslot.8 "$("$lsslot" --help)"
}
