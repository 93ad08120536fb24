/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * say.h - messages, on standard error
 *
 * What somebody typed stands in them as it was typed, but for bytes that would not stand
 * in a line, and not without end.
 */
#pragma once

/* What went wrong with a name or a path, in the two lines that it always had. */
void say_error(const char *program, int error, const char *text);

/* program: what 'value' */
void say_wrong(const char *program, const char *what, const char *value);

/* program: text: note */
void say_note(const char *program, const char *text, const char *note);

/* The same as one line, without the program: of a document. */
const char *say_words(int error);
