#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest drmgr
# Uses of a card are listed in each format, and the removal is refused if the system needs
# the card. A tmpfs whose source is the disk replaces a file system on it: the mount table
# is the kernel's own.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards
load ../../lib/calls

setup_file()
{
	guest_boot -blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
}

setup()
{
	cards_setup
	guest_sh 'umount /boot /mnt 2>/dev/null; rm -f /tmp/swaps; true'
}

teardown()
{
	guest_sh 'umount /proc/swaps /boot /mnt 2>/dev/null; true'
	cards_teardown
}

disk_with()
{
	plug b0 virtio-blk-pci 1 '"drive": "disk0", "romfile": ""'
	guest -0 drmgr -c pci -a -s C8 -n
	guest_until 'test -e /sys/class/block/vda'
	[ $# -eq 0 ] || mounted_on "$@"
}

mounted_on() # POINT...
{
	local point

	for point; do
		guest_sh -0 'mkdir -p $1 && mount -t tmpfs /dev/vda $1' "$point"
	done
}

refused() # LINE [OPTION...]
{
	guest -255 drmgr -c pci -r -s C8 -n --trace "${@:2}"
	assert_stderr_line "$1"
	assert_calls ''
	guest -0 test -e /sys/class/block/vda
}

boot_refused='C8: cannot remove the card: /dev/vda is mounted on /boot (use --force to remove it anyway)'

# The first need that refuses; unknown: null or a string of JSON.
assert_refused_by() # NEED CHAIN UNKNOWN
{
	assert_json_schema drmgr
	assert_stdout --partial "\"refused_by\": {
    \"need\": \"$1\",
    \"chain\": \"$2\",
    \"unknown\": $3
  }"
}

@test "a file system that the system needs: refused with no call, removed with --force [io-remove-lost-fatal]" {
	disk_with /boot
	refused "$boot_refused"
	guest -255 drmgr -c pci -r -s C8 -n --dry-run
	assert_stderr "$boot_refused"
	assert_stdout 'C8 (0x40000008):
  in use: /dev/vda is mounted on /boot'
	guest -255 drmgr -c pci -R -s C8 -n
	assert_stderr "$boot_refused"
	guest -255 drmgr -c pci -r -s C8 -n --json
	assert_json_schema drmgr
	assert_stdout_line --regexp '"fatal": true'
	assert_refused_by /boot vda null
	guest -0 drmgr -c pci -r -s C8 -n --force --dry-run --json
	assert_stdout_line '  "refused_by": null,'
	guest -0 drmgr -c pci -r -s C8 -n --force
	assert_stderr 'in use: /dev/vda is mounted on /boot'
}

@test "in a mount namespace without /boot, that of process 1 counts" {
	disk_with /boot
	guest -255 unshare -m sh -c 'umount /boot && exec drmgr -c pci -r -s C8 -n'
	assert_stderr "$boot_refused"
	guest -0 unshare -m sh -c 'umount /boot && exec drmgr -c pci -r -s C8 -n --force'
	guest -1 test -e /sys/class/block/vda
}

@test "a host bridge with a needed card is refused [io-remove-lost-phb]" {
	disk_with /boot
	guest -255 drmgr -c phb -r -s 'PHB 0'
	assert_stderr_line 'PHB 0: cannot remove the PHB: /dev/vda is mounted on /boot (use --force to remove it anyway)'
	guest -0 test -e /sys/class/block/vda
}

@test "active swap is refused [io-remove-lost-swap]" {
	disk_with
	guest_sh -0 'printf "Filename Type Size Used Priority\n/dev/vda partition 1 0 -2\n" >/tmp/swaps
		mount --bind /tmp/swaps /proc/swaps'
	refused 'C8: cannot remove the card: /dev/vda is used for swap (use --force to remove it anyway)'
}

@test "another file system is listed in the plan, the log and the document, and removed [io-remove-lost-told]" {
	disk_with /mnt
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	assert_stdout_line '  in use: /dev/vda is mounted on /mnt'
	guest -0 drmgr -c pci -r -s C8 -n --dry-run --json
	assert_json_schema drmgr
	assert_stdout_line --partial '"kind": "mount"'
	guest -0 drmgr -c pci -r -s C8 -n
	assert_stdout ''
	assert_stderr 'in use: /dev/vda is mounted on /mnt'
	guest grep -c 'info in use: /dev/vda is mounted on /mnt' /var/log/drmgr
	assert_stdout 1
}

@test "a need of which nothing shows the disk: refused with what is known and what is missing" {
	local refusal='C8: cannot remove the card: swap /dev/gone is active: which disks that needs is unknown, and /dev/vda is in use (use --force to remove it anyway)'

	disk_with /mnt
	guest_sh -0 'printf "Filename Type Size Used Priority\n/dev/gone partition 1 0 -2\n" >/tmp/swaps
		mount --bind /tmp/swaps /proc/swaps'
	refused "$refusal"
	guest -255 drmgr -c pci -r -s C8 -n --dry-run --json
	assert_refused_by /dev/gone /dev/gone '"vda"'
	guest -0 drmgr -c pci -r -s C8 -n --force
	assert_stderr "in use: /dev/vda is mounted on /mnt
in use: swap /dev/gone is active: which disks that needs is unknown, and /dev/vda is in use"
}

# The mount options are the kernel's own.
@test "an overlay with a layer on the disk is on the disk [io-remove-lost-overlay]" {
	disk_with /mnt
	guest_sh -0 'modprobe overlay 2>/dev/null; mkdir -p /mnt/a /tmp/b && mount -t overlay overlay -o lowerdir=/tmp/b:/mnt/a /boot'
	refused 'C8: cannot remove the card: overlay (on vda) is mounted on /boot (use --force to remove it anyway)'
	guest_sh 'umount /boot'
	guest -0 drmgr -c pci -r -s C8 -n
}

@test "--no-loss lists each use in a line, and changes nothing [io-remove-lost-none]" {
	disk_with /mnt
	refused 'C8: cannot remove the card with --no-loss: /dev/vda is mounted on /mnt' --no-loss
	guest -255 drmgr -c pci -r -s C8 -n --no-loss --json
	assert_stderr_line 'in use: /dev/vda is mounted on /mnt'
	assert_json_schema drmgr
	assert_stdout_line --partial '"what": "/mnt"'
	guest_sh 'umount /mnt'
	guest -0 drmgr -c pci -r -s C8 -n --no-loss --json
	assert_stdout_line --partial '"impact": ['
	refute_stdout_line --partial '"kind"'
}

@test "the refusal comes before the first question [io-remove-lost-prompt]" {
	disk_with /mnt
	guest_sh -255 'echo x | drmgr -c pci -r -s C8'
	assert_equal "${lines[0]}" 'in use: /dev/vda is mounted on /mnt'
	assert_stdout_line --partial 'The visual indicator'
}

@test "--force and --no-loss contradict each other [io-remove-lost-options]" {
	guest -255 drmgr -c pci -r -s C8 -n --no-loss --force
	assert_stderr 'The --force and --no-loss options are mutually exclusive'
}

@test "a rollback removes a new card even if udev has mounted its file system [io-remove-lost-undo]" {
	plug b0 virtio-blk-pci 1 '"drive": "disk0", "romfile": ""'
	mounted_on /mnt
	guest -255 drmgr -c pci -a -q 2 --all-or-nothing --no-loss
	guest -1 test -e /sys/class/block/vda
}
