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
	struct dr_log log;
	struct dr_callbacks callbacks;
	struct dr_results *results; /* of the request that runs; NULL: none */
	bool traces;
	int argc; /* of the command that journals name */
	char *const *argv;
	bool has_command;	   /* the caller has set argc and argv */
	struct lock_holder holder; /* when dr_lock() failed */
	struct dr_error error;
	char *text;	     /* of the error; NULL: none, or no memory */
	bool has_no_journal; /* dr_recover() found none, and no change has begun since */
	int watched_lock;    /* the lock file of dr_read_operation(); < 0: not open */
	bool has_capabilities, has_platform;
	enum platform platform;
	struct dr_capability capabilities[CAPABILITIES];
};

/* Set the last error and its text, which the context then owns; text NULL: memory is short.
 * Return err, or -ENOMEM. */
int context_fail(struct dr *dr, const struct dr_error *error, char *text, int err);

/* Undo the steps of the journal in this file: JOURNAL_FILE or that of a leftover. Return as
 * dr_recover(). */
int context_recover_file(struct dr *dr, const char *file, const char *backend,
			 struct dr_interrupted *interrupted);

/* Open firmware and the journal, for a change of a caller that has the lock. Return 0, or a
 * negative errno and the context's error. */
int context_prepare_change(struct dr *dr);

/* Open firmware. Return as above. */
int context_open_firmware(struct dr *dr);

/* Set an error of the caller. Return err. */
int context_refuse(struct dr *dr, const char *text, int err);

/* Copy a struct of the public functions, whose first member is its size: as much as both
 * sides have. to->size stays. What only the other side has is 0, if *to is. */
void context_copy_sized(void *to, size_t to_size, const void *from, size_t from_size);

/* Return the callbacks of the model: they add to dr->results, and call the caller's. */
struct dr_report context_report(struct dr *dr);
