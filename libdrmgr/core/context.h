/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * context.h - what every operation works with, handed down and never global
 *
 * The model prints nothing. What it does and asks goes through struct dr_report, what
 * a log should hold through the logger.
 */
#pragma once

#include "libdrmgr/core/error.h"
#include "kern/log.h"
#include "kern/root.h"
#include "librtas/engine.h"

struct apply_backend;
struct dm_facts;
struct impact;
struct journal;
struct net_facts;

/* One thing done to the machine, or with --dry-run one that would be done. */
struct dr_step {
	const char *op;	  /* "isolate", "attach" */
	const char *args; /* "set-indicator(9001, 0x40000008, 0)" */
	bool is_planned;
	bool is_call; /* status counts, if err is 0 */
	int32_t status;
	int err;
	int64_t ns;
};

enum dr_prompt {
	DR_ASK_IDENTIFY,      /* is this the slot? */
	DR_ASK_INSERT,	      /* insert the card */
	DR_ASK_STILL_MISSING, /* wait longer for it? */
	DR_ASK_REMOVE,	      /* remove the card */
	DR_ASK_REPLACE,	      /* replace the card */
};

struct dr_report {
	void (*step)(void *priv, const struct dr_step *step);
	/* Return 1 yes, 0 no, -ENODATA at the end of input, -EINTR after a signal. */
	int (*ask)(void *priv, enum dr_prompt prompt, const char *slot);
	/* The card in slot has a second path, which is treated alike. */
	void (*partner)(void *priv, const char *slot, const char *partner);
	/* A host bridge has a partner, which is not treated with it. NULL: this partition
	 * has no connector for it. */
	void (*phb_partner)(void *priv, const char *phb, const char *partner);
	void (*warning)(void *priv, const char *text);
	/* The removal takes this away from Linux. NULL: not of interest. */
	void (*impact)(void *priv, const struct impact *impact);
	void *priv;
};

/* How long waits last when no limit was given. */
enum {
	DR_CALL_MS = 5 * 60 * 1000, /* one busy RTAS call */
	DR_CARD_MS = 30 * 1000,	    /* a card to be sensed */
	DR_QUIESCE_MS = 60 * 1000,  /* a driver to let go */
	DR_DEVICE_MS = 10 * 1000,   /* a device to appear */
	DR_ISOLATE_MS = 20 * 1000,  /* outstanding translations to end */
	DR_FACT_MS = 2 * 1000,	    /* a write that was late to show what it came to */
};

struct dr_ctx {
	struct kern_root *root;
	struct rtas_engine *engine;
	const struct log *log;
	struct dr_report report;
	const struct apply_backend *backend; /* how the device tree is changed */
	bool is_backend_forced;
	struct journal *journal;     /* NULL: changes are not kept there */
	struct deadline limit;	     /* of all waits at safe points: -w */
	int stop_fd;		     /* readable once a signal asks to stop; -1: none */
	const struct net_facts *net; /* NULL: addresses and routes are unknown */
	const struct dm_facts *dm;   /* NULL: kinds of mappings are unknown */
	bool dry_run;
	bool force;   /* also what the system needs */
	bool no_loss; /* refuse what loses anything */
};

/* When a wait of so many milliseconds ends, the limit included. */
struct deadline dr_wait_until(const struct dr_ctx *dr, int64_t default_ms);

/* Has a signal asked to stop? */
bool dr_stop_requested(const struct dr_ctx *dr);

/* A pause in a loop that looks again and again. False when the deadline has passed or
 * a signal asks to stop. */
bool dr_pause(const struct dr_ctx *dr, const struct deadline *dl, int ms);

/* The same for what takes back: no signal stops it, and the limit does not end it. Lives
 * as long as dr. */
struct dr_ctx dr_unstoppable(const struct dr_ctx *dr);

/* Is a child of ours still writing to the kernel? Wait at most ms for its end. */
bool dr_is_writing(const struct dr_ctx *dr, int64_t ms);

/* For people: shown, logged, and part of a JSON document. */
void dr_warn(const struct dr_ctx *dr, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
