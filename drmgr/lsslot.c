// SPDX-License-Identifier: GPL-2.0-or-later
/* lsslot - list the connectors of this machine and their devices. It changes nothing: no
 * lock, no call into firmware, no need to be root. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/stdout_end.h"
#include "drmgr/summary.h"
#include "drmgr/table.h"

enum { LSSLOT_DONE = 0, LSSLOT_FAILED = 1 };

enum long_option { OPT_JSON = 256, OPT_SUMMARY, OPT_SYSROOT, OPT_HELP, OPT_VERSION };

struct request {
	const char *type_name;
	struct table table;
	bool json, summary;
	char given[64]; /* letters of the options, each once */
	const char *sysroot;
	bool help, version;
};

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
	"                Accepted and ignored: lsslot needs no lock.\n"
	"        --json  One JSON document on standard output.\n"
	"        --summary\n"
	"                Print how many connectors are owned, of each type or of the type\n"
	"                of -c, and the ranges of memory.\n"
	"        --sysroot <directory>\n"
	"                Read a captured tree.\n"
	"        --help, --version\n";

/* Return the status of a failure. With --json, print a document without connectors. */
static int lsslot_fail(const struct request *req, enum dr_code code, const char *message)
{
	if (req->json && req->summary)
		summary_print_error(code, message);
	else if (req->json)
		connectors_print(req->table.type, NULL, code, message);
	return LSSLOT_FAILED;
}

/* Print a message on standard error, and fail. */
static int lsslot_fail_with(const struct request *req, enum dr_code code, const char *fmt,
			    ...) __attribute__((format(printf, 3, 4)));
static int lsslot_fail_with(const struct request *req, enum dr_code code, const char *fmt,
			    ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s\n", text ? text : strerror(ENOMEM));
	return lsslot_fail(req, code, text ? text : strerror(ENOMEM));
}

/* Print the usage and the types that can be listed. */
static void lsslot_help(void)
{
	const struct dr_type *type;

	fputs(usage_text, stdout);
	puts("Connector types:");
	dr_foreach_type(type)
		if (dr_type_has_connectors(type))
			printf("        -c %-6s  %s\n", dr_type_get_name(type),
			       dr_type_get_title(type));
}

static const char invalid_command[] = "The command line is invalid";
static const char invalid_type[] = "The specified connector type is invalid.";
static const char invalid_delimiter[] =
	"You may specify only one character for the -F option,\n"
	"and it must not be the % character.";

static int lsslot_usage(const struct request *req)
{
	fputs(usage_text, stderr);
	return lsslot_fail(req, DR_CODE_BAD_REQUEST,
			   req->table.type ? invalid_command : invalid_type);
}

static const char short_options[] = "abc:d:F:ops:w:";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "summary", no_argument, NULL, OPT_SUMMARY },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

static void request_note_option(struct request *req, int c)
{
	size_t n = strlen(req->given);

	if (c < OPT_JSON && !strchr(req->given, c) && n + 1 < sizeof(req->given))
		req->given[n] = (char)c;
}

/* Parse -F. Return 0 or -ERANGE. */
static int request_parse_delimiter(struct table *table)
{
	table->delimiter = optarg[0];
	if (strlen(optarg) == 1 && *optarg != '%')
		return 0;
	fprintf(stderr, "%s\n", invalid_delimiter);
	return -ERANGE;
}

/* Parse an option of the list. Return 0, or -EINVAL for an invalid option or value. */
static int request_parse_table(struct table *table, int c)
{
	switch (c) {
	case 'a':
		table->available = true;
		return 0;
	case 'b':
		table->with_caches = true;
		return 0;
	case 'd':
		table->detail = (int)strtol(optarg, NULL, 10);
		return 0;
	case 'F':
		return request_parse_delimiter(table);
	case 'o':
		table->occupied = true;
		return 0;
	case 'p':
		table->caches = true;
		return 0;
	case 's':
		table->key = optarg;
		return 0;
	default:
		return -EINVAL;
	}
}

static int request_parse_option(struct request *req, int c)
{
	request_note_option(req, c);
	switch (c) {
	case 'c':
		req->type_name = optarg;
		return 0;
	case 'w':
		return strtol(optarg, NULL, 10) < 0 ? -EINVAL : 0;
	case OPT_JSON:
		req->json = true;
		return 0;
	case OPT_SUMMARY:
		req->summary = true;
		return 0;
	case OPT_SYSROOT:
		req->sysroot = optarg;
		return 0;
	case OPT_HELP:
		req->help = true;
		return 0;
	case OPT_VERSION:
		req->version = true;
		return 0;
	default:
		return request_parse_table(&req->table, c);
	}
}

static int request_parse(struct request *req, int argc, char *argv[])
{
	int c, err = 0, first = 0;

	*req = (struct request){ .sysroot = NULL };
	while ((c = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		err = request_parse_option(req, c);
		if (!first)
			first = err;
	}

	/* Only PCI slots are occupied or available. */
	if (!req->type_name)
		req->type_name =
			req->table.available || req->table.occupied ? "pci" : "slot";
	req->table.type = dr_type_by_name(req->type_name);
	table_set_key(&req->table, req->table.key);
	return first;
}

/* Count how many of these letters the user gave as options. */
static int request_count_options(const struct request *req, const char *letters)
{
	int n = 0;

	for (; letters && *letters; letters++)
		n += strchr(req->given, *letters) != NULL;
	return n;
}

/* A summary of a type that is not given counts all types. */
static const struct dr_type *request_summary_type(const struct request *req)
{
	return request_count_options(req, "c") ? req->table.type : NULL;
}

static int request_check_summary(const struct request *req)
{
	const struct dr_type *type = request_summary_type(req);

	if (request_count_options(req, "abopsF")) {
		fputs("lsslot: --summary counts all connectors: use it without -a, -b, -o, "
		      "-p, -s and -F\n",
		      stderr);
		return -ERANGE;
	}
	if (type && !dr_type_has_connectors(type)) {
		fprintf(stderr, "lsslot: --summary: %s has no connectors to count\n",
			dr_type_get_name(type));
		return -ERANGE;
	}
	return 0;
}

static int request_check(const struct request *req)
{
	const struct dr_type *type = req->table.type;

	if (!type)
		fprintf(req->json ? stderr : stdout, "\n%s\n\n", invalid_type);
	if (type && req->summary)
		return request_check_summary(req);
	if (type && !request_count_options(req, table_refused_options(type)) &&
	    request_count_options(req, table_exclusive_options(type)) < 2 &&
	    !(req->json && req->table.delimiter))
		return 0;
	return -EINVAL;
}

/* Print why nothing is listed. Return the exit status: to have no slots is no failure. */
static int lsslot_end(const struct request *req, struct dr *dr, int err)
{
	const char *type = dr_type_get_name(req->table.type);
	bool is_cpu = !strcmp(type, "cpu");

	switch (err) {
	case 0:
	case -ENOTSUP: /* the type is an action */
		return LSSLOT_DONE;
	case -ENODEV:
		fprintf(stderr, is_cpu ? "\n%s\n\n" : "%s\n", dr_get_error_text(dr));
		return strcmp(type, "slot") && strcmp(type, "pci") ? LSSLOT_FAILED
								   : LSSLOT_DONE;
	case -ENOENT:
	case -ENOTUNIQ:
		fprintf(stderr, "%s\n", dr_get_error_text(dr));
		return LSSLOT_FAILED;
	default:
		fprintf(stderr, "lsslot: %s\n", strerror(-err));
		return LSSLOT_FAILED;
	}
}

/* Return LSSLOT_DONE if the machine has a device tree that can be listed. */
static int lsslot_check_machine(const struct request *req, const struct dr *dr,
				const char *name)
{
	if (!req->sysroot && !dr_is_partition(dr))
		return lsslot_fail_with(req, DR_CODE_NOT_SUPPORTED,
					"%s: is not supported on the %s platform", name,
					dr_get_platform(dr));
	if (dr_check_device_tree(dr))
		return lsslot_fail_with(req, DR_CODE_NOT_SUPPORTED,
					"%s: no device tree of a chrp machine is visible",
					name);
	return LSSLOT_DONE;
}

static void lsslot_warn(void *priv, const char *text)
{
	(void)priv;
	fprintf(stderr, "lsslot: %s\n", text);
}

static void lsslot_log(void *priv, enum dr_level level, const char *text)
{
	const struct request *req = priv;

	if ((int)level <= req->table.detail)
		fprintf(stderr, "%s\n", text);
}

static int lsslot_show(const struct request *req, struct dr *dr)
{
	return req->summary ? summary_print(dr, request_summary_type(req), req->json)
			    : table_show(&req->table, dr, req->json);
}

static int lsslot_run(struct request *req, const char *name)
{
	const struct dr_callbacks callbacks = { .size = sizeof(callbacks),
						.priv = req,
						.log = lsslot_log,
						.warning = lsslot_warn };
	struct dr *dr;
	int err = dr_new(&dr, req->sysroot), status;

	if (err)
		return lsslot_fail_with(
			req, code_of_open(err, req->sysroot), "lsslot: %s: %s",
			req->sysroot ? req->sysroot : "/", strerror(-err));
	dr_set_callbacks(dr, &callbacks);
	status = lsslot_check_machine(req, dr, name);
	if (status == LSSLOT_DONE)
		status = lsslot_end(req, dr, lsslot_show(req, dr));
	dr_unref(dr);
	return status;
}

/* Use a large buffer, except on a terminal. Documents of large machines have tens of
 * MiB. */
static void stdout_enlarge_buffer(void)
{
	static char buffer[1 << 16];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}

int main(int argc, char *argv[])
{
	struct request req;
	int err, status;

	if (process_begin())
		return LSSLOT_FAILED;
	err = request_parse(&req, argc, argv);
	stdout_enlarge_buffer();

	if (req.help) {
		lsslot_help();
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (req.version) {
		puts("lsslot (" PACKAGE_NAME ") " PACKAGE_VERSION);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (!err)
		err = request_check(&req);
	if (err)
		status = err == -EINVAL ? lsslot_usage(&req)
					: lsslot_fail(&req, DR_CODE_BAD_REQUEST,
						      req.summary ? invalid_command
								  : invalid_delimiter);
	else
		status = lsslot_run(&req, argv[0]);
	return stdout_end("lsslot", status, LSSLOT_FAILED);
}
