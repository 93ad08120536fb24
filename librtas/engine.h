/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * engine.h - one RTAS call: token, argument block, busy and extended delays
 *
 * The engine looks the token up, makes the call through its transport and repeats
 * it while firmware is busy. Two channels never mix: whether the call was made (the
 * return value) and what firmware said (*status).
 *
 * Threads: calls may come from any thread.
 * Errors:  negative errno. -ENODEV firmware has not got this call; -ETIMEDOUT still
 *          busy at the deadline; any other is the kernel's refusal: -EPERM not
 *          privileged, -EINVAL the kernel's filter, -ENOSYS not a powerpc kernel.
 * Source:  PAPR+ 7.2.8 (busy), Linux 6.1 arch/powerpc/kernel/rtas.c
 * Layer:   librtas
 */
#pragma once

#include "librtas/transport.h"
#include "wire/rtas_names.h"

enum rtas_trace_kind {
	TRACE_CALL,	/* the system call: call, args */
	TRACE_AREA,	/* a work area that could not be had: text */
	TRACE_DEVICE,	/* a request to a device that stands for call: text */
	TRACE_TRANSFER, /* as that, but the status is a number of bytes */
};

/* One entry into the kernel, for whoever watches. */
struct rtas_trace {
	enum rtas_call call;
	const struct rtas_args *args;
	int err;	/* 0, or what the kernel refused with */
	int32_t status; /* if err is 0; of a device always */
	int64_t ns;
	enum rtas_trace_kind kind;
	const char *text;
};

struct rtas_engine {
	struct rtas_transport transport;
	const struct kern_root *root;
	void (*trace)(void *priv, const struct rtas_trace *trace);
	void *trace_priv;
	_Atomic uint64_t token[RTAS_CALLS]; /* 0: not read yet, else token + 1 */
};

/* The transport is the engine's from now on; the root must outlive it. */
void engine_init(struct rtas_engine *e, const struct rtas_transport *transport,
		 const struct kern_root *root);

/* args->in holds the inputs; token and counts are filled in here. 0: firmware gave
 * *status, and args->out all its outputs. */
int engine_call(struct rtas_engine *e, enum rtas_call call, struct rtas_args *args,
		int32_t *status, const struct deadline *dl);

/* As rmo_get of the transport; a failure is traced. */
int engine_rmo_get(struct rtas_engine *e, size_t pages, const struct deadline *dl,
		   struct rmo_area *area);

/* Tells the watcher, if there is one. */
void engine_trace(const struct rtas_engine *e, const struct rtas_trace *trace);

/* The token of a call, as /rtas has it now. 0, -ENODEV, -EBADMSG. */
int engine_token(const struct kern_root *root, const char *name, uint32_t *token);
