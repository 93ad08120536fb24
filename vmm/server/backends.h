/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backends.h - what devices refer to: networks, disks, threads, sources of random numbers
 *
 * A backend has a name and a type, and no data. A device that refers to one that does not
 * exist is refused, and a backend that a device uses cannot be removed.
 *
 * Memory:  host owns all backends. The options of a call are copied.
 * Errors:  negative errno, with QEMU's text in struct papr_error.
 * Source:  replies of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vmm/server/host.h"
#include "vmm/server/keyval.h"

enum backend_kind {
	BACKEND_NETDEV,
	BACKEND_NODE,  /* -blockdev */
	BACKEND_DRIVE, /* -drive */
	BACKEND_OBJECT,
	BACKEND_AUDIO, /* -audiodev */
};

/* Add a backend. Its options are those of -netdev, -blockdev, -drive or -object. */
int backends_add(struct host *host, enum backend_kind kind, const struct keyval *kv,
		 struct papr_error *error);
/* Remove a backend that was added later. Fails with -ENOENT or -EBUSY. */
int backends_del(struct host *host, enum backend_kind kind, const char *id,
		 struct papr_error *error);
/* Remove a drive, or a node. A drive below a device leaves the device without a medium. */
int backends_drive_del(struct host *host, const char *id, struct papr_error *error);

/* Add a device, as papr_vmm_device_add() does, and connect it to its backends. */
int backends_device_add(struct host *host, const struct keyval *options,
			struct papr_error *error);

/* Return the names of all formats of a disk, with a blank before each. */
const char *backends_formats(void);

/* A type of objects. The last one has no name. */
struct backend_type {
	const char *name, *parent;
	const char *properties; /* "size:int share:bool" */
};
extern const struct backend_type backend_types[];

/* Use this object as the machine's memory. */
int backends_use_memory(struct host *host, const char *id, struct papr_error *error);

struct backend_info {
	enum backend_kind kind;
	const char *id, *type; /* "user", "qcow2", "iothread" */
	const char *file;      /* of a disk, or NULL */
	uint64_t bytes;	       /* of memory */
	bool is_empty;	       /* a drive without a medium */
	bool is_gone;	       /* a drive that was removed below its device */
	const char *user;      /* id of the device that uses it, or NULL */
	bool is_cdrom;	       /* the device is a CD drive */
	const struct keyval *options;
};

/* Fill *out with backend n, oldest first. Return 1, or 0 after the last one. */
int backends_info(const struct host *host, size_t n, struct backend_info *out);
