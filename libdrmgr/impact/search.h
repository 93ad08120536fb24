/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * search.h - things, edges, and the walk from lost devices upward
 *
 * A thing is a block device, an interface, a mount and so on. An edge leads from a thing to
 * a user of it. Readers add both: the table in search.c lists them. The walk loses all that
 * it reaches; what has another way survives (survive.c). The report is a loop over the lost
 * things. A new layer, transport or user is a reader or a row.
 *
 * Memory:  all of it is in impacts.mem. Things are referred to by index: the list moves.
 * Errors:  a fact that cannot be read makes the search incomplete.
 */
#pragma once

#include <limits.h>

#include "libdrmgr/impact/impact.h"
#include "kern/claim.h"
#include "kern/mounts.h"

enum thing_type {
	THING_DEVICE, /* what is removed, or a part of it that serves something */
	THING_CONSOLE,
	THING_NET,
	THING_BLOCK,
	THING_FILE_SYSTEM, /* on several devices */
	THING_MOUNT,
	THING_SWAP,
	THING_KERNEL_USER,
	THING_ADDRESS, /* or a default route, or a link of another network namespace */
	THING_TYPES,
};

/* Does it remain without the lost cards? See needs.c. */
enum verdict {
	NOT_ASKED,
	ASKED_NOW, /* a circle */
	REMAINS,
	UNKNOWN,
	GONE,
};

/* What an unknown need may depend on. A known name excludes some of it. */
enum {
	ON_HIDDEN = 1, /* a disk or share whose use is not explained */
	ON_NET = 2,    /* an interface that is up */
	ON_ANY = 4,    /* the same, each disk in use, a card of an unknown kind */
	ON_PORT = 8,   /* a card that may have console ports */
};

struct thing {
	enum thing_type type;
	enum impact_kind kind; /* in the report; IMPACT_KINDS: not reported */
	const char *name;      /* "vda2", "eth0", a mount point */
	const char *what;      /* in the report */
	const char *target;    /* where its link in sysfs leads; "" */
	const char *through;   /* if lost or degraded: the chain of what it has lost */
	const char *chain;     /* if lost: "vda2 > md0" */
	size_t parent;	       /* the disk of a partition; 0: none */
	size_t first_edge, last_edge, next_lost, first_in;
	unsigned int major, minor; /* of a lost block device; 0: none */
	const struct mount_entry *mount;
	enum verdict verdict;
	int on;			       /* if unknown */
	size_t below;		       /* what decided the verdict */
	struct impact_carrier carrier; /* if unknown */
	bool has_servers; /* sysfs shows the devices that serve this kind of file system */
	bool is_elsewhere; /* a port that stays serves it */
	bool is_doubtful;  /* its local end is named, and was not found */
	bool is_explained; /* a whole mount, swap or layer uses it */
	bool is_fatal;	   /* a need that is refused */
	bool is_lost, is_degraded;
	bool is_unsure;	 /* if lost: it may be reached in another way */
	bool is_vital;	 /* a need of the system */
	bool is_used;	 /* a layer, mount or swap uses it */
	bool is_split;	 /* it has partitions */
	bool is_path;	 /* of a multipath device */
	bool has_walked; /* its own files were read */
	bool is_tested;
	enum claim claim; /* if it is lost and has no use */
};

/* An edge for which no rule of survival holds, and which is no use: a partition of its
 * disk, a disk of its connection. */
enum { EDGE_PART = 1, EDGE_UNSURE = 2 };

struct edge {
	size_t from, to, next, next_in;
	int flags;
	const char *label; /* NULL: the chain does not get longer */
};

/* What paths of sysfs contain if they are of a lost device, and its name. */
struct lost_path {
	const char *text, *name;
};

struct impact_search {
	const struct dr_ctx *dr;
	struct impacts *out;
	struct mem *mem; /* impacts.mem */
	bool has_unsure, is_unsure;
	bool is_proof;	    /* survive.c asks for verdicts */
	bool has_states;    /* of the disks, for the proof */
	bool needs_unknown; /* the mounts are not those of process 1 */
	bool has_lost_net;
	bool has_number;      /* a lost device has a file in /dev */
	struct thing *things; /* things[0] is none */
	struct edge *edges;   /* likewise */
	struct lost_path *paths;
	size_t n_things, n_edges, n_paths;
	size_t first[THING_TYPES],
		n[THING_TYPES]; /* things of a type follow each other */
	size_t first_lost, last_lost;
	struct mount_table mounts;
	const char **proc; /* mount points "DIR/proc": DIR is the root of a view */
	size_t n_proc;
};

/* Note the error of a reader. 0: none. */
void search_unread(struct impact_search *s, int err);

/* List a folder. Return false if it does not exist or cannot be read. */
bool search_list(struct impact_search *s, struct kern_names *names,
		 enum kern_list_what what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Add a thing of a type, and return its index. Without memory it is 0. kind IMPACT_KINDS: not
 * reported. */
size_t search_add(struct impact_search *s, enum thing_type type, enum impact_kind kind,
		  const char *name);

/* Find a thing by its name. Things of the type must have been added by name. 0: none. */
size_t search_find(const struct impact_search *s, enum thing_type type, const char *name);

/* Add the devices in a folder of sysfs by name, and lose those of lost devices. */
void search_read_class(struct impact_search *s, enum thing_type type, const char *dir);

void search_edge(struct impact_search *s, size_t from, size_t to, int flags,
		 const char *label);

/* Lose a thing that is removed itself. */
void search_lose(struct impact_search *s, size_t thing, const char *chain);

/* Add a part of a lost card that serves something, and is not reported. */
size_t search_lose_part(struct impact_search *s, const char *name);

/* In the walk: a user of a lost thing loses it. */
void search_take(struct impact_search *s, size_t from, size_t to, int flags,
		 const char *label);

/* Add the path of a lost device, "/0000:00:01.0/", and test whether a path is below one: its
 * name, or NULL. */
void search_lose_path(struct impact_search *s, const char *component, const char *name);
const char *search_below(const struct impact_search *s, const char *target);

void search_report(struct impact_search *s, const struct dr_impact *impact);

/* The next lost thing of a type after this one; 0 at first, and after the last. */
size_t search_next_lost(const struct impact_search *s, enum thing_type type, size_t at);

/* ---- Readers: they add things and edges ---- */

void devices_read(struct impact_search *s, const char *const *nodes, size_t n);
void consoles_read(struct impact_search *s);
void nets_read(struct impact_search *s);
void blocks_read(struct impact_search *s);
void mounts_search(struct impact_search *s);
void transports_read(struct impact_search *s);
void kernel_users_read(struct impact_search *s);

/* In the walk: the users that sysfs or the list of mounts names beside a lost thing. */
void mounts_spread(struct impact_search *s, size_t block);
void blocks_spread(struct impact_search *s, size_t thing);
void nets_spread(struct impact_search *s, size_t thing);

/* ---- survive.c: would Linux still send I/O down another path? ---- */

/* Test whether a user survives without what it has lost. Set its kind for the report. */
bool block_survives(struct impact_search *s, struct thing *t);
bool net_survives(struct impact_search *s, struct thing *t);

/* Return true if the list, which ends with NULL, has this text. */
bool word_is_one_of(const char *text, const char *const *words);

/* Return true for a path of NVMe multipath, "nvme0c1n1", and its head, "nvme0n1". */
bool nvme_head_of(const char *path, char *head, size_t size);

/* Return the next path of a head after a thing (0: the first one), or 0. */
size_t nvme_next_path(const struct impact_search *s, const char *head, size_t at);

/* ---- After the walk ---- */

/* Test lost block devices without a use; report their claims. */
void claims_test(struct impact_search *s);
void claims_report(struct impact_search *s);

/* ---- needs.c: before the walk, after the claims, after the list ---- */

void needs_prove(struct impact_search *s);
void needs_decide(struct impact_search *s);
void needs_report(struct impact_search *s);

/* Test whether a row of transport.c has the way to a thing. */
bool transport_is_known(const struct impact_search *s, size_t thing);

/* Report lost interfaces that are up without a use. */
void nets_report_unused(struct impact_search *s);

/* Report programs that have files of lost devices open. */
void programs_search(struct impact_search *s);

/* ---- Facts for several readers ---- */

/* Return the name for users: of a mapping, the administrator's. */
const char *block_label(struct impact_search *s, const struct thing *t);

/* Find the block device of a path in /dev, or of a device file in any place. 0: none. */
size_t block_of_path(struct impact_search *s, const char *path);
size_t block_of_file(struct impact_search *s, const char *path);
size_t block_of_number(struct impact_search *s, unsigned int major, unsigned int minor);

/* Read the path of the file or device on which a loop or zram device is. */
bool block_backing(const struct impact_search *s, const struct thing *t, char *path,
		   size_t size);

/* Test whether an interface has a file in sysfs, and whether it has others below it. */
bool net_has(const struct impact_search *s, const char *name, const char *file);
bool net_has_lower(struct impact_search *s, const char *name);
/* Test whether an interface has a link, and leads out of the machine, too: a tap, a veth and a
 * dummy do not. A bond can know better than the driver whether there is a link. */
bool net_has_link(const struct impact_search *s, const char *name);
bool net_leads_out(struct impact_search *s, const char *name);
/* Return the interface of a file "lower_NAME" in the folder of another one, or 0. prefix:
 * "lower_" or "upper_" */
size_t net_linked(const struct impact_search *s, const char *file, const char *prefix);
/* Return the kind of a virtual interface, or "". */
const char *net_kind(const struct impact_search *s, const char *name);
/* Return the next interface (0: the first one) with the ports of Open vSwitch that may be
 * below this one. 0: no other, or it is of another kind. */
size_t net_next_datapath(struct impact_search *s, size_t net, size_t at);
/* Count the terminals of the hypervisor, or those that remain. */
size_t terminals_count(struct impact_search *s, bool only_remaining);
/* Read the path of the terminal that firmware chose. Return 0 or a negative errno. */
int console_read_chosen(const struct kern_root *root, char *path, size_t size);

/* Return the thing of the mount on which a file is. 0: none. */
size_t mount_of_file(const struct impact_search *s, const char *path);

/* Return the mount of a layer, or NULL: what its path was when the overlay was mounted. */
const struct mount_entry *mount_of_layer(const struct impact_search *s, const char *path,
					 const struct mount_entry *m);

/* Test whether the source names a device. Any user chooses the source of a FUSE mount; a
 * FUSE mount of a device has the device's number. */
bool mount_names_device(const struct mount_entry *m);

/* Return true for a file system of another machine, and for one that the host serves through
 * a virtio device. */
bool mount_is_remote(const struct mount_entry *m);
bool mount_is_virtio(const struct mount_entry *m);

/* Visit each path that an option of the file system names. A value other than 0 ends the
 * visit and is returned. */
typedef int path_visitor(struct impact_search *s, const struct mount_entry *m,
			 const char *path, void *to);
int mount_each_path(struct impact_search *s, const struct mount_entry *m,
		    path_visitor *visit, void *to);
