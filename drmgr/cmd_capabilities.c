// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "cli/json_util.h"
#include "libdrmgr/core/platform.h"

/* Print the results to stderr. The management console reads both streams. */
static void capability_print(const struct cmd *cmd, const struct dr_capability *cap)
{
	if (cap->label && cap->has)
		log_err(cmd->log, "Validating %s capability...yes.", cap->label);
	else if (cap->label)
		log_err(cmd->log,
			"Validating %s capability...no.\n    stat(\"/%s\"): No such file or directory",
			cap->label, cap->file);
}

static void capabilities_print_json(const struct dr_capability *caps)
{
	json_object *document = json_object_new_object(), *o = json_object_new_object();

	for (int i = 0; i < CAPABILITIES; i++)
		json_put_bool(o, caps[i].key, caps[i].has);
	json_put_text(document, "schema", "papr.drmgr/1");
	json_put(document, "capabilities", o);
	json_print(document);
	json_object_put(document);
}

int cmd_capabilities(const struct cmd *cmd)
{
	struct dr_capability caps[CAPABILITIES];

	capabilities_read(&cmd->session->root, caps);
	for (int i = 0; i < CAPABILITIES; i++)
		capability_print(cmd, &caps[i]);

	if (cmd->req->json) {
		cmd->report->has_document = true;
		capabilities_print_json(caps);
		return DRMGR_DONE;
	}
	for (int i = 0; i < CAPABILITIES; i++)
		printf("%s%s=%s", i ? "," : "", caps[i].key, caps[i].has ? "yes" : "no");
	putchar('\n');
	return DRMGR_DONE;
}
