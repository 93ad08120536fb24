// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the slots of this machine and what is in them. Only looks: no lock, no call into
 * firmware, no need to be root. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/model/platform.h"
#include "drmgr/model/session.h"
#include "drmgr/slot_table.h"
#include "drmgr/stdout_end.h"

enum { LSSLOT_DONE = 0, LSSLOT_FAILED = 1 };

enum long_option { OPT_JSON = 256, OPT_SYSROOT, OPT_HELP, OPT_VERSION };

struct request {
	const char *type;
	struct slot_filter filter;
	char delimiter;
	bool available, occupied, json;
	bool wants_other; /* an option that only other types have */
	const char *sysroot;
	bool help, version;
	int detail;
};

static const char usage_text[] =
	"Usage: lsslot [-c | -a | -b | -p | -o | -s ][-F | -d | -w]\n"
	"        -c <connector type>\n"
	"                Display the slots of the specified connector type: \"pci\" for\n"
	"                hotplug PCI slots, \"slot\" for logical slots. The default is\n"
	"                \"slot\" if no -c option is specified.\n"
	"        -a      Display available slots, valid for \"pci\" slots only.\n"
	"        -o      Display occupied slots, valid for \"pci\" slots only.\n"
	"        -s <slot>\n"
	"                Display characteristics of the specified slot.\n"
	"        -F <delimiter>\n"
	"                A single character to delimit the output. The heading is not\n"
	"                displayed and the columns are delimited by the character.\n"
	"        -d <detail level>\n"
	"                Messages on standard error: 1 errors, 2 warnings.\n"
	"        -w <timeout>\n"
	"                Accepted and ignored: no lock is taken.\n"
	"        --json  One JSON document on standard output.\n"
	"        --sysroot <directory>\n"
	"                Look at a captured tree.\n"
	"        --help, --version\n";

static int usage(void)
{
	fputs(usage_text, stderr);
	return LSSLOT_FAILED;
}

static const char short_options[] = "abc:d:F:ops:w:";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

/* 0; -EINVAL an option that is none, or a value that cannot be. */
static int parse_option(struct request *req, int c)
{
	switch (c) {
	case 'a':
		req->available = true;
		return 0;
	case 'b':
	case 'p':
		req->wants_other = true;
		return 0;
	case 'c':
		req->type = optarg;
		return 0;
	case 'd':
		req->detail = (int)strtol(optarg, NULL, 10);
		return 0;
	case 'F':
		req->delimiter = optarg[0];
		if (strlen(optarg) == 1 && *optarg != '%')
			return 0;
		fputs("You may specify only one character for the -F option,\n"
		      "and it must not be the % character.\n",
		      stderr);
		return -ERANGE;
	case 'o':
		req->occupied = true;
		return 0;
	case 's':
		req->filter.key = optarg;
		return 0;
	case 'w':
		return strtol(optarg, NULL, 10) < 0 ? -EINVAL : 0;
	case OPT_JSON:
		req->json = true;
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
		return -EINVAL;
	}
}

static int parse(struct request *req, int argc, char *argv[])
{
	int c, err = 0, first = 0;

	*req = (struct request){ .type = NULL };
	while ((c = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		err = parse_option(req, c);
		if (!first)
			first = err;
	}

	/* Occupied and available are things that PCI slots have. */
	if (!req->type)
		req->type = req->available || req->occupied ? "pci" : "slot";
	req->filter.hide_empty = req->occupied && !req->available;
	req->filter.hide_occupied = req->available && !req->occupied;
	return first;
}

static bool is_known_elsewhere(const char *type)
{
	static const char *const types[] = { "phb", "cpu",  "mem", "port",
					     "acc", "phib", "pmig" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i], type))
			return true;
	return false;
}

static int check(const struct request *req)
{
	bool is_pci = !strcmp(req->type, "pci"), is_slot = !strcmp(req->type, "slot");

	if (is_known_elsewhere(req->type)) {
		fprintf(stderr,
			"Connector type '%s' is not supported by this version of lsslot\n",
			req->type);
		return -EINVAL;
	}
	if (!is_pci && !is_slot) {
		puts("\nThe specified connector type is invalid.\n");
		usage();
		return -EINVAL;
	}
	if (req->wants_other || (is_slot && (req->available || req->occupied)) ||
	    (req->json && req->delimiter)) {
		usage();
		return -EINVAL;
	}
	return 0;
}

/* Nothing there is worth a word, and an unknown name an error. */
static int tell(int err, bool is_pci)
{
	switch (err) {
	case 0:
		return LSSLOT_DONE;
	case -ENODEV:
		fputs(is_pci ? "There are no PCI hot plug slots on this system.\n"
			     : "There are no DR slots on this system.\n",
		      stderr);
		return LSSLOT_DONE;
	case -ENOENT:
		fputs("The specified PCI slot is either invalid\n"
		      "or does not support hot plug operations.\n",
		      stderr);
		return LSSLOT_FAILED;
	default:
		fprintf(stderr, "lsslot: %s\n", strerror(-err));
		return LSSLOT_FAILED;
	}
}

static int list(const struct request *req, const struct dr_ctx *dr)
{
	bool is_pci = !strcmp(req->type, "pci");
	struct slot_list slots;
	int err = is_pci ? slot_list_pci(&slots, dr, &req->filter)
			 : slot_list_logical(&slots, dr, &req->filter);

	if (req->json)
		slot_table_print_json(&slots, req->type);
	else if (!err)
		slot_table_print(&slots, is_pci ? SLOT_TABLE_PCI : SLOT_TABLE_LOGICAL,
				 req->delimiter);
	slot_list_free(&slots);
	return tell(err, is_pci);
}

static int check_machine(const struct request *req, const struct dr_ctx *dr,
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

static void warn(void *priv, const char *text)
{
	(void)priv;
	fprintf(stderr, "lsslot: %s\n", text);
}

static int run(const struct request *req, const char *name)
{
	const struct dr_report report = { .warning = warn };
	struct session session;
	struct log log;
	int err, status = LSSLOT_FAILED;

	log_init(&log, "lsslot", req->detail);
	err = session_open(&session, req->sysroot, &log, &report);
	if (err)
		fprintf(stderr, "lsslot: %s: %s\n", req->sysroot ? req->sysroot : "/",
			strerror(-err));
	else if (!check_machine(req, &session.dr, name))
		status = list(req, &session.dr);
	session_close(&session);
	return status;
}

int main(int argc, char *argv[])
{
	struct request req;
	int err = parse(&req, argc, argv);

	if (req.help) {
		fputs(usage_text, stdout);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (req.version) {
		puts("lsslot (" PACKAGE_NAME ") " PACKAGE_VERSION);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	if (err)
		return err == -EINVAL ? usage() : LSSLOT_FAILED;
	if (check(&req))
		return LSSLOT_FAILED;
	return stdout_end("lsslot", run(&req, argv[0]), LSSLOT_FAILED);
}
