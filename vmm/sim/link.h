/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - messages between papr-vmm and the guest's first process
 *
 * Shape:   each message is one SOCK_SEQPACKET datagram: struct link_head, then bytes as
 *          the kind says, and descriptors as ancillary data.
 * Memory:  the caller owns received descriptors; they are close-on-exec.
 * Errors:  negative errno; -EPIPE: the peer has closed the socket.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	LINK_BYTES = 192 << 10, /* largest message; an argument list must fit */
	LINK_FDS = 8,
};

enum link_kind {
	/* To the guest's first process: */
	LINK_MAPPED = 1, /* the user ids are mapped: continue */
	LINK_SERVED,	 /* the kernel's files are served: continue */
	LINK_RUN,	 /* id; struct link_run; maybe stdin, stdout, stderr */
	LINK_SIGNAL,	 /* id, value: signal for that command's processes */
	LINK_OPEN,	 /* id, text: a path from the root of the kernel's files */
	/* From the guest's first process: */
	LINK_FILES,   /* descriptors in the order of enum link_file */
	LINK_READY,   /* descriptors in the order of enum link_ready */
	LINK_STARTED, /* id */
	LINK_ENDED,   /* id, value: wait status */
	LINK_FILE,    /* the descriptor for the next LINK_OPENED */
	LINK_OPENED,  /* id, value: errno or 0; the sender has no descriptor of it */
	LINK_FAILED,  /* value: errno; text: what failed */
};

enum link_file {
	LINK_FUSE,
	LINK_MEMORY, /* the file that provides the guest's /dev/mem */
	LINK_PROC,   /* a procfs of the guest's processes */
	LINK_FILE_COUNT,
};

enum link_ready {
	LINK_TRAP,    /* notifications of trapped system calls */
	LINK_DEV,     /* the guest's /dev, to add and remove device files */
	LINK_UEVENT,  /* netlink socket in its network namespace */
	LINK_USER_NS, /* its user namespace */
	LINK_CTL,     /* last: a listening socket for papr-vmm ctl, if requested */
	LINK_READY_COUNT,
};

struct link_head {
	uint32_t kind;
	uint32_t id;
	int32_t value;
};

/* LINK_RUN: after the counts follow the strings, each with its NUL: folder, arguments,
 * environment. */
struct link_run {
	uint32_t n_args, n_env;
};

struct link_message {
	struct link_head head;
	char *bytes; /* owned; with a NUL after the last byte */
	size_t len;
	int fds[LINK_FDS];
	int n_fds;
};

int link_send(int fd, const struct link_head *head, const void *bytes, size_t len,
	      const int *fds, int n_fds);
/* Receive a message; flags as for recvmsg(2). Return 1 if *message is filled, 0 if
 * MSG_DONTWAIT is set and no message is pending. */
int link_receive(int fd, struct link_message *message, int flags);
/* Split the bytes of LINK_RUN into folder, arguments, NULL, environment, NULL. The caller
 * frees the array; the strings are those of the message. NULL: out of memory, or the bytes
 * are not of this form. */
char **link_split(struct link_message *message, struct link_run *run);
/* Free the message and close its descriptors, except those that the caller took and set
 * to -1. */
void link_done(struct link_message *message);
