// SPDX-License-Identifier: GPL-2.0-or-later
/* papr-vmm ps: list the guests of "papr-vmm run". */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/ctl.h"
#include "vmm/server/host.h"
#include "vmm/server/runs.h"

struct ps {
	int pid, name, machine; /* widths */
};

/* ps_main() looks for this option first. */
static const struct verb_option ps_options[] = {
	{ "--json", NULL, "print a JSON document, papr-json(5)", .flag = 0 },
	{ .name = NULL },
};

const struct verb ps_verb = {
	.name = "ps",
	.usage = "ps [option]...",
	.purpose = "List your guests of \"papr-vmm run\".",
	.options = ps_options,
};

static const char *ps_machine(const struct runs_run *run)
{
	return json_object_get_string(
		json_object_object_get(run->description, "machine"));
}

static void ps_widen(int *width, int len)
{
	if (len > *width)
		*width = len;
}

/* Print a word of the command. Control bytes would break the table. */
static void ps_print_word(const char *word)
{
	for (; *word; word++)
		putchar((unsigned char)*word < ' ' || *word == 127 ? ' ' : *word);
}

static void ps_print_row(const struct ps *ps, const struct runs_run *run)
{
	json_object *command = json_object_object_get(run->description, "command");

	printf("%*d  %-*s  %-*s ", ps->pid, (int)run->pid, ps->name,
	       run->name ? run->name : "-", ps->machine, ps_machine(run));
	for (size_t i = 0; i < json_object_array_length(command); i++) {
		const char *word =
			json_object_get_string(json_object_array_get_idx(command, i));

		putchar(' ');
		ps_print_word(word ? word : "");
	}
	putchar('\n');
}

static void ps_print_table(struct ps *ps, const struct runs_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct runs_run *run = &list->runs[i];

		ps_widen(&ps->pid, snprintf(NULL, 0, "%d", (int)run->pid));
		ps_widen(&ps->name, run->name ? (int)strlen(run->name) : 1);
		ps_widen(&ps->machine, (int)strlen(ps_machine(run)));
	}
	printf("%*s  %-*s  %-*s  %s\n", ps->pid, "PID", ps->name, "NAME", ps->machine,
	       "MACHINE", "COMMAND");
	for (size_t i = 0; i < list->n; i++)
		ps_print_row(ps, &list->runs[i]);
}

/* error: NULL: none */
static void ps_print_json(const struct runs_list *list, const char *error)
{
	json_object *document = json_object_new_object(), *problem = NULL,
		    *guests = json_object_new_array();

	if (error) {
		problem = json_object_new_object();
		json_object_object_add(problem, "message", json_object_new_string(error));
	}
	for (size_t i = 0; i < list->n; i++)
		json_object_array_add(guests, json_object_get(list->runs[i].description));
	json_object_object_add(document, "schema",
			       json_object_new_string("papr.vmm-ps/1"));
	json_object_object_add(document, "error", problem);
	json_object_object_add(document, "guests", guests);
	verb_print_json(document);
}

int ps_main(char **argv)
{
	struct ps ps = { .pid = 3, .name = 4, .machine = 7 };
	struct runs_list list = { 0 };
	bool json = false;
	int err;

	for (char **word = argv; *word; word++)
		json |= !strcmp(*word, "--json");
	err = verb_options(&ps_verb, &argv, &json);
	if (!err && *argv)
		err = verb_refuse("ps:", *argv, "unexpected word");
	if (!err) {
		err = runs_list(&list);
		if (err)
			verb_refuse("ps", NULL, strerror(-err));
	}
	/* A program that reads JSON also gets a document after an error. */
	if (json)
		ps_print_json(&list, err ? strerror(-err) : NULL);
	else if (!err)
		ps_print_table(&ps, &list);
	runs_list_free(&list);
	return err ? HOST_EXIT_FAILURE : 0;
}
