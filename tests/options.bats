#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Command lines, as far as they can be told apart without a partition: on a captured tree,
# and on a machine that is none.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

# The captured tree, with its links, which a tarball would not keep.
setup_file()
{
	local captured=${top_srcdir:-.}/tests/rootfs/qemu-pseries link target

	export root=$BATS_FILE_TMPDIR/root
	cp -r "$captured" "$root"
	while read -r link target; do
		mkdir -p "$root/${link%/*}"
		ln -s "$target" "$root/$link"
	done <"$captured.links"
}

setup()
{
	drmgr=${top_builddir:-build}/drmgr/drmgr
	lsslot=${top_builddir:-build}/drmgr/lsslot
}

@test "help and version win over everything, on any machine" {
	run --separate-stderr "$drmgr" --frob --help
	assert_success
	assert_line --index 0 'Usage: drmgr [-w minutes] [-d detail_level] [-C | --capabilities] [-h | --help]'
	assert_equal "$stderr" ''
	run --separate-stderr "$drmgr" -c pci --version
	assert_success
	assert_output --regexp '^drmgr \(papr-toolkit\) [0-9]'
	run --separate-stderr "$lsslot" -Z --help
	assert_success
	run --separate-stderr "$lsslot" --version
	assert_success
}

@test "a machine that is no partition" {
	grep -q pSeries /proc/cpuinfo && skip 'this is a partition'
	run --separate-stderr "$drmgr" -c pci -a
	assert_failure 1
	assert_equal "$stderr" "$drmgr: is not supported on the Unknown platform"
	run --separate-stderr "$lsslot" -c pci
	assert_failure 1
	assert_equal "$stderr" "$lsslot: is not supported on the Unknown platform"
}

# A full stdout is an error, not a silent loss.
@test "standard output that cannot be written" {
	run --separate-stderr bash -c "'$lsslot' --sysroot '$root' -c pci >/dev/full"
	assert_failure 1
	assert_regex "$stderr" 'standard output'
}

@test "lsslot -c pci on a captured tree" {
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci
	assert_success
	assert_output "$(cat "${top_srcdir:-.}/tests/golden/lsslot-pci.txt")"
	assert_equal "$stderr" ''
	run --separate-stderr "$lsslot" --sysroot "$root" -o --json
	assert_success
	assert_output "$(cat "${top_srcdir:-.}/tests/golden/lsslot-pci.json")"
}

@test "lsslot: which slots" {
	run --separate-stderr "$lsslot" --sysroot "$root" -o
	assert_success
	assert_line --index 0 '# Slot  Description                     Device(s)'
	assert_equal "${#lines[@]}" 4
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -a -F,
	assert_success
	refute_line --partial '# Slot'
	assert_line --index 0 'C0,PCI-E capable, Rev 2, 8x lanes,Empty'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -a -o -F:
	assert_equal "${#lines[@]}" 256
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -s C16 -F:
	assert_success
	assert_output 'C16:PCI-E capable, Rev 2, 8x lanes:0000:00:02.0'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -s ZZ
	assert_failure 1
	assert_output ''
	assert_equal "${stderr_lines[0]}" 'The specified PCI slot is either invalid'
}

@test "lsslot: nothing there is worth a word" {
	run --separate-stderr "$lsslot" --sysroot "$root"
	assert_success
	assert_output ''
	assert_equal "$stderr" 'There are no DR slots on this system.'
}

@test "lsslot: bad command lines" {
	local line

	for line in '-Z' '-c' '-c pci -b' '-c pci -p' '-c slot -a' '-w -1' '-F: --json -c pci'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$lsslot" --sysroot "$root" $line
		assert_failure 1
		assert_output ''
		assert_regex "$stderr" 'Usage: lsslot \[-c \| -a \| -b \| -p \| -o \| -s \]\[-F \| -d \| -w\]'
	done
	run --separate-stderr "$lsslot" --sysroot "$root" -c frob
	assert_failure 1
	assert_line 'The specified connector type is invalid.'
	run --separate-stderr "$lsslot" --sysroot "$root" -c pci -F ab
	assert_failure 1
	assert_equal "${stderr_lines[0]}" 'You may specify only one character for the -F option,'
	run --separate-stderr "$lsslot" --sysroot "$root" -c mem
	assert_failure 1
	run --separate-stderr "$lsslot" --sysroot /nonexistent -c pci
	assert_failure 1
	assert_equal "$stderr" 'lsslot: /nonexistent: No such file or directory'
	run --separate-stderr "$lsslot" --sysroot "$BATS_TEST_TMPDIR" -c pci
	assert_failure 1
}

@test "drmgr -Q and -C on a captured tree, by anybody" {
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s C16
	assert_success
	assert_output "$("$lsslot" --sysroot "$root" -c pci -s C16)"
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s 0x40000010
	assert_success
	assert_line --partial 'C16'
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s ZZ
	assert_failure 3
	assert_equal "${stderr_lines[0]}" 'The specified PCI slot is either invalid'
	run --separate-stderr "$drmgr" --sysroot "$root" -C
	assert_success
	assert_output --regexp '^cpu_dlpar=(yes|no),mem_dlpar=(yes|no),slot_dlpar=(yes|no),phb_dlpar=(yes|no),hea_dlpar=no,pmig=no,cpu_entitlement=no,mem_entitlement=no,slb_resize=no,phib=(yes|no)$'
	run --separate-stderr "$drmgr" --sysroot "$root" --cap --json
	assert_success
	assert_line --partial '"papr.drmgr/1"'
}

# Row: exit status, message, command line.
@test "drmgr: bad command lines" {
	local status_ message line

	while IFS='|' read -r status_ message line; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmgr" --sysroot "$root" $line
		echo "drmgr $line: $status, $stderr"
		assert_equal "$status" "$status_"
		assert_output ''
		assert_equal "$stderr" "$message"
	done <<-'ROWS'
		255|Invalid option specified 'Z'|-Z
		255|Invalid option specified 'Z'|-Z -c pci
		255|Invalid option specified 'c'|-c
		255|Invalid option specified '--frob'|--frob
		255|Invalid option specified '--backend'|--backend
		255|A connector type (-c) must be specified|-a
		255|A connector type (-c) must be specified (unknown type 'foo')|-c foo -a -s C0
		255|Only one action may be specified|-c pci -a -r -s C0
		255|The -q and -s flags are mutually exclusive|-c pci -a -q 2 -s C0
		255|Invalid quantity specified: 3x|-c pci -a -q 3x
		255|Invalid quantity specified: -1|-c pci -a -q -1
		255|Invalid quantity specified: 99999999999|-c pci -a -q 99999999999
		255|Invalid timeout specified: -1|-c pci -a -w -1
		255|Invalid timeout specified: 5m|-c pci -a -w 5m
		255|A drc name or index must be specified|-c pci
		255|A drc name or index must be specified|-c pci -r
		255|A drc name or index must be specified|-c pci -R
		255|A drc name or index must be specified|-c pci -i
		255|The '-r', '-a', '-R' or '-i' option must be spcified for PCI operations|-c pci -s C9
		255|Cannot specify the -i and -I option together|-c pci -i -I -s C0
		255|Connector type 'mem' is not supported by this version of drmgr|-c mem -a -q 1
		255|--sysroot is for -C and -Q|-c pci -a -n -s C0
	ROWS
}

@test "drmgr --json: a document on every way out, and never a prompt" {
	run --separate-stderr "$drmgr" --sysroot "$root" --json -c pci -a -s C0
	assert_failure 255
	assert_equal "$stderr" '--json never prompts: specify -n as well'
	assert_line --partial '"exit_status": 255'
	assert_line --partial '"message": "--json never prompts: specify -n as well"'
	run --separate-stderr "$drmgr" --sysroot "$root" --json -Z
	assert_failure 255
	assert_line --partial '"schema": "papr.drmgr/1"'
	run --separate-stderr "$drmgr" --sysroot "$root" --json -c pci -Q
	assert_success
	assert_line --index 1 --partial '"papr.lsslot/1"'
}

@test "drmgr: usage by type, words that are no options" {
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -h --frob
	assert_success
	assert_output ''
	assert_equal "${stderr_lines[1]}" '-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}'
	run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s C16 5 -d verbose
	assert_success
	assert_equal "${stderr_lines[0]}" "ignoring argument '5'"
	assert_equal "${stderr_lines[1]}" "ignoring argument 'verbose'"
}
