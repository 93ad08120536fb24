#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "dt remove" in /sys/kernel/dlpar succeeds although there is nothing to remove
#
# Linux 7.2.13 of Debian sid. The same request for memory or a processor fails, and so does "dt
# add" of an unknown index. So the success of a removal proves nothing: who needs to know must
# look in /proc/device-tree.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 <<'S' | behaviour \
	'dt remove index 0x12345678: written
dt add index 0x12345678: Input/output error
memory remove index 0x12345678: Invalid argument
cpu remove index 0x12345678: No such device'
for request in 'dt remove' 'dt add' 'memory remove' 'cpu remove'; do
	why=$(echo "$request index 0x12345678" 2>&1 >/sys/kernel/dlpar) && why=written
	echo "$request index 0x12345678: ${why#sh: write error: }"
done
S
