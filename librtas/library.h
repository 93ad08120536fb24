/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * library.h - the one engine behind the public functions of a process
 *
 * The public interface has no context argument, so this is the one place with state
 * of the process.
 *
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"

/* The engine on the running system, opened at first use. NULL without memory or
 * without a root directory. */
struct rtas_engine *library_engine(void);

/* Replaces the transport; for tests, before the first call. */
void library_use(const struct rtas_transport *transport, const struct kern_root *root);

void library_set_timeout(uint64_t ms);
void library_set_debug(int level);

/* When a busy call that starts now is given up. */
struct deadline library_deadline(void);

/* Does this kernel have an RTAS interface? */
bool library_interface_exists(void);

/* May this process make RTAS calls? 0, RTAS_PERM, RTAS_KERNEL_INT. */
int library_check(void);

/* Both channels in the one int of the interface; sets errno for RTAS_IO_ASSERT. */
int library_result(int err, int32_t status);

/* Checks, makes a call that needs no work area, and stores its outputs but the status
 * as 32-bit numbers where out[0..n) point; NULL entries are skipped. */
int library_call(enum rtas_call call, struct rtas_args *args, void *const out[],
		 size_t n);

/* A call on a page of memory that firmware can reach. */
typedef int library_page_fn(struct rtas_engine *engine, const struct rmo_area *page,
			    uint32_t arg, int32_t *status, const struct deadline *dl);

/* Checks, and lets fn work on a copy of the caller's page of RMO_PAGE_BYTES, which is
 * copied back when firmware answered. */
int library_on_page(library_page_fn *fn, uint32_t arg, char *page);
