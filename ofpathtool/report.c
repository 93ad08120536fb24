// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/error.h"
#include "ofpathtool/message.h"
#include "ofpathtool/report.h"

static bool report_is_document(const struct request *req)
{
	return req->json && req->task != TASK_BATCH;
}

void report_begin(struct report *report)
{
	if (report_is_document(report->req))
		report->results = json_new_array();
}

static json_object *report_aliases_json(const struct answer *answer)
{
	json_object *array = json_new_array();
	const char **names =
		answer->results ? ofp_aliases(answer->h, answer->results->path) : NULL;

	for (; names && *names; names++)
		json_append_text(array, *names);
	return array;
}

static json_object *report_unit_json(const struct ofp_unit *unit)
{
	json_object *object = json_new_object();

	if (unit->is_scsi) {
		json_put_int(object, "channel", unit->channel);
		json_put_int(object, "target", unit->target);
		json_put_int(object, "lun", (int64_t)unit->lun);
	}
	if (*unit->wwn)
		json_put_text(object, "wwn", unit->wwn);
	if (unit->nsid)
		json_put_int(object, "nsid", unit->nsid);
	if (*unit->ports)
		json_put_text(object, "ports", unit->ports);
	return object;
}

/* List the lowest devices below a device. */
static json_object *report_slaves_json(const struct report *report,
				       const struct answer *answer)
{
	json_object *array = json_new_array();
	struct ofp_slave *slaves = NULL;

	if (!answer->is_path)
		ofp_slaves(answer->h, answer->input, report->req->flags, &slaves);
	for (const struct ofp_slave *slave = slaves; slave; slave = slave->next) {
		json_object *one = json_new_object();

		json_put_text(one, "device", slave->device);
		json_put_text(one, "path", slave->path);
		json_append(array, one);
	}
	return array;
}

/* Return the doubt about a result, or the reason why it is missing; or NULL. */
static const char *report_note(const struct answer *answer)
{
	if (answer->results)
		return answer->results->note;
	return ofp_why(answer->h);
}

static json_object *report_answer_json(const struct report *report,
				       const struct answer *answer)
{
	const char *note = report_note(answer);
	const struct ofp_result *r = answer->results;
	json_object *object = json_new_object(), *error = NULL;
	json_object *notes = json_new_array();

	json_put_text(object, "input", answer->input);
	json_put_text(object, "direction", answer->is_path ? "reverse" : "forward");
	json_put_bool(object, "ok", !answer->error);
	json_put_text(object, "device", r ? r->device : NULL);
	json_put_text(object, "path", r ? r->path : NULL);
	json_put_text(object, "class", r ? r->kind : NULL);
	json_put_text(object, "adapter", r ? r->adapter : NULL);
	json_put(object, "unit", r ? report_unit_json(&r->unit) : NULL);
	json_put(object, "partition",
		 r && r->partition ? json_new_int(r->partition) : NULL);
	json_put(object, "aliases", report_aliases_json(answer));
	json_put(object, "slaves", report_slaves_json(report, answer));
	if (answer->error) {
		error = error_object(message_code(answer->error),
				     message_text(answer->error));
		json_put_int(error, "number", answer->error); /* that of ofpathname */
	}
	json_put(object, "error", error);
	if (note)
		json_append_text(notes, note);
	json_put(object, "notes", notes);
	return object;
}

static bool report_add_json(struct report *report, const struct answer *answer)
{
	json_object *object = report_answer_json(report, answer);

	if (report_is_document(report->req))
		json_append(report->results, object);
	else
		json_print_line(object);
	return !answer->error;
}

/* Print a word: in one line for a batch, otherwise in a line of its own. */
static void report_print_word(const struct request *req, bool is_first, const char *text,
			      const char *more)
{
	const char *between = req->task == TASK_BATCH ? " " : "\n";

	printf("%s%s%s", is_first ? "" : between, text, more);
}

static bool report_print_aliases(const struct request *req, const struct answer *answer)
{
	const char **names = ofp_aliases(answer->h, answer->results->path);
	size_t n = 0;

	for (; names && names[n]; n++)
		report_print_word(req, !n, names[n], "");
	if (!n && !req->quiet)
		fputs("No aliases found.\n", stderr);
	return n > 0;
}

static bool report_print_paths(const struct request *req, const struct answer *answer)
{
	const struct ofp_result *r = answer->results;
	/* The arguments that make Open Firmware boot this file of a disc. */
	const char *boot_file =
		req->cdrom && !answer->is_path ? ":1,\\ppc\\bootinfo.txt" : "";

	if (answer->error) {
		const char *note = report_note(answer);

		if (!req->quiet)
			message_error(req->program, req->sysroot, answer->error,
				      answer->input);
		if (!req->quiet && note)
			message_note(req->program, answer->input, note);
		return false;
	}
	if (req->aliases)
		return report_print_aliases(req, answer);
	for (; r; r = r->next) {
		report_print_word(req, r == answer->results,
				  answer->is_path ? r->device : r->path, boot_file);
		if (r->note && !req->quiet)
			message_note(req->program, answer->input, r->note);
	}
	return true;
}

bool report_answer(struct report *report, const struct answer *answer)
{
	const struct request *req = report->req;
	bool done;

	if (answer->error && report->code == DR_CODE_NONE)
		report->code = message_code(answer->error);
	if (req->json)
		return report_add_json(report, answer);
	done = report_print_paths(req, answer);
	if (done || req->task == TASK_BATCH)
		putchar(req->task == TASK_BATCH ? req->separator : '\n');
	return done;
}

/* Print the document, and free the results and the error; error NULL: none. */
static void report_print_document(json_object *results, json_object *error)
{
	json_object *document = json_new_object();

	json_put_text(document, "schema", "papr.ofpath/1");
	json_put(document, "results", results);
	json_put(document, "error", error);
	json_print(document);
}

static json_object *report_problem(const struct request *req)
{
	return error_object(req->code, req->problem.text);
}

void report_nothing(const struct request *req)
{
	if (req->json)
		report_print_document(json_new_array(), report_problem(req));
	else if (!req->quiet)
		error_print_hint(req->code);
}

void report_end(struct report *report)
{
	const struct request *req = report->req;

	if (report_is_document(req))
		report_print_document(report->results, report_problem(req));
	else if (!req->json && !req->quiet)
		error_print_hint(req->code != DR_CODE_NONE ? req->code : report->code);
}

void report_table(struct ofp *h, const struct ofp_result *results)
{
	int name = (int)strlen("NAME"), path = (int)strlen("PATH");

	for (const struct ofp_result *r = results; r; r = r->next) {
		const char *device = r->below ? r->below : r->device;

		name = (int)strlen(device) > name ? (int)strlen(device) : name;
		path = (int)strlen(r->path) > path ? (int)strlen(r->path) : path;
	}
	printf("%-*s  %-*s  %s\n", name, "NAME", path, "PATH", "ALIASES");
	for (const struct ofp_result *r = results; r; r = r->next) {
		const char **names = ofp_aliases(h, r->path);

		printf("%-*s  ", name, r->below ? r->below : r->device);
		if (!names || !*names)
			printf("%s", r->path);
		else
			printf("%-*s  %s", path, r->path, *names++);
		for (; names && *names; names++)
			printf(",%s", *names);
		putchar('\n');
	}
}
