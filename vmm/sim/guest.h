/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.h - the namespaces of a simulated guest, from papr-vmm's side
 *
 * A guest is one process tree in its own user, mount, pid, network, ipc and uts
 * namespaces. It ends when papr-vmm ends, even if papr-vmm is killed.
 *
 * Errors:  negative errno; a description in error[] or by failed().
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct guest;
struct loop;

/* The namespaces of its agent, which starts commands in the guest */
#define GUEST_NAMESPACES                                                            \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | \
	 CLONE_NEWUTS)

/* Parts of the guest that exist when it can run commands. */
struct guest_ready {
	int trap_fd; /* for trap_new(); the callee owns it */
	int dev, uevent;
	int ctl;	  /* listening socket for the guest's programs, or -1 */
	uint64_t user_ns; /* inode number of its user namespace */
};

struct guest_config {
	uint64_t memory_bytes;		 /* size of the guest's /dev/mem */
	const char *const *papr_devices; /* names in /dev, NULL-terminated */
	bool ctl;			 /* make guest_ready.ctl */
	/* A command ended with this wait status. id 0: the guest's first command. */
	void (*ended)(void *arg, uint32_t id, int status);
	/* The guest can run commands. */
	void (*ready)(void *arg, const struct guest_ready *ready);
	/* Result of guest_open(). The callee owns fd. err: -errno, and fd is invalid. */
	void (*opened)(void *arg, uint32_t id, int fd, int err);
	/* The guest cannot continue; text is a sentence. */
	void (*failed)(void *arg, const char *text);
	void *arg;
};

/* Descriptors that refer to the guest. The receiver closes only fuse. */
struct guest_files {
	int fuse, memory, proc;
};

/* Start the guest, up to the point where its files must be served. After that the caller
 * calls guest_served(). */
int guest_new(struct guest **out, struct loop *loop, const struct guest_config *config,
	      struct guest_files *files, char error[256]);
int guest_served(struct guest *guest);

/* Return 0 if papr-vmm may read the memory of this process, which it has forked. */
int guest_reads_memory(pid_t pid);

/* Run a command. fds: its stdin, stdout and stderr. NULL: papr-vmm's own, and every other
 * descriptor that papr-vmm inherited. */
int guest_run(struct guest *guest, uint32_t id, const char *folder, char *const *argv,
	      char *const *env, const int *fds);
int guest_run_packed(struct guest *guest, uint32_t id, const void *bytes, size_t len,
		     const int *fds, int n_fds);
/* Have the guest's first process open one of the kernel's files for reading. */
int guest_open(struct guest *guest, uint32_t id, const char *path);
void guest_signal(struct guest *guest, uint32_t id, int signal);

/* Kill every process of the guest. The caller must close the FUSE descriptor before
 * guest_free(), which waits: a process may still wait for a file. */
void guest_kill(struct guest *guest);
void guest_free(struct guest *guest); /* NULL is fine */
