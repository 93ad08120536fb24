#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr drmon ofpathtool
# The product does not grow unseen: tests/source/sizes has what it weighs, folder by folder.

# shellcheck disable=SC2154 # from bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=${top_srcdir:-$PWD}
}

# Copy what is weighed, and record it.
copied()
{
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy/tests"
	(cd "$source" && cp -r --parents cli drmgr drmon eventd kern kmod libdrmgr librtas \
		ofpathtool overlay tools vmm wire tests/source "$copy" && chmod -R u+w "$copy")
	"$copy/tests/source/weigh" --write
}

@test "no folder is heavier than its record" {
	run -0 "$source/tests/source/weigh" --check
	assert_output ''
}

@test "50 lines fail until they are recorded; a test never fails [io-weight]" {
	copied
	echo '@test "new" { true; }' >"$copy/tests/new.bats"
	run -0 "$copy/tests/source/weigh" --check
	for ((i = 0; i < 50; i++)); do
		echo "int new_$i(int a) { return a + $i; }"
	done >>"$copy/libdrmgr/core/xact.c"
	run -1 "$copy/tests/source/weigh" --check
	assert_line --partial 'libdrmgr/core: words: '
	sed -i 's/^libdrmgr\/core .*/& # asked for/' "$copy/tests/source/sizes"
	"$copy/tests/source/weigh" --write
	run -0 "$copy/tests/source/weigh" --check
	grep -q '^libdrmgr/core .* # asked for$' "$copy/tests/source/sizes"
}

@test "a file, a small header, a door and a circle count one by one" {
	copied
	echo '#include "drmgr/ui.h"' >"$copy/drmgr/small.h"
	echo '#include "drmgr/small.h"' >>"$copy/drmgr/ui.h"
	printf 'static int door(void)\n{\n\treturn 1;\n}\n\nint house(void)\n{\n\treturn door();\n}\n' \
		>>"$copy/drmgr/ui.c"
	run -1 "$copy/tests/source/weigh" --check
	for column in files headers doors circles; do
		assert_line --regexp "^drmgr: $column: [0-9]+, recorded [0-9]+\$"
	done
}

@test "statements joined on one line do not weigh less" {
	copied
	before=$("$copy/tests/source/weigh" | awk '$1 == "wire" { print $3 }')
	sed -i -e ':a' -e '/;$/N; s/;\n\t*/; /; ta' "$copy/wire/drc_info.c"
	run -1 cmp -s "$source/wire/drc_info.c" "$copy/wire/drc_info.c"
	[ "$("$copy/tests/source/weigh" | awk '$1 == "wire" { print $3 }')" = "$before" ]
}

@test "a text with the sign of a comment weighs as a text" {
	copied
	before=$("$copy/tests/source/weigh" | awk '$1 == "wire" { print $2, $3 }')
	printf 'static const char *const new[] = { "//", "/*",\n\t"a" /* b */, "*/" }; // c\n' \
		>"$copy/wire/new.c"
	after=$("$copy/tests/source/weigh" | awk '$1 == "wire" { print $2, $3 }')
	read -r lines words <<<"$before"
	[ "$after" = "$((lines + 2)) $((words + 19))" ]
}
