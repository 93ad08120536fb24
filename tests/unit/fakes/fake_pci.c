// SPDX-License-Identifier: GPL-2.0-or-later
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "tests/unit/fakes/fake_parts.h"

static void make_device(struct fake *f, int bus, int devfn, const char *node)
{
	char link[256], target[1024];

	snprintf(link, sizeof(link), DEVICES "/%04x:%02x:%02x.%x/of_node", bus >> 8,
		 bus & 0xff, devfn >> 3, devfn & 7);
	snprintf(target, sizeof(target), "../../../../firmware/devicetree/base%s", node);
	fake_link(f, link, target);
}

void fake_make_bus(struct fake *f, int bus, const char *node)
{
	char link[256], target[1024];

	snprintf(link, sizeof(link), BUSES "/%04x:%02x/of_node", bus >> 8, bus & 0xff);
	snprintf(target, sizeof(target), "../../../firmware/devicetree/base%s", node);
	fake_link(f, link, target);
}

/* A node on this bus. Its device appears if it is new, its number is one of the bus, and
 * function 0 exists. */
static void scan_node(struct fake *f, int bus, const char *node, int reg_bus, int devfn,
		      bool is_bridge, bool knows_bridges)
{
	char address[64], function0[64], behind[64];

	snprintf(address, sizeof(address), "%04x:%02x:%02x.%x", bus >> 8, bus & 0xff,
		 devfn >> 3, devfn & 7);
	snprintf(function0, sizeof(function0), "%04x:%02x:%02x.0", bus >> 8, bus & 0xff,
		 devfn >> 3);
	snprintf(behind, sizeof(behind), BUSES "/%04x:%02x", bus >> 8, (bus & 0xff) + 1);
	if (reg_bus == (bus & 0xff) && !fake_has_device(f, address) &&
	    (!(devfn & 7) || fake_has_device(f, function0))) {
		make_device(f, bus, devfn, node);
		if (is_bridge && knows_bridges)
			fake_make_bus(f, bus + 1, node);
	}
	if (is_bridge && fake_exists(f, behind))
		fake_scan(f, bus + 1, node, knows_bridges);
}

/* As in Linux: the slot driver's own scan makes ordinary devices of new bridges, without
 * a bus below them. */
void fake_scan(struct fake *f, int bus, const char *node, bool knows_bridges)
{
	struct kern_names names;
	char path[512];

	snprintf(path, sizeof(path), DT "%s", node);
	if (f->no_rescan || kern_list(&f->root, path, KERN_LIST_DIRS, &names))
		return;
	for (size_t i = 0; i < names.n; i++) {
		char child[600];
		struct prop reg;

		snprintf(child, sizeof(child), "%s/%s", node, names.name[i]);
		if (prop_read(&f->root, child, "reg", &reg))
			continue;
		scan_node(f, bus, child, (uint8_t)reg.data[1], (uint8_t)reg.data[2],
			  !strncmp(names.name[i], "pci@", 4), knows_bridges);
		prop_free(&reg);
	}
	kern_names_free(&names);
}

static ssize_t rescan(struct fake *f, const char *path, size_t len)
{
	char object[256], node[512];
	int domain, bus;

	if (fake_note(f, 0, "rescan"))
		return f->fail_with;
	assert_int_equal(sscanf(path, BUSES "/%x:%x", &domain, &bus), 2);
	snprintf(object, sizeof(object), BUSES "/%04x:%02x", domain, bus);
	bus |= domain << 8;
	assert_int_equal(sysfs_of_node(&f->root, object, node, sizeof(node)), 0);
	fake_scan(f, bus, node, true);
	return (ssize_t)len;
}

static ssize_t remove_device(struct fake *f, const char *path, size_t len)
{
	char dir[256], bus[64], object[128], node[512];

	if (fake_note(f, 0, "remove"))
		return f->fail_with;
	if (f->never_lets_go)
		return -ETIMEDOUT;
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	if (!fake_exists(f, dir))
		return -ENOENT;
	if (!sysfs_of_node(&f->root, dir, node, sizeof(node)))
		for (int n = 1; n < 4; n++) { /* a bridge is removed with its bus */
			char of_node[512];

			snprintf(object, sizeof(object), BUSES "/0000:%02x", n);
			if (sysfs_of_node(&f->root, object, of_node, sizeof(of_node)) ||
			    strcmp(of_node, node) != 0)
				continue;
			fake_remove(f, object);
			snprintf(bus, sizeof(bus), DEVICES "/0000:%02x:01.0", n);
			fake_remove(f, bus);
			snprintf(bus, sizeof(bus), DEVICES "/0000:%02x:02.0", n);
			fake_remove(f, bus);
		}
	fake_remove(f, dir);
	return (ssize_t)len;
}

static ssize_t switch_slot(struct fake *f, const char *path, char value, size_t len)
{
	char adapter[256];

	if (fake_note(f, 0, "slot=%c", value))
		return f->fail_with;
	snprintf(adapter, sizeof(adapter), "%.*s/adapter",
		 (int)(strrchr(path, '/') - path), path);
	if (value == '1') {
		fake_scan(f, 0, PHB, false);
		fake_text(f, adapter, "1\n");
	} else {
		/* a real kernel would remove every device of the bus */
		assert_false(fake_has_children(f, DEVICES));
		fake_text(f, adapter, "2\n");
	}
	return (ssize_t)len;
}

/* Find the node of the host bridge with this name. */
static bool node_of_name(const struct fake *f, const char *name, char *node, size_t size)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->drc[i].name, name) && f->drc[i].is_present) {
			fake_node_path(f, &f->drc[i], node, size);
			memmove(node, node + strlen(DT), strlen(node + strlen(DT)) + 1);
			return fake_has_node(f, node);
		}
	return false;
}

/* Every host bridge gets a new domain. */
static ssize_t add_slot(struct fake *f, const char *node, const char *bus, size_t len)
{
	if (*bus)
		return -EINVAL;
	if (f->bus_is_late)
		return (ssize_t)len;
	fake_make_bus(f, ++f->domains << 8, node);
	fake_scan(f, f->domains << 8, node, true);
	return f->slots_in_the_way ? -EIO : (ssize_t)len;
}

static ssize_t remove_slot(struct fake *f, const char *bus, size_t len)
{
	struct kern_names names;
	bool is_busy = false;

	if (!*bus)
		return -EINVAL;
	assert_int_equal(kern_list(&f->root, DEVICES, KERN_LIST_ALL, &names), 0);
	for (size_t i = 0; i < names.n; i++)
		is_busy |= !strncmp(names.name[i], bus, strlen("0001:"));
	kern_names_free(&names);
	if (is_busy)
		return -EBUSY;
	{
		char path[128];

		snprintf(path, sizeof(path), BUSES "/%s", bus);
		fake_remove(f, path);
	}
	return (ssize_t)len;
}

/* The only state is whether Linux has the virtual device. */
static ssize_t change_virtual(struct fake *f, bool add, const char *node, size_t len)
{
	char link[128], target[600];

	snprintf(link, sizeof(link), VIRTUAL "/%s/of_node", strrchr(node, '@') + 1);
	if (fake_exists(f, link) == add)
		return -EINVAL;
	snprintf(target, sizeof(target), "../../../../firmware/devicetree/base%s", node);
	if (add) {
		fake_link(f, link, target);
	} else {
		*strrchr(link, '/') = '\0';
		fake_remove(f, link);
	}
	return (ssize_t)len;
}

static ssize_t write_control(struct fake *f, bool add, const void *buf, size_t len)
{
	char name[64], node[512], bus[64] = "";

	snprintf(name, sizeof(name), "%.*s", (int)len, (const char *)buf);
	if (fake_note(f, 0, add ? "add_slot" : "remove_slot"))
		return f->fail_with;
	if (!node_of_name(f, name, node, sizeof(node)))
		return -ENODEV;
	if (!strncmp(node, "/vdevice/", 9))
		return change_virtual(f, add, node, len);
	if (sysfs_find_of_node(&f->root, BUSES, node, bus, sizeof(bus)))
		*bus = '\0';
	return add ? add_slot(f, node, bus, len) : remove_slot(f, bus, len);
}

ssize_t fake_write_pci(struct fake *f, const char *path, const void *buf, size_t len)
{
	const char *file = strrchr(path, '/') + 1;

	if (!strcmp(file, "add_slot") || !strcmp(file, "remove_slot"))
		return write_control(f, *file == 'a', buf, len);
	if (!strcmp(file, "rescan"))
		return rescan(f, path, len);
	if (!strcmp(file, "remove") && strncmp(path, DEVICES, strlen(DEVICES)) == 0)
		return remove_device(f, path, len);
	if (!strcmp(file, "power"))
		return switch_slot(f, path, *(const char *)buf, len);
	return -EXDEV;
}
