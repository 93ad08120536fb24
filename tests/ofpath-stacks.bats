#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ofpathtool on stacked devices: RAID, LVM, multipath, caches, encryption.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load json
load ofpath

setup()
{
	ofpath_programs
	ofpath_machine stacks
}

D=/vdevice/v-scsi@30000001/disk@8

# Row: arguments; target and partition of the path, or "-"; the note.
@test "a path has a note if firmware does not find the data there, no path has the reason" {
	local row arguments wanted note n=0

	while IFS='|' read -r arguments wanted note; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ofpathtool" --sysroot "$machine" $arguments
		echo "$arguments: $status: $output: $stderr"
		row=${wanted%%:*}
		if [ "$wanted" = - ]; then
			assert_equal "$status:$output" 1:
		else
			assert_equal "$output" "${D}${row}00000000000000${wanted#"$row"}"
		fi
		assert_equal "$(grep note: <<<"$stderr")" "${note:+ofpathtool: note: ${arguments##* }: $note}"
		n=$((n + 1))
	done <<-'ROWS'
		md1|-|the data of md1 (raid5) are distributed over sda1, sdb1, sdc1: firmware cannot read them from one disk
		md2|0:2|the data of md2 begin at sector 2048 of sda2: firmware does not find them
		--strict md2|-|the data of md2 begin at sector 2048 of sda2: firmware does not find them
		md3|1:2|
		--strict md3|1:2|
		md4|1|
		md4p2|1:2|
		md5p1|0:1|a partition of sda1 is inside a partition: firmware does not find it
		md6|3:1|
		md7|0|
		md8|-|no disk is below md8
		bcache0|-|the data of bcache0 (bcache) are not in plain form on sda, sdb: firmware cannot read them
		/dev/mapper/vg-linear|0:2|the data of dm-0 do not begin where sda2 begins: firmware does not find them
		--strict dm-0|-|the data of dm-0 do not begin where sda2 begins: firmware does not find them
		dm-1|-|the data of dm-1 (LVM) are distributed over sda2, sdb2: firmware cannot read them from one disk
		luks|0|dm-2 is encrypted: firmware cannot read its data
		--strict luks|-|dm-2 is encrypted: firmware cannot read its data
		mpatha|0|
		mpatha2|0:2|
		--disk mpatha2|0|
		--strict mpatha2|0:2|
		luks1|0|dm-2 is encrypted: firmware cannot read its data
		own|0|it is not known how dm-6 uses sda: firmware may not find its data there
		own2|-|it is not known how dm-7 uses sda, sdb: firmware may not find its data there
		--compat own2|0|it is not known how dm-7 uses sda, sdb: firmware may not find its data there
		--compat md1|0:1|the data of md1 (raid5) are distributed over sda1, sdb1, sdc1: firmware cannot read them from one disk
	ROWS
	[ "$n" -eq 26 ]
}

@test "--all prints the suitable disks only, the best first" {
	run -0 --separate-stderr "$ofpathtool" --sysroot "$machine" --all md4
	assert_equal "${lines[*]}" "${D}100000000000000 ${D}200000000000000"
	assert_equal "$stderr" ''
	run -1 --separate-stderr "$ofpathtool" --sysroot "$machine" --all md1
	assert_output ''
}

@test "a doubt about the data and one about the adapter are one note" {
	run -0 --separate-stderr "$ofpathtool" --sysroot "$machine" luksx
	assert_output /vdevice/no-driver@30000002/disk@8000000000000000
	assert_equal "$stderr" "ofpathtool: note: luksx: dm-8 is encrypted: firmware cannot read its data; /vdevice/no-driver@30000002 has no node for /disk@8000000000000000: firmware may not know this device"
}

@test "JSON: all slaves, also without a path or --all" {
	run -1 --separate-stderr "$ofpathtool" --sysroot "$machine" --json md1 md4p2 md7 md8
	json_check ofpath <<<"$output" || [ $? -eq 77 ]
	run -0 python3 -c 'import json, sys
for result in json.load(sys.stdin)["results"]:
    print(result["device"], len(result["notes"]), *(s["device"] for s in result["slaves"]))' <<<"$output"
	assert_equal "${lines[*]}" 'None 1 sda1 sdb1 sdc1 sdb2 0 sda sdb2 sdc2 sda 0 sda sdx None 1'
}

@test "a damaged RAID is not trusted" {
	local at=$BATS_TEST_TMPDIR/damaged md

	cp -a "$machine" "$at"
	md=$at/sys/devices/virtual/block/md3/md
	echo 2048x >"$md/dev-sdb2/offset"
	run -0 --separate-stderr "$ofpathtool" --sysroot "$at" md3
	assert_output "${D}200000000000000:2" # the other member
	rm "$md/dev-sdc2/state"
	run -0 --separate-stderr "$ofpathtool" --sysroot "$at" md3
	assert_output "${D}100000000000000:2"
	[[ $stderr = *"do not begin where sdb2 begins"* ]]
	rm "$md/level"
	run -1 --separate-stderr "$ofpathtool" --sysroot "$at" md3
	[[ $stderr = *"it is not known how md3 uses sdb2, sdc2"* ]]
	echo faulty >"$md/level"
	run -1 --separate-stderr "$ofpathtool" --sysroot "$at" md3
}

@test "a recorded machine gives the same output, also without a path" {
	local names

	names=$(ls "$machine/sys/class/block")
	mkdir "$BATS_TEST_TMPDIR/recorded"
	"$ofpathtool" --sysroot "$machine" --record "$BATS_TEST_TMPDIR/recorded"
	run -1 --separate-stderr "$ofpathtool" --sysroot "$BATS_TEST_TMPDIR/recorded" \
		--batch --json <<<"$names"
	assert_output "$("$ofpathtool" --sysroot "$machine" --batch --json <<<"$names")"
}

# The program that checks knows where the data of each device are.
@test "each pair of kinds: the data are at each path, or a note has the reason" {
	local stacks=${top_srcdir:-.}/tests/ofpath/stacks at=$BATS_TEST_TMPDIR option

	"$stacks" make "$at/tree" >"$at/names"
	[ "$(wc -l <"$at/names")" -gt 1900 ]
	for option in all strict; do
		"$ofpathtool" --sysroot "$at/tree" --batch --json --$option <"$at/names" >"$at/$option" ||
			[ $? -eq 1 ]
	done
	run "$stacks" check "$at/all" "$at/strict"
	echo "$output" | tail -n 20
	[ "$status" -eq 0 ]
}
