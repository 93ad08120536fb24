// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>

#include "drmon/watch.h"
#include "cli/common.h"
#include "cli/system.h"

/* The watched files, and the directories in which they may appear. */
static const struct {
	const char *path;
	uint32_t mask;
} watched[] = {
	{ "/run", IN_CREATE },
	{ "/run/drmgr", IN_CREATE | IN_DELETE | IN_MOVE },
	{ "/run/drmgr/journal", IN_MODIFY },
	{ "/var/lock", IN_CREATE | IN_MOVED_TO },
	{ "/var/lock/dr_config_lock", IN_OPEN | IN_CLOSE },
	{ "/var/log", IN_CREATE | IN_MOVED_TO },
	{ "/var/log/drmgr", IN_MODIFY },
};

/* Watch all files. Repeating a watch has no effect. Missing and unreadable files are
 * ignored. */
static void watch_add_all(const struct watch *watch)
{
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++)
		inotify_add_watch(watch->files, watched[i].path, watched[i].mask);
}

int watch_open(struct watch *watch)
{
	watch->files = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->files < 0)
		return -errno;
	watch->udevd = udevd_open();
	watch->devices = watch->udevd ? udevd_fd(watch->udevd) : uevents_open();
	watch_add_all(watch);
	return 0;
}

void watch_close(struct watch *watch)
{
	if (watch->files >= 0)
		close(watch->files);
	if (watch->udevd)
		udevd_close(watch->udevd);
	else if (watch->devices >= 0)
		close(watch->devices);
	watch->udevd = NULL;
	watch->files = watch->devices = -1;
}

static unsigned int watch_file_change(const struct inotify_event *event)
{
	static const char *const ours[] = { "drmgr", "journal", "dr_config_lock" };

	if (!event->len) /* event of a watched file itself; all of them are drmgr's */
		return WATCH_DRMGR;
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (!strcmp(event->name, ours[i]))
			return WATCH_DRMGR;
	if (!strncmp(event->name, "left-", strlen("left-")))
		return WATCH_DRMGR;
	return strcmp(event->name, "platform") != 0 ? 0 : WATCH_PLATFORM;
}

static unsigned int watch_read_files(const struct watch *watch)
{
	_Alignas(struct inotify_event) char buf[4096];
	unsigned int what = 0;
	ssize_t n;

	while ((n = read(watch->files, buf, sizeof(buf))) > 0)
		for (char *at = buf; at < buf + n;) {
			const struct inotify_event *event = (void *)at;

			what |= watch_file_change(event);
			at += sizeof(*event) + event->len;
		}
	if (what)
		watch_add_all(watch);
	return what;
}

/* Return true for subsystems whose devices are worth an event. */
static bool watch_shows_device(const struct uevent *event)
{
	static const char *const subsystems[] = { "pci", "net", "block", "nvme",
						  "cpu", "vio", "memory" };

	for (size_t i = 0; i < ARRAY_SIZE(subsystems); i++)
		if (!strcmp(event->subsystem, subsystems[i]))
			return true;
	return false;
}

static const char *watch_past_tense(const char *action)
{
	return !strcmp(action, "add")	    ? "added"
	       : !strcmp(action, "remove")  ? "removed"
	       : !strcmp(action, "online")  ? "online"
	       : !strcmp(action, "offline") ? "offline"
					    : NULL;
}

static int watch_read_device(const struct watch *watch, struct uevent *event)
{
	if (watch->udevd)
		return udevd_read(watch->udevd, event);
	return watch->devices < 0 ? 0 : uevents_read(watch->devices, event);
}

static unsigned int watch_read_devices(const struct watch *watch, struct events *events)
{
	unsigned int what = 0;
	struct uevent event;

	while (watch_read_device(watch, &event) > 0) {
		const char *name = strrchr(event.path, '/'),
			   *did = watch_past_tense(event.action);

		what |= WATCH_DEVICES;
		if (name && did && watch_shows_device(&event))
			events_add(events, NULL, "%s %s %s", event.subsystem, name + 1,
				   did);
	}
	return what;
}

unsigned int watch_read(struct watch *watch, struct events *events)
{
	return watch_read_files(watch) | watch_read_devices(watch, events);
}
