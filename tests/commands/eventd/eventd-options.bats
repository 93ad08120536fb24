#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball papr-eventd
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
		assert_equal "$stderr" "papr-eventd: $expected"
	done <<-'ROWS'
		--wrong: unknown option; see papr-eventd --help|--wrong
		again: unexpected argument; see papr-eventd --help|--status again
		--json: use it only with --status|--json
		--ups-delay -1: use seconds from 0 to 86400, or 5m|--ups-delay -1
		--ups-delay 86401: use seconds from 0 to 86400, or 5m|--ups-delay 86401
		--ups-delay 99999999999999999999: use seconds from 0 to 86400, or 5m|--ups-delay 99999999999999999999
		--ups-delay 1d: use seconds from 0 to 86400, or 5m|--ups-delay 1d
		--ups-delay 25h: use seconds from 0 to 86400, or 5m|--ups-delay 25h
		--ups-delay 5mm: use seconds from 0 to 86400, or 5m|--ups-delay 5mm
		--ups-delay: a value is missing; see papr-eventd --help|--ups-delay
	ROWS
}

@test "outside of a partition it says so, and makes nothing [io-eventd-elsewhere]" {
	[[ ! -e /proc/ppc64/rtas/error_log ]] || skip 'this is a partition'
	[[ -e /run/papr-eventd ]] || absent=yes
	run --separate-stderr timeout 60 "$eventd" --foreground
	assert_failure 1
	assert_equal "$stderr" 'papr-eventd: /proc/ppc64/rtas/error_log: No such file or directory'
	[[ ! ${absent-} || ! -e /run/papr-eventd ]]
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

# Systemd's measure of what a service may do, in tenths. The unit explains each part of it. On
# other machines than Power it is 2.8, because they do not have the call rtas.
@test "the exposure of the unit is at most 3.0" {
	command -v systemd-analyze >/dev/null || skip 'systemd-analyze is missing'
	run systemd-analyze security --offline=yes --threshold=30 "$unit"
	assert_success
}

@test "the unit has no setting that would stop rtas_errd, or the daemon's own calls" {
	run grep -E '^(Conflicts|PrivateDevices|DeviceAllow|DevicePolicy|ProtectClock|PrivateNetwork|PrivateUsers|ProcSubset|User|DynamicUser)=' "$unit"
	assert_failure 1
	# @debug, which is refused, contains the firmware call.
	run grep '^SystemCallFilter=' "$unit"
	assert_line --index 1 'SystemCallFilter=rtas'
}
