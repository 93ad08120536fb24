// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change shares of processors and memory, which the hypervisor has. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/partition/entitlement.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

/* The meaning of a parameter for a connector type. */
static const struct share {
	const char *type, *parameter, *key, *capability;
} shares[] = {
	{ "cpu", "ent_capacity", LPARCFG_CPU_CAPACITY, "CPU" },
	{ "cpu", "variable_weight", LPARCFG_CPU_WEIGHT, "CPU" },
	{ "mem", "ent_capacity", LPARCFG_MEM_CAPACITY, "Memory" },
	{ "mem", "variable_weight", LPARCFG_MEM_WEIGHT, "Memory" },
};

/* Write the whole text of an error into error->what: it has the numbers. */
static void share_describe(struct dr_error *error, const struct entitlement *e,
			   const char *capability)
{
	char file[sizeof(error->what)];

	snprintf(file, sizeof(file), "%s", error->what);
	if (error->err == -ENOTSUP)
		snprintf(error->what, sizeof(error->what),
			 "%s entitlement capability is not enabled on this platform:\n"
			 "no %s in %.200s",
			 capability, e->key, file);
	else if (error->err == -EOVERFLOW)
		snprintf(error->what, sizeof(error->what),
			 "%s is %" PRIu64 ": %" PRIu64
			 " more would exceed the largest number",
			 e->key, e->before, e->by);
	else if (error->err == -EINVAL && error->fault == DR_FAULT_TOO_FEW)
		snprintf(error->what, sizeof(error->what),
			 "%s is %" PRIu64 ": %" PRIu64 " cannot be subtracted", e->key,
			 e->before, e->by);
	else
		snprintf(error->what, sizeof(error->what),
			 "Could not change %s to %" PRIu64 ": %.200s: %s", e->key,
			 e->wanted, file, strerror(-error->err));
}

static char *share_error_text(const struct dr_error *error, const struct drc *drc)
{
	(void)drc;
	return text_of("%s", error->what);
}

static int share_run_prepare(struct run *run)
{
	run->requested = 1;
	for (size_t i = 0; i < ARRAY_SIZE(shares); i++)
		if (!strcmp(shares[i].type, run->request.type) &&
		    !strcmp(shares[i].parameter, run->request.parameter))
			run->priv = (void *)(uintptr_t)&shares[i];
	return 0;
}

/* Log the new number. Warn if the hypervisor granted another one. */
static void share_log(const struct run *run, const struct entitlement *e)
{
	dr_log_info(run->dr->log, "%s: %" PRIu64 ", was %" PRIu64, e->key, e->now,
		    e->before);
	if (e->now != e->wanted)
		dr_warn(run->dr,
			"%s is %" PRIu64 " now: the hypervisor did not grant %" PRIu64,
			e->key, e->now, e->wanted);
}

static bool share_run_step(struct run *run)
{
	const struct share *share = run->priv;
	const struct drc drc = { .name = share->key };
	struct entitlement e = { .key = share->key,
				 .add = run->request.action == DR_ADD,
				 .by = run->request.count ? run->request.count : 1 };
	struct dr_result result = { 0 };
	int err;

	run_begin(run, &drc);
	err = entitlement_change(run->dr, &e, &result);
	result.is_as_before = !run->dr->dry_run && e.now == e.before;
	if (err)
		share_describe(&result.error, &e, share->capability);
	if (!run_end(run, &drc, err, &result))
		share_log(run, &e);
	mem_end(&result.mem);
	return true;
}

const struct run_ops run_share = {
	.is_single = true,
	.has_own_hooks = true,
	.leaves = "entitlement",
	.prepare = share_run_prepare,
	.step = share_run_step,
	.words = share_error_text,
};
