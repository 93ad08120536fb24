#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim long
# Two contexts of libdrmgr in two threads, under the thread sanitizer.

# shellcheck disable=SC2154 # set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/thread-sanitizer

@test "two threads with a context each add, remove and list at the same time" {
	[[ ${GUEST_KIND:-real} == sim ]] || skip "a sanitizer is for this machine"
	build_with_thread_sanitizer dr-threads tests/guest/dr-threads.c libdrmodel_la_SOURCES \
		librtasengine_la_SOURCES libkern_la_SOURCES libkernio_la_SOURCES libwirefdt_la_SOURCES libwire_la_SOURCES
	guest_sh -i 'cat >/tmp/dr-threads && chmod +x /tmp/dr-threads' <"$BATS_TEST_TMPDIR/dr-threads"
	plug n1 virtio-net-pci 1 "$nic"
	plug n2 virtio-net-pci 2 "$nic"
	guest -0 env TSAN_OPTIONS=exitcode=66 /tmp/dr-threads C8 C16 4
	assert_stderr ''
	assert_stdout $'C8: 8 changes\nC16: 8 changes'
}
