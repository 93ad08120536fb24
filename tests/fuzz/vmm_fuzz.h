/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm_fuzz.h - a small machine for the fuzz targets of the library
 *
 * Its memory is on the heap with its exact size, so that a sanitizer detects accesses
 * after its end; the machine has the configuration of 1 GiB.
 */
#pragma once

#include "tests/fuzz/fuzz.h"
#include "vmm/paprvmm.h"
#include "wire/cursor.h"

enum {
	VF_MEMORY_BYTES = 64 << 10,
	VF_BLOCK = 0x1000,     /* argument block */
	VF_WORK_AREA = 0x2000, /* or any other buffer */
	VF_VECTORS = 0x4000,   /* option vectors that request all features */
	VF_KINDS = 8,	       /* configurations */
};

struct vf {
	struct papr_vmm *vmm;
	uint8_t *memory;
	uint64_t clock_ns;
};

/* Devices that can be added, and their connectors. */
enum { VF_DEVICES = 8, VF_CONNECTORS = 9 };
extern const uint32_t vf_connectors[VF_CONNECTORS];

/* Return a machine that was reset, with PowerVM's calls or without; is_new: one that was
 * not reset, so that devices are cold-plugged. That takes much longer. */
struct vf *vf_start(bool powervm, bool is_new);
/* Return another machine, which was reset. kind is a number below VF_KINDS for each config
 * of the target. */
struct vf *vf_start_with(unsigned int kind, const struct papr_config *config);
void vf_add(struct vf *vf, unsigned int device);
void vf_del(struct vf *vf, unsigned int device);
int64_t vf_cas(struct vf *vf);
int64_t vf_hcall(struct vf *vf, uint64_t nr, uint64_t r4, uint64_t r5, uint64_t r6);
/* Put the input at the end of memory, as much as fits. Return its address. */
uint64_t vf_put_last(struct vf *vf, const uint8_t *data, size_t size);

void vf_put_be32(struct vf *vf, uint32_t addr, uint32_t value);

/* Make a call through its argument block at addr, as much of it as there is memory.
 * Return the answer of the hypercall. */
int64_t vf_rtas(struct vf *vf, uint32_t addr, uint32_t token, uint32_t nargs,
		uint32_t nret, const uint32_t *args);

/* Conditions that hold for any guest. */
void vf_check(struct vf *vf);
/* The fast parts of it: the connectors, and the stored tree, from any writer. */
void vf_check_connectors(const struct vf *vf);
void vf_check_tree(const struct vf *vf);
