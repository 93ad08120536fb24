// SPDX-License-Identifier: GPL-2.0-or-later
/* What each connector type wants of a request. The words are what other programs and
 * people know. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/validate.h"

static int refuse(char *message, const char *text)
{
	snprintf(message, DR_MESSAGE_MAX, "%s", text);
	return -EINVAL;
}

static int validate_generic(const struct dr_req *req, char *message)
{
	if (req->unknown_type)
		snprintf(message, DR_MESSAGE_MAX,
			 "A connector type (-c) must be specified (unknown type '%s')",
			 req->unknown_type);
	else
		refuse(message, "A connector type (-c) must be specified");
	return -EINVAL;
}

static bool is_interactive(const struct dr_req *req)
{
	if (req->action == DR_IDENTIFY)
		return !req->no_prompt;
	return !req->no_prompt && !(req->action == DR_ADD && !req->key);
}

int validate_pci(const struct dr_req *req, char *message)
{
	if (req->action == DR_IDENTIFY && req->no_identify)
		return refuse(message, "Cannot specify the -i and -I option together");
	if (!req->key && req->action != DR_ADD && req->action != DR_QUERY)
		return refuse(message, "A drc name or index must be specified");
	switch (req->action) {
	case DR_ADD:
	case DR_REMOVE:
	case DR_REPLACE:
	case DR_IDENTIFY:
		if (req->json && !req->dry_run && is_interactive(req))
			return refuse(message,
				      "--json never prompts: specify -n as well");
		return 0;
	case DR_QUERY:
		return 0;
	default:
		return refuse(
			message,
			"The '-r', '-a', '-R' or '-i' option must be spcified for PCI "
			"operations");
	}
}

/* The other types are known, so that a wrong request is told from one that this version
 * cannot carry out. */
static int validate_other(const struct dr_req *req, char *message)
{
	snprintf(message, DR_MESSAGE_MAX,
		 "Connector type '%s' is not supported by this version of drmgr",
		 dr_type_name(req->type));
	return -EINVAL;
}

static int validate_recover(const struct dr_req *req, char *message)
{
	bool has_more = req->type || req->unknown_type || req->action || req->key ||
			req->count || req->param || req->accel || req->prrn_file ||
			req->sysroot || req->no_prompt || req->no_identify ||
			req->hotplug_only || req->dry_run || req->force ||
			req->all_or_nothing;

	return has_more ? refuse(message, "--recover goes with -w, -d, --json and "
					  "--trace alone")
			: 0;
}

int options_validate(struct dr_req *req, char *message)
{
	int (*validate)(const struct dr_req *req, char *message);

	if (req->recover)
		return validate_recover(req, message);
	if (req->prrn_file)
		return refuse(message, "-P is not supported by this version of drmgr");
	if (req->action == DR_MIGRATE)
		req->type = DR_TYPE_PMIG;

	if (req->type == DR_TYPE_NONE)
		return validate_generic(req, message);
	validate = command_of(req->type)->validate;
	return validate ? validate(req, message) : validate_other(req, message);
}
