// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "overlay/report.h"

void report_begin(struct report *r, bool is_json)
{
	*r = (struct report){ .is_json = is_json };
	if (!is_json)
		return;
	r->results = json_new_array();
	r->records = json_new_array();
}

static void report_put_errno(json_object *o, int err)
{
	json_put_text(o, "errno", err && err != -EBADMSG ? strerrorname_np(-err) : NULL);
}

/* Return the code of an error, and keep the first one. */
static enum dr_code report_code(struct report *r, enum dr_code code, int err)
{
	switch (err) {
	case -ENOMEM:
		code = DR_CODE_NO_MEMORY;
		break;
	case -EPERM:
	case -EACCES:
		code = DR_CODE_NOT_PERMITTED;
		break;
	case -EAGAIN:
		code = DR_CODE_LOCK_HELD;
		break;
	case -EOPNOTSUPP:
		code = DR_CODE_NOT_SUPPORTED;
		break;
	}
	if (r->code == DR_CODE_NONE)
		r->code = code;
	return code;
}

/* code DR_CODE_NONE: no error, so that message is a note. */
static void report_add(struct report *r, const char *what, const char *result,
		       const char *id, enum dr_code code, int err, const char *message)
{
	json_object *o = json_new_object();

	json_put_text(o, "name", what);
	json_put_text(o, "result", result);
	json_put_text(o, "id", id);
	report_put_errno(o, err);
	json_put_text(o, "message", message);
	json_put(o, "error", error_object(code, message));
	json_append(r->results, o);
}

void report_done(struct report *r, const char *what, const char *result, const char *id,
		 const char *note)
{
	if (r->is_json)
		report_add(r, what, result, id, DR_CODE_NONE, 0, note);
	else if (!r->is_quiet)
		printf("%s: %s%s%s%s%s%s\n", what, strcmp(result, "ok") ? result : "OK",
		       id ? " as " : "", id ? id : "", note ? " (" : "", note ? note : "",
		       note ? ")" : "");
}

void report_failed(struct report *r, const char *what, const char *result,
		   enum dr_code code, int err, const char *why)
{
	fprintf(stderr, "papr-overlay: %s: %s\n", what, why);
	code = report_code(r, code, err);
	if (r->is_json)
		report_add(r, what, result, NULL, code, err, why);
}

static void report_set_error(struct report *r, enum dr_code code, int err,
			     const char *why)
{
	code = report_code(r, code, err);
	if (!r->is_json || r->error)
		return;
	r->error = json_new_object();
	report_put_errno(r->error, err);
	json_put_error(r->error, code, why);
}

void report_error(struct report *r, enum dr_code code, int err, const char *why)
{
	fprintf(stderr, "papr-overlay: %s\n", why);
	report_set_error(r, code, err, why);
}

void report_refused(struct report *r, const char *why)
{
	report_set_error(r, DR_CODE_BAD_REQUEST, 0, why);
}

void report_records(struct report *r, const struct overlay_status *status)
{
	if (r->is_json && status->max)
		r->max = json_new_int((int64_t)status->max);
	for (size_t i = 0; i < status->n; i++) {
		const struct overlay_record *record = &status->records[i];
		json_object *o;

		if (!r->is_json) {
			printf("%s nodes=+%llu/-%llu props=%llu\n", record->id,
			       (unsigned long long)record->added,
			       (unsigned long long)record->removed,
			       (unsigned long long)record->props);
			continue;
		}
		o = json_new_object();
		json_put_int(o, "number", (int64_t)record->number);
		json_put_text(o, "id", record->id);
		json_put_int(o, "nodes_added", (int64_t)record->added);
		json_put_int(o, "nodes_removed", (int64_t)record->removed);
		json_put_int(o, "properties", (int64_t)record->props);
		json_append(r->records, o);
	}
}

void report_end(struct report *r, int exit_status)
{
	json_object *o;

	if (!r->is_json) {
		error_print_hint(r->code);
		return;
	}
	o = json_new_object();
	json_put_text(o, "schema", "papr.overlay/1");
	json_put_text(o, "command", r->command);
	json_put_int(o, "exit_status", exit_status);
	json_put(o, "error", r->error);
	json_put(o, "max", r->max);
	json_put(o, "results", r->results);
	json_put(o, "records", r->records);
	json_print(o);
}
