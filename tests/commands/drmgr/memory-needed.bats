#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# shellcheck disable=SC2016,SC2154 # scripts for the guest; from bats
# Memory that programs need is not removed. The partition has 12 LMBs of 256 MiB; 8 of them can be
# removed, and 48 MiB (a sixty-fourth) must remain.

load ../../guest/verbs
load ../../lib/cards
load ../../lib/errd
load ../../lib/eventd
load ../../lib/logical

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-m 1G,slots=2,maxmem=8G -object memory-backend-ram,id=m0,size=2G -device pc-dimm,id=d0,memdev=m0
	[[ -n ${GUEST_MISSING:-} ]] || guest_sh 'drmgr -c mem -a -q 8 || drmgr -c mem -Q'
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || owned 12
	host x-papr-fault-clear
	assert_no_oops
}

# So much of the 3 GiB is available, in MiB. Swap and anonymous memory are none, if not given.
available() # MIB [SWAP-FREE ANON MIN-FREE]
{
	local mib=1048576

	host x-papr-memory "{\"used\": $(((3072 - $1) * mib)), \"swap-free\": $((${2:-0} * mib)),
		\"anon\": $((${3:-0} * mib)), \"min-free\": $((${4:-1} * mib))}"
}

# Make the partition have so many LMBs again, whatever is available.
owned() # N
{
	host x-papr-fault-clear
	host x-papr-memory '{"used": 0}'
	guest_sh -0 'n=$(ls -d /sys/devices/system/memory/memory* | grep -c .)
		echo online | tee /sys/devices/system/memory/memory*/state >/dev/null 2>&1
		[ "$n" -le "$1" ] || drmgr -c mem -r -q $((n - $1)) --force=memory
		[ "$n" -ge "$1" ] || drmgr -c mem -a -q $(($1 - n))' "$1"
}

lmbs()
{
	guest_sh 'ls -d /sys/devices/system/memory/memory* | grep -c .' >/dev/null
	echo "$output"
}

needed() # GOES AVAILABLE KEPT AT-MOST
{
	echo "Programs need the memory: $1 MiB would go, $2 MiB could be freed or swapped,
and $3 MiB of these must remain: $4 LMBs can go.
End programs, or use --force=memory to remove it anyway."
}

# The blocks of these LMBs are offline.
offline() # NUMBER...
{
	guest_sh -0 'for n; do echo offline >/sys/devices/system/memory/memory$n/state || exit; done' "$@"
}

# Row: what is available, as of available(); status; LMBs that go; options of drmgr -c mem -r.
removals()
{
	local given ends gone options line

	while IFS='|' read -r given ends gone options; do
		owned 12
		[[ -z ${blocks-} ]] || offline $blocks
		# shellcheck disable=SC2086 # words
		available $given
		# shellcheck disable=SC2086
		guest drmgr -c mem -r $options
		line="$given|$options: $status $(lmbs) $stderr"
		assert_equal "$line" "$given|$options: $ends $((12 - gone)) $stderr"
		[[ $ends -eq 0 || $stderr == *"Programs need the memory: "* ]] || fail "$line"
	done
}

@test "one LMB is refused if too little would remain, unless it is forced by name" {
	removals <<-'ROWS'
		304|0|1|-s 0x80000004
		303|255|0|-s 0x80000004
		303|255|0|-s 0x80000004 --force
		303|0|1|-s 0x80000004 --force=memory
		303|255|0|-s 0x80000004 --no-loss
		303|255|0|-s 0x80000004 --no-loss --force
		304|0|1|-s 0x80000004 --no-loss --force
		0|255|0|-s 0x80000004
		0|0|1|-s 0x80000004 --force=memory
	ROWS
}

@test "swap counts as far as programs have memory that can be swapped, and the kernel's reserve remains" {
	removals <<-'ROWS'
		303 1 1|0|1|-s 0x80000004
		303 4096 0|255|0|-s 0x80000004
		303 0 2048|255|0|-s 0x80000004
		303 1024 1|0|1|-s 0x80000004
		299 4 1024|255|0|-s 0x80000004
		315 0 0 30|255|0|-s 0x80000004
		316 0 0 30|0|1|-s 0x80000004
	ROWS
}

@test "of a quantity goes what may go; a sum goes as a whole" {
	removals <<-'ROWS'
		304|0|1|-q 1
		303|255|0|-q 1
		808|0|3|-q 3
		807|64|2|-q 3
		807|64|2|-q 3 --force
		815|0|3|-q 3 --force=memory
		815|255|0|-q 3 --all-or-nothing
		816|0|3|-q 3 --all-or-nothing
		815|255|0|-q 3 --all-or-nothing --force
		815|0|3|-q 3 --all-or-nothing --force=memory
		2096|0|8|-q 8 --all-or-nothing
		2095|255|0|-q 8 --all-or-nothing
		2095 1 1|0|8|-q 8 --all-or-nothing
	ROWS
}

@test "blocks that are offline take nothing" {
	local blocks='4 5'

	# 10 blocks are online: 40 MiB must remain.
	removals <<-'ROWS'
		512|0|1|-s 0x80000004
		807|255|0|-s 0x80000006
		808|0|1|-s 0x80000006
	ROWS
}

@test "the numbers are in the text and in the document, of a plan too" {
	available 815
	guest -255 drmgr -c mem -r -q 3 --all-or-nothing
	assert_stderr "$(needed 768 815 48 2)"
	guest -255 drmgr -c mem -r -q 3 --all-or-nothing --dry-run
	assert_stderr "$(needed 768 815 48 2)"
	available 808
	guest -0 drmgr -c mem -r -q 3 --dry-run
	available 807
	guest -64 drmgr -c mem -r -q 3 --dry-run --json
	assert_stdout_line --partial '"code": "memory-needed"'
	# of the LMB that was refused, and of the request
	assert_equal "$(json_values bytes | uniq) $(json_values available | uniq) $(json_values kept | uniq)" \
		"$((768 << 20)) $((807 << 20)) $((40 << 20))"
	guest -64 drmgr -c mem -r -q 3
	assert_stderr "$(needed 256 295 40 0)
Removed 2 of 3 requested LMBs."
}

@test "additions are never refused, nor is the removal of what is offline" {
	offline 10 11
	available 512
	guest -0 drmgr -c mem -r -q 2 --all-or-nothing
	available 0
	guest -0 drmgr -c mem -a -q 2
}

@test "if a file cannot be read, there is one warning; with --no-loss nothing is removed" {
	local file

	for file in meminfo sys/vm/min_free_kbytes; do
		owned 12
		available 0
		host x-papr-fault "{\"call\": \"read:/proc/$file\", \"errno\": \"EIO\", \"count\": 0}"
		guest -255 drmgr -c mem -r -q 2 --no-loss
		assert_stderr 'LMB 11: cannot remove it with --no-loss: what programs need is unknown, because /proc/meminfo or min_free_kbytes cannot be read: Input/output error'
		assert_equal "$(lmbs)" 12
		guest -0 drmgr -c mem -r -q 2
		assert_stderr 'Memory is removed although what programs need is unknown, because /proc/meminfo or min_free_kbytes cannot be read: Input/output error'
		assert_equal "$(lmbs)" 10
	done
}

@test "options that contradict each other are refused" {
	local options text

	while IFS='|' read -r options text; do
		# shellcheck disable=SC2086 # words
		guest -255 drmgr $options
		assert_stderr --partial "$text"
	done <<-'ROWS'
		-c mem -r -q 1 --no-loss --force=memory|are mutually exclusive
		-c pci -r -s C8 -n --no-loss --force|are mutually exclusive
		-c pci -r -s C8 -n --force=memory|--force=memory is for -c mem: use --force
		-c mem -r -q 1 --force=disk|unknown word; use --force or --force=memory
		-c mem -r -q 1 --force=memory --force=disk|unknown word; use --force or --force=memory
		-c mem -r -q 1 --force=|unknown word; use --force or --force=memory
	ROWS
}

@test "a resource that firmware has moved is not released either" {
	guest_sh 'echo "mem 80000004" >/tmp/moved'
	available 303
	guest drmgr -P /tmp/moved
	assert_equal "$(lmbs)" 12
	assert_stderr --partial 'Programs need the memory: '
	guest -0 drmgr -P /tmp/moved --force=memory
	assert_equal "$(lmbs)" 12
	guest -1 test -e /tmp/moved
}

# An event for four LMBs, by their count and from an index.
@test "papr-eventd refuses an event for four LMBs as a whole" {
	local form n=0

	eventd
	for form in '03 00000004' '04 0000000480000004'; do
		available 1071
		n=$((n + 1))
		# shellcheck disable=SC2086 # words
		inject_hotplug 02 02 $form
		logged 'failed: Programs need the memory: 1024 MiB would go, 1071 MiB could be freed or swapped' $n
		assert_equal "$(lmbs)" 12
		available 1072
		# shellcheck disable=SC2086
		inject_hotplug 02 02 $form
		guest_until '[ "$(ls -d /sys/devices/system/memory/memory* | grep -c .)" -eq 8 ]'
		owned 12
	done
	offline 4 5
	available 1064
	inject_hotplug 02 02 04 0000000480000004
	guest_until '[ "$(ls -d /sys/devices/system/memory/memory* | grep -c .)" -eq 8 ]'
	eventd_stop
}

# The last test: there are four more LMBs then.
@test "an idle guest of 4 GiB gives 3 GiB" {
	host object-add '{"qom-type": "memory-backend-ram", "id": "m1", "size": 1073741824}'
	host device_add '{"driver": "pc-dimm", "id": "d1", "memdev": "m1"}'
	guest -0 drmgr -c mem -a -q 4
	assert_equal "$(lmbs)" 16
	host x-papr-memory
	guest -0 drmgr -c mem -r -q 12 --all-or-nothing --force
	assert_stdout DR_TOTAL_RESOURCES=12
	assert_equal "$(lmbs)" 4
}
