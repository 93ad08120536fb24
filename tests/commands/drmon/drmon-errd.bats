#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once guest debian drmgr
# drmon shows the work of the distribution's event daemon.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/errd
load ../../lib/drmon

setup_file()
{
	terminal_wanted
	guest_boot
}

teardown()
{
	screen_stop
	cards_teardown
	assert_no_oops
}

@test "drmon shows the host's requests while rtas_errd handles them [drmon-plug]" {
	start rtas_errd
	screen_start
	shows '-- Events \(rtas_errd\) [0-9:]* ---'
	plug n0 virtio-net-pci 1 "$nic"
	shows 'hotplug add pci'
	shows 'C8 .* configured'
	shows 'drmgr .*0x40000008 .*: done'
	host device_del '{"id": "n0"}'
	host_has_it_back n0
	forget n0
	shows 'hotplug remove pci'
	shows_no 'C8 +0x'
}
