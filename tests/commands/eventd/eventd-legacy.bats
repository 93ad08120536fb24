#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest
# papr-eventd adds and removes processors and memory if the machine and the guest have not
# negotiated separate events. Otherwise the kernel handles these events itself.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/eventd
load ../../lib/logical

setup_file()
{
	logical_boot -machine modern-hotplug-events=off
}

# Such a machine does not unplug memory.
@test "memory and a card among the same events" {
	record /bin/false
	eventd
	blocks_are '0 1 2 3'
	plug_memory 1 2
	logged 'add mem count 2: done'
	blocks_are '0 1 2 3 4 5'
	plug n0 virtio-net-pci 1 "$nic"
	configured 0000:00:01.0
	eventd_unplug n0
	eventd_status_becomes '"done": 3'
	eventd_status '"failed": 0'
	guest -1 test -e $commands
}

# QEMU 7.2 crashes if anything is plugged after a processor was unplugged: this is last.
@test "a processor is acquired and released" {
	record /bin/false
	eventd
	plug_core 2
	logged 'add cpu 0x10000002: done'
	cpus_are 0-1
	host device_del '{"id": "c2"}'
	host_wait -t 60 DEVICE_DELETED device=c2
	logged 'remove cpu 0x10000002: done'
	cpus_are 0
	eventd_status '"failed": 0'
	guest -1 test -e $commands
}
