#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim sanitized drmgr lsslot
# drmgr changes processors, memory, entitlement and credits of a partition of PowerVM: it
# releases memory without --force, and its cores have threads and caches. "C06" and so on
# are rows of expected behaviour.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs
load ../../lib/cards
load ../../lib/logical

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar GUEST_RUN_OPTIONS=--lparcfg \
		guest_boot -smp 8,threads=4,maxcpus=16 -m 1G,slots=8,maxmem=5G
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

# The document's requests to the kernel.
requests()
{
	json_values args | sed -nE 's|^write /sys/kernel/dlpar ||p'
}

fault() # CALL JSON-MEMBERS
{
	host x-papr-fault "{\"call\": \"$1\", $2}"
}

@test "memory: a partition without LMBs has none to remove [log-C07 log-1.3-mem-none]" {
	guest -255 drmgr -c mem -r -q 99 --trace
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line 'Only 0 of 99 requested LMBs can be removed: nothing was changed.'
	refute_stderr --partial 'trace: write'
}

# C06: that with the highest index. C11: an index without 0x is refused.
@test "memory: only the named LMB is changed [log-C06 log-C10 log-C11 log-6.2-remove-index]" {
	plug_memory 1 2
	blocks_become '0 1 2 3 4 5'
	guest -0 drmgr -c mem -r -s 'LMB 5' --json
	assert_equal "$(requests)" 'memory remove index 0x80000005'
	assert_equal "$(json_values 'done') $(json_values name)" '1 LMB 5'
	blocks_are '0 1 2 3 4'
	guest -0 drmgr -c mem -a -s 'LMB 5'
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	guest -255 drmgr -c mem -r -s 80000005 --trace
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr 'There is no LMB with the name "80000005". A DRC index begins with 0x.'
	blocks_are '0 1 2 3 4 5'
	guest -0 drmgr -c mem -r -q 1 --json
	assert_equal "$(requests)" 'memory remove index 0x80000005'
	blocks_are '0 1 2 3 4'
	guest -0 drmgr -c mem -a -q 1
	guest -64 drmgr -c mem -r -q 5
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	assert_stderr 'Removed 2 of 5 requested LMBs.'
	guest -0 drmgr -c mem -a -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=2'
}

# C16
@test "memory: if one LMB cannot be removed, another one is [log-C16.sim]" {
	fault write:/sys/kernel/dlpar '"errno": "EBUSY"'
	guest -0 drmgr -c mem -r -q 1 --json
	assert_equal "$(requests)" $'memory remove index 0x80000005\nmemory remove index 0x80000004'
	assert_equal "$(json_values result)" $'failed\ndone'
	assert_equal "$(json_values errno | head -n 1)" EBUSY
	blocks_are '0 1 2 3 5'
	fault write:/sys/kernel/dlpar '"errno": "EBUSY"'
	guest -255 drmgr -c mem -r -s 0x80000005
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line --index 0 'The memory holds pages that are in use and cannot be moved.'
	guest -0 drmgr -c mem -a -s 0x80000004
}

# C14. The kernel has no domains for a choice.
@test "memory: without domains the kernel chooses [log-C14 log-6.2-plain]" {
	local property='handle=$(od -An -v -tx1 /proc/device-tree/chosen/ibm,phandle | tr -d " \n")
		(printf "update_property 0x$handle ibm,architecture-vec-5 7 \31\0\40\0\0"; printf "$1"; printf "\5\0") |
			/usr/lib/guest/rawcall write /proc/ppc64/ofdt'

	guest_sh -0 "$property" '\0'
	guest -0 drmgr -c mem -r -q 2 --json
	assert_equal "$(requests)" 'memory remove count 2'
	guest_sh -0 "$property" '\240'
	guest -0 drmgr -c mem -a -q 2
}

@test "memory: the host requests its removal" {
	host device_del '{"id": "d1"}'
	host_wait DEVICE_DELETED device=d1
	blocks_are '0 1 2 3'
}

lparcfg() # KEY
{
	guest_sh 'sed -n "s/^$1=//p" /proc/ppc64/lparcfg' "$1"
}

# Row: drmgr's options, key, value after it.
# bug-22: more than 4 GiB of entitlement.
@test "entitlement: values increase and decrease [log-bug-22 log-5.6-cpu]" {
	local options key value

	while IFS='|' read -r -u 9 options key value; do
		# shellcheck disable=SC2086 # words
		guest -0 drmgr $options
		lparcfg "$key"
		assert_stdout "$value"
	done 9<<-'ROWS'
		-c cpu -a -p ent_capacity -q 50|partition_entitled_capacity|150
		-c cpu -r -p ent_capacity -q 40|partition_entitled_capacity|110
		-c cpu -a -p variable_weight -q 7|capacity_weight|135
		-c cpu -r -p variable_weight -q 135|capacity_weight|0
		-c mem -r -p ent_capacity -q 536870912|entitled_memory|4831838208
		-c mem -a -p ent_capacity|entitled_memory|4831838209
		-c mem -r -p variable_weight -q 28|entitled_memory_weight|100
	ROWS
}

@test "entitlement: invalid values are refused, and so is what the kernel refuses [log-bug-23 log-5.6-less]" {
	guest -1 drmgr -c cpu -r -p ent_capacity -q 100000
	assert_stderr 'partition_entitled_capacity is 110: 100000 cannot be subtracted'
	lparcfg partition_entitled_capacity
	assert_stdout 110
	guest -255 drmgr -c cpu -a -p variable_weight -q 300
	assert_stderr --partial 'Invalid argument'
	fault write:/proc/ppc64/lparcfg '"errno": "EBUSY"'
	guest -255 drmgr -c mem -a -p variable_weight -q 1
	assert_stderr --partial 'Device or resource busy'
	lparcfg entitled_memory_weight
	assert_stdout 100
}

@test "smt_threads changes threads of all cores, or of one [log-5.7-all]" {
	cpus_are 0-7
	guest -0 drmgr -c cpu -r -p smt_threads
	cpus_are 0,4
	guest -0 drmgr -c cpu -a -p smt_threads -s 'CPU 4'
	cpus_are 0,4-7
	guest -0 drmgr -c cpu -a -p smt_threads
	cpus_are 0-7
	guest -255 drmgr -c cpu -r -p smt_threads -s 0x10000099
	guest -255 drmgr -c cpu -r -p smt_threads -s 'CPU 8'
	assert_stderr 'Requested CPU "CPU 8" is not present.'
	cpus_are 0-7
}

# A signal at any step: the threads of each core are as before, or all are changed.
@test "threads of cores are changed all or nothing [io-all-or-nothing-smt]" {
	guest_sh -0 'cd /sys/devices/system/cpu; echo 0 >cpu6/online; n=3 undone=0
		while n=$((n + 1)); /usr/lib/guest/killat -15 $n drmgr -c cpu -r -p smt_threads --all-or-nothing --json >/tmp/said 2>&1; s=$?
			[ $s = 255 ] && [ "$(cat online)" = 0-5,7 ] && ! ls -d /run/drmgr/[jl]* >/dev/null 2>&1; do
			if grep -q "result.: .undone" /tmp/said; then undone=$((undone + 1)); fi
		done
		echo "$s $(cat online)"; [ $undone -gt 0 ]'
	assert_stdout '0 0,4'
	guest drmgr -c cpu -a -p smt_threads -s 'CPU 0'
	guest_sh 'for n in 5 7; do echo 1 >/sys/devices/system/cpu/cpu$n/online; done'
	cpus_are 0-5,7
	guest -0 drmgr -c cpu -a -p smt_threads --all-or-nothing
	cpus_are 0-7
}

@test "a core is removed and added with its threads and caches" {
	guest -0 lsslot -c cpu -b
	assert_stdout_line --regexp '^CPU 4     PowerPC,POWER9@4    10000004   4  5  6  7  +l2-cache@2004  l3-cache@3004'
	guest -0 drmgr -c cpu -r -s 'CPU 4'
	assert_stdout 'CPU 4'
	cpus_are 0-3
	refute_node /cpus/PowerPC,POWER9@4
	refute_node /cpus/l2-cache@2004
	refute_node /cpus/l3-cache@3004
	guest -0 drmgr -c cpu -a --json
	assert_equal "$(requests)" 'cpu add index 0x10000004'
	cpus_are 0-7
	assert_node /cpus/l3-cache@3004
}

# Its own threads are tested, not those with the next numbers.
@test "a core without an online thread is not chosen [log-bug-24 log-5.2-choice-remove]" {
	plug_core 8
	cpus_become 0-11
	guest_sh 'for i in 8 9 10 11; do echo 0 >/sys/devices/system/cpu/cpu$i/online; done'
	guest -0 drmgr -c cpu -r
	assert_stdout 'CPU 4'
	cpus_are 0-3
	# the only online core
	guest -255 drmgr -c cpu -r
	assert_stderr 'Cannot remove the last CPU'
	guest -0 drmgr -c cpu -r -s 'CPU 8'
	guest -0 drmgr -c cpu -a -s 'CPU 4'
	host device_del '{"id": "c8"}'
	host_wait DEVICE_DELETED device=c8
}

# Linux refuses the removal; its threads are online again after that.
@test "a core that cannot be removed stays online [log-1.3-cpu-fails log-5.2-late log-5.4-failed]" {
	fault set-indicator '"status": -9000'
	guest -1 drmgr -c cpu -r -s 'CPU 4'
	assert_stdout ''
	assert_stderr_line 'Failed to write to /sys/kernel/dlpar: Bad address'
	cpus_are 0-7
	# a hook runs longer than -w
	guest_sh -1 'umask 022; mkdir -p /etc/drmgr.d/cpu; printf "#!/bin/sh\nsleep 1.1\n" >/etc/drmgr.d/cpu/slow
		chmod 755 /etc/drmgr.d/cpu/slow; drmgr -c cpu -r -q 2 -w 1s; s=$?; rm -r /etc/drmgr.d; exit $s'
	assert_stderr_line 'Drmgr has exceeded its specified wait time and will not continue'
	cpus_are 0-7
}

credits()
{
	guest cat /sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/nr_total_credits
}

@test "credits of the accelerator are changed [io-bug-23 io-acc log-C32 log-bug-4 log-7-write]" {
	guest -0 drmgr -c acc -t gzip -q 5
	credits
	assert_stdout 5
	guest -0 drmgr -c acc -t gzip -q 65535
	credits
	assert_stdout 65535
	guest -255 drmgr -c acc -t gzip -q 65536
	guest -255 drmgr -c acc -t foo -q 1
	assert_stderr 'Invalid Accelerator type: foo'
	guest -255 drmgr -c acc -q 1
	fault write:/sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/update_total_credits '"errno": "EINVAL"'
	guest drmgr -c acc -t gzip -q 1
	refute_stderr ''
	[[ $status -ne 0 ]]
	guest -0 drmgr -c acc -t gzip -q 0
	credits
	assert_stdout 0
}

@test "-C reports what the partition supports [log-1.4-lpar]" {
	guest -0 drmgr -C
	assert_stdout 'cpu_dlpar=yes,mem_dlpar=yes,slot_dlpar=yes,phb_dlpar=yes,hea_dlpar=no,pmig=yes,cpu_entitlement=yes,mem_entitlement=yes,slb_resize=no,phib=yes'
	guest -0 lsslot -c mem
	assert_stdout 'Dynamic Reconfiguration Memory (LMB size 0x10000000)'
}

@test "a machine that is not a partition is refused [log-1.2-machine]" {
	local property='handle=$(od -An -v -tx1 /proc/device-tree/ibm,phandle | tr -d " \n")
		printf "update_property 0x$handle device_type 5 $1\0\0" | /usr/lib/guest/rawcall write /proc/ppc64/ofdt'

	guest_sh -0 "$property" pseX
	guest -255 drmgr -c cpu -r
	assert_stderr 'This command is not supported for chrp platforms.'
	guest_sh "$property" chrp
	cpus_are 0-7
}
