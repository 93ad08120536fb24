#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmgr lsslot drmon papr-eventd ofpathtool papr-overlay rtas-event papr-vmm
#
# Completion for bash: call the function of each command as bash calls it, type at a
# terminal, and check that no option is left out.

# shellcheck disable=SC2030,SC2031,SC2154 # a subshell for each test; from make

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../lib/rootfs

setup_file()
{
	local tree

	for tree in powervm qemu-pseries; do
		rootfs_make "$tree" "$BATS_FILE_TMPDIR/$tree"
	done
}

setup()
{
	local file

	source=${top_srcdir:-$PWD} build=${top_builddir:-$PWD/build}
	drmgr=$build/drmgr/drmgr lsslot=$build/drmgr/lsslot
	powervm=$BATS_FILE_TMPDIR/powervm qemu=$BATS_FILE_TMPDIR/qemu-pseries
	for file in "$source"/data/completions/*; do
		# shellcheck source=/dev/null
		source "$file"
	done
}

# completes COMMAND WORD...: $output has the words that bash offers for the last word, one
# a line. If bash splits a word, pass its parts. Output on standard error is a failure.
completes()
{
	local function

	function=$(complete -p "${1##*/}" | sed -E 's/.* -F ([^ ]+) .*/\1/')
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
	COMPREPLY=('not set')
	"$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>"$BATS_TEST_TMPDIR/said" || true
	echo "$*: ${COMPREPLY[*]:0:40}"
	[ ! -s "$BATS_TEST_TMPDIR/said" ] || { cat "$BATS_TEST_TMPDIR/said" && return 1; }
	output=$(printf '%s\n' "${COMPREPLY[@]}")
}

# offers "WORDS" COMMAND WORD...: bash offers exactly these, in any order.
offers()
{
	completes "${@:2}"
	assert_equal "$(LC_ALL=C sort <<<"$output")" "$(tr ' ' '\n' <<<"$1" | LC_ALL=C sort)"
}

# Print the options that a help text has.
options_in()
{
	grep -oE -- '(^|[][ ,|{/])--?[A-Za-z][A-Za-z_-]*' | sed -E 's/^[^-]*//' |
		grep -vE -- '^-[A-Z]{2}' | sort -u
}

programs()
{
	printf '%s\n' "$drmgr" "$lsslot" "$build/ofpathtool/ofpathtool" "$build/eventd/papr-eventd" "$build/overlay/papr-overlay" "$build/rtas-event" \
		"$build/papr-vmm" "$(find "$build" -maxdepth 2 -name drmon -type f -perm -u=x | head -n 1)"
}

@test "each option of --help is offered, and the manual has each offered option" {
	local program name said option pages tested=0

	while read -r program; do
		[[ -x $program ]] || continue
		name=${program##*/} pages=("$source/man/$name".[1-8])
		said=$("$program" --help 2>&1 | sed '/^Options of QEMU that are refused/,/^See /d; /^See /d')
		[[ $name != papr-vmm ]] || said+=$'\n'$("$program" run --help && "$program" ctl --help && "$program" ps --help)
		{
			completes "$program" - && grep . <<<"$output"
			completes "$program" -- && grep . <<<"$output"
			# Options of the simulated guest.
			if [ "$name" = papr-vmm ]; then
				completes "$program" run - && grep . <<<"$output"
				completes "$program" doctor - && grep . <<<"$output"
				completes "$program" ctl - && grep . <<<"$output"
				completes "$program" ps - && grep . <<<"$output"
			fi
		} | grep '^-' | sort -u >"$BATS_TEST_TMPDIR/offered"
		while read -r option; do
			echo "$name: $option"
			grep -qxe "$option" "$BATS_TEST_TMPDIR/offered"
		done < <(options_in <<<"$said")
		while read -r option; do
			echo "$name: $option in ${pages[*]}"
			# In "Fl a , -all", mdoc adds the first dash.
			grep -qE "(Fl|,) -?$(sed 's/^-*//' <<<"$option")( |\$)" "${pages[@]}"
		done < <(grep -vx -- -- "$BATS_TEST_TMPDIR/offered")
		tested=$((tested + 1))
	done < <(programs)
	[ "$tested" -ge 4 ]
}

@test "--help has the words that are offered for options" {
	offers 'pci slot phb cpu mem port acc phib pmig' "$drmgr" -c ''
	offers 'pci phb port phib pmig' "$drmgr" --help p
	offers 'pci slot phb cpu mem' "$lsslot" --help ''
	offers "$("$drmgr" --help 2>&1 | sed -n 's/.*--backend NAME.* by //p' | tr -d ,)" "$drmgr" --backend ''
	offers "overlay ofdt" "$drmgr" -c pci -a --backend = o
	offers "lines" "$drmgr" -c pci -a --json =
	offers "lines" "$drmgr" -c pci -a --json = l
	offers 'pci slot phb cpu mem' "$lsslot" -c ''
	offers "$("$build/rtas-event" --help | sed -n 's/.*--format FORM .*: //p' | tr -d ,)" \
		"$build/rtas-event" --format ''
	offers "$("$build/ofpathtool/ofpathtool" --help | sed -n 's/.*--firmware NAME .*: //p' | tr -d ,)" \
		"$build/ofpathtool/ofpathtool" --firmware ''
	[ -x "$build/papr-vmm" ] || skip 'the rest: built without the host side'
	while read -r option words; do
		offers "${words//|/ }" "$build/papr-vmm" run "$option" ''
	done < <("$build/papr-vmm" run --help | grep -oE -- '--(kernel-profile|lockdown|platform) [a-z0-9.|]+')
}

@test "drmgr -s offers connectors to add, to remove, or all" {
	# In this captured tree, the connectors that can be added are known.
	completes "$drmgr" --sysroot "$powervm" -c cpu -a -s ''
	assert_output 'CPU\ 32'
	completes "$drmgr" --sysroot "$powervm" -c cpu -r -s ''
	assert_output "$(printf 'CPU\\ %s\n' 24 16 8 0)"
	completes "$drmgr" --sysroot "$powervm" -c cpu -Q -s ''
	assert_output "$(printf 'CPU\\ %s\n' 32 24 16 8 0)"
	completes "$drmgr" --sysroot "$powervm" -c mem -a -s 'LMB\ 1'
	assert_output "$(printf 'LMB\\ %s\n' 10 11 12 13 14 15)"
	completes "$drmgr" --sysroot "$powervm" -c phb -a -s ''
	assert_output "$(printf 'PHB\\ %s\n' 33)"
	completes "$drmgr" --sysroot "$qemu" -c pci -a -s C1
	assert_equal "$(wc -l <<<"$output")" "$("$lsslot" --sysroot "$qemu" -c pci | grep -c '^C1.*Empty')"
	completes "$drmgr" --sysroot "$qemu" -c pci -r -s ''
	assert_equal "$(wc -l <<<"$output")" \
		"$("$lsslot" --sysroot "$qemu" -c pci | grep '^C' | grep -vc Empty)"
	# The value may be part of the option's word, and --sysroot may come last.
	completes "$drmgr" -s x -ccpu -a --sysroot = "$powervm" -s ''
	assert_output 'CPU\ 32'
}

@test "drmgr -s offers indexes, and quotes names" {
	completes "$drmgr" --sysroot "$powervm" -c cpu -r -s 0x1000001
	assert_output "$(printf '%s\n' 0x10000018 0x10000010)"
	completes "$drmgr" --sysroot "$powervm" -c cpu -a -s '"CP'
	assert_output 'CPU 32'
	completes "$drmgr" --sysroot "$powervm" -c cpu -a -s "'CPU 3"
	assert_output 'CPU 32'
	offers '' "$drmgr" --sysroot "$powervm" -c cpu -a -s XYZ
	# Nothing is offered without a type, or for a type without connectors.
	offers '' "$drmgr" --sysroot "$powervm" -a -s ''
	offers '' "$drmgr" --sysroot "$powervm" -c acc -s ''
}

@test "drmgr offers numbers and the words of other options" {
	# Six blocks can be added.
	offers '1 2 4 6' "$drmgr" --sysroot "$powervm" -c mem -a -q ''
	offers '1' "$drmgr" --sysroot "$powervm" -c cpu -a -q ''
	offers '' "$drmgr" -c mem -w ''
	offers 'ent_capacity variable_weight smt_threads' "$drmgr" -c cpu -a -p ''
	offers 'ent_capacity variable_weight' "$drmgr" -c mem -a -p ''
	offers 'check pre' "$drmgr" -m -p ''
	offers gzip "$drmgr" -c acc -t ''
	offers "$source/drmgr" "$drmgr" --sysroot "$source/drmg"
	offers "$source/ChangeLog" "$drmgr" -P "$source/ChangeL"
}

@test "lsslot -s offers names of slots" {
	completes "$lsslot" --sysroot "$powervm" -c cpu -s ''
	assert_output "$(printf 'CPU\\ %s\n' 32 24 16 8 0)"
	completes "$lsslot" --sysroot "$powervm" -c mem -s 'LMB\ 1'
	assert_equal "$(wc -l <<<"$output")" 7
	completes "$lsslot" --sysroot "$powervm" -cmem -s 0x8000000f
	assert_output 0x8000000f
	completes "$lsslot" --sysroot "$qemu" -c pci -s C10
	assert_equal "$(wc -l <<<"$output")" "$("$lsslot" --sysroot "$qemu" -c pci | grep -c '^C10')"
	offers '' "$lsslot" --sysroot "$powervm" -s ''
}

# The machine is not a partition, lsslot is missing, or lsslot may not read.
@test "nothing is offered or printed if lsslot fails" {
	local bin=$BATS_TEST_TMPDIR/bin

	mkdir "$bin"
	offers '' "$drmgr" --sysroot /nonexistent -c pci -s ''
	offers '' "$lsslot" --sysroot /nonexistent -c pci -s ''
	offers '' "$bin/drmgr" -c pci -a -s ''
	offers '' "$bin/lsslot" -c pci -s ''
	printf '#!/bin/sh\necho no >&2\nexit 1\n' >"$bin/lsslot"
	offers '' "$bin/drmgr" -c pci -a -s ''
	chmod +x "$bin/lsslot"
	offers '' "$bin/drmgr" -c pci -a -s ''
	offers '' "$bin/drmgr" -c mem -a -q ''
	offers '' "$bin/lsslot" -c pci -s ''
	# A name with control bytes does not change the command line either.
	cat >"$bin/lsslot" <<-'END'
		#!/bin/sh
		printf '      "name": "%s",\n      "index": "0x1",\n      "state": "empty",\n' \
			'C\u001b1' '$(reboot)' 'a;b'
	END
	completes "$bin/drmgr" -c pci -a -s ''
	assert_output "$(printf '%s\n' '\$\(reboot\)' 'a\;b')"
}

@test "papr-vmm offers properties, the simulated guest's options, and a command" {
	[ -x "$build/papr-vmm" ] || skip 'built without the host side'
	offers 'pseries pseries-10.0 pseries-7.2 help' papr-vmm -M ''
	offers 'pseries,x-epapr=on' papr-vmm --machine pseries,x-e
	# Bash splits words at "=".
	offers 'on,x-powervm=on' papr-vmm -M pseries,x-epapr = on,x-po
	offers 'on off' papr-vmm -M pseries,x-epapr =
	offers 'power8 power9 power10 power11 help' papr-vmm -M pseries,x-epapr = on -cpu ''
	offers 'none integrity confidentiality' papr-vmm -S -M pseries run --lockdown ''
	offers "$source/ChangeLog" papr-vmm -kernel "$source/ChangeL"
	offers '--plug --platform' papr-vmm run --fault set-indicator:1=-1 --pl
	offers 'virtio-net-pci' papr-vmm run --plug vi
	offers '' papr-vmm run --unplug ''
	offers 'ctl' papr-vmm -m 1G ct
	offers '--json' papr-vmm ps --j
	offers 'device_add device_del' papr-vmm ctl some-name device_
	offers 'x-papr-trace' papr-vmm ctl --timeout 3 x-papr-t
	offers "$source/ChangeLog" papr-vmm run --plug e1000@2 -- cat "$source/ChangeL"
	offers "$source/ChangeLog" papr-vmm run --no-overlay -- cat "$source/ChangeL"
	completes papr-vmm run --platform lpar -- bas
	grep -qx bash <<<"$output"
	completes papr-vmm ''
	grep -qx doctor <<<"$output"
	offers '--json' papr-vmm -M pseries doctor ''
	completes papr-vmm attach $$
	grep -qx $$ <<<"$output"
	completes papr-vmm attach $$ -- bas
	grep -qx bash <<<"$output"
	# papr-vmm accepts each offered property.
	completes papr-vmm -M pseries,
	while read -r property; do
		case $property in
		*-delay=) property+=9900 ;;
		*=) property+=64 ;;
		esac
		run "$build/papr-vmm" -M "$property" run -- true
		echo "$property: $output"
		[[ $output != *roperty* && $output != *nvalid* ]]
	done <<<"$output"
}

# A program that prints its arguments replaces each command.
@test "Tab at a terminal completes words and shows the choices" {
	local bin=$BATS_TEST_TMPDIR/bin rest="--sysroot $powervm"

	command -v python3 >/dev/null || skip 'no python3'
	mkdir "$bin"
	ln -s "$(realpath "$lsslot")" "$(realpath "$drmgr")" "$bin/"
	# shellcheck disable=SC2016 # for the shell that is typed at
	PATH=$bin:$PATH run -0 "$source/tests/lib/type-at" \
		"for f in '$source'/data/completions/*; do . \"\$f\"; done" \
		'drmgr() { printf "<%s>" "${@:3}"; }; papr-vmm() { printf "<%s>" "$@"; }' <<-END
			drmgr $rest -c cpu -a -s \t
			drmgr $rest -c cpu -a -s "CP\t
			drmgr $rest -c cpu -a -s 'CPU \t
			drmgr $rest -c cpu -a -s CPU\\ \t
			drmgr $rest -c mem --backend=ov\t-s 0x8000000a\t
			papr-vmm -M pseries,x-ep\t,x-pow\t -cpu power10\t
		END
	assert_output - <<-'END'
		<-c><cpu><-a><-s><CPU 32>
		<-c><cpu><-a><-s><CPU 32>
		<-c><cpu><-a><-s><CPU 32>
		<-c><cpu><-a><-s><CPU 32>
		<-c><mem><--backend=overlay><-s><0x8000000a>
		<-M><pseries,x-epapr=on,x-powervm=on><-cpu><power10>
	END
}

@test "papr-overlay offers commands, their options and files" {
	local overlay=$build/overlay/papr-overlay

	cd "$BATS_TEST_TMPDIR"
	touch card.dtbo
	offers 'check apply list revert resolve' "$overlay" ''
	offers 'resolve' "$overlay" --json res
	offers 'resolve' "$overlay" --symbols = check res
	offers '--symbols' "$overlay" check --s
	offers '--id' "$overlay" apply --i
	offers '' "$overlay" list --id
	offers 'card.dtbo' "$overlay" check card
	offers 'card.dtbo' "$overlay" resolve --symbols card
	offers 'card.dtbo' "$overlay" resolve -o x --symbols = y card
	offers '' "$overlay" apply --id card
	offers '' "$overlay" list card
}

@test "bash-completion finds each file by the command's name" {
	local loader=/usr/share/bash-completion/bash_completion dest=$BATS_TEST_TMPDIR/dest command

	[ -e "$loader" ] || skip 'no bash-completion'
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$build" DESTDIR="$dest" prefix=/usr \
		install-dist_completionsDATA install-nodist_completionsDATA
	ln -s ofpathtool "$dest/usr/share/bash-completion/completions/ofpathname"
	for command in drmgr drmon lsslot ofpathname ofpathtool papr-eventd papr-overlay rtas-event; do
		# bash-completion itself fails with the shell options of tests.
		run -0 env BASH_COMPLETION_USER_DIR="$dest/usr/share/bash-completion" \
			bash -c '. "$1"; _completion_loader "$2"; complete -p "$2"' bash "$loader" "$command"
		assert_output --regexp "^complete .*-F _[a-z_]+ $command\$"
	done
}

@test "files have no interpreter line, and need no functions of other files" {
	local file

	for file in "$source"/data/completions/*; do
		[[ $(head -c 2 "$file") != '#!' ]]
		run ! grep -nE '_init_completion|_get_comp_words|__ltrim|_filedir' "$file"
		# Read each one alone, in a shell with -eu.
		bash --norc -euc '. "$1"; complete -p >/dev/null' bash "$file"
	done
}
