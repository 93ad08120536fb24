/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drivers.h - the properties of each kind of device, each table in the file that reads them
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/option.h"

extern const struct option_row backend_rows[]; /* memory.c */
extern const struct option_row core_rows[];    /* cpus.c */
extern const struct option_row dimm_rows[], nvdimm_rows[];
extern const struct option_row disk_rows[];
extern const struct option_row pci_rows[]; /* pci_options.c */
extern const struct option_row phb_rows[];
extern const struct option_row vio_rows[];
