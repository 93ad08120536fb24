/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * guest_memory.h - big-endian words and strings in the guest's memory
 *
 * Every address and length comes from the guest. If a range leaves memory, or wraps,
 * the functions return -EFAULT and access nothing.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/paprvmm.h"

/* RTAS and several hypercalls take real-mode addresses: the top four bits alias. */
#define GUEST_REAL(addr) ((addr)&0x0fffffffffffffffULL)

int guest_read(const struct papr_vmm *vmm, uint64_t addr, void *buf, size_t len);
int guest_write(const struct papr_vmm *vmm, uint64_t addr, const void *buf, size_t len);
int guest_read_be32(const struct papr_vmm *vmm, uint64_t addr, uint32_t *value);
int guest_write_be32(const struct papr_vmm *vmm, uint64_t addr, uint32_t value);

/* Return where this range is in the host's memory, or NULL: use guest_read() and
 * guest_write(). The pointer is valid until the embedder's call has returned. Others can
 * change the bytes at any time. */
void *guest_map(const struct papr_vmm *vmm, uint64_t addr, size_t len);

/* Read a NUL-terminated string of at most size - 1 characters into buf[size]. It is read
 * byte by byte from addr, so that a string at the very end of memory can be read. Return
 * 0, -EFAULT or -ENAMETOOLONG (no NUL within size bytes). */
int guest_read_str(const struct papr_vmm *vmm, uint64_t addr, char *buf, size_t size);
