#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kvm sanitized drmgr lsslot
# The host plugs and unplugs processors and memory in a guest whose kernel handles these
# events itself, so drmgr finds its work done. Names, indexes and counts; "E02" and so on
# are event bytes, "C36" rows, of expected behaviour.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs
load ../../lib/logical

boot_table='00000002 00000004 00000000 00000000 00000000 ffffffff 000000a0 00000010 00000000 40000000 80000004 ffffffff 00000000'
header='Dynamic Reconfiguration Memory (LMB size 0x10000000)'

setup_file()
{
	logical_boot
}

# drmgr fails with this message and writes nothing to the kernel.
refused() # STATUS MESSAGE DRMGR-OPTION...
{
	guest drmgr "${@:3}" --trace
	assert_status "$1"
	refute_stderr --partial 'trace: write'
	assert_stderr_line "$2"
}

# E01, C36
# C05: ten keys. C08: more than available: 255 without a write.
@test "lsslot lists processors and memory before the first event [log-C05 log-C08 log-1.4-kvm]" {
	property_is /ibm,dynamic-reconfiguration-memory/ibm,dynamic-memory-v2 "${boot_table// /}"
	property_is /ibm,dynamic-reconfiguration-memory/ibm,lmb-size 0000000010000000
	property_is /rtas/ibm,lrdr-capacity 0000000140000000000000001000000000000004
	guest -0 lsslot -c mem
	assert_stdout "$header"
	guest lsslot -c mem -a
	assert_equal "$(grep -c ': Not Owned$' <<<"$output")" 16
	guest lsslot -c mem -d 4
	assert_equal "$(grep -c ': Reserved$' <<<"$output")" 4
	guest lsslot -c mem --json
	assert_equal "$(grep -c '"state": "reserved"' <<<"$output")" 4
	assert_equal "$(grep -c '"state": "not-owned"' <<<"$output")" 16
	guest -0 drmgr -C
	assert_stdout --regexp '^cpu_dlpar=yes,mem_dlpar=yes,slot_dlpar=yes,phb_dlpar=yes,hea_dlpar=no,pmig=no,cpu_entitlement=no,mem_entitlement=no,slb_resize=(yes|no),phib=(yes|no)$'
	# connectors with and without memory look the same until one is added
	guest -255 drmgr -c mem -a
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line 'memory add count 1: Failed to write to /sys/kernel/dlpar: Invalid argument'
	guest -255 drmgr -c mem -a -s 0x80000004
	assert_stderr_line 'LMB 4 (0x80000004): memory add index 0x80000004: Failed to write to /sys/kernel/dlpar: Invalid argument'
	refused 255 'Only 16 of 64 requested LMBs can be added: nothing was changed.' -c mem -a -q 64 --all-or-nothing
}

# E02, C37
# bats test_tags=kvm
@test "the kernel adds plugged memory at once, and drmgr cannot add it again [log-C37 log-12.1 log-12.2-plug]" {
	plug_memory 1 2
	blocks_become '0 1 2 3 4 5'
	table_is '00000004 00000000 00000000 00000000 ffffffff 000000a0' \
		'00000002 00000000 40000000 80000004 00000000 00000008' \
		'0000000e 00000000 60000000 80000006 ffffffff 00000000'
	guest lsslot -c mem
	assert_stdout "$header
LMB 4: 
    DRC Index: 80000004        Address: 40000000
    Removable: Yes             Associativity: (index: 0) 0 
    Section(s): 4
LMB 5: 
    DRC Index: 80000005        Address: 50000000
    Removable: Yes             Associativity: (index: 0) 0 
    Section(s): 5"
	guest lsslot -c mem -s 0x80000004
	assert_equal "${#lines[@]}" 5
	refused 255 'LMB 4 (0x80000004) is already present.' -c mem -a -s 0x80000004
	refused 255 'LMB 5 (0x80000005) is already present.' -c mem -a -s 'LMB 5'
	guest -255 drmgr -c mem -a -q 2
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	blocks_are '0 1 2 3 4 5'
}

@test "the kernel removes memory that the host unplugs [log-12.2-unplug]" {
	host device_del '{"id": "d1"}'
	host_wait DEVICE_DELETED device=d1
	blocks_are '0 1 2 3'
	guest lsslot -c mem
	assert_stdout "$header"
	refused 255 'LMB 4 (0x80000004) is not present.' -c mem -r -s 0x80000004 --force
	refused 255 'Only 0 of 2 requested LMBs can be removed: nothing was changed.' -c mem -r -q 2 --force
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	# restore the original size
	plug_memory 2 2
	blocks_become '0 1 2 3 4 5'
	host device_del '{"id": "d2"}'
	host_wait DEVICE_DELETED device=d2
	blocks_are '0 1 2 3'
}

# E03. No memory can be plugged after this: QEMU has no free slot. QEMU 7.2 also crashes
# if memory is plugged after a processor was unplugged, so processors come last.
@test "drmgr removes memory only with --force, because the guest cannot add it again [log-C06.kvm log-12.2-strand]" {
	plug_memory 3 2
	blocks_become '0 1 2 3 4 5'
	guest -255 drmgr -c mem -r -q 1 --trace
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr_line 'Memory that a KVM guest removes by itself is lost until the guest is'
	refute_stderr --partial 'trace: write'
	blocks_are '0 1 2 3 4 5'
	guest -0 drmgr -c mem -r -q 1 --force
	assert_stdout 'DR_TOTAL_RESOURCES=1'
	blocks_are '0 1 2 3 4'
	table_is '00000004 00000000 00000000 00000000 ffffffff 000000a0' \
		'00000001 00000000 40000000 80000004 00000000 00000008' \
		'0000000f 00000000 50000000 80000005 ffffffff 00000000'
	refused 255 'LMB 5 (0x80000005): Resource is already assigned to the partition.' -c mem -a -s 0x80000005
	# the module is incomplete now, so the host's unplug fails
	host device_del '{"id": "d3"}'
	blocks_become '0 1 2 3'
	refute_event DEVICE_DELETED device=d3
}

# bats test_tags=kvm
@test "the kernel adds a plugged processor at once, and drmgr cannot add it again [log-1.3-cpu-last-named log-12.3-plug]" {
	plug_core 1
	cpus_become 0-1
	property_is /cpus/PowerPC,POWER9@1/ibm,my-drc-index 10000001
	guest lsslot -c cpu
	assert_stdout_line 'CPU 0     PowerPC,POWER9@0    10000000   0  '
	assert_stdout_line 'CPU 1     PowerPC,POWER9@1    10000001   1  '
	assert_equal "${#lines[@]}" 3
	refused 1 'Requested CPU with drc index 10000001 is already present.' -c cpu -a -s 0x10000001
	refused 1 'Could not find available cpu.' -c cpu -a -q 1
	host device_del '{"id": "c1"}'
	host_wait DEVICE_DELETED device=c1
	cpus_are 0
	refute_node /cpus/PowerPC,POWER9@1
	refused 255 'Cannot remove the last CPU' -c cpu -r -s 'CPU 1'
}

# The host receives a refusal, and may unplug again.
@test "the only online processor is not removed [log-3.4-last log-12.3-last]" {
	plug_core 3
	cpus_become 0-1
	guest_sh 'echo 0 >/sys/devices/system/cpu/cpu0/online'
	cpus_are 1
	host device_del '{"id": "c3"}'
	host_wait DEVICE_UNPLUG_GUEST_ERROR device=c3
	assert_node /cpus/PowerPC,POWER9@3
	cpus_are 1
	guest_sh 'echo 1 >/sys/devices/system/cpu/cpu0/online'
	host device_del '{"id": "c3"}'
	host_wait DEVICE_DELETED device=c3
	cpus_are 0
}

# This test comes last: QEMU may crash later.
@test "a processor that drmgr released is unplugged without the kernel [log-12.3-returned]" {
	plug_core 2
	cpus_become 0-1
	guest -0 drmgr -c cpu -r -s 0x10000002
	assert_stdout 'CPU 2'
	cpus_are 0
	host device_del '{"id": "c2"}'
	host_wait DEVICE_DELETED device=c2
	refused 1 'Requested CPU with drc index 10000002 is unusable' -c cpu -a -s 0x10000002
}
