#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# A simulated guest of three NUMA nodes with distances: what its kernel shows, and what drmgr
# and lsslot make of it.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	GUEST_MACHINE_OPTIONS=modern-hotplug-events=off guest_boot -m 1G,slots=8,maxmem=8G \
		-smp 2,maxcpus=6,cores=2,sockets=3,threads=1 \
		-object memory-backend-ram,id=r0,size=768M \
		-object memory-backend-ram,id=r1,size=256M \
		-numa node,memdev=r0 -numa node,memdev=r1 -numa node \
		-numa dist,src=0,dst=1,val=12 -numa dist,src=1,dst=0,val=13 \
		-numa dist,src=0,dst=2,val=14 -numa dist,src=2,dst=0,val=15 \
		-numa dist,src=1,dst=2,val=16 -numa dist,src=2,dst=1,val=255
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

# Print the files of the nodes, one a line.
nodes()
{
	guest_sh 'cd /sys/devices/system/node || exit
		for file in online has_cpu has_memory node*/cpulist node*/distance; do
			echo "$file $(cat $file)"
		done
		ls -d node*/cpu[0-9]* node*/memory[0-9]*; readlink node*/memory3' >/dev/null
	echo "$output"
}

plug() # NODE
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m$1\", \"size\": $((1 << 29))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$1\", \"memdev\": \"m$1\", \"node\": $1}"
}

# The NUMA node of a connector in lsslot's document.
numa_node() # TYPE INDEX
{
	guest lsslot -c "$1" --json >/dev/null
	paste <(json_values index) <(json_values numa_node) | sed -n "s/^$2\t//p"
}

@test "nodes have memory, processors and distances" {
	assert_equal "$(nodes)" 'online 0-1
has_cpu 0
has_memory 0-1
node0/cpulist 0-1
node1/cpulist 
node0/distance 10 12
node1/distance 13 10
node0/cpu0
node0/cpu1
node0/cpu2
node0/cpu3
node0/cpu4
node0/cpu5
node0/memory0
node0/memory1
node0/memory2
node1/memory3
../../memory/memory3'
}

@test "a core and memory of a new node are added and removed" {
	plug_core 4
	plug 2
	guest -0 drmgr -c cpu -a -s 0x10000004
	guest -0 drmgr -c mem -a -q 2
	assert_equal "$(nodes | head -10)" 'online 0-2
has_cpu 0,2
has_memory 0-2
node0/cpulist 0-1
node1/cpulist 
node2/cpulist 2
node0/distance 10 12 14
node1/distance 13 10 16
node2/distance 15 255 10
node0/cpu0'
	assert_equal "$(numa_node cpu 0x10000004)" 2
	assert_equal "$(numa_node mem 0x80000005)" 2
	guest -0 drmgr -c mem -r -q 2 --force
	guest -0 drmgr -c cpu -r -s 0x10000004
	assert_equal "$(nodes | head -1)" 'online 0-1'
}

# Node 1 has no processor, but LMBs 8 and 9. The host keeps LMBs 4 and 5: the machine did not
# request them.
@test "the node without processors loses memory first" {
	plug 0
	plug 1
	guest -0 drmgr -c mem -a -q 4
	guest -0 drmgr -c mem -r -q 3 --force --dry-run --json
	assert_equal "$(json_values index | grep -o '.$' | tr -d '\n')" 987
}
