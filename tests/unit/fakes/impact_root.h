/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * impact_root.h - a fake system with storage and networks, made from a few lines of text
 *
 * One object a line, words separated by blanks:
 *   disk CARD NAME NUMBER           a virtual disk; scsi: the same, and the state of its path
 *   part CARD DISK NAME NUMBER      a partition; vpart: of a disk that belongs to no card
 *   virtual NAME NUMBER             a disk that belongs to no card
 *   far FOLDER NAME NUMBER          likewise, below this folder of /sys/devices
 *   over NAME NUMBER BELOW...       a layer of an unknown kind
 *   dm NAME LABEL UUID NUMBER BELOW...
 *   raid NUMBER LEVEL LEGS HEALTH   device-mapper's status of a mapping
 *   paths NUMBER PATH STATE PATH STATE   likewise: A or F, of paths by their numbers
 *   mirror NUMBER SYNC HEALTH       likewise: "1024/1024", "AA"
 *   md NAME LEVEL DISKS DEGRADED NUMBER BELOW...
 *   loop NAME NUMBER FILE           btrfs UUID MEMBER...
 *   mount NUMBER[=ROOT] POINT TYPE SOURCE [OPTIONS]     of process 1; ROOT: a bind of a part
 *   swap PATH
 *   held NAME...                    the kernel keeps them for a holder; free NAME...: it
 *                                   does not, as all others; unknown NAME...: no test
 *   net CARD NAME                   nif NAME        upper NAME LOWER...
 *   addr NAME ADDRESS               default NAME GATEWAY    route ADDRESS NAME [SOURCE]
 *   elsewhere NAME NSID             another network namespace has a link on it, or an
 *                                   interface of this device of PCI
 *   kind NAME KIND                  of a virtual interface, "team"
 *   tty CARD NAME                   file PATH TEXT...       link PATH TARGET
 *   folder PATH
 *   link proc/PID/fd/N /dev/NAME    a process has this device open: that of NAME's block line,
 *   node PATH b|c NUMBER            or the device file of this line
 *   sealed                          descriptors of another process cannot be read
 *   unseen                          process 1's mounts cannot be read: those of "mount" are
 *                                   this process' own
 *   noroot                          no mount at "/": else it is a rootfs, if none is given
 *   novty                           no terminal of the hypervisor
 *
 * Cards: A, B and F are in slots; f is a virtual function of F; R is below the bridge Q;
 * V and T are virtual devices; P is the host bridge with all of A to R.
 */
#pragma once

#include "kern/claim.h"
#include "kern/dm.h"
#include "kern/open_devices.h"
#include "kern/rtnetlink.h"
#include "tests/unit/fakes/fake_platform.h"

/* Replaces the kernel's tables. */
struct net_table {
	char addresses[8][2][64], defaults[4][2][64], routes[4][3][64],
		elsewhere[4][2][64], kinds[8][2][64];
	size_t n_kinds, n_addresses, n_defaults, n_routes, n_elsewhere;
	int fails_with;
};

struct impact_root {
	struct fake *f;
	char mapping[3][64]; /* number, target and status of one mapping */
	struct dm_facts dm;
	char claims[64][2][64]; /* name, "held", "free" or "unknown" */
	size_t n_claims, n_tested;
	struct claim_facts claim_facts;
	char nodes[8][2][128]; /* path, "b NUMBER" or "c NUMBER" */
	size_t n_nodes;
	bool is_sealed, is_unseen, has_no_vty, root_is_given, *has_root;
	struct open_facts open_facts;
	struct net_table net;
	struct net_facts facts;
	char *mounts, *swaps;
	size_t mounts_len, swaps_len;
	FILE *mounts_to, *swaps_to;
};

void impact_root_begin(struct impact_root *b, const char *tree);
void impact_root_end(struct impact_root *b);

/* Return the device-tree node of a card. */
const char *impact_root_node(char card);

struct impact_layout {
	const char *name;
	const char *tree;
	const char *gone;  /* cards that are removed together */
	const char *found; /* in the format of fake.impacts; "?" at the end: incomplete */
};

extern const struct impact_layout impact_layouts[];
extern const size_t n_impact_layouts;
