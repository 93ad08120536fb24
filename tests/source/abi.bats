#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball
#
# The interface of librtas.so.2 and librtasevent.so.2: symbols and headers. The lists of
# symbols are those of librtas 2.0.4; abi-peer.bats reads them from that library.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../lib/abi

# Exported by our library only.
added_librtas=
added_librtasevent='FUNC rtas_get_ibmdiag_scn' # declared in the headers of all versions

setup()
{
	source=${top_srcdir:-.} build=${top_builddir:-build}
	[[ -e $build/.libs/librtas.so.2 ]] || skip "the libraries are not built"
	cd "$BATS_TEST_TMPDIR"
}

compile() # LANGUAGE [OPTION...] < PROGRAM
{
	local language=$1
	shift

	command -v "${CC:-cc}" >/dev/null || skip "no compiler"
	"${CC:-cc}" -x "$language" -Wall -Wextra -Werror -I"$source/librtas" "$@" -
}

@test "each symbol is exported, without a version" {
	local library added

	for library in librtas librtasevent; do
		added=added_$library
		run -0 symbols_of "$build/.libs/$library.so.2"
		assert_output "$({ cat "$source/tests/source/abi/$library.symbols"; echo "${!added}"; } |
			grep . | LC_ALL=C sort)"
		run readelf -V "$build/.libs/$library.so.2"
		refute_output --partial 'Version definition'
	done
}

@test "libraries have their soname, and need only the C library" {
	local library

	for library in librtas librtasevent; do
		run -0 entries_of "$build/.libs/$library.so.2" SONAME
		assert_output "$library.so.2"
		run -0 entries_of "$build/.libs/$library.so.2" NEEDED
		[ -z "$(grep -v '^libc\.so' <<<"$output")" ]
	done
}

@test "each header compiles alone, in C99 and in C++, included once or twice" {
	local header

	for header in librtas/librtas librtas/librtasevent librtas/librtasevent_v4 librtas/librtasevent_v6 \
		libdrmgr/drmgr vmm/paprvmm; do
		printf '#include "%s.h"\n' $header $header >program
		[[ $header != librtas/* ]] || compile c -std=c99 -pedantic -fsyntax-only -I"$source" <program
		"${CC:-cc}" -x c -std=c11 -Wall -Wextra -Werror -I"$source" -I"$source/librtas" -fsyntax-only - <program
		command -v "${CXX:-g++}" >/dev/null || continue
		"${CXX:-g++}" -x c++ -Wall -Wextra -Werror -I"$source" -I"$source/librtas" -fsyntax-only - <program
	done
}

# Without extern "C", the names in C++ would be different.
@test "a program in C++ links with the functions" {
	command -v "${CXX:-g++}" >/dev/null || skip "no C++ compiler"
	"${CXX:-g++}" -x c++ -I"$source/librtas" -o program - -L"$build/.libs" -lrtas -lrtasevent <<-'END'
		#include <librtas.h>
		#include <librtasevent.h>
		int main()
		{
			return rtas_set_debug(0) || cleanup_rtas_event(parse_rtas_event(0, 0));
		}
	END
	LD_LIBRARY_PATH=$build/.libs ./program
}

# Programs use what these headers include. None of them defines PAGE_SIZE.
@test "headers include what programs rely on, but not PAGE_SIZE" {
	compile c -fsyntax-only <<-'END'
		#include <librtas.h>
		#ifdef PAGE_SIZE
		#error
		#endif
		int main(void)
		{
			uint32_t bits = 0;
			ssize_t n = write(1, &bits, sizeof(bits));

			return printf("%zd %d", n, (int)geteuid()) < 0;
		}
	END
	compile c -fsyntax-only <<-'END'
		#include <librtasevent.h>
		int main(void)
		{
			uint32_t bits = 0;

			return printf("%" PRIx32, bits) < 0;
		}
	END
}
