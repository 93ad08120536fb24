# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # scripts for the guest
#
# logical.bash - processors and memory for tests in a guest: plug them, and read the state
# of Linux and of its device tree

# Boot with space for three more cores and for 4 GiB.
logical_boot() # [OPTION...]
{
	guest_boot "$@" -smp 1,maxcpus=4,cores=4,threads=1 -m 1G,slots=8,maxmem=5G
}

# Plug a module of so many LMBs of 256 MiB.
plug_memory() # ID LMBS [JSON-MEMBERS]
{
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m$1\", \"size\": $(($2 << 28))}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$1\", \"memdev\": \"m$1\"${3:+, $3}}"
}

# Print the numbers of Linux' memory blocks: "0 1 2".
blocks()
{
	guest_sh 'cd /sys/devices/system/memory && ls -d memory* | tr -d a-z | sort -n | tr "\n" " " | sed "s/ $//"'
}

blocks_are() # LIST
{
	blocks
	assert_stdout "$1"
}

blocks_become() # LIST
{
	guest_until '[ "$(cd /sys/devices/system/memory && ls -d memory* | tr -d a-z | sort -n | tr "\n" " ")" = "$1 " ]' "$1"
}

cpus_are() # LIST
{
	guest cat /sys/devices/system/cpu/online
	assert_stdout "$1"
}

cpus_become() # LIST
{
	guest_until '[ "$(cat /sys/devices/system/cpu/online)" = "$1" ]' "$1"
}

property_is() # PATH HEXADECIMAL
{
	guest_sh 'od -An -v -tx1 "/proc/device-tree$1" | tr -d " \n"' "$1"
	assert_stdout "$2"
}

# The table of memory has these sets: LMBs, address, DRC index, associativity, flags.
table_is() # "SET WORDS"...
{
	local set digits

	printf -v digits %08x $#
	for set; do
		digits+=${set// /}
	done
	property_is /ibm,dynamic-reconfiguration-memory/ibm,dynamic-memory-v2 "$digits"
}
