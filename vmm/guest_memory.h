/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * guest_memory.h - big-endian words and strings in the guest's memory
 *
 * Every address and length is the guest's: a range that leaves memory, or wraps, is
 * -EFAULT and nothing is touched.
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

/* A NUL-terminated string of at most size - 1 characters into buf[size], byte for byte
 * from addr, so that one that ends at the last byte of memory can be read.
 * 0, -EFAULT, -ENAMETOOLONG no NUL within size bytes. */
int guest_read_str(const struct papr_vmm *vmm, uint64_t addr, char *buf, size_t size);
