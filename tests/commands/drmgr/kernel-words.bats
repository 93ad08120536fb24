#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel few
# The words of /sys/kernel/dlpar: the real kernel and the simulated one must answer alike
# to what a program writes. "C39" and so on are rows of expected behaviour.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs
load ../../lib/logical

setup_file()
{
	logical_boot -machine modern-hotplug-events=off
}

# Rows "ANSWER|REQUEST": "ok" if the whole request was written, or the error. The requests
# are written one by one; all answers are compared together.
requests()
{
	local rows

	rows=$(cat)
	guest_sh -i 'while IFS="|" read -r expected request; do
			answer=$(/usr/lib/guest/rawcall write /sys/kernel/dlpar "$request")
			[ "$answer" != "${#request}" ] || answer=ok
			echo "$answer|$request"
		done' <<<"$rows"
	assert_stdout "$rows"
}

# Print how often the kernel has printed TEXT on its console.
said() # TEXT
{
	grep -cF "$1" "$GUEST_DIR/console.log" || true
}

state_of() # DRC-INDEX
{
	guest_sh '/usr/lib/guest/rawcall rtas get-sensor-state 2 2 9003 "$1" | tail -n 1' "$1"
}

# C39: two blanks. C40: an index without 0x is decimal. C41: processors only by index.
@test "C39, C40, C41: invalid words are refused [log-C39 log-C40 log-C41 log-3.2-words]" {
	local before

	before=$(said 'dlpar: Could not handle DLPAR request "memory  add count 1"')
	requests <<-'ROWS'
		EINVAL|garbage
		EINVAL|memory
		EINVAL|memory add
		EINVAL|memory add count
		EINVAL|memory  add count 1
		EINVAL| memory add count 1
		EINVAL|Memory add count 1
		EINVAL|mem add count 1
		EINVAL|memory frob count 1
		EINVAL|memory addx count 1
		EINVAL|memory add amount 1
		EINVAL|memory add count x
		EINVAL|memory add count 1x
		EINVAL|memory add count -1
		EINVAL|memory add count  1
		EINVAL|memory add count 0x100000000
		EINVAL|memory add count 0
		EINVAL|memory remove count 0
		EINVAL|memory add index
		EINVAL|memory add index zz
		EINVAL|memory add index 80000004
		EINVAL|memory add indexed-count 1
		EINVAL|memory add indexed-count x 0x80000004
		EINVAL|memory add indexed-count 1 zz
		EINVAL|cpu
		EINVAL|cpu add
		EINVAL|cpu frob index 1
		EINVAL|cpu add index 10000001
		EINVAL|cpu add count 1
		EINVAL|cpu remove count 1
		EINVAL|cpu add indexed-count 1 0x10000001
		EINVAL|pci add index 0x40000000
		EINVAL|dt add count 1
	ROWS
	assert_equal "$(said 'dlpar: Could not handle DLPAR request "memory  add count 1"')" $((before + 1))
}

@test "the kernel's log has the errors [log-3.2-log]" {
	local text before

	while IFS='|' read -r -u 3 request text; do
		before=$(said "dlpar: $text")
		guest /usr/lib/guest/rawcall write /sys/kernel/dlpar "$request"
		assert_stdout EINVAL
		echo "$request: $text"
		assert_equal "$(said "dlpar: $text")" $((before + 1))
	done 3<<-'ROWS'
		frob add count 1|Invalid resource specified.
		memory frob count 1|Invalid action specified.
		memory add frob 1|Invalid id_type specified.
		memory add count|No DRC count specified.
		memory add index|No DRC Index specified.
		memory add count x|Invalid DRC count specified.
		memory add index x|Invalid DRC Index specified.
		memory add indexed-count x 1|Invalid DRC count specified.
		memory add indexed-count 1|No DRC Index specified.
	ROWS
}

@test "C43: memory is changed by index; numbers have any base, a line end, more words [log-C43 log-3.2-errno-memory]" {
	plug_memory 1 2
	blocks_are '0 1 2 3'
	requests <<-'ROWS'
		EINVAL|memory add count 17
		EINVAL|memory add index 0x80000006
		EPERM|memory add index 0
		EPERM|memory add index 0x00000003
		EINVAL|memory add index 0x80000014
		EINVAL|memory remove index 0x80000004
		EINVAL|memory remove index 0x80000014
		EINVAL|memory remove count 1
		EINVAL|memory add indexed-count 1 0
		EINVAL|memory add indexed-count 30 0x80000004
		EINVAL|memory add indexed-count 1 0x80000014
		ok|memory add index 0x80000004
		EPERM|memory add index 0x80000004
		ok|memory add index 2147483653
	ROWS
	blocks_are '0 1 2 3 4 5'
	guest_sh -0 'printf "%s\n" "memory add indexed-count 2 0x80000004" >/sys/kernel/dlpar'
	requests <<-'ROWS'
		ok|memory add indexed-count 2 0x80000004
		ok|memory add indexed-count 1 020000000005 and further words
		EINVAL|memory remove count 3
		EINVAL|memory add count 1
	ROWS
	table_is '00000004 00000000 00000000 00000000 ffffffff 000000a0' \
		'00000002 00000000 40000000 80000004 00000000 00000008' \
		'0000000e 00000000 60000000 80000006 ffffffff 00000000'
}

# C42. A QEMU guest cannot add memory again that it released; the kernel does not check
# this.
# C42: a range that does not exist: success without a change.
@test "memory is removed, and a second removal has nothing to do [log-C42 log-3.3-remove log-3.3-tree]" {
	requests <<-'ROWS'
		ok|memory remove index 0x80000005
		EINVAL|memory remove index 0x80000005
		ok|memory remove indexed-count 1 0x80000005
		EPERM|memory add index 0x80000005
		EINVAL|memory add indexed-count 2 0x80000004
		EINVAL|memory remove count 2
	ROWS
	blocks_are '0 1 2 3 4'
	state_of 0x80000005
	assert_stdout 1
	table_is '00000004 00000000 00000000 00000000 ffffffff 000000a0' \
		'00000001 00000000 40000000 80000004 00000000 00000008' \
		'0000000f 00000000 50000000 80000005 ffffffff 00000000'
	requests <<-'ROWS'
		ok|memory remove count 1
		EINVAL|memory add index 0x80000014
	ROWS
	blocks_are '0 1 2 3'
}

# All or nothing, also if the machine does not return the memory.
@test "the kernel adds and removes the requested count, or nothing [log-3.3-count]" {
	plug_memory 2 2
	state_of 0x80000006
	assert_stdout 2
	requests <<-'ROWS'
		EINVAL|memory add count 3
	ROWS
	blocks_are '0 1 2 3'
	state_of 0x80000006
	assert_stdout 1
	plug_memory 3 2
	requests <<-'ROWS'
		ok|memory add count 2
	ROWS
	blocks_are '0 1 2 3 8 9'
}

@test "C44: processors are changed by index [log-C44 log-3.2-errno-cpu log-3.4-add]" {
	plug_core 1
	requests <<-'ROWS'
		EINVAL|cpu add index 0x10000000
		EINVAL|cpu add index 0x10000099
		EINVAL|cpu add index 0x10000002
		ENODEV|cpu remove index 0x10000001
		ENODEV|cpu remove index 0x10000099
		EINVAL|cpu remove index 0x10000000
		ok|cpu add index 0x10000001
		EINVAL|cpu add index 0x10000001
	ROWS
	cpus_are 0-1
	property_is /cpus/PowerPC,POWER9@1/ibm,my-drc-index 10000001
	requests <<-'ROWS'
		ok|cpu remove index 0x10000001
		ENODEV|cpu remove index 0x10000001
		ok|cpu add index 268435457
		ok|cpu remove index 0x10000001 and further words
	ROWS
	state_of 0x10000001
	assert_stdout 2
	guest_sh -0 'printf "%s\n" "cpu add index 0x10000001" >/sys/kernel/dlpar'
	cpus_are 0-1
}

@test "probe and release change processors, but not the only online one [log-3.5-probe log-12.3-files]" {
	needs_cores_that_go
	guest_sh 'cd /sys/devices/system/cpu; raw="/usr/lib/guest/rawcall write"
		$raw release /cpus/PowerPC,POWER9@1; $raw release /cpus/PowerPC,POWER9@1; $raw release /cpus
		$raw probe 0x10000001; $raw probe 0x10000001; $raw probe 0x10000002; $raw probe x
		$raw cpu0/online 0; $raw cpu1/online 0; $raw /sys/kernel/dlpar "cpu remove index 0x10000001"; cat online
		$raw cpu0/online 1; cat online'
	assert_stdout '22
EINVAL
EINVAL
10
EINVAL
EINVAL
EINVAL
1
EBUSY
EINVAL
1
1
0-1'
}

@test "memory blocks go offline and online, also those of the boot" {
	local writes=(memory0/state=offline memory0/state=online memory0/online=0 memory0/online=1
		memory1/state=frob memory1/state=online memory1/state=offline memory1/state=offline memory1/state=online_kernel
		memory1/state=offline memory1/state=online_movable memory1/online=0 memory1/online=0 memory1/online=1
		memory1/online=2 memory1/online=off memory1/online=yes memory1/online=01 memory1/online=ox memory1/online=on
		memory8/state=offline memory8/state=online)

	guest_sh 'cd /sys/devices/system/memory
		for write; do
			file=${write%%=*} block=${write%%/*} text=${write#*=}
			answer=$(/usr/lib/guest/rawcall write $file "$text")
			[ "$answer" != "${#text}" ] || answer=ok
			echo "$write $answer $(cat $block/state $block/online $block/valid_zones $block/removable | tr "\n" " ")"
		done' "${writes[@]}"
	assert_stdout 'memory0/state=offline EBUSY online 1 Normal 1 
memory0/state=online EINVAL online 1 Normal 1 
memory0/online=0 EBUSY online 1 Normal 1 
memory0/online=1 ok online 1 Normal 1 
memory1/state=frob EINVAL online 1 Normal 1 
memory1/state=online EINVAL online 1 Normal 1 
memory1/state=offline ok offline 0 Normal Movable 1 
memory1/state=offline EINVAL offline 0 Normal Movable 1 
memory1/state=online_kernel ok online 1 Normal 1 
memory1/state=offline ok offline 0 Normal Movable 1 
memory1/state=online_movable ok online 1 Movable 1 
memory1/online=0 ok offline 0 Normal Movable 1 
memory1/online=0 ok offline 0 Normal Movable 1 
memory1/online=1 ok online 1 Normal 1 
memory1/online=2 EINVAL online 1 Normal 1 
memory1/online=off ok offline 0 Normal Movable 1 
memory1/online=yes ok online 1 Normal 1 
memory1/online=01 ok offline 0 Normal Movable 1 
memory1/online=ox EINVAL offline 0 Normal Movable 1 
memory1/online=on ok online 1 Normal 1 
memory8/state=offline ok offline 0 Normal Movable 1 
memory8/state=online ok online 1 Normal 1 '
}

@test "Linux shows processors, memory and nodes [log-3.5-sysfs]" {
	needs_cores_that_go
	guest_sh 'cd /sys/devices/system
		/usr/lib/guest/rawcall write /sys/kernel/dlpar "cpu remove index 0x10000001" >/dev/null
		for file in cpu/possible cpu/present cpu/online cpu/offline cpu/cpu0/physical_id cpu/cpu1/physical_id cpu/cpu2/physical_id \
				cpu/cpu1/online memory/block_size_bytes memory/memory0/removable memory/memory0/state memory/memory0/valid_zones \
				memory/memory8/phys_index memory/memory8/state memory/memory8/online memory/memory8/removable \
				node/online node/possible node/has_cpu node/has_memory node/node0/cpulist node/node0/distance; do
			echo "$file $(cat $file)"
		done
		for link in cpu/cpu0/of_node cpu/cpu1/of_node cpu/cpu2/of_node cpu/cpu1/node0 memory/memory8/node0 node/node0/cpu1 node/node0/memory8; do
			echo "$link $(readlink $link)"
		done'
	assert_stdout 'cpu/possible 0-3
cpu/present 0
cpu/online 0
cpu/offline 1-3
cpu/cpu0/physical_id 0
cpu/cpu1/physical_id -1
cpu/cpu2/physical_id 0
cpu/cpu1/online 0
memory/block_size_bytes 10000000
memory/memory0/removable 1
memory/memory0/state online
memory/memory0/valid_zones Normal
memory/memory8/phys_index 00000008
memory/memory8/state online
memory/memory8/online 1
memory/memory8/removable 1
node/online 0
node/possible 0
node/has_cpu 0
node/has_memory 0
node/node0/cpulist 0
node/node0/distance 10
cpu/cpu0/of_node ../../../../firmware/devicetree/base/cpus/PowerPC,POWER9@0
cpu/cpu1/of_node ../../../../firmware/devicetree/base/cpus/PowerPC,POWER9@0
cpu/cpu2/of_node ../../../../firmware/devicetree/base/cpus/PowerPC,POWER9@0
cpu/cpu1/node0 ../../node/node0
memory/memory8/node0 ../../node/node0
node/node0/cpu1 ../../cpu/cpu1
node/node0/memory8 ../../memory/memory8'
}
