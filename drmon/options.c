// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "cli/common.h"
#include "drmon/filter.h"
#include "drmon/options.h"

static int drmon_options_parse_type(void *options, const char *name)
{
	const struct dr_type *type = NULL;

	while ((type = conn_type_next(type)) && strcmp(name, dr_type_get_name(type)) != 0)
		;
	((struct options *)options)->type = type;
	return type ? 0 : -EINVAL;
}

static int drmon_options_parse_filter(void *options, const char *filter)
{
	((struct options *)options)->filter = filter;
	return filter_has_columns(filter) ? 0 : -EINVAL;
}

static const struct option_row rows[] = {
	{ 'A', "all", NULL, "show all connectors, not only those that the partition owns",
	  .kind = OPTION_FLAG, OPTION_AT(struct options, with_all) },
	{ 'c', "type", "TYPE", "show only this type: pci, slot, phb, cpu or mem",
	  .kind = OPTION_CALL, .parse = drmon_options_parse_type,
	  .words = "pci slot phb cpu mem" },
	{ 'f', "filter", "FILTER",
	  "show only lines with these words; state:present: in that column",
	  .kind = OPTION_CALL, .parse = drmon_options_parse_filter,
	  .words = "state:present state:configured state:owned type:",
	  .why = "no such column; use type, name, index, state, location, devices or "
		 "driver" },
	{ 0, "once", NULL, "print the table once", .kind = OPTION_FLAG,
	  OPTION_AT(struct options, once) },
	{ 0, "json", NULL, "with --once: print one JSON document", .kind = OPTION_FLAG,
	  OPTION_AT(struct options, json) },
	{ 0, "no-clock", NULL,
	  "show no clock, so that an idle screen needs no processor time",
	  .kind = OPTION_FLAG, OPTION_AT(struct options, no_clock) },
	{ 0, "sysroot", "DIR", "with --once: read a captured tree", .kind = OPTION_TEXT,
	  OPTION_AT(struct options, sysroot) },
	OPTION_SELF_ROWS,
};

static const struct option_rule rules[] = {
	{ "--json", .needs = "--once", .text = "--json: needs --once" },
	{ "--sysroot", .needs = "--once", .text = "--sysroot: needs --once" },
	{ 0 },
};

static const struct option_table table = {
	.program = "drmon",
	.manual = "drmon(8)",
	.usage =
		"Usage: drmon [OPTION]...\n"
		"Show the connectors of this partition, and their changes, on a live screen.\n"
		"\n",
	.notes = "Press ? on the screen for its keys. ",
	OPTION_ROWS(rows),
	.rules = rules,
};

int options_parse(struct options *options, int argc, char *argv[],
		  struct option_line *line)
{
	*options = (struct options){ .filter = "" };
	option_parse(&table, argc, argv, options, line);
	if (strlen(options->filter) >= FILTER_MAX)
		option_refuse(line, "-f %.80s...: too long; use at most 79 bytes",
			      options->filter);
	return option_refuse_operands(line);
}
