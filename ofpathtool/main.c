// SPDX-License-Identifier: GPL-2.0-or-later
/* Converts the kernel's names of devices to firmware's paths, and back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "cli/stdout_end.h"
#include "cli/process.h"
#include "ofpathtool/message.h"
#include "ofpathtool/ofpath.h"
#include "ofpathtool/options.h"
#include "ofpathtool/report.h"

/* Print why the run fails, and keep it for the document. */
static int ofpath_fail(struct request *req, enum dr_code code, const char *what,
		       const char *why)
{
	message_make(&req->problem, what, why);
	req->code = code;
	if (!req->quiet)
		fprintf(stderr, "%s: %s\n", req->program, req->problem.text);
	return STATUS_FAILED;
}

static int ofpath_translate(struct ofp *h, const struct request *req,
			    struct report *report, const char *text, bool is_path)
{
	struct ofp_result *results;
	struct answer answer = { .input = text, .is_path = is_path, .h = h };

	do {
		ofp_forget(h);
		answer.error = is_path ? ofp_to_device(h, text, req->flags, &results)
				       : ofp_from_device(h, text, req->flags, &results);
	} while (answer.error && req->wait_ms && ofp_wait(h));

	answer.results = results;
	return report_answer(report, &answer) ? STATUS_DONE : STATUS_FAILED;
}

static int ofpath_translate_operands(struct ofp *h, const struct request *req,
				     struct report *report)
{
	int status = STATUS_DONE;

	if (req->path)
		status = ofpath_translate(h, req, report, req->path, true);
	for (int i = 0; i < req->n_names && !req->path; i++)
		status |= ofpath_translate(h, req, report, req->names[i], false);
	return status;
}

/* Return the name or path of a line. "f:" begins a name, "l:" a path. Otherwise a line
 * that begins with a slash is a path, except /dev/ and /sys/. */
static const char *ofpath_direction(const char *line, bool *is_path)
{
	if (!strncmp(line, "f:", 2) || !strncmp(line, "l:", 2)) {
		*is_path = *line == 'l';
		return line + 2;
	}
	*is_path = *line == '/' && strncmp(line, "/dev/", 5) && strncmp(line, "/sys/", 5);
	return line;
}

static int ofpath_translate_lines(struct ofp *h, const struct request *req,
				  struct report *report)
{
	int status = STATUS_DONE;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!ferror(stdout) &&
	       (len = getdelim(&line, &size, req->separator, stdin)) >= 0) {
		bool is_path;
		const char *text;

		if (len && line[len - 1] == req->separator)
			line[--len] = '\0';
		text = ofpath_direction(line, &is_path);
		/* Reject a line with a NUL, which would hide the rest of the line. */
		if (strlen(line) != (size_t)len)
			text = "";
		status |= ofpath_translate(h, req, report, text, is_path);
	}
	free(line);
	return status;
}

static int ofpath_list(struct ofp *h, struct request *req, struct report *report)
{
	struct ofp_result *results, *next;
	int err = ofp_list(h, req->flags, &results);

	if (err) {
		req->code = message_code(err);
		snprintf(req->problem.text, sizeof(req->problem.text), "%s",
			 message_text(err));
		if (!req->quiet)
			message_error(req->program, req->sysroot, err, "");
		return STATUS_FAILED;
	}
	if (!req->json)
		report_table(h, results);
	for (struct ofp_result *r = results; r && req->json; r = next) {
		struct answer answer = { .input = r->below ? r->below : r->device,
					 .results = r,
					 .h = h };

		next = r->next;
		r->next = NULL;
		report_answer(report, &answer);
		r->next = next;
	}
	return STATUS_DONE;
}

/* Record a capture: convert every device in every way, and copy all files that are
 * read. */
static int ofpath_record(struct ofp *h, struct request *req)
{
	struct ofp_result *results = NULL, *back;
	char why[128];
	int err = ofp_record(h, req->record);

	if (!err) {
		ofp_is_bare_metal(h);
		err = ofp_list(h, OFP_EACH, &results) ? -EIO : 0;
	}
	for (struct ofp_result *r = results; r; r = r->next) {
		ofp_to_device(h, r->path, OFP_EACH, &back);
		ofp_aliases(h, r->path);
	}
	if (!err)
		err = ofp_record_error(h);
	if (!err)
		return STATUS_DONE;
	snprintf(why, sizeof(why), "cannot record: %s", strerror(-err));
	return ofpath_fail(req, DR_CODE_BAD_FILE, req->record, why);
}

static int ofpath_run_task(struct ofp *h, struct request *req, struct report *report)
{
	switch (req->task) {
	case TASK_BATCH:
		return ofpath_translate_lines(h, req, report);
	case TASK_LIST:
		return ofpath_list(h, req, report);
	case TASK_RECORD:
		return ofpath_record(h, req);
	case TASK_EQUAL:
		return ofp_equal(req->names[0], req->names[1]) ? STATUS_DONE
							       : STATUS_FAILED;
	case TASK_TRANSLATE:
		break;
	}
	return ofpath_translate_operands(h, req, report);
}

/* Begin. Reject PowerNV, whose firmware boots by itself and has no paths. */
static int ofpath_begin(struct ofp *h, struct request *req)
{
	int err = req->wait_ms ? ofp_wait_begin(h, (unsigned)(req->wait_ms / 1000)) : 0;

	if (err)
		return ofpath_fail(req, DR_CODE_KERNEL_REFUSED, "--wait", strerror(-err));
	ofp_set_dialect(h, req->dialect);
	if (!req->is_ofpathname || !ofp_is_bare_metal(h))
		return STATUS_DONE;
	snprintf(req->problem.text, sizeof(req->problem.text),
		 "is not supported on the PowerNV Host platform");
	req->code = DR_CODE_NOT_SUPPORTED;
	if (!req->quiet)
		fprintf(stderr, "%s: %s\n", req->program, req->problem.text);
	return STATUS_FAILED;
}

static int ofpath_run_handle(struct ofp *h, struct request *req)
{
	struct report report = { .req = req };
	int status = ofpath_begin(h, req);

	if (status)
		return status;
	report_begin(&report);
	status = ofpath_run_task(h, req, &report);
	report_end(&report);
	req->code = DR_CODE_NONE; /* reported */
	return status;
}

static int ofpath_run(struct request *req)
{
	char why[128];
	struct ofp *h;
	int err = ofp_open(&h, req->sysroot);
	int status;

	if (err) {
		snprintf(why, sizeof(why), "cannot open: %s", strerror(-err));
		return ofpath_fail(
			req, req->sysroot ? DR_CODE_BAD_FILE : DR_CODE_KERNEL_REFUSED,
			req->sysroot ? req->sysroot : "/", why);
	}
	status = ofpath_run_handle(h, req);
	ofp_close(h);
	return status;
}

static int ofpath_run_request(struct request *req, const struct option_line *line)
{
	if (line->version && !line->help) {
		printf("%s: Version %s\n", req->program, PACKAGE_VERSION);
		printf("Part of papr-toolkit\n");
		return STATUS_DONE;
	}
	if (option_print_self(line))
		return req->help_status;
	if (req->sysroot && getauxval(AT_SECURE))
		return ofpath_fail(req, DR_CODE_NOT_PERMITTED, "--sysroot",
				   "not permitted in a set-id process");
	return ofpath_run(req);
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	struct request req = { .program = "ofpathtool" };
	struct option_line line;
	int status;

	if (process_begin())
		return STATUS_FAILED;
	if (argc && !strcmp(slash ? slash + 1 : argv[0], "ofpathname")) {
		req.program = "ofpathname";
		req.is_ofpathname = true;
	}
	if (options_parse(&req, argc, argv, &line) && !line.help && !line.version) {
		status = req.is_ofpathname ? STATUS_FAILED : STATUS_USAGE;
		req.code = DR_CODE_BAD_REQUEST;
		snprintf(req.problem.text, sizeof(req.problem.text), "%s", line.problem);
		if (!req.quiet)
			option_print_problem(&line);
	} else {
		status = ofpath_run_request(&req, &line);
	}
	if (req.code != DR_CODE_NONE)
		report_nothing(&req);
	return stdout_end(req.program, status, STATUS_FAILED);
}
