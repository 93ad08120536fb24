/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backends.h - what devices refer to: networks, disks, sources of random numbers, memory
 *
 * A backend has a name and a kind, and no data. A device that refers to one that does not
 * exist, or that another device uses, is refused. A backend in use cannot be removed.
 *
 * Memory:  host owns all backends. The options of a call are copied.
 * Errors:  negative errno, with a text in struct papr_error.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/keyval.h"

enum backend_kind {
	BACKEND_NETDEV,
	BACKEND_NODE,  /* a disk: -blockdev */
	BACKEND_DRIVE, /* a disk, too: -drive */
	BACKEND_OBJECT,
};

/* Add a backend. Its options are those of -netdev, -blockdev, -drive or -object. */
int backends_add(struct host *host, enum backend_kind kind, const struct keyval *kv,
		 struct papr_error *error);
/* Remove a backend. Fails with -ENOENT or -EBUSY. */
int backends_del(struct host *host, enum backend_kind kind, const char *id,
		 struct papr_error *error);

/* Add a device, as papr_vmm_device_add() does, and connect it to its backends. */
int backends_device_add(struct host *host, const struct keyval *options,
			struct papr_error *error);
