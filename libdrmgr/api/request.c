// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/api/resource.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/core/run.h"
#include "libdrmgr/core/type.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

/* Copy the request of a caller that may know fewer members. */
static struct dr_request request_complete(const struct dr_request *request)
{
	struct dr_request copy = { .size = sizeof(copy) };

	context_copy_sized(&copy, sizeof(copy), request, request->size);
	return copy;
}

static bool request_takes_several(const struct dr_request *request)
{
	return request->type && dr_type_allows(request->type, request->action) &&
	       request->type->several >> request->action & 1;
}

static int request_check_indexes(const struct dr_request *request, char **text)
{
	const uint32_t *indexes = request->indexes;
	size_t n = request->n_indexes;

	/* No index is not the same as none given, which can mean all. */
	if (!indexes != !n)
		return request_refuse(text, "The list of indexes is empty");
	if (n && (request->key || request->count || request->has_count || request->file))
		return request_refuse(
			text, "Indexes cannot be given with a key, a count or a file");
	if (n > 1 && !request_takes_several(request))
		return request_refuse(text, "This request takes one index");
	if (n > 1 && (request->ask || request->all_or_nothing))
		return request_refuse(text, "Each of several indexes is a change for "
					    "itself, without questions");
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (indexes[i] == indexes[j])
				return request_refuse(text,
						      "The index 0x%08x is given twice",
						      indexes[i]);
	return 0;
}

/* Return true if the request changes a number of cores or LMBs. */
static bool request_is_counted(const struct dr_request *request)
{
	return request->type && request->type->run && request->type->run->count &&
	       !request->parameter && !request->file &&
	       (request->action == DR_ADD || request->action == DR_REMOVE ||
		(request->action == DR_NO_ACTION && request->has_until));
}

static int request_check_until(const struct dr_request *request, char **text)
{
	bool is_max = request->has_until && request->until == DR_UNTIL_MAX;
	uint64_t n = request->has_until && !is_max ? request->until : request->count;

	if ((request->has_until || request->in_bytes) && !request_is_counted(request))
		return request_refuse(text, "%s is for the number of cores or LMBs",
				      request->has_until ? "--until" : "A size");
	if (request->in_bytes && strcmp(request->type->name, "mem") != 0)
		return request_refuse(text, "A size is for -c mem: give a number of %s",
				      request->type->name);
	if (request->has_until && !request->until)
		return request_refuse(text, "--until 0: use a number from 1 on");
	if (request->has_until &&
	    (request->key || request->has_count || request->count || request->indexes))
		return request_refuse(text, "--until chooses the resources: use it "
					    "without -s and -q");
	if (is_max && (request->action == DR_REMOVE || request->all_or_nothing))
		return request_refuse(text, "--until max adds what there is: use it "
					    "without -r and --all-or-nothing");
	if (n > (request->in_bytes ? INT64_MAX : UINT32_MAX) && !request->parameter)
		return request_refuse(text, "Too large a number: %" PRIu64, n);
	if (!request->if_needed)
		return 0;
	if (request->has_until || request->has_count || request->parameter ||
	    request->file || (request->action != DR_ADD && request->action != DR_REMOVE))
		return request_refuse(text, "--if-needed is for -a and -r of named "
					    "resources: use it without -q, -p, -P and "
					    "--until");
	if (!request->key && !request->indexes && request->type &&
	    (strcmp(request->type->name, "pci") != 0 || request->action != DR_ADD))
		return request_refuse(text, "--if-needed needs -s");
	return 0;
}

int dr_check(struct dr *dr, const struct dr_request *request)
{
	static const struct dr_error error = { .fault = DR_FAULT_REQUEST };
	struct dr_request copy = request_complete(request);
	char *text = NULL, index[RESOLVE_TEXT_MAX];
	int err = request_check_indexes(&copy, &text);

	if (!err)
		err = request_check_until(&copy, &text);
	if (!err && copy.n_indexes)
		copy.key = resolve_text(*copy.indexes, index); /* for all of them */
	if (err)
		; /* refused */
	else if (copy.file)
		err = copy.type ? request_refuse(&text, "A file needs no connector type")
				: 0;
	else if (!copy.type)
		err = request_refuse(&text, "The request has no connector type");
	else
		err = copy.type->check(&copy, &text);
	return err ? context_fail(dr, &error, text, err) : 0;
}

/* Return the operations of a request; NULL: it cannot be run. */
static const struct run_ops *request_ops(const struct dr_request *request)
{
	const struct dr_parameter *p;

	if (request->file)
		return &run_prrn;
	p = request->parameter ? request->type->parameters : NULL;
	for (; p && p->word; p++)
		if (!strcmp(p->word, request->parameter))
			return p->run;
	return request->type->run;
}

/* Set the kind of the request: its type, and the parameter that it changes. All updates of
 * the device tree are of one kind. */
static void request_set_kind(const struct dr_request *request,
			     char kind[JOURNAL_KIND_MAX])
{
	const struct dr_type *type = request->type;
	bool has_own = type && request_ops(request) != type->run;

	if (!type || !strcmp(type->name, "pmig") || !strcmp(type->name, "phib"))
		snprintf(kind, JOURNAL_KIND_MAX, "tree");
	else
		snprintf(kind, JOURNAL_KIND_MAX, "%s%s%s", type->name, has_own ? " " : "",
			 has_own ? request->parameter : "");
}

/* Return true if a journal waits for dr_recover(). This process has the lock, so no
 * other one makes a journal. */
static bool request_waits_for_recovery(struct dr *dr)
{
	bool has_none = dr->has_no_journal;

	dr->has_no_journal = false;
	return !has_none && recovery_is_needed(&dr->session.dr);
}

/* Open firmware and the journal. Return 0, or a negative errno and the context's error. */
static int request_prepare(struct dr *dr, const struct dr_request *request)
{
	struct session *s = &dr->session;
	int err = dr_check(dr, request);

	if (!err && !request_ops(request))
		err = context_refuse(dr, "The connector type cannot be changed", -EINVAL);
	if (!err && request->action == DR_QUERY &&
	    (request->file || !request->type->runs_query))
		err = context_refuse(dr, "A query of this type is no change", -EINVAL);
	if (!err)
		err = request->plan ? context_open_firmware(dr)
				    : context_prepare_change(dr);
	if (err)
		return err;
	journal_renew(&s->journal);
	request_set_kind(request, s->journal.kind);
	s->dr.dry_run = request->plan;
	s->dr.force = request->force;
	s->dr.force_memory = request->force_memory;
	s->dr.no_loss = request->no_loss;
	s->dr.describe = request->describe;
	s->dr.may_yield = request->may_yield && !request->plan;
	return !request->plan && request_waits_for_recovery(dr)
		       ? context_refuse(
				 dr, "An earlier run was interrupted: recover it first",
				 -EUCLEAN)
		       : 0;
}

/* Undo a leftover that blocks a request: its cause may have gone. */
static bool request_undo_left(void *priv, const struct leftover *left)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	struct dr *dr = priv;

	if (context_recover_file(dr, left->file, NULL, &interrupted))
		return false;
	dr_warn(&dr->session.dr,
		"An earlier run (PID %d: %s) was interrupted: %u of its steps undone.%s%s",
		interrupted.pid, interrupted.command, interrupted.undone,
		*interrupted.connectors ? "\nAs before: " : "", interrupted.connectors);
	return true;
}

/* key: of the request, or the text of its only index. */
static struct run run_of(struct dr *dr, const struct dr_request *request, const char *key)
{
	bool is_several = request->n_indexes > 1;

	return (struct run){
		.dr = &dr->session.dr,
		.ops = request_ops(request),
		.undo_left = request_undo_left,
		.left_priv = dr,
		.request = { .type = request->type ? request->type->name : "prrn",
			     .kind = dr->session.journal.kind,
			     .action = request->action,
			     .key = key,
			     .count = request->count,
			     .indexes = is_several ? request->indexes : NULL,
			     .n_indexes = is_several ? request->n_indexes : 0,
			     .parameter = request->parameter,
			     .file = request->file,
			     .backend = request->backend ? request->backend : "auto",
			     .ask = request->ask,
			     .skip_identify = request->skip_identify,
			     .hotplug_only = request->hotplug_only,
			     .try_once = request->try_once,
			     .all_or_nothing = request->all_or_nothing,
			     .until = request->until,
			     .has_until = request->has_until,
			     .in_bytes = request->in_bytes,
			     .if_needed = request->if_needed,
			     .is_exact = request->has_until &&
					 request->action == DR_NO_ACTION,
			     .lmbs_in_all = request->lmbs_in_all },
	};
}

/* Set the results of a run that has ended. */
static void results_take(struct dr_results *results, const struct run *run)
{
	static const struct dr_error nothing = { .fault = DR_FAULT_NONE_LEFT };

	results->requested = run->requested;
	results->done = run->dr->dry_run ? 0 : run->done;
	results->action = run->request.action;
	results->count = run->count;
	results->is_prepared = run->is_prepared;
	results->is_undone = run->is_undone;
	results->is_undo_incomplete = run->is_undo_incomplete;
	results->error = run->error;
	if (run->is_prepared && !run->requested && !run->request.has_until)
		results->text = mem_move(&results->mem, run->ops->words(&nothing, NULL));
}

int dr_run(struct dr *dr, const struct dr_request *request, struct dr_results **results)
{
	struct dr_results *made = *results = calloc(1, sizeof(*made));
	const struct dr_request copy = request_complete(request);
	char index[RESOLVE_TEXT_MAX];
	struct run run;
	int err;

	if (!made)
		return context_fail(dr, NULL, NULL, -ENOMEM);
	made->status = DR_STATUS_FAILED;
	made->action = copy.action;
	dr->results = made;
	err = request_prepare(dr, &copy);
	if (err) {
		results_set_error(made, &dr->error, dr_get_error_text(dr));
	} else {
		run = run_of(dr, &copy,
			     copy.n_indexes == 1 ? resolve_text(copy.indexes[0], index)
						 : copy.key);
		made->status = run_execute(&run);
		results_take(made, &run);
		if (made->status != DR_STATUS_DONE && made->status != DR_STATUS_DECLINED)
			err = context_fail(dr, &made->error,
					   made->text ? strdup(made->text) : NULL,
					   made->error.err ? made->error.err : -EIO);
	}
	dr->results = NULL;
	return err;
}

int dr_can_remove(struct dr *dr, const struct dr_type *type, const char *key,
		  uint32_t *index)
{
	struct dr_error error = { .fault = DR_FAULT_NOT_CAPABLE };
	uint32_t found = 0;
	int err = type->can_remove
			  ? type->can_remove(&dr->session.dr, key, &found, &error)
			  : -ENOTSUP;

	if (index)
		*index = found;
	if (!err)
		return 0;
	return context_fail(dr, &error,
			    type->can_remove
				    ? type->run->words(&error, NULL)
				    : text_of("The connector type has no such query"),
			    err);
}
