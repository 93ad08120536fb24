#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian ofpathtool
#
# ofpathtool on volumes, arrays, mappings, multipath and encrypted devices of a real guest.
# Then SLOF reads from each printed path, and boots from some: without a note it finds the
# first bytes of the device there, with a note it does not.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/ofpath-slof

# Disks are targets of one adapter. The second adapter has another path to number 9.
disks=15
key=000102030405060708090a0b0c0d0e0f
# The mapping's name is its device, of arrays the kernel's. Programs are written to those from
# which firmware boots, as a disk with a partition or without one.
boots_as_disk='md1 same mir rai'
boots_as_partition='md2 mpa1 mpa2'
others='mpa lin str one old slow md3 md4 luks part'

setup_file()
{
	local -a machine
	local n

	[ "${GUEST_KIND:-real}" = real ] || return 0
	export GUEST_FIRMWARE=slof
	for ((n = 0; n < disks; n++)); do
		truncate -s 32M "$BATS_FILE_TMPDIR/disk$n"
	done
	for n in 4 5 9; do
		printf 'label: dos\n1: start=2048, size=8192, type=41, bootable\n2: size=8192, type=41\n' |
			sfdisk -q "$BATS_FILE_TMPDIR/disk$n" >/dev/null
	done
	machine_options machine
	export GUEST_OVERLAY=${GUEST_CACHE:-}/more:${GUEST_CACHE:-}/storage:${GUEST_OVERLAY:-}
	guest_boot "${machine[@]}"
	[ -z "${GUEST_MISSING:-}" ] || return 0
	{ echo "$wait_in_script" && stacked | sed "s/\$KEY/$key/"; } >"$BATS_FILE_TMPDIR/stacked"
	guest -i sh <"$BATS_FILE_TMPDIR/stacked"
	[ "$status" -eq 0 ]
	write_programs
}

# Write the devices' first bytes through Linux: a program, or a disk with one in its first
# partition, and the name at byte 9, which neither programs nor partition tables use.
write_programs()
{
	local name file=$BATS_FILE_TMPDIR/program

	for name in $boots_as_disk; do
		printf 'label: dos\nstart=8, size=120, type=41, bootable\n' >"$file.parts"
		rm -f "$file"
		truncate -s 64k "$file"
		sfdisk -q "$file" <"$file.parts" >/dev/null
		slof_program -r "$name" | dd of="$file" bs=512 seek=8 conv=notrunc status=none
		write_device "$name" "$file"
	done
	for name in $boots_as_partition; do
		slof_program -r "$name" >"$file"
		write_device "$name" "$file"
	done
	for name in $others; do
		write_device "$name" /dev/null
	done
}

write_device() # NAME FILE
{
	guest_sh -i 'x=/dev/mapper/$1
		[ -e $x ] || x=/dev/mapper/vg-$1
		[ -e $x ] || x=/dev/$1
		[ -b $x ] && dd of=$x bs=64k conv=notrunc && printf "%-7s" $1 | dd of=$x bs=1 seek=9 conv=notrunc,fsync' \
		"$1" <"$2"
	[ "$status" -eq 0 ]
}

# Put the machine's options into the array of this name.
machine_options() # ARRAY [OPTION-OF-DRIVES]
{
	local -n _options=$1
	local n

	_options=(-device virtio-scsi-pci,id=one,addr=3 -device virtio-scsi-pci,id=two,addr=4)
	for ((n = 0; n < disks; n++)); do
		_options+=(-blockdev "driver=raw,node-name=d$n,file.driver=file,file.filename=$BATS_FILE_TMPDIR/disk$n"
			-device "scsi-hd,bus=one.0,scsi-id=$n,drive=d$n,share-rw=on")
	done
	_options+=(-device scsi-hd,bus=two.0,scsi-id=9,drive=d9,share-rw=on)
}

# A script for the guest: make the devices. t0 to t14 and s9 are the disks.
stacked()
{
	cat <<-'EOF'
		set -e
		# Newer kernels have no such module.
		modprobe crc32c_generic 2>/dev/null || true
		modprobe -a virtio_scsi sd_mod dm_mod dm_multipath dm_round_robin dm_mirror dm_crypt raid1 dm_raid dm_cache dm_cache_smq
		wait_until '[ $(ls -d /sys/class/block/sd* | wc -l) -ge 22 ]'
		mkdir -p /dev/t /etc/lvm
		for x in $(ls -d /sys/class/block/sd* | grep -v "[0-9]$"); do
			at=$(readlink $x)
			id=${at%:0/block/*}; id=${id##*:}
			case $at in
			*/0000:00:03.0/*) ln -s ../${x##*/} /dev/t/t$id ;;
			*) ln -s ../${x##*/} /dev/t/s$id ;;
			esac
		done
		real() { basename $(readlink /dev/t/$1); }
		number() { cat /sys/class/block/$(real $1)/dev; }
		printf "%s\n" "activation { udev_sync=0" "udev_rules=0" "monitoring=0 }" \
			"devices { obtain_device_list_from_udev=0" 'filter=["a|/dev/sd|","r|.*|"] }' \
			"global { event_activation=0" 'cache_check_executable=""' '}' >/etc/lvm/lvm.conf
		pv0=/dev/$(real t0) pv1=/dev/$(real t1)
		lvm pvcreate -q $pv0 $pv1
		lvm vgcreate -q -s 1M vg $pv0 $pv1
		lv() { lvm lvcreate -q -y -Wn -Zn -n "$@"; }
		lv lin -l 2 vg $pv1
		lv str -i 2 -l 4 vg
		lv one --type raid1 -m 1 --nosync -l 2 vg
		lv old --type mirror -m 1 --mirrorlog core --nosync -l 2 vg
		lv slow -l 2 vg $pv0
		lv fast -l 8 vg $pv1
		lvm lvconvert -q -y --type cache --cachevol fast vg/slow
		md() {
			name=$1 metadata=$2; shift 2
			mdadm -q --create /dev/$name --run --assume-clean --metadata=$metadata --level=1 --raid-devices=2 "$@"
		}
		md md1 1.0 /dev/$(real t2) /dev/$(real t3)
		md md2 1.0 /dev/$(real t4)1 /dev/$(real t5)1
		md md3 1.2 /dev/$(real t4)2 /dev/$(real t5)2
		md md4 1.2 /dev/$(real t6) /dev/$(real t7)
		map() {
			name=$1 uuid=$2; shift 2
			echo "$*" | dmsetup create $name ${uuid:+--uuid $uuid} --noudevsync
		}
		map luks CRYPT-PLAIN-luks 0 40960 crypt aes-cbc-plain64 $KEY 0 $(number t8) 0
		map mpa mpath-9 0 65536 multipath 0 0 1 1 round-robin 0 2 1 $(number t9) 1 $(number s9) 1
		map mpa1 part1-mpath-9 0 8192 linear $(dmsetup info -c --noheadings --separator : -o major,minor mpa) 2048
		map mpa2 part2-mpath-9 0 8192 linear $(number t9) 10240
		map same '' 0 65536 linear $(number t10) 0
		map part '' 0 4096 linear $(number t10) 2048
		map mir '' 0 65536 mirror core 2 1024 nosync 2 $(number t11) 0 $(number t12) 0
		map rai '' 0 32768 raid raid1 2 0 nosync 2 - $(number t13) - $(number t14)
		dmsetup mknodes
	EOF
}

setup()
{
	[ "${GUEST_KIND:-real}" = real ] || skip 'a simulated guest has no disks'
	guest_needed
}

teardown()
{
	slof_stop
	assert_no_oops
}

# Print "name|status|path|note" for each device, with the names of disks and mappings.
asked_by() # COMMAND
{
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /
		for x in /dev/t/*; do
			real=$(basename $(readlink $x))
			echo "s/\\b$real([0-9]+)\\b/${x##*/}p\\1/g; s/\\b$real\\b/${x##*/}/g"
		done >/tmp/names
		for x in /sys/class/block/dm-*; do
			echo "s/\\b${x##*/}\\b/$(cat $x/dm/name)/g"
		done >>/tmp/names
		command=$1; shift
		for name; do
			x=$name
			for y in /dev/mapper/vg-$name /dev/mapper/$name; do
				[ ! -e $y ] || x=$y
			done
			status=0
			path=$(eval "$command" 2>/tmp/err) || status=$?
			note=$(sed -n "s/^ofpathtool: note: [^:]*: //p" /tmp/err | sed -Ef /tmp/names)
			echo "$name|$status|$path|$note"
		done' "$1" $boots_as_disk $boots_as_partition $others
}

# Rows: name, status, target and partition of the path, the note. The kernel finds disks in
# any order, so the first of a pair of members can be either one.
check_answers() # <ROWS
{
	cat >"$BATS_TEST_TMPDIR/wanted"
	sed -E "s|/pci@800000020000000/scsi@[34]/disk@10(.)000000000000|\1|" "$BATS_TEST_TMPDIR/guest-stdout" |
		sed -E 's/\|3/|2/; s/\|5/|4/; s/\|7/|6/; s/\|C/|B/; s/\|E/|D/
			s/\bt3/t2/g; s/\bt5/t4/g; s/\bt7/t6/g; s/\bt12/t11/g; s/\bt14/t13/g; s/\bs9/t9/g
			s/t1, t0/t0, t1/
			/^[^|]*\|1\|/s/; ofpathtool --list prints the devices that have a path$//' |
		diff "$BATS_TEST_TMPDIR/wanted" -
}

@test "root: kinds and offsets are in the tables of the kernel [ofp-tables-guest]" {
	asked_by 'ofpathtool $x'
	cp "$BATS_TEST_TMPDIR/guest-stdout" "$BATS_FILE_TMPDIR/answers"
	check_answers <<-'ROWS'
		md1|0|2|
		same|0|A|
		mir|0|B|
		rai|0|D|
		md2|0|4:1|
		mpa1|0|9:1|
		mpa2|0|9:2|
		mpa|0|9|
		lin|0|1|the data of vg-lin begin at sector 2048 of t1: firmware does not find them
		str|1||the data of vg-str (striped) are distributed over t0, t1: firmware cannot read them from one disk
		one|0|0|the data of vg-one_rimage_0 begin at sector 8192 of t0: firmware does not find them
		old|0|0|the data of vg-old_mimage_0 begin at sector 12288 of t0: firmware does not find them
		slow|1||the data of vg-slow (cache) are not in plain form on vg-fast_cvol-cdata, vg-fast_cvol-cmeta, vg-slow_corig: firmware cannot read them
		md3|0|4:2|the data of md3 begin at sector 2048 of t4p2: firmware does not find them
		md4|0|6|the data of md4 begin at sector 2048 of t6: firmware does not find them
		luks|0|8|luks is encrypted: firmware cannot read its data
		part|0|A|the data of part begin at sector 2048 of t10: firmware does not find them
	ROWS
}

@test "root: --strict has a path exactly if there is no note" {
	asked_by 'ofpathtool --strict $x'
	awk -F '|' '{ print $1, ($3 != "" && $4 == "") ? $3 : "" }' "$BATS_FILE_TMPDIR/answers" |
		diff - <(awk -F '|' '{ print $1, $3 }' "$BATS_TEST_TMPDIR/guest-stdout")
}

@test "other users: what sysfs has, and notes about the rest [ofp-tables-user]" {
	asked_by 'su nobody -s /bin/sh -c "ofpathtool $x"'
	check_answers <<-'ROWS'
		md1|0|2|
		same|0|A|it is not known how same uses t10 (only root can read it): firmware may not find its data there
		mir|1||it is not known how mir uses t11, t11 (only root can read it): firmware may not find its data there
		rai|1||it is not known how rai uses t13, t13 (only root can read it): firmware may not find its data there
		md2|0|4:1|
		mpa1|0|9:1|
		mpa2|0|9:2|
		mpa|0|9|
		lin|0|1|the data of vg-lin do not begin where t1 begins: firmware does not find them
		str|1||the data of vg-str (LVM) are distributed over t0, t1: firmware cannot read them from one disk
		one|0|0|it is not known whether vg-one_rimage_0 is in sync (only root can read it): firmware may not find the data of vg-one there
		old|0|0|it is not known whether vg-old_mimage_0 is in sync (only root can read it): firmware may not find the data of vg-old there
		slow|1||the data of vg-slow (cache) are not in plain form on vg-fast_cvol-cdata, vg-fast_cvol-cmeta, vg-slow_corig: firmware cannot read them
		md3|0|4:2|the data of md3 begin at sector 2048 of t4p2: firmware does not find them
		md4|0|6|the data of md4 begin at sector 2048 of t6: firmware does not find them
		luks|0|8|luks is encrypted: firmware cannot read its data
		part|0|A|it is not known how part uses t10 (only root can read it): firmware may not find its data there
	ROWS
}

@test "a recorded machine gives the same output, and has no keys [ofp-tables-record]" {
	guest_sh -0 'mkdir /tmp/tree && ofpathtool --record /tmp/tree && ls /sys/class/block >/tmp/all
		ofpathtool --batch --json </tmp/all >/tmp/live
		ofpathtool --batch --json --sysroot /tmp/tree </tmp/all >/tmp/captured
		cmp /tmp/live /tmp/captured && wc -l </tmp/live
		cat /tmp/tree/sys/devices/virtual/block/*/dm/table | grep crypt
		! grep -r $1 /tmp/tree' "$key"
	[ "${lines[0]}" -ge 40 ]
	[[ ${lines[1]} = '0 40960 crypt aes-cbc-plain64 - 0 8:'*' 0' ]]
}

# Define a word that prints 7 bytes from byte 9 on, in hexadecimal.
define_look()
{
	slof_type ': look open-dev dup 0= IF drop ." mark=none" cr EXIT THEN >r'
	slof_type '0 0 s" seek" r@ $call-method drop load-base 200 s" read" r@ $call-method drop'
	slof_type '." mark=" 7 0 DO load-base 9 + i + c@ <# u# u# u#> type LOOP cr r> close-dev ;'
}

look() # PATH
{
	slof_type "s\" $1\" look"
	mark=$(grep -aoE 'mark=([0-9a-f]{14}|none)' "$console" | tail -n 1)
	echo "$1: $mark"
}

# All paths of multipath and of mirrors, too. With a note, the first bytes are not those of
# the device.
@test "SLOF reads the first bytes of a device, and boots, exactly from paths without a note [ofp-stacks-slof]" {
	local name status path note wanted reads=0 boots=0
	local -a machine

	guest_sh -i 'while IFS="|" read -r name status path note; do
			[ -n "$path" ] && [ -z "$note" ] || continue
			x=$name
			[ ! -e /dev/mapper/$name ] || x=/dev/mapper/$name
			ofpathtool -q --all $x | sed "s/.*/$name||&|/"
		done' <"$BATS_FILE_TMPDIR/answers"
	guest_down
	machine_options machine
	slof_prompt "${machine[@]}"
	define_look
	while IFS='|' read -r name status path note; do
		[ -n "$path" ] || continue
		wanted=mark=$(printf '%-7s' "$name" | od -An -tx1 | tr -d ' ')
		look "$path"
		if [ -n "$note" ]; then
			[ "$mark" != "$wanted" ]
		else
			[ "$mark" = "$wanted" ]
		fi
		reads=$((reads + 1))
	done < <(cat "$BATS_TEST_TMPDIR/guest-stdout" "$BATS_FILE_TMPDIR/answers")
	[ "$reads" -eq 29 ]

	# The program of the whole multipath disk is in its first partition.
	while IFS='|' read -r name status path note; do
		[ -n "$path" ] && [ -z "$note" ] || continue
		slof_type "boot $path"
		tr -d '\0\r' <"$console" | grep -aF -A 1 "from: $path ..." |
			grep -aE "^booted: $name(1|) "
		boots=$((boots + 1))
	done <"$BATS_FILE_TMPDIR/answers"
	[ "$boots" -eq 8 ]
}
