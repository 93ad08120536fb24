#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-6.12 sim-current
# A simulated guest on a machine with PowerVM's calls: /dev/papr-*, the system call, and
# event logs that a host can send.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	local slot function functions=()

	# So many adapters that no answer fits in a page. Other slots are for cards.
	for slot in {1..13}; do
		for function in {0..7}; do
			printf -v slot_function '%x.%x' "$slot" "$function"
			functions+=(-device "virtio-rng-pci,bus=b.0,addr=$slot_function,multifunction=on")
		done
	done
	GUEST_MACHINE_OPTIONS=x-powervm=on guest_boot \
		-device spapr-pci-host-bridge,index=1,id=b "${functions[@]}"
}

setup()
{
	cards_setup
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
	raw=/usr/lib/guest/rawcall
	error_log=/proc/ppc64/rtas/error_log
	system=UPAPR.VMM.0000001
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
	cards_teardown
}

# Skip if this kernel does not have the device.
needs() # DEVICE
{
	case ${GUEST_PROFILE:-6.1} in
	6.1) skip "this kernel has no /dev/papr-*" ;;
	6.12) [[ $1 == vpd || $1 == sysparm ]] || skip "this kernel has no /dev/papr-$1" ;;
	esac
}

fault() # CALL JSON-MEMBERS
{
	host x-papr-fault "{\"call\": \"$1\", $2}"
}

# Run an ioctl on a device, and steps with the descriptor that it returns.
papr() # DEVICE MODE COMMAND [ARG...] [: STEP...]
{
	guest "$raw" papr "/dev/papr-$1" "${@:2}"
}

# The answers, a word for each line.
answers() # WORD...
{
	assert_stdout "$(printf '%s\n' "$@")"
}

@test "each kernel has its devices" {
	guest_sh 'cd /dev; for f in papr-*; do test -c $f && echo $f; done; true'
	case ${GUEST_PROFILE:-6.1} in
	6.1) assert_stdout '' ;;
	6.12) answers papr-sysparm papr-vpd ;;
	*) answers papr-indices papr-physical-attestation papr-platform-dump \
		papr-sysparm papr-vpd ;;
	esac
	guest -2 ls /dev/papr-hvpipe
}

@test "vpd: an answer does not change, and is read like a file" {
	local all

	needs vpd
	papr vpd r vpd '' : flags all seek 0 10 seek 5 pread 4096 0 seek 0 all seek 1000000 10
	set -- $output
	assert_equal "$1 $2 $3" 'fd r cloexec'
	all="$4 $5"
	assert_equal "${*:6:5}" "0 10 5 4096 0"
	assert_equal "${*:11}" "$all 1000000 0"
	papr vpd rw +vpd '' : all
	assert_stdout "fd
$all"
	papr vpd r vpd $system : text
	assert_stdout --partial VSYS
	# One more card makes the data longer.
	plug n0 virtio-net-pci 1 "$nic, \"bus\": \"pci.0\""
	papr vpd r vpd '' : all
	assert_line --index 0 fd
	[[ ${lines[1]%% *} -gt ${all%% *} ]]
	papr vpd r vpd qemu_virtio-net-pci:0000:00:01.0 : text
	assert_stdout --partial VINI
}

@test "vpd: invalid requests are refused" {
	needs vpd
	papr vpd r vpd nothing
	assert_stdout EINVAL
	papr vpd r vpd "$(printf 'x%.0s' {1..80})"
	assert_stdout EINVAL
	papr vpd r vpd "$(printf 'x%.0s' {1..79})"
	assert_stdout EINVAL
	papr vpd r indices 0 9007
	assert_stdout ENOTTY
}

@test "vpd: firmware is busy, its data has changed, or it fails" {
	local all

	needs vpd
	papr vpd r vpd '' : all
	all=$output
	fault ibm,get-vpd '"status": -4, "count": 3'
	fault ibm,get-vpd '"delay": 9901, "nth": 2'
	papr vpd r vpd '' : all
	assert_stdout "$all"
	for answer in -1:EIO -2000:EIO -3:EINVAL; do
		fault ibm,get-vpd "\"status\": ${answer%:*}"
		papr vpd r vpd '' : all
		assert_stdout "${answer#*:}"
	done
	papr vpd r vpd '' : all
	assert_stdout "$all"
}

@test "vpd: many at the same time leave none open" {
	needs vpd
	guest_sh 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
			"$1" papr /dev/papr-vpd r vpd "" : all & done | sort | uniq -c | wc -l; wait' "$raw"
	assert_stdout 2
}

@test "indices: each read returns a page" {
	needs indices
	papr indices r indices 0 9007 : flags 4095 4096 8192
	answers fd 'r cloexec' EINVAL 4096 4096
	papr indices r indices 1 9006 : 10000 4096 4096 seek 4096 4096 seek 4097 4096 pread 4096 0 seek 0 all
	set -- $output
	assert_equal "${*:1:11}" 'fd 4096 4096 0 4096 4096 4097 4095 4096 0 8192'
	papr indices r indices 0 9003
	assert_stdout EINVAL
	fault ibm,get-indices '"status": -4, "nth": 2'
	papr indices r indices 0 9007 : all
	assert_line --index 1 --regexp '^8192 '
	fault ibm,get-indices '"status": -1'
	papr indices r indices 0 9007
	assert_stdout EIO
}

@test "indicators and sensors are found by location" {
	needs indices
	papr indices r sensor 9007 $system-P1
	assert_stdout 0
	papr indices r indicator 9007 $system-P1 1
	assert_stdout EBADF
	papr indices rw indicator 9007 $system-P1 1
	assert_stdout 0
	papr indices r +sensor 9007 $system-P1
	assert_stdout 1
	host x-papr-firmware
	[[ $host_reply =~ \{[^{}]*'"'$system'-P1"'[^{}]*\} ]]
	[[ ${BASH_REMATCH[0]} == *'"fault":false'* && ${BASH_REMATCH[0]} == *'"identify":true'* && ${BASH_REMATCH[0]} == *'"System backplane"'* ]]
	papr indices rw +indicator 9007 $system-P1 0
	assert_stdout 0
	host x-papr-indicator "{\"location\": \"$system\", \"fault\": true}"
	papr indices r sensor 9006 $system
	assert_stdout 1
	host x-papr-indicator "{\"location\": \"$system\", \"fault\": false}"
	refute_host x-papr-indicator '{"location": "nothing", "fault": true}'
	papr indices r sensor 9007 nothing
	assert_stdout EOPNOTSUPP
	papr indices rw indicator 9007 "$(printf 'x%.0s' {1..80})" 1
	assert_stdout EINVAL
	fault ibm,get-dynamic-sensor-state '"status": -9000'
	papr indices r sensor 9007 $system
	assert_stdout EIO
	fault ibm,set-dynamic-indicator '"delay": -2'
	papr indices rw indicator 9007 $system 0
	assert_stdout 0
}

# Put a dump with known bytes on the host.
put_dump() # TAG BYTES
{
	host x-papr-dump "{\"tag\": \"$1\", \"data\": \"$(printf '%0*d' $((2 * $2)) 7)\"}"
}

@test "platform dumps are read call by call, then removed" {
	needs platform-dump
	papr platform-dump r dump 0x100000002 : 4096
	answers fd EIO
	put_dump 0x100000002 5000
	refute_host x-papr-dump '{"tag": "0x100000002", "data": ""}'
	papr platform-dump r dump 0x100000002 : flags 1023 gone 7 again gone 0x100000002 \
		1024 8192 4096 gone 0x100000002
	answers fd 'r cloexec' EINVAL EINVAL EALREADY EINPROGRESS 1024 3976 0 0
	host x-papr-firmware
	[[ $host_reply == *'"dumps":[]'* ]]

	# A dump that was not removed stays, and can be read again.
	put_dump 9 1500
	papr platform-dump r +dump 9 : 2000 2000 2000
	answers fd 1500 0 EINVAL
	papr platform-dump r dump 9 : again anew 1024 anew 1024 anew anew anew again
	answers fd EALREADY fd 1024 fd 1024 fd fd fd EALREADY
	papr platform-dump r dump 9 : all gone 9 gone 9
	assert_line --index 1 --regexp '^1500 '
	assert_line --index 2 0
	assert_line --index 3 EIO
	fault ibm,platform-dump '"status": -9002'
	put_dump 9 10
	papr platform-dump r dump 9 : 4096 4096 4096 gone 9
	answers fd EPERM 10 0 0
}

@test "attestation returns firmware's answer" {
	needs physical-attestation
	papr physical-attestation r attest 3 12 : flags all
	assert_line --index 1 'r cloexec'
	assert_line --index 2 --regexp '^3012 '
	papr physical-attestation r +attest 10 12 : all
	assert_line --index 1 --regexp '^10012 '
	for length in 0 4097 11; do
		papr physical-attestation r attest 3 $length
		assert_stdout EINVAL
	done
	fault ibm,physical-attestation '"status": -1'
	papr physical-attestation r attest 3 12
	assert_stdout EIO
}

@test "parameters can be set, and requests have answers" {
	needs sysparm
	guest "$raw" sysparm /dev/papr-sysparm r get 55
	assert_line --index 0 0
	guest "$raw" sysparm /dev/papr-sysparm rw set 21 1
	assert_stdout 0
	guest "$raw" sysparm /dev/papr-sysparm rw set 21 2
	assert_stdout EINVAL
	guest "$raw" sysparm /dev/papr-sysparm r get 60 3
	assert_line --index 1 --regexp '^3 '
}

@test "the system call has a filter, and reaches firmware" {
	guest_sh 'base=$((0x$(cut -d" " -f1 /proc/ppc64/rtas/rmo_buffer)))
		c() { echo "$1" $("$raw" rtas "$@"); }; raw=$1
		c ibm,get-vpd 4 3 $base $((base + 4096)) 64 1
		c ibm,get-vpd 4 3 $base $((base + 65536)) 64 1
		c ibm,get-indices 5 2 0 9007 $base 4096 1
		c ibm,get-indices 5 2 0 9007 $base 65537 1
		c ibm,get-dynamic-sensor-state 2 2 9007 0
		c ibm,platform-dump 6 5 0 77 0 0 0 0
		c ibm,platform-dump 6 5 0 77 0 0 $base 1024
		c ibm,platform-dump 6 5 0 77 0 0 $((base + 65000)) 1024
		c ibm,physical-attestation 3 3 $base 0 1
		c ibm,lpar-perftools 5 2 2 0 $base 4096 1
		dd if=/dev/zero of=/dev/mem bs=4096 seek=$((base / 4096)) count=1 conv=notrunc 2>/dev/null
		c ibm,scan-log-dump 2 1 $base 4096
		c ibm,errinjct 3 1 7 1 $((base + 65536 - 1023))
		c ibm,errinjct 3 1 7 1 $((base + 65536 - 1024))
		c ibm,display-message 1 1 $base
		c ibm,activate-firmware 0 1; c ibm,activate-firmware 0 1; c ibm,activate-firmware 0 1
		c set-time-for-power-on 7 1 2032 2 29 1 2 3 4
		c ibm,read-slot-reset-state 3 3 0 0 0
		c ibm,update-nodes 2 1 $base 1; c ibm,update-properties 2 1 $base 1; c ibm,suspend-me 2 1 0 0
		c ibm,open-errinjct 0 2; c ibm,open-errinjct 0 2; c ibm,close-errinjct 1 1 1' "$raw"
	assert_line --index 0 --regexp '^ibm,get-vpd 0 1 [0-9]+ 64$'
	assert_equal "$(printf '%s\n' "${lines[@]:1}")" "ibm,get-vpd EINVAL
${lines[2]}
ibm,get-indices EINVAL
ibm,get-dynamic-sensor-state EINVAL
ibm,platform-dump 0 -3 0 0 0 0
ibm,platform-dump 0 -3 0 0 0 0
ibm,platform-dump EINVAL
ibm,physical-attestation EINVAL
${lines[9]}
ibm,scan-log-dump 0 1
ibm,errinjct EINVAL
ibm,errinjct 0 -4
ibm,display-message 0 0
ibm,activate-firmware 0 9900
ibm,activate-firmware 0 -2
ibm,activate-firmware 0 0
set-time-for-power-on 0 0
ibm,read-slot-reset-state 0 -3 0 0
ibm,update-nodes EINVAL
ibm,update-properties EINVAL
ibm,suspend-me EINVAL
ibm,open-errinjct 0 1 0
ibm,open-errinjct 0 0 -4
ibm,close-errinjct 0 0"
	assert_line --index 2 --regexp '^ibm,get-indices 0 1 [0-9]+$'
	assert_line --index 9 --regexp '^ibm,lpar-perftools 0 1 [0-9]+$'
	host x-papr-firmware
	[[ $host_reply == *'"power_on":"2032-02-29T01:02:03.000000004Z"'* ]]
}

# ---- Event logs ----

no_records()
{
	guest "$raw" drain $error_log
}

# Print the next log in hexadecimal, without the unused bytes.
next_log()
{
	guest "$raw" read $error_log 4096 nonblock
	assert_line --index 0 2052
	log=${lines[1]:8}
	log=${log:0:$((16 + 2 * 16#${log:8:8}))}
}

inject() # JSON-MEMBERS
{
	host x-papr-inject-event "{$1}"
}

@test "events: hot plug has several forms, with and without a token" {
	no_records
	inject '"kind": "hotplug", "type": "pci", "action": "add", "index": "0x40000008"'
	next_log
	assert_equal "${log:0:16} ${log:192}" '063460e50000006c 48500014010000000501020040000008''00000000'
	inject '"kind": "hotplug", "type": "slot", "action": "remove", "drc": "U1-P1-C1"'
	next_log
	assert_equal "${log:192}" 485000150100000003020100$(printf 'U1-P1-C1' | od -An -tx1 | tr -d ' \n')00
	inject '"kind": "hotplug", "type": "phb", "action": "add", "index": 536870914, "token": 43981'
	next_log
	assert_equal "${log:192}" 4850001801000000040102802000000200000000''0000abcd
	inject '"kind": "hotplug", "type": "pci", "action": "add", "count": 3, "partial": true'
	next_log
	assert_equal "${log:192}" 485000140100000005010340''0000000300000000
	inject '"kind": "hotplug", "type": "pci", "action": "add", "count": 3, "index": 5'
	next_log
	assert_equal "${log:192}" 485000140100000005010400''0000000300000005
	no_records
	assert_stdout $'\n0\nEAGAIN'
}

@test "events: those that the kernel handles are not logged" {
	no_records
	inject '"kind": "hotplug", "type": "memory", "action": "add", "count": 1'
	inject '"kind": "hotplug", "type": "cpu", "action": "add", "index": "0x10000007"'
	inject '"kind": "prrn", "scope": 31'
	no_records
	assert_stdout $'\n0\nEAGAIN'
}

@test "events: EPOW, platform errors, and unused bytes" {
	no_records
	inject '"kind": "epow", "sensor": 1, "modifier": 2'
	next_log
	assert_equal "${log:6:2} ${log:192:22}" '40 4550001402000000010200'
	inject '"kind": "error", "severity": 64, "refcode": "B7001234"'
	next_log
	assert_equal "${log:6:2} ${log:192:8}" 'e0 50530050'
	# A header only; a truncated section.
	inject '"data": "062400e000000000"'
	next_log
	assert_equal "$log" 062400e000000000
	inject "\"data\": \"062400e000000018$(printf '%024d' 0)49424d005048ffff06000000\""
	next_log
	assert_equal "${#log}" 64
	refute_host x-papr-inject-event '{}'
	refute_host x-papr-inject-event '{"kind": "hotplug", "type": "pci", "action": "add"}'
	refute_host x-papr-inject-event '{"kind": "hotplug", "type": "x", "action": "add", "count": 1}'
	refute_host x-papr-inject-event '{"kind": "epow", "sensor": 256}'
	refute_host x-papr-inject-event '{"kind": "prrn", "data": "062000a00000001f"}'
}

@test "error_log: all readers share one queue" {
	no_records
	guest_sh 'for i in 1 2; do "$1" read "$2" 4096 >/tmp/read.$i & done; echo' "$raw" $error_log
	inject '"kind": "error", "refcode": "B7000001"'
	inject '"kind": "error", "refcode": "B7000002"'
	guest_sh 'wait_until "[ -s /tmp/read.1 ] && [ -s /tmp/read.2 ]"
		cat /tmp/read.1 /tmp/read.2 | grep -o 4237303030303... | sort; rm /tmp/read.*'
	answers 4237303030303031 4237303030303032
	no_records
	assert_stdout $'\n0\nEAGAIN'
}

# This test comes last, because the guest's kernel prints an error.
@test "events: those that would crash the real kernel are not delivered" {
	no_records
	# A section of length zero, from either source; hot plug without its section.
	inject "\"data\": \"062400e00000001886008e00$(printf '%016d' 0)49424d005048000006000000\""
	inject "\"data\": \"062460e50000001886008e00$(printf '%016d' 0)49424d005048000006000000\""
	inject "\"data\": \"062460e50000001886008e00$(printf '%016d' 0)49424d005048000806000000\""
	no_records
	assert_stdout $'\n0\nEAGAIN'
	run _guest_ctl oops
	assert_success
	assert_equal "$(grep -c Oops: <<<"$output")" 3
}
