#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here sanitized ofpathtool
# ofpathtool -l with paths as GRUB, SMS, the HMC and bootlist write them.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

load ../../lib/json
load ../../lib/ofpath

setup()
{
	ofpath_programs
	V=/vdevice/v-scsi@71000003 P=/pci@800000020000000
	F=/vdevice/vfc-client@30000003/disk@500507680c354c27
	S=/pci@800000020000014/pci1014,034A@0/sas/disk@10200
	E='/pci@800000020000014/pci1014\,034A@0/sas/disk@10200'
	N=/pci@80000002000001b/fibre-channel@0,1/nvme-of/controller@50050768101935e5
}

# Row: machine, path as it is written, device, the path of the device.
@test "40 spellings lead to the device, and its own path leads there, too [ofp-spellings]" {
	local row text device path n=0

	while IFS='|' read -r row text device path; do
		eval "path=$path"
		# Backslashes in a row stay as they are.
		text=${text//@V/$V} text=${text//@P/$P} text=${text//@F/$F}
		text=${text//@S/$S} text=${text//@E/$E} text=${text//@N/$N}
		ofpath_machine "$row"
		run --separate-stderr "$ofpathtool" --sysroot "$machine" -l "$text"
		echo "$text: $status: $output: $stderr"
		assert_equal "$status:$output" "0:$device"
		run --separate-stderr "$ofpathtool" --sysroot "$machine" "$device"
		assert_equal "$status:$output" "0:$path"
		run --separate-stderr "$ofpathtool" --sysroot "$machine" -l "$path"
		assert_equal "$status:$output" "0:$device"
		n=$((n + 1))
	done <<-'ROWS'
		qemu|@V/disk@8000000000000000,msdos1|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/@V/disk@8000000000000000,msdos1|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/@V/disk@8000000000000000,gpt1|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/@V/disk@8000000000000000,apple1|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/@V/disk@8000000000000000|sde|$V/disk@8000000000000000
		qemu|ieee1275@V/disk@8000000000000000,msdos1|sde1|$V/disk@8000000000000000:1
		qemu|(ieee1275/@V/disk@8000000000000000,msdos1)|sde1|$V/disk@8000000000000000:1
		qemu|(ieee1275/@V/disk@8000000000000000,msdos1)/boot/vmlinuz-6.1|sde1|$V/disk@8000000000000000:1
		qemu|(ieee1275/@V/disk@8000000000000000,gpt1)/vmlinuz,old|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/disk,msdos1|sde1|$V/disk@8000000000000000:1
		qemu|ieee1275/disk|sde|$V/disk@8000000000000000
		qemu|(ieee1275/disk,gpt1)/vmlinuz|sde1|$V/disk@8000000000000000:1
		qemu|disk,msdos1|sde1|$V/disk@8000000000000000:1
		qemu|disk:1|sde1|$V/disk@8000000000000000:1
		qemu|@V/disk@8000000000000000:1,\boot\grub\core.elf|sde1|$V/disk@8000000000000000:1
		qemu|@V/disk@8000000000000000:,\boot\grub\core.elf|sde|$V/disk@8000000000000000
		qemu|@V/disk@8000000000000000:\ppc\chrp\bootfile.exe|sde|$V/disk@8000000000000000
		qemu|@V/disk@8000000000000000,\ppc\bootinfo.txt|sde|$V/disk@8000000000000000
		qemu|@V/disk@8000000000000000,yaboot|sde|$V/disk@8000000000000000
		qemu|@V/disk@8201000000000000:0|sdf|$V/disk@8201000000000000
		qemu|@V/disk@8100000000000000:1,\ppc\bootinfo.txt|sr1|$V/disk@8100000000000000
		qemu|ieee1275/@P/scsi@1,msdos5|vda5|$P/scsi@1:5
		qemu|ieee1275/@P/scsi@3/disk@0100000000000000,gpt12|sda12|$P/scsi@3/disk@100000000000000:12
		qemu|ieee1275/@P/scsi@3/disk@112412c00000000|sdd|$P/scsi@3/disk@112412C00000000
		qemu|/vdevice/l-lan@71000004:speed=auto,duplex=auto|eth3|/vdevice/l-lan@71000004
		qemu|/vdevice/l-lan@71000004:speed=auto,duplex=auto,1.2.3.4,,5.6.7.8,|eth3|/vdevice/l-lan@71000004
		qemu|/vdevice/l-lan@71000004:speed=auto,duplex=auto,bootp,9.1.2.3,,9.4.5.6,9.7.8.9|eth3|/vdevice/l-lan@71000004
		qemu|/vdevice/l-lan@71000004:bootp,1.2.3.4,\boot\core.elf,5.6.7.8,1.2.3.1,5,5,255.255.255.0|eth3|/vdevice/l-lan@71000004
		qemu|/vdevice/l-lan@71000004:ipv6,ciaddr=fe80::1,siaddr=fe80::2|eth3|/vdevice/l-lan@71000004
		qemu|/vdevice/l-lan@71000004:iscsi,itname=iqn.2004.com.ibm:x,10.1.1.1|eth3|/vdevice/l-lan@71000004
		qemu|@P/ethernet@7:dhcp|eth1|$P/ethernet@7
		classes|ieee1275/@E,msdos1|sdk1|$S:1
		classes|(ieee1275/@E,gpt1)/vmlinuz|sdk1|$S:1
		classes|ieee1275//pci@800000020000014/pci1014\\,034A@0/sas/disk@10200,msdos1|sdk1|$S:1
		classes|@S,msdos1|sdk1|$S:1
		classes|ieee1275//pci@800000020000014/pci1014\,034A@0/sas/disk@301\,1|sdl|/pci@800000020000014/pci1014,034A@0/sas/disk@301,1
		classes|ieee1275/@F,msdos1|sda1|$F:1
		classes|ieee1275//vdevice/vfc-client@30000003/disk@500507680C354C28\\,0001000000000000|sdb|/vdevice/vfc-client@30000003/disk@500507680c354c28,1000000000000
		classes|/vdevice/vfc-client@30000003/disk@500507680c354c27,0:1|sda1|$F:1
		classes|ieee1275//pci@800000020000018/mass-storage@0/namespace@1,gpt1|nvme0n1p1|/pci@800000020000018/mass-storage@0/namespace@1:1
		classes|ieee1275/@N,3:nqn=nqn.1986-03.com.ibm:nvme:2145.0000020420006CEA/namespace@26c,gpt2|nvme5n1p2|$N,ffff:nqn=nqn.1986-03.com.ibm:nvme:2145.0000020420006CEA/namespace@26c:2
		classes|/vdevice/vnic@30000008:speed=auto,duplex=auto,0.0.0.0,,0.0.0.0,0.0.0.0|eth0|/vdevice/vnic@30000008
	ROWS
	echo "$n spellings"
	[ "$n" -ge 40 ]
}

# Row: path, the part that the message quotes.
@test "what is not understood is refused, and quoted [ofp-spellings-rest]" {
	local text rest n=0

	ofpath_machine qemu
	while IFS='|' read -r text rest; do
		text=${text//@V/$V} text=${text//@P/$P}
		run --separate-stderr "$ofpathtool" --sysroot "$machine" -l "$text"
		echo "$text: $status: $output: $stderr"
		assert_equal "$status:$output" 1:
		assert_equal "$(grep note: <<<"$stderr")" "ofpathtool: note: $text: $rest"
		n=$((n + 1))
	done <<-'ROWS'
		@V/disk@8000000000000000,junk|",junk" is not understood
		@V/disk@8000000000000000,msdos|",msdos" is not understood
		@V/disk@8000000000000000,msdos0|",msdos0" is not understood
		@V/disk@8000000000000000,msdos1,bsd1|",msdos1,bsd1" is not understood
		ieee1275/@V/disk@8000000000000000,sun1|",sun1" is not understood
		@V/disk@8000000000000000,msdos1:1|",msdos1:1" is not understood
		(ieee1275/@V/disk@8000000000000000,msdos1)vmlinuz|")vmlinuz" is not understood
		@V/disk@8000000000000000,msdos9|sde has no partition 9
		@V/disk@8000000000000000:a|"a" is not understood
		@V/disk@8000000000000000:1x|"x" is not understood
		@V/disk@8000000000000000:1,msdos3|"msdos3" is not understood
		@V/disk@8000000000000000:,gpt2|"gpt2" is not understood
		/vdevice/l-lan@71000004:speed=auto;x|"speed=auto;x" is not understood
		/vdevice/l-lan@71000004:bootp,speed=auto x|"speed=auto x" is not understood
		/vdevice/l-lan@71000004,msdos1|",msdos1" is not understood
		/vdevice/l-lan@71000004:speed=auto,duplex=auto,junk|"junk" is not understood
		/vdevice/l-lan@71000004:bootp,1.2.3.4,file,5.6.7.8,1.2.3.1,many|"many" is not understood
		@P/mass-storage@4:1|"1" is not understood
	ROWS
	[ "$n" -ge 10 ]
	run --separate-stderr "$ofpathtool" --sysroot "$machine" -q -l "$V/disk@8000000000000000,junk"
	assert_equal "$status:$output:$stderr" 1::
	run --separate-stderr "$ofpathtool" --sysroot "$machine" --json -l "$V/disk@8000000000000000,junk"
	assert_failure 1
	assert_json_schema ofpath
	assert_output --partial '"\",junk\" is not understood"'
}

@test "--equal compares the spellings" {
	run -0 "$ofpathtool" --equal "ieee1275/$E,msdos1" "$S:1"
	run -0 "$ofpathtool" --equal "(ieee1275/$V/disk@8000000000000000,gpt2)/vmlinuz" "$V/disk@8000000000000000:2"
	run -1 "$ofpathtool" --equal "ieee1275/$E,msdos1" "$S:2"
	run -1 "$ofpathtool" --equal "$V/disk@8000000000000000,junk" "$V/disk@8000000000000000"
}
