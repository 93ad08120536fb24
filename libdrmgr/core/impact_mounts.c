// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/impact_parts.h"
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
	const struct impact impact = {
		.kind = kind, .what = what, .through = through, .is_fatal = is_fatal
	};

	return impact_add(s->out, &impact);
}

static struct impact_block *block_of_number(const struct impact_search *s,
					    const struct mount_entry *m)
{
	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (b->major == m->major && b->minor == m->minor)
			return b;
	}
	return NULL;
}

/* The folder of the file system that has this member: it has a link to each. */
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

/* Whether the copies on the other members are enough is not known: it is lost with any. */
static int lost_member(struct impact_search *s, const char *name, char **chain)
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

/* A file system over several devices has no number of a device: its source names one
 * (btrfs), or all of them (bcachefs: "/dev/vda:/dev/vdb"). */
static int source_chain(struct impact_search *s, const struct mount_entry *m,
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

			err = lost_member(s, b->name, chain);
			if (!err && !*chain)
				*chain = steal_ptr(&member);
		}
	}
	return err;
}

/* A layer of a mount is lost with the mount that holds it. One that is only visible below
 * the mount itself was mounted in another place: it cannot be found. */
static char *layer_chain(const struct impact_search *s, const struct mount_entry *m)
{
	static const char *const layers[] = { "upperdir", "lowerdir", "lowerdir+" };
	char paths[4096], *rest, *path;

	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		if (!mount_option(m, layers[i], paths, sizeof(paths)))
			continue;
		rest = paths;
		while ((path = strsep(&rest, ":"))) {
			const struct mount_entry *below = mounts_find(&s->mounts, path);
			const char *chain =
				below ? s->mount_chain[below - s->mounts.list] : NULL;

			if (chain)
				return impact_chain(chain, m->type);
		}
	}
	return NULL;
}

/* Any user chooses the source of a FUSE mount. One that has a device has its number. */
static bool names_device(const struct mount_entry *m)
{
	return !strncmp(m->source, "/dev/", 5) && strncmp(m->type, "fuse", 4) != 0;
}

static int mount_chain(struct impact_search *s, const struct mount_entry *m, char **chain)
{
	if (m->major) {
		struct impact_block *b = block_of_number(s, m);

		if (!b)
			return 0;
		b->is_used = true;
		*chain = strdup(b->chain);
		return *chain ? 0 : -ENOMEM;
	}
	if (names_device(m))
		return source_chain(s, m, chain);
	if (!strcmp(m->type, "overlay"))
		*chain = layer_chain(s, m);
	return 0;
}

/* 1: another mount is lost. */
static int lose_mounts(struct impact_search *s)
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

static const char *chain_of_file(const struct impact_search *s, const char *path)
{
	const struct mount_entry *m = mounts_find(&s->mounts, path);

	return m ? s->mount_chain[m - s->mounts.list] : NULL;
}

/* A loop device is lost with the file system of its file. */
static int lose_loops(struct impact_search *s)
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
		chain = chain_of_file(s, file);
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
		const char *chain = b ? b->chain : chain_of_file(s, paths.name[i]);

		if (b)
			b->is_used = true;
		if (chain)
			err = use_report(s, IMPACT_SWAP, paths.name[i], chain, true);
	}
	return err;
}

static const struct impact_block *unused_block(const struct impact_search *s)
{
	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		const struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (!b->is_used)
			return b;
	}
	return NULL;
}

/* The kernel does not say where a pool of ZFS is, or what "/dev/root" was. */
static bool is_hidden(struct impact_search *s, const struct mount_entry *m)
{
	if (m->major)
		return false;
	if (!strcmp(m->type, "zfs"))
		return true;
	return names_device(m) && !strchr(m->source, ':') &&
	       !impact_block_of_path(s, m->source);
}

/* A file system that the system needs, and whose disk cannot be found, may be on any disk
 * that nothing else uses. */
static int hidden_search(struct impact_search *s)
{
	const struct impact_block *b = unused_block(s);
	int err = 0;

	for (size_t i = 0; b && !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];
		_cleanup_free_ char *chain = NULL;

		if (s->mount_chain[i] || !impact_is_vital(m->point) || !is_hidden(s, m))
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
	/* Without the list the root file system would seem to be nowhere. */
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
		more = err ? 0 : lose_mounts(s);
		if (more < 0)
			err = more;
		if (!err && more)
			err = lose_loops(s);
	}
	if (!err)
		err = swaps_search(s);
	if (!err)
		err = hidden_search(s);
	return err ? err : impact_blocks_degraded(s);
}
