#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest kernel papr-eventd
# papr-eventd acts on each plug and unplug of the host, and executes no program. A bus has
# 32 slots. More cards need a second host bridge.
#
# Processors and memory: the kernel adds and removes them itself, and forwards no event. If
# guest and machine have not negotiated separate events: eventd-legacy.bats.

# shellcheck disable=SC2016,SC2034,SC2154 # scripts for the guest; variables of cards.bash

load ../../guest/verbs
load ../../lib/eventd
load ../../lib/logical

setup_file()
{
	local slot disks=()

	for slot in {1..31..2}; do
		disks+=(-blockdev "node-name=disk$slot,driver=null-co,size=1048576,read-zeroes=on")
	done
	logical_boot "${disks[@]}"
}

# Start the daemon, in the real guest under strace.
eventd_traced() # [STRACE-OPTION]
{
	record /bin/false
	guest_sh 'rm -f /tmp/calls; command -v strace'
	if [[ ${GUEST_KIND:-real} == sim || $status -ne 0 ]]; then
		eventd
		return
	fi
	guest_sh 'cd /tmp && strace -f $1 -o calls -e trace=execve,execveat \
		papr-eventd --foreground >/dev/null 2>>eventd.log &' "${1---seccomp-bpf}"
	guest_until 'papr-eventd --status'
}

# drmgr did not run. No program was executed but the daemon, and these.
assert_executed() # [FILE...]
{
	guest -1 test -e "$commands"
	guest test -e /tmp/calls
	[[ $status -eq 0 ]] || return 0
	guest sed -n 's/.* execve[at]*(.*"\(\/[^"]*\)", \[.*/\1/p' /tmp/calls
	assert_stdout "$(printf '%s\n' /usr/sbin/papr-eventd "$@")"
}

# A network card in an even slot, a disk in an odd one.
plug_any() # SLOT
{
	if [[ $(($1 % 2)) -eq 0 ]]; then
		plug "n$1" virtio-net-pci "$(printf %x "$1")" "$nic"
	else
		plug "n$1" virtio-blk-pci "$(printf %x "$1")" "\"drive\": \"disk$1\""
	fi
}

slot_configured() # SLOT
{
	configured "$(printf '0000:00:%02x.0' "$1")"
}

@test "32 cards, one after the other" {
	local slot

	eventd_traced
	for slot in {0..31}; do
		plug_any "$slot"
		slot_configured "$slot"
	done
	guest_sh 'ls -d /sys/class/net/eth* /sys/class/block/vd* | wc -l'
	assert_stdout 32
	for slot in {31..0}; do
		eventd_unplug "n$slot"
	done
	guest ls /sys/bus/pci/devices
	assert_stdout ''
	eventd_status_becomes '"done": 64'
	eventd_status '"failed": 0'
	assert_executed
}

# One after the other in the guest, all at once on the host.
@test "32 cards at once" {
	local slot

	eventd_traced
	for slot in {0..31}; do
		plug_any "$slot"
	done
	logged ': done' 32
	guest_sh 'ls /sys/bus/pci/devices/*/driver -d | wc -l'
	assert_stdout 32
	eventd_unplug_all n{0..31}
	plugged=()
	eventd_status_becomes '"done": 64'
	eventd_status '"failed": 0'
	eventd_status '"lost": 0'
	assert_executed
}

@test "a host bridge and eight cards at once, and all are unplugged at once" {
	local slot

	eventd_traced
	host device_add '{"driver": "spapr-pci-host-bridge", "index": 1, "id": "phb1"}'
	for slot in {1..8}; do
		host device_add "{\"driver\": \"virtio-net-pci\", \"id\": \"b$slot\", \"bus\": \"phb1.0\", \"addr\": \"$slot\", $nic}"
	done
	# the bridge brings the cards that the host has plugged before it is configured
	eventd_status_becomes '"done": 9'
	guest_sh 'ls /sys/bus/pci/devices/*/driver -d | wc -l'
	assert_stdout 8
	eventd_unplug_all b{1..8} phb1
	refute_node /pci@800000020000001
	eventd_status_becomes '"done": 18'
	eventd_status '"failed": 0'
	assert_executed
}

# If strace 6.1 uses seccomp, the shell exits with status 1 in the real guest.
@test "the hooks for cards run, and no other program" {
	local hook=/etc/drmgr.d/pci/note

	guest_sh -i 'mkdir -p "${1%/*}" && cat >"$1" && chmod 755 "$1"' $hook <<-'EOF'
		#!/bin/sh
		echo $ACTION $PHASE $DRC_COUNT $DRC_NAME >>/tmp/hooked
	EOF
	assert_status 0
	eventd_traced ''
	plug_any 1
	logged ': done'
	eventd_unplug n1
	logged ': done' 2
	guest_sh 'rm -r /etc/drmgr.d; cat /tmp/hooked; rm /tmp/hooked'
	assert_stdout $'add pre 1 C8\nadd post 1 C8\nremove pre 1 C8\nremove post 1 C8'
	refute_logged ' exited with status'
	assert_executed $hook $hook $hook $hook
}

@test "cards that wait are changed together, each with its hooks" {
	local slot hook=/etc/drmgr.d/pci/note

	guest_sh -i 'mkdir -p "${1%/*}" && cat >"$1" && chmod 755 "$1"' $hook <<-'EOF'
		#!/bin/sh
		echo $ACTION $PHASE $DRC_COUNT $DRC_NAME >>/tmp/hooked
	EOF
	assert_status 0
	lock
	eventd
	for slot in 1 2 3 4; do
		plug_any $slot
	done
	eventd_status_becomes '"received": 4'
	unlock
	eventd_status_becomes '"done": 4'
	for slot in 1 2 3 4; do
		slot_configured $slot
	done
	guest_sh 'rm -r /etc/drmgr.d; cat /tmp/hooked; rm /tmp/hooked'
	assert_stdout "$(printf 'add %s 1 %s\n' pre C8 post C8 pre C16 post C16 pre C24 post C24 pre C32 post C32)"
	guest grep -c 'papr-eventd: add pci' $drmgr_log
	assert_stdout 1
	guest -0 grep 'papr-eventd: add pci 0x40000008 and 3 more' $drmgr_log
}

# QEMU 7.2 crashes if anything is plugged after a processor was unplugged.
@test "processors and memory: the kernel acts, and papr-eventd receives no event" {
	eventd_traced
	blocks_are '0 1 2 3'
	plug_memory 1 2
	blocks_become '0 1 2 3 4 5'
	host device_del '{"id": "d1"}'
	host_wait -t 60 DEVICE_DELETED device=d1
	blocks_are '0 1 2 3'
	plug_core 2
	cpus_become 0-1
	# the event of a card comes after theirs
	plug_any 0
	slot_configured 0
	eventd_status '"received": 1'
	eventd_unplug n0
	host device_del '{"id": "c2"}'
	host_wait -t 60 DEVICE_DELETED device=c2
	cpus_are 0
	eventd_status_becomes '"done": 2'
	eventd_status '"received": 2'
	assert_executed
}
