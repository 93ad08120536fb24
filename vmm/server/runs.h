/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runs.h - the folder in which each "papr-vmm run" has a socket and a description
 *
 * Shape:   $XDG_RUNTIME_DIR/papr-vmm, or /run/papr-vmm of root, or /tmp/papr-vmm-UID; mode
 *          0700 and of the user. In it, PID.sock (QMP) and PID.json for each run. A killed
 *          run leaves both; its socket has no listener, and the next run removes them.
 * Memory:  the caller owns what the functions return.
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <sys/types.h>

#include "vmm/server/stream_socket.h"

/* The entry of this process. All zero: none. */
struct runs_entry {
	int folder; /* 0: no entry */
	pid_t pid;
	char path[64]; /* of the socket, below the open folder: no path is too long */
	struct stream_socket socket;
};

enum { RUNS_WHERE_BYTES = 256 };

/* Add an entry with a listening socket. name may be NULL. where receives the folder, or the
 * last one that was tried. Return -EEXIST if another run has this name, -EPERM if the folder
 * is another user's or others may use it. */
int runs_add(struct runs_entry *entry, const char *name, const char *machine,
	     char *const *command, char where[RUNS_WHERE_BYTES]);
void runs_remove(struct runs_entry *entry);

/* A run as others see it. The members name and command point into its description. */
struct runs_run {
	pid_t pid;
	const char *name; /* NULL: none */
	json_object *description;
};

struct runs_list {
	struct runs_run *runs; /* ascending by process id */
	size_t n;
};

/* Find the runs of this user that accept connections. */
int runs_list(struct runs_list *list);
void runs_list_free(struct runs_list *list);

/* Connect to the run without blocking. Return a descriptor; -EAGAIN: too many clients wait,
 * -ENOENT or -ECONNREFUSED: it has ended. */
int runs_connect(pid_t pid);

/* Return the bytes of the UTF-8 character at text, or 0 if it is none. */
size_t runs_utf8(const char *text);
