#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm
# papr-vmm's QMP server: QEMU's answers, its own commands, and clients of all kinds.

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

machine_of_talks=(-M pseries-7.2,nvdimm=on -m 1G,slots=8,maxmem=4G
	-smp 1,maxcpus=4,cores=4,threads=1 -uuid 00112233-4455-6677-8899-aabbccddeeff
	-name stub -S)

# The conversations that were recorded with QEMU 7.2.
@test "it answers as QEMU does" {
	local file flags

	for file in "$top"/tests/data/golden/talks/qmp-*.txt; do
		echo "${file##*/}"
		read -r _ _ flags <"$file"
		start "${machine_of_talks[@]}"
		sed -n 's/^> //p' "$file" | "$client" -q ${flags:+"$flags"} qmp >talk
		diff -u "$file" talk
		stop
	done
}

@test "the greeting has the version" {
	start
	run raw qmp 1 </dev/null
	assert_output --regexp '^\{ "QMP": \{ "version": \{ "qemu": \{ "major": 10, "minor": 0, "micro": 0 \}, "package": "papr-toolkit [0-9.]+" \}, "capabilities": \[ \] \} \}$'
	run qmp_run query-version
	assert_output --regexp '"major": 10, "micro": 0, "minor": 0'
	stop
	start -M pseries-7.2
	run qmp_run query-version
	assert_output --regexp '"major": 7, "micro": 0, "minor": 2'
}

@test "machine types determine members of QMP" {
	start
	run qmp_run query-status
	refute_output --partial singlestep
	run qmp_run device_add '{"driver": 5}'
	assert_output --partial "Parameter 'driver' is missing"
	stop
	start -M pseries-7.2
	run qmp_run query-status
	assert_output --partial '"singlestep": false'
	run qmp_run device_add '{"driver": 5}'
	assert_output --partial "'5' is not a valid device model name"
}

@test "dumpdtb writes the device tree" {
	start
	run qmp_run dumpdtb '{"filename": "dtb"}'
	assert_output '{ "return": { } }'
	assert_equal "$(head -c 4 dtb | od -An -tx1 | tr -d ' \n')" d00dfeed
	run qmp_run dumpdtb '{"filename": "/nowhere/dtb"}'
	assert_output --partial '"error"'
}

@test "query-commands lists all commands" {
	start
	run qmp_run query-commands
	for command in device_add device_del dumpdtb object-add object-del query-hotpluggable-cpus \
		query-memory-devices query-memory-size-summary query-pci query-status query-version \
		query-commands query-name query-uuid query-cpus-fast system_reset system_powerdown \
		inject-nmi stop cont quit x-papr-fault x-papr-fault-clear x-papr-trace x-papr-inject-event \
		x-papr-drc x-papr-save x-papr-load x-papr-dump x-papr-firmware x-papr-indicator x-papr-memory; do
		assert_output --partial "{ \"name\": \"$command\" }"
	done
}

@test "strings in single quotes" {
	start
	run raw qmp 4 <<<$'{\'execute\':\'qmp_capabilities\'}{ \'execute\' : "query-name", \'id\': \'it\\\'s "\' }'
	assert_line --index 1 '{ "return": { } }'
	assert_line --index 2 '{ "return": { }, "id": "it'"'"'s \"" }'
}

@test "a value may have several lines, and a line several values" {
	start
	run raw qmp 4 <<<$'{"execute":\n"qmp_capabilities"\n}{"execute":"query-name"}\n{"execute":"query-uuid"}'
	assert_line --index 1 '{ "return": { } }'
	assert_line --index 2 '{ "return": { } }'
	assert_line --index 3 '{ "return": { "UUID": "00000000-0000-0000-0000-000000000000" } }'
}

@test "invalid input gets an error, and the next command works" {
	start
	head -c 200000 /dev/urandom | raw qmp 1 >/dev/null
	run qmp_run query-status
	assert_output --partial '"status": "running"'
}

# goes_on BYTES: the server refuses them. The next line is read.
goes_on()
{
	run raw qmp 3 < <(printf '%b\n{"execute":"none","id":"last"}' "$1")
	assert_equal "${#lines[@]}" 3
	assert_line --index 1 --regexp '"class": "GenericError", "desc": "(JSON: |QMP input must be a JSON object)'
	assert_line --index 2 --regexp '"class": "CommandNotFound", .*"id": "last"'
}

@test "input that is not JSON is refused, and the next line is read" {
	local bytes

	start
	for bytes in foo % - '}' ']' , : 5 '"a"' null '[1 2]' '[] {}' '{1:2}' '{"execute" "query-status"}' \
		'{"execute":}' '{execute:"query-status"}' "{'execute:1}" "{'a':NaN}" '{"a":18446744073709551616}' '{"a":{"b":}}' '{"execute":"a"]' \
		'{"execute":"a" @ } {"execute":"b"}' '{"a":1,}' '{"\\q":1}' '{"\\u00zz":1}' '{"\0":1}' '{"a' \
		'{"\x01' '\x01' '\xff' '{\xff' '{"\xff' '{"\xc3":1}' '{"\x80"' '\xc3\xa4'; do
		echo "$bytes"
		goes_on "$bytes"
	done
}

@test "a byte that is no JSON, and a line end, drop an incomplete command" {
	local bytes

	start
	for bytes in '{"execute":"qu' '{"execute":"quit"' '{"execute":"quit","a":[' '{"a":"\\\\'; do
		run raw qmp 3 < <(printf '%b\xff\n{"execute":"qmp_capabilities"}' "$bytes")
		assert_line --index 1 --partial '"desc": "JSON: invalid UTF-8"'
		assert_line --index 2 '{ "return": { } }'
	done
}

# trickle BYTE...: send one byte at a time, in the format of printf's %b.
trickle()
{
	local byte

	for byte in "$@"; do
		printf '%b' "$byte"
		read -rt 0.02 <> <(:) || :
	done
}

@test "a character or a command may arrive in pieces" {
	start
	run raw qmp 3 < <(trickle '{"execute":"\xc3' '\xa4\xe2' '\x82' '\xac"' '}' '{"exe' \
		'cute":"qmp_capabilities"' '}')
	assert_line --index 1 --partial 'Expecting capabilities negotiation'
	assert_line --index 2 '{ "return": { } }'
}

@test "depth and size have limits" {
	start
	goes_on "{\"a\":$(printf '%01024d' 0 | tr 0 '[')1"
	assert_output --partial 'more than 1024 levels'
	run raw qmp 3 < <(printf '{"id":'
		printf '%01023d' 0 | tr 0 '['
		printf '%01023d}{"execute":"qmp_capabilities"}' 0 | tr 0 ']')
	assert_line --index 1 --partial "QMP input lacks member 'execute'"
	assert_line --index 2 '{ "return": { } }'
}

@test "no capability can be enabled, and no command is out of band" {
	start
	run raw qmp 4 <<-'END'
		{"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}}
		{"execute": "qmp_capabilities"}
		{"exec-oob": "query-name"}
	END
	assert_line --index 1 --partial "Parameter 'enable' does not accept a capability"
	assert_line --index 2 '{ "return": { } }'
	assert_line --index 3 --partial "QMP input member 'exec-oob' is unexpected"
}

@test "a client may disconnect in the middle of a line" {
	start
	raw qmp 2 20 <<<'{"execute":"qmp_capabilities"}{"execute":"query-' >/dev/null
	raw qmp 3 20 <<<'{"execute":"qmp_capabilities"}{"execute":"query-name"}' >/dev/null
	run qmp_run query-name
	assert_output '{ "return": { } }'
}

@test "a second client waits until the first one disconnects" {
	start
	"$client" -r -t 10000 qmp </dev/null >first 3>&- &
	first=$!
	wait_until 'grep -q QMP first'
	run raw qmp 0 100 </dev/null
	assert_output ''
	kill "$first"
	run qmp_run query-status
	assert_output --partial running
}

@test "a client that does not read is disconnected, and others are served" {
	start
	for _ in {1..60000}; do
		echo '{"execute":"query-commands"}'
	done >many
	{ echo '{"execute":"qmp_capabilities"}'; cat many; } | timeout 3 "$client" -d -t 1000 qmp || :
	run qmp_run query-status
	assert_output --partial running
}

@test "a machine that stops, continues, is reset and ends sends events" {
	start -S
	run qmp <<-'END'
		{"execute": "cont"}
		{"execute": "stop"}
		{"execute": "system_reset"}
		{"execute": "system_powerdown"}
	END
	assert_line '{ "event": "RESUME" }'
	assert_line '{ "event": "STOP" }'
	assert_line '{ "data": { "guest": false, "reason": "host-qmp-system-reset" }, "event": "RESET" }'
	assert_line '{ "event": "POWERDOWN" }'
	run raw qmp 4 <<<'{"execute":"qmp_capabilities"}{"execute":"quit","id":9}'
	assert_line --index 2 --partial '"event": "SHUTDOWN", "data": { "guest": false, "reason": "host-qmp-quit" }'
	assert_line --index 3 '{ "return": { }, "id": 9 }'
	ended
	[ ! -e qmp ] && [ ! -e qtest ]
}

@test "a guest that panics, powers off or restarts sends events" {
	start -no-shutdown
	run during qtest 'writel 0x1000 0x3000' 'rtas system-reboot 0 0x1000 1 0x2000' \
		'rtas power-off 2 0x1000 1 0x2000'
	assert_output --partial '{ "guest": true, "reason": "guest-reset" }, "event": "RESET"'
	assert_output --partial '{ "guest": true, "reason": "guest-shutdown" }, "event": "SHUTDOWN"'
	run qmp_run query-status
	assert_output --partial '"status": "shutdown"'
	run qmp_run cont
	assert_output --partial 'Resetting the Virtual Machine is required'
	qmp_run system_reset
	run qmp_run query-status
	assert_output --partial '"status": "prelaunch"'
	qmp_run cont
	run during qtest 'rtas ibm,os-term 1 0x1000 1 0x2000'
	assert_output --partial '{ "action": "pause" }, "event": "GUEST_PANICKED"'
	assert_output --partial '"event": "STOP"'
	run qmp_run query-status
	assert_output --partial '"status": "guest-panicked"'
}

@test "without processors, nothing receives an NMI" {
	start
	run qmp_run inject-nmi
	assert_output --partial '"desc": "machine does not provide NMIs"'
}

@test "a guest's shutdown ends the program" {
	start
	qtest 'rtas power-off 2 0x1000 1 0x2000'
	ended
	start -no-reboot
	qtest 'rtas system-reboot 0 0x1000 1 0x2000'
	ended
}

@test "x-papr-drc reports connectors" {
	start -device virtio-rng-pci,id=r1,addr=2
	run qmp_run x-papr-drc '{"index": "0x40000010"}'
	assert_output '{ "return": { "dev": true, "indicator": 1, "name": "C16", "sense": 1, "state": 8, "type": "28", "unplug_requested": false } }'
	run qmp_run x-papr-drc '{"index": 1073741824}'
	assert_output '{ "return": { "dev": false, "indicator": 0, "name": "C0", "sense": 0, "state": 6, "type": "28", "unplug_requested": false } }'
	run qmp_run x-papr-drc '{"index": 5}'
	assert_output '{ "error": { "class": "DeviceNotFound", "desc": "connector 0x00000005 does not exist" } }'
	run qmp_run x-papr-drc '{"index": "C0"}'
	assert_output --partial "Parameter 'index' expects uint32"
}

@test "x-papr-memory refuses other arguments than bytes" {
	start
	run qmp_run x-papr-memory '{"used": 0, "anon": 0, "swap-free": 0, "min-free": 18446744073709551615}'
	assert_output '{ "return": { } }'
	for name in used anon swap-free min-free; do
		run qmp_run x-papr-memory "{\"$name\": -1}"
		assert_output --partial "\"desc\": \"Parameter '$name' is negative\""
		run qmp_run x-papr-memory "{\"$name\": \"1G\"}"
		assert_output --partial "Invalid parameter type for '$name', expected: integer"
	done
	run qmp_run x-papr-memory '{"free": 1}'
	assert_output --partial "Parameter 'free' is unexpected"
}

@test "x-papr-fault injects failures" {
	start
	run qmp_run x-papr-fault '{"call": "get-power-level", "nth": 2, "status": -9000, "rets": [7]}'
	assert_output '{ "return": { "id": 1 } }'
	run qtest 'memset 0x1000 4 0xff' 'rtas get-power-level 1 0x1000 2 0x2000' 'read 0x2000 8' \
		'rtas get-power-level 1 0x1000 2 0x2000' 'read 0x2000 8' \
		'rtas get-power-level 1 0x1000 2 0x2000' 'read 0x2000 8'
	assert_line --index 2 'OK 0x0000000000000064'
	assert_line --index 4 'OK 0xffffdcd800000007'
	assert_line --index 6 'OK 0x0000000000000064'
	run qmp <<-'END'
		{"execute": "x-papr-fault", "arguments": {"call": "write:/proc/ppc64/ofdt", "errno": "EIO"}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "errno": "EINTR", "count": 0}}
		{"execute": "x-papr-fault-clear", "arguments": {"id": 1073741824}}
		{"execute": "x-papr-fault-clear", "arguments": {"id": 1073741824}}
		{"execute": "x-papr-fault", "arguments": {"call": "frob", "status": 1}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator"}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "status": 1, "errno": "EIO"}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "errno": "EFROB"}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "nth": 0, "status": 1}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "rets": ["a"]}}
		{"execute": "x-papr-fault-clear"}
		{"execute": "x-papr-fault", "arguments": {"call": "write:/proc/ppc64/ofdt", "hold": true}}
		{"execute": "x-papr-fault-clear", "arguments": {"id": 1073741826}}
		{"execute": "x-papr-fault", "arguments": {"call": "set-indicator", "errno": "EIO", "hold": true}}
		{"execute": "x-papr-fault", "arguments": {"call": "write:/proc/ppc64/ofdt", "hold": 1}}
		{"execute": "x-papr-fault", "arguments": {"call": "write:/proc/ppc64/ofdt", "hold": false}}
	END
	assert_line --index 1 '{ "return": { "id": 1073741824 } }'
	assert_line --index 3 '{ "return": { "id": 1073741825 } }'
	assert_line --index 5 '{ "return": { } }'
	assert_line --index 7 --partial 'fault 1073741824 does not exist'
	assert_line --index 9 --partial "call 'frob' does not exist"
	assert_line --index 11 --partial "is needed"
	assert_line --index 13 --partial "is needed"
	assert_line --index 15 --partial "expects a name such as EIO"
	assert_line --index 17 --partial "'nth' must be at least 1"
	assert_line --index 19 --partial "Invalid parameter type for 'rets[0]'"
	assert_line --index 21 '{ "return": { } }'
	assert_line --index 23 '{ "return": { "id": 1073741826 } }'
	assert_line --index 25 '{ "return": { } }'
	assert_line --index 27 --partial "'hold' needs a call 'write:PATH'"
	assert_line --index 29 --partial "'hold', expected: boolean"
	assert_line --index 31 --partial "is needed"
}

@test "x-papr-trace reports calls" {
	start
	qmp_run x-papr-trace '{"enable": true}'
	run during qtest 'memset 0x1000 4 0xff' 'rtas get-power-level 1 0x1000 2 0x2000' \
		'hcall 0x1234 5'
	assert_line --regexp '"args": \[ 4294967295 \], "injected": false, "name": "get-power-level", "ns": [0-9]+, "rets": \[ 100 \], "status": 0 \}, "event": "X_PAPR_CALL"'
	assert_line --partial '"name": "hcall:0x1234"'
	qmp_run x-papr-trace '{"enable": false}'
	run during qtest 'hcall 0x1234 5'
	refute_output --partial X_PAPR_CALL
}

# Backends are freed before faults.
@test "a machine ends while a fault holds actions" {
	start -netdev user,id=u
	run qmp_run x-papr-fault '{"call": "write:/proc/ppc64/ofdt", "hold": true}'
	assert_line --partial '"return"'
	stop
}

@test "x-papr-inject-event sends events" {
	start
	run qmp_run x-papr-inject-event '{"data": "063400400000000041"}'
	assert_output '{ "return": { } }'
	run qtest 'writel 0x1008 0xffffffff' 'writel 0x1010 0x3000' 'writel 0x1014 100' \
		'rtas check-exception 6 0x1000 1 0x2000' 'read 0x2000 4' 'read 0x3000 9'
	assert_line --index 4 'OK 0x00000000'
	assert_line --index 5 'OK 0x063400400000000041'
	for data in 0634 063 zz "$(printf '%05000d' 0)"; do
		run qmp_run x-papr-inject-event "{\"data\": \"$data\"}"
		assert_output --partial "expects 8 to 2048 bytes in hex"
	done
}

@test "x-papr-dump and x-papr-indicator need x-powervm=on; without it, x-papr-firmware has nothing" {
	start
	run qmp_run x-papr-firmware
	assert_output '{ "return": { "dumps": [ ], "locations": [ ], "power_on": null } }'
	for command in 'x-papr-dump {"tag":"1","data":""}' \
		'x-papr-indicator {"location":"U","fault":true}'; do
		run qmp_run ${command%% *} "${command#* }"
		assert_output --partial 'the machine was started without x-powervm=on'
	done
}

@test "x-papr-dump takes dumps from the command and from files" {
	start -M pseries,x-powervm=on
	run qmp_run x-papr-dump '{"tag": "0x100000001", "data": "00ff"}'
	assert_output '{ "return": { } }'
	printf '%3000d' 0 >dump
	run qmp_run x-papr-dump '{"tag": "2", "path": "dump"}'
	assert_output '{ "return": { } }'
	run qmp_run x-papr-firmware
	assert_output --partial '"dumps": [ { "bytes": 2, "complete": false, "tag": "0x0000000100000001" }, { "bytes": 3000, "complete": false, "tag": "0x0000000000000002" } ]'
	for wrong in '"tag": "2", "data": ""' '"tag": "3"' '"tag": "x", "data": ""' '"tag": "3", "data": "0"' \
		'"tag": "3", "path": "nothing"' '"tag": "3", "path": "dump", "data": ""'; do
		run qmp_run x-papr-dump "{$wrong}"
		assert_output --partial '"class": "GenericError"'
	done
	run qmp_run x-papr-indicator '{"location": "nothing", "identify": true}'
	assert_output --partial '"class": "DeviceNotFound"'
	run qmp_run x-papr-indicator '{"location": "UPAPR.VMM.0000001", "identify": true}'
	assert_output '{ "return": { } }'
	run qmp_run x-papr-firmware
	assert_output --partial '{ "description": "System VPD", "fault": false, "identify": true, "location": "UPAPR.VMM.0000001" }'
}

@test "x-papr-save and x-papr-load restore a machine" {
	start
	qtest 'hcall 0x1234' >/dev/null
	qmp_run device_add '{"driver": "virtio-rng-pci", "id": "r1", "addr": "2"}'
	run qmp_run x-papr-save '{"path": "state"}'
	assert_output '{ "return": { } }'
	[ "$(stat -c %a state)" = 600 ]
	run qmp_run x-papr-load '{"path": "state"}'
	assert_output '{ "return": { } }'
	head -c 20 state >cut
	for path in cut /dev/null missing . /dev/zero; do
		run qmp_run x-papr-load "{\"path\": \"$path\"}"
		assert_output --partial '"class": "GenericError"'
	done
	mkfifo fifo
	run qmp_run x-papr-save '{"path": "fifo"}'
	assert_output --partial '"class": "GenericError"'
	run qmp_run x-papr-save '{"path": "no/such/folder"}'
	assert_output --partial 'No such file or directory'
}
