# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# ofpath-machine.bash - QEMU's machine with a device of each kind, like
# tests/data/ofpath/qemu.tree
#
# The names of devices in a guest depend on the order of their detection. To identify
# them, each disk has its own size and each interface its own address.

# Name in qemu.tree, sectors, QEMU's device.
ofpath_disks='
vda 131072 virtio-blk-pci,addr=1,romfile=
vdb 16386 virtio-blk-pci,bus=bridge,addr=5,romfile=
sda 16387 scsi-hd,bus=virtio.0,scsi-id=0,lun=0
sdb 16388 scsi-hd,bus=virtio.0,scsi-id=3,lun=0
sdc 16389 scsi-hd,bus=virtio.0,scsi-id=3,lun=1
sdd 16390 scsi-hd,bus=virtio.0,scsi-id=18,lun=300
sr0 16392 scsi-cd,bus=virtio.0,scsi-id=5
sde 131073 scsi-hd,bus=vscsi.0,channel=0,scsi-id=0,lun=0
sdf 16394 scsi-hd,bus=vscsi.0,channel=0,scsi-id=2,lun=1
sdg 16395 scsi-hd,bus=vscsi.0,channel=1,scsi-id=4,lun=3
sr1 16396 scsi-cd,bus=vscsi.0,channel=0,scsi-id=1
sdh 16397 ide-hd,bus=ahci.0
sr2 16400 ide-cd,bus=ahci.1
sdi 16401 scsi-hd,bus=megasas.0,scsi-id=1
sdj 16402 usb-storage,bus=xhci.0,port=1
sdk 16403 usb-storage,bus=xhci.0,port=2.3
nvme0n1 16404 nvme-ns,bus=nvme,nsid=1
nvme0n2 16405 nvme-ns,bus=nvme,nsid=16
'
ofpath_interfaces='
enp0s6 52:54:00:00:00:06 virtio-net-pci,addr=6,romfile=
eth1 52:54:00:00:00:07 e1000,addr=7,romfile=
eth2 52:54:00:00:00:08 e1000e,addr=8,romfile=
eth3 52:54:00:00:00:04 spapr-vlan,reg=0x71000004
'
# The adapters of the devices.
ofpath_adapters='
pci-bridge,id=bridge,chassis_nr=1,addr=2
virtio-scsi-pci,id=virtio,addr=3
nvme,id=nvme,serial=nvme,addr=4
nec-usb-xhci,id=xhci,addr=5,p2=4,p3=4
usb-hub,bus=xhci.0,port=2
ahci,id=ahci,addr=9
megasas,id=megasas,addr=0xc
spapr-vscsi,id=vscsi,reg=0x71000003
'
ofpath_modules='virtio_blk virtio_scsi sd_mod sr_mod ibmvscsi ahci megaraid_sas xhci_pci
	usb_storage nvme virtio_net e1000 e1000e ibmveth'

# Make a disk with partitions: dos with primary and logical ones, or gpt with a number.
# Firmware boots from the first partition.
_ofpath_label() # IMAGE KIND
{
	local n

	case $2 in
	dos) printf 'label: dos\n1: start=2048, size=2048, type=41, bootable\n2: size=2048, type=83\n3: size=8192, type=5\n5: size=1024, type=83\n6: size=1024, type=83\n' ;;
	two) printf 'label: dos\n1: start=2048, size=2048, type=41, bootable\n2: size=2048, type=83\n' ;;
	gpt)
		printf 'label: gpt\n1: size=128, type=9e1a2d38-c612-4316-aa26-8b49521e5a8b\n'
		for n in {2..12}; do
			printf '%d: size=128\n' "$n"
		done
		;;
	esac | sfdisk -q --wipe never "$1" >/dev/null
}

# Make the images.
ofpath_images() # DIR
{
	local name sectors device

	while read -r name sectors device; do
		[ -n "$name" ] || continue
		truncate -s $((512 * sectors)) "$1/$name"
		case $name in
		vda) _ofpath_label "$1/$name" dos ;;
		sda | nvme0n1) _ofpath_label "$1/$name" gpt ;;
		vdb | sdc | sde | sdh | sdi | sdj) _ofpath_label "$1/$name" two ;;
		esac
	done <<<"$ofpath_disks"
}

# Put the machine's options into the array of this name.
ofpath_options() # ARRAY DIR
{
	local -n _options=$1
	local name value device boot=0

	_options=()
	while read -r device; do
		[ -z "$device" ] || _options+=(-device "$device")
	done <<<"$ofpath_adapters"
	while read -r name value device; do
		[ -n "$name" ] || continue
		_options+=(-drive "if=none,id=$name,format=raw,snapshot=on,file=$2/$name"
			-device "$device,drive=$name,bootindex=$((boot += 1))")
	done <<<"$ofpath_disks"
	while read -r name value device; do
		[ -n "$name" ] || continue
		_options+=(-netdev "hubport,id=$name,hubid=0"
			-device "$device,netdev=$name,mac=$value,bootindex=$((boot += 1))")
	done <<<"$ofpath_interfaces"
}

# A script for the guest: print "size name" of each disk, "address name" of each
# interface. Wait for all 18 disks and their 41 partitions, which are detected later.
# shellcheck disable=SC2016 # for the guest
ofpath_names_script='
	modprobe -a $1
	wait_until "[ \$(ls /sys/class/block | grep -cE \"^(vd|sd|sr|nvme)\") -ge 59 ]"
	cd /sys/class/block && for x in *; do
		[ -e $x/partition ] || echo $(cat $x/size) $x
	done
	cd /sys/class/net && for x in *; do echo $(cat $x/address) $x; done'

# Convert this to pairs of qemu.tree's and the guest's names: "sda sdb".
ofpath_pairs() # <NAMES
{
	awk -v table="$ofpath_disks$ofpath_interfaces" '
		BEGIN {
			rows = split(table, row, "\n")
			for (i = 1; i <= rows; i++)
				if (split(row[i], f, " ") == 3)
					name[f[2]] = f[1]
		}
		$1 in name { print name[$1], $2; n++ }
		END { exit n != 22 }'
}

# Print a script for sed -E that replaces names of qemu.tree by the guest's.
ofpath_renaming() # <NAMES
{
	local pairs

	pairs=$(ofpath_pairs) || return
	# The letter Z protects a new name from further replacements.
	awk '{ printf "s/\\b%s(p?[0-9]*)\\b/Z%s\\1/g\n", $1, $2 } END { print "s/Z//g" }' <<<"$pairs"
}
