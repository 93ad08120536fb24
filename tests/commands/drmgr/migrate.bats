#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim sanitized drmgr
# drmgr -c pmig and -c phib with a kernel that migrates through its own file and updates
# the tree itself. migrate-old.bats has older kernels.
# shellcheck disable=SC2016,SC2154 # the guest's shell; set by guest

load ../../guest/verbs
load ../../lib/migration

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -smp 2,maxcpus=4 -device spapr-vscsi,id=s0,slot=2
}

teardown()
{
	migration_forget
	assert_no_oops
}

@test "check: no hook objects; there are no hooks" {
	guest -0 drmgr -m -p check
	hook pmig 00pre
	hook pmig 10two
	guest -0 drmgr -m -c pmig -p check
	assert_stderr ''
	hooked 'pmig migrate check 0 00pre' 'pmig migrate check 0 10two'
}

@test "check: a hook objects, and all hooks are run for the cancellation [log-C26]" {
	hook pmig 00pre
	hook pmig 9nine
	hook pmig 10two 3
	guest -1 drmgr -m -c pmig -p check
	assert_equal "$(tail -1 <<<"$stderr")" 'The partition cannot be migrated now: 1 of the hooks in /etc/drmgr.d/pmig failed'
	hooked 'pmig migrate check 0 00pre' 'pmig migrate check 0 9nine' 'pmig migrate check 0 10two' \
		'pmig migrate undocheck 0 00pre' 'pmig migrate undocheck 0 9nine' 'pmig migrate undocheck 0 10two'
	guest -0 drmgr -m -p check --dry-run
	hooked ''
}

@test "a bad request is refused before it starts [log-C29 log-bug-6]" {
	local status_wanted message options

	hook pmig 00pre
	while IFS='|' read -r status_wanted message options; do
		# shellcheck disable=SC2086 # words
		guest drmgr $options
		assert_status "$status_wanted"
		assert_stderr "$message"
	done <<-'ROWS'
		255|A command must be specified|-m -c pmig
		255|A command must be specified|-m -s 1
		255|A command must be specified|-c phib
		255|The -m must be specified for migrations|-c pmig -p pre -s 1
		255|No streamid specified|-m -p pre
		255|Invalid streamid 'zz': it must be a hexadecimal number other than 0|-m -p pre -s zz
		255|Invalid streamid '0': it must be a hexadecimal number other than 0|-m -p pre -s 0
		255|Invalid streamid '0x': it must be a hexadecimal number other than 0|-m -p pre -s 0x
		255|Invalid streamid '5x': it must be a hexadecimal number other than 0|-m -p pre -s 5x
		255|Invalid streamid '-5': it must be a hexadecimal number other than 0|-m -p pre -s -5
		255|Invalid streamid '10000000000000000': it must be a hexadecimal number other than 0|-m -p pre -s 10000000000000000
		255|Invalid streamid 'zz': it must be a hexadecimal number other than 0|-c phib -p pre -s zz
		1|Invalid command 'post': -p is check or pre|-m -p post -s 5
		1|-p check is not supported for hibernation|-c phib -p check
		255|--backend dlpar is invalid for pmig: use ofdt or auto|-m -p pre -s 5 --backend dlpar
		255|--backend overlay is invalid for phib: use ofdt or auto|-c phib -p pre -s 5 --backend overlay
	ROWS
	hooked ''
	refute_event X_PAPR_MIGRATED
}

@test "a migration runs hooks, suspends, and has the new machine's tree [log-8.1-hooks log-9.4-kernel]" {
	hook pmig 00pre
	change '"path": "/", "property": "system-id", "text": "IBM,02ABCDEF"'
	change '"path": "/", "property": "ibm,partition-no", "delete": true'
	change '"path": "/cpus/PowerPC,POWER9@1", "property": "ibm,associativity", "data": "0000000100000002"'
	change '"path": "/vdevice/nvram@71000001", "delete": true'
	host device_add '{"driver": "spapr-vlan", "id": "m0", "slot": 9}'
	change '"path": "/vdevice", "add": "0x30000009"'
	remember
	migrate 0x1122334455667788 '"waits": 3, "area": 128'
	pmig 1122334455667788 --trace
	assert_status 0
	assert_stdout ''
	assert_stderr --regexp '^trace: write /sys/kernel/mobility/migration 0x1122334455667788 = 19 [0-9.]+ ms$'
	host_wait X_PAPR_MIGRATED
	hooked 'pmig migrate pre 0 00pre' 'pmig migrate post 0 00pre'
	assert_property /system-id 49424d2c303241424344454600
	assert_property /ibm,partition-no none
	assert_property /cpus/PowerPC,POWER9@1/ibm,associativity 0000000100000002
	refute_node /vdevice/nvram@71000001
	assert_node /vdevice/l-lan@30000009
	guest -0 grep -c 'drmgr: migration rc 0' /var/log/drmgr
}

@test "spellings are accepted, and some options ignored [log-C28 log-C30]" {
	migrate 0x5
	guest -0 drmgr -m -p pre -s 5 -n 60
	assert_stderr ''
	migrate 0x6
	guest -0 drmgr -c pmig -m -p pre -s 0x6 -t 3 -w 1
	migrate 0x7
	guest -0 drmgr -m -c pmig -p pre -s 0X7 -n -d 4
	assert_stderr_line 'suspend: write /sys/kernel/mobility/migration 0x7'
	assert_stderr_line 'drmgr: migration rc 0'
	host_wait X_PAPR_MIGRATED
	host_wait X_PAPR_MIGRATED
	host_wait X_PAPR_MIGRATED
}

@test "a migration has a document, and a dry run" {
	migrate 0x8
	pmig 8 --dry-run
	assert_status 0
	assert_stdout 'stream 0x8:
  write /sys/kernel/mobility/migration 0x8'
	guest_sh 'drmgr -m -p pre -s 8 --json | tr -d " \n"'
	assert_stdout --partial '"action":"migrate","type":"pmig","dry_run":false,"requested":1,"done":1,"exit_status":0,"error":null'
	assert_stdout --partial '"index":null,"name":"stream0x8"'
	assert_stdout --partial '"op":"suspend","args":"write/sys/kernel/mobility/migration0x8"'
	host_wait X_PAPR_MIGRATED
}

# Row: errno, words.
@test "each errno of the kernel is the exit status, and post hooks are run [log-8.1-errno]" {
	local name number words

	hook pmig 00pre
	while read -r name number words; do
		fault write:/sys/kernel/mobility/migration "\"errno\": \"$name\""
		pmig 9
		assert_status "$number"
		assert_stderr "stream 0x9: /sys/kernel/mobility/migration: $words"
		hooked 'pmig migrate pre 0 00pre' 'pmig migrate post 0 00pre'
	done <<-'ROWS'
		EPERM 1 Operation not permitted
		EIO 5 Input/output error (firmware or the stream has failed)
		EAGAIN 11 Resource temporarily unavailable (threads of the partition were still running)
		EBUSY 16 Device or resource busy (the partition cannot be suspended now)
		EINVAL 22 Invalid argument (the stream does not exist, or must not be used)
		ECANCELED 125 Operation canceled (the host has aborted it)
	ROWS
	guest_sh 'drmgr -m -p pre -s 9 --json 2>/dev/null | tr -d " \n"'
	assert_stdout --partial '"exit_status":22,"error":{"step":"suspend","call":null,"status":null,"errno":"EINVAL"'
	refute_event X_PAPR_MIGRATED
}

@test "the host cancels; firmware does not suspend [log-8.2-abort]" {
	migrate 0xa '"waits": 2, "abort": true'
	pmig a
	assert_status 5
	migrate 0xb
	fault ibm,suspend-me '"status": 9000, "count": 0'
	pmig b
	assert_status 125
	host x-papr-fault-clear
	migrate 0xc
	fault ibm,suspend-me '"status": -9004, "count": 0'
	pmig c
	assert_status 16
	refute_event X_PAPR_MIGRATED
}

@test "hibernation uses the kernel's file without hooks [log-C31 log-8.3]" {
	hook phib 00pre
	hook pmig 00pre
	guest drmgr -c phib -p pre -s 0x77 -n 60
	# The stream does not exist; the kernel returns the hypercall's status as an
	# errno.
	assert_status 4
	migrate 0x600 '"waits": 2'
	change '"path": "/", "property": "system-id", "text": "IBM,02000001"'
	guest -0 drmgr -m -c phib -p pre -s 600
	host_wait X_PAPR_MIGRATED
	hooked ''
	assert_property /system-id 49424d2c303230303030303100
	guest -0 grep -c 'drmgr: hibernation rc 0' /var/log/drmgr
	fault write:/sys/devices/system/power/hibernate '"errno": "ENOENT"'
	guest -2 drmgr -c phib -p pre -s 0x1
	assert_stderr 'stream 0x1: /sys/devices/system/power/hibernate: No such file or directory (this hypervisor does not support it)'
}

@test "a machine without migration: -C reports it, and requests are refused [log-C27]" {
	guest_sh 'drmgr -C 2>/dev/null | grep -o "pmig=[a-z]*\|phib=[a-z]*"'
	assert_stdout $'pmig=yes\nphib=yes'
	guest_sh 'ph=$(od -An -tu4 --endian=big /proc/device-tree/ibm,phandle | tr -d " ")
		printf "remove_property %s ibm,migratable-partition" "$ph" >/proc/ppc64/ofdt; drmgr -C 2>/dev/null | grep -o "pmig=[a-z]*\|phib=[a-z]*"'
	assert_stdout $'pmig=no\nphib=yes'
	pmig 1
	assert_status 255
	assert_stderr 'Partition Mobility is not supported.'
	guest -255 drmgr -m -p check
	guest -255 drmgr -c phib -p pre -s 1
	assert_stderr 'Partition Mobility is not supported on this kernel.'
	guest_sh 'ph=$(od -An -tu4 --endian=big /proc/device-tree/ibm,phandle | tr -d " ")
		printf "update_property %s ibm,migratable-partition 0 \0" "$ph" >/proc/ppc64/ofdt'
}

@test "a second migration is refused during the first" {
	migrate 0xd
	guest_sh 'mkdir -p /etc/drmgr.d/pmig; chmod 755 /etc/drmgr.d /etc/drmgr.d/pmig
		printf "#!/bin/sh\nPATH=/usr/sbin:/usr/bin:/bin\n[ \$PHASE = pre ] || exit 0\ndrmgr -m -p check >/tmp/second 2>&1\necho \$? >>/tmp/second\n" >/etc/drmgr.d/pmig/x; chmod 755 /etc/drmgr.d/pmig/x'
	pmig d
	assert_status 0
	guest tail -2 /tmp/second
	assert_stdout $'Unable to obtain Dynamic Reconfiguration lock. Please try command again later.\n255'
}
