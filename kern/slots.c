// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "kern/slots.h"
#include "kern/sysfs.h"
#include "kern/text.h"
#include "wire/dt_name.h"

#define SLOTS_DIR "sys/bus/pci/slots"

static int slot_read_address(const struct kern_root *root, const char *name,
			     struct slot_ref *slot, char *address, size_t size)
{
	snprintf(slot->dir, sizeof(slot->dir), SLOTS_DIR "/%s", name);
	return sysfs_text(root, address, size, "%s/address", slot->dir);
}

/* Find a slot by its location. Some platforms name the directory differently, and have
 * the DRC name in a file. */
static int slot_find_by_location(const struct kern_root *root, const char *drc_name,
				 struct slot_ref *slot, char *address, size_t size)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char location[256];
	int err = kern_list(root, SLOTS_DIR, KERN_LIST_ALL, &names), unread = -ENOENT;

	for (size_t i = 0; !err && i < names.n; i++) {
		int found = sysfs_text(root, location, sizeof(location),
				       SLOTS_DIR "/%s/phy_location", names.name[i]);

		if (!found && !strcmp(location, drc_name))
			return slot_read_address(root, names.name[i], slot, address,
						 size);
		if (kern_read_failure(found))
			unread = found;
	}

	return err ? err : unread;
}

static int slot_is_in_sysfs(const struct kern_root *root, const char *path)
{
	_cleanup_close_ int fd = kern_open(root, path, O_PATH | O_DIRECTORY);
	struct statfs fs;

	if (fd < 0)
		return fd;
	return fstatfs(fd, &fs) ? -errno : fs.f_type == SYSFS_MAGIC;
}

/* Return 1 if the slot is older than the bus, 0, or a negative errno. An older one belongs to a bus that was removed.
 * Even reading a file of such a slot can crash the kernel. sysfs numbers its objects in
 * the order of creation, and a slot is created after its bus and the bus's link. */
static int slot_is_older_than_bus(const struct kern_root *root, const char *drc_name,
				  const char *bus)
{
	_cleanup_free_ char *slot_dir = text_of(SLOTS_DIR "/%s", drc_name),
			    *bus_link = text_of("sys/class/pci_bus/%s", bus);
	struct stat slot, of_bus;
	int err = slot_dir && bus_link ? kern_lstat(root, slot_dir, &slot) : -ENOMEM;

	if (!err)
		err = kern_lstat(root, bus_link, &of_bus);
	if (err)
		return err == -ENOENT ? 0 : err;
	return slot.st_dev == of_bus.st_dev && slot.st_ino < of_bus.st_ino
		       ? slot_is_in_sysfs(root, slot_dir)
		       : 0;
}

int slot_find(const struct kern_root *root, const char *drc_name, const char *bus,
	      struct slot_ref *slot)
{
	size_t domain = strcspn(bus, ":") + 1;
	char address[32];
	int err;

	if (!dt_name_is_ok(drc_name) || !strcmp(drc_name, "control"))
		return -ENOENT;
	err = slot_is_older_than_bus(root, drc_name, bus);
	if (err)
		return err < 0 ? err : -ESTALE;
	err = slot_read_address(root, drc_name, slot, address, sizeof(address));
	if (err == -ENOENT)
		err = slot_find_by_location(root, drc_name, slot, address,
					    sizeof(address));
	if (!err && strncmp(address, bus, domain))
		err = -ESTALE;
	return err;
}

int slot_adapter(const struct kern_root *root, const struct slot_ref *slot, int *adapter)
{
	char text[16];
	int err = sysfs_text(root, text, sizeof(text), "%s/adapter", slot->dir);

	if (!err && sscanf(text, "%d", adapter) != 1)
		err = -EBADMSG;
	return err;
}

int slot_power(const struct kern_root *root, const struct slot_ref *slot, bool on)
{
	_cleanup_free_ char *path = text_of("%s/power", slot->dir);

	return path ? kern_write(root, path, on ? "1" : "0", 1) : -ENOMEM;
}

int slot_control_exists(const struct kern_root *root)
{
	return kern_exists(root, SLOTS_DIR "/control/add_slot");
}

int slot_control(const struct kern_root *root, bool add, const char *drc_name)
{
	if (strlen(drc_name) > SLOT_NAME_MAX)
		return -ENAMETOOLONG;
	return kern_write(root,
			  add ? SLOTS_DIR "/control/add_slot"
			      : SLOTS_DIR "/control/remove_slot",
			  drc_name, strlen(drc_name));
}
