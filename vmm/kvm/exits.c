// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a processor needs when it leaves the guest: a hypercall, or an access to a card.
 *
 * Source:  PAPR+ 14.5; Linux, arch/powerpc/include/asm/hvcall.h (H_REGISTER_PROC_TBL)
 */
#include <string.h>

#include "vmm/kvm/kvm_parts.h"
#include "vmm/kvm/virtio.h"
#include "wire/hcall.h"

/* Those that KVM answers in the kernel, then those of this file */
static const uint64_t hcalls[] = {
	H_CEDE,	     H_CONFER,
	H_PROD,	     H_REGISTER_VPA,
	H_EOI,	     H_CPPR,
	H_IPI,	     H_IPOLL,
	H_XIRR,	     H_SET_DABR,
	H_SET_XDABR,

	H_SET_MODE,  H_REGISTER_PROC_TBL,
};

const struct papr_answers exits_answers = {
	.size = sizeof(exits_answers),
	.hcalls = hcalls,
	.n_hcalls = sizeof(hcalls) / sizeof(hcalls[0]),
	.interrupts = PAPR_XICS,
	.mmu = PAPR_RADIX,
};

/* ---- H_SET_MODE ---------------------------------------------------------------------- */

enum { MODE_AIL = 3, MODE_LE = 4 };
enum { LPCR_AIL_SHIFT = 23, LPCR_ILE_SHIFT = 25 };

/* Set these bits of LPCR in all processors. */
static int64_t exits_set_lpcr(struct kvm *kvm, uint64_t mask, uint64_t bits)
{
	kvm->lpcr_set = (kvm->lpcr_set & ~mask) | bits;
	vcpus_leave(kvm);
	for (uint32_t i = 0; i < kvm->n_vcpus; i++)
		if (kvm->vcpus[i] && vcpu_set_lpcr(kvm->vcpus[i]))
			return H_HARDWARE;
	return H_SUCCESS;
}

/* Set how interrupts are delivered: byte order, and translated or not. */
static int64_t exits_set_mode(struct kvm *kvm, const uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t flags = args[0], resource = args[1];

	if (resource != MODE_AIL && resource != MODE_LE)
		return H_P2;
	if (args[2])
		return H_P3;
	if (args[3])
		return H_P4;
	if (resource == MODE_LE)
		return flags > 1 ? H_UNSUPPORTED_FLAG
				 : exits_set_lpcr(kvm, UINT64_C(1) << LPCR_ILE_SHIFT,
						  flags << LPCR_ILE_SHIFT);
	/* 0: real mode, 3: at 0xc000000000004000. Others are reserved since ISA 3.1. */
	return flags && flags != 3 ? H_UNSUPPORTED_FLAG
				   : exits_set_lpcr(kvm, UINT64_C(3) << LPCR_AIL_SHIFT,
						    flags << LPCR_AIL_SHIFT);
}

/* ---- H_REGISTER_PROC_TBL ------------------------------------------------------------- */

enum {
	PROC_GUEST_FLUSHES = 0x01,
	PROC_RADIX = 0x04,
	PROC_OPERATION = 0x18,
	PROC_REMOVE = 0x10,
	PROC_NEW = 0x18,
	PROC_KNOWN = 0x1f,
	PROC_SIZE_MAX = 24,
};

static int64_t exits_register_process_table(struct kvm *kvm,
					    const uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t flags = args[0], address = args[1], size = args[3];
	bool flushes = flags & PROC_GUEST_FLUSHES;

	if (flags & ~(uint64_t)PROC_KNOWN)
		return H_PARAMETER;
	if ((flags & PROC_OPERATION) == PROC_REMOVE)
		return vm_set_process_table(kvm, 0, flushes) ? H_HARDWARE : H_SUCCESS;
	if ((flags & PROC_OPERATION) != PROC_NEW)
		return H_SUCCESS; /* only the mode, which is radix already */
	if (!(flags & PROC_RADIX))
		return H_PARAMETER;
	if (address & 0xfff || address >> 60)
		return H_P2;
	if (size > PROC_SIZE_MAX)
		return H_P4;
	return vm_set_process_table(kvm, address | size, flushes) ? H_P2 : H_SUCCESS;
}

/* ---- Dispatch ------------------------------------------------------------------------ */

static int64_t exits_hcall(struct vcpu *v, uint64_t nr, uint64_t args[PAPR_HCALL_ARGS])
{
	struct kvm *kvm = v->kvm;

	switch (nr) {
	case H_SET_MODE:
		return exits_set_mode(kvm, args);
	case H_REGISTER_PROC_TBL:
		return exits_register_process_table(kvm, args);
	default:
		return papr_vmm_hcall(kvm->host->vmm, v->id, nr, args);
	}
}

/* Access a card. If nothing decodes the address, reads are zeros. */
static void exits_mmio(struct kvm *kvm, struct kvm_run *run)
{
	struct papr_pci_access access = { .size = sizeof(access) };
	uint32_t irq;

	if (!run->mmio.is_write)
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	if (papr_vmm_pci_at(kvm->host->vmm, run->mmio.phys_addr, &access) <= 0)
		return;
	irq = virtio_access(&kvm->cards, kvm->host, &access, run->mmio.is_write,
			    run->mmio.data, run->mmio.len);
	if (irq)
		vm_interrupt(kvm, irq);
}

bool exits_handle(struct vcpu *v)
{
	struct kvm_run *run = v->run;
	uint64_t args[PAPR_HCALL_ARGS];

	switch (run->exit_reason) {
	case KVM_EXIT_PAPR_HCALL:
		for (int i = 0; i < PAPR_HCALL_ARGS; i++)
			args[i] = run->papr_hcall.args[i];
		run->papr_hcall.ret = (uint64_t)exits_hcall(v, run->papr_hcall.nr, args);
		for (int i = 0; i < PAPR_HCALL_ARGS; i++)
			run->papr_hcall.args[i] = args[i];
		return true;
	case KVM_EXIT_MMIO:
		exits_mmio(v->kvm, run);
		return true;
	case KVM_EXIT_INTR:
		return true;
	default:
		kvm_fail(0, "processor %u stopped: exit %u", v->id, run->exit_reason);
		return false;
	}
}
