/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resource_text.h - what Linux has for a resource, in words
 */
#pragma once

#include "libdrmgr/drmgr.h"

/* Return "0000:00:01.0 virtio-pci eth0, 0000:00:01.1 nvme nvme0n1": each device with its
 * driver, interfaces and disks. The caller frees the text. NULL: it has no device, or
 * out of memory. */
char *resource_devices_text(const struct dr_resource *resource);
