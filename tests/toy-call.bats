#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A new RTAS call is one entry of one table. The patch tests/toy-call/toy.patch adds one.
# The engine, the copying of buffers, the devices, the traces and the statuses know it.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=${top_srcdir:-.} build=${top_builddir:-build}
	patch=$source/tests/toy-call/toy.patch
}

variable() # NAME
{
	sed -n "s/^$1 = //p" "$build/Makefile"
}

@test "the patch adds one entry of the table, and changes nothing" {
	assert_equal "$(grep -c '^diff ' "$patch")" 1
	assert_equal "$(grep '^+++ ' "$patch")" '+++ b/wire/rtas_calls.inc'
	assert_equal "$(grep -c '^+RTAS_CALL(' "$patch")" 1
	assert_equal "$(sed 1,3d "$patch" | grep -c '^-')" 0
}

@test "engine, buffers, device, traces and statuses know the call" {
	local copy=$BATS_TEST_TMPDIR/copy file flags libraries files=()

	[[ $EUID -eq 0 ]] || skip "the library asks for root first"
	[[ -e $build/.libs/libkernio.a ]] || skip "the libraries are not built"
	mkdir "$copy"
	cp -R "$source/librtas" "$source/wire" "$source/kern" "$copy"
	mkdir "$copy/tests"
	cp "$source"/tests/*.[ch] "$source/tests/toy-call/t-toy-call.c" "$copy/tests"
	chmod -R u+w "$copy"
	run patch -d "$copy" -p1 <"$patch"
	assert_success
	for file in "$copy"/librtas/*.c; do
		[[ $file == */ev_* ]] || files+=("$file")
	done
	read -r -a flags <<<"$(variable CFLAGS) $(variable CPPFLAGS)"
	read -r -a libraries <<<"$(variable CMOCKA_LIBS)"
	# shellcheck disable=SC2046 # words
	run $(variable CC) -std=gnu11 "${flags[@]}" -include "$build/config.h" -I"$copy" \
		-I"$copy/librtas" -o "$copy/t-toy-call" "$copy"/tests/t-toy-call.c \
		"$copy"/tests/librtas_root.c "$copy"/tests/mock_rtas.c "$copy"/tests/mock_dev.c \
		"${files[@]}" "$copy/wire/rtas_names.c" "$build/.libs/libkernio.a" \
		"$build/.libs/libwire.a" "${libraries[@]}"
	assert_success
	run "$copy/t-toy-call"
	echo "$output"
	assert_success
	assert_output --partial '3 test(s)'
}
