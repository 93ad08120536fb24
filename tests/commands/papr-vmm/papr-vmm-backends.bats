#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm papr-vmm
# What devices of papr-vmm refer to: networks, disks, sources of random numbers, memory.

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

# Row: reply, command, arguments. "ok" is an empty reply.
replies()
{
	local reply command arguments

	while IFS='|' read -r reply command arguments; do
		run qmp_run "$command" "$arguments"
		echo "$command $arguments: $output"
		if [ "$reply" = ok ]; then
			assert_line '{ "return": { } }'
		else
			assert_output --partial "\"desc\": \"$reply\""
		fi
	done
}

@test "backends have names, one device each, and are removed" {
	start -netdev user,id=n0 -netdev '{"type": "hubport", "id": "n1", "hubid": 0}' \
		-blockdev null-co,node-name=b0,size=4096 -drive "if=none,id=d0,format=raw,file=$BASH_SOURCE" \
		-object rng-builtin,id=r0 -device virtio-net-pci,netdev=n0,id=nic0
	replies <<-'ROWS'
		Duplicate ID 'n0'|netdev_add|{"type": "user", "id": "n0"}
		Duplicate ID 'd0'|blockdev-add|{"driver": "null-co", "node-name": "d0"}
		attempt to add duplicate property 'r0' to object (type 'container')|object-add|{"qom-type": "rng-builtin", "id": "r0"}
		Parameter 'type' does not accept value 'stream'|netdev_add|{"type": "stream", "id": "n2"}
		Parameter 'driver' does not accept value 'null'|blockdev-add|{"driver": "null", "node-name": "b1"}
		Parameter 'qom-type' does not accept value 'iothread'|object-add|{"qom-type": "iothread", "id": "r1"}
		Parameter 'type' is missing|netdev_add|{"id": "n2"}
		Parameter 'id' is missing|netdev_add|{"type": "user"}
		Parameter 'id' expects an identifier|netdev_add|{"type": "user", "id": "0"}
		Parameter 'node-name' is missing|blockdev-add|{"driver": "null-co"}
		Device 'zz' not found|netdev_del|{"id": "zz"}
		Device 'zz' not found|blockdev-del|{"node-name": "zz"}
		object 'zz' not found|object-del|{"id": "zz"}
		Property 'virtio-net-pci.netdev' can't find value 'zz'|device_add|{"driver": "virtio-net-pci", "netdev": "zz"}
		Property 'virtio-blk-pci.drive' can't find value 'n1'|device_add|{"driver": "virtio-blk-pci", "drive": "n1"}
		Property 'virtio-rng-pci.rng' can't find value 'zz'|device_add|{"driver": "virtio-rng-pci", "rng": "zz"}
		Property 'e1000.netdev' can't take value 'n0', it's in use|device_add|{"driver": "e1000", "netdev": "n0"}
		'n0' is in use|netdev_del|{"id": "n0"}
		ok|device_add|{"driver": "virtio-blk-pci", "drive": "d0"}
		'd0' is in use|blockdev-del|{"node-name": "d0"}
		ok|blockdev-del|{"node-name": "b0"}
		ok|object-del|{"id": "r0"}
		ok|object-add|{"qom-type": "rng-builtin", "id": "r0"}
		ok|netdev_del|{"id": "n1"}
		ok|netdev_add|{"type": "hubport", "id": "n1", "hubid": 0}
	ROWS
}

# The guest has not started: a card leaves at once.
@test "a backend is free when its device is deleted" {
	start -object rng-builtin,id=r0 -netdev user,id=n0 -blockdev null-co,node-name=b0 \
		-device virtio-net-pci,netdev=n0,id=nic0 -device virtio-rng-pci,rng=r0,id=rng0 \
		-device virtio-blk-pci,drive=b0,id=d0
	replies <<-'ROWS'
		object 'r0' is in use, can not be deleted|object-del|{"id": "r0"}
		ok|device_del|{"id": "nic0"}
		ok|device_del|{"id": "rng0"}
		ok|device_del|{"id": "d0"}
		ok|system_reset|{}
		ok|device_add|{"driver": "virtio-net-pci", "netdev": "n0", "id": "nic0"}
		ok|object-del|{"id": "r0"}
		ok|blockdev-del|{"node-name": "b0"}
	ROWS
}

@test "memory is a module's or a node's" {
	start -m 1G,slots=4,maxmem=4G -object '{"qom-type":"memory-backend-ram","id":"m0","size":268435456}' \
		-device pc-dimm,memdev=m0,id=d0 -object memory-backend-ram,id=m1,size=256M
	replies <<-'ROWS'
		attempt to add duplicate property 'm1' to object (type 'container')|object-add|{"qom-type": "memory-backend-ram", "id": "m1", "size": 268435456}
		Parameter 'size' is missing|object-add|{"qom-type": "memory-backend-ram", "id": "m2"}
		object 'm0' is in use, can not be deleted|object-del|{"id": "m0"}
		ok|device_add|{"driver": "pc-dimm", "memdev": "m1", "id": "d1"}
	ROWS
	run qmp_run query-memory-devices
	assert_output --partial '"memdev": "/objects/m1"'
}

# Row: message, options.
@test "wrong backends are refused at start" {
	local message options

	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 "$papr_vmm" $options </dev/null
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		-netdev zz: Parameter 'type' does not accept value 'zz'|-netdev zz,id=n
		-netdev user: Parameter 'id' is missing|-netdev user
		-netdev user: Duplicate ID 'n'|-netdev user,id=n -netdev user,id=n
		-device virtio-net-pci: Property 'virtio-net-pci.netdev' can't find value 'zz'|-device virtio-net-pci,netdev=zz
		-device virtio-blk-pci: Property 'virtio-blk-pci.drive' can't find value 'no'|-device virtio-blk-pci,drive=no
		-device virtio-blk-pci: Property 'virtio-blk-pci.drive' can't take value 'd', it's in use|-drive if=none,id=d -device virtio-blk-pci,drive=d -device virtio-blk-pci,drive=d
		-drive scsi: Parameter 'if' does not accept value 'scsi'|-drive if=scsi,id=d
		-drive d: Parameter 'if' is missing|-drive id=d
		-drive none: Parameter 'id' is missing|-drive if=none
		-drive none: Duplicate ID 'd'|-blockdev null-co,node-name=d -drive if=none,id=d
		-blockdev null-co: Parameter 'node-name' is missing|-blockdev null-co
		-object zz: Parameter 'qom-type' does not accept value 'zz'|-object zz,id=x
		-blockdev {: JSON parse error|-blockdev {
	ROWS
	run --separate-stderr timeout 60 "$papr_vmm" run --plug virtio-blk-pci,drive=no -- true
	assert_failure 125
	assert_equal "$stderr" "papr-vmm: --plug virtio-blk-pci,drive=no: Property 'virtio-blk-pci.drive' can't find value 'no'"
}
