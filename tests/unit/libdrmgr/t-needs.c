// SPDX-License-Identifier: GPL-2.0-or-later
/* What the system needs: the removals that are refused, and those that are not. */
#include <ctype.h>

#include "libdrmgr/impact/impact.h"
#include "tests/unit/fakes/impact_root.h"

enum { LAYOUT_MAX = 8192 };

/* Trees of two rows each, which remove another card */
#define TWO_SWITCHES                                                         \
	"net A eth0\n net B eth1\n nif ovs-system\n nif br0\n "              \
	"kind ovs-system openvswitch\n kind br0 openvswitch\n nif more\n "   \
	"kind more openvswitch\n upper ovs-system eth0\n upper more eth1\n " \
	"addr br0 192.0.2.5/24\n route 192.0.2.9 br0\n "                     \
	"mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9"
#define VIPA_ROUTE                                                              \
	"net A eth0\n net B eth1\n nif dummy0\n addr dummy0 192.0.2.6/32\n "    \
	"addr eth0 198.51.100.5/24\n addr eth1 203.0.113.5/24\n "               \
	"route 198.51.100.9 eth1 192.0.2.6\n route 198.51.100.9 eth0\n "        \
	"far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "      \
	"file sys/class/iscsi_connection/connection1:0/address 198.51.100.9\n " \
	"file sys/class/iscsi_host/host3/netdev default\n "                     \
	"file sys/class/iscsi_host/host3/ipaddress 192.0.2.6\n "                \
	"mount 8:0 / xfs /dev/sda"
#define DATA_OVER_SWITCH                                                        \
	"net A eth0\n net B eth1\n nif ovs-system\n nif br0\n "                 \
	"addr br0 192.0.2.5/24\n kind ovs-system openvswitch\n "                \
	"kind br0 openvswitch\n upper ovs-system eth0\n route 192.0.2.9 br0\n " \
	"far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "      \
	"file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n "    \
	"mount 8:0 /data xfs /dev/sda"

/* From reports of other people's systems. want: how the removal ends; "!mount /": refused for
 * this need; other words: the list of losses has them; "nothing": the list is empty. */
static const struct {
	const char *name, *gone, *want, *tree;
} cases[] = {
	{ "9p tcp root", "A", "!nfs-root /: eth0; ",
	  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n "
	  "mount 0:60 / 9p 192.0.2.9 rw,trans=tcp,port=564" },
	{ "bond lacp other agg", "A", "refused",
	  "net A eth0\n net B eth1\n nif bond0\n "
	  "file sys/class/net/bond0/bonding/mode x\n "
	  "file sys/class/net/eth1/bonding_slave/mii_status down\n "
	  "upper bond0 eth0 eth1\n addr bond0 192.0.2.5/24\n route 192.0.2.9 bond0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "bond min links 3of2", "A", "~bond",
	  "net A eth0\n net B eth1\n net F eth2\n nif bond0\n "
	  "file sys/class/net/bond0/bonding/mode x\n "
	  "file sys/class/net/bond0/bonding/min_links 2\n upper bond0 eth0 eth1 eth2\n "
	  "addr bond0 192.0.2.5/24" },
	{ "bond min links", "A", "!nfs-root /",
	  "net A eth0\n net B eth1\n nif bond0\n "
	  "file sys/class/net/bond0/bonding/mode x\n "
	  "file sys/class/net/bond0/bonding/min_links 2\n upper bond0 eth0 eth1\n "
	  "addr bond0 192.0.2.5/24\n route 192.0.2.9 bond0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "lvm mirror of unknown state", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n "
	  "dm dm-0 vg-root_mimage_0 LVM-1 254:0 sda\n "
	  "dm dm-1 vg-root_mimage_1 LVM-2 254:1 sdb\n "
	  "dm dm-2 vg-root LVM-3 254:2 dm-0 dm-1\n mount 254:2 / xfs /dev/dm-2" },
	{ "9p tcp", "A", "mount /srv",
	  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n "
	  "mount 0:60 /srv 9p 192.0.2.9 rw,trans=tcp,port=564" },
	{ "netconsole", "A", "console netconsole t1: eth0",
	  "net A eth0\n file sys/kernel/config/netconsole/t1/dev_name eth0\n "
	  "file sys/kernel/config/netconsole/t1/enabled 1" },
	{ "nvidia open", "A", "open python3: nvidia0",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/nvidia\n "
	  "file sys/devices/pci0000:00/0000:00:01.0/vendor 0x10de\n "
	  "file proc/driver/nvidia/gpus/0000:00:01.0/information Device Minor: 0\n "
	  "node /dev/nvidia0 c 195:0\n node /dev/nvidiactl c 195:255\n "
	  "link proc/77/fd/5 /dev/nvidia0\n link proc/77/fd/6 /dev/nvidiactl\n "
	  "file proc/77/comm python3" },
	{ "getty on virtio-serial", "A", "open agetty: hvc1; ",
	  "link sys/bus/virtio/drivers/virtio_console/virtio0 ../../../../devices/pci0000:00/0000:00:01.0/virtio0\n "
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n "
	  "file sys/bus/pci/devices/0000:00:01.0/virtio0/virtio-ports/vport0p0/dev 245:0\n "
	  "node /dev/hvc1 c 229:1\n link proc/77/fd/0 /dev/hvc1\n "
	  "file proc/77/comm agetty" },
	{ "getty on one of two virtio-serial cards", "A", "?open agetty: hvc1; ",
	  "link sys/bus/virtio/drivers/virtio_console/virtio0 ../../../../devices/pci0000:00/0000:00:01.0/virtio0\n "
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n "
	  "file sys/bus/pci/devices/0000:00:01.0/virtio0/virtio-ports/vport0p0/dev 245:0\n "
	  "link sys/bus/virtio/drivers/virtio_console/virtio1 ../../../../devices/pci0000:00/0000:00:02.0/virtio1\n "
	  "node /dev/hvc1 c 229:1\n link proc/77/fd/0 /dev/hvc1\n "
	  "file proc/77/comm agetty" },
	{ "getty on the terminal of the hypervisor", "A", "nothing",
	  "link sys/bus/virtio/drivers/virtio_console/virtio0 ../../../../devices/pci0000:00/0000:00:01.0/virtio0\n "
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n "
	  "file sys/bus/pci/devices/0000:00:01.0/virtio0/virtio-ports/vport0p0/dev 245:0\n "
	  "node /dev/hvc0 c 229:0\n link proc/77/fd/0 /dev/hvc0\n "
	  "file proc/77/comm agetty" },
	{ "getty on a virtio-serial card that stays", "A", "nothing",
	  "link sys/bus/virtio/drivers/virtio_console/virtio1 ../../../../devices/pci0000:00/0000:00:02.0/virtio1\n "
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n "
	  "file sys/bus/pci/devices/0000:00:01.0/virtio0/virtio-ports/vport0p0/dev 245:0\n "
	  "node /dev/hvc1 c 229:1\n link proc/77/fd/0 /dev/hvc1\n "
	  "file proc/77/comm agetty" },
	{ "a reader of random numbers", "A", "open rngd: hwrng; ",
	  "link sys/bus/virtio/drivers/virtio_rng/virtio0 ../../../../devices/pci0000:00/0000:00:01.0/virtio0\n "
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n "
	  "folder sys/bus/pci/devices/0000:00:01.0/virtio0\n "
	  "folder sys/devices/pci0000:00/0000:00:01.0/virtio0\n "
	  "node /dev/hwrng c 10:183\n link proc/77/fd/3 /dev/hwrng\n "
	  "file proc/77/comm rngd" },
	{ "a spare beside open vswitch", "B", "permitted",
	  "net A eth0\n net B eth1\n nif ovs-system\n nif br0\n "
	  "kind ovs-system openvswitch\n kind br0 openvswitch\n "
	  "upper ovs-system eth0\n addr br0 192.0.2.5/24\n route 192.0.2.9 br0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "a port of open vswitch", "A", "!nfs-root /: eth0 > ovs-system > br0; ",
	  "net A eth0\n net B eth1\n nif ovs-system\n nif br0\n "
	  "kind ovs-system openvswitch\n kind br0 openvswitch\n "
	  "upper ovs-system eth0\n addr br0 192.0.2.5/24\n route 192.0.2.9 br0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "open vswitch with a tunnel", "B",
	  "!nfs-root /: vxlan_sys_4789 > ovs-system > br0, or eth1",
	  "net A eth0\n net B eth1\n nif ovs-system\n nif br0\n "
	  "kind ovs-system openvswitch\n kind br0 openvswitch\n nif vxlan_sys_4789\n "
	  "kind vxlan_sys_4789 vxlan\n upper ovs-system eth0 vxlan_sys_4789\n "
	  "addr br0 192.0.2.5/24\n route 192.0.2.9 br0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "two switches", "B", "!nfs-root /", TWO_SWITCHES },
	{ "two switches, the other one", "A", "!nfs-root /", TWO_SWITCHES },
	{ "a switch below a bridge", "A", "!nfs-root /",
	  "net A eth0\n net B eth1\n nif ovs-system\n nif int0\n nif br0\n "
	  "kind ovs-system openvswitch\n kind int0 openvswitch\n kind br0 bridge\n "
	  "upper ovs-system eth0\n upper br0 int0\n addr br0 192.0.2.5/24\n "
	  "route 192.0.2.9 br0\n mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "a bridge with a tunnel", "B", "!nfs-root /",
	  "net A eth0\n net B eth1\n nif br0\n nif vxlan0\n kind br0 bridge\n "
	  "kind vxlan0 vxlan\n upper br0 eth0 vxlan0\n addr br0 192.0.2.5/24\n "
	  "route 192.0.2.9 br0\n mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "a bridge with a pod", "B", "permitted",
	  "net A eth0\n net B eth1\n nif br0\n nif veth0\n kind br0 bridge\n "
	  "kind veth0 veth\n upper br0 eth0 veth0\n addr br0 192.0.2.5/24\n "
	  "route 192.0.2.9 br0\n mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "vipa with a route of its own", "B", "!mount /: eth1 > sda; ", VIPA_ROUTE },
	{ "vipa with a route of its own, the other way", "A", "permitted", VIPA_ROUTE },
	{ "rnbd export", "A", "export rnbd-server vol: vda",
	  "disk A vda 253:0\n held vda\n "
	  "folder sys/class/rnbd-server/ctl/devices/vol\n "
	  "link sys/class/rnbd-server/ctl/devices/vol/block_dev ../../../../../block/vda" },
	{ "a port of a function in a pod", "A", "network-namespace 0000:00:01.0",
	  "net A eth0\n addr eth0 192.0.2.5/24\n elsewhere 0000:00:01.0 1" },
	{ "a port of another function in a pod", "A", "address 192.0.2.5/24: eth0; ",
	  "net A eth0\n addr eth0 192.0.2.5/24\n elsewhere 0000:00:02.0 1" },
	{ "process 1 in a chroot", "A", "!mount /: an unknown device, or vda",
	  "disk A vda 253:0\n mount 253:0=/x /srv ext4 /dev/vda\n noroot" },
	{ "process 1 in a chroot, a disk that is explained", "A", "mount /srv",
	  "disk A vda 253:0\n mount 253:0 /srv ext4 /dev/vda\n noroot" },
	{ "data over open vswitch", "A", "mount /data: eth0 > ovs-system > br0 > sda; ",
	  DATA_OVER_SWITCH },
	{ "data over open vswitch, a spare", "B", "-interface eth1", DATA_OVER_SWITCH },
	{ "nvmet export", "A", "export nvmet nqn.x/1: vda",
	  "disk A vda 253:0\n free vda\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path /dev/vda\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/enable 1" },
	{ "nvmet passthru", "A", "export nvmet nqn.x: nvme0; ",
	  "disk A nvme0n1 259:0\n free nvme0n1\n "
	  "link sys/class/nvme/nvme0 ../../devices/pci0000:00/0000:00:01.0/nvme/nvme0\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/passthru/device_path /dev/nvme0\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/passthru/enable 1" },
	{ "nvmet with a file of the disk", "A", "export nvmet nqn.x/1: vda",
	  "disk A vda 253:0\n mount 253:0 /data ext4 /dev/vda\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path /data/img\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/enable 1" },
	{ "iscsi target", "A", "export target iblock_0/d1: vda",
	  "disk A vda 253:0\n held vda\n "
	  "file sys/kernel/config/target/core/iblock_0/d1/udev_path /dev/vda\n "
	  "file sys/kernel/config/target/core/iblock_0/d1/enable 1" },
	{ "nvmet beside an unknown root", "A", "!mount /: rpool/x (zfs), or vda",
	  "disk A vda 253:0\n held vda\n mount 0:31 / zfs rpool/x\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path /dev/vda" },
	{ "a target with any name", "A", "export target iblock_0/*: vda",
	  "disk A vda 253:0\n held vda\n "
	  "file sys/kernel/config/target/core/iblock_0/*/udev_path /dev/vda\n "
	  "file sys/kernel/config/target/core/*/a*b/udev_path /dev/vdb" },
	{ "a target with a disk of iSCSI", "A", "export target iblock_0/d1: eth1 > sda",
	  "net A eth1\n addr eth1 192.0.2.5/24\n route 192.0.2.9 eth1\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n "
	  "file sys/kernel/config/target/core/iblock_0/d1/udev_path /dev/sda" },
	{ "9p over a socket of this machine", "A", "!mount /: x (9p), or vda",
	  "disk A vda 253:0\n held vda\n mount 0:60 / 9p x rw,trans=unix" },
	{ "an LVM mirror without its log", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n "
	  "scsi B sdc 8:32 running\n dm dm-0 vg-root_mimage_0 LVM-1 254:0 sdb\n "
	  "dm dm-1 vg-root_mimage_1 LVM-2 254:1 sdc\n "
	  "dm dm-3 vg-root_mlog LVM-4 254:3 sda\n "
	  "dm dm-2 vg-root LVM-3 254:2 dm-0 dm-1 dm-3\n mirror 254:2 8/8 AA\n "
	  "mount 254:2 / xfs /dev/dm-2" },
	{ "nvmet that is off", "A", "claimed vda",
	  "disk A vda 253:0\n held vda\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path /dev/vda\n "
	  "file sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/enable 0" },
	{ "nfs, a scope by its number", "A", "mount /data: eth1 > [fe80::1%eth1]:/d",
	  "net A eth1\n file sys/class/net/eth1/ifindex 3\n net B eth0\n "
	  "addr eth0 192.0.2.5/24\n "
	  "mount 0:49 /data nfs4 [fe80::1%eth1]:/d rw,addr=fe80::1%3" },
	{ "nvme, a scope of a VLAN", "A",
	  "mount /data: eth1 > eth1.100 > nvme0c0n1 > nvme0n1",
	  "net A eth1\n nif eth1.100\n upper eth1.100 eth1\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 /data xfs /dev/nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=fe80::9%eth1.100,trsvcid=4420" },
	{ "nvme, a source in capitals", "A", "mount /data: eth1 > nvme0c0n1 > nvme0n1",
	  "net A eth1\n addr eth1 2001:db8::6/64\n net B eth0\n "
	  "addr eth0 2001:db8::5/64\n route 2001:db8::9 eth0\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 /data xfs /dev/nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=2001:db8::9,trsvcid=4420,host_traddr=2001:DB8:0::6" },
	{ "iscsi, a target not compressed", "A", "mount /data: eth1 > sda",
	  "net A eth1\n addr eth1 2001:db8::6/64\n route 2001:db8::9 eth1\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "mount 8:0 /data xfs /dev/sda\n "
	  "file sys/class/iscsi_connection/connection1:0/address 2001:0db8:0000:0000:0000:0000:0000:0009" },
	{ "iscsi, the scope is in the persistent address", "A", "mount /data: eth1 > sda",
	  "net A eth1\n net B eth0\n route fe80::9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "mount 8:0 /data xfs /dev/sda\n "
	  "file sys/class/iscsi_connection/connection1:0/address fe80:0000:0000:0000:0000:0000:0000:0009\n "
	  "file sys/class/iscsi_connection/connection1:0/persistent_address fe80::9%eth1" },
	{ "nfs, an address of IPv4 in IPv6", "A", "mount /data: eth1 > srv:/d",
	  "net A eth1\n addr eth1 192.0.2.5/24\n route 192.0.2.9 eth1\n "
	  "mount 0:49 /data nfs4 srv:/d rw,addr=::ffff:192.0.2.9" },
	{ "drbd quorum net", "A", "?mapping drbd0",
	  "net A eth0\n addr eth0 192.0.2.5/24\n disk B vdb 253:16\n "
	  "over drbd0 147:0 vdb\n mount 147:0 /data ext4 /dev/drbd0" },
	{ "hnv backup down", "A", "!nfs-root",
	  "net A eth1\n net V eth0\n nif bond0\n "
	  "file sys/devices/vio/30000002/net/eth0/operstate down\n "
	  "file sys/class/net/bond0/bonding/mode x\n upper bond0 eth0 eth1\n "
	  "addr bond0 192.0.2.5/24\n route 192.0.2.9 bond0\n "
	  "mount 0:49 / nfs 192.0.2.9:/r rw,addr=192.0.2.9" },
	{ "iscsi ipv6 source", "B", "!mount /",
	  "net A eth0\n net B eth1\n addr eth0 2001:db8::5/64\n "
	  "addr eth1 2001:db8::6/64\n "
	  "route 2001:0db8:0000:0000:0000:0000:0000:0009 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 2001:0db8:0000:0000:0000:0000:0000:0009\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 2001:0db8:0000:0000:0000:0000:0000:0006\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "iscsi link local", "B", "!mount /",
	  "net A eth0\n net B eth1\n "
	  "route fe80:0000:0000:0000:0000:0000:0000:0009 eth0\n route fe80::9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address fe80:0000:0000:0000:0000:0000:0000:0009\n "
	  "file sys/class/iscsi_connection/connection1:0/persistent_address fe80::9%eth1\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress fe80:0000:0000:0000:0000:0000:0000:0005\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "ll nfs index", "A", "!nfs-root /",
	  "net A eth1\n file sys/class/net/eth1/ifindex 3\n "
	  "mount 0:49 / nfs4 [fe80::1%eth1]:/root rw,addr=fe80::1%3" },
	{ "ll nvme", "A", "!mount /",
	  "net A eth1\n nif eth1.100\n upper eth1.100 eth1\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 / xfs /dev/nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=fe80::1%eth1,trsvcid=4420" },
	{ "ll vlan nvme", "A", "!mount /",
	  "net A eth1\n nif eth1.100\n upper eth1.100 eth1\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 / xfs /dev/nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=fe80::1%eth1.100,trsvcid=4420" },
	{ "lvm raid1 unsynced", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n "
	  "dm dm-0 vg-root_rimage_0 LVM-1 254:0 sda\n "
	  "dm dm-1 vg-root_rimage_1 LVM-2 254:1 sdb\n "
	  "dm dm-2 vg-root LVM-3 254:2 dm-0 dm-1\n raid 254:2 raid1 2 Aa\n "
	  "mount 254:2 / xfs /dev/dm-2" },
	{ "mapped nfs", "A", "!nfs-root /",
	  "net A eth1\n net B eth0\n addr eth1 192.0.2.5/24\n "
	  "addr eth0 198.51.100.5/24\n route 192.0.2.9 eth1\n "
	  "route ::ffff:192.0.2.9 eth1\n "
	  "mount 0:49 / nfs4 srv:/root rw,addr=::ffff:192.0.2.9" },
	{ "md journal", "B", "!mount /",
	  "scsi A sda 8:0 running\n scsi A sdb 8:16 running\n "
	  "scsi A sdc 8:32 running\n scsi B sdd 8:48 running\n "
	  "md md0 raid5 3 0 9:0 sda sdb sdc sdd\n "
	  "file sys/class/block/md0/md/dev-sdd/state journal\n mount 9:0 / xfs /dev/md0" },
	{ "mpath other blocked", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 blocked\n "
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n "
	  "mount 254:0 / ext4 /dev/mapper/mpatha" },
	{ "mpath other standby", "A", "~multipath",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n "
	  "file sys/class/block/sdb/device/access_state standby\n "
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n "
	  "mount 254:0 / ext4 /dev/mapper/mpatha" },
	{ "nvme ipv6 source", "B", "!mount /",
	  "net A eth0\n net B eth1\n addr eth0 2001:db8::5/64\n "
	  "addr eth1 2001:db8::6/64\n route 2001:db8::9 eth0\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "file sys/class/nvme/nvme0/address traddr=2001:db8::9,trsvcid=4420,host_traddr=2001:DB8:0::6\n "
	  "mount 259:0 / xfs /dev/nvme0n1" },
	{ "nvme multipath iopolicy other dead", "A", "!mount /",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - deleting\n "
	  "virtual nvme0n1 259:0\n mount 259:0 / ext4 /dev/nvme0n1" },
	{ "nvme src ipv6 right", "B", "!mount /",
	  "net A eth0\n net B eth1\n addr eth0 2001:db8::5/64\n "
	  "addr eth1 2001:db8::6/64\n route 2001:db8::9 eth0\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "file sys/class/nvme/nvme0/address traddr=2001:db8::9,trsvcid=4420,src_addr=2001:db8::6\n "
	  "mount 259:0 / xfs /dev/nvme0n1" },
	{ "ovs iscsi root", "A", "!mount /",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n "
	  "addr br-ex 192.0.2.5/24\n default br-ex 192.0.2.1\n route 192.0.2.9 br-ex\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "ovs iscsi root two", "A", "!mount /",
	  "net A eth0\n nif ovs-system\n nif br-ex\n net B eth1\n "
	  "upper ovs-system eth0 eth1\n addr br-ex 192.0.2.5/24\n "
	  "default br-ex 192.0.2.1\n route 192.0.2.9 br-ex\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "ovs nbd root", "A", "!mount /",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n "
	  "addr br-ex 192.0.2.5/24\n virtual nbd0 43:0\n "
	  "file sys/class/block/nbd0/pid 77\n mount 43:0 / xfs /dev/nbd0" },
	{ "ovs nfs root", "A", "!nfs-root /",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n "
	  "addr br-ex 192.0.2.5/24\n route 192.0.2.9 br-ex\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "ovs nvme tcp root", "A", "!mount /",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n "
	  "addr br-ex 192.0.2.5/24\n route 192.0.2.9 br-ex\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 / xfs /dev/nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=192.0.2.9,trsvcid=4420,src_addr=192.0.2.5" },
	{ "pod hostpath root", "A", "refused",
	  "disk A vda 253:0\n part A vda vda3 253:3\n part A vda vda4 253:4\n "
	  "held vda3 vda4\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB,upperdir=/var/lib/containers/storage/overlay/x/diff,workdir=/var/lib/containers/storage/overlay/x/work\n "
	  "mount 253:4=/kubelet/etc-hosts /etc/hosts xfs /dev/vda4\n "
	  "mount 253:4=/kubelet/resolv.conf /etc/resolv.conf xfs /dev/vda4\n "
	  "mount 253:4=/kubelet/log /dev/termination-log xfs /dev/vda4" },
	{ "pod plain", "A", "refused",
	  "disk A vda 253:0\n part A vda vda4 253:4\n held vda vda4\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB,upperdir=/var/lib/containers/storage/overlay/x/diff,workdir=/var/lib/containers/storage/overlay/x/work\n "
	  "mount 0:51 /etc/hosts tmpfs tmpfs" },
	{ "pod rmc data disk", "B", "refused",
	  "disk A vda 253:0\n disk B vdb 253:16\n held vda vdb\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB,upperdir=/var/lib/containers/storage/overlay/x/diff,workdir=/var/lib/containers/storage/overlay/x/work\n "
	  "mount 253:0=/kubelet/etc-hosts /etc/hosts xfs /dev/vda" },
	{ "pod rmc one partition", "A", "refused",
	  "disk A vda 253:0\n part A vda vda2 253:2\n held vda vda2\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB,upperdir=/var/lib/containers/storage/overlay/x/diff,workdir=/var/lib/containers/storage/overlay/x/work\n "
	  "mount 253:2=/kubelet/etc-hosts /etc/hosts ext4 /dev/vda2\n "
	  "mount 253:2=/kubelet/log /dev/termination-log ext4 /dev/vda2\n "
	  "mount 253:2=/usr/lib/modules /lib/modules ext4 /dev/vda2" },
	{ "pod rmc rhcos", "A", "refused",
	  "disk A vda 253:0\n part A vda vda3 253:3\n part A vda vda4 253:4\n "
	  "held vda vda3 vda4\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB,upperdir=/var/lib/containers/storage/overlay/x/diff,workdir=/var/lib/containers/storage/overlay/x/work\n "
	  "mount 253:4=/kubelet/etc-hosts /etc/hosts xfs /dev/vda4\n "
	  "mount 253:4=/usr/lib/modules /lib/modules xfs /dev/vda4" },
	{ "pod in memory", "A", "!mount /: root (tmpfs), or vda",
	  "disk A vda 253:0\n held vda\n mount 0:30 / tmpfs root\n "
	  "mount 0:2 /usr rootfs rootfs" },
	{ "pod in memory, part of a disk", "A", "!mount /: root (tmpfs), or vda",
	  "disk A vda 253:0\n mount 0:30 / tmpfs root\n "
	  "mount 253:0=/hosts /etc/hosts xfs /dev/vda" },
	{ "raid1 other offline", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 offline\n "
	  "md md0 raid1 2 0 9:0 sda sdb\n mount 9:0 / xfs /dev/md0" },
	{ "raid10 degraded", "A", "!mount /",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n "
	  "scsi B sdc 8:32 running\n md md0 raid10 4 1 9:0 sda sdb sdc\n "
	  "file sys/class/block/md0/md/layout 258\n mount 9:0 / xfs /dev/md0" },
	{ "team", "A", "permitted",
	  "net A eth0\n net B eth1\n nif t0\n upper t0 eth0 eth1\n kind t0 team\n "
	  "addr t0 192.0.2.5/24\n route 192.0.2.9 t0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "a bridge with the name of a team", "A", "!nfs-root /",
	  "net A eth0\n net B eth1\n nif team0\n upper team0 eth0 eth1\n "
	  "kind team0 bridge\n addr team0 192.0.2.5/24\n route 192.0.2.9 team0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "team other down", "A", "!nfs-root /",
	  "net A eth0\n net B eth1\n nif team0\n "
	  "file sys/devices/pci0000:00/0000:00:02.0/net/eth1/operstate down\n "
	  "upper team0 eth0 eth1\n kind team0 team\n addr team0 192.0.2.5/24\n "
	  "route 192.0.2.9 team0\n mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "vipa iscsi root", "A", "!mount /",
	  "net A eth0\n nif lo\n addr lo 192.0.2.6/32\n default eth0 192.0.2.1\n "
	  "route 198.51.100.9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 198.51.100.9\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 192.0.2.6\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "vipa iscsi swap", "A", "!swap",
	  "net A eth0\n nif dummy0\n addr dummy0 192.0.2.6/32\n "
	  "default eth0 192.0.2.1\n route 198.51.100.9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 198.51.100.9\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 192.0.2.6\n swap /dev/sda" },
	{ "vipa two uplinks unused", "B", "permitted",
	  "net A eth0\n net B eth1\n nif dummy0\n addr dummy0 192.0.2.6/32\n "
	  "addr eth0 198.51.100.5/24\n addr eth1 203.0.113.5/24\n "
	  "route 198.51.100.9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "file sys/class/iscsi_connection/connection1:0/address 198.51.100.9\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 192.0.2.6\n "
	  "mount 8:0 / xfs /dev/sda" },
	{ "zvol root", "A", "!mount /",
	  "disk A vda 253:0\n held vda\n virtual zd0 230:0\n "
	  "mount 230:0 / ext4 /dev/zd0" },
	{ "zvol swap", "A", "!swap",
	  "disk A vda 253:0\n held vda\n virtual zd0 230:0\n swap /dev/zd0" },
	{ "swap on a device of which nothing shows more than the name", "A",
	  "!swap /dev/mapper/gone: /dev/mapper/gone, or vda",
	  "disk A vda 253:0\n held vda\n mount 0:5 /dev devtmpfs devtmpfs\n "
	  "swap /dev/mapper/gone" },
	{ "mounts of process 1 that cannot be read", "A",
	  "!mount /: /dev/vdb (ext4), or vda",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb\n "
	  "held vda\n unseen" },
	{ "the same, and a free disk", "A", "permitted",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb\n "
	  "free vda\n unseen" },
	{ "the same, on the card", "B", "!mount /: vdb",
	  "disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb\n unseen" },
	{ "no mounts that can be read", "A", "!mount /: an unknown device, or vda",
	  "disk A vda 253:0\n held vda\n unseen\n noroot" },
	{ "hvc0, without a terminal of the hypervisor", "A",
	  "!console hvc0: hvc0, or 0000:00:01.0",
	  "file sys/class/tty/console/active hvc0\n novty\n "
	  "link sys/class/tty/hvc0 ../../devices/virtual/tty/hvc0" },
	{ "the same, and a card with a disk", "A", "permitted",
	  "disk A vda 253:0\n free vda\n file sys/class/tty/console/active hvc0\n "
	  "novty\n link sys/class/tty/hvc0 ../../devices/virtual/tty/hvc0" },
	{ "hvc0, with a terminal of the hypervisor", "A", "permitted",
	  "file sys/class/tty/console/active hvc0\n "
	  "link sys/class/tty/hvc0 ../../devices/virtual/tty/hvc0" },
};

/* Ordinary systems. on: the cards that each of them needs; "": none */
static const struct {
	const char *name, *on, *tree;
} systems[] = {
	{ "plain", "A",
	  "disk A vda 253:0\n part A vda vda2 253:2\n mount 253:2 / ext4 /dev/vda2\n "
	  "held vda vda2" },
	{ "lvm", "A",
	  "disk A vda 253:0\n dm dm-0 vg-root LVM-1 254:0 vda\n "
	  "dm dm-1 vg-swap LVM-2 254:1 vda\n mount 254:0 / xfs /dev/mapper/vg-root\n "
	  "swap /dev/dm-1\n held vda dm-0 dm-1" },
	{ "luks", "A",
	  "disk A vda 253:0\n part A vda vda2 253:2\n "
	  "dm dm-0 luks-r CRYPT-LUKS2-1 254:0 vda2\n "
	  "dm dm-1 vg-root LVM-1 254:1 dm-0\n mount 254:1 / xfs /dev/mapper/vg-root\n "
	  "part A vda vda1 253:1\n mount 253:1 /boot ext4 /dev/vda1\n "
	  "held vda vda1 vda2 dm-0 dm-1" },
	{ "md raid1 two cards", "AV",
	  "disk A vda 253:0\n scsi V sda 8:0 running\n md md0 raid1 2 0 9:0 vda sda\n "
	  "mount 9:0 / xfs /dev/md0\n held vda sda md0" },
	{ "md raid0", "A",
	  "disk A vda 253:0\n scsi V sda 8:0 running\n md md0 raid0 2 0 9:0 vda sda\n "
	  "mount 9:0 / xfs /dev/md0\n held vda sda md0" },
	{ "multipath", "AV",
	  "scsi A sda 8:0 running\n scsi V sdb 8:16 running\n "
	  "dm dm-0 mpatha mpath-36 254:0 sda sdb\n vpart dm-0 dm-1 254:1\n "
	  "mount 254:0 / xfs /dev/mapper/mpatha\n held sda sdb dm-0" },
	{ "btrfs two", "V",
	  "disk A vda 253:0\n scsi V sda 8:0 running\n btrfs u1 vda sda\n "
	  "mount 0:40=/root / btrfs /dev/vda\n mount 0:40=/home /home btrfs /dev/vda\n "
	  "held vda sda" },
	{ "fcos", "A",
	  "disk A vda 253:0\n part A vda vda3 253:3\n part A vda vda4 253:4\n "
	  "mount 253:4 /sysroot xfs /dev/vda4\n mount 0:30 /run tmpfs tmpfs\n "
	  "mount 0:33 / overlay composefs ro,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects,redirect_dir=on,metacopy=on\n "
	  "mount 253:4=/ostree/deploy/x/var /var xfs /dev/vda4\n "
	  "mount 253:4=/ostree/deploy/x/etc /etc xfs /dev/vda4\n "
	  "mount 253:3 /boot ext4 /dev/vda3\n held vda vda3 vda4" },
	{ "bootc hidden", "A",
	  "disk A vda 253:0\n part A vda vda4 253:4\n "
	  "mount 253:4 /sysroot xfs /dev/vda4\n "
	  "mount 0:33 / overlay composefs ro,lowerdir+=/x/cfsroot-lower,datadir+=/gone/objects\n "
	  "mount 253:4=/ostree/deploy/x/var /var xfs /dev/vda4\n held vda vda4" },
	{ "bootc nosysroot", "A",
	  "disk A vda 253:0\n part A vda vda4 253:4\n "
	  "mount 0:33 / overlay composefs ro,lowerdir+=/x/cfsroot-lower,datadir+=/gone/objects\n "
	  "mount 253:4=/ostree/deploy/x/var /var xfs /dev/vda4\n "
	  "mount 253:4=/ostree/deploy/x/etc /etc xfs /dev/vda4\n held vda vda4" },
	{ "zfs root", "A",
	  "disk A vda 253:0\n part A vda vda1 253:1\n mount 0:31 / zfs rpool/ROOT/x\n "
	  "mount 0:32 /boot zfs bpool/BOOT\n held vda vda1" },
	{ "live ram", "",
	  "mount 0:30 /run tmpfs tmpfs\n mount 0:33 /run/live/medium tmpfs tmpfs\n "
	  "loop loop0 7:0 /run/live/medium/live/filesystem.squashfs\n "
	  "mount 7:0 /run/live/rootfs/filesystem.squashfs squashfs /dev/loop0\n "
	  "mount 0:31 /run/live/overlay tmpfs tmpfs\n "
	  "mount 0:32 / overlay overlay rw,lowerdir=/run/live/rootfs/filesystem.squashfs/,upperdir=/run/live/overlay/rw\n "
	  "held loop0" },
	{ "live casper toram", "",
	  "mount 0:33 /cdrom tmpfs tmpfs\n "
	  "loop loop0 7:0 /cdrom/casper/minimal.squashfs\n "
	  "mount 0:32 / overlay /cow rw,lowerdir=/minimal.squashfs,upperdir=/cow/upper\n "
	  "held loop0" },
	{ "initramfs deleted file", "",
	  "loop loop0 7:0 /squash.img\\040(deleted)\n "
	  "mount 7:0 / squashfs /dev/loop0\n held loop0" },
	{ "initramfs", "", "mount 0:2 / rootfs rootfs" },
	{ "stateless", "", "mount 0:30 / tmpfs rootfs" },
	{ "layers that /sys covers", "",
	  "mount 0:33 / overlay guest rw,lowerdir=/sys/mirror,upperdir=/sys/upper/0\n "
	  "mount 0:22 /sys fuse kernel" },
	{ "nfs root", "A",
	  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "nfs root bridge tap", "A",
	  "net A eth0\n nif br0\n nif tap0\n file sys/class/net/br0/bridge/x 1\n "
	  "kind tap0 tun\n "
	  "upper br0 eth0 tap0\n addr br0 192.0.2.5/24\n route 192.0.2.9 br0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "iscsi v4", "A",
	  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "mount 8:0 / xfs /dev/sda\n held sda\n "
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 192.0.2.5" },
	{ "iscsi v6", "A",
	  "net A eth0\n addr eth0 2001:db8::5/64\n "
	  "route 2001:0db8:0000:0000:0000:0000:0000:0009 eth0\n "
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n "
	  "mount 8:0 / xfs /dev/sda\n held sda\n "
	  "file sys/class/iscsi_connection/connection1:0/address 2001:0db8:0000:0000:0000:0000:0000:0009\n "
	  "file sys/class/iscsi_host/host3/netdev default\n "
	  "file sys/class/iscsi_host/host3/ipaddress 2001:0db8:0000:0000:0000:0000:0000:0005" },
	{ "nvme tcp v4", "A",
	  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "vpart nvme0n1 nvme0n1p1 259:1\n mount 259:1 / xfs /dev/nvme0n1p1\n "
	  "held nvme0n1 nvme0n1p1\n "
	  "file sys/class/nvme/nvme0/address traddr=192.0.2.9,trsvcid=4420,src_addr=192.0.2.5" },
	{ "nvme tcp v6", "A",
	  "net A eth0\n addr eth0 2001:db8::5/64\n route 2001:db8::9 eth0\n "
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "vpart nvme0n1 nvme0n1p1 259:1\n mount 259:1 / xfs /dev/nvme0n1p1\n "
	  "held nvme0n1 nvme0n1p1\n "
	  "file sys/class/nvme/nvme0/address traddr=2001:db8::9,trsvcid=4420,src_addr=2001:db8::5" },
	{ "nvme pcie", "A",
	  "disk A nvme0n1 259:0\n part A nvme0n1 nvme0n1p2 259:2\n "
	  "mount 259:2 / xfs /dev/nvme0n1p2\n held nvme0n1 nvme0n1p2" },
	{ "nvme fc", "A",
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n "
	  "mount 259:0 / xfs /dev/nvme0n1\n held nvme0n1\n "
	  "file sys/class/nvme/nvme0/address traddr=nn-0x200000109b000001:pn-0x100000109b000001,host_traddr=nn-0x200000109b0000aa:pn-0x100000109b0000aa\n "
	  "link sys/class/fc_host/host1 ../../devices/pci0000:00/0000:00:01.0/host1/fc_host/host1\n "
	  "file sys/devices/pci0000:00/0000:00:01.0/host1/fc_host/host1/port_name 0x100000109b0000aa" },
	{ "fc scsi", "A",
	  "far pci0000:00/0000:00:01.0/host1/rport-1:0-0/target1:0:0/1:0:0:0/block sda 8:0\n "
	  "mount 8:0 / xfs /dev/sda\n held sda" },
	{ "vscsi", "V",
	  "scsi V sda 8:0 running\n part V sda sda3 8:3\n mount 8:3 / xfs /dev/sda3\n "
	  "held sda sda3" },
	{ "autofs boot", "A",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n "
	  "mount 253:2 / ext4 /dev/vda2\n mount 0:45 /boot autofs systemd-1 rw,fd=39\n "
	  "mount 253:1 /boot ext4 /dev/vda1\n held vda vda1 vda2" },
	{ "autofs efi idle", "A",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n "
	  "mount 0:45 /boot/efi autofs systemd-1 rw,fd=39\n held vda" },
	{ "swap zram", "A",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n virtual zram0 251:0\n "
	  "file sys/class/block/zram0/backing_dev none\n swap /dev/zram0\n "
	  "held vda zram0" },
	{ "swap file", "A",
	  "disk A vda 253:0\n mount 253:0=/root / btrfs /dev/vda\n "
	  "mount 0:5 /dev devtmpfs devtmpfs\n swap /swap/file\n held vda" },
	{ "swap file data", "V",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n scsi V sda 8:0 running\n "
	  "mount 8:0 /var xfs /dev/sda\n swap /var/swap\n held vda sda" },
	{ "bond", "AV",
	  "net A eth0\n net V eth1\n nif bond0\n "
	  "file sys/class/net/bond0/bonding/mode x\n upper bond0 eth0 eth1\n "
	  "addr bond0 192.0.2.5/24\n route 192.0.2.9 bond0\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "zvol swap", "V",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n scsi V sda 8:0 running\n "
	  "virtual zd0 230:0\n swap /dev/zd0\n held vda sda zd0" },
	{ "pod own proc1", "A",
	  "disk A vda 253:0\n part A vda vda4 253:4\n held vda vda4\n "
	  "mount 0:50 / overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AB\n "
	  "mount 253:4=/kubelet/hosts /etc/hosts xfs /dev/vda4" },
	{ "ovs local root", "A",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n held vda\n net V eth0\n "
	  "nif ovs-system\n nif br-ex\n upper ovs-system eth0\n addr br-ex 192.0.2.5/24" },
	{ "ovs nfs root", "A",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n "
	  "kind ovs-system openvswitch\n kind br-ex openvswitch\n "
	  "addr br-ex 192.0.2.5/24\n route 192.0.2.9 br-ex\n "
	  "mount 0:49 / nfs4 192.0.2.9:/root rw,addr=192.0.2.9" },
	{ "console vty", "T",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n held vda\n "
	  "file sys/class/tty/console/active hvc0\n "
	  "link sys/bus/vio/devices/30000000/driver ../../bus/vio/drivers/hvc_console\n "
	  "file proc/device-tree/chosen/linux,stdout-path /vdevice/vty@30000000" },
	{ "console virtio", "A",
	  "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n held vda\n "
	  "file sys/class/tty/console/active hvc0\n "
	  "link sys/class/tty/hvc0 ../../devices/virtual/tty/hvc0\n "
	  "link sys/class/virtio-ports/vport0p0 ../../devices/pci0000:00/0000:00:05.1/virtio0/virtio-ports/vport0p0" },
};

/* What each of these systems has beside it, and loses without a question: a data disk (B), a
 * network card (F), a display (Q) */
#define SPARE                                                               \
	"\n disk B vdx 252:160\n net F eth9\n addr eth9 203.0.113.77/24\n " \
	"file sys/bus/pci/devices/0000:01:01.0/class 0x030000\n "           \
	"file sys/bus/pci/devices/0000:00:06.0/class 0x060400\n "
#define MOUNTED "mount 252:160 /data ext4 /dev/vdx\n held vdx"
#define UNUSED	"free vdx"

/* Return whether the removal of these cards is refused. */
static bool is_refused(const char *tree, const char *gone, char *found, size_t size)
{
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts told = { .mem = &mem };
	const char *nodes[8];
	struct impact_root b;
	struct xact x;
	size_t n = 0;
	int err;

	impact_root_begin(&b, tree);
	b.f->impacts[0] = '\0';
	for (; *gone; gone++)
		nodes[n++] = impact_root_node(*gone);
	xact_begin(&x, &b.f->dr, b.f->mem);
	err = xact_end(&x, impact_check(&x, nodes, n, &told));
	assert_true(!err || err == -EBUSY);
	snprintf(found, size, "%s", b.f->impacts);
	impact_root_end(&b);
	return err;
}

static bool ends_as_wanted(bool refused, const char *found, const char *want)
{
	const char *at = strstr(found, want);

	if (!strcmp(want, "nothing"))
		return !refused && !*found;
	if (!strcmp(want, "refused") || !strcmp(want, "permitted"))
		return refused == !strcmp(want, "refused");
	/* an item has its mark before it */
	return refused == (*want == '!') && at && (at == found || at[-1] == ' ');
}

static void reported_systems(void **state)
{
	char found[4096];
	int n_wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool refused =
			is_refused(cases[i].tree, cases[i].gone, found, sizeof(found));

		if (ends_as_wanted(refused, found, cases[i].want))
			continue;
		print_error("%s: wanted: %s; found: %s\n", cases[i].name, cases[i].want,
			    found);
		n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

/* The removals of a system: its own cards, and the spare ones. */
static const struct {
	const char *gone, *spare;
	bool refused;
} removals[] = {
	{ NULL, MOUNTED, true }, { "B", MOUNTED, false }, { "F", MOUNTED, false },
	{ "Q", MOUNTED, false }, { "B", UNUSED, false },
};

static const char *removal_text(size_t system, size_t removal, char text[LAYOUT_MAX])
{
	snprintf(text, LAYOUT_MAX, "%s" SPARE "%s", systems[system].tree,
		 removals[removal].spare);
	return removals[removal].gone ? removals[removal].gone : systems[system].on;
}

static void ordinary_systems(void **state)
{
	char tree[LAYOUT_MAX], found[4096];
	int n_wrong = 0;

	(void)state;
	assert_true(COUNT(systems) >= 37);
	for (size_t i = 0; i < COUNT(systems); i++)
		for (size_t k = 0; k < COUNT(removals); k++) {
			const char *gone = removal_text(i, k, tree);

			if (!*gone || is_refused(tree, gone, found, sizeof(found)) ==
					      removals[k].refused)
				continue;
			print_error("%s without %s: %s; found: %s\n", systems[i].name,
				    gone, removals[k].spare, found);
			n_wrong++;
		}
	assert_int_equal(n_wrong, 0);
}

/* ---- Invented names --------------------------------------------------------------- */

/* The names of layers, drivers and transports, each with an invented one. Those of block
 * devices precede a number. */
static const char *const block_names[][2] = {
	{ "dm-", "qm-" },    { "md", "qd" },	   { "loop", "qoop" },
	{ "zram", "qram" },  { "nvme", "qvme" },   { "zd", "qz" },
	{ "drbd", "qrbdd" }, { "nbd", "qnbd" },	   { "rbd", "qrbd" },
	{ "rnbd", "qrnbd" }, { "hvc", "qvc" },	   { "bcache", "qcache" },
	{ "ttyS", "qtyS" },  { "ublkb", "qblkb" },
};
static const char *const other_names[][2] = {
	{ "etherd!", "qtherd!" },
	{ "nvme-fabrics", "qvme-fabrics" },
	{ "sys/class/nvme/", "sys/class/qvme/" },
	{ "/session", "/zession" },
	{ "iscsi_", "qscsi_" },
	{ "fc_host", "qc_host" },
	{ "/vduse/", "/qduse/" },
	{ "fs/virtiofs", "fs/qvirtiofs" },
	{ "drivers/virtiofs", "drivers/qvirtiofs" },
	{ "9pnet_virtio", "q9pnet" },
	{ "fs/ext4", "fs/qext4" },
	{ "jbd2", "qbd2" },
	{ "hvc_console", "qvc_console" },
	{ "bonding_slave", "qonding_slave" },
	{ "/bonding", "/qonding" },
	{ "/bridge", "/qridge" },
	{ "virtio-ports", "qirtio-ports" },
};

/* The block devices of a layout */
struct blocks {
	struct {
		char name[32], number[16], parent[32];
		bool is_used, is_known;
	} list[64];
	size_t n;
};

enum { WORDS = 40 };

static size_t words_of(char *line, char *w[WORDS])
{
	char *save = NULL;
	size_t n = 0;

	for (char *at = strtok_r(line, " ", &save); at && n < WORDS;
	     at = strtok_r(NULL, " ", &save))
		w[n++] = at;
	return n;
}

static void put_renamed(FILE *to, const char *text)
{
	const char *begin = text;

	while (*text) {
		const char *const(*found)[2] = NULL;
		bool is_begin = text == begin ||
				(!isalnum((unsigned char)text[-1]) && text[-1] != '-');

		for (size_t i = 0; i < COUNT(other_names) && !found; i++)
			if (!strncmp(text, other_names[i][0], strlen(other_names[i][0])))
				found = &other_names[i];
		for (size_t i = 0; i < COUNT(block_names) && is_begin && !found; i++) {
			size_t len = strlen(block_names[i][0]);

			if (!strncmp(text, block_names[i][0], len) &&
			    isdigit((unsigned char)text[len]))
				found = &block_names[i];
		}
		if (found)
			fputs((*found)[1], to);
		else
			fputc(*text, to);
		text += found ? strlen((*found)[0]) : 1;
	}
}

static void block_add(struct blocks *b, const char *name, const char *number,
		      const char *parent)
{
	assert_true(b->n < COUNT(b->list));
	snprintf(b->list[b->n].name, sizeof(b->list->name), "%s", name);
	snprintf(b->list[b->n].number, sizeof(b->list->number), "%s", number);
	snprintf(b->list[b->n].parent, sizeof(b->list->parent), "%s", parent);
	b->n++;
}

static void block_mark(struct blocks *b, const char *name, size_t len, bool known)
{
	for (size_t i = 0; i < b->n; i++)
		if (strlen(b->list[i].name) == len &&
		    !strncmp(b->list[i].name, name, len)) {
			b->list[i].is_known |= known;
			b->list[i].is_used |= !known;
			if (*b->list[i].parent && !known)
				block_mark(b, b->list[i].parent,
					   strlen(b->list[i].parent), false);
		}
}

/* Rows of the language: the words with name, number and disk, and the first of those below */
static const struct {
	const char *kind;
	int name, number, parent, below;
} rows[] = {
	{ "disk", 2, 3, 0, 0 },	 { "scsi", 2, 3, 0, 0 },  { "part", 3, 4, 2, 0 },
	{ "vpart", 2, 3, 1, 0 }, { "far", 2, 3, 0, 0 },	  { "virtual", 1, 2, 0, 0 },
	{ "over", 1, 2, 0, 3 },	 { "loop", 1, 2, 0, 0 },  { "dm", 1, 4, 0, 5 },
	{ "md", 1, 5, 0, 6 },	 { "btrfs", 0, 0, 0, 2 },
};

static void read_block(struct blocks *b, char **w, size_t n)
{
	(void)n;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!strcmp(w[0], rows[i].kind) && rows[i].name)
			block_add(b, w[rows[i].name], w[rows[i].number],
				  rows[i].parent ? w[rows[i].parent] : "");
}

static void read_uses(struct blocks *b, char **w, size_t n)
{
	bool is_known = !strcmp(w[0], "held") || !strcmp(w[0], "free") ||
			!strcmp(w[0], "unknown");

	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = (size_t)rows[i].below;
		     rows[i].below && !strcmp(w[0], rows[i].kind) && k < n; k++)
			block_mark(b, w[k], strlen(w[k]), false);
	for (size_t i = 0; !strcmp(w[0], "mount") && i < b->n; i++)
		if (strcspn(w[1], "=") == strlen(b->list[i].number) &&
		    !strncmp(w[1], b->list[i].number, strlen(b->list[i].number)))
			block_mark(b, b->list[i].name, strlen(b->list[i].name), false);
	for (size_t k = 1; k < n; k++) {
		const char *dev = strstr(w[k], "/dev/"), *journal = strstr(w[k], "jbd2/");

		if (is_known)
			block_mark(b, w[k], strlen(w[k]), true);
		if (dev)
			block_mark(b, dev + 5, strcspn(dev + 5, "/ ,:"), false);
		if (journal)
			block_mark(b, journal + 5, strlen(journal + 5), false);
	}
}

/* A layer is one of an unknown kind, without what only known kinds have. */
static void put_line(FILE *to, char **w, size_t n)
{
	bool is_dm = !strcmp(w[0], "dm"), is_md = !strcmp(w[0], "md");
	size_t from = 0;

	if (!strcmp(w[0], "raid") || !strcmp(w[0], "paths") || !strcmp(w[0], "mirror") ||
	    !strcmp(w[0], "kind") || !strcmp(w[0], "btrfs") ||
	    (!strcmp(w[0], "file") && strstr(w[1], "/md/")))
		return;
	if (is_dm || is_md) {
		fputs("over ", to);
		put_renamed(to, w[1]);
		fprintf(to, " %s", w[is_dm ? 4 : 5]);
		from = is_dm ? 5 : 6;
	} else if (!strcmp(w[0], "loop")) {
		fputs("virtual ", to);
		put_renamed(to, w[1]);
		fprintf(to, " %s\nfile sys/class/block/", w[2]);
		put_renamed(to, w[1]);
		fputs("/qoop/backing_file", to);
		from = 3;
	}
	for (size_t k = from; k < n; k++) {
		fputs(k ? " " : "", to);
		fputs(k == 3 && !strcmp(w[0], "mount") ? "q" : "", to);
		put_renamed(to, w[k]);
	}
	fputc('\n', to);
}

/* Return the layout with invented names, which the caller frees. The kernel holds what has a
 * use, also if the name of the use is unknown. */
static char *invented(const char *tree)
{
	void (*const passes[])(struct blocks * b, char **w, size_t n) = { read_block,
									  read_uses };
	struct blocks b = { .n = 0 };
	char *text = NULL, *w[WORDS];
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (size_t pass = 0; pass < 3; pass++) {
		char *copy = strdup(tree), *save = NULL;

		for (char *line = strtok_r(copy, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			size_t n = words_of(line, w);

			if (n && pass < 2)
				passes[pass](&b, w, n);
			else if (n)
				put_line(to, w, n);
		}
		free(copy);
	}
	for (size_t i = 0; i < b.n; i++)
		if (b.list[i].is_used && !b.list[i].is_known) {
			fputs("held ", to);
			put_renamed(to, b.list[i].name);
			fputc('\n', to);
		}
	fclose(to);
	return text;
}

/* Return 1 if a refused layout is permitted with invented names; count the refused ones. */
static int is_lost(const char *name, const char *gone, const char *tree, bool refused,
		   int *n_refused)
{
	char found[4096], *other;
	bool is_kept;

	if (!*gone || !refused)
		return 0;
	++*n_refused;
	other = invented(tree);
	is_kept = is_refused(other, gone, found, sizeof(found));
	if (!is_kept)
		print_error("%s (%s): permitted with invented names:\n%s", name, gone,
			    other);
	free(other);
	return !is_kept;
}

/* A known name can only permit: what was refused is refused whatever things are called. */
static void invented_names(void **state)
{
	char tree[LAYOUT_MAX];
	int n_lost = 0, n = 0;

	(void)state;
	for (size_t i = 0; i < n_impact_layouts; i++) {
		const char *found = impact_layouts[i].found;

		n_lost += is_lost(impact_layouts[i].name, impact_layouts[i].gone,
				  impact_layouts[i].tree,
				  *found == '!' || strstr(found, " !"), &n);
	}
	for (size_t i = 0; i < COUNT(cases); i++)
		n_lost += is_lost(
			cases[i].name, cases[i].gone, cases[i].tree,
			*cases[i].want == '!' || !strcmp(cases[i].want, "refused"), &n);
	for (size_t i = 0; i < COUNT(systems); i++)
		n_lost += is_lost(systems[i].name, removal_text(i, 0, tree), tree,
				  removals[0].refused, &n);
	assert_true(n >= 140);
	assert_int_equal(n_lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reported_systems),
		cmocka_unit_test(ordinary_systems),
		cmocka_unit_test(invented_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
