/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_calls.h - the calls about the machine as a whole, one family per file
 *
 * rtas_sys.c has their table, and the calls without a file of their own.
 *
 * Source:  PAPR+ 7.3; counts and statuses as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdint.h>

#include "vmm/rtas/rtas.h"

rtas_fn rtas_get_time_of_day, rtas_set_time_of_day; /* rtas_time.c */
rtas_fn rtas_get_sysparm, rtas_set_sysparm;	    /* rtas_sysparm.c */
rtas_fn rtas_nvram_fetch, rtas_nvram_store;	    /* rtas_nvram.c */
rtas_fn rtas_nmi_register, rtas_nmi_interlock;	    /* rtas_nmi.c */

enum { RTAS_MESSAGE_BYTES = 512 };
/* Read the guest's message as far as it is readable. Replace unprintable characters. */
void rtas_read_message(const struct papr_vmm *vmm, uint64_t addr,
		       char text[RTAS_MESSAGE_BYTES]); /* rtas_sys.c */
