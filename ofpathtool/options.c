// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "ofpathtool/options.h"

static int ofpath_options_refuse(struct option_line *line, const char *what,
				 const char *why)
{
	return option_refuse(line, "%.256s: %s; see %s --help", what, why,
			     line->table->program);
}

/* Parse "-b0" and "--batch=0": NULs instead of line ends. */
static int ofpath_options_parse_batch(void *priv, const char *text)
{
	struct request *req = priv;

	req->task = TASK_BATCH;
	req->separator = text ? '\0' : '\n';
	return text && strcmp(text, "0") ? -EINVAL : 0;
}

#define AT(member) OPTION_AT(struct request, member)

static const struct option_row rows[] = {
	{ 'l', "logical", "PATH",
	  "print the logical device name of an Open Firmware path", .kind = OPTION_TEXT,
	  AT(path) },
	{ 'a', "alias", NULL, "print the Open Firmware aliases of the device or path",
	  .kind = OPTION_FLAG, AT(aliases) },
	{ 'A', "all", NULL,
	  "print all paths of a device; without DEVICE, the table of --list",
	  .kind = OPTION_BITS, AT(flags), .n = OFP_EACH },
	{ 0, "list", NULL, "print every block and network device with its path",
	  .kind = OPTION_CHOICE, AT(task), .n = TASK_LIST },
	{ 'b', "batch", "[=0]",
	  "read names and paths from standard input, one per line (=0: ended by NUL)",
	  .kind = OPTION_CALL, .parse = ofpath_options_parse_batch, .words = "0" },
	{ 0, "disk", NULL, "omit partitions", .kind = OPTION_BITS, AT(flags),
	  .n = OFP_WHOLE_DISK },
	{ 0, "no-partition", NULL, "the same", .kind = OPTION_BITS, AT(flags),
	  .n = OFP_WHOLE_DISK },
	{ 0, "cdrom", NULL, "append the boot file of a disc", .kind = OPTION_FLAG,
	  AT(cdrom) },
	{ 0, "firmware", "NAME", "set the firmware: auto, slof, pfw, mac, efika, compat",
	  .kind = OPTION_WORD, AT(dialect),
	  .words = "auto slof pfw mac efika compat" }, /* as enum ofp_dialect */
	{ 0, "compat", NULL, "do what powerpc-utils' ofpathname does, with its errors",
	  .kind = OPTION_CHOICE, AT(dialect), .n = OFP_COMPAT },
	{ 0, "strict", NULL, "fail if firmware may not find the device or its data",
	  .kind = OPTION_BITS, AT(flags), .n = OFP_STRICT },
	{ 0, "equal", NULL, "exit with 0 if two paths name the same device",
	  .kind = OPTION_CHOICE, AT(task), .n = TASK_EQUAL },
	{ 0, "wait", "TIME",
	  "wait up to this time for the device: seconds, or with s, m, h",
	  .kind = OPTION_TIME, AT(wait_ms), .n = 1000, .max = INT_MAX * 1000L,
	  .why = "use seconds, or 5m or 1h" },
	{ 0, "json", NULL, "print one JSON document", .kind = OPTION_FLAG, AT(json) },
	{ 0, "sysroot", "DIR", "read a captured tree", .kind = OPTION_TEXT, AT(sysroot) },
	{ 0, "record", "DIR", "copy all files that are read to this directory",
	  .kind = OPTION_TEXT, AT(record) },
	{ 'q', "quiet", NULL, "print no messages", .kind = OPTION_FLAG, AT(quiet) },
	OPTION_SELF_ROWS,
};

#define OFPATH_TABLE(name)                                                            \
	{                                                                             \
		.program = name, .manual = "ofpathtool(8)",                           \
		.usage = "Usage: " name " [OPTION] DEVICE\n"                          \
			 "Provide logical device names or Open Firmware device path " \
			 "for devices.\n"                                             \
			 "\n"                                                         \
			 "Optional arguments.\n",                                     \
		OPTION_ROWS(rows)                                                     \
	}

static const struct option_table tool_table = OFPATH_TABLE("ofpathtool"),
				 name_table = OFPATH_TABLE("ofpathname");

/* Print the usage and fail, as the older program does without an operand. */
static int ofpath_options_print_usage(struct request *req, struct option_line *line)
{
	line->help = true;
	req->help_status = STATUS_FAILED;
	return 0;
}

/* Select the operand as the older program did: ignore all operands from the first empty
 * one on, and use the last remaining one. */
static void ofpath_options_select_operand(struct request *req)
{
	for (int i = 0; i < req->n_names; i++)
		if (!*req->names[i])
			req->n_names = i;
	if (req->n_names > 1 && req->task == TASK_TRANSLATE) {
		req->names += req->n_names - 1;
		req->n_names = 1;
	}
}

/* Check that the task has the operands that it needs, and no others. */
static int ofpath_options_check(struct request *req, struct option_line *line)
{
	bool has_operand = req->n_names || req->path;

	if (req->path && req->n_names && !req->is_ofpathname)
		return ofpath_options_refuse(line, req->names[0], "not together with -l");
	switch (req->task) {
	case TASK_EQUAL:
		if (req->n_names != 2 || req->json)
			return ofpath_options_refuse(line, "--equal",
						     "needs two paths, without --json");
		return 0;
	case TASK_BATCH:
	case TASK_RECORD:
	case TASK_LIST:
		if (has_operand)
			return ofpath_options_refuse(
				line, req->path ? req->path : req->names[0],
				"unexpected operand");
		return 0;
	case TASK_TRANSLATE:
		break;
	}
	if (has_operand)
		return 0;
	if (req->flags & OFP_EACH) {
		req->task = TASK_LIST;
		req->flags &= ~(unsigned)OFP_EACH;
	} else if (req->is_ofpathname) {
		return ofpath_options_print_usage(req, line);
	} else {
		return ofpath_options_refuse(line, "DEVICE", "missing");
	}
	return 0;
}

int options_parse(struct request *req, int argc, char **argv, struct option_line *line)
{
	const struct option_table *table = req->is_ofpathname ? &name_table : &tool_table;
	int err = option_parse(table, argc, argv, req, line);

	line->help |= argc < 2;
	if (req->record)
		req->task = TASK_RECORD;
	req->names = line->words;
	req->n_names = line->n_words;
	if (err && req->is_ofpathname && line->is_incomplete)
		return ofpath_options_print_usage(req, line);
	if (err || line->help || line->version)
		return err;
	if (req->path && !*req->path)
		return req->is_ofpathname
			       ? ofpath_options_print_usage(req, line)
			       : ofpath_options_refuse(line, "-l", "the path is empty");
	if (req->is_ofpathname)
		ofpath_options_select_operand(req);
	return ofpath_options_check(req, line);
}
