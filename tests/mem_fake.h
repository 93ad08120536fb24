/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_fake.h - memory on the fake platform: LMBs, their sensors, and a kernel that carries
 * out requests as Linux does, as a whole or not at all
 *
 * Requests are noted without what is alike in all: "add count 2", "remove index 5" is the
 * LMB 5, of DRC index 0x80000005.
 */
#pragma once

#include "libdrmgr/types/mem/mem_job.h"
#include "tests/fake_platform.h"

enum { MEM_FAKE_LMBS = 256, MEM_FAKE_LMB_BYTES = 256 << 20 };

struct mem_fake {
	struct fake *f;
	size_t n;
	struct {
		bool is_owned;
		bool is_stuck; /* the kernel cannot add, or cannot remove it */
		bool is_isolated;
		bool is_refused; /* firmware does not take it back */
		int sense;
		uint32_t array; /* NUMA node */
	} lmb[MEM_FAKE_LMBS];
	char writes[4096];
	int fail_with; /* every request, when it was done all the same: errno */
	bool no_rtas;  /* firmware cannot be asked */
	uint32_t
		half; /* a count ends after so many, which stay, with an error; 0: never */
	bool lies;    /* the kernel says it was done, and does nothing */
	bool keeps;   /* the kernel gives nothing back to firmware */
	int kill_at;  /* as fake.kill_at, of requests alone */
	int n_sensed;
};

/* So many LMBs, from 0 on: the first are reserved, then owned ones, then free ones. */
struct mem_fake *mem_fake_new(size_t reserved, size_t owned, size_t n_free);
void mem_fake_free(struct mem_fake *m);

/* Linux's NUMA nodes: "0-1", "" without processors; NULL: no more. */
void mem_fake_nodes(struct mem_fake *m, const char *const *cpulists);

/* After lmb[] was changed by hand. */
void mem_fake_publish(const struct mem_fake *m);

/* What is owned, a letter each: 'r' reserved, 'o', '.'. */
const char *mem_fake_owned(const struct mem_fake *m);

struct mem_outcome {
	int err;
	size_t done;
	enum dr_fault fault;
	bool is_undo_incomplete;
};

/* An operation from begin to end; key NULL: by count. */
struct mem_outcome mem_fake_run(struct mem_fake *m, bool add, const char *key,
				size_t count, bool all_or_nothing);
