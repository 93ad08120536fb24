#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian drmgr ofpathtool
#
# ofpathtool beside the peers' ofpathname, in a real guest with each kind of device that
# QEMU has: the rows of tests/data/ofpath/qemu.vec in both directions, and QEMU's own paths.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/ofpath
load ../../lib/ofpath-machine

P=/pci@800000020000000
V=/vdevice/v-scsi@71000003

setup_file()
{
	local -a machine

	[ "${GUEST_KIND:-real}" = real ] || return 0
	export GUEST_FIRMWARE=slof
	ofpath_images "$BATS_FILE_TMPDIR"
	ofpath_options machine "$BATS_FILE_TMPDIR"
	export GUEST_OVERLAY=${GUEST_CACHE:-}/more:${GUEST_OVERLAY:-}
	guest_boot "${machine[@]}"
	[ -z "${GUEST_MISSING:-}" ] || return 0
	guest_sh "$ofpath_names_script" "$ofpath_modules" >"$BATS_FILE_TMPDIR/log" || { cat "$BATS_FILE_TMPDIR/log"; return 1; }
	ofpath_renaming <<<"$output" >"$BATS_FILE_TMPDIR/renaming"
	ofpath_stacked | sed -Ef "$BATS_FILE_TMPDIR/renaming" >"$BATS_FILE_TMPDIR/stacked"
	guest -i sh <"$BATS_FILE_TMPDIR/stacked" >>"$BATS_FILE_TMPDIR/log"
	cat "$BATS_FILE_TMPDIR/log"
	[ "$status" -eq 0 ]
}

# Make the stacked devices and links of qemu.tree.
ofpath_stacked()
{
	cat <<-'EOF'
		set -e
		modprobe -a dm_mod dm_multipath dm_round_robin
		number() { cat /sys/class/block/$1/dev; }
		# Make the links that udev would make: one for each.
		map() {
			name=$1 uuid=$2; shift 2
			echo "$*" | dmsetup create $name ${uuid:+--uuid $uuid} --noudevsync
			ln -sfn ../dm-$((next)) /dev/mapper/$name; next=$((next + 1))
		}
		next=0
		paths="multipath 0 0 1 1 round-robin 0 2 1"
		map lin0 '' 0 2048 linear $(number sdb) 0
		map mpatha mpath-36001 0 2048 $paths $(number sdb) 1 $(number sdc) 1
		map mpathb mpath-36002 0 2048 $paths $(number sdb) 1 $(number sdc) 1
		map mpatha-part1 part1-mpath-36001 0 1024 linear $(number dm-1) 8
		map lin1 '' 0 1024 linear $(number vda2) 0
		mkdir -p /dev/disk/by-id
		ln -s ../../sda /dev/disk/by-id/scsi-disk0
		ln -s ../../sda1 /dev/disk/by-id/scsi-disk0-part1
		ln -s bootdisk /dev/bootdisk2
		ln -s /dev/vda /dev/bootdisk
	EOF
}

setup()
{
	[ "${GUEST_KIND:-real}" = real ] || skip 'a simulated guest has no disks'
	guest_needed
}

# Print "row arguments status output", with tabs, in this guest's names. Omitted: an
# interface that udev has renamed, md, the drives of one path, numbers of aliases (QEMU
# chooses them). Device-mapper rows use the names that were given to them here. Linux 7.2 can
# find the second namespace of NVMe first: row 112 has the number of its name.
rows()
{
	ofpath_rows qemu "$@" |
		awk -F '\t' '$1 != 31 && $1 != 39 && $1 != 45 && $1 != 55 && ($1 < 57 || $1 > 60) &&
			$1 != 65 && $1 != 107 && $1 != 109' |
		sed -Ef "$BATS_FILE_TMPDIR/renaming" |
		sed -E 's/^(112\t.* nvme0n(.)\t.*@)[0-9]$/\1\2/'
}

# The peers of powerpc-utils 1.3.13 find the second namespace (row 96). Older ones find it
# by chance, if it is nvme0n1.
peers_find_namespace()
{
	local version

	version=$(zcat "$GUEST_CACHE/root/usr/share/doc/powerpc-ibm-utils/changelog.Debian.gz" |
		sed -n '1s/.*(\(.*\)).*/\1/p')
	[ "$(printf '1.3.13\n%s\n' "$version" | sort -V | head -1)" = 1.3.13 ] && return
	guest grep -qx 1 /sys/class/block/nvme0n1/nsid
	[ "$status" -ne 0 ]
}

# Run all rows together. Print each with the program's status and output.
said_by() # PROGRAM <ROWS
{
	_guest_ctl run -i -t 3600 -- sh -c 'tab=$(printf "\t")
		while IFS=$tab read -r row args rc output; do
			eval "set -- $args"
			answer=$('"$1"' "$@" 2>/dev/null </dev/null) && status=0 || status=$?
			printf "%s\t%s\t%s\t%s\n" "$row" "$args" $status "$(echo "$answer" | tr "\n" " " | sed "s/ *\$//")"
		done'
}

check() # FIRST LAST
{
	rows "$1" "$2" >"$BATS_TEST_TMPDIR/rows"
	awk -F '\t' '{ gsub(/\\n/, " ", $4); gsub(/\\\\/, "\\", $4)
			if ($4 ~ /^(E[0-9]|aliases|option)$/) $4 = ""
			printf "%s\t%s\t%s\t%s\n", $1, $2, $3, $4 }' \
		"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/wanted"
	said_by /usr/sbin/ofpathname <"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/said"
	[ -s "$BATS_TEST_TMPDIR/wanted" ]
	diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/said"
}

@test "from names: disks" {
	check 1 18
}

@test "from names: what firmware has no driver for, USB, NVMe" {
	check 19 29
}

@test "from names: interfaces, links, device-mapper [ofp-B19]" {
	check 30 49
}

@test "from names: odd ones" {
	check 50 69
}

@test "from paths [ofp-B13]" {
	check 70 99
	check 100 119
}

# Run each row without our own options once, except the peers' minute for a disk on USB.
# An intended difference is in tests/data/ofpath/peer-differences, with its row, its arguments
# in the names of qemu.tree, and its reason.
@test "the peers' ofpathname prints the same, or a listed difference [ofp-peers]" {
	local differences=$BATS_TEST_TMPDIR/differences skipped='^#'

	rows 0 110 | awk -F '\t' '$2 !~ /--/ && ($1 < 91 || $1 > 93) && !seen[$2]++' \
		>"$BATS_TEST_TMPDIR/rows"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/rows")" -ge 90 ]
	said_by /usr/sbin/ofpathname <"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/ours"
	said_by /peer/sbin/ofpathname <"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/peers"
	diff "$BATS_TEST_TMPDIR/peers" "$BATS_TEST_TMPDIR/ours" | grep '^[<>]' || true
	comm -13 <(sort "$BATS_TEST_TMPDIR/peers") <(sort "$BATS_TEST_TMPDIR/ours") | cut -f 1,2 |
		sort -u >"$differences"
	! peers_find_namespace || skipped='^#|^96\b'
	ofpath_names <"${top_srcdir:-.}/tests/data/ofpath/peer-differences" |
		grep -Ev "$skipped" | sed -Ef "$BATS_FILE_TMPDIR/renaming" | cut -f 1,2 | sort -u |
		diff - "$differences"
}

@test "--compat prints what the peers print" {
	printf '%s\n' "13	sr0" "18	sr1" | sed -Ef "$BATS_FILE_TMPDIR/renaming" >"$BATS_TEST_TMPDIR/rows"
	said_by '/usr/sbin/ofpathname --compat' <"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/ours"
	said_by /peer/sbin/ofpathname <"$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/peers"
	diff "$BATS_TEST_TMPDIR/peers" "$BATS_TEST_TMPDIR/ours"
}

@test "each device leads to its path and back [ofp-round-guest]" {
	local name path back n=0

	guest_sh -0 'ofpathtool --list | tail -n +2 | while read -r name path more; do
		echo $name $path $(ofpathtool -q -l $path)
	done'
	while read -r name path back; do
		[[ $name != dm-* ]] || continue
		[[ $path != $P/sata@9/* || $name != sr* ]] || continue
		echo "$name $path $back"
		[ "$name" = "$back" ]
		n=$((n + 1))
	done <<<"$output"
	[ "$n" -ge 60 ]
}

# QEMU wrote its path for each device. SLOF's words for disks of NVMe, AHCI and RAID
# are different.
@test "paths are those of QEMU [ofp-qemu]" {
	guest_sh -0 'n=0
		for word in $(tr "\0" " " </proc/device-tree/chosen/qemu,boot-list); do
			case $word in
			*/nvme-ns) continue ;;
			esac
			name=$(ofpathtool -q -l $word) || { echo "$word: $?"; exit 1; }
			case $word in
			*/drive@* | */channel@*) ;;
			*) ofpathtool --equal $word $(ofpathtool -q $name) || { echo "$word: $name"; exit 1; } ;;
			esac
			n=$((n + 1))
		done
		echo $n'
	[ "$output" -ge 19 ]
}

@test "aliases of firmware are printed in its letters [ofp-B25]" {
	guest_sh -0 'cd /proc/device-tree/aliases
		for alias in disk* cdrom* net*; do
			path=$(tr -d "\0" <$alias)
			name=$(ofpathtool -q -l $alias) || { echo $alias $path; exit 1; }
			ofpathname -a $name | grep -qx $alias || { echo $alias $path $name; exit 1; }
			echo $alias
		done'
	[ "${#lines[@]}" -ge 10 ]
}

@test "one name needs no process and few system calls [ofp-B30]" {
	guest_sh -0 'strace -f -c -o /tmp/calls ofpathtool /dev/vda && awk "/total/ { print \$4 }" /tmp/calls
		strace -f -o /tmp/trace ofpathtool -l '$P'/scsi@1:1 && grep -cE "execve|fork|clone" /tmp/trace'
	[ "${lines[0]}" = "$P/scsi@1" ]
	[ "${lines[1]}" -le 150 ]
	[ "${lines[2]}" = vda1 ]
	[ "${lines[3]}" -eq 1 ]
}

@test "--wait ends when the device appears [ofp-B29]" {
	host device_add '{"driver": "virtio-net-pci", "id": "late", "addr": "0x10", "romfile": ""}'
	guest_sh -0 '(ofpathtool --wait 60 -l '$P'/ethernet@10; echo $?) >/tmp/late &
		drmgr -c pci -a -s C128 -n >&2
		wait; cat /tmp/late'
	[[ ${lines[0]} = eth* ]]
	[ "${lines[1]}" = 0 ]
}
