/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hooks.h - the administrator's programs that run before and after a change
 *
 * Every executable file of /etc/drmgr.d/TYPE runs, in version order: 9 before 10. A file
 * that a user other than root can change does not run. A hook gets only the environment
 * that drmgr-hooks(8) lists, the working directory "/" and no input. Its output goes to
 * the log, and to stderr if the hook fails. After a minute a hook is terminated.
 *
 * The lock of dynamic reconfiguration is held while hooks run.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "wire/drc.h"

enum hook_phase { HOOK_CHECK, HOOK_UNDOCHECK, HOOK_PRE, HOOK_POST };

struct hook_event {
	const char *type;   /* "cpu": the folder */
	const char *action; /* "add" */
	enum hook_phase phase;
	unsigned int count;    /* requested; with HOOK_POST: changed */
	const struct drc *drc; /* the only connector of the change; NULL: unknown */
};

/* Return true if the system has a folder for hooks. Most have none. */
bool hooks_exist(const struct dr_ctx *dr);

/* Run the hooks of an event. Return the number of failed hooks. A dry run runs none. */
unsigned int hooks_run(const struct dr_ctx *dr, const struct hook_event *event);
