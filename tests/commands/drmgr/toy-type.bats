#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim long drmgr lsslot
# A new connector type is one file and one line of a table (and of the build's list). The
# patch tests/source/toy-type/toy.patch adds one. lsslot, drmgr, help and completion know it. A second
# line, of tests/source/toy-type/commands.patch, adds what the commands know of it.

# shellcheck disable=SC2016 # for the guest's shell

bats_require_minimum_version 1.5.0

load ../../lib/sim

setup()
{
	sim_setup
	machine=(-M pseries -m 512M)
	patch=${top_srcdir:-.}/tests/source/toy-type/toy.patch
	row=${patch%/*}/commands.patch option=${patch%/*}/option.patch
	copy=$BATS_FILE_TMPDIR/copy
	tools=$copy/build/drmgr
}

# Copy the sources, apply the patches, and build drmgr and lsslot.
build_copy()
{
	local excluded=(--exclude-vcs) file

	for file in "$top_srcdir"/*/config.status; do
		[[ ! -e $file ]] || excluded+=("--exclude=./$(basename "${file%/*}")")
	done
	mkdir "$copy"
	tar -C "$top_srcdir" "${excluded[@]}" -cf - . | tar -C "$copy" -xf -
	chmod -R u+w "$copy"
	cat "$patch" "$row" "$option" | patch -d "$copy" -p1 -s
	mkdir "$copy/build"
	(cd "$copy/build" && ../configure --quiet --enable-werror --disable-drmon --disable-vmm) &&
		make -s -C "$copy/build" drmgr/drmgr drmgr/lsslot
}

@test "the patch adds a file, a line of the table and a line of the build" {
	assert_equal "$(grep -c '^diff ' "$patch")" 3
	assert_equal "$(grep -c '^new file' "$patch")" 1
	assert_equal "$(grep -A1 '^--- /dev/null' "$patch" | tail -1)" \
		'+++ b/libdrmgr/types/toy/toy_type.c'
	assert_equal "$(sed '/^--- .dev.null/,/^diff/d' "$patch" | grep -c '^-[^-]')" 0
	assert_equal "$(sed -n '/^diff.*types.c$/,/^diff/p' "$patch" | grep -c '^+[^+]')" 1
	assert_equal "$(sed -n '/^diff.*Makemodule.am$/,/^diff/p' "$patch" | grep -c '^+[^+]')" 1
}

@test "the second patch adds a line of the commands' table" {
	assert_equal "$(grep '^+++' "$row")" '+++ b/cli/types.c'
	assert_equal "$(grep -c '^+[^+]' "$row")" 1
	assert_equal "$(grep -c '^-[^-]' "$row")" 0
}

@test "the third patch adds a line of the options' table" {
	assert_equal "$(grep '^+++' "$option")" '+++ b/drmgr/lsslot_options.c'
	assert_equal "$(grep -c '^+[^+]' "$option")" 1
	assert_equal "$(grep -c '^-[^-]' "$option")" 0
}

@test "it builds" {
	run build_copy
	echo "$output"
	assert_success
	assert [ -x "$tools/drmgr" ]
}

@test "it lists, adds and removes, by name, index and quantity" {
	export tools
	sim '
		mkdir /run/toys
		for i in 1 2 3; do echo 0 >/run/toys/$i; done
		PATH=$tools:$PATH
		drmgr -c toy -a -s "TOY 2"; echo "add $?"
		lsslot -c toy
		lsslot -c toy -F: -s 0x70000002
		drmgr -c toy -a -q 3 --all-or-nothing; echo "three $?"
		cat /run/toys/*
		drmgr -c toy -a -q 2; echo "two $?"
		cat /run/toys/*
		drmgr -c toy -r -s 0x70000002; echo "remove $?"
		drmgr -c toy -r -s TOY; echo "unknown $?"
		drmgr -c toy -i -s "TOY 1"; echo "identify $?"
		drmgr -c toy -Q -s "TOY 2" --json'
	assert_success
	assert_line --index 0 'add 0'
	assert_line --index 1 --regexp '^Name +Index +State +Wheels$'
	assert_line --index 3 --regexp '^TOY 2 +0x70000002 +owned +4$'
	assert_line 'TOY 2:0x70000002:owned:4'
	assert_line 'three 255'
	assert_line 'two 0'
	assert_line 'remove 0'
	assert_line 'unknown 255'
	assert_line 'identify 255'
	assert_line '      "wheels": 4'
	assert_equal "$(grep -c '^[01]$' <<<"$output")" 6
	assert_equal "$(grep '^[01]$' <<<"$output" | tr -d '\n')" 010111
	assert_regex "$stderr" 'Only 2 of 3 requested toys are there\.'
	assert_regex "$stderr" 'There is no toy TOY\.'
}

@test "help and completion know it" {
	run "$tools/drmgr" -c toy --help
	assert_success
	assert_line 'Usage: drmgr -c toy {-a | -r | -Q} [OPTION]...'
	run "$tools/drmgr" --help
	assert_line '  -c toy     toys of an invented machine'
	run "$tools/lsslot" --help
	assert_line '  -c toy     toys of an invented machine'
	# shellcheck source=/dev/null
	source "${top_srcdir:-.}/data/completions/papr-toolkit"
	COMP_WORDS=("$tools/drmgr" -c t) COMP_CWORD=2 COMPREPLY=()
	_papr_toolkit "$tools/drmgr" t -c
	assert_equal "${COMPREPLY[*]}" toy
}

@test "the commands use its row: names, letters, the counted noun, the host's command" {
	run "$tools/drmgr" -c toy --help
	assert_line "  drmgr -c toy -a -s 'TOY 1'"
	run "$tools/lsslot" -c toy -a
	assert_line --partial 'lsslot: -a: -c toy does not have this option, only '
	run "$tools/lsslot" -c toy -o
	assert_line 'lsslot: -o is ignored: -c toy does not have this option; see lsslot --help toy'
	export tools
	sim '
		mkdir /run/toys
		for i in 1 2 3; do echo 0 >/run/toys/$i; done
		TERM=linux script -qec "stty cols 80; $tools/drmgr -c toy -a -q 2" /dev/null </dev/null
		$tools/drmgr -c toy -a -q 2 --json'
	assert_output --partial '] 1 of 2 toys'
	assert_output --partial "To add it there, on QEMU's monitor: toy_add"
}

@test "the option is parsed, checked, suggested and completed, and help has it" {
	run "$tools/lsslot" -c toy --help
	assert_line '      --everything        the same as --all'
	export tools
	run --separate-stderr "$tools/lsslot" --everyhing
	assert_equal "$stderr" 'lsslot: --everyhing: unknown option, did you mean --everything; see lsslot --help'
	sim '$tools/lsslot -c phb --everything | wc -l; $tools/lsslot -c phb | wc -l'
	[ "${lines[0]}" -gt "${lines[1]}" ]
	# shellcheck source=/dev/null
	source "${top_srcdir:-.}/data/completions/papr-toolkit"
	COMP_WORDS=("$tools/lsslot" --ev) COMP_CWORD=1 COMPREPLY=()
	_papr_toolkit "$tools/lsslot" --ev "$tools/lsslot"
	assert_equal "${COMPREPLY[*]}" --everything
}
