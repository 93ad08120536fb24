# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # set by the Makefile
#
# thread-sanitizer.bash - build a test program with the sources of a library, under the
# thread sanitizer

# Build $BATS_TEST_TMPDIR/NAME from SOURCE and the sources of these lists of the Makefile.
# Skip the test if the compiler has no such sanitizer. Changes to the source tree.
build_with_thread_sanitizer() # NAME SOURCE LIST...
{
	local list

	cd "$top_srcdir" || return
	if ! echo 'int main(void) { return 0; }' |
		"${CC:-cc}" -fsanitize=thread -o "$BATS_TEST_TMPDIR/empty" -x c - 2>/dev/null ||
		! "$BATS_TEST_TMPDIR/empty"; then
		skip "the compiler has no thread sanitizer"
	fi
	# shellcheck disable=SC2016 # make's variables
	read -ra list < <(MAKEFLAGS='' make -s -C "$top_builddir" \
		--eval="sources-of:; @echo \$(filter %.c,$(printf '$(%s) ' "${@:3}"))" sources-of)
	[ "${#list[@]}" -gt 100 ]
	"${CC:-cc}" -std=gnu11 -O1 -g -fsanitize=thread -include "$top_builddir/config.h" -I. -pthread \
		-o "$BATS_TEST_TMPDIR/$1" "${list[@]}" "$2" -lfdt
}
