#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here long drmgr
#
# Installed pkg-config files have the flags to build programs with the libraries.

# shellcheck disable=SC2154 # from make

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

# A separate build: with static libraries, and without sanitizers, which programs would
# also need.
setup_file()
{
	source=${top_srcdir:-$PWD} dest=$BATS_FILE_TMPDIR/dest
	[[ ! -e $source/config.status ]] || skip "the source tree is configured: no second build beside it"
	mkdir "$BATS_FILE_TMPDIR/build"
	cd "$BATS_FILE_TMPDIR/build"
	# Do not use variables of the make that runs the tests.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	"$source/configure" --prefix=/opt/papr --libdir=/opt/papr/lib/of-its-own \
		--enable-static --disable-vmm --quiet >configure.log 2>&1 || { tail configure.log >&2 && false; }
	make -s librtas.la librtasevent.la libdrmgr.la >make.log 2>&1 || { tail make.log >&2 && false; }
	# Install only the libraries, with the rules of a complete installation.
	make -s DESTDIR="$dest" lib_LTLIBRARIES='librtas.la librtasevent.la libdrmgr.la' \
		install-libLTLIBRARIES install-includeHEADERS install-pkgconfigDATA >>make.log 2>&1 ||
		{ tail make.log >&2 && false; }
}

setup()
{
	source=${top_srcdir:-$PWD} dest=$BATS_FILE_TMPDIR/dest
	libraries=$dest/opt/papr/lib/of-its-own
	cd "$BATS_TEST_TMPDIR"
}

# Run pkg-config with this folder only, and DESTDIR before folders.
ask()
{
	PKG_CONFIG_LIBDIR=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$dest pkg-config "$@"
}

@test "the version is the interface's, and the package has its own" {
	local module version

	version=$(sed -n 's/^AC_INIT(\[papr-toolkit\], \[\([^]]*\)\].*/\1/p' "$source/configure.ac")
	[ -n "$version" ]
	for module in librtas librtasevent; do
		run -0 ask --modversion $module
		assert_output 2.0.6
		run -0 ask --variable=papr_toolkit_version $module
		assert_output "$version"
		ask --exists "$module >= 2.0.4"
		run ! ask --exists "$module >= 2.1"
		run -0 ask --validate $module
		refute_output
	done
}

@test "folders are those of configure, without further requirements" {
	local module

	for module in librtas librtasevent; do
		run -0 ask --cflags $module
		assert_output --regexp "^-I$dest/opt/papr/include ?\$"
		run -0 ask --libs $module
		assert_output --regexp "^-L$libraries -l${module#lib} ?\$"
		run -0 ask --static --libs $module
		assert_output --regexp "^-L$libraries -l${module#lib} ?\$"
	done
}

# Use each library alone, and both. The output is empty if no symbol is missing.
program()
{
	cat >program.c <<-'END'
		#include <librtas.h>
		#include <librtasevent.h>
		int main(void)
		{
			char event[] = { 6, 0, 0, (char)RTAS_HDR_TYPE_HOTPLUG, 0, 0, 0, 0 };
			struct rtas_event *re = parse_rtas_event(event, sizeof(event));
			int state = 5;

			return !re || rtas_set_debug(0) || rtas_get_sensor(9003, 1, &state) == 0 ||
			       state != 5 || printf("%u\n", rtas_get_event_hdr_scn(re)->type) != 4 ||
			       cleanup_rtas_event(re);
		}
	END
}

@test "a program is built, and runs with the libraries" {
	program
	# shellcheck disable=SC2046 # words
	"${CC:-cc}" -Wall -Wextra -Werror $(ask --cflags librtas librtasevent) -o program program.c \
		$(ask --libs librtas librtasevent)
	run -0 env LD_LIBRARY_PATH="$libraries" ./program
	assert_output 229
	run -0 readelf -d program
	assert_output --partial '[librtas.so.2]'
	assert_output --partial '[librtasevent.so.2]'
}

@test "a static program is built, and runs" {
	program
	# shellcheck disable=SC2046 # words
	"${CC:-cc}" -Wall -Wextra -Werror -static $(ask --static --cflags librtas librtasevent) \
		-o program program.c $(ask --static --libs librtas librtasevent)
	run -0 ./program
	assert_output 229
	run -0 readelf -d program
	refute_output --partial NEEDED
}

@test "drmgr: the version is that of the package, and the example is built and runs" {
	run -0 ask --modversion drmgr
	assert_output "$(sed -n 's/^AC_INIT(\[papr-toolkit\], \[\([^]]*\)\].*/\1/p' "$source/configure.ac")"
	run -0 ask --validate drmgr
	refute_output
	run -0 ask --libs drmgr
	assert_output --regexp "^-L$libraries -ldrmgr ?\$"
	# shellcheck disable=SC2046 # words
	"${CC:-cc}" -Wall -Wextra -Werror $(ask --cflags drmgr librtasevent) -o dr-events \
		"$source/examples/dr-events.c" $(ask --libs drmgr librtasevent)
	run -0 readelf -d dr-events
	assert_output --partial '[libdrmgr.so.0]'
	run -1 env LD_LIBRARY_PATH="$libraries" ./dr-events /nothing
	assert_output 'dr-events: /nothing: No such file or directory'
	# An event that is damaged, and one that is none.
	printf '\1\0\0\0\6\64\140\345\0\0\0\4abcd' >log
	run -0 env LD_LIBRARY_PATH="$libraries" ./dr-events log
	[ ! -e "$libraries/libdrmgr.a" ]
}
