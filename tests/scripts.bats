#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Checkers find no errors in scripts, and sources have one format.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
}

# Files whose first line names a shell.
scripts()
{
	grep -rlIE --exclude-dir=rootfs '^#!/(usr/)?bin/(env )?(ba)?sh' \
		autogen.sh quickstart .ci build-aux debian packaging tests |
		grep -vE 'build-aux/(ar-lib|compile|config|depcomp|install-sh|ltmain|missing|tap-driver|test-driver)'
}

@test "shellcheck has no findings" {
	mapfile -t files < <(scripts)
	[ "${#files[@]}" -gt 8 ]
	shellcheck "${files[@]}"
	shellcheck --shell=bash data/completions/*
}

@test "shellcheck has no findings in the tests" {
	shellcheck --severity=error --shell=bats tests/*.bats tests/guest/*.bats
	shellcheck --shell=bash --exclude=SC2034 tests/*.bash tests/guest/*.bash
}

# Versions differ in what they make of the same configuration.
@test "sources are formatted" {
	[[ $(clang-format --version) == *" version 14."* ]] ||
		skip "not clang-format 14: $(clang-format --version)"
	find wire kern kmod librtas libdrmgr cli drmgr drmon eventd ofpathtool overlay tools tests examples vmm -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run --Werror
}

# Without the files that dpkg-buildpackage makes.
debian_texts()
{
	sed -n 's,^\t\(debian/[^ ]*\).*,\1,p' debian/Makemodule.am | grep -v symbols
}

# The words are a macro of manual pages, and messages that scripts know.
@test "words are spelled right" {
	codespell --quiet-level=3 --ignore-words-list=nd,spcified,communcation,vas,buids,aer,triggerin,hda,msdos \
		README INSTALL ChangeLog CONTRIBUTING doc man wire kern librtas libdrmgr cli drmgr drmon eventd ofpathtool overlay tools kmod examples quickstart build-aux/cross-* build-aux/foreign-debs \
		build-aux/kernel-headers build-aux/kernel-source build-aux/build-module build-aux/check-module build-aux/debug-kernel build-aux/debs build-aux/rpms build-aux/bug-address build-aux/merge-usr build-aux/test-kernel \
		packaging $(debian_texts)
}

# A tarball has these files even if its tests are skipped.
@test "loaded files and simulated guests' tests exist" {
	local name missing=0

	while read -r name; do
		[[ -e tests/$name.bash || -e tests/guest/$name.bash ]] || { echo "load $name" && missing=1; }
	done < <(sed -n 's/^load \([^ ]*\)$/\1/p' tests/*.bats tests/guest/*.bats | sort -u)
	while read -r name; do
		[[ -e tests/$name.bats ]] || { echo "$name.sim" && missing=1; }
	done < <(sed -nE 's,^\ttests/sim[^/]*/(.*)\.sim.*,\1,p' tests/Makemodule.am | sort -u)
	return $missing
}

# NAME is a placeholder.
@test "files that CONTRIBUTING names exist" {
	local word missing=0 n=0

	while read -r word; do
		n=$((n + 1))
		compgen -G "$word" >/dev/null || { echo "CONTRIBUTING: $word" && missing=1; }
	done < <(grep -oE '\b(data|drmgr|librtas|man|tests|vmm|wire)/[A-Za-z0-9_/.*-]*[A-Za-z0-9/]' CONTRIBUTING |
		grep -v NAME | sort -u)
	[ "$n" -gt 30 ]
	return $missing
}

@test "a limit of minutes skips files of tests that begin later" {
	run -0 tests/in-time 1 false
	[ "$output" = '1..0 # SKIP no time remains' ]
	run -1 tests/in-time "$(($(date +%s) + 600))" false
	[ -z "$output" ]
}

@test "quickstart test refuses what is not a number of minutes" {
	local minutes

	for minutes in 0 -1 80m ''; do
		run -2 ./quickstart test "$minutes"
		[ "$output" = "quickstart: test: '$minutes' is not a number of minutes; see ./quickstart --help" ]
	done
	run -2 ./quickstart test 80 5
	[ "$output" = 'quickstart: test: unexpected argument 5; see ./quickstart --help' ]
}
