#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball rtas-event
# The command rtas-event: the formats of its input and output.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../../lib/wait

# Events: a PCI card is plugged; a power failure; parts for others.
hotplug=063460e50000006886008e00000000000000000049424d00504800300100000020241120134559070000000000000000480000030000000000000000000000005000000150000002554800180100000080000000000000000000000000000000485000100100000005010200
index=40000020
short=0620004000000000

setup()
{
	rtas_event=${top_builddir:-build}/rtas-event
	golden=${top_srcdir:-.}/tests/data/golden/rtas-event
	cd "$BATS_TEST_TMPDIR" || return
}

bytes() # HEX... as bytes
{
	local hex

	printf -v hex '%s' "$@"
	# shellcheck disable=SC2059 # the format is the bytes
	printf "$(sed 's/../\\x&/g' <<<"$hex")"
}

# A record in the kernel's format: number, event, stale bytes.
record() # NUMBER HEX
{
	local number event=$2 stale

	printf -v number '%02x000000' "$1"
	printf -v stale 'ff%.0s' $(seq $((2048 - ${#event} / 2)))
	bytes "$number" "$event" "$stale"
}

lines()
{
	run --separate-stderr "$rtas_event" --line "$@"
}

# The texts of tests/data/golden/events, with numbers from 12.
numbered() # NAME...
{
	local name number=12

	for name; do
		sed -E "s/^\+//; s/^(==== RTAS Event Dump) (Begin|End) =====/\1 ($number) \2 /" \
			"${top_srcdir:-.}/tests/data/golden/events/$name.txt"
		number=$((number + 1))
	done
}

@test "a log of rtas_errd is printed as text, lines, bytes, a document" {
	run --separate-stderr "$rtas_event" -v "$golden/platform"
	assert_success
	assert_output "$(numbered T1 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T15)"
	assert_equal "$stderr" ''
	lines "$golden/platform"
	assert_success
	assert_output "$(cat "$golden/line")"
	run --separate-stderr "$rtas_event" --raw -n 13 "$golden/platform"
	assert_output "$(cat "$golden/raw")"
	run --separate-stderr "$rtas_event" --json "$golden/platform"
	assert_success
	diff "$golden/json" <(jq -c '.events[], del(.events)' <<<"$output")
}

@test "bare events are read one after the other" {
	bytes $hotplug $index $short 00000000 $hotplug $index >log
	lines log
	assert_success
	assert_output '- hotplug add pci drc-index 0x40000020
- epow event recovered
- hotplug add pci drc-index 0x40000020'
	lines <log
	assert_equal "${#lines[@]}" 3
	lines - log <log
	assert_equal "${#lines[@]}" 6
}

@test "records of the kernel are read, with and without the unused bytes" {
	{
		record 7 $hotplug$index
		record 8 $short
	} >log
	lines log
	assert_success
	assert_output '#7 hotplug add pci drc-index 0x40000020
#8 epow event recovered'
	bytes 07000000 $hotplug $index 00000008 $hotplug $index 09000000 $short >log
	lines log
	assert_output '#7 hotplug add pci drc-index 0x40000020
#8 hotplug add pci drc-index 0x40000020
#9 epow event recovered'
}

@test "lines of a log are found among others" {
	cat >log <<-LOG
		Nov 20 10:00:00 host kernel: RTAS: event: 3, Type: Hotplug Event (229), Severity: 1
		Nov 20 10:00:00 host kernel: RTAS: 3 -------- RTAS event begin --------
		Nov 20 10:00:00 host kernel: RTAS 0: 06200040 00000000
		Nov 20 10:00:00 host sshd[12]: deadbeef
		deadbeef
		[   12.345678] RTAS: 3 -------- RTAS event end ----------
		[   13.000000] RTAS: 4 -------- RTAS event begin --------
		[   13.000001] RTAS 0: 062000e4 00000000
		[   13.000002] RTAS: 4 -------- RTAS event end ----------
		[   14.000000] RTAS: 5 -------- RTAS event begin --------
		[   14.000001] RTAS 0: 062000e0 00000000
	LOG
	lines log
	assert_success
	assert_output '#3 epow event recovered
#4 dump event recovered
#5 platform-error event recovered'
	printf 'nothing of that kind\n' >log
	lines log
	assert_failure 1
	assert_output ''
}

@test "dumps in hexadecimal are read" {
	bytes $hotplug $index >bare
	"$rtas_event" --raw bare >raw
	lines raw
	assert_output '- hotplug add pci drc-index 0x40000020'
	printf '%s\n\n%s\n' $hotplug$index $short | sed 's/......../& /g' >words
	lines words
	assert_output '- hotplug add pci drc-index 0x40000020
- epow event recovered'
	# The characters of a dump are ignored.
	printf '%s\n' '00000000: 0620 0040 0000 0000  . .@..|ab 12' \
		'00000008: 0620 00e4 0000 0000  abcdef..' >xxd
	lines xxd
	assert_output '- epow event recovered
- dump event recovered'
	printf '%s\n' '00000000  06 20 00 40 00 00 00 00  06 20 00 e4 00 00 00 00  |. .@  ab  cd|ef|' \
		00000010 >hexdump
	lines hexdump
	assert_output '- epow event recovered
- dump event recovered'
}

@test "events are selected by number" {
	run --separate-stderr "$rtas_event" --line -n 13-15 "$golden/platform"
	assert_success
	assert_output "$(sed -n 2,4p "$golden/line")"
	bytes $hotplug $index $short >log
	run --separate-stderr "$rtas_event" --line -n 2 log
	assert_output '- epow event recovered'
	run --separate-stderr "$rtas_event" --line -n 3 log
	assert_failure 1
	assert_equal "$stderr" 'rtas-event: no event has the selected number'
}

@test "titles have the number, and long lines are broken" {
	record 7 $hotplug$index >log
	run --separate-stderr "$rtas_event" log
	assert_line --index 0 '==== RTAS Event Dump (7) Begin ======================================'
	run --separate-stderr "$rtas_event" -w 40 log
	assert_line --index 0 '==== RTAS Event Dump (7) Begin '
	assert [ "$(wc -L <<<"$output")" -le 40 ]
}

@test "input that is not an event is a line with offset and reason" {
	bytes $hotplug >log
	lines log
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" 'rtas-event: log: event at offset 0: truncated: 108 of 112 bytes'
	bytes 0634 >log
	lines log
	assert_failure 1
	assert_equal "$stderr" 'rtas-event: log: event at offset 0: 2 bytes are too few for an event'
	# The next one is found again.
	bytes ff ff06fffffff0aabb $hotplug $index >log
	lines log
	assert_failure 1
	assert_output '- hotplug add pci drc-index 0x40000020'
	assert_equal "$stderr" 'rtas-event: log: event at offset 0: impossible length: 4294963378 bytes'
	bytes 048c1107 00000028 02008700 "$(printf '%072d' 0)" >log
	lines log
	assert_failure 1
	assert_equal "$stderr" 'rtas-event: log: event at offset 0: unknown kind of extended log'
	bytes $short "${hotplug/49424d00/58595a00}" $index >log
	lines --format bare log
	assert_failure 1
	assert_output '- epow event recovered'
	assert_equal "$stderr" 'rtas-event: log: event at offset 8: unknown kind of extended log'
}

@test "zeros before an event are passed over, those of a hole without a read" {
	truncate -s 1T log
	bytes $hotplug $index >>log
	lines log
	assert_success
	assert_output '- hotplug add pci drc-index 0x40000020'
	head -c 256M /dev/zero >zeros
	lines - < <(cat zeros; bytes $hotplug $index; cat zeros)
	assert_success
	assert_output '- hotplug add pci drc-index 0x40000020'
	truncate -s 1T zeros
	lines zeros
	assert_failure 1
	assert_equal "$stderr" 'rtas-event: zeros: it contains no event; if it has another form, use --format bare or kernel'
}

# Where one read ends and the next begins, too.
@test "an event is found after other bytes, wherever it begins" {
	local n

	for n in 1 7 8 23 65500 65515 65528 65535 65536 65537 3000000; do
		{
			head -c $n /dev/zero | tr '\0' '\1'
			bytes $hotplug $index
		} >log
		lines --format bare log
		assert_failure 1
		assert_output '- hotplug add pci drc-index 0x40000020'
		assert_equal "$(wc -l <<<"$stderr")" 1
		assert_equal "${stderr%%: impossible*}" 'rtas-event: log: event at offset 0'
	done
}

@test "after 16 MiB without an event the rest is not read" {
	{
		bytes $hotplug $index
		head -c 17M /dev/zero | tr '\0' '\1'
		bytes $hotplug $index
	} >log
	lines log
	assert_failure 1
	assert_output '- hotplug add pci drc-index 0x40000020'
	assert_equal "$(wc -l <<<"$stderr")" 2
	assert_equal "${stderr##*$'\n'}" 'rtas-event: log: no event in 16 MiB before offset 16842730: the rest is not read; if it has another form, use --format kernel'
}

@test "a file without an event is an error, an empty file is not" {
	local file

	printf 'Nov 22 kernel: hello\n' >"$BATS_TEST_TMPDIR/text"
	for file in /etc/passwd "$BATS_TEST_TMPDIR/text"; do
		run --separate-stderr "$rtas_event" "$file"
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" "rtas-event: $file: it contains no event; if it has another form, use --format bare or kernel"
	done
	run --separate-stderr "$rtas_event" --json "$file"
	assert_failure 1
	assert_line '  "schema": "papr.rtas-event/1",'
	run --separate-stderr "$rtas_event" /dev/null
	assert_success
	assert_equal "$stderr" ''
}

@test "an invalid section is reported after the valid ones" {
	bytes "${hotplug/48500010/4850fff0}" $index >log
	lines log
	assert_failure 1
	assert_output --partial '- hotplug event not-recovered subsystem 0x80'
	assert_equal "$stderr" \
		'rtas-event: log: event at offset 0: section 4850 at offset 96: impossible length 65520'
	run --separate-stderr "$rtas_event" --json log
	assert_failure 1
	assert_line --partial '"papr.rtas-event/1"'
}

@test "an option selects the format" {
	bytes $hotplug $index >log
	lines --format kernel log
	assert_failure 1
	lines --format text log
	assert_failure 1
	assert_output ''
	lines --format bare log
	assert_success
	# A program is not text even if it begins with some.
	bytes 7f454c46 0b010100 "$(printf '%048d' 0)" >log
	lines log
	assert_failure 1
}

@test "control bytes in firmware's texts do not reach the terminal" {
	# "A ESC [ 2 J" for a name.
	local named=${hotplug/00000068/0000006c}

	named=${named/48500010/48500014}
	bytes "${named/05010200/05010100}" 411b5b324a000000 >log
	lines log
	assert_success
	assert_output '- hotplug add pci drc-name "A\x1b[2J"'
	run script -qec "'$rtas_event' log" /dev/null
	assert_line --partial 'A\x1b[2J'
	refute_output --partial $'\x1b'
	run --separate-stderr "$rtas_event" --json log
	assert_line --partial '"drc_name": "A\u001b[2J"'
}

@test "a growing log is followed" {
	bytes $short >log
	"$rtas_event" --line --follow log >seen 3>&- &
	local reader=$!
	wait_until '[ "$(wc -l <seen)" -ge 1 ]'
	bytes $hotplug $index >>log
	wait_until '[ "$(wc -l <seen)" -ge 2 ]'
	kill "$reader"
	run cat seen
	assert_output '- epow event recovered
- hotplug add pci drc-index 0x40000020'
}

@test "a log that is empty at first, and rotated twice, is followed" {
	local reader i

	: >log
	"$rtas_event" --line --follow log >seen 3>&- &
	reader=$!
	for i in 1 2 3; do
		bytes $hotplug $index >>log
		wait_until '[ "$(wc -l <seen)" -ge "$i" ]'
		mv log log.0
		[ "$i" = 2 ] || : >log
	done
	kill "$reader"
	run uniq -c seen
	assert_output --regexp '^ +3 - hotplug add pci drc-index 0x40000020$'
}

@test "bad command lines are refused" {
	local line

	while read -r line; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$rtas_event" $line </dev/null
		echo "rtas-event $line: $status, $stderr"
		assert_failure 2
		[[ $line == *--json* ]] || assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "$stderr" '^rtas-event: -.*(use|see|not with|permitted)'
	done <<-'ROWS'
		-Z
		--frob
		-n
		-n x
		-n 5-
		-n 5-4
		-n 99999999999
		-w 0
		-w 1024
		-w 80x
		--format elf
		--json --line
		--raw --line
		--json --follow
		--follow one two
	ROWS
}

@test "help, version, missing files and full standard output have their status" {
	run --separate-stderr "$rtas_event" --frob --help
	assert_success
	assert_line --index 0 'Usage: rtas-event [OPTION]... [FILE]...'
	run --separate-stderr "$rtas_event" --version
	assert_output --regexp '^rtas-event \(papr-toolkit\) [0-9]'
	bytes $short >log
	lines missing log .
	assert_failure 1
	assert_output '- epow event recovered'
	assert_equal "${stderr_lines[0]}" 'rtas-event: missing: No such file or directory'
	assert_equal "${stderr_lines[1]}" 'rtas-event: .: Is a directory'
	run --separate-stderr "$rtas_event" --json missing
	assert_failure 1
	assert_line --partial '"events": ['
	run --separate-stderr bash -c "'$rtas_event' log >/dev/full"
	assert_failure 1
	assert_regex "$stderr" 'standard output'
}
