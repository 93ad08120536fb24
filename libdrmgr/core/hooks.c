// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libdrmgr/core/hooks.h"
#include "kern/hook.h"
#include "kern/text.h"

#define HOOKS_DIR "etc/drmgr.d"

static const char *const phase_names[] = {
	[HOOK_CHECK] = "check",
	[HOOK_UNDOCHECK] = "undocheck",
	[HOOK_PRE] = "pre",
	[HOOK_POST] = "post",
};

bool hooks_exist(const struct dr_ctx *dr)
{
	return !dr->dry_run && kern_exists(dr->root, HOOKS_DIR);
}

/* Return the folder of a type, as an absolute path, which the caller frees. */
static char *hooks_folder(const struct dr_ctx *dr, const char *type)
{
	char root[4096] = "";
	_cleanup_free_ char *self = NULL;
	ssize_t n = 0;

	if (!dr->root->is_system) {
		self = text_of("/proc/self/fd/%d", dr->root->fd);
		n = self ? readlink(self, root, sizeof(root)) : -1;
	}
	return n < 0 || n >= (ssize_t)sizeof(root)
		       ? NULL
		       : text_of("%.*s/" HOOKS_DIR "/%s", (int)n, root, type);
}

/* ---- Reports ---- */

static void hooks_on_report(void *priv, enum hook_news news, const char *text)
{
	static const enum dr_level levels[] = {
		[HOOK_STARTED] = DR_LEVEL_DEBUG,
		[HOOK_ENDED] = DR_LEVEL_INFO,
		[HOOK_OUTPUT] = DR_LEVEL_DEBUG,
		[HOOK_OUTPUT_OF_FAILED] = DR_LEVEL_TRACE,
	};
	const struct dr_ctx *dr = priv;

	if (news == HOOK_PROBLEM)
		dr_warn(dr, "%s", text);
	else
		dr_log(dr->log, levels[news], "%s", text);
}

static void hooks_on_wait(void *priv, const char *hook, const struct deadline *dl,
			  int64_t *next_ns)
{
	dr_tell_wait(priv, dl, next_ns, "hook %s to end", hook);
}

/* ---- Run ---- */

/* A phase after the change has its own deadline, independent of -w and signals. */
static bool phase_is_after_change(enum hook_phase phase)
{
	return phase == HOOK_POST || phase == HOOK_UNDOCHECK;
}

unsigned int hooks_run(const struct dr_ctx *dr, const struct hook_event *event)
{
	const struct drc *drc = event->drc;
	const char *when = phase_names[event->phase];
	bool is_after = phase_is_after_change(event->phase);
	_cleanup_free_ char *path = hooks_folder(dr, event->type),
			    *folder = text_of("/" HOOKS_DIR "/%s", event->type),
			    *words = text_of("phase %s", when),
			    *type = text_of("DRC_TYPE=%s", event->type),
			    *count = text_of("DRC_COUNT=%u", event->count),
			    *action = text_of("ACTION=%s", event->action),
			    *phase = text_of("PHASE=%s", when),
			    *name = drc ? text_of("DRC_NAME=%s", drc->name) : NULL,
			    *index = drc ? text_of("DRC_INDEX=0x%08x", drc->index) : NULL;
	const char *const env[] = { type, count, action, phase, name, index, NULL };
	const struct hook_folder hooks = {
		.path = path,
		.name = folder,
		.phase = words,
		.env = env,
		.input = -1,
		.stop_fd = is_after ? -1 : dr->stop_fd,
		.limit = is_after ? deadline_never() : dr->limit,
		.report = hooks_on_report,
		.wait = hooks_on_wait,
		.priv = (void *)(uintptr_t)dr,
	};
	bool has_all = path && folder && words && type && count && action && phase &&
		       (!drc || (name && index));
	int failed;

	if (dr->dry_run)
		return 0;
	failed = has_all ? hook_folder_run(&hooks) : -ENOMEM;
	if (failed >= 0)
		return (unsigned int)failed;
	dr_warn(dr, "hooks in /" HOOKS_DIR "/%s are not run: %s", event->type,
		strerror(-failed));
	return 1;
}
