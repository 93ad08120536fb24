#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# shellcheck disable=SC2016,SC2154 # scripts for the guest; from bats
# State what should be: --until and --if-needed. The partition has 6 of 8 cores, and 1 GiB that
# cannot be removed; the host has 8 of 12 LMBs for it.

load ../../guest/verbs

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-smp 24,maxcpus=32,cores=8,threads=4 -m 1G,slots=4,maxmem=4G \
		-object memory-backend-ram,id=m0,size=2G -device pc-dimm,id=d0,memdev=m0
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
}

teardown()
{
	assert_no_oops
}

# Functions for scripts in the guest.
in_guest='
	cores() { ls -d /proc/device-tree/cpus/PowerPC* | grep -c .; }
	lmbs() { echo $(($(ls -d /sys/devices/system/memory/memory* | grep -c .) - 4)); }
	say() { echo "$*"; cat /tmp/said /tmp/doc; exit 1; }
'

# Rows NUMBER|ARGUMENTS|STATUS|AFTER|CHANGED|CODE: with so many before, drmgr -c TYPE ARGUMENTS
# ends with this status, number and document. A plan says the same, and changes nothing.
numbers() # TYPE COUNTER
{
	guest_sh -0 -i "$in_guest"'
		while IFS="|" read -r -u 3 before arguments status after changed code; do
			drmgr -c $1 --until $before >/tmp/doc 2>/tmp/said || say "$before: not reached"
			for way in --dry-run ""; do
				drmgr -c $1 $arguments $way --json >/tmp/doc 2>/tmp/said
				s=$?
				[ $s = $status ] || say "$before, $arguments $way: status $s"
				got=$(jq -r "\"\(.before)|\(.after)|\(.changed)|\(.error.code // \"\")|\(.done)\"" /tmp/doc)
				[ $code != bad-request ] || [ "$(jq -c "[.target, .requested]" /tmp/doc)" = "[null,0]" ] ||
					say "$arguments: a number of a refused size"
				n=$($2)
				case $way in
				"") wanted="$before|$after|$changed|$code|$((after > before ? after - before : before - after))"
					[ $n = $after ] || say "$before, $arguments: $n" ;;
				*) [ $n = $before ] || say "$before, $arguments: a plan changed it to $n"
					wanted="$before|$after|$changed|$code|0" ;;
				esac
				# Only the change shows what the host has.
				[ "$got" = "$wanted" ] || [ "$way$code" = --dry-runhost-has-too-little ] ||
					say "$before, $arguments $way: $got, not $wanted"
			done
		done 3</dev/stdin' "$1" "$2"
}

@test "cores: until a number, in either direction" {
	numbers cpu cores <<-'ROWS'
		3|--until 5|0|5|true|
		5|--until 2|0|2|true|
		2|--until 2|0|2|false|
		2|-a --until 4|0|4|true|
		4|-a --until 3|0|4|false|
		4|-r --until 5|0|4|false|
		4|-r --until 1|0|1|true|
		3|--until 4 --all-or-nothing|0|4|true|
		4|--until 6|0|6|true|
	ROWS
}

@test "cores: fewer than the host has, and max" {
	guest_sh -0 "$in_guest"'
		tell() { drmgr -c cpu $1 --json >/tmp/doc 2>/tmp/said
			echo $? $(cores) $(jq -c "[.changed, .target, .error.code, .requested, .done]" /tmp/doc); }
		drmgr -c cpu --until 4 >/dev/null
		tell "--until 8"; tell "--until 8"; tell "--until max"
		drmgr -c cpu --until 5 >/dev/null
		tell "--until max"; tell "--until 7 --all-or-nothing"; tell "--until 4294967295"'
	assert_stdout '64 6 [true,8,"host-has-too-little",4,2]
1 6 [false,8,"host-has-too-little",2,0]
0 6 [false,null,null,0,0]
0 6 [true,null,null,1,1]
255 6 [false,7,"host-has-too-little",1,0]
1 6 [false,4294967295,"host-has-too-little",2147483647,0]'
}

@test "memory: until a number or a size, in either direction" {
	numbers mem lmbs <<-'ROWS'
		3|--until 5|0|5|true|
		5|--until 2|0|2|true|
		2|--until 2|0|2|false|
		2|--until 2G|0|4|true|
		4|-a --until 1536M|0|4|false|
		4|-r --until 1536M|0|2|true|
		2|-a -q 768M|0|5|true|
		5|-r -q 0x1G|0|1|true|
		2|--until 8 --all-or-nothing|0|8|true|
		8|--until 1300M|255|8|false|bad-request
		8|--until 512M|255|8|false|bad-request
		8|-a -q 300M|255|8|false|bad-request
	ROWS
}

@test "memory: what the host has comes, and max" {
	guest_sh -0 "$in_guest"'
		tell() { drmgr -c mem $1 --json >/tmp/doc 2>/tmp/said
			echo $? $(lmbs) $(jq -c "[.changed, .target, .target_bytes, .after_bytes, .error.code, .done]" /tmp/doc); }
		drmgr -c mem --until 5 >/dev/null
		tell "-a -q 4"; tell "--until 9"; tell "--until max"
		drmgr -c mem --until 5 >/dev/null
		tell "--until max"
		drmgr -c mem --until 5 >/dev/null
		tell "--until 4G"; drmgr -c mem --until 5 >/dev/null; tell "-a -q 4 --all-or-nothing"'
	assert_stdout '64 8 [true,null,null,3221225472,"host-has-too-little",3]
255 8 [false,9,3489660928,3221225472,"host-has-too-little",0]
0 8 [false,null,null,3221225472,null,0]
0 8 [true,null,null,3221225472,null,3]
64 8 [true,12,4294967296,3221225472,"host-has-too-little",3]
255 5 [false,null,null,2415919104,"host-has-too-little",0]'
	guest_sh -0 'drmgr -c mem --until max'
}

@test "a plan that falls short of all or nothing says that all would be undone" {
	guest_sh -0 'for type in cpu mem; do
			drmgr -c $type --until 4 >/dev/null
			drmgr -c $type -a -q 99 --all-or-nothing --dry-run --json 2>/dev/null >/tmp/doc
			jq -c "[.exit_status, .changed, .after, (.resources | map(.result) | unique)]" /tmp/doc
			drmgr -c $type --until max >/dev/null
		done'
	assert_stdout '[255,false,4,["undone"]]
[255,false,4,[]]'
}

@test "a size that is not possible names the nearest ones" {
	guest -255 drmgr -c mem --until 1300M
	assert_stderr 'The size is not possible, because an LMB has 256 MiB: use 1280M or 1536M'
	guest -255 drmgr -c mem --until 512M
	assert_stderr 'The size is not possible, because an LMB has 256 MiB and the rest cannot be removed: use 1024M'
	guest -255 drmgr -c mem -a -q 1
	guest -255 drmgr -c mem -a -q 1M
	assert_stderr 'The size is not possible, because an LMB has 256 MiB: use 256M'
}

@test "combinations that are refused" {
	local words text

	while IFS='|' read -r -u 3 words text; do
		# shellcheck disable=SC2086 # words
		guest -255 drmgr $words
		assert_stderr "$text"
	done 3<<-'ROWS'
		-c cpu --until 0|--until 0: use a number from 1 on
		-c cpu --until 2G|A size is for -c mem: give a number of cpu
		-c cpu --until 4294967296|Too large a number: 4294967296
		-c mem --until 18446744073709551614|Too large a number: 18446744073709551614
		-c cpu --until 2x|--until 2x: use a number, a size such as 8G for memory, or max
		-c cpu --until 2 -q 1|--until chooses the resources: use it without -s and -q
		-c cpu --until 2 -s 0x10000000|--until chooses the resources: use it without -s and -q
		-c cpu --until 2 -p smt_threads|--until is for the number of cores or LMBs
		-c cpu --until 2 -R|--until is for the number of cores or LMBs
		-c cpu --until 2 -Q|--until is for the number of cores or LMBs
		-c cpu --until max -r|--until max adds what there is: use it without -r and --all-or-nothing
		-c mem --until max --all-or-nothing|--until max adds what there is: use it without -r and --all-or-nothing
		-c pci --until 3|--until is for the number of cores or LMBs
		-c phb -a --until 3|--until is for the number of cores or LMBs
		-c cpu -a -q 2G|A size is for -c mem: give a number of cpu
		-c phb -a -q 2G|A size is for the number of cores or LMBs
		-c mem -a -p ent_capacity -q 1G|A size is for the number of cores or LMBs
		-c mem -a -q 99999999999G|Invalid quantity specified: 99999999999G
		-c cpu --until 2 --until 3|--until is given twice: 2 and 3
		-c cpu -a -q 1 --if-needed|--if-needed is for -a and -r of named resources: use it without -q, -p, -P and --until
		-c cpu --until 3 --if-needed|--if-needed is for -a and -r of named resources: use it without -q, -p, -P and --until
		-c cpu -a --if-needed|--if-needed needs -s
		-c pci -r -n --if-needed|--if-needed needs -s
		-c pci -i -s C8 -n --if-needed|--if-needed is for -a and -r of named resources: use it without -q, -p, -P and --until
		-P /tmp/moved --until 3|-P takes its resources from the file: use it without --until and --if-needed
		--recover --until 3|--recover allows only --discard, -w, -d, --json and --trace
	ROWS
}

# A run that counts the cores of a killed one would reach another number.
@test "a killed run is undone before the count" {
	guest_sh -0 "$in_guest"'
		cut=0
		for n in $(seq 4 4 60); do
			drmgr -c cpu --until 2 >/tmp/said 2>&1 || say "round $n: not begun"
			/usr/lib/guest/killat $n drmgr -c cpu -a -q 3 --all-or-nothing >/tmp/said 2>&1
			s=$?
			[ $s = 0 ] && break
			left=$(cores)
			drmgr -c cpu --until 5 --dry-run --json >/tmp/doc 2>/tmp/said || say "round $n: no plan"
			[ ! -e /run/drmgr/journal ] || [ "$(jq "[.would_recover, .warnings] | map(length) | min" /tmp/doc)" != 0 ] ||
				[ $left = 2 ] || say "round $n: the plan does not tell of the journal"
			drmgr -c cpu --until 5 --json >/tmp/doc 2>/tmp/said || say "round $n: $?"
			[ $(cores) = 5 ] || say "round $n: $(cores) cores"
			[ "$(jq .after /tmp/doc)" = 5 ] || say "round $n: document"
			cut=$((cut + (left > 2)))
		done
		drmgr -c cpu --until max >/dev/null
		[ $cut -gt 2 ] && echo "interrupted $cut times"'
}

@test "a run that is killed in the middle is continued by the next" {
	guest_sh -0 "$in_guest"'
		for n in $(seq 5 7 60); do
			drmgr -c cpu --until 6 >/tmp/said 2>&1 && drmgr -c mem --until 8 >/tmp/said 2>&1 || say "round $n: not begun"
			/usr/lib/guest/killat $n drmgr -c cpu --until 2 >/tmp/said 2>&1
			drmgr -c cpu --until 2 >/tmp/doc 2>/tmp/said || say "round $n: $?"
			[ $(cores) = 2 ] || say "round $n: $(cores) cores"
			/usr/lib/guest/killat $n drmgr -c mem --until 3 >/tmp/said 2>&1
			drmgr -c mem --until 3 >/tmp/doc 2>/tmp/said || say "round $n: $?"
			[ $(lmbs) = 3 ] || say "round $n: $(lmbs) LMBs"
		done
		drmgr -c cpu --until max >/dev/null && drmgr -c mem --until max >/dev/null'
}

@test "two callers at once reach the number of the last one" {
	guest_sh -0 "$in_guest"'
		moved=0
		two() { # A B: numbers of two callers
			drmgr -w 1 -c cpu --until $1 --json >/tmp/a 2>/tmp/said & a=$!
			drmgr -w 1 -c cpu --until $2 --json >/tmp/b 2>>/tmp/said & b=$!
			wait $a && wait $b || say "round $n: $1 $2: failed"
			last=$(jq -s "if .[0].before == .[1].after and .[0].changed then .[0].after else .[1].after end" /tmp/a /tmp/b)
			[ $(cores) = $1 ] || [ $(cores) = $2 ] || say "round $n: $(cores) cores"
			moved=$((moved + $(jq -s "map(.done) | add" /tmp/a /tmp/b)))
		}
		for n in $(seq ${1:-5}); do
			drmgr -c cpu --until 3 >/dev/null
			moved=0; two 5 5; [ $moved = 2 ] || say "round $n: up, $moved moved"
			moved=0; two 2 2; [ $moved = 3 ] || say "round $n: down, $moved moved"
			moved=0; two 5 3; [ $moved -le 5 ] || say "round $n: against each other, $moved moved"
		done
		drmgr -c cpu --until max >/dev/null' "${UNTIL_ROUNDS:-5}"
}

@test "--if-needed: exactly what is so already is success" {
	guest_sh -0 'drmgr -c cpu --until 4; drmgr -c mem --until 4; drmgr -c mem -r -s 0x80000007; true'
	guest_sh -i '
		while read -r row; do
			drmgr $row --json >/tmp/doc 2>/dev/null </dev/null; was=$?
			code=$(jq -r ".error.code" /tmp/doc)
			drmgr $row --if-needed --json >/tmp/doc 2>/dev/null </dev/null; s=$?
			echo "$row|$was $code|$s $(jq -r "[.changed, .done, (.resources[] | .result), .error.code] | map(tostring) | join(\" \")" /tmp/doc)"
		done' <<-'ROWS'
		-c cpu -a -s 0x10000000
		-c cpu -r -s 0x1000001c
		-c cpu -a -s 0x1000001c
		-c mem -a -s 0x80000004
		-c mem -r -s 0x80000007
		-c mem -r -s 0x80000099
		-c phb -a -s 0x20000000
		-c phb -r -s 0x20000005
		-c pci -r -n -s C16
		-c pci -a -n -s C16 -w 1s
	ROWS
	assert_stdout '-c cpu -a -s 0x10000000|1 already-there|0 false 0 skipped null
-c cpu -r -s 0x1000001c|1 nothing-there|0 false 0 skipped null
-c cpu -a -s 0x1000001c|1 firmware-refused|1 false 0 failed firmware-refused
-c mem -a -s 0x80000004|255 already-there|0 false 0 skipped null
-c mem -r -s 0x80000007|255 nothing-there|0 false 0 skipped null
-c mem -r -s 0x80000099|255 no-such-index|255 false 0 no-such-index
-c phb -a -s 0x20000000|5 already-there|0 false 0 skipped null
-c phb -r -s 0x20000005|3 nothing-there|0 false 0 skipped null
-c pci -r -n -s C16|255 nothing-there|0 false 0 skipped null
-c pci -a -n -s C16 -w 1s|255 nothing-there|255 false 0 failed nothing-there'
	guest_sh -0 'drmgr -c cpu -a -q 2 && drmgr -c cpu -r -s 0x10000000 --if-needed && drmgr -c cpu -a -s 0x10000000 --if-needed'
	guest_sh -0 'drmgr -c cpu --until max && drmgr -c mem --until max'
}

@test "after --all-or-nothing a resource is listed once, as it ended" {
	guest_sh -0 'drmgr -c cpu --until 4 >/dev/null; drmgr -c cpu -a -q 3 --all-or-nothing --json 2>/dev/null |
		jq -c "[.changed, .before, .after, (.resources[] | [.name, .result, .changed, .linux])]"; drmgr -c cpu --until max >/dev/null'
	assert_stdout '[false,4,4,["CPU 16","undone",false,[]],["CPU 20","undone",false,[]]]'
}
