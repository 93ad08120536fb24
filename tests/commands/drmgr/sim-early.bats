#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# Linux 6.12 before 6.12.42, on a machine without ibm,drc-info: "dt add" finds no connector.
# Under lockdown nothing else attaches a node, and firmware does not isolate a connector whose
# walk was not read to its end. So nothing may begin.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/eventd

setup_file() { :; }

boot() # LOCKDOWN [OPTION]
{
	GUEST_PROFILE=6.12 GUEST_LOCKDOWN=$1 GUEST_RUN_OPTIONS=${2-} guest_boot
	guest_needed
}

setup()
{
	[[ ${GUEST_KIND:-real} == sim ]] || skip "a real kernel is early or is not"
	cards_setup
}

teardown()
{
	guest_down
}

reason=', also not to undo a removal: the kernel does not find the connectors of this machine: /sys/kernel/dlpar: Input/output error. '

@test "under lockdown, a change is refused before it begins [io-lockdown-early]" {
	local change

	boot integrity --early-dlpar
	plug n0 virtio-net-pci 1 "$nic"
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	for change in '-c pci -a -s C8 -n' '-c phb -a -s "PHB 1"' '-c pci -a -s C8 -n --backend dlpar'; do
		guest_sh "drmgr $change --trace"
		assert_status 255
		assert_stderr --partial "$reason"
		refute_stderr --partial 'set-indicator'
	done
	guest -0 drmgr -c pci -a -s C8 -n --dry-run
	guest -1 test -e /run/drmgr/journal
	host device_del '{"id": "n0"}' # its connector is as before
	host_wait DEVICE_DELETED device=n0
}

@test "papr-eventd refuses it, too" {
	boot integrity --early-dlpar
	guest_sh ': >"$1"' "$eventd_log"
	eventd
	host device_add '{"driver": "virtio-net-pci", "id": "n0", "addr": "1", "romfile": ""}'
	logged "${reason#, }"
	eventd_status '"failed": 1'
	eventd_stop
}

@test "if the kernel's log cannot be read, it is unknown, and the same [io-lockdown-log]" {
	boot integrity
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 mount --bind /dev/mem /dev/kmsg # which cannot be opened
	guest -255 drmgr -c pci -a -s C8 -n
	assert_stderr --partial 'it is unknown whether the kernel finds the connectors of this machine: /dev/kmsg: Operation not permitted. '
}

# The first program that may read the log tries it; others use the result.
@test "what the kernel does is kept for this boot [io-lockdown-fact]" {
	boot integrity --early-dlpar
	plug n0 virtio-net-pci 1 "$nic"
	guest -255 drmgr -c pci -a -s C8 -n --trace
	assert_stderr --partial "$reason"
	guest -0 mount --bind /dev/mem /dev/kmsg # which cannot be opened
	guest -255 drmgr -c pci -a -s C8 -n
	assert_stderr --partial "$reason"
	refute_stderr --partial 'it is unknown'
	guest_sh 'sed -i "s/ 0$/ 2/" /run/drmgr/dt-add' # damaged: it asks again
	guest -255 drmgr -c pci -a -s C8 -n
	assert_stderr --partial 'it is unknown whether'
	guest_sh 'echo "00000000-0000-0000-0000-000000000000 1" >/run/drmgr/dt-add' # another boot
	guest -255 drmgr -c pci -a -s C8 -n
	assert_stderr --partial 'it is unknown whether'
}

@test "a kernel with the fix is not refused" {
	boot integrity
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n
	guest -0 drmgr -c pci -r -s C8 -n
	guest -0 mount --bind /dev/mem /dev/kmsg
	guest -0 drmgr -c pci -a -s C8 -n
	guest -0 drmgr -c pci -r -s C8 -n
}

@test "without lockdown, the nodes go through /proc/ppc64/ofdt" {
	boot none --early-dlpar
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n --trace
	assert_stderr --partial 'trace: write /sys/kernel/dlpar dt add index 0x40000008'
	assert_stderr --partial 'trace: write /proc/ppc64/ofdt'
	guest -0 test -e /sys/class/net/eth0
	guest -0 drmgr -c pci -r -s C8 -n
}
