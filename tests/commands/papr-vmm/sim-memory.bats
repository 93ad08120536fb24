#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# What the simulated kernel shows of its memory, and how the host changes it.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-m 1G,slots=2,maxmem=4G
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
	host x-papr-memory
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	assert_no_oops
}

# These rows of /proc/meminfo have these values, in KiB.
assert_meminfo() # NAME=KIB...
{
	guest_sh 'for row; do sed -n "s/^\(${row%=*}\): *\([0-9]*\) kB$/\1=\2/p" /proc/meminfo; done' "$@"
	assert_stdout "$(printf '%s\n' "$@")"
}

assert_min_free() # KIB
{
	guest cat /proc/sys/vm/min_free_kbytes
	assert_stdout "$1"
}

mib=1024

@test "without an order, little is in use" {
	guest cat /proc/meminfo
	assert_stdout 'MemTotal:        1048576 kB
MemFree:          917504 kB
MemAvailable:     917504 kB
Buffers:               0 kB
Cached:                0 kB
Active(anon):      65536 kB
Inactive(anon):    65536 kB
SwapTotal:             0 kB
SwapFree:              0 kB'
	assert_min_free 4096
}

@test "the host sets what is in use, and each order all of it" {
	host x-papr-memory '{"used": 629145600, "swap-free": 1073741824, "min-free": 67108864}'
	assert_meminfo MemTotal=1048576 MemFree=$((424 * mib)) MemAvailable=$((424 * mib)) \
		'Active(anon)='$((300 * mib)) 'Inactive(anon)='$((300 * mib)) \
		SwapTotal=1048576 SwapFree=1048576
	assert_min_free 65536
	host x-papr-memory '{"anon": 3072}'
	assert_meminfo MemAvailable=$((896 * mib)) 'Active(anon)=1' 'Inactive(anon)=2' SwapFree=0
	assert_min_free 4096
	host x-papr-memory '{"used": 2147483648}'
	assert_meminfo MemTotal=1048576 MemFree=0 MemAvailable=0
}

@test "MemTotal and MemAvailable follow the blocks that are online" {
	host x-papr-memory '{"used": 629145600}'
	host object-add '{"qom-type": "memory-backend-ram", "id": "m0", "size": 536870912}'
	host device_add '{"driver": "pc-dimm", "id": "d0", "memdev": "m0"}'
	assert_meminfo MemTotal=$((1024 * mib))
	guest -0 drmgr -c mem -a -q 2
	assert_meminfo MemTotal=$((1536 * mib)) MemAvailable=$((936 * mib))
	assert_min_free 5016
	guest -0 drmgr -c mem -r -q 1
	assert_meminfo MemTotal=$((1280 * mib)) MemAvailable=$((680 * mib))
	guest_sh -0 'cd /sys/devices/system/memory; for b in memory[1-9]; do
		! echo offline >$b/state || exit 0; done; exit 1'
	assert_meminfo MemTotal=$((1024 * mib)) MemAvailable=$((424 * mib))
	guest_sh -0 'cd /sys/devices/system/memory; echo online | tee memory[1-9]/state; :'
	assert_meminfo MemTotal=$((1280 * mib))
}

@test "a read of the files fails as often as injected" {
	host x-papr-fault '{"call": "read:/proc/meminfo", "errno": "EIO", "nth": 2}'
	host x-papr-fault '{"call": "read:/proc/sys/vm/min_free_kbytes", "errno": "ENOENT", "count": 0}'
	guest_sh 'for i in 1 2 3; do cat /proc/meminfo >/dev/null 2>&1; echo $?; done
		cat /proc/sys/vm/min_free_kbytes; echo $?'
	assert_stdout $'0\n1\n0\n1'
	assert_stderr 'cat: /proc/sys/vm/min_free_kbytes: No such file or directory'
}
