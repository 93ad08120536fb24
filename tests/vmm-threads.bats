#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Four threads use one machine of libpaprvmm, under the thread sanitizer.

bats_require_minimum_version 1.5.0

# Print the sources of the library.
sources()
{
	# shellcheck disable=SC2016 # make's variables
	MAKEFLAGS='' make -s -C "$top_builddir" --eval='sources-of:
		@echo $(filter %.c,$(libvmm_la_SOURCES) $(libwirefdt_la_SOURCES) $(libwire_la_SOURCES))' sources-of
}

@test "calls, plugs, queries, saves and resets of four threads do not race" {
	local list

	cd "$top_srcdir"
	echo 'int main(void) { return 0; }' |
		"${CC:-cc}" -fsanitize=thread -o "$BATS_TEST_TMPDIR/empty" -x c - 2>/dev/null &&
		"$BATS_TEST_TMPDIR/empty" || skip "the compiler has no thread sanitizer"
	read -ra list < <(sources)
	[ "${#list[@]}" -gt 100 ]
	"${CC:-cc}" -std=gnu11 -O1 -g -fsanitize=thread -include "$top_builddir/config.h" -I. -pthread \
		-o "$BATS_TEST_TMPDIR/vmm-threads" "${list[@]}" tests/vmm-threads.c -lfdt
	run env TSAN_OPTIONS=exitcode=66 "$BATS_TEST_TMPDIR/vmm-threads" 250
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "1000 calls" ]
}
