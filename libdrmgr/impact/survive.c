// SPDX-License-Identifier: LGPL-2.1-or-later
/* What survives the loss of a device below: for each kind of redundancy, whether Linux would
 * still send I/O down another path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/dm.h"
#include "kern/sysfs.h"

#define BLOCKS_DIR "sys/class/block"
#define NET_DIR	   "sys/class/net"

static bool has_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Read an attribute of a block device; "" if it does not exist. */
static const char *block_attr(const struct impact_search *s, const char *name,
			      const char *attr, char text[256])
{
	if (sysfs_text(s->dr->root, text, 256, BLOCKS_DIR "/%s/%s", name, attr))
		*text = '\0';
	return text;
}

static int block_read_number(const struct impact_search *s, const char *name,
			     const char *attr)
{
	char text[256], *end;
	long n = strtol(block_attr(s, name, attr, text), &end, 10);

	return end == text || n < 0 || n > INT_MAX ? -1 : (int)n;
}

/* needs.c counts a member whose state is unknown as missing. */
static bool thing_remains(const struct impact_search *s, const struct thing *t)
{
	return s->is_proof ? t->verdict == REMAINS : !t->is_lost;
}

static bool block_remains(const struct impact_search *s, const char *name)
{
	size_t i = search_find(s, THING_BLOCK, name);

	return i && thing_remains(s, &s->things[i]);
}

bool word_is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

/* Read the status of a mapping from device-mapper. Return false if its first target is of
 * another kind. */
static bool dm_status(struct impact_search *s, const char *name, const char *kind,
		      char *status, size_t size)
{
	const struct dm_facts *dm = s->dr->dm;
	char target[32], number[256];
	unsigned int major, minor;

	return dm &&
	       sscanf(block_attr(s, name, "dev", number), "%u:%u", &major, &minor) == 2 &&
	       !dm->status(dm->priv, s->dr->root, major, minor, target, sizeof(target),
			   status, size) &&
	       !strcmp(target, kind);
}

/* A path of device-mapper's multipath: SCSI reports "running", multipath does not report
 * "8:16 F", and the array (ALUA) accepts commands. */
static bool multipath_path_carries(struct impact_search *s, const char *path,
				   const char *status)
{
	static const char *const live[] = { "running", "live", "", NULL };
	static const char *const dead[] = { "unavailable", "offline", NULL };
	char text[256], number[256];

	if (!block_remains(s, path) ||
	    !word_is_one_of(block_attr(s, path, "device/state", text), live) ||
	    word_is_one_of(block_attr(s, path, "device/access_state", text), dead))
		return false;
	block_attr(s, path, "dev", number);
	snprintf(text, sizeof(text), " %.32s F ", number);
	return !*number || !strstr(status, text);
}

static bool multipath_survives(struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names slaves = { 0 };
	char status[4096];

	if (!dm_status(s, name, "multipath", status, sizeof(status)))
		*status = '\0';
	search_list(s, &slaves, KERN_LIST_ALL, BLOCKS_DIR "/%s/slaves", name);
	for (size_t i = 0; i < slaves.n; i++)
		if (multipath_path_carries(s, slaves.name[i], status))
			return true;
	return false;
}

bool nvme_head_of(const char *path, char *head, size_t size)
{
	unsigned int subsystem, controller, namespace;
	int end = 0;

	if (sscanf(path, "nvme%uc%un%u%n", &subsystem, &controller, &namespace, &end) !=
		    3 ||
	    path[end])
		return false;
	snprintf(head, size, "nvme%un%u", subsystem, namespace);
	return true;
}

/* A path of NVMe multipath: the controller is live, and the namespace can be reached (ANA).
 * Source: Linux drivers/nvme/host/multipath.c, nvme_find_path(). */
static bool nvme_path_carries(struct impact_search *s, const struct thing *path)
{
	static const char *const live[] = { "live", "running", "", NULL };
	static const char *const usable[] = { "optimized", "non-optimized", "", NULL };
	char text[256];

	return thing_remains(s, path) &&
	       word_is_one_of(block_attr(s, path->name, "device/state", text), live) &&
	       word_is_one_of(block_attr(s, path->name, "ana_state", text), usable);
}

size_t nvme_next_path(const struct impact_search *s, const char *head, size_t at)
{
	char other[256];

	for (at = at ? at + 1 : s->first[THING_BLOCK];
	     at < s->first[THING_BLOCK] + s->n[THING_BLOCK]; at++)
		if (nvme_head_of(s->things[at].name, other, sizeof(other)) &&
		    !strcmp(other, head))
			return at;
	return 0;
}

static bool nvme_survives(struct impact_search *s, const char *head)
{
	for (size_t i = 0; (i = nvme_next_path(s, head, i));)
		if (nvme_path_carries(s, &s->things[i]))
			return true;
	return false;
}

/* Count the lost parts of a mirror of LVM. -1: it has no part with this in its name. */
static int mirror_count_lost(struct impact_search *s, const struct kern_names *slaves,
			     const char *word)
{
	char label[256];
	int n = -1;

	for (size_t i = 0; i < slaves->n; i++)
		if (strstr(block_attr(s, slaves->name[i], "dm/name", label), word))
			n += (n < 0) + !block_remains(s, slaves->name[i]);
	return n;
}

/* Return how many of n legs a RAID level can lose. Levels have suffixes: "raid6_zr". */
static int raid_level_spares(const char *level, int n)
{
	if (!strcmp(level, "raid1"))
		return n - 1;
	if (has_prefix(level, "raid6"))
		return 2;
	return has_prefix(level, "raid10") || has_prefix(level, "raid4") ||
	       has_prefix(level, "raid5");
}

/* Return how many legs of "raid1 2 AA" may be missing, or -1 if unknown. A letter other
 * than A is a leg that is missing or not yet synchronized. */
static int raid_tolerance(struct impact_search *s, const char *name)
{
	char status[512], level[32], health[256];
	int n, spare;

	if (!dm_status(s, name, "raid", status, sizeof(status)) ||
	    sscanf(status, "%31s %d %255s", level, &n, health) != 3)
		return -1;
	spare = raid_level_spares(level, n);
	for (const char *leg = health; *leg; leg++)
		spare -= *leg != 'A';
	return spare;
}

/* Like raid_tolerance(), for LVM's older mirror: "2 254:0 254:1 1024/1024 1 AA ...". While it
 * is still being copied, a leg can lack data. */
static int mirror_tolerance(struct impact_search *s, const char *name)
{
	unsigned long long done, total;
	char status[512], health[256];
	const char *at = status;
	int n, spare = -1;

	if (!dm_status(s, name, "mirror", status, sizeof(status)) ||
	    sscanf(status, "%d", &n) != 1)
		return -1;
	for (int i = 0; i <= n && at; i++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, " %llu/%llu %*d %255s", &done, &total, health) != 3 ||
	    done != total)
		return -1;
	for (const char *leg = health; *leg; leg++)
		spare += *leg == 'A';
	return spare;
}

/* The legs of the older kind are "vg-lv_mimage_0", of the newer one "vg-lv_rimage_0". Without
 * its log, the older one waits for an administrator. */
static bool mirror_survives(struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names slaves = { 0 };
	int lost;

	search_list(s, &slaves, KERN_LIST_ALL, BLOCKS_DIR "/%s/slaves", name);
	lost = mirror_count_lost(s, &slaves, "_mimage_");
	if (lost >= 0)
		return lost <= mirror_tolerance(s, name) &&
		       mirror_count_lost(s, &slaves, "_mlog") <= 0;
	lost = mirror_count_lost(s, &slaves, "_rimage_");
	return lost >= 0 && lost <= raid_tolerance(s, name);
}

/* Extract the volume group: "vg-a" from "vg--a-lv". LVM doubles the dashes of names. */
static const char *volume_group(struct impact_search *s, const char *label)
{
	char group[256];
	size_t n = 0;

	for (const char *at = label; *at && n + 1 < sizeof(group); at++) {
		if (*at == '-' && *++at != '-')
			break;
		group[n++] = *at;
	}
	group[n] = '\0';
	return mem_copy(s->mem, group);
}

/* The prefix of a mapping's UUID names the program that made it. */
static bool mapping_survives(struct impact_search *s, struct thing *t)
{
	const char *label = block_label(s, t);
	bool survives = false;
	char uuid[256];

	t->what = label;
	block_attr(s, t->name, "dm/uuid", uuid);
	if (has_prefix(uuid, "mpath-")) {
		t->kind = IMPACT_MULTIPATH;
		return multipath_survives(s, t->name);
	}
	if (has_prefix(uuid, "LVM-")) {
		survives = mirror_survives(s, t->name);
		t->kind = survives ? IMPACT_ARRAY : IMPACT_VOLUME_GROUP;
		t->what = survives ? label : volume_group(s, label);
	}
	return survives;
}

/* Return how many members may be missing, or -1 if unknown. RAID 10 has near times far
 * copies of a block: the two lower bytes of the layout. */
static int array_tolerance(const struct impact_search *s, const char *name)
{
	int disks = block_read_number(s, name, "md/raid_disks");
	int layout = block_read_number(s, name, "md/layout");
	char level[256];

	block_attr(s, name, "md/level", level);
	if (!strcmp(level, "container")) /* a container has no data of its own */
		return INT_MAX / 4;
	if (!strcmp(level, "raid1"))
		return disks - 1;
	if (!strcmp(level, "raid4") || !strcmp(level, "raid5"))
		return 1;
	if (!strcmp(level, "raid6"))
		return 2;
	if (!strcmp(level, "raid10") && layout > 0)
		return (layout & 255) * (layout >> 8 & 255) - 1;
	return -1;
}

/* Count the lost members. Spares and failed members do not count; without its journal an
 * array stops. */
static bool array_survives(struct impact_search *s, const char *name)
{
	int degraded = block_read_number(s, name, "md/degraded");
	int missing = degraded > 0 ? degraded : 0;
	_cleanup_names_ struct kern_names slaves = { 0 };
	char state[256];

	search_list(s, &slaves, KERN_LIST_ALL, BLOCKS_DIR "/%s/slaves", name);
	for (size_t i = 0; i < slaves.n; i++) {
		if (block_remains(s, slaves.name[i]))
			continue;
		if (sysfs_text(s->dr->root, state, sizeof(state),
			       BLOCKS_DIR "/%s/md/dev-%s/state", name, slaves.name[i]))
			*state = '\0';
		if (strstr(state, "journal"))
			return false;
		missing += !strstr(state, "faulty") && !strstr(state, "spare");
	}
	return missing <= array_tolerance(s, name);
}

bool block_survives(struct impact_search *s, struct thing *t)
{
	t->kind = IMPACT_MAPPING;
	if (has_prefix(t->name, "dm-"))
		return mapping_survives(s, t);
	if (has_prefix(t->name, "md")) {
		t->kind = IMPACT_ARRAY;
		return array_survives(s, t->name);
	}
	if (has_prefix(t->name, "nvme")) {
		t->kind = IMPACT_MULTIPATH;
		return nvme_survives(s, t->name);
	}
	return false;
}

bool net_has(const struct impact_search *s, const char *name, const char *file)
{
	char path[512];

	snprintf(path, sizeof(path), NET_DIR "/%.255s/%s", name, file);
	return kern_exists(s->dr->root, path) > 0;
}

bool net_has_link(const struct impact_search *s, const char *name)
{
	static const char *const files[] = { "operstate", "bonding_slave/mii_status" };
	static const char *const dead[] = { "down", "lowerlayerdown", NULL };
	char state[32];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!sysfs_text(s->dr->root, state, sizeof(state), NET_DIR "/%s/%s", name,
				files[i]) &&
		    word_is_one_of(state, dead))
			return false;
	return true;
}

bool net_leads_out(struct impact_search *s, const char *name)
{
	return net_has_link(s, name) &&
	       (net_has(s, name, "device") || net_has_lower(s, name));
}

/* An interface without others below it is reported, too: not all interfaces on it have
 * links. Those of Open vSwitch have none. */
bool net_survives(struct impact_search *s, struct thing *t)
{
	_cleanup_names_ struct kern_names files = { 0 };
	int n = 0, min_links = 0;
	char text[16];

	t->kind = net_has(s, t->name, "bridge")	   ? IMPACT_BRIDGE
		  : net_has(s, t->name, "bonding") ? IMPACT_BOND
						   : IMPACT_INTERFACE;
	search_list(s, &files, KERN_LIST_ALL, NET_DIR "/%s", t->name);
	if (!sysfs_text(s->dr->root, text, sizeof(text), NET_DIR "/%s/bonding/min_links",
			t->name))
		sscanf(text, "%d", &min_links);
	for (size_t i = 0; i < files.n; i++) {
		size_t lower = net_linked(s, files.name[i], "lower_");

		n += lower && net_leads_out(s, s->things[lower].name) &&
		     thing_remains(s, &s->things[lower]);
	}
	return n > 0 && n >= min_links;
}
