// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/cleanup.h"
#include "kern/dlopen_note.h"
#include "kern/root.h"
#include "kern/udev.h"

#define BUSY "/run/udev/queue" /* exists while udevd has work */

DLOPEN_NOTE(udev_note, "udev", "Final names of new devices, if udevd runs", "recommended",
	    "libudev.so.1");

/* The functions of libudev, by their names without "udev_". Header files of libudev are
 * not needed. */
struct udev;
struct udev_device;
struct udev_enumerate;
struct udev_list_entry;
struct udev_monitor;

#define FUNCTIONS(F)                                                                     \
	F(struct udev *, new, (void))                                                    \
	F(struct udev *, unref, (struct udev *))                                         \
	F(struct udev_monitor *, monitor_new_from_netlink,                               \
	  (struct udev *, const char *))                                                 \
	F(int, monitor_enable_receiving, (struct udev_monitor *))                        \
	F(int, monitor_get_fd, (struct udev_monitor *))                                  \
	F(struct udev_device *, monitor_receive_device, (struct udev_monitor *))         \
	F(struct udev_monitor *, monitor_unref, (struct udev_monitor *))                 \
	F(struct udev_device *, device_new_from_syspath, (struct udev *, const char *))  \
	F(struct udev_device *, device_unref, (struct udev_device *))                    \
	F(const char *, device_get_action, (struct udev_device *))                       \
	F(const char *, device_get_devpath, (struct udev_device *))                      \
	F(const char *, device_get_subsystem, (struct udev_device *))                    \
	F(int, device_get_is_initialized, (struct udev_device *))                        \
	F(const char *, device_get_property_value, (struct udev_device *, const char *)) \
	F(struct udev_enumerate *, enumerate_new, (struct udev *))                       \
	F(int, enumerate_add_match_parent,                                               \
	  (struct udev_enumerate *, struct udev_device *))                               \
	F(int, enumerate_scan_devices, (struct udev_enumerate *))                        \
	F(struct udev_list_entry *, enumerate_get_list_entry, (struct udev_enumerate *)) \
	F(struct udev_enumerate *, enumerate_unref, (struct udev_enumerate *))           \
	F(struct udev_list_entry *, list_entry_get_next, (struct udev_list_entry *))     \
	F(const char *, list_entry_get_name, (struct udev_list_entry *))

#define MEMBER(type, name, arguments) type(*name) arguments;
#define SYMBOL(type, name, arguments) "udev_" #name,

struct udevd {
	/* First, so that they can be filled as an array of pointers. */
	struct {
		FUNCTIONS(MEMBER)
	} lib;
	void *handle;
	struct udev *udev;
	struct udev_monitor *monitor;
	struct kern_names seen; /* paths of devices whose events were received */
	bool has_lost_events;
};

/* ---- libudev ---- */

/* Return true if a udevd runs: its socket remains when it has ended. A connection would
 * show that, too, but udevd logs a warning for one without a message. */
static bool udevd_is_alive(void)
{
	/* Since systemd 258, and before */
	static const char *const controls[] = { " /run/udev/io.systemd.Udev\n",
						" /run/udev/control\n" };
	_cleanup_free_ char *line = NULL;
	bool has_socket = false;
	size_t size = 0;
	FILE *sockets;

	if (access("/run/udev", F_OK))
		return false;
	sockets = fopen("/proc/net/unix", "re");
	if (!sockets)
		return true; /* new_devices_wait() ends if it does nothing */
	while (!has_socket && getline(&line, &size, sockets) > 0)
		for (size_t i = 0; i < ARRAY_SIZE(controls); i++)
			has_socket |= strstr(line, controls[i]) != NULL;
	fclose(sockets);
	return has_socket;
}

static bool udevd_load(struct udevd *u)
{
	static const char *const symbols[] = { FUNCTIONS(SYMBOL) };
	void *functions[ARRAY_SIZE(symbols)];

	_Static_assert(sizeof(u->lib) == sizeof(functions), "only functions");
	u->handle = dlopen("libudev.so.1", RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		functions[i] = u->handle ? dlsym(u->handle, symbols[i]) : NULL;
		if (!functions[i])
			return false;
	}
	memcpy(&u->lib, functions, sizeof(functions));
	return true;
}

struct udevd *udevd_open(void)
{
	struct udevd *u = udevd_is_alive() ? calloc(1, sizeof(*u)) : NULL;

	if (!u)
		return NULL;
	if (udevd_load(u))
		u->udev = u->lib.new();
	if (u->udev)
		u->monitor = u->lib.monitor_new_from_netlink(u->udev, "udev");
	if (!u->monitor || u->lib.monitor_enable_receiving(u->monitor) < 0) {
		udevd_close(u);
		return NULL;
	}
	return u;
}

void udevd_close(struct udevd *u)
{
	if (!u)
		return;
	if (u->monitor)
		u->lib.monitor_unref(u->monitor);
	if (u->udev)
		u->lib.unref(u->udev);
	if (u->handle)
		dlclose(u->handle);
	kern_names_free(&u->seen);
	free(u);
}

/* ---- Events ---- */

int udevd_fd(const struct udevd *u)
{
	return u->lib.monitor_get_fd(u->monitor);
}

/* Copy a text, which can be NULL. */
static void udevd_copy(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text ? text : "");
}

int udevd_read(struct udevd *u, struct uevent *event)
{
	struct udev_device *device;

	*event = (struct uevent){ 0 };
	errno = 0;
	device = u->lib.monitor_receive_device(u->monitor);
	if (!device)
		return errno == ENOBUFS ? 1 : 0;
	udevd_copy(event->action, sizeof(event->action),
		   u->lib.device_get_action(device));
	udevd_copy(event->path, sizeof(event->path), u->lib.device_get_devpath(device));
	udevd_copy(event->subsystem, sizeof(event->subsystem),
		   u->lib.device_get_subsystem(device));
	u->lib.device_unref(device);
	return 1;
}

bool udevd_is_busy(void)
{
	return !access(BUSY, F_OK);
}

/* Return true if an event of the device was received, or could have been. Paths in events are
 * cut. */
static bool udevd_has_seen(const struct udevd *u, const char *path)
{
	const struct uevent *event;

	for (size_t i = 0; i < u->seen.n; i++)
		if (!strncmp(u->seen.name[i], path, sizeof(event->path) - 1))
			return true;
	return u->has_lost_events && !udevd_is_busy();
}

/* Record that udevd has handled an event of a device. */
static void udevd_note(struct udevd *u, const struct uevent *event)
{
	bool is_removed = !strcmp(event->action, "remove");

	for (size_t i = 0; is_removed && i < u->seen.n; i++)
		if (!strcmp(u->seen.name[i], event->path))
			*u->seen.name[i] = '\0'; /* another device can get this path */
	if (!*event->path || (!is_removed && kern_names_add(&u->seen, event->path)))
		u->has_lost_events = true;
}

unsigned int udevd_drain(struct udevd *u)
{
	struct uevent event;
	unsigned int n = 0;

	for (; udevd_read(u, &event) > 0; n++)
		udevd_note(u, &event);
	return n;
}

/* ---- Devices ---- */

/* Return true if udevd has finished with the device. An interface that is being renamed has
 * a record before its new name is final, a device with a modalias before its module is
 * loaded. */
static bool udevd_has_finished_with(const struct udevd *u, struct udev_device *device)
{
	if ((u->lib.device_get_property_value(device, "MAJOR") ||
	     u->lib.device_get_property_value(device, "IFINDEX")) &&
	    (u->lib.device_get_is_initialized(device) <= 0 ||
	     u->lib.device_get_property_value(device, "ID_RENAMING")))
		return false;
	return !u->lib.device_get_property_value(device, "MODALIAS") ||
	       udevd_has_seen(u, u->lib.device_get_devpath(device));
}

/* Test one device of the list. It may have been removed or renamed since. */
static bool udevd_check(const struct udevd *u, const char *path)
{
	struct udev_device *device = u->lib.device_new_from_syspath(u->udev, path);
	bool has_finished = device && udevd_has_finished_with(u, device);

	if (device)
		u->lib.device_unref(device);
	return has_finished;
}

/* Test the device and all below it. Return 1 if udevd has finished with all of them, 0
 * if not, -ENODEV if the device does not exist. *n receives their number. */
static int udevd_check_all(const struct udevd *u, const char *path, size_t *n)
{
	struct udev_device *device = u->lib.device_new_from_syspath(u->udev, path);
	struct udev_enumerate *list = device ? u->lib.enumerate_new(u->udev) : NULL;
	int has_finished = device ? 0 : -ENODEV;

	*n = 0;
	if (list && u->lib.enumerate_add_match_parent(list, device) >= 0 &&
	    u->lib.enumerate_scan_devices(list) >= 0) {
		struct udev_list_entry *at = u->lib.enumerate_get_list_entry(list);

		for (has_finished = 1; at; at = u->lib.list_entry_get_next(at), ++*n)
			has_finished &= udevd_check(u, u->lib.list_entry_get_name(at));
	}
	if (list)
		u->lib.enumerate_unref(list);
	if (device)
		u->lib.device_unref(device);
	return has_finished;
}

int udevd_has_finished(const struct udevd *u, const char *device)
{
	size_t n = 0, before;
	int has_finished;

	/* During a test, a module that udevd has loaded can add a device. */
	do {
		before = n;
		has_finished = udevd_check_all(u, device, &n);
	} while (has_finished > 0 && n != before);
	return has_finished;
}
