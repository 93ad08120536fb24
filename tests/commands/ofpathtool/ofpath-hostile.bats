#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here sanitized ofpathtool
# ofpathtool with invalid names and malicious trees. Each one is reported, and no file
# outside the tree is opened.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/ofpath

P=/pci@800000020000000

setup()
{
	ofpath_programs
	ofpath_machine qemu
	tree=$BATS_TEST_TMPDIR/tree
	cp -a "$machine" "$tree"
	base=$tree/sys/firmware/devicetree/base
	# A folder that no path in the tree may reach.
	mkdir -p "$BATS_TEST_TMPDIR/outside"
	echo secret >"$BATS_TEST_TMPDIR/outside/devspec"
}

# ask ARGUMENT...: run ofpathtool, and check that it opens only the tree. $output,
# $stderr.
ask()
{
	local status_of=0

	# The leak sanitizer uses the same system call as strace.
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=open,openat,readlink,readlinkat,access,faccessat,faccessat2,stat,newfstatat,statx \
		-o "$BATS_TEST_TMPDIR/trace" "$ofpathname" --sysroot "$tree" "$@" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status_of=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	status=$status_of
	echo "${*:0:80}: $status: ${output:0:200}: ${stderr:0:400}"
	# When the tree is open, all paths are relative to it, and have no "..".
	awk -v tree="\"$tree\"" 'index($0, tree) { inside = 1; next }
		!inside || !match($0, /"[^"]*"/) { next }
		{ path = substr($0, RSTART + 1, RLENGTH - 2) }
		path ~ /^\// || path ~ /(^|\/)\.\.(\/|$)/ { print; bad = 1 }
		END { exit bad || !inside }' "$BATS_TEST_TMPDIR/trace"
}

refused() # NUMBER ARGUMENT...
{
	ask "${@:2}" && [ "$status" -eq 1 ] && [ -z "$output" ] &&
		[ "$(head -1 <<<"$stderr")" = "$(ofpath_message "$1" "${@: -1}" | head -1)" ] &&
		[ "$(grep -vc ' note: ' <<<"$stderr")" -eq 2 ]
}

@test "names that lead out of the tree are refused" {
	local name

	for name in ../../../../etc/passwd /../../etc/passwd /dev/../../../etc/passwd \
		/dev/disk/../../../../etc/shadow .. . /.. /dev/.. /dev/. /; do
		refused E4 "$name"
	done
}

@test "names with blanks, line ends, control bytes, patterns, of great length are refused [ofp-B24]" {
	local name long

	for name in 'sd a' ' sda' 'sda ' 'sd*' '[s]da' '$(id)' '`id`' ';' '-' '%s%n' 'sda\'; do
		refused E4 -- "$name"
	done
	long=$(printf 'a%.0s' {1..10000})
	for name in "$long" "/dev/$long" "/$long/$long"; do
		ask "$name"
		[ "$status" -eq 1 ] && [ -z "$output" ]
		[ "${#stderr}" -lt 400 ] && [[ $stderr == *...* ]]
	done
	ask "/$long"
	[ "$status" -eq 1 ]
	ask -l "/$long"
	[ "$status" -eq 1 ] && [ "${#stderr}" -lt 400 ]
	for name in $'sda\nsdb' $'\x01' $'sda\x7f' $'\x1b[2J'; do
		ask "$name"
		[ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(wc -l <<<"$stderr")" -eq 2 ]
		! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$BATS_TEST_TMPDIR/err"
	done
	ask $'\xff\xfe'
	[ "$status" -eq 1 ]
}

@test "invalid paths are refused" {
	local path

	for path in / // /@ /: /:1 '/a@' 'disk@1' '/pci@zz/scsi@1' "$P/scsi@1:" "$P/scsi@1:x" \
		"$P/scsi@1:1x" "$P/scsi@1:99999999999999999999" "$P/../$P/scsi@1" "$P/scsi@1/.." \
		"$P/scsi@ffffffffffffffffffffffff" $'/pci\n@1'; do
		ask -l "$path"
		case $path in
		"$P/scsi@1:") [ "$output" = vda ] ;;
		*) [ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(grep -vc ' note: ' <<<"$stderr")" -eq 2 ] ;;
		esac
	done
}

@test "nodes that are not devices are refused" {
	local name

	mkdir "$tree/dev/folder" "$tree/dev/sdx"
	mkfifo "$tree/dev/pipe" "$tree/dev/sdy"
	echo text >"$tree/dev/text"
	ln -s null "$tree/dev/nil"
	for name in folder pipe text nil null; do
		refused E4 "$name"
		refused E4 "/dev/$name"
	done
	refused E4 /dev/sdx
	refused E4 /dev/sdy
	# The running system's own nodes.
	for name in /dev/null /dev/pts /etc/passwd; do
		run -1 --separate-stderr timeout 60 "$ofpathname" "$name"
		[ -z "$output" ]
		[ "$stderr" = "$(ofpath_message E4 "$name")" ]
	done
}

@test "links that are broken, circular, or lead out of the tree are refused" {
	ln -s nothing "$tree/dev/dangling"
	ln -s circle2 "$tree/dev/circle1"
	ln -s circle1 "$tree/dev/circle2"
	ln -s itself "$tree/dev/itself"
	ln -s "$BATS_TEST_TMPDIR/outside" "$tree/dev/out"
	ln -s ../../../../../../../../../../../../etc "$tree/dev/up"
	ln -s dangling "$tree/dev/mapper/m0"
	for name in dangling circle1 itself out up/passwd m0 /dev/up/passwd; do
		refused E4 "$name"
	done
	for n in {1..50}; do
		ln -s "chain$((n + 1))" "$tree/dev/chain$n"
	done
	ln -s sda "$tree/dev/chain51"
	refused E4 chain1
	ask chain40
	[ "$output" = "$P/scsi@3/disk@100000000000000" ]
}

@test "links of sysfs that are broken, circular, or lead out of the tree are refused" {
	local class=$tree/sys/class/block name

	ln -s ../../devices/none "$class/sdx0"
	ln -s sdx1 "$class/sdx1"
	ln -s sdx3 "$class/sdx2"
	ln -s sdx2 "$class/sdx3"
	ln -s "$BATS_TEST_TMPDIR/outside" "$class/sdx4"
	ln -s ../../../../outside "$class/sdx5"
	ln -s ../../devices/../../../outside "$class/sdx6"
	ln -s / "$class/sdx7"
	ln -s ../../devices/ "$class/sdx8"
	echo text >"$class/sdx9"
	for name in "$class"/sdx*; do
		ask "${name##*/}"
		[ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(grep -vc ' note: ' <<<"$stderr")" -eq 2 ]
	done
	# Other devices are still found.
	ask -l "$P/scsi@1:5"
	[ "$output" = vda5 ]
	ask --list
	[ "$status" -eq 0 ] && [ "$(wc -l <<<"$output")" -gt 60 ]
}

@test "folders below /sys/devices that are links out of the tree are refused" {
	mv "$tree/sys/devices/vio" "$BATS_TEST_TMPDIR/outside/vio"
	ln -s "$BATS_TEST_TMPDIR/outside/vio" "$tree/sys/devices/vio"
	ask sde
	[ "$status" -eq 1 ] && [ -z "$output" ]
	ask eth3
	[ "$status" -eq 1 ] && [ -z "$output" ]
}

@test "circular slaves and too many of them are refused [ofp-B27]" {
	local virtual=$tree/sys/devices/virtual/block n m

	rm -r "$virtual"/dm-{0,1}/slaves
	mkdir "$virtual"/dm-{0,1}/slaves
	ln -s ../../dm-1 "$virtual/dm-0/slaves/dm-1"
	ln -s ../../dm-0 "$virtual/dm-1/slaves/dm-0"
	for n in 0 1; do
		ask dm-$n
		[ "$status" -eq 1 ] && [ -z "$output" ]
		[[ $stderr = *"note: dm-$n: too many devices are above dm-"[01]";"* ]]
	done
	ln -s ../../dm-2 "$virtual/dm-1/slaves/dm-2"
	ask dm-1
	[ "$output" = "$P/scsi@3/disk@103000000000000" ]
	# Each of ten devices has all others as slaves: a tree of a million.
	for n in {10..19}; do
		mkdir -p "$virtual/dm-$n/slaves"
		ln -s "../../devices/virtual/block/dm-$n" "$tree/sys/class/block/dm-$n"
		for m in {10..19}; do
			ln -s "../../dm-$m" "$virtual/dm-$n/slaves/dm-$m"
		done
		mkdir "$virtual/dm-$n/dm"
		echo mpath-1 >"$virtual/dm-$n/dm/uuid"
	done
	run -1 timeout 60 "$ofpathname" --sysroot "$tree" --all dm-10
	run -1 timeout 60 "$ofpathname" --sysroot "$tree" --all --json dm-10
}

@test "devspec and of_node are refused: too long, relative, with .., NULs, folders, pipes" {
	local unit=$tree/sys/devices/vio/71000003 row

	rm "$unit/of_node"
	for row in '(null)\n' 'vdevice/v-scsi@71000003\n' '/vdevice/../vdevice/v-scsi@71000003\n' \
		'/vdevice/v-scsi@71000003\0/more\n' '/vdevice/v-scsi@7100\x07\n' '' '\n' '/\n' \
		'/vdevice/v-scsi@71000099\n'; do
		# shellcheck disable=SC2059
		printf "$row" >"$unit/devspec"
		echo "$row"
		refused E1 sde
	done
	{ printf '/vdevice'; printf 'x%.0s' {1..10000}; } >"$unit/devspec"
	refused E1 sde
	rm "$unit/devspec"
	mkdir "$unit/devspec"
	refused E1 sde
	rmdir "$unit/devspec"
	for row in / /etc "$BATS_TEST_TMPDIR/outside" \
		../../../firmware/devicetree/base/../../../../../../outside \
		../../../firmware/devicetree/base of_node; do
		ln -sfn "$row" "$unit/of_node"
		echo "$row"
		refused E1 sde
	done
	ln -sfn ../../../firmware/devicetree/base/vdevice/v-scsi@71000003 "$unit/of_node"
	ask sde
	[ "$output" = /vdevice/v-scsi@71000003/disk@8000000000000000 ]
}

@test "attributes and properties of wrong kinds are refused" {
	rm "$base/aliases/disk" "$base/aliases/net"
	mkdir "$base/aliases/disk"
	printf 'x%.0s' {1..9000} >"$base/aliases/net"
	printf 'no path\0' >"$base/aliases/wrong"
	printf '%s\0' "$P/scsi@1" >"$base/aliases/right"
	ask -a vda
	[ "$(sort <<<"$output")" = $'disk3\nright' ]
	ask -l wrong
	[ "$status" -eq 1 ]
	for text in '' x -1 0 99999999999999999999 '1 2'; do
		echo "$text" >"$tree/sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n2/nsid"
		ask nvme0n2
		[ "$status" -eq 1 ] || [ -z "$text" ]
	done
	echo 99999999999 >"$tree/sys/devices/pci0000:00/0000:00:01.0/virtio0/block/vda/vda1/partition"
	ask vda1
	[ "$status" -eq 1 ] || [[ $output = "$P"/* ]]
}

@test "pipes and sockets in place of attributes do not block ofpathtool" {
	local disk=$tree/sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n2 file

	for file in "$disk/nsid" "$base/aliases/disk" "$base/aliases/net" "${disk%/*}/address"; do
		rm -f "$file"
		mkfifo "$file"
	done
	run -1 --separate-stderr timeout 60 "$ofpathname" --sysroot "$tree" nvme0n2
	run -0 timeout 60 "$ofpathname" --sysroot "$tree" -a vda
	run -0 timeout 60 "$ofpathname" --sysroot "$tree" --list
	rm "$disk/nsid"
	(cd "$disk" && python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("nsid")')
	run -1 --separate-stderr timeout 60 "$ofpathname" --sysroot "$tree" nvme0n2
}

@test "a tree that is a file or does not exist is refused" {
	run -1 "$ofpathname" --sysroot /etc/passwd sda
	assert_output --partial "'/etc/passwd': cannot open: Not a directory"
	rm -r "$base"
	refused E1 sda
	rm -r "$tree/sys/class"
	ask sda
	[ "$stderr" = "$(ofpath_message E2 "$tree")" ]
}
