#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm papr-vmm
# papr-vmm's command line and its sockets in the file system.

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

# Another processor cannot run the guest. A Power machine asks for what is missing first.
@test "-accel kvm is refused in one line where it cannot run a guest" {
	local row options message

	if "$papr_vmm" -accel kvm 2>&1 | grep -q 'needs a Linux host'; then
		message='needs a Linux host with a ppc64le processor; use tcg or qtest'
		for options in '-accel kvm' '-accel kvm -kernel /dev/null' '-accel kvm run -- true'; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr timeout 60 "$papr_vmm" $options </dev/null
			assert_equal "$status" 125
			assert_output ''
			assert_regex "$stderr" "^papr-vmm: -(accel|M) [^ ]*kvm[^ ]*: $message\$"
		done
		return
	fi
	for row in '-accel kvm|-accel kvm: a guest needs a kernel; use -kernel FILE' \
		"-accel kvm -kernel x run -- true|-accel kvm: 'run' simulates a guest; use it without this option" \
		"-accel kvm -kernel x -bios y|-bios y: with -accel kvm the firmware is papr-vmm's own"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 "$papr_vmm" ${row%%|*} </dev/null
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: ${row#*|}"
	done
}

@test "help and version take precedence over other options" {
	run --separate-stderr "$papr_vmm" -frob --help
	assert_success
	assert_line --index 0 'Usage: papr-vmm [option]...'
	assert_equal "$stderr" ''
	run --separate-stderr "$papr_vmm" -m 4G --version
	assert_success
	assert_output --regexp '^papr-vmm \(papr-toolkit\) [0-9]'
	run "$papr_vmm" --version -m
	assert_success
	run --separate-stderr bash -c "'$papr_vmm' --help >/dev/full"
	assert_failure 125
}

@test "help as a value lists what exists, and all of it is accepted" {
	local word rest

	run --separate-stderr "$papr_vmm" -M help
	assert_success
	assert_line --index 0 'Supported machines are:'
	assert_line --regexp '^pseries +.*alias of pseries-10.0.*default'
	tail -n +2 <<<"$output" | while read -r word rest; do
		run "$papr_vmm" -cpu help -M "$word"
		assert_line --regexp '^  power[0-9]+ \(default\)$'
	done
	run --separate-stderr "$papr_vmm" -M pseries-7.2 -cpu '?' -device no-such-thing
	assert_success
	assert_output "$(printf '%s\n' 'Available CPUs of pseries-7.2:' '  power8' '  power9 (default)' '  power10')"
	run --separate-stderr "$papr_vmm" -device help
	assert_success
	assert_line 'name "e1000", bus PCI, alias "e1000-82540em"'
	assert_line 'name "nvdimm"'
	assert_line --regexp 'not hot-pluggable$'
	run --separate-stderr "$papr_vmm" -object help
	assert_success
	assert_line '  memory-backend-ram'
	assert_equal "$stderr" ''
	run --separate-stderr "$papr_vmm" -device help run -- false
	assert_success
	run --separate-stderr bash -c "'$papr_vmm' -device help >/dev/full"
	assert_failure 125
}

# Row: message, options.
@test "wrong options are one line and status 125" {
	local message options

	cd "$BATS_TEST_TMPDIR"
	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 "$papr_vmm" $options </dev/null
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_output ''
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		-frob: invalid option|-frob
		--frob: invalid option|--frob
		-snapshot: invalid option|-snapshot
		-hda: invalid option|-hda x
		-m: requires an argument|-m
		-M foo: unsupported machine type 'foo'|-M foo
		-M pseries,foo=on: Property 'pseries-machine.foo' not found|-M pseries,foo=on
		-M pseries,cap-htm=on: Property 'pseries-machine.cap-htm' not found|-M pseries,cap-htm=on
		-M pseries,nvdimm=zz: Parameter 'nvdimm' expects 'on' or 'off'|-M pseries,nvdimm=zz
		-M pseries,x-vof=maybe: Parameter 'x-vof' expects 'on' or 'off'|-M pseries,x-vof=maybe
		-M x-cas-reply=half: Invalid value "half" for x-cas-reply: use full or diff|-M x-cas-reply=half
		-M x-drmem=3: Invalid value "3" for x-drmem: use 1 or 2|-M x-drmem=3
		-M x-drmem=v1: Invalid value "v1" for x-drmem: use 1 or 2|-M x-drmem=v1
		-M x-cc-delay=7: Invalid value "7" for x-cc-delay: use -2, or 9900 to 9905|-M x-cc-delay=7
		-M x-cc-page=1: Invalid value "1" for x-cc-page: use 64 to 4096|-M x-cc-page=1
		-accel xen: invalid accelerator 'xen': use kvm, tcg or qtest|-accel xen
		-m 4Q: Parameter 'size' expects a size, such as 4G|-m 4Q
		-m 300: Memory size 0x12c00000 is not aligned to 256 MiB|-m 300
		-m 0: Memory size 0x0 is not aligned to 256 MiB|-m 0
		-m 4G,maxmem=2G: invalid value of maxmem: maximum memory size (0x80000000) must be at least the initial memory size (0x100000000)|-m 4G,maxmem=2G
		-m 4G,slots=3: slots specified but no max-size|-m 4G,slots=3
		-m 1G,slots=x,maxmem=2G: Parameter 'slots' expects a number|-m 1G,slots=x,maxmem=2G
		-m 1G,foo=3: Invalid parameter 'foo'|-m 1G,foo=3
		-m 99999999999999999999G: Parameter 'size' expects a size, such as 4G|-m 99999999999999999999G
		-smp x: Parameter 'smp.cpus' expects integer|-smp x
		-smp 4,foo=3: Parameter 'smp.foo' is unexpected|-smp 4,foo=3
		-smp 4,maxcpus=2: Invalid CPU topology: maxcpus must be equal to or greater than smp: sockets (1) * cores (2) * threads (1) == maxcpus (2) < smp_cpus (4)|-smp 4,maxcpus=2
		-smp 4,cores=3: Invalid CPU topology: product of the hierarchy must match maxcpus: sockets (1) * cores (3) * threads (1) != maxcpus (4)|-smp 4,cores=3
		-smp 4,threads=16: Invalid CPU topology: product of the hierarchy must match maxcpus: sockets (1) * cores (0) * threads (16) != maxcpus (4)|-smp 4,threads=16
		-smp 4,dies=2: dies not supported by this machine's CPU topology|-smp 4,dies=2
		-smp 9,maxcpus=5000: Invalid SMP CPUs 5000. The max CPUs supported by machine 'pseries-10.0' is 4096|-smp 9,maxcpus=5000
		-smp maxcpus=8,cores=3: Invalid CPU topology: product of the hierarchy must match maxcpus: sockets (2) * cores (3) * threads (1) != maxcpus (8)|-smp 2 -smp maxcpus=8,cores=3
		-numa nodeid=0: Parameter 'type' is missing|-numa nodeid=0
		-numa foo: Parameter 'type' does not accept value 'foo'|-numa foo
		-numa node,foo=1: Invalid parameter 'foo'|-numa node,foo=1
		-numa node,nodeid=x: Parameter 'nodeid' expects a uint64 value|-numa node,nodeid=x
		-numa node,nodeid=65536: Parameter 'nodeid' expects uint16_t|-numa node,nodeid=65536
		-numa node,nodeid=128: Max number of NUMA nodes reached: 128|-numa node,nodeid=128
		-numa node,nodeid=0: Duplicate NUMA nodeid: 0|-numa node -numa node,nodeid=0
		numa: Node ID missing: 1|-numa node -numa node,nodeid=2
		total memory for NUMA nodes (0x0) should equal RAM size (0x20000000)|-numa node
		-numa node,memdev=r: memdev=r is ambiguous|-numa node,memdev=r
		-numa node,mem=1G: Parameter -numa node,mem is not supported by this machine type; use -numa node,memdev instead|-numa node,mem=1G
		-numa node,cpus=1: CPU index (1) should be smaller than maxcpus (1)|-numa node,cpus=1
		-numa node,cpus=1: CPU is already assigned to node-id: 0|-smp 4 -numa node,cpus=0-1 -numa node,cpus=1
		-numa node,cpus=3-2: Parameter 'cpus' expects a uint64 value or range|-smp 4 -numa node,cpus=3-2
		-numa node,cpus=0-99999999999: Parameter 'cpus' expects a uint64 value or range|-smp 4 -numa node,cpus=0-99999999999
		-numa dist,src=0,dst=1: Parameter 'val' is missing|-numa dist,src=0,dst=1
		-numa dist,src=0,dst=1,val=300: Parameter 'val' expects uint8_t|-numa dist,src=0,dst=1,val=300
		-numa dist,src=0,dst=200,val=30: Parameter 'dst' expects an integer between 0 and 127|-numa node -numa dist,src=0,dst=200,val=30
		-numa dist,src=0,dst=1,val=30: Source/Destination NUMA node is missing. Please use '-numa node' option to declare it first.|-numa node -numa dist,src=0,dst=1,val=30
		-numa dist,src=0,dst=0,val=5: NUMA distance (5) is invalid, it shouldn't be less than 10.|-numa node -numa dist,src=0,dst=0,val=5
		-numa dist,src=0,dst=0,val=20: Local distance of node 0 should be 10.|-numa node -numa dist,src=0,dst=0,val=20
		-numa cpu,core-id=0: Missing mandatory node-id property|-numa cpu,core-id=0
		-numa cpu,node-id=1: Invalid node-id=1, NUMA node must be defined with -numa node,nodeid=ID before it's used with -numa cpu,node-id=ID|-numa node -numa cpu,node-id=1
		-numa cpu,node-id=0,core-id=9: no match found|-numa node -numa cpu,node-id=0,core-id=9
		-numa cpu,node-id=0,core-id=x: Parameter 'core-id' expects a uint64 value|-numa node -numa cpu,node-id=0,core-id=x
		-numa cpu,node-id=0,thread-id=0: Invalid parameter 'thread-id'|-numa node -numa cpu,node-id=0,thread-id=0
		-cpu foo: unable to find CPU model 'foo'|-cpu foo
		-cpu power11: unable to find CPU model 'power11'|-cpu power11 -M pseries-7.2
		-uuid 12: failed to parse UUID string: wrong format|-uuid 12
		-rtc base=foo: invalid datetime format 'foo', not as 2006-06-17T16:01:21 or 2006-06-17|-rtc base=foo
		-rtc clock=foo: invalid option value 'foo'|-rtc clock=foo
		-action foo=bar: Invalid parameter 'foo'|-action foo=bar
		-action panic=foo: Parameter 'panic' does not accept value 'foo'|-action panic=foo
		-device id=x: Parameter 'driver' is missing|-device id=x
		-device foo: 'foo' is not a valid device model name|-device foo
		-device virtio-net-pci: Property 'virtio-net-pci.foo' not found|-device virtio-net-pci,foo=1
		-device e1000: Property 'e1000.bootindex' not found|-device e1000,bootindex=abc
		-device virtio-net-pci: disable-modern=on is not supported: each card has the modern interface|-device virtio-net-pci,disable-modern=on
		-device virtio-net-pci: vectors=0 is not supported: each card has MSI-X|-device virtio-net-pci,vectors=0
		-device virtio-net-pci: Parameter 'disable-legacy' does not accept value 'zz'|-device virtio-net-pci,disable-legacy=zz
		-device virtio-rng-pci: VIRTIO_F_IOMMU_PLATFORM was supported by neither legacy nor transitional device|-device virtio-rng-pci,iommu_platform=on
		-device pci-bridge: PCI Bridge lacks a "chassis_nr" property|-device pci-bridge
		-device nvme: serial property not set|-device nvme
		-device {: JSON parse error|-device {
		-object id=m: Parameter 'qom-type' is missing|-object id=m
		-object memory-backend-ram: Parameter 'size' is missing|-object memory-backend-ram,id=m
		-qmp unix:: UNIX socket path '' is too long or empty|-qmp unix:
		-qmp unix:x,server=perhaps: Parameter 'server' expects 'on' or 'off'|-qmp unix:x,server=perhaps
		-qmp unix:x,frob=1: Invalid parameter 'frob'|-qmp unix:x,frob=1
		-mon: chardev "x" not found|-mon x,mode=control
		-serial foo: 'foo' is not a valid char driver; use unix:PATH, fd:N, stdio or null|-serial foo
		-display gtk: 'gtk' is not supported, only 'none'|-display gtk
		no-such: No such file or directory|-kernel no-such
		.: Invalid argument|-initrd .
		no-such: No such file or directory|-bios no-such
		.: Invalid argument|-bios .
		no-such: No such file or directory|-qmp unix:no-such
	ROWS
}

@test "correct sizes, topologies and types are accepted" {
	local options

	for options in '-m 1.5G' '-m size=512M' '-m 512' '-m 1G,slots=32,maxmem=1T' '-smp 1' \
		'-smp 4,maxcpus=16' '-smp cpus=2,sockets=1,cores=4,threads=2,maxcpus=8' \
		'-cpu POWER9' '-cpu power10_v2.0' '-cpu power11' '-cpu power9_v2.0' \
		'-M cap-fwnmi=on' '-cpu power11 -M pseries-10.0' '-machine type=pseries -accel tcg' \
		'-M pseries,modern-hotplug-events=off,cap-cfpc=broken,cap-fwnmi=off' \
		'-M x-drc-info=on,x-drmem=2,x-epapr=on,x-cc-delay=9902,x-cc-extent=on,x-cc-page=512,x-cc-siblings=on' \
		'-M x-vof=on,x-cas-reply=diff -append a,b' '-uuid 00112233-4455-6677-8899-AABBCCDDEEFF' \
		'-name guest=a' '-rtc base=utc,clock=vm' \
		'-rtc base=localtime' '-action reboot=shutdown,shutdown=pause,panic=none' \
		'-netdev user,id=n -device virtio-net-pci,netdev=n' '-drive if=none,id=d' '-serial stdio' \
		'-nographic --no-reboot' \
		'-object memory-backend-ram,id=m,size=256M -m 1G,slots=1,maxmem=2G -device pc-dimm,memdev=m'; do
		# shellcheck disable=SC2086 # words
		start $options
		run qmp_run query-name
		echo "$options: $output"
		assert_output --partial '"return"'
		stop
	done
}

@test "a machine has the resources of its options" {
	start -m 1.5G,slots=4,maxmem=4G -smp 2,maxcpus=8,threads=2 -name 'a,,b' \
		-uuid 00112233-4455-6677-8899-aabbccddeeff \
		-device '{"driver": "virtio-rng-pci", "addr": "3", "id": "r1"}' \
		-device virtio-net-pci,mac=52:54:00:12:34:56,id=n1,addr=0x4
	run qmp <<-'END'
		{"execute": "query-name"}
		{"execute": "query-uuid"}
		{"execute": "query-memory-size-summary"}
		{"execute": "query-cpus-fast"}
	END
	assert_line --index 1 '{ "return": { "name": "a,b" } }'
	assert_line --index 3 --partial 00112233-4455-6677-8899-aabbccddeeff
	assert_line --index 5 --partial '"base-memory": 1610612736'
	assert_line --index 7 --regexp '"cpu-index": 0.*"cpu-index": 1'
	run qmp_run query-pci
	assert_output --regexp '"qdev_id": "r1".*"slot": 3.*"qdev_id": "n1".*"slot": 4'
}

@test "NUMA nodes have memory, cores and distances" {
	start -M pseries-7.2 -smp 2,maxcpus=6,cores=2 -m 1G,slots=4,maxmem=2G \
		-object memory-backend-ram,id=r0,size=256M -object memory-backend-ram,id=r1,size=768M \
		-object memory-backend-ram,id=m1,size=256M -device pc-dimm,memdev=m1,node=1,id=d1 \
		-numa node,memdev=r0 -numa node,memdev=r1 -numa node,nodeid=2 \
		-numa dist,src=0,dst=1,val=20 -numa dist,src=2,dst=1,val=40 -numa dist,src=0,dst=2,val=40
	run qmp <<-'END'
		{"execute": "query-hotpluggable-cpus"}
		{"execute": "query-cpus-fast"}
		{"execute": "query-memory-devices"}
		{"execute": "object-del", "arguments": {"id": "r1"}}
	END
	assert_line --index 1 --regexp '"core-id": 5, "node-id": 2 .*"core-id": 4, "node-id": 2 .*"core-id": 3, "node-id": 1 .*"core-id": 2, "node-id": 1 .*"core-id": 1, "node-id": 0 .*"core-id": 0, "node-id": 0 '
	assert_line --index 3 --partial '"core-id": 1, "node-id": 0 '
	assert_line --index 5 --partial '"node": 1'
	assert_line --index 7 --partial "object 'r1' is in use, can not be deleted"
}

@test "cores that no NUMA node has are in node 0, with a warning" {
	run timeout 60 "$papr_vmm" -smp 4 -m 1G -numa node,memdev=r0 -numa node,memdev=r1,cpus=2-3 \
		-object memory-backend-ram,id=r0,size=512M -object memory-backend-ram,id=r1,size=512M \
		run true
	assert_success
	assert_line 'papr-vmm: warning: CPU(s) not present in any NUMA nodes: CPU 0 [core-id: 0], CPU 1 [core-id: 1]'
}

@test "sockets are private, and removed at the end" {
	umask 000
	start
	qmp_run query-name
	[ "$(stat -c %a qmp)" = 600 ] && [ "$(stat -c %a qtest)" = 600 ]
	stop
	[ ! -e qmp ] && [ ! -e qtest ]
}

@test "only an unused socket is replaced" {
	cd "$BATS_TEST_TMPDIR"
	echo precious >file
	ln -s file link
	mkdir folder
	for path in file link folder; do
		run "$papr_vmm" -qmp "unix:$path,server=on,wait=off"
		assert_failure 125
		assert_output "papr-vmm: $path: Address already in use"
	done
	[ "$(<file)" = precious ]
	start
	qmp_run query-name
	run "$papr_vmm" -qmp unix:qmp,server=on,wait=off
	assert_failure 125
	assert_output 'papr-vmm: qmp: Address already in use'
	qmp_run query-name
	kill -9 "$machine"
	wait "$machine" || :
	[ -S qmp ]
	start
	run qmp_run query-name
	assert_output '{ "return": { } }'
}

@test "a socket that another program has replaced is not removed" {
	start
	qmp_run query-name
	rm qmp
	echo mine >qmp
	stop
	[ "$(<qmp)" = mine ]
}

@test "without wait=off the machine waits for a client" {
	cd "$BATS_TEST_TMPDIR"
	"$papr_vmm" -qmp unix:qmp,server=on >log 2>&1 3>&- &
	machine=$!
	run raw qmp 3 <<<'{"execute":"qmp_capabilities"}{"execute":"query-status"}'
	assert_line --partial '"running"'
	run cat log
	assert_output 'papr-vmm: qmp: waiting for a client'
	stop
	"$papr_vmm" -qmp unix:qmp,server >log 2>&1 3>&- &
	machine=$!
	wait_until '[ -S qmp ]'
	stop
}

@test "SIGTERM and SIGINT end papr-vmm in order" {
	local signal

	for signal in TERM INT HUP; do
		start
		: >said # remove the output of earlier runs
		"$client" -r -t 60000 qmp <<<'{"execute":"qmp_capabilities"}' >said &
		wait_until 'grep -q return said'
		kill -"$signal" "$machine"
		ended
		wait
		grep -q '"event": "SHUTDOWN", "data": { "guest": false, "reason": "host-signal" }' said
	done
}

@test "a chardev and a monitor are accepted as management programs write them" {
	cd "$BATS_TEST_TMPDIR"
	"$papr_vmm" -M pseries -chardev socket,id=m,path=qmp,server=on,wait=off \
		-mon chardev=m,mode=control -chardev null,id=c -device spapr-vty,chardev=c >log 2>&1 3>&- &
	machine=$!
	run qmp_run query-name
	assert_output '{ "return": { } }'
}

@test "-serial none removes the console" {
	start -serial none
	run qtest 'writel 0x1000 0x41' 'rtas display-character 1 0x1000 1 0x2000' 'read 0x2000 4'
	assert_line --index 2 'OK 0xffffffff'
}
