// SPDX-License-Identifier: LGPL-2.1-or-later
/* Users inside the kernel that are no layer: targets that export disks to other machines, and
 * the console over a network. They have no holder and no program. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/sysfs.h"

/* Folders, where "*" is any name, and the file with the path or name of what is used; with
 * "enable" or "enabled" 0, it is not used. Sources: Linux drivers/nvme/target/configfs.c,
 * drivers/target/target_core_configfs.c, drivers/block/rnbd/rnbd-srv-sysfs.c,
 * drivers/net/netconsole.c */
static const struct kernel_user {
	enum thing_type of;
	const char *name, *folders, *file;
	bool is_link; /* file links to the device */
} kernel_users[] = {
#define NVMET "sys/kernel/config/nvmet/subsystems/*/"
	{ THING_BLOCK, "nvmet", NVMET "namespaces/*", "device_path", false },
	{ THING_BLOCK, "nvmet", NVMET "passthru", "device_path", false },
	{ THING_BLOCK, "target", "sys/kernel/config/target/core/*/*", "udev_path",
	  false },
	{ THING_BLOCK, "rnbd-server", "sys/class/rnbd-server/ctl/devices/*", "block_dev",
	  true },
	{ THING_NET, "netconsole", "sys/kernel/config/netconsole/*", "dev_name", false },
};

/* Find the thing in use. A file is on the thing of its mount. A controller of NVMe has no
 * thing yet: add one. */
static size_t kernel_user_on(struct impact_search *s, const struct kernel_user *row,
			     const char *text)
{
	char target[PATH_MAX];
	size_t on;

	if (row->of == THING_NET)
		return search_find(s, THING_NET, text);
	on = block_of_path(s, text);
	if (on || strncmp(text, "/dev/nvme", 9) != 0)
		return on ? on : mount_of_file(s, text);
	return sysfs_link(s->dr->root, target, sizeof(target), "sys/class/nvme/%s",
			  text + 5) ||
			       !search_below(s, target)
		       ? 0
		       : search_lose_part(s, text + 5);
}

static void kernel_user_add(struct impact_search *s, const struct kernel_user *row,
			    const char *folder, const char *name)
{
	static const char *const switches[] = { "enable", "enabled" };
	char text[PATH_MAX] = "/dev/", state[16];
	size_t on, user;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (!sysfs_text(s->dr->root, state, sizeof(state), "%s/%s", folder,
				switches[i]) &&
		    !strcmp(state, "0"))
			return;
	err = row->is_link ? sysfs_link_name(s->dr->root, text + 5, sizeof(text) - 5,
					     "%s/%s", folder, row->file)
			   : sysfs_text(s->dr->root, text, sizeof(text), "%s/%s", folder,
					row->file);
	search_unread(s, kern_read_failure(err));
	on = err ? 0 : kernel_user_on(s, row, text);
	if (!on)
		return;
	user = search_add(s, THING_KERNEL_USER,
			  row->of == THING_NET ? IMPACT_CONSOLE : IMPACT_EXPORT,
			  mem_text(s->mem, "%s %s", row->name, name));
	search_edge(s, on, user, 0, NULL);
}

/* Follow the folders of a row: "rest" is below the folder "at". name: those of each "*". */
static void kernel_users_visit(struct impact_search *s, const struct kernel_user *row,
			       const char *at, const char *rest, const char *name)
{
	_cleanup_names_ struct kern_names names = { 0 };
	size_t len = strcspn(rest, "*");
	const char *folder = mem_text(s->mem, "%s%.*s", at, (int)len, rest);

	if (!rest[len]) {
		kernel_user_add(s, row, folder, name);
		return;
	}
	search_list(s, &names, KERN_LIST_DIRS, "%s", folder);
	for (size_t i = 0; i < names.n; i++)
		kernel_users_visit(s, row,
				   mem_text(s->mem, "%s%s", folder, names.name[i]),
				   rest + len + 1,
				   name ? mem_text(s->mem, "%s/%s", name, names.name[i])
					: names.name[i]);
}

void kernel_users_read(struct impact_search *s)
{
	for (size_t i = 0; s->first_lost && i < ARRAY_SIZE(kernel_users); i++)
		if (kernel_users[i].of != THING_NET || s->has_lost_net)
			kernel_users_visit(s, &kernel_users[i], "",
					   kernel_users[i].folders, NULL);
}
