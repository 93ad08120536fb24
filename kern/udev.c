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

enum { BUFFER_BYTES = 4 << 20 }; /* for the events of a host bridge */

DLOPEN_NOTE(udev_note, "udev", "Final names of new devices, if udevd runs", "recommended",
	    "libudev.so.1");

/* The functions of libudev, by their names without "udev_". Header files of libudev are
 * not needed. */
struct udev;
struct udev_device;
struct udev_monitor;

#define FUNCTIONS(F)                                                             \
	F(struct udev *, new, (void))                                            \
	F(struct udev *, unref, (struct udev *))                                 \
	F(struct udev_monitor *, monitor_new_from_netlink,                       \
	  (struct udev *, const char *))                                         \
	F(int, monitor_set_receive_buffer_size, (struct udev_monitor *, int))    \
	F(int, monitor_enable_receiving, (struct udev_monitor *))                \
	F(int, monitor_get_fd, (struct udev_monitor *))                          \
	F(struct udev_device *, monitor_receive_device, (struct udev_monitor *)) \
	F(struct udev_monitor *, monitor_unref, (struct udev_monitor *))         \
	F(struct udev_device *, device_unref, (struct udev_device *))            \
	F(const char *, device_get_action, (struct udev_device *))               \
	F(const char *, device_get_devpath, (struct udev_device *))              \
	F(const char *, device_get_subsystem, (struct udev_device *))            \
	F(const char *, device_get_property_value, (struct udev_device *, const char *))

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
	if (u->monitor) /* if it may; it is enough otherwise, too */
		u->lib.monitor_set_receive_buffer_size(u->monitor, BUFFER_BYTES);
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
	struct udev_device *device = NULL;

	*event = (struct uevent){ 0 };
	do { /* udevd has the event of the new name yet to handle */
		if (device)
			u->lib.device_unref(device);
		errno = 0;
		device = u->lib.monitor_receive_device(u->monitor);
		if (!device)
			return errno == ENOBUFS ? 1 : 0;
	} while (u->lib.device_get_property_value(device, "ID_RENAMING"));
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
