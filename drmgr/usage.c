// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/usage.h"

static const char generic[] =
	"{-c {port | slot | phb | pci | mem | cpu | acc} | -m}\n"
	"For more information on the specific options for the various\n"
	"connector types, run drmgr -c <type> -h";

void usage_print(FILE *out, const struct dr_type *type)
{
	terminal_print(out, "Usage: drmgr [-w minutes] [-d detail_level] [-C | "
			    "--capabilities] [-h | --help]");
	terminal_print(out, type ? dr_type_get_usage(type) : generic);
}

/* ---- --help ---- */

#define CARDS  "pci phb slot"
#define SHARES "cpu mem"

static const struct help_row rows[] = {
	{ "-a", "add", .example = "-a -s @", .action = DR_ADD },
	{ "-r", "remove", .example = "-r -s @", .action = DR_REMOVE },
	{ "-R", "replace: remove, prompt for the new card, add", .example = "-R -s @",
	  .action = DR_REPLACE },
	{ "-i", "identify: set the slot's indicator", .example = "-i -s @",
	  .action = DR_IDENTIFY },
	{ "-Q", "query: print the state, or exit with it", .example = "-Q -s @",
	  .action = DR_QUERY },
	{ "-m", "migrate; implies -c pmig", .example = "!-m -p pre -s 0x1a2b",
	  .action = DR_MIGRATE, .types = "*" },
	{ "-s NAME",
	  "connector: DRC name, 0x and DRC index, location code,\n"
	  "PCI address, path of a node, name of Linux",
	  .example = "-r -s ^" },
	{ "-s STREAM", "number of the stream, from the host",
	  .example = "!-m -p pre -s 0x1a2b", .types = "pmig" },
	{ "-s STREAM", "number of the stream, from the host",
	  .example = "-p pre -s 0x1a2b", .types = "phib" },
	{ "-q N", "number of resources", .example = "-a -q 2", .types = "!slot port" },
	{ "-q N", "number of credits; 0 is permitted", .example = "-t gzip -q 4",
	  .types = "acc" },
	{ "-p PARAMETER", "change ent_capacity or variable_weight by -q N",
	  .example = "-r -p ent_capacity -q 50", .types = SHARES },
	{ "-p smt_threads", "bring the threads of cores online or offline",
	  .example = "-a -p smt_threads", .types = "cpu" },
	{ "-p check", "only run the hooks, to check if it is possible",
	  .example = "!-m -p check", .types = "pmig" },
	{ "-p pre", "start", .example = "!-m -p pre -s 0x1a2b", .types = "pmig" },
	{ "-p pre", "start", .example = "-p pre -s 0x1a2b", .types = "phib" },
	{ "-t gzip", "the accelerator", .example = "-t gzip -q 4", .types = "acc" },
	{ "-n", "no prompts", .example = "-r -s @ -n", .types = "pci" },
	{ "-I", "do not prompt to confirm the slot", .example = "-a -s @ -I",
	  .types = "pci" },
	{ "-H", "do not change isolation and power", .example = "-r -s @ -H",
	  .types = CARDS },
	{ "-w MINUTES",
	  "limit of all waits, including the wait for the lock;\n"
	  "30s: seconds",
	  .example = "-r -s @ -w 30s" },
	{ "-d LEVEL", "messages: 1 errors, 2 warnings, 3 info, 4 debug",
	  .example = "-r -s @ -d 4" },
	{ "--dry-run", "print each call and write, change nothing",
	  .example = "-r -s @ --dry-run" },
	{ "--trace", "print each call into firmware and write to the kernel",
	  .example = "-r -s @ --trace" },
	{ "--json[=lines]", "one JSON document on standard output; never prompts",
	  .example = "-r -s @ -n --json" },
	{ "--backend NAME", "change the device tree by auto, overlay, dlpar, ofdt",
	  .example = "-a -s @ --backend dlpar", .types = CARDS },
	{ "--backend NAME", "use auto, dlpar, ofdt", .example = "-a -s @ --backend dlpar",
	  .types = SHARES },
	{ "--backend NAME", "use auto, ofdt",
	  .example = "!-m -p pre -s 0x1a2b --backend ofdt", .types = "pmig" },
	{ "--backend NAME", "use auto, ofdt",
	  .example = "-p pre -s 0x1a2b --backend ofdt", .types = "phib" },
	{ "--all-or-nothing", "undo everything if fewer succeed than requested",
	  .example = "-a -q 2 --all-or-nothing", .types = "!slot port" },
	{ "--force", "remove even a device that the system needs",
	  .example = "-r -s @ --force", .types = CARDS },
	{ "--force", "remove even memory of a KVM guest", .example = "-r -s @ --force",
	  .types = "mem" },
	{ "--no-loss", "remove nothing that the system uses",
	  .example = "-r -s @ --no-loss", .types = CARDS },
	{ "--sysroot DIR", "with -C, -Q: read a captured tree",
	  .example = "-Q -s @ --sysroot /tmp/tree" },
	{ 0 },
};

/* Options that have no type. */
static const struct help_row general_rows[] = {
	{ "-P FILE", "remove and add again the resources that firmware moved",
	  .example = "!-P /tmp/moved" },
	{ "-C, --capabilities", "print what this system supports", .example = "!-C" },
	{ "--recover", "only undo the changes of an interrupted run",
	  .example = "!--recover" },
	{ "--discard [NAME]", "with --recover: undo nothing, move the journals away",
	  .example = "!--recover --discard" },
	{ "-h", "the short text that other programs expect", .example = "-h" },
	{ "--help [TYPE]", "this text, or that of a type", .example = "!--help mem" },
	{ "--version", "print the version", .example = "!--version" },
	{ 0 },
};

static void usage_print_general(FILE *out)
{
	fputs("Usage: drmgr -c TYPE {-a | -r | -R | -i | -Q} [OPTION]...\n"
	      "       drmgr {-m | -P FILE | -C | --recover} [OPTION]...\n"
	      "Add and remove resources of this partition.\n"
	      "\n"
	      "Connector types; \"drmgr --help TYPE\" prints the options of a type:\n",
	      out);
	help_print_types(out, false);
	fputs("\nOptions:\n", out);
	help_print_rows(out, "drmgr", NULL, rows);
	help_print_rows(out, "drmgr", NULL, general_rows);
}

/* Print the actions of a type: " {-a | -r}". Types without an action print nothing. */
static void usage_print_actions(FILE *out, const struct dr_type *type)
{
	bool is_first = true;

	for (const struct help_row *row = rows; row->action; row++) {
		if (!help_row_applies(row, type))
			continue;
		fprintf(out, "%s%s", is_first ? " {" : " | ", row->option);
		is_first = false;
	}
	if (!is_first)
		putc('}', out);
}

void usage_print_long(FILE *out, const struct dr_type *type)
{
	if (!type) {
		usage_print_general(out);
	} else {
		fprintf(out, "Usage: drmgr -c %s", dr_type_get_name(type));
		usage_print_actions(out, type);
		fprintf(out, " [OPTION]...\nThis type: %s.\n\n", dr_type_get_title(type));
		help_print_rows(out, "drmgr", type, rows);
	}
	fputs("\nSee drmgr(8).\n", out);
}
