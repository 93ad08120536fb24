#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball sanitized ofpathtool
# ofpathtool with machines that are folders: each recorded row in both directions, and the
# command's options.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/json
load ../../lib/ofpath

setup()
{
	ofpath_programs
}

# on MACHINE ARGUMENT...: run the command under the older program's name.
on()
{
	ofpath_machine "$1"
	"$ofpathname" --sysroot "$machine" "${@:2}"
}

# tool ARGUMENT...: run ofpathtool on QEMU's machine.
tool()
{
	ofpath_machine qemu
	"$ofpathtool" --sysroot "$machine" "$@"
}

# B12: an optical drive has no partition.
@test "QEMU's machine: virtio-blk, virtio-scsi, vscsi [ofp-B12]" {
	ofpath_check_rows qemu 1 18 on qemu
}

# B2: USB disks, with any node in Linux. B8: a namespace without a node of firmware: a note.
# B9: a namespace or partition that does not exist: message 4.
@test "QEMU's machine: AHCI, RAID, USB, NVMe [ofp-B2 ofp-B8 ofp-B9]" {
	ofpath_check_rows qemu 19 29 on qemu
}

# B1: virtio-net has a path.
@test "QEMU's machine: interfaces [ofp-B1]" {
	ofpath_check_rows qemu 30 35 on qemu
}

# B18: no other disk for a missing multipath node.
@test "QEMU's machine: links, device-mapper, RAID [ofp-B18]" {
	ofpath_check_rows qemu 36 50 on qemu
}

# B15: cdrom: a path, and with --cdrom the file.
@test "QEMU's machine: options, aliases, odd names [ofp-B15]" {
	ofpath_check_rows qemu 51 69 on qemu
}

@test "QEMU's machine: from paths [ofp-B3]" {
	ofpath_check_rows qemu 70 99 on qemu
}

# B23-aliases: no aliases: a message on standard error. B28: --disk omits the partition.
@test "QEMU's machine: from paths of interfaces, other spellings, aliases [ofp-B1-back ofp-B23-aliases ofp-B28]" {
	ofpath_check_rows qemu 100 119 on qemu
}

# B16: paths with and without fp@0,0. B17: no empty LUN.
@test "PowerVM's machine: Fibre Channel [ofp-B16 ofp-B17]" {
	ofpath_check_rows classes 120 127 on classes
}

# B4: any number of hubs. B5: a USB port of 10 or more is a number. B10: SAS addresses on
# little endian. B31: the text for old IPR adapters.
@test "PowerVM's machine: SAS, USB, iSCSI, SCSI [ofp-B4 ofp-B5 ofp-B10 ofp-B31]" {
	ofpath_check_rows classes 128 138 on classes
}

# B6: a namespace by its identifier. B7: an identifier that does not exist: message 5.
@test "PowerVM's machine: NVMe, over fabrics too [ofp-B6 ofp-B7]" {
	ofpath_check_rows classes 139 146 on classes
}

# B21: HFI. B26: functions of any name. A partition of a RAID keeps its number.
@test "PowerVM's machine: interfaces, RAID, multipath, aliases [ofp-B21 ofp-B26 ofp-virtual-partition ofp-node-folder]" {
	ofpath_check_rows classes 147 199 on classes
}

# B20: parallel ATA.
@test "a PowerMac has its own words [ofp-B20]" {
	ofpath_check_rows powermac 0 199 on powermac
}

# The rows without a line in the tables are those of the command, tested below.
@test "no row is omitted" {
	local rows

	rows=$(cat "${top_srcdir:-.}"/tests/data/ofpath/*.vec | cut -f 1 | grep '^[0-9]' | sort -u)
	assert_equal "$(comm -13 <(echo "$rows") <({ seq 67 && seq 70 109 && seq 120 160; } | sort) |
		sort -n | xargs)" '51 52 53 54 66 67 160'
}

# Print the links of a machine that lead nowhere. An absolute one leads into the machine, even if
# this computer has the device, too.
broken_links()
{
	local link at to

	find "$machine/sys" -xtype l
	while read -r link; do
		at=$link
		while [[ -L $at ]]; do
			to=$(readlink "$at")
			[[ $to == /* ]] && at=$machine$to || at=${at%/*}/$to
		done
		[[ -e $at ]] || echo "$link"
	done < <(find "$machine/dev" -type l)
}

@test "the machines have no broken links" {
	local name

	for name in qemu classes powermac; do
		ofpath_machine "$name"
		run broken_links
		refute_output
	done
	cp -a "$machine" "$BATS_TEST_TMPDIR/broken"
	machine=$BATS_TEST_TMPDIR/broken
	ln -s /dev/null "$machine/dev/absolute"
	ln -s no "$machine/dev/relative"
	run broken_links
	assert_line "$machine/dev/absolute"
	assert_line "$machine/dev/relative"
}

@test "an absolute link /dev/cdrom gives the same path" {
	ofpath_machine qemu
	cp -a "$machine" "$BATS_TEST_TMPDIR/disc"
	ln -sfn /dev/sr1 "$BATS_TEST_TMPDIR/disc/dev/cdrom"
	for name in cdrom /dev/cdrom sr1 /dev/sr1; do
		run -0 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/disc" "$name"
		assert_output /vdevice/v-scsi@71000003/disk@8100000000000000
	done
	run -0 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/disc" -l \
		/vdevice/v-scsi@71000003/disk@8100000000000000
	assert_output sr1
}

@test "a map without its node does not lead to another map" {
	ofpath_machine qemu
	cp -a "$machine" "$BATS_TEST_TMPDIR/bare"
	rm "$BATS_TEST_TMPDIR/bare/dev/mapper/mpatha"
	for name in mpatha /dev/mapper/mpatha; do
		run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/bare" "$name"
		assert_output "$(ofpath_message E4 "$name")"
	done
}

# sr2: firmware cannot distinguish it from sdh, both are on AHCI. The others have the path
# of their lower device.
same_path='sr2 md[0-9]* dm-[0-9]* bond0 vlan5'

@test "each device leads to its path and back [ofp-round]" {
	local name path back n=0 name_of

	for name in qemu classes powermac; do
		ofpath_machine "$name"
		while read -r name_of path _; do
			back=$("$ofpathtool" --sysroot "$machine" -q -l "$path") || back=
			n=$((n + 1))
			# shellcheck disable=SC2254
			for pattern in $same_path; do
				[[ $name_of != $pattern ]] || continue 2
			done
			echo "$name_of: $path: $back"
			[ "$back" = "$name_of" ]
		done < <("$ofpathtool" --sysroot "$machine" --list | tail -n +2)
	done
	[ "$n" -gt 130 ]
}

# B22: two drives with one path.
@test "a stacked device has the path of a lower one [ofp-B22]" {
	local path

	for name in sr2 md0 dm-0 dm-3; do
		path=$(tool -q "$name")
		[ "$(tool -q "$(tool -q -l "$path")")" = "$path" ]
	done
}

@test "equal: numbers by value, firmware's spellings of one path" {
	local one=/pci@800000020000000/scsi@3/disk@112412C00000000

	tool --equal $one ${one,,}
	tool --equal ${one,,} $one
	tool --equal $one:1 "$one:1,\\boot\\grub"
	run tool --equal $one $one:1
	assert_failure 1
	refute_output
	run tool --equal $one
	assert_failure 2
}

silent() # STATUS
{
	assert_equal "$status" "$1"
	refute_output
}

# Row: status, two paths.
@test "equal: the order makes no difference" {
	local equal one other

	while read -r equal one other; do
		echo "$equal $one $other"
		run "$ofpathtool" --equal "$one" "$other"
		silent "$equal"
		run "$ofpathtool" --equal "$other" "$one"
		silent "$equal"
	done <<-'ROWS'
		0 / /
		0 /pci@800000020000000/scsi@3 /pci@0800000020000000/scsi@03
		0 /pci@1/scsi@3/disk@100000000000000 /pci@1/scsi@3/disk@0100000000000000
		0 /pci@1/scsi@1 /pci@1/scsi@1:0
		0 /pci@1/scsi@1:1 /pci@1/scsi@1:01
		0 /pci@1/mass-storage@4/namespace@1C /pci@1/mass-storage@4/namespace@01c
		0 /vdevice/vfc-client@3/disk@500507680c354c27 /vdevice/vfc-client@3/disk@500507680C354C27,
		0 /vdevice/vfc-client@3/disk@500507680c354c27,1000000000000 /vdevice/vfc-client@3/disk@500507680c354c27,0001000000000000
		0 /pci@1/usb-xhci@5/hub@2/storage@3/disk@102000000000000 /pci@1/usb-xhci@5/hub@2/storage@3/disk@103000000000000
		0 /pci@1/fibre-channel@0/nvme-of/controller@5,ffff:nqn=nqn.x /pci@1/fibre-channel@0/nvme-of/controller@5,3:nqn=nqn.x
		1 /pci@1/fibre-channel@0/nvme-of/controller@5,ffff:nqn=nqn.x /pci@1/fibre-channel@0/nvme-of/controller@5,ffff:nqn=nqn.X
		1 /pci@1/scsi@1 /pci@1/SCSI@1
		1 /pci@1/scsi@1 /pci@1/scsi@1:1
		1 /pci@1/scsi@1 /pci@1/scsi@10
		1 /pci@1/scsi@1 /pci@1/scsi@1/disk@1
		1 /pci@1/scsi@3/disk@112412C00000000 /pci@1/scsi@3/disk@112012C00000000
		1 /pci@1/usb-xhci@5/hub@2/storage@3/disk@102000000000000 /pci@1/usb-xhci@5/storage@3/disk@102000000000000
		1 /pci@1/usb-xhci@5/storage@1/disk@101000000000000 /pci@1/usb-xhci@5/storage@1/disk@101000100000000
		1 /vdevice/vfc-client@3/disk@5 /vdevice/vfc-client@3/disk@5,1000000000000
		1 /vdevice/v-scsi@1/disk@8000000000000000 /vdevice/v-scsi@2/disk@8000000000000000
		1 disk disk
	ROWS
}

# Each path belongs to one device: the next path in the table is another device's.
@test "equal: each path to itself, none to the next" {
	local path last=/

	for path in $(tool --list | awk 'NR > 1 { print $2 }' | sort -u); do
		tool --equal "$path" "$path"
		run tool --equal "$path" "$last"
		assert_failure 1
		last=$path
	done
}

@test "QEMU's boot list and the devices have the same words" {
	local word

	ofpath_machine qemu
	for word in $(tr -d '\0' <"$machine/sys/firmware/devicetree/base/chosen/qemu,boot-list"); do
		tool --equal "$word" "$(tool "$(tool -l "$word")")"
	done
}

@test "JSON: documents follow the schema, for existing and missing devices" {
	local name

	json_check ofpath <<<'{"schema": "papr.ofpath/1", "results": [], "error": null}' || [ $? -eq 77 ] || return
	for name in qemu classes; do
		ofpath_machine "$name"
		"$ofpathtool" --sysroot "$machine" --list --json >"$BATS_TEST_TMPDIR/out"
		json_check ofpath <"$BATS_TEST_TMPDIR/out"
	done
	ofpath_machine qemu
	"$ofpathtool" --sysroot "$machine" --json sda1 mpatha sdz >"$BATS_TEST_TMPDIR/out" && return 1
	json_check ofpath <"$BATS_TEST_TMPDIR/out"
	"$ofpathtool" --sysroot "$machine" --json --all -l /pci@800000020000000/sata@9/scsi@0/sd@0,0 \
		>"$BATS_TEST_TMPDIR/out"
	json_check ofpath <"$BATS_TEST_TMPDIR/out"
	for wrong in '--no-such' '--sysroot /no/such sda' '-l'; do
		# shellcheck disable=SC2086
		"$ofpathtool" --json $wrong >"$BATS_TEST_TMPDIR/out" && return 1
		json_check ofpath <"$BATS_TEST_TMPDIR/out"
	done
}

@test "JSON: documents have these values" {
	run -0 --separate-stderr tool --json sdg
	assert_line --partial '"class": "vscsi"'
	assert_line --partial '"channel": 1'
	assert_line --partial '"target": 4'
	assert_line --partial '"lun": 3'
	run -1 --separate-stderr tool --json sdz
	assert_line --partial '"code": "no-such-device"'
	assert_line --partial '"number": 4'
	assert_line --partial '"message": "no such device"'
}

@test "a batch prints what single calls print, in the same order [ofp-batch]" {
	local names paths

	names=$(tool --list | awk 'NR > 1 { print $1 }')
	paths=$(tool --list | awk 'NR > 1 { print $2 }')
	run -0 --separate-stderr tool -q --batch <<<"$names"
	assert_output "$(for name in $names; do tool -q "$name"; done)"
	run -0 --separate-stderr tool -q --batch <<<"$paths"
	assert_output "$(for path in $paths; do tool -q -l "$path"; done)"
}

@test "a batch ends when its reader has closed the pipe" {
	ofpath_machine qemu
	run -0 --separate-stderr bash -c "yes vda | timeout 60 '$ofpathtool' --sysroot '$machine' --batch | head -n 1; echo \${PIPESTATUS[1]}"
	assert_equal "${lines[-1]}" 1
	assert_equal "$stderr" ''
}

@test "a batch has both directions, NULs, and lines that fail" {
	run -1 tool -q -b < <(printf 'sda\nsdz\nf:/dev/vda1\nl:disk\n/sys/block/vdb\n/pci@800000020000000/ethernet@7\n')
	assert_equal "${lines[*]}" '/pci@800000020000000/scsi@3/disk@100000000000000 /pci@800000020000000/scsi@1:1 sde /pci@800000020000000/pci@2/scsi@5 eth1'
	assert_equal "$(tool -q -b < <(printf 'sdz\nvda') | head -1)" ''
	ofpath_machine qemu
	run -0 bash -c "printf 'vda\0eth1' | '$ofpathtool' --sysroot '$machine' --batch=0 | tr '\0' ' '"
	assert_output '/pci@800000020000000/scsi@1 /pci@800000020000000/ethernet@7 '
	tool -b --json < <(printf 'vda\neth1\n') >"$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 2 ]
	while read -r line; do
		json_check ofpath <<<"{\"schema\": \"papr.ofpath/1\", \"results\": [$line], \"error\": null}" || [ $? -eq 77 ]
	done <"$BATS_TEST_TMPDIR/out"
}

@test "--all alone prints the table" {
	run -0 tool --all
	assert_output "$(tool --list)"
	assert_line --regexp '^sdd +/pci@800000020000000/scsi@3/disk@112412C00000000 +disk8$'
}

@test "-q prints nothing on standard error [ofp-B23]" {
	local args

	for args in sdz '-l /foo' '-a nvme0' fd0 'sdh' '--strict sdh' '--no-such'; do
		# shellcheck disable=SC2086
		run --separate-stderr on qemu -q $args
		echo "$args: $stderr"
		[ -z "$stderr" ]
		# shellcheck disable=SC2086
		run --separate-stderr tool -q $args
		[ -z "$stderr" ]
	done
	run --separate-stderr tool -q sda sdz sdh
	assert_failure 1
	assert_equal "${#lines[@]}" 2
	assert_equal "$stderr" ''
}

# Row: number, arguments. Both names of the program print the same words.
@test "messages: two lines with the argument and the program's name" {
	local number arguments

	while read -r number arguments; do
		# shellcheck disable=SC2086
		run -1 on qemu $arguments
		assert_equal "$(grep -v ' note: ' <<<"$output")" "$(ofpath_message "$number" "${arguments##* }")"
		# shellcheck disable=SC2086
		run -1 tool $arguments
		assert_equal "$(grep -v ' note: ' <<<"$output")" "$(ofpath_message "$number" "${arguments##* }" ofpathtool)"
	done <<-'ROWS'
		E1 lo
		E1 fd0
		E1 --strict sdh
		E4 sdz
		E4 /dev/sdz
		E4 /dev/mapper/none
		E4 eth0
		E5 -l /foo/bar@1
		E5 -l nodisk
		E5 -l /vdevice/v-scsi@71000003/disk@8200000000000000
		E5 --strict -l /pci@800000020000000/sata@9/scsi@0/sd@0,0
	ROWS
}

# Row: subject, arguments.
@test "notes: a path that firmware may not have, or that is not the only one" {
	local about arguments

	while IFS='|' read -r about arguments; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr on qemu $arguments
		assert_equal "$stderr" "${about:+ofpathname: note: ${arguments#-l }: $about}"
	done <<-'ROWS'
		/pci@800000020000000/sata@9 has no node for /scsi@0: firmware may not know this device|sdh
		/pci@800000020000000/sata@9 has no node for /scsi@0: firmware may not know this device|sr2
		/pci@800000020000000/raid@c has no node for /scsi@2: firmware may not know this device|sdi2
		/pci@800000020000000/mass-storage@4 has no node for /namespace@1: firmware may not know this device|nvme0n1
		sr2 has the same path|-l /pci@800000020000000/sata@9/scsi@0/sd@0,0
		|sda
		|vda1
		|sdk
		|nvme0
		|-l /pci@800000020000000/scsi@3/disk@103000000000000
	ROWS
}

@test "ofpathname: the usage text is unchanged [ofp-usage]" {
	local args

	run -0 "$ofpathname"
	assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
	assert_line 'Optional arguments.'
	for args in -q -a '-q -l' -l; do
		# shellcheck disable=SC2086
		run -1 "$ofpathname" $args
		assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
	done
	run -1 "$ofpathname" ''
	assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
	run -1 "$ofpathname" -l ''
	assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
	run -1 on qemu '' sda
	assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
	run -0 on qemu sda ''
	assert_output /pci@800000020000000/scsi@3/disk@100000000000000
	run -0 on qemu sda -q
	assert_output /pci@800000020000000/scsi@3/disk@100000000000000
	run -0 on qemu -- sda
	assert_output /pci@800000020000000/scsi@3/disk@100000000000000
	run -1 on qemu -l -q
	assert_output "$(ofpath_message E5 -q)"
	for args in -V --version 'sda -V' '-V sda'; do
		# shellcheck disable=SC2086
		run -0 on qemu $args
		assert_line --index 0 --regexp '^ofpathname: Version [0-9.]+$'
	done
	run -0 "$ofpathname" --help
	assert_line --index 0 'Usage: ofpathname [OPTION] DEVICE'
}

@test "ofpathtool: a wrong usage is status 2, in one line" {
	local args

	for args in --no-such -z '--firmware vax sda' '--wait x sda' '--wait -1 sda' '-b1' \
		'--list sda' '--equal /a' '-l /a sda' '-q' "-l ''" '-l'; do
		eval "run -2 --separate-stderr '$ofpathtool' $args"
		echo "$args: $output: $stderr"
		[ -z "$output" ]
		[[ $args = -q || $(wc -l <<<"$stderr") -eq 1 && $stderr = ofpathtool:* ]]
	done
	run -0 tool sda vda
	assert_line --index 1 /pci@800000020000000/scsi@1
}

@test "messages: no sysfs, no sysfs information, no folder for the root" {
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/empty" sda
	assert_output "$(ofpath_message E2 "$BATS_TEST_TMPDIR/empty")"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/empty" -l /pci@1/scsi@1
	assert_output "$(ofpath_message E2 "$BATS_TEST_TMPDIR/empty")"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/none" sda
	assert_output --partial "'$BATS_TEST_TMPDIR/none': cannot open: No such file or directory"
	ofpath_machine classes
	cp -a "$machine" "$BATS_TEST_TMPDIR/damaged"
	find "$BATS_TEST_TMPDIR/damaged" -name port_name -delete
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/damaged" sda
	assert_equal "$(grep -v ' note: ' <<<"$output")" "$(ofpath_message E3 sda)"
	assert_output --partial 'note: sda: sysfs lacks an attribute of sda; ofpathtool --list'
}

@test "PowerNV: refused under the older name [ofp-powernv]" {
	run -1 on powernv sda
	assert_output 'ofpathname: is not supported on the PowerNV Host platform'
	run -0 on powernv --version
	ofpath_machine powernv
	run -1 "$ofpathtool" --sysroot "$machine" sda
	assert_output "$(ofpath_message E4 sda ofpathtool)"
}

@test "a full disk and closed output are failures [ofp-full]" {
	local args

	ofpath_machine qemu
	for args in sda '-l disk' '-a sda' --list '--json sda' '--list --json' '-b' -h -V; do
		echo "$args"
		run -1 bash -c "echo sda | '$ofpathtool' --sysroot '$machine' $args >/dev/full"
		assert_output 'ofpathtool: standard output: No space left on device'
		run -1 bash -c "echo sda | '$ofpathtool' --sysroot '$machine' $args >&-"
		assert_output 'ofpathtool: standard output: Bad file descriptor'
	done
}

@test "ofpathtool runs no program, and does not query udev" {
	ofpath_machine qemu
	local args

	for args in --list sda vda1 sdk mpatha enp0s6 '-l disk' '-a -l /pci@800000020000000/ethernet@7' \
		'--json --all -l /pci@800000020000000/sata@9/scsi@0/sd@0,0'; do
		# shellcheck disable=SC2086
		ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=process,connect,openat -o "$BATS_TEST_TMPDIR/trace" \
			"$ofpathtool" --sysroot "$machine" $args >/dev/null
		[ "$(grep -c execve "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
		run -1 grep -E '^[0-9]+ +(v?fork|clone3?|connect)\(|/run/udev' "$BATS_TEST_TMPDIR/trace"
	done
}

@test "a recorded machine gives the same output as the machine [ofp-record]" {
	local name

	for name in qemu classes powermac; do
		ofpath_machine "$name"
		mkdir "$BATS_TEST_TMPDIR/$name"
		"$ofpathtool" --sysroot "$machine" --record "$BATS_TEST_TMPDIR/$name"
		run -0 --separate-stderr "$ofpathtool" --sysroot "$BATS_TEST_TMPDIR/$name" --list --json
		assert_output "$("$ofpathtool" --sysroot "$machine" --list --json 2>/dev/null)"
		run -0 "$ofpathtool" --sysroot "$BATS_TEST_TMPDIR/$name" -q -b < <(
			"$ofpathtool" --sysroot "$machine" --list | awk 'NR > 1 { print $2 }')
		assert_output "$("$ofpathtool" --sysroot "$machine" -q -b < <(
			"$ofpathtool" --sysroot "$machine" --list | awk 'NR > 1 { print $2 }'))"
	done
	run -1 tool --record "$BATS_TEST_TMPDIR/none"
	assert_output --partial cannot\ record:
}

@test "--wait ends after its time" {
	run -1 tool --wait 0 sdz
	run -1 tool --wait 1 sdz
	assert_output "$(ofpath_message E4 sdz ofpathtool)"
}

# 20 adapters with 500 disks each.
many_disks() # DIR
{
	python3 - "$1" <<-'EOF'
		import os, sys
		root = sys.argv[1]
		for each in "proc", "dev", "sys/class/block", "sys/class/net", "sys/class/nvme", "sys/block":
		    os.makedirs(root + "/" + each)
		def name(n):
		    text = ""
		    while n >= 0:
		        text = chr(97 + n % 26) + text
		        n = n // 26 - 1
		    return "sd" + text
		for n in range(10000):
		    adapter = n // 500
		    unit = "devices/vio/%x" % (0x30000000 + adapter)
		    if n % 500 == 0:
		        node = "/vdevice/v-scsi@%x" % (0x30000000 + adapter)
		        os.makedirs(root + "/sys/firmware/devicetree/base" + node + "/disk")
		        os.makedirs(root + "/sys/" + unit)
		        open(root + "/sys/" + unit + "/devspec", "w").write(node + "\n")
		    at = "%d:%d:%d:0" % (adapter, n % 500 // 64, n % 64)
		    place = "%s/host%d/target%s/%s/block/%s" % (unit, adapter, at[:-2], at, name(n))
		    os.makedirs(root + "/sys/" + place)
		    for links in "sys/class/block/", "sys/block/":
		        os.symlink(("../" * links.count("/"))[:-3] + place, root + "/" + links + name(n))
	EOF
}

@test "10,000 disks: one by name and path, 1,000 together, all" {
	local dir=$BATS_TEST_TMPDIR/many

	many_disks "$dir"
	cd "$BATS_TEST_TMPDIR"
	run -0 "$ofpathtool" --sysroot "$dir" sdntp
	assert_output /vdevice/v-scsi@30000013/disk@8FE0000000000000
	run -0 --separate-stderr "$ofpathtool" --sysroot "$dir" -l \
		/vdevice/v-scsi@30000013/disk@8FE0000000000000
	assert_output sdntp
	assert_equal "$stderr" ''
	run -1 "$ofpathtool" --sysroot "$dir" -l /vdevice/v-scsi@30000013/disk@8001000000000000
	# shellcheck disable=SC2012 # names are ours
	ls "$dir/sys/class/block" | awk 'NR % 10 == 0' >names
	[ "$(wc -l <names)" -eq 1000 ]
	"$ofpathtool" --sysroot "$dir" -b <names >paths
	[ "$(grep -c '^/vdevice/v-scsi@3000' paths)" -eq 1000 ]
	[ "$(sort -u paths | wc -l)" -eq 1000 ]
	"$ofpathtool" --sysroot "$dir" -b <paths >back
	diff names back
	"$ofpathtool" --sysroot "$dir" --list | awk 'NR > 1 { print $2 }' | sort -u >all
	[ "$(wc -l <all)" -eq 10000 ]
}
