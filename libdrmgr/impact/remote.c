// SPDX-License-Identifier: LGPL-2.1-or-later
/* Disks that are reached through an interface: sysfs has their servers' addresses. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/sysfs.h"
#include "kern/text.h"

/* Folders of sysfs with an entry for each connection. */
static const struct {
	const char *dir, *file, *other; /* other: if the file cannot be read */
	const char *key; /* NULL: the file has the address alone; "traddr=" precedes it */
	const char *entry, *disk; /* the same number follows in paths of its disks */
} remote_rows[] = {
	{ "sys/class/iscsi_connection", "address", "persistent_address", NULL,
	  "connection", "session" },
	{ "sys/class/nvme", "address", NULL, "traddr=", "nvme", "nvme" },
};

static const char *remote_chain(const struct impact_search *s, char *text,
				const char *key)
{
	char *address = key ? strstr(text, key) : text, *interface;

	if (!address)
		return NULL;
	/* The disk may be bound to an interface, which the route does not name. */
	interface = key ? strstr(text, "host_iface=") : NULL;
	if (interface) {
		interface[strcspn(interface, ",")] = '\0';
		*strchr(interface, '=') = '%';
		return impact_chain_to(s, interface);
	}
	address += key ? strlen(key) : 0;
	address[strcspn(address, ",")] = '\0';
	return impact_chain_to(s, address);
}

static int remote_disks_lose(struct impact_search *s, const char *in_path,
			     const char *chain)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->blocks.n; i++)
		if (s->blocks.list[i].target && strstr(s->blocks.list[i].target, in_path))
			err = impact_block_lose(s, &s->blocks.list[i], chain);
	return err;
}

static int remote_read(const struct impact_search *s, size_t row, const char *name,
		       const char *file, char text[256])
{
	return file ? sysfs_text(s->dr->root, text, 256, "%s/%s/%s", remote_rows[row].dir,
				 name, file)
		    : -ENOENT;
}

static int remote_row_search(struct impact_search *s, size_t row)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(s->dr->root, remote_rows[row].dir, KERN_LIST_ALL, &names);

	if (err && err != -ENOMEM)
		return 0; /* a kernel without such disks */
	for (size_t i = 0; !err && i < names.n; i++) {
		char text[256], in_path[64];
		const char *chain;

		size_t len = strlen(remote_rows[row].entry);

		if (strncmp(names.name[i], remote_rows[row].entry, len) != 0 ||
		    (remote_read(s, row, names.name[i], remote_rows[row].file, text) &&
		     remote_read(s, row, names.name[i], remote_rows[row].other, text)))
			continue;
		chain = remote_chain(s, text, remote_rows[row].key);
		snprintf(in_path, sizeof(in_path), "/%s%.*s/", remote_rows[row].disk,
			 (int)strspn(names.name[i] + len, "0123456789"),
			 names.name[i] + len);
		if (chain)
			err = remote_disks_lose(s, in_path, chain);
	}
	return err;
}

/* Report the network block devices in use, whose servers sysfs does not have. They may be
 * reached through any interface. */
static int remote_unknown_search(struct impact_search *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->blocks.n; i++) {
		const struct impact_block *b = &s->blocks.list[i];
		_cleanup_free_ char *pid = text_of("sys/class/block/%s/pid", b->name);
		const char *chain;
		size_t at = 0;

		if (!pid)
			return -ENOMEM;
		if (strncmp(b->name, "rbd", 3) != 0 &&
		    (strncmp(b->name, "nbd", 3) != 0 || !kern_exists(s->dr->root, pid)))
			continue;
		if (b->parent && impact_block_find(&s->blocks, b->parent))
			continue; /* a partition */
		while (!err && (chain = impact_chain_out(s, &at))) {
			const struct dr_impact impact = { .kind = IMPACT_MAPPING,
							  .what = b->name,
							  .through = chain };

			err = impact_add(s->out, &impact);
		}
	}
	return err;
}

int impact_remote_disks(struct impact_search *s)
{
	int err = 0;

	if (!s->interfaces.names.n)
		return 0;
	for (size_t row = 0; !err && row < ARRAY_SIZE(remote_rows); row++)
		err = remote_row_search(s, row);
	return err ? err : remote_unknown_search(s);
}
