// SPDX-License-Identifier: LGPL-2.1-or-later
/* The PCI functions that are lost, and their uses without a device in Linux. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define FUNCTIONS_DIR "sys/bus/pci/devices"

enum { VIRTFNS_MAX = 65536 };

/* Test whether a process has this file of /dev open. papr-eventd may not read this of each
 * process. */
static bool file_is_open_by(struct impact_search *s, const char *pid, const char *file)
{
	const struct kern_root *root = s->dr->root;
	_cleanup_names_ struct kern_names fds = { 0 };
	_cleanup_free_ char *dir = text_of("proc/%s/fd", pid);
	char target[256];
	int err = dir ? kern_list(root, dir, KERN_LIST_ALL, &fds) : -ENOMEM;

	s->out->is_incomplete |= err == -EACCES || err == -EPERM;
	if (err)
		return false;
	for (size_t i = 0; i < fds.n; i++) {
		_cleanup_free_ char *link = text_of("%s/%s", dir, fds.name[i]);

		if (link && !kern_readlink(root, link, target, sizeof(target)) &&
		    !strcmp(target, file))
			return true;
	}
	return false;
}

static int function_file_report(struct impact_search *s, const char *address,
				const char *file)
{
	_cleanup_names_ struct kern_names pids = { 0 };

	if (kern_list(s->dr->root, "proc", KERN_LIST_ALL, &pids))
		return 0;
	for (size_t i = 0; i < pids.n; i++)
		if (strspn(pids.name[i], "0123456789") == strlen(pids.name[i]) &&
		    file_is_open_by(s, pids.name[i], file))
			return impact_report(s, IMPACT_USER_DRIVER, file, address, false);
	return 0;
}

/* Drivers that pass a function to a program: where the names of its files are. */
static const struct {
	const char *driver, *dir, *file;
} user_rows[] = {
	{ "vfio-pci", "vfio-dev", "/dev/vfio/devices" },
	{ "uio_pci_generic", "uio", "/dev" },
	{ "igb_uio", "uio", "/dev" },
};

static int function_report_user(struct impact_search *s, const char *address, size_t row)
{
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_free_ char *dir =
		text_of(FUNCTIONS_DIR "/%s/%s", address, user_rows[row].dir);
	char group[32], file[320];
	int err = 0;

	if (!dir)
		return -ENOMEM;
	if (!sysfs_link_name(s->dr->root, group, sizeof(group),
			     FUNCTIONS_DIR "/%s/iommu_group", address)) {
		snprintf(file, sizeof(file), "/dev/vfio/%s", group);
		err = function_file_report(s, address, file);
	}
	if (err || kern_list(s->dr->root, dir, KERN_LIST_ALL, &names))
		return err;
	for (size_t i = 0; !err && i < names.n; i++) {
		snprintf(file, sizeof(file), "%s/%s", user_rows[row].file, names.name[i]);
		err = function_file_report(s, address, file);
	}
	return err;
}

/* Test whether a folder "net" of a function shows no interface. sysfs shows those of this
 * network namespace. */
static bool folder_is_empty(const struct kern_root *root, const char *dir)
{
	_cleanup_names_ struct kern_names names = { 0 };

	return !kern_list(root, dir, KERN_LIST_ALL, &names) && !names.n;
}

static int function_report_namespace(struct impact_search *s, const char *address)
{
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_free_ char *dir = text_of(FUNCTIONS_DIR "/%s", address);
	int err = dir ? kern_list(s->dr->root, dir, KERN_LIST_ALL, &names) : -ENOMEM;

	for (size_t i = 0; !err && i < names.n; i++) {
		const char *name = names.name[i];
		_cleanup_free_ char *net = !strcmp(name, "net") ? text_of("%s/net", dir)
					   : !strncmp(name, "virtio", 6)
						   ? text_of("%s/%s/net", dir, name)
						   : NULL;

		if (net && folder_is_empty(s->dr->root, net))
			err = impact_report(s, IMPACT_NAMESPACE, address, address, false);
	}
	return err == -ENOMEM ? err : 0;
}

static int function_report(struct impact_search *s, const char *address)
{
	char driver[64];

	if (sysfs_link_name(s->dr->root, driver, sizeof(driver),
			    FUNCTIONS_DIR "/%s/driver", address))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(user_rows); i++)
		if (!strcmp(driver, user_rows[i].driver))
			return function_report_user(s, address, i);
	return function_report_namespace(s, address);
}

int impact_device_add(struct impact_devices *devices, const char *name)
{
	_cleanup_free_ char *in_path = text_of("/%s/", name);

	return in_path ? kern_names_add(&devices->in_path, in_path) : -ENOMEM;
}

/* Add a function and its virtual functions, which have no node of their own. */
static int function_add(struct impact_search *s, const char *address)
{
	char name[PCI_NAME_MAX];
	int err = impact_device_add(&s->devices, address);

	if (!err)
		err = function_report(s, address);
	for (int i = 0; !err && i < VIRTFNS_MAX; i++) {
		if (sysfs_link_name(s->dr->root, name, sizeof(name),
				    "sys/bus/pci/devices/%s/virtfn%d", address, i))
			break;
		err = impact_device_add(&s->devices, name);
		if (!err)
			err = function_report(s, name);
	}
	return err;
}

static bool node_is_under_any(const char *node, const char *const *tops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pci_node_is_under(node, tops[i]))
			return true;
	return false;
}

int impact_functions_read(struct impact_search *s, const char *const *nodes, size_t n)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = pci_list(s->dr->root, &list);

	if (err && err != -ENOMEM) {
		s->out->is_incomplete = true;
		return 0;
	}
	for (size_t i = 0; !err && i < list.n; i++) {
		s->out->is_incomplete |= list.fn[i].err != 0;
		if (list.fn[i].node && node_is_under_any(list.fn[i].node, nodes, n))
			err = function_add(s, list.fn[i].address);
	}
	return err;
}
