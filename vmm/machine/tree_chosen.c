// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /chosen: what the firmware must start, and what can be negotiated.
 *
 * Source:  QEMU 7.2; PAPR+ B.6.2.4 (vector 5)
 */
#include <stdio.h>

#include "vmm/machine/papr_vmm.h"
#include "vmm/machine/tree_nodes.h"
#include "vmm/vio/vdev.h"
#include "wire/cas.h"

/* Write vector 5 without its trailing zeroes. An empty vector is written as one zero
 * byte. */
static void put_vector5(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint8_t bytes[1 + CAS_VECTOR_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));
	size_t len = sizeof(machine_of(vmm)->ov5);

	while (len > 1 && !machine_of(vmm)->ov5[len - 1])
		len--;
	cas_encode_vector(&b, machine_of(vmm)->ov5, len);
	fdt_out_prop(out, "ibm,architecture-vec-5", bytes, b.len);
}

/* Write pairs: index of a byte of vector 5, counted from 0, and its supported values. */
static void put_offer(const struct papr_vmm *vmm, struct fdt_out *out)
{
	bool isa3 = cpus_of(vmm)->model->isa3;
	bool xive = isa3 && machine_has_xive(vmm);
	uint8_t mmu = !machine_has_mmu(vmm, PAPR_RADIX) ? 0
		      : machine_has_mmu(vmm, PAPR_HASH) ? 0xc0
							: 0x40;
	const uint8_t pairs[] = {
		23, xive ? 0x80 : 0, /* interrupts: XIVE or XICS, else XICS only */
		24, isa3 ? mmu : 0,  /* translation: radix or hash, radix, or hash */
		25, 0,		     /* hash translation: no further options */
		26, 0x40,	     /* radix translation: the guest may flush TLBs */
	};

	fdt_out_prop(out, "ibm,arch-vec-5-platform-support", pairs, sizeof(pairs));
}

static void put_terminal(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct vdev *vty = vty_default(vmm);
	char path[32];

	if (vty) {
		snprintf(path, sizeof(path), "/vdevice/vty@%x", (unsigned int)vty->reg);
		fdt_out_str(out, "stdout-path", path);
		fdt_out_str(out, "linux,stdout-path", path);
	}
	fdt_out_u32(out, "qemu,graphic-depth", 32);
	fdt_out_u32(out, "qemu,graphic-height", 600);
	fdt_out_u32(out, "qemu,graphic-width", 800);
}

static void put_kernel(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct boot *boot = boot_of(vmm);

	if (boot->kernel_size) {
		if (boot->kernel_le)
			fdt_out_empty(out, "qemu,boot-kernel-le");
		FDT_OUT_CELLS(
			out, "qemu,boot-kernel", (uint32_t)(boot->kernel_base >> 32),
			(uint32_t)boot->kernel_base, (uint32_t)(boot->kernel_size >> 32),
			(uint32_t)boot->kernel_size);
	}
	if (boot->initrd_size) {
		fdt_out_u32(out, "linux,initrd-end",
			    (uint32_t)(boot->initrd_base + boot->initrd_size));
		fdt_out_u32(out, "linux,initrd-start", (uint32_t)boot->initrd_base);
	}
	if (machine_of(vmm)->cfg.bootargs)
		fdt_out_str(out, "bootargs", machine_of(vmm)->cfg.bootargs);
}

void tree_put_chosen(const struct papr_vmm *vmm, enum tree_purpose purpose,
		     struct fdt_out *out)
{
	uint8_t seed[32] = { 0 };

	if (machine_of(vmm)->env.random)
		machine_of(vmm)->env.random(machine_of(vmm)->env.priv, seed,
					    sizeof(seed));

	fdt_out_node(out, "chosen");
	put_vector5(vmm, out);
	fdt_out_prop(out, "rng-seed", seed, sizeof(seed));
	if (purpose == TREE_BOOT) {
		put_offer(vmm, out);
		fdt_out_u32(out, "linux,pci-probe-only", 0);
		put_terminal(vmm, out);
		put_kernel(vmm, out);
	}
	fdt_out_node_end(out);
}
