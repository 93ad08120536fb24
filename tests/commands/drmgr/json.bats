#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr lsslot
# JSON documents of drmgr in a guest, for each possible result. The verb "guest" validates
# each document with its schema; these tests check the contents.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -smp 1,maxcpus=4,cores=4,threads=1 -m 1G,slots=4,maxmem=4G
}

setup()
{
	cards_setup
	schema=drmgr
}

# The last command's document has this status and these members.
tells() # STATUS LINE...
{
	local line

	assert_status "$1"
	assert_json_schema "$schema"
	[[ $schema != drmgr ]] || assert_stdout_line "  \"exit_status\": $1,"
	for line in "${@:2}"; do
		assert_stdout_line --regexp "^ *$line,?\$"
	done
}

@test "documents of a card: planned, added, already in its slot, removed" {
	plug n0 virtio-net-pci 1 "$nic"
	guest drmgr -c pci -a -s C8 -n --dry-run --json
	tells 0 '"dry_run": true' '"result": "planned"' '"done": 0' '"changed": true'
	guest drmgr -c pci -a -s C8 -n --json
	tells 0 '"type": "pci"' '"action": "add"' '"result": "done"' '"index": "0x40000008"' \
		'"path": "/pci@800000020000000/ethernet@1"' '"undo": "none"' '"error": null'
	guest drmgr -c pci -a -s C8 -n --json
	tells 255 '"result": "failed"' '"message": "The specified PCI slot is already occupied."'
	guest drmgr -c pci -i -s C8 -n --json
	tells 0 '"action": "identify"'
	guest drmgr -c pci -r -s C8 -n --json
	tells 0 '"action": "remove"' '"result": "done"'
}

@test "documents of several slots: nothing to do, done, partial, all or nothing" {
	guest drmgr -c pci -a --json
	tells 0 '"requested": 0' '"resources": \[\]?'
	plug n0 virtio-net-pci 1 "$nic"
	plug n1 virtio-net-pci 2 "$nic"
	guest drmgr -c pci -a -q 3 --all-or-nothing --json
	tells 255 '"result": "undone"' '"undo": "complete"' '"done": 0'
	guest drmgr -c pci -a -q 3 --json
	tells 64 '"requested": 3' '"done": 2'
}

@test "documents of queries have the list of lsslot" {
	local type

	schema=lsslot
	for type in pci cpu mem; do
		guest drmgr -c "$type" -Q --json
		tells 0 "\"type\": \"$type\""
		guest drmgr -c "$type" -Q -s NOPE --json
		tells 3 "\"type\": \"$type\""
	done
	guest drmgr -c phb -Q -s 'PHB 0' --json
	tells 6 '"state": "owned"'
	guest drmgr -c phb -Q -s 0x20000000 --json
	tells 6 '"name": "PHB 0"'
	guest drmgr -c slot -Q -s NOPE --json
	tells 3
	schema=drmgr
	guest drmgr -c port -Q -s HEA1 --json
	tells 255 '"type": "port"'
}

@test "documents of lsslot: every type, and errors" {
	local type

	schema=lsslot
	for type in pci slot phb cpu mem; do
		guest lsslot -c "$type" --json
		tells 0 "\"type\": \"$type\""
	done
	for type in acc phib pmig; do
		guest lsslot -c "$type" --json
		tells 0 '"connectors": \[\]?'
	done
	guest lsslot -c port --json
	tells 1 '"type": "port"'
	guest lsslot -c pci -s NOPE --json
	tells 1 '"type": "pci"'
	guest lsslot -c frob --json
	tells 1 '"type": null'
	guest lsslot -c cpu -b -p --json
	tells 1 '"numa_score": null'
}

@test "documents of cores: one, by name, more than available, the last one" {
	plug_core 1
	guest_until 'test "$(cat /sys/devices/system/cpu/cpu1/online)" = 1'
	guest drmgr -c cpu -r -s 'CPU 1' --json
	tells 0 '"type": "cpu"' '"name": "CPU 1"' '"result": "done"'
	guest drmgr -c cpu -a -q 3 --json
	tells 64 '"requested": 3' '"done": 1'
	guest drmgr -c cpu -r -q 3 --json
	tells 64 '"message": "Cannot remove the last CPU"'
	guest drmgr -c cpu -r --json
	tells 255 '"resources": \[\]?'
	guest drmgr -c cpu -a -s 'CPU 9' --json
	tells 1
	guest drmgr -c cpu -r -p smt_threads --json
	tells 255 '"message": "SMT functions not available on this system."'
	# The core stays plugged: QEMU crashes when it unplugs a core that the guest
	# released before.
}

@test "documents of memory: none available, a KVM guest's own, shares" {
	guest drmgr -c mem -a -s NOPE --json
	tells 255 '"type": "mem"' '"done": 0'
	guest drmgr -c mem -a -q 4 --json
	tells 255 '"requested": 4'
	guest drmgr -c mem -a -p ent_capacity --json
	tells 255 '"requested": 1' '"name": "entitled_memory"' '"result": "failed"'
}

@test "documents of host bridges, logical slots and credits" {
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	guest drmgr -c phb -a -s 'PHB 1' --json
	tells 0 '"type": "phb"' '"index": "0x20000001"'
	guest drmgr -c phb -a -s 'PHB 1' --json
	tells 5 '"message": "PHB is already owned by this partition"'
	guest drmgr -c phb -r -s 'PHB 1' --json
	tells 0
	guest drmgr -c phb -r -s 'PHB 1' --json
	tells 3
	host device_del '{"id": "phb1"}'
	guest drmgr -c phb -a -q 2 --json
	tells 255 '"requested": 2'
	guest drmgr -c slot -r -s NOPE --json
	tells 3
	guest drmgr -c acc -t gzip -q 1 --json
	tells 255 '"name": "gzip"' '"index": null'
}

@test "documents of capabilities, of a bad command line, of usage" {
	guest -0 drmgr -C --json
	assert_stdout_line --regexp '"slot_dlpar": (true|false)'
	guest drmgr --json -Z
	tells 255 "\"message\": \"Invalid option specified 'Z'\""
	guest drmgr --json -c pci -a -s C8
	tells 255 '"message": "--json never prompts: specify -n as well"'
	guest drmgr --json -c pci -h
	tells 0 '"action": "none"'
	guest drmgr -c pci -a 1 --json
	tells 0 "\"ignoring argument '1'\""
}

@test "the document of a busy lock" {
	plug n0 virtio-net-pci 1 "$nic"
	# A hook runs while drmgr holds the lock.
	guest_sh 'umask 022; mkdir -p /etc/drmgr.d/pci; cd /etc/drmgr.d/pci; mkfifo /tmp/go
		printf "#!/bin/sh\n: >/tmp/held; read line </tmp/go\n" >hold; chmod 755 hold
		drmgr -c pci -a -s C8 -n >/tmp/first 2>&1 & echo $! >/tmp/pid
		wait_until "[ -e /tmp/held ]"'
	guest drmgr -c pci -a -s C8 -n --json
	guest_sh 'rm /etc/drmgr.d/pci/hold; echo >/tmp/go; echo >/tmp/go &
		wait_until "[ ! -d /proc/$(cat /tmp/pid) ]"; kill $!; rmdir /etc/drmgr.d/pci; :'
	guest true
}

@test "documents of --recover: an interrupted run undone, nothing to undo" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -137 /usr/lib/guest/killat 12 drmgr -c pci -a -s C8 -n
	guest drmgr --recover --json
	tells 0 '"recovered": true' '"type": "none"'
	guest drmgr --recover --json
	tells 0 '"recovered": false'
}

# Firmware fails, and all later calls fail too.
@test "the document of a failed undo" {
	plug n0 virtio-net-pci 1 "$nic"
	host x-papr-fault '{"call": "set-indicator", "nth": 3, "status": -1, "count": 0}'
	guest drmgr -c pci -a -s C8 -n --json
	host x-papr-fault-clear
	tells 65 '"undo": "incomplete"' '"step": "unisolate"' '"call": "set-indicator.*' \
		'"status": -1'
	guest drmgr --recover --json
	tells 0 '"recovered": true'
}
