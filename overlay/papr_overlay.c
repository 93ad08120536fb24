// SPDX-License-Identifier: GPL-2.0-or-later
/* Device-tree overlays of a running partition: check, apply, list, revert; resolve. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/option_table.h"
#include "cli/output_file.h"
#include "cli/process.h"
#include "cli/stdout_end.h"
#include "kern/cleanup.h"
#include "overlay/blob_merge.h"
#include "overlay/live.h"
#include "overlay/offline.h"
#include "overlay/report.h"
#include "wire/overlay.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* The commands, as bits. */
enum { CHECK = 1, APPLY = 2, LIST = 4, REVERT = 8, RESOLVE = 16 };

struct request {
	const struct command *command;
	const char *id, *symbols, *output;
	bool is_transient, is_forgotten, is_offline, is_json;
	char *const *args;
	int n;
};

struct command {
	const char *name;
	unsigned int bit;
	int (*run)(const struct request *req, struct report *report);
	int min, max;	/* operands */
	bool is_change; /* changes the live tree */
};

/* Return the code of an error of the live file. It does not exist without the module. */
static enum dr_code papr_overlay_live_code(int err)
{
	return err == -ENOENT ? DR_CODE_NOT_SUPPORTED : DR_CODE_KERNEL_REFUSED;
}

/* Mark an error that a check of contents found: no system call returned it. */
static int papr_overlay_of_contents(int err)
{
	return err && err != -ENOMEM ? -EBADMSG : err;
}

/* Begin the reason with the error's name, as for an error of the live file. */
static int papr_overlay_named(int err, char why[INPUT_WHY_BYTES])
{
	char reason[INPUT_WHY_BYTES];

	if (err) {
		snprintf(reason, sizeof(reason), "%s", why);
		snprintf(why, INPUT_WHY_BYTES, "%s: %.480s", strerrorname_np(-err),
			 reason);
	}
	return err;
}

/* ---- Writing ------------------------------------------------------------------------ */

/* Resolve a blob against a tree, set these bits of papr,flags, block signals, and write it.
 * tree NULL: the live one. */
static int papr_overlay_write(const struct live *live, const struct input *blob,
			      const struct input *tree, bool has_labels,
			      unsigned int flags, const sigset_t *blocked, char *why)
{
	struct input own = { 0 }, resolved = { 0 }, marked = { 0 };
	struct overlay o;
	bool needs_tree =
		!overlay_decode(&o, blob->bytes, blob->size) && !o.keeps_handles;
	int err = !tree && needs_tree ? live_tree(live, &own, why) : 0;

	if (!err)
		err = papr_overlay_named(offline_resolve(blob, tree ? tree : &own,
							 has_labels, &resolved, why),
					 why);
	if (!err)
		err = papr_overlay_named(
			offline_mark(&resolved, flags, NULL, &marked, why), why);
	if (!err) {
		sigprocmask(SIG_BLOCK, blocked, NULL); /* NULL: none */
		err = live_write(live, &marked, why);
	}
	input_free(&own);
	input_free(&resolved);
	input_free(&marked);
	return err;
}

/* ---- check -------------------------------------------------------------------------- */

/* Read the base tree of --symbols. Without the option, *base is empty. Return 0, or
 * -errno after the report. */
static int papr_overlay_read_base(const struct request *req, struct report *report,
				  struct input *base)
{
	char why[INPUT_WHY_BYTES];
	int err;

	*base = (struct input){ 0 };
	if (!req->symbols)
		return 0;
	err = input_read(base, req->symbols, INPUT_BASE_MAX, why);
	if (!err)
		err = papr_overlay_of_contents(offline_check_base(base, why));
	if (err)
		report_failed(report, req->symbols, "failed", DR_CODE_BAD_FILE, err, why);
	return err;
}

struct check {
	const struct request *req;
	struct report *report;
	struct live live;
	bool is_live;
	struct input tree; /* with the changes of the files before; no bytes: unknown */
};

/* Check a blob. The kernel checks what needs no earlier one: the first, and reverts. */
static int papr_overlay_check_blob(struct check *c, const struct input *blob, int i,
				   enum dr_code *code, char why[INPUT_WHY_BYTES])
{
	struct input *tree = c->tree.bytes ? &c->tree : NULL;
	struct overlay o;
	int err = overlay_decode(&o, blob->bytes, blob->size);
	bool needs_none = !i || (!err && o.revert);

	err = 0; /* offline_check() has the words */
	*code = c->is_live ? DR_CODE_KERNEL_REFUSED : DR_CODE_BAD_FILE;
	if (c->is_live && needs_none)
		err = papr_overlay_write(&c->live, blob, tree, !c->req->symbols,
					 OVERLAY_CHECK_ONLY, NULL, why);
	if (err)
		return err;
	err = offline_check(blob, tree, why);
	return c->is_live ? papr_overlay_named(err, why) : papr_overlay_of_contents(err);
}

static int papr_overlay_check_one(struct check *c, int i)
{
	const char *file = c->req->args[i];
	struct input blob;
	char why[INPUT_WHY_BYTES];
	enum dr_code code = DR_CODE_BAD_FILE;
	int err = input_read(&blob, file, OVERLAY_BYTES_MAX, why);

	if (!err)
		err = papr_overlay_check_blob(c, &blob, i, &code, why);
	if (err)
		report_failed(c->report, file, "failed", code, err, why);
	else
		report_done(c->report, file, "ok", NULL,
			    offline_has_path(&blob, why) ? why
			    : !c->tree.bytes
				    ? "offline: targets and labels are not checked"
			    : !c->is_live ? "against the base tree"
			    : i		  ? "after the files before it"
					  : NULL);
	input_free(&blob);
	return err;
}

/* Open the live file and read the tree, unless off line or the file is missing. */
static int papr_overlay_check_open(struct check *c)
{
	char why[INPUT_WHY_BYTES];
	int err;

	if (c->req->is_offline)
		return 0;
	err = live_open(&c->live, why);
	c->is_live = !err;
	if (err)
		live_close(&c->live);
	if (err == -ENOENT)
		return 0;
	if (!err && !c->tree.bytes)
		err = live_tree(&c->live, &c->tree, why);
	if (err)
		report_error(c->report, DR_CODE_KERNEL_REFUSED, err, why);
	return err;
}

static int papr_overlay_run_check(const struct request *req, struct report *report)
{
	struct check c = { .req = req, .report = report };
	int status = STATUS_DONE, err = papr_overlay_read_base(req, report, &c.tree);

	if (!err)
		err = papr_overlay_check_open(&c);
	if (err)
		status = STATUS_FAILED;
	for (int i = 0; !err && i < req->n; i++)
		if (papr_overlay_check_one(&c, i))
			status = STATUS_FAILED;
	if (c.is_live)
		live_close(&c.live);
	input_free(&c.tree);
	return status;
}

/* ---- apply -------------------------------------------------------------------------- */

struct apply {
	const struct request *req;
	struct report *report;
	struct live live;
	struct input *blobs;
	char (*ids)[OVERLAY_NAME_BYTES]; /* of each applied file; "": unknown */
	int applied;
	sigset_t ending; /* signals that are blocked from the first write on */
};

/* Reject a valid blob that is not a change or cannot be reverted. */
static int papr_overlay_apply_check(const struct apply *a, const struct input *blob,
				    char *why)
{
	struct overlay o;
	const char *text = NULL;

	if (overlay_decode(&o, blob->bytes, blob->size))
		text = "it cannot be decoded";
	else if (o.revert)
		text = "it reverts a change; use papr-overlay revert";
	else if (o.flags & OVERLAY_CHECK_ONLY)
		text = "its papr,flags only check; use papr-overlay check";
	else if (o.flags & OVERLAY_TRANSIENT && a->req->n > 1)
		text = "it is transient and could not be reverted; apply it alone";
	if (text)
		snprintf(why, INPUT_WHY_BYTES, "%s", text);
	return text ? -EBADMSG : 0;
}

static int papr_overlay_apply_read(struct apply *a)
{
	const unsigned int flags = a->req->is_transient ? OVERLAY_TRANSIENT : 0;
	char why[INPUT_WHY_BYTES];

	for (int i = 0; i < a->req->n; i++) {
		struct input in;
		int err = input_read(&in, a->req->args[i], OVERLAY_BYTES_MAX, why);

		if (!err)
			err = papr_overlay_of_contents(
				offline_mark(&in, flags, a->req->id, &a->blobs[i], why));
		if (!err)
			err = papr_overlay_apply_check(a, &a->blobs[i], why);
		input_free(&in);
		if (err) {
			report_failed(a->report, a->req->args[i], "failed",
				      DR_CODE_BAD_FILE, err, why);
			return err;
		}
	}
	return 0;
}

static uint64_t papr_overlay_apply_newest(const struct overlay_status *status)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < status->n; i++)
		if (status->records[i].number > newest)
			newest = status->records[i].number;
	return newest;
}

/* Find the name of the new record. Programs that ignore the lock may have added records:
 * with more than one new record, the name is unknown. */
static void papr_overlay_apply_find_id(struct apply *a, uint64_t newest_before, char *id)
{
	struct overlay_status status;
	char why[INPUT_WHY_BYTES];
	size_t n = 0;

	*id = '\0';
	if (live_status(&a->live, &status, why))
		return;
	for (size_t i = 0; i < status.n; i++)
		if (status.records[i].number > newest_before && !n++)
			snprintf(id, OVERLAY_NAME_BYTES, "%s", status.records[i].id);
	if (n != 1)
		*id = '\0';
	overlay_status_free(&status);
}

static int papr_overlay_apply_one(struct apply *a, int i)
{
	const char *file = a->req->args[i];
	struct overlay_status status;
	char why[INPUT_WHY_BYTES];
	uint64_t newest = 0;
	int err = live_status(&a->live, &status, why);

	if (!err) {
		newest = papr_overlay_apply_newest(&status);
		overlay_status_free(&status);
		err = papr_overlay_write(&a->live, &a->blobs[i], NULL, true, 0,
					 &a->ending, why);
	}
	if (err) {
		report_failed(a->report, file, "failed", DR_CODE_KERNEL_REFUSED, err,
			      why);
		return err;
	}
	papr_overlay_apply_find_id(a, newest, a->ids[i]);
	a->applied++;
	return 0;
}

/* Revert the applied files, newest first. */
static void papr_overlay_apply_undo(struct apply *a)
{
	while (a->applied) {
		const char *file = a->req->args[--a->applied];
		const char *id = a->ids[a->applied];
		char why[INPUT_WHY_BYTES], text[INPUT_WHY_BYTES];
		int err = -ENOENT;

		snprintf(why, sizeof(why), "its name is unknown");
		if (*id)
			err = live_revert(&a->live, id, 0, why);
		if (!err) {
			report_done(a->report, file, "undone", NULL, NULL);
			continue;
		}
		snprintf(text, sizeof(text),
			 "stays applied%s%s, because it cannot be reverted: %.300s",
			 *id ? " as " : "", id, why);
		report_failed(a->report, file, "not-undone", DR_CODE_UNDO_INCOMPLETE, err,
			      text);
	}
}

static void papr_overlay_apply_all(struct apply *a)
{
	char why[INPUT_WHY_BYTES];

	for (int i = 0; i < a->req->n; i++) {
		if (!papr_overlay_apply_one(a, i))
			continue;
		papr_overlay_apply_undo(a);
		return;
	}
	for (int i = 0; i < a->req->n; i++)
		report_done(a->report, a->req->args[i], "applied",
			    *a->ids[i] ? a->ids[i] : NULL,
			    offline_has_path(&a->blobs[i], why) ? why : NULL);
}

/* Apply all files under the lock. A signal ends the program before the first write; from then
 * on it could leave only some files applied. */
static int papr_overlay_apply_locked(struct apply *a)
{
	char why[INPUT_WHY_BYTES];
	int err = live_open(&a->live, why);

	if (!err)
		err = live_lock(&a->live, why);
	process_ending_signals(&a->ending);
	if (err)
		report_error(a->report, papr_overlay_live_code(err), err, why);
	else
		papr_overlay_apply_all(a);
	live_close(&a->live);
	fflush(stdout);
	sigprocmask(SIG_UNBLOCK, &a->ending, NULL);
	return err;
}

static int papr_overlay_run_apply(const struct request *req, struct report *report)
{
	struct apply a = { .req = req, .report = report };
	int err = 0;

	a.blobs = calloc((size_t)req->n, sizeof(*a.blobs));
	a.ids = calloc((size_t)req->n, sizeof(*a.ids));
	if (!a.blobs || !a.ids)
		report_error(report, DR_CODE_NO_MEMORY, err = -ENOMEM, strerror(ENOMEM));
	if (!err)
		err = papr_overlay_apply_read(&a);
	if (!err)
		err = papr_overlay_apply_locked(&a);
	for (int i = 0; a.blobs && i < req->n; i++)
		input_free(&a.blobs[i]);
	free(a.blobs);
	free(a.ids);
	return !err && a.applied == req->n ? STATUS_DONE : STATUS_FAILED;
}

/* ---- list, revert --------------------------------------------------------------------- */

static int papr_overlay_run_list(const struct request *req, struct report *report)
{
	struct overlay_status status;
	struct live live = { .lock = { -1, -1 } };
	char why[INPUT_WHY_BYTES];
	int err = kern_root_open(&live.root, NULL);

	(void)req;
	if (err)
		snprintf(why, sizeof(why), "/: %s", strerror(-err));
	else
		err = live_status(&live, &status, why);
	if (err) {
		report_error(report, papr_overlay_live_code(err), err, why);
	} else {
		report_records(report, &status);
		overlay_status_free(&status);
	}
	live_close(&live);
	return err ? STATUS_FAILED : STATUS_DONE;
}

/* Stop at the first failure: later names may depend on it. */
static int papr_overlay_run_revert(const struct request *req, struct report *report)
{
	struct live live;
	char why[INPUT_WHY_BYTES];
	int err = live_open(&live, why);

	if (!err)
		err = live_lock(&live, why);
	if (err)
		report_error(report, papr_overlay_live_code(err), err, why);
	for (int i = 0; !err && i < req->n; i++) {
		err = live_revert(&live, req->args[i],
				  req->is_forgotten ? OVERLAY_TRANSIENT : 0, why);
		if (err)
			report_failed(report, req->args[i], "failed",
				      DR_CODE_KERNEL_REFUSED, err, why);
		else
			report_done(report, req->args[i],
				    req->is_forgotten ? "forgotten" : "reverted", NULL,
				    NULL);
	}
	live_close(&live);
	return err ? STATUS_FAILED : STATUS_DONE;
}

/* ---- resolve -------------------------------------------------------------------------- */

static int papr_overlay_write_out(const struct request *req, const struct input *out,
				  struct report *report)
{
	bool is_stdout = !req->output || !strcmp(req->output, "-");
	int err = is_stdout ? output_write_all(STDOUT_FILENO, out->bytes, out->size)
			    : output_replace(req->output, 0644, out->bytes, out->size);

	if (err)
		report_failed(report, is_stdout ? "standard output" : req->output,
			      "failed", DR_CODE_BAD_FILE, err, strerror(-err));
	return err;
}

/* Resolve a compiler's blob that can be applied to the base, which is changed. */
static int papr_overlay_resolve(const struct input *blob, struct input *base,
				struct input *out, char *why)
{
	struct overlay o;
	int err = offline_resolve(blob, base, false, out, why);

	if (err)
		return err;
	if (!overlay_decode(&o, blob->bytes, blob->size) && !o.is_marked)
		return blob_merge(base, out, why);
	snprintf(why, INPUT_WHY_BYTES, "already resolved, according to papr,format");
	return -EINVAL;
}

static int papr_overlay_run_resolve(const struct request *req, struct report *report)
{
	struct input base, blob = { 0 }, out = { 0 };
	const char *file = req->args[0];
	char why[INPUT_WHY_BYTES];
	int err;

	report->is_quiet = !req->output || !strcmp(req->output, "-");
	if (papr_overlay_read_base(req, report, &base)) {
		input_free(&base);
		return STATUS_FAILED;
	}
	err = input_read(&blob, file, OVERLAY_BYTES_MAX, why);
	if (!err)
		err = papr_overlay_of_contents(
			papr_overlay_resolve(&blob, &base, &out, why));
	if (err)
		report_failed(report, file, "failed", DR_CODE_BAD_FILE, err, why);
	else
		err = papr_overlay_write_out(req, &out, report);
	if (!err)
		report_done(report, file, "resolved", NULL, NULL);
	input_free(&out);
	input_free(&blob);
	input_free(&base);
	return err ? STATUS_FAILED : STATUS_DONE;
}

/* ---- Options ----------------------------------------------------------------------------- */

static const struct command commands[] = {
	{ "check", CHECK, papr_overlay_run_check, 1, INT32_MAX, false },
	{ "apply", APPLY, papr_overlay_run_apply, 1, INT32_MAX, true },
	{ "list", LIST, papr_overlay_run_list, 0, 0, false },
	{ "revert", REVERT, papr_overlay_run_revert, 1, INT32_MAX, true },
	{ "resolve", RESOLVE, papr_overlay_run_resolve, 1, 1, false },
};

static const struct option_row rows[] = {
	{ 0, "id", "ID", "set the name of the recorded change", .kind = OPTION_TEXT,
	  OPTION_AT(struct request, id), .where = APPLY },
	{ 0, "transient", NULL, "keep no record of the change", .kind = OPTION_FLAG,
	  OPTION_AT(struct request, is_transient), .where = APPLY },
	{ 0, "forget", NULL, "drop the record of the change, which stays applied",
	  .kind = OPTION_FLAG, OPTION_AT(struct request, is_forgotten), .where = REVERT },
	{ 0, "offline", NULL, "do not use /proc/device-tree-overlay", .kind = OPTION_FLAG,
	  OPTION_AT(struct request, is_offline), .where = CHECK },
	{ 0, "symbols", "BASE", "resolve against this tree, compiled with dtc -@",
	  .kind = OPTION_TEXT, OPTION_AT(struct request, symbols),
	  .where = CHECK | RESOLVE },
	{ 'o', "output", "OUT", "write the resolved blob here (standard output)",
	  .kind = OPTION_TEXT, OPTION_AT(struct request, output), .where = RESOLVE },
	{ 0, "json", NULL, "print one JSON document", .kind = OPTION_FLAG,
	  OPTION_AT(struct request, is_json) },
	OPTION_SELF_ROWS,
};

static const struct option_table table = {
	.program = "papr-overlay",
	.manual = "papr-overlay(8)",
	.usage =
		"Usage: papr-overlay check [--offline] [--symbols BASE] [--json] FILE...\n"
		"       papr-overlay apply [--id ID] [--transient] [--json] FILE...\n"
		"       papr-overlay list [--json]\n"
		"       papr-overlay revert [--forget] [--json] ID...\n"
		"       papr-overlay resolve --symbols BASE [-o OUT] [--json] FILE\n"
		"Check, apply, list and revert overlays of the live device tree, or resolve one.\n"
		"A FILE is a blob, as dtc makes it; - is standard input.\n"
		"\n",
	OPTION_ROWS(rows),
};

static int papr_overlay_refuse(struct option_line *line, const char *what,
			       const char *why)
{
	return option_refuse(line, "%.256s: %s; see papr-overlay --help", what, why);
}

/* Check that the options and operands fit the command. */
static int papr_overlay_check_request(const struct request *req, struct option_line *line)
{
	const struct command *c = req->command;
	bool to_stdout = !req->output || !strcmp(req->output, "-");
	char name[OPTION_NAME_MAX];

	if (option_outside(line, c->bit, name))
		return option_refuse(
			line, "%s: %s is not for this command; see papr-overlay --help",
			c->name, name);
	if (req->n < c->min)
		return papr_overlay_refuse(line, c->name, "an operand is missing");
	if (req->n > c->max)
		return papr_overlay_refuse(line, req->args[c->max], "unexpected operand");
	if (req->id && !overlay_id_is_ok(req->id))
		return papr_overlay_refuse(
			line, req->id,
			"invalid value of --id; use 1 to 63 letters, digits and ._:-");
	if (req->id && req->n > 1)
		return papr_overlay_refuse(line, "--id", "accepts only one file");
	if (req->is_transient && req->n > 1)
		return papr_overlay_refuse(line, "--transient",
					   "accepts only one file, because it cannot "
					   "be reverted");
	if (c->bit != RESOLVE)
		return 0;
	if (!req->symbols)
		return papr_overlay_refuse(line, c->name, "--symbols BASE is missing");
	if (to_stdout && req->is_json)
		return papr_overlay_refuse(line, "--json",
					   "needs -o OUT, because the document is on "
					   "standard output");
	if (to_stdout && isatty(STDOUT_FILENO))
		return papr_overlay_refuse(line, "standard output",
					   "is a terminal; use -o OUT");
	return 0;
}

static int papr_overlay_parse(struct request *req, struct option_line *line)
{
	if (!line->n_words)
		return papr_overlay_refuse(line, "COMMAND", "missing");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, line->words[0]))
			req->command = &commands[i];
	if (!req->command)
		return papr_overlay_refuse(line, line->words[0], "unknown command");
	req->args = line->words + 1;
	req->n = line->n_words - 1;
	return papr_overlay_check_request(req, line);
}

int main(int argc, char *argv[])
{
	struct request req = { 0 };
	struct option_line line;
	struct report report;
	int err, status = STATUS_USAGE;

	if (process_begin())
		return STATUS_FAILED;
	err = option_parse(&table, argc, argv, &req, &line);
	if (option_print_self(&line))
		return stdout_end("papr-overlay", STATUS_DONE, STATUS_FAILED);
	if (!err)
		err = papr_overlay_parse(&req, &line);
	report_begin(&report, req.is_json);
	report.command = req.command ? req.command->name : NULL;
	if (err) {
		option_print_problem(&line);
		report_refused(&report, line.problem);
	} else {
		status = req.command->run(&req, &report);
	}
	report_end(&report, status);
	if (req.command && req.command->is_change)
		return stdout_end_of_change("papr-overlay", status);
	return stdout_end("papr-overlay", status, STATUS_FAILED);
}
