#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A PCI host bridge that is removed and added again has another domain
#
# Linux 7.2.13 of Debian sid. The domain is the lower half of the bridge's address in "reg", so
# it seems to belong to the place. But the slot driver removes only one of the bridge's 256
# slots, and the others keep the old bus, with its domain: an added bridge receives the lowest
# one that is free. In its next life it has one slot of its own, so that this number becomes
# free with it. Names of interfaces and devices that contain the domain change with it.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 linux-modules-7.2.13+deb14-powerpc64le \
	'rpaphp rpadlpar_io' -device spapr-pci-host-bridge,index=1 \
	-device spapr-pci-host-bridge,index=5 <<'S' | behaviour \
	'start: 0000:00 0001:00 0005:00
remove 1: 0000:00 0005:00
add 1: 0000:00 0002:00 0005:00
remove 5: 0000:00 0002:00
remove 1: 0000:00
add 5: 0000:00 0002:00
add 1: 0000:00 0002:00 0003:00
slots: 768'
domains()
{
	echo "$*: $(ls /sys/class/pci_bus | tr '\n' ' ' | sed 's/ $//')"
}
domains start
for request in 'remove 1' 'add 1' 'remove 5' 'remove 1' 'add 5' 'add 1'; do
	printf 'PHB %s' "${request#* }" >"/sys/bus/pci/slots/control/${request% *}_slot"
	domains "$request"
done
echo "slots: $(ls -d /sys/bus/pci/slots/C* | wc -l)"
S
