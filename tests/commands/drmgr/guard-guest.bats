#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian drmgr
# Uses of a card in a real guest: file systems, volumes, arrays, swap and addresses, made
# with their own tools. drmgr lists them before a removal.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards

# Slot, QEMU's device, the use of its disk.
guard_cards='
1 virtio-blk-pci boot
2 virtio-blk-pci pv0
3 virtio-blk-pci pv1
4 virtio-blk-pci md0
5 virtio-blk-pci md1
6 virtio-blk-pci btrfs
7 virtio-blk-pci swap
8 nvme nvme
9 virtio-blk-pci btrfs0
a virtio-blk-pci btrfs1
b virtio-blk-pci none
e virtio-blk-pci leg0
f virtio-blk-pci leg1
'

setup_file()
{
	local slot driver name options=()

	[ "${GUEST_KIND:-real}" = real ] || return 0
	while read -r slot driver name; do
		[ -n "$slot" ] || continue
		truncate -s 128M "$BATS_FILE_TMPDIR/$name"
		options+=(-blockdev "driver=file,node-name=$name,filename=$BATS_FILE_TMPDIR/$name")
	done <<<"$guard_cards"
	export GUEST_OVERLAY=${GUEST_CACHE:-}/more:${GUEST_CACHE:-}/storage:${GUEST_OVERLAY:-}
	guest_boot -m 1G "${options[@]}"
	[ -z "${GUEST_MISSING:-}" ] || return 0
	plug_all
	guest_sh "$guard_layouts" >"$BATS_FILE_TMPDIR/made" 2>&1 || true
	cat "$BATS_FILE_TMPDIR/made"
	[ "$status" -eq 0 ]
}

plug_all()
{
	local slot driver name more

	while read -r slot driver name; do
		[ -n "$slot" ] || continue
		more=
		[ "$driver" != nvme ] || more=', "serial": "x"'
		host device_add "{\"driver\": \"$driver\", \"id\": \"$name\", \"addr\": \"$slot\",
			\"drive\": \"$name\", \"romfile\": \"\"$more}"
	done <<<"$guard_cards"
	host netdev_add '{"type": "hubport", "id": "net", "hubid": 0}'
	host device_add '{"driver": "virtio-net-pci", "id": "n0", "addr": "c", "netdev": "net", "romfile": ""}'
	host device_add '{"driver": "virtio-net-pci", "id": "n1", "addr": "d", "romfile": ""}'
	guest -0 drmgr -c pci -a
}

# Disks are named in the order of their slots.
guard_layouts='
	set -e
	# file systems of older kernels need it
	! grep -q "^crc32c_generic" /lib/modules/*/modules.dep || modprobe crc32c_generic
	modprobe -a loop raid1 ext4 btrfs dm_mod dm_raid bonding
	wait_until "[ -e /dev/vdl ] && [ -e /dev/nvme0n1 ]"
	ext4() { mkfs.ext4 -q -O ^has_journal $1; mkdir -p $2; mount -t ext4 $1 $2; }
	mkdir -p /etc/lvm
	printf "%s\n" "activation { udev_sync=0" "udev_rules=0" "monitoring=0 }" \
		"devices { obtain_device_list_from_udev=0 }" "global { event_activation=0 }" >/etc/lvm/lvm.conf
	ext4 /dev/vda /boot
	lvm pvcreate -q /dev/vdb /dev/vdc
	lvm vgcreate -q vg-0 /dev/vdb /dev/vdc
	lvm lvcreate -q -y -Wn -Zn -l 100%FREE -n data vg-0
	ext4 /dev/mapper/vg--0-data /data
	lvm vgcreate -q v1 /dev/vdk /dev/vdl
	lvm lvcreate -q -y -Wn -Zn --nosync --type raid1 -m 1 -L 64M -n mirror v1
	ext4 /dev/mapper/v1-mirror /mirror
	mdadm -q --create /dev/md0 --run --assume-clean --metadata=1.0 --level=1 --raid-devices=2 /dev/vdd /dev/vde
	ext4 /dev/md0 /md
	mkfs.btrfs -q -f /dev/vdf
	mkdir -p /b && mount -t btrfs /dev/vdf /b
	ext4 /dev/vdg /s
	dd if=/dev/zero of=/s/file bs=64k count=32 2>/dev/null
	mkswap /s/file && swapon /s/file
	ext4 /dev/nvme0n1 /boot/efi
	mkfs.btrfs -q -f -d raid0 -m raid0 /dev/vdh /dev/vdi
	mkdir -p /b2 && btrfs device scan /dev/vdh /dev/vdi && mount -t btrfs /dev/vdh /b2
	mkdir -p /inner
	dd if=/dev/zero of=/data/image bs=64k count=128 2>/dev/null
	losetup /dev/loop0 /data/image && ext4 /dev/loop0 /inner
	eth() { basename /sys/bus/pci/devices/0000:00:$1.0/virtio*/net/*; }
	ip addr add 192.0.2.5/24 dev $(eth 0c)
	ip addr add 2001:db8::5/64 dev $(eth 0c)
	ip link set $(eth 0c) up
	ip route add default via 192.0.2.1
	echo +bond7 >/sys/class/net/bonding_masters
	echo +$(eth 0d) >/sys/class/net/bond7/bonding/slaves
	cat /proc/self/mountinfo /proc/swaps
'

setup()
{
	[ "${GUEST_KIND:-real}" = real ] || skip 'a simulated guest has no disks'
	guest_needed
}

teardown()
{
	assert_no_oops
}

# A dry run of a removal has this status and lists these uses.
loses() # SLOT STATUS [LINE...]
{
	guest drmgr -c pci -r -s "$1" -n --dry-run
	assert_status "$2"
	assert_equal "$(sed -n 's/^  in use: //p' <<<"$output")" \
		"$([ $# -eq 2 ] || printf '%s\n' "${@:3}")"
}

@test "ext4: a removal that affects /boot is refused, also for NVMe with a mount below it" {
	loses C8 255 '/dev/vda is mounted on /boot'
	loses C64 255 '/dev/nvme0n1 is mounted on /boot/efi'
}

@test "LVM over two disks and a loop device on it are listed" {
	loses C16 0 'volume group vg-0 is on vdb' \
		'vg--0-data (on vdb) is mounted on /data' \
		'loop0 (on vdb > vg--0-data) is mounted on /inner'
	loses C24 0 'volume group vg-0 is on vdc' \
		'vg--0-data (on vdc) is mounted on /data' \
		'loop0 (on vdc > vg--0-data) is mounted on /inner'
}

@test "LVM RAID 1: the loss of one leg is not the loss of the volume" {
	loses C112 0 'volume group v1 is on vdk' \
		'array v1-mirror loses redundancy without vdk > v1-mirror_rmeta_0'
}

@test "md RAID 1: the array is lost only with its last member" {
	loses C32 0 'array md0 loses redundancy without vdd'
	loses C40 0 'array md0 loses redundancy without vde'
	guest_sh -0 'mdadm /dev/md0 --fail /dev/vde && mdadm /dev/md0 --remove /dev/vde'
	loses C32 0 'array md0 fails without vdd' 'md0 (on vdd) is mounted on /md'
	loses C40 0
}

@test "btrfs on one disk and on two disks is listed" {
	local uuid

	loses C48 0 '/dev/vdf is mounted on /b'
	guest_sh 'for d in /sys/fs/btrfs/*/devices/vdi; do echo $d; done'
	uuid=${output%/devices/*}
	uuid=${uuid##*/}
	loses C80 0 "file system $uuid is also on vdi" '/dev/vdi is mounted on /b2'
}

@test "a swap file is listed" {
	loses C56 255 '/dev/vdg is mounted on /s' '/dev/vdg holds the swap file /s/file'
	guest swapoff /s/file
	loses C56 0 '/dev/vdg is mounted on /s'
}

@test "a disk without a use has no list" {
	loses C88 0
}

@test "addresses, a default route and the only member of a bond are listed" {
	local eth

	guest_sh 'basename /sys/bus/pci/devices/0000:00:0c.0/virtio*/net/*'
	eth=$output
	loses C96 0 "address 192.0.2.5/24 is on $eth" "address 2001:db8::5/64 is on $eth" \
		"the route \"default via 192.0.2.1\" leads through $eth"
	guest_sh 'basename /sys/bus/pci/devices/0000:00:0d.0/virtio*/net/*'
	loses C104 0 "bond7 has no other interface than $output"
}

@test "a host bridge with these uses is refused, and nothing changes" {
	guest -255 drmgr -c phb -r -s 'PHB 0' --json
	assert_json_schema drmgr
	assert_stdout_line --partial '"what": "/boot/efi"'
	guest -0 test -e /dev/vda
}

@test "a card is refused without a change, and removed when unused or with --force [io-remove-lost-real]" {
	guest -255 drmgr -c pci -r -s C48 -n --no-loss
	guest umount /b
	guest -0 drmgr -c pci -r -s C48 -n --no-loss
	assert_stderr ''
	guest -255 drmgr -c pci -r -s C64 -n
	guest -0 test -e /dev/nvme0n1
	guest -0 drmgr -c pci -r -s C64 -n --force
	guest -1 test -e /sys/bus/pci/devices/0000:00:08.0
}
