// SPDX-License-Identifier: GPL-2.0-or-later
/* -machine: the type, and the properties of a pseries machine */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

static int set_type(struct opts *opts, const char *value)
{
	if (papr_vmm_machine_find(value, NULL))
		return opts_fail(opts, -EINVAL, "unsupported machine type '%s'", value);
	opts->host.config.machine = value;
	return 0;
}

static int set_hotplug_events(struct opts *opts, const char *value)
{
	bool on;
	int err = opts_set_bool(opts, "modern-hotplug-events", value, &on);

	if (!err)
		opts->host.config.no_hotplug_events = !on;
	return err;
}

static int set_fwnmi(struct opts *opts, const char *value)
{
	bool on;
	int err = opts_set_bool(opts, "cap-fwnmi", value, &on);

	if (!err)
		opts->host.config.fwnmi = on ? PAPR_ON : PAPR_OFF;
	return err;
}

static int set_cas_reply(struct opts *opts, const char *value)
{
	opts->host.config.cas_reply_diff = !strcmp(value, "diff");
	if (!strcmp(value, "diff") || !strcmp(value, "full"))
		return 0;
	return opts_fail(opts, -EINVAL,
			 "Invalid value \"%s\" for x-cas-reply: use full or diff", value);
}

static int set_drmem(struct opts *opts, const char *value)
{
	uint32_t version;

	if (word_u32(value, &version) || version < 1 || version > 2)
		return opts_fail(opts, -EINVAL,
				 "Invalid value \"%s\" for x-drmem: use 1 or 2", value);
	opts->host.config.drmem = version;
	return 0;
}

/* -2 is "busy"; 9900 to 9905 mean "retry after 10^n ms" (PAPR 7.2.8). */
static int set_cc_delay(struct opts *opts, const char *value)
{
	struct papr_cc_quirks *cc = &opts->host.config.cc;
	uint32_t status;

	if (!strcmp(value, "-2")) {
		cc->delay_status = -2;
	} else if (word_u32(value, &status) ||
		   (status && (status < 9900 || status > 9905))) {
		return opts_fail(opts, -EINVAL,
				 "Invalid value \"%s\" for x-cc-delay: "
				 "use -2, or 9900 to 9905",
				 value);
	} else {
		cc->delay_status = (int32_t)status;
	}
	if (!cc->n_delays)
		cc->n_delays = 1;
	return 0;
}

static int set_cc_delays(struct opts *opts, const char *value)
{
	uint32_t n;

	if (word_u32(value, &n) || !n || n > 1000)
		return opts_fail(opts, -EINVAL,
				 "Invalid value \"%s\" for x-cc-delays: use 1 to 1000",
				 value);
	opts->host.config.cc.n_delays = n;
	return 0;
}

static int set_cc_page(struct opts *opts, const char *value)
{
	uint64_t bytes;

	if (word_size(value, 1, &bytes) || bytes < 64 || bytes > 4096)
		return opts_fail(opts, -EINVAL,
				 "Invalid value \"%s\" for x-cc-page: use 64 to 4096",
				 value);
	opts->host.config.cc.page_bytes = (unsigned int)bytes;
	return 0;
}

// clang-format off
#define SWITCH(member) .flag = offsetof(struct opts, member)
const struct opts_property opts_machine_properties[] = {
	{ .name = "type" }, /* opts_machine() handles it before all others */
	{ "modern-hotplug-events", .set = set_hotplug_events },
	{ "nvdimm",                SWITCH(host.config.nvdimm) },
	{ .name = "cap-cfpc" },
	{ .name = "cap-sbbc" },
	{ .name = "cap-ibs" },
	{ .name = "cap-ccf-assist" },
	{ "cap-fwnmi",             .set = set_fwnmi },
	{ "x-vof",                 SWITCH(host.config.vof) },
	{ "x-cas-reply",           .set = set_cas_reply },
	{ "x-drc-info",            SWITCH(host.config.drc_info) },
	{ "x-drmem",               .set = set_drmem },
	{ "x-epapr",               SWITCH(host.config.hypervisor) },
	{ "x-powervm",             SWITCH(host.config.powervm) },
	{ "x-cc-delay",            .set = set_cc_delay },
	{ "x-cc-delays",           .set = set_cc_delays },
	{ "x-cc-extent",           SWITCH(host.config.cc.wants_extent) },
	{ "x-cc-page",             .set = set_cc_page },
	{ "x-cc-siblings",         SWITCH(host.config.cc.siblings) },
	{ .name = NULL },
};
// clang-format on

int opts_machine(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "type");
	const char *type;

	if (!kv)
		return -EINVAL;
	type = keyval_get(kv, "type");
	if (type && opts_is_help(type)) {
		opts_set_topic(opts, OPTS_MACHINES);
		return 0;
	}
	if (type && set_type(opts, type))
		return -EINVAL;
	return opts_properties(opts, kv, opts_machine_properties, "pseries-machine");
}

#ifdef HAVE_KVM
enum { ACCEL_KVM = true };
#else
enum { ACCEL_KVM = false };
#endif

/* Without kvm the machine has no processors, so the others have no effect. */
int opts_accel(struct opts *opts, const char *text)
{
	opts->kvm = !strcmp(text, "kvm");
	if (opts->kvm && !ACCEL_KVM)
		return opts_fail(opts, -EINVAL,
				 "needs a Linux host with a ppc64le processor; use "
				 "tcg or qtest");
	if (opts->kvm || !strcmp(text, "tcg") || !strcmp(text, "qtest"))
		return 0;
	return opts_fail(opts, -EINVAL, "invalid accelerator '%s': use kvm, tcg or qtest",
			 text);
}
