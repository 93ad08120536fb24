#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A core that Linux cannot give up is an invalid argument, and only the log says that it is busy
#
# Linux 7.2.13 of Debian sid with two cores, of which the second has no tick (nohz_full=1): the
# first one keeps the time for it. Its file "online" answers EBUSY. A request to remove the core,
# by /sys/kernel/dlpar, answers EINVAL, as if the request were wrong: the number is only in the
# kernel's log. The other core can be removed.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 '' '' \
	-append 'console=hvc0 quiet loglevel=0 nohz_full=1' \
	<<'S' | behaviour \
	'online: Device or resource busy
remove: Invalid argument
pseries-hotplug-cpu: Failed to offline CPU PowerPC,POWER9, rc: -16
remove the other:
0'
write() {
	echo "$1:$(sh -c "echo '$2' >$3" 2>&1 | sed 's/.*write error:/ /; s/  */ /')"
}
write online 0 /sys/devices/system/cpu/cpu0/online
write remove 'cpu remove index 0x10000000' /sys/kernel/dlpar
dmesg | grep 'offline CPU' | sed 's/^\[[^]]*\] //'
write 'remove the other' 'cpu remove index 0x10000001' /sys/kernel/dlpar
cat /sys/devices/system/cpu/online
S
