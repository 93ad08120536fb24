#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim long drmgr
# drmgr -c pmig and -c phib with a kernel before Linux 3.12: drmgr calls firmware, and
# updates the tree from the new machine's firmware.
# shellcheck disable=SC2016,SC2154 # the guest's shell; set by guest

load ../../guest/verbs
load ../../lib/migration

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar GUEST_RUN_OPTIONS=--no-mobility \
		guest_boot -smp 2,maxcpus=4 -device spapr-vscsi,id=s0,slot=2
}

teardown()
{
	migration_forget
	assert_no_oops
}

# Change one property of the root to TEXT.
system_id() # TEXT
{
	change "\"path\": \"/\", \"property\": \"system-id\", \"text\": \"$1\""
}

assert_system_id() # TEXT
{
	guest_sh 'tr -d "\0" </proc/device-tree/system-id'
	assert_stdout "$1"
}

lan_added() # SLOT-NUMBER-IN-HEXADECIMAL
{
	local name

	for name in compatible device_type ibm,loc-code ibm,mac-address-filters ibm,my-dma-window \
		ibm,my-drc-index ibm,phandle interrupts local-mac-address name reg; do
		printf '> ./vdevice/l-lan@300000%s/%s\n' "$1" "$name"
	done
}

nvram_gone()
{
	local name

	for name in '#bytes' compatible device_type ibm,phandle interrupts name reg; do
		printf '< ./vdevice/nvram@71000001/%s\n' "$name"
	done
}

# bug-13: areas of update-nodes are big endian.
@test "a migration runs hooks, makes the call, and removes, changes and adds nodes [log-bug-13 log-9.1-more]" {
	local long

	hook pmig 00pre
	printf -v long '%010000d' 7
	host device_add '{"driver": "spapr-vlan", "id": "m0", "slot": 9}'
	change '"path": "/vdevice", "add": "0x30000009"'
	system_id IBM,02ABCDEF
	change '"path": "/", "property": "ibm,partition-no", "delete": true'
	change '"path": "/", "property": "nothing", "data": ""'
	change '"path": "/cpus/PowerPC,POWER9@1", "property": "ibm,associativity", "data": "0000000100000002"'
	change "\"path\": \"/chosen\", \"property\": \"long\", \"data\": \"$long\""
	change '"path": "/vdevice/nvram@71000001", "delete": true'
	remember
	migrate 0x1122334455667788 '"waits": 2, "area": 128'
	pmig 0x1122334455667788 -d 4
	assert_status 0
	assert_stdout ''
	assert_stderr_line 'suspend: ibm,suspend-me(0x11223344, 0x55667788) = 0'
	assert_equal "$(grep -c 'suspend-me(0x11223344, 0x55667788) = -9004' <<<"$stderr")" 2
	assert_stderr_line 'drmgr: migration rc 0'
	# PAPR's order: removals, changes, additions
	assert_equal "$(sed -nE 's/^(detach|update|attach): write .*(remove_node|update_property|remove_property|add_node) .*/\2/p' <<<"$stderr" | uniq | paste -sd ' ')" \
		'remove_node update_property remove_property update_property add_node'
	host_wait X_PAPR_MIGRATED
	hooked 'pmig migrate pre 0 00pre' 'pmig migrate pre 0 00pre' 'pmig migrate pre 0 00pre' 'pmig migrate post 0 00pre'
	assert_system_id IBM,02ABCDEF
	assert_property /cpus/PowerPC,POWER9@1/ibm,associativity 0000000100000002
	assert_property /chosen/long "$long"
	assert_property /nothing ''
	differs '< ./ibm,partition-no' '< ./system-id' "$(nvram_gone)" '> ./chosen/long' \
		'> ./cpus/PowerPC,POWER9@1/ibm,associativity' '> ./nothing' '> ./system-id' "$(lan_added 09)"
	guest -1 test -e /run/drmgr/journal
}

@test "a second migration is reported once, and unchanged properties are not written" {
	system_id IBM,02FEDCBA
	change '"path": "/cpus/PowerPC,POWER9@1", "property": "ibm,associativity", "data": "0000000100000002"'
	remember
	migrate 0x501 '"count-words": true'
	pmig 501 --trace
	assert_status 0
	assert_equal "$(grep -c 'trace: write /proc/ppc64/ofdt' <<<"$stderr")" 1
	assert_stderr_line --regexp '^trace: rtas ibm,activate-firmware\(\) = 0'
	differs '< ./system-id' '> ./system-id'
	host_wait X_PAPR_MIGRATED
}

@test "a migration has a document, and a dry run" {
	system_id IBM,02000001
	migrate 0x502
	pmig 502 --dry-run
	assert_status 0
	assert_stdout 'stream 0x502:
  rtas ibm,suspend-me(0, 1282)
  rtas ibm,activate-firmware()
  rtas ibm,update-nodes(work area, 1) until complete
  write /proc/ppc64/ofdt what it lists, and ibm,update-properties and ibm,configure-connector tell'
	guest_sh 'drmgr -m -p pre -s 502 --json | tr -d " \n"'
	assert_stdout --partial '"exit_status":0,"error":null,'
	assert_stdout --partial '"op":"update","args":"write/proc/ppc64/ofdtupdate_property/system-id,13bytes","status":null,"errno":null'
	host_wait X_PAPR_MIGRATED
	assert_system_id IBM,02000001
}

@test "while the stream is not ready, -w limits the time, and signals end drmgr [log-8.1-retry]" {
	migrate 0x503 '"waits": 4'
	pmig 503 -w 1s
	assert_status 212
	assert_stderr 'stream 0x503: ibm,suspend-me = -9004 (not suspendable)'
	hook pmig 00pre
	guest_sh 'drmgr -m -p pre -s 503 2>/tmp/said & p=$!
		wait_until "grep -qs pre /tmp/hooked"; kill -TERM $p; wait $p; echo $?; grep ^stream /tmp/said'
	assert_stdout '255
stream 0x503: stopped by a signal'
	guest -1 test -e /run/drmgr/journal
	refute_event X_PAPR_MIGRATED
	pmig 503
	assert_status 0
	host_wait X_PAPR_MIGRATED
	guest tail -2 /tmp/hooked
	assert_stdout $'pmig migrate pre 0 00pre\npmig migrate post 0 00pre'
}

# Row: firmware's status, the exit status, words.
@test "each status of a failed suspension is reported" {
	local code status_wanted words

	hook pmig 00pre
	system_id IBM,02BADBAD
	migrate 0x504
	while IFS='|' read -r code status_wanted words; do
		fault ibm,suspend-me "\"status\": $code"
		pmig 504 -d 1
		assert_status "$status_wanted"
		assert_stderr "stream 0x504: $words"
		hooked 'pmig migrate pre 0 00pre' 'pmig migrate post 0 00pre'
		guest -1 test -e /run/drmgr/journal
	done <<-'ROWS'
		-1|255|ibm,suspend-me = -1 (hardware error)
		9000|255|ibm,suspend-me(0, 1284): Operation canceled (the host has aborted it)
		-9004|255|ibm,suspend-me(0, 1284): Device or resource busy (the partition cannot be suspended now)
		-9006|255|ibm,suspend-me(0, 1284): Device or resource busy (the partition cannot be suspended now)
	ROWS
	refute_event X_PAPR_MIGRATED
	assert_system_id IBM,02000001
	# drmgr waits for threads that still run
	fault ibm,suspend-me '"status": -9005'
	pmig 504
	assert_status 0
	hooked 'pmig migrate pre 0 00pre' 'pmig migrate pre 0 00pre' 'pmig migrate post 0 00pre'
	host_wait X_PAPR_MIGRATED
	assert_system_id IBM,02BADBAD
}

@test "the host cancels; the stream does not exist" {
	migrate 0x510 '"abort": true'
	pmig 510 -w 1s
	assert_status 255
	assert_stderr 'stream 0x510: ibm,suspend-me = -1 (hardware error)'
	pmig 99
	assert_status 255
	assert_stderr 'stream 0x99: ibm,suspend-me(0, 153): Invalid argument (the stream does not exist, or must not be used)'
}

@test "an invalid list is reported, and its valid nodes are updated [log-9.2-bad]" {
	system_id IBM,02E38E38
	migrate 0x505
	fault ibm,update-nodes '"status": 0, "area": "00000000000000000000000000000000020003ff00000020"'
	pmig 505
	assert_status 64
	assert_stderr 'device tree: / is not as firmware says: ibm,update-nodes: an operator leaves the area: Bad message
The migration is complete, but the device tree is not (changes that failed: 1, succeeded: 0).
Until the partition is restarted, its device tree does not match the machine.'
	host_wait X_PAPR_MIGRATED
	assert_system_id IBM,02BADBAD
	guest -1 test -e /run/drmgr/journal
}

# E44: a value exceeds the work area; the other node is updated.
@test "a node with invalid properties is reported, and the other nodes are updated [log-9.3-bad]" {
	system_id IBM,02E44E44
	change '"path": "/chosen", "property": "after", "data": "01"'
	migrate 0x506
	fault ibm,update-properties '"status": 0, "area": "0000000700000000000000000000000000000001780000001000"'
	pmig 506
	assert_status 64
	assert_stderr_line --index 0 'device tree: / is not as firmware says: ibm,update-properties: a value leaves the area: Bad message'
	assert_stderr_line --index 1 'The migration is complete, but the device tree is not (changes that failed: 1, succeeded: 1).'
	host_wait X_PAPR_MIGRATED
	assert_system_id IBM,02BADBAD
	assert_property /chosen/after 01
}

@test "firmware refuses the list; a later call fails; a node is unknown" {
	system_id IBM,02000005
	migrate 0x507
	fault ibm,update-nodes '"status": -1'
	pmig 507
	assert_status 64
	assert_stderr_line --index 0 'device tree: / is not as firmware says: ibm,update-nodes = -1 (hardware error): Remote I/O error'
	host_wait X_PAPR_MIGRATED

	system_id IBM,02000006
	change '"path": "/chosen", "property": "after", "data": "02"'
	migrate 0x508
	fault ibm,update-properties '"status": -3'
	pmig 508
	assert_status 64
	host_wait X_PAPR_MIGRATED
	assert_property /chosen/after 02

	# 0xdeadbeef is the handle of no node: skipped
	migrate 0x509
	fault ibm,update-nodes '"status": 0, "area": "0000000000000000000000000000000001000001deadbeef02000001deadbeef03000002deadbeef3000000900000000"'
	pmig 509 -d 2
	assert_status 0
	assert_equal "$(grep -c 'no node has the phandle 0xdeadbeef of operator 0x0[123]: skipped' <<<"$stderr")" 3
	host_wait X_PAPR_MIGRATED
	# status 1, and the next call has nothing: operator 04 is skipped
	migrate 0x50a
	fault ibm,update-nodes '"status": 1, "area": "00000000000000010000000200000003040000010000009900000000"'
	pmig 50a -d 3
	assert_status 0
	assert_stderr_line 'ibm,update-nodes: unknown operator 0x04'
	host_wait X_PAPR_MIGRATED
}

@test "the kernel refuses a change, and drmgr makes the remaining ones" {
	system_id IBM,02000007
	change '"path": "/chosen", "property": "after", "data": "03"'
	migrate 0x50b
	fault write:/proc/ppc64/ofdt '"errno": "ENOMEM"'
	pmig 50b
	assert_status 64
	assert_stderr_line --index 0 'device tree: / is not as firmware says: /proc/ppc64/ofdt: Cannot allocate memory'
	host_wait X_PAPR_MIGRATED
	assert_property /chosen/after 03
	host device_add '{"driver": "spapr-vlan", "id": "m1", "slot": 10}'
	change '"path": "/vdevice", "add": "0x3000000a"'
	remember
	migrate 0x50c
	fault ibm,configure-connector '"status": -1'
	pmig 50c
	assert_status 64
	assert_stderr_line --index 0 'device tree: /vdevice is not as firmware says: ibm,configure-connector = -1 (hardware error): Remote I/O error'
	host_wait X_PAPR_MIGRATED
	differs ''
}

# After a kill past the suspension, drmgr reads the list again, and completes the tree.
@test "killed before each step: the next run completes the tree" {
	local n killed=137 completed=0 slot=16 text

	for ((n = 1; killed == 137; n += 1, slot++)); do
		printf -v text 'IBM,02%06d' "$n"
		host device_add "{\"driver\": \"spapr-vlan\", \"id\": \"k$n\", \"slot\": $slot}"
		system_id "$text"
		change "\"path\": \"/vdevice\", \"add\": \"0x300000$(printf %02x "$slot")\""
		change '"path": "/chosen", "property": "after", "delete": true'
		migrate "$((0x600 + n))"
		guest /usr/lib/guest/killat "$n" drmgr -m -p pre -s "$(printf %x $((0x600 + n)))"
		killed=$status
		guest -0 drmgr --recover
		guest -1 test -e /run/drmgr/journal
		# the guest has moved, or moves now
		if ! host_wait -t 0 X_PAPR_MIGRATED; then
			pmig "$(printf %x $((0x600 + n)))"
			assert_status 0
			host_wait X_PAPR_MIGRATED
		else
			completed=$((completed + 1))
		fi
		assert_system_id "$text"
		assert_node "/vdevice/l-lan@300000$(printf %02x "$slot")"
		assert_property "/vdevice/l-lan@300000$(printf %02x "$slot")/local-mac-address" "525400$(printf %06x $((0x710000 + slot)))"
		assert_property /chosen/after none
	done
	((n > 12 && completed > 4))
}

@test "hibernation: the kernel suspends, drmgr updates the tree [log-8.3-old]" {
	hook phib 00pre
	migrate 0x700 '"waits": 2'
	system_id IBM,02000700
	guest -0 drmgr -c phib -p pre -s 0x700
	hooked ''
	assert_system_id IBM,02000700
	host_wait X_PAPR_MIGRATED
}
