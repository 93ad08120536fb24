#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel drmgr
# Processors and memory come as event records if the machine and the guest have not
# negotiated separate events. Otherwise the kernel handles these events, and the daemon
# receives none.

# shellcheck disable=SC2016 # scripts for the guest

load ../../guest/verbs
load ../../lib/errd

setup_file()
{
	guest_boot -machine modern-hotplug-events=off -smp 1,maxcpus=4 \
		-m 1G,slots=8,maxmem=4G
}

memory() # DAEMON PROGRAM
{
	local id=m$RANDOM

	daemon_needed "$1"
	record "$2"
	start "$1"
	host object-add "{\"qom-type\": \"memory-backend-ram\", \"id\": \"$id\", \"size\": 536870912}"
	host device_add "{\"driver\": \"pc-dimm\", \"id\": \"d$id\", \"memdev\": \"$id\"}"
	ran 1
	assert_commands 'drmgr -c mem -a -q 2'
	assert_alive
}

memory_kib()
{
	guest sed -n 's/MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

@test "rtas_errd: memory, and the peer's drmgr onlines it" {
	local before

	memory_kib
	before=$output
	memory rtas_errd /peer/sbin/drmgr
	memory_kib
	assert_equal "$output" $((before + 524288))
}

@test "rtas_errd: memory, and drmgr onlines it [log-12.2-legacy-add]" {
	local before

	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	before=$output
	memory rtas_errd ''
	guest grep = $commands
	assert_stdout '= 0'
	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	assert_equal "$output" $((before + 2))
}

@test "reader: memory, and drmgr onlines it" {
	local before

	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	before=$output
	memory reader ''
	guest grep = $commands
	assert_stdout '= 0'
	guest_sh 'ls -d /sys/devices/system/memory/memory* | wc -l'
	assert_equal "$output" $((before + 2))
}

@test "rtas_errd: a card among the same records is configured" {
	start rtas_errd
	plug n0 virtio-net-pci 1 "$nic"
	guest_until 'test -e /sys/class/net/eth0'
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
	took 2 229
	assert_alive
}

# Rows TYPE ACTION IDENTIFIER VALUE, and the command for them.
every_form() # DAEMON WIDE-COUNT
{
	local row forms expected=()

	forms=(
		'05 01 02 40000008 drmgr -c pci -a -s 0x40000008 -n -d4 -V'
		'05 02 02 40000008 drmgr -c pci -r -s 0x40000008 -n -d4 -V'
		'05 01 03 00000005 drmgr -c pci -a -q 5 -n -d4 -V'
		'05 02 03 00000063 drmgr -c pci -r -q 99 -n -d4 -V'
		'01 01 02 10000002 drmgr -c cpu -a -s 0x10000002'
		'01 02 02 10000002 drmgr -c cpu -r -s 0x10000002'
		'01 01 03 00000002 drmgr -c cpu -a -q 2'
		'02 01 02 80000123 drmgr -c mem -a -s 0x80000123'
		'02 02 03 00000010 drmgr -c mem -r -q 16'
		"02 01 03 000004d2 drmgr -c mem -a -q $2"
		'04 01 02 20000001 drmgr -c phb -a -s 0x20000001'
		'04 02 03 00000001 drmgr -c phb -r -q 1'
		'01 01 01 00000000'
		'05 01 01 43380000'
		'03 01 02 40000008'
		'06 01 02 90000000'
		'05 03 02 40000008'
		'05 01 00 40000008'
		'ff ff ff ffffffff'
		'02 01 04 0000000180000001'
		'05 02 02 00000000 drmgr -c pci -r -s 0 -n -d4 -V'
	)
	daemon_needed "$1"
	record /bin/true
	start "$1"
	for row in "${forms[@]}"; do
		# shellcheck disable=SC2086 # words
		set -- $row
		inject_hotplug "$1" "$2" "$3" "$4"
		[[ $# -eq 4 ]] || expected+=("${*:5}")
	done
	took "${#forms[@]}" 229
	ran "${#expected[@]}"
	assert_commands "${expected[@]}"
	assert_alive
}

# rtas_errd's buffer for the count has three digits.
@test "rtas_errd: every form of a hotplug event runs its command" {
	every_form rtas_errd 123
}

@test "reader: every form of a hotplug event runs its command" {
	every_form reader 1234
}

# Wrong lengths after the headers: the valid parts are used. (A section of length zero
# would make the kernel loop.)
malformed()
{
	local source=50530120010000000201000000000000$zeros$zeros$zeros$zeros location

	printf -v location '4c%.0s' {1..200}
	inject e0 55440004ffffffffffffffff
	inject e0 5544fff001000000${zeros}
	inject e0 49450004ffffffffffffffffffffffff
	inject e0 "${source}c0000034cc2848c8$location"
	inject e0 "${source}c000000300204800$zeros"
	inject_bytes e0 "$event_head$user_header$private_header"
	inject e0 5544
}

# Records without any valid part; the kernel forwards them.
unusable() # 1...4
{
	local body=$private_header$user_header

	case $1 in
	1) inject_bytes e0 "$event_head$body" 00000000 ;;
	2) inject_bytes e0 "${event_head/49424d/58595a}$body" ;;
	3) inject_bytes e0 "$event_head$body" 0000000c ;;
	4) inject_bytes e0 "$event_head$body" 00000030 ;;
	esac
}

# The host's next request still works.
goes_on()
{
	inject_hotplug 05 01 02 40000008
	took 7 224
	took 1 229
	ran 1
	assert_commands 'drmgr -c pci -a -s 0x40000008 -n -d4 -V'
	assert_alive
}

@test "rtas_errd: malformed records do not stop it" {
	daemon_needed rtas_errd
	record /bin/true
	start rtas_errd
	malformed
	goes_on
}

# rtas_errd exits if its library returns nothing, so that it is restarted. (It crashes on
# a hotplug event without the hotplug section, with either library; the kernel would have
# crashed before.)
@test "rtas_errd: unusable records make it exit" {
	local i

	daemon_needed rtas_errd
	for i in 1 2 3 4; do
		guest_sh 'rm -f /tmp/ended; (rtas_errd -d </dev/null >/tmp/said 2>&1; echo $? >/tmp/ended) & '
		unusable "$i"
		guest_until 'cat /tmp/ended'
		assert_output 255
		guest grep -c 'Could not parse RTAS event' /tmp/said
		refute_output 0
	done
}

@test "reader: malformed and unusable records do not stop it" {
	local i

	record /bin/true
	start reader
	for i in 1 2 3 4; do
		unusable "$i"
	done
	malformed
	goes_on
	guest grep -c malformed $reader_log
	assert_stdout 4
}

processors_are() # LIST
{
	guest cat /sys/devices/system/cpu/present
	assert_stdout "$1"
}

# QEMU 7.2 crashes if memory is plugged after a processor was unplugged: these come last.
processor() # DAEMON [PROGRAM]
{
	daemon_needed "$1"
	record "${2-}"
	start "$1"
	plug_core 2
	ran 1
	assert_commands 'drmgr -c cpu -a -s 0x10000002'
	processors_are 0-1
	host device_del '{"id": "c2"}'
	host_wait DEVICE_DELETED device=c2
	ran 2
	assert_commands 'drmgr -c cpu -a -s 0x10000002' 'drmgr -c cpu -r -s 0x10000002'
	guest grep = $commands
	assert_stdout $'= 0\n= 0'
	processors_are 0
	assert_alive
}

@test "rtas_errd: a processor is acquired and released [log-12.3-legacy]" {
	processor rtas_errd
}

@test "reader: a processor is acquired and released" {
	processor reader
}

@test "rtas_errd: a processor is acquired by the peer's drmgr" {
	processor rtas_errd /peer/sbin/drmgr
}
