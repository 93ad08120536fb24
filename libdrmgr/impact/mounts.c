// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define BTRFS_DIR "sys/fs/btrfs"
#define EXT4_DIR  "sys/fs/ext4"

bool impact_mount_is_vital(const char *point)
{
	return !strcmp(point, "/") || !strcmp(point, "/usr") || !strcmp(point, "/boot") ||
	       !strcmp(point, "/sysroot") || !strncmp(point, "/boot/", strlen("/boot/"));
}

static struct impact_block *block_of_mount(const struct impact_search *s,
					   const struct mount_entry *m)
{
	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (b->major == m->major && b->minor == m->minor)
			return b;
	}
	return NULL;
}

/* Return the chain of a device or else a mount if it is lost, or NULL. */
static const char *loss_of(const struct impact_search *s, struct impact_block *b,
			   const struct mount_entry *m, bool *is_unsure)
{
	const struct impact_mount *state = m ? &s->mount[m - s->mounts.list] : NULL;

	if (b) {
		b->is_used = true;
		*is_unsure = b->is_unsure;
		return b->chain;
	}
	*is_unsure = state && state->is_unsure;
	return state ? state->chain : NULL;
}

/* Find the file system with this member. Its folder in sysfs has a link to each
 * member. */
static int members_read(struct impact_search *s, const char *name,
			struct kern_names *members, char *uuid, size_t size)
{
	_cleanup_names_ struct kern_names all = { 0 };
	int err = kern_list(s->dr->root, BTRFS_DIR, KERN_LIST_ALL, &all);

	for (size_t i = 0; !err && i < all.n; i++) {
		_cleanup_free_ char *dir = text_of(BTRFS_DIR "/%s/devices", all.name[i]);

		if (!dir)
			return -ENOMEM;
		if (!kern_list(s->dr->root, dir, KERN_LIST_ALL, members) &&
		    kern_names_has(members, name)) {
			snprintf(uuid, size, "%s", all.name[i]);
			return 0;
		}
		kern_names_free(members);
	}
	if (err && err != -ENOENT)
		s->out->is_incomplete = true;
	return err == -ENOMEM ? err : -ENOENT;
}

/* Find a lost member of the file system, which is then lost, too: it is unknown whether
 * the copies on other members are complete. */
static int member_lost_chain(struct impact_search *s, const char *name,
			     struct impact_mount *to)
{
	_cleanup_names_ struct kern_names members = { 0 };
	struct impact_block *lost = NULL;
	char uuid[64];
	int err = members_read(s, name, &members, uuid, sizeof(uuid));

	if (err)
		return err == -ENOENT ? 0 : err;
	for (size_t i = 0; i < members.n; i++) {
		struct impact_block *b = impact_block_find(&s->blocks, members.name[i]);

		if (!b || !b->is_lost)
			continue;
		b->is_used = true;
		lost = lost ? lost : b;
	}
	if (!lost)
		return 0;
	to->chain = strdup(loss_of(s, lost, NULL, &to->is_unsure));
	if (members.n < 2 || impacts_have(s->out, IMPACT_FILE_SYSTEM, uuid))
		return to->chain ? 0 : -ENOMEM;
	return impact_report(s, IMPACT_FILE_SYSTEM, uuid, lost->chain, false);
}

/* Find a lost device by the source of a mount. A file system over several devices has no
 * device number; its source names one device (btrfs) or all of them (bcachefs:
 * "/dev/vda:/dev/vdb"). */
static int mount_source_chain(struct impact_search *s, const struct mount_entry *m,
			      struct impact_mount *lost)
{
	_cleanup_free_ char *sources = strdup(m->source);
	char *rest = sources, *source;
	int err = sources ? 0 : -ENOMEM;

	while (!err && !lost->chain && (source = strsep(&rest, ":"))) {
		struct impact_block *b = impact_block_of_path(s, source);

		if (b && !strcmp(m->type, "btrfs"))
			err = member_lost_chain(s, b->name, lost);
		if (err || lost->chain || !b || !b->is_lost)
			continue;
		lost->chain = strdup(loss_of(s, b, NULL, &lost->is_unsure));
		err = lost->chain ? 0 : -ENOMEM;
	}
	return err;
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

/* What options name, once or often: a folder, whose mount has the file system's data, or
 * another device. A folder that was mounted in another place and is hidden now cannot be
 * found. Sources: Linux fs/overlayfs/params.c, fs/xfs/xfs_super.c,
 * fs/reiserfs/super.c. */
static const struct {
	const char *type, *option;
	bool is_list;
} option_rows[] = {
	{ "overlay", "upperdir", false },  { "overlay", "lowerdir", true },
	{ "overlay", "lowerdir+", false }, { "overlay", "datadir+", false },
	{ "xfs", "logdev", false },	   { "xfs", "rtdev", false },
	{ "reiserfs", "jdev", false },
};

const struct mount_entry *impact_layer_mount(const struct impact_search *s,
					     const char *path,
					     const struct mount_entry *m)
{
	const struct mount_entry *below = mounts_find(&s->mounts, path, m);

	below = below ? below : mounts_find(&s->mounts, path, NULL);
	return below == m ? NULL : below;
}

/* Mark the mount as lost if this device or layer is. Return 1 if so. */
static int path_lost(struct impact_search *s, const struct mount_entry *m,
		     const char *path, void *to)
{
	struct impact_block *b = impact_block_of_path(s, path);
	const struct mount_entry *below = b ? NULL : impact_layer_mount(s, path, m);
	struct impact_mount *lost = to;
	const char *chain = loss_of(s, b, below, &lost->is_unsure);

	if (!chain)
		return 0;
	lost->chain = b ? strdup(chain) : impact_chain(chain, m->type);
	return lost->chain ? 1 : -ENOMEM;
}

static int option_visit(struct impact_search *s, const struct mount_entry *m, size_t row,
			impact_path_visitor *visit, void *to)
{
	const char *at = NULL;
	char *value;
	int end = 0, found;

	while (!end &&
	       (found = mount_next_option(m, option_rows[row].option, &at, &value))) {
		char *rest = value, *path;

		if (found < 0)
			return found;
		if (!option_rows[row].is_list)
			end = visit(s, m, value, to);
		while (option_rows[row].is_list && !end && (path = paths_next(&rest)))
			end = *path ? visit(s, m, path, to) : 0;
		free(value);
	}
	return end;
}

int impact_mount_each_path(struct impact_search *s, const struct mount_entry *m,
			   impact_path_visitor *visit, void *to)
{
	int end = 0;

	for (size_t i = 0; !end && i < ARRAY_SIZE(option_rows); i++)
		if (!strcmp(m->type, option_rows[i].type))
			end = option_visit(s, m, i, visit, to);
	return end;
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

/* Test whether the device of this entry serves the mount, and is lost. */
static bool entry_serves(const struct impact_search *s, size_t row, const char *entry,
			 const struct mount_entry *m, char *target)
{
	_cleanup_free_ char *link =
		text_of("%s/%s%s", served_rows[row].dir, entry, served_rows[row].device);
	char tag[256];

	if (served_rows[row].tag &&
	    (sysfs_text(s->dr->root, tag, sizeof(tag), "%s/%s/%s", served_rows[row].dir,
			entry, served_rows[row].tag) ||
	     strcmp(tag, m->source) != 0))
		return false;
	return link && !kern_readlink(s->dr->root, link, target, PATH_MAX) &&
	       impact_is_below(&s->devices, target);
}

static int served_chain(struct impact_search *s, const struct mount_entry *m, size_t row,
			bool *is_known, char **chain)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(s->dr->root, served_rows[row].dir, KERN_LIST_ALL, &names);

	if (err) {
		s->out->is_incomplete |= err != -ENOENT;
		return err == -ENOMEM ? err : 0;
	}
	*is_known = true;
	for (size_t i = 0; i < names.n && !*chain; i++) {
		char target[PATH_MAX];

		if (!entry_serves(s, row, names.name[i], m, target))
			continue;
		*chain = impact_chain(strrchr(target, '/') + 1, m->source);
		err = *chain ? 0 : -ENOMEM;
	}
	return err;
}

/* File systems of other machines: the option with the server's address. */
static const struct {
	const char *type, *option;
} remote_mounts[] = {
	{ "nfs", "addr" },  { "nfs4", "addr" },	    { "cifs", "addr" },
	{ "smb3", "addr" }, { "ceph", "mon_addr" },
};

/* Find the lost interface through which the server is reached. Without its address it may
 * be any of them. */
static int server_chain(struct impact_search *s, const struct mount_entry *m, size_t row,
			struct impact_mount *lost)
{
	_cleanup_free_ char *value = NULL;
	const char *chain, *at = NULL;
	size_t next = 0;
	int found = mount_next_option(m, remote_mounts[row].option, &at, &value);

	if (found < 0)
		return found;
	if (found) {
		if (strchr(value, '.'))
			value[strcspn(value, ":/")] = '\0'; /* the port */
		chain = impact_chain_to(s, value);
	} else {
		chain = impact_chain_out(s, &next);
		lost->is_unsure = true;
	}
	if (chain) /* the text of IMPACT_NFS_ROOT names the mount */
		lost->chain = strcmp(m->point, "/") ? impact_chain(chain, m->source)
						    : strdup(chain);
	return chain && !lost->chain ? -ENOMEM : 0;
}

bool impact_mount_is_remote(const struct mount_entry *m)
{
	for (size_t i = 0; i < ARRAY_SIZE(remote_mounts); i++)
		if (!strcmp(m->type, remote_mounts[i].type))
			return true;
	return false;
}

/* Try each row for this type of file system until one finds a lost device. */
static int mount_rows_chain(struct impact_search *s, const struct mount_entry *m,
			    struct impact_mount *lost)
{
	bool is_known = false;
	int err = impact_mount_each_path(s, m, path_lost, lost);

	err = err > 0 ? 0 : err;
	for (size_t i = 0; !err && !lost->chain && i < ARRAY_SIZE(served_rows); i++)
		if (!is_known && !strcmp(m->type, served_rows[i].type))
			err = served_chain(s, m, i, &is_known, &lost->chain);
	for (size_t i = 0; !err && !lost->chain && i < ARRAY_SIZE(remote_mounts); i++)
		if (!strcmp(m->type, remote_mounts[i].type))
			err = server_chain(s, m, i, lost);
	return err;
}

bool impact_mount_names_device(const struct mount_entry *m)
{
	return !strncmp(m->source, "/dev/", 5) && strncmp(m->type, "fuse", 4) != 0;
}

static int mount_find_chain(struct impact_search *s, const struct mount_entry *m,
			    struct impact_mount *lost)
{
	struct impact_block *b = m->major ? block_of_mount(s, m) : NULL;
	int err = 0;

	if (b) {
		lost->chain = strdup(loss_of(s, b, NULL, &lost->is_unsure));
		return lost->chain ? 0 : -ENOMEM;
	}
	if (!m->major && impact_mount_names_device(m))
		err = mount_source_chain(s, m, lost);
	return err || lost->chain ? err : mount_rows_chain(s, m, lost);
}

static int mount_report(struct impact_search *s, const struct mount_entry *m,
			const struct impact_mount *lost)
{
	bool is_far = impact_mount_is_remote(m),
	     is_root = is_far && !strcmp(m->point, "/");
	enum impact_kind kind = is_root ? IMPACT_NFS_ROOT : IMPACT_MOUNT;
	const char *chain;
	size_t at = 0;
	int err = 0;

	if (!is_far || !lost->is_unsure)
		return impact_report(s, kind, m->point, lost->chain,
				     impact_mount_is_vital(m->point) && !lost->is_unsure);
	while (!err && (chain = impact_chain_out(s, &at))) {
		_cleanup_free_ char *through =
			is_root ? strdup(chain) : impact_chain(chain, m->source);

		err = through ? impact_report(s, kind, m->point, through, false)
			      : -ENOMEM;
	}
	return err;
}

/* Mark the mounts on lost devices. Return 1 if there are more than before. */
static int mounts_lose(struct impact_search *s)
{
	int err = 0, more = 0;

	for (size_t i = 0; !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];

		if (s->mount[i].chain)
			continue;
		err = mount_find_chain(s, m, &s->mount[i]);
		if (err || !s->mount[i].chain)
			continue;
		more = 1;
		err = mount_report(s, m, &s->mount[i]);
	}
	return err ? err : more;
}

/* Find the external journal of an ext4 file system. The kernel names it in the task that
 * writes the journal: "jbd2/vda"; for an internal one, an inode follows: "jbd2/vdb-8". */
static struct impact_block *journal_of(const struct impact_search *s,
				       const char *file_system)
{
	char pid[16], comm[64];

	if (sysfs_text(s->dr->root, pid, sizeof(pid), EXT4_DIR "/%s/journal_task",
		       file_system) ||
	    sysfs_text(s->dr->root, comm, sizeof(comm), "proc/%s/comm", pid) ||
	    strncmp(comm, "jbd2/", 5) != 0)
		return NULL;
	return impact_block_find(&s->blocks, comm + 5);
}

/* Mark the mounts of a file system whose journal is lost. Return 1 if there are any. */
static int mounts_lose_journal(struct impact_search *s, const char *file_system,
			       struct impact_block *journal)
{
	unsigned int major, minor;
	char number[32];
	int err = 0, more = 0;

	if (sysfs_text(s->dr->root, number, sizeof(number), "sys/class/block/%s/dev",
		       file_system) ||
	    sscanf(number, "%u:%u", &major, &minor) != 2)
		return 0;
	for (size_t i = 0; !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];

		if (m->major != major || m->minor != minor || s->mount[i].chain)
			continue;
		more = 1;
		s->mount[i].chain =
			strdup(loss_of(s, journal, NULL, &s->mount[i].is_unsure));
		err = s->mount[i].chain ? mount_report(s, m, &s->mount[i]) : -ENOMEM;
	}
	return err ? err : more;
}

static int journals_lose(struct impact_search *s)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(s->dr->root, EXT4_DIR, KERN_LIST_ALL, &names), more = 0;

	s->out->is_incomplete |= err && err != -ENOENT;
	if (err)
		return err == -ENOMEM ? err : 0;
	for (size_t i = 0; i < names.n && err >= 0; i++) {
		struct impact_block *journal = journal_of(s, names.name[i]);

		if (!journal || !journal->is_lost)
			continue;
		err = mounts_lose_journal(s, names.name[i], journal);
		more |= err > 0;
	}
	return err < 0 ? err : more;
}

static int below_lose(struct impact_search *s, struct impact_block *b, const char *path)
{
	struct impact_block *below = impact_block_of_path(s, path);
	const char *chain =
		loss_of(s, below, mounts_find(&s->mounts, path, NULL), &b->is_unsure);

	if (!chain)
		return 0;
	return below ? impact_layer_lose(s, b, below) : impact_block_lose(s, b, chain);
}

/* Mark the block devices whose files or devices are lost. */
static int files_lose(struct impact_search *s)
{
	char path[4096];
	int err = 0;

	for (size_t i = 0; !err && i < s->blocks.n; i++) {
		struct impact_block *b = &s->blocks.list[i];

		if (!b->is_lost && impact_block_backing(s, b, path, sizeof(path)))
			err = below_lose(s, b, path);
	}
	return err;
}

static int swaps_search(struct impact_search *s)
{
	_cleanup_names_ struct kern_names paths = { 0 };
	int err = swaps_read(s->dr->root, &paths);

	if (err) {
		s->out->is_incomplete = true;
		return err == -ENOMEM ? err : 0;
	}
	for (size_t i = 0; !err && i < paths.n; i++) {
		struct impact_block *b = impact_block_of_path(s, paths.name[i]);
		bool is_unsure;
		const char *chain = loss_of(
			s, b, mounts_find(&s->mounts, paths.name[i], NULL), &is_unsure);

		if (chain)
			err = impact_report(s, IMPACT_SWAP, paths.name[i], chain,
					    !is_unsure);
	}
	return err;
}

static int mounts_begin(struct impact_search *s)
{
	int err = mounts_read(s->dr->root, &s->mounts);

	/* Without the list of mounts the root file system would appear to be on no
	 * device. */
	if (err == -ENOMEM || err == -E2BIG)
		return -ENOMEM;
	s->out->is_incomplete |= err != 0;
	s->mount = calloc(s->mounts.n + 1, sizeof(*s->mount));
	return s->mount ? 0 : -ENOMEM;
}

int impact_mounts_search(struct impact_search *s)
{
	int err = mounts_begin(s), more = 1, journals;
	size_t n_lost;

	while (!err && more) {
		n_lost = s->blocks.n_lost;
		err = impact_layers_spread(s);
		more = err ? err : mounts_lose(s);
		journals = more < 0 ? more : journals_lose(s);
		err = journals < 0 ? journals : 0;
		if (!err)
			err = files_lose(s);
		more |= journals || s->blocks.n_lost > n_lost;
	}
	if (!err)
		err = swaps_search(s);
	return err ? err : impact_layers_degraded(s);
}

void impact_mounts_free(struct impact_search *s)
{
	for (size_t i = 0; s->mount && i < s->mounts.n; i++)
		free(s->mount[i].chain);
	free(s->mount);
	mounts_free(&s->mounts);
}
