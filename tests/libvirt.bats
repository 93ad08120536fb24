#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt, unmodified, with papr-vmm in place of QEMU; and beside it with QEMU.

bats_require_minimum_version 1.5.0
load papr-vmm

setup()
{
	local program

	for program in libvirtd virsh; do
		command -v $program >/dev/null || skip "$program is missing"
	done
	cd "$BATS_TEST_TMPDIR" || return
}

# session FOLDER EMULATOR [OPTION]
session()
{
	mkdir "$1" || return
	(cd "$1" && timeout 300 "$top/tests/libvirt-session" "${@:2}" 3>&-)
}

# step COMMAND...: print what libvirt said to the command, the first time.
step()
{
	sed -n "/^== $*\$/,/^== /p" said | sed '1d; /^== /,$d'
}

@test "libvirt starts, changes, stops and ends a domain" {
	session papr "$papr_vmm" >said
	cat said papr/events papr/emulator.xml
	# What libvirt knows of the emulator
	grep -qF '<machine>pseries-7.2</machine>' papr/emulator.xml
	grep -qE "<model usable='unknown' vendor='IBM'>POWER9</model>" papr/emulator.xml
	grep -qF "<vcpu max='4096'/>" papr/emulator.xml
	assert_equal "$(step define g1.xml)" "Domain 'g1' defined from g1.xml"
	assert_equal "$(step start --paused g1)" "Domain 'g1' started"
	assert_equal "$(grep -c '^Device attached successfully' said)" 3
	assert_equal "$(grep -c '^Device detached successfully' said)" 3
	run step domblklist g1
	assert_output --regexp "vda +$PWD/papr/disk-a"
	assert_output --regexp "vdb +$PWD/papr/disk-b"
	run step domiflist g1
	assert_output --regexp '52:54:00:aa:bb:0b'
	run step vcpucount g1
	assert_output --regexp 'current +live +4'
	assert_equal "$(step setvcpus g1 5)$(step setvcpus g1 4)" ''
	# After the DIMM was added
	assert_equal "$(grep -c '^Used memory: *2359296 KiB' said)" 1
	run step shutdown g1
	assert_output "Domain 'g1' is being shutdown"
	# Only for the disk that is there already
	assert_equal "$(grep -c '^error' said)" 2
	assert_equal "$(step undefine g1)" "Domain 'g1' has been undefined"
}

@test "libvirt says the same, and reports the same events, as with QEMU" {
	command -v qemu-system-ppc64 >/dev/null || skip "qemu-system-ppc64 is missing"
	session papr "$papr_vmm" --no-removal >papr.said
	# Without KVM, QEMU has not all that this machine type has by default.
	cat >emulator <<-'END'
		#!/bin/bash
		words=("$@")
		for i in "${!words[@]}"; do
			[[ ${words[i]} != pseries-7.2* ]] ||
				words[i]+=,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off
		done
		exec qemu-system-ppc64 "${words[@]}"
	END
	chmod +x emulator
	session qemu "$PWD/emulator" --no-removal >qemu.said
	diff <(sed "s|$PWD/papr|DIR|g" papr.said) <(sed "s|$PWD/qemu|DIR|g" qemu.said)
	diff papr/events qemu/events
	diff <(sed "s|$papr_vmm|EMULATOR|; s|$PWD/papr|DIR|g" papr/domain.xml) \
		<(sed "s|$PWD/emulator|EMULATOR|; s|$PWD/qemu|DIR|g" qemu/domain.xml)
	[ -s papr/events ]
	[ -s papr/domain.xml ]
}
