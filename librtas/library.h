/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * library.h - the one engine behind the public functions of a process
 *
 * The public interface has no context argument, so this is the one place with state
 * of the process.
 *
 * Layer:   librtas
 */
#pragma once

#include "librtas/papr_dev.h"

/* The engine on the running system, opened at first use. NULL without memory or
 * without a root directory. */
struct rtas_engine *library_engine(void);

/* The devices of this kernel; there may be none. */
const struct papr_dev *library_devices(void);

/* Replaces the transport, with no devices; for tests, before the first call. */
void library_use(const struct rtas_transport *transport, const struct kern_root *root);

/* The devices beside the transport of library_use(). */
void library_use_devices(const struct papr_dev_ops *ops);

void library_set_timeout(uint64_t ms);
void library_set_debug(int level);

/* When a busy call that starts now is given up. */
struct deadline library_deadline(void);

/* Does this kernel have an RTAS interface? */
bool library_interface_exists(void);

/* May this process make RTAS calls? 0, RTAS_PERM, RTAS_KERNEL_INT. */
int library_check(void);

/* Both channels in the one int of the interface; sets errno where the kernel refused. */
int library_result(int err, int32_t status);

/* Memory that firmware can reach, waited for no longer than one stopped owner after
 * the other deserves. 0, negative errno. */
int library_rmo_get(size_t pages, const struct deadline *dl, struct rmo_area *area);

/* The extents of walks, around fork(2). */
void configure_fork(enum fork_stage stage);

/* One call of the public interface, by the description of its buffers (marshal.c). */
struct library_call {
	enum rtas_call call;
	struct rtas_args args; /* without addresses, which are filled in */
	/* The caller's memory, in the order of rtas_desc(call)->buffer. */
	void *buffer[2];
	size_t given; /* bytes in buffer[0], if no argument and no head says so */
	/* Where the outputs but the status go, in order; NULL is skipped. */
	void *out[7];
	/* Instead of engine_call(), with the work area of buffer[0]. */
	int (*make)(const struct library_call *c, struct rtas_args *args,
		    const struct rmo_area *area, int32_t *status,
		    const struct deadline *dl);
	bool unchecked; /* whoever calls: the kernel itself decides */

	bool answered; /* set: firmware did, and args.out is what it said */
};

#define INPUTS(...)  .args.in = { __VA_ARGS__ }
#define BUFFERS(...) .buffer = { __VA_ARGS__ }
#define OUTPUTS(...) .out = { __VA_ARGS__ }
#define HIGH(v)	     ((uint32_t)((uint64_t)(v) >> 32))
#define LOW(v)	     ((uint32_t)(v))

/* Checks, takes a work area if the call needs one, makes the call, copies what the
 * description says, and stores the outputs. What the public function returns. */
int library_run(struct library_call *c);

/* The same for a call that is described in one expression. */
#define LIBRARY_CALL(which, ...) \
	library_run(&(struct library_call){ .call = (which), __VA_ARGS__ })

/* A size that firmware is told in 32 bits: 0 or one too large for any work area stays
 * so, and is refused by library_run(). */
static inline uint32_t library_size(size_t size)
{
	return size > INT32_MAX ? INT32_MAX : (uint32_t)size;
}
