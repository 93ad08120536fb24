/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verb.h - the commands of papr-vmm ("run"), each with its options and its help text
 *
 * Shape:   after the command, options with two dashes, as "--name value" or
 *          "--name=value", until "--" or the first word that is no option.
 * Memory:  everything points into argv.
 * Errors:  negative errno, after one line on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

struct verb_option {
	const char *name;  /* with its dashes; NULL ends a table */
	const char *value; /* its value, as the help text shows it; NULL: it has none */
	const char *help;  /* lines of the help text, without LF at the end */
	/* Handle an option with a value. */
	int (*set)(void *arg, const char *value);
	size_t flag; /* offset in arg of the bool that an option without a value sets */
};

struct verb {
	const char *name;
	const char *usage;   /* follows the name in the help text */
	const char *purpose; /* sentences, without LF at the end */
	const struct verb_option *options;
};

/* Parse the options at *argv, and move *argv to the next word. */
int verb_options(const struct verb *verb, char ***argv, void *arg);
/* Return true if --help or -h is among the options, even after an invalid one. */
bool verb_wants_help(const struct verb *verb, char **argv);
void verb_print_help(const struct verb *verb);

/* Print a document of --json, and free it. */
void verb_print_json(json_object *document);

/* Report a wrong option or word; value may be NULL. Return -EINVAL. */
int verb_refuse(const char *what, const char *value, const char *why);
