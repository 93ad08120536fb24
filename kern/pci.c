// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define DEVICES_DIR "sys/bus/pci/devices"
#define BUSES_DIR   "sys/class/pci_bus"

/* The header type in configuration space, and its bit for cards with several
 * functions. */
enum { HEADER_TYPE = 14, HEADER_MULTI = 0x80, HEADER_BRIDGE = 1 };

/* The bus numbers in the configuration space of a bridge. */
enum { SECONDARY_BUS = 0x19, SUBORDINATE_BUS = 0x1a };

/* Return true if a name has the kernel's syntax, so that no other text gets into a
 * path. */
static bool pci_is_name(const char *name)
{
	return strlen(name) < PCI_NAME_MAX && !name[strspn(name, "0123456789abcdef:.")] &&
	       !strstr(name, "..");
}

int pci_list(const struct kern_root *root, struct pci_functions *list)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char object[sizeof(DEVICES_DIR) + PCI_NAME_MAX], node[PCI_NODE_MAX];
	int err = kern_list(root, DEVICES_DIR, KERN_LIST_ALL, &names);

	*list = (struct pci_functions){ 0 };
	if (err)
		return err == -ENOENT ? 0 : err;

	list->fn = calloc(names.n + 1, sizeof(*list->fn));
	if (!list->fn)
		return -ENOMEM;

	for (size_t i = 0; i < names.n; i++) {
		struct pci_function *fn = &list->fn[list->n];

		if (!pci_is_name(names.name[i]))
			continue;
		snprintf(fn->address, sizeof(fn->address), "%s", names.name[i]);
		snprintf(object, sizeof(object), DEVICES_DIR "/%s", fn->address);
		fn->err = sysfs_of_node(root, object, node, sizeof(node));
		if (!fn->err) {
			fn->node = strdup(node);
			fn->err = fn->node ? 0 : -ENOMEM;
		}
		if (fn->err == -ENOENT || fn->err == -EBADMSG)
			fn->err = 0;
		list->n++;
	}

	return 0;
}

void pci_functions_free(struct pci_functions *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->fn[i].node);
	free(list->fn);
	*list = (struct pci_functions){ 0 };
}

bool pci_node_is_under(const char *node, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(node, top, len) && (!node[len] || node[len] == '/');
}

int pci_driver(const struct kern_root *root, const char *address, char *driver,
	       size_t size)
{
	int err = sysfs_link_name(root, driver, size, DEVICES_DIR "/%s/driver", address);

	if (err == -ENOENT)
		*driver = '\0';
	return err == -ENOENT ? 0 : err;
}

int pci_bus_of_node(const struct kern_root *root, const char *node,
		    char bus[PCI_NAME_MAX])
{
	int err = sysfs_find_of_node(root, BUSES_DIR, node, bus, PCI_NAME_MAX);

	if (!err && !pci_is_name(bus))
		err = -EBADMSG;
	if (err)
		bus[0] = '\0';
	return err;
}

int pci_node_has_device(const struct kern_root *root, const char *node)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	bool is_virtual = pci_node_is_under(node, "/vdevice");
	char name[PCI_NAME_MAX];
	int err;

	if (is_virtual || !strchr(node + 1, '/')) {
		err = is_virtual ? sysfs_find_of_node(root, "sys/bus/vio/devices", node,
						      name, sizeof(name))
				 : pci_bus_of_node(root, node, name);
		return err == -ENOENT ? 0 : err ? err : 1;
	}
	err = pci_list(root, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (list.fn[i].node && !strcmp(list.fn[i].node, node))
			return 1;
		err = list.fn[i].err ? list.fn[i].err : err;
	}
	return err;
}

/* Read device and function from the unit address of a node on a PCI bus:
 * "ethernet@1f,7". */
static bool pci_parse_unit(const char *node, unsigned int *device, unsigned int *function)
{
	const char *at = strrchr(node, '@');
	int end = 0;

	*function = 0;
	if (!at || sscanf(at + 1, "%2x%n", device, &end) != 1)
		return false;
	at += 1 + end;
	if (*at == ',' && sscanf(at + 1, "%1x%n", function, &end) == 1)
		at += 1 + end;
	return !*at && *device < 32 && *function < 8;
}

int pci_function_of_node(const struct kern_root *root, const char *bus, const char *node,
			 char address[PCI_NAME_MAX])
{
	char object[sizeof(DEVICES_DIR "/") + PCI_NAME_MAX], found[PCI_NODE_MAX] = "";
	unsigned int device, function;
	int err;

	if (!pci_parse_unit(node, &device, &function))
		return -EINVAL;

	snprintf(address, PCI_NAME_MAX, "%s:%02x.%x", bus, device, function);
	snprintf(object, sizeof(object), DEVICES_DIR "/%s", address);
	err = sysfs_of_node(root, object, found, sizeof(found));
	if (strcmp(found, node))
		address[0] = '\0';
	return err == -ENOENT ? 0 : err;
}

bool pci_is_on_bus(const char *address, const char *bus)
{
	size_t len = strlen(bus);

	return !strncmp(address, bus, len) && address[len] == ':';
}

int pci_remove(const struct kern_root *root, const char *address,
	       const struct deadline *dl)
{
	char path[sizeof(DEVICES_DIR "//remove") + PCI_NAME_MAX];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/remove", address);
	return kern_write_until(root, path, "1", 1, dl);
}

int pci_exists(const struct kern_root *root, const char *address)
{
	char path[sizeof(DEVICES_DIR "/") + PCI_NAME_MAX];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s", address);
	return kern_exists(root, path);
}

static int pci_open_config(const struct kern_root *root, const char *address, int flags)
{
	char path[sizeof(DEVICES_DIR "//config") + PCI_NAME_MAX];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/config", address);
	return kern_open(root, path, flags);
}

bool pci_has_siblings(const struct kern_root *root, const char *address)
{
	_cleanup_close_ int fd = pci_open_config(root, address, O_RDONLY);
	uint8_t type;
	ssize_t n;

	if (fd < 0)
		return fd != -ENOENT;
	n = pread(fd, &type, 1, HEADER_TYPE);
	return n < 0 || (n && type & HEADER_MULTI);
}

int pci_read_bridge(const struct kern_root *root, const char *address,
		    struct pci_bridge *bridge)
{
	_cleanup_close_ int fd = pci_open_config(root, address, O_RDONLY);
	uint8_t bytes[SUBORDINATE_BUS + 1];
	ssize_t n = fd < 0 ? fd : pread(fd, bytes, sizeof(bytes), 0);

	if (n < 0)
		return fd < 0 ? fd : -errno;
	if (n < (ssize_t)sizeof(bytes) ||
	    (bytes[HEADER_TYPE] & ~HEADER_MULTI) != HEADER_BRIDGE)
		return 0;
	bridge->secondary = bytes[SECONDARY_BUS];
	bridge->subordinate = bytes[SUBORDINATE_BUS];
	return 1;
}

int pci_set_subordinate(const struct kern_root *root, const char *address,
			unsigned int number)
{
	_cleanup_close_ int fd = pci_open_config(root, address, O_WRONLY);
	const uint8_t byte = (uint8_t)number;

	if (fd < 0)
		return fd;
	return pwrite(fd, &byte, 1, SUBORDINATE_BUS) == 1 ? 0 : -errno;
}

int pci_rescan(const struct kern_root *root, const char *bus, const struct deadline *dl)
{
	char path[sizeof(BUSES_DIR "//rescan") + PCI_NAME_MAX];

	snprintf(path, sizeof(path), BUSES_DIR "/%s/rescan", bus);
	return kern_write_until(root, path, "1", 1, dl);
}

/* Return true if the remaining part of a device's path leads through another function. No
 * SCSI name has a dot. */
static bool pci_leads_to_function(const char *path)
{
	char part[PCI_NAME_MAX];

	for (; *path; path += strcspn(path, "/"), path += *path == '/') {
		snprintf(part, sizeof(part), "%.*s", (int)strcspn(path, "/"), path);
		if (pci_is_name(part) && strchr(part, '.'))
			return true;
	}
	return false;
}

/* Add the objects of a class whose device belongs to the function itself, not to a
 * function behind a bridge. */
static int pci_add_interfaces(const struct kern_root *root, const char *class,
			      const char *address, struct kern_names *names)
{
	_cleanup_names_ struct kern_names objects = { 0 };
	char needle[PCI_NAME_MAX + 2], target[PATH_MAX];
	int err = kern_list(root, class, KERN_LIST_ALL, &objects);

	snprintf(needle, sizeof(needle), "/%s/", address);
	for (size_t i = 0; !err && i < objects.n; i++) {
		_cleanup_free_ char *path = text_of("%s/%s", class, objects.name[i]);
		const char *own = NULL;

		if (!path)
			return -ENOMEM;
		err = kern_readlink(root, path, target, sizeof(target));
		if (!err)
			own = strstr(target, needle);
		err = kern_read_failure(err); /* some files are no objects */
		if (own && !pci_leads_to_function(own + strlen(needle)))
			err = kern_names_add(names, objects.name[i]);
	}

	return err == -ENOENT ? 0 : err;
}

int pci_interfaces(const struct kern_root *root, const char *address,
		   struct kern_names *names)
{
	int err = pci_add_interfaces(root, "sys/class/net", address, names);

	return err ? err : pci_add_interfaces(root, "sys/class/block", address, names);
}
