/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - messages on standard error
 *
 * User input is printed as typed, with control bytes escaped and long values cut.
 */
#pragma once

/* Print the long-established two-line message for an error with a name or path. */
void message_error(const char *program, int error, const char *text);

/* Print "program: 'what': why; see --help". */
void message_invalid(const char *program, const char *what, const char *why);

/* Print "program: text: note". */
void message_note(const char *program, const char *text, const char *note);

/* Return the message as one line, without the program, for a document. */
const char *message_text(int error);
