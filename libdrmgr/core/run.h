/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run.h - one request that changes resources: the engine of all connector types
 *
 * The engine has what the types have in common: the quantity, hooks, --all-or-nothing with
 * its journal, signals, the limit, and the outcome. A type supplies the operations:
 *
 *   prepare   read the connectors, choose the way to change them, find the named one
 *             hooks: pre
 *   step      change one resource, or several by one request, and report them; until
 *             enough are done, none is left, a signal arrives, the limit has passed, or
 *             an undo has failed
 *   fall_short, revert   if fewer are done than requested
 *             hooks: post
 *   close
 *
 * What happens is reported through dr_ctx.report: begin, end, forget, fail, progress.
 */
#pragma once

#include "libdrmgr/core/hooks.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/result.h"
#include "libdrmgr/drmgr.h"

struct run;

struct run_request {
	const char *type; /* its word, which is the folder of its hooks */
	const char *kind; /* such a leftover blocks it: "cpu smt_threads" */
	enum dr_action action;
	const char *key;	 /* the resource; NULL: a quantity, or several indexes */
	uint64_t count;		 /* 0: not given */
	const uint32_t *indexes; /* two or more; NULL: not given */
	size_t n_indexes;
	const char *parameter; /* of struct dr_request */
	const char *file;      /* of struct dr_request */
	const char *backend;
	bool ask;	      /* ask questions about the card */
	bool skip_identify;   /* except whether it is the right one */
	bool hotplug_only;    /* do not change isolation and power */
	bool try_once;	      /* do not wait for writers of leftovers */
	bool all_or_nothing;  /* if fewer succeed than requested, undo them */
	uint64_t lmbs_in_all; /* of struct dr_request */
	uint64_t until;	      /* the same */
	bool has_until, in_bytes, if_needed;
	bool is_exact; /* until without an action: run_choose() sets it */
};

struct run_ops {
	bool is_single;	    /* there is one resource, without a key */
	bool has_own_hooks; /* the engine runs none */
	unsigned int locks; /* enum writer_lock: those that its writes can need */
	/* What can differ after an undo that failed: words as undo_kind.leaves. */
	const char *leaves;
	size_t priv_bytes; /* of run.priv, which is zeroed at first */
	/* Set requested, and drc if there is only one resource. Return 0, or a negative
	 * errno and error. If run.mem is short, the engine ends the request. */
	int (*prepare)(struct run *run);
	/* Return false if no resource is left. With revert, a step is done with one resource
	 * at most. */
	bool (*step)(struct run *run);
	/* Report why fewer are done than requested, and what was skipped. NULL: no more to
	 * report. Not called if a key names the resource. */
	void (*fall_short)(struct run *run);
	/* Undo what step did to this resource. Return 0 or a negative errno. NULL: it stays
	 * done. */
	int (*revert)(struct run *run, struct dr_ctx *dr, const struct drc *drc,
		      struct dr_result *result);
	/* NULL, or what ends all steps at once, in place of fall_short and revert. */
	void (*end)(struct run *run);
	/* Read again how many the partition has. Return 0 or a negative errno. NULL: it is not
	 * counted. */
	int (*count)(struct run *run, uint64_t *has);
	void (*close)(struct run *run); /* priv can be NULL. NULL: nothing but memory */
	/* The text of an error, malloc'ed. drc NULL: of no resource. */
	char *(*words)(const struct dr_error *error, const struct drc *drc);
};

struct run {
	struct dr_ctx *dr;
	const struct run_ops *ops;
	struct run_request request;
	unsigned int requested, done;
	unsigned int needless; /* if_needed: they are so already */
	struct dr_count count;
	struct drc drc;	  /* the only resource; name NULL: several, or none */
	bool is_virtual;  /* it is a virtual adapter, which needs no lock of PCI */
	bool is_prepared; /* prepare has succeeded */
	bool has_nothing; /* no resource can be changed: no hook runs */
	bool has_hooks;	  /* the system has a folder for them */
	bool is_declined;
	bool is_half_done; /* the last resource is changed, but not as requested */
	bool is_late;	   /* the limit has passed between two steps */
	bool goes_on;	   /* the limit ends no further step, only waits */
	bool is_undone;	   /* something was undone */
	bool is_undo_incomplete;
	struct leftovers leftovers; /* of earlier runs */
	/* The one that blocks the request; NULL: no such one. If prepare sets it, it has failed,
	 * and needs no error. */
	const struct leftover *left;
	/* Try to undo what blocks the request. Return true if that is done. NULL: do not try. */
	bool (*undo_left)(void *left_priv, const struct leftover *left);
	void *left_priv;
	bool has_warned;       /* of leftovers */
	struct dr_error error; /* the last one that was reported */
	struct drc *changed;   /* done resources, oldest first, for revert */
	void *priv;	       /* of the type */
	struct mem mem;	       /* of all that prepare reads, until the end */
};

/* Execute the request. The caller has set dr, ops and request, all else is 0. */
enum dr_status run_execute(struct run *run);

/* ---- For operations ---- */

/* Run the hooks before or after the change of run.drc, or of so many resources. The engine calls
 * it, but with several indexes each step does. */
void run_hooks(const struct run *run, enum hook_phase phase, unsigned int count);

/* Return the number of the request: count or until, which can be bytes. */
uint64_t run_quantity(const struct run *run);

/* For prepare: the request is about n resources, the partition has some, and so many others
 * exist. Set what is requested, and with until the action. */
void run_choose(struct run *run, uint64_t n, uint64_t has, uint64_t others);

/* Return true if the run adds until the host assigns no more. */
bool run_is_max(const struct run *run);

void run_begin(struct run *run, const struct drc *drc);

/* Report the end of a resource that run_begin() has reported. Return err. */
int run_end(struct run *run, const struct drc *drc, int err,
	    const struct dr_result *result);

/* Report a resource whose end is no success and no failure. */
void run_end_as(struct run *run, const struct drc *drc, enum dr_outcome outcome,
		const struct dr_result *result);

/* Report that this resource does not exist, and that another is tried. There is a warning
 * if firmware gave a reason. */
void run_end_missing(struct run *run, const struct drc *drc,
		     const struct dr_error *error);

/* Report an error of the whole request, or of one resource. drc can be NULL. */
void run_fail(struct run *run, const struct dr_error *error, const struct drc *drc);

/* Report an error of the whole request: fault, err, and the text of what. */
void run_fail_with(struct run *run, enum dr_fault fault, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Warn about what may differ from before, because an undo failed. drc NULL: several
 * connectors of the type. words: as undo_kind.leaves. */
void run_warn_left(const struct dr_ctx *dr, const char *type, const struct drc *drc,
		   const char *const *left, size_t n, const char *words);
