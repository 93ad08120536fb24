// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/* A guest's input to ibm,client-architecture-support: a byte with options of the machine,
 * then its vectors, which end at the end of memory. */
#include <string.h>

#include <libfdt.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "vmm/machine/papr_vmm.h"
#include "wire/hcall.h"
#include "wire/cas.h"

enum { DIFF = 1, VOF = 2, POWER8 = 4, SMALL = 8, TWICE = 16 };

/* Encoder and decoder agree on all decoded vectors. */
static void encode_again(const uint8_t *data, size_t size)
{
	static uint8_t bytes[CAS_BYTES + 8];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct cas_pvr pvrs[CAS_PVRS];
	struct cas_vector vector;
	struct cas_iter it;
	size_t n = 0;
	int more;

	cas_begin(&it, data, size);
	while ((more = cas_next_pvr(&it, &pvrs[n])) > 0)
		if (++n == CAS_PVRS)
			return; /* without an end it cannot be encoded */
	if (more)
		return;
	cas_encode_pvrs(&b, pvrs, n);
	cas_encode_count(&b, it.vectors_left);
	while ((more = cas_next_vector(&it, &vector)) > 0) {
		MUST(vector.bytes >= data && vector.len <= size);
		cas_encode_vector(&b, vector.bytes, vector.len);
	}
	if (more)
		return;
	MUST(builder_fits(&b));
	/* the end of the processors has many forms, other parts have one */
	MUST(b.len <= size &&
	     !memcmp(bytes + 8 * (n + 1), data + 8 * (n + 1), b.len - 8 * (n + 1)));
}

static void ask(struct vf *vf, uint64_t vectors, uint64_t room)
{
	int64_t status = vf_hcall(vf, KVMPPC_H_CAS, vectors, 0, room);
	static uint64_t tree[VF_MEMORY_BYTES / sizeof(uint64_t)];

	MUST(status == H_SUCCESS || status == H_PARAMETER || status == H_HARDWARE);
	if (status)
		return;
	if (machine_of(vf->vmm)->keep_vectors) {
		MUST(!papr_vmm_reset(vf->vmm));
		return;
	}
	memcpy(tree, vf->memory + 4, VF_MEMORY_BYTES - 4);
	MUST(!fdt_check_full(tree, VF_MEMORY_BYTES - 4));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t how = size ? data[0] : 0;
	const struct papr_config config = {
		.size = sizeof(struct papr_config),
		.ram_bytes = 1ULL << 30,
		.max_ram_bytes = 2ULL << 30,
		.mem_slots = 2,
		.cas_reply_diff = how & DIFF,
		.vof = how & VOF,
		.cpu_model = how & POWER8 ? "power8" : "power9",
	};
	struct vf *vf;
	uint64_t at;

	if (size > VF_MEMORY_BYTES / 4)
		return 0;
	if (size)
		encode_again(data + 1, size - 1);
	vf = vf_start_with(how % VF_KINDS, &config);
	at = vf_put_last(vf, data + !!size, size - !!size);
	ask(vf, at, how & SMALL ? how : at);
	if (how & TWICE)
		ask(vf, at, at);
	vf_check_tree(vf);
	return 0;
}
