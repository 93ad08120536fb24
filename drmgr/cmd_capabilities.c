// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli/json_util.h"
#include "drmgr/cmd.h"

static const char *capability_word(const struct dr_capability *capability)
{
	if (!dr_capability_is_known(capability))
		return "unknown";
	return dr_capability_is_there(capability) ? "yes" : "no";
}

/* Print the results to stderr. The management console reads both streams. */
static void capability_print(const struct cmd *cmd,
			     const struct dr_capability *capability)
{
	const char *title = dr_capability_get_title(capability);
	const char *word = capability_word(capability);

	if (title && dr_capability_is_there(capability))
		log_err(cmd->log, "Validating %s capability...%s.", title, word);
	else if (title)
		log_err(cmd->log,
			"Validating %s capability...%s.\n    stat(\"/%s\"): No such file or directory",
			title, word, dr_capability_get_file(capability));
}

static void capabilities_print_json(const struct cmd *cmd)
{
	json_object *document = json_new_object(), *o = json_new_object();
	const struct dr_capability *capability;

	for (size_t i = 0; (capability = dr_get_capability(cmd->dr, i)); i++) {
		const char *name = dr_capability_get_name(capability);

		if (dr_capability_is_known(capability))
			json_put_bool(o, name, dr_capability_is_there(capability));
		else
			json_put(o, name, NULL);
	}
	json_put_text(document, "schema", "papr.drmgr/1");
	json_put(document, "capabilities", o);
	json_print(document);
}

int cmd_capabilities(const struct cmd *cmd)
{
	const struct dr_capability *capability;

	for (size_t i = 0; (capability = dr_get_capability(cmd->dr, i)); i++)
		capability_print(cmd, capability);
	if (cmd->req->json) {
		cmd->report->has_document = true;
		capabilities_print_json(cmd);
		return DRMGR_DONE;
	}
	for (size_t i = 0; (capability = dr_get_capability(cmd->dr, i)); i++)
		printf("%s%s=%s", i ? "," : "", dr_capability_get_name(capability),
		       capability_word(capability));
	putchar('\n');
	return DRMGR_DONE;
}
