// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/* The tree of a guest's firmware, at the end of memory, and all readers of the stored
 * tree. */
#include "tests/fuzz/vmm_fuzz.h"
#include "vmm/machine/papr_vmm.h"
#include "wire/hcall.h"

enum { BLOCK = 0x100, NAME = 0x200 };

static uint32_t client(struct vf *vf, const char *service, uint32_t nargs,
		       const uint32_t *args)
{
	struct builder name = builder_of(vf->memory + NAME, 64);
	struct builder block = builder_of(vf->memory + BLOCK, 52);
	struct cursor result = cursor_of(vf->memory + BLOCK + 12 + 4 * nargs, 4);

	builder_str(&name, service);
	builder_be32(&block, NAME);
	builder_be32(&block, nargs);
	builder_be32(&block, 1);
	for (uint32_t i = 0; i < nargs; i++)
		builder_be32(&block, args[i]);
	MUST(!vf_hcall(vf, KVMPPC_H_OF_CLIENT, BLOCK, 0, 0));
	return cursor_be32(&result);
}

/* A walk that ends for any phandles, also repeated ones. */
static void look(struct vf *vf)
{
	uint32_t node = client(vf, "peer", 1, (uint32_t[]){ 0 });

	for (int steps = 0; node && steps < 16; steps++) {
		client(vf, "package-to-path", 3, (uint32_t[]){ node, 0x400, 256 });
		client(vf, "nextprop", 3, (uint32_t[]){ node, 0, 0x800 });
		client(vf, "setprop", 4, (uint32_t[]){ node, 0x800, 0, 4 });
		client(vf, "claim", 3, (uint32_t[]){ 0, 1, 1 });
		node = client(vf, steps & 1 ? "peer" : "child", 1, &node);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct papr_config config = { .size = sizeof(struct papr_config),
					    .ram_bytes = 1ULL << 30,
					    .vof = true,
					    .cas_reply_diff = true };
	struct vf *vf;
	uint32_t phandle;
	int64_t status;

	if (size > VF_MEMORY_BYTES / 4)
		return 0;
	vf = vf_start_with(0, &config);
	status = vf_hcall(vf, KVMPPC_H_UPDATE_DT, vf_put_last(vf, data, size), 0, 0);
	MUST(status == H_SUCCESS || status == H_PARAMETER);
	tree_intc_phandle(vf->vmm, &phandle);
	if (!status) {
		look(vf);
		vf_cas(vf);
		if (machine_of(vf->vmm)->keep_vectors)
			MUST(!papr_vmm_reset(vf->vmm));
	}
	vf_check_tree(vf);
	return 0;
}
