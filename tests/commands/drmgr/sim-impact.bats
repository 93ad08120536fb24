#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr
# Uses of a card through devices that the simulated kernel does not have: disks of NVMe over
# Fibre Channel, paths of NVMe multipath, interfaces in other network namespaces, files that
# programs have open. An overlay adds their files to its /sys. A tmpfs whose source is the
# disk replaces a file system.

# shellcheck disable=SC2016 # for the guest's shell

load ../../guest/verbs
load ../../lib/cards
load ../../lib/calls

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -device spapr-vlan,id=n0,slot=5
}

setup()
{
	cards_setup
	plug b0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a -s C8 -n
	guest_until 'test -e /sys/class/net/eth0'
}

# What a test has mounted, the newest first: below it is the simulated kernel's /sys.
teardown()
{
	guest_sh 'test ! -e /tmp/program || kill $(cat /tmp/program)
		test ! -e /tmp/points || tac /tmp/points | xargs umount
		rm -f /tmp/program /tmp/points'
	cards_teardown
}

mounted() # TYPE SOURCE POINT [OPTIONS]
{
	guest_sh -0 'mkdir -p "$3" && mount -t "$1" ${4:+-o "$4"} "$2" "$3" && echo "$3" >>/tmp/points' "$@"
}

# Add to /sys: each line is a file and its text, "FILE -> TARGET", or "FOLDER/".
sys_has() # LINE...
{
	guest_sh -0 'rm -rf /tmp/sys && mkdir /tmp/sys && cd /tmp/sys && while read -r path text; do
			mkdir -p "${path%/*}" && case $text in
			"") ;;
			"-> "*) ln -s "${text#-> }" "$path" ;;
			*) echo "$text" >"$path" ;;
			esac || exit 1
		done <<-END
			$1
		END' "$(printf '%s\n' "$@")"
	mounted overlay files /sys lowerdir=/tmp/sys:/sys
}

# A port of the card in C8, or of another one.
port() # HOST CARD PORT-NAME
{
	local dir=devices/pci0000:00/$2/host$1/fc_host/host$1

	echo "$dir/port_name 0x$3
class/fc_host/host$1 -> ../../$dir"
}

# A controller of NVMe over Fibre Channel, with a path to the disk nvme0n1.
path() # NUMBER PORT-NAME ANA-STATE
{
	local dir=devices/virtual/nvme-fabrics/ctl/nvme$1

	echo "$dir/state live
$dir/address traddr=nn-0x200000109b000001:pn-0x100000109b000001,host_traddr=nn-0x200000109b0000ff:pn-0x$2
class/nvme/nvme$1 -> ../../$dir
$dir/nvme0c$1n1/ana_state $3
$dir/nvme0c$1n1/device -> ../../nvme$1
class/block/nvme0c$1n1 -> ../../$dir/nvme0c$1n1"
}

disk='devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/dev 259:0
class/block/nvme0n1 -> ../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1
dev/block/259:0 -> ../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1'
ours=0000:00:01.0 other=0000:00:02.0
boot_refused='C8: cannot remove the card: nvme0n1 (on host1 > nvme0c0n1) is mounted on /boot (use --force to remove it anyway)'

refused() # LINE
{
	guest -255 drmgr -c pci -r -s C8 -n --trace
	assert_stderr_line "$1"
	assert_calls ''
}

# A dry run lists exactly these uses.
loses() # LINE...
{
	assert_stderr ''
	assert_equal "$(sed -n 's/^  in use: //p' <<<"$output")" "$(printf '%s\n' "$@")"
}

@test "NVMe over Fibre Channel: the disk with /boot is reached through a port of the card [io-remove-lost-fc]" {
	sys_has "$disk" "$(port 1 $ours 10000010B0000AA)" "$(path 0 10000010b0000aa optimized)"
	mounted tmpfs /dev/nvme0n1 /boot
	refused "$boot_refused"
}

@test "NVMe over Fibre Channel: a disk that is reached through another card is not in use [io-remove-lost-fc-other]" {
	sys_has "$disk" "$(port 1 $ours 10000010b0000aa)" "$(port 2 $other 10000010b0000bb)" \
		"$(path 0 10000010b0000bb optimized)"
	mounted tmpfs /dev/nvme0n1 /boot
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	loses
}

@test "NVMe multipath: the path through another card must be accessible (ANA) [io-remove-lost-ana]" {
	sys_has "$disk" "$(port 1 $ours 10000010b0000aa)" "$(port 2 $other 10000010b0000bb)" \
		"$(path 0 10000010b0000aa optimized)" "$(path 1 10000010b0000bb inaccessible)"
	mounted tmpfs /dev/nvme0n1 /boot
	refused "$boot_refused"
	guest_sh 'echo non-optimized >/tmp/sys/class/block/nvme0c1n1/ana_state'
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	loses 'multipath device nvme0n1 loses the path host1 > nvme0c0n1'
}

@test "an interface of a card is in another network namespace [io-remove-lost-netns]" {
	mounted tmpfs none /sys/devices/pci0000:00/$ours/virtio0/net
	mounted tmpfs none /sys/class/net
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	loses 'the interface of 0000:00:01.0 is in another network namespace'
	guest drmgr -c pci -r -s C8 -n --dry-run --json
	assert_equal "$(json_values kind)" network-namespace
}

@test "an interface of a virtual adapter is in another network namespace [io-remove-lost-netns-virtual]" {
	local elsewhere='the interface of 30000005 is in another network namespace'

	mounted tmpfs none /sys/devices/vio/30000005/net
	mounted tmpfs none /sys/class/net
	guest -0 drmgr -c slot -r -s 'VIO 5' --dry-run
	loses "$elsewhere"
	guest -255 drmgr -c slot -r -s 'VIO 5' --no-loss --trace
	assert_stderr "in use: $elsewhere
VIO 5: cannot remove the slot with --no-loss: $elsewhere"
	assert_calls '' 0x30000005
	guest drmgr -c slot -r -s 'VIO 5' --dry-run --json
	assert_equal "$(json_values kind)" network-namespace
	guest drmgr -c slot -r -s 'VIO 5' --json
	assert_equal "$(json_values kind)" network-namespace
	refute_stderr --partial 'in use'
}

@test "a removal without a question says what is lost [io-remove-lost-unasked]" {
	mounted tmpfs none /sys/devices/pci0000:00/$ours/virtio0/net
	mounted tmpfs none /sys/class/net
	guest drmgr -c pci -r -s C8 -n
	assert_stderr --partial 'in use: the interface of 0000:00:01.0 is in another network namespace'
	assert_equal "$(grep -c '^in use' <<<"$stderr")" 1
}

# A device that each guest has stands for one of the card.
@test "a program has a device of the card open [io-remove-lost-open-char]" {
	sys_has "devices/pci0000:00/$ours/tape/ptmx/dev 5:2" \
		"dev/char/5:2 -> ../../devices/pci0000:00/$ours/tape/ptmx"
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	loses
	guest_sh 'sleep 1000 <>/dev/ptmx >/tmp/output 2>&1 & echo $! >/tmp/program'
	guest cat /tmp/program
	program=$output
	guest -0 drmgr -c pci -r -s C8 -n --dry-run
	loses "/dev/ptmx is open: sleep (PID $program)"
}
