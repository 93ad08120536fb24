/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem_request.h - one request for LMBs to /sys/kernel/dlpar, and its inverse
 *
 * The journal has the inverse of a request until its result is known. This is so if the
 * run is all or nothing, or if -w can end the wait for the kernel.
 *
 * Errors:  negative errno and x.error.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-memory.c
 */
#pragma once

#include "libdrmgr/types/mem/mem_job.h"

/* Write the request as a step, or plan it. */
int mem_request_write(struct xact *x, const struct dlpar_request *request);

/* Return true if a failure of the job undoes all its changes. */
bool mem_job_is_undone(const struct mem_job *job);

/* Push the inverse of the request, if this job needs one. */
int mem_request_push(struct mem_job *job, const struct dlpar_request *request);
/* Push it in any case. */
int mem_request_push_always(struct mem_job *job, const struct dlpar_request *request);

/* Push the release of an LMB that Linux does not have. If Linux had it before, first push
 * the inverse that adds it again. drc is copied. */
int mem_request_push_reclaim(struct xact *x, const struct drc *drc, bool was_owned);

/* Settle the last request, whose result is known unless x.is_unknown. */
void mem_request_settle(struct mem_job *job, bool is_done);
