// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "kern/prop.h"
#include "librtas/engine.h"

enum {
	AT_ONCE = 1000, /* repetitions of a busy call without a pause */
	PAUSE_MS = 1,
	PAUSE_MAX_MS = 1000, /* limit for firmware's hint */
};

void engine_init(struct rtas_engine *e, const struct rtas_transport *transport,
		 const struct kern_root *root)
{
	memset(e, 0, sizeof(*e));
	e->transport = *transport;
	e->root = root;
}

int engine_token(const struct kern_root *root, const char *name, uint32_t *token)
{
	int err = prop_u32(root, "/rtas", name, token);

	return err == -ENOENT ? -ENODEV : err;
}

static int engine_cached_token(struct rtas_engine *e, enum rtas_call call,
			       uint32_t *token)
{
	uint64_t known = e->token[call];
	int err;

	if (known) {
		*token = (uint32_t)(known - 1);
		return 0;
	}

	err = engine_token(e->root, rtas_desc(call)->name, token);
	if (!err)
		e->token[call] = (uint64_t)*token + 1;
	return err;
}

void engine_trace(const struct rtas_engine *e, const struct rtas_trace *trace)
{
	if (e->trace)
		e->trace(e->trace_priv, trace);
}

int engine_rmo_get(struct rtas_engine *e, size_t pages, const struct deadline *dl,
		   struct rmo_area *area)
{
	struct rtas_trace trace = { .kind = TRACE_AREA };
	int64_t begin = e->trace ? deadline_now_ns() : 0;
	char text[100];
	int len;

	area->user = 0;
	trace.err = e->transport.rmo_get(e->transport.priv, pages, dl, area);
	if (trace.err && e->trace) {
		len = snprintf(text, sizeof(text), "work area of %zu page%s", pages,
			       pages == 1 ? "" : "s");
		if (area->user)
			snprintf(text + len, sizeof(text) - (size_t)len,
				 ", locked by PID %d of another user", area->user);
		trace.text = text;
		trace.ns = deadline_now_ns() - begin;
		engine_trace(e, &trace);
	}
	return trace.err;
}

int engine_rmo_put(struct rtas_engine *e, const struct rmo_area *area)
{
	return e->transport.rmo_put(e->transport.priv, area);
}

int engine_rmo_probe(const struct rtas_engine *e)
{
	return e->transport.rmo_probe ? e->transport.rmo_probe(e->transport.priv) : 0;
}

static int engine_call_once(struct rtas_engine *e, enum rtas_call call,
			    struct rtas_args *args, int32_t *status)
{
	struct rtas_trace trace = { .call = call, .args = args };
	int64_t begin = e->trace ? deadline_now_ns() : 0;

	memset(args->out, 0, sizeof(args->out));
	trace.err = e->transport.call(e->transport.priv, args);
	*status = (int32_t)args->out[rtas_desc(call)->status_at];
	if (e->trace) {
		trace.ns = deadline_now_ns() - begin;
		trace.status = *status;
		engine_trace(e, &trace);
	}
	return trace.err;
}

/* Read the token again and return true if it changed. The kernel refuses a token that
 * firmware no longer uses, as after a migration. */
static bool engine_token_changed(struct rtas_engine *e, enum rtas_call call,
				 struct rtas_args *args)
{
	uint32_t old = args->token;

	e->token[call] = 0;
	return !engine_cached_token(e, call, &args->token) && args->token != old;
}

static bool engine_wait_while_busy(int32_t status, unsigned int *tries,
				   const struct deadline *dl)
{
	uint32_t ms = rtas_status_delay_ms(status);

	if (ms > PAUSE_MAX_MS)
		ms = PAUSE_MAX_MS;
	if (!ms && (*tries)++ < AT_ONCE) {
		sched_yield();
		return !deadline_has_passed(dl);
	}
	return deadline_wait_ms(dl, ms ? ms : PAUSE_MS);
}

int engine_call(struct rtas_engine *e, enum rtas_call call, struct rtas_args *args,
		int32_t *status, const struct deadline *dl)
{
	const struct rtas_desc *desc = rtas_desc(call);
	unsigned int tries = 0;
	int64_t second = 0;
	int err;

	args->nargs = desc->nargs;
	args->nret = desc->nret;
	err = engine_cached_token(e, call, &args->token);
	if (err) {
		engine_trace(e, &(struct rtas_trace){
					.call = call, .args = args, .err = err });
		return err;
	}

	err = engine_call_once(e, call, args, status);
	if (err == -EINVAL && engine_token_changed(e, call, args))
		err = engine_call_once(e, call, args, status);

	while (!err && rtas_status_is_busy(*status)) {
		if (e->busy && deadline_is_second(&second))
			e->busy(e->busy_priv, call, dl);
		if (!engine_wait_while_busy(*status, &tries, dl))
			return -ETIMEDOUT;
		/* Even a busy status may have moved the place. */
		for (unsigned int i = 0; i < desc->place.cells; i++)
			args->in[desc->place.arg + i] = args->out[1 + i];
		err = engine_call_once(e, call, args, status);
	}
	return err;
}
