/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.h - system calls of the guest's programs that are the simulated kernel's
 *
 * seccomp user notification: the program waits, papr-vmm answers. It is no sandbox: the
 * program can change its memory meanwhile, so arguments are copied once, only the copy
 * is used, the call is known to be still waiting after the copy and before results are
 * written, and no call is ever let through to the machine's own kernel.
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

/* One call that waits. */
struct trap_call {
	int nr;
	uint64_t args[6];
	pid_t pid; /* thread, as papr-vmm sees it */
	/* for trap_read() and trap_write() */
	struct trap *trap;
	uint64_t id;
};

/* The result, or a negative errno, or TRAP_NEVER: the program gets no answer, for it is
 * not to go on. */
#define TRAP_NEVER LONG_MIN
/* Or: trap_answer() follows. */
#define TRAP_LATER (LONG_MIN + 1)
typedef long trap_fn(void *arg, struct trap_call *call);

/* The rtas system call's number: powerpc's own, elsewhere one that no kernel has. */
#ifdef __powerpc__
enum { TRAP_RTAS = 255 };
#else
enum { TRAP_RTAS = 0x7072 };
#endif

/* Inside the guest: from here on its calls are caught, its children's too. *fd: for
 * trap_new(). */
int trap_install(bool papr_devices, int *fd);

/* fd is owned from then on. init: the guest's first process. */
int trap_new(struct trap **out, struct loop *loop, int fd, pid_t init, trap_fn *fn,
	     void *arg);
void trap_free(struct trap *trap); /* NULL is fine */

/* To a call that was put off; to one that does not wait any more nothing happens. */
void trap_answer(const struct trap_call *call, long result);

/* The program's memory. -EFAULT; -ESRCH when it does not wait any more. */
int trap_read(const struct trap_call *call, uint64_t addr, void *buf, size_t len);
int trap_write(const struct trap_call *call, uint64_t addr, const void *buf, size_t len);

/* Has it this capability, over the namespace that the guest's first process lives in? */
bool trap_capable(const struct trap_call *call, int capability);

/* Is it the guest's root, in whichever namespace? */
bool trap_is_root(const struct trap_call *call);

/* A copy of this descriptor becomes the program's (close-on-exec); its number there. */
int trap_give_fd(const struct trap_call *call, int fd);
