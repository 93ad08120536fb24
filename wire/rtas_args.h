/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_args.h - the RTAS argument block, and what a status means for the caller
 *
 * Shape:   be32 token, nargs, nret, then nargs inputs, then nret outputs, the first
 *          of which is the status (ibm,open-errinjct alone has it second).
 *          At most 16 cells. A caller fills header and inputs; the callee writes
 *          the outputs behind them and nothing else.
 * Units:   host order in struct rtas_args, big-endian in the image only.
 * Memory:  everything is the caller's.
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

/* Caller to callee: header and inputs; output cells are zero. Image of
 * RTAS_IMAGE_BYTES. 0 or -EINVAL. */
int rtas_args_encode(const struct rtas_args *args, void *image);

/* What the callee answered: fills args->out, the counts being the caller's own. */
void rtas_args_decode_reply(struct rtas_args *args, const void *image);

/* The callee's half: header and inputs of an image of len bytes, outputs zeroed.
 * 0, -EINVAL counts above the limit, -EBADMSG image shorter than its inputs. */
int rtas_args_decode(struct rtas_args *args, const void *image, size_t len);

/* The callee's half: outputs into the image at their place.
 * 0, -EBADMSG image shorter than its outputs. */
int rtas_args_encode_reply(const struct rtas_args *args, void *image, size_t len);

/* Firmware did nothing yet and wants the same call again. */
bool rtas_status_is_busy(int32_t status);

/* Milliseconds that firmware asks to wait before it: 10^n for 9900+n, 0 for busy. */
uint32_t rtas_status_delay_ms(int32_t status);
