#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm long
# Four threads use one machine of libpaprvmm, under the thread sanitizer.

bats_require_minimum_version 1.5.0

# shellcheck disable=SC2154 # set by run

load ../../lib/thread-sanitizer

@test "calls, plugs, queries, saves and resets of four threads do not race" {
	build_with_thread_sanitizer vmm-threads tests/commands/papr-vmm/vmm-threads.c \
		libvmm_la_SOURCES libwirefdt_la_SOURCES libwire_la_SOURCES
	run env TSAN_OPTIONS=exitcode=66 "$BATS_TEST_TMPDIR/vmm-threads" 250
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "1000 calls" ]
}
