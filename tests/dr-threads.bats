#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Two contexts of libdrmgr in two threads, under the thread sanitizer.

# shellcheck disable=SC2154 # set by the verbs

load guest/verbs
load cards

# Print the sources of the library.
sources()
{
	# shellcheck disable=SC2016 # make's variables
	MAKEFLAGS='' make -s -C "$top_builddir" --eval='sources-of:
		@echo $(filter %.c,$(libdrmodel_la_SOURCES) $(librtasengine_la_SOURCES) $(libkern_la_SOURCES) \
			$(libkernio_la_SOURCES) $(libwirefdt_la_SOURCES) $(libwire_la_SOURCES))' sources-of
}

@test "two threads with a context each add, remove and list at the same time" {
	local list

	[[ ${GUEST_KIND:-real} == sim ]] || skip "a sanitizer is for this machine"
	cd "$top_srcdir"
	echo 'int main(void) { return 0; }' |
		"${CC:-cc}" -fsanitize=thread -o "$BATS_TEST_TMPDIR/empty" -x c - 2>/dev/null &&
		"$BATS_TEST_TMPDIR/empty" || skip "the compiler has no thread sanitizer"
	read -ra list < <(sources)
	[ "${#list[@]}" -gt 100 ]
	"${CC:-cc}" -std=gnu11 -O1 -g -fsanitize=thread -include "$top_builddir/config.h" -I. -pthread \
		-o "$BATS_TEST_TMPDIR/dr-threads" "${list[@]}" tests/guest/dr-threads.c -lfdt
	guest_sh -i 'cat >/tmp/dr-threads && chmod +x /tmp/dr-threads' <"$BATS_TEST_TMPDIR/dr-threads"
	plug n1 virtio-net-pci 1 "$nic"
	plug n2 virtio-net-pci 2 "$nic"
	guest env TSAN_OPTIONS=exitcode=66 /tmp/dr-threads C8 C16 4
	assert_status 0
	assert_stderr ''
	assert_stdout $'C8: 8 changes\nC16: 8 changes'
}
