#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here
#
# The interface of libdrmgr.so.0: symbols, header, and what was in them at their
# introduction.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../lib/abi

setup()
{
	source=$(cd "${top_srcdir:-.}" && pwd) build=$(cd "${top_builddir:-build}" && pwd)
	library=$build/.libs/libdrmgr.so.0 names='dr_[a-z_0-9]+'
	suppressions=$source/tests/source/abi/drmgr.suppr
	[[ -e $library ]] || skip "the library is not built"
	cd "$BATS_TEST_TMPDIR"
}

@test "exactly the functions of the header are exported, with the version of their introduction" {
	"${CC:-cc}" --version | grep -qi clang && skip "clang has no -aux-info"
	run -0 functions_of "$names" "$source/libdrmgr/drmgr.h"
	[ "${#lines[@]}" -ge 106 ]
	printf '%s\n' "${lines[@]}" >"$BATS_TEST_TMPDIR/functions"
	run -0 diff "$BATS_TEST_TMPDIR/functions" \
		<(symbols_of "$library" | sed -n 's/^FUNC \(.*\)@@DRMGR_0$/\1/p' | LC_ALL=C sort)
	[ -z "$(symbols_of "$library" | grep -v '^FUNC dr_\|^OBJECT 0 DRMGR_')" ]
	run -0 diff "$BATS_TEST_TMPDIR/functions" \
		<(sed -nE 's/^ (dr_[a-z_0-9]+)@.*/\1/p' "$source/debian/libdrmgr0.symbols" | LC_ALL=C sort)
}

@test "the library has its soname, and needs only the C library, or also a shared libfdt" {
	run -0 entries_of "$library" SONAME
	assert_output libdrmgr.so.0
	run -0 entries_of "$library" NEEDED
	[ -z "$(grep -v '^lib\(c\|fdt\|asan\|ubsan\|tsan\)\.so' <<<"$output")" ]
	! grep -q '^FDT_LIBS = .*-l:libfdt\.a' "$build/Makefile" || refute_line --partial libfdt
}

# Tools of packagers read the note.
@test "a note names the library that is loaded only if udevd runs" {
	objcopy -O binary --only-section=.note.dlopen "$library" "$BATS_TEST_TMPDIR/notes"
	# The sizes of the name and of the text, the type, and then the name
	run -0 od -An -v -tx4 -N12 "$BATS_TEST_TMPDIR/notes"
	assert_output --regexp '^ 00000004 0000[0-9a-f]{4} 407c0c0a$'
	run -0 od -An -v -c -j12 -N4 "$BATS_TEST_TMPDIR/notes"
	assert_output '   F   D   O  \0'
	run -0 tr -d '\0' <"$BATS_TEST_TMPDIR/notes"
	assert_output --partial '[{"feature":"udev","description":"Final names of new devices, if udevd runs","priority":"recommended","soname":["libudev.so.1"]}]'
}

# Tables of texts and functions are read-only once the library is loaded.
variables_of() # LIBRARY
{
	local start size address kind name end

	read -r start size < <(readelf -lW "$1" | awk '$1 == "GNU_RELRO" { print $3, $6 }')
	end=$((start + size))
	nm -S "$1" | while read -r address size kind name; do
		# Symbols without a size have one word less, and are the linker's.
		[[ $kind = [BbDd] && $((16#$address)) -ge $end ]] || continue
		[[ $name = completed.* ]] || echo "$name"
	done
}

# All contexts would share them.
@test "the library has no variables" {
	[ -z "$(entries_of "$library" NEEDED | grep san)" ] || skip "a sanitizer has variables"
	run -0 variables_of "$library"
	refute_output
	echo 'int later; int main(void) { return later++; }' | "${CC:-cc}" -shared -fPIC -Wl,-z,relro -o one.so -x c -
	run -0 variables_of one.so
	assert_output later
}

@test "the header compiles alone, in C99 and in C++, included once or twice" {
	local text='#include <drmgr.h>'

	printf '%s\n' "$text" "$text" |
		"${CC:-cc}" -x c -std=c99 -pedantic -Wall -Wextra -Werror -I"$source/libdrmgr" -fsyntax-only -
	command -v "${CXX:-g++}" >/dev/null || skip "no C++ compiler"
	printf '%s\n' "$text" "$text" |
		"${CXX:-g++}" -x c++ -Wall -Wextra -Werror -I"$source/libdrmgr" -fsyntax-only -
}

@test "a program in C++ links with the functions" {
	command -v "${CXX:-g++}" >/dev/null || skip "no C++ compiler"
	[ -z "$(entries_of "$library" NEEDED | grep asan)" ] || skip "the library has a sanitizer"
	"${CXX:-g++}" -x c++ -I"$source/libdrmgr" -o program - -L"$build/.libs" -ldrmgr <<-'END'
		#include <cstdio>
		#include <drmgr.h>
		int main()
		{
			const struct dr_type *type;

			dr_foreach_type(type)
				std::puts(dr_type_get_name(type));
		}
	END
	run -0 env LD_LIBRARY_PATH="$build/.libs" ./program
	assert_line pci
	assert_line cpu
}

# The header at the introduction of libdrmgr.so.0 is tests/source/abi/drmgr-0.h.

# Make changed.h, a header with a change.
change() # SED-SCRIPT
{
	sed "$1" "$source/libdrmgr/drmgr.h" >changed.h
	run cmp -s changed.h "$source/libdrmgr/drmgr.h"
	[ "$status" -eq 1 ]
}

@test "abidiff: the interface has what it had at its introduction" {
	local script

	needs_abidiff
	library_of "$names" "$source/tests/source/abi/drmgr-0.h" old.so
	run -0 interface_is_kept "$names" "$source/libdrmgr/drmgr.h"
	# what a later version may do
	for script in 's/^\tbool plan;.*/&\n\tconst char *later;/' 's/^\tDR_CODE_MEMORY_NEEDED,/&\n\tDR_CODE_LATER,/' \
		's/^int dr_lock(/int dr_later(struct dr *dr);\n&/'; do
		change "$script"
		echo "$script"
		run -0 interface_is_kept "$names" changed.h
	done
	# what it must not do
	for script in '/^void dr_unlock/d' 's/^int dr_lock(struct dr \*dr, int64_t ms)/int dr_lock(struct dr *dr, int32_t ms)/' \
		's/^\tconst char \*file;.*/\tint before;\n&/' 's/^\tDR_CODE_AMBIGUOUS,/\tDR_CODE_EARLIER,\n&/' \
		's/^\tbool force;.*//' 's/^\tint64_t number;/\tint32_t number;/' 's/^bool dr_has_lock/int dr_has_lock/'; do
		change "$script"
		echo "$script"
		run interface_is_kept "$names" changed.h
		[ "$status" -ge 4 ]
	done
}
