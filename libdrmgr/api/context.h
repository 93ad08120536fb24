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
	struct dr_callbacks callbacks;
	struct dr_results *results; /* of the request that runs; NULL: none */
	bool traces;
	int argc; /* of the command that journals name */
	char *const *argv;
	struct session_holder holder; /* when dr_lock() failed */
	struct dr_error error;
	char *text; /* of the error; NULL: none, or no memory */
	bool has_capabilities;
	struct dr_capability capabilities[CAPABILITIES];
};

/* Set the last error and its text, which the context then owns. Return err. */
int context_fail(struct dr *dr, const struct dr_error *error, char *text, int err);

/* Return the callbacks of the model: they add to dr->results, and call the caller's. */
struct dr_report context_report(struct dr *dr);
