#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian
#
# Compare the interface of our two libraries with the distribution's, both for the guest's
# processor: symbols, types, macros, and programs that are built with one library and run
# with the other. This needs the files that make guest-prepare downloads and builds.

# shellcheck disable=SC2154 # set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../lib/abi

triplet=powerpc64le-linux-gnu

# Exported by our library only.
added='FUNC rtas_get_ibmdiag_scn'
# Macros that our headers do not define, or define differently: include guards, a page
# size, and two macros that use names which no header defines, so no program can use them.
gone='PAGE_SIZE
RE_IO_V6_SCN_OFFSET
RTAS_UH_TYPE_CAPACITY
_H_RE_V6_RTAS_EVENT
_H_RTAS_EVENTS
_H_RTAS_EVENT_HDRS
_LIBRTAS_H_'

setup()
{
	work=$(dirname "${GUEST_AGENT:-/nothing/agent}")
	theirs=${GUEST_CACHE:-}/root/usr/lib/$triplet their_headers=${GUEST_CACHE:-}/headers/usr/include
	ours=$work/stage/usr/lib/$triplet our_headers=$work/stage/usr/include
	[[ -d $their_headers && -e $ours/librtasevent.so.2 ]] || skip "nothing is prepared"
	# The compiler and its folders, as for the libraries.
	read -r -a cross < <(sed -n 's/^CC = //p' "$work/build/Makefile")
	cd "$BATS_TEST_TMPDIR"
}

needs() # PROGRAM PACKAGE
{
	command -v "$1" >/dev/null || skip "$1 is missing (package $2)"
}

@test "the distribution's libraries export the listed symbols, and ours export them too" {
	local library

	for library in librtas librtasevent; do
		run -0 symbols_of "$theirs/$library.so.2"
		assert_output "$(cat "$top_srcdir/tests/source/abi/$library.symbols")"
		run -0 diff <(symbols_of "$theirs/$library.so.2") \
			<(symbols_of "$ours/$library.so.2" | grep -vxF "$added")
		[ "$(entries_of "$theirs/$library.so.2" SONAME)" = "$(entries_of "$ours/$library.so.2" SONAME)" ]
		run readelf -V "$ours/$library.so.2"
		refute_output --partial 'Version definition'
	done
}

@test "abidiff finds no difference between the libraries" {
	local library

	needs abidiff abigail-tools
	for library in librtas librtasevent; do
		run -0 abidiff --no-added-syms "$theirs/$library.so.2" "$ours/$library.so.2"
	done
}

# The distribution's libraries have no debug information. So a library that has only
# variables is made from its headers: a pointer to each function, and a variable of each
# structure.
variables()
{
	printf '#include <librtas.h>\n#include <librtasevent.h>\n'
	printf '#include <librtas.h>\n#include <librtasevent.h>\n' |
		"${cross[@]}" -x c -I"$their_headers" -aux-info prototypes -fsyntax-only -
	sed -nE "s,^/\* $their_headers.*[ *]([a-z_0-9]+) \(.*,__typeof__(\1) *f_\1;,p" prototypes | sort -u
	sed -nE 's/^[[:space:]]*struct ([a-z_0-9]+) *\{.*/struct \1 s_\1;/p' "$their_headers"/librtas*.h | sort -u
}

library_of_types() # HEADERS OUT
{
	"${cross[@]}" -w -g -shared -fPIC -I"$1" -o "$2" variables.c
}

compare_types()
{
	abidiff --harmless --no-show-locs --suppressions "$top_srcdir/tests/source/abi/known.suppr" \
		theirs.so "$1"
}

# Make changed/, headers with a change that the comparison must find.
with_change() # SED-SCRIPT
{
	mkdir -p changed
	cp "$our_headers"/librtas*.h changed
	sed -i "$1" changed/*.h
	echo "$1"
}

@test "functions, structures and members have the same types" {
	local change

	needs abidiff abigail-tools
	variables >variables.c
	[ "$(grep -c '^__typeof__' variables.c)" -ge 55 ]
	[ "$(grep -c '^struct' variables.c)" -ge 45 ]
	library_of_types "$their_headers" theirs.so
	library_of_types "$our_headers" ours.so
	run -0 compare_types ours.so

	for change in 's/uint32_t failing_address_hi/int32_t failing_address_hi/' \
		's/failing_address_hi/failing_address_high/' 's/char model.9/char model[10/' \
		's/int sensor, int index, int \*state/int sensor, long index, int *state/'; do
		with_change "$change"
		library_of_types "$PWD/changed" changed.so
		run ! compare_types changed.so
	done
}

# Print "structure member", or "structure member bits" for a bit field.
members_of() # LIBRARY
{
	readelf --debug-dump=info "$1" | awk '
		function flush() {
			if (member)
				print structure, member, bits
			member = bits = ""
		}
		/^ <[0-9]+><[0-9a-f]+>: Abbrev/ {
			flush()
			tag = $NF
			if (tag == "(DW_TAG_structure_type)")
				structure = ""
			else if (/^ <1>/)
				structure = "-"
		}
		/DW_AT_name/ && tag == "(DW_TAG_structure_type)" { structure = $NF }
		/DW_AT_name/ && tag == "(DW_TAG_member)" && structure ~ /^[a-z]/ { member = $NF }
		/DW_AT_bit_size/ { bits = $NF }
		END { flush() }' | grep -vE '^(_IO_|_G_)' | sort -u
}

# Print a program that sets all bits of one member in a structure of zeros, for each
# member.
program_of_members()
{
	cat <<-'END'
		#include <librtas.h>
		#include <librtasevent.h>
		#include <string.h>
		static void dump(const char *name, const unsigned char *at, size_t size)
		{
			printf("%s in %zu", name, size);
			for (size_t i = 0; i < size; i++)
				if (at[i])
					printf(" %zu:%02x", i, at[i]);
			puts("");
		}
		#define whole(s, m) do { struct s v; memset(&v, 0, sizeof(v)); \
			memset(&v.m, 255, sizeof(v.m)); dump(#s "." #m, (void *)&v, sizeof(v)); } while (0)
		#define bits(s, m) do { struct s v; memset(&v, 0, sizeof(v)); \
			v.m = -1; dump(#s "." #m, (void *)&v, sizeof(v)); } while (0)
		int main(void)
		{
	END
	awk '{ printf "%s(%s, %s);\n", $3 ? "bits" : "whole", $1, $2 }' members
	echo '}'
}

layout() # HEADERS
{
	"${cross[@]}" -w -I"$1" -o layout members.c
	run_program "$theirs" ./layout
}

@test "each member has the same place and size" {
	local change

	needs qemu-ppc64le qemu-user
	variables >variables.c
	library_of_types "$their_headers" theirs.so
	# The new members, a count and its index, are at the place of the old count.
	members_of theirs.so | grep -vx 'rtas_hotplug_scn u1 ' >members
	[ "$(wc -l <members)" -gt 300 ]
	program_of_members >members.c
	layout "$their_headers" >their.layout
	run -0 diff their.layout <(layout "$our_headers")

	for change in 's/try_reboot : 1/try_reboot : 2/' \
		'/uint32_t failing_address_hi;/{s/hi/lo/;n;s/lo/hi/}'; do
		with_change "$change"
		run ! diff their.layout <(layout "$PWD/changed")
	done
	"${cross[@]}" -x c -I"$our_headers" -fsyntax-only - <<-'END'
		#include <librtasevent.h>
		_Static_assert(sizeof(struct rtas_hotplug_scn) == 56, "size");
		_Static_assert(__builtin_offsetof(struct rtas_hotplug_scn, u1) == 48, "place");
	END
}

macros() # HEADERS
{
	local all system

	all=$(printf '#include <inttypes.h>\n#include <librtas.h>\n#include <librtasevent.h>\n' |
		"${cross[@]}" -E -dM -I"$1" -x c - | LC_ALL=C sort)
	system=$(printf '#include <%s.h>\n' inttypes stdint stdio sys/types unistd |
		"${cross[@]}" -E -dM -x c - | LC_ALL=C sort)
	LC_ALL=C comm -23 <(echo "$all") <(echo "$system")
}

# Print a program that prints each macro's value, a number or a string.
program_of_macros()
{
	cat <<-'END'
		#include <librtas.h>
		#include <librtasevent.h>
		static void number(const char *name, long long value) { printf("%s %lld\n", name, value); }
		static void text(const char *name, const char *value) { printf("%s \"%s\"\n", name, value); }
		#define show(x) _Generic((x), char *: text, default: number)(#x, x)
		int main(void)
		{
	END
	sed 's/.*/show(&);/' names
	echo '}'
}

run_program() # LIBRARIES PROGRAM [ARG...]
{
	qemu-ppc64le -L "$work/sysroot" -E "LD_LIBRARY_PATH=$1" "${@:2}"
}

@test "macros have the same names and values" {
	local whose

	needs qemu-ppc64le qemu-user
	run -0 comm -23 <(macros "$their_headers" | awk '{ print $2 }' | LC_ALL=C sort) \
		<(macros "$our_headers" | awk '{ print $2 }' | sed 's/^src_.*(x)/src_subscns_included(src)/' | LC_ALL=C sort)
	assert_output "$(grep -v RTAS_UH_TYPE_CAPACITY <<<"$gone")"
	# Macros of members have no value of their own.
	macros "$their_headers" | awk '{ print $2 }' | grep -v '[(]\|^lri_' | grep -vxF "$gone" >names
	[ "$(wc -l <names)" -gt 150 ]
	program_of_macros >macros.c
	for whose in their our; do
		headers=${whose}_headers
		"${cross[@]}" -w -I"${!headers}" -o "$whose" macros.c
		run_program "$theirs" "./$whose" >"$whose.values"
	done
	run -0 diff their.values our.values
}

# Build PROGRAM.their and PROGRAM.our, each with the headers and the library of its name.
build_with_both() # PROGRAM SOURCE LIBRARY
{
	"${cross[@]}" -O1 -Wall -D_GNU_SOURCE -Wno-unused-parameter -I"$their_headers" -o "$1.their" \
		"$2" "$theirs/$3.so.2"
	"${cross[@]}" -O1 -Wall -D_GNU_SOURCE -Wno-unused-parameter -I"$our_headers" -o "$1.our" \
		"$2" "$ours/$3.so.2"
}

same_four_times() # INPUT PROGRAM [ARG...]
{
	local headers libraries

	for headers in their our; do
		for libraries in "$theirs" "$ours"; do
			status=0
			run_program "$libraries" "./$2.$headers" "${@:3}" <"$1" >now 2>&1 || status=$?
			echo "status $status" >>now
			[ -e first ] || cp now first
			run -0 diff first now
		done
	done
	cat first
	rm first
}

@test "a program built with either librtas runs with either" {
	needs qemu-ppc64le qemu-user
	build_with_both rtascall "$top_srcdir/tests/guest/rtascall.c" librtas
	head -c 10000 /dev/zero | tr '\0' x >input
	run -0 same_four_times input rtascall read_entire_file , dbg_lvl , set_debug 0 , \
		delay_timeout 100 , interface_exists , token nothing , free_rmo_buffer 0
	assert_line --partial 'read_entire_file = 0 bytes 10000 area 787878'
	assert_line 'token nothing = -1099'
	assert_line 'status 0'
	# This machine's kernel has no RTAS, and the user may not be root.
	run -0 same_four_times input rtascall get_sensor 9003 1 , cfg_connector 40000008 , \
		get_sysparm 20 64 , get_rmo_buffer 4096
	assert_line --regexp '^get_sensor 9003 1 = -100[13] state 0x5a5a5a5a$'
}

event() # HEX...
{
	local word

	for word; do
		# shellcheck disable=SC2059 # the format is the bytes
		printf "$(sed 's/../\\x&/g' <<<"$word")"
	done
}

@test "a program built with either librtasevent runs with either" {
	needs qemu-ppc64le qemu-user
	build_with_both event-walk "$top_srcdir/tests/source/abi/event-walk.c" librtasevent
	event 063460e5 00000068 86008e00 00000000 00000000 49424d00 50480030 01000000 20241120 \
		13455907 00000000 00000000 48000003 00000000 00000000 00000000 50000001 50000002 \
		55480018 01000000 80000000 00000000 00000000 00000000 48500010 01000000 05010200 \
		40000020 >event
	run -0 same_four_times event event-walk
	assert_line 'hotplug 5 1 2 0x40000020'
	assert_line 'Hotplug drc_index:  40000020'
	event 06206000 >short
	run -0 same_four_times short event-walk
	assert_line 'no event'
	event 06606040 00000000 >head
	run -0 same_four_times head event-walk
	assert_line 'head 6 3 0 0 6 0 64 0'
}
