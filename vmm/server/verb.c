// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/verb.h"

int verb_refuse(const char *what, const char *value, const char *why)
{
	fprintf(stderr, "papr-vmm: %s%s%s: %s\n", what, value ? " " : "",
		value ? value : "", why);
	return -EINVAL;
}

static bool verb_is_option(const char *word)
{
	return word && !strncmp(word, "--", 2) && word[2];
}

static bool verb_is_help(const char *word)
{
	return word && (!strcmp(word, "--help") || !strcmp(word, "-h"));
}

static const struct verb_option *verb_find(const struct verb *verb, const char *word)
{
	size_t len = strcspn(word, "=");

	for (const struct verb_option *o = verb->options; o->name; o++)
		if (!strncmp(o->name, word, len) && !o->name[len])
			return o;
	return NULL;
}

int verb_options(const struct verb *verb, char ***argv, void *arg)
{
	char **at = *argv, what[64];
	int err = 0;

	snprintf(what, sizeof(what), "%s:", verb->name);
	for (; !err && verb_is_option(*at); at++) {
		const struct verb_option *o = verb_find(verb, *at);
		const char *value = strchr(*at, '=');

		if (!o)
			err = verb_refuse(what, *at, "unknown option");
		else if (!o->value && value)
			err = verb_refuse(what, *at, "the option has no value");
		else if (o->value && !value && !at[1])
			err = verb_refuse(what, *at, "the option needs a value");
		else if (!o->value)
			*(bool *)((char *)arg + o->flag) = true;
		else
			err = o->set(arg, value ? value + 1 : *++at);
	}
	if (!err && *at && !strcmp(*at, "--"))
		at++;
	*argv = at;
	return err;
}

bool verb_wants_help(const struct verb *verb, char **argv)
{
	for (; verb_is_option(*argv); argv++) {
		const struct verb_option *o = verb_find(verb, *argv);

		if (verb_is_help(*argv))
			return true;
		if (o && o->value && !strchr(*argv, '=') && argv[1])
			argv++;
	}
	return verb_is_help(*argv);
}

/* Print a text; each of its lines begins with these blanks. */
static void verb_print_indented(const char *text, int blanks)
{
	while (*text) {
		int len = (int)strcspn(text, "\n");

		printf("%*s%.*s\n", blanks, "", len, text);
		text += len + (text[len] == '\n');
	}
}

void verb_print_help(const struct verb *verb)
{
	printf("Usage: papr-vmm %s\n\n%s\n", verb->usage, verb->purpose);
	if (verb->options->name)
		printf("\nOptions:\n");
	for (const struct verb_option *o = verb->options; o->name; o++) {
		printf("  %s%s%s\n", o->name, o->value ? " " : "",
		       o->value ? o->value : "");
		verb_print_indented(o->help, 6);
	}
	printf("  -h, --help\n      print this text\nSee papr-vmm(1).\n");
}

void verb_print_json(json_object *document)
{
	puts(json_object_to_json_string_ext(
		document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
				  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}
