/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_papr.h - /dev/papr-*: the kernel makes firmware's longer calls for programs
 *
 * This is the frame for all of these devices: which ones exist, the dispatch of ioctls,
 * and the descriptors that some ioctls return ("handles"). A device is a bind mount of
 * one of the machine's character devices that does nothing. Its ioctls are trapped. A
 * handle is a file of the simulated kernel's file system that has no name for the guest's
 * programs, so each read is a request here, with its size.
 *
 * Programs use the ioctl numbers of this computer's headers. powerpc encodes "write" with
 * another bit of the command, so powerpc's fixed number is accepted too. The two
 * encodings never collide, and the structures are the same.
 *
 * Errors:  negative errno: what Linux returns to the program.
 * Source:  Linux uapi papr-*.h; first versions: sysparm and vpd 6.8, others 6.16
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/sim/kernel.h"
#include "vmm/sim/trap.h"

/* Result of an ioctl that is answered later, with a descriptor */
#define KPAPR_LATER TRAP_LATER

struct khandle;

/* Execute an ioctl of a handle, or of a device (handle NULL). Return the result, or
 * -errno. */
typedef long kpapr_fn(struct kernel *k, struct khandle *handle, struct trap_call *call);

enum kpapr_dir { KPAPR_WRITE = 1, KPAPR_READ_WRITE = 3 }; /* from the program's side */

struct kpapr_ioctl {
	kpapr_fn *fn; /* NULL ends a list */
	uint8_t nr;
	uint8_t dir;	  /* enum kpapr_dir */
	uint16_t size;	  /* of the structure */
	bool needs_write; /* -EBADF on a descriptor that was opened for reading */
};

struct khandle_ops {
	/* Answer the request. at: the program's file offset. */
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
	struct trap_call call; /* the call that created the handle */
	enum {
		KHANDLE_OPEN,
		KHANDLE_WAITS, /* the file cannot be opened yet */
		KHANDLE_OPENS, /* the call waits for the descriptor */
	} state;
	int mount;
	unsigned long ino; /* identifies the handle in an ioctl on a descriptor */
	uint8_t *bytes;	   /* owned; the content, if it is known */
	size_t len;
	/* Only for a platform dump: */
	uint64_t tag, number;
	bool complete, ended;
};

/* Create a handle and have the guest's first process open it; the program then receives
 * the descriptor. Return KPAPR_LATER, or -errno. */
long khandle_give(struct kernel *k, struct trap_call *call,
		  const struct khandle *like /* ops, bytes, len, tag */);
/* Like khandle_give(), with the text as content. Takes ownership of the text, also on
 * failure. err: an earlier error, which is returned if it is not 0. */
long khandle_give_text(struct kernel *k, struct trap_call *call,
		       const struct khandle_ops *ops, struct text *text, int err);
/* Operations of a handle that reads like a regular file */
extern const struct khandle_ops khandle_bytes;
/* Return the open handle with these operations and this tag, or NULL. */
struct khandle *khandle_find(const struct kernel *k, const struct khandle_ops *ops,
			     uint64_t tag);

/* Return the address of the ioctl's structure. */
static inline uint64_t kpapr_block(const struct trap_call *call)
{
	return call->args[2];
}

/* Ioctls of the devices, each in its own file */
extern const struct kpapr_ioctl ksysparm_ioctls[]; /* kernel_sysparm.c */
extern const struct kpapr_ioctl kvpd_ioctls[];	   /* kernel_papr_blob.c */
extern const struct kpapr_ioctl kattest_ioctls[];  /* kernel_papr_blob.c */
extern const struct kpapr_ioctl kindices_ioctls[]; /* kernel_papr_indices.c */
extern const struct kpapr_ioctl kdump_ioctls[];	   /* kernel_papr_dump.c */

/* An RTAS call that is repeated with the sequence number that it returns. All parts form
 * one blob. The members describe the inputs of the first call and the positions of the
 * arguments. */
struct ksequence {
	const char *call;
	uint32_t in[5];
	unsigned int n_in, number_in; /* index of the sequence number in `in` */
	int bytes_out; /* output with a part's length, after the status; -1: 4096 */
	uint32_t area; /* offset of the parts in the kernel's work area */
	/* Called before the first call and before each restart. */
	void (*prepare)(struct kernel *k, const void *arg);
	const void *arg;
};
/* Run the calls. The caller owns *blob. Fails with -EINVAL, -EIO or -ENOMEM. */
int ksequence_run(struct kernel *k, const struct ksequence *s, struct text *blob);
