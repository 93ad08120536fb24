#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel sanitized drmgr lsslot
# The order of removals in a guest of three NUMA nodes: two with a processor each, one
# without; four blocks on each, which the kernel added when they were plugged.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	# Plugged memory gets no pages that cannot be moved.
	export GUEST_KERNEL_OPTIONS=memhp_default_state=online_movable
	guest_boot -m 1G,slots=8,maxmem=8G -smp 2,maxcpus=2,cores=2,threads=1 \
		-object memory-backend-ram,id=boot,size=1G \
		-numa node,nodeid=0,memdev=boot,cpus=0 -numa node,nodeid=1,cpus=1 \
		-numa node,nodeid=2
}

setup()
{
	guest_needed
}

teardown()
{
	[[ ${GUEST_KIND:-real} == sim ]] || assert_no_oops
}

plug() # NODE LAST-BLOCK
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m$1\", \"size\": $((1 << 30))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$1\", \"memdev\": \"m$1\", \"node\": $1}"
	guest_until "test -e /sys/devices/system/memory/memory$2"
}

# Print the last digits of the removed LMBs, in order.
removed() # DRMGR-OPTION...
{
	guest drmgr -c mem -r --force --json "$@" >/dev/null
	sed -nE 's|.*memory remove index 0x8000000(.)".*|\1|p' <<<"$output" | tr -d '\n'
}

@test "memory that the kernel added is not added again" {
	plug 0 7
	plug 1 11
	plug 2 15
	guest -255 drmgr -c mem -a -s 0x80000004
	assert_stderr 'LMB 4 (0x80000004) is already present.'
	guest lsslot -c mem
	assert_equal "$(grep -c 'DRC Index' <<<"$output")" 12
}

@test "nodes without processors lose LMBs first, then all nodes evenly [log-C15 log-6.2-numa]" {
	assert_equal "$(removed -q 6 --dry-run)" fedcb7
	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	assert_stdout 16
	assert_equal "$(removed -q 4)" fedc
	assert_equal "$(removed -q 2 --dry-run)" b7
	assert_equal "$(removed -q 8 --dry-run)" ba987654
}

# Blocks with unmovable pages stay; drmgr cannot know which ones.
@test "the message has the removed and the requested number [log-6.3-short]" {
	local n

	guest -64 drmgr -c mem -r --force -q 99
	[[ $output =~ ^DR_TOTAL_RESOURCES=([1-8])$ ]]
	n=${BASH_REMATCH[1]}
	assert_stderr_line "Removed $n of 99 requested LMBs."
	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	assert_stdout $((12 - n))
}
