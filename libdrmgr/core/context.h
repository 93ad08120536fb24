/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * context.h - the context of every operation; it is passed down and never global
 *
 * The model prints nothing. It reports and prompts through struct dr_report, and logs
 * through the logger.
 */
#pragma once

#include "libdrmgr/core/error.h"
#include "libdrmgr/drmgr.h"
#include "libdrmgr/core/log.h"
#include "kern/root.h"
#include "librtas/engine.h"
#include "wire/drc.h"

struct apply_backend;
struct dr_result;
struct claim_facts;
struct dm_facts;
struct journal;
struct leftovers;
struct net_facts;
struct open_facts;
struct new_devices;

/* One change of the machine, or with --dry-run one that would be made. */
struct dr_step {
	/* Of a connector that is changed with the one that has begun; 0. */
	uint32_t index;
	unsigned int number; /* in the results: from 1, in the order of time */
	const char *op;	     /* "isolate", "attach" */
	const char *args;    /* "set-indicator(9001, 0x40000008, 0)" */
	bool is_planned;
	bool is_call; /* status is valid if err is 0 */
	int32_t status;
	int err;
	int64_t ns;
};

struct dr_report {
	/* A resource is changed next. name NULL: it is not known yet which one. */
	void (*begin)(void *priv, const struct drc *drc);
	/* It is done, and the other connectors of the result. text: of the error; NULL without
	 * one. */
	void (*end)(void *priv, const struct drc *drc, enum dr_outcome outcome,
		    const struct dr_result *result, const char *text);
	/* The resource of the last begin is not part of the result. */
	void (*forget)(void *priv);
	/* The text of each error, as it occurs. */
	void (*fail)(void *priv, const struct dr_error *error, const char *text);
	/* So many of total resources are done. NULL: not needed. */
	void (*progress)(void *priv, size_t done, size_t total);
	void (*step)(void *priv, const struct dr_step *step);
	/* Return 1 yes, 0 no, -ENODATA at the end of input, -EINTR after a signal. */
	int (*prompt)(void *priv, enum dr_prompt what, const char *slot);
	/* The card in slot has a second path, which gets the same change. */
	void (*partner)(void *priv, const char *slot, const char *partner);
	/* A host bridge has a partner, which is not changed. partner NULL: this partition
	 * has no connector for the partner. */
	void (*phb_partner)(void *priv, const char *phb, const char *partner);
	void (*warning)(void *priv, const char *text);
	/* The removal takes this from Linux. NULL: the caller does not need it. */
	void (*impact)(void *priv, const struct dr_impact *impact);
	/* Called each second of a wait: what is waited for, at most for so many ms, -1 without
	 * a limit. NULL: not needed. */
	void (*wait)(void *priv, const char *what, int64_t ms);
	/* The lock was released, and the request waits for the kernel. NULL: not needed. */
	void (*yield)(void *priv);
	void *priv;
};

/* The default deadlines of waits. */
enum {
	DR_CALL_MS = 5 * 60 * 1000, /* one busy RTAS call */
	DR_CARD_MS = 30 * 1000,	    /* sensing a card */
	DR_QUIESCE_MS = 60 * 1000,  /* a driver to release a device */
	DR_DEVICE_MS = 10 * 1000,   /* a device to appear */
	DR_ISOLATE_MS = 20 * 1000,  /* outstanding translations to end */
	DR_FACT_MS = 2 * 1000,	    /* the effect of a late write to show */
};

struct dr_ctx {
	struct kern_root *root;
	struct rtas_engine *engine;
	const struct dr_log *log;
	struct dr_report report;
	const struct apply_backend *backend; /* how the device tree is changed */
	bool is_backend_forced;
	struct journal *journal;	   /* NULL: changes are not recorded */
	const struct leftovers *leftovers; /* those of the run; NULL: not read */
	struct deadline limit;		   /* deadline of all waits at safe points: -w */
	int64_t limit_ms;		   /* the time of -w; 0: the user has set none */
	int stop_fd;		     /* readable once a signal asks to stop; -1: none */
	const struct net_facts *net; /* NULL: addresses and routes are unknown */
	const struct dm_facts *dm;   /* NULL: kinds of mappings are unknown */
	const struct claim_facts *claims; /* NULL: claims of block devices are unknown */
	const struct open_facts *open;	  /* NULL: what programs have open is unknown */
	struct new_devices *new_devices; /* since before an addition; NULL: do not wait */
	bool ignores_udevd;		 /* it does not finish */
	/* If may_yield: release the lock, or acquire it again until the deadline. */
	int (*turn)(void *turn_priv, const struct deadline *dl);
	void *turn_priv;
	bool may_yield;	  /* the lock, while the kernel makes this run wait */
	bool has_yielded; /* so others may have changed what was read */
	bool dry_run;
	bool force;	   /* remove even what the system needs */
	bool force_memory; /* remove even memory that programs need */
	bool no_loss;	   /* refuse a change that loses anything */
	bool describe;	   /* list the devices that Linux has for each resource */
};

/* Return the deadline of a wait: the user's limit, or default_ms from now. */
struct deadline dr_wait_until(const struct dr_ctx *dr, int64_t default_ms);

/* Return true if a signal has requested a stop. */
bool dr_stop_requested(const struct dr_ctx *dr);

/* Pause in a polling loop. Return false when the deadline has passed or a signal requests
 * a stop. */
bool dr_pause(const struct dr_ctx *dr, const struct deadline *dl, int ms);

/* Report a wait until the deadline, unless it is short. */
void dr_report_wait(const struct dr_ctx *dr, const struct deadline *dl, const char *fmt,
		    ...) __attribute__((format(printf, 3, 4)));

/* Report a wait until the deadline, each second. *next_ns: 0 at first. */
void dr_tell_wait(const struct dr_ctx *dr, const struct deadline *dl, int64_t *next_ns,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Return a context for an undo: no signal and no limit ends it. Valid as long as dr. */
struct dr_ctx dr_unstoppable(const struct dr_ctx *dr);

/* Return true if a child process still writes to the kernel. Wait at most ms for its
 * end. */
bool dr_is_writing(const struct dr_ctx *dr, int64_t ms);

/* Print and log a warning for the user. JSON documents contain it. */
void dr_warn(const struct dr_ctx *dr, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
