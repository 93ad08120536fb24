/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_papr.h - /dev/papr-*: firmware's longer calls, made by the kernel
 *
 * One frame for all of them: which there are, whose ioctl it is, and the descriptors
 * that some answer with ("handles"). A device is a character device of the machine's own
 * that does nothing, bound to its path; its ioctls are caught. A handle is a file of
 * the kernel's own file system that has no name for the guest's programs, so that its
 * reads are asked for one by one, with their sizes.
 *
 * A program asks as this computer's headers have it, since it was built with them. On
 * powerpc "write" is another bit of a command, so the number that is fixed there is
 * understood too: no two commands look alike that way, and the structures are the same.
 *
 * Errors:  negative errno: what Linux answers to the program.
 * Source:  Linux uapi papr-*.h; first versions: sysparm and vpd 6.8, others 6.16
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/sim/kernel.h"
#include "vmm/sim/trap.h"

/* The program waits for its descriptor. */
#define KPAPR_LATER TRAP_LATER

struct khandle;

/* Either is the answer, or negative. handle: whose ioctl it is, NULL: a device's. */
typedef long kpapr_fn(struct kernel *k, struct khandle *handle, struct trap_call *call);

enum kpapr_dir { KPAPR_WRITE = 1, KPAPR_READ_WRITE = 3 }; /* as the program sees it */

struct kpapr_ioctl {
	kpapr_fn *fn; /* NULL ends a list */
	uint8_t nr;
	uint8_t dir;	  /* enum kpapr_dir */
	uint16_t size;	  /* of the structure */
	bool needs_write; /* -EBADF on a descriptor that was opened for reading */
};

struct khandle_ops {
	/* Answers the request; at: where the program is. */
	void (*read)(struct khandle *handle, struct fs_request *request, size_t size,
		     uint64_t at);
	const struct kpapr_ioctl *ioctls; /* NULL: none */
};

struct khandle {
	struct khandle *next;
	struct kernel *k;
	const struct khandle_ops *ops;
	struct pfs_node *file;
	uint32_t id;
	struct trap_call call; /* of whom it was made for */
	int mount;
	unsigned long ino; /* how an ioctl's descriptor is known */
	uint8_t *bytes;	   /* owned: what it reads as, if it is known */
	size_t len;
	/* Of a platform dump. */
	uint64_t tag, number;
	bool complete, ended;
};

/* A handle becomes the program's, when the guest's first process has opened it.
 * KPAPR_LATER, or -errno. */
long khandle_give(struct kernel *k, struct trap_call *call,
		  const struct khandle *like /* ops, bytes, len, tag */);
/* The same with the bytes of a text, which is the handle's then, or gone; err: what
 * there was before, to be answered. */
long khandle_give_text(struct kernel *k, struct trap_call *call,
		       const struct khandle_ops *ops, struct text *text, int err);
/* Text that reads as a plain file does. */
extern const struct khandle_ops khandle_bytes;
/* The live handle of these ops with this tag; NULL: none. */
struct khandle *khandle_find(const struct kernel *k, const struct khandle_ops *ops,
			     uint64_t tag);

/* The structure that an ioctl is about. */
static inline uint64_t kpapr_block(const struct trap_call *call)
{
	return call->args[2];
}

/* The devices' ioctls, one file each. */
extern const struct kpapr_ioctl ksysparm_ioctls[]; /* kernel_sysparm.c */
extern const struct kpapr_ioctl kvpd_ioctls[];	   /* kernel_papr_blob.c */
extern const struct kpapr_ioctl kattest_ioctls[];  /* kernel_papr_blob.c */
extern const struct kpapr_ioctl kindices_ioctls[]; /* kernel_papr_indices.c */
extern const struct kpapr_ioctl kdump_ioctls[];	   /* kernel_papr_dump.c */

/* A call that is made again and again with the number that it answers, all of it into
 * one blob: inputs as of the first, and which are what. */
struct ksequence {
	const char *call;
	uint32_t in[5];
	unsigned int n_in, number_in; /* which of them is the number */
	int bytes_out; /* output with the length of a part, behind the status; -1: 4096 */
	uint32_t area; /* where in the kernel's work area parts appear */
	/* Before the first call, and when it begins again. */
	void (*prepare)(struct kernel *k, const void *arg);
	const void *arg;
};
/* *blob is owned by the caller. -EINVAL, -EIO, -ENOMEM. */
int ksequence_run(struct kernel *k, const struct ksequence *s, struct text *blob);
