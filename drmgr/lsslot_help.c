// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/lsslot_help.h"

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

void lsslot_print_usage(void)
{
	fputs(usage_text, stderr);
}

/* ---- --help ---- */

static const struct help_row rows[] = {
	{ "-s NAME",
	  "only one: DRC name, 0x and DRC index, location code,\n"
	  "PCI address, path of a node, name of Linux",
	  .example = "-s @" },
	{ "-a", "only empty slots", .example = "-a", .types = "pci" },
	{ "-o", "only occupied slots", .example = "-o", .types = "pci" },
	{ "-a", "also what this partition does not own", .example = "-a",
	  .types = "mem" },
	{ "-b", "also cores not owned, and the caches of each", .example = "-b",
	  .types = "cpu" },
	{ "-p", "caches instead of cores", .example = "-p", .types = "cpu" },
	{ "-F CHARACTER", "no heading, and this character between fields",
	  .example = "-F:", .types = "!phb cpu mem" },
	{ "-d LEVEL", "4: also what this partition does not own", .example = "-d 4",
	  .types = "cpu mem" },
	{ "--all", "every connector, also those without a resource", .example = "--all" },
	{ "--json", "one JSON document on standard output", .example = "--json" },
	{ "--sense", "also which absent resources the host offers; for root",
	  .example = "--sense --json" },
	{ "--summary", "counts of connectors, and the ranges of memory",
	  .example = "--summary" },
	{ "--sysroot DIR", "read a captured tree", .example = "--sysroot /tmp/tree" },
	{ 0 },
};

/* Options that have no type. */
static const struct help_row general_rows[] = {
	{ "-w TIMEOUT", "accepted and ignored: lsslot needs no lock",
	  .example = "!-w 5" },
	{ "-h", "the short text that other programs expect", .example = "!-h" },
	{ "--help [TYPE]", "this text, or that of a type", .example = "!--help mem" },
	{ "--version", "print the version", .example = "!--version" },
	{ 0 },
};

static void lsslot_help_print(const struct dr_type *type)
{
	printf("Usage: lsslot -c %s [OPTION]...\n",
	       type ? dr_type_get_name(type) : "TYPE");
	if (type) {
		printf("This type: %s.\n\n", dr_type_get_title(type));
	} else {
		puts("List the connectors of this partition.\n"
		     "\n"
		     "Connector types; without -c it is slot, or pci with -a or -o.\n"
		     "\"lsslot --help TYPE\" prints the options of a type:");
		help_print_types(stdout, true);
		puts("\nOptions:");
	}
	help_print_rows(stdout, "lsslot", type, rows);
	if (!type)
		help_print_rows(stdout, "lsslot", NULL, general_rows);
	puts("\nSee lsslot(8).");
}

void lsslot_print_types(const char *option, const char *word)
{
	_cleanup_free_ char *words = help_type_words(true);

	fprintf(stderr, "lsslot: %s %s: unknown type; use %s\n", option, word,
		words ? words : "");
}

int lsslot_print_help(const char *word, const char *type_name)
{
	const char *name = word ? word : type_name;
	const struct dr_type *type = name ? dr_type_by_name(name) : NULL;
	int err = 0;

	if (name && (!type || !dr_type_has_connectors(type)))
		err = -EINVAL;
	if (err)
		lsslot_print_types("--help", name);
	else
		lsslot_help_print(type);
	return err;
}

bool lsslot_has_option(const struct dr_type *type, char letter)
{
	for (const struct help_row *row = rows; row->option; row++)
		if (row->option[1] == letter && help_row_applies(row, type))
			return dr_type_has_connectors(type);
	return false;
}

char *lsslot_types_with(char letter)
{
	const char *before = "";
	const struct dr_type *type;
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		return NULL;
	dr_foreach_type(type)
		if (lsslot_has_option(type, letter)) {
			fprintf(out, "%s%s", before, dr_type_get_name(type));
			before = ", ";
		}
	return text_close(out, &words);
}
