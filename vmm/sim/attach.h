/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.h - run more commands in a guest: "papr-vmm attach PID -- COMMAND"
 *
 * The server listens on an abstract Unix socket, named after the process id of the
 * papr-vmm that runs the guest. Only the user who started papr-vmm, and root, may
 * connect.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct attach_server;
struct guest;
struct loop;

int attach_serve(struct attach_server **out, struct loop *loop);
void attach_server_free(struct attach_server *server); /* NULL is fine */
/* Set the guest that runs the commands. NULL: no guest at the moment. */
void attach_set_guest(struct attach_server *server, struct guest *guest);
/* Report the wait status of an attached command to its client. */
void attach_ended(struct attach_server *server, uint32_t id, int status);

/* Read the path of the current folder. Print a message if the path does not lead to it any
 * more: it was removed, unmounted, or something is mounted over it. Return 0 or a negative
 * errno. */
int attach_folder(char *folder, size_t size);

/* Attach to the papr-vmm with this pid and run the command there, with this process's
 * stdin, stdout and stderr; on a terminal, with a terminal of its own. The loop ends with the
 * command's exit status. */
struct attach_client;
int attach_run(struct attach_client **out, struct loop *loop, pid_t pid, char **argv);
void attach_client_free(struct attach_client *client); /* NULL is fine */
