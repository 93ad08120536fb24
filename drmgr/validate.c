// SPDX-License-Identifier: GPL-2.0-or-later
/* Check a request of each connector type. Long-established messages are kept word for
 * word: other programs parse them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/validate.h"

static int request_refuse(char *message, const char *text)
{
	snprintf(message, DR_MESSAGE_MAX, "%s", text);
	return -EINVAL;
}

static int validate_no_type(const struct dr_req *req, char *message)
{
	if (req->unknown_type)
		snprintf(message, DR_MESSAGE_MAX,
			 "A connector type (-c) must be specified (unknown type '%s')",
			 req->unknown_type);
	else
		request_refuse(message, "A connector type (-c) must be specified");
	return -EINVAL;
}

static bool request_is_interactive(const struct dr_req *req)
{
	if (req->action == DR_IDENTIFY)
		return !req->no_prompt;
	return !req->no_prompt && !(req->action == DR_ADD && !req->key);
}

/* Check -p: a share of the processors or of memory. */
static int validate_entitlement(const struct dr_req *req, char *message)
{
	if (strcmp(req->param, "ent_capacity") != 0 &&
	    strcmp(req->param, "variable_weight") != 0) {
		snprintf(message, DR_MESSAGE_MAX,
			 "Invalid parameter '%s': -p is ent_capacity or variable_weight",
			 req->param);
		return -EINVAL;
	}
	return req->key ? request_refuse(message,
					 "The -p and -s flags are mutually exclusive")
			: 0;
}

int validate_pci(const struct dr_req *req, char *message)
{
	if (req->action == DR_IDENTIFY && req->no_identify)
		return request_refuse(message,
				      "Cannot specify the -i and -I option together");
	if (!req->key && req->action != DR_ADD && req->action != DR_QUERY)
		return request_refuse(message, "A drc name or index must be specified");
	switch (req->action) {
	case DR_ADD:
	case DR_REMOVE:
	case DR_REPLACE:
	case DR_IDENTIFY:
		if (req->json && !req->dry_run && request_is_interactive(req))
			return request_refuse(message,
					      "--json never prompts: specify -n as well");
		return 0;
	case DR_QUERY:
		return 0;
	default:
		return request_refuse(
			message,
			"The '-r', '-a', '-R' or '-i' option must be spcified for PCI "
			"operations");
	}
}

/* Check the action of a resource that a partition owns or not. */
static int validate_owning(const struct dr_req *req, char *message, const char *what)
{
	if (req->action == DR_ADD || req->action == DR_REMOVE || req->action == DR_QUERY)
		return 0;
	snprintf(message, DR_MESSAGE_MAX,
		 "The '-r', '-a', or '-Q' option must be specified for %s operations.",
		 what);
	return -EINVAL;
}

int validate_phb(const struct dr_req *req, char *message)
{
	bool by_count = req->action == DR_ADD && req->count;

	if (!req->key && !by_count)
		return request_refuse(message, "A drc name or index must be specified");
	return validate_owning(req, message, "PHB");
}

int validate_slot(const struct dr_req *req, char *message)
{
	if (!req->key)
		return request_refuse(message, "A drc name must be specified");
	return validate_owning(req, message, "slot");
}

int validate_port(const struct dr_req *req, char *message)
{
	if (!req->key)
		return request_refuse(message, "A drc name  must be specified");
	return validate_owning(req, message, "HEA");
}

int validate_acc(const struct dr_req *req, char *message)
{
	if (!req->accel)
		return request_refuse(message, "-t gzip must be specified");
	if (strcmp(req->accel, "gzip") != 0) {
		snprintf(message, DR_MESSAGE_MAX, "Invalid Accelerator type: %s",
			 req->accel);
		return -EINVAL;
	}
	if (!req->has_count)
		return request_refuse(message,
				      "-q and the number of credits must be specified");
	if (req->count > UINT16_MAX)
		return request_refuse(message, "-q: there are at most 65535 credits");
	return req->action == DR_QUERY
		       ? request_refuse(message, "Credits cannot be queried")
		       : 0;
}

static int validate_cpu_param(const struct dr_req *req, char *message)
{
	if (strcmp(req->param, CPU_SMT) != 0)
		return validate_entitlement(req, message);
	return req->count > 1 ? request_refuse(message, "-q is invalid with -p " CPU_SMT)
			      : 0;
}

int validate_cpu(const struct dr_req *req, char *message)
{
	switch (req->action) {
	case DR_QUERY:
		return 0;
	case DR_ADD:
	case DR_REMOVE:
		return req->param ? validate_cpu_param(req, message) : 0;
	default:
		return request_refuse(message,
				      "The '-r' or '-a' option must be specified for "
				      "CPU operations.");
	}
}

int validate_mem(const struct dr_req *req, char *message)
{
	switch (req->action) {
	case DR_QUERY:
		return 0;
	case DR_ADD:
	case DR_REMOVE:
		break;
	default:
		return request_refuse(message,
				      "The '-r' or '-a' option must be specified for "
				      "memory operations");
	}
	if (req->param)
		return validate_entitlement(req, message);
	return strcmp(req->backend, "overlay")
		       ? 0
		       : request_refuse(message,
					"--backend overlay is invalid for memory: use "
					"auto, dlpar or ofdt");
}

/* Check the words of a migration. Whether it is possible is checked later, with another
 * exit status. */
static int validate_move(const struct dr_req *req, char *message)
{
	if (!req->param)
		return request_refuse(message, "A command must be specified");
	if (strcmp(req->backend, "auto") != 0 && strcmp(req->backend, "ofdt") != 0) {
		snprintf(message, DR_MESSAGE_MAX,
			 "--backend %s is invalid for %s: use ofdt or auto", req->backend,
			 dr_type_name(req->type));
		return -EINVAL;
	}
	return 0;
}

int validate_pmig(const struct dr_req *req, char *message)
{
	if (req->action != DR_MIGRATE)
		return request_refuse(message, "The -m must be specified for migrations");
	return validate_move(req, message);
}

int validate_phib(const struct dr_req *req, char *message)
{
	if (req->action != DR_HIBERNATE)
		return request_refuse(message,
				      "-c phib is hibernation: it allows no action");
	return validate_move(req, message);
}

/* Report a type that is valid, but that this version does not support. */
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
			req->hotplug_only || req->dry_run || req->force || req->no_loss ||
			req->all_or_nothing;

	return has_more
		       ? request_refuse(message,
					"--recover allows only --discard, -w, -d, --json "
					"and --trace")
		       : 0;
}

int validate_query(const struct dr_req *req, char *message)
{
	return req->action == DR_QUERY ? 0 : validate_other(req, message);
}

/* Drop all other options: only the file counts. */
static int validate_prrn(struct dr_req *req)
{
	req->type = DR_TYPE_NONE;
	req->action = DR_NO_ACTION;
	req->count = 0;
	req->key = req->param = NULL;
	return 0;
}

int options_validate(struct dr_req *req, char *message)
{
	int (*validate)(const struct dr_req *req, char *message);

	if (req->recover)
		return validate_recover(req, message);
	if (req->discard)
		return request_refuse(message, "--discard needs --recover");
	if (req->prrn_file)
		return validate_prrn(req);
	if (req->type == DR_TYPE_NONE)
		return validate_no_type(req, message);
	validate = command_of(req->type)->validate;
	return validate ? validate(req, message) : validate_other(req, message);
}
