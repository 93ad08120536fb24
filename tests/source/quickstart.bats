#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim drmgr drmon rtas-event papr-vmm
#
# The first hour: quickstart's words, the shell in a partition, and the sessions that README
# shows.

# shellcheck disable=SC2016,SC2154 # for the inner shell; set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=${top_srcdir:-$PWD} build=${top_builddir:-$PWD/build}
	[[ -x $source/quickstart ]] || skip 'not part of a release'
	work=$BATS_TEST_TMPDIR
}

# What "make install" makes, of programs that the tests have.
installed()
{
	mkdir -p "$work"/usr/share/man/man{1,3,4,5,7,8}
	ln -s "$build/sim-stage/usr/sbin" "$build/sim-stage/usr/lib" "$work/usr"
	mkdir "$work/usr/bin"
	ln -s "$build/sim-stage/usr/bin/rtas-event" "$build/papr-vmm" "$work/usr/bin"
	for page in "$source"/man/*.[1-8]; do
		ln -s "$page" "$work/usr/share/man/man${page##*.}"
	done
}

in_shell() # COMMAND
{
	run --separate-stderr timeout 60 "$source/build-aux/guest-shell" "$work/usr" "$1"
}

# Run the lines after the prompt in one partition, and print them with their output.
replay() # FILE
{
	sed -n 's/^guest# //p' "$1" >"$work/commands"
	in_shell 'while IFS= read -r -u 3 line; do
			echo "guest# $line"
			eval "$line" 2>&1 3<&-
		done 3<"'"$work/commands"'"'
	[[ $output ]]
	diff -B -Z "$1" <(echo "$output")
}

@test "help and wrong words create nothing [io-first-help]" {
	cp "$source/quickstart" "$work"
	for words in --help -h frob 'shell frob' 'shell -c' 'test frob' 'check slow' 'packages'; do
		# shellcheck disable=SC2086 # words
		run "$work/quickstart" $words
		echo "$words: $output"
		[[ $output && $(ls -A "$work") == quickstart ]]
	done
}

@test "README has the times of quickstart" {
	run -0 "$source/quickstart" --help
	for minutes in '3 minutes on two processors' '30 minutes'; do
		assert_output --partial "($minutes)"
		grep -q "# $minutes: " "$source/README"
	done
}

@test "the shell has a card to plug, the manual, and the status of its command [io-first-shell]" {
	installed
	in_shell 'drmgr -c pci -a && exit 7'
	assert_equal "$status" 7
	assert_output 'C8 (0x40000008): configured 0000:00:01.0 virtio-pci eth0'
	in_shell 'papr-vmm ctl device_add driver=e1000 id=net1 addr=2 && papr-vmm ctl device_del id=net1
		command -v drmon && [ "$MANPATH" ] && cat "${MANPATH%:}/man8/drmon.8"'
	assert_success
	assert_output --partial "$work/usr/sbin/drmon"
	assert_output --partial '.Dt DRMON 8'
}

@test "the session of README [io-first-session]" {
	installed
	sed -n '/^    guest# /,/^$/s/^    //p' "$source/README" >"$work/session"
	replay "$work/session"
}

@test "the tasks of papr-toolkit-tasks(7) [io-first-tasks]" {
	installed
	sed -n '/^\.Bd -literal/,/^\.Ed/{ /^\.[BE]d/!p }' "$source/man/papr-toolkit-tasks.7" |
		sed 's/\\-/-/g; s/\\e/\\/g; s/^\\&//' >"$work/session"
	[ "$(grep -c '^\.Ss ' "$source/man/papr-toolkit-tasks.7")" -ge 15 ]
	replay "$work/session"
}
