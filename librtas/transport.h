/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport.h - the only way to firmware
 *
 * The real transport, a scripted one in the tests and any other implement these
 * three functions; the engine is their only caller.
 *
 * Endian:  struct rtas_args holds host order.
 * Layer:   librtas
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kern/deadline.h"
#include "kern/root.h"
#include "wire/rtas_args.h"

enum {
	RMO_PAGE_BYTES = 4096,
	RMO_PAGES_MAX = 64, /* of any kernel's window */
	RMO_BYTES_MAX = RMO_PAGES_MAX * RMO_PAGE_BYTES,
};

static inline size_t rmo_pages_of(size_t bytes)
{
	return bytes / RMO_PAGE_BYTES + (bytes % RMO_PAGE_BYTES != 0);
}

/* Memory that firmware can reach. */
struct rmo_area {
	void *va;
	uint32_t pa; /* what firmware is told */
	size_t pages;
};

/* Around fork(2): all locks taken before it, released after it in the parent; in the
 * child released too, and nothing of the parent's is the child's. */
enum fork_stage { FORK_PREPARE, FORK_PARENT, FORK_CHILD };

struct rtas_transport {
	/* 0: firmware answered and args->out holds what it said. Negative errno: the
	 * call was not made. Never retries. */
	int (*call)(void *priv, struct rtas_args *args);
	/* Zeroed pages below 4 GiB. 0, -ENOSPC more than there are at all, -EBUSY
	 * none became free until the deadline, negative errno. */
	int (*rmo_get)(void *priv, size_t pages, const struct deadline *dl,
		       struct rmo_area *area);
	/* Zeroes them and gives them back. 0, -EINVAL not an area of this process. */
	int (*rmo_put)(void *priv, const struct rmo_area *area);
	void *priv;
	/* NULL: nothing to do. */
	void (*fork)(void *priv, enum fork_stage stage);
};

/* The rtas system call and the kernel's RMO window. Opens nothing before it is
 * needed. 0, -ENOMEM. The root must outlive it. */
int rtas_transport_open(struct rtas_transport *t, const struct kern_root *root);
void rtas_transport_close(struct rtas_transport *t);
