// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"

static int console_add(struct impact_search *s, const char *tty, const char *through)
{
	const struct dr_impact console = {
		.kind = IMPACT_CONSOLE, .what = tty, .through = through, .is_fatal = true
	};

	return impact_add(s->out, &console);
}

static bool console_is_terminal(const struct kern_root *root, const char *device)
{
	char driver[32];

	return !sysfs_link_name(root, driver, sizeof(driver),
				"sys/bus/vio/devices/%s/driver", device) &&
	       !strcmp(driver, "hvc_console");
}

/* Test whether a tty may be this terminal of the hypervisor. The tty has no link to its
 * device. hvc0 is the terminal that firmware chose; the numbers of other terminals are
 * unknown. */
static bool console_may_be_terminal(const struct kern_root *root, const char *tty,
				    const char *node)
{
	char chosen[PATH_MAX];

	if (strncmp(tty, "hvc", 3) != 0)
		return false;
	if (sysfs_text(root, chosen, sizeof(chosen),
		       "proc/device-tree/chosen/linux,stdout-path") &&
	    sysfs_text(root, chosen, sizeof(chosen),
		       "proc/device-tree/chosen/stdout-path"))
		return true;
	chosen[strcspn(chosen, ":")] = '\0';
	return *chosen != '/' || !strcmp(chosen, node) == !strcmp(tty, "hvc0");
}

static int impact_add_virtual(struct impact_search *s, const char *node)
{
	const struct kern_root *root = s->dr->root;
	char name[64], active[256], *save = NULL;
	int err;

	if (sysfs_find_of_node(root, "sys/bus/vio/devices", node, name, sizeof(name)))
		return 0;
	err = impact_device_add(&s->devices, name);
	if (err || !console_is_terminal(root, name) ||
	    sysfs_text(root, active, sizeof(active), "sys/class/tty/console/active"))
		return err;
	for (char *tty = strtok_r(active, " ", &save); !err && tty;
	     tty = strtok_r(NULL, " ", &save))
		if (console_may_be_terminal(root, tty, node))
			err = console_add(s, tty, name);
	return err;
}

static int consoles_search(struct impact_search *s)
{
	char active[256], target[PATH_MAX], *save = NULL;
	int err = 0;

	if (sysfs_text(s->dr->root, active, sizeof(active),
		       "sys/class/tty/console/active"))
		return 0;
	for (char *tty = strtok_r(active, " ", &save); !err && tty;
	     tty = strtok_r(NULL, " ", &save)) {
		_cleanup_free_ char *link = text_of("sys/class/tty/%s", tty);

		if (!link)
			return -ENOMEM;
		if (!kern_readlink(s->dr->root, link, target, sizeof(target)) &&
		    impact_is_below(&s->devices, target))
			err = console_add(s, tty, tty);
	}
	return err;
}

static int impact_find_all(struct impact_search *s, const char *const *nodes, size_t n)
{
	int err = 0;

	for (size_t i = 0; !err && i < n; i++)
		if (pci_node_is_under(nodes[i], "/vdevice"))
			err = impact_add_virtual(s, nodes[i]);
	if (!err)
		err = impact_functions_read(s, nodes, n);
	if (err || !s->devices.in_path.n)
		return err;

	err = consoles_search(s);
	if (!err)
		err = impact_interfaces_read(s);
	if (!err)
		err = impact_blocks_read(s);
	if (!err)
		err = impact_remote_disks(s);
	if (!err)
		err = impact_mounts_search(s);
	if (!err)
		err = impact_hidden_search(s);
	return err ? err : impact_interfaces_report(s);
}

int impact_find(const struct dr_ctx *dr, const char *const *nodes, size_t n,
		struct impacts *impacts)
{
	struct impact_search s = { .dr = dr, .out = impacts };
	int err;

	*impacts = (struct impacts){ 0 };
	err = impact_find_all(&s, nodes, n);
	impact_mounts_free(&s);
	impact_interfaces_free(&s.interfaces);
	impact_blocks_free(&s.blocks);
	kern_names_free(&s.devices.in_path);
	return err;
}
