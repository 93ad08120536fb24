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
	bool is_seen; /* udevd has sent an event of it */
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

static struct new_device *new_devices_find(const struct new_devices *w, const char *path)
{
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->list[i].added.path, path))
			return &w->list[i];
	return NULL;
}

/* A device with a new name (a "move") is another device: the old path does not exist. */
static void new_devices_note(struct new_devices *w, const struct uevent *event)
{
	bool adds = !strcmp(event->action, "add") || !strcmp(event->action, "move");
	struct new_device *d = new_devices_find(w, event->path);

	if (!*event->path || (adds && !d && new_devices_add(w, event))) {
		w->has_lost_events = true;
		w->scan = deadline_in_ms(SCAN_MS);
	} else if (d && adds) {
		d->is_seen = false;
	} else if (d && !strcmp(event->action, "remove")) {
		*d = w->list[--w->n];
	} else if (d && strstr(event->action, "bind")) {
		d->is_bound = *event->action == 'b'; /* or "unbind" */
	}
}

static void new_devices_drain_kernel(struct new_devices *w)
{
	struct uevent event;

	while (uevents_read(w->fd, &event) > 0)
		new_devices_note(w, &event);
}

unsigned int new_devices_drain(struct new_devices *w)
{
	struct uevent event;
	struct new_device *d;
	unsigned int n = 0;

	for (; w->udevd && udevd_read(w->udevd, &event) > 0; n++) {
		new_devices_drain_kernel(w); /* the kernel's event was before udevd's */
		d = new_devices_find(w, event.path);
		if (d)
			d->is_seen = strcmp(event.action, "remove") != 0;
		w->has_lost_events |= !*event.path;
	}
	new_devices_drain_kernel(w);
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

/* Find what is open at a device and below it. */
static void new_devices_check(const struct new_devices *w, const char *path,
			      bool *has_finished, bool *may_follow)
{
	*may_follow = w->has_lost_events;
	*has_finished = !w->udevd || !w->has_lost_events || !udevd_is_busy();
	for (const struct new_device *d = w->list; d < w->list + w->n; d++) {
		char text[sizeof("/sys") + sizeof(d->added.path)];

		if (strcmp(d->added.path, path) &&
		    !new_devices_below(d->added.path, path))
			continue;
		*may_follow |= new_devices_is_open(w, d);
		snprintf(text, sizeof(text), "/sys%s", d->added.path);
		if (w->udevd && !w->has_lost_events && !d->is_seen && !access(text, F_OK))
			*has_finished = false;
	}
}

int new_devices_wait(struct new_devices *w, const char *device, const struct deadline *dl,
		     int stop_fd)
{
	struct deadline silence = deadline_in_ms(SILENCE_MS), until;
	bool has_finished, may_follow;
	char link[PATH_MAX] = "";
	int64_t second = 0;
	const char *path;

	if (readlink(device, link, sizeof(link) - 1) < 0)
		return -ENODEV;
	path = strstr(link, "/devices/");
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = w->fd, .events = POLLIN },
			{ .fd = w->udevd ? udevd_fd(w->udevd) : -1, .events = POLLIN },
			{ .fd = stop_fd, .events = POLLIN },
		};

		if (new_devices_drain(w) || (w->udevd && udevd_is_busy()))
			silence = deadline_in_ms(SILENCE_MS);
		new_devices_check(w, path ? path : "", &has_finished, &may_follow);
		if (has_finished && !may_follow)
			return NEW_DEVICES_COMPLETE;
		if (!has_finished)
			w->scan = deadline_in_ms(SCAN_MS);
		until = deadline_sooner(has_finished ? w->scan : silence, *dl);
		if (deadline_has_passed(&until))
			return has_finished ? NEW_DEVICES_MAY_FOLLOW : NEW_DEVICES_UDEVD;
		if (deadline_is_second(&second))
			w->waiting(w->priv, dl,
				   has_finished ? "a driver to find its devices"
						: "udevd to finish with new devices");
		until = deadline_second(&until);
		if (poll(fds, ARRAY_SIZE(fds), deadline_left_ms(&until)) < 0 &&
		    errno != EINTR)
			return -errno;
		if (fds[2].revents)
			return -EINTR;
	}
}
