#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nothing in sysfs connects the terminal hvcN with the virtio-serial card that has it
#
# Linux 7.2.13 of Debian sid, with a terminal of the hypervisor (hvc0) and two virtio-serial
# cards with a console port each. hvc1 and hvc2 are virtual devices without a parent. Their
# ports are below the cards, but are named vportXpY, and no attribute has the number of the
# terminal. If a card is removed, a login at one of the two terminals ends. sysfs does not tell
# at which.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 linux-modules-7.2.13+deb14-powerpc64le \
	'virtio_console' \
	-chardev null,id=one -device virtio-serial-pci,id=a,addr=5 \
	-device virtconsole,bus=a.0,chardev=one \
	-chardev null,id=two -device virtio-serial-pci,id=b,addr=6 \
	-device virtconsole,bus=b.0,chardev=two \
	<<'S' | behaviour \
	'/sys/devices/virtual/tty/hvc0
/sys/devices/virtual/tty/hvc1
/sys/devices/virtual/tty/hvc2
dev power subsystem uevent
vport0p0: dev device power subsystem uevent
vport1p0: dev device power subsystem uevent
links to hvc1: /sys/class/tty/hvc1 /sys/dev/char/229:1'
while [ ! -e /sys/class/tty/hvc2 ]; do usleep 50000; done
for tty in hvc0 hvc1 hvc2; do readlink -f /sys/class/tty/$tty; done
ls /sys/class/tty/hvc1 | xargs
for port in vport0p0 vport1p0; do
	echo $port: $(ls /sys/class/virtio-ports/$port)
done
echo links to hvc1: $(find /sys -type l | while read -r link; do
	case $(readlink $link) in */hvc1) echo $link ;; esac
done | sort)
S
