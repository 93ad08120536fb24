// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "cli/event_show.h"
#include "cli/json_util.h"
#include "cli/system.h"
#include "eventd/event_hooks.h"

enum { OUTPUT_LINE = 256 };

/* Write the document of an event into memory. Return a descriptor, or a negative errno. */
static int event_hooks_document(struct rtas_event *event)
{
	json_object *events = json_new_array(),
		    *document = event_show_document(events, NULL);
	_cleanup_close_ int fd = memfd_create("event", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	json_append(events, event_show_json(event));
	if (!err)
		err = json_write(fd, document);
	json_object_put(document);
	return err ? err : steal_fd(&fd);
}

static void event_hooks_on_report(void *priv, enum hook_news news, const char *text)
{
	if (news == HOOK_PROBLEM)
		logger_print(priv, LOGGER_WARNING, "%s", text);
	else if (news == HOOK_STARTED || news == HOOK_ENDED)
		logger_print(priv, LOGGER_DEBUG, "%s", text);
	else
		for (; *text; text += strnlen(text, OUTPUT_LINE))
			logger_print(priv, LOGGER_INFO, "hook: %.*s", OUTPUT_LINE, text);
}

int event_hooks_run(struct logger *log, const char *folder, struct rtas_event *event,
		    int stop_fd)
{
	char type[32], what[32];
	const char *const env[] = { type, NULL };
	_cleanup_close_ int input = event_hooks_document(event);
	const struct hook_folder hooks = {
		.path = folder,
		.name = folder,
		.phase = what,
		.env = env,
		.input = input,
		.stop_fd = stop_fd,
		.limit = deadline_never(),
		.report = event_hooks_on_report,
		.priv = log,
	};
	int err = input;

	snprintf(type, sizeof(type), "EVENT_TYPE=%u",
		 rtas_get_event_hdr_scn(event)->type);
	snprintf(what, sizeof(what), "event #%d", event->event_no);
	if (err >= 0)
		err = hook_folder_run(&hooks);
	if (err < 0)
		logger_print(log, LOGGER_WARNING, "%s: no hook runs: %s", what,
			     strerror(-err));
	return fd_is_readable(stop_fd) ? -EINTR : 0;
}
