// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define BTRFS_DIR "sys/fs/btrfs"

bool impact_is_vital(const char *point)
{
	return !strcmp(point, "/") || !strcmp(point, "/usr") || !strcmp(point, "/boot") ||
	       !strncmp(point, "/boot/", strlen("/boot/"));
}

static int use_report(struct impact_search *s, enum impact_kind kind, const char *what,
		      const char *through, bool is_fatal)
{
	const struct dr_impact impact = {
		.kind = kind, .what = what, .through = through, .is_fatal = is_fatal
	};

	return impact_add(s->out, &impact);
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
	return err == -ENOMEM ? err : -ENOENT;
}

static bool impacts_has_file_system(const struct impacts *out, const char *uuid)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->list[i].kind == IMPACT_FILE_SYSTEM &&
		    !strcmp(out->list[i].what, uuid))
			return true;
	return false;
}

/* Find a lost member of the file system, which is then lost, too: it is unknown whether
 * the copies on other members are complete. */
static int member_lost_chain(struct impact_search *s, const char *name, char **chain)
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
	*chain = strdup(lost->chain);
	if (members.n < 2 || impacts_has_file_system(s->out, uuid))
		return *chain ? 0 : -ENOMEM;
	return use_report(s, IMPACT_FILE_SYSTEM, uuid, lost->chain, false);
}

/* Find a lost device by the source of a mount. A file system over several devices has no
 * device number; its source names one device (btrfs) or all of them (bcachefs:
 * "/dev/vda:/dev/vdb"). */
static int mount_source_chain(struct impact_search *s, const struct mount_entry *m,
			      char **chain)
{
	_cleanup_free_ char *sources = strdup(m->source);
	char *rest = sources, *source;
	int err = sources ? 0 : -ENOMEM;

	while (!err && !*chain && (source = strsep(&rest, ":"))) {
		struct impact_block *b = impact_block_of_path(s, source);

		if (b && b->is_lost) {
			b->is_used = true;
			*chain = strdup(b->chain);
		}
		if (b && !strcmp(m->type, "btrfs")) {
			_cleanup_free_ char *member = steal_ptr(chain);

			err = member_lost_chain(s, b->name, chain);
			if (!err && !*chain)
				*chain = steal_ptr(&member);
		}
	}
	return err;
}

/* Find a lost layer of an overlay mount: the layer's own mount is lost. A layer that was
 * mounted in another place and is hidden now cannot be found. */
static char *mount_layer_chain(const struct impact_search *s, const struct mount_entry *m)
{
	static const char *const layers[] = { "upperdir", "lowerdir", "lowerdir+" };
	char paths[4096], *rest, *path;

	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		if (!mount_option(m, layers[i], paths, sizeof(paths)))
			continue;
		rest = paths;
		while ((path = strsep(&rest, ":"))) {
			const struct mount_entry *below =
				mounts_find(&s->mounts, path, m);
			const char *chain =
				below ? s->mount_chain[below - s->mounts.list] : NULL;

			if (chain)
				return impact_chain(chain, m->type);
		}
	}
	return NULL;
}

/* Test whether the source names a device. Any user chooses the source of a FUSE mount; a
 * FUSE mount of a device has the device's number. */
static bool mount_names_device(const struct mount_entry *m)
{
	return !strncmp(m->source, "/dev/", 5) && strncmp(m->type, "fuse", 4) != 0;
}

static int mount_chain(struct impact_search *s, const struct mount_entry *m, char **chain)
{
	if (m->major) {
		struct impact_block *b = block_of_mount(s, m);

		if (!b)
			return 0;
		b->is_used = true;
		*chain = strdup(b->chain);
		return *chain ? 0 : -ENOMEM;
	}
	if (mount_names_device(m))
		return mount_source_chain(s, m, chain);
	if (!strcmp(m->type, "overlay"))
		*chain = mount_layer_chain(s, m);
	return 0;
}

/* Mark the mounts on lost devices. Return 1 if there are more than before. */
static int mounts_lose(struct impact_search *s)
{
	int err = 0, more = 0;

	for (size_t i = 0; !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];

		if (s->mount_chain[i])
			continue;
		err = mount_chain(s, m, &s->mount_chain[i]);
		if (err || !s->mount_chain[i])
			continue;
		more = 1;
		err = use_report(s, IMPACT_MOUNT, m->point, s->mount_chain[i],
				 impact_is_vital(m->point));
	}
	return err ? err : more;
}

static const char *file_chain(const struct impact_search *s, const char *path)
{
	const struct mount_entry *m = mounts_find(&s->mounts, path, NULL);

	return m ? s->mount_chain[m - s->mounts.list] : NULL;
}

/* Mark the loop devices whose files are lost. */
static int loops_lose(struct impact_search *s)
{
	char file[4096];
	int err = 0;

	for (size_t i = 0; !err && i < s->blocks.n; i++) {
		struct impact_block *b = &s->blocks.list[i];
		const char *chain;

		if (b->is_lost || strncmp(b->name, "loop", 4) != 0 ||
		    sysfs_text(s->dr->root, file, sizeof(file),
			       "sys/class/block/%s/loop/backing_file", b->name))
			continue;
		chain = file_chain(s, file);
		if (chain)
			err = impact_block_lose(s, b, chain);
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
		const char *chain = b ? b->chain : file_chain(s, paths.name[i]);

		if (b)
			b->is_used = true;
		if (chain)
			err = use_report(s, IMPACT_SWAP, paths.name[i], chain, true);
	}
	return err;
}

static const struct impact_block *block_unused(const struct impact_search *s)
{
	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		const struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (!b->is_used)
			return b;
	}
	return NULL;
}

/* Test whether the mount's disk is unknown. The kernel does not report the disks of a ZFS
 * pool, or the device of "/dev/root". */
static bool mount_is_hidden(struct impact_search *s, const struct mount_entry *m)
{
	if (m->major)
		return false;
	if (!strcmp(m->type, "zfs"))
		return true;
	return mount_names_device(m) && !strchr(m->source, ':') &&
	       !impact_block_of_path(s, m->source);
}

/* Report the mounts that the system needs and whose disk is unknown. They may be on any
 * disk without another use. */
static int hidden_search(struct impact_search *s)
{
	const struct impact_block *b = block_unused(s);
	int err = 0;

	for (size_t i = 0; b && !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];
		_cleanup_free_ char *chain = NULL;

		if (s->mount_chain[i] || !impact_is_vital(m->point) ||
		    !mount_is_hidden(s, m))
			continue;
		chain = impact_chain(b->chain, m->source);
		err = chain ? use_report(s, IMPACT_MOUNT, m->point, chain, true)
			    : -ENOMEM;
	}
	return err;
}

int impact_mounts_read(struct impact_search *s)
{
	int err;

	if (s->mount_chain)
		return 0;
	err = mounts_read(s->dr->root, &s->mounts);
	/* Without the list of mounts the root file system would appear to be on no
	 * device. */
	if (err == -ENOMEM || err == -E2BIG)
		return -ENOMEM;
	s->out->is_incomplete |= err != 0;
	s->mount_chain = calloc(s->mounts.n + 1, sizeof(*s->mount_chain));
	return s->mount_chain ? 0 : -ENOMEM;
}

int impact_mounts_search(struct impact_search *s)
{
	int err = impact_mounts_read(s), more = 1;

	while (!err && more) {
		err = impact_blocks_spread(s);
		more = err ? 0 : mounts_lose(s);
		if (more < 0)
			err = more;
		if (!err && more)
			err = loops_lose(s);
	}
	if (!err)
		err = swaps_search(s);
	if (!err)
		err = hidden_search(s);
	return err ? err : impact_blocks_degraded(s);
}
