#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here lsslot
# lsslot with captured trees that have impossible numbers: it ends, with little memory.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/rootfs

KIB_MAX=262144

setup()
{
	lsslot=${top_builddir:-build}/drmgr/lsslot
	tree=$BATS_TEST_TMPDIR/tree
	dynamic=$tree/proc/device-tree/ibm,dynamic-reconfiguration-memory
}

machine() # NAME
{
	rm -rf "$tree"
	rootfs_make "$1" "$tree"
}

bytes() # FILE HEXADECIMAL
{
	rm -f "$1"
	_rootfs_bytes "$2" >"$1"
}

lists() # OPTION...
{
	(ulimit -v $KIB_MAX && exec "$lsslot" --version >/dev/null 2>&1) ||
		skip 'this build needs more address space'
	# shellcheck disable=SC2016 # for the shell that it starts
	run --separate-stderr timeout 60 bash -c \
		'ulimit -v '$KIB_MAX'; "$@" | head -c 100000; exit "${PIPESTATUS[0]}"' - \
		"$lsslot" --sysroot "$tree" "$@"
}

warns() # TEXT
{
	echo "$stderr"
	[[ $stderr == *"$1"* ]]
}

@test "an impossible size of LMBs is an error [io-hostile-lmb-size]" {
	local size

	for size in 0000000000000001 0000000030000000 0000020000000000 1000000000000000 8000000000000000; do
		machine qemu-numa
		bytes "$dynamic/ibm,lmb-size" $size
		lists -c mem -d 4
		assert_failure 1
		assert_output ''
		warns '/ibm,dynamic-reconfiguration-memory: damaged'
		lists -c mem --json
		assert_failure 1
	done
}

@test "more LMBs than a partition can have are an error [io-hostile-lmbs]" {
	machine qemu-numa
	bytes "$dynamic/ibm,dynamic-memory-v2" '00000001 70000000 0000000000000000 00000001 00000000 00000008'
	lists -c mem
	assert_failure 1
	assert_output ''
	warns '/ibm,dynamic-reconfiguration-memory: more LMBs than a partition can have'
	lists -c mem --json
	assert_failure 1

	# four thousand LMBs of 1 TiB; Linux has blocks of 256 MiB
	bytes "$dynamic/ibm,lmb-size" 0000010000000000
	bytes "$dynamic/ibm,dynamic-memory-v2" '00000001 00001000 0000000000000000 00000001 00000000 00000008'
	lists -c mem -s 0x1000
	assert_success
	assert_line 'Dynamic Reconfiguration Memory (LMB size 0x10000000000)'
}

@test "memory blocks of a few bytes are handled [io-hostile-blocks]" {
	machine qemu-numa
	echo 1 >"$tree/sys/devices/system/memory/block_size_bytes"
	lists -c mem
	assert_success
}

@test "associativity arrays with too large counts are handled [io-hostile-arrays]" {
	machine qemu-numa
	{
		_rootfs_bytes '00000001 00010000'
		head -c 262144 /dev/zero
	} >"$dynamic/arrays"
	mv "$dynamic/arrays" "$dynamic/ibm,associativity-lookup-arrays"
	lists -c mem -d 4
	assert_success
	warns 'ibm,associativity-lookup-arrays: damaged, ignored'
}

@test "too many processors and lists of them are handled [io-hostile-cpus]" {
	local text

	machine powervm
	printf -v text '0-4294967295,%.0s' {1..20000}
	mkdir -p "$tree"/sys/devices/system/{cpu,node/node0}
	echo "$text" >"$tree/sys/devices/system/cpu/present"
	echo "$text" >"$tree/sys/devices/system/cpu/online"
	echo "$text" >"$tree/sys/devices/system/node/node0/cpulist"
	lists -c cpu
	assert_success
	lists -c cpu --json
	assert_success
}

# "CPU", "CPU ", 2^32 - 1 of them.
@test "too many connectors are handled [io-hostile-connectors]" {
	machine powervm
	bytes "$tree/proc/device-tree/cpus/ibm,drc-info" '00000001 43505500 4350552000 00000000 00000000 ffffffff 00000000 ffffffff'
	lists -c cpu
	assert_failure 1
	warns '/cpus: damaged connector properties, ignored'
}
