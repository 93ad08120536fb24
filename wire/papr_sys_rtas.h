/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * papr_sys_rtas.h - the number of the rtas system call, on every architecture
 *
 * Linux has this call on powerpc alone. Elsewhere, this number is one that no kernel
 * allocates: the call returns ENOSYS on the machine itself, and papr-vmm answers it in a
 * simulated guest, papr-vmm(1). A source that uses __NR_rtas or SYS_rtas is compiled
 * unmodified with the option -include papr_sys_rtas.h.
 *
 * Layer:   wire (no I/O, no globals, no logging); installed
 */
#pragma once

#ifdef __powerpc__
#define PAPR_SYS_RTAS 255
#else
#define PAPR_SYS_RTAS 0x7072
#define __NR_rtas     PAPR_SYS_RTAS
#define SYS_rtas      PAPR_SYS_RTAS
#endif
