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

#include "vmm/base/rtas_frame.h"

rtas_fn rtas_change_msi, rtas_query_irq;	       /* rtas_msi.c */
rtas_fn rtas_query_dma_window, rtas_create_dma_window; /* rtas_dma.c */
rtas_fn rtas_remove_dma_window, rtas_reset_dma_window; /* rtas_dma.c */
