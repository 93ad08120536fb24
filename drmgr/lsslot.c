// SPDX-License-Identifier: GPL-2.0-or-later
/* lsslot - list the connectors of this machine and their devices. It changes nothing: no
 * lock, no call into firmware, no need to be root. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/json_lazy.h"
#include "cli/stdout_end.h"
#include "drmgr/lsslot_options.h"
#include "drmgr/summary.h"
#include "drmgr/table.h"

enum { LSSLOT_DONE = 0, LSSLOT_FAILED = 1 };

/* Return the status of a failure. With --json, print a document without connectors. */
static int lsslot_fail(const struct request *req, enum dr_code code, const char *message)
{
	if (req->json && req->summary)
		summary_print_error(code, message);
	else if (req->json)
		connectors_print(NULL, req->table.type, NULL, code, message);
	else
		error_print_hint(code);
	return req->check ? SUMMARY_UNKNOWN : LSSLOT_FAILED;
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

/* The command line is wrong. */
static int lsslot_refuse(const struct request *req)
{
	if (req->is_older_text)
		fprintf(stderr, "%s\n", req->line.problem);
	else
		option_print_problem(&req->line);
	return lsslot_fail(req, DR_CODE_BAD_REQUEST, req->line.problem);
}

/* A summary of a type that is not given counts all types. */
static const struct dr_type *request_summary_type(const struct request *req)
{
	return req->type_is_given ? req->table.type : NULL;
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
	return req->summary ? summary_print(dr, request_summary_type(req), !req->sysroot,
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
	if (req->check)
		status = status ? SUMMARY_UNKNOWN : summary_check(dr);
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
	int status;

	if (process_begin())
		return LSSLOT_FAILED;
	request_parse(&req, argc, argv);
	stdout_enlarge_buffer();

	if (req.line.help || req.line.version) {
		status = request_print_self(&req) ? lsslot_refuse(&req) : LSSLOT_DONE;
		return stdout_end("lsslot", status, LSSLOT_FAILED);
	}
	problem = req.json ? json_load() : NULL;
	if (problem) {
		fprintf(stderr, "lsslot: --json: %s\n", problem);
		return LSSLOT_FAILED;
	}
	if (req.usage) { /* a failure, as in the peer */
		request_print_usage();
		status = lsslot_fail(&req, DR_CODE_BAD_REQUEST,
				     "The command line is invalid");
	} else if (request_check(&req)) {
		status = lsslot_refuse(&req);
	} else {
		status = lsslot_run(&req, argv[0]);
	}
	return stdout_end("lsslot", status, req.check ? SUMMARY_UNKNOWN : LSSLOT_FAILED);
}
