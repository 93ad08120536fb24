#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest drmgr lsslot ofpathtool papr-overlay rtas-event
# The hint of an error: on a terminal once, after all messages; in the document always;
# otherwise not at all.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/codes
load ../../lib/rootfs

setup_file()
{
	export root=$BATS_FILE_TMPDIR/root
	rootfs_make qemu-pseries "$root"
	codes_of_manual >"$BATS_FILE_TMPDIR/codes"
	printf 'this is no event\n' >"$BATS_FILE_TMPDIR/letter"
	: >"$BATS_FILE_TMPDIR/empty"
	: >"$BATS_FILE_TMPDIR/command"
}

setup()
{
	type -P script >/dev/null || skip 'no script(1)'
	build=$(cd "${top_builddir:-build}" && pwd)
	export PATH=$build/drmgr:$build/ofpathtool:$build/overlay:$build:$PATH
	cd "$BATS_FILE_TMPDIR" || return
	(cd "$root" && rm -f proc/device-tree-overlay)
}

# Run a command whose standard error alone is a terminal. Its messages are in $output.
on_terminal() # COMMAND
{
	run script -qec "stty cols 200; { $1; } >/dev/null" /dev/null </dev/null
	output=${output//$'\r'/}
}

rows()
{
	cat <<-'ROWS'
		no-such-connector|lsslot --sysroot root -c phb -s NOPE
		no-such-index|lsslot --sysroot root -c pci -s 0x1
		no-connectors|lsslot --sysroot root -c port
		no-such-connector|drmgr --sysroot root -c phb -Q -s NOPE
		no-such-connector|drmgr --sysroot root -c slot -Q -s NOPE
		no-such-device|ofpathtool --sysroot root sdz
		bad-file|ofpathtool --sysroot nowhere sda
		bad-file|ofpathtool --sysroot nowhere --list
		no-kernel-file|ofpathtool --sysroot . sda
		bad-file|rtas-event letter
		bad-file|rtas-event nowhere letter
		bad-file|papr-overlay check --offline letter empty
		bad-file|papr-overlay resolve --symbols letter -o out letter
	ROWS
}

@test "a terminal shows the hint of the first error once, after all messages" {
	local code command

	while IFS='|' read -r code command; do
		on_terminal "$command"
		echo "$command: $status, $output"
		[ "$status" -ne 0 ]
		assert_equal "Hint: $(sed -n "s/^$code|//p" codes)" "${lines[-1]%$'\r'}"
		assert_equal "$(grep -c '^Hint: ' <<<"$output")" 1
		[ "${#lines[@]}" -gt 1 ]
	done < <(rows)
}

@test "the document has the code and the hint instead" {
	local code command

	while IFS='|' read -r code command; do
		on_terminal "$command --json"
		refute_output --partial 'Hint:'
		run --separate-stderr bash -c "$command --json"
		echo "$command: $output"
		assert_equal "$(jq -r '[.error, .results[]?.error] | map(select(.)) | .[0] | "\(.code)|\(.hint)"' <<<"$output")" \
			"$(grep "^$code|" codes)"
	done < <(rows)
}

@test "no terminal, no hint; a wrong command line or -q has none, either" {
	local command

	while IFS='|' read -r _ command; do
		run bash -c "$command </dev/null"
		refute_output --partial 'Hint:'
	done < <(rows)
	for command in 'lsslot -Z' 'drmgr --sysroot root -c cpu -a' 'ofpathtool -Z' 'rtas-event -Z' 'papr-overlay -Z' \
		'ofpathtool -q --sysroot root sdz' 'ofpathtool -q --sysroot nowhere sdz'; do
		on_terminal "$command"
		echo "$command: $status, $output"
		[ "$status" -ne 0 ]
		refute_output --partial 'Hint:'
	done
}

@test "a wrong command line is in the document" {
	local command

	for command in 'ofpathtool -Z' 'rtas-event -Z' 'rtas-event -n x' 'papr-overlay -Z' 'papr-overlay frob' \
		'lsslot -Z' 'ofpathtool --wait x sda' 'papr-overlay revert --offline x' 'rtas-event --line -w 0'; do
		run --separate-stderr bash -c "$command --json"
		echo "$command: $output"
		assert_equal "$(jq -r .error.code <<<"$output")" bad-request
		assert_equal "${command%% *}: $(jq -r .error.message <<<"$output")" \
			"$stderr"
	done
}
