#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmon
# drmon without its screen: options, errors, captured trees.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/rootfs
load ../../lib/json

setup_file()
{
	rootfs_make powervm "$BATS_FILE_TMPDIR/powervm"
	rootfs_make qemu-pseries "$BATS_FILE_TMPDIR/qemu-pseries"
}

setup()
{
	drmon=${top_builddir:-build}/drmon/drmon
	[ -x "$drmon" ] || skip 'drmon is not part of this build'
}

# Row: the line on stderr, arguments.
# 2 for a wrong command line.
@test "an error is one line on stderr, with status 1 [drmon-nowhere]" {
	local message arguments

	while IFS='|' read -r message arguments; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$drmon" $arguments
		assert_equal "$status $stderr" "${message/ / drmon: }"
		refute_output
	done <<-'ROWS'
		2 -c port: use pci, slot, phb, cpu or mem|-c port
		2 C8: unexpected argument; see drmon --help|C8
		2 --json: needs --once|--json
		2 --sysroot: needs --once|--sysroot /
		1 this is not a guest of a PAPR machine|--once
		1 /nonesuch: No such file or directory|--once --sysroot /nonesuch
	ROWS
}

@test "unknown options and long filters are refused" {
	run -2 --separate-stderr "$drmon" --frob
	assert_equal "$stderr" 'drmon: --frob: unknown option; see drmon --help'
	run -2 --separate-stderr "$drmon" --once -f "$(printf 'x%.0s' {1..80})"
	[[ $stderr == 'drmon: -f x'*'x...: too long; use at most 79 bytes' ]]
}

@test "--help and --version take precedence over other options" {
	run -0 "$drmon" --once -c port --help
	assert_output --partial 'Usage: drmon [OPTION]'
	run -0 --separate-stderr "$drmon" --version --frob
	assert_output --regexp '^drmon \(papr-toolkit\) [0-9.]+$'
	run -1 bash -c "'$drmon' --help >/dev/full"
	assert_output --partial 'drmon: standard output: No space left on device'
}

@test "--once prints a table or a document of a captured tree" {
	run -0 "$drmon" --once --sysroot "$BATS_FILE_TMPDIR/powervm"
	assert_line --regexp '^Type +Name +Index +State +Location +Devices +Driver$'
	assert_line --regexp '^PHB +PHB [0-9]+ +0x200000[0-9a-f]{2} +owned'
	run -0 "$drmon" --once -c mem --sysroot "$BATS_FILE_TMPDIR/qemu-pseries"
	refute_line --partial PCI
	run -0 "$drmon" --once --json --sysroot "$BATS_FILE_TMPDIR/powervm"
	assert_json_schema drmon
	run -0 "$drmon" --once --json -f nosuchword --sysroot "$BATS_FILE_TMPDIR/powervm"
	assert_json_schema drmon
	[ "$(python3 -c 'import json, sys; print(json.load(sys.stdin)["connectors"])' <<<"$output")" = '[]' ]
}

@test "a document that cannot be made has the code and the hint of the error [drmon-error]" {
	local code arguments

	while IFS='|' read -r code arguments; do
		# shellcheck disable=SC2086 # words
		run -1 --separate-stderr "$drmon" --once --json $arguments
		assert_json_schema drmon
		run python3 -c '
import json, sys
d = json.loads(sys.argv[1])
assert sys.argv[2].startswith(d["error"]["message"]), d
print(d["error"]["code"], len(d["error"]["hint"]) > 10, d["connectors"], d["events"])' \
			"$output" "$stderr"
		assert_output "$code True [] []"
	done <<-'ROWS'
		not-supported|
		bad-request|--sysroot /nonesuch
	ROWS
	run -0 "$drmon" --once --json --sysroot "$BATS_FILE_TMPDIR/powervm"
	assert_output --partial '"error": null'
}

@test "--once shows what the partition owns, --all shows all [drmon-owned]" {
	run -0 "$drmon" --once --sysroot "$BATS_FILE_TMPDIR/qemu-pseries"
	refute_line --regexp ' (empty|not-owned|reserved) '
	assert_line --regexp '^PHB +PHB 0 '
	run -0 "$drmon" --once --all --sysroot "$BATS_FILE_TMPDIR/qemu-pseries"
	assert_line --regexp ' empty '
	assert_line --regexp ' not-owned '
}

@test "control bytes in texts of firmware do not reach the terminal [drmon-escape]" {
	local tree=$BATS_TEST_TMPDIR/tree name

	cp -a "$BATS_FILE_TMPDIR/powervm" "$tree"
	name=$(grep -rlaE 'U[0-9A-Z]' "$tree" --include=ibm,loc-code | head -n 1)
	[ -n "$name" ]
	printf 'U\033[2J\001\377-P1\0' >"$name"
	run -0 "$drmon" --once -A --sysroot "$tree"
	[ "$(LC_ALL=C tr -d '\n\40-\176' <<<"$output" | wc -c)" -eq 0 ]
}
