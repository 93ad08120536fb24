#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here long
# A new RTAS call, a new section of event logs, a new transport of disks or mounts and a new
# user of a device are one entry of one table each. The patches in tests/source/toy-call add them.
# All users of the tables then know them: the engine, the copying of buffers, devices, traces
# and statuses; structures, text and JSON; removals.

# shellcheck disable=SC2046 # words of the makefile's variables

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=${top_srcdir:-.} build=${top_builddir:-build}
	toys=$source/tests/source/toy-call
	copy=$BATS_TEST_TMPDIR/copy
}

variable() # NAME
{
	sed -n "s/^$1 = //p" "$build/Makefile"
}

# Copy the sources and change the copy.
patched_copy() # PATCH
{
	[[ -e $build/.libs/libkernio.a ]] || skip "the libraries are not built"
	mkdir -p "$copy/tests/unit/fakes"
	cp -R "$source"/{librtas,wire,base,kern,cli,libdrmgr} "$copy"
	cp "$source"/tests/unit/fakes/*.[ch] "$copy/tests/unit/fakes"
	cp "$toys"/*.c "$copy/tests"
	chmod -R u+w "$copy"
	run patch -d "$copy" -p1 <"$toys/$1"
	assert_success
}

# Build a test with sources of the copy and libraries of the build, and run it.
run_test() # NAME SOURCE|LIBRARY...
{
	local name=$1

	shift
	run $(variable CC) -std=gnu11 $(variable CFLAGS) $(variable CPPFLAGS) \
		$(variable JSON_CFLAGS) -include "$build/config.h" -I"$copy" -I"$copy/librtas" \
		-o "$copy/$name" "$copy/tests/$name.c" "$@" "$build/.libs/libkernio.a" \
		"$build/.libs/libwire.a" $(variable CMOCKA_LIBS)
	assert_success
	run "$copy/$name"
	echo "$output"
	assert_success
}

@test "the patch of the call adds one entry of the table, and changes nothing" {
	assert_equal "$(grep -c '^diff ' "$toys/toy.patch")" 1
	assert_equal "$(grep '^+++ ' "$toys/toy.patch")" '+++ b/wire/rtas_calls.inc'
	assert_equal "$(grep -c '^+RTAS_CALL(' "$toys/toy.patch")" 1
	assert_equal "$(sed 1,3d "$toys/toy.patch" | grep -c '^-')" 0
}

@test "engine, buffers, device, traces and statuses know the call" {
	local file files=()

	[[ $EUID -eq 0 ]] || skip "the library asks for root first"
	patched_copy toy.patch
	for file in "$copy"/librtas/*.c; do
		[[ $file == */ev_* ]] || files+=("$file")
	done
	run_test t-toy-call "$copy"/tests/unit/fakes/{librtas_root,mock_rtas,mock_dev}.c "${files[@]}" \
		"$copy/wire/rtas_names.c"
	assert_output --partial '3 test(s)'
}

# The structure is part of the library's interface.
@test "the patch of the section adds one entry of the table, and its structure" {
	local patch=$toys/section.patch

	assert_equal "$(grep '^+++ ' "$patch")" '+++ b/librtas/ev_sections.inc
+++ b/librtas/librtasevent.h
+++ b/librtas/librtasevent_v6.h'
	assert_equal "$(grep -c '^+SECTION(' "$patch")" 1
	assert_equal "$(grep -v '^--- ' "$patch" | grep '^-')" $'-#define RTAS_MAX_SCN_ID\t     20'
}

@test "structures, text and JSON know the section" {
	patched_copy section.patch
	run_test t-toy-section "$copy"/librtas/ev_*.c "$copy/cli/event_json.c" \
		"$build/.libs/libcommand.a" $(variable JSON_LIBS)
	assert_output --partial '2 test(s)'
}

@test "the patch of a transport and a user adds one row of a table each, and changes nothing" {
	assert_equal "$(grep -c '^diff ' "$toys/impact.patch")" 2
	assert_equal "$(grep -c '^+	{ ' "$toys/impact.patch")" 2
	assert_equal "$(grep -v '^+++ ' "$toys/impact.patch" | grep -c '^+')" 2
	assert_equal "$(grep -v '^--- ' "$toys/impact.patch" | grep -c '^-')" 0
}

@test "a removal sees the transport and the user [io-remove-lost-rows]" {
	[[ -e $build/.libs/libfakeplatform.a ]] || skip "the fake platform is not built"
	patched_copy impact.patch
	run_test t-toy-impact "$copy"/libdrmgr/impact/*.c "$copy/tests/unit/fakes/impact_root.c" \
		"$build"/.libs/lib{fakeplatform,drmodel,kern,rtasengine}.a -lfdt -ldl
	assert_output --partial 'ok 1 - rows_are_enough'
}
