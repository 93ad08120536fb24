#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian drmgr
# Needs of the system that sysfs does not connect with their card: of a disk that a container
# does not see, of a console on virtio-serial, of swap over a network. The card is refused, and
# removed with --force. A disk that the kernel exports is listed.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs

# hvc0 and hvc1 are terminals of the hypervisor: the console of other guests, and the line of
# the agent.
setup_file()
{
	truncate -s 64M "$BATS_FILE_TMPDIR/disk"
	export GUEST_CONSOLE=hvc2 GUEST_OVERLAY=${GUEST_CACHE:-}/storage:${GUEST_OVERLAY:-}
	guest_boot -chardev "file,id=serial,path=$BATS_FILE_TMPDIR/guest/console.log,append=on" \
		-device virtio-serial-pci,id=serial,addr=1,romfile= \
		-device virtconsole,bus=serial.0,chardev=serial \
		-chardev null,id=line -device virtconsole,bus=serial.0,chardev=line \
		-blockdev "driver=raw,node-name=disk,file.driver=file,file.filename=$BATS_FILE_TMPDIR/disk" \
		-device virtio-blk-pci,drive=disk,addr=2,romfile= \
		-netdev hubport,id=near,hubid=0 -device virtio-net-pci,netdev=near,addr=3,romfile= \
		-netdev hubport,id=far,hubid=0 -device virtio-net-pci,netdev=far,addr=4,romfile=
	[ -z "${GUEST_MISSING:-}" ] || return 0
	# file systems and bridges of older kernels need the first one
	guest_sh -0 '! grep -q "^crc32c_generic" /lib/modules/*/modules.dep || modprobe crc32c_generic
		modprobe -a ext4 overlay virtio_console openvswitch 8021q nvme_tcp nvmet_tcp
		mount -t configfs configfs /sys/kernel/config'
}

# The removal of the card in a slot, by a command, is refused with these lines.
refused() # SLOT LINES [COMMAND...]
{
	guest -255 "${@:3}" drmgr -c pci -r -s "C$(($1 * 8))" -n
	assert_stderr "$2 (use --force to remove it anyway)"
	guest -0 test -e "/sys/bus/pci/devices/0000:00:0$1.0"
}

forced() # SLOT [COMMAND...]
{
	guest -0 "${@:2}" drmgr -c pci -r -s "C$(($1 * 8))" -n --force
	guest -1 test -e "/sys/bus/pci/devices/0000:00:0$1.0"
}

# Run a command as in a pod: its root is an overlay whose layers are outside, or a tmpfs with
# the system's folders, and it has a file of the disk.
container='#!/bin/sh
	set -e
	kind=$1 proc=$2
	shift 2
	mount -t tmpfs tmpfs /tmp/pod
	cd /tmp/pod
	mkdir root upper work
	case $kind in
	overlay) mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root ;;
	tmpfs)
		mount -t tmpfs tmpfs root
		for dir in bin sbin lib lib64 usr etc var; do
			[ ! -L /$dir ] || { cp -d /$dir root && continue; }
			mkdir root/$dir
			mount --bind /$dir root/$dir
		done
		mkdir root/dev root/proc root/sys root/run
		;;
	esac
	for dir in dev sys run; do
		mount --rbind /$dir root/$dir
	done
	case $proc in
	own) mount -t proc proc root/proc ;;
	host) mount --rbind /proc root/proc ;;
	esac
	touch root/etc/hosts
	mount --bind /boot/hosts root/etc/hosts
	exec chroot root "$@"
'

# Export a file or disk by nvmet, as the subsystem NAME.
nvmet='
	nvmet_export() # NAME PATH
	{
		cd /sys/kernel/config/nvmet/subsystems
		mkdir $1 $1/namespaces/1
		printf %s $2 >$1/namespaces/1/device_path
		echo 1 >$1/attr_allow_any_host
		[ -b $2 ] || echo 1 >$1/namespaces/1/buffered_io
		echo 1 >$1/namespaces/1/enable
	}
'

@test "a disk that nvmet exports" {
	guest_until 'test -b /dev/vda'
	guest_sh -0 "set -e$nvmet nvmet_export disk /dev/vda"
	guest -255 drmgr -c pci -r -s C16 -n --no-loss
	assert_stderr 'in use: nvmet disk/1 exports vda
C16: cannot remove the card with --no-loss: nvmet disk/1 exports vda'
	guest_sh -0 'echo 0 >/sys/kernel/config/nvmet/subsystems/disk/namespaces/1/enable'
	guest -0 drmgr -c pci -r -s C16 -n --dry-run
	refute_stdout --partial 'in use'
}

@test "the disk of /boot, in a container that does not see /boot" {
	local own=(unshare -m -p -f container overlay own) host=(unshare -m container overlay host)

	guest_until 'test -b /dev/vda'
	guest_sh -0 'mkfs.ext4 -q -F -O ^has_journal /dev/vda && mkdir -p /boot /tmp/pod &&
		mount -t ext4 /dev/vda /boot && echo 127.0.0.1 localhost >/boot/hosts &&
		printf %s "$1" >/usr/bin/container && chmod +x /usr/bin/container' "$container"
	guest "${own[@]}" sh -c '! grep " /boot " /proc/1/mountinfo && echo $$'
	assert_stdout 1
	refused 2 'in use: /dev/vda is mounted on /etc/hosts
C16: cannot remove the card: / is on overlay (overlay): which disks that needs is unknown, and /dev/vda is in use' "${own[@]}"
	refused 2 'C16: cannot remove the card: /dev/vda is mounted on /boot' "${host[@]}"
	refused 2 'in use: /dev/vda is mounted on /etc/hosts
C16: cannot remove the card: / is on tmpfs (tmpfs): which disks that needs is unknown, and /dev/vda is in use' \
		unshare -m -p -f container tmpfs own
	guest -0 "${host[@]}" sh -c 'mount -t tmpfs own /run && drmgr -c pci -r -s C16 -n --force'
	assert_stderr_line --partial "/run is not the one of process 1: programs outside of this container see neither"
	assert_equal "$(grep -c 'process 1' <<<"$stderr")" 1
	guest -1 test -e /sys/bus/pci/devices/0000:00:02.0
	guest -0 umount -l /boot
}

# The other end of the network is in a namespace, with a target of NVMe over TCP.
network="$nvmet"'
	[ ! -s /tmp/target ] || exit 0
	set -e
	name() { ip link set $(basename /sys/bus/pci/devices/0000:00:$1.0/virtio*/net/*) name $2; }
	name 03 near
	name 04 far

	unshare -n sh -c "echo \$\$ >/tmp/target && exec sleep 1000" </dev/null >/tmp/unshare 2>&1 &
	wait_until "[ -s /tmp/target ]"
	ip link set far netns $(cat /tmp/target)
	truncate -s 16M /tmp/swap
	nvmet_export swap /tmp/swap
	cd ../ports
	mkdir 1
	echo tcp >1/addr_trtype
	echo ipv6 >1/addr_adrfam
	echo :: >1/addr_traddr
	echo 4420 >1/addr_trsvcid
	nsenter -t $(cat /tmp/target) -n sh -ec "
		ip link add link far name far.100 type vlan id 100
		ip addr add fd00::2/64 dev far
		ip addr add fe80::2/64 dev far.100
		ip link set far up
		ip link set far.100 up
		ln -s /sys/kernel/config/nvmet/subsystems/swap 1/subsystems/swap"
	ip link set near up
'

# Swap on the target at an address.
swap='
	wait_until "ping -c 1 -W 1 $1"
	printf transport=tcp,traddr=%s,trsvcid=4420,nqn=swap $1 >/dev/nvme-fabrics
	wait_until "[ -b /dev/nvme0n1 ]"
	mkswap /dev/nvme0n1
	swapon /dev/nvme0n1
'

@test "swap over NVMe/TCP, at a link-local address in a VLAN of the card" {
	guest_sh -0 "$network"
	guest_sh -0 "set -e
		ip link add link near name near.100 type vlan id 100
		ip link set near.100 up$swap" fe80::2%near.100
	refused 3 'in use: interface near.100 is on near
in use: multipath device nvme0n1 has no other path than near > near.100 > nvme0c0n1
C24: cannot remove the card: nvme0n1 (on near > near.100 > nvme0c0n1) is used for swap'
	guest_sh -0 'swapoff /dev/nvme0n1 && echo 1 >/sys/class/nvme/nvme0/delete_controller &&
		ip link del near.100'
}

# The card has no address: it is a port of the bridge br0. sysfs has no link from br0 to it, but
# the kernel says that both are of Open vSwitch.
@test "swap over NVMe/TCP, reached through a bridge of Open vSwitch with the card" {
	guest_sh -0 "$network"
	guest_sh -0 "set -e
		echo 1 >/proc/sys/net/ipv6/conf/near/disable_ipv6
		/usr/lib/guest/ovs br0 near
		ip addr add fd00::1/64 dev br0
		ip link set br0 up$swap" fd00::2
	guest ip -6 addr show near
	assert_stdout ''
	refused 3 'in use: interface ovs-system is on near
in use: interface br0 is on near > ovs-system
in use: multipath device nvme0n1 has no other path than near > ovs-system > br0 > nvme0c0n1
in use: address fd00::1/64 is on near > ovs-system > br0
C24: cannot remove the card: nvme0n1 (on near > ovs-system > br0 > nvme0c0n1) is used for swap'
	guest -0 grep '^/dev/nvme0n1 ' /proc/swaps
	forced 3
}

# sysfs has no link from hvc3 to the card.
@test "a login at a terminal of a virtio-serial card" {
	guest_until 'test -c /dev/hvc3'
	guest_sh -0 'sleep 1000 </dev/hvc3 >/dev/null 2>&1 & echo $! >/tmp/login'
	guest -0 drmgr -c pci -r -s C8 -n --dry-run --force
	assert_stdout --regexp 'in use: /dev/hvc3 is open: sleep \(PID [0-9]+\)'
	guest_sh -0 'kill $(cat /tmp/login)'
}

# The last test: without a console, the kernel's complaints are only in its own log.
@test "the only console, on a virtio-serial card" {
	guest_until '[ "$(cat /sys/class/tty/console/active)" = hvc2 ]'
	refused 1 'C8: cannot remove the card: console hvc2 is active: which cards that needs is unknown, and 0000:00:01.0 is of an unknown kind'
	forced 1
	guest_sh 'dmesg | grep -cE "Oops|BUG:|Call Trace"'
	assert_stdout 0
}
