/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - what papr-vmm and the guest's first process tell each other
 *
 * Shape:   one SOCK_SEQPACKET message each: struct link_head, then bytes as the kind
 *          says, with descriptors beside it.
 * Memory:  received descriptors are the caller's, close-on-exec.
 * Errors:  negative errno; -EPIPE the other side is gone.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	LINK_BYTES = 192 << 10, /* of a message; an argument list must fit */
	LINK_FDS = 8,
};

enum link_kind {
	/* to the guest's first process */
	LINK_MAPPED = 1, /* its user ids are mapped: go on */
	LINK_SERVED,	 /* its files are served: go on */
	LINK_RUN,	 /* id; struct link_run; maybe stdin, stdout, stderr */
	LINK_SIGNAL,	 /* id, value: signal for that command's processes */
	LINK_OPEN,	 /* id, text: a path from the root of the kernel's files */
	/* from it */
	LINK_FILES,   /* descriptors in the order of enum link_file */
	LINK_READY,   /* descriptor: of the trapped system calls */
	LINK_STARTED, /* id */
	LINK_ENDED,   /* id, value: wait status */
	LINK_OPENED,  /* id, value: errno or 0, then the descriptor */
	LINK_FAILED,  /* value: errno; text: what failed */
};

enum link_file {
	LINK_FUSE,
	LINK_MEMORY, /* the file that is its /dev/mem */
	LINK_DEV,    /* its /dev, for device files that come and go */
	LINK_PROC,   /* a procfs of its processes */
	LINK_UEVENT, /* netlink socket in its network namespace */
	LINK_FILE_COUNT,
};

struct link_head {
	uint32_t kind;
	uint32_t id;
	int32_t value;
};

/* LINK_RUN: behind the counts the strings, each with its NUL: folder, arguments,
 * environment. */
struct link_run {
	uint32_t n_args, n_env;
};

struct link_message {
	struct link_head head;
	char *bytes; /* owned; NUL behind the last */
	size_t len;
	int fds[LINK_FDS];
	int n_fds;
};

int link_send(int fd, const struct link_head *head, const void *bytes, size_t len,
	      const int *fds, int n_fds);
/* flags as of recvmsg(2). 1: *message is filled; 0: MSG_DONTWAIT and nothing there. */
int link_receive(int fd, struct link_message *message, int flags);
/* Closes what descriptors are left (not set to -1 by who took them). */
void link_done(struct link_message *message);
