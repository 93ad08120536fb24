// SPDX-License-Identifier: GPL-2.0-or-later
/* lsslot - list the connectors of this machine and their devices. It changes nothing: no
 * lock, no call into firmware, no need to be root. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/core/platform.h"
#include "libdrmgr/core/session.h"
#include "libdrmgr/core/error_text.h"
#include "drmgr/show.h"
#include "cli/stdout_end.h"
#include "kern/process.h"

enum { LSSLOT_DONE = 0, LSSLOT_FAILED = 1 };

enum long_option { OPT_JSON = 256, OPT_SYSROOT, OPT_HELP, OPT_VERSION };

struct request {
	struct show show;
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
	"        --sysroot <directory>\n"
	"                Read a captured tree.\n"
	"        --help, --version\n";

/* Return the status of a failure. With --json, print an empty document in any case. */
static int lsslot_fail(const struct request *req)
{
	if (req->show.json)
		connectors_print_none(show_type_find(req->show.type) ? req->show.type
								     : NULL);
	return LSSLOT_FAILED;
}

static int lsslot_usage(const struct request *req)
{
	fputs(usage_text, stderr);
	return lsslot_fail(req);
}

static const char short_options[] = "abc:d:F:ops:w:";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
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
static int request_parse_delimiter(struct show *show)
{
	show->delimiter = optarg[0];
	if (strlen(optarg) == 1 && *optarg != '%')
		return 0;
	fputs("You may specify only one character for the -F option,\n"
	      "and it must not be the % character.\n",
	      stderr);
	return -ERANGE;
}

/* Parse an option of the list. Return 0, or -EINVAL for an invalid option or value. */
static int request_parse_show(struct show *show, int c)
{
	switch (c) {
	case 'a':
		show->available = true;
		return 0;
	case 'b':
		show->with_caches = true;
		return 0;
	case 'c':
		show->type = optarg;
		return 0;
	case 'd':
		show->detail = (int)strtol(optarg, NULL, 10);
		return 0;
	case 'F':
		return request_parse_delimiter(show);
	case 'o':
		show->occupied = true;
		return 0;
	case 'p':
		show->caches = true;
		return 0;
	case 's':
		show->key = optarg;
		return 0;
	case OPT_JSON:
		show->json = true;
		return 0;
	default:
		return -EINVAL;
	}
}

static int request_parse_option(struct request *req, int c)
{
	request_note_option(req, c);
	switch (c) {
	case 'w':
		return strtol(optarg, NULL, 10) < 0 ? -EINVAL : 0;
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
		return request_parse_show(&req->show, c);
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
	if (!req->show.type)
		req->show.type =
			req->show.available || req->show.occupied ? "pci" : "slot";
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

static int request_check(const struct request *req)
{
	const struct show_type *type = show_type_find(req->show.type);

	if (!type)
		fputs("\nThe specified connector type is invalid.\n\n",
		      req->show.json ? stderr : stdout);
	if (type && !request_count_options(req, type->refused) &&
	    request_count_options(req, type->exclusive) < 2 &&
	    !(req->show.json && req->show.delimiter))
		return 0;
	return -EINVAL;
}

static int lsslot_list(const struct request *req, const struct dr_ctx *dr)
{
	const struct show_type *type = show_type_find(req->show.type);
	struct show show = req->show;
	struct dr_error error;
	int err;

	show.error = &error;
	err = type->fn(&show, dr);
	switch (err) {
	case 0:
		return LSSLOT_DONE;
	case -ENODEV:
		fputs(type->none, stderr);
		return type->none_is_error ? LSSLOT_FAILED : LSSLOT_DONE;
	case -ENOENT:
		fputs(type->unknown, stderr);
		return LSSLOT_FAILED;
	case -ENOTUNIQ:
		fprintf(stderr, ERROR_AMBIGUOUS "\n", error.what);
		return LSSLOT_FAILED;
	default:
		fprintf(stderr, "lsslot: %s\n", strerror(-err));
		return LSSLOT_FAILED;
	}
}

static int lsslot_check_machine(const struct request *req, const struct dr_ctx *dr,
				const char *name)
{
	enum platform platform = req->sysroot ? PLATFORM_LPAR : platform_read(dr->root);

	if (platform == PLATFORM_UNKNOWN || platform == PLATFORM_POWERNV) {
		fprintf(stderr, "%s: is not supported on the %s platform\n", name,
			platform_name(platform));
		return -EOPNOTSUPP;
	}
	if (platform_check_chrp(dr->root)) {
		fprintf(stderr, "%s: no device tree of a chrp machine is visible\n",
			name);
		return -EOPNOTSUPP;
	}
	return 0;
}

static void lsslot_warn(void *priv, const char *text)
{
	(void)priv;
	fprintf(stderr, "lsslot: %s\n", text);
}

static int lsslot_run(const struct request *req, const char *name)
{
	const struct dr_report report = { .warning = lsslot_warn };
	struct session session;
	struct log log;
	int err, status;

	log_init(&log, "lsslot", req->show.detail);
	err = session_open(&session, req->sysroot, &log, &report);
	if (err)
		fprintf(stderr, "lsslot: %s: %s\n", req->sysroot ? req->sysroot : "/",
			strerror(-err));
	else
		err = lsslot_check_machine(req, &session.dr, name);
	status = err ? lsslot_fail(req) : lsslot_list(req, &session.dr);
	session_close(&session);
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
		fputs(usage_text, stdout);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (req.version) {
		puts("lsslot (" PACKAGE_NAME ") " PACKAGE_VERSION);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (!err)
		err = request_check(&req);
	if (err)
		status = err == -EINVAL ? lsslot_usage(&req) : lsslot_fail(&req);
	else
		status = lsslot_run(&req, argv[0]);
	return stdout_end("lsslot", status, LSSLOT_FAILED);
}
