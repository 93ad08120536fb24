/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_args.h - the RTAS argument block, and the meaning of a status for the caller
 *
 * Shape:   be32 token, nargs, nret, then nargs inputs, then nret outputs. The first
 *          output is the status (in ibm,open-errinjct the second). At most 16 cells. A
 *          caller fills header and inputs; the callee writes only the outputs after them.
 * Units:   host order in struct rtas_args, big-endian in the image only.
 * Memory:  all memory is the caller's.
 * Errors:  negative errno; -EINVAL counts that do not fit, -EBADMSG a short image.
 * Source:  Linux 6.1 arch/powerpc/kernel/rtas.c (sys_rtas), PAPR+ 7.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RTAS_CELLS = 16,
	RTAS_HEAD_BYTES = 12,
	RTAS_IMAGE_BYTES = RTAS_HEAD_BYTES + 4 * RTAS_CELLS,
};

struct rtas_args {
	uint32_t token;
	uint32_t nargs, nret;
	uint32_t in[RTAS_CELLS];
	uint32_t out[RTAS_CELLS];
};

/* Statuses that every call shares (PAPR+ 7.2.8). */
enum {
	RTAS_SUCCESS = 0,
	RTAS_HARDWARE_ERROR = -1,
	RTAS_BUSY = -2,
	RTAS_PARAMETER_ERROR = -3,
	RTAS_DELAY_MIN = 9900,
	RTAS_DELAY_MAX = 9905,
};

/* Caller side: encode header and inputs into an image of RTAS_IMAGE_BYTES, with zeroed
 * outputs. Return 0 or -EINVAL. */
int rtas_args_encode(const struct rtas_args *args, void *image);

/* Caller side: read the outputs into args->out. The counts are those in args, not in the
 * image. */
void rtas_args_decode_reply(struct rtas_args *args, const void *image);

/* Return true if firmware is busy: it did nothing yet, and the same call must be
 * repeated. */
bool rtas_status_is_busy(int32_t status);

/* Return the milliseconds that firmware asks to wait before the repetition: 10^n for
 * 9900+n, 0 for any other status. */
uint32_t rtas_status_delay_ms(int32_t status);
