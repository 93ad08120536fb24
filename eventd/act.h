/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * act.h - do what the host requests, through libdrmgr
 *
 * Each request has a context of its own, and the lock of dynamic reconfiguration. What an
 * interrupted run left is recovered first. A request whose result exists already changes
 * nothing. The log of drmgr (/var/log/drmgr) has each step.
 *
 * If a removal fails and nothing has changed, a logical connector is unisolated: firmware
 * then cancels the removal (QEMU: DEVICE_UNPLUG_GUEST_ERROR). A PCI slot has no such way.
 *
 * Source:  PAPR+ 13.5.3.3; QEMU hw/ppc/spapr_drc.c
 */
#pragma once

#include "eventd/host_request.h"
#include "eventd/logger.h"

enum {
	ACT_TRIES = 6,	/* of a request */
	ACT_CARDS = 32, /* that are changed together, at most: the slots of a bus */
	ACT_WHY = 1000,
};

enum act_result {
	ACT_DONE,
	ACT_NOTHING, /* the result existed already, or the host has changed its mind */
	ACT_LOCKED,  /* another process has the lock */
	/* firmware is busy, or memory or descriptors are short; this was not the last try */
	ACT_AGAIN,
	ACT_FAILED,
	ACT_STOPPED, /* the daemon ends; the next one repeats the request */
};

struct act {
	/* The kernel makes the request wait. NULL: not needed. */
	void (*yield)(void *priv);
	void *priv;
	bool may_wait; /* for a write of another change in the kernel */
	struct logger *log;
	int stop_fd; /* readable: stop and undo */
};

struct act_outcome {
	enum act_result result;
	char why[ACT_WHY]; /* one line; "": none */
};

/* Run a request of which some tries have failed. If it is for a card, n cards are changed as it
 * says, each for itself, and each has an outcome. type NULL: configure all cards that are
 * present, and all host bridges that the host offers, after events were lost. */
void act_run(const struct act *act, const struct host_request *request,
	     unsigned int tries, const uint32_t indexes[], size_t n,
	     struct act_outcome outcomes[]);

/* After this number of tries that have failed, the next one is the last: ACT_AGAIN becomes
 * ACT_FAILED. */
enum act_result act_limit(enum act_result result, unsigned int tries);

/* Return a word for documents: "done". */
const char *act_result_name(enum act_result result);
