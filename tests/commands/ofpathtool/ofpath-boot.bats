#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian ofpathtool
#
# Firmware accepts the output of ofpathtool: SLOF opens the path of each disk of a guest,
# and boots from those with a program.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/ofpath
load ../../lib/ofpath-machine
load ../../lib/ofpath-slof

setup_file()
{
	local -a machine
	local name

	[ "${GUEST_KIND:-real}" = real ] || return 0
	export GUEST_FIRMWARE=slof
	ofpath_images "$BATS_FILE_TMPDIR"
	for name in vda sde sda sdj; do
		bootable "$name"
	done
	ofpath_options machine "$BATS_FILE_TMPDIR"
	guest_boot "${machine[@]}"
	[ -z "${GUEST_MISSING:-}" ] || return 0
	guest_sh "$ofpath_names_script" "$ofpath_modules"
	ofpath_pairs <<<"$output" >"$BATS_FILE_TMPDIR/names"
	guest_sh 'ofpathtool --list | awk "NR > 1 { print \$1, \$2 }"'
	echo "$output" >"$BATS_FILE_TMPDIR/paths"
	guest_down
}

# Make a disk with a program in the first partition, which prints its disk.
bootable() # NAME
{
	local start

	start=$(sfdisk -d "$BATS_FILE_TMPDIR/$1" | sed -n '/1 : start=/{s/.*start= *\([0-9]*\).*/\1/p;q}')
	slof_program -r "$1" |
		dd of="$BATS_FILE_TMPDIR/$1" bs=512 seek="$start" conv=notrunc status=none
}

setup()
{
	[ "${GUEST_KIND:-real}" = real ] || skip 'a simulated guest has no disks'
	[[ -z ${GUEST_MISSING:-} ]] || skip "$GUEST_MISSING"
}

teardown()
{
	slof_stop
}

# Print the path from the guest for a device of the table, or for a partition of it.
printed() # NAME [PARTITION]
{
	local name

	name=$(awk -v name="$1" '$1 == name { print $2 }' "$BATS_FILE_TMPDIR/names")
	awk -v name="$name${2-}" '$1 == name { print $2 }' "$BATS_FILE_TMPDIR/paths"
}

# Print the statuses that the console shows after "closed:".
opened()
{
	tr -d '\0\r' <"$console" | grep -aoE 'closed:(0|-1)' | cut -d: -f2
}

# Type PATH at the prompt. $answer is true if SLOF opened it. The number below it on the
# stack is needed: virtio-blk's driver takes an empty stack for an open disk.
try_path() # PATH
{
	local before

	before=$(opened | wc -l)
	printf '1 s" %s" open-dev 0= ." closed:" . cr\r' "$1" >&7
	wait_until -t 600 '[ "$(opened | wc -l)" -gt "$before" ]' || return
	answer=$(opened | tail -n 1)
	echo "$1: $answer"
}

# Wait for the prompt of SLOF with a keyboard.
prompt()
{
	local -a machine

	ofpath_options machine "$BATS_FILE_TMPDIR"
	slof_prompt "${machine[@]}"
}

# The program returns to the prompt.
boots() # NAME [PARTITION]
{
	local path

	path=$(printed "$@")
	echo "$1 ${2-}: $path"
	[ -n "$path" ]
	slof_type "boot $path"
	tr -d '\0\r' <"$console" | grep -aF -A 1 "from: $path ..." | grep -aq "^booted: $1 "
}

@test "SLOF boots from partitions, from disks with a partition, and from a disk with GPT [ofp-boot-blk ofp-boot-vscsi]" {
	prompt
	boots vda 1
	boots vda
	boots sde 1
	boots sde
	boots sda
	boots sdj 1
	slof_stop
}

opens() # PATH
{
	try_path "$1"
	[ "$answer" = 0 ]
}

refuses() # PATH
{
	try_path "$1"
	[ "$answer" = -1 ]
}

# SLOF does not find partitions of GPT disks by number. For AHCI, RAID and NVMe it
# opens the controller, not the disk.
@test "SLOF opens each printed path for which it has a driver [ofp-slof]" {
	local name path gpt n=0

	gpt=$(printed sda)
	prompt
	while read -r name path; do
		case $path in
		*/sata@*/* | */raid@*/* | */mass-storage@*/* | "$gpt":*) refuses "$path" ;;
		*) opens "$path" ;;
		esac
		n=$((n + 1))
	done <"$BATS_FILE_TMPDIR/paths"
	slof_stop
	[ "$n" -gt 55 ]
}

@test "SLOF opens other accepted spellings, and not paths of missing devices" {
	local path

	prompt
	for path in /pci@800000020000000/scsi@3/disk@0100000000000000 \
		/pci@800000020000000/scsi@3/disk@112412c00000000 \
		/pci@800000020000000/usb-xhci@5/hub@2/storage@3/disk@102000000000000 disk net; do
		opens "$path"
	done
	for path in /pci@800000020000000/scsi@3/disk@103000500000000 "$(printed sde):9" \
		"$(printed sdf | sed s/8201/8200/)" /pci@800000020000000/scsi@1/disk@0 "$(printed sr1):1"; do
		refuses "$path"
	done
	slof_stop
}
