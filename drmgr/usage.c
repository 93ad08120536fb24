// SPDX-License-Identifier: GPL-2.0-or-later
#include "drmgr/usage.h"
#include "cli/common.h"

static const char generic[] =
	"{-c {port | slot | phb | pci | mem | cpu | acc} | -m}\n"
	"For more information on the specific options for the various\n"
	"connector types, run drmgr -c <type> -h";

static const char long_options[] =
	"\n"
	"Without -s, -c pci -a configures every slot that holds a card and has no\n"
	"device-tree node; with -q N the first N of them.\n"
	"Without -s, -c mem adds or removes N blocks of memory, or one.\n"
	"\n"
	"  -a, -r, -R, -i, -Q   add, remove, replace, identify, query\n"
	"  -s NAME              connector: DRC name, 0x and DRC index, location code,\n"
	"                       PCI address, path of a node, name of Linux (eth1, sda)\n"
	"  -q N                 number of resources\n"
	"  -m -p check|pre -s STREAM  check whether migration is possible; migrate\n"
	"  -P FILE              remove and add again the resources that firmware moved\n"
	"  -n                   no prompts\n"
	"  -I                   do not prompt to confirm the slot\n"
	"  -H                   do not change isolation and power\n"
	"  -w MINUTES           limit of all waits, including the wait for the lock;\n"
	"                       30s: seconds\n"
	"  -d LEVEL             messages on stderr: 1 errors, 2 warnings, 3 info, 4 debug\n"
	"  -C, --capabilities   print what this system supports\n"
	"      --dry-run        print each call and write, change nothing\n"
	"      --trace          print each call into firmware and write to the kernel\n"
	"      --json           one JSON document on standard output\n"
	"      --backend NAME   change the device tree by auto, overlay, dlpar, ofdt\n"
	"      --all-or-nothing undo everything if fewer succeed than requested\n"
	"      --force          remove even a device that the system needs, or memory of\n"
	"                       a KVM guest\n"
	"      --no-loss        remove nothing that the system uses\n"
	"      --recover        only undo the changes of an interrupted run\n"
	"      --discard        with --recover: undo nothing, move the journal away\n"
	"      --sysroot DIR    with -C, -Q: read a captured tree\n"
	"      --help, --version\n"
	"\n"
	"Connector types:\n";

void usage_print(FILE *out, const struct dr_type *type)
{
	terminal_print(out, "Usage: drmgr [-w minutes] [-d detail_level] [-C | "
			    "--capabilities] [-h | --help]");
	terminal_print(out, type ? dr_type_get_usage(type) : generic);
}

void usage_print_long(FILE *out, const struct dr_type *type)
{
	usage_print(out, type);
	fputs(long_options, out);
	dr_foreach_type(type)
		fprintf(out, "  -c %-6s  %s\n", dr_type_get_name(type),
			dr_type_get_title(type));
	fputs("\nSee drmgr(8).\n", out);
}
