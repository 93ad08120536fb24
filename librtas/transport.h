/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport.h - the only path to firmware
 *
 * Every transport, such as the real one and the scripted one of the tests, implements
 * these functions. Only the engine calls call(), rmo_get()
 * and rmo_put().
 *
 * Endian:  struct rtas_args holds host order.
 * Layer:   librtas
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/deadline.h"
#include "kern/root.h"
#include "wire/rtas_args.h"

enum {
	RMO_PAGE_BYTES = 4096,
	RMO_PAGES_MAX = 64, /* limit for the window of any kernel */
	RMO_BYTES_MAX = RMO_PAGES_MAX * RMO_PAGE_BYTES,
};

static inline size_t rmo_pages_of(size_t bytes)
{
	return bytes / RMO_PAGE_BYTES + (bytes % RMO_PAGE_BYTES != 0);
}

/* Memory that firmware can address. */
struct rmo_area {
	void *va;
	uint32_t pa; /* the address for firmware */
	size_t pages;
	int user; /* after -EBUSY: a process of another user with locks; 0: none is known */
};

/* Stages of fork(2). Locks are taken before it and released after it, in the parent and
 * in the child. The child owns nothing of its parent's. */
enum fork_stage { FORK_PREPARE, FORK_PARENT, FORK_CHILD };

/* Return true if a signal interrupted a system call that papr-vmm answers. Linux on powerpc
 * never interrupts it, so callers repeat it. They leave its memory as it is: papr-vmm may
 * have received the call, and recognizes the repetition. */
static inline bool transport_was_interrupted(long result)
{
#ifdef __powerpc__
	(void)result;
	return false;
#else
	return result < 0 && errno == EINTR;
#endif
}

struct rtas_transport {
	/* Make one call, without retries. Return 0 if firmware answered; args->out then
	 * holds its outputs. Return a negative errno if the call was not made. */
	int (*call)(void *priv, struct rtas_args *args);
	/* Allocate zeroed pages below 4 GiB. Return 0, -ENOSPC if the window is too
	 * small, -EBUSY if no pages became free until the deadline, or a negative
	 * errno. */
	int (*rmo_get)(void *priv, size_t pages, const struct deadline *dl,
		       struct rmo_area *area);
	/* Zero the pages and release them. Return 0, or -EINVAL if the area does not
	 * belong to this process. */
	int (*rmo_put)(void *priv, const struct rmo_area *area);
	/* Return 0 if rmo_get can allocate pages at all, or the error that it always
	 * returns. NULL: it can. */
	int (*rmo_probe)(void *priv);
	void *priv;
	/* May be NULL. */
	void (*fork)(void *priv, enum fork_stage stage);
};

/* Open the transport by the rtas system call and the kernel's RMO window. All files are
 * opened at first use. Return 0 or -ENOMEM. The root must outlive the transport. */
int rtas_transport_open(struct rtas_transport *t, const struct kern_root *root);
void rtas_transport_close(struct rtas_transport *t);
