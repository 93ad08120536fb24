// SPDX-License-Identifier: LGPL-2.1-or-later
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

/* Indexes and addresses in hexadecimal, types and levels as the documents have them. */
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

void rtas_call_text(enum rtas_call call, const struct rtas_args *args, char *text,
		    size_t size)
{
	struct line l = { .text = text, .size = size };

	put_call(&l, call, args);
}

void rtas_trace_text(const struct rtas_trace *trace, char *text, size_t size)
{
	const struct rtas_desc *desc = rtas_desc(trace->call);
	struct line l = { .text = text, .size = size };

	put_call(&l, trace->call, trace->args);
	if (trace->err) {
		put(&l, " = %s", strerrorname_np(-trace->err));
	} else {
		put(&l, " = %d (%s)", trace->status,
		    rtas_status_text(trace->call, trace->status));
		for (unsigned int i = 0, first = 1; i < desc->nret; i++) {
			if (i == desc->status_at)
				continue;
			put(&l, first ? " -> " : ", ");
			put_cell(&l, trace->args->out[i]);
			first = 0;
		}
	}
	put(&l, " %.3f ms", (double)trace->ns / 1e6);
}
