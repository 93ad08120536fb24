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

enum { RMO_PAGE_BYTES = 4096 };

/* Memory that firmware can reach. */
struct rmo_area {
	void *va;
	uint32_t pa; /* what firmware is told */
	size_t pages;
};

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
};

/* The rtas system call and the kernel's RMO window. Opens nothing before it is
 * needed. 0, -ENOMEM. The root must outlive it. */
int rtas_transport_open(struct rtas_transport *t, const struct kern_root *root);
void rtas_transport_close(struct rtas_transport *t);
