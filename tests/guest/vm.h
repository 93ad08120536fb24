/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - the virtual machine's process
 *
 * It inherits three descriptors with fixed numbers. vm_start() adds the QEMU options that
 * make QMP, the line of the agent and the console of them, unless bare is set.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

enum { VM_FD_QMP = 3, VM_FD_AGENT = 4, VM_FD_CONSOLE = 5 };

struct vm {
	pid_t pid;
	int pidfd; /* readable when it has ended; -1 before and after */
	int qmp;   /* our ends, for the caller */
	int agent;
	char end[64]; /* how it ended, for messages */
};

/* Start argv with console.log in the directory. It ends with this process. Return 0 or a
 * negative errno. */
int vm_start(struct vm *vm, int dir, char **argv, bool bare);

void vm_kill(struct vm *vm);

/* Wait for the end, which must be near, and describe it in vm->end. */
void vm_reap(struct vm *vm);

/* Return the last lines of a file in the directory, with a heading, for a message about a
 * failure; an empty string without output. The caller frees it. */
char *vm_tail(int dir, const char *name);
