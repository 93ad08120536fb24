#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here sanitized ofpathtool
# ofpathtool on stacked devices: RAID, LVM, multipath, caches, encryption.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/json
load ../../lib/ofpath

setup()
{
	ofpath_programs
	ofpath_machine stacks
}

D=/vdevice/v-scsi@30000001/disk@8

# Rows: arguments; target and partition of the path, or "-"; the note.
notes_are() # NUMBER-OF-ROWS
{
	local row arguments wanted note n=0

	while IFS='|' read -r arguments wanted note; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ofpathtool" --sysroot "$machine" $arguments
		echo "$arguments: $status: $output: $stderr"
		row=${wanted%%:*}
		if [ "$wanted" = - ]; then
			assert_equal "$status:$output" 1:
			note+='; ofpathtool --list prints the devices that have a path'
		else
			assert_equal "$output" "${D}${row}00000000000000${wanted#"$row"}"
		fi
		assert_equal "$(grep note: <<<"$stderr")" "${note:+ofpathtool: note: ${arguments##* }: $note}"
		n=$((n + 1))
	done
	[ "$n" -eq "$1" ]
}

@test "a path has a note if firmware does not find the data there, no path has the reason [ofp-stacks-notes]" {
	notes_are 29 <<-'ROWS'
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
		md20|0|it is not known how dm-6 uses sda: firmware may not find its data there
		md20p2|0:2|it is not known how dm-6 uses sda: firmware may not find its data there
		md21p2|0:2|
		own2|-|it is not known how dm-7 uses sda, sdb: firmware may not find its data there
		--compat own2|0|it is not known how dm-7 uses sda, sdb: firmware may not find its data there
		--compat md1|0:1|the data of md1 (raid5) are distributed over sda1, sdb1, sdc1: firmware cannot read them from one disk
	ROWS
}

@test "tables of device-mapper: offsets, parts, mirrors in sync, partitions, damaged ones [ofp-tables]" {
	notes_are 29 <<-'ROWS'
		same|0|
		--strict dm-10|0|
		later|0:2|the data of dm-11 begin at sector 384 of sda2: firmware does not find them
		--strict dm-11|-|the data of dm-11 begin at sector 384 of sda2: firmware does not find them
		parts|0|the data of dm-12 are in several parts of sda: firmware does not find them
		both|-|the data of dm-13 (linear) are distributed over sda, sdb: firmware cannot read them from one disk
		striped|-|the data of dm-14 (striped) are distributed over sda, sdb: firmware cannot read them from one disk
		stripe|1|
		mirror|0|
		mirror-begun|1|
		mirror-unknown|0|it is not known whether sda is in sync: firmware may not find the data of dm-18 there
		--strict dm-18|-|it is not known whether sda is in sync: firmware may not find the data of dm-18 there
		raid1|1|
		raid10|0|
		raid10far|-|the data of dm-21 (raid10) are distributed over sda, sdb: firmware cannot read them from one disk
		raid1new|0|it is not known whether sda is in sync: firmware may not find the data of dm-22 there
		luks2|0:2|dm-23 is encrypted: firmware cannot read its data
		checked|1|
		cached|-|the data of dm-25 (cache) are not in plain form on sda, sdb, sdc: firmware cannot read them
		--compat cached|0|the data of dm-25 (cache) are not in plain form on sda, sdb, sdc: firmware cannot read them
		ways|0|
		mapa2|0:2|
		mapa3|0|it is not known how dm-28 uses sda: firmware may not find its data there
		mapa1|0|it is not known how dm-29 uses sda: firmware may not find its data there
		odd|0|it is not known how dm-30 uses sda: firmware may not find its data there
		mixed|-|the data of dm-31 (thin) are not in plain form on sda, sdb: firmware cannot read them
		origin|1|
		fourth|-|the data of dm-33 (raid4) are distributed over sda, sdb: firmware cannot read them from one disk
		vg-mirror|0|it is not known whether dm-35 is in sync: firmware may not find the data of dm-34 there
	ROWS
}

# Rows: mapping, table, state. Each is damaged or contradicts the members.
@test "a damaged table is not trusted [ofp-tables-damaged]" {
	local at=$BATS_TEST_TMPDIR/damaged name table state n=0 sda sdb dir

	cp -a "$machine" "$at"
	sda=$(<"$at/sys/class/block/sda/dev") sdb=$(<"$at/sys/class/block/sdb/dev")
	while IFS='|' read -r name table state; do
		dir=$at/sys/devices/virtual/block/$name/dm
		table=${table//sda/$sda} state=${state//sda/$sda}
		printf '%b' "${table//sdb/$sdb}" >"$dir/table"
		[ -z "$state" ] || printf '%b' "${state//sdb/$sdb}" >"$dir/status"
		run --separate-stderr timeout 60 "$ofpathtool" --sysroot "$at" --strict "$name"
		echo "$table|$state: $status: $output: $stderr"
		[ "$status" -eq 1 ]
		[[ $stderr = *"it is not known "* ]]
		n=$((n + 1))
	done <<-'ROWS'
		dm-10|0 2048 linear
		dm-10|0 2048 linear sda
		dm-10|0 2048 linear sdb 0
		dm-10|0 2048 linear 8:0x 0
		dm-10|0 2048 linear sda -1
		dm-10|0 2048 linear sda 0x0
		dm-10|0 2048 linear sda 18446744073709551616
		dm-10|0 2048
		dm-10|0 0 linear sda 0
		dm-10|1 2048 linear sda 0
		dm-10|0 2048 linear sda 0\n2049 1 linear sda 2048
		dm-10|0 18446744073709551615 linear sda 0\n18446744073709551615 1 linear sda 0
		dm-10|-0 2048 linear sda 0
		dm-10|\n0 2048 linear sda 0
		dm-10|0 2048 linear sda 0\n\n2048 1 linear sda 2048
		dm-10|0 2048 linearlinearlinearlinearlinearlinear sda 0
		dm-10|linear
		dm-10| 
		dm-14|0 4096 striped 0 128
		dm-14|0 4096 striped 1 128
		dm-14|0 4096 striped two 128 sda 0 sdb 0
		dm-16|0 4096 mirror core 99999999999 1024 2 sdb 0 sda 0
		dm-16|0 4096 mirror core 1 1024 3 sdb 0 sda 0
		dm-16|0 4096 mirror core 1 1024 0
		dm-16|0 4096 mirror core 1 1024 2 sda 0 sda 8
		dm-16|0 4096 mirror core 1 1024 18446744073709551615 sda 0 sdb 0
		dm-20|0 4096 raid raid1 9999999999 0
		dm-20|0 4096 raid raid1 1 0 2 - sda -
		dm-20|0 4096 raid raid1 1 0 257 - sda - sdb
		dm-20|0 4096 raid raid1 1 0 2 - sda - 99:99
		dm-17|0 4096 mirror core 1 1024 2 sdb 0 sda 0|0 4096 mirror
		dm-17|0 4096 mirror core 1 1024 2 sdb 0 sda 0|0 4096 mirror 2 sdb sda 44 1 A
		dm-17|0 4096 mirror core 1 1024 2 sdb 0 sda 0|0 4096 mirror 2 sdb sda 44 1
		dm-17|0 4096 mirror core 1 1024 2 sdb 0 sda 0|0 4096 mirror 99999 sdb sda 4/4 1 AA
		dm-17|0 4096 mirror core 1 1024 2 sdb 0 sda 0|0 4096 raid raid1 2 AA 4/4 idle 0
		dm-22|0 4096 raid raid1 1 0 2 - sda - sdb|0 4096 raid raid1 2 AAA 4/4 idle 0
		dm-22|0 4096 raid raid1 1 0 2 - sda - sdb|0 4096 raid raid1 3 AA 4/4 idle 0
		dm-22|0 4096 raid raid1 1 0 2 - sda - sdb|\n
		dm-23|0 4096 crypt aes - 0 sda 32768
		dm-23|0 4096 crypt aes
		dm-24|0 4096 verity 1
		dm-32|0 4096 snapshot-origin
	ROWS
	[ "$n" -eq 42 ]
}

@test "a very long table, and one with a NUL, are as if they were missing" {
	local at=$BATS_TEST_TMPDIR/long table

	cp -a "$machine" "$at"
	table=$at/sys/devices/virtual/block/dm-10/dm/table
	printf '0 2048 linear %s 0\0\n' "$(<"$at/sys/class/block/sda/dev")" >"$table"
	run -1 --separate-stderr "$ofpathtool" --sysroot "$at" --strict dm-10
	[[ $stderr = *"it is not known how dm-10 uses sda: "* ]]
	yes '0 2048 linear 8:0 0' | head -c 2000000 >"$table"
	run -1 --separate-stderr "$ofpathtool" --sysroot "$at" --strict dm-10
	[[ $stderr = *"it is not known how dm-10 uses sda: "* ]]
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

@test "JSON: all slaves, also without a path or --all [ofp-stacks-slaves]" {
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
@test "each pair of kinds: the data are at each path, or a note has the reason [ofp-stacks]" {
	local stacks=${top_srcdir:-.}/tests/data/ofpath/stacks at=$BATS_TEST_TMPDIR option

	"$stacks" make "$at/tree" >"$at/names"
	[ "$(wc -l <"$at/names")" -gt 2600 ]
	for option in all strict; do
		"$ofpathtool" --sysroot "$at/tree" --batch --json --$option <"$at/names" >"$at/$option" ||
			[ $? -eq 1 ]
	done
	run "$stacks" check "$at/all" "$at/strict"
	echo "$output" | tail -n 20
	[ "$status" -eq 0 ]
}
