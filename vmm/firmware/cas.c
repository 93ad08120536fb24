// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/cpu/cpus.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/firmware/cas.h"
#include "vmm/firmware/vof.h"
#include "vmm/tree/tree.h"
#include "vmm/tree/tree_diff.h"
#include "wire/cas.h"

/* Everything that a negotiation decides. */
struct choice {
	uint8_t ov5[CAS_VECTOR_BYTES];
	uint32_t compat_pvr;
	bool xics, pre_isa3, none; /* none: not negotiated */
};

static bool has_isa3(const struct papr_vmm *vmm)
{
	return cpus_of(vmm)->model->pvr >> 16 >= 0x004e;
}

void cas_offer(const struct papr_vmm *vmm, uint8_t ov5[256])
{
	memset(ov5, 0, CAS_VECTOR_BYTES);
	cas_set(ov5, OV5_DRCONF_MEMORY);
	cas_set(ov5, OV5_FORM1_AFFINITY);
	cas_set(ov5, OV5_FORM2_AFFINITY);
	if (machine_has_mmu(vmm, PAPR_HASH))
		cas_set(ov5, OV5_HPT_RESIZE);
	if (machine_of(vmm)->cfg.drmem != 1)
		cas_set(ov5, OV5_DRMEM_V2);
	if (!machine_of(vmm)->cfg.no_hotplug_events)
		cas_set(ov5, OV5_HP_EVT);
	if (machine_of(vmm)->cfg.drc_info)
		cas_set(ov5, OV5_DRC_INFO);
	if (has_isa3(vmm) && machine_has_xive(vmm))
		cas_set(ov5, OV5_XIVE_EXPLOIT);
	if (has_isa3(vmm) && machine_has_mmu(vmm, PAPR_RADIX)) {
		cas_set(ov5, OV5_MMU_RADIX);
		cas_set(ov5, OV5_RADIX_GTSE);
	}
}

static struct choice chosen(const struct papr_vmm *vmm)
{
	struct choice c = {
		.compat_pvr = machine_of(vmm)->compat_pvr,
		.xics = machine_of(vmm)->xics,
		.pre_isa3 = machine_of(vmm)->pre_isa3_guest,
		.none = machine_of(vmm)->ov5_guest_empty,
	};

	memcpy(c.ov5, machine_of(vmm)->ov5, sizeof(c.ov5));
	return c;
}

static void choose(struct papr_vmm *vmm, const struct choice *c)
{
	memcpy(machine_of(vmm)->ov5, c->ov5, sizeof(machine_of(vmm)->ov5));
	machine_of(vmm)->compat_pvr = c->compat_pvr;
	machine_of(vmm)->xics = c->xics;
	machine_of(vmm)->pre_isa3_guest = c->pre_isa3;
	machine_of(vmm)->ov5_guest_empty = c->none;
}

void cas_reset(struct papr_vmm *vmm)
{
	/* Interrupts start in XICS mode, which every guest supports. */
	if (!machine_of(vmm)->keep_vectors)
		choose(vmm, &(struct choice){ .xics = true, .none = true });
	machine_of(vmm)->keep_vectors = false;
}

/* Read from addr until buf is full or memory ends. The length of the vectors is only
 * known from their content. Return the number of bytes. */
static size_t read_what_is_there(const struct papr_vmm *vmm, uint64_t addr, uint8_t *buf,
				 size_t size)
{
	size_t step = 256, len = 0;

	while (len < size && step) {
		size_t n = step < size - len ? step : size - len;

		if (addr + len < addr || guest_read(vmm, addr + len, buf + len, n))
			step /= 2;
		else
			len += n;
	}
	return len;
}

/* Find a compatibility level. Return NULL if this processor does not have it. */
static const struct compat_level *level_of(const struct papr_vmm *vmm, uint32_t pvr)
{
	const struct compat_level *level = machine_of(vmm)->type->compat_levels;
	uint32_t chip = cpus_of(vmm)->model->pvr >> 16;

	while (level->pvr && level->pvr != pvr)
		level++;
	return level->pvr && chip >= level->first_chip ? level : NULL;
}

/* Choose the highest level in the list. If it has none, choose raw mode, provided that
 * the chip itself is listed. */
static int64_t choose_processor(const struct papr_vmm *vmm, struct cas_iter *it,
				struct choice *out)
{
	uint32_t real = cpus_of(vmm)->model->pvr;
	const struct compat_level *best = NULL;
	bool raw = false;
	struct cas_pvr pvr;
	int more;

	while ((more = cas_next_pvr(it, &pvr)) > 0) {
		const struct compat_level *level = level_of(vmm, pvr.value);

		if ((real & pvr.mask) == (pvr.value & pvr.mask))
			raw = true;
		else if (level && (!best || level > best))
			best = level;
	}
	if (more < 0)
		return H_PARAMETER;

	out->compat_pvr = best ? best->pvr : 0;
	return best || raw ? H_SUCCESS : H_HARDWARE;
}

static int64_t choose_options(const struct papr_vmm *vmm, struct cas_iter *it,
			      struct choice *out)
{
	struct cas_vector v = { 0 }, v1 = { 0 };
	uint8_t offer[CAS_VECTOR_BYTES];

	while (v.number < 5) {
		if (cas_next_vector(it, &v) <= 0)
			return H_PARAMETER;
		if (v.number == 1)
			v1 = v;
	}

	cas_offer(vmm, offer);
	/* These values are only for offers by the host. QEMU exits when a guest uses
	 * them. */
	if (cas_test(v.bytes, v.len, OV5_XIVE_BOTH) ||
	    cas_test(v.bytes, v.len, OV5_MMU_BOTH) ||
	    (cas_test(v.bytes, v.len, OV5_XIVE_EXPLOIT) &&
	     !cas_test(offer, sizeof(offer), OV5_XIVE_EXPLOIT)))
		return H_PARAMETER;

	for (size_t i = 0; i < v.len; i++)
		out->ov5[i] = offer[i] & v.bytes[i];
	/* QEMU exits here, too. */
	if (!cas_test(out->ov5, sizeof(out->ov5), OV5_FORM2_AFFINITY) &&
	    !numa_fits_form1(vmm))
		return H_PARAMETER;
	if (!machine_has_mmu(vmm, PAPR_HASH) &&
	    !cas_test(out->ov5, sizeof(out->ov5), OV5_MMU_RADIX))
		return H_PARAMETER;
	out->pre_isa3 = !cas_test(v1.bytes, v1.len, OV1_PPC_3_00);
	out->xics = !cas_test(out->ov5, sizeof(out->ov5), OV5_XIVE_EXPLOIT);
	return H_SUCCESS;
}

/* Read the guest's request at addr, without changing the machine. */
static int64_t read_choice(const struct papr_vmm *vmm, uint64_t addr, struct choice *out)
{
	struct cas_iter it;
	int64_t status;
	uint8_t *buf;

	if (cpus_others_run(vmm))
		return H_MULTI_THREADS_ACTIVE;

	buf = malloc(CAS_BYTES);
	if (!buf)
		return H_HARDWARE;
	cas_begin(&it, buf, read_what_is_there(vmm, GUEST_REAL(addr), buf, CAS_BYTES));
	*out = (struct choice){ 0 };
	status = choose_processor(vmm, &it, out);
	if (!status)
		status = choose_options(vmm, &it, out);
	free(buf);
	return status;
}

/* Buffer of the reply: its format version, then a tree. */
struct reply {
	uint64_t addr, size;
};

enum { REPLY_VERSION = 1, REPLY_HEADER = 4 };

static int64_t reply_tree(const struct papr_vmm *vmm, const struct reply *to,
			  const void *fdt, size_t size)
{
	if (to->size < REPLY_HEADER || size > to->size - REPLY_HEADER ||
	    guest_write_be32(vmm, to->addr, REPLY_VERSION) ||
	    guest_write(vmm, to->addr + REPLY_HEADER, fdt, size))
		return H_PARAMETER;
	return H_SUCCESS;
}

/* Request a reset that keeps the vectors: only a restart can tell the guest that a node
 * was removed. The event is silent: it is not reported to users. */
static int64_t start_anew(struct papr_vmm *vmm)
{
	machine_of(vmm)->keep_vectors = true;
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_RESET,
						.by_guest = true,
						.silent = true,
						.text = "guest-reset" });
	return H_SUCCESS;
}

static int64_t reply_diff(struct papr_vmm *vmm, const struct reply *to, const void *fdt)
{
	int64_t status;
	size_t size;
	void *diff;
	int err;

	err = tree_diff(tree_of(vmm)->fdt, fdt, &diff, &size);
	if (err == -EXDEV)
		return start_anew(vmm);
	if (err)
		return H_HARDWARE;

	status = reply_tree(vmm, to, diff, size);
	free(diff);
	return status;
}

/* Build the tree for the guest. A client of the stored tree sees the whole tree, and a
 * diff needs two trees of the same purpose. */
static int build(struct papr_vmm *vmm, void **fdt, size_t *size)
{
	bool whole = machine_of(vmm)->vof || machine_of(vmm)->cfg.cas_reply_diff;

	return tree_build(vmm, whole ? TREE_BOOT : TREE_CAS, fdt, size);
}

/* Negotiate. If to is NULL, no reply is written. */
static int64_t negotiate(struct papr_vmm *vmm, uint64_t vector, const struct reply *to)
{
	struct choice old = chosen(vmm), new;
	int64_t status = read_choice(vmm, vector, &new);
	uint32_t hpt_shift = cpus_of(vmm)->hpt_shift;
	void *fdt = NULL;
	size_t size;

	if (status)
		return status;

	choose(vmm, &new);
	connectors_reset(vmm);
	cpus_negotiated(vmm);
	events_clear_hotplug(events_of(vmm));

	if (build(vmm, &fdt, &size))
		status = H_HARDWARE;
	else if (to && machine_of(vmm)->cfg.cas_reply_diff)
		status = reply_diff(vmm, to, fdt);
	else if (to)
		status = reply_tree(vmm, to, fdt, size);
	if (status) { /* the guest knows only the old tree, so keep it */
		choose(vmm, &old);
		cpus_of(vmm)->hpt_shift = hpt_shift;
		free(fdt);
		return status;
	}

	tree_store(vmm, fdt, size, true);
	return machine_of(vmm)->vof && vof_finish_tree(vmm) ? H_HARDWARE : H_SUCCESS;
}

int64_t cas_negotiate(struct papr_vmm *vmm, uint64_t vector)
{
	return negotiate(vmm, vector, NULL);
}

int64_t hcall_cas(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	return negotiate(vmm, args[0], &(struct reply){ args[1], args[2] });
}
