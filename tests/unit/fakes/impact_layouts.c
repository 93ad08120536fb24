// SPDX-License-Identifier: GPL-2.0-or-later
/* tests/unit/libdrmgr/t-impact.c has the expected result for each. */
#include "tests/unit/fakes/impact_root.h"

const struct impact_layout impact_layouts[] = {
	{ "nothing", "", "A", "" },
	{ "a disk without a use", "disk A vda 253:0", "A", "" },
	{ "another card's root",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb", "A",
	  "" },
	{ "ext4 on the disk itself", "disk A vda 253:0\n mount 253:0 / ext4 /dev/root",
	  "A", "!mount /: vda; " },
	{ "a partition for data",
	  "disk A vda 253:0\n part A vda vda1 253:1\n mount 253:1 /data ext4 /dev/vda1",
	  "A", "mount /data: vda1; " },
	{ "what the system needs, and what it does not",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n"
	  "part A vda vda3 253:3\n part A vda vda4 253:4\n"
	  "mount 253:1 /usr ext4 /dev/vda1\n mount 253:2 /boot ext4 /dev/vda2\n"
	  "mount 253:3 /boot/efi vfat /dev/vda3\n mount 253:4 /usr/local ext4 /dev/vda4\n"
	  "mount 253:4 /boots ext4 /dev/vda4",
	  "A",
	  "!mount /usr: vda1; !mount /boot: vda2; !mount /boot/efi: vda3; "
	  "mount /usr/local: vda4; mount /boots: vda4; " },
	{ "a bind mount", "disk A vda 253:0\n mount 253:0 /srv\\040x ext4 /dev/vda", "A",
	  "mount /srv x: vda; " },
	{ "LVM on one disk",
	  "disk A vda 253:0\n dm dm-0 vg0-root LVM-1 254:0 vda\n"
	  "dm dm-1 vg0-home LVM-2 254:1 vda\n"
	  "mount 254:0 / xfs /dev/mapper/vg0-root\n mount 254:1 /home xfs /dev/dm-1",
	  "A",
	  "volume-group vg0: vda; !mount /: vda > vg0-root; mount /home: vda > vg0-home; " },
	{ "LVM over two disks",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 a--b-c--d LVM-1 254:0 vda vdb\n"
	  "mount 254:0 /data xfs /dev/mapper/a--b-c--d",
	  "B", "volume-group a-b: vdb; mount /data: vdb > a--b-c--d; " },
	{ "an LVM mirror over two disks",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-m_mimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-m_mimage_1 LVM-2 254:1 vdb\n dm dm-2 v-m LVM-3 254:2 dm-0 dm-1\n"
	  "mirror 254:2 1024/1024 AA\n mount 254:2 / xfs /dev/mapper/v-m",
	  "A", "volume-group v: vda; ~array v-m: vda > v-m_mimage_0; " },
	{ "an LVM mirror whose other leg has failed",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-m_mimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-m_mimage_1 LVM-2 254:1 vdb\n dm dm-2 v-m LVM-3 254:2 dm-0 dm-1\n"
	  "mirror 254:2 1024/1024 AD\n mount 254:2 / xfs /dev/mapper/v-m",
	  "A", "volume-group v: vda; !mount /: vda > v-m_mimage_0 > v-m; " },
	{ "an LVM mirror that is still being copied",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-m_mimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-m_mimage_1 LVM-2 254:1 vdb\n dm dm-2 v-m LVM-3 254:2 dm-0 dm-1\n"
	  "mirror 254:2 512/1024 AA\n mount 254:2 / xfs /dev/mapper/v-m",
	  "A", "volume-group v: vda; !mount /: vda > v-m_mimage_0 > v-m; " },
	{ "an LVM volume of an unknown kind",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r",
	  "A", "volume-group v: vda; !mount /: vda > v-r_rimage_0 > v-r; " },
	{ "LVM RAID 1",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid1 2 AA",
	  "A", "volume-group v: vda; ~array v-r: vda > v-r_rimage_0; " },
	{ "LVM RAID 1 whose other leg has failed",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid1 2 AD",
	  "A", "volume-group v: vda; !mount /: vda > v-r_rimage_0 > v-r; " },
	{ "LVM RAID 1 whose legs both go",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid1 2 AA",
	  "AB", "volume-group v: vda; !mount /: vda > v-r_rimage_0 > v-r; " },
	{ "LVM RAID 0",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid0 2 AA",
	  "A", "volume-group v: vda; !mount /: vda > v-r_rimage_0 > v-r; " },
	{ "LVM RAID 5",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid5_ls 3 AAA",
	  "A", "volume-group v: vda; ~array v-r: vda > v-r_rimage_0; " },
	{ "LVM RAID 6, degraded twice",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 v-r_rimage_0 LVM-1 254:0 vda\n"
	  "dm dm-1 v-r_rimage_1 LVM-2 254:1 vdb\n dm dm-2 v-r LVM-3 254:2 dm-0 dm-1\n"
	  "mount 254:2 / xfs /dev/mapper/v-r\n raid 254:2 raid6_zr 5 AADDA",
	  "A", "volume-group v: vda; !mount /: vda > v-r_rimage_0 > v-r; " },
	{ "dm-crypt",
	  "disk A vda 253:0\n part A vda vda1 253:1\n"
	  "dm dm-0 luks-root CRYPT-LUKS2-1 254:0 vda1\n"
	  "mount 254:0 / ext4 /dev/mapper/luks-root",
	  "A", "mapping luks-root: vda1; !mount /: vda1 > luks-root; " },
	{ "dm-crypt on LVM",
	  "disk A vda 253:0\n dm dm-0 vg-a LVM-1 254:0 vda\n"
	  "dm dm-1 crypt CRYPT-1 254:1 dm-0\n mount 254:1 /data ext4 /dev/mapper/crypt",
	  "A",
	  "volume-group vg: vda; mapping crypt: vda > vg-a; "
	  "mount /data: vda > vg-a > crypt; " },
	{ "md RAID 1, both members on one card",
	  "disk A vda 253:0\n disk A vdb 253:16\n md md0 raid1 2 0 9:0 vda vdb\n"
	  "mount 9:0 / ext4 /dev/md0",
	  "A", "array md0: vda; !mount /: vda > md0; " },
	{ "md RAID 1, a member on each card",
	  "disk A vda 253:0\n disk B vdb 253:16\n md md0 raid1 2 0 9:0 vda vdb\n"
	  "mount 9:0 / ext4 /dev/md0",
	  "A", "~array md0: vda; " },
	{ "md RAID 1 whose other member has failed",
	  "disk A vda 253:0\n disk B vdb 253:16\n md md0 raid1 2 1 9:0 vda\n"
	  "mount 9:0 / ext4 /dev/md0",
	  "A", "array md0: vda; !mount /: vda > md0; " },
	{ "md RAID 1 with a spare on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n disk B vdc 253:32\n"
	  "md md0 raid1 2 0 9:0 vda vdb vdc\n"
	  "file sys/class/block/md0/md/dev-vda/state spare\n mount 9:0 / ext4 /dev/md0",
	  "A", "~array md0: vda; " },
	{ "md RAID 0",
	  "disk A vda 253:0\n disk B vdb 253:16\n"
	  "md md0 raid0 2 0 9:0 vda vdb\n mount 9:0 /data ext4 /dev/md0",
	  "A", "array md0: vda; mount /data: vda > md0; " },
	{ "md RAID 5, degraded",
	  "disk A vda 253:0\n disk B vdb 253:16\n md md0 raid5 3 1 9:0 vda vdb\n"
	  "mount 9:0 /data ext4 /dev/md0",
	  "A", "array md0: vda; mount /data: vda > md0; " },
	{ "md RAID 6, two of four members on the card",
	  "disk A vda 253:0\n disk A vdb 253:16\n disk B vdc 253:32\n disk B vdd 253:48\n"
	  "md md0 raid6 4 0 9:0 vda vdb vdc vdd\n mount 9:0 / ext4 /dev/md0",
	  "A", "~array md0: vda; " },
	{ "md RAID 10, near copies on two cards, then both on one",
	  "disk A vda 253:0\n disk B vdb 253:16\n md md0 raid10 2 0 9:0 vda vdb\n"
	  "file sys/class/block/md0/md/layout 258\n mount 9:0 / ext4 /dev/md0",
	  "A", "~array md0: vda; " },
	{ "LVM on md, whose journal is on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n disk B vdc 253:32\n"
	  "md md0 raid5 2 0 9:0 vda vdb vdc\n"
	  "file sys/class/block/md0/md/dev-vda/state in_sync,journal\n"
	  "dm dm-0 vg0-root LVM-1 254:0 md0\n mount 254:0 / ext4 /dev/mapper/vg0-root",
	  "A",
	  "array md0: vda; volume-group vg0: vda > md0; "
	  "!mount /: vda > md0 > vg0-root; " },
	{ "dm-multipath over two cards",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n dm dm-1 mpatha1 part1-mpath 254:1 dm-0\n"
	  "mount 254:1 / ext4 /dev/mapper/mpatha1",
	  "A", "~multipath mpatha: sda; " },
	{ "dm-multipath over two cards that both go",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha",
	  "AB", "multipath mpatha: sda; !mount /: sda > mpatha; " },
	{ "dm-multipath, both paths on one card",
	  "scsi A sda 8:0 running\n scsi A sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha",
	  "A", "multipath mpatha: sda; !mount /: sda > mpatha; " },
	{ "dm-multipath whose other path is offline",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 offline\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha",
	  "A", "multipath mpatha: sda; !mount /: sda > mpatha; " },
	{ "dm-multipath whose other path has failed, which SCSI does not see",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n paths 254:0 8:0 A 8:16 F\n"
	  "mount 254:0 / ext4 /dev/mapper/mpatha",
	  "A", "multipath mpatha: sda; !mount /: sda > mpatha; " },
	{ "dm-multipath whose path on the card has failed before",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n paths 254:0 8:0 F 8:16 A\n"
	  "mount 254:0 / ext4 /dev/mapper/mpatha",
	  "A", "~multipath mpatha: sda; " },
	{ "NVMe",
	  "disk A nvme0n1 259:0\n part A nvme0n1 nvme0n1p1 259:1\n"
	  "mount 259:1 / ext4 /dev/nvme0n1p1",
	  "A", "!mount /: nvme0n1p1; " },
	{ "NVMe multipath, one controller",
	  "scsi A nvme0c0n1 - live\n virtual nvme0n1 259:0\n vpart nvme0n1 nvme0n1p1 259:1\n"
	  "mount 259:1 / ext4 /dev/nvme0n1p1",
	  "A",
	  "multipath nvme0n1: nvme0c0n1; !mount /: nvme0c0n1 > nvme0n1 > nvme0n1p1; " },
	{ "NVMe multipath, a controller on each card",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - live\n virtual nvme0n1 259:0\n"
	  "mount 259:0 / ext4 /dev/nvme0n1",
	  "A", "~multipath nvme0n1: nvme0c0n1; " },
	{ "NVMe multipath whose other controller is resetting",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - resetting\n virtual nvme0n1 259:0\n"
	  "mount 259:0 / ext4 /dev/nvme0n1",
	  "A", "multipath nvme0n1: nvme0c0n1; !mount /: nvme0c0n1 > nvme0n1; " },
	{ "btrfs",
	  "disk A vda 253:0\n btrfs u1 vda\n mount 0:40 / btrfs /dev/vda\n"
	  "mount 0:40 /home btrfs /dev/vda",
	  "A", "!mount /: vda; mount /home: vda; " },
	{ "btrfs over two devices, the source is the other one",
	  "disk A vda 253:0\n disk B vdb 253:16\n btrfs u1 vda vdb\n"
	  "mount 0:40 / btrfs /dev/vdb",
	  "A", "file-system u1: vda; !mount /: vda; " },
	{ "btrfs on a mapping without udev",
	  "disk A vda 253:0\n dm dm-0 luks CRYPT-1 254:0 vda\n btrfs u1 dm-0\n"
	  "mount 0:40 /data btrfs /dev/mapper/luks",
	  "A", "mapping luks: vda; mount /data: vda > luks; " },
	{ "the root on btrfs, in a file of a server that another card may reach",
	  "net A eth0\n addr eth0 192.0.2.5/24\n net B eth1\n mount 0:49 /srv nfs srv:/i rw\n"
	  "loop loop0 7:0 /srv/image\n btrfs u1 loop0\n mount 0:40 / btrfs /dev/loop0",
	  "A",
	  "?mount /srv: eth0 > srv:/i; !mount /: eth0 > srv:/i > loop0; "
	  "address 192.0.2.5/24: eth0; " },
	{ "the root's journal in a file of such a server",
	  "net A eth0\n addr eth0 192.0.2.5/24\n disk B vdb 253:16\n mount 0:49 /srv nfs srv:/i rw\n"
	  "loop loop0 7:0 /srv/log\n mount 253:16 / ext4 /dev/vdb\n"
	  "file sys/fs/ext4/vdb/journal_task 77\n file proc/77/comm jbd2/loop0",
	  "A",
	  "?mount /srv: eth0 > srv:/i; !mount /: eth0 > srv:/i > loop0; "
	  "address 192.0.2.5/24: eth0; " },
	{ "btrfs on another card",
	  "disk A vda 253:0\n disk B vdb 253:16\n btrfs u1 vdb\n mount 0:40 / btrfs /dev/vdb",
	  "A", "" },
	{ "bcachefs over two devices",
	  "disk A vda 253:0\n disk B vdb 253:16\n"
	  "mount 0:41 /data bcachefs /dev/vdb:/dev/vda",
	  "A", "mount /data: vda; " },
	{ "a user's FUSE file system that says it is on the disk",
	  "disk A vda 253:0\n mount 0:60 /home/me/x fuse.sshfs /dev/vda", "A", "" },
	{ "a swap partition", "disk A vda 253:0\n part A vda vda2 253:2\n swap /dev/vda2",
	  "A", "!swap /dev/vda2: vda2; " },
	{ "a swap file",
	  "disk A vda 253:0\n mount 253:0 /data ext4 /dev/vda\n swap /data/swap\\040file",
	  "A", "mount /data: vda; !swap /data/swap file: vda; " },
	{ "swap on LVM, a link of udev's",
	  "disk A vda 253:0\n dm dm-0 vg-swap LVM-1 254:0 vda\n"
	  "link dev/mapper/vg-swap ../dm-0\n swap /dev/mapper/vg-swap",
	  "A", "volume-group vg: vda; !swap /dev/mapper/vg-swap: vda > vg-swap; " },
	{ "swap that is on another card",
	  "disk A vda 253:0\n disk B vdb 253:16\n"
	  "mount 253:0 /data ext4 /dev/vda\n swap /dev/vdb",
	  "A", "mount /data: vda; " },
	{ "bcache, the cache on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n over bcache0 252:0 vda vdb\n"
	  "mount 252:0 /data ext4 /dev/bcache0",
	  "A", "mapping bcache0: vda; mount /data: vda > bcache0; " },
	{ "an unknown layer",
	  "disk A vda 253:0\n disk B vdb 253:16\n over drbd0 147:0 vda vdb\n"
	  "mount 147:0 / ext4 /dev/drbd0",
	  "A", "mapping drbd0: vda; !mount /: vda > drbd0; " },
	{ "a loop device on a lost file system, and one on that",
	  "disk A vda 253:0\n mount 253:0 /data ext4 /dev/vda\n loop loop0 7:0 /data/a\n"
	  "mount 7:0 /inner ext4 /dev/loop0\n loop loop1 7:1 /inner/b\n"
	  "mount 7:1 /usr squashfs /dev/loop1\n loop loop2 7:2 /elsewhere/c\n"
	  "mount 7:2 /snap squashfs /dev/loop2",
	  "A",
	  "mount /data: vda; mount /inner: vda > loop0; !mount /usr: vda > loop0 > loop1; " },
	{ "an overlay on a lost file system",
	  "disk A vda 253:0\n mount 253:0 /ro ext4 /dev/vda\n"
	  "mount 0:30 / overlay overlay rw,lowerdir=/rom:/ro/x,upperdir=/run/u",
	  "A", "mount /ro: vda; !mount /: vda > overlay; " },
	{ "an overlay whose layers are not visible",
	  "disk A vda 253:0\n mount 0:30 / overlay overlay rw,lowerdir=/old", "A", "" },
	{ "Fedora CoreOS: the root is an overlay of composefs",
	  "disk A vda 253:0\n part A vda vda3 253:3\n part A vda vda4 253:4\n"
	  "mount 253:4 /sysroot xfs /dev/vda4\n"
	  "mount 0:33 / overlay composefs "
	  "ro,lowerdir+=/run/ostree/.private/cfsroot-lower,"
	  "datadir+=/sysroot/ostree/repo/objects,redirect_dir=on,metacopy=on\n"
	  "mount 253:4 /etc xfs /dev/vda4\n mount 253:3 /boot ext4 /dev/vda3",
	  "A",
	  "!mount /sysroot: vda4; !mount /: vda4 > overlay; mount /etc: vda4; "
	  "!mount /boot: vda3; " },
	{ "the same on another disk",
	  "disk A vda 253:0\n disk B vdb 253:16\n part B vdb vdb4 253:20\n"
	  "mount 253:20 /sysroot xfs /dev/vdb4\n"
	  "mount 0:33 / overlay composefs "
	  "ro,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects",
	  "A", "" },
	{ "RHEL's image mode: the overlay is the older mount",
	  "disk A vda 253:0\n part A vda vda4 253:4\n"
	  "mount 0:33 / overlay composefs:0a1b "
	  "ro,lowerdir+=/run/a,lowerdir+=/run/b,datadir+=/run/c,datadir+=/ostree/repo/objects\n"
	  "mount 253:4 /ostree xfs /dev/vda4",
	  "A", "!mount /: vda4 > overlay; mount /ostree: vda4; " },
	{ "an overlay with layers for data, in the older form",
	  "disk A vda 253:0\n mount 253:0 /objects ext4 /dev/vda\n"
	  "mount 0:33 / overlay overlay ro,lowerdir=/run/lower::/objects/data",
	  "A", "mount /objects: vda; !mount /: vda > overlay; " },
	{ "layers whose names have colons and commas",
	  "disk A vda 253:0\n mount 253:0 /a:b ext4 /dev/vda\n"
	  "mount 0:33 /m overlay overlay ro,lowerdir=/run/x\\054y:/a\\134:b/c\n"
	  "mount 0:34 /n overlay overlay ro,lowerdir+=/run/x\\054lowerdir+=/a:b",
	  "A", "mount /a:b: vda; mount /m: vda > overlay; " },
	{ "the root on a loop device over the disk, for its sector size",
	  "disk A vda 253:0\n loop loop0 7:0 /dev/vda\n vpart loop0 loop0p1 259:0\n"
	  "mount 259:0 / ext4 /dev/loop0p1",
	  "A", "mapping loop0: vda; !mount /: vda > loop0 > loop0p1; " },
	{ "a loop device over another disk",
	  "disk A vda 253:0\n disk B vdb 253:16\n loop loop0 7:0 /dev/vdb\n"
	  "mount 7:0 / ext4 /dev/loop0",
	  "A", "" },
	{ "swap on zram that writes back to the card",
	  "disk A vda 253:0\n virtual zram0 252:0\n"
	  "file sys/class/block/zram0/backing_dev /dev/vda\n swap /dev/zram0",
	  "A", "mapping zram0: vda; !swap /dev/zram0: vda > zram0; " },
	{ "swap on zram without a device",
	  "disk A vda 253:0\n virtual zram0 252:0\n"
	  "file sys/class/block/zram0/backing_dev none\n swap /dev/zram0",
	  "A", "" },
	{ "XFS whose log is on the card",
	  "disk A vda 253:0\n part A vda vda1 253:1\n disk B vdb 253:16\n"
	  "mount 253:16 / xfs /dev/vdb rw,attr2,logdev=/dev/vda1,noquota",
	  "A", "!mount /: vda1; " },
	{ "XFS whose real-time section is on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n"
	  "mount 253:16 /data xfs /dev/vdb rw,logdev=/dev/vdb,rtdev=/dev/vda",
	  "A", "mount /data: vda; " },
	{ "XFS whose log is on a volume of the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 vg-log LVM-1 254:0 vda\n"
	  "mount 253:16 /data xfs /dev/vdb rw,logdev=/dev/mapper/vg-log",
	  "A", "volume-group vg: vda; mount /data: vda > vg-log; " },
	{ "ext4 whose external journal is on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n disk B vdc 253:32\n"
	  "mount 253:16 / ext4 /dev/vdb\n mount 253:32 /data ext4 /dev/vdc\n"
	  "file sys/fs/ext4/features/lazy_itable_init supported\n"
	  "file sys/fs/ext4/vdb/journal_task 77\n file proc/77/comm jbd2/vda\n"
	  "file sys/fs/ext4/vdc/journal_task 78\n file proc/78/comm jbd2/vdc-8\n held vda",
	  "A", "!mount /: vda; " },
	{ "ext4 whose journal is on a volume of the card, and a loop device",
	  "disk A vda 253:0\n disk B vdb 253:16\n dm dm-0 vg-log LVM-1 254:0 vda\n"
	  "mount 253:16 /data ext4 /dev/vdb\n loop loop0 7:0 /data/image\n"
	  "mount 7:0 /usr squashfs /dev/loop0\n"
	  "file sys/fs/ext4/vdb/journal_task 77\n file proc/77/comm jbd2/dm-0",
	  "A",
	  "volume-group vg: vda; mount /data: vda > vg-log; "
	  "!mount /usr: vda > vg-log > loop0; " },
	{ "ext4 without a journal, and with one inside",
	  "disk A vda 253:0\n disk B vdb 253:16\n disk B vdc 253:32\n"
	  "mount 253:16 / ext4 /dev/vdb\n mount 253:32 /data ext4 /dev/vdc\n"
	  "file sys/fs/ext4/vdb/journal_task <none>\n"
	  "file sys/fs/ext4/vdc/journal_task 78\n file proc/78/comm jbd2/vda-8\n free vda",
	  "A", "" },
	{ "ReiserFS whose journal is on the card",
	  "disk A vda 253:0\n disk B vdb 253:16\n"
	  "mount 253:16 /data reiserfs /dev/vdb rw,jdev=/dev/vda",
	  "A", "mount /data: vda; " },
	{ "a root that the card serves by virtiofs",
	  "mount 0:20 / virtiofs rootfs\n file sys/fs/virtiofs/1/tag rootfs\n"
	  "link sys/fs/virtiofs/1/device ../../../devices/pci0000:00/0000:00:01.0/virtio0",
	  "A", "!mount /: virtio0 > rootfs; " },
	{ "virtiofs that another card serves",
	  "mount 0:20 / virtiofs rootfs\n mount 0:21 /data virtiofs data\n"
	  "file sys/fs/virtiofs/1/tag rootfs\n file sys/fs/virtiofs/2/tag data\n"
	  "link sys/fs/virtiofs/1/device ../../../devices/pci0000:00/0000:00:02.0/virtio1\n"
	  "link sys/fs/virtiofs/2/device ../../../devices/pci0000:00/0000:00:01.0/virtio0",
	  "A", "mount /data: virtio0 > data; " },
	{ "virtiofs, the kernel reports no tags",
	  "mount 0:20 / virtiofs rootfs\n link sys/bus/virtio/drivers/virtiofs/virtio0 "
	  "../../../../devices/pci0000:00/0000:00:01.0/virtio0",
	  "A", "!mount /: virtio0 > rootfs; " },
	{ "a target of the kernel",
	  "disk A vda 253:0\n mount 253:0 /data xfs /dev/vda\n "
	  "file sys/kernel/config/nvmet/subsystems/n/namespaces/1/device_path /data/x",
	  "A", "mount /data: vda; export nvmet n/1: vda; " },
	{ "9p that the card serves",
	  "mount 0:20 /host 9p share rw,trans=virtio\n link "
	  "sys/bus/virtio/drivers/9pnet_virtio/virtio0 "
	  "../../../../devices/pci0000:00/0000:00:01.0/virtio0\n"
	  "file sys/devices/pci0000:00/0000:00:01.0/virtio0/mount_tag share",
	  "A", "mount /host: virtio0 > share; " },
	{ "ZFS, and a disk without a visible use",
	  "disk A vda 253:0\n mount 0:31 / zfs rpool/ROOT\n unknown vda", "A",
	  "?claimed vda: vda; !mount /: rpool/ROOT (zfs), or vda; " },
	{ "btrfs that the kernel mounted itself, in a place that cannot be found",
	  "disk A vda 253:0\n btrfs u1 vda\n mount 0:40 / btrfs /dev/root\n unknown vda",
	  "A", "?claimed vda: vda; !mount /: /dev/root (btrfs), or vda; " },
	{ "ZFS, and a disk with another use",
	  "disk A vda 253:0\n part A vda vda1 253:1\n mount 0:31 / zfs rpool/ROOT\n"
	  "mount 253:1 /data ext4 /dev/vda1",
	  "A", "mount /data: vda1; " },
	{ "NFS root",
	  "net A eth0\n mount 0:50 / nfs4 srv:/root rw,clientaddr=192.0.2.9,addr=192.0.2.1\n"
	  "mount 0:51 /home nfs srv:/home rw,addr=192.0.2.1\n route 192.0.2.1 eth0\n",
	  "A", "!nfs-root /: eth0; mount /home: eth0 > srv:/home; " },
	{ "NFS root over another interface",
	  "net A eth0\n net B eth1\n mount 0:50 / nfs srv:/ rw,addr=2001:db8::1\n"
	  "route 2001:db8::1 eth1",
	  "A", "-interface eth0: eth0; " },
	{ "NFS root over a bridge that keeps a tap",
	  "net A eth0\n nif br0\n nif tap0\n file sys/class/net/br0/bridge/bridge_id 1\n"
	  "upper br0 eth0 tap0\n mount 0:50 / nfs srv:/ addr=192.0.2.1\n"
	  "route 192.0.2.1 br0",
	  "A", "bridge br0: eth0; !nfs-root /: eth0 > br0; " },
	{ "an overlay on the NFS root",
	  "net A eth0\n mount 0:49 /run/nfs nfs4 srv:/root rw,addr=192.0.2.1\n"
	  "mount 0:50 / overlay overlay rw,lowerdir=/run/nfs/a,upperdir=/run/rw\n"
	  "route 192.0.2.1 eth0",
	  "A",
	  "mount /run/nfs: eth0 > srv:/root; !mount /: eth0 > srv:/root > overlay; " },
	{ "a live system whose image is on NFS",
	  "net A eth0\n mount 0:49 /run/live/medium nfs srv:/i rw,addr=192.0.2.1\n"
	  "loop loop0 7:0 /run/live/medium/live/filesystem.squashfs\n"
	  "mount 7:0 /run/live/rootfs/f squashfs /dev/loop0\n mount 0:48 /run/live/overlay tmpfs tmpfs\n"
	  "mount 0:50 / overlay overlay rw,lowerdir=/run/live/rootfs/f,upperdir=/run/live/overlay/rw\n"
	  "route 192.0.2.1 eth0",
	  "A",
	  "mount /run/live/medium: eth0 > srv:/i; "
	  "mount /run/live/rootfs/f: eth0 > srv:/i > loop0; "
	  "!mount /: eth0 > srv:/i > loop0 > overlay; " },
	{ "a network file system whose server is not reported",
	  "net A eth0\n net A eth1\n net A eth2\n addr eth0 192.0.2.5/24\n default eth1 192.0.2.1\n"
	  "mount 0:50 / cifs //srv/x rw\n mount 0:51 /data nfs srv:/data rw\n"
	  "mount 0:52 /usr overlay overlay rw,lowerdir=/data/usr",
	  "A",
	  "!nfs-root /: eth0; ?mount /data: eth0 > srv:/data; "
	  "!mount /usr: eth0 > srv:/data > overlay; address 192.0.2.5/24: eth0; "
	  "default-route default via 192.0.2.1: eth1; -interface eth2: eth2; " },
	{ "loop devices and swap on that",
	  "net A eth0\n addr eth0 192.0.2.5/24\n mount 0:51 /data nfs srv:/data rw\n"
	  "loop loop0 7:0 /data/a\n vpart loop0 loop0p1 259:0\n mount 259:0 /usr ext4 /dev/loop0p1\n"
	  "loop loop1 7:1 /dev/loop0p1\n dm dm-0 vg-var LVM-1 254:0 loop1\n"
	  "mount 254:0 /var xfs /dev/dm-0\n swap /data/swap",
	  "A",
	  "?mapping loop1: eth0 > srv:/data > loop0 > loop0p1; "
	  "?volume-group vg: eth0 > srv:/data > loop0 > loop0p1 > loop1; "
	  "?mount /data: eth0 > srv:/data; !mount /usr: eth0 > srv:/data > loop0 > loop0p1; "
	  "?mount /var: eth0 > srv:/data > loop0 > loop0p1 > loop1 > vg-var; "
	  "!swap /data/swap: eth0 > srv:/data; address 192.0.2.5/24: eth0; " },
	{ "Ceph",
	  "net A eth0\n mount 0:50 /data ceph a@b.c=/ rw,mon_addr=192.0.2.1:6789/192.0.2.2:6789\n"
	  "route 192.0.2.1 eth0",
	  "A", "mount /data: eth0 > a@b.c=/; " },
	{ "iSCSI",
	  "net A eth0\n far platform/host2/session1/target2:0:0/2:0:0:0/block sda 8:0\n"
	  "far platform/host3/session11/target3:0:0/3:0:0:0/block sdb 8:16\n"
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.1\n"
	  "file sys/class/iscsi_connection/connection11:0/persistent_address 192.0.2.2\n"
	  "mount 8:0 / ext4 /dev/sda\n mount 8:16 /b ext4 /dev/sdb\n route 192.0.2.1 eth0",
	  "A", "!mount /: eth0 > sda; " },
	{ "iSCSI whose connection is lost",
	  "net A eth0\n far platform/host2/session1/target2:0:0/2:0:0:0/block sda 8:0\n"
	  "file sys/class/iscsi_connection/connection1:0/persistent_address 192.0.2.1\n"
	  "mount 8:0 / ext4 /dev/sda\n route 192.0.2.1 eth0",
	  "A", "!mount /: eth0 > sda; " },
	{ "iSCSI with a path through each card",
	  "net A eth0\n net B eth1\n far platform/host2/session1/x/block sda 8:0\n"
	  "far platform/host3/session2/x/block sdb 8:16\n"
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.1\n"
	  "file sys/class/iscsi_connection/connection2:0/address 198.51.100.1\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha\n"
	  "route 192.0.2.1 eth0\n route 198.51.100.1 eth1",
	  "A", "~multipath mpatha: eth0 > sda; " },
	{ "NVMe over TCP",
	  "net A eth0\n net B eth1\n far virtual/nvme-fabrics/ctl/nvme0 nvme0n1 259:0\n"
	  "file sys/class/nvme/nvme0/address traddr=192.0.2.1,trsvcid=4420,src_addr=192.0.2.5\n"
	  "far virtual/nvme-fabrics/ctl/nvme1 nvme1n1 259:1\n"
	  "file sys/class/nvme/nvme1/address traddr=192.0.2.1,trsvcid=4420,host_iface=eth1\n"
	  "mount 259:0 / ext4 /dev/nvme0n1\n mount 259:1 /b ext4 /dev/nvme1n1\n route 192.0.2.1 eth0",
	  "A", "!mount /: eth0 > nvme0n1; " },
	{ "NVMe over TCP, bound to the interface",
	  "net A eth0\n far virtual/nvme-fabrics/ctl/nvme1 nvme1n1 259:1\n"
	  "file sys/class/nvme/nvme1/address traddr=192.0.2.1,trsvcid=4420,host_iface=eth0,x=y\n"
	  "mount 259:1 / ext4 /dev/nvme1n1",
	  "A", "!mount /: eth0 > nvme1n1; " },
	{ "network block devices",
	  "net A eth0\n addr eth0 192.0.2.5/24\n virtual nbd0 43:0\n virtual nbd1 43:32\n"
	  "file sys/class/block/nbd0/pid 12\n vpart nbd0 nbd0p1 43:1\n virtual rbd0 251:0",
	  "A", "?mapping nbd0: eth0; ?mapping rbd0: eth0; address 192.0.2.5/24: eth0; " },
	{ "a port of Open vSwitch",
	  "net A eth0\n nif ovs-system\n nif br-ex\n upper ovs-system eth0\n"
	  "addr br-ex 192.0.2.5/24\n default br-ex 192.0.2.1",
	  "A", "interface ovs-system: eth0; " },
	{ "a port of Open vSwitch that has another one",
	  "net A eth0\n net B eth1\n nif ovs-system\n upper ovs-system eth0 eth1", "A",
	  "~interface ovs-system: eth0; " },
	{ "an interface in another network namespace",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/virtio-pci\n"
	  "folder sys/bus/pci/devices/0000:00:01.0/virtio0/net",
	  "A", "network-namespace 0000:00:01.0: 0000:00:01.0; " },
	{ "an interface of a virtual function in a container",
	  "link sys/bus/pci/devices/0000:00:05.0/virtfn0 ../0000:00:05.1\n"
	  "link sys/bus/pci/devices/0000:00:05.1/driver ../../../bus/pci/drivers/mlx5_core\n"
	  "folder sys/bus/pci/devices/0000:00:05.1/net",
	  "F", "network-namespace 0000:00:05.1: 0000:00:05.1; " },
	{ "a function that a program drives",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/vfio-pci\n"
	  "link sys/bus/pci/devices/0000:00:01.0/iommu_group ../../../kernel/iommu_groups/7\n"
	  "link proc/12/fd/3 /dev/vfio/71\n link proc/77/fd/0 /dev/null\n"
	  "node /dev/vfio/7 c 243:0\n node /dev/vfio/71 c 243:1\n"
	  "link sys/dev/char/243:0 ../../devices/virtual/vfio/7\n"
	  "link sys/dev/char/243:1 ../../devices/virtual/vfio/71\n"
	  "link proc/77/fd/5 /dev/vfio/7\n link proc/sys/fd/5 /dev/vfio/7",
	  "A", "user-driver /dev/vfio/7: 0000:00:01.0; " },
	{ "functions that programs drive through files of their own",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/vfio-pci\n"
	  "file sys/bus/pci/devices/0000:00:01.0/vfio-dev/vfio3/dev 511:3\n"
	  "link sys/dev/char/511:3 ../../devices/pci0000:00/0000:00:01.0/vfio-dev/vfio3\n"
	  "node /dev/vfio/devices/vfio3 c 511:3\n node /dev/uio0 c 247:0\n"
	  "link sys/dev/char/247:0 ../../devices/pci0000:00/0000:00:02.0/uio/uio0\n"
	  "link sys/bus/pci/devices/0000:00:02.0/driver ../../../bus/pci/drivers/uio_pci_generic\n"
	  "file sys/bus/pci/devices/0000:00:02.0/uio/uio0/dev 247:0\n"
	  "link proc/77/fd/5 /dev/vfio/devices/vfio3\n link proc/77/fd/6 /dev/uio0",
	  "AB",
	  "user-driver /dev/vfio/devices/vfio3: 0000:00:01.0; "
	  "user-driver /dev/uio0: 0000:00:02.0; " },
	{ "a function of vfio that no program has open",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/vfio-pci\n"
	  "link sys/bus/pci/devices/0000:00:01.0/iommu_group ../../../kernel/iommu_groups/7\n"
	  "link proc/77/fd/5 /dev/vfio/vfio",
	  "A", "" },
	{ "addresses and a default route",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth0 2001:db8::5/64\n"
	  "addr eth1 192.0.2.6/24\n default eth0 192.0.2.1",
	  "A",
	  "address 192.0.2.5/24: eth0; address 2001:db8::5/64: eth0; "
	  "default-route default via 192.0.2.1: eth0; " },
	{ "a member of a bond that has another one",
	  "net A eth0\n net B eth1\n nif bond0\n"
	  "file sys/class/net/bond0/bonding/mode 1\n upper bond0 eth0 eth1\n"
	  "addr bond0 192.0.2.5/24",
	  "A", "~bond bond0: eth0; " },
	{ "a member of a bond whose other one has no link",
	  "net A eth0\n net B eth1\n file sys/class/net/eth1/operstate down\n nif bond0\n"
	  "file sys/class/net/bond0/bonding/mode 1\n upper bond0 eth0 eth1\n"
	  "addr bond0 192.0.2.5/24",
	  "A", "bond bond0: eth0; address 192.0.2.5/24: eth0 > bond0; " },
	{ "both members of a bond",
	  "net A eth0\n net B eth1\n nif bond0\n"
	  "file sys/class/net/bond0/bonding/mode 1\n upper bond0 eth0 eth1\n"
	  "addr bond0 192.0.2.5/24",
	  "AB", "bond bond0: eth0; address 192.0.2.5/24: eth0 > bond0; " },
	{ "a VLAN",
	  "net A eth0\n nif eth0.7\n upper eth0.7 eth0\n addr eth0.7 192.0.2.5/24", "A",
	  "interface eth0.7: eth0; address 192.0.2.5/24: eth0 > eth0.7; " },
	{ "an interface of a virtual function",
	  "net f eth0\n link sys/bus/pci/devices/0000:00:05.0/virtfn0 ../0000:00:05.1\n"
	  "addr eth0 192.0.2.5/24",
	  "F", "address 192.0.2.5/24: eth0; " },
	{ "the console on a PCI card",
	  "tty A ttyS0\n file sys/class/tty/console/active tty0 ttyS0", "A",
	  "!console ttyS0: ttyS0; " },
	{ "the hypervisor's console",
	  "file sys/class/tty/console/active hvc0\n"
	  "link sys/bus/vio/devices/30000000/driver ../../bus/vio/drivers/hvc_console\n"
	  "file proc/device-tree/chosen/linux,stdout-path /vdevice/vty@30000000",
	  "T", "!console hvc0: 30000000; " },
	{ "another terminal of the hypervisor's",
	  "file sys/class/tty/console/active hvc0\n"
	  "link sys/bus/vio/devices/30000000/driver ../../bus/vio/drivers/hvc_console\n"
	  "file proc/device-tree/chosen/linux,stdout-path /vdevice/vty@30000001",
	  "T", "" },
	{ "another terminal, and a console of its kind",
	  "file sys/class/tty/console/active hvc1\n"
	  "link sys/bus/vio/devices/30000000/driver ../../bus/vio/drivers/hvc_console\n"
	  "file proc/device-tree/chosen/linux,stdout-path /vdevice/vty@30000001",
	  "T", "!console hvc1: 30000000; " },
	{ "a virtual disk",
	  "scsi V sda 8:0 running\n part V sda sda2 8:2\n mount 8:2 / ext4 /dev/sda2",
	  "V", "!mount /: sda2; " },
	{ "a disk behind a bridge", "disk R vda 253:0\n mount 253:0 / ext4 /dev/vda", "Q",
	  "!mount /: vda; " },
	{ "a host bridge with all its cards",
	  "disk A vda 253:0\n disk R vdb 253:16\n md md0 raid1 2 0 9:0 vda vdb\n"
	  "mount 9:0 /data ext4 /dev/md0",
	  "P", "array md0: vda; mount /data: vda > md0; " },
	{ "layers in a circle",
	  "disk A vda 253:0\n virtual x1 200:1\n over x0 200:0 vda x1\n over x1 200:1 x0\n"
	  "mount 200:1 /data ext4 /dev/x1",
	  "A", "mapping x0: vda; mapping x1: vda > x0; mount /data: vda > x0 > x1; " },
	{ "names with line ends and escapes",
	  "disk A vda 253:0\n mount 253:0 /a\\012b\\134c\\033[2J ext4 /dev/vda", "A",
	  "mount /a\nb\\c\033[2J: vda; " },
	{ "a disk that is held: a mount of another namespace, an external journal, LIO",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb\n held vda",
	  "A", "claimed vda: vda; " },
	{ "a disk that is free", "disk A vda 253:0\n free vda", "A", "" },
	{ "a partition that is held, so the disk is, too",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n"
	  "held vda vda2\n free vda1",
	  "A", "claimed vda2: vda2; " },
	{ "a disk that is held, not its partition",
	  "disk A vda 253:0\n part A vda vda1 253:1\n held vda\n free vda1", "A",
	  "claimed vda: vda; " },
	{ "a used partition explains the claim of the disk",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n"
	  "mount 253:1 /data ext4 /dev/vda1\n held vda vda1\n free vda2",
	  "A", "mount /data: vda1; " },
	{ "a used partition, and one that is held",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n"
	  "mount 253:1 /data ext4 /dev/vda1\n held vda vda1 vda2",
	  "A", "mount /data: vda1; claimed vda2: vda2; " },
	{ "a volume that is held",
	  "disk A vda 253:0\n dm dm-0 vg-a LVM-1 254:0 vda\n held vda dm-0", "A",
	  "volume-group vg: vda; claimed vg-a: vda > vg-a; " },
	{ "a member of the pool of the root",
	  "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda9 253:9\n"
	  "mount 0:31 / zfs rpool/ROOT\n held vda vda1\n free vda9",
	  "A", "claimed vda1: vda1; !mount /: rpool/ROOT (zfs), or vda1; " },
	{ "ZFS, and a disk of no pool",
	  "disk A vda 253:0\n part A vda vda1 253:1\n mount 0:31 / zfs rpool/ROOT\n free vda",
	  "A", "" },
	{ "a root whose device is not visible, and a disk that is held",
	  "disk A vda 253:0\n mount 253:9 / ext4 /dev/root\n held vda", "A",
	  "claimed vda: vda; !mount /: /dev/root (ext4), or vda; " },
	{ "the same, and a disk that cannot be opened",
	  "disk A vda 253:0\n disk A vdb 253:16\n mount 253:9 / ext4 /dev/root\n unknown vdb",
	  "A", "?claimed vdb: vdb; !mount /: /dev/root (ext4), or vdb; " },
	{ "the same, and a disk that is free, or a drive without a disc",
	  "disk A vda 253:0\n disk A vdb 253:16\n mount 253:9 / ext4 /dev/root\n free vdb",
	  "A", "" },
	{ "Fedora CoreOS, and a disk of a container",
	  "disk A vda 253:0\n disk B vdb 253:16\n part B vdb vdb4 253:20\n"
	  "mount 253:20 /sysroot xfs /dev/vdb4\n mount 0:30 /run tmpfs tmpfs\n"
	  "mount 0:33 / overlay composefs "
	  "ro,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects\n"
	  "held vda",
	  "A", "claimed vda: vda; " },
	{ "RHEL's image mode, and a disk of a container",
	  "disk A vda 253:0\n disk B vdb 253:16\n part B vdb vdb4 253:20\n"
	  "mount 0:33 / overlay composefs ro,lowerdir=/run/ostree/lower::/sysroot/objects\n"
	  "mount 253:20 /sysroot xfs /dev/vdb4\n mount 0:30 /run tmpfs tmpfs\n held vda",
	  "A", "claimed vda: vda; " },
	{ "Debian's live system on another disk",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 0:30 /run tmpfs tmpfs\n"
	  "mount 253:16 /run/live/medium iso9660 /dev/vdb\n"
	  "loop loop0 7:0 /run/live/medium/live/filesystem.squashfs\n"
	  "mount 7:0 /run/live/rootfs/filesystem.squashfs squashfs /dev/loop0\n"
	  "mount 0:31 /run/live/overlay tmpfs tmpfs\n"
	  "mount 0:32 / overlay overlay "
	  "rw,lowerdir=/run/live/rootfs/filesystem.squashfs/,upperdir=/run/live/overlay/rw\n"
	  "held vda",
	  "A", "claimed vda: vda; " },
	{ "Debian's live system in memory",
	  "disk A vda 253:0\n mount 0:30 /run tmpfs tmpfs\n mount 0:33 /run/live/medium tmpfs tmpfs\n"
	  "loop loop0 7:0 /run/live/medium/live/filesystem.squashfs\n"
	  "mount 7:0 /run/live/rootfs/filesystem.squashfs squashfs /dev/loop0\n"
	  "mount 0:32 / overlay overlay "
	  "rw,lowerdir=/run/live/rootfs/filesystem.squashfs/,upperdir=/run/live/overlay/rw\n"
	  "held vda",
	  "A", "claimed vda: vda; " },
	{ "Debian's live system on this disk",
	  "disk A vda 253:0\n mount 0:30 /run tmpfs tmpfs\n"
	  "mount 253:0 /run/live/medium iso9660 /dev/vda\n"
	  "loop loop0 7:0 /run/live/medium/live/filesystem.squashfs\n"
	  "mount 7:0 /run/live/rootfs/filesystem.squashfs squashfs /dev/loop0\n"
	  "mount 0:32 / overlay overlay "
	  "rw,lowerdir=/run/live/rootfs/filesystem.squashfs/,upperdir=/run/live/overlay/rw\n"
	  "held vda",
	  "A",
	  "mount /run/live/medium: vda; "
	  "mount /run/live/rootfs/filesystem.squashfs: vda > loop0; "
	  "!mount /: vda > loop0 > overlay; " },
	{ "Ubuntu's live system, whose layers are hidden, and a free disk",
	  "disk A vda 253:0\n disk B sr0 11:0\n mount 0:32 / overlay /cow "
	  "rw,lowerdir=/minimal.standard.squashfs:/minimal.squashfs,upperdir=/cow/upper\n"
	  "mount 11:0 /cdrom iso9660 /dev/sr0\n loop loop0 7:0 /cdrom/casper/minimal.squashfs\n"
	  "free vda",
	  "A", "" },
	{ "Ubuntu's live system, whose layers are hidden, on this disk",
	  "disk A vda 253:0\n part A vda vda1 253:1\n mount 0:32 / overlay /cow "
	  "rw,lowerdir=/minimal.standard.squashfs:/minimal.squashfs,upperdir=/cow/upper\n"
	  "held vda vda1",
	  "A", "claimed vda1: vda1; !mount /: /cow (overlay), or vda1; " },
	{ "a root on tmpfs", "disk A vda 253:0\n mount 0:2 / rootfs rootfs\n held vda",
	  "A", "claimed vda: vda; " },
	{ "a root on zram, and a disk of a container",
	  "disk A vda 253:0\n virtual zram0 252:0\n"
	  "file sys/class/block/zram0/backing_dev none\n"
	  "mount 252:0 / ext4 /dev/zram0\n held vda",
	  "A", "claimed vda: vda; " },
	{ "a root on a RAM disk, and a disk of a container",
	  "disk A vda 253:0\n virtual ram0 1:0\n mount 1:0 / ext4 /dev/ram0\n held vda",
	  "A", "claimed vda: vda; " },
	{ "a root on a loop device whose file is hidden, and a disk that is held",
	  "disk A vda 253:0\n loop loop0 7:0 /hidden/image\n"
	  "mount 7:0 / ext4 /dev/loop0\n held vda",
	  "A", "claimed vda: vda; !mount /: loop0, or vda; " },
	{ "a root on NFS, and a disk of a container",
	  "disk A vda 253:0\n net B eth0\n mount 0:50 / nfs srv:/ rw,addr=192.0.2.1\n held vda",
	  "A", "claimed vda: vda; " },
	{ "an overlay on NFS, and a disk of a container",
	  "disk A vda 253:0\n mount 0:49 /run/nfs nfs4 srv:/root rw,addr=192.0.2.1\n"
	  "mount 0:50 / overlay overlay rw,lowerdir=/run/nfs/a,upperdir=/run/nfs/b\n held vda",
	  "A", "claimed vda: vda; " },
	{ "a host of podman and containerd",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:16 / ext4 /dev/vdb\n"
	  "mount 0:60 /var/lib/containers/storage/overlay/a/merged overlay overlay "
	  "rw,lowerdir=/var/lib/containers/storage/overlay/l/B:/var/lib/containers/storage/overlay/l/C,"
	  "upperdir=/var/lib/containers/storage/overlay/a/diff\n"
	  "mount 0:61 /run/containerd/io.containerd.runtime.v2.task/k8s.io/c/rootfs overlay overlay "
	  "rw,lowerdir=/var/lib/containerd/s/1/fs,upperdir=/var/lib/containerd/s/2/fs\n free vda",
	  "A", "" },
	{ "a root on multipath that keeps a path, which is held",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha\n"
	  "held sda sdb dm-0",
	  "A", "~multipath mpatha: sda; " },
	{ "a partition of the kernel on a path of multipath",
	  "scsi A sda 8:0 running\n part A sda sda1 8:1\n scsi B sdb 8:16 running\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 0:31 / zfs rpool\n"
	  "held sda sda1 sdb",
	  "A", "~multipath mpatha: sda; " },
	{ "NVMe multipath whose other path is not accessible (ANA)",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - live\n virtual nvme0n1 259:0\n"
	  "mount 259:0 / ext4 /dev/nvme0n1\n"
	  "file sys/class/block/nvme0c0n1/ana_state optimized\n"
	  "file sys/class/block/nvme0c1n1/ana_state inaccessible",
	  "A", "multipath nvme0n1: nvme0c0n1; !mount /: nvme0c0n1 > nvme0n1; " },
	{ "NVMe multipath whose other path is lost for ever (ANA)",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - live\n virtual nvme0n1 259:0\n"
	  "mount 259:0 /a ext4 /dev/nvme0n1\n"
	  "file sys/class/block/nvme0c1n1/ana_state persistent-loss",
	  "A", "multipath nvme0n1: nvme0c0n1; mount /a: nvme0c0n1 > nvme0n1; " },
	{ "NVMe multipath whose other path is slower (ANA)",
	  "scsi A nvme0c0n1 - live\n scsi B nvme0c1n1 - live\n virtual nvme0n1 259:0\n"
	  "mount 259:0 / ext4 /dev/nvme0n1\n"
	  "file sys/class/block/nvme0c0n1/ana_state optimized\n"
	  "file sys/class/block/nvme0c1n1/ana_state non-optimized",
	  "A", "~multipath nvme0n1: nvme0c0n1; " },
	{ "dm-multipath whose other path the array refuses (ALUA)",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n"
	  "file sys/class/block/sdb/device/access_state unavailable\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / ext4 /dev/mapper/mpatha",
	  "A", "multipath mpatha: sda; !mount /: sda > mpatha; " },
	{ "NVMe over Fibre Channel",
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n virtual nvme0n1 259:0\n"
	  "vpart nvme0n1 nvme0n1p2 259:2\n mount 259:2 / xfs /dev/nvme0n1p2\n"
	  "file sys/class/nvme/nvme0/address traddr=nn-0x200000109b000001:"
	  "pn-0x100000109b000001,host_traddr=nn-0x200000109b0000aa:pn-0x100000109b0000aa\n"
	  "file sys/class/nvme/nvme0/transport fc\n"
	  "file sys/devices/virtual/nvme-fabrics/ctl/nvme0/state live\n"
	  "link sys/class/fc_host/host1 "
	  "../../devices/pci0000:00/0000:00:01.0/host1/fc_host/host1\n"
	  "file sys/devices/pci0000:00/0000:00:01.0/host1/fc_host/host1/port_name "
	  "0x100000109b0000aa",
	  "A",
	  "multipath nvme0n1: host1 > nvme0c0n1; "
	  "!mount /: host1 > nvme0c0n1 > nvme0n1 > nvme0n1p2; " },
	{ "NVMe over Fibre Channel with a port of another card",
	  "far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n"
	  "far virtual/nvme-fabrics/ctl/nvme1 nvme0c1n1 -\n virtual nvme0n1 259:0\n"
	  "mount 259:0 / xfs /dev/nvme0n1\n"
	  "file sys/class/nvme/nvme0/address traddr=nn-0x200000109b000001:"
	  "pn-0x100000109b000001,host_traddr=nn-0x200000109b0000aa:pn-0x100000109b0000aa\n"
	  "file sys/class/nvme/nvme1/address traddr=nn-0x200000109b000001:"
	  "pn-0x100000109b000002,host_traddr=nn-0x200000109b0000bb:pn-0x100000109b0000bb\n"
	  "file sys/devices/virtual/nvme-fabrics/ctl/nvme0/state live\n"
	  "file sys/devices/virtual/nvme-fabrics/ctl/nvme1/state live\n"
	  "link sys/class/fc_host/host1 "
	  "../../devices/pci0000:00/0000:00:01.0/host1/fc_host/host1\n"
	  "file sys/devices/pci0000:00/0000:00:01.0/host1/fc_host/host1/port_name "
	  "0x100000109b0000aa\n"
	  "link sys/class/fc_host/host2 "
	  "../../devices/pci0000:00/0000:00:02.0/host2/fc_host/host2\n"
	  "file sys/devices/pci0000:00/0000:00:02.0/host2/fc_host/host2/port_name "
	  "0x100000109b0000bb",
	  "A", "~multipath nvme0n1: host1 > nvme0c0n1; " },
	{ "iSCSI bound to the other of two interfaces in one network",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth1 192.0.2.6/24\n"
	  "route 192.0.2.9 eth0\n"
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n"
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n"
	  "link sys/class/iscsi_host/host3 ../../devices/platform/host3/iscsi_host/host3\n"
	  "file sys/devices/platform/host3/iscsi_host/host3/netdev eth1\n"
	  "file sys/devices/platform/host3/iscsi_host/host3/ipaddress 192.0.2.6\n"
	  "mount 8:0 / ext4 /dev/sda",
	  "B", "!mount /: eth1 > sda; address 192.0.2.6/24: eth1; " },
	{ "iSCSI bound to an interface, which stays",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth1 192.0.2.6/24\n"
	  "route 192.0.2.9 eth0\n"
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n"
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n"
	  "file sys/class/iscsi_host/host3/netdev (null)\n"
	  "file sys/class/iscsi_host/host3/ipaddress 192.0.2.6\n"
	  "mount 8:0 / ext4 /dev/sda",
	  "A", "address 192.0.2.5/24: eth0; " },
	{ "iSCSI multipath, a session bound to each interface",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth1 192.0.2.6/24\n"
	  "route 192.0.2.9 eth0\n"
	  "far platform/host3/session1/target3:0:0/3:0:0:0/block sda 8:0\n"
	  "far platform/host4/session2/target4:0:0/4:0:0:0/block sdb 8:16\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n mount 254:0 / xfs /dev/mapper/mpatha\n"
	  "file sys/class/iscsi_connection/connection1:0/address 192.0.2.9\n"
	  "file sys/class/iscsi_connection/connection2:0/address 192.0.2.9\n"
	  "file sys/class/iscsi_host/host3/netdev eth0\n"
	  "file sys/class/iscsi_host/host4/netdev eth1\n"
	  "file sys/class/block/sda/device/state running\n"
	  "file sys/class/block/sdb/device/state running",
	  "A", "~multipath mpatha: eth0 > sda; address 192.0.2.5/24: eth0; " },
	{ "NVMe over TCP with a source address",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth1 192.0.2.6/24\n"
	  "route 192.0.2.9 eth0\n far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n"
	  "virtual nvme0n1 259:0\n mount 259:0 / xfs /dev/nvme0n1\n"
	  "file sys/class/nvme/nvme0/address "
	  "traddr=192.0.2.9,trsvcid=4420,host_traddr=192.0.2.6,src_addr=192.0.2.6",
	  "B",
	  "multipath nvme0n1: eth1 > nvme0c0n1; !mount /: eth1 > nvme0c0n1 > nvme0n1; "
	  "address 192.0.2.6/24: eth1; " },
	{ "NVMe over TCP, bound to an interface and a source address",
	  "net A eth0\n net B eth1\n addr eth0 192.0.2.5/24\n addr eth1 192.0.2.6/24\n"
	  "route 192.0.2.9 eth0\n far virtual/nvme-fabrics/ctl/nvme0 nvme0c0n1 -\n"
	  "virtual nvme0n1 259:0\n mount 259:0 / xfs /dev/nvme0n1\n"
	  "file sys/class/nvme/nvme0/address "
	  "traddr=192.0.2.9,trsvcid=4420,host_iface=eth1,src_addr=192.0.2.6",
	  "B",
	  "multipath nvme0n1: eth1 > nvme0c0n1; !mount /: eth1 > nvme0c0n1 > nvme0n1; "
	  "address 192.0.2.6/24: eth1; " },
	{ "FCoE",
	  "net A eth0\n far pci0000:00/0000:00:01.0/net/eth0/ctlr_0/host4/rport-4:0-1/"
	  "target4:0:0/4:0:0:0/block sda 8:0\n mount 8:0 / ext4 /dev/sda",
	  "A", "!mount /: sda; -interface eth0: eth0; " },
	{ "FCoE on a VLAN",
	  "net A eth0\n nif eth0.1002\n upper eth0.1002 eth0\n"
	  "far virtual/net/eth0.1002/ctlr_0/host4/rport-4:0-1/target4:0:0/4:0:0:0/block "
	  "sda 8:0\n mount 8:0 / ext4 /dev/sda",
	  "A", "interface eth0.1002: eth0; !mount /: eth0 > eth0.1002 > sda; " },
	{ "the root on a network block device, that any interface may reach",
	  "net A eth0\n addr eth0 192.0.2.5/24\n net B eth1\n addr eth1 192.0.2.6/24\n"
	  "virtual nbd0 43:0\n file sys/class/block/nbd0/pid 12\n vpart nbd0 nbd0p1 43:1\n"
	  "mount 43:1 / ext4 /dev/nbd0p1",
	  "A",
	  "?mapping nbd0: eth0; !mount /: eth0 > nbd0 > nbd0p1; "
	  "address 192.0.2.5/24: eth0; " },
	{ "other block devices of programs and peers",
	  "net A eth0\n addr eth0 192.0.2.5/24\n disk B vda 253:0\n virtual ublkb0 259:0\n"
	  "far virtual/vduse/v0 vdb 253:16\n virtual etherd!e0.0 152:0\n"
	  "over drbd0 147:0 vda\n virtual drbd1 147:1",
	  "A",
	  "?mapping drbd0: eth0; ?mapping drbd1: eth0; ?mapping etherd!e0.0: eth0; "
	  "?mapping ublkb0: eth0; ?mapping vdb: eth0; address 192.0.2.5/24: eth0; " },
	{ "cluster file systems",
	  "net A ib0\n addr ib0 192.0.2.5/24\n route 192.0.2.9 ib0\n"
	  "mount 0:60 /lustre lustre 192.0.2.9@o2ib:/fs rw\n"
	  "mount 0:61 /gl fuse.glusterfs srv:/v rw\n mount 0:62 /gpfs gpfs gpfs1 rw",
	  "A",
	  "mount /lustre: ib0 > 192.0.2.9@o2ib:/fs; ?mount /gl: ib0 > srv:/v; "
	  "?mount /gpfs: ib0 > gpfs1; address 192.0.2.5/24: ib0; " },
	{ "NFS root through WireGuard",
	  "net A eth0\n nif wg0\n addr eth0 192.0.2.5/24\n addr wg0 198.51.100.5/24\n"
	  "route 198.51.100.9 wg0\n"
	  "mount 0:49 / nfs4 198.51.100.9:/root rw,addr=198.51.100.9",
	  "A",
	  "!nfs-root /: eth0 > wg0; address 192.0.2.5/24: eth0; "
	  "?address 198.51.100.5/24: eth0 > wg0; " },
	{ "NFS through GRE, whose peer Linux shows",
	  "net A eth0\n net B eth1\n nif gre1\n addr eth0 192.0.2.5/24\n"
	  "addr eth1 192.0.2.6/24\n file sys/class/net/gre1/broadcast c0:00:02:09\n"
	  "route 192.0.2.9 eth1\n route 198.51.100.9 gre1\n"
	  "mount 0:49 /srv nfs4 198.51.100.9:/root rw,addr=198.51.100.9",
	  "A", "address 192.0.2.5/24: eth0; " },
	{ "the other side of it",
	  "net A eth0\n net B eth1\n nif gre1\n addr eth0 192.0.2.5/24\n"
	  "addr eth1 192.0.2.6/24\n file sys/class/net/gre1/broadcast c0:00:02:09\n"
	  "route 192.0.2.9 eth1\n route 198.51.100.9 gre1\n"
	  "mount 0:49 /srv nfs4 198.51.100.9:/root rw,addr=198.51.100.9",
	  "B",
	  "interface gre1: eth1; mount /srv: eth1 > gre1 > 198.51.100.9:/root; "
	  "address 192.0.2.6/24: eth1; " },
	{ "an interface that is up without an address", "net A eth1", "A",
	  "-interface eth1: eth1; " },
	{ "an interface with a link of a pod's network namespace",
	  "net A eth0\n net A eth1\n addr eth0 192.0.2.5/24\n elsewhere eth1 3\n"
	  "elsewhere eth9 4",
	  "A", "address 192.0.2.5/24: eth0; interface of network namespace 3: eth1; " },
	{ "an interface that is down",
	  "net A eth1\n file sys/class/net/eth1/operstate down", "A", "" },
	{ "a virtual adapter's interface in another network namespace",
	  "folder sys/bus/vio/devices/30000002/net\n"
	  "link sys/bus/vio/devices/30000002/driver ../../drivers/ibmvnic",
	  "V", "network-namespace 30000002: 30000002; " },
	{ "an interface of a card in another network namespace, without virtio",
	  "folder sys/bus/pci/devices/0000:00:01.0/net\n"
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../drivers/mlx5_core",
	  "A", "network-namespace 0000:00:01.0: 0000:00:01.0; " },
	{ "/usr in a file of EROFS without a loop device",
	  "disk A vda 253:0\n disk B vdb 253:16\n mount 253:0 /srv ext4 /dev/vda\n"
	  "mount 0:40 /usr erofs /srv/usr.erofs",
	  "A", "mount /srv: vda; !mount /usr: vda > erofs; " },
	{ "a raw volume of kubelet: a loop device over a device file outside of /dev",
	  "disk A vdb 253:16\n disk B vda 253:0\n mount 253:0 / xfs /dev/vda\n"
	  "loop loop0 7:0 /var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc-1/"
	  "dev/pod-1\n node /var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc-1/"
	  "dev/pod-1 b 253:16",
	  "A", "mapping loop0: vdb; " },
	{ "a raw volume of kubelet whose device file is mounted",
	  "disk A vdb 253:16\n disk B vda 253:0\n mount 253:0 / xfs /dev/vda\n"
	  "loop loop0 7:0 /dev/vdb\n mount 0:5 /var/lib/kubelet/plugins/kubernetes.io/csi/"
	  "volumeDevices/pvc-1/dev/pod-1 devtmpfs devtmpfs",
	  "A", "mapping loop0: vdb; " },
	{ "a program that has a raw disk open",
	  "disk A vdb 253:16\n disk A vdc 253:32\n link proc/77/fd/9 /dev/vdb\n"
	  "link proc/78/fd/9 /dev/vdb\n file proc/77/comm qemu",
	  "A", "open qemu: vdb; " },
	{ "a program that has a volume open",
	  "disk A vda 253:0\n dm dm-0 vg-a LVM-1 254:0 vda\n node /dev/mapper/vg-a b 254:0\n"
	  "link proc/77/fd/9 /dev/mapper/vg-a\n file proc/77/comm oracle",
	  "A", "volume-group vg: vda; open oracle: vda > vg-a; " },
	{ "programs that close the devices of a card",
	  "scsi A sda 8:0 running\n scsi B sdb 8:16 running\n disk A sdc 8:32\n"
	  "dm dm-0 mpatha mpath-3600 254:0 sda sdb\n"
	  "link proc/77/fd/9 /dev/sda\n link proc/77/exe /sbin/multipathd\n"
	  "link proc/78/fd/9 /dev/sda\n link proc/78/exe /usr/lib/systemd/systemd-udevd",
	  "A", "~multipath mpatha: sda; " },
	{ "multipathd on another disk",
	  "disk A sdc 8:32\n link proc/77/fd/9 /dev/sdc\n"
	  "link proc/77/exe /sbin/multipathd\n file proc/77/comm multipathd",
	  "A", "open multipathd: sdc; " },
	{ "verbs of an RDMA card",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/mlx5_core\n"
	  "file sys/bus/pci/devices/0000:00:01.0/infiniband_verbs/uverbs0/dev 231:192\n"
	  "link sys/dev/char/231:192 "
	  "../../devices/pci0000:00/0000:00:01.0/infiniband_verbs/uverbs0\n"
	  "node /dev/infiniband/uverbs0 c 231:192\n node /dev/ptmx c 5:2\n"
	  "link proc/77/fd/5 /dev/infiniband/uverbs0\n link proc/77/fd/6 /dev/ptmx\n"
	  "file proc/77/comm ucx",
	  "A", "open ucx: uverbs0; " },
	{ "programs that cannot be read", "disk A vdb 253:16\n sealed", "A",
	  "?open programs: 0000:00:01.0; " },
	{ "the same, and nothing that a program could open", "net B eth0\n sealed", "A",
	  "" },
	{ "vfio without an IOMMU",
	  "link sys/bus/pci/devices/0000:00:01.0/driver ../../../bus/pci/drivers/vfio-pci\n"
	  "link sys/bus/pci/devices/0000:00:01.0/iommu_group "
	  "../../../kernel/iommu_groups/0\n node /dev/vfio/noiommu-0 c 243:0\n"
	  "link sys/dev/char/243:0 ../../devices/virtual/vfio/noiommu-0\n"
	  "link proc/77/fd/5 /dev/vfio/noiommu-0",
	  "A", "user-driver /dev/vfio/noiommu-0: 0000:00:01.0; " },
	{ "a variant driver of vfio",
	  "link sys/bus/pci/devices/0000:00:01.0/driver "
	  "../../../bus/pci/drivers/mlx5_vfio_pci\n"
	  "link sys/bus/pci/devices/0000:00:01.0/iommu_group "
	  "../../../kernel/iommu_groups/7\n node /dev/vfio/7 c 243:0\n"
	  "link sys/dev/char/243:0 ../../devices/virtual/vfio/7\n"
	  "link proc/77/fd/5 /dev/vfio/7",
	  "A", "user-driver /dev/vfio/7: 0000:00:01.0; " },
	{ "lines of another form",
	  "disk A vda 253:0\n bad\n mount 253:0 /data ext4 /dev/vda", "A",
	  "mount /data: vda; ?" },
};

const size_t n_impact_layouts = COUNT(impact_layouts);
