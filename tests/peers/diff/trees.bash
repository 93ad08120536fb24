# SPDX-License-Identifier: GPL-2.0-or-later
# Device trees, machine by machine, for trees.tap and our-trees.tap to source: compare_trees
# PROGRAM VERSION compares them with tests/data/golden/trees. Options of QEMU have commas; coproc
# sets machine_PID. EMULATOR is a command to run programs of another processor.
#
#   base.txt        the tree of QEMU 7.2 for the first machine, as tests/peers/diff/dt-text prints it
#   NAME.diff       from base.txt to that of another machine, for patch(1)
#   10.0.sed        what QEMU 10.0 has in them otherwise
#   10.0-NAME.diff  from base.txt to a tree of QEMU 10.0
#
# shellcheck shell=bash disable=SC2034,SC2054,SC2086,SC2154,SC2317

build=${top_builddir:-.}
client="${EMULATOR:-} $build/tests/lib/socket-client"
dt_text="${EMULATOR:-} $build/tests/peers/diff/dt-text"
golden=tests/data/golden/trees
caps=cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0

# The tree in $work/dtb as text.
tree_text()
{
	local status=0

	$dt_text "$work/dtb" 2>"$work/errors" || status=$?
	rm -f "$work/dtb"
	return "$status"
}

# Write the golden tree of this version.
golden_tree() # NAME
{
	local name=$1

	[ "$version" = 7.2 ] || [ ! -e "$golden/$version-$name.diff" ] || name=$version-$name
	if [ "$name" = base ]; then
		cp "$golden/base.txt" "$work/golden"
	else
		patch -s -o "$work/golden" "$golden/base.txt" "$golden/$name.diff"
	fi
	[[ $version == 7.2 || $name == "$version"-* ]] ||
		sed -E -z -i -f "$golden/$version.sed" "$work/golden"
}

# Record a tree of QEMU 7.2, or one that another version has alone.
record_tree() # NAME
{
	local name=$1

	if [ "$version" != 7.2 ]; then
		name=$version-$name
		[ -e "$golden/$name.diff" ] || return 0
	elif [ "$name" = base ]; then
		cp "$work/text" "$golden/base.txt"
		return
	fi
	diff -U0 --label base.txt --label "$name.txt" "$golden/base.txt" "$work/text" \
		>"$golden/$name.diff"
	true
}

# Compare the tree, $work/text, with the golden one, or record it.
judge() # NAME
{
	local name=$1 result=ok

	count=$((count + 1))
	if [ ! -s "$work/text" ]; then
		result='not ok'
	elif [ "${record:-}" ]; then
		record_tree "$name"
	else
		golden_tree "$name" 2>"$work/errors" &&
			diff -u "$work/golden" "$work/text" >"$work/errors" || result='not ok'
	fi
	echo "$result $count - $version: $name"
	[ "$result" = ok ] || { failed=1; sed 's/^/# /' "$work/errors"; }
	rm -f "$work/text"
}

# boot NAME MACHINE-OPTIONS OPTION...: the tree when it starts.
boot()
{
	local name=$1 options=$2 pid

	shift 2
	$program -S -M "pseries-$version,$caps${options:+,$options}" -accel tcg -nodefaults \
		-display none -qmp "unix:$work/qmp,server=on,wait=off" "${bios[@]}" "$@" \
		>"$work/errors" 2>&1 </dev/null &
	pid=$!
	echo '{"execute":"dumpdtb","arguments":{"filename":"'"$work/dtb"'"}}' |
		$client -q "$work/qmp" >>"$work/errors" 2>&1
	{ kill "$pid" && wait "$pid"; } 2>/dev/null
	rm -f "$work/qmp"
	tree_text >"$work/text"
	judge "$name"
}

ask()
{
	printf '%s\n' "$1" >&"${machine[1]}"
	read -r -u "${machine[0]}" answer
	case $answer in OK*) answer=${answer#OK}; answer=${answer# } ;; *) return 1 ;; esac
}

box=0x1000000 vectors=0x2000000 reply=0x2100000 reply_bytes=0x80000

# The hypercall CAS: by qtest, or made by the firmware.
negotiate()
{
	ask "write $vectors $((${#1} / 2)) 0x$1" || return
	if [ "$ours" ]; then
		ask "hcall 0xf002 $vectors $reply $reply_bytes" &&
			[[ $answer == 0x0000000000000000\ * ]]
		return
	fi
	ask "writeq $((box + 8)) 0xf002" &&
		ask "writeq $((box + 16)) $vectors" &&
		ask "writeq $((box + 24)) $reply" &&
		ask "writeq $((box + 32)) $reply_bytes" &&
		ask "writeq $box 1" || return
	for _ in {1..5000}; do
		ask "readq $box" || return
		[ $((answer)) -ne 0 ] || break
	done
	ask "readq $((box + 0x88))" && [ $((answer)) -eq 0 ]
}

# A processor, vectors 1 to 4, then 5.
ask_for()
{
	local pvr=$1 isa3=$2 vector5=$3

	printf '%s00000000ffffffff' "$pvr"
	printf '04'
	printf '0200ff%s' "$isa3"
	printf '000000000000'
	printf '%02x%s' $((${#vector5} / 2 - 1)) "$vector5"
}

# cas NAME VECTORS MACHINE-OPTIONS OPTION...: the tree that a CAS returns.
cas()
{
	local name=$1 wanted=$2 options=$3 size pid

	shift 3
	$program -M "pseries-$version,$caps${options:+,$options}" -accel tcg -nodefaults \
		-display none -bios "$firmware" -qtest-log none \
		-qtest "unix:$work/qtest,server=on,wait=off" "$@" \
		>"$work/errors" 2>&1 </dev/null &
	pid=$!
	coproc machine { exec $client "$work/qtest" 2>>"$work/errors"; }
	if negotiate "$wanted" && ask "readl $((reply + 8))"; then
		size=$((answer))
		ask "read $((reply + 4)) $size" && unhex "${answer#0x}" >"$work/dtb"
	fi
	{ kill "$pid" "$machine_PID" && wait "$machine_PID" "$pid"; } 2>/dev/null
	rm -f "$work/qtest"
	tree_text >"$work/text"
	judge "$name"
}

unhex()
{
	printf '%s' "$1" | tr a-f A-F | basenc --base16 -d
}

uuid=00112233-4455-6677-8899-aabbccddeeff
# An ELF file with one segment of 64 KiB memory, of which 16 bytes are in the file.
kernel=$work/kernel initrd=$work/initrd
unhex 7f454c4602020100000000000000000000020015000000010000000000400000\
000000000000004000000000000000000000000000400038000100000000000000000001\
0000000500000000000000780000000000400000000000000040000000000000\
000000100000000000010000000000000000100048000000480000004800000048000000 >"$kernel"
head -c 5000 /dev/zero >"$initrd"
head -c 3488 /dev/zero >"$work/vof"

power8=ffff0000004d0000 power9=ffff0000004e0000 power10=ffff000000800000
level_2_06=ffffffff0f000003 level_2_07=ffffffff0f000004
level_3_00=ffffffff0f000005 level_3_10=ffffffff0f000006
#       123456789.......................... bytes of vector 5
linux=00f00000a0050000000000000000000000000000008040400040
form1=00f0000080050000000000000000000000000000000040400040
hash=00f00000a004000000000000000000000000000000800000
none=0000

# compare_trees PROGRAM VERSION [ours]: ours loads an image of VOF of the size of QEMU's.
compare_trees()
{
	local program=$1 version=$2 ours=${3:-} bios=() core

	core=power9_v2.$([ "$version" = 7.2 ] && echo 0 || echo 2)
	[ ! "$ours" ] || bios=(-bios "$work/vof")
	dimms=(-object memory-backend-ram,id=m1,size=1G -device pc-dimm,id=d1,memdev=m1,slot=2
		-object memory-backend-ram,id=m2,size=262272K
		-device nvdimm,id=n1,memdev=m2,label-size=128K,uuid=75a3cdd7-6a2f-4791-8d15-fe0a920e8e9e)
	cores=(-device "$core-spapr-cpu-core,core-id=5,id=c5"
		-device "$core-spapr-cpu-core,core-id=2,id=c2")
	cards=(-device spapr-pci-host-bridge,id=p1,index=1
		-device e1000,id=e,addr=3,romfile= -device virtio-scsi-pci,id=s,addr=4
		-device pci-bridge,id=b0,addr=5,chassis_nr=7
		-device virtio-net-pci,id=n,bus=b0,addr=1,romfile=
		-device virtio-rng-pci,id=f1,addr=6.1
		-device virtio-rng-pci,id=f0,addr=6.0,multifunction=on
		-device virtio-rng-pci,id=r,bus=p1.0,addr=2)

	boot base '' -m 1G -smp 1 -cpu power9
	boot power8 '' -m 1280M,slots=4,maxmem=4G -smp 2,maxcpus=4 -cpu power8 -serial null
	boot power10 '' -m 512M -smp 1 -cpu power10
	# qemu-user maps 6 GiB in minutes.
	[ "${EMULATOR:-}" ] || boot uneven '' \
		-m 6400M,slots=32,maxmem=1T -smp 4,maxcpus=16 -cpu power9
	boot small '' -m 768M,slots=4,maxmem=1280M -smp 1 -cpu power9
	boot named nvdimm=on,modern-hotplug-events=off -m 1G,slots=8,maxmem=4G \
		-smp 1,maxcpus=4 -cpu power9 -name stub -uuid $uuid -serial null
	boot plugged nvdimm=on -m 1G,slots=4,maxmem=8G -smp 1,maxcpus=8 -cpu power9 \
		"${dimms[@]}" "${cores[@]}"
	boot cards '' -m 1G -smp 1 -cpu power9 "${cards[@]}"
	boot random '' -m 1G -smp 1 -cpu power9 -object rng-builtin,id=r -device spapr-rng,rng=r
	boot terminals '' -m 1G -smp 1 -cpu power9 -serial null -serial null \
		-chardev null,id=a -device spapr-vty,chardev=a,reg=0x30001000 \
		-chardev null,id=b -device spapr-vty,chardev=b
	boot adapters '' -m 1G -smp 1 -cpu power9 -device spapr-vlan -device spapr-vscsi \
		-device virtio-net-pci,romfile= -device spapr-vlan,reg=0x30001000 \
		-device spapr-vscsi,reg=0x8000 -device spapr-vlan,mac=00:11:22:33:44:5f
	boot kernel '' -m 1G -smp 1 -cpu power9 -serial null -kernel "$kernel" \
		-initrd "$initrd" -append 'root=/dev/vda quiet'
	boot vof x-vof=on -m 1G -smp 2,maxcpus=4 -cpu power9 -serial null -kernel "$kernel" \
		-initrd "$initrd" -append 'root=/dev/vda quiet'
	boot no-kernel x-vof=on -m 1G -smp 1 -cpu power9
	boot no-fwnmi cap-fwnmi=off -m 256M -smp 1 -cpu power9 -serial null

	some=(-m '1G,slots=4,maxmem=8G' -smp 1,maxcpus=8 -cpu power9)
	cas cas-linux "$(ask_for $power9 c0 $linux)" '' "${some[@]}" -serial null
	cas cas-form1 "$(ask_for $power9 c0 $form1)" '' "${some[@]}"
	cas cas-hash "$(ask_for $power9 c0 $hash)" '' "${some[@]}"
	cas cas-none "$(ask_for $power9 c0 $none)" '' "${some[@]}"
	cas cas-2-07 "$(ask_for $level_2_07 c0 $hash)" '' "${some[@]}"
	cas cas-old "$(ask_for $power9 00 $linux)" '' "${some[@]}"
	cas cas-power8 "$(ask_for $power8 c0 $hash)" '' -m 1280M,slots=4,maxmem=4G -smp 2 -cpu power8
	cas cas-plugged "$(ask_for $power9 c0 $linux)" nvdimm=on "${some[@]}" "${dimms[@]}" \
		"${cores[@]}"
	cas cas-blocks "$(ask_for $power9 c0 $form1)" '' "${some[@]}" "${dimms[@]:0:4}"
	cas cas-cards "$(ask_for $power9 c0 $linux)" '' "${some[@]}" "${cards[@]}"
	cas cas-2-06 "$(ask_for $level_2_06 c0 $hash)" '' "${some[@]}"
	# Three nodes: the first one has memory of two sizes, the second one only cores.
	numa=(-m '2304M,slots=4,maxmem=4G' -smp 2,maxcpus=6,cores=2,sockets=3 -cpu power9
		-object memory-backend-ram,id=r0,size=768M -object memory-backend-ram,id=r2,size=1536M
		-object memory-backend-ram,id=m1,size=256M
		-numa node,nodeid=0,memdev=r0 -numa node,nodeid=1 -numa node,nodeid=2,memdev=r2)
	far=(-numa dist,src=0,dst=1,val=20 -numa dist,src=0,dst=2,val=40 -numa dist,src=1,dst=2,val=80)
	near=(-numa cpu,node-id=1,core-id=1 -numa cpu,node-id=0,core-id=0
		-numa cpu,node-id=2,core-id=2 -numa cpu,node-id=2,core-id=3
		-numa cpu,node-id=0,core-id=4 -numa cpu,node-id=1,core-id=5
		-numa dist,src=0,dst=1,val=11 -numa dist,src=0,dst=2,val=30
		-numa dist,src=1,dst=2,val=61)
	uneven=(-numa dist,src=0,dst=1,val=12 -numa dist,src=1,dst=0,val=13
		-numa dist,src=0,dst=2,val=14 -numa dist,src=2,dst=0,val=15
		-numa dist,src=1,dst=2,val=16 -numa dist,src=2,dst=1,val=255)
	numa_parts=(-device pc-dimm,id=d1,memdev=m1,node=2
		-device spapr-pci-host-bridge,id=p1,index=1,numa_node=2
		-device "$core-spapr-cpu-core,core-id=5,id=c5")
	boot numa '' "${numa[@]}"
	boot numa-far '' "${numa[@]}" "${far[@]}" "${numa_parts[@]}"
	boot numa-near '' "${numa[@]}" "${near[@]}" "${numa_parts[@]}"
	cas cas-numa "$(ask_for $power9 c0 $linux)" '' "${numa[@]}" "${uneven[@]}" "${numa_parts[@]}"
	cas cas-numa-same "$(ask_for $power9 c0 $linux)" '' "${numa[@]}"
	cas cas-numa-form1 "$(ask_for $power9 c0 $form1)" '' "${numa[@]}" "${near[@]}" "${numa_parts[@]}"
	[ "$version" = 7.2 ] || {
		boot power11 '' -m 512M -smp 2,maxcpus=6 -cpu power11
		cas cas-power10 "$(ask_for $power10 c0 $linux)" '' -m 1G -smp 1 -cpu power10
		cas cas-3-10 "$(ask_for $level_3_10 c0 $linux)" '' -m 1G -smp 1 -cpu power11
		cas cas-3-00 "$(ask_for $level_3_00 c0 $linux)" '' -m 1G -smp 1 -cpu power11
	}
}
