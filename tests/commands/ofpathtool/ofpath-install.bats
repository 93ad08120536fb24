#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here sanitized ofpathtool
# ofpathname for installers of boot loaders. GRUB 2.14 runs "ofpathname --version" and then
# "ofpathname DEVICE", ignores the status of the second, and writes what it prints.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/ofpath

setup()
{
	ofpath_programs
}

# Set $taken to what grub-install writes, $stderr to the messages: all output, without one
# line end, whatever the status is.
take() # DEVICE
{
	local ofpathname=("$ofpathname" --sysroot "$machine") before

	before=$("${ofpathname[@]}" "$1" 2>&1) || true
	"${ofpathname[@]}" --version >/dev/null
	status=0
	taken=$("${ofpathname[@]}" "$1" 2>"$BATS_TEST_TMPDIR/err") || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	echo "$1: $status: $taken: $stderr"
	assert_equal "$(sort <<<"$before")" "$(printf '%s\n' ${taken:+"$taken"} ${stderr:+"$stderr"} | sort)"
}

# The device has this path, one word in one line. Firmware reads boot-device as words.
answered() # DEVICE PATH NOTE
{
	take "$1"
	[ "$status:$taken" = "0:$2" ]
	[[ $taken =~ ^/[^[:space:]]+$ ]]
	assert_equal "$stderr" "${3:+ofpathname: note: $1: $3}"
}

# Nothing is printed, and one line has the reason and what to do.
refused() # DEVICE REASON
{
	take "$1"
	[ "$status:$taken" = 1: ]
	assert_equal "$(grep note: <<<"$stderr")" \
		"ofpathname: note: $1: $2; ofpathtool --list prints the devices that have a path"
}

# Rows: machine, device, its path or "-", the note or reason.
@test "installers: each kind of device has a path, or a reason why it has none [ofp-install]" {
	local device path note n=0 name

	while IFS='|' read -r name device path note; do
		ofpath_machine "$name"
		if [ "$path" = - ]; then
			refused "$device" "$note"
		else
			answered "$device" "$path" "$note"
		fi
		n=$((n + 1))
	done < <(ofpath_names <<-'ROWS'
		qemu|/dev/vda|{P}/scsi@1|
		qemu|/dev/vda1|{P}/scsi@1:1|
		qemu|/dev/sdd|{P}/scsi@3/disk@112412C00000000|
		qemu|/dev/sda1|{P}/scsi@3/disk@100000000000000:1|
		qemu|/dev/sde|{V}/disk@8000000000000000|
		qemu|/dev/disk/by-id/scsi-disk0|{P}/scsi@3/disk@100000000000000|
		qemu|/dev/disk/by-id/scsi-disk0-part1|{P}/scsi@3/disk@100000000000000:1|
		qemu|/dev/nvme0n1|{P}/mass-storage@4/namespace@1|{P}/mass-storage@4 has no node for /namespace@1: firmware may not know this device
		qemu|/dev/nvme0|{P}/mass-storage@4|
		qemu|/dev/sdh|{P}/sata@9/scsi@0/sd@0,0|{P}/sata@9 has no node for /scsi@0: firmware may not know this device
		qemu|/dev/md0|{V}/disk@8201000000000000|
		qemu|/dev/mapper/mpatha|{P}/scsi@3/disk@103000000000000|
		qemu|/dev/mapper/mpatha-part1|{P}/scsi@3/disk@103000000000000:1|
		qemu|/dev/loop0|-|no disk is below loop0
		classes|/dev/sda|/vdevice/vfc-client@30000003/disk@500507680c354c27|
		classes|/dev/sda1|/vdevice/vfc-client@30000003/disk@500507680c354c27:1|
		classes|/dev/sdr|-|sdr is reached over a network: firmware has no path for it
		classes|/dev/nvme0n1|/pci@800000020000018/mass-storage@0/namespace@1|
		classes|/dev/nvme0n1p1|/pci@800000020000018/mass-storage@0/namespace@1:1|
		classes|/dev/nvme3n1|/pci@80000002000001a/mass-storage@0/namespace@7|
		classes|/dev/nvme3|/pci@80000002000001a/mass-storage@0|
		classes|/dev/md0|/vdevice/vfc-client@30000003/disk@500507680c354c27:1|
		classes|/dev/md127|/pci@800000020000011/fibre-channel@0/disk@50050768021aaaaa|
		classes|/dev/md127p1|/pci@800000020000011/fibre-channel@0/disk@50050768021aaaaa:1|
		stacks|/dev/sda|/vdevice/v-scsi@30000001/disk@8000000000000000|
		stacks|/dev/md1|-|the data of md1 (raid5) are distributed over sda1, sdb1, sdc1: firmware cannot read them from one disk
		stacks|/dev/md2|/vdevice/v-scsi@30000001/disk@8000000000000000:2|the data of md2 begin at sector 2048 of sda2: firmware does not find them
		stacks|/dev/md4p2|/vdevice/v-scsi@30000001/disk@8100000000000000:2|
		stacks|/dev/md8|-|no disk is below md8
		stacks|/dev/mapper/ways|/vdevice/v-scsi@30000001/disk@8000000000000000|
		stacks|/dev/mapper/mapa2|/vdevice/v-scsi@30000001/disk@8000000000000000:2|
		stacks|/dev/mapper/vg-linear|/vdevice/v-scsi@30000001/disk@8000000000000000:2|the data of dm-0 do not begin where sda2 begins: firmware does not find them
		stacks|/dev/mapper/vg-two|-|the data of dm-1 (LVM) are distributed over sda2, sdb2: firmware cannot read them from one disk
		stacks|/dev/mapper/luks|/vdevice/v-scsi@30000001/disk@8000000000000000|dm-2 is encrypted: firmware cannot read its data
		stacks|/dev/mapper/own2|-|it is not known how dm-7 uses sda, sdb: firmware may not find its data there
		stacks|/dev/mapper/cached|-|the data of dm-25 (cache) are not in plain form on sda, sdb, sdc: firmware cannot read them
		stacks|/dev/sdx|/vdevice/no-driver@30000002/disk@8000000000000000|/vdevice/no-driver@30000002 has no node for /disk@8000000000000000: firmware may not know this device
	ROWS
	)
	[ "$n" -eq 37 ]
}

# A whole disk needs no partition table: no sector of it is read.
@test "installers: each whole disk below which firmware has an adapter has one path [ofp-install-whole]" {
	local name disk n=0

	for name in qemu classes powermac; do
		ofpath_machine "$name"
		for disk in "$machine"/sys/block/*; do
			disk=${disk##*/}
			case $name-$disk in
			*-loop0 | classes-sdr | powermac-sdr) continue ;; # no path, see above
			esac
			take "$disk"
			[ "$status" -eq 0 ]
			[[ $taken =~ ^/[^[:space:]]+$ ]]
			n=$((n + 1))
		done
	done
	[ "$n" -gt 70 ]
}

@test "installers: a name with its line end, but not two lines [ofp-install-line]" {
	local name

	ofpath_machine qemu
	for name in /dev/sda sda /dev/disk/by-id/scsi-disk0; do
		take "$name"$'\n'
		[ "$status:$taken" = 0:/pci@800000020000000/scsi@3/disk@100000000000000 ]
	done
	for name in $'sda\n\n' $'sda\nsdb\n' $'\nsda' $'\n'; do
		take "$name"
		[ "$status:$taken" = 1: ]
	done
}

@test "installers: without the device, sysfs, device tree or firmware's paths, the message has the reason [ofp-install-none]" {
	local at=$BATS_TEST_TMPDIR/bare

	ofpath_machine qemu
	take /dev/sdz
	[ "$status:$taken" = 1: ]
	assert_equal "$stderr" "$(ofpath_message E4 /dev/sdz)"
	cp -a "$machine" "$at"
	machine=$at
	rm -r "$at/sys/firmware" "$at/dev"
	take /dev/sda
	[ "$status:$taken" = 1: ]
	[[ $stderr = *"note: /dev/sda: the device tree is missing: mount sysfs and proc" ]]
	mv "$at/sys/class" "$at/sys/none"
	take /dev/sda
	[ "$status:$taken" = 1: ]
	assert_equal "$stderr" "$(ofpath_message E2 "$at")"
	ofpath_machine powernv
	take /dev/sda
	[ "$status:$taken" = 1: ]
	assert_equal "$stderr" 'ofpathname: is not supported on the PowerNV Host platform'
	ofpath_machine qemu
	take fd0
	assert_equal "$(grep note: <<<"$stderr")" 'ofpathname: note: fd0: firmware does not boot from floppy disks'
}

@test "installers: without nodes in /dev, the kernel's names have paths [ofp-install-chroot]" {
	local at=$BATS_TEST_TMPDIR/chroot

	ofpath_machine qemu
	cp -a "$machine" "$at"
	machine=$at
	rm -r "$at/dev"
	answered /dev/sda /pci@800000020000000/scsi@3/disk@100000000000000
	answered /dev/md0 /vdevice/v-scsi@71000003/disk@8201000000000000
}

# Firmware tries only the one path that GRUB writes.
@test "installers: an offline disk of a multipath device or mirror is the last choice [ofp-install-offline]" {
	local at=$BATS_TEST_TMPDIR/offline disk=/vdevice/v-scsi@30000001/disk@8 unit state

	ofpath_machine stacks
	cp -a "$machine" "$at"
	machine=$at
	unit=$at/sys/devices/vio/30000001/host1
	for state in offline transport-offline; do
		echo $state >"$unit/target1:0:0/1:0:0:0/state"
		answered /dev/mapper/mpatha ${disk}100000000000000
		answered /dev/mapper/mpatha2 ${disk}100000000000000:2
		run -0 "$ofpathname" --sysroot "$at" -q --all mpatha
		assert_output "${disk}100000000000000"$'\n'"${disk}000000000000000"
	done
	answered sda ${disk}000000000000000
	echo running >"$unit/target1:0:0/1:0:0:0/state"
	answered mpatha ${disk}000000000000000
	for n in 0 1; do
		echo offline >"$unit/target1:0:$n/1:0:$n:0/state"
	done
	answered mpatha ${disk}000000000000000 'sda is offline: firmware may not find it'
	run -1 "$ofpathname" --sysroot "$at" -q --strict mpatha
	refute_output
}
