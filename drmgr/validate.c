// SPDX-License-Identifier: GPL-2.0-or-later
/* Check which options exclude each other. What a connector type allows, dr_check() knows.
 * Long-established messages are kept word for word: other programs parse them. */
#include <errno.h>
#include <stdio.h>

#include "cli/common.h"
#include "drmgr/help.h"
#include "drmgr/options.h"

static int options_refuse(char *message, const char *text)
{
	snprintf(message, DR_MESSAGE_MAX, "%s", text);
	return -EINVAL;
}

static int validate_no_type(const struct dr_req *req, char *message)
{
	_cleanup_free_ char *words = help_type_words(false);

	if (req->unknown_type)
		snprintf(message, DR_MESSAGE_MAX,
			 "A connector type (-c) must be specified (unknown type '%s': "
			 "use %s)",
			 req->unknown_type, words ? words : "");
	else
		options_refuse(message, "A connector type (-c) must be specified");
	return -EINVAL;
}

static int validate_recover(const struct dr_req *req, char *message)
{
	bool has_more = req->to.type || req->unknown_type || req->to.action ||
			req->to.key || req->to.count || req->to.parameter ||
			req->to.accelerator || req->to.file || req->sysroot ||
			req->no_prompt || req->to.skip_identify || req->to.hotplug_only ||
			req->dry_run || req->force || req->no_loss ||
			req->to.all_or_nothing;

	return has_more
		       ? options_refuse(message,
					"--recover allows only --discard, -w, -d, --json "
					"and --trace")
		       : 0;
}

/* Refuse our own options that have no meaning for a query. The peer accepts others. */
static int validate_query(const struct dr_req *req, char *message)
{
	bool is_change =
		req->dry_run || req->force || req->no_loss || req->to.all_or_nothing;

	return req->to.action == DR_QUERY && is_change
		       ? options_refuse(message,
					"-Q changes nothing: use it without --dry-run, "
					"--force, --no-loss and --all-or-nothing")
		       : 0;
}

/* Drop all other options: only the file counts. */
static int validate_prrn(struct dr_req *req)
{
	req->to.type = NULL;
	req->to.action = DR_NO_ACTION;
	req->to.count = 0;
	req->to.key = req->to.parameter = NULL;
	return 0;
}

int options_validate(struct dr_req *req, char *message)
{
	if (req->recover)
		return validate_recover(req, message);
	if (req->discard)
		return options_refuse(message, "--discard needs --recover");
	if (req->to.file)
		return validate_prrn(req);
	return req->to.type ? validate_query(req, message)
			    : validate_no_type(req, message);
}

bool options_may_prompt(const struct dr_req *req)
{
	const struct dr_request *to = &req->to;

	if (!request_is(req, TYPE_CARDS) || req->no_prompt || req->dry_run)
		return false;
	return to->action != DR_QUERY && (to->action != DR_ADD || to->key);
}
