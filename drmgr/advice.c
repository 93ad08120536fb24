// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/advice.h"

/* What adds a resource: commands of QEMU's monitor, and of the HMC. */
static const struct advice {
	const char *type, *qemu, *hmc;
	bool is_sensed; /* a sensor shows the resource */
} advices[] = {
	{ "pci", "device_add DRIVER,addr=SLOT", "chhwres -r io --rsubtype slot -o a",
	  true },
	{ "slot", "device_add DRIVER,addr=SLOT", "chhwres -r virtualio -o a", false },
	{ "phb", "device_add spapr-pci-host-bridge,index=NUMBER",
	  "chhwres -r io --rsubtype slot -o a", false },
	{ "cpu", "device_add TYPE,core-id=NUMBER, as in info hotpluggable-cpus",
	  "chhwres -r proc -o a", false },
	{ "mem",
	  "object_add memory-backend-ram,id=m1,size=SIZE, then device_add "
	  "pc-dimm,memdev=m1",
	  "chhwres -r mem -o a", false },
};

/* Return the advice for an addition of resources; NULL: it is another request. */
static const struct advice *advice_of(const struct dr_req *req)
{
	if (req->to.action != DR_ADD || req->to.parameter)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(advices); i++)
		if (request_is(req, advices[i].type))
			return &advices[i];
	return NULL;
}

/* Return what the error says of the host, or NULL. Firmware refuses to allocate a connector
 * for which the host has nothing. The kernel allocates memory by itself, and returns the same
 * error for other causes. */
static const char *advice_of_host(const struct dr_req *req, const struct dr_error *error)
{
	static const char has_none[] =
		"The host has no such resource for this partition, or not enough.";
	const char *step = dr_error_get_step(error);

	switch (dr_error_get_code(error)) {
	case DR_CODE_NOTHING_THERE:
	case DR_CODE_TOO_FEW:
		return has_none;
	case DR_CODE_FIRMWARE_REFUSED:
		return step && !strcmp(step, "allocate") ? has_none : NULL;
	case DR_CODE_KERNEL_REFUSED:
		return request_is(req, "mem") ? "The host may have too little memory for "
						"this partition."
					      : NULL;
	default:
		return NULL;
	}
}

void advise_after(const struct cmd *cmd, const struct dr_error *error)
{
	const struct advice *advice = advice_of(cmd->req);
	bool is_qemu = strstr(dr_get_platform(cmd->dr), "KVM");
	const char *host = advice_of_host(cmd->req, error);
	_cleanup_free_ char *text = NULL;

	if (!advice || !host)
		return;
	text = text_of("%s To add it there, on %s: %s", host,
		       is_qemu ? "QEMU's monitor" : "the HMC",
		       is_qemu ? advice->qemu : advice->hmc);
	if (text)
		report_advise(cmd->report, text);
}

void advise_plan(const struct cmd *cmd)
{
	const struct advice *advice = advice_of(cmd->req);

	if (advice && !advice->is_sensed)
		report_warn(cmd->report,
			    "Only the addition shows if the host has the resources: "
			    "sensors do not tell.");
}
