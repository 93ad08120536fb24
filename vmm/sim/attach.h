/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.h - more commands in a guest that runs: "papr-vmm attach PID -- COMMAND"
 *
 * Over a socket without a place in the file system, named after the process id of the
 * papr-vmm that has the guest; only its own user and root are served.
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
/* The guest that commands go to; NULL: none at the moment. */
void attach_set_guest(struct attach_server *server, struct guest *guest);
/* A command that was not the guest's own ended. */
void attach_ended(struct attach_server *server, uint32_t id, int status);

/* The other side: runs the command there, with our stdin, stdout and stderr; the loop
 * ends with its exit status. */
struct attach_client;
int attach_run(struct attach_client **out, struct loop *loop, pid_t pid, char **argv);
void attach_client_free(struct attach_client *client); /* NULL is fine */
