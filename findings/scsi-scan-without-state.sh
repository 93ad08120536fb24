#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No file of Linux shows that a SCSI host is still scanned, and only loading a module waits for it
#
# Linux 7.2.13 of Debian sid with a virtio-scsi card and one disk. When insmod of the card's driver
# returns, the disk exists: loading a module waits for the asynchronous scan. When the same card
# is found by a rescan of the PCI bus, the write returns with the driver bound, the host's state
# "running" as before and after the scan, and no target. The disk comes later.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 linux-modules-7.2.13+deb14-powerpc64le \
	'scsi_common scsi_mod virtio_scsi' \
	-device virtio-scsi-pci,id=s,addr=5 -blockdev null-co,node-name=disk,size=4194304 \
	-device scsi-hd,bus=s.0,drive=disk \
	<<'S' | behaviour \
	'insmod: virtio_scsi running 1
rescan: virtio_scsi running 0
later: virtio_scsi running 1'
card=/sys/bus/pci/devices/0000:00:05.0
facts() {
	host=$(echo $card/virtio*/host*)
	echo $1 $(basename $(readlink $card/virtio*/driver)) $(cat $host/scsi_host/*/state) $(ls $host | grep -c '^target')
}
facts insmod:
echo 1 >$card/remove
echo 1 >/sys/bus/pci/rescan
facts rescan:
while ! ls $card/virtio*/host* | grep -q '^target'; do usleep 50000; done
facts later:
S
