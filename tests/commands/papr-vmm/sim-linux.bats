#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim ofpathtool papr-vmm
# What the simulated kernel shows to programs of other projects. The numbers and names are those
# of a real guest with Linux 6.1 and the same devices.

# shellcheck disable=SC2016 # the guest's shell

bats_require_minimum_version 1.5.0
load ../../lib/sim

setup()
{
	sim_setup
}

disks()
{
	machine+=(-device virtio-blk-pci,drive=d0,addr=3 -device virtio-scsi-pci,id=s0,addr=4
		-device scsi-hd,bus=s0.0,drive=d1,scsi-id=2,lun=300
		-device scsi-hd,bus=s0.0,drive=d2,scsi-id=2 -device scsi-hd,bus=s0.0,drive=d3
		-device nvme,drive=d4,serial=1,addr=5
		-device nec-usb-xhci,id=u0,addr=6 -device usb-storage,bus=u0.0,drive=d5)
	for n in 0 1 2 3 4 5; do
		machine+=(-blockdev "node-name=d$n,driver=null-co,size=1048576,read-zeroes=on")
	done
}

@test "disks have numbers, sizes and places" {
	disks
	sim 'cd /sys/block; for d in *; do echo "$d $(cat $d/dev $d/size | tr "\n" " ")$(stat -c "%F %s" /dev/$d)"; done
		readlink sda sdb sdc sdd | cut -d/ -f5-; readlink -f /sys/dev/block/8:16 | cut -d/ -f7-; cat nvme0n1/nsid
		grep M vda/uevent; cat sda/device/model; ls /sys/bus/scsi/devices; cat vda/device/modalias'
	answers 'nvme0n1 259:0 2048 regular file 1048576' 'sda 8:0 2048 regular file 1048576' \
		'sdb 8:16 2048 regular file 1048576' 'sdc 8:32 2048 regular file 1048576' \
		'sdd 8:48 2048 regular file 1048576' 'vda 254:0 2048 regular file 1048576' \
		virtio1/host0/target0:0:0/0:0:0:0/block/sda virtio1/host0/target0:0:2/0:0:2:0/block/sdb \
		virtio1/host0/target0:0:2/0:0:2:16684/block/sdc usb1/1-1/host1/target1:0:0/1:0:0:0/block/sdd \
		host0/target0:0:2/0:0:2:0/block/sdb 1 MAJOR=254 MINOR=0 DEVNAME=vda 'QEMU HARDDISK   ' \
		0:0:0:0 0:0:2:0 0:0:2:16684 1:0:0:0 virtio:d00000002v00001AF4
}

@test "after 16 SCSI disks, the next major number begins" {
	machine+=(-device virtio-scsi-pci,id=s0,addr=4)
	for n in {0..16}; do
		machine+=(-blockdev "node-name=d$n,driver=null-co,size=1048576,read-zeroes=on"
			-device "scsi-hd,bus=s0.0,drive=d$n,scsi-id=$n")
	done
	sim 'cd /sys/block; cat sdp/dev sdq/dev'
	answers 8:240 65:0
}

@test "each path of a disk's file has an Open Firmware path" {
	local bus=/pci@800000020000000 scsi=/pci@800000020000000/scsi@4

	disks
	sim 'PATH=$GUEST_STAGE/usr/sbin:$PATH
		for d in sda sdc vda nvme0n1; do ofpathname /dev/$d; ofpathname -l $(ofpathname /dev/$d); done
		cp /dev/sda /tmp/sda; ofpathname /tmp/sda; touch /tmp/sdz; ofpathname /tmp/sdz'
	answers $scsi/disk@100000000000000 sda $scsi/disk@102412C00000000 sdc $bus/scsi@3 vda \
		$bus/mass-storage@5/namespace@1 nvme0n1 $scsi/disk@100000000000000
	assert_equal "$(grep -v ': note: .*/namespace@1' <<<"$stderr")" \
		$'ofpathname: Logical device "/tmp/sdz" does not appear\n            to be configured.'

}

@test "programs of util-linux and kmod work" {
	disks
	machine+=(-smp 4,maxcpus=8)
	sim 'lscpu >/tmp/out && lscpu -e && lsblk && lsmem && lsmod'
	assert_equal "$status" 0
	assert_equal "$stderr" ''
}

@test "processors have a topology while they are online" {
	machine=(-M pseries,x-powervm=on -m 1G -smp 8,threads=4,maxcpus=16)
	sim 'cd /sys/devices/system/cpu; f="topology/core_id topology/physical_package_id topology/thread_siblings topology/core_siblings_list"
		for c in 0 5; do (cd cpu$c; cat $f; ls topology | wc -l; stat -c %a purr); done
		w cpu6/online 0; cat cpu5/topology/thread_siblings_list ../node/node0/cpumap; ls -d cpu[0-9]*/topology | wc -l; ls cpu6/purr'
	answers 0 0 000f 0-7 10 400 4 0 00f0 0-7 10 400 1 4-5,7 00bf 7
	assert_equal "$status" 2
}

@test "host bridges are numbered by their address; a removed one keeps its number while slots refer to it" {
	local profile

	machine+=(-nodefaults -device spapr-pci-host-bridge,index=1,id=p1 -device spapr-pci-host-bridge,index=5
		-device spapr-pci-host-bridge,index=7 -device e1000,bus=p1.0,addr=2)
	for profile in 6.1 6.12; do
		run_options=(--kernel-profile $profile)
		sim 'ls /sys/class/pci_bus | tr "\n" " "; echo
			for o in -1 +1 -1 -5 +5 +1 -5 -1 +1 +5 -5 +5; do
				[ $o != -1 ] || w $P/*:00:02.0/remove 1 >/dev/null
				case $o in
				-*) w $C/remove_slot "PHB ${o#?}" >/dev/null ;;
				+*) w $C/add_slot "PHB ${o#?}" >/dev/null ;;
				esac
				echo $o $(ls /sys/class/pci_bus $P /sys/class/net | grep -v /)
			done'
		answers '0000:00 0001:00 0005:00 0007:00 ' '-1 lo 0000:00 0005:00 0007:00' \
			'+1 0002:00:02.0 eth0 lo 0000:00 0002:00 0005:00 0007:00' \
			'-1 lo 0000:00 0005:00 0007:00' '-5 lo 0000:00 0007:00' '+5 lo 0000:00 0002:00 0007:00' \
			'+1 0003:00:02.0 eth0 lo 0000:00 0002:00 0003:00 0007:00' \
			'-5 0003:00:02.0 eth0 lo 0000:00 0003:00 0007:00' '-1 lo 0000:00 0007:00' \
			'+1 0002:00:02.0 eth0 lo 0000:00 0002:00 0007:00' \
			'+5 0002:00:02.0 eth0 lo 0000:00 0002:00 0003:00 0007:00' \
			'-5 0002:00:02.0 eth0 lo 0000:00 0002:00 0007:00' \
			'+5 0002:00:02.0 eth0 lo 0000:00 0002:00 0003:00 0007:00'
	done
}

@test "virtual adapters have interfaces and hosts" {
	machine+=(-nodefaults -device spapr-vlan,reg=0x71000003 -device spapr-vscsi,reg=0x71000002)
	sim 'cd /sys/bus/vio/devices; ls 71000003/net; cat 71000003/net/*/address | grep -c :; ls -d 71000002/host*; readlink 71000002/driver; ls -l /sys/class/scsi_host | grep -c host'
	answers eth0 1 71000002/host0 ../../../bus/vio/drivers/ibmvscsi 1
}

@test "/dev/nvram has firmware's bytes" {
	sim 'wc -c </dev/nvram; printf abc | dd of=/dev/nvram bs=1 seek=65534 2>/dev/null; tail -c 3 /dev/nvram | od -An -c; stat -c %a /dev/nvram'
	answers 65536 '  \0   a   b' 600
}

@test "an NVDIMM is permitted unless nvdimm=off, as QEMU does; disks have no other properties than those with an effect" {
	local module=(-nodefaults -m 1G,slots=4,maxmem=8G -object memory-backend-ram,id=m0,size=1073872896
		-device nvdimm,memdev=m0,label-size=131072,uuid=75a3cdd7-6a2f-4791-8d15-fe0a920e8e9e) row

	machine=(-M pseries "${module[@]}")
	sim 'ls -d $T/ibm,persistent-memory/*@* | wc -l'
	answers 1
	machine=(-M pseries,nvdimm=off "${module[@]}")
	sim true
	assert_equal "$status" 125
	assert_regex "$stderr" "nvdimm device found but 'nvdimm=off' was set\$"
	while IFS='|' read -r row message; do
		machine=(-M pseries -m 512M -device virtio-scsi-pci,id=s0 -blockdev null-co,node-name=d0
			-blockdev null-co,node-name=d1 -device scsi-hd,drive=d1,lun=3,id=first -device "scsi-hd,drive=d0,$row")
		sim true
		assert_equal "$status $stderr" "125 papr-vmm: -device scsi-hd: $message"
	done <<-'ROWS'
		foo=3|Property 'scsi-hd.foo' not found
		lun=70000|bad scsi device lun: 70000
		scsi-id=256|bad scsi device id: 256
		channel=1|bad scsi channel id: 1
		scsi-id=0,lun=3|lun already used by 'first'
		lun=x|Parameter 'lun' expects a number
	ROWS
}
