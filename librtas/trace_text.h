/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace_text.h - a call into firmware as one line for people
 *
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"

enum { RTAS_TRACE_TEXT_MAX = 400 };

/* "set-indicator(9001, 0x40000008, 1)" */
void rtas_call_text(enum rtas_call call, const struct rtas_args *args, char *text,
		    size_t size);

/* "set-indicator(9001, 0x40000008, 1) = 0 (success) 0.021 ms"; further outputs follow
 * "->", and a call that was not made shows the errno instead of a status, and in words
 * what refused it. A request to a device shows both: what it said, and the status that
 * stands for it. */
void rtas_trace_text(const struct rtas_trace *trace, char *text, size_t size);

/* What the kernel means by trace->err; NULL where that says it all. */
const char *rtas_refusal_text(const struct rtas_trace *trace);
