// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/cpu/cpus.h"
#include "wire/rtas_args.h"

/* Values of query-cpu-stopped-state. The value 1 (stop in progress) does not occur. */
enum { CPU_STOPPED = 0, CPU_RUNS = 2 };

enum { SUSPEND_THREADS_ACTIVE = -9005 };

static void query_stopped_state(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const bool *halted = cpus_halted(vmm, rtas_in(f, 0));

	if (!halted) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, *halted ? CPU_STOPPED : CPU_RUNS);
}

static void start_cpu(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t cpu = rtas_in(f, 0);
	bool *halted = cpus_halted(vmm, cpu);

	if (!halted || !*halted) {
		rtas_status(f, halted ? RTAS_HARDWARE_ERROR : RTAS_PARAMETER_ERROR);
		return;
	}
	*halted = false;
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_START_CPU,
						.by_guest = true,
						.cpu = cpu,
						.address = rtas_in(f, 1),
						.r3 = rtas_in(f, 2) });
}

/* Stop the calling processor. The call does not return, so no status is written. */
static void stop_self(struct papr_vmm *vmm, struct rtas_frame *f)
{
	bool *halted = cpus_halted(vmm, machine_of(vmm)->caller);

	(void)f;
	if (!halted)
		return;
	*halted = true;
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_STOP_CPU,
						.by_guest = true,
						.cpu = machine_of(vmm)->caller });
}

void cpus_rtas_suspend(struct papr_vmm *vmm, struct rtas_frame *f)
{
	if (cpus_others_run(vmm)) {
		rtas_status(f, SUSPEND_THREADS_ACTIVE);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm,
		     &(struct papr_event){ .type = PAPR_EV_SUSPEND, .by_guest = true });
}

// clang-format off
const struct rtas_handler rtas_cpu_calls[] = {
	{ 0x2005, "query-cpu-stopped-state", 1, 0, 2, 0, -3, query_stopped_state, { 0 } },
	{ 0x2006, "start-cpu", 3, 0, 1, 0, -3, start_cpu, { 0 } },
	{ 0x2007, "stop-self", RTAS_ANY, 0, RTAS_ANY, 0, -3, stop_self, { 0 } },
	{ 0x202a, "ibm,suspend-me", 0, 0, 1, 0, -3, cpus_rtas_suspend, { 0 } },
	{ 0 },
};
// clang-format on
