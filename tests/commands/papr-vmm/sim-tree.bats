#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim sanitized drmgr
# Cores with caches, and memory, changed without the kernel's help: --backend ofdt leaves
# the same tree as the kernel. In a simulated partition of PowerVM, where every node has a
# handle.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -machine modern-hotplug-events=off -m 1G,slots=8,maxmem=4G \
		-smp 8,threads=4,maxcpus=16
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

# Print the tree, without properties "name" that firmware does not send: our nodes have
# one.
tree()
{
	guest_sh -0 'cd /proc/device-tree && find . -type f ! -path "*-cache@*/name" -exec md5sum {} + |
		sort -k 2; grep . /sys/devices/system/cpu/online /sys/devices/system/cpu/present'
}

# Print owned LMBs, online blocks, and their states in firmware.
memory()
{
	guest_sh -0 'cd /proc/device-tree && md5sum ibm,dynamic-reconfiguration-memory/*
		grep -lx online /sys/devices/system/memory/memory*/state; drmgr -c mem -Q'
}

module() # LMBS
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m$1\", \"size\": $(($1 << 28))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$1\", \"memdev\": \"m$1\"}"
}

@test "a core with its caches is removed and added, with the same tree as the kernel's" {
	local whole without

	guest -0 drmgr -c cpu -r -s 'CPU 4' --backend dlpar
	tree
	without=$output
	guest -0 drmgr -c cpu -a -s 'CPU 4' --backend dlpar
	tree
	whole=$output

	guest -0 drmgr -c cpu -r -s 'CPU 4' --backend ofdt
	assert_stdout 'CPU 4'
	tree
	assert_equal "$output" "$without"
	guest -0 drmgr -c cpu -a -s 'CPU 4' --backend ofdt
	assert_stdout 'CPU 4'
	tree
	assert_equal "$output" "$whole"
	# the kernel can continue with it
	guest -0 drmgr -c cpu -r -s 'CPU 4' --backend dlpar
	tree
	assert_equal "$output" "$without"
	guest -0 drmgr -c cpu -a -s 'CPU 4'
}

@test "a core that cannot be added completely is not added" {
	local without

	guest -0 drmgr -c cpu -r -s 'CPU 4' --backend ofdt
	tree
	without=$output
	host x-papr-fault '{"call": "ibm,configure-connector", "status": -1, "nth": 30}'
	guest -1 drmgr -c cpu -a -s 'CPU 4' --backend ofdt
	host x-papr-fault-clear
	tree
	assert_equal "$output" "$without"
	guest -0 drmgr -c cpu -a -s 'CPU 4' --backend ofdt
}

@test "memory is added and removed like by the kernel" {
	local none two

	module 4
	memory
	none=$output
	guest -0 drmgr -c mem -a -q 2 --backend dlpar
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	memory
	two=$output
	guest -0 drmgr -c mem -r -q 2 --backend dlpar
	memory
	assert_equal "$output" "$none"

	guest -0 drmgr -c mem -a -q 2 --backend ofdt --trace
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	assert_stderr_line --regexp '^trace: write /sys/devices/system/memory/probe 0x[0-9a-f]{8} = 10 '
	memory
	assert_equal "$output" "$two"
	guest -0 drmgr -c mem -r -q 2 --backend ofdt
	assert_stdout 'DR_TOTAL_RESOURCES=2'
	memory
	assert_equal "$output" "$none"
}

@test "memory by name: existing, missing, and more LMBs than exist" {
	guest -0 drmgr -c mem -a -s 'LMB 5' --backend ofdt --json
	assert_equal "$(json_values index)" 0x80000005
	assert_equal "$(json_values result)" 'done'
	assert_equal "$(json_values op | tr '\n' ' ')" \
		'sense allocate unisolate configure-connector update-property online '
	guest -255 drmgr -c mem -a -s 'LMB 5' --backend ofdt
	assert_stdout 'DR_TOTAL_RESOURCES=0'
	assert_stderr 'LMB 5 (0x80000005) is already present.'
	guest -255 drmgr -c mem -r -s 'LMB 6' --backend ofdt
	assert_stderr 'LMB 6 (0x80000006) is not present.'
	guest -64 drmgr -c mem -a -q 9 --backend ofdt
	assert_stdout 'DR_TOTAL_RESOURCES=3'
	assert_stderr_line 'Added 3 of 9 requested LMBs.'
	memory
	guest -0 drmgr -c mem -r -q 4 --backend ofdt --dry-run
	assert_stdout --partial 'write /sys/devices/system/memory/memory7/state offline'
	guest -0 drmgr -c mem -r -q 4 --backend ofdt
}

@test "all or nothing: added LMBs are removed again" {
	local before

	memory
	before=$output
	guest -255 drmgr -c mem -a -q 6 --all-or-nothing --backend ofdt --json
	assert_equal "$(json_values undo)" complete
	memory
	assert_equal "$output" "$before"
}

@test "memory that firmware cannot configure is released" {
	local before

	memory
	before=$output
	host x-papr-fault '{"call": "ibm,configure-connector", "nth": 2, "status": -1}'
	guest -255 drmgr -c mem -a -s 'LMB 4' --backend ofdt
	assert_stderr_line --partial 'LMB 4 (0x80000004)'
	host x-papr-fault-clear
	memory
	assert_equal "$output" "$before"
}
