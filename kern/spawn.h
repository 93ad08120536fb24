/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.h - another program, started the way a tool of root may start one
 *
 * Fixed path, argument list, empty environment, default signals, none of our
 * descriptors but the standard ones. No shell.
 *
 * Layer:   kern
 */
#pragma once

/* Runs argv[0] (a path) and waits for its end. Its exit status, 128 + signal, or
 * negative errno when it could not be started. */
int spawn_wait(const char *const argv[]);
