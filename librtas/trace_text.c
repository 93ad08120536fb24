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
trace_print(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, l->size - l->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += (size_t)n < l->size - l->len ? (size_t)n : l->size - l->len - 1;
}

static void trace_put(struct line *l, const char *text)
{
	size_t len = strlen(text), left = l->size - l->len - 1;

	if (len > left)
		len = left;
	memcpy(l->text + l->len, text, len);
	l->len += len;
	l->text[l->len] = '\0';
}

/* Put indexes and addresses in hexadecimal, types and levels in decimal, as PAPR does.
 * Each step of a change logs its call: printf(3) for each number would cost most of it. */
static void trace_put_cell(struct line *l, uint32_t cell)
{
	char text[] = "0x00000000", *to = text + strlen(text);
	bool is_hex = cell > 0xffff;

	do {
		*--to = "0123456789abcdef"[cell % (is_hex ? 16 : 10)];
		cell /= is_hex ? 16 : 10;
	} while (cell);
	trace_put(l, is_hex ? text : to);
}

static void trace_print_call(struct line *l, enum rtas_call call,
			     const struct rtas_args *args)
{
	const struct rtas_desc *desc = rtas_desc(call);

	trace_put(l, desc->name);
	trace_put(l, "(");
	for (unsigned int i = 0; i < desc->nargs; i++) {
		if (i)
			trace_put(l, ", ");
		trace_put_cell(l, args->in[i]);
	}
	trace_put(l, ")");
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

	trace_print_call(&l, call, args);
}

static void trace_print_outputs(struct line *l, const struct rtas_trace *trace)
{
	const struct rtas_desc *desc = rtas_desc(trace->call);
	const char *before = " -> ";

	for (unsigned int i = 0; i < desc->nret; i++) {
		if (i == desc->status_at)
			continue;
		trace_put(l, before);
		trace_put_cell(l, trace->args->out[i]);
		before = ", ";
	}
}

static void trace_print_result(struct line *l, const struct rtas_trace *trace)
{
	const char *why = trace->err ? rtas_refusal_text(trace) : NULL;

	if (trace->err && strerrorname_np(-trace->err))
		trace_print(l, " = %s", strerrorname_np(-trace->err));
	else if (trace->err)
		trace_print(l, " = error %d", -trace->err);
	if (why)
		trace_print(l, " (%s)", why);
	if (trace->err && trace->kind == TRACE_DEVICE)
		trace_print(l, " ->");
	if (!trace->err && trace->kind != TRACE_AREA)
		trace_print(l, " =");
	if (trace->kind == TRACE_TRANSFER && !trace->err)
		trace_print(l, " %d", trace->status);
	if (trace->kind == TRACE_DEVICE || (trace->kind == TRACE_CALL && !trace->err))
		trace_print(l, " %d (%s)", trace->status,
			    rtas_status_text(trace->call, trace->status));
}

void rtas_trace_text(const struct rtas_trace *trace, char *text, size_t size)
{
	struct line l = { .text = text, .size = size };

	if (trace->kind == TRACE_CALL)
		trace_print_call(&l, trace->call, trace->args);
	/* Replace bytes that a terminal may interpret: the text may have foreign names. */
	for (const char *c = trace->kind == TRACE_CALL ? "" : trace->text; *c; c++)
		trace_print(&l, "%c", *c >= ' ' && *c <= '~' ? *c : '?');
	trace_print_result(&l, trace);
	if (trace->kind == TRACE_CALL && !trace->err)
		trace_print_outputs(&l, trace);
	trace_print(&l, " %.3f ms", (double)trace->ns / 1e6);
}
