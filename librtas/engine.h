/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * engine.h - one RTAS call: token, argument block, busy and extended delays
 *
 * The engine reads the token, makes the call through its transport, and repeats it while
 * firmware is busy. The return value reports whether the call was made. *status is the
 * status of firmware. The two are never mixed.
 *
 * Threads: calls may come from any thread.
 * Errors:  negative errno. -ENODEV firmware does not implement this call; -ETIMEDOUT
 *          still busy at the deadline; any other error comes from the kernel: -EPERM not
 *          privileged, -EINVAL the kernel's filter, -ENOSYS not a powerpc kernel.
 * Source:  PAPR+ 7.2.8 (busy), Linux 6.1 arch/powerpc/kernel/rtas.c
 * Layer:   librtas
 */
#pragma once

#include "librtas/transport.h"
#include "wire/rtas_names.h"

enum rtas_trace_kind {
	TRACE_CALL,	/* the system call: call, args */
	TRACE_AREA,	/* a work area that could not be allocated: text */
	TRACE_DEVICE,	/* a request to a device instead of call: text */
	TRACE_TRANSFER, /* the same, but the status is a number of bytes */
};

/* One entry into the kernel, for the trace function. */
struct rtas_trace {
	enum rtas_call call;
	const struct rtas_args *args;
	int err;	/* 0, or the kernel's error */
	int32_t status; /* valid if err is 0, or for TRACE_DEVICE */
	int64_t ns;
	enum rtas_trace_kind kind;
	const char *text;
};

struct rtas_engine {
	struct rtas_transport transport;
	const struct kern_root *root;
	void (*trace)(void *priv, const struct rtas_trace *trace);
	void *trace_priv;
	/* Called each second while firmware is busy. NULL: not needed. */
	void (*busy)(void *priv, enum rtas_call call, const struct deadline *dl);
	void *busy_priv;
	_Atomic uint64_t token[RTAS_CALLS]; /* 0: not read yet; otherwise token + 1 */
};

/* Initialize the engine. It then owns the transport. The root must outlive the engine. */
void engine_init(struct rtas_engine *e, const struct rtas_transport *transport,
		 const struct kern_root *root);

/* Make a call, and repeat it while firmware is busy. args->in holds the inputs; the
 * engine fills in token and counts. If the return value is 0, *status is firmware's
 * status and args->out holds all its outputs. */
int engine_call(struct rtas_engine *e, enum rtas_call call, struct rtas_args *args,
		int32_t *status, const struct deadline *dl);

/* Allocate a work area as rmo_get of the transport does. Trace a failure. */
int engine_rmo_get(struct rtas_engine *e, size_t pages, const struct deadline *dl,
		   struct rmo_area *area);

/* Zero and release it, as rmo_put of the transport does. */
int engine_rmo_put(struct rtas_engine *e, const struct rmo_area *area);

/* Return 0 if work areas can be allocated, or the kernel's error: -EPERM under lockdown,
 * -ENOENT without /dev/mem. It makes no call. */
int engine_rmo_probe(const struct rtas_engine *e);

/* Call the trace function, if any. */
void engine_trace(const struct rtas_engine *e, const struct rtas_trace *trace);

/* Read the current token of a call from /rtas in the device tree. Return 0, -ENODEV if
 * firmware lacks it, -EBADMSG, or the errno of the reading. */
int engine_token(const struct kern_root *root, const char *name, uint32_t *token);
