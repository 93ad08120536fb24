/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * library.h - the engine that all public functions of a process share
 *
 * The public interface has no context argument, so the engine is global to the process.
 *
 * Layer:   librtas
 */
#pragma once

#include "librtas/papr_dev.h"

/* Return the engine of the running system, which is opened at first use. Return NULL if
 * memory or the root directory is missing. */
struct rtas_engine *library_engine(void);

/* Return the devices of this kernel, which may have none. */
const struct papr_dev *library_devices(void);

/* Replace the transport and use no devices. For tests, before the first call. */
void library_use(const struct rtas_transport *transport, const struct kern_root *root);

/* Set the devices to use with the transport of library_use(). */
void library_use_devices(const struct papr_dev_ops *ops);

void library_set_timeout(uint64_t ms);
void library_set_debug(int level);

/* Return the deadline of a call that begins now (rtas_delay_timeout()). */
struct deadline library_deadline(void);

/* Check that this process may make RTAS calls. Return 0, RTAS_PERM, RTAS_NO_MEM or
 * RTAS_KERNEL_INT. */
int library_check(void);

/* The same, until the interface was found once: it stays, and the kernel checks the rights in
 * each call. So a later call needs no system call for the check. */
int library_check_once(void);

/* Refuse a call with invalid arguments, or one that failed. Return the public function's
 * return value: the errors of library_check() come first, as in every call. */
int library_refuse(int err);

/* Convert an error (negative errno) or a status to the return value of a public function.
 * Set errno if the kernel refused. */
int library_result(int err, int32_t status);

/* Allocate memory in the RMO window, with a limit on the wait for other users of it.
 * Return 0 or a negative errno. */
int library_rmo_get(size_t pages, const struct deadline *dl, struct rmo_area *area);

/* End the walk of this connector, if any: release its extents. */
void configure_abandon(uint32_t drc_index);

/* Lock or reset the extents of all walks around fork(2). */
void configure_fork(enum fork_stage stage);

/* One call of the public interface. rtas_desc(call) describes its buffers. */
struct library_call {
	enum rtas_call call;
	struct rtas_args args; /* addresses are filled in later */
	/* The caller's buffers, in the order of rtas_desc(call)->buffer. */
	void *buffer[2];
	size_t given; /* size of buffer[0], unless an argument or its head has it */
	/* Pointers for the outputs except the status, in order. NULL: not stored. */
	void *out[7];
	/* Replaces engine_call(); area is the work area of buffer[0]. */
	int (*make)(const struct library_call *c, struct rtas_args *args,
		    const struct rmo_area *area, int32_t *status,
		    const struct deadline *dl);
	bool unchecked; /* skip library_check(): the kernel alone decides */

	bool answered; /* set if firmware answered; args.out then holds its outputs */
};

#define INPUTS(...)  .args.in = { __VA_ARGS__ }
#define BUFFERS(...) .buffer = { __VA_ARGS__ }
#define OUTPUTS(...) .out = { __VA_ARGS__ }
#define HIGH(v)	     ((uint32_t)((uint64_t)(v) >> 32))
#define LOW(v)	     ((uint32_t)(v))

/* Make one public call: check, allocate the work area, copy the buffers, call, store the
 * outputs. Return the value of the public function. */
int library_run(struct library_call *c);

/* The same for a call in one expression. */
#define LIBRARY_CALL(which, ...) \
	library_run(&(struct library_call){ .call = (which), __VA_ARGS__ })

/* Convert a size to firmware's 32 bits. 0 and sizes above every work area stay invalid,
 * so library_run() rejects them. */
static inline uint32_t library_size(size_t size)
{
	return size > INT32_MAX ? INT32_MAX : (uint32_t)size;
}
