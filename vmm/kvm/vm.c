// SPDX-License-Identifier: GPL-2.0-or-later
/* The virtual machine: memory, translation, interrupt controller. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vmm/kvm/kvm_parts.h"

enum { VM_PPC_HV = 1 };

/* The first and last interrupt source of the machine. Its cards' signals are messages, or
 * are never sent. */
enum { FIRST_SOURCE = 0x1000, LAST_SOURCE = 0x1fff, MASKED_PRIORITY = 0xff };

/* A process table of a guest with radix translation (ISA 3.0, 6.7.6.1) */
#define GUEST_RADIX (UINT64_C(1) << 63)

/* ---- Memory ------------------------------------------------------------------------ */

static int vm_slot_set(struct kvm *kvm, uint32_t n, uint64_t address, uint64_t bytes)
{
	struct kvm_userspace_memory_region region = {
		.slot = n,
		.guest_phys_addr = address,
		.memory_size = bytes,
		.userspace_addr = (uint64_t)(uintptr_t)(kvm->host->memory + address),
	};

	if (ioctl(kvm->vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		return kvm_fail(-errno, "memory at 0x%llx", (unsigned long long)address);
	kvm->slots[n] = (struct kvm_slot){ address, bytes };
	return 0;
}

static bool vm_dimm_exists(const struct kvm *kvm, const struct kvm_slot *slot)
{
	struct papr_memory_info dimm = { .size = sizeof(dimm) };

	for (size_t n = 0; papr_vmm_memory_info(kvm->host->vmm, n, &dimm) > 0; n++)
		if (dimm.address == slot->address && dimm.bytes == slot->bytes)
			return true;
	return false;
}

static bool vm_slot_exists(const struct kvm *kvm, const struct papr_memory_info *dimm)
{
	for (uint32_t i = 1; i < KVM_SLOTS; i++)
		if (kvm->slots[i].bytes == dimm->bytes &&
		    kvm->slots[i].address == dimm->address)
			return true;
	return false;
}

static int vm_slot_add(struct kvm *kvm, const struct papr_memory_info *dimm)
{
	uint32_t n = 1;

	while (n < KVM_SLOTS && kvm->slots[n].bytes)
		n++;
	return n < KVM_SLOTS ? vm_slot_set(kvm, n, dimm->address, dimm->bytes) : -ENOSPC;
}

static int vm_memory_update(struct kvm *kvm)
{
	struct papr_memory_info dimm = { .size = sizeof(dimm) };
	int err = 0;

	kvm->memory_changed = false;
	for (uint32_t i = 1; !err && i < KVM_SLOTS; i++)
		if (kvm->slots[i].bytes && !vm_dimm_exists(kvm, &kvm->slots[i]))
			err = vm_slot_set(kvm, i, kvm->slots[i].address, 0);
	for (size_t n = 0; !err && papr_vmm_memory_info(kvm->host->vmm, n, &dimm) > 0;
	     n++)
		if (!vm_slot_exists(kvm, &dimm))
			err = vm_slot_add(kvm, &dimm);
	return err;
}

/* ---- Processors ---------------------------------------------------------------------- */

static int vm_cores_update(struct kvm *kvm)
{
	struct papr_cpu_info core = { .size = sizeof(core) };
	int err = 0;

	for (size_t n = 0; !err && papr_vmm_cpu_info(kvm->host->vmm, n, &core) > 0; n++)
		for (uint32_t i = 0; core.path && !err && i < core.threads; i++)
			if (core.core_id + i < kvm->n_vcpus &&
			    !kvm->vcpus[core.core_id + i])
				err = vcpu_create(kvm, core.core_id + i);
	return err;
}

int vm_update(struct kvm *kvm)
{
	int err = vm_memory_update(kvm);

	return err ? err : vm_cores_update(kvm);
}

/* ---- Translation --------------------------------------------------------------------- */

int vm_set_process_table(struct kvm *kvm, uint64_t table, bool guest_flushes)
{
	struct kvm_ppc_mmuv3_cfg config = {
		.flags = KVM_PPC_MMUV3_RADIX | (guest_flushes ? KVM_PPC_MMUV3_GTSE : 0),
		.process_table = GUEST_RADIX | table,
	};

	return ioctl(kvm->vm_fd, KVM_PPC_CONFIGURE_V3_MMU, &config) ? -errno : 0;
}

/* ---- Interrupts ---------------------------------------------------------------------- */

static int vm_sources_reset(struct kvm *kvm)
{
	uint64_t masked =
		(uint64_t)MASKED_PRIORITY << KVM_XICS_PRIORITY_SHIFT | KVM_XICS_MASKED;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_XICS_GRP_SOURCES,
		.addr = (uint64_t)(uintptr_t)&masked,
	};

	for (attr.attr = FIRST_SOURCE; attr.attr <= LAST_SOURCE; attr.attr++)
		if (ioctl(kvm->xics_fd, KVM_SET_DEVICE_ATTR, &attr))
			return kvm_fail(-errno, "interrupt source 0x%llx",
					(unsigned long long)attr.attr);
	return 0;
}

static int vm_xics_create(struct kvm *kvm)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_XICS };

	if (ioctl(kvm->vm_fd, KVM_CREATE_DEVICE, &device))
		return kvm_fail(-errno, "the interrupt controller");
	kvm->xics_fd = (int)device.fd;
	return 0;
}

/* KVM answers these RTAS calls itself: they belong to the interrupt controller. */
static int vm_tokens_define(struct kvm *kvm)
{
	static const char *const calls[] = { "ibm,set-xive", "ibm,get-xive", "ibm,int-on",
					     "ibm,int-off" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct kvm_rtas_token_args call = {
			.token = papr_vmm_rtas_token(kvm->host->vmm, calls[i]),
		};

		snprintf(call.name, sizeof(call.name), "%s", calls[i]);
		if (ioctl(kvm->vm_fd, KVM_PPC_RTAS_DEFINE_TOKEN, &call))
			return kvm_fail(-errno, "%s", calls[i]);
	}
	return 0;
}

void vm_interrupt(struct kvm *kvm, uint32_t irq)
{
	struct kvm_irq_level edge = { .irq = irq, .level = 1 };

	if (ioctl(kvm->vm_fd, KVM_IRQ_LINE, &edge))
		kvm_fail(-errno, "interrupt 0x%x", (unsigned int)irq);
}

/* ---- The machine --------------------------------------------------------------------- */

int vm_reset(struct kvm *kvm)
{
	int err = vm_set_process_table(kvm, 0, true);

	return err ? kvm_fail(err, "radix translation") : vm_sources_reset(kvm);
}

/* Threads of a core share some of its registers, so KVM must know their number. */
static int vm_threads_set(struct kvm *kvm)
{
	struct kvm_enable_cap smt = { .cap = KVM_CAP_PPC_SMT };

	smt.args[0] = kvm->host->options.config.threads;
	if (smt.args[0] > 1 && ioctl(kvm->vm_fd, KVM_ENABLE_CAP, &smt))
		return kvm_fail(-errno, "%u threads in a core",
				kvm->host->options.config.threads);
	return 0;
}

int vm_create(struct kvm *kvm)
{
	int err;

	kvm->vm_fd = ioctl(kvm->device_fd, KVM_CREATE_VM, VM_PPC_HV);
	if (kvm->vm_fd < 0)
		return kvm_fail(-errno, "a virtual machine");
	if (ioctl(kvm->vm_fd, KVM_CHECK_EXTENSION, KVM_CAP_PPC_MMU_RADIX) <= 0)
		return kvm_fail(
			-ENOTSUP,
			"this computer has no radix translation (POWER9 or later)");
	err = vm_threads_set(kvm);
	if (!err)
		err = vm_slot_set(kvm, 0, 0, kvm->host->options.config.ram_bytes);
	if (!err)
		err = vm_xics_create(kvm);
	if (!err)
		err = vm_tokens_define(kvm);
	if (!err)
		err = vm_reset(kvm);
	return err ? err : vm_update(kvm);
}
