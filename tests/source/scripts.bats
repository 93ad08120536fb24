#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr drmon ofpathtool
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
	find tests -name '*.bats' -exec shellcheck --severity=error --shell=bats {} +
	shellcheck --shell=bash --exclude=SC2034 tests/lib/*.bash tests/guest/*.bash
	shellcheck --shell=sh --exclude=SC3028 - <<<"$(source tests/lib/wait.bash && echo "$wait_in_script")"
}

# Versions differ in what they make of the same configuration.
@test "sources are formatted" {
	[[ $(clang-format --version) == *" version 14."* ]] ||
		skip "not clang-format 14: $(clang-format --version)"
	find wire base kern kmod librtas libdrmgr cli drmgr drmon eventd ofpathtool overlay tools tests examples vmm -path tests/source/abi -prune -o -name "*.[ch]" -print0 |
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
		README INSTALL ChangeLog CONTRIBUTING doc man wire base kern librtas libdrmgr cli drmgr drmon eventd ofpathtool overlay tools kmod examples quickstart build-aux/cross-* build-aux/foreign-debs \
		build-aux/kernel-headers build-aux/kernel-source build-aux/build-module build-aux/check-module build-aux/debug-kernel build-aux/debs build-aux/rpms build-aux/addresses build-aux/release build-aux/merge-usr build-aux/test-kernel \
		packaging $(debian_texts)
}

# A tarball has these files even if its tests are skipped.
@test "loaded files and simulated guests' tests exist" {
	local file name missing=0

	while IFS=: read -r file name; do
		name=${name#load }.bash
		[[ -e ${file%/*}/$name ]] || { echo "$file: $name" && missing=1; }
	done < <(grep -rE --include='*.bats' '^load [^ ]*$' tests)
	# bats looks for a file beside the test, not beside the file that loads it.
	run ! grep -n '^\s*load ' tests/lib/*.bash tests/guest/*.bash
	while read -r name; do
		[[ -e tests/commands/$name.bats ]] || { echo "$name.sim" && missing=1; }
	done < <(grep -oE 'tests/(sim|kvm)[^/ ]*/[^% ]*\.(sim|kvm)' tests/Makemodule.am tests/files.am |
		sed -E 's,.*tests/(sim|kvm)[^/]*/(.*)\..*,\2,' | sort -u)
	return $missing
}

# Print "FILE:; do ... sleep" of each loop that pauses by itself, or does nothing.
loops_that_wait() # FILE...
{
	local pause='\b(sleep|read -\w*t)\b'

	grep -PzoH "(?s)(until|while) [^\n]*; do :; done|[;\n]\s*do\s((?!\bdone\b|$pause).)*+$pause [\d\$]" "$@" |
		tr -s '\n\t\0' '  \n'
}

@test "waits of tests are wait_until, which fails after a minute" {
	local files file=$BATS_TEST_TMPDIR/toy

	mapfile -t files < <({ scripts | grep ^tests/; find tests -name '*.bats' -o -name '*.bash'; } |
		grep -v -e tests/source/scripts.bats -e tests/lib/wait.bash | LC_ALL=C sort)
	# Hooks that block until a test ends them; a pause before a kill; one between
	# two bytes; a program that a signal ends.
	diff <(loops_that_wait "${files[@]}") - <<-'END'
		tests/commands/drmgr/logical.bats:until [ -e /tmp/said ]; do :; done
		tests/commands/eventd/eventd-events.bats:; do sleep 0
		tests/commands/eventd/eventd-systemd.bats:; do sleep 0
		tests/commands/eventd/sim-eventd-urgent.bats:; do sleep 0
		tests/commands/librtas/librtas-threads.bats:; do "$2" 4 60 >/tmp/out & pid=$!; sleep 0
		tests/commands/papr-vmm/papr-vmm-qmp.bats:; do printf '%b' "$byte" read -rt 0
		tests/commands/papr-vmm/sim.bats:; do sleep 0
	END
	printf '%s\n' 'until [ -e x ] &&' '	[ -e y ]; do' '	date' '	sleep 0.1' 'done' >"$file"
	[ "$(loops_that_wait "$file")" = "$file:; do date sleep 0" ]
	printf '%s\n' "guest_sh 'until [ -s x ]; do :; done; sleep 1'" >"$file"
	[ "$(loops_that_wait "$file")" = "$file:until [ -s x ]; do :; done" ]
	printf '%s\n' 'until [ -s x ]' 'do' '	read -rt 0.1 <> <(:) || :' 'done' >"$file"
	[ "$(loops_that_wait "$file")" = "$file: do read -rt 0" ]
	printf '%s\n' 'while read -r x; do' '	echo "$x"' 'done; sleep 1' 'for x; do wait_until "[ -e $x ]"; done' >"$file"
	[ -z "$(loops_that_wait "$file")" ]
}

@test "a unit test is built, linked and run without an entry of its own" {
	local tree=$BATS_TEST_TMPDIR

	# If this fails, run ./autogen.sh.
	diff <(tests/lists | sed -n '/^unit_tests/,$p') <(sed -n '/^unit_tests/,$p' tests/files.am)
	mkdir -p "$tree/tests/unit/wire" "$tree/vmm"
	cp tests/lists "$tree/tests" && : >"$tree/tests/targets"
	echo 'tests_unit_wire_t_own_LDADD = libown.la' >"$tree/tests/Makemodule.am"
	printf 'long = \\\n\ttests/unit/wire/t-long\n' >"$tree/vmm/Makemodule.am"
	touch "$tree"/tests/unit/wire/t-{long,new,own}.c
	echo '#include "tests/unit/fakes/no_memory.h"' >"$tree/tests/unit/wire/t-none.c"
	cd "$tree"
	diff <(tests/lists | grep wire | grep -v '^	') <(
		for name in long new none own; do
			[ "$name" = long ] || echo "unit_tests += tests/unit/wire/t-$name"
			[ "$name" = own ] ||
				echo "tests_unit_wire_t_${name}_LDADD = libtest.la \$(unit_wire_ldadd) \$(CMOCKA_LIBS)"
			[ "$name" != none ] ||
				echo "tests_unit_wire_t_${name}_LDFLAGS = \$(AM_LDFLAGS) \$(wrapped)"
		done
	)
}

@test "a bats file is in the lists by its words" {
	local tree=$BATS_TEST_TMPDIR

	mkdir -p "$tree/tests/commands/drmgr" "$tree/tests/source" "$tree/tests/unit/wire" "$tree/vmm"
	cp tests/lists "$tree/tests" && : >"$tree/tests/targets"
	touch "$tree"/{tests,vmm}/Makemodule.am "$tree/tests/unit/wire/t-any.c"
	cd "$tree"
	echo '# needs: sim-6.12 guest long drmgr' >tests/commands/drmgr/new.bats
	echo '# needs: here long' >tests/source/new.bats
	diff <(tests/lists | sed -n '/^needs/,$p' | grep -v '=$\|if' | tr -d '\t') - <<-'EOF'
		needs_here = \
			tests/source/new.bats
		needs_guest = \
			tests/commands/drmgr/new.bats
		needs_sim_6_12 = \
			tests/sim-6.12/drmgr/new.sim
		needs_long = \
			tests/sim/drmgr/new.sim \
			tests/source/new.bats
	EOF
}

# Print the IDs in titles of tests and in comments above tests, one a line.
behaviours()
{
	sed -nE 's/^@test ".* \[(.*)\]" \{$/\1/p; s/^# Behaviours: //p' $(find tests -name '*.bats') | tr ' ' '\n'
	sed -nE 's,^(/\*| \*) Behaviours: ([^/]*[^ */])( \*/)?$,\2,p' $(find tests -name '*.c') | sed 's/, /\n/g'
}

@test "each behaviour has an ID, which one test has" {
	behaviours | LC_ALL=C sort >"$BATS_TEST_TMPDIR/ids"
	run grep -vxE '(drmon|io|log|ofp|ov)-[A-Za-z0-9.-]+' "$BATS_TEST_TMPDIR/ids"
	echo "$output"
	[ "$status" -eq 1 ]
	run -0 uniq -d "$BATS_TEST_TMPDIR/ids"
	echo "$output"
	[ -z "$output" ]
	# So many exist that none gets lost by accident.
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ids")" -ge 860 ]
}

# A program is used if its name is a word outside of comments and titles.
@test "each bats file says where it runs, and names the programs that it uses" {
	awk -v list="$(cd man && printf '%s ' *.[18] | sed 's/\.[18] / /g')" '
		function fail(what) { print FILENAME ": " what; failed = 1 }
		BEGIN {
			n = split(list, programs)
			split("here here-vmm here-sim sim sim-once sim-6.12 sim-current guest kvm debug packages " \
			      "matrix systemd alone", words)
			for (i in words)
				places[words[i]]
			split("debian kernel few long all tarball sanitized", words)
			for (i in words)
				choices[words[i]]
		}
		FNR == 3 {
			delete needs
			has_place = 0
			if (!/^# needs: /)
				fail("line 3 is not \"# needs: ...\" (tests/README)")
			for (i = 3; i <= NF; i++)
				needs[$i]
			for (word in needs) {
				has_place += word in places
				is_program = 0
				for (i = 1; i <= n; i++)
					is_program += programs[i] == word
				if (!(word in places) && !(word in choices) && !is_program)
					fail("what is " word "? (tests/README)")
			}
			if (!has_place)
				fail("needs has no word that says where it runs (tests/README)")
		}
		FNR > 3 && /^# needs:/ { fail("two lines of needs") }
		FNR <= 3 || /^[ \t]*#/ || /^@test/ { next }
		{
			for (i = 1; i <= n; i++)
				if (!(programs[i] in needs) && index($0, programs[i]) &&
				    $0 ~ "(^|[^a-z/._-]|bin/)" programs[i] "([^a-z0-9/._-]|$)") {
					fail("needs lacks " programs[i])
					needs[programs[i]]
				}
		}
		END { exit failed }' $(find tests -name '*.bats')
	while read -r name; do
		grep -q "$(basename "$name" .bats)" tests/Makemodule.am tests/targets || { echo "$name: no target runs it" && false; }
	done < <(grep -rlE --include='*.bats' '^# needs: .*alone' tests)
}

@test "a fuzz target, and a program of a guest, are built as their second line and headers say" {
	local targets tree=$BATS_TEST_TMPDIR

	mapfile -t targets < <(grep -l '^int LLVMFuzzerTestOneInput' tests/fuzz/*.c)
	[ -z "$(grep -L '^/\* links: .* \*/$' "${targets[@]}")" ]
	mkdir -p "$tree"/tests/{fuzz,guest} "$tree/vmm"
	cp tests/lists "$tree/tests" && : >"$tree/tests/targets"
	touch "$tree"/{tests,vmm}/Makemodule.am "$tree"/tests/fuzz/{replay.c,part.h,part_{one,two}.c}
	printf '\n/* links: libvmm.la */\n#include "tests/fuzz/part.h"\n' >"$tree/tests/fuzz/a-b.c"
	printf '\n/* runs in: guest, sim; links: */\n#include <librtas.h>\n#include "d.h"\n' >"$tree/tests/guest/c.c"
	echo '#include "e.h"' | tee "$tree"/tests/guest/{d,e}.h >"$tree/tests/guest/e.c"
	printf '\n/* links: libown.la */\n' >"$tree/tests/guest/own.c"
	printf 'tests_guest_own_%s = own\n' SOURCES LDADD >"$tree/tests/guest/Makemodule.am"
	cd "$tree"
	diff <(tests/lists | sed '1,/^sim_helpers =/d') - <<-'END'
		if ENABLE_VMM
		vmm_fuzz_targets += tests/fuzz/replay-a-b
		if ENABLE_FUZZING
		fuzzers += tests/fuzz/fuzz-a-b
		endif
		endif
		tests_fuzz_fuzz_a_b_SOURCES = tests/fuzz/a-b.c tests/fuzz/part_one.c tests/fuzz/part_two.c
		tests_fuzz_replay_a_b_SOURCES = tests/fuzz/a-b.c tests/fuzz/part_one.c tests/fuzz/part_two.c tests/fuzz/replay.c
		tests_fuzz_fuzz_a_b_LDADD = libvmm.la
		tests_fuzz_replay_a_b_LDADD = libvmm.la
		EXTRA_PROGRAMS += tests/guest/c
		guest_helpers += tests/guest/c
		sim_helpers += tests/guest/c
		tests_guest_c_SOURCES = tests/guest/c.c tests/guest/e.c
		tests_guest_c_LDADD =
		tests_guest_c_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/librtas
		EXTRA_PROGRAMS += tests/guest/own
	END
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

@test "the seconds of a file of tests are noted" {
	local times=$BATS_TEST_TMPDIR/times

	run -3 tests/lib/timed "$times" sh -c 'exit 3' some.bats
	[ -z "$output" ]
	grep -qxE '[0-9]+ [0-9]+ some.bats' "$times"
	# shellcheck disable=SC2016 # for the inner shell
	run -0 tests/lib/timed "$times" sh -c 'cat "$1"/*' sh "$times.now" other.bats
	[[ $output =~ ^[0-9]{10,}' 'other.bats$ ]]
	[ -z "$(ls "$times.now")" ]
	# Many that end at once
	for _ in {1..20}; do
		run -0 tests/lib/timed "$times" true short.bats
		[ -z "$output" ]
	done
	[ "$(grep -c short "$times")" -eq 20 ]
}

@test "a wait that never ends is one failure that names the fact" {
	source tests/lib/wait.bash
	wait_until '[ "$1" = a ]' a
	run -1 wait_until -t 1 '[ "$1" = "$2" ]' a b
	[ "$output" = 'waited 1 s in vain for: [ "$1" = "$2" ] (a b)' ]
	run -110 sh -c "$wait_in_script"'wait_until -t 1 false; exit 0'
	[ "$output" = 'waited 1 s in vain for: false' ]
	# Without -t, at most a minute
	unset SECONDS
	date() { echo >>"$BATS_TEST_TMPDIR/asked"; echo $((30 * $(wc -l <"$BATS_TEST_TMPDIR/asked"))); }
	run -1 wait_until false
	[ "$output" = 'waited 60 s in vain for: false' ]
}

@test "quickstart test refuses what is no stage" {
	local word

	for word in 0 80 al ''; do
		run -2 ./quickstart test "$word"
		[ "$output" = "quickstart: test: unexpected argument '$word'; all tests are \"test all\"; see ./quickstart --help" ]
	done
	for stage in kv kvm. '' -x 80; do
		run -2 ./quickstart test all qemu "$stage"
		[ "$output" = "quickstart: test all: '$stage' is not a stage; --list prints them; see ./quickstart --help" ]
	done
}

# A tree that looks configured, and a make that writes results for each target
fake_tree()
{
	mkdir -p "$BATS_TEST_TMPDIR"/{bin,w/tests,w/clang/tests}
	: >"$BATS_TEST_TMPDIR/w/Makefile"
	printf '#!/bin/sh\necho --enable-tests\n' >"$BATS_TEST_TMPDIR/w/config.status"
	chmod +x "$BATS_TEST_TMPDIR/w/config.status"
	cp "$BATS_TEST_TMPDIR"/w/{Makefile,config.status} "$BATS_TEST_TMPDIR/w/clang"
	cat >"$BATS_TEST_TMPDIR/bin/make" <<-'EOF'
		#!/bin/bash
		for word; do
			[[ $tree != next ]] || tree=$word
			case $word in
			-C) tree=next ;;
			LIMIT=*) limit=${word#LIMIT=} ;;
			check-*) target=$word ;;
			esac
		done
		[[ $target ]] || exit 0
		echo "${target#check-}" >>"$MADE"
		$limit ${SLOW:-true} "../tests/$target.bats"
		# After the file that begins the stage
		until [[ $tree/tests/x.trs -nt $tree/logs/started && -e $tree/tests/x.trs ]]; do
			printf ':test-result: %s\n' PASS PASS SKIP ${BROKEN:+FAIL} >"$tree/tests/x.trs"
			[[ $tree != */clang ]] || break
		done
		[[ $target != "$BAD" ]]
	EOF
	chmod +x "$BATS_TEST_TMPDIR/bin/make"
	export MADE=$BATS_TEST_TMPDIR/made PATH=$BATS_TEST_TMPDIR/bin:$PATH
	: >"$MADE"
}

made() # TARGET...
{
	[ "$(paste -sd' ' "$MADE")" = "$*" ]
	: >"$MADE"
}

@test "run-all runs the stages of test, or those that are named" {
	fake_tree
	run -0 tests/run-all "$BATS_TEST_TMPDIR/w" test
	echo "$output"
	made native diff guest-few installed unit
	[ "${lines[-1]}" = '10 passed, 0 failed, 5 skipped' ]
	grep -qE '^test: seconds by stage: native [0-9]+, qemu [0-9]+, guest_few [0-9]+, installed [0-9]+, clang_units [0-9]+$' <<<"$output"
	[ "$(grep -cE '^test: [1-5] of 5: (native|qemu|guest_few|installed|clang_units): done in [0-9]+ s; longest: [0-9]+ s tests/check-[a-z-]+\.bats$' <<<"$output")" -eq 5 ]
	run -0 tests/run-all "$BATS_TEST_TMPDIR/w" all kvm packages
	made kvm packages
	[ "${lines[-1]}" = '4 passed, 0 failed, 2 skipped' ]
	run -0 tests/run-all "$BATS_TEST_TMPDIR/w" check
	made unit sim
	run -0 tests/run-all "$BATS_TEST_TMPDIR/w" quick
	made unit sim-sanitized
	run -0 tests/run-all "$BATS_TEST_TMPDIR/w" diff
	made diff-qemu
	# Each stage of test is in all, itself or as a part of a larger one.
	run -0 ./quickstart test all --list
	[ "$(awk '$2 == "test" { print $1 }' <<<"$output" | paste -sd' ')" = 'guest_few clang_units' ]
}

@test "doc/TESTING has each test that only test all runs" {
	local name

	while read -r name; do
		sed -n '/^Tests that take long$/,/^Tiers of tests$/p' doc/TESTING | grep -qE "^    long .*\b${name//./\\.}"
	done < <(sed -n '/^needs_long = /,/[^\\]$/p' tests/files.am | grep -oE '[a-z-]+\.(bats|sim)')
}

@test "run-all goes on after a failure, and counts it once" {
	fake_tree
	BAD=check-diff run -1 tests/run-all "$BATS_TEST_TMPDIR/w" test
	made native diff guest-few installed unit
	[ "${lines[-1]}" = '10 passed, 1 failed, 5 skipped' ]
	BROKEN=yes BAD=check-kvm run -1 tests/run-all "$BATS_TEST_TMPDIR/w" all kvm
	[ "${lines[-1]}" = '2 passed, 1 failed, 1 skipped' ]
}

@test "run-all says what runs, while it runs" {
	fake_tree
	printf '#!/bin/sh\nuntil grep -qs "test: kvm: .* s: .*check-kvm" %q; do :; done\n' \
		"$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/bin/slowly"
	chmod +x "$BATS_TEST_TMPDIR/bin/slowly"
	SLOW=slowly WATCH_SECONDS=0.1 timeout 60 tests/run-all "$BATS_TEST_TMPDIR/w" all kvm >"$BATS_TEST_TMPDIR/said"
	grep -qxE 'test: kvm: [0-9]+ s: \.\./tests/check-kvm\.bats [0-9]+ s' "$BATS_TEST_TMPDIR/said"
}

@test "the proof runs the tests of main in a clone, and leaves the result" {
	local tree=$BATS_TEST_TMPDIR/tree

	command -v git >/dev/null || skip 'git is missing'
	mkdir -p "$tree/tests" "$BATS_TEST_TMPDIR/build"
	cp tests/targets "$tree/tests"
	cat >"$tree/quickstart" <<-'EOF'
		#!/bin/sh
		[ -z "$MAKEFLAGS$top_builddir$GUEST_KERNEL" ] || exit 9
		echo "test: 1 of 2: native: title"
		echo "test: 1 of 2: native: done in 5 s; longest: 3 s x.bats"
		echo "test: 2 of 2: qemu: title"
		[ -e fails ] || { echo "test: 2 of 2: qemu: done in 1 s"; echo "3 passed, 0 failed"; exit; }
		echo "test: 2 of 2: qemu: FAILED after 1 s"
		echo "not ok 1 toy"
		echo "2 passed, 1 failed"
		exit 1
	EOF
	chmod +x "$tree/quickstart"
	(
		cd "$tree" && git init -q -b main && git config user.name tester &&
			git config user.email tester@test.example && git add -A && git commit -qm one
		touch fails not-tracked && git checkout -qb other && git add fails && git commit -qm two
	)
	cd "$BATS_TEST_TMPDIR/build"
	export top_srcdir=$tree top_builddir=$PWD GUEST_KERNEL='' MAKEFLAGS=w
	run -0 "$tree/tests/targets" proof
	[ "$output" = 'test: 1 of 2: native: done in 5 s; longest: 3 s x.bats
test: 2 of 2: qemu: done in 1 s
3 passed, 0 failed' ]
	[ "$(sed 's/^commit: [0-9a-f]\{40\} /commit: /' proof/result)" = "commit: one
$output
result: 3 passed, 0 failed" ]
	PROOF_BRANCH=other run -1 "$tree/tests/targets" proof
	[ "${lines[1]}" = 'test: 2 of 2: qemu: FAILED after 1 s' ]
	[ "$(tail -n 1 proof/result)" = 'result: 2 passed, 1 failed' ]
	grep -q '^not ok 1 toy$' proof/log
	# A proof that was ended by a signal
	printf '#!/bin/sh\nkill -9 $$\n' >"$tree/quickstart"
	git -C "$tree" commit -qam three
	PROOF_BRANCH=other run -137 "$tree/tests/targets" proof
	[ "$(tail -n 1 proof/result)" = 'result: ended without one' ]
}
