// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/options.h"

enum long_option {
	OPT_JSON = 256,
	OPT_DRY_RUN,
	OPT_TRACE,
	OPT_BACKEND,
	OPT_RECOVER,
	OPT_DISCARD,
	OPT_FORCE,
	OPT_NO_LOSS,
	OPT_ALL_OR_NOTHING,
	OPT_SYSROOT,
	OPT_VERSION,
	OPT_HELP,
};

static const char short_options[] = "+:ac:d:Iimnp:P:Qq:Rrs:w:t:hCVH";

static const struct option long_options[] = {
	{ "capabilities", no_argument, NULL, 'C' },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "json", optional_argument, NULL, OPT_JSON },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "trace", no_argument, NULL, OPT_TRACE },
	{ "backend", required_argument, NULL, OPT_BACKEND },
	{ "recover", no_argument, NULL, OPT_RECOVER },
	{ "discard", no_argument, NULL, OPT_DISCARD },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "no-loss", no_argument, NULL, OPT_NO_LOSS },
	{ "all-or-nothing", no_argument, NULL, OPT_ALL_OR_NOTHING },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	{ 0 },
};

const char *request_type(const struct dr_req *req)
{
	return req->to.type ? dr_type_get_name(req->to.type) : "none";
}

bool request_is(const struct dr_req *req, unsigned int traits)
{
	return type_is(req->to.type, traits);
}

/* Options with a value that must not be given twice. */
static const char once_options[] = "cspPqt";

struct parser {
	struct dr_req *req;
	const char *operand; /* the first argument that may be a connector */
	const char *given[sizeof(once_options)];
	char *message;
	bool failed;
};

static void __attribute__((format(printf, 2, 3)))
options_fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	if (p->failed)
		return;
	p->failed = true;
	va_start(ap, fmt);
	vsnprintf(p->message, DR_MESSAGE_MAX, fmt, ap);
	va_end(ap);
}

static void options_set_action(struct parser *p, enum dr_action action)
{
	if (p->req->to.action)
		options_fail(p, "Only one action may be specified");
	p->req->to.action = action;
}

static void options_set_type(struct parser *p, const char *name)
{
	p->req->to.type = dr_type_by_name(name);
	p->req->unknown_type = p->req->to.type ? NULL : name;
}

/* Parse a whole number without a sign. Nothing may follow it. */
static bool options_parse_number(const char *text, int base, unsigned long max,
				 unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(text, &end, base);
	return *text >= '0' && *text <= '9' && !*end && !errno && *n <= max;
}

static void options_set_count(struct parser *p, const char *text)
{
	unsigned long n = 0;

	if (!options_parse_number(text, 0, ULONG_MAX, &n))
		options_fail(p, "Invalid quantity specified: %s", text);
	p->req->to.count = n;
	p->req->to.has_count = true;
}

/* Parse minutes, or seconds: "2s". 0 has the same meaning as no option. */
static void options_set_wait(struct parser *p, const char *text)
{
	char *end;
	unsigned long n;
	int unit_ms;

	errno = 0;
	n = strtoul(text, &end, 10);
	unit_ms = *end == 's' ? 1000 : 60 * 1000;
	if (*text < '0' || *text > '9' || end[*end == 's'] || errno ||
	    n > (unsigned long)(INT_MAX / unit_ms)) {
		options_fail(p, "Invalid timeout specified: %s", text);
		return;
	}
	p->req->wait_ms = (int64_t)n * unit_ms;
	p->req->has_wait = n > 0;
}

/* Parse the level. Return false for a word, which other programs pass: it counts as 0. */
static bool options_set_detail(struct parser *p, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	p->req->detail = n < INT_MIN || n > INT_MAX ? 0 : (int)n;
	return end != text && !*end;
}

static void options_set_flag(struct parser *p, int c)
{
	static const struct {
		char letter;
		enum dr_action action;
	} actions[] = {
		{ 'a', DR_ADD },
		{ 'r', DR_REMOVE },
		{ 'Q', DR_QUERY },
		{ 'R', DR_REPLACE },
		{ 'i', DR_IDENTIFY },
		{ 'm', DR_MIGRATE },
		{ 0 },
	};
	struct dr_req *req = p->req;

	for (size_t i = 0; actions[i].letter; i++)
		if (actions[i].letter == c)
			options_set_action(p, actions[i].action);
	switch (c) {
	case 'n':
		req->no_prompt = true;
		break;
	case 'I':
		req->to.skip_identify = true;
		break;
	case 'H':
		req->to.hotplug_only = true;
		break;
	case 'V': /* no effect: the verification is always made */
		break;
	case 'C':
		req->capabilities = true;
		break;
	case OPT_JSON:
		req->json = true;
		break;
	case OPT_DRY_RUN:
		req->dry_run = true;
		break;
	case OPT_TRACE:
		req->trace = true;
		break;
	case OPT_RECOVER:
		req->recover = true;
		break;
	case OPT_FORCE:
		req->force = true;
		break;
	case OPT_NO_LOSS:
		req->no_loss = true;
		break;
	case OPT_ALL_OR_NOTHING:
		req->to.all_or_nothing = true;
		break;
	case OPT_VERSION:
		req->version = true;
		break;
	}
}

/* The older program takes the last value. It may not be the one that the user means. */
static void options_note_value(struct parser *p, int c, const char *value)
{
	const char *at = c < OPT_JSON ? strchr(once_options, c) : NULL;
	const char **given = at ? &p->given[at - once_options] : NULL;

	if (given && *given)
		options_fail(p, "-%c is given twice: %s and %s", c, *given, value);
	else if (given)
		*given = value;
}

static bool options_set_value(struct parser *p, int c, const char *value)
{
	struct dr_req *req = p->req;

	options_note_value(p, c, value);
	switch (c) {
	case 'c':
		options_set_type(p, value);
		return true;
	case 'd':
		return options_set_detail(p, value);
	case 'p':
		req->to.parameter = value;
		return true;
	case 'P':
		req->to.file = value;
		req->detail = 4; /* only a daemon uses -P */
		return true;
	case 'q':
		options_set_count(p, value);
		return true;
	case 's':
		req->to.key = value;
		return true;
	case 't':
		req->to.accelerator = value;
		return true;
	case 'w':
		options_set_wait(p, value);
		return true;
	case OPT_BACKEND:
		req->to.backend = value;
		return true;
	case OPT_JSON:
		req->json = true;
		req->json_lines = !strcmp(value, "lines");
		if (!req->json_lines)
			options_fail(
				p,
				"--json=%s: unknown format; use --json or --json=lines",
				value);
		return true;
	case OPT_SYSROOT:
		req->sysroot = value;
		return true;
	}
	return true;
}

static void options_fail_option(struct parser *p, char *const argv[], int index)
{
	if (optopt && optopt < 256)
		options_fail(p, "Invalid option specified '%c'", optopt);
	else
		options_fail(p, "Invalid option specified '%s'", argv[index]);
}

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

/* Record an argument. "1" is ignored: test suites pass it, without a meaning. */
static void options_note_operand(struct parser *p, const char *word)
{
	if (!p->operand && strcmp(word, "1") != 0)
		p->operand = word;
}

/* Return true if an argument without -s may be meant as a connector: the command must not
 * change another one. */
static bool options_act_on_connectors(const struct dr_req *req)
{
	if (req->help || req->capabilities || req->to.file ||
	    request_is(req, TYPE_MOBILITY))
		return false;
	return req->to.action == DR_ADD || req->to.action == DR_REMOVE ||
	       req->to.action == DR_REPLACE;
}

static void options_fail_operand(struct parser *p)
{
	const char *word = p->operand;
	unsigned long n;

	if (p->req->to.key)
		options_fail(p, "unexpected argument '%s'", word);
	else if (options_parse_number(word, 10, INT_MAX, &n) && n > 1 &&
		 !p->req->to.has_count)
		options_fail(p, "unexpected argument '%s': give a number with -q %lu",
			     word, n);
	else
		options_fail(p, "unexpected argument '%s': name a connector with -s",
			     word);
}

/* Help overrides all other options. Return 0, or -EINVAL for an unknown type. */
static int options_end_help(struct parser *p)
{
	_cleanup_free_ char *words = NULL;

	p->failed = false;
	if (!p->req->unknown_type)
		return 0;
	words = help_type_words(false);
	options_fail(p, "--help %s: unknown type; use %s", p->req->unknown_type,
		     words ? words : "");
	return -EINVAL;
}

int options_parse(int argc, char *argv[], struct dr_req *req, char *message,
		  const char **stray, size_t max, size_t *n_stray)
{
	struct parser p = { .req = req, .message = message };
	int c;

	*req = (struct dr_req){
		.to = { .size = sizeof(req->to), .backend = "auto" },
		.detail = 1,
		.is_empty = argc < 2,
	};
	*n_stray = 0;
	optind = 1;
	opterr = 0;
	while (optind < argc && !req->help) {
		int at = optind;

		c = getopt_long(argc, argv, short_options, long_options, NULL);
		if (c == -1) { /* an operand: continue after it */
			if (optind < argc)
				options_note_operand(&p, argv[optind]);
			if (optind < argc && *n_stray < max)
				stray[(*n_stray)++] = argv[optind];
			optind++;
		} else if (c == 'h') {
			req->help = true;
		} else if (c == OPT_HELP) {
			req->long_help = true;
			if (optind < argc && *argv[optind] != '-')
				req->help_type = argv[optind++];
		} else if (c == '?' || c == ':') {
			options_fail_option(&p, argv, at);
		} else if (c == OPT_DISCARD) {
			req->discard = true;
			if (optind < argc && *argv[optind] != '-')
				req->discard_name = argv[optind++];
		} else if (!optarg) {
			options_set_flag(&p, c);
		} else if (!options_set_value(&p, c, optarg) && *n_stray < max) {
			stray[(*n_stray)++] = optarg;
		}
	}

	if (req->help_type)
		options_set_type(&p, req->help_type);
	else
		options_choose_type(req);
	if (req->long_help)
		return options_end_help(&p);
	if (options_act_on_connectors(req) && p.operand)
		options_fail_operand(&p);
	if (req->to.has_count && !req->to.count && !request_is(req, TYPE_CREDITS) &&
	    !req->help)
		options_fail(&p, "Invalid quantity specified: 0");
	if (req->to.count > INT_MAX && !req->to.parameter)
		options_fail(&p, "Invalid quantity specified: %" PRIu64, req->to.count);
	if (req->to.count && req->to.key)
		options_fail(&p, "The -q and -s flags are mutually exclusive");
	if (req->json_lines && (req->capabilities || req->to.action == DR_QUERY))
		options_fail(&p, "--json=lines is for changes: use --json");
	if (req->force && req->no_loss)
		options_fail(&p,
			     "The --force and --no-loss options are mutually exclusive");
	return p.failed ? -EINVAL : 0;
}
