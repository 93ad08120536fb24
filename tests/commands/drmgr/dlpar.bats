#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim
# The simulated kernel's changes of memory, processors and logical slots: what a program
# writes to its files, and the tree after that.

bats_require_minimum_version 1.5.0
load ../../lib/sim

setup()
{
	sim_setup
	machine=(-M pseries,x-powervm=on -m 1G,slots=4,maxmem=3G)
}

# A module of 512 MiB: the LMBs 0x80000004 and 0x80000005.
one_module=(-object memory-backend-ram,id=m0,size=512M -device pc-dimm,id=d0,memdev=m0)
lmbs='M=/sys/devices/system/memory R=/ibm,dynamic-reconfiguration-memory
	map() { od -An -v -tx4 --endian=big -w24 -j4 $T$R/ibm,dynamic-memory-v2 | tr -d " "; }
	blocks() { (cd $M && echo memory*) | tr -d memory; }
	state() { "$RAW" rtas get-sensor-state 2 2 9003 $1 | tail -1; }
'

@test "memory is added by index, and its property changes" {
	machine+=("${one_module[@]}")
	sim "$lmbs"'map; blocks
		w $D "memory remove index 0x80000005"; map; state 0x80000005; blocks
		w $D "memory remove index 0x80000005"; w $D "memory add index 0x80000005"; map; state 0x80000005
		w $D "memory add index 0x80000005"; w $D "memory add index 0x80000006"; w $D "memory add index 0"
		w $D "memory add index 0x7fffffff"; map; blocks'
	answers 000000040000000000000000'00000000ffffffff000000a0' \
		000000020000000040000000'800000040000000000000108' \
		000000060000000060000000'80000006ffffffff00000000' '0 1 2 3 4 5' \
		30 000000040000000000000000'00000000ffffffff000000a0' \
		000000010000000040000000'800000040000000000000108' \
		000000010000000050000000'80000005ffffffff00000100' \
		000000060000000060000000'80000006ffffffff00000000' 2 '0 1 2 3 4' \
		EINVAL 27 000000040000000000000000'00000000ffffffff000000a0' \
		000000020000000040000000'800000040000000000000108' \
		000000060000000060000000'80000006ffffffff00000000' 1 \
		EPERM EINVAL EPERM EINVAL \
		000000040000000000000000'00000000ffffffff000000a0' \
		000000020000000040000000'800000040000000000000108' \
		000000060000000060000000'80000006ffffffff00000000' '0 1 2 3 4 5'
}

@test "memory is added by count, all or nothing; a range skips LMBs that are done [log-3.3-range]" {
	machine+=("${one_module[@]}")
	sim "$lmbs"'map >/tmp/0; same() { map | cmp - /tmp/0 && echo same; }
		w $D "memory remove count 3"; same; w $D "memory add count 1"; same; w $D "memory add count 7"; same
		w $D "memory remove count 2"; blocks; w $D "memory remove indexed-count 2 0x80000004"
		w $D "memory add indexed-count 1 0x80000005"; w $D "memory add indexed-count 2 0x80000004"; same
		w $D "memory remove indexed-count 3 0x80000003"; w $D "memory remove indexed-count 9 0x80000004"
		w $D "memory add indexed-count 3 0x80000004"; w $D "memory remove indexed-count 3 0x80000004"; blocks
		w $D "memory add indexed-count 3 0x80000004"; blocks; state 0x80000004
		w $D "memory remove indexed-count 1 0"; w $D "memory add count 2"; same'
	answers EINVAL same EINVAL same EINVAL same 21 '0 1 2 3' 40 37 37 same EINVAL EINVAL EINVAL 40 '0 1 2 3' \
		EINVAL '0 1 2 3' 2 EINVAL 18 same
}

@test "memory that a QEMU guest releases by itself is lost to it" {
	machine=(-M pseries -m 1G,slots=4,maxmem=3G "${one_module[@]}")
	sim "$lmbs"'w $D "memory remove index 0x80000005"; blocks; state 0x80000005; w $D "memory add index 0x80000005"'
	answers 30 '0 1 2 3 4' 1 EPERM
}

@test "65536 LMBs are added and removed within a minute" {
	machine=(-M pseries,x-powervm=on -m 1G,slots=4,maxmem=16T
		-object memory-backend-ram,id=m0,size=15T -device pc-dimm,id=d0,memdev=m0)
	# The time limit of sim() is a minute. With quadratic time it would be hours.
	sim "$lmbs"'w $D "memory remove count 61440"; map | wc -l; w $D "memory add count 61440"; blocks | wc -w; map | wc -l
		for i in 0 1 2 3 4 5 6 7; do w $D "memory remove index 0x80008000"; w $D "memory add index 0x80008000"; done | sort | uniq -c'
	answers 25 3 22 61444 3 '      8 27' '      8 30'
}

@test "threads of a core are added and removed together, with its caches [log-3.4-threads]" {
	machine=(-M pseries,x-powervm=on -cpu power9 -m 1G -smp 8,threads=4,maxcpus=16)
	sim 'cd /sys/devices/system/cpu; cat possible online; for i in 0 3 4 7; do cat cpu$i/physical_id; done; ls $T/cpus | grep @
		h() { od -An -tx4 --endian=big $T/cpus/$1 | tr -d " "; }
		[ $(h PowerPC,POWER9@4/l2-cache) = $(h l2-cache@2004/ibm,phandle) ] && [ $(h l2-cache@2004/l2-cache) = $(h l3-cache@3004/ibm,phandle) ] && echo chained
		w cpu5/online 0; cat online; w $D "cpu remove index 0x10000004"; ls $T/cpus | grep @; cat present
		w $D "cpu add index 0x10000004"; ls $T/cpus | grep @; cat online; [ $(h PowerPC,POWER9@4/l2-cache) = $(h l2-cache@2004/ibm,phandle) ] && echo chained
		w $D "cpu remove index 0x10000000"; cat online; w $D "cpu remove index 0x10000004"; cat online
		w $D "cpu add index 0x10000000"; cat online cpu0/physical_id; w $D "cpu add index 0x10000001"'
	two='PowerPC,POWER9@0 PowerPC,POWER9@4 l2-cache@2000 l2-cache@2004 l3-cache@3000 l3-cache@3004'
	answers 0-15 0-7 0 3 4 7 $two chained 1 0-4,6-7 27 PowerPC,POWER9@0 l2-cache@2000 l3-cache@3000 0-3 \
		24 $two 0-7 chained 27 4-7 EINVAL 4-7 24 0-7 0 EINVAL
}
