/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_fake.h - memory on the fake platform: LMBs, their sensors, and a kernel that
 * handles requests like Linux, completely or not at all
 *
 * Requests are in the trace without their common words: "add count 2". "remove index 5"
 * is the LMB 5, of DRC index 0x80000005.
 */
#pragma once

#include "libdrmgr/types/mem/mem_job.h"
#include "tests/unit/fakes/fake_platform.h"

enum { MEM_FAKE_LMBS = 256, MEM_FAKE_LMB_BYTES = 256 << 20 };

struct mem_fake {
	struct fake *f;
	size_t n;
	struct {
		bool is_owned;
		bool is_stuck; /* the kernel cannot add, or cannot remove it */
		bool is_isolated;
		bool is_refused; /* firmware refuses its release */
		int sense;
		uint32_t array; /* NUMA node */
	} lmb[MEM_FAKE_LMBS];
	char writes[4096];
	int fail_with; /* errno of every request, also of those that take effect */
	bool no_rtas;  /* firmware cannot be called */
	uint32_t half; /* a count fails after so many, which stay; 0: never */
	bool lies;     /* the kernel returns success, and does nothing */
	bool keeps;    /* the kernel releases nothing to firmware */
	int kill_at;   /* as fake.kill_at, for requests only */
	int n_sensed;
};

/* So many LMBs, beginning with 0: first the reserved ones, then owned, then free ones. */
struct mem_fake *mem_fake_new(size_t reserved, size_t owned, size_t n_free);
void mem_fake_free(struct mem_fake *m);

/* Linux's NUMA nodes: "0-1", "" without processors; NULL: no more. */
void mem_fake_nodes(struct mem_fake *m, const char *const *cpulists);

/* Call this after a change of lmb[]. */
void mem_fake_publish(const struct mem_fake *m);

/* Return a letter for each LMB: 'r' reserved, 'o' owned, '.'. */
const char *mem_fake_owned(const struct mem_fake *m);

struct mem_outcome {
	int err;
	size_t done;
	enum dr_fault fault;
	bool is_undo_incomplete;
};

/* A complete operation; key NULL: by count. */
struct mem_outcome mem_fake_run(struct mem_fake *m, bool add, const char *key,
				size_t count, bool all_or_nothing);
