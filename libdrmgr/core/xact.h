/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xact.h - a transaction: a list of steps, each with its inverse
 *
 * Before each change its inverse is pushed. If a step fails, or a signal requests a stop
 * (tested before each kernel write and in each wait), xact_end() runs the inverses,
 * newest first. A failed inverse does not skip the others. A step that firmware or the
 * kernel refused outright has changed nothing, so it drops its inverse.
 *
 * The result of a write may be unknown after an error (see xact_is_unknown()). Then the
 * step reads the new state (a node, a device, an attribute), which decides. While a child
 * still writes to the kernel (kern/writer.h), nothing is undone: the write depends on
 * every older step.
 *
 * Steps change the machine in only two ways: by xact_call() into firmware, and by kernel
 * writes between xact_step_begin() and xact_step_end(). Both are reported, or only
 * planned with --dry-run.
 *
 * Memory:  that of xact_begin(). Before each step so much is held back that the
 *          bookkeeping of an undo does not fail.
 * Errors:  negative errno; xact.error has the first one and its object.
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"
#include "kern/root.h"

struct xact;

/* Undo a step. Return 0, or a negative errno if the previous state is not restored. */
typedef int undo_fn(struct xact *x, void *arg);

struct journal_line;
struct recovery;

/* One kind of inverse. A kind with a name is recorded in the journal, so that another
 * process can undo it. Then its argument must be words, and undo_kinds.c must list
 * it. */
struct undo_kind {
	const char *name; /* "led-off"; NULL: not recorded in the journal */
	/* What differs if the inverse fails, in words with blanks between: "isolation
	 * power". NULL: nothing important. */
	const char *leaves;
	undo_fn *undo;
	/* The step attaches nodes: those whose paths are its argument, or else that of its
	 * connector. */
	bool attaches;
	bool configures; /* the step gives Linux devices of nodes */
	void (*encode)(struct journal_line *line, const void *arg);
	/* Decode an argument like the one that was pushed, in recovery_mem(). Return 0 or a
	 * negative errno. */
	int (*decode)(struct recovery *r, void **arg);
};

struct undo {
	const struct undo_kind *kind;
	void *arg;
	unsigned int id; /* in the journal; 0: not recorded */
	bool is_noted;	 /* the journal has its "done" */
	/* " INODE" of each node that the step attached, in the order of its argument; NULL: not
	 * known */
	const char *inodes;
	size_t on; /* the connector of its step */
};

struct xact {
	struct dr_ctx *dr;
	struct mem *mem;
	struct dr_error error;
	struct undo *undo;
	size_t n_undo;
	bool is_undoing;
	/* Undoing the steps of another process: check the state first. */
	bool is_recovering;
	bool is_undo_incomplete;
	bool is_unknown;   /* a write of this transaction is still in the kernel */
	const char **left; /* what may differ from before: words of undo_kind.leaves */
	size_t n_left;
	bool is_walking; /* a walk must not be left unfinished */
	bool is_patient; /* this write has no limit */
	bool is_long; /* a child makes this write, even without a limit: the lock can be
			  * released while it lasts */
	bool goes_on; /* each write has the whole time of the limit */
	/* The connector whose indicator has an inverse. */
	const struct connector *led_pushed;
	/* Valid between step_begin and step_end. */
	const char *step_op;
	char step_args[320];
	int64_t step_began_ns;
	struct deadline step_limit;
	const char **planned_gone;
	size_t n_planned_gone;
	/* Connectors that are changed with the one of the request, and the number of the one
	 * that the steps are for, from 1. 0: the one of the request. */
	struct dr_other *others;
	size_t n_others, on;
};

/* Begin a transaction, whose steps and their arguments are in m. */
void xact_begin(struct xact *x, struct dr_ctx *dr, struct mem *m);

/* Return 0, or -ENOMEM and xact.error if memory is short. */
int xact_check_memory(struct xact *x, const char *what);

/* Push an inverse. Return 0 or -ENOMEM; -E2BIG: the journal is full. An inverse that an
 * inverse pushes is valid only while that one runs. */
int xact_push(struct xact *x, const struct undo_kind *kind, void *arg);

/* Push an inverse that only needs the connector. */
int xact_push_connector(struct xact *x, const struct undo_kind *kind,
			const struct connector *c);

/* The steps that follow are for this connector, which is changed with that of the request.
 * node: its node; NULL: not known, or as in the last call. The caller saves x->on, and sets it
 * again afterwards. Return 0 or -ENOMEM. */
int xact_enter(struct xact *x, const struct connector *c, const char *node);

/* Drop the last inverse: its step changed nothing. */
void xact_drop(struct xact *x);

/* Record which node the last step has attached: another process may detach it and attach one
 * with the same path. Return 0 or a negative errno. */
int xact_note_node(struct xact *x, const char *node);

/* In a dry run, record that `what` would be removed. Return true if it was recorded
 * before. */
bool xact_plan_gone(struct xact *x, const char *what);
/* Return true if a dry run has recorded it. */
bool xact_is_planned_gone(const struct xact *x, const char *what);

/* End the transaction. If err is 0, keep all changes; otherwise undo them. Return err. */
int xact_end(struct xact *x, int err);

/* Like xact_end(), and set *result. */
int xact_finish(struct xact *x, int err, struct dr_result *result);

/* Make the changes of the first n inverses permanent, even if a later step fails. */
void xact_keep(struct xact *x, size_t n);

/* Undo the steps after the first n inverses. */
void xact_undo_to(struct xact *x, size_t n);

/* Note what may differ from before if an undo fails, besides undo_kind.leaves of the
 * inverses. */
void xact_note_left(struct xact *x, const char *words);

/* Run an inverse. Return true if the state is as before the step. *is_unread: it is not, and a
 * file could not be read, or memory is short: then no older step may be undone. */
bool xact_undo_step(struct xact *x, const struct undo_kind *kind, void *arg,
		    bool *is_unread);

/* Leave the inverses after the first n to a recovery: they are not run, and the journal
 * remains. */
void xact_leave_to(struct xact *x, size_t n);

/* Set xact.error, unless it is set. Return err. */
int xact_fail(struct xact *x, enum dr_fault fault, const char *step, int err,
	      const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The same for a file that could not be read, with its name. */
int xact_unread(struct xact *x, const char *step, int err);

/* Return true if a kernel write may have succeeded despite this error: a timeout, an
 * interruption, a device error, or a lost writer. */
bool xact_is_unknown(int err);

/* Clear the error of a step that succeeded nevertheless. Return 0. */
int xact_was_done(struct xact *x);

/* Return the deadline of a wait. An undo has its own, independent of the limit. */
struct deadline xact_wait_until(const struct xact *x, int64_t default_ms);
/* The same for a write. An undo has the user's time again for each. */
struct deadline xact_write_until(const struct xact *x, int64_t default_ms);

/* Pause like dr_pause(). In an undo no signal ends it. */
bool xact_pause(const struct xact *x, const struct deadline *dl, int ms);

/* Call firmware. If the call was made, return 0 and the status in *status. */
int xact_call(struct xact *x, const char *op, enum rtas_call call, struct rtas_args *args,
	      int32_t *status);

/* Call firmware like xact_call(). Any status except success is the error -EREMOTEIO. */
int xact_call_ok(struct xact *x, const char *op, enum rtas_call call,
		 struct rtas_args *args);

/* Set the error of a call that was not made or not completed. */
void xact_call_failed(struct xact *x, const char *op, enum rtas_call call, int err,
		      const char *what);

/* Set the error of a call that firmware refused. Return -EREMOTEIO. */
int xact_refused(struct xact *x, const char *op, enum rtas_call call, int32_t status);

/* Begin and end a kernel write, which the text describes. begin returns 0; 1 in a dry
 * run; or -EINTR if a signal requests a stop. end returns err. With a limit (-w) a child
 * writes. After DR_CALL_MS the step is late: end then waits DR_FACT_MS for the child and
 * sets is_unknown. */
int xact_step_begin(struct xact *x, const char *op, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int xact_step_end(struct xact *x, int err);

/* Return true if the limit can end kernel writes of this transaction. Then the journal
 * must be able to undo each of them. */
bool xact_is_limited(const struct xact *x);

/* Write a file of the kernel as a step. The description omits an LF at the end of text.
 * path: below the root, without the first slash. Return 0, or a negative errno with
 * DR_FAULT_KERNEL in xact.error. */
int xact_write(struct xact *x, const char *op, const char *path, const char *text);
