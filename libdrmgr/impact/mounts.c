// SPDX-License-Identifier: LGPL-2.1-or-later
/* Mounts and swap, and files that are block devices: on which things they are. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/sysfs.h"

#define BTRFS_DIR "sys/fs/btrfs"
#define EXT4_DIR  "sys/fs/ext4"

static bool mount_is_vital(const char *point)
{
	return !strcmp(point, "/") || !strcmp(point, "/usr") || !strcmp(point, "/boot") ||
	       !strcmp(point, "/sysroot") || !strncmp(point, "/boot/", strlen("/boot/"));
}

bool mount_names_device(const struct mount_entry *m)
{
	return !strncmp(m->source, "/dev/", 5) && strncmp(m->type, "fuse", 4) != 0;
}

static size_t mount_thing(const struct impact_search *s, const struct mount_entry *m)
{
	return m ? s->first[THING_MOUNT] + (size_t)(m - s->mounts.list) : 0;
}

size_t mount_of_file(const struct impact_search *s, const char *path)
{
	return !strncmp(path, "/dev/", 5)
		       ? 0
		       : mount_thing(s, mounts_find(&s->mounts, path, NULL));
}

bool mount_is_virtio(const struct mount_entry *m)
{
	return !strcmp(m->type, "virtiofs") ||
	       (!strcmp(m->type, "9p") && strstr(m->options, "trans=virtio"));
}

/* What a path was when an overlay was mounted. On the root file system each other mount is
 * newer, or was moved there. /sys and /proc cover what a layer there was: papr-vmm's own root
 * has such layers. */
const struct mount_entry *mount_of_layer(const struct impact_search *s, const char *path,
					 const struct mount_entry *m)
{
	const struct mount_entry *below = mounts_find(&s->mounts, path, m);

	below = below ? below : mounts_find(&s->mounts, path, NULL);
	return !below || below == m || !strcmp(below->point, "/sys") ||
			       !strcmp(below->point, "/proc")
		       ? NULL
		       : below;
}

/* Return the next path of a list, or NULL. Backslashes quote the colons of paths. */
static char *paths_next(char **rest)
{
	char *path = *rest, *to = path, *from = path;

	if (!path)
		return NULL;
	for (; *from && *from != ':'; *to++ = *from++)
		from += from[0] == '\\' && from[1];
	*rest = *from ? from + 1 : NULL;
	*to = '\0';
	return path;
}

/* What options name, once or often: a folder or file, whose mount has the file system's
 * data, or another device. Without a name it is the source. A folder that was mounted in
 * another place and is hidden now cannot be found. Sources: Linux fs/overlayfs/params.c,
 * fs/xfs/xfs_super.c, fs/reiserfs/super.c, fs/erofs/super.c. */
static const struct {
	const char *type, *option;
	bool is_list;
} option_rows[] = {
	{ "overlay", "upperdir", false },  { "overlay", "lowerdir", true },
	{ "overlay", "lowerdir+", false }, { "overlay", "datadir+", false },
	{ "xfs", "logdev", false },	   { "xfs", "rtdev", false },
	{ "reiserfs", "jdev", false },	   { "erofs", "device", false },
	{ "erofs", NULL, false },
};

static int option_visit(struct impact_search *s, const struct mount_entry *m, size_t row,
			path_visitor *visit, void *to)
{
	const char *at = NULL;
	char *value;
	int end = 0, found = 0;

	if (!option_rows[row].option)
		return visit(s, m, m->source, to);
	while (!end &&
	       (found = mount_next_option(m, option_rows[row].option, &at, &value)) > 0) {
		char *rest = value, *path;

		if (!option_rows[row].is_list)
			end = visit(s, m, value, to);
		while (option_rows[row].is_list && !end && (path = paths_next(&rest)))
			end = *path ? visit(s, m, path, to) : 0;
		free(value);
	}
	search_unread(s, found < 0 ? found : 0);
	return end;
}

int mount_each_path(struct impact_search *s, const struct mount_entry *m,
		    path_visitor *visit, void *to)
{
	int end = 0;

	for (size_t i = 0; !end && i < ARRAY_SIZE(option_rows); i++)
		if (!strcmp(m->type, option_rows[i].type))
			end = option_visit(s, m, i, visit, to);
	return end;
}

static int mount_add_path(struct impact_search *s, const struct mount_entry *m,
			  const char *path, void *to)
{
	size_t below = block_of_path(s, path);

	(void)to;
	if (below)
		search_edge(s, below, mount_thing(s, m), 0, NULL);
	else
		search_edge(s, mount_thing(s, mount_of_layer(s, path, m)),
			    mount_thing(s, m), 0, m->type);
	return 0;
}

/* File systems that a virtio device serves: where sysfs has their tags. The first folder that
 * exists has all of them. Before Linux 6.9 there are no tags of virtiofs: each mount may be
 * on each device. */
static const struct {
	const char *type, *dir, *tag, *device;
} served_rows[] = {
	{ "virtiofs", "sys/fs/virtiofs", "tag", "/device" },
	{ "virtiofs", "sys/bus/virtio/drivers/virtiofs", NULL, "" },
	{ "9p", "sys/bus/virtio/drivers/9pnet_virtio", "mount_tag", "" },
};

static void mount_add_server(struct impact_search *s, const struct mount_entry *m,
			     size_t row, const char *entry)
{
	const char *dir = served_rows[row].dir;
	char tag[256], target[PATH_MAX];

	if (served_rows[row].tag && (sysfs_text(s->dr->root, tag, sizeof(tag), "%s/%s/%s",
						dir, entry, served_rows[row].tag) ||
				     strcmp(tag, m->source) != 0))
		return;
	if (sysfs_link(s->dr->root, target, sizeof(target), "%s/%s%s", dir, entry,
		       served_rows[row].device) ||
	    !search_below(s, target))
		return;
	search_edge(s, search_lose_part(s, strrchr(target, '/') + 1), mount_thing(s, m),
		    0, m->source);
}

static void mount_add_servers(struct impact_search *s, const struct mount_entry *m)
{
	size_t mount = mount_thing(s, m);
	bool is_known = false;

	for (size_t row = 0; !is_known && row < ARRAY_SIZE(served_rows); row++) {
		_cleanup_names_ struct kern_names names = { 0 };

		if (strcmp(m->type, served_rows[row].type) != 0)
			continue;
		is_known =
			search_list(s, &names, KERN_LIST_ALL, "%s", served_rows[row].dir);
		for (size_t i = 0; i < names.n; i++)
			mount_add_server(s, m, row, names.name[i]);
	}
	s->things[mount].has_servers = is_known;
}

/* Add the file systems of btrfs. They are lost with any member: it is unknown whether the
 * copies on other members are complete. */
static void file_systems_read(struct impact_search *s)
{
	_cleanup_names_ struct kern_names all = { 0 };

	search_list(s, &all, KERN_LIST_ALL, BTRFS_DIR);
	for (size_t i = 0; i < all.n; i++) {
		_cleanup_names_ struct kern_names members = { 0 };
		size_t fs;

		if (!search_list(s, &members, KERN_LIST_ALL, BTRFS_DIR "/%s/devices",
				 all.name[i]) ||
		    !members.n)
			continue;
		fs = search_add(s, THING_FILE_SYSTEM,
				members.n > 1 ? IMPACT_FILE_SYSTEM : IMPACT_KINDS,
				all.name[i]);
		for (size_t k = 0; k < members.n; k++)
			search_edge(s, search_find(s, THING_BLOCK, members.name[k]), fs,
				    0, NULL);
	}
}

/* Return the file system of which the block device is a member, or the device itself. */
static size_t file_system_of(const struct impact_search *s, size_t block)
{
	for (size_t e = s->things[block].first_edge; e; e = s->edges[e].next)
		if (s->things[s->edges[e].to].type == THING_FILE_SYSTEM)
			return s->edges[e].to;
	return block;
}

/* A file system over several devices has no device number; its source names one device
 * (btrfs) or all of them (bcachefs: "/dev/vda:/dev/vdb"). */
static void mount_add_sources(struct impact_search *s, const struct mount_entry *m)
{
	const char *source = m->source;

	do {
		size_t len = strcspn(source, ":");
		size_t block = block_of_path(s, mem_copy_n(s->mem, source, len));

		search_edge(s, file_system_of(s, block), mount_thing(s, m), 0, NULL);
		source += len;
	} while (*source++);
}

/* Find the external journal of an ext4 file system. The kernel names it in the task that
 * writes the journal: "jbd2/vda"; for an internal one, an inode follows: "jbd2/vdb-8". */
static void journal_add(struct impact_search *s, const char *file_system)
{
	char pid[16], comm[64], number[32];
	unsigned int major, minor;
	size_t journal;

	if (sysfs_text(s->dr->root, pid, sizeof(pid), EXT4_DIR "/%s/journal_task",
		       file_system) ||
	    sysfs_text(s->dr->root, comm, sizeof(comm), "proc/%s/comm", pid) ||
	    strncmp(comm, "jbd2/", 5) != 0)
		return;
	journal = search_find(s, THING_BLOCK, comm + 5);
	if (!journal ||
	    sysfs_text(s->dr->root, number, sizeof(number), "sys/class/block/%s/dev",
		       file_system) ||
	    sscanf(number, "%u:%u", &major, &minor) != 2)
		return;
	for (size_t i = 0; i < s->mounts.n; i++)
		if (s->mounts.list[i].major == major && s->mounts.list[i].minor == minor)
			search_edge(s, journal, mount_thing(s, &s->mounts.list[i]), 0,
				    NULL);
}

/* A device file can be outside of /dev: kubelet makes one for each raw volume. A server that
 * hangs would block the search, so its files are not tested. */
static void block_add_backing(struct impact_search *s, size_t block, const char *path)
{
	const struct mount_entry *m = mounts_find(&s->mounts, path, NULL);
	size_t below = block_of_path(s, path);

	if (!below && m && *path == '/' && !mount_is_remote(m) &&
	    strncmp(m->type, "fuse", 4) != 0)
		below = block_of_file(s, path);
	if (below)
		search_edge(s, below, block, 0, NULL);
	else
		search_edge(s, mount_thing(s, m), block, EDGE_PART, NULL);
}

static void backings_read(struct impact_search *s)
{
	size_t end = s->first[THING_BLOCK] + s->n[THING_BLOCK];
	char path[PATH_MAX];

	for (size_t i = s->first[THING_BLOCK]; i < end; i++)
		if (!s->things[i].is_lost &&
		    block_backing(s, &s->things[i], path, sizeof(path)))
			block_add_backing(s, i, path);
}

static void swaps_add(struct impact_search *s)
{
	_cleanup_names_ struct kern_names paths = { 0 };
	int err = swaps_read(s->dr->root, &paths);

	search_unread(s, err);
	for (size_t i = 0; i < paths.n; i++) {
		size_t swap = search_add(s, THING_SWAP, IMPACT_SWAP, paths.name[i]);
		size_t below = block_of_path(s, paths.name[i]);

		s->things[swap].is_vital = true;
		if (!below)
			below = mount_of_file(s, paths.name[i]);
		search_edge(s, below, swap, 0, NULL);
	}
}

/* If process 1 is in a chroot, or its mounts cannot be read, no mount is the root. */
static void mounts_add(struct impact_search *s)
{
	bool has_root = false;
	size_t k;

	for (size_t i = 0; i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];
		size_t len = strlen(m->point);
		bool is_nfs_root = mount_is_remote(m) && !strcmp(m->point, "/");

		k = search_add(s, THING_MOUNT,
			       is_nfs_root ? IMPACT_NFS_ROOT : IMPACT_MOUNT, m->point);
		has_root |= !strcmp(m->point, "/");
		s->things[k].mount = m;
		s->things[k].is_vital = mount_is_vital(m->point);
		if (len > strlen("/proc") &&
		    !strcmp(m->point + len - strlen("/proc"), "/proc"))
			*vec_add(s->mem, s->proc, s->n_proc) = m->point;
	}
	if (!has_root) {
		k = search_add(s, THING_MOUNT, IMPACT_MOUNT, "an unknown device");
		s->things[k].what = "/";
		s->things[k].is_vital = true;
	}
}

void mounts_search(struct impact_search *s)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = mounts_read(s->dr->root, "proc/1/mountinfo", &s->mounts);
	bool has_btrfs = false;

	if (err && err != -E2BIG && err != -ENOMEM && err != -EBADMSG) {
		s->needs_unknown = true;
		mounts_free(&s->mounts);
		err = mounts_read(s->dr->root, "proc/self/mountinfo", &s->mounts);
	}
	/* Without the list of mounts the root file system would appear to be on no
	 * device. */
	search_unread(s, err == -E2BIG ? -ENOMEM : err);
	mounts_add(s);
	if (mem_check(s->mem))
		return;
	for (size_t i = 0; i < s->mounts.n && !has_btrfs; i++)
		has_btrfs = !strcmp(s->mounts.list[i].type, "btrfs");
	if (has_btrfs)
		file_systems_read(s);
	for (size_t i = 0; i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];

		if (!m->major && mount_names_device(m))
			mount_add_sources(s, m);
		mount_each_path(s, m, mount_add_path, NULL);
		mount_add_servers(s, m);
	}
	search_list(s, &names, KERN_LIST_ALL, EXT4_DIR);
	for (size_t i = 0; i < names.n; i++)
		journal_add(s, names.name[i]);
	backings_read(s);
	swaps_add(s);
}

void mounts_spread(struct impact_search *s, size_t block)
{
	const struct thing *t = &s->things[block];

	for (size_t i = 0; t->major && i < s->mounts.n; i++)
		if (s->mounts.list[i].major == t->major &&
		    s->mounts.list[i].minor == t->minor)
			search_take(s, block, mount_thing(s, &s->mounts.list[i]), 0,
				    NULL);
}
