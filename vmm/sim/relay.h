/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.h - a terminal for a command of the guest
 *
 * The user's terminal belongs to another session, so it cannot be the controlling terminal
 * of the command. The relay makes a pseudo terminal with the same settings, sets the user's
 * terminal to raw mode, and copies the bytes.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

struct loop;
struct relay;

/* Make a pseudo terminal if standard input and output are a terminal; otherwise *out is
 * NULL. Return 0 or a negative errno. relay_free() restores the user's terminal. */
int relay_new(struct relay **out, struct loop *loop);
void relay_free(struct relay *relay); /* NULL is fine */

/* Return the descriptor for the command's standard input, output and error. */
int relay_command_fd(const struct relay *relay);
/* Close this descriptor after it was sent to the guest. */
void relay_close_command_fd(struct relay *relay);

/* Give the pseudo terminal the size of the user's terminal. The command gets SIGWINCH. */
void relay_resize(const struct relay *relay);

/* Print the output that the command has left. */
void relay_drain(const struct relay *relay);
