/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_pci.h - the calls about PCI, one family per file
 *
 * rtas_pci.c has their table, and the calls without a file of their own.
 *
 * Source:  PAPR+ 7.3.4, 7.3.10, 7.3.11; counts and statuses as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/rtas/rtas.h"

rtas_fn rtas_change_msi, rtas_query_irq;			 /* rtas_msi.c */
rtas_fn rtas_query_dma_window, rtas_create_dma_window;		 /* rtas_dma.c */
rtas_fn rtas_remove_dma_window, rtas_reset_dma_window;		 /* rtas_dma.c */
rtas_fn rtas_set_xive, rtas_get_xive, rtas_int_off, rtas_int_on; /* rtas_xics.c */

/* rtas_xics.c: the guest's settings of one interrupt source, indexed from the first. */
enum { XICS_FIRST_SOURCE = 0x1000, XICS_SOURCES = 0x1000, XICS_MASKED = 0xff };
struct irq_source {
	uint32_t server;
	uint8_t priority, saved; /* saved: priority before ibm,int-off */
};
/* Return a malloc'ed table with all sources masked, or NULL if out of memory. */
struct irq_source *xics_sources_new(void);
