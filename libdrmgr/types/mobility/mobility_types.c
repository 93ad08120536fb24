// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

/* Check the words of a migration. Whether it is possible is known later. */
static int mobility_check_words(const struct dr_request *request, char **text)
{
	if (!request->parameter)
		return request_refuse(text, "A command must be specified");
	return request_check_backend(request, "ofdt", "use ofdt or auto", text);
}

static int pmig_check(const struct dr_request *request, char **text)
{
	int err = request_check_action(request, "The -m must be specified for migrations",
				       text);

	return err ? err : mobility_check_words(request, text);
}

static int phib_check(const struct dr_request *request, char **text)
{
	int err = request_check_action(
		request, "-c phib is hibernation: it allows no action", text);

	return err ? err : mobility_check_words(request, text);
}

static const struct dr_parameter pmig_parameters[] = {
	{ "check", &run_migration },
	{ "pre", &run_migration },
	{ 0 },
};

static const struct dr_parameter phib_parameters[] = {
	{ "pre", &run_migration },
	{ 0 },
};

const struct dr_type type_phib = {
	.name = "phib",
	.title = "hibernation of the partition",
	.usage = "-m -p {check | pre} -s <stream_id> -n <self-arp secs>",
	.actions = 1 << DR_HIBERNATE,
	.check = phib_check,
	.run = &run_migration,
	.parameters = phib_parameters,
};

const struct dr_type type_pmig = {
	.name = "pmig",
	.title = "migration of the partition",
	.usage = "-m -p {check | pre} -s <stream_id>",
	.actions = 1 << DR_MIGRATE,
	.check = pmig_check,
	.run = &run_migration,
	.parameters = pmig_parameters,
};
