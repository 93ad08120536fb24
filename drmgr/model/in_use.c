// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/model/in_use.h"
#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"

enum { STACK_DEPTH = 8 }; /* of device mapper and raid devices */

/* Does the object at this link lie behind the function? */
static bool is_behind(const struct kern_root *root, const char *link, const char *address)
{
	char target[PATH_MAX], needle[PCI_NAME_MAX + 2];

	snprintf(needle, sizeof(needle), "/%s/", address);
	return !kern_readlink(root, link, target, sizeof(target)) &&
	       strstr(target, needle);
}

/* A block device, or one of those it is made of. */
static bool block_is_behind(const struct kern_root *root, const char *link,
			    const char *address, int depth)
{
	_cleanup_free_ char *slaves = text_of("%s/slaves", link);
	_cleanup_names_ struct kern_names names = { 0 };
	bool found = is_behind(root, link, address);

	if (found || !depth || !slaves || kern_list(root, slaves, KERN_LIST_ALL, &names))
		return found;

	for (size_t i = 0; i < names.n && !found; i++) {
		_cleanup_free_ char *slave = text_of("sys/class/block/%s", names.name[i]);

		found = slave && block_is_behind(root, slave, address, depth - 1);
	}
	return found;
}

/* Third field of a line of mountinfo: major:minor; fifth: mount point. */
static bool is_root_mount(const char *line, unsigned int *major, unsigned int *minor)
{
	char point[8];

	return sscanf(line, "%*u %*u %u:%u %*s %7s", major, minor, point) == 3 &&
	       !strcmp(point, "/");
}

static bool has_root_fs(const struct kern_root *root, const char *address)
{
	_cleanup_free_ char *mounts = NULL;
	unsigned int major, minor;
	char link[64];
	size_t len;

	if (kern_read(root, "proc/self/mountinfo", &mounts, &len))
		return false;
	for (const char *line = mounts; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!is_root_mount(line, &major, &minor))
			continue;
		snprintf(link, sizeof(link), "sys/dev/block/%u:%u", major, minor);
		if (block_is_behind(root, link, address, STACK_DEPTH))
			return true;
	}
	return false;
}

static bool has_console(const struct kern_root *root, const char *address)
{
	char active[256], *save = NULL;

	if (sysfs_text(root, active, sizeof(active), "sys/class/tty/console/active"))
		return false;
	for (char *tty = strtok_r(active, " ", &save); tty;
	     tty = strtok_r(NULL, " ", &save)) {
		_cleanup_free_ char *link = text_of("sys/class/tty/%s", tty);

		if (link && is_behind(root, link, address))
			return true;
	}
	return false;
}

static int check_device(struct xact *x, const char *name)
{
	const struct kern_root *root = x->dr->root;
	const char *what = NULL;

	if (has_root_fs(root, name))
		what = "the root file system";
	else if (has_console(root, name))
		what = "the console";
	return what ? xact_fail(x, DR_FAULT_SYSTEM_NEEDS, "remove-device", -EBUSY,
				"%s carries %s", name, what)
		    : 0;
}

int in_use_check(struct xact *x, const char *node)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	const struct kern_root *root = x->dr->root;
	char name[PCI_NAME_MAX];
	int err = 0;

	if (x->dr->force)
		return 0;
	if (!sysfs_find_of_node(root, "sys/bus/vio/devices", node, name, sizeof(name)))
		return check_device(x, name);
	if (pci_list(root, &list))
		return 0;
	for (size_t i = 0; !err && i < list.n; i++)
		if (list.fn[i].node && pci_node_is_under(list.fn[i].node, node))
			err = check_device(x, list.fn[i].address);
	return err;
}
