// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_LIBUDEV
#include <libudev.h>
#endif

#include "kern/uevent.h"

#ifdef HAVE_LIBUDEV

struct uevents {
	struct udev *udev;
	struct udev_monitor *monitor;
};

int uevents_open(struct uevents **events, const char *subsystem)
{
	struct uevents *u = calloc(1, sizeof(*u));
	int err = -ENOMEM;

	if (u)
		u->udev = udev_new();
	if (u && u->udev)
		u->monitor = udev_monitor_new_from_netlink(u->udev, "kernel");
	if (u && u->monitor)
		err = udev_monitor_filter_add_match_subsystem_devtype(u->monitor, subsystem,
								      NULL);
	if (!err)
		err = udev_monitor_enable_receiving(u->monitor);
	if (err) {
		uevents_close(u);
		return err;
	}

	*events = u;
	return 0;
}

void uevents_close(struct uevents *events)
{
	if (!events)
		return;
	udev_monitor_unref(events->monitor);
	udev_unref(events->udev);
	free(events);
}

static int descriptor(const struct uevents *events)
{
	return udev_monitor_get_fd(events->monitor);
}

/* The descriptor also wakes for subsystems that are filtered out. */
static int take(struct uevents *events)
{
	struct udev_device *device = udev_monitor_receive_device(events->monitor);

	udev_device_unref(device);
	return device != NULL;
}

#else /* without libudev: every event of the kernel counts */

struct uevents {
	int fd;
};

int uevents_open(struct uevents **events, const char *subsystem)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct uevents *u = malloc(sizeof(*u));
	int err;

	(void)subsystem;
	if (!u)
		return -ENOMEM;

	u->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       NETLINK_KOBJECT_UEVENT);
	if (u->fd < 0 || bind(u->fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		err = -errno;
		uevents_close(u);
		return err;
	}

	*events = u;
	return 0;
}

void uevents_close(struct uevents *events)
{
	if (!events)
		return;
	if (events->fd >= 0)
		close(events->fd);
	free(events);
}

static int descriptor(const struct uevents *events)
{
	return events->fd;
}

static int take(struct uevents *events)
{
	char message[8192];

	return recv(events->fd, message, sizeof(message), 0) > 0;
}

#endif

int uevents_wait(struct uevents *events, const struct deadline *dl, int stop_fd)
{
	struct pollfd fds[] = {
		{ .fd = descriptor(events), .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};

	for (;;) {
		int n = poll(fds, 2, deadline_left_ms(dl));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && fds[1].revents)
			return -EINTR;
		if (n > 0 && take(events))
			return 1;
		if (deadline_has_passed(dl))
			return 0;
	}
}
