#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim
# papr-eventd acquires and releases logical slots of a partition. The kernel forwards these
# events. QEMU's machine has no logical slots.

# shellcheck disable=SC2154 # set by the verbs

load ../../guest/verbs
load ../../lib/eventd

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar guest_boot
}

@test "a virtual adapter is acquired and released" {
	record /bin/false
	eventd
	host device_add '{"driver": "spapr-vlan", "id": "n0", "slot": 5}'
	inject_hotplug 03 01 02 30000005
	logged 'add slot 0x30000005: done'
	guest -0 test -e /sys/bus/vio/devices/30000005
	host device_del '{"id": "n0"}'
	inject_hotplug 03 02 02 30000005
	logged 'remove slot 0x30000005: done'
	host_wait DEVICE_DELETED device=n0
	refute_node /vdevice/l-lan@30000005
	eventd_status '"failed": 0'
	guest -1 test -e "$commands"
}
