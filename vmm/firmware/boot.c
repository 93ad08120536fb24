// SPDX-License-Identifier: LGPL-2.1-or-later
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/firmware/boot.h"

enum { INITRD_ALIGN = 0x10000 };

/* Kernels are linked at the top of the address space and loaded at its bottom. */
#define KERNEL_OFFSET(addr) ((addr)&0x0fffffffULL)

struct elf {
	const uint8_t *bytes;
	size_t len;
	bool is64, le;
};

struct segment {
	uint32_t type;
	uint64_t offset, addr, file_size, size;
};

/* Read an unsigned number of this many bytes. Outside of the file it is 0, which no
 * caller accepts. */
static uint64_t get(const struct elf *elf, uint64_t at, unsigned int bytes)
{
	uint64_t value = 0;

	if (at > elf->len || bytes > elf->len - at)
		return 0;
	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)elf->bytes[at + i]
			 << 8 * (elf->le ? i : bytes - 1 - i);
	return value;
}

static bool is_elf(const void *bytes, size_t len)
{
	return len > EI_NIDENT && !memcmp(bytes, ELFMAG, SELFMAG);
}

static int open_elf(struct elf *elf, const void *bytes, size_t len)
{
	uint64_t machine;

	*elf = (struct elf){ .bytes = bytes, .len = len };
	elf->is64 = elf->bytes[EI_CLASS] == ELFCLASS64;
	elf->le = elf->bytes[EI_DATA] == ELFDATA2LSB;
	machine = get(elf, offsetof(Elf64_Ehdr, e_machine), 2);
	return machine == (elf->is64 ? EM_PPC64 : EM_PPC) ? 0 : -EINVAL;
}

#define FIELD(elf, at, type, field)                                   \
	((elf)->is64 ? get(elf, (at) + offsetof(Elf64_##type, field), \
			   sizeof(((Elf64_##type *)0)->field))        \
		     : get(elf, (at) + offsetof(Elf32_##type, field), \
			   sizeof(((Elf32_##type *)0)->field)))

static uint64_t n_segments(const struct elf *elf)
{
	return FIELD(elf, 0, Ehdr, e_phnum);
}

static struct segment nth_segment(const struct elf *elf, uint64_t n)
{
	uint64_t at = FIELD(elf, 0, Ehdr, e_phoff);

	if (at > elf->len)
		at = elf->len;
	at += n * FIELD(elf, 0, Ehdr, e_phentsize);
	return (struct segment){
		.type = (uint32_t)FIELD(elf, at, Phdr, p_type),
		.offset = FIELD(elf, at, Phdr, p_offset),
		.addr = BOOT_KERNEL_BASE + KERNEL_OFFSET(FIELD(elf, at, Phdr, p_paddr)),
		.file_size = FIELD(elf, at, Phdr, p_filesz),
		.size = FIELD(elf, at, Phdr, p_memsz),
	};
}

static int zero(const struct papr_vmm *vmm, uint64_t addr, uint64_t len)
{
	static const uint8_t zeroes[4096];
	void *at = guest_map(vmm, addr, len);
	int err = 0;

	if (at) {
		memset(at, 0, len);
		return 0;
	}
	while (!err && len) {
		size_t n = len < sizeof(zeroes) ? (size_t)len : sizeof(zeroes);

		err = guest_write(vmm, addr, zeroes, n);
		addr += n;
		len -= n;
	}
	return err;
}

static int load_segment(const struct papr_vmm *vmm, const struct elf *elf,
			const struct segment *s)
{
	int err;

	if (s->offset > elf->len || s->file_size > elf->len - s->offset ||
	    s->file_size > s->size)
		return -EINVAL;
	if (s->size > machine_of(vmm)->cfg.ram_bytes)
		return -EFAULT;

	err = guest_write(vmm, s->addr, elf->bytes + s->offset, (size_t)s->file_size);
	return err ? err : zero(vmm, s->addr + s->file_size, s->size - s->file_size);
}

/* Load an ELF image. QEMU's size is the sum of the segments. This size spans from the
 * first byte to the last, so that memory between segments is not given away. */
static int load_elf(struct papr_vmm *vmm, const struct elf *elf)
{
	uint64_t first = UINT64_MAX, end = 0;

	for (uint64_t i = 0; i < n_segments(elf); i++) {
		struct segment s = nth_segment(elf, i);
		int err;

		if (s.type != PT_LOAD || !s.size)
			continue;
		err = load_segment(vmm, elf, &s);
		if (err)
			return err;
		first = s.addr < first ? s.addr : first;
		end = s.addr + s.size > end ? s.addr + s.size : end;
	}
	if (!end)
		return -EINVAL;

	boot_of(vmm)->kernel_base = first;
	boot_of(vmm)->kernel_size = end - first;
	boot_of(vmm)->kernel_le = elf->le;
	return 0;
}

static int load_kernel(struct papr_vmm *vmm)
{
	const void *bytes = machine_of(vmm)->cfg.kernel;
	size_t len = machine_of(vmm)->cfg.kernel_bytes;
	struct elf elf;
	int err;

	if (is_elf(bytes, len)) {
		err = open_elf(&elf, bytes, len);
		return err ? err : load_elf(vmm, &elf);
	}

	boot_of(vmm)->kernel_base = BOOT_KERNEL_BASE;
	boot_of(vmm)->kernel_size = len;
	return guest_write(vmm, BOOT_KERNEL_BASE, bytes, len);
}

/* Load the initrd after the kernel, with a gap. */
static int load_initrd(struct papr_vmm *vmm)
{
	struct boot *boot = boot_of(vmm);
	uint64_t end = boot->kernel_size ? boot->kernel_base + boot->kernel_size
					 : BOOT_KERNEL_BASE;

	boot->initrd_base = (end + 2 * INITRD_ALIGN - 1) & ~(uint64_t)(INITRD_ALIGN - 1);
	boot->initrd_size = machine_of(vmm)->cfg.initrd_bytes;
	return guest_write(vmm, boot->initrd_base, machine_of(vmm)->cfg.initrd,
			   machine_of(vmm)->cfg.initrd_bytes);
}

int boot_load(struct papr_vmm *vmm)
{
	int err = 0;

	*boot_of(vmm) = (struct boot){ 0 };
	if (machine_of(vmm)->cfg.kernel_bytes)
		err = load_kernel(vmm);
	if (!err && machine_of(vmm)->cfg.initrd_bytes)
		err = load_initrd(vmm);
	return err;
}
