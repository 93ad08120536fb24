/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace_text.h - format a call into firmware as one line of text
 *
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"

enum { RTAS_TRACE_TEXT_MAX = 400 };

/* Format a call: "set-indicator(9001, 0x40000008, 1)". */
void rtas_call_text(enum rtas_call call, const struct rtas_args *args, char *text,
		    size_t size);

/* Format a trace: "set-indicator(9001, 0x40000008, 1) = 0 (success) 0.021 ms". Further
 * outputs follow "->". If the call was not made, the line has the errno and the reason
 * instead of a status. For a request to a device, the line has both: its errno and the
 * corresponding status. */
void rtas_trace_text(const struct rtas_trace *trace, char *text, size_t size);

/* Return the kernel's reason for trace->err, or NULL if the errno needs no
 * explanation. */
const char *rtas_refusal_text(const struct rtas_trace *trace);
