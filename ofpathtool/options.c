// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/message.h"
#include "ofpathtool/options.h"

enum long_option {
	OPT_DISK = 256,
	OPT_CDROM,
	OPT_COMPAT,
	OPT_EQUAL,
	OPT_FIRMWARE,
	OPT_JSON,
	OPT_LIST,
	OPT_RECORD,
	OPT_STRICT,
	OPT_SYSROOT,
	OPT_WAIT,
};

static const char short_options[] = ":l:aAb::qVh";

static const struct option long_options[] = {
	{ "logical", required_argument, NULL, 'l' },
	{ "alias", no_argument, NULL, 'a' },
	{ "all", no_argument, NULL, 'A' },
	{ "batch", optional_argument, NULL, 'b' },
	{ "cdrom", no_argument, NULL, OPT_CDROM },
	{ "compat", no_argument, NULL, OPT_COMPAT },
	{ "disk", no_argument, NULL, OPT_DISK },
	{ "equal", no_argument, NULL, OPT_EQUAL },
	{ "firmware", required_argument, NULL, OPT_FIRMWARE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "no-partition", no_argument, NULL, OPT_DISK },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "quiet", no_argument, NULL, 'q' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int ofpath_options_refuse(struct request *req, const char *what, const char *why)
{
	message_make(&req->problem, what, why);
	req->code = DR_CODE_BAD_REQUEST;
	if (!req->quiet)
		fprintf(stderr, "%s: %s; see --help\n", req->program, req->problem.text);
	return req->is_ofpathname ? STATUS_FAILED : STATUS_USAGE;
}

static int ofpath_options_parse_firmware(struct request *req, const char *text)
{
	static const struct {
		const char *word;
		enum ofp_dialect dialect;
	} words[] = {
		{ "auto", OFP_AUTO }, { "slof", OFP_SLOF },   { "pfw", OFP_PFW },
		{ "mac", OFP_MAC },   { "efika", OFP_EFIKA }, { "compat", OFP_COMPAT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(text, words[i].word)) {
			req->dialect = words[i].dialect;
			return 0;
		}
	}
	return ofpath_options_refuse(
		req, text, "unknown firmware (auto, slof, pfw, mac, efika, compat)");
}

static int ofpath_options_parse_wait(struct request *req, const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text < '0' || *text > '9' || n > INT_MAX)
		return ofpath_options_refuse(req, text, "not a number of seconds");
	req->wait = (unsigned)n;
	return 0;
}

/* Parse "-b0" and "--batch=0": NULs instead of line ends. */
static int ofpath_options_parse_batch(struct request *req, const char *text)
{
	if (text && strcmp(text, "0"))
		return ofpath_options_refuse(req, text, "unknown separator; use 0");
	req->task = TASK_BATCH;
	req->separator = text ? '\0' : '\n';
	return 0;
}

static int ofpath_options_parse_value(struct request *req, int c)
{
	switch (c) {
	case 'l':
		req->path = optarg;
		return 0;
	case 'b':
		return ofpath_options_parse_batch(req, optarg);
	case OPT_FIRMWARE:
		return ofpath_options_parse_firmware(req, optarg);
	case OPT_RECORD:
		req->task = TASK_RECORD;
		req->record = optarg;
		return 0;
	case OPT_SYSROOT:
		req->sysroot = optarg;
		return 0;
	case OPT_WAIT:
		return ofpath_options_parse_wait(req, optarg);
	default:
		return -EINVAL; /* not reached: all options have a case */
	}
}

static int ofpath_options_parse_option(struct request *req, int c)
{
	switch (c) {
	case 'a':
		req->aliases = true;
		return 0;
	case 'A':
		req->flags |= OFP_EACH;
		return 0;
	case 'q':
		req->quiet = true;
		return 0;
	case OPT_CDROM:
		req->cdrom = true;
		return 0;
	case OPT_COMPAT:
		req->dialect = OFP_COMPAT;
		return 0;
	case OPT_DISK:
		req->flags |= OFP_WHOLE_DISK;
		return 0;
	case OPT_EQUAL:
		req->task = TASK_EQUAL;
		return 0;
	case OPT_JSON:
		req->json = true;
		return 0;
	case OPT_LIST:
		req->task = TASK_LIST;
		return 0;
	case OPT_STRICT:
		req->flags |= OFP_STRICT;
		return 0;
	default:
		return ofpath_options_parse_value(req, c);
	}
}

/* Print the usage and fail, as the older program does without an operand. */
static int ofpath_options_refuse_without_operand(struct request *req)
{
	req->help = true;
	req->help_status = STATUS_FAILED;
	return 0;
}

/* Parse all options. For a wrong long option, getopt_long() does not return the option,
 * so the message takes it from argv. */
static int ofpath_options_parse_all(struct request *req, int argc, char **argv)
{
	int c, status = 0;

	opterr = 0;
	while (!status &&
	       (c = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		if (c == 'h' || c == 'V') {
			req->help = c == 'h';
			req->version = c == 'V';
			return 0;
		}
		if (c == '?' || (c == ':' && !req->is_ofpathname))
			return ofpath_options_refuse(req, argv[optind - 1],
						     c == '?' ? "unknown option"
							      : "a value is missing");
		status = c == ':' ? ofpath_options_refuse_without_operand(req)
				  : ofpath_options_parse_option(req, c);
	}
	req->names = argv + optind;
	req->n_names = argc - optind;
	return status;
}

/* Select the operand as the older program did: ignore all operands from the first empty
 * one on, and use the last remaining one. */
static void ofpath_options_select_operand(struct request *req)
{
	for (int i = 0; i < req->n_names; i++)
		if (!*req->names[i])
			req->n_names = i;
	if (req->n_names > 1 && req->task == TASK_TRANSLATE) {
		req->names += req->n_names - 1;
		req->n_names = 1;
	}
}

/* Check that the task has the operands that it needs, and no others. */
static int ofpath_options_check(struct request *req)
{
	bool has_operand = req->n_names || req->path;

	if (req->path && req->n_names && !req->is_ofpathname)
		return ofpath_options_refuse(req, req->names[0], "not together with -l");
	switch (req->task) {
	case TASK_EQUAL:
		if (req->n_names != 2 || req->json)
			return ofpath_options_refuse(req, "--equal",
						     "needs two paths, without --json");
		return 0;
	case TASK_BATCH:
	case TASK_RECORD:
	case TASK_LIST:
		if (has_operand)
			return ofpath_options_refuse(
				req, req->path ? req->path : req->names[0],
				"unexpected operand");
		return 0;
	case TASK_TRANSLATE:
		break;
	}
	if (has_operand)
		return 0;
	if (req->flags & OFP_EACH) {
		req->task = TASK_LIST;
		req->flags &= ~(unsigned)OFP_EACH;
	} else if (req->is_ofpathname) {
		return ofpath_options_refuse_without_operand(req);
	} else {
		return ofpath_options_refuse(req, "DEVICE", "missing");
	}
	return 0;
}

int options_parse(struct request *req, int argc, char **argv)
{
	int status;

	for (int i = 1; i < argc; i++) /* errors need a document, too */
		req->json |= !strcmp(argv[i], "--json");
	req->help = argc < 2;
	status = ofpath_options_parse_all(req, argc, argv);
	if (status || req->help || req->version)
		return status;
	if (req->path && !*req->path)
		return req->is_ofpathname
			       ? ofpath_options_refuse_without_operand(req)
			       : ofpath_options_refuse(req, "-l", "the path is empty");
	if (req->is_ofpathname)
		ofpath_options_select_operand(req);
	return ofpath_options_check(req);
}
