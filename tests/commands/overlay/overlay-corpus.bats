#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest
#
# Overlays compiled with dtc -@, applied by papr-overlay: the live tree must equal libfdt's
# result, and after the revert the first tree.
# tests/guest/overlaycorpus.c writes and compares.
#
# OVERLAY_CORPUS: a folder with a list and trees (tests/data/overlays/compile), for
# overlays from other projects: make check-overlay-corpus sets it.
# OVERLAY_CORPUS_KERNEL=any: on any kernel, not only on 6.1.

# shellcheck disable=SC2154 # set by the verbs

load ../../guest/verbs
load ../../lib/overlay

setup_file()
{
	overlay_boot
}

# Compare all cases of a folder that has a list and trees. The lines are in the log.
compare() # FOLDER
{
	guest_needed
	tar cf - -C "$1" . | _guest_ctl run -i -- sh -c \
		'rm -rf /tmp/corpus && mkdir /tmp/corpus && tar xf - -C /tmp/corpus'
	guest -t 7200 /usr/lib/guest/overlaycorpus /tmp/corpus/list
	# shellcheck disable=SC2001 # each line
	sed 's/^/# /' <<<"$output" >&3
	assert_status 0
}

@test "short overlays in each form that compilers emit give libfdt's tree [ov-compilers]" {
	guest_needed
	command -v dtc >/dev/null || skip "dtc is missing"
	command -v cpp >/dev/null || skip "cpp is missing"
	"${top_srcdir:-.}/tests/data/overlays/compile" "${top_srcdir:-.}/tests/data/overlays/pairs" \
		"$BATS_TEST_TMPDIR/trees"
	cat "$BATS_TEST_TMPDIR/trees/errors"
	[ ! -s "$BATS_TEST_TMPDIR/trees/failed" ]
	compare "$BATS_TEST_TMPDIR/trees"
}

@test "overlays from other projects give libfdt's tree [ov-corpus]" {
	[[ -n ${OVERLAY_CORPUS:-} ]] || skip "make check-overlay-corpus fetches them"
	guest uname -r
	# Newer kernels make platform devices of a board's nodes below the root.
	[[ ${GUEST_KIND:-real} == sim || $output == 6.1.* || ${OVERLAY_CORPUS_KERNEL:-} == any ]] ||
		skip "kernel $output: set OVERLAY_CORPUS_KERNEL=any"
	compare "$OVERLAY_CORPUS"
	[ "$(wc -l <"$OVERLAY_CORPUS/overlays")" -ge 100 ]
}
