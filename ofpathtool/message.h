/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - messages on standard error
 *
 * User input is printed as typed, with control bytes escaped and long values cut.
 */
#pragma once

#include "cli/error.h"

/* A message for a document. */
struct message {
	char text[1200];
};

/* Print the long-established two-line message for an error with a name or path. sysroot: the
 * captured tree, or NULL. */
void message_error(const char *program, const char *sysroot, int error, const char *text);

/* Make "'what': why" for an error. */
void message_make(struct message *message, const char *what, const char *why);

/* Return the code of an enum ofp_error. */
enum dr_code message_code(int error);

/* Print "program: text: note". */
void message_note(const char *program, const char *text, const char *note);

/* Return the message as one line, without the program, for a document. */
const char *message_text(int error);
