/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.h - the namespaces of a simulated guest, from papr-vmm's side
 *
 * A guest is one process tree in user, mount, pid, network, ipc and uts namespaces of
 * its own. It ends as soon as papr-vmm does, however that ends.
 *
 * Errors:  negative errno; words in guest_error().
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct guest;
struct loop;

struct guest_config {
	uint64_t memory_bytes;		 /* of its /dev/mem */
	const char *const *papr_devices; /* names in /dev, NULL behind the last */
	/* A command ended: wait status. id 0: the one that the guest was made for. */
	void (*ended)(void *arg, uint32_t id, int status);
	/* Its system calls are caught: descriptor for trap_new(), to be owned. */
	void (*ready)(void *arg, int trap_fd);
	/* What guest_open() asked for; err: -errno, there is no fd. Owned. */
	void (*opened)(void *arg, uint32_t id, int fd, int err);
	/* It cannot go on: a sentence. */
	void (*failed)(void *arg, const char *text);
	void *arg;
};

/* Descriptors into the guest; its owner closes none of them but fuse. */
struct guest_files {
	int fuse, memory, dev, proc, uevent;
};

/* Made up to where its files must be served: then guest_served(). */
int guest_new(struct guest **out, struct loop *loop, const struct guest_config *config,
	      struct guest_files *files, char error[256]);
int guest_served(struct guest *guest);
/* Its first process, as papr-vmm sees it. */
pid_t guest_pid(const struct guest *guest);

/* fds: stdin, stdout, stderr; NULL: those of papr-vmm, with all that it was given. */
int guest_run(struct guest *guest, uint32_t id, const char *folder, char *const *argv,
	      char *const *env, const int *fds);
int guest_run_packed(struct guest *guest, uint32_t id, const void *bytes, size_t len,
		     const int *fds, int n_fds);
/* Its first process opens one of the kernel's files for reading. */
int guest_open(struct guest *guest, uint32_t id, const char *path);
void guest_signal(struct guest *guest, uint32_t id, int signal);

/* First half of the end: every process is told to go. Its FUSE descriptor is to be
 * closed then, for a process may be waiting for a file, before guest_free() waits. */
void guest_kill(struct guest *guest);
void guest_free(struct guest *guest); /* NULL is fine */
