#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian drmgr
# Disks with holders that no file of the kernel names: a mount in another namespace, the
# journal of a file system on another disk. The kernel refuses to open such a disk
# exclusively. drmgr lists it as claimed. A holder that the kernel names is listed by its
# name.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	[ "${GUEST_KIND:-real}" = real ] || return 0
	truncate -s 64M "$BATS_FILE_TMPDIR/card" "$BATS_FILE_TMPDIR/other"
	export GUEST_OVERLAY=${GUEST_CACHE:-}/storage:${GUEST_OVERLAY:-}
	guest_boot -blockdev "driver=raw,node-name=card,file.driver=file,file.filename=$BATS_FILE_TMPDIR/card" \
		-blockdev "driver=raw,node-name=other,file.driver=file,file.filename=$BATS_FILE_TMPDIR/other" \
		-device nvme,drive=other,serial=x,addr=10
	[ -z "${GUEST_MISSING:-}" ] || return 0
	# file systems of older kernels need the first one
	guest_sh -0 '! grep -q "^crc32c_generic" /lib/modules/*/modules.dep || modprobe crc32c_generic
		modprobe -a loop ext4 && mkdir -p /mnt /other /boot'
	guest_until 'test -b /dev/nvme0n1'
}

setup()
{
	[ "${GUEST_KIND:-real}" = real ] || skip 'a simulated guest has no disks'
	cards_setup
	truncate -s 0 "$BATS_FILE_TMPDIR/card"
	truncate -s 64M "$BATS_FILE_TMPDIR/card"
	plug b0 virtio-blk-pci 1 '"drive": "card", "romfile": ""'
	guest -0 drmgr -c pci -a -s C8 -n
	guest_until 'test -b /dev/vda'
}

# The next disk is vda only if nothing keeps this one. A process that has ended has
# unmounted.
teardown()
{
	[ "${GUEST_KIND:-real}" = real ] || return 0
	guest_sh 'umount /mnt /other /boot; losetup -d /dev/loop0; true'
	holder_ends
	cards_teardown
}

holder_ends()
{
	guest_until '! test -e /tmp/holder || ! kill $(cat /tmp/holder)'
	guest rm -f /tmp/holder
}

# Make a file system, and mount it in a namespace of its own, which a sleeping process
# keeps.
held_elsewhere() # DEVICE
{
	guest_sh -0 'mkfs.ext4 -q -F $1 && rm -f /tmp/holder || exit 1
		unshare -m sh -c "mount -t ext4 $1 /mnt && echo \$\$ >/tmp/holder && exec sleep 1000" \
			</dev/null >/tmp/unshare 2>&1 &' "$1"
	guest_until 'test -s /tmp/holder'
	guest grep -c "^$1 " /proc/mounts
	assert_stdout 0
}

is_there()
{
	guest -0 test -b /dev/vda
}

is_gone()
{
	guest -1 test -e /sys/bus/pci/devices/0000:00:01.0
}

# A dry run lists exactly these uses.
loses() # LINE...
{
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	assert_stderr ''
	assert_equal "$(sed -n 's/^  in use: //p' <<<"$output")" "$(printf '%s\n' "$@")"
}

# A removal with --no-loss lists exactly these uses, is refused because of the first one,
# and changes nothing.
kept() # LINE...
{
	local others=

	[ $# -eq 1 ] || others=", and $(($# - 1)) more"
	guest -255 drmgr -c pci -r -s C8 -n --no-loss
	assert_stderr "$(printf 'in use: %s\n' "$@")
C8: cannot remove the card with --no-loss: $1$others"
	is_there
}

removed() # [OPTION...]
{
	local said

	guest -0 drmgr -c pci -r -s C8 -n "$@"
	said=$stderr
	is_gone
	stderr=$said
}

is_claimed='is claimed by the kernel, a program or another mount namespace'

@test "a disk that only another mount namespace has mounted is claimed [io-remove-lost-claimed]" {
	held_elsewhere /dev/vda
	kept "/dev/vda $is_claimed"
	loses "/dev/vda $is_claimed"
	guest -0 drmgr -c pci -r -s C8 -n --dry-run --json
	assert_json_schema drmgr
	assert_equal "$(json_values kind)" claimed
	assert_equal "$(json_values what)" vda
	assert_stdout_line --partial '"fatal": false'
	guest -255 drmgr -c pci -r -s C8 -n --no-loss --json
	assert_json_schema drmgr
	assert_equal "$(json_values kind)" claimed
	is_there
	removed
	assert_stderr "in use: /dev/vda $is_claimed"
	guest grep -c "info in use: /dev/vda $is_claimed" /var/log/drmgr
	assert_stdout 1
}

@test "the disk is free again after its last holder" {
	held_elsewhere /dev/vda
	kept "/dev/vda $is_claimed"
	holder_ends
	removed --no-loss
	assert_stderr ''
}

@test "of two partitions, only the one with a holder is claimed" {
	guest_sh '{
			dd if=/dev/zero bs=446 count=1
			printf "\0\0\0\0\203\0\0\0\0\010\0\0\0\200\0\0"
			printf "\0\0\0\0\203\0\0\0\0\210\0\0\0\200\0\0"
			dd if=/dev/zero bs=32 count=1
			printf "\125\252"
		} 2>/dev/null >/dev/vda && blockdev --rereadpt /dev/vda'
	guest_until 'test -b /dev/vda2'
	held_elsewhere /dev/vda1
	kept "/dev/vda1 $is_claimed"
	loses "/dev/vda1 $is_claimed"
	removed
	assert_stderr "in use: /dev/vda1 $is_claimed"
}

journal_of() # POINT
{
	guest_sh -0 'mkfs.ext4 -q -F -O journal_dev -b 4096 /dev/vda &&
		mkfs.ext4 -q -F -b 4096 -J device=/dev/vda /dev/nvme0n1 &&
		mount -t ext4 /dev/nvme0n1 $1' "$1"
}

# The kernel claims the journal's disk, and names it in the task that writes the journal.
@test "a file system on another disk is on the disk of its journal, too [io-remove-lost-journal]" {
	journal_of /other
	kept '/dev/vda is mounted on /other'
	loses '/dev/vda is mounted on /other'
	guest -0 umount /other
	removed --no-loss
	assert_stderr ''
}

@test "the journal of a file system that the system needs is refused" {
	journal_of /boot
	guest -255 drmgr -c pci -r -s C8 -n
	assert_stderr_line --partial 'is mounted on /boot (use --force to remove it anyway)'
	is_there
}

@test "a loop device over the disk is a mapping, also with a mounted file system" {
	guest_sh -0 'mkfs.ext4 -q -F /dev/vda && losetup /dev/loop0 /dev/vda'
	loses 'mapping loop0 is on vda'
	kept 'mapping loop0 is on vda'
	guest -0 mount -t ext4 /dev/loop0 /mnt
	loses 'mapping loop0 is on vda' 'loop0 (on vda) is mounted on /mnt'
	kept 'mapping loop0 is on vda' 'loop0 (on vda) is mounted on /mnt'
	guest_sh -0 'umount /mnt && losetup -d /dev/loop0'
	removed --no-loss
	assert_stderr ''
}

@test "a disk with a file system that is mounted here is not claimed" {
	guest_sh -0 'mkfs.ext4 -q -F /dev/vda && mount -t ext4 /dev/vda /mnt'
	loses '/dev/vda is mounted on /mnt'
	kept '/dev/vda is mounted on /mnt'
}

@test "a program that has the disk open is listed [io-remove-lost-open]" {
	guest_sh 'sleep 1000 <>/dev/vda >/tmp/sleep 2>&1 & echo $! >/tmp/holder'
	guest cat /tmp/holder
	kept "/dev/vda is open: sleep (PID $output)"
	guest drmgr -c pci -r -s C8 -n --dry-run --json
	assert_json_schema drmgr
	assert_equal "$(json_values kind)" open
	holder_ends
	removed --no-loss
	assert_stderr ''
}

@test "a free disk is removed with --no-loss, with and without a file system [io-remove-lost-free]" {
	guest -0 drmgr -c pci -r -s C8 -n --dry-run --json
	assert_stdout_line --partial '"impact": ['
	refute_stdout_line --partial '"kind"'
	removed --no-loss
	assert_stderr ''
	guest -0 drmgr -c pci -a -s C8 -n
	guest_until 'mkfs.ext4 -q -F /dev/vda'
	removed --no-loss
	assert_stderr ''
}
