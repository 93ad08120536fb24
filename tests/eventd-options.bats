#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line of papr-eventd, and its unit for systemd. Both need no partition.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	eventd=${top_builddir:-build}/eventd/papr-eventd
	unit=$BATS_TEST_TMPDIR/papr-eventd.service
	sed "s|^ExecStart=/usr/sbin/papr-eventd|ExecStart=/bin/true|" \
		"${top_srcdir:-.}/data/papr-eventd.service" >"$unit"
}

# Row: the line on standard error, options.
@test "wrong options are refused" {
	local expected options

	while IFS='|' read -r expected options; do
		echo "$options"
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$eventd" $options
		assert_failure 2
		[[ $stderr == *"$expected"*"Try 'papr-eventd --help'."* ]]
	done <<-'ROWS'
		unrecognized option '--wrong'|--wrong
		papr-eventd: again: no arguments are permitted|--status again
		papr-eventd: --json: only with --status|--json
		papr-eventd: --ups-delay: use seconds from 0 to 86400|--ups-delay -1
		papr-eventd: --ups-delay: use seconds from 0 to 86400|--ups-delay 86401
		papr-eventd: --ups-delay: use seconds from 0 to 86400|--ups-delay 99999999999999999999
		papr-eventd: --ups-delay: use seconds from 0 to 86400|--ups-delay 1m
		requires an argument|--ups-delay
	ROWS
}

@test "help and version are printed" {
	run --separate-stderr "$eventd" --help
	assert_success
	assert_line --index 0 'Usage: papr-eventd [OPTION]...'
	run --separate-stderr "$eventd" --version
	assert_success
	assert_output --regexp '^papr-eventd \(papr-toolkit\) [0-9.]+$'
}

@test "systemd accepts the unit" {
	command -v systemd-analyze >/dev/null || skip 'systemd-analyze is missing'
	run systemd-analyze verify --man=no "$unit"
	assert_success
	assert_output ''
}

@test "the unit restricts what can be restricted" {
	command -v systemd-analyze >/dev/null || skip 'systemd-analyze is missing'
	run systemd-analyze security --offline=yes --threshold=60 "$unit"
	assert_success
}
