// SPDX-License-Identifier: GPL-2.0-or-later
/* Long-established messages are kept word for word: other programs parse them. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/options.h"

const char *request_type(const struct dr_req *req)
{
	return req->to.type ? dr_type_get_name(req->to.type) : "none";
}

bool request_is(const struct dr_req *req, unsigned int traits)
{
	return type_is(req->to.type, traits);
}

/* ---- Values ---- */

/* Parse a whole number without a sign, or a size with K, M, G or T. */
static int options_parse_quantity(struct dr_req *req, const char *text,
				  uint64_t *quantity)
{
	static const char units[] = "KMGT";
	unsigned long n;
	const char *unit;
	char *end;
	int shift;

	errno = 0;
	n = strtoul(text, &end, 0);
	unit = *end && !end[1] ? strchr(units, *end) : NULL;
	shift = unit ? 10 * (int)(unit - units + 1) : 0;
	if (*text < '0' || *text > '9' || errno || (*end && !unit) ||
	    (unit && n > (uint64_t)INT64_MAX >> shift))
		return -EINVAL;
	*quantity = (uint64_t)n << shift;
	req->to.in_bytes |= unit != NULL;
	return 0;
}

static int options_parse_count(void *priv, const char *text)
{
	struct dr_req *req = priv;

	req->to.has_count = !options_parse_quantity(req, text, &req->to.count);
	return req->to.has_count ? 0 : -EINVAL;
}

static int options_parse_until(void *priv, const char *text)
{
	struct dr_req *req = priv;

	req->to.has_until = true;
	req->to.until = DR_UNTIL_MAX;
	return strcmp(text, "max") ? options_parse_quantity(req, text, &req->to.until)
				   : 0;
}

/* Record an argument. "1" is ignored: test suites pass it, without a meaning. */
static int options_parse_operand(void *priv, const char *word)
{
	struct dr_req *req = priv;

	if (!req->operand && strcmp(word, "1") != 0)
		req->operand = word;
	if (req->n_stray < STRAY_MAX)
		req->stray[req->n_stray++] = word;
	return 0;
}

/* Parse the level. Other programs pass a word, which counts as 0. */
static int options_parse_detail(void *priv, const char *text)
{
	struct dr_req *req = priv;
	char *end;
	long n = strtol(text, &end, 10);

	req->detail = n < INT_MIN || n > INT_MAX ? 0 : (int)n;
	if ((end == text || *end) && req->n_stray < STRAY_MAX)
		req->stray[req->n_stray++] = text;
	return 0;
}

static int options_parse_json(void *priv, const char *format)
{
	struct dr_req *req = priv;

	req->json = true;
	req->json_lines = format && !strcmp(format, "lines");
	return !format || req->json_lines ? 0 : -EINVAL;
}

static int options_parse_force(void *priv, const char *what)
{
	struct dr_req *req = priv;

	req->force = true;
	req->force_memory = what && !strcmp(what, "memory"); /* the last one counts */
	return !what || req->force_memory ? 0 : -EINVAL;
}

/* ---- The table ---- */

#define AT(member)	OPTION_AT(struct dr_req, member)
#define FLAG(member)	.kind = OPTION_FLAG, AT(member)
#define TEXT(member)	.kind = OPTION_TEXT, AT(member)
#define CALL(what)	.kind = OPTION_CALL, .parse = options_parse_##what
#define ACTION(action_) .kind = OPTION_CHOICE, AT(to.action), .n = action_

#define CARDS	TYPE_LOGICAL | TYPE_CARDS
#define COUNTED HELP_NOT | TYPE_LOGICAL_SLOTS | TYPE_PORTS

/* clang-format off */
static const struct option_row rows[] = {
	{ 'a', "add", NULL, "add", ACTION(DR_ADD), .where = HELP_ACTION },
	{ 'r', "remove", NULL, "remove", ACTION(DR_REMOVE), .where = HELP_ACTION },
	{ 'R', "replace", NULL, "replace: remove, prompt for the new card, add",
	  ACTION(DR_REPLACE), .where = HELP_ACTION },
	{ 'i', "identify", NULL, "identify: set the slot's indicator",
	  ACTION(DR_IDENTIFY), .where = HELP_ACTION },
	{ 'Q', "query", NULL, "query: print the state, or exit with it",
	  ACTION(DR_QUERY), .where = HELP_ACTION },
	{ 'm', "migrate", NULL, "migrate; implies -c pmig", ACTION(DR_MIGRATE),
	  .where = HELP_ACTION | TYPE_MOBILITY },
	{ 'c', "type", "TYPE", "the connector type", TEXT(type), .is_once = true,
	  .where = HELP_GENERAL },
	{ 's', "connector", "NAME", "DRC name, 0x and index, location, node, Linux's name",
	  TEXT(to.key), .is_once = true },
	{ .argument = "STREAM", .help = "number of the stream, from the host",
	  .where = TYPE_MIGRATION },
	{ .argument = "STREAM", .help = "number of the stream, from the host",
	  .where = TYPE_HIBERNATION },
	{ 'q', "quantity", "N", "number of resources", CALL(count), .is_once = true,
	  .older_text = "Invalid quantity specified", .where = COUNTED },
	{ .argument = "SIZE", .help = "the same in bytes, with K, M, G or T",
	  .where = TYPE_MEMORY },
	{ .argument = "N", .help = "number of credits; 0 is permitted", .where = TYPE_CREDITS },
	{ 0, "until", "N", "until the partition has N; max: all that the host has",
	  CALL(until), .is_once = true, .words = "max",
	  .why = "use a number, a size such as 8G for memory, or max", .where = TYPE_SHARES },
	{ .argument = "SIZE", .help = "until all memory of the partition is that large",
	  .where = TYPE_MEMORY },
	{ 0, "if-needed", NULL, "success, too, if nothing has to be changed",
	  FLAG(to.if_needed), .where = CARDS | TYPE_SHARES },
	{ 'p', "parameter", "NAME", "change ent_capacity or variable_weight by -q N",
	  TEXT(to.parameter), .is_once = true, .where = TYPE_SHARES },
	{ .argument = "smt_threads", .help = "bring the threads of cores online or offline",
	  .where = TYPE_CORES },
	{ .argument = "check", .help = "only run the hooks, to check if it is possible",
	  .where = TYPE_MIGRATION },
	{ .argument = "pre", .help = "start", .where = TYPE_MIGRATION },
	{ .argument = "pre", .help = "start", .where = TYPE_HIBERNATION },
	{ 't', "accelerator", "NAME", "the accelerator: gzip", TEXT(to.accelerator),
	  .is_once = true, .words = "gzip", .where = TYPE_CREDITS },
	{ 'n', "no-prompt", NULL, "no prompts", FLAG(no_prompt), .where = TYPE_CARDS },
	{ 'I', "skip-identify", NULL, "do not prompt to confirm the slot",
	  FLAG(to.skip_identify), .where = TYPE_CARDS },
	{ 'H', "hotplug-only", NULL, "do not change isolation and power",
	  FLAG(to.hotplug_only), .where = CARDS },
	{ 'w', "wait", "TIME", "limit of all waits: minutes, or 30s, 5m, 1h",
	  .kind = OPTION_TIME, AT(wait_ms), .n = 60 * 1000, .max = INT_MAX,
	  .older_text = "Invalid timeout specified" },
	{ 'd', "detail", "LEVEL", "messages: 1 errors, 2 warnings, 3 info, 4 debug",
	  CALL(detail), .words = "0 1 2 3 4 5" },
	{ 0, "verbose", NULL, "the same as -d 4", .kind = OPTION_CHOICE, AT(detail), .n = 4 },
	{ 0, "dry-run", NULL, "print each call and write, change nothing", FLAG(dry_run) },
	{ 0, "trace", NULL, "print each call into firmware and write to the kernel",
	  FLAG(trace) },
	{ 0, "json", "[=lines]", "one JSON document on standard output; never prompts",
	  CALL(json), .words = "lines", .why = "unknown format; use --json or --json=lines" },
	{ 0, "backend", "NAME", "change the device tree by auto, overlay, dlpar, ofdt",
	  TEXT(to.backend), .words = "auto overlay dlpar ofdt", .where = CARDS },
	{ .argument = "NAME", .help = "use auto, dlpar", .where = TYPE_SHARES },
	{ .argument = "NAME", .help = "use auto, ofdt", .where = TYPE_MIGRATION },
	{ .argument = "NAME", .help = "use auto, ofdt", .where = TYPE_HIBERNATION },
	{ 0, "all-or-nothing", NULL, "undo everything if fewer succeed than requested",
	  FLAG(to.all_or_nothing), .where = COUNTED },
	{ 0, "force", "[=memory]", "remove even a device that the system needs", CALL(force),
	  .words = "memory", .why = "unknown word; use --force or --force=memory",
	  .where = CARDS },
	{ .help = "memory of a KVM guest; =memory: what programs need", .where = TYPE_MEMORY },
	{ 0, "no-loss", NULL, "remove nothing that the system uses", FLAG(no_loss),
	  .where = CARDS | TYPE_MEMORY | TYPE_CORES },
	{ 0, "sysroot", "DIR", "with -C, -Q: read a captured tree", TEXT(sysroot) },
	{ 'P', "prrn", "FILE", "remove and add again the resources that firmware moved",
	  TEXT(to.file), .is_once = true, .where = HELP_GENERAL },
	{ 'C', "capabilities", NULL, "print what this system supports", FLAG(capabilities),
	  .where = HELP_GENERAL },
	{ 0, "recover", NULL, "only undo the changes of an interrupted run", FLAG(recover),
	  .where = HELP_GENERAL },
	{ 0, "discard", "[NAME]", "with --recover: undo nothing, move the journals away",
	  TEXT(discard_name), .where = HELP_GENERAL },
	{ 'h', NULL, NULL, "the short text that other programs expect", FLAG(usage),
	  .where = HELP_GENERAL },
	{ 0, "help", "[TYPE]", "this text, or that of a type", .kind = OPTION_HELP,
	  .where = HELP_GENERAL },
	{ 0, "version", NULL, "print the version", .kind = OPTION_VERSION,
	  .where = HELP_GENERAL },
	{ 'V', .kind = OPTION_IGNORED }, /* the verification is always made */
	{ OPTION_OPERAND, CALL(operand) },
};

#define ACTIONS "-a -r -R -i -Q -m"

static const struct option_rule rules[] = {
	{ ACTIONS, .excludes = ACTIONS, .text = "Only one action may be specified" },
	{ "-q", .excludes = "-s", .text = "The -q and -s flags are mutually exclusive" },
	{ "--recover",
	  .excludes = ACTIONS " -c -s -q -p -t -P -n -I -H --sysroot --dry-run --force "
		      "--no-loss --all-or-nothing --until --if-needed",
	  .text = "--recover allows only --discard, -w, -d, --json and --trace" },
	{ "-P", .excludes = "--until --if-needed",
	  .text = "-P takes its resources from the file: use it without --until and "
		  "--if-needed" },
	{ "--discard", .needs = "--recover", .text = "--discard needs --recover" },
	{ "-Q", .excludes = "--dry-run --force --no-loss --all-or-nothing",
	  .text = "-Q changes nothing: use it without --dry-run, --force, --no-loss and "
		  "--all-or-nothing" },
	{ 0 },
};
/* clang-format on */

static const struct option_table table = {
	.program = "drmgr",
	.manual = "drmgr(8)",
	.usage = "Usage: drmgr -c TYPE {-a | -r | -R | -i | -Q} [OPTION]...\n"
		 "       drmgr -c {cpu | mem} [-a | -r] --until NUMBER [OPTION]...\n"
		 "       drmgr {-m | -P FILE | -C | --recover} [OPTION]...\n"
		 "Add and remove resources of this partition.\n"
		 "\n"
		 "Connector types; \"drmgr --help TYPE\" prints the options of a type:\n",
	.older_text = "Invalid option specified",
	.notes = "Examples:\n"
		 "  drmgr -c pci -a\n"
		 "  drmgr -c pci -r -s eth1 -n --dry-run\n"
		 "  drmgr -c phb -a -s 'PHB 33'\n"
		 "  drmgr -c cpu --until 8\n"
		 "  drmgr -c mem -a -q 4G\n\n",
	OPTION_ROWS(rows),
	.rules = rules,
};

/* ---- Checks ---- */

/* Set the types that depend on other options than -c: migration, hibernation, ports. */
static void options_choose_type(struct dr_req *req)
{
	bool may_move = !req->to.action || req->to.action == DR_MIGRATE;

	if (request_is(req, TYPE_HIBERNATION) && may_move)
		req->to.action = DR_HIBERNATE;
	else if (req->to.action == DR_MIGRATE)
		req->to.type = type_with(TYPE_MIGRATION);
	else if (req->to.key && !strncmp(req->to.key, "HEA", 3))
		req->to.type = type_with(TYPE_PORTS);
}

/* Return true if an argument without -s may be meant as a connector: the command must not
 * change another one. */
static bool options_act_on_connectors(const struct dr_req *req)
{
	if (req->capabilities || req->to.file || request_is(req, TYPE_MOBILITY))
		return false;
	return req->to.action == DR_ADD || req->to.action == DR_REMOVE ||
	       req->to.action == DR_REPLACE;
}

static void options_refuse_operand(const struct dr_req *req, struct option_line *line)
{
	const char *word = req->operand;
	char *end;
	unsigned long n = strtoul(word, &end, 10);

	if (req->to.key)
		option_refuse(line, "unexpected argument '%s'", word);
	else if (n > 1 && n <= INT_MAX && !*end && *word != '-' && !req->to.has_count)
		option_refuse(line, "unexpected argument '%s': give a number with -q %lu",
			      word, n);
	else
		option_refuse(line, "unexpected argument '%s': name a connector with -s",
			      word);
}

/* Refuse an unknown type of --help or -c. */
static int options_refuse_type(const struct dr_req *req, struct option_line *line)
{
	_cleanup_free_ char *words = help_type_words(false);

	if (line->help)
		return option_refuse(line, "--help %s: unknown type; use %s",
				     req->unknown_type, words ? words : "");
	return option_refuse(
		line,
		"A connector type (-c) must be specified (unknown type '%s': "
		"use %s)",
		req->unknown_type, words ? words : "");
}

int options_parse(int argc, char *argv[], struct dr_req *req, struct option_line *line)
{
	const char *help;

	*req = (struct dr_req){
		.to = { .size = sizeof(req->to), .backend = "auto" },
		.detail = 1,
		.is_empty = argc < 2,
	};
	option_parse(&table, argc, argv, req, line);
	help = line->help ? option_value(line, "--help") : NULL;
	if (help && *help)
		req->type = help;
	req->to.type = req->type ? dr_type_by_name(req->type) : NULL;
	req->unknown_type = req->to.type ? NULL : req->type;
	if (!help || !*help)
		options_choose_type(req);
	req->discard = req->recover && option_value(line, "--discard");
	if (req->to.file && req->detail == 1)
		req->detail = 4; /* only a daemon uses -P */
	if (line->help || req->usage) {
		*line->problem = '\0'; /* help overrides all other options */
		return line->help && req->unknown_type ? options_refuse_type(req, line)
						       : 0;
	}
	if (options_act_on_connectors(req) && req->operand)
		options_refuse_operand(req, line);
	if (req->to.has_count && !req->to.count && !request_is(req, TYPE_CREDITS))
		option_refuse(line, "Invalid quantity specified: 0");
	if (req->to.count > INT_MAX && !req->to.parameter && !req->to.in_bytes)
		option_refuse(line, "Invalid quantity specified: %" PRIu64,
			      req->to.count);
	if (req->json_lines && (req->capabilities || req->to.action == DR_QUERY))
		option_refuse(line, "--json=lines is for changes: use --json");
	if (req->no_loss &&
	    (req->force_memory || (req->force && !request_is(req, TYPE_MEMORY))))
		option_refuse(line,
			      "The --force and --no-loss options are mutually exclusive");
	if (req->force_memory && !request_is(req, TYPE_MEMORY) && !req->to.file)
		option_refuse(line, "--force=memory is for -c mem: use --force");
	return *line->problem ? -EINVAL : 0;
}

int options_check_type(struct dr_req *req, struct option_line *line)
{
	if (req->recover)
		return 0;
	if (req->to.file) {
		req->to.type = NULL;
		req->to.action = DR_NO_ACTION;
		req->to.count = 0;
		req->to.key = req->to.parameter = NULL;
		return 0;
	}
	if (req->unknown_type)
		return options_refuse_type(req, line);
	return req->to.type
		       ? 0
		       : option_refuse(line, "A connector type (-c) must be specified");
}

bool options_may_prompt(const struct dr_req *req)
{
	const struct dr_request *to = &req->to;

	if (!request_is(req, TYPE_CARDS) || req->no_prompt || req->dry_run)
		return false;
	return to->action != DR_QUERY && (to->action != DR_ADD || to->key);
}

/* ---- Help ---- */

void options_print_usage(const struct dr_type *type)
{
	static const char generic[] =
		"{-c {port | slot | phb | pci | mem | cpu | acc} | -m}\n"
		"For more information on the specific options for the various\n"
		"connector types, run drmgr -c <type> -h";

	terminal_print(stderr, "Usage: drmgr [-w minutes] [-d detail_level] [-C | "
			       "--capabilities] [-h | --help]");
	terminal_print(stderr, type ? dr_type_get_usage(type) : generic);
}

bool options_print_self(const struct dr_req *req, const struct option_line *line)
{
	if (!line->help || line->list)
		return option_print_self(line);
	if (!req->unknown_type)
		help_print(&table, req->to.type, false);
	return !req->unknown_type;
}
