#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ofpathtool on machines that are folders: every observed row, both ways, and the command
# itself.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load json
load ofpath

setup()
{
	ofpath_programs
}

# on MACHINE ARGUMENT...: what the installed name of the older program says.
on()
{
	ofpath_machine "$1"
	"$ofpathname" --sysroot "$machine" "${@:2}"
}

# tool ARGUMENT...: on QEMU's machine.
tool()
{
	ofpath_machine qemu
	"$ofpathtool" --sysroot "$machine" "$@"
}

@test "QEMU's machine: virtio-blk, virtio-scsi, vscsi" {
	ofpath_check_rows qemu 1 18 on qemu
}

@test "QEMU's machine: AHCI, RAID, USB, NVMe" {
	ofpath_check_rows qemu 19 29 on qemu
}

@test "QEMU's machine: interfaces" {
	ofpath_check_rows qemu 30 35 on qemu
}

@test "QEMU's machine: links, device-mapper, RAID" {
	ofpath_check_rows qemu 36 50 on qemu
}

@test "QEMU's machine: options, aliases, odd names" {
	ofpath_check_rows qemu 51 69 on qemu
}

@test "QEMU's machine: from paths" {
	ofpath_check_rows qemu 70 99 on qemu
}

@test "QEMU's machine: from paths of interfaces, other spellings, aliases" {
	ofpath_check_rows qemu 100 119 on qemu
}

@test "PowerVM's machine: Fibre Channel" {
	ofpath_check_rows classes 120 127 on classes
}

@test "PowerVM's machine: SAS, USB, iSCSI, SCSI" {
	ofpath_check_rows classes 128 138 on classes
}

@test "PowerVM's machine: NVMe, over fabrics too" {
	ofpath_check_rows classes 139 146 on classes
}

@test "PowerVM's machine: interfaces, RAID, multipath, aliases" {
	ofpath_check_rows classes 147 199 on classes
}

@test "a PowerMac has its own words" {
	ofpath_check_rows powermac 0 199 on powermac
}

# Firmware cannot tell apart what AHCI has, nor what stands on other devices from these.
same_path='sr2 md0 dm-[0-9]* bond0 vlan5'

@test "from each device to its path and back" {
	local name path back n=0 name_of

	for name in qemu classes; do
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
	[ "$n" -gt 90 ]
}

@test "what stands on others has a path of theirs" {
	local path

	for name in sr2 md0 dm-0 dm-3; do
		path=$(tool -q "$name")
		[ "$(tool -q "$(tool -q -l "$path")")" = "$path" ]
	done
}

@test "equal: numbers by value, firmware's ways to write the same" {
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

@test "the words of QEMU's boot list are those of the devices" {
	local word

	ofpath_machine qemu
	for word in $(tr -d '\0' <"$machine/sys/firmware/devicetree/base/chosen/qemu,boot-list"); do
		tool --equal "$word" "$(tool "$(tool -l "$word")")"
	done
}

@test "JSON: a document as its schema says, of what is there and of what is not" {
	local name

	json_check ofpath <<<'{"schema": "papr.ofpath/1", "results": []}' || [ $? -eq 77 ] || return
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

@test "JSON: what it says" {
	run -0 --separate-stderr tool --json sdg
	assert_line --partial '"class": "vscsi"'
	assert_line --partial '"channel": 1'
	assert_line --partial '"target": 4'
	assert_line --partial '"lun": 3'
	run -1 --separate-stderr tool --json sdz
	assert_line --partial '"code": 4'
	assert_line --partial '"message": "no such device"'
	[ -n "$stderr" ] || [ -z "$stderr" ]
}

@test "a batch says what single calls say, in the same order" {
	local names paths

	names=$(tool --list | awk 'NR > 1 { print $1 }')
	paths=$(tool --list | awk 'NR > 1 { print $2 }')
	run -0 --separate-stderr tool -q --batch <<<"$names"
	assert_output "$(for name in $names; do tool -q "$name"; done)"
	run -0 --separate-stderr tool -q --batch <<<"$paths"
	assert_output "$(for path in $paths; do tool -q -l "$path"; done)"
}

@test "a batch: directions, NULs, a line that fails" {
	run -1 tool -q -b < <(printf 'sda\nsdz\nf:/dev/vda1\nl:disk\n/sys/block/vdb\n/pci@800000020000000/ethernet@7\n')
	assert_equal "${lines[*]}" '/pci@800000020000000/scsi@3/disk@100000000000000 /pci@800000020000000/scsi@1:1 sde /pci@800000020000000/pci@2/scsi@5 eth1'
	assert_equal "$(tool -q -b < <(printf 'sdz\nvda') | head -1)" ''
	ofpath_machine qemu
	run -0 bash -c "printf 'vda\0eth1' | '$ofpathtool' --sysroot '$machine' --batch=0 | tr '\0' ' '"
	assert_output '/pci@800000020000000/scsi@1 /pci@800000020000000/ethernet@7 '
	tool -b --json < <(printf 'vda\neth1\n') >"$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 2 ]
	while read -r line; do
		json_check ofpath <<<"{\"schema\": \"papr.ofpath/1\", \"results\": [$line]}" || [ $? -eq 77 ]
	done <"$BATS_TEST_TMPDIR/out"
}

@test "--all alone is the table" {
	run -0 tool --all
	assert_output "$(tool --list)"
	assert_line --regexp '^sdd +/pci@800000020000000/scsi@3/disk@112412C00000000 +disk8$'
}

@test "-q: nothing on standard error" {
	local args

	for args in sdz '-l /foo' '-a nvme0' fd0 'sdh' '--strict sdh' '--no-such'; do
		# shellcheck disable=SC2086
		run --separate-stderr on qemu -q $args
		echo "$args: $stderr"
		[ -z "$stderr" ]
	done
}

@test "ofpathname: usage as it always was" {
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

@test "messages: no sysfs, no sysfs information, no root to look at" {
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/empty" sda
	assert_output "$(ofpath_message E2 sda)"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/empty" -l /pci@1/scsi@1
	assert_output "$(ofpath_message E2 '')"
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/none" sda
	assert_output --partial "cannot open '$BATS_TEST_TMPDIR/none': No such file or directory"
	ofpath_machine classes
	cp -a "$machine" "$BATS_TEST_TMPDIR/damaged"
	find "$BATS_TEST_TMPDIR/damaged" -name port_name -delete
	run -1 "$ofpathname" --sysroot "$BATS_TEST_TMPDIR/damaged" sda
	assert_output "$(ofpath_message E3 sda)"
}

@test "PowerNV: refused under the older name" {
	run -1 on powernv sda
	assert_output 'ofpathname: is not supported on the PowerNV Host platform'
	run -0 on powernv --version
	ofpath_machine powernv
	run -1 "$ofpathtool" --sysroot "$machine" sda
	assert_output "$(ofpath_message E4 sda ofpathtool)"
}

@test "a full disk is a failure" {
	ofpath_machine qemu
	run -1 bash -c "'$ofpathtool' --sysroot '$machine' sda >/dev/full"
	assert_output --partial 'ofpathtool: '
	run -1 bash -c "'$ofpathtool' --sysroot '$machine' sda >&-"
}

@test "no other program is run, no udev is asked" {
	ofpath_machine qemu
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=process,connect,openat -o "$BATS_TEST_TMPDIR/trace" \
		"$ofpathtool" --sysroot "$machine" --list >/dev/null
	[ "$(grep -c execve "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
	run -1 grep -E 'fork|clone|connect|/run/udev' "$BATS_TEST_TMPDIR/trace"
}

@test "a record of a machine says what the machine says" {
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
	assert_output --partial 'cannot record to'
}

@test "--wait: no longer than that" {
	run -1 tool --wait 0 sdz
	run -1 tool --wait 1 sdz
	assert_output "$(ofpath_message E4 sdz ofpathtool)"
}

@test "10,000 disks: a name and a path among them" {
	local dir=$BATS_TEST_TMPDIR/many n

	mkdir -p "$dir"/{proc,dev,sys/class/{block,net,nvme}} "$dir/sys/firmware/devicetree/base/vdevice/v-scsi@1/disk"
	python3 - "$dir" <<-'EOF'
		import os, sys
		root = sys.argv[1]
		unit = root + "/sys/devices/vio/1"
		os.makedirs(unit)
		open(unit + "/devspec", "w").write("/vdevice/v-scsi@1\n")
		def name(n):
		    text = ""
		    while n >= 0:
		        text = chr(97 + n % 26) + text
		        n = n // 26 - 1
		    return "sd" + text
		for n in range(10000):
		    place = "devices/vio/1/host%d/target%d:0:%d/%d:0:%d:0/block/%s" % (n // 64, n // 64, n % 64, n // 64, n % 64, name(n))
		    os.makedirs(root + "/sys/" + place)
		    os.symlink("../../" + place, root + "/sys/class/block/" + name(n))
	EOF
	run -0 "$ofpathtool" --sysroot "$dir" sdntp
	assert_output /vdevice/v-scsi@1/disk@8F00000000000000
	n=$("$ofpathtool" --sysroot "$dir" --list | grep -c /disk@)
	[ "$n" -eq 10000 ]
	run -1 "$ofpathtool" --sysroot "$dir" -l /vdevice/v-scsi@1/disk@C000000000000000
	run -0 "$ofpathtool" --sysroot "$dir" -A -l /vdevice/v-scsi@1/disk@8F00000000000000
	[ "${#lines[@]}" -gt 150 ]
	head -1000 <(ls "$dir/sys/class/block") >"$BATS_TEST_TMPDIR/names"
	run -0 "$ofpathtool" --sysroot "$dir" -b <"$BATS_TEST_TMPDIR/names"
	[ "${#lines[@]}" -eq 1000 ]
}
