#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr lsslot
# lsslot -c pci and -c slot with trees that the tests make: connectors in lists and in
# ranges, their devices, damage.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/rootfs

setup()
{
	lsslot=${top_builddir:-build}/drmgr/lsslot
	drmgr=${top_builddir:-build}/drmgr/drmgr
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root"
	# the machine, with a folder for the links to Linux devices
	tree <<-'TREE'
		t proc/cpuinfo platform	: pSeries
		s device_type chrp
		t sys/bus/pci/devices/.keep -
	TREE
	rm "$root/sys/bus/pci/devices/.keep"
	phb=pci@800000020000000
}

# Add lines in the format of rootfs.bash.
tree()
{
	cat >"$BATS_TEST_TMPDIR/tree"
	_rootfs_text "$root" "$BATS_TEST_TMPDIR/tree"
}

hex() # TEXT...: each one ends with a NUL
{
	printf '%s\0' "$@" | od -An -v -tx1 | tr -d ' \n'
}

# Make the four lists of a parent, from NAME:INDEX:TYPE...
lists() # NODE CONNECTOR...
{
	local node=$1 n names='' types='' indexes='' domains='' c
	local -a part

	shift
	n=$(printf %08x $#)
	for c; do
		IFS=: read -r -a part <<<"$c"
		names+=$(hex "${part[0]}") types+=$(hex "${part[2]}")
		indexes+=${part[1]} domains+=ffffffff
	done
	tree <<-TREE
		x $node/ibm,drc-names $n$names
		x $node/ibm,drc-types $n$types
		x $node/ibm,drc-indexes $n$indexes
		x $node/ibm,drc-power-domains $n$domains
	TREE
}

# Put a node in a connector, with a Linux device or without.
card() # NODE INDEX [ADDRESS]
{
	tree <<-TREE
		x $1/ibm,my-drc-index $2
		s $1/ibm,loc-code here
	TREE
	if [ -n "${3-}" ]; then
		mkdir -p "$root/sys/bus/pci/devices/$3"
		ln -s "/sys/firmware/devicetree/base/$1" "$root/sys/bus/pci/devices/$3/of_node"
	fi
}

list()
{
	run --separate-stderr "$lsslot" --sysroot "$root" "$@"
	echo "$output"
	echo "stderr: $stderr"
}

@test "lists and ranges print the same, by name and by index [io-67]" {
	local before json key

	lists $phb C0:40000000:28 C8:40000008:28 C16:40000010:28 C24:40000018:28
	card $phb/ethernet@1 40000008 0000:00:01.0
	list -c pci
	assert_success
	before=$output
	assert_line 'C8      PCI-E capable, Rev 2, 8x lanes  0000:00:01.0'
	list -c pci --json
	json=$output
	rm "$root/proc/device-tree/$phb/ibm,drc-"*
	tree <<-TREE
		x $phb/ibm,drc-info 00000001 $(hex 28 C) 40000000 00000000 00000004 00000008 ffffffff
	TREE
	list -c pci
	assert_success
	assert_output "$before"
	list -c pci --json
	assert_output "$json"
	for key in C16 0x40000010; do
		run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s "$key"
		assert_success
		assert_line --index 1 'C16     PCI-E capable, Rev 2, 8x lanes  Empty'
	done
	for key in C17 C32 0x40000011 0x40000020; do
		run --separate-stderr "$drmgr" --sysroot "$root" -c pci -Q -s "$key"
		assert_failure 3
	done
}

@test "ranges take precedence over lists, and an empty one means none [io-ranges-win]" {
	lists $phb C99:40000099:28
	tree <<-TREE
		x $phb/ibm,drc-info 00000002 $(hex 28 X) 40000000 00000000 00000000 00000001 ffffffff $(hex 28 C) 40000000 00000003 00000002 00000001 ffffffff
	TREE
	list -c pci -F:
	assert_success
	assert_output 'C3:PCI-E capable, Rev 2, 8x lanes:Empty
C4:PCI-E capable, Rev 2, 8x lanes:Empty'
}

@test "a list shorter than its count omits only that parent [io-68]" {
	local part

	for part in indexes names types power-domains; do
		lists $phb C0:40000000:28 C8:40000008:28
		lists pci@800000020000001 C65536:40010000:28
		printf '\0\0\0\11' | dd of="$root/proc/device-tree/$phb/ibm,drc-$part" conv=notrunc 2>/dev/null
		list -c pci -F:
		assert_success
		assert_output 'C65536:PCI-E capable, Rev 2, 8x lanes:Empty'
		assert_equal "$stderr" "lsslot: /$phb: damaged connector properties, ignored"
	done
	printf '\377\377\377\377' >"$root/proc/device-tree/$phb/ibm,drc-info"
	list -c pci -F:
	assert_success
	assert_output 'C65536:PCI-E capable, Rev 2, 8x lanes:Empty'
}

# 74: types 49 and 53 are those of PAPR.
@test "slots have descriptions [io-74 io-bug-12 io-ls-descriptions]" {
	local number what

	while IFS=: read -r number what; do
		lists $phb "C0:40000000:$number"
		list -c pci -F:
		assert_success
		assert_output "C0:$what:Empty"
	done <<-'ROWS'
		1:PCI 32 bit, 33MHz, 5 volt slot
		8:PCI 64 bit, 66MHz, 3.3 volt slot
		9:Unknown slot type
		11:PCI-X capable, 32 bit, 66MHz slot
		18:PCI-X capable, 64 bit, 533MHz slot
		19:PCI-E capable, Rev 1, 1x lanes
		24:PCI-E capable, Rev 1, 32x lanes
		28:PCI-E capable, Rev 2, 8x lanes
		31:PCI-E capable, Rev 3, 8x lanes with 1 lane connected
		36:PCI-E capable, Rev 3, 16x lanes with 16x lanes connected
		37:PCI-E capable, Rev 4, 8x lanes with 1 lane connected
		43:U.2 PCI-E capable, Rev 3, 4x lanes with 4x lanes connected
		45:U.2 PCI-E capable, Rev 4, 4x lanes with 2x lanes connected
		48:PCI-E capable, Rev 5, 8x lanes with 8x lanes connected
		49:PCI-E capable, Rev 5, 16x lanes with 1 lane connected
		51:PCI-E capable, Rev 5, 16x lanes with 8x lanes connected
		52:U.2 PCI-E capable, Rev 5, 4x lanes with 2x lanes connected
		53:U.2 PCI-E capable, Rev 5, 4x lanes with 4x lanes connected
	ROWS
}

@test "columns fit their contents; more devices have their own lines [io-ls-pci]" {
	lists $phb C8:40000008:1 U78-LONG-NAME-C1:40000010:43
	card $phb/ethernet@1 40000008 0000:00:01.0
	card "$phb/ethernet@1,1" 40000008 0000:00:01.1
	list -c pci
	assert_output '# Slot            Description                                                 Device(s)
C8                PCI 32 bit, 33MHz, 5 volt slot                              0000:00:01.0
                                                                              0000:00:01.1
U78-LONG-NAME-C1  U.2 PCI-E capable, Rev 3, 4x lanes with 4x lanes connected  Empty'
	list -c pci -F :
	assert_line --index 0 'C8:PCI 32 bit, 33MHz, 5 volt slot:0000:00:01.0'
}

@test "options list occupied slots, empty slots, both, one [io-bug-24-pci io-match-lsslot]" {
	lists $phb C0:40000000:28 C8:40000008:28 C16:40000010:28
	card $phb/ethernet@1 40000008 0000:00:01.0
	list -c pci -o -F,
	assert_output 'C8,PCI-E capable, Rev 2, 8x lanes,0000:00:01.0'
	list -c pci -a -F,
	assert_equal "${#lines[@]}" 2
	refute_line --partial C8
	list -a -F,
	assert_equal "${#lines[@]}" 2
	list -c pci -a -o
	assert_equal "${#lines[@]}" 4
	list -c pci -s C8/E1 -o -F,
	assert_output 'C8,PCI-E capable, Rev 2, 8x lanes,0000:00:01.0'
	list -c pci -s 0x40000008 -F,
	assert_output 'C8,PCI-E capable, Rev 2, 8x lanes,0000:00:01.0'
	list -c pci -s 0x40000009
	assert_failure 1
	assert_equal "$stderr" $'The specified PCI slot is either invalid\nor does not support hot plug operations.'
}

@test "a node without a device is listed, and a bridge with its cards [io-ls-bridge io-ls-no-device]" {
	lists $phb C8:40000008:28 C48:40000030:28
	card $phb/ethernet@1 40000008
	card $phb/pci@6 40000030 0000:00:06.0
	lists $phb/pci@6 C272:40000110:28
	card $phb/pci@6/ethernet@2 40000110 0000:01:02.0
	list -c pci -F:
	assert_output 'C8:PCI-E capable, Rev 2, 8x lanes:- no-device
C48:PCI-E capable, Rev 2, 8x lanes:0000:00:06.0
C272:PCI-E capable, Rev 2, 8x lanes:0000:01:02.0'
}

@test "slots are sorted by name, with numbers by value [io-ls-sort]" {
	lists $phb U78-P1-C10:40000004:28 C10:40000003:28 U78-P1-C9:40000005:28 C9:40000002:28 \
		U78-P1-C2:40000001:28
	list -c pci -F:
	assert_equal "$(cut -d: -f1 <<<"$output")" $'C9\nC10\nU78-P1-C2\nU78-P1-C9\nU78-P1-C10'
}

@test "logical slots have name, description, Linux name, node [io-ls-slot]" {
	lists vdevice U1-V1-C2:30000002:SLOT U1-V1-C3:30000003:SLOT
	card vdevice/l-lan@30000002 30000002
	tree <<-'TREE'
		s vdevice/l-lan@30000002/name l-lan
	TREE
	mkdir -p "$root/sys/bus/vio/devices/30000002"
	ln -s /sys/firmware/devicetree/base/vdevice/l-lan@30000002 "$root/sys/bus/vio/devices/30000002/of_node"
	lists $phb P1-C7:30000007:SLOT C0:40000000:28
	list
	assert_success
	assert_output '# Slot    Description       Linux Name    Device(s)
U1-V1-C2  Virtual I/O Slot  30000002      l-lan'
	list -F:
	assert_output 'U1-V1-C2:Virtual I/O Slot:30000002:l-lan'
	list --all
	assert_success
	assert_output '# Slot    Description       Linux Name    Device(s)
P1-C7     Logical I/O Slot                Empty
U1-V1-C2  Virtual I/O Slot  30000002      l-lan
U1-V1-C3  Virtual I/O Slot                Empty'
	list --all -F:
	assert_equal "${#lines[@]}" 3
	list --json
	assert_equal "$(grep -c '"state": "empty"' <<<"$output")" 2
	list -s U1-V1-C3 -F:
	assert_output 'U1-V1-C3:Virtual I/O Slot::Empty'
	list -s U1-V1-C2 -F:
	assert_output 'U1-V1-C2:Virtual I/O Slot:30000002:l-lan'
	list -s U1-V1-C9
	assert_failure 1
	assert_output ''
}

@test "a query of a host bridge with a logical slot says that it cannot be removed [io-phb-query-fixed]" {
	lists . 'PHB 1:20000001:PHB' 'PHB 2:20000002:PHB'
	card $phb 20000001
	lists $phb C0:40000000:28 P1-C7:30000007:SLOT
	run --separate-stderr "$drmgr" --sysroot "$root" -c phb -Q -s 'PHB 1'
	assert_failure 6
	card $phb/fibre@7 30000007
	run --separate-stderr "$drmgr" --sysroot "$root" -c phb -Q -s 'PHB 1'
	assert_failure 1
	run --separate-stderr "$drmgr" --sysroot "$root" -c phb -Q -s 0x20000002
	assert_failure 3
}

@test "a machine without slots prints a message, with an exit status [io-ls-none]" {
	list -c pci
	assert_success
	assert_output ''
	assert_equal "$stderr" 'There are no PCI hot plug slots in the captured tree.'
	list
	assert_success
	assert_equal "$stderr" 'There are no DR slots in the captured tree.'
	list -c port
	assert_failure 1
	assert_equal "$stderr" 'There are no LHEA ports in the captured tree.'
	list -c phb
	assert_failure 1
	assert_output ''
}

@test "no slot with a card, or without one, is reported [io-72-none]" {
	local options

	lists $phb C0:40000000:28 C8:40000008:28
	for options in -o '-c pci -o'; do
		list $options
		assert_success
		assert_output ''
		assert_equal "$stderr" 'No PCI slot has a card'
	done
	card $phb/ethernet@0 40000000
	card $phb/ethernet@1 40000008
	list -c pci -a
	assert_success
	assert_output ''
	assert_equal "$stderr" 'Each PCI slot has a card'
}

@test "-F accepts one character that is not one of formats [io-73 io-ls-F]" {
	local delimiter

	lists $phb C0:40000000:28
	for delimiter in ab % '' '::'; do
		list -c pci -F "$delimiter"
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" $'You may specify only one character for the -F option,\nand it must not be the % character.'
	done
}

@test "a machine without the properties of such a tree is an error" {
	rm -r "$root/proc/device-tree"
	list -c pci
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" "lsslot: $root: the captured tree has no device tree of a chrp machine"
}
