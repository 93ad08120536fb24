// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/lsslot_options.h"

static int request_parse_detail(void *priv, const char *text)
{
	struct request *req = priv;

	req->table.detail = (int)strtol(text, NULL, 10);
	return 0;
}

static int request_parse_timeout(void *req, const char *text)
{
	(void)req;
	return strtol(text, NULL, 10) >= 0 ? 0 : -EINVAL;
}

#define AT(member)   OPTION_AT(struct request, member)
#define FLAG(member) .kind = OPTION_FLAG, AT(member)
#define TEXT(member) .kind = OPTION_TEXT, AT(member)
#define CALL(what)   .kind = OPTION_CALL, .parse = request_parse_##what

/* clang-format off */
static const struct option_row rows[] = {
	{ 'c', NULL, "TYPE", NULL, TEXT(type_name), .is_once = true }, /* types have lines */
	{ 's', NULL, "NAME",
	  "DRC name, 0x and index, location, node, Linux's name", TEXT(table.key), .is_once = true },
	{ 'a', NULL, NULL, "only empty slots", FLAG(table.available), .where = TYPE_CARDS },
	{ .help = "also what this partition does not own", .where = TYPE_MEMORY },
	{ 'b', NULL, NULL, "also cores not owned, and the caches of each",
	  FLAG(table.with_caches), .where = TYPE_CORES },
	{ 'o', NULL, NULL, "only occupied slots", FLAG(table.occupied), .where = TYPE_CARDS },
	{ 'p', NULL, NULL, "caches instead of cores", FLAG(table.caches), .where = TYPE_CORES },
	{ 'F', NULL, "CHARACTER", "no heading, and this character between fields",
	  TEXT(delimiter), .where = HELP_NOT | TYPE_BRIDGES | TYPE_CORES | TYPE_MEMORY },
	{ 'd', NULL, "LEVEL", "4: also what this partition does not own", CALL(detail),
	  .words = "0 1 2 3 4 5", .where = TYPE_SHARES },
	{ 0, "verbose", NULL, "more messages: the same as -d 3", .kind = OPTION_CHOICE,
	  AT(table.detail), .n = 3 },
	{ 0, "all", NULL, "every connector, also those without a resource", FLAG(table.all) },
	{ 0, "json", NULL, "one JSON document on standard output", FLAG(json) },
	{ 0, "sense", NULL, "also which absent resources the host offers; for root",
	  FLAG(table.sense) },
	{ 0, "summary", NULL, "counts of connectors, and the ranges of memory", FLAG(summary) },
	{ 0, "check", NULL, "with --summary: 0 nothing to do, 1 incomplete, 2 unknown",
	  FLAG(check) },
	{ 0, "sysroot", "DIR", "read a captured tree", TEXT(sysroot) },
	{ 'w', NULL, "TIMEOUT", "accepted and ignored: lsslot needs no lock", CALL(timeout),
	  .why = "a timeout must not be negative; omit -w, lsslot never waits",
	  .where = HELP_GENERAL },
	{ 'h', NULL, NULL, "the short text that other programs expect", FLAG(usage),
	  .where = HELP_GENERAL },
	{ 0, "help", "[TYPE]", "this text, or that of a type", .kind = OPTION_HELP,
	  .where = HELP_GENERAL },
	{ 0, "version", NULL, "print the version", .kind = OPTION_VERSION,
	  .where = HELP_GENERAL },
};

static const struct option_rule rules[] = {
	{ "--all", .excludes = "-a -o -s --summary",
	  .text = "--all lists every connector: use it without -a, -o, -s and --summary" },
	{ "--sense", .excludes = "--sysroot",
	  .text = "--sense and --sysroot exclude each other: only the firmware of this "
		  "machine can be called" },
	{ "--summary", .excludes = "-a -b -o -p -s -F",
	  .text = "--summary counts all connectors: use it without -a, -b, -o, -p, -s and -F" },
	{ "--check", .needs = "--summary", .text = "--check needs --summary" },
	{ "--check", .excludes = "--sysroot",
	  .text = "--check is about the runs of this machine: use it without --sysroot" },
	{ "--json", .excludes = "-F",
	  .text = "--json and -F exclude each other: a document has no columns" },
	{ 0 },
};
/* clang-format on */

static const struct option_table table = {
	.program = "lsslot",
	.manual = "lsslot(8)",
	.usage = "Usage: lsslot -c TYPE [OPTION]...\n"
		 "List the connectors of this partition.\n"
		 "\n"
		 "Connector types; without -c it is slot, or pci with -a or -o.\n"
		 "\"lsslot --help TYPE\" prints the options of a type:\n",
	.notes = "Examples:\n"
		 "  lsslot -c pci\n"
		 "  lsslot -c pci -s eth1\n"
		 "  lsslot -c cpu -b\n"
		 "  lsslot -c mem --json\n"
		 "  lsslot --summary\n\n",
	OPTION_ROWS(rows),
	.rules = rules,
};

void request_parse(struct request *req, int argc, char *argv[])
{
	bool is_cards;

	*req = (struct request){ .sysroot = NULL };
	option_parse(&table, argc, argv, req, &req->line);
	if (req->delimiter && (strlen(req->delimiter) != 1 || *req->delimiter == '%')) {
		req->is_older_text = !*req->line.problem;
		option_refuse(&req->line, "%s",
			      "You may specify only one character for the -F option,\n"
			      "and it must not be the % character.");
	}
	req->table.delimiter = req->delimiter ? *req->delimiter : '\0';
	req->type_is_given = req->type_name != NULL;
	/* Only PCI slots are occupied or available. */
	is_cards = req->table.available || req->table.occupied;
	if (!req->type_name)
		req->type_name = is_cards ? "pci" : "slot";
	req->table.type = dr_type_by_name(req->type_name);
	table_set_key(&req->table, req->table.key);
}

static bool request_type_has(const struct dr_type *type, char letter)
{
	return dr_type_has_connectors(type) && help_next_row(&table, type, letter, NULL);
}

static int request_refuse_operand(struct request *req)
{
	const char *word = req->line.words[0];

	if (dr_type_by_name(word))
		return option_refuse(&req->line,
				     "unexpected argument '%s': name a type with -c %s",
				     word, word);
	return option_refuse(&req->line,
			     "unexpected argument '%s': name a connector with -s, "
			     "and its type with -c (lsslot --help lists the types)",
			     word);
}

/* Refuse an option that the type does not have. */
static int request_refuse_option(struct request *req, char letter)
{
	const char *name = dr_type_get_name(req->table.type), *before = "";
	const struct dr_type *type;
	char types[128] = "";
	size_t n = 0;

	dr_foreach_type(type)
		if (request_type_has(type, letter) && n < sizeof(types)) {
			n += (size_t)snprintf(types + n, sizeof(types) - n, "%s%s",
					      before, dr_type_get_name(type));
			before = ", ";
		}
	return option_refuse(&req->line,
			     "-%c: -c %s does not have this option, only %s; "
			     "see lsslot --help %s",
			     letter, name, types, name);
}

static int request_refuse_type(struct request *req, const char *option, const char *word)
{
	_cleanup_free_ char *words = help_type_words(true);

	return option_refuse(&req->line, "%s %s: unknown type; use %s", option, word,
			     words ? words : "");
}

/* Warn about options without a meaning that the peer accepts. */
static void request_warn_ignored(const struct request *req)
{
	const char *name = dr_type_get_name(req->table.type);

	for (const char *letter = "abopF"; *letter; letter++)
		if (option_letter_in(&req->line, (const char[]){ *letter, 0 }) &&
		    !request_type_has(req->table.type, *letter))
			fprintf(stderr,
				"lsslot: -%c is ignored: -c %s does not have this option; "
				"see lsslot --help %s\n",
				*letter, name, name);
}

/* Check the options against the type. Only documents, summaries and the tables of slots show
 * what is offered: programs parse the other tables. */
static int request_check_type(struct request *req)
{
	const struct dr_type *type = req->table.type;
	char refused = option_letter_in(&req->line, table_refused_options(type));

	if (req->table.sense && !req->json && !req->summary && !type_is(type, TYPE_SLOTS))
		return option_refuse(&req->line,
				     "--sense: the table of -c %s does not show it; add "
				     "--json or --summary",
				     dr_type_get_name(type));
	if (req->summary)
		return !req->type_is_given || dr_type_has_connectors(type)
			       ? 0
			       : option_refuse(&req->line,
					       "--summary: %s has no connectors to count",
					       dr_type_get_name(type));
	if (refused)
		return request_refuse_option(req, refused);
	if (type_is(type, TYPE_CORES) && req->table.with_caches && req->table.caches)
		return option_refuse(
			&req->line,
			"-b and -p exclude each other: use -p for the caches only");
	if (dr_type_has_connectors(type) && option_letter_in(&req->line, "abopF"))
		request_warn_ignored(req);
	return 0;
}

int request_check(struct request *req)
{
	if (*req->line.problem)
		return -EINVAL;
	if (req->line.n_words)
		return request_refuse_operand(req);
	if (req->table.type)
		return request_check_type(req);
	if (!req->json)
		puts("\nThe specified connector type is invalid.\n");
	return request_refuse_type(req, "-c", req->type_name);
}

/* ---- Help ---- */

/* The text of the peer, for -h. */
static const char usage_text[] =
	"Usage: lsslot [-c | -a | -b | -p | -o | -s ][-F | -d | -w]\n"
	"        -c <connector type>\n"
	"                Display the slots of the specified connector type: \"pci\" for\n"
	"                hotplug PCI slots, \"slot\" for logical slots, \"phb\" for PCI\n"
	"                host bridges, \"port\" for LHEA ports, \"mem\" for memory, and\n"
	"                \"cpu\" for cpus. The default is \"slot\", or \"pci\" with -a or -o.\n"
	"        -a      Display available slots, valid for \"pci\" slots; and for \"mem\",\n"
	"                memory that is not owned as well.\n"
	"        -b      Display cpus and caches, valid for \"cpu\" only.\n"
	"        -o      Display occupied slots, valid for \"pci\" slots only.\n"
	"        -p      Display caches, valid for \"cpu\" only.\n"
	"        -s <slot> | <drc index>\n"
	"                Display the specified connector: a DRC name or index, or any\n"
	"                other name that drmgr -s accepts, such as eth1.\n"
	"        -F <delimiter>\n"
	"                A single character to delimit the output. The heading is not\n"
	"                displayed and the columns are delimited by the character.\n"
	"        -d <detail level>\n"
	"                Messages on standard error: 1 errors, 2 warnings. With 4 or more\n"
	"                cpus and memory not owned by this system are displayed too.\n"
	"        -w <timeout>\n"
	"                Accepted and ignored: lsslot needs no lock.\n";

void request_print_usage(void)
{
	fputs(usage_text, stderr);
}

int request_print_self(struct request *req)
{
	const char *word = option_value(&req->line, "--help");
	const struct dr_type *type;

	if (word && !*word)
		word = req->line.n_words    ? req->line.words[0]
		       : req->type_is_given ? req->type_name
					    : NULL;
	type = word ? dr_type_by_name(word) : NULL;
	if (!req->line.help || req->line.list) {
		option_print_self(&req->line);
	} else if (word && (!type || !dr_type_has_connectors(type))) {
		*req->line.problem = '\0'; /* help overrides all other options */
		return request_refuse_type(req, "--help", word);
	} else {
		help_print(&table, type, true);
	}
	return 0;
}
