#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The example in examples/ works with only the library's public interface.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_builddir:-build}"
	[ -x examples/embedder ] || skip "built without the host side"
}

@test "the embedder plugs a card, configures its connector, and unplugs it" {
	run ./examples/embedder
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "guest: CAS answers 0" ]
	[ "${lines[1]}" = "guest: event to add at connector 0x40000000" ]
	[ "${lines[2]}" = "  ethernet@0" ]
	grep -qx '    vendor-id = 00001af4' <<<"$output"
	grep -qx '    ibm,my-drc-index = 40000000' <<<"$output"
	[ "${lines[-2]}" = "guest: event to remove at connector 0x40000000" ]
	[ "${lines[-1]}" = "host: net0 is gone" ]
}

@test "the example is short" {
	[ "$(wc -l <"${top_srcdir:-..}/examples/embedder.c")" -lt 150 ]
}

@test "the example needs only the public header" {
	! grep '#include "' "${top_srcdir:-..}/examples/embedder.c"
}
