/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.h - trap the system calls that the simulated kernel handles
 *
 * This uses seccomp user notification: the program waits, papr-vmm answers. It is no
 * sandbox: the program can change its memory meanwhile. So arguments are copied once and
 * only the copy is used. After the copy (of a process that it does not know), and before
 * results are written, papr-vmm checks that the call still waits. No call is ever passed on to the machine's own kernel.
 *
 * A thread serves the calls, under the loop's lock. It copies memory without the lock: the
 * program's memory may be a file that papr-vmm itself serves.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct trap;

/* A system call that waits for its result */
struct trap_call {
	int nr;
	uint64_t args[6];
	pid_t pid;	       /* thread id in papr-vmm's namespace */
	uint64_t capabilities; /* that it has over the guest's user namespace */
	/* For trap_read() and trap_write(): */
	struct trap *trap;
	uint64_t id;
	uint64_t print; /* of arguments and memory, where calls can repeat; otherwise 0 */
};

/* Results other than a value or a negative errno. TRAP_NEVER: the program gets no answer
 * and must not continue. */
#define TRAP_NEVER LONG_MIN
/* trap_answer() follows. */
#define TRAP_LATER (LONG_MIN + 1)
typedef long trap_fn(void *arg, struct trap_call *call);

/* Trap the calls of this process and its children from now on, and end those that make
 * system calls of another architecture. Runs inside the guest. *fd is for trap_new() and
 * is the only descriptor; the caller closes it. */
int trap_install(bool papr_devices, int *fd);

/* Return true if, on this kernel, a signal can repeat a call that was answered. Then the
 * same answer is given again. */
bool trap_repeats(void);

/* Serve the trapped calls. Takes ownership of fd. user_ns: inode number of the guest's user
 * namespace. fn runs in a thread, under the loop's lock. */
int trap_new(struct trap **out, struct loop *loop, int fd, uint64_t user_ns, trap_fn *fn,
	     void *arg);
/* The guest's processes must be dead, and its files closed. NULL is fine. */
void trap_free(struct trap *trap);

/* Answer a call that was deferred by TRAP_LATER. A call that no longer waits is
 * ignored. */
void trap_answer(const struct trap_call *call, long result);

/* Return true if a signal made the thread repeat this call, which then has another id. */
bool trap_is_same(const struct trap_call *call, const struct trap_call *other);

/* Copy from the program's memory, within what the call refers to: RTAS_IMAGE_BYTES, or the
 * block of an ioctl. Copy to it after the call is served. -EFAULT. */
int trap_read(const struct trap_call *call, uint64_t addr, void *buf, size_t len);
int trap_write(const struct trap_call *call, uint64_t addr, const void *buf, size_t len);

/* Return true if the program has this capability over the user namespace of the guest's
 * first process. */
bool trap_capable(const struct trap_call *call, int capability);

/* Return true if the program runs as the guest's root, in any user namespace. */
bool trap_is_root(const struct trap_call *call);

/* Install a copy of this descriptor (close-on-exec) in the program. Return its number
 * there, or a negative errno. */
int trap_give_fd(const struct trap_call *call, int fd);
