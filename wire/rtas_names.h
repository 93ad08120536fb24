/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_names.h - the table of RTAS calls: names, shapes, buffers, devices, status texts
 *
 * rtas_calls.inc has one entry for each call. The call engine, the copying of buffers, the
 * devices, the traces, the error texts and the kernel of the simulated guest read it.
 *
 * Source:  PAPR+ 7.3, 13.5.3; Linux 6.1 arch/powerpc/kernel/rtas.c (rtas_filters),
 *          papr-*.c (devices)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTAS_CALL(id, ...) id,
enum rtas_call {
#include "wire/rtas_calls.inc"
	RTAS_CALLS,
};
#undef RTAS_CALL

/* Statuses that only some calls have, with a meaning of their own (PAPR+ 7.3). */
enum {
	RTAS_MORE = 1,
	RTAS_CHANGED = -4,
	RTAS_ALREADY_OPEN = -4,
	RTAS_PCI_INJECTION_OFF = -5,
	RTAS_SUSPEND_ABORTED = 9000,
	RTAS_NO_VALID_FIRMWARE = -9001,
	RTAS_NOT_AUTHORIZED = -9002,
	RTAS_NOT_SUSPENDABLE = -9004,
	RTAS_THREADS_ACTIVE = -9005,
	RTAS_COPROCESSOR = -9006,
	RTAS_BAD_LENGTH = -9999,
};

/* How many bytes of a buffer are copied to firmware, or from firmware. */
enum rtas_extent {
	RTAS_NOTHING,
	RTAS_WHOLE,	/* the fixed size, or the size in the size argument */
	RTAS_TEXT,	/* a string with its NUL */
	RTAS_BE16_HEAD, /* a be16 length and as many bytes; none if they exceed the buffer */
	RTAS_BE32_HEAD, /* the same with a be32 length */
	RTAS_GIVEN,	/* the caller of the library gives the number */
	RTAS_ANSWERED,	/* the second output after the status, at most RTAS_GIVEN */
};

/* A buffer argument. Address and size are those that the kernel's filter checks. */
struct rtas_buffer {
	uint8_t arg;	  /* number of the address argument */
	uint8_t size_arg; /* number of the size argument, 0: fixed */
	uint16_t bytes;	  /* fixed size; 1: only the first byte is checked */
	bool optional;	  /* address 0 allowed */
	enum rtas_extent in, out;
};

/* One ioctl of a device. */
struct rtas_request {
	const char *verb; /* for the trace */
	uint32_t number;  /* see papr_dev.h */
};

struct rtas_status_text {
	int32_t status;
	const char *text;
};

struct rtas_desc {
	const char *name;  /* property of /rtas that holds the token */
	uint8_t nargs;	   /* inputs */
	uint8_t nret;	   /* outputs, with the status */
	uint8_t status_at; /* number of the output that is the status */
	bool be_only;	   /* the system call of little-endian kernels refuses it */
	struct rtas_buffer buffer[2];
	/* Retry: inputs that a busy reply replaces by its outputs, from output cell 1. They
	 * are the place in a sequence, which may move even if the call returned no data. */
	struct {
		uint8_t arg, cells;
	} place;
	/* The character device that makes this call, too. */
	struct {
		const char *path; /* NULL: none */
		bool for_writing; /* the request needs a descriptor for writing */
		int32_t einval;	  /* the status that EINVAL corresponds to */
		struct rtas_request request;
		struct rtas_request last_request; /* to the descriptor of a sequence */
	} device;
	/* Statuses with a meaning of their own, up to a NULL text. NULL: none. */
	const struct rtas_status_text *statuses;
};

/* Return true if this entry of struct rtas_desc describes a buffer. */
static inline bool rtas_buffer_is_used(const struct rtas_buffer *b)
{
	return b->bytes || b->size_arg;
}

/* Return the description of a call; never NULL for call < RTAS_CALLS. */
const struct rtas_desc *rtas_desc(enum rtas_call call);

/* Return the call with this name, or RTAS_CALLS. */
enum rtas_call rtas_call_by_name(const char *name);

/* Return a short text for users; "unknown status" if PAPR defines no meaning. */
const char *rtas_status_text(enum rtas_call call, int32_t status);
