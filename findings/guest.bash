# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# guest.bash - a distribution's kernel with busybox in an emulated machine, without this
# project's programs
#
# Needs apt, dpkg-deb, cpio, qemu-system-ppc.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Run standard input as a script in the guest, and print its lines. It loads the modules, which
# are of this package, before.
guest() # KERNEL-PACKAGE VERSION [MODULES-PACKAGE 'MODULE...' [QEMU-OPTION...]]
{
	local root=$work/root cache=$work/cache script module modules

	read -r -a modules <<<"${4-}"
	script=$(cat)
	"$(dirname "$0")/../build-aux/foreign-debs" -s sid unpack ppc64el "$cache" "$work/debs" \
		"$1" busybox-static ${3:+"$3"} >&2
	ls "$cache"/debs/*/"$1/${1}_$2"_*.deb >/dev/null # this version
	mkdir -p "$root"/{bin,proc,sys,dev}
	cp "$work/debs/bin/busybox" "$root/bin" 2>/dev/null ||
		cp "$work/debs/usr/bin/busybox" "$root/bin"
	for module in "${modules[@]}"; do
		find "$work/debs" -name "$module.ko*" -exec cp {} "$root" ';'
		[[ ! -e $root/$module.ko.xz ]] || xz -d "$root/$module.ko.xz"
	done
	{
		printf '#!/bin/busybox sh\n/bin/busybox --install -s /bin\n'
		printf 'mount -t proc p /proc\nmount -t sysfs s /sys\nmount -t devtmpfs d /dev\n'
		[[ ${#modules[@]} -eq 0 ]] || printf 'insmod /%s.ko\n' "${modules[@]}"
		printf 'exec 2>&1\necho\necho BEGIN\n'
		printf '%s\n' "$script"
		printf 'echo END\npoweroff -f\n'
	} >"$root/init"
	chmod +x "$root/init"
	(cd "$root" && find . | cpio -o -H newc 2>/dev/null) >"$work/initramfs"
	timeout 300 qemu-system-ppc64 \
		-M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
		-cpu power9 -accel tcg -smp 2,maxcpus=4,cores=4,threads=1 -m 1G -vga none -nographic \
		-kernel "$work"/debs/usr/lib/modules/*/vmlinuz -initrd "$work/initramfs" \
		-append 'console=hvc0 quiet loglevel=0' "${@:5}" </dev/null |
		tr -d '\r' | sed '1,/^BEGIN$/d; /^END$/,$d'
}

# Compare standard input with the behaviour that this file states.
behaviour() # EXPECTED
{
	diff <(echo "$1") - && echo "as stated"
}
