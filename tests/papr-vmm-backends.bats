#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What devices of papr-vmm refer to: networks, disks, threads, memory. The replies are those
# of QEMU 7.2.

bats_require_minimum_version 1.5.0
load papr-vmm

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

@test "networks are named, in use, and removed" {
	start -netdev user,id=n0 -netdev '{"type": "user", "id": "n1"}' -device virtio-net-pci,netdev=n0,id=nic0
	replies <<-'ROWS'
		Duplicate ID 'n0'|netdev_add|{"type": "user", "id": "n0"}
		Parameter 'type' does not accept value 'zz'|netdev_add|{"type": "zz", "id": "n0"}
		Parameter 'type' is missing|netdev_add|{"id": "n0"}
		Parameter 'id' is missing|netdev_add|{"type": "user"}
		Device 'zz' not found|netdev_del|{"id": "zz"}
		Property 'virtio-net-device.netdev' can't find value 'zz'|device_add|{"driver": "virtio-net-pci", "netdev": "zz"}
		Property 'e1000.netdev' can't find value 'zz'|device_add|{"driver": "e1000", "netdev": "zz"}
		Property 'virtio-net-device.netdev' can't take value 'n0', it's in use|device_add|{"driver": "virtio-net-pci", "netdev": "n0"}
		ok|netdev_del|{"id": "n1"}
		ok|netdev_add|{"type": "tap", "id": "n1", "fd": "9", "vhost": true}
		ok|device_add|{"driver": "virtio-net-pci", "netdev": "n1", "id": "nic1"}
		ok|netdev_del|{"id": "n0"}
		Device 'n0' not found|netdev_del|{"id": "n0"}
	ROWS
}

# The guest has not started: a card leaves at once.
@test "a backend is free when its device is deleted" {
	start -object rng-builtin,id=r0 -netdev user,id=n0 -blockdev null-co,node-name=b0 \
		-device virtio-net-pci,netdev=n0,id=nic0 -device virtio-rng-pci,rng=r0,id=rng0 \
		-device virtio-blk-pci,drive=b0,id=d0
	replies <<-'ROWS'
		object 'r0' is in use, can not be deleted|object-del|{"id": "r0"}
		Node b0 is in use|blockdev-del|{"node-name": "b0"}
		ok|device_del|{"id": "nic0"}
		ok|device_del|{"id": "rng0"}
		ok|device_del|{"id": "d0"}
		ok|system_reset|{}
		ok|device_add|{"driver": "virtio-net-pci", "netdev": "n0", "id": "nic0"}
		ok|object-del|{"id": "r0"}
		ok|blockdev-del|{"node-name": "b0"}
	ROWS
}

@test "disks are named, listed, and refer to each other" {
	start -blockdev null-co,node-name=b0,size=4096 -drive "if=none,id=dr0,file=$BASH_SOURCE,format=raw" \
		-drive if=none,id=cd -device virtio-blk-pci,drive=b0,id=d0 \
		-blockdev '{"driver":"file","filename":"/dev/null","node-name":"s","cache":{"direct":false}}' \
		-blockdev '{"driver":"qcow2","node-name":"f","file":"s","read-only":true}'
	replies <<-'ROWS'
		Failed to find node with node-name='zz'|blockdev-del|{"node-name": "zz"}
		Failed to find node with node-name='dr0'|blockdev-del|{"node-name": "dr0"}
		Duplicate nodes with node-name='b0'|blockdev-add|{"driver": "null-co", "node-name": "b0"}
		Parameter 'driver' does not accept value 'zz'|blockdev-add|{"driver": "zz", "node-name": "b5"}
		'node-name' must be specified for the root node|blockdev-add|{"driver": "null-co"}
		Could not open '/no/such': No such file or directory|blockdev-add|{"driver": "file", "node-name": "x", "filename": "/no/such"}
		Cannot find device='' nor node-name='zz'|blockdev-add|{"driver": "raw", "node-name": "x", "file": "zz"}
		Property 'virtio-blk-device.drive' can't find value 'zz'|device_add|{"driver": "virtio-blk-pci", "drive": "zz"}
		Node s is in use|blockdev-del|{"node-name": "s"}
		ok|device_add|{"driver": "virtio-blk-pci", "drive": "dr0", "id": "d1"}
		ok|blockdev-del|{"node-name": "f"}
		ok|blockdev-del|{"node-name": "s"}
	ROWS
	run qmp_run query-block
	assert_output --regexp '"device": "dr0", "inserted": .*"qdev": "/machine/peripheral/d1'
	assert_output --regexp '"device": "cd", "locked": false, "removable": true, "type": "unknown"'
	assert_output --regexp '"node-name": "b0".*"virtual-size": 4096|"virtual-size": 4096.*"node-name": "b0"'
	run qmp_run query-named-block-nodes
	assert_output --partial '"node-name": "b0"'
	refute_output --partial '"node-name": "f"'
}

@test "objects are of several types, and memory is the machine's or a module's" {
	echo secret >"$BATS_TEST_TMPDIR/key"
	start -M memory-backend=ram -object '{"qom-type":"memory-backend-ram","id":"ram","size":1073741824}' \
		-m 1G,slots=4,maxmem=4G -object iothread,id=io0,poll-max-ns=7 -object rng-random,id=r0 \
		-object "{\"qom-type\":\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\",\"file\":\"key\"}" \
		-object memory-backend-memfd,id=m0,size=256M,hugetlb=off -device pc-dimm,memdev=m0,id=d0 \
		-object memory-backend-file,id=m1,size=256M,mem-path=/dev/shm,share=on
	run qmp_run query-memdev
	assert_output --regexp '"id": "ram", .*"size": 1073741824.*"id": "m0", .*"share": true.*"id": "m1"'
	refute_output --partial ppc_spapr.ram
	run qmp_run query-iothreads
	assert_output --regexp '"id": "io0", .*"poll-max-ns": 7, .*"thread-id": null'
	replies <<-'ROWS'
		Parameter 'qom-type' does not accept value 'zz'|object-add|{"qom-type": "zz", "id": "io0"}
		attempt to add duplicate property 'io0' to object (type 'container')|object-add|{"qom-type": "iothread", "id": "io0"}
		Either 'file' or 'data' must be provided|object-add|{"qom-type": "secret", "id": "s"}
		'file' and 'data' are mutually exclusive|object-add|{"qom-type": "secret", "id": "s", "file": "a", "data": "b"}
		Parameter 'mem-path' is missing|object-add|{"qom-type": "memory-backend-file", "id": "s", "size": 268435456}
		object 'zz' not found|object-del|{"id": "zz"}
		object 'ram' is in use, can not be deleted|object-del|{"id": "ram"}
		Cannot delete host memory backend 'm0' which is mapped|object-del|{"id": "m0"}
		Device 'zz' not found|device_add|{"driver": "virtio-rng-pci", "rng": "zz"}
		Device 'zz' not found|device_add|{"driver": "virtio-blk-pci", "iothread": "zz"}
		ok|device_add|{"driver": "pc-dimm", "memdev": "m1", "id": "d1"}
		ok|object-del|{"id": "r0"}
	ROWS
	run qmp_run query-memory-devices
	assert_output --partial '"memdev": "/objects/m1"'
	stop
	[ "$(<key)" = secret ]
}

# Row: nodes of /vdevice, options.
@test "-nic, -net nic, -cdrom and -drive add network cards and SCSI adapters" {
	local nodes options

	while IFS='|' read -r nodes options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 "$papr_vmm" -nodefaults $options \
			run -- sh -c 'cd /proc/device-tree/vdevice && echo *@*' 3>&- </dev/null
		echo "$options: $status, $output, $stderr"
		assert_equal "$output" "$nodes"
	done <<-'ROWS'
		nvram@71000000|-net none -nic none -drive if=none
		l-lan@71000001 nvram@71000000|-nic user
		l-lan@71000001 nvram@71000000 v-scsi@71000002 v-scsi@71000003|-device spapr-vscsi -net user -cdrom /dev/null -net nic,model=ibmveth
		nvram@71000000 v-scsi@71000001 v-scsi@71000002|-drive file= -drive index=7
		l-lan@71000001 nvram@71000000|-nic user,model=virtio -nic tap,model=spapr-vlan,mac=52:54:00:00:00:01
	ROWS
}

# Row: message, options.
@test "wrong backends are refused at start" {
	local message options

	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 10 "$papr_vmm" $options </dev/null
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		-netdev zz: Parameter 'type' does not accept value 'zz'|-netdev zz,id=n
		-netdev user: Parameter 'id' is missing|-netdev user
		-netdev user: Duplicate ID 'n'|-netdev user,id=n -netdev user,id=n
		-device virtio-net-pci: Property 'virtio-net-device.netdev' can't find value 'zz'|-device virtio-net-pci,netdev=zz
		-device virtio-blk-pci: Property 'virtio-blk-device.drive' can't find value 'no'|-device virtio-blk-pci,drive=no
		-drive zz: unsupported bus type 'zz'|-drive if=zz
		-drive /no/such: Could not open '/no/such': No such file or directory|-drive file=/no/such,if=none,id=d
		-drive /no/such: Could not open '/no/such': No such file or directory|-cdrom /no/such
		drive with bus=0, unit=2 (index=2) exists|-cdrom /dev/null -drive index=2
		unit 7 too big (max is 6)|-drive unit=7
		bus 128 too big (max is 127)|-drive bus=128
		index cannot be used with bus and unit|-drive index=1,unit=1
		Unsupported NIC model: zz|-nic user,model=zz
		Unsupported NIC model: nvme|-net nic,model=nvme
		-blockdev null-co: 'node-name' must be specified for the root node|-blockdev null-co
		-object rng-random: Could not open '/no/such': No such file or directory|-object rng-random,id=r,filename=/no/such
		-object zz: Parameter 'qom-type' does not accept value 'zz'|-object zz,id=x
		-blockdev {: JSON parse error|-blockdev {
		Memory backend 'zz' not found|-M memory-backend=zz
		Machine memory size does not match the size of the memory backend|-M memory-backend=m -object memory-backend-ram,id=m,size=1G
	ROWS
	run --separate-stderr timeout 20 "$papr_vmm" run --plug virtio-blk-pci,drive=no -- true
	assert_failure 125
	assert_equal "$stderr" "papr-vmm: --plug virtio-blk-pci,drive=no: Property 'virtio-blk-device.drive' can't find value 'no'"
}

# Row: reply, command line. \r\n is as in JSON.
monitor()
{
	local reply line

	while IFS='|' read -r reply line; do
		run qmp_run human-monitor-command "{\"command-line\": \"$line\"}"
		echo "$line: $output"
		assert_output "{ \"return\": \"$reply\" }"
	done
}

@test "the monitor adds and removes drives, with QEMU's texts" {
	start -drive if=none,id=e0 -blockdev null-co,node-name=b0 -blockdev null-co,node-name=b1 \
		-device virtio-blk-pci,drive=b1,id=d1
	monitor <<-'ROWS'
		OK\r\n|drive_add 0 if=none,id=n0,file=null-co://,file.read-zeroes=on,format=raw
		Duplicate ID 'n0' for drive\r\n|drive_add 0 if=none,id=n0
		OK\r\n|drive_add  0   if=none
		Can't hot-add drive to type 2\r\n|drive_add 0 id=x
		Can't hot-add drive to type 7\r\n|drive_add 0 if=virtio,id=x
		unsupported bus type 'zz'\r\n|drive_add 0 if=zz,id=x
		Could not open '/no/such': No such file or directory\r\n|drive_add 0 if=none,id=x,file=/no/such
		Unknown driver 'zz'\r\n|drive_add 0 if=none,id=x,file=null-co://,format=zz
		drive_add: string expected\r\nTry \"help drive_add\" for more information\r\n|drive_add 0
		drive_add: string expected\r\nTry \"help drive_add\" for more information\r\n|drive_add
		drive_add: string expected\r\nTry \"help drive_add\" for more information\r\n|drive_add -n
		'node-name' needs to be specified\r\n|drive_add -n 0 driver=null-co
		|drive_add -n 0 driver=null-co,node-name=b2
		|drive_del b2
		drive_del: block device name expected\r\nTry \"help drive_del\" for more information\r\n|drive_del
		Device 'zz' not found\r\n|drive_del zz
		Node b1 is in use\r\n|drive_del b1
		|drive_del e0
		Device 'e0' not found\r\n|drive_del e0
		OK\r\n|drive_add 0 if=none,id=e0
	ROWS
	run qmp_run human-monitor-command '{"command-line": "drive_add 0 format=help"}'
	assert_output --partial 'Supported formats: blkdebug '
}

# A drive ends with its device, a node does not.
@test "a drive has one device, which may lose it; a disk needs a medium" {
	start -drive if=none,id=e0 -drive if=none,id=n0,file=null-co://,format=raw -blockdev null-co,node-name=b0 \
		-device virtio-scsi-pci,id=s -device virtio-scsi-pci,id=m
	replies <<-'ROWS'
		Device needs media, but drive is empty|device_add|{"driver": "virtio-blk-pci", "drive": "e0"}
		Device needs media, but drive is empty|device_add|{"driver": "scsi-hd", "drive": "e0"}
		Property 'scsi-hd.drive' can't find value 'zz'|device_add|{"driver": "scsi-hd", "drive": "zz"}
		drive property not set|device_add|{"driver": "scsi-hd"}
		ok|device_add|{"driver": "scsi-cd", "drive": "e0", "id": "c0"}
		ok|device_add|{"driver": "scsi-hd", "drive": "n0", "id": "h0", "bus": "m.0"}
		ok|device_add|{"driver": "scsi-cd", "id": "c1"}
		Drive 'n0' is already in use by another device|device_add|{"driver": "scsi-cd", "drive": "n0"}
	ROWS
	run qmp_run query-block
	assert_output --regexp '"device": "e0", "io-status": "ok", "locked": false, "qdev": "c0", "removable": true, "tray_open": false, "type"'
	assert_output --regexp '"device": "", [^}]*"qdev": "c1"'
	assert_output --regexp '"device": "n0", "inserted": .*"virtual-size": 1073741824 .*"removable": false'
	monitor <<<'|drive_del n0'
	run qmp_run query-block
	refute_output --partial '"n0"'
	assert_output --regexp '"device": "", "locked": false, "qdev": "/machine/peripheral/h0", "removable": false'
	replies <<-'ROWS'
		ok|device_del|{"id": "h0"}
		ok|device_del|{"id": "c0"}
		ok|device_del|{"id": "c1"}
	ROWS
	run qmp_run query-block
	assert_output '{ "return": [ ] }'
	monitor <<<"Device 'e0' not found\\r\\n|drive_del e0"
}

@test "a node can describe the one below it" {
	start
	replies <<-'ROWS'
		ok|blockdev-add|{"driver": "raw", "node-name": "b0", "file": {"driver": "null-co", "read-zeroes": true}}
		ok|blockdev-add|{"driver": "blkdebug", "node-name": "b1", "config": "/dev/null", "image": "b0"}
		Parameter 'driver' does not accept value 'zz'|blockdev-add|{"driver": "raw", "node-name": "x", "file": {"driver": "zz"}}
		Could not open '/no/such': No such file or directory|blockdev-add|{"driver": "raw", "node-name": "x", "file": {"driver": "file", "filename": "/no/such"}}
		Parameter 'filename' is missing|blockdev-add|{"driver": "raw", "node-name": "x", "file": {"driver": "file"}}
		Could not read blkdebug config file: No such file or directory|blockdev-add|{"driver": "blkdebug", "node-name": "x", "config": "/no/such", "image": "b0"}
		Node b0 is in use|blockdev-del|{"node-name": "b0"}
		ok|blockdev-del|{"node-name": "b1"}
		ok|blockdev-del|{"node-name": "b0"}
	ROWS
}

@test "a card for sound has the driver of -audio, -audiodev, or the default" {
	start -audiodev none,id=a -device AC97,audiodev=a,id=s0
	replies <<-'ROWS'
		Property 'AC97.audiodev' can't find value 'zz'|device_add|{"driver": "AC97", "audiodev": "zz"}
		no default audio driver available|device_add|{"driver": "ES1370"}
		ok|device_add|{"driver": "ES1370", "audiodev": "a"}
	ROWS
	stop
	start -audio none -device ES1370,id=s0
	run qmp_run qom-list '{"path": "/machine/peripheral"}'
	assert_output --partial '"name": "s0"'
}

@test "qom-list has all objects and devices" {
	start -object rng-builtin,id=r0 -device virtio-net-pci,id=t0
	run qmp_run qom-list '{"path": "/objects"}'
	assert_output --partial '"name": "r0", "type": "child<rng-builtin>"'
	assert_output --partial '"name": "ppc_spapr.ram", "type": "child<memory-backend-ram>"'
	run qmp_run qom-list '{"path": "/machine/peripheral"}'
	assert_output --partial '"name": "t0", "type": "child<virtio-net-pci>"'
}

# The guest reads what the file has, and the file has at once what the guest stores.
@test "the content of the NVRAM is in a file" {
	local options

	while read -r options; do
		echo "$options"
		cd "$BATS_TEST_TMPDIR"
		head -c 65536 /dev/zero >nvram
		printf before | dd of=nvram bs=1 seek=32 conv=notrunc status=none
		# shellcheck disable=SC2086 # several options
		start $options
		run qtest 'writel 0x1000 32' 'writel 0x1004 0x8000' 'writel 0x1008 6' \
			'rtas nvram-fetch 3 0x1000 2 0x2000' 'read 0x8000 6' \
			'write 0x8000 6 0x616674657221' 'rtas nvram-store 3 0x1000 2 0x2000'
		assert_line 'OK 0x6265666f7265'
		run dd if=nvram bs=1 skip=32 count=6 status=none
		assert_output 'after!'
		stop || :
		rm -f qmp qtest
	done <<-'ROWS'
		-pflash nvram
		-drive if=pflash,format=raw,file=nvram
		-drive id=n,if=none,format=raw,file=nvram -global spapr-nvram.drive=n
		-blockdev driver=file,filename=nvram,node-name=n -global driver=spapr-nvram,property=drive,value=n
		-blockdev driver=file,filename=nvram,node-name=f -blockdev driver=raw,file=f,node-name=n -global spapr-nvram.drive=n
	ROWS
}

@test "files that are no NVRAM are refused" {
	local message options

	head -c 1024 /dev/zero >"$BATS_TEST_TMPDIR/short"
	while IFS='|' read -r message options; do
		echo "$options"
		# shellcheck disable=SC2086 # several options
		run "$papr_vmm" ${options//DIR/$BATS_TEST_TMPDIR} -display none
		assert_failure 125
		assert_output --partial "$message"
	done <<-'ROWS'
		the NVRAM has 65536 bytes, not 1024|-pflash DIR/short
		No such file or directory|-pflash DIR/missing
		can't find value 'zz'|-global spapr-nvram.drive=zz
		must have the format raw, not qcow2|-drive if=pflash,format=qcow2,file=DIR/short
		has no file|-drive if=pflash
		cannot have readonly=on|-drive if=pflash,format=raw,readonly=on,file=DIR/short
		cannot have snapshot=on|-drive if=pflash,format=raw,snapshot=on,file=DIR/short
		cannot have -snapshot; it can have snapshot=off|-snapshot -pflash DIR/short
		cannot have -snapshot; it can have snapshot=off|-snapshot -drive id=n,if=none,format=raw,file=DIR/short -global spapr-nvram.drive=n
		not 1024|-snapshot -drive if=pflash,format=raw,snapshot=off,file=DIR/short
		cannot have read-only=on|-blockdev driver=file,filename=DIR/short,read-only=on,node-name=n -global spapr-nvram.drive=n
		cannot have read-only=on|-blockdev driver=file,filename=DIR/short,node-name=f -blockdev driver=raw,file=f,read-only=on,node-name=n -global spapr-nvram.drive=n
		has one drive with if=pflash|-pflash DIR/short -pflash DIR/short
	ROWS
}
