/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mac.h - MAC addresses of network cards, given or by default
 *
 * Default addresses are consecutive. A card gets the first unused one.
 *
 * Source:  QEMU 7.2 (52:54:00:12:34:56)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

enum { MAC_BYTES = 6, MAC_DEFAULTS = 256 };

/* Read "52:54:00:12:34:56". */
bool mac_read(const char *text, uint8_t mac[MAC_BYTES]);

/* Set *mac to an unused default address. Return its number for mac_release(), or -1 if all
 * are in use. */
int mac_take(const struct papr_vmm *vmm, uint8_t mac[MAC_BYTES]);
/* Do not use this address as a default. Return its number, or -1 if it is none. */
int mac_keep(const struct papr_vmm *vmm, const uint8_t mac[MAC_BYTES]);
/* Make the address with this number unused again. -1: nothing. */
void mac_release(const struct papr_vmm *vmm, int number);
