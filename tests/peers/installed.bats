#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: alone papr-vmm
#
# The packages for this machine are installed, used and removed in a copy of its system.
# make check-installed has built them.

# shellcheck disable=SC2016,SC2154 # for the inner shell; set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	[[ $(id -u) -eq 0 ]] || skip 'only root can make a copy of the system'
	compgen -G "${PACKAGES:-/nothing}/this/*.deb" >/dev/null || skip 'nothing is prepared'
}

# Run a script in a copy of this system, which ends with it. Its files of the packages are in
# /run/this; /run/changes has what is changed in the copy.
in_copy() # SCRIPT
{
	run --separate-stderr unshare -m --propagation private bash -ec '
		mount -t tmpfs none /mnt
		mkdir /mnt/{changes,work,root}
		mount -t overlay -o lowerdir=/,upperdir=/mnt/changes,workdir=/mnt/work none /mnt/root
		cd /mnt/root
		mount --rbind /dev dev
		mount --rbind /sys sys
		mount -t proc proc proc
		mount -t tmpfs none run
		mount -t tmpfs none tmp
		cp "$top_srcdir/debian/tests/host-side" run
		mkdir run/this run/changes
		mount --bind "$PACKAGES/this" run/this
		mount --bind /mnt/changes run/changes
		pivot_root . mnt
		umount -l /mnt
		cd /
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C AUTOPKGTEST_TMP=/tmp \
			DEBIAN_FRONTEND=noninteractive bash -ec "$1"' bash \
		'install() { dpkg -i $(ls /run/this/*.deb | grep -v dbgsym) >/dev/null; }
		packages=$(ls /run/this/*.deb | sed "s,.*/,,; s,_.*,,; /-dbgsym$/d")
		'"$1"
	echo "$output"
	echo "$stderr"
}

@test "the packages are installed, with what they need, and complete" {
	in_copy 'install
		dpkg --verify $packages
		dpkg-query -W -f "\${db:Status-Abbrev}\${Package}\n" $packages
		ldd $(dpkg -L $packages | grep -E "/(bin/|lib.*\.so\.)") | grep "not found" || true'
	assert_success
	assert_output 'ii libpaprvmm-dev
ii libpaprvmm1
ii papr-dt-overlay-dkms
ii papr-vmm'
}

@test "a command runs in a guest of the installed papr-vmm, and a program embeds the library" {
	in_copy 'install
		sh -e /run/host-side
		papr-vmm -m 512M -device e1000,addr=2 run -- ls /sys/bus/pci/devices
		papr-vmm doctor >/dev/null'
	assert_success
	assert_output '0000:00:02.0'
}

@test "removal leaves nothing in the system" {
	# dkms runs rpm, which makes a database.
	in_copy 'install
		[ -e /run/changes/usr/bin/papr-vmm ]
		dpkg --purge $packages >/dev/null
		find /run/changes ! -type d | sed "s,/run/changes,," |
			grep -vE "^/(var/lib/(dpkg|dkms)/|var/log/|var/cache/|etc/ld.so.cache$|root/.rpmdb/)" || true'
	assert_success
	assert_output ''
}
