#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim long drmgr lsslot
# drmgr -P releases the resources that firmware has moved, and acquires them again, line
# by line.
# shellcheck disable=SC2016,SC2154 # the guest's shell; set by guest

load ../../guest/verbs
load ../../lib/migration

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -smp 2,maxcpus=4 -m 1G,slots=4,maxmem=4G
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	_guest_ctl qmp object-add '{"qom-type": "memory-backend-ram", "id": "m0", "size": 1073741824}'
	_guest_ctl qmp device_add '{"driver": "pc-dimm", "id": "d0", "memdev": "m0"}'
}

setup()
{
	guest_needed
	list=/tmp/prrn_log
	state >"$BATS_TEST_TMPDIR/before"
}

# After each test, all resources are restored.
teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || guest rm -rf "$list"
	migration_forget
	[[ ! -e $BATS_TEST_TMPDIR/before ]] || diff "$BATS_TEST_TMPDIR/before" <(state)
	assert_no_oops
}

# Print processors, LMBs and firmware's state of them.
state()
{
	guest_sh 'cat /sys/devices/system/cpu/online; ls -d /proc/device-tree/cpus/*@*; ls -d /sys/devices/system/memory/memory*
		lsslot -c mem -a; lsslot -c cpu' >/dev/null
	echo "$output"
}

listed() # LINE...
{
	guest_sh 'umask 022; printf "%s\n" "$@" >/tmp/prrn_log' "$@"
}

prrn() # [OPTION...]
{
	guest drmgr "$@" -P "$list"
}

# Print the requests to the kernel, one a line, from the messages of -P's level.
requests()
{
	sed -nE 's|^(add\|remove): write /sys/kernel/dlpar (.*)|\2|p' <<<"$stderr"
}

assert_kept()
{
	guest -0 test -e "$list"
}

refute_kept()
{
	guest -1 test -e "$list"
}

@test "memory: the listed LMB is moved [log-C33]" {
	listed 'mem 80000005'
	prrn
	assert_status 0
	assert_equal "$(requests)" $'memory remove index 0x80000005\nmemory add index 0x80000005'
	refute_kept
}

@test "a core: the listed core is moved, with hooks, also for memory [log-bug-5]" {
	hook cpu note
	hook mem note
	listed 'cpu 10000001' 'mem 0x80000006'
	prrn
	assert_status 0
	assert_equal "$(requests)" 'cpu remove index 0x10000001
cpu add index 0x10000001
memory remove index 0x80000006
memory add index 0x80000006'
	hooked 'cpu remove pre 1 note' 'cpu remove post 1 note' 'cpu add pre 1 note' 'cpu add post 1 note' \
		'mem remove pre 1 note 0x80000006' 'mem remove post 1 note 0x80000006' \
		'mem add pre 1 note 0x80000006' 'mem add post 1 note 0x80000006'
	refute_kept
}

@test "Linux has the new NUMA node after the event" {
	host x-papr-change '{"scope": -31, "path": "/cpus/PowerPC,POWER9@1", "property": "ibm,associativity", "data": "0000000100000001"}'
	host x-papr-inject-event '{"kind": "prrn", "scope": 31}'
	listed 'cpu 10000001'
	prrn
	assert_status 0
	assert_property /cpus/PowerPC,POWER9@1/ibm,associativity 0000000100000001
}

@test "some lines work, some do not: 64, and the file stays [log-10-status]" {
	listed 'mem 80000005' 'slot 21010001' 'cpu' 'nonsense' '' 'mem 80000fff' 'cpu 10000fff' 'cpu 10000001'
	prrn
	assert_status 64
	assert_stderr_line 'Device type "slot" not recognized.'
	assert_stderr_line "$list: line 3 is not \"cpu\" or \"mem\" and a DRC index"
	assert_stderr_line "$list: line 4 is not \"cpu\" or \"mem\" and a DRC index"
	assert_stderr_line 'There is no LMB with DRC index 0x80000fff.'
	assert_stderr_line 'There is no CPU with DRC index 0x10000fff.'
	assert_stderr_line "$list is kept: 2 of 7 lines are done"
	assert_kept
}

@test "no line works: 255; no line has work: 0 [log-10-none]" {
	listed 'slot 21010001'
	prrn
	assert_status 255
	assert_kept
	listed ''
	prrn
	assert_status 0
	refute_kept
	prrn
	assert_status 255
	assert_stderr_line "Failed to open the file $list: No such file or directory"
	assert_stderr_line 'Failed to handle PRRN event'
}

@test "the addition fails: it is tried once more, then the file stays and the next run adds [log-10-retry]" {
	listed 'mem 80000005'
	fault write:/sys/kernel/dlpar '"nth": 2, "errno": "EINVAL"'
	prrn
	assert_status 0
	assert_equal "$(requests)" 'memory remove index 0x80000005
memory add index 0x80000005: Invalid argument
memory add index 0x80000005'
	assert_stderr_line --partial 'could not be added, trying again'
	refute_kept

	listed 'cpu 10000001'
	fault write:/sys/kernel/dlpar '"nth": 2, "count": 2, "errno": "EIO"'
	prrn
	assert_status 255
	assert_stderr_line "CPU 1 (0x10000001) is not owned by this partition now: add it by drmgr -c cpu -a -s 0x10000001, or try again by drmgr -P $list"
	assert_kept
	refute_node /cpus/PowerPC,POWER9@1
	prrn
	assert_status 0
	assert_stderr_line 'CPU 1 (0x10000001): not present, it is only added'
	assert_equal "$(requests)" 'cpu add index 0x10000001'
	refute_kept
}

@test "the removal fails: the resource stays, and nothing is added" {
	listed 'mem 80000005' 'cpu 10000001'
	fault write:/sys/kernel/dlpar '"errno": "EBUSY"'
	prrn
	assert_status 64
	assert_equal "$(requests)" 'memory remove index 0x80000005: Device or resource busy
cpu remove index 0x10000001
cpu add index 0x10000001'
	assert_kept
}

@test "the last core stays" {
	guest -0 drmgr -c cpu -r -s 0x10000001
	listed 'cpu 10000000'
	prrn
	assert_status 255
	assert_stderr_line 'CPU 0: Cannot remove the last CPU'
	assert_equal "$(requests)" ''
	guest -0 drmgr -c cpu -a -s 0x10000001
}

@test "memory of a KVM guest is not removed" {
	guest_sh -0 'sed "s/^platform.*/platform : pSeries/; s/CHRP IBM,PAPR-VMM/CHRP IBM pSeries (emulated by qemu)/" /proc/cpuinfo >/tmp/cpuinfo
		grep -q "emulated by qemu" /tmp/cpuinfo || echo "machine : CHRP IBM pSeries (emulated by qemu)" >>/tmp/cpuinfo; mount --bind /tmp/cpuinfo /proc/cpuinfo'
	listed 'mem 80000005'
	prrn
	assert_status 255
	assert_stderr_line 'Memory that a KVM guest removes by itself is lost until the guest is'
	assert_equal "$(requests)" ''
	assert_kept
	guest umount /proc/cpuinfo
}

# Row: a command that makes the file writable for other users.
@test "a file that others may have written is refused, and not removed" {
	local how

	while read -r how; do
		listed 'mem 80000005'
		guest_sh "$how"
		prrn
		assert_status 255
		assert_stderr_line "Failed to open the file $list: not a file that only root can write"
		assert_equal "$(requests)" ''
		guest -0 test -e "$list"
		guest rm -rf "$list" /tmp/other
	done <<-'ROWS'
		chmod g+w /tmp/prrn_log
		chmod o+w /tmp/prrn_log
		mv /tmp/prrn_log /tmp/other; ln -s other /tmp/prrn_log
		ln /tmp/prrn_log /tmp/other
		rm /tmp/prrn_log; mkfifo /tmp/prrn_log
		rm /tmp/prrn_log; mkdir /tmp/prrn_log
	ROWS
}

@test "a dry run and a document are printed; other options are ignored" {
	listed 'cpu 10000001' 'mem 80000005'
	prrn --dry-run
	assert_status 0
	assert_stdout 'CPU 1 (0x10000001):
  write /sys/kernel/dlpar cpu remove index 0x10000001
  add 0x10000001 again
LMB 5 (0x80000005):
  write /sys/kernel/dlpar memory remove index 0x80000005
  add 0x80000005 again'
	assert_kept
	guest_sh 'drmgr -c pci -a -q 1 --json -P "$1" 2>/dev/null | tr -d " \n"' "$list"
	assert_stdout --regexp '^\{"schema":"papr.drmgr/1","action":"none","type":"none","dry_run":false,"requested":2,"done":2,"exit_status":0,"error":null,'
	assert_stdout --partial '"index":"0x10000001","name":"CPU1"'
	refute_kept
}

# Killed before each step: the file exists until all is done, and another run completes
# it.
@test "drmgr is killed, and the next run completes" {
	local n killed=137

	for ((n = 1; killed == 137; n++)); do
		listed 'cpu 10000001' 'mem 80000005'
		guest /usr/lib/guest/killat "$n" drmgr -P "$list"
		killed=$status
		if [[ $killed == 137 ]]; then
			assert_kept
			prrn
			assert_status 0
		fi
		refute_kept
		guest -1 test -e /run/drmgr/journal
		diff "$BATS_TEST_TMPDIR/before" <(state)
	done
	((n > 20))
}
