// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/show.h"
#include "libdrmgr/core/error_text.h"

enum { DETAIL_ALL = 4 };

/* Report an error. The texts of lists have line ends, messages do not. */
static void query_fail(const struct cmd *cmd, const char *text)
{
	size_t begin = strspn(text, "\n"), end = strlen(text);

	while (end > begin && text[end - 1] == '\n')
		end--;
	cmd_fail(cmd, NULL, "%.*s", (int)(end - begin), text + begin);
}

/* Print what lsslot prints, by name or index, owned or not. Change nothing. */
int cmd_show_query(const struct cmd *cmd)
{
	const struct dr_req *req = cmd->req;
	struct dr_error error;
	const struct show show = {
		.type = dr_type_name(req->type),
		.key = req->key,
		.json = req->json,
		.detail = req->key ? DETAIL_ALL : 0,
		.error = &error,
	};
	const struct show_type *type = show_type_find(show.type);
	int err = type->fn(&show, &cmd->session->dr);

	cmd->report->has_document = true;
	switch (err) {
	case 0:
		return DRMGR_DONE;
	case -ENODEV:
		query_fail(cmd, type->none);
		return DRMGR_NO_SUCH;
	case -ENOENT:
		query_fail(cmd, type->unknown);
		return DRMGR_NO_SUCH;
	case -ENOTUNIQ:
		cmd_fail(cmd, &error, ERROR_AMBIGUOUS, error.what);
		return DRMGR_NO_SUCH;
	default:
		return cmd_fail(cmd, NULL, "drmgr: %s", strerror(-err));
	}
}
