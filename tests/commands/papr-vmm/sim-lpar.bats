#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim sanitized
# A simulated partition of PowerVM: virtual adapters in their slots, migrations and their
# changes, entitlement, credits. Tests write to the kernel's files.

load ../../guest/verbs
load ../../lib/migration

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar GUEST_RUN_OPTIONS=--lparcfg \
		guest_boot -smp 2,maxcpus=4 -device spapr-vscsi,id=s0,slot=2
}

setup()
{
	guest_needed
	raw=/usr/lib/guest/rawcall
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
}

# Run a script in the guest. w FILE TEXT is one write, p PATH prints a property in
# hexadecimal.
script()
{
	guest_sh 'raw=$1; T=/proc/device-tree M=/sys/kernel/mobility/migration C=/sys/bus/pci/slots/control
		w() { "$raw" write "$@"; }
		p() { if test -e "$T$1"; then od -An -v -tx1 "$T$1" | tr -d " \n"; echo; else echo -; fi; }
		'"$1" "$raw"
}

answers() # LINE...
{
	assert_stdout "$(printf '%s\n' "$@")"
}

@test "a partition has its files and properties" {
	script 'p /ibm,partition-no; test -e $T/ibm,migratable-partition && test -e $T/ibm,lpar-capable && echo yes; cat $T/system-id | tr "\0" "\n"
		find $T/ -type d ! -name "interrupt-controller*" | while read -r d; do test -s "$d/ibm,phandle" || echo "none: $d"; done
		find $T/ -name ibm,phandle -exec od -An -tx4 {} \; | sort | uniq -d'
	answers 00000001 yes IBM,020000001
}

@test "entitlement: some values are read, some can be written [log-3.5-lparcfg]" {
	script 'F=/proc/ppc64/lparcfg; s() { grep -E "^($1)=" $F; }
		s "partition_entitled_capacity|capacity_weight|entitled_memory|entitled_memory_weight|partition_potential_processors"
		w $F "partition_entitled_capacity=150
"; w $F "capacity_weight=200
"; w $F "entitled_memory_weight=7
"; w $F "entitled_memory=536870912
"; w $F "partition_entitled_capacity=100000
"
		s "partition_entitled_capacity|capacity_weight|entitled_memory|entitled_memory_weight"
		for line in nosuch=1 capacity_weight capacity_weight= capacity_weight=256 partition_entitled_capacity=9 slb_size=3; do w $F "$line
"; done; w $F "entitled_memory=00000000000000000000000000000000000000000000000000
"; w $F "capacity_weight=128
"'
	answers partition_entitled_capacity=100 capacity_weight=128 entitled_memory=1073741824 entitled_memory_weight=128 \
		partition_potential_processors=4 32 20 25 26 35 \
		partition_entitled_capacity=400 capacity_weight=200 entitled_memory=536870912 entitled_memory_weight=7 \
		EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL 20
	host x-papr-fault '{"call": "write:/proc/ppc64/lparcfg", "errno": "EBUSY"}'
	script 'w /proc/ppc64/lparcfg "capacity_weight=1
"; grep "^capacity_weight" /proc/ppc64/lparcfg'
	answers EBUSY capacity_weight=128
}

@test "credits of the compressor are counted [log-7-kernel]" {
	script 'cd /sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities; cat nr_total_credits; w update_total_credits 5; cat nr_total_credits
		w update_total_credits "0x10
"; w update_total_credits 65536; w update_total_credits x; w update_total_credits -1; cat nr_total_credits; w nr_total_credits 1'
	answers 32 1 5 5 ERANGE EINVAL EINVAL 16 EACCES
}

@test "virtual adapters: connectors, nodes and control files exist" {
	script 'ls -d $T/vdevice/v-scsi@30000002 /sys/bus/vio/devices/30000002; cat /sys/bus/vio/devices/30000002/devspec
		w $C/add_slot "VIO 2"; w $C/remove_slot "VIO 2"; w $C/remove_slot "VIO 2"; ls /sys/bus/vio/devices
		w $C/add_slot "VIO 2"; w $C/add_slot "VIO 3"; w $C/add_slot "VIO 99"; test -L /sys/bus/vio/devices/30000002/of_node && echo back'
	answers /proc/device-tree/vdevice/v-scsi@30000002 /sys/bus/vio/devices/30000002 /vdevice/v-scsi@30000002 \
		EINVAL 5 EINVAL $'71000000\n71000001' 5 ENODEV ENODEV back
}

@test "virtual adapters: one is plugged, configured, and unplugged" {
	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	refute_host device_add '{"driver": "spapr-vlan", "id": "n1", "slot": 5}'
	refute_host device_add '{"driver": "spapr-vlan", "id": "n1", "slot": 64}'
	script 'i=0x30000005; s() { echo $("$raw" rtas "$@"); }
		s get-sensor-state 2 2 9003 $i; s set-indicator 3 1 9003 $i 1; s set-indicator 3 1 9001 $i 1; s get-sensor-state 2 2 9003 $i
		w /sys/kernel/dlpar "dt add index $i"; cat /sys/kernel/dlpar'
	case ${GUEST_PROFILE:-6.1} in
	6.1) answers '0 0 2' '0 0' '0 0' '0 0 1' EINVAL memory,cpu ;;
	*)
		answers '0 0 2' '0 0' '0 0' '0 0 1' 23 memory,cpu,dt
		script 'cat $T/vdevice/l-lan@30000005/compatible | tr "\0" "\n"; p /vdevice/l-lan@30000005/local-mac-address; w $C/add_slot "VIO 5"; ls /sys/bus/vio/devices
			w $C/remove_slot "VIO 5"; w /sys/kernel/dlpar "dt remove index 0x30000005"; ls -d $T/vdevice/l-lan* 2>/dev/null || echo gone'
		answers IBM,l-lan 525400710005 5 $'30000002\n30000005\n71000000\n71000001' 5 26 gone
		;;
	esac
	host device_del '{"id": "n0"}'
	script 'i=0x30000005; "$raw" rtas set-indicator 3 1 9001 $i 0 >/dev/null; "$raw" rtas set-indicator 3 1 9003 $i 0 >/dev/null; "$raw" rtas get-sensor-state 2 2 9003 $i | tail -1'
	if [[ ${GUEST_PROFILE:-6.1} == 6.1 ]]; then
		# It was not configured: isolation unplugs it.
		answers 1
	else
		answers 2
		host_wait DEVICE_DELETED device=n0
	fi
}

@test "migration: streams that do not exist, are not ready, end" {
	script 'w $M zz; w $M 0x77; w $M ""'
	answers EINVAL EINVAL 0
	refute_host x-papr-migrate '{"stream": "0"}'
	migrate 0x1234 '"waits": 3'
	refute_host x-papr-migrate '{"stream": "0x99"}'
	script 'w $M 0x1235; w $M "0x1234
"; w $M 0x1234'
	answers EINVAL 7 EIO
	host_wait X_PAPR_MIGRATED
	migrate 0x88
	host x-papr-fault '{"call": "ibm,suspend-me", "status": -9004, "count": 5}'
	script 'w $M 0x88; w $M 0x88'
	answers EBUSY EIO
	migrate 0x89
	host x-papr-fault '{"call": "ibm,suspend-me", "status": -9004, "count": 4}'
	host x-papr-fault '{"call": "ibm,activate-firmware", "delay": 9900, "count": 7}'
	script 'w $M 0x89; cat /sys/devices/system/cpu/online'
	answers 4 0-1
	migrate 0x90
	host x-papr-fault '{"call": "ibm,suspend-me", "status": 9000, "count": 0}'
	script 'w $M 0x90'
	answers ECANCELED
}

# The differences between all() before and all() now.
differs() # LINE...
{
	script 'all() { (cd $T/ && find . -type f -exec md5sum {} + | sort -k2); }; all >/tmp/after; diff /tmp/before /tmp/after | sed -n "s/^\([<>]\) [^ ]* */\1 /p" | LC_ALL=C sort'
	answers "$@"
}

remember()
{
	script 'all() { (cd $T/ && find . -type f -exec md5sum {} + | sort -k2); }; all >/tmp/before'
}

@test "migration: the tree is updated from firmware" {
	local long

	long=$(printf '%010000d' 7)
	change '"path": "/", "property": "system-id", "text": "IBM,02ABCDEF"'
	change '"path": "/", "property": "ibm,partition-no", "delete": true'
	change '"path": "/", "property": "nothing", "data": ""'
	change '"path": "/cpus/PowerPC,POWER9@1", "property": "ibm,associativity", "data": "0000000100000002"'
	change "\"path\": \"/chosen\", \"property\": \"long\", \"data\": \"$long\""
	change '"path": "/vdevice/nvram@71000001", "delete": true'
	# The target machine has an adapter that this machine does not have.
	host device_add '{"driver": "spapr-vlan", "id": "m0", "slot": 9}'
	change '"path": "/vdevice", "add": "0x30000009"'
	refute_host x-papr-change '{"path": "/vdevice", "add": "0x30000099"}'
	refute_host x-papr-change '{"path": "vdevice", "delete": true}'
	refute_host x-papr-change '{"path": "/", "delete": true}'
	refute_host x-papr-change '{"path": "/chosen"}'
	remember
	migrate 0x500 '"area": 128'
	differs ''
	script 'w $M 0x500; cat $T/system-id | tr "\0" "\n"; p /cpus/PowerPC,POWER9@1/ibm,associativity; p /chosen/long | md5sum | cut -c1-8'
	answers 5 IBM,02ABCDEF 0000000100000002 "$(md5sum <<<"$long" | cut -c1-8)"
	differs '< ./ibm,partition-no' '< ./system-id' '< ./vdevice/nvram@71000001/#bytes' \
		'< ./vdevice/nvram@71000001/compatible' '< ./vdevice/nvram@71000001/device_type' \
		'< ./vdevice/nvram@71000001/ibm,phandle' '< ./vdevice/nvram@71000001/interrupts' \
		'< ./vdevice/nvram@71000001/name' '< ./vdevice/nvram@71000001/reg' \
		'> ./chosen/long' '> ./cpus/PowerPC,POWER9@1/ibm,associativity' '> ./system-id' \
		'> ./vdevice/l-lan@30000009/compatible' '> ./vdevice/l-lan@30000009/device_type' \
		'> ./vdevice/l-lan@30000009/ibm,loc-code' '> ./vdevice/l-lan@30000009/ibm,mac-address-filters' \
		'> ./vdevice/l-lan@30000009/ibm,my-dma-window' '> ./vdevice/l-lan@30000009/ibm,my-drc-index' \
		'> ./vdevice/l-lan@30000009/ibm,phandle' '> ./vdevice/l-lan@30000009/interrupts' \
		'> ./vdevice/l-lan@30000009/local-mac-address' '> ./vdevice/l-lan@30000009/name' \
		'> ./vdevice/l-lan@30000009/reg'
}

# An event reports it once, with those of the next migration.
@test "migration: a second one, with counts as in PAPR" {
	change '"path": "/", "property": "system-id", "text": "IBM,02FEDCBA"'
	remember
	migrate 0x501 '"count-words": true'
	script 'w $M 0x501; cat $T/system-id | tr "\0" "\n"'
	answers 5 IBM,02FEDCBA
	differs '< ./system-id' '> ./system-id'
}

@test "hibernation suspends and updates the tree" {
	script 'F=/sys/devices/system/power/hibernate; cat $F; w $F 0x77'
	answers 1 EINTR
	change '"path": "/", "property": "system-id", "text": "IBM,02000001"'
	migrate 0x600 '"waits": 2'
	script 'F=/sys/devices/system/power/hibernate; w $F 600; cat $T/system-id | tr "\0" "\n"; w $F 600'
	answers 3 IBM,02000001 EIO
}

@test "reassignment: later nodes have the new values of its event" {
	plug_core 2
	script 'cat /sys/devices/system/cpu/online; p /cpus/PowerPC,POWER9@2/ibm,associativity'
	answers 0-2 -
	change '"scope": -31, "path": "/cpus/PowerPC,POWER9@2", "property": "ibm,associativity", "data": "0000000100000001"'
	host x-papr-inject-event '{"kind": "prrn", "scope": 31}'
	script 'p /cpus/PowerPC,POWER9@2/ibm,associativity; w /sys/kernel/dlpar "cpu remove index 0x10000002"; w /sys/kernel/dlpar "cpu add index 0x10000002"
		p /cpus/PowerPC,POWER9@2/ibm,associativity'
	answers - 27 24 0000000100000001
	host device_del '{"id": "c2"}'
	host_wait DEVICE_DELETED device=c2
}
