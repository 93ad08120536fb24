// SPDX-License-Identifier: GPL-2.0-or-later
/* lsslot - list the connectors of this machine and their devices. It changes nothing: no
 * lock, no call into firmware, no need to be root. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/bad_option.h"
#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/json_lazy.h"
#include "cli/stdout_end.h"
#include "drmgr/lsslot_help.h"
#include "drmgr/summary.h"
#include "drmgr/table.h"

enum { LSSLOT_DONE = 0, LSSLOT_FAILED = 1 };

enum long_option {
	OPT_JSON = 256,
	OPT_ALL,
	OPT_SENSE,
	OPT_SUMMARY,
	OPT_SYSROOT,
	OPT_HELP,
	OPT_VERSION
};

struct request {
	const char *type_name;
	struct table table;
	bool json, summary;
	char given[64]; /* letters of the options, each once */
	const char *sysroot;
	bool help, usage, version;
	bool type_is_given;
	const char *operand; /* the first one; NULL: none */
	char problem[256];   /* of the command line, for the document */
};

static void __attribute__((format(printf, 2, 3)))
request_complain(struct request *req, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(req->problem, sizeof(req->problem), fmt, ap);
	va_end(ap);
	fprintf(stderr, "lsslot: %s\n", req->problem);
}

/* Return the status of a failure. With --json, print a document without connectors. */
static int lsslot_fail(const struct request *req, enum dr_code code, const char *message)
{
	if (req->json && req->summary)
		summary_print_error(code, message);
	else if (req->json)
		connectors_print(NULL, req->table.type, NULL, code, message);
	else
		error_print_hint(code);
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

/* The command line is wrong, and its problem was printed. */
static int lsslot_refuse(const struct request *req)
{
	return lsslot_fail(req, DR_CODE_BAD_REQUEST,
			   *req->problem ? req->problem : "The command line is invalid");
}

static const char short_options[] = ":abc:d:F:hops:w:";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "sense", no_argument, NULL, OPT_SENSE },
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
static int request_parse_delimiter(struct request *req)
{
	static const char problem[] =
		"You may specify only one character for the -F option,\n"
		"and it must not be the % character.";

	req->table.delimiter = optarg[0];
	if (strlen(optarg) == 1 && *optarg != '%')
		return 0;
	snprintf(req->problem, sizeof(req->problem), "%s", problem);
	fprintf(stderr, "%s\n", problem);
	return -ERANGE;
}

/* Set a value that must not be given twice. Return 0 or -EINVAL. */
static int request_set_once(struct request *req, int c, const char **value)
{
	if (*value) {
		request_complain(req, "-%c is given twice: %s and %s", c, *value, optarg);
		return -EINVAL;
	}
	*value = optarg;
	return 0;
}

/* Parse an option of the list. Return 0 or -EINVAL. */
static int request_parse_table(struct request *req, int c)
{
	struct table *table = &req->table;

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
	case 'o':
		table->occupied = true;
		return 0;
	case 'p':
		table->caches = true;
		return 0;
	default: /* 's' */
		return request_set_once(req, c, &req->table.key);
	}
}

/* Check -w. Return 0 or -EINVAL. */
static int request_check_timeout(struct request *req, const char *text)
{
	if (strtol(text, NULL, 10) >= 0)
		return 0;
	request_complain(
		req, "-w %s: a timeout must not be negative; omit -w, lsslot never waits",
		text);
	return -EINVAL;
}

static int request_parse_option(struct request *req, int c)
{
	request_note_option(req, c);
	switch (c) {
	case 'c':
		return request_set_once(req, c, &req->type_name);
	case 'w':
		return request_check_timeout(req, optarg);
	case 'F':
		return request_parse_delimiter(req);
	case 'h':
		req->usage = true;
		return 0;
	case OPT_JSON:
		req->json = true;
		return 0;
	case OPT_ALL:
		req->table.all = true;
		return 0;
	case OPT_SENSE:
		req->table.sense = true;
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
		return request_parse_table(req, c);
	}
}

static int request_parse(struct request *req, int argc, char *argv[])
{
	int c, err = 0, first = 0;

	*req = (struct request){ .sysroot = NULL };
	while ((c = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		err = c == '?' || c == ':'
			      ? bad_option_into("lsslot", c, argv, req->problem,
						sizeof(req->problem))
			      : request_parse_option(req, c);
		if (!first)
			first = err;
	}

	req->type_is_given = req->type_name != NULL;
	/* Only PCI slots are occupied or available. */
	if (!req->type_name)
		req->type_name =
			req->table.available || req->table.occupied ? "pci" : "slot";
	req->table.type = dr_type_by_name(req->type_name);
	table_set_key(&req->table, req->table.key);
	req->operand = argv[optind]; /* NULL after the last one */
	return first;
}

/* Count how many of these letters the user gave as options. */
static int request_count_options(const struct request *req, const char *letters)
{
	int n = 0;

	for (; *letters; letters++)
		n += strchr(req->given, *letters) != NULL;
	return n;
}

/* Complain about an argument that is not an option. Return -EINVAL. */
static int request_complain_operand(struct request *req)
{
	const char *word = req->operand;

	if (dr_type_by_name(word))
		request_complain(req, "unexpected argument '%s': name a type with -c %s",
				 word, word);
	else
		request_complain(req,
				 "unexpected argument '%s': name a connector with -s, "
				 "and its type with -c (lsslot --help lists the types)",
				 word);
	return -EINVAL;
}

/* Complain about an option that the type does not have. */
static void request_complain_refused(struct request *req, const char *refused)
{
	const char *type = dr_type_get_name(req->table.type);
	char letter = refused[strcspn(refused, req->given)];
	_cleanup_free_ char *types = lsslot_types_with(letter);

	request_complain(req,
			 "-%c: -c %s does not have this option, only %s; "
			 "see lsslot --help %s",
			 letter, type, types ? types : "", type);
}

/* A summary of a type that is not given counts all types. */
static const struct dr_type *request_summary_type(const struct request *req)
{
	return req->type_is_given ? req->table.type : NULL;
}

static int request_check_summary(struct request *req)
{
	const struct dr_type *type = request_summary_type(req);

	if (request_count_options(req, "abopsF")) {
		request_complain(
			req, "--summary counts all connectors: use it without -a, -b, "
			     "-o, -p, -s and -F");
		return -EINVAL;
	}
	if (type && !dr_type_has_connectors(type)) {
		request_complain(req, "--summary: %s has no connectors to count",
				 dr_type_get_name(type));
		return -EINVAL;
	}
	return 0;
}

/* Only documents, summaries and the tables of slots show what is offered: programs parse the
 * other tables. */
static int request_check_sense(struct request *req)
{
	const struct dr_type *type = req->table.type;
	const char *name = dr_type_get_name(type);

	if (req->sysroot)
		request_complain(req,
				 "--sense and --sysroot exclude each other: only the "
				 "firmware of this machine can be called");
	else if (!req->json && !req->summary && !type_is(type, TYPE_SLOTS))
		request_complain(req,
				 "--sense: the table of -c %s does not show it; add "
				 "--json or --summary",
				 name);
	else
		return 0;
	return -EINVAL;
}

/* Return true if --all contradicts another option, and complain. */
static bool request_complain_all(struct request *req)
{
	if (!req->table.all || (!req->summary && !request_count_options(req, "aos")))
		return false;
	request_complain(req,
			 "--all lists every connector: use it without -a, -o, -s and "
			 "--summary");
	return true;
}

/* Warn about options without a meaning that the peer accepts. Return 0. */
static int request_warn_ignored(struct request *req)
{
	const struct dr_type *type = req->table.type;

	for (const char *letter = "abopF"; dr_type_has_connectors(type) && *letter;
	     letter++)
		if (strchr(req->given, *letter) && !lsslot_has_option(type, *letter))
			request_complain(
				req,
				"-%c is ignored: -c %s does not have this option; "
				"see lsslot --help %s",
				*letter, dr_type_get_name(type), dr_type_get_name(type));
	return 0;
}

static int request_check(struct request *req)
{
	const struct dr_type *type = req->table.type;

	if (req->operand)
		return request_complain_operand(req);
	if (!type) {
		if (!req->json)
			puts("\nThe specified connector type is invalid.\n");
		lsslot_print_types("-c", req->type_name);
		snprintf(req->problem, sizeof(req->problem), "-c %s: unknown type",
			 req->type_name);
		return -EINVAL;
	}
	if (request_complain_all(req) || (req->table.sense && request_check_sense(req)))
		return -EINVAL;
	if (req->summary)
		return request_check_summary(req);
	if (request_count_options(req, table_refused_options(type)))
		request_complain_refused(req, table_refused_options(type));
	else if (type_is(type, TYPE_CORES) && request_count_options(req, "bp") > 1)
		request_complain(
			req, "-b and -p exclude each other: use -p for the caches only");
	else if (req->json && req->table.delimiter)
		request_complain(
			req,
			"--json and -F exclude each other: a document has no columns");
	else
		return request_warn_ignored(req);
	return -EINVAL;
}

/* Print why nothing is listed. Return the exit status: to have no slots is no failure. */
static int lsslot_print_error(const struct request *req, const struct dr *dr, int err)
{
	const struct dr_type *type = req->table.type;

	switch (err) {
	case -ENODEV:
		fprintf(stderr, type_is(type, TYPE_CORES) ? "\n%s\n\n" : "%s\n",
			dr_get_error_text(dr));
		return type_is(type, TYPE_SLOTS) ? LSSLOT_DONE : LSSLOT_FAILED;
	case -ENOENT:
	case -ENOTUNIQ:
		fprintf(stderr, "%s\n", dr_get_error_text(dr));
		return LSSLOT_FAILED;
	default:
		fprintf(stderr, "lsslot: %s\n", dr_get_error_text(dr));
		return LSSLOT_FAILED;
	}
}

/* Return the first other type that has the connector of -s; NULL: none. The error of dr is
 * lost. */
static const struct dr_type *request_find_type(const struct request *req, struct dr *dr)
{
	const struct dr_type *type;

	dr_foreach_type(type) {
		struct dr_list *list;
		int err;

		if (type == req->table.type)
			continue;
		err = dr_list_new(dr, type, req->table.key, 0, &list);
		dr_list_free(list);
		if (!err || err == -ENOTUNIQ)
			return type;
	}
	return NULL;
}

static int lsslot_end(const struct request *req, struct dr *dr, int err)
{
	const struct dr_type *other;
	enum dr_code code;
	int status;

	if (!err || err == -ENOTSUP) /* the type is an action */
		return LSSLOT_DONE;
	status = lsslot_print_error(req, dr, err);
	code = dr_error_get_code(dr_get_error(dr));
	other = err == -ENOENT && req->type_is_given ? request_find_type(req, dr) : NULL;
	if (other)
		fprintf(stderr, "It is of another type: use -c %s.\n",
			dr_type_get_name(other));
	else if (!req->json)
		error_print_hint(code);
	return status;
}

/* Return LSSLOT_DONE if the machine has a device tree that can be listed. */
static int lsslot_check_machine(const struct request *req, const struct dr *dr,
				const char *name)
{
	int err;

	if (!req->sysroot && !dr_is_partition(dr))
		return lsslot_fail_with(req, DR_CODE_NOT_SUPPORTED,
					"%s: is not supported on the %s platform", name,
					dr_get_platform(dr));
	err = dr_check_device_tree(dr);
	if (err && err != -ENOENT && err != -EINVAL)
		return lsslot_fail_with(req, DR_CODE_KERNEL_REFUSED,
					"%s: the device tree cannot be read: %s", name,
					strerror(-err));
	if (err && req->sysroot)
		return lsslot_fail_with(
			req, DR_CODE_NOT_SUPPORTED,
			"lsslot: %s: the captured tree has no device tree of a chrp machine",
			req->sysroot);
	if (err)
		return lsslot_fail_with(req, DR_CODE_NOT_SUPPORTED,
					"%s: no device tree of a chrp machine is visible",
					name);
	if (req->table.sense && geteuid())
		return lsslot_fail_with(req, DR_CODE_NOT_PERMITTED,
					"lsslot: --sense: only root can call firmware");
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
	return req->summary ? summary_print(dr, request_summary_type(req),
					    req->table.sense, req->json)
			    : table_show(&req->table, dr, req->json);
}

/* Without -c, a name can be of any type. The usual one has precedence. Return 0, or -EINVAL
 * if another option is invalid for the type. */
static int request_choose_type(struct request *req, struct dr *dr)
{
	const struct dr_type *type;
	struct dr_list *list;
	int err;

	if (req->type_is_given || !req->table.key)
		return 0;
	err = dr_list_new(dr, req->table.type, req->table.key, 0, &list);
	dr_list_free(list);
	type = err == -ENOENT ? request_find_type(req, dr) : NULL;
	if (!type)
		return 0;
	req->table.type = type;
	return request_check(req);
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
		status = request_choose_type(req, dr)
				 ? lsslot_refuse(req)
				 : lsslot_end(req, dr, lsslot_show(req, dr));
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
	const char *problem;
	struct request req;
	int err, status;

	if (process_begin())
		return LSSLOT_FAILED;
	err = request_parse(&req, argc, argv);
	stdout_enlarge_buffer();

	if (req.help) {
		err = lsslot_print_help(req.operand,
					req.type_is_given ? req.type_name : NULL);
		status = err ? lsslot_refuse(&req) : LSSLOT_DONE;
		return stdout_end("lsslot", status, LSSLOT_FAILED);
	}
	if (req.version) {
		puts("lsslot (" PACKAGE_NAME ") " PACKAGE_VERSION);
		return stdout_end("lsslot", LSSLOT_DONE, LSSLOT_FAILED);
	}
	problem = req.json ? json_load() : NULL;
	if (problem) {
		fprintf(stderr, "lsslot: --json: %s\n", problem);
		return LSSLOT_FAILED;
	}
	if (!err && !req.usage)
		err = request_check(&req);
	if (req.usage) { /* a failure, as in the peer */
		lsslot_print_usage();
		err = -EINVAL;
	}
	if (err)
		status = lsslot_refuse(&req);
	else
		status = lsslot_run(&req, argv[0]);
	return stdout_end("lsslot", status, LSSLOT_FAILED);
}
