/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xact.h - a change of the machine as a list of steps, each with its inverse
 *
 * Whoever changes something pushes the inverse first. When a step fails, or a signal
 * asks to stop (looked for before each kernel write and in each wait), xact_end() runs
 * the inverses, newest first; none of them is skipped because another one failed. A step
 * that firmware or the kernel refused outright has changed nothing, so it takes its
 * inverse back.
 *
 * A step whose write ended with an error that leaves the outcome open (see
 * xact_is_unknown()) reads the fact again: a node, a device, a state. The fact decides.
 * While a child is still writing to the kernel (kern/writer.h), nothing is undone: every
 * older step is one that the write depends on.
 *
 * Steps touch the machine in two ways only: xact_call() into firmware, and kernel
 * writes between xact_step_begin() and xact_step_end(). Both are reported, or planned
 * with --dry-run.
 *
 * Memory:  an inverse owns its argument, which is freed with it.
 * Errors:  negative errno; the first one is kept in xact.error with what it was about.
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"
#include "kern/root.h"

struct xact;

/* 0, or negative errno: the machine is not as it was. */
typedef int undo_fn(struct xact *x, void *arg);

struct journal_line;
struct recovery;

/* One kind of inverse. With a name it is kept in the journal, for another process to
 * undo what this one cannot: then its argument must be words, and model/undo_kinds.c
 * must list it. */
struct undo_kind {
	const char *name; /* "led-off"; NULL: the journal does not keep it */
	/* What differs if the inverse fails, in words with blanks between: "isolation
	 * power". NULL: nothing that counts. */
	const char *leaves;
	undo_fn *undo;
	void (*free_arg)(void *arg); /* NULL: the argument is not the inverse's */
	void (*encode)(struct journal_line *line, const void *arg);
	/* 0 and an argument like the one that was pushed, negative errno. */
	int (*decode)(struct recovery *r, void **arg);
};

struct undo {
	const struct undo_kind *kind;
	void *arg;
	unsigned int id; /* in the journal; 0: not there */
	bool is_noted;	 /* there, that it has happened */
};

struct xact {
	struct dr_ctx *dr;
	struct dr_error error;
	struct undo *undo;
	size_t n_undo, max_undo;
	bool is_undoing;
	bool is_recovering; /* undoing what another process did: look first */
	bool is_undo_incomplete;
	bool is_unknown; /* a write of ours is still in the kernel */
	struct kern_names
		left;	 /* what may differ from before: words of undo_kind.leaves */
	bool is_walking; /* a walk must not be left before its end */
	bool is_patient; /* nor must this write, whatever the limit is */
	const struct connector *led_pushed; /* whose indicator has its inverse */
	/* between step_begin and step_end: */
	const char *step_op;
	char step_args[320];
	int64_t step_began_ns;
	struct deadline step_limit;
	struct kern_names planned_gone;
};

void xact_begin(struct xact *x, struct dr_ctx *dr);

/* 0; -ENOMEM, or -E2BIG the journal has no room for it (arg is freed then). What an inverse pushes lasts as long as it runs. */
int xact_push(struct xact *x, const struct undo_kind *kind, void *arg);

/* The same for an inverse that only needs the connector. */
int xact_push_connector(struct xact *x, const struct undo_kind *kind,
			const struct connector *c);

/* The step that pushed last changed nothing. */
void xact_drop(struct xact *x);

/* In a plan nothing goes: what is to be gone by then. true: that was said already. */
bool xact_plan_gone(struct xact *x, const char *what);

/* err 0: everything stays as it is. Else all is undone. Returns err. */
int xact_end(struct xact *x, int err);

/* The same, and what it leaves behind. */
int xact_finish(struct xact *x, int err, struct dr_result *result);

/* What the first n inverses take back is meant to stay, whatever becomes of the rest. */
void xact_keep(struct xact *x, size_t n);

/* Undoes what was pushed since there were n inverses. */
void xact_undo_to(struct xact *x, size_t n);

/* What may differ from before if an undo of this transaction fails, besides what its inverses
 * leave: words as undo_kind.leaves. */
void xact_note_left(struct xact *x, const char *words);

/* Leave them to a recovery: they are not undone, and the journal stays. */
void xact_leave_to(struct xact *x, size_t n);

/* Notes what went wrong, unless something did before. Returns err. */
int xact_fail(struct xact *x, enum dr_fault fault, const char *step, int err,
	      const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Does an error of a kernel write leave open whether it was done? So do a time-out, an
 * interruption, an error of the device, and a writer that was killed or lost. */
bool xact_is_unknown(int err);

/* Forget the error of a step that was done all the same. Return 0. */
int xact_was_done(struct xact *x);

/* When a wait of this step ends: an undo has its own time, whatever the limit is. */
struct deadline xact_wait_until(const struct xact *x, int64_t default_ms);

/* dr_pause(), which a signal ends; but not in an undo. */
bool xact_pause(const struct xact *x, const struct deadline *dl, int ms);

/* A call into firmware. 0: *status is what it said. */
int xact_call(struct xact *x, const char *op, enum rtas_call call, struct rtas_args *args,
	      int32_t *status);

/* As xact_call(), where any status but success is an error: -EREMOTEIO. */
int xact_call_ok(struct xact *x, const char *op, enum rtas_call call,
		 struct rtas_args *args);

/* A call was not made, or not to its end. */
void xact_call_failed(struct xact *x, const char *op, enum rtas_call call, int err,
		      const char *what);

/* Firmware refused. Returns -EREMOTEIO. */
int xact_refused(struct xact *x, const char *op, enum rtas_call call, int32_t status);

/* Brackets a kernel write, which the text describes. begin: 0 go on; 1 it is only to be
 * planned, and that is done; -EINTR a signal asks to stop. end returns err. With a limit (-w)
 * a child writes, and after DR_CALL_MS the step is late; end then waits DR_FACT_MS for the
 * child and sets is_unknown. */
int xact_step_begin(struct xact *x, const char *op, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int xact_step_end(struct xact *x, int err);

/* Do kernel writes of this transaction end with the limit? Then a journal must know how to
 * undo each of them. */
bool xact_is_limited(const struct xact *x);

/* One write of a kernel file as a step; an LF at its end is not told of. path: below the
 * root, without the first slash. 0; negative errno: noted, DR_FAULT_KERNEL. */
int xact_write(struct xact *x, const char *op, const char *path, const char *text);
