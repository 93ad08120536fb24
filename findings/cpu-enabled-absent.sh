#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# /sys/devices/system/cpu/enabled names processors that the partition does not have
#
# Linux 7.2.13 of Debian sid on a machine with two of four cores. The kernel's documentation
# says of the file: processors that can be set online. On pseries it also has those that are
# not present, and setting one online fails. "present" is right.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 <<'S' | behaviour \
	'present 0-1
enabled 0-3
cpu3: Invalid argument'
for list in present enabled; do
	echo "$list $(cat /sys/devices/system/cpu/$list)"
done
why=$(echo 1 2>&1 >/sys/devices/system/cpu/cpu3/online) || echo "cpu3: ${why#sh: write error: }"
S
