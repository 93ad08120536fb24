// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is removed: functions of PCI, virtual adapters, consoles on them. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/pci.h"
#include "kern/sysfs.h"

#define RNG_DIR "sys/bus/virtio/drivers/virtio_rng"

enum { VIRTFNS_MAX = 65536, FOLDERS_MAX = 8 };

int console_read_chosen(const struct kern_root *root, char *path, size_t size)
{
	int err =
		sysfs_text(root, path, size, "proc/device-tree/chosen/linux,stdout-path");

	if (err)
		err = sysfs_text(root, path, size, "proc/device-tree/chosen/stdout-path");
	path[err ? 0 : strcspn(path, ":")] = '\0';
	return err;
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
	if (console_read_chosen(root, chosen, sizeof(chosen)))
		return true;
	return *chosen != '/' || !strcmp(chosen, node) == !strcmp(tty, "hvc0");
}

/* Lose the active consoles on a terminal of the hypervisor; node NULL: on lost cards. */
static void consoles_lose(struct impact_search *s, const char *device, const char *node)
{
	char active[256], target[PATH_MAX], *save = NULL;

	if (sysfs_text(s->dr->root, active, sizeof(active),
		       "sys/class/tty/console/active"))
		return;
	for (char *tty = strtok_r(active, " ", &save); tty;
	     tty = strtok_r(NULL, " ", &save))
		if (node ? console_may_be_terminal(s->dr->root, tty, node)
			 : !sysfs_link(s->dr->root, target, sizeof(target),
				       "sys/class/tty/%s", tty) &&
				    search_below(s, target)) {
			size_t i = search_add(s, THING_CONSOLE, IMPACT_CONSOLE, tty);

			s->things[i].is_vital = true;
			search_lose(s, i, mem_copy(s->mem, node ? device : tty));
		}
}

void consoles_read(struct impact_search *s)
{
	consoles_lose(s, NULL, NULL);
}

/* sysfs shows the interfaces of this network namespace. */
static void device_test_namespace(struct impact_search *s, const char *dir,
				  const char *device)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (search_list(s, &names, KERN_LIST_ALL, "%s", dir) && !names.n)
		search_lose(s, search_add(s, THING_DEVICE, IMPACT_NAMESPACE, device),
			    mem_copy(s->mem, device));
}

/* Folders that contain no device with a file, or devices that are found in another way:
 * disks, and functions below a bridge. */
static bool folder_is_skipped(const char *name)
{
	static const char *const others[] = { "block", "msi_irqs", "power", NULL };

	return word_is_one_of(name, others) ||
	       (strspn(name, "0123456789abcdef") == 4 && name[4] == ':');
}

/* Read the folders of a device: where an interface is, and whether it has a file in
 * /dev. */
static void device_read_folders(struct impact_search *s, const char *dir,
				const char *device, int depth)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (depth > FOLDERS_MAX || !search_list(s, &names, KERN_LIST_DIRS, "%s", dir))
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *path = mem_text(s->mem, "%s/%s", dir, names.name[i]);

		if (!strcmp(names.name[i], "net"))
			device_test_namespace(s, path, device);
		else if (!folder_is_skipped(names.name[i]) &&
			 (!s->has_number || !strncmp(names.name[i], "virtio", 6))) {
			/* /dev/hwrng has no folder of its own */
			const char *file =
				depth ? mem_text(s->mem, "%s/dev", path)
				      : mem_text(s->mem, RNG_DIR "/%s", names.name[i]);

			/* path is the folder of a class at first */
			s->has_number =
				s->has_number || kern_exists(s->dr->root, file) > 0;
			device_read_folders(s, path, device, depth + 1);
		}
	}
}

/* A program drives a function through the file of its group, or of each function. */
static void device_read_group(struct impact_search *s, const char *dir,
			      const char *device)
{
	char group[32], path[64];

	s->has_number = true;
	if (sysfs_link_name(s->dr->root, group, sizeof(group), "%s/iommu_group", dir))
		return;
	snprintf(path, sizeof(path), "vfio/%s", group);
	search_lose_path(s, path, device);
	snprintf(path, sizeof(path), "vfio/noiommu-%s", group);
	search_lose_path(s, path, device);
}

static void device_lose(struct impact_search *s, const char *bus, const char *name)
{
	char dir[PATH_MAX], driver[64];

	snprintf(dir, sizeof(dir), "sys/bus/%s/devices/%s", bus, name);
	search_lose_path(s, name, name);
	if (sysfs_link_name(s->dr->root, driver, sizeof(driver), "%s/driver", dir))
		return;
	/* /sys/dev/char lacks the files of NVIDIA's own driver */
	s->has_number |= !strcmp(driver, "nvidia");
	if (strstr(driver, "vfio"))
		device_read_group(s, dir, name);
	device_read_folders(s, dir, name, 0);
}

static void device_lose_virtual(struct impact_search *s, const char *node)
{
	char name[64], driver[32];

	if (sysfs_find_of_node(s->dr->root, "sys/bus/vio/devices", node, name,
			       sizeof(name)))
		return;
	device_lose(s, "vio", name);
	if (!sysfs_link_name(s->dr->root, driver, sizeof(driver),
			     "sys/bus/vio/devices/%s/driver", name) &&
	    !strcmp(driver, "hvc_console"))
		consoles_lose(s, name, node);
}

/* Lose a function and its virtual functions, which have no node of their own. */
static void device_lose_function(struct impact_search *s, const char *address)
{
	char name[PCI_NAME_MAX];

	device_lose(s, "pci", address);
	for (int i = 0; i < VIRTFNS_MAX; i++) {
		if (sysfs_link_name(s->dr->root, name, sizeof(name),
				    "sys/bus/pci/devices/%s/virtfn%d", address, i))
			break;
		device_lose(s, "pci", name);
	}
}

static bool node_is_under_any(const char *node, const char *const *tops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pci_node_is_under(node, tops[i]))
			return true;
	return false;
}

void devices_read(struct impact_search *s, const char *const *nodes, size_t n)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = 0;

	for (size_t i = 0; i < n; i++)
		if (pci_node_is_under(nodes[i], "/vdevice"))
			device_lose_virtual(s, nodes[i]);
	err = pci_list(s->dr->root, &list);
	search_unread(s, err);
	for (size_t i = 0; !err && i < list.n; i++) {
		search_unread(s, list.fn[i].err);
		if (list.fn[i].node && node_is_under_any(list.fn[i].node, nodes, n))
			device_lose_function(s, list.fn[i].address);
	}
}
