#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What management programs ask papr-vmm before they start a machine: -M none, QMP's commands
# about types, properties and commands, and the threads of processors.

bats_require_minimum_version 1.5.0
load papr-vmm

# Programs probe without a machine.
probe()
{
	cd "$BATS_TEST_TMPDIR" || return
	"$papr_vmm" -nodefaults -display none -qmp unix:qmp,server=on,wait=off "$@" 3>&- >log 2>&1 &
	machine=$!
}

@test "-M none is a program without a machine" {
	local command

	probe -M none,accel=kvm:tcg -cpu power8e_v2.1
	for command in query-cpus-fast query-pci query-memory-devices; do
		run qmp_run "$command"
		assert_output '{ "return": [ ] }'
	done
	run qmp_run query-memory-size-summary
	assert_output '{ "return": { "base-memory": 0, "plugged-memory": 0 } }'
	run qmp_run query-hotpluggable-cpus
	assert_output --partial "The feature 'query-hotpluggable-cpus' is not enabled"
	run qmp_run device_add '{"driver": "e1000"}'
	assert_output --partial "No 'PCI' bus found for device 'e1000'"
	run qmp_run device_add '{"driver": "frob"}'
	assert_output --partial "'frob' is not a valid device model name"
	run qmp_run device_del '{"id": "x"}'
	assert_output --partial '"class": "DeviceNotFound"'
	run qmp_run qom-get '{"path": "/machine", "property": "type"}'
	assert_output '{ "return": "none-machine" }'
	qmp_run quit
	ended
}

@test "an accelerator list needs one that works here" {
	cd "$BATS_TEST_TMPDIR"
	run -125 "$papr_vmm" -M none,accel=
	assert_output --partial "use kvm, tcg or qtest"
	run -125 "$papr_vmm" -M none,accel=hvf:xen
	assert_output --partial "use kvm, tcg or qtest"
}

@test "query-qmp-schema: each type exists, and each command of query-commands" {
	probe -M none
	qmp_run query-qmp-schema >schema
	grep -oE '"meta-type": "[a-z]+", "name": "[^"]+"' schema | sed 's/.*"name": //' | sort >names
	assert_equal "$(uniq -d names)" ''
	{
		grep -oE '"(arg-type|ret-type|element-type)": "[^"]*"' schema
		grep -oE '"name": "[^"]*", "type": "[^"]*"|\{ "type": "[^"]*"' schema
	} | sed 's/.*: //' | sort -u >used
	[ "$(wc -l <used)" -gt 30 ]
	assert_equal "$(comm -13 names used)" ''
	qmp_run query-commands | grep -o '"name": "[^"]*"' | sed 's/.*: //' | sort >commands
	[ "$(wc -l <commands)" -gt 50 ]
	assert_equal "$(comm -13 names commands)" ''
	run cat schema
	assert_output --partial '"features": [ "json-cli", "json-cli-hotplug" ], "meta-type": "command", "name": "device_add"'
	assert_output --partial '{ "json-type": "boolean", "meta-type": "builtin", "name": "bool" }'
	assert_output --partial '{ "element-type": "str", "meta-type": "array", "name": "[str]" }'
	assert_output --regexp '"members": \[ \{ "name": "ppc64" \} \], "meta-type": "enum", "name": "[0-9]+", "values": \[ "ppc64" \]'
	assert_output --regexp '"default": null, "name": "abstract", "type": "bool"'
}

# The members of the type of a command's reply, in the schema.
members_of()
{
	local type

	type=$(grep -oE "\"name\": \"$1\", \"ret-type\": \"[^\"]*\"" schema | sed -E 's/.*"([^"]*)"$/\1/')
	grep -oE "\"members\": \[ (\{ [^}]* \}(, )?)* \], \"meta-type\": \"object\", \"name\": \"$type\"" schema |
		sed 's/"meta-type".*//' | grep -oE '"name": "[^"]*"' | sed 's/.*: //' | sort
}

@test "query-qmp-schema: replies of papr-vmm's own commands have the members of their types" {
	probe -M pseries,x-powervm=on -S
	qmp_run query-qmp-schema >schema
	qmp_run x-papr-drc '{"index": 268435456}' >reply
	assert_equal "$(grep -oE '"[a-z_]+": ("|[0-9]|true|false)' reply | grep -oE '"[a-z_]+"' | sort)" \
		"$(members_of x-papr-drc)"
	qmp_run x-papr-dump '{"tag": "1", "data": "00"}'
	qmp_run x-papr-firmware >reply
	assert_equal "$(grep -oE '"(locations|dumps|power_on)": (\[|null)' reply | grep -oE '"[a-z_]+"' | sort)" \
		"$(members_of x-papr-firmware)"
	run cat schema
	for row in location:str description:str fault:bool identify:bool tag:str bytes:int complete:bool; do
		assert_output --partial "{ \"name\": \"${row%:*}\", \"type\": \"${row#*:}\" }"
		assert_equal "$(grep -c "\"${row%:*}\": " reply)" 1
	done
}

@test "-x-newer-qmp: query-machines has what clients of QEMU 10.0 require" {
	probe -M none
	run qmp_run query-machines
	refute_output --partial acpi
	qmp_run quit
	ended
	probe -M none -x-newer-qmp
	run qmp_run query-machines
	assert_equal "$(grep -o '"acpi": false' <<<"$output" | wc -l)" "$(grep -o '"name": "' <<<"$output" | wc -l)"
}

@test "qom-list-types: each parent exists, and abstract types are not among the others" {
	probe -M none
	qmp_run qom-list-types '{"abstract": true}' >all
	qmp_run qom-list-types >concrete
	grep -oE '"name": "[^"]*"' all | sed 's/.*: //' | sort >names
	assert_equal "$(uniq -d names)" ''
	assert_equal "$(comm -13 names <(grep -oE '"parent": "[^"]*"' all | sed 's/.*: //' | sort -u))" ''
	run ! grep -q '"abstract": true' concrete
	run qmp_run qom-list-types '{"implements": "machine"}'
	assert_output --partial '{ "name": "pseries-7.2-machine", "parent": "spapr-machine" }'
	refute_output --partial e1000
	run qmp_run qom-list-types '{"implements": "user-creatable"}'
	assert_output '{ "return": [ { "name": "iothread", "parent": "event-loop-base" }, { "name": "memory-backend-file", "parent": "memory-backend" }, { "name": "memory-backend-memfd", "parent": "memory-backend" }, { "name": "memory-backend-ram", "parent": "memory-backend" }, { "name": "rng-builtin", "parent": "rng-backend" }, { "name": "rng-random", "parent": "rng-backend" }, { "name": "secret", "parent": "secret_common" } ] }'
	run qmp_run qom-list-types '{"implements": "cpu"}'
	assert_output --partial '{ "name": "power9_v2.0-powerpc64-cpu", "parent": "powerpc64-cpu" }'
	run qmp_run qom-list-types '{"implements": "frob"}'
	assert_output '{ "return": [ ] }'
}

@test "properties of devices and types are listed" {
	probe -M none
	run qmp_run device-list-properties '{"typename": "virtio-net-pci"}'
	assert_output --partial '{ "name": "mac", "type": "str" }'
	assert_output --partial '{ "name": "multifunction", "type": "bool" }'
	run qmp_run device-list-properties '{"typename": "frob"}'
	assert_output '{ "error": { "class": "DeviceNotFound", "desc": "Device '\''frob'\'' not found" } }'
	for type in device memory-backend-ram; do
		run qmp_run device-list-properties "{\"typename\": \"$type\"}"
		assert_output --partial "Parameter 'typename' expects a non-abstract device type"
	done
	run qmp_run qom-list-properties '{"typename": "memory-backend-ram"}'
	assert_output --partial '"name": "size"'
	run qmp_run qom-list-properties '{"typename": "pseries-7.2-machine"}'
	assert_output --partial '{ "name": "cap-fwnmi", "type": "bool" }'
	run qmp_run qom-list-properties '{"typename": "frob"}'
	assert_output --partial "Class 'frob' not found"
	run qmp_run query-command-line-options '{"option": "rtc"}'
	assert_output '{ "return": [ { "option": "rtc", "parameters": [ { "name": "base", "type": "string" }, { "name": "clock", "type": "string" }, { "name": "driftfix", "type": "string" } ] } ] }'
	run qmp_run query-command-line-options
	assert_output --partial '{ "name": "nvdimm", "type": "boolean" }'
	run qmp_run query-command-line-options '{"option": "frob"}'
	assert_output --partial 'invalid option name: frob'
	run qmp_run query-cpu-definitions
	assert_output --partial '"name": "power9", "static": false, "typename": "power9_v2.0-powerpc64-cpu"'
}

@test "objects of the machine are listed, with the devices that have an id" {
	start -M pseries-7.2 -device virtio-rng-pci,id=r1
	run qmp_run qom-list '{"path": "/machine/peripheral"}'
	assert_output '{ "return": [ { "name": "type", "type": "string" }, { "name": "r1", "type": "child<virtio-rng-pci>" } ] }'
	run qmp_run qom-get '{"path": "/machine/peripheral/r1", "property": "type"}'
	assert_output '{ "return": "virtio-rng-pci" }'
	run qmp_run qom-list '{"path": "/"}'
	assert_output --partial '{ "name": "machine", "type": "child<pseries-7.2-machine>" }'
	run qmp_run qom-get '{"path": "/machine", "property": "frob"}'
	assert_output --partial "Property 'pseries-7.2-machine.frob' not found"
	run qmp_run qom-set '{"path": "/machine", "property": "frob"}'
	assert_output --partial "Parameter 'value' is missing"
	run qmp_run qom-list '{"path": "/frob"}'
	assert_output '{ "error": { "class": "DeviceNotFound", "desc": "Device '\''/frob'\'' not found" } }'
}

# threads: print the thread of each processor. qmp_run does not show it.
threads()
{
	raw qmp 3 <<<'{"execute":"qmp_capabilities"}{"execute":"query-cpus-fast"}' |
		grep -o '"thread-id": [0-9]*' | sed 's/.*: //'
}

@test "each processor has a thread of its own, from the first query on" {
	start -smp 4,threads=2,maxcpus=8
	qmp_run query-status >/dev/null
	assert_equal "$(ls "/proc/$machine/task" | wc -l)" 1
	threads >first
	assert_equal "$(sort -u first | wc -l)" 4
	for thread in $(<first); do
		[ "$thread" != "$machine" ]
		[ -d "/proc/$machine/task/$thread" ]
	done
	assert_equal "$(cat "/proc/$machine/task/$(head -n 1 first)/comm")" 'CPU 0'
	threads >second
	assert_equal "$(<second)" "$(<first)"
	qmp_run device_add '{"driver": "power10_v2.0-spapr-cpu-core", "core-id": 4}'
	threads >second
	assert_equal "$(sort -u second | wc -l)" 6
	kill -TERM "$machine"
	ended
}

@test "--preconfig permits few commands until x-exit-preconfig" {
	start --preconfig
	run qmp_run query-status
	assert_output --partial '"status": "prelaunch"'
	run qmp_run query-cpus-fast
	assert_output --partial "The command 'query-cpus-fast' is permitted only after machine initialization has completed"
	run qmp_run x-exit-preconfig
	assert_line '{ "return": { } }'
	run qmp_run query-status
	assert_output --partial '"status": "running"'
	run qmp_run x-exit-preconfig
	assert_output --partial 'The command is permitted only before machine initialization'
	stop
	start -S --preconfig
	qmp_run x-exit-preconfig
	run qmp_run query-status
	assert_output --partial '"status": "prelaunch"'
}
