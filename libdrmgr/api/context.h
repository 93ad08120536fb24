/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * context.h - struct dr of the public functions
 */
#pragma once

#include "libdrmgr/core/platform.h"
#include "libdrmgr/core/session.h"
#include "libdrmgr/drmgr.h"

struct dr {
	unsigned int references;
	struct session session;
	struct log log;
	dr_log_fn *log_fn;
	void *log_priv;
	dr_warning_fn *warning;
	void *warning_priv;
	bool is_captured; /* a sysroot */
	struct dr_error error;
	char *text; /* of the error; NULL: none, or no memory */
	bool has_capabilities;
	struct dr_capability capabilities[CAPABILITIES];
};

/* Set the last error and its text, which the context then owns. Return err. */
int context_fail(struct dr *dr, const struct dr_error *error, char *text, int err);
