// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "librtas/trace_text.h"

struct line {
	char *text;
	size_t size, len;
};

static void __attribute__((format(printf, 2, 3)))
put(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, l->size - l->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += (size_t)n < l->size - l->len ? (size_t)n : l->size - l->len - 1;
}

/* Print indexes and addresses in hexadecimal, types and levels in decimal, as PAPR
 * does. */
static void put_cell(struct line *l, uint32_t cell)
{
	put(l, cell > 0xffff ? "0x%08x" : "%u", cell);
}

static void put_call(struct line *l, enum rtas_call call, const struct rtas_args *args)
{
	const struct rtas_desc *desc = rtas_desc(call);

	put(l, "%s(", desc->name);
	for (unsigned int i = 0; i < desc->nargs; i++) {
		if (i)
			put(l, ", ");
		put_cell(l, args->in[i]);
	}
	put(l, ")");
}

/* Reasons for errors of the kernel, as opposed to errors of firmware. */
static const struct {
	enum rtas_trace_kind kind;
	int err;
	const char *text;
} refusals[] = {
	{ TRACE_CALL, EPERM, "refused by the kernel: no CAP_SYS_ADMIN, or lockdown" },
	{ TRACE_CALL, EINVAL, "refused by the kernel's filter" },
	{ TRACE_CALL, ENOSYS, "this kernel has no rtas system call" },
	{ TRACE_CALL, ENODEV, "firmware has not got this call" },
	{ TRACE_CALL, ETIMEDOUT, "firmware is still busy" },
	{ TRACE_CALL, EBADMSG, "the token of this call is damaged" },
	{ TRACE_AREA, EPERM,
	  "refused by the kernel: no CAP_SYS_RAWIO for /dev/mem, or lockdown" },
	{ TRACE_AREA, EACCES, "refused by the kernel: /dev/mem" },
	{ TRACE_AREA, ENOENT, "this kernel has no memory for firmware" },
	{ TRACE_AREA, EBUSY, "all are taken" },
	{ TRACE_AREA, ENOSPC, "more than there is" },
};

const char *rtas_refusal_text(const struct rtas_trace *trace)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].kind == trace->kind && refusals[i].err == -trace->err)
			return refusals[i].text;
	return NULL;
}

void rtas_call_text(enum rtas_call call, const struct rtas_args *args, char *text,
		    size_t size)
{
	struct line l = { .text = text, .size = size };

	put_call(&l, call, args);
}

static void put_outputs(struct line *l, const struct rtas_trace *trace)
{
	const struct rtas_desc *desc = rtas_desc(trace->call);
	const char *before = " -> ";

	for (unsigned int i = 0; i < desc->nret; i++) {
		if (i == desc->status_at)
			continue;
		put(l, "%s", before);
		put_cell(l, trace->args->out[i]);
		before = ", ";
	}
}

/* Replace bytes that a terminal may interpret: the text may contain foreign names. */
static void put_text(struct line *l, const char *text)
{
	for (; *text; text++)
		put(l, "%c", *text >= ' ' && *text <= '~' ? *text : '?');
}

static void put_result(struct line *l, const struct rtas_trace *trace)
{
	const char *why = trace->err ? rtas_refusal_text(trace) : NULL;

	if (trace->err && strerrorname_np(-trace->err))
		put(l, " = %s", strerrorname_np(-trace->err));
	else if (trace->err)
		put(l, " = error %d", -trace->err);
	if (why)
		put(l, " (%s)", why);
	if (trace->err && trace->kind == TRACE_DEVICE)
		put(l, " ->");
	if (!trace->err && trace->kind != TRACE_AREA)
		put(l, " =");
	if (trace->kind == TRACE_TRANSFER && !trace->err)
		put(l, " %d", trace->status);
	if (trace->kind == TRACE_DEVICE || (trace->kind == TRACE_CALL && !trace->err))
		put(l, " %d (%s)", trace->status,
		    rtas_status_text(trace->call, trace->status));
}

void rtas_trace_text(const struct rtas_trace *trace, char *text, size_t size)
{
	struct line l = { .text = text, .size = size };

	if (trace->kind == TRACE_CALL)
		put_call(&l, trace->call, trace->args);
	else
		put_text(&l, trace->text);
	put_result(&l, trace);
	if (trace->kind == TRACE_CALL && !trace->err)
		put_outputs(&l, trace);
	put(&l, " %.3f ms", (double)trace->ns / 1e6);
}
