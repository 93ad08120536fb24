/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hooks.h - programs of the administrator's, run before and after a change
 *
 * Every executable file of /etc/drmgr.d/TYPE, in the order of versions: 9 before 10. One
 * that somebody else than root could change is not run. A hook has the environment that
 * drmgr-hooks(8) lists and nothing else, "/" to work in, no input; what it says goes to
 * the log, and to stderr when it fails. It ends within a minute, or is ended.
 *
 * The lock of dynamic reconfiguration is held meanwhile.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "wire/drc.h"

enum hook_phase { HOOK_CHECK, HOOK_UNDOCHECK, HOOK_PRE, HOOK_POST };

struct hook_event {
	const char *type;   /* "cpu": the folder */
	const char *action; /* "add" */
	enum hook_phase phase;
	unsigned int count;    /* requested, or with HOOK_POST done */
	const struct drc *drc; /* the only one that it is about; NULL: not told */
};

/* How many of them failed. With --dry-run none is run. */
unsigned int hooks_run(const struct dr_ctx *dr, const struct hook_event *event);
