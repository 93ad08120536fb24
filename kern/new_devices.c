// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/cleanup.h"
#include "kern/new_devices.h"
#include "kern/root.h"
#include "kern/udev.h"
#include "kern/uevent.h"

enum {
	SILENCE_MS = 5000, /* after which an idle udevd is taken to be dead */
	SCAN_MS = 2000,	   /* how long a scan may find nothing */
};

/* Devices, by subsystem and name, that are complete when they have a driver, or when the driver has
 * found a device below them, or below their parent. */
static const struct {
	const char *kind, *below;
	bool is_of_parent;
} scans[] = {
	{ "scsi host[0-9]*", "*target*/*", false },
	{ "scsi [0-9]*:*", NULL, false },
	{ "nvme nvme[0-9]*", "nvme*", false },
	{ "usb [0-9]*-[1-9]*", NULL, false },
	{ "usb usb[0-9]*", "usb*/[0-9]*-[1-9]*", true },
};

/* A device that was added since new_devices_open(). */
struct new_device {
	struct uevent added;
	bool is_bound;
};

struct new_devices {
	int fd;
	struct udevd *udevd; /* NULL: none */
	struct new_device *list;
	size_t n;
	struct deadline scan; /* SCAN_MS after the last new device */
	bool has_lost_events;
	new_devices_waiting *waiting;
	void *priv;
};

struct new_devices *new_devices_open(new_devices_waiting *waiting, void *priv)
{
	struct new_devices *w = calloc(1, sizeof(*w));
	int fd = w ? uevents_open() : -ENOMEM;

	if (fd < 0) {
		free(w);
		return NULL;
	}
	*w = (struct new_devices){
		.fd = fd, .udevd = udevd_open(), .waiting = waiting, .priv = priv
	};
	return w;
}

void new_devices_close(struct new_devices *w)
{
	if (!w)
		return;
	udevd_close(w->udevd);
	close(w->fd);
	free(w->list);
	free(w);
}

/* ---- Events ---- */

static int new_devices_add(struct new_devices *w, const struct uevent *event)
{
	struct new_device *list = realloc(w->list, (w->n + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	w->list = list;
	w->scan = deadline_in_ms(SCAN_MS);
	list[w->n++] = (struct new_device){ .added = *event };
	return strlen(event->path) < sizeof(event->path) - 1 ? 0 : -ENAMETOOLONG;
}

static void new_devices_note(struct new_devices *w, const struct uevent *event)
{
	size_t i = 0;

	while (i < w->n && strcmp(w->list[i].added.path, event->path) != 0)
		i++;
	if (i < w->n && !strcmp(event->action, "remove"))
		w->list[i] = w->list[--w->n];
	else if (i < w->n && strstr(event->action, "bind"))
		w->list[i].is_bound = *event->action == 'b'; /* or "unbind" */
	else if (!*event->path ||
		 (!strcmp(event->action, "add") && new_devices_add(w, event))) {
		w->has_lost_events = true;
		w->scan = deadline_in_ms(SCAN_MS);
	}
}

unsigned int new_devices_drain(struct new_devices *w)
{
	unsigned int n = w->udevd ? udevd_drain(w->udevd) : 0;
	struct uevent event;

	while (uevents_read(w->fd, &event) > 0)
		new_devices_note(w, &event);
	return n;
}

/* ---- Devices ---- */

/* Return the rest of a path below a device's, or NULL. */
static const char *new_devices_below(const char *path, const char *device)
{
	size_t len = strlen(device);

	return !strncmp(path, device, len) && path[len] == '/' ? path + len + 1 : NULL;
}

static bool new_devices_has_below(const struct new_devices *w, const char *device,
				  const char *pattern)
{
	const char *below;
	bool found = false;

	for (size_t i = 0; !found && i < w->n; i++) {
		below = new_devices_below(w->list[i].added.path, device);
		found = below && !fnmatch(pattern, below, 0);
	}
	return found;
}

/* Return true if a driver has begun and not ended, or has not found what it scans for. */
static bool new_devices_is_open(const struct new_devices *w, const struct new_device *d)
{
	const char *path = d->added.path, *name = strrchr(path, '/');
	char text[sizeof(d->added)];

	snprintf(text, sizeof(text), "/sys%s/driver", path);
	if (!d->is_bound && !access(text, F_OK))
		return true;
	snprintf(text, sizeof(text), "%s %s", d->added.subsystem, name ? name + 1 : "");
	for (size_t i = 0; i < ARRAY_SIZE(scans); i++) {
		if (fnmatch(scans[i].kind, text, 0))
			continue;
		if (!scans[i].below) /* udevd has loaded a driver if there is one */
			return !d->is_bound && !w->udevd;
		snprintf(text, sizeof(text), "%.*s",
			 scans[i].is_of_parent ? (int)(name - path) : -1, path);
		return !new_devices_has_below(w, text, scans[i].below);
	}
	return false;
}

/* Return true if devices may follow below this one, or if that is unknown. */
static bool new_devices_may_follow(const struct new_devices *w, const char *path)
{
	bool may_follow = w->has_lost_events;

	for (size_t i = 0; !may_follow && i < w->n; i++)
		may_follow = (!strcmp(w->list[i].added.path, path) ||
			      new_devices_below(w->list[i].added.path, path)) &&
			     new_devices_is_open(w, &w->list[i]);
	return may_follow;
}

int new_devices_wait(struct new_devices *w, const char *device, const struct deadline *dl,
		     int stop_fd)
{
	struct deadline silence = deadline_in_ms(SILENCE_MS), until;
	char link[PATH_MAX] = "";
	int64_t second = 0;

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = w->fd, .events = POLLIN },
			{ .fd = w->udevd ? udevd_fd(w->udevd) : -1, .events = POLLIN },
			{ .fd = stop_fd, .events = POLLIN },
		};
		const char *path;
		bool may_follow;
		int udevd = 1;

		if (new_devices_drain(w) || (w->udevd && udevd_is_busy()))
			silence = deadline_in_ms(SILENCE_MS);
		path = readlink(device, link, sizeof(link) - 1) < 0
			       ? NULL
			       : strstr(link, "/devices/");
		if (!path)
			return -ENODEV;
		if (w->udevd)
			udevd = udevd_has_finished(w->udevd, device);
		if (udevd < 0)
			return udevd;
		may_follow = new_devices_may_follow(w, path);
		if (udevd && !may_follow)
			return NEW_DEVICES_COMPLETE;
		if (!udevd)
			w->scan = deadline_in_ms(SCAN_MS);
		until = deadline_sooner(udevd ? w->scan : silence, *dl);
		if (deadline_has_passed(&until))
			return udevd ? NEW_DEVICES_MAY_FOLLOW : NEW_DEVICES_UDEVD;
		if (deadline_is_second(&second))
			w->waiting(w->priv, dl,
				   udevd ? "a driver to find its devices"
					 : "udevd to finish with new devices");
		until = deadline_second(&until);
		if (poll(fds, ARRAY_SIZE(fds), deadline_left_ms(&until)) < 0 &&
		    errno != EINTR)
			return -errno;
		if (fds[2].revents)
			return -EINTR;
	}
}
