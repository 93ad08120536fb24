/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - the virtual machine's process
 *
 * It inherits three descriptors of fixed numbers; vm_start() adds the QEMU options that
 * make QMP, the line of the agent and the console of them, unless told to leave the
 * command as it is.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

enum { VM_FD_QMP = 3, VM_FD_AGENT = 4, VM_FD_CONSOLE = 5 };

struct vm {
	pid_t pid;
	int pidfd; /* readable when it has ended; -1 before and after */
	int qmp;   /* our ends; the caller takes them */
	int agent;
	char end[64]; /* how it ended, for messages */
};

/* Starts argv with console.log in the directory. It dies with this process. 0 or
 * negative errno. */
int vm_start(struct vm *vm, int dir, char **argv, bool bare);

void vm_kill(struct vm *vm);

/* Waits for the end, which must be near, and notes it in vm->end. */
void vm_reap(struct vm *vm);

/* The last lines of a file in the directory, with a heading, for a message about a
 * failure; an empty string if there is nothing to show. To be freed. */
char *vm_tail(int dir, const char *name);
