#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr
# The product does not grow unseen: tests/source/budget has the lines of code that an area may
# have, tests/source/sizes what each folder weighs.

# shellcheck disable=SC2154 # from bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=${top_srcdir:-$PWD}
}

# Copy some folders that are weighed, and record their numbers.
copied()
{
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy/tests"
	(cd "$source" && cp -r --parents drmgr kmod libdrmgr/core vmm/vio wire tests/source "$copy" && chmod -R u+w "$copy")
	weigh=$copy/tests/source/weigh
	sizes=$copy/tests/source/sizes
	"$weigh" >"$sizes"
}

# A checkout of the copy.
tracked()
{
	command -v git >/dev/null || skip 'git is missing'
	git -C "$copy" init -q
	git -C "$copy" add -A
}

# Write 50 functions.
functions()
{
	local i

	for ((i = 0; i < 50; i++)); do
		echo "int new_$i(int a) { return a + $i; }"
	done
}

# Print a column of the sizes of a folder.
column() # FOLDER NUMBER
{
	"$weigh" | awk -v folder="$1" -v n="$2" '$1 == folder { print $n }'
}

@test "no area is beyond its budget, no folder heavier than its record, no conflict is left" {
	run -0 "$source/tests/source/gate"
	assert_output ''
}

@test "an area beyond its budget fails with one line; tests and other areas may grow [io-weight-area]" {
	copied
	"$weigh" --area | awk '{ print $1, $2 + ($1 == "guest" ? 49 : 1000) }' >"$copy/tests/source/budget"
	functions >"$copy/tests/new.c"
	functions >"$copy/vmm/vio/new.c"
	sed -i 's/^vmm\/vio .*/& # asked for/' "$sizes"
	run -0 "$weigh" --write
	run -0 "$weigh" --check
	functions >"$copy/wire/new.c"
	sed -i 's/^wire .*/& # asked for/' "$sizes"
	run -0 "$weigh" --write
	run -1 "$weigh" --check
	assert_output --regexp '^guest: [0-9]+ lines of code, tests/source/budget permits [0-9]+: remove as many elsewhere in this area$'
}

@test "code in a folder that no area has is refused [io-weight-unknown]" {
	copied
	tracked
	run -0 "$copy/tests/source/gate"
	mkdir "$copy/more" && functions >"$copy/more/new.c"
	git -C "$copy" add -A
	run -1 "$copy/tests/source/gate"
	assert_output 'more: code that is in no area of tests/source/weigh'
}

@test "a conflict of git in a tracked file is refused [io-weight-conflict]" {
	copied
	printf '%s\n' one '<<<<<<< ours' two ======= three '>>>>>>> theirs' >"$copy/notes"
	tracked
	run -1 "$copy/tests/source/gate"
	assert_output $'notes:2: a conflict that is not resolved\nnotes:6: a conflict that is not resolved'
	printf '%s\n' one ' <<<<<<< ours' '<<<<<<<' >"$copy/notes"
	run -0 "$copy/tests/source/gate"
	assert_output ''
	# root in the checkout of a user, as with sudo
	[[ $(id -u) -eq 0 ]] || return 0
	chown -R 65534 "$copy"
	run -0 "$copy/tests/source/gate"
	assert_output ''
	echo '>>>>>>> theirs' >>"$copy/notes"
	run -1 "$copy/tests/source/gate"
	assert_output 'notes:4: a conflict that is not resolved'
}

@test "50 functions fail until they are recorded with a reason, which is for once [io-weight]" {
	copied
	functions >>"$copy/libdrmgr/core/xact.c"
	run -1 "$weigh" --check
	assert_output --regexp '^libdrmgr/core: words: [0-9]+, recorded [0-9]+: if this must grow, add " # REASON" to its line of tests/source/sizes, and run "make sizes"$'
	cp "$sizes" "$BATS_TEST_TMPDIR/before"
	run -1 "$weigh" --write
	assert_output --regexp '^libdrmgr/core: words: [0-9]+, recorded [0-9]+: the reason is missing$'
	cmp "$sizes" "$BATS_TEST_TMPDIR/before"

	read -r _ words doors circles < <(grep '^libdrmgr/core ' "$sizes")
	sed -i 's/^libdrmgr\/core .*/& # asked for/' "$sizes"
	run -0 "$weigh" --write
	run -0 "$weigh" --check
	grep -q "^libdrmgr/core .* # asked for \[was $words $doors $circles\]\$" "$sizes"
	functions | sed s/new_/newer_/ >>"$copy/libdrmgr/core/xact.c"
	run -1 "$weigh" --write
	run -1 "$weigh" --check

	# When the lines go, their reason goes too.
	cp "$source/libdrmgr/core/xact.c" "$copy/libdrmgr/core"
	run -0 "$weigh" --write
	cmp "$sizes" "$BATS_TEST_TMPDIR/before"
}

@test "a record is lowered without a reason, and a small growth does not raise it" {
	copied
	: >"$copy/wire/drc_info.c"
	run -0 "$weigh" --write
	assert_equal "$(awk '$1 == "wire" { print $2 }' "$sizes")" "$(column wire 2)"
	cp "$sizes" "$BATS_TEST_TMPDIR/before"
	functions | head -n 5 >>"$copy/wire/drc_info.c"
	run -0 "$weigh" --check
	run -0 "$weigh" --write
	cmp "$sizes" "$BATS_TEST_TMPDIR/before"
}

@test "a new folder needs a line with a reason" {
	copied
	mkdir "$copy/libdrmgr/more" && functions >"$copy/libdrmgr/more/new.c"
	run -1 "$weigh" --check
	assert_line --partial 'libdrmgr/more: words: '
	run -1 "$weigh" --write
	run -1 "$weigh" --check
	sed -i 's/^libdrmgr\/more .*/& # asked for/' "$sizes"
	run -0 "$weigh" --write
	run -0 "$weigh" --check
}

@test "a door and a circle count one by one" {
	copied
	echo '#include "drmgr/small.h"' >>"$copy/drmgr/ui.h"
	echo '#include "drmgr/ui.h"' >"$copy/drmgr/small.h"
	printf 'static int door(void)\n{\n\treturn 1;\n}\n\nint house(void)\n{\n\treturn door();\n}\n' \
		>>"$copy/drmgr/ui.c"
	run -1 "$weigh" --check
	assert_line --regexp '^drmgr: doors: [0-9]+, recorded [0-9]+: '
	assert_line --regexp '^drmgr: circles: [0-9]+, recorded [0-9]+: '
}

@test "statements joined on one line do not weigh less" {
	copied
	before=$(column wire 2)
	sed -i -e ':a' -e '/;$/N; s/;\n\t*/; /; ta' "$copy/wire/drc_info.c"
	run -1 cmp -s "$source/wire/drc_info.c" "$copy/wire/drc_info.c"
	[ "$(column wire 2)" = "$before" ]
}

@test "a text with the sign of a comment weighs as a text" {
	copied
	before=$(column wire 2) lines=$("$weigh" --area | awk '$1 == "guest" { print $2 }')
	printf 'static const char *const new[] = { "//", "/*",\n\t"a" /* b */, "*/" }; // c\n' \
		>"$copy/wire/new.c"
	[ "$(column wire 2)" = $((before + 19)) ]
	[ "$("$weigh" --area | awk '$1 == "guest" { print $2 }')" = $((lines + 2)) ]
}
