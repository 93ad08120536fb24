#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The source address of an NVMe/TCP controller in sysfs lacks its scope
#
# Linux 7.2.13 of Debian sid. "address" of a controller has the target as it was written to
# /dev/nvme-fabrics, with the scope of a link-local address, and the source that the socket
# has. Every interface can have the same link-local address, so a program that looks for the
# interface of src_addr needs the scope as well. It is not there, neither by itself nor if
# host_traddr has named it: that is a second address in the same line. The target's scope leads
# to the interface.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 linux-modules-7.2.13+deb14-powerpc64le \
	'dummy nvme-auth nvme-keyring nvme-core nvme-fabrics nvme-tcp configfs nvmet nvmet-tcp' \
	<<'S' | behaviour \
	'traddr=fe80::2%dummy0,trsvcid=4420,src_addr=fe80::2
traddr=fe80::2%dummy0,trsvcid=4420,host_traddr=fe80::2%dummy0,src_addr=fe80::2'
mount -t configfs c /sys/kernel/config
for interface in lo dummy0; do ip link set $interface up; done
ip addr add fe80::2/64 dev dummy0
while ip addr show dummy0 | grep -q tentative; do usleep 50000; done
cd /sys/kernel/config/nvmet
dd if=/dev/zero of=/disk bs=64k count=16 2>/dev/null
mkdir subsystems/s subsystems/s/namespaces/1 ports/1
printf /disk >subsystems/s/namespaces/1/device_path
echo 1 >subsystems/s/attr_allow_any_host
echo 1 >subsystems/s/namespaces/1/enable
echo tcp >ports/1/addr_trtype
echo ipv6 >ports/1/addr_adrfam
echo :: >ports/1/addr_traddr
echo 4420 >ports/1/addr_trsvcid
ln -s /sys/kernel/config/nvmet/subsystems/s ports/1/subsystems/s
for source in '' ,host_traddr=fe80::2%dummy0; do
	printf %s "transport=tcp,traddr=fe80::2%dummy0,trsvcid=4420$source,nqn=s" >/dev/nvme-fabrics
	cat /sys/class/nvme/nvme0/address
	echo 1 >/sys/class/nvme/nvme0/delete_controller
done
S
