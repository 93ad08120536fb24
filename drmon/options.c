// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "cli/bad_option.h"
#include "drmon/filter.h"
#include "drmon/options.h"

enum long_option {
	OPT_ONCE = 256,
	OPT_JSON,
	OPT_NO_CLOCK,
	OPT_SYSROOT,
	OPT_HELP,
	OPT_VERSION
};

static const char usage_text[] =
	"Usage: drmon [OPTION]...\n"
	"Show the connectors of this partition, and their changes, on a live screen.\n"
	"\n"
	"  -A, --all      show all connectors, not only those that the partition owns\n"
	"  -c TYPE        show only this type: pci, slot, phb, cpu or mem\n"
	"  -f FILTER      show only lines with these words; state:present: in that column\n"
	"      --once     print the table once\n"
	"      --json     with --once: print one JSON document\n"
	"      --no-clock show no clock, so that an idle screen needs no processor time\n"
	"      --sysroot DIR  with --once: read a captured tree\n"
	"      --help, --version\n"
	"\n"
	"Press ? on the screen for its keys. See drmon(8).\n";

static const struct option long_options[] = {
	{ "all", no_argument, NULL, 'A' },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "no-clock", no_argument, NULL, OPT_NO_CLOCK },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

void options_usage(FILE *out)
{
	fputs(usage_text, out);
}

static int drmon_options_refuse(const char *what, const char *value, const char *why)
{
	fprintf(stderr, "drmon: %s%s%s: %s\n", what, *value ? " " : "", value, why);
	return -EINVAL;
}

static int drmon_options_parse_type(struct options *options, const char *name)
{
	const struct dr_type *type = NULL;

	while ((type = conn_type_next(type)))
		if (!strcmp(name, dr_type_get_name(type))) {
			options->type = type;
			return 0;
		}
	return drmon_options_refuse("-c", name, "use pci, slot, phb, cpu or mem");
}

static int drmon_options_parse_filter(struct options *options, const char *filter)
{
	options->filter = filter;
	if (strlen(filter) >= FILTER_MAX)
		return drmon_options_refuse("-f", filter,
					    "too long; use at most 79 bytes");
	if (!filter_has_columns(filter))
		return drmon_options_refuse("-f", filter,
					    "no such column; use type, name, index, "
					    "state, location, devices or driver");
	return 0;
}

static int drmon_options_parse_option(struct options *options, int c)
{
	switch (c) {
	case 'c':
		return drmon_options_parse_type(options, optarg);
	case 'A':
		options->with_all = true;
		return 0;
	case 'f':
		return drmon_options_parse_filter(options, optarg);
	case OPT_ONCE:
		options->once = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_NO_CLOCK:
		options->no_clock = true;
		return 0;
	case OPT_SYSROOT:
		options->sysroot = optarg;
		return 0;
	case OPT_HELP:
		options->help = true;
		return 0;
	case OPT_VERSION:
		options->version = true;
		return 0;
	default:
		return -EINVAL;
	}
}

static int drmon_options_check(const struct options *options, const char *rest)
{
	if (rest)
		return drmon_options_refuse(rest, "",
					    "unexpected argument; see drmon --help");
	if (options->json && !options->once)
		return drmon_options_refuse("--json", "", "needs --once");
	if (options->sysroot && !options->once)
		return drmon_options_refuse("--sysroot", "", "needs --once");
	return 0;
}

int options_parse(struct options *options, int argc, char *argv[])
{
	int c, err, first = 0;

	*options = (struct options){ .filter = "" };
	while ((c = getopt_long(argc, argv, ":Ac:f:", long_options, NULL)) != -1) {
		err = c == '?' || c == ':' ? bad_option("drmon", c, argv)
					   : drmon_options_parse_option(options, c);
		first = first ? first : err;
	}
	if (options->help || options->version)
		return 0;
	return first ? first : drmon_options_check(options, argv[optind]);
}
