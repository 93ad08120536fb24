// SPDX-License-Identifier: LGPL-2.1-or-later
/* ePAPR hypercalls, from the exit record of the 2013 proposal. */
#include "vmm/base/machine.h"
#include "wire/epapr.h"

enum { R3, R4, WORDS = 8 };

/* Result of a call. If ends is true, the guest does not see it. */
struct answer {
	uint64_t status;
	uint64_t r4;
	bool ends;
};

/* Report a reset or shutdown, which the embedder performs. Without an event callback the
 * call fails. */
static struct answer end_guest(const struct papr_vmm *vmm, enum papr_event_type type,
			       const char *reason)
{
	if (!machine_of(vmm)->env.event)
		return (struct answer){ .status = EV_INTERNAL };

	machine_tell(vmm, &(struct papr_event){
				  .type = type, .by_guest = true, .text = reason });
	return (struct answer){ .status = EV_SUCCESS, .ends = true };
}

static struct answer run(const struct papr_vmm *vmm, uint64_t nr)
{
	switch (nr) {
	case KVM_HC_VM_RESET:
		return end_guest(vmm, PAPR_EV_RESET, "guest-reset");
	case KVM_HC_VM_SHUTDOWN:
		return end_guest(vmm, PAPR_EV_SHUTDOWN, "guest-shutdown");
	case KVM_HC_FEATURES: /* r4: no features, so no magic page */
	case EV_IDLE:	      /* return at once */
		return (struct answer){ .status = EV_SUCCESS };
	default:
		return (struct answer){ .status = EV_UNIMPLEMENTED };
	}
}

static void clear_upper_halves(struct papr_epapr *exit)
{
	exit->nr = (uint32_t)exit->nr;
	for (int i = 0; i < WORDS; i++)
		exit->args[i] = (uint32_t)exit->args[i];
}

bool papr_vmm_epapr(struct papr_vmm *vmm, uint32_t cpu, struct papr_epapr *exit, bool sf)
{
	MACHINE_GUARD(vmm);
	const struct papr_fault *fault;
	struct answer a;

	machine_of(vmm)->caller = cpu;
	if (!sf)
		clear_upper_halves(exit);

	fault = fault_take_number(vmm, "epapr", exit->nr);
	if (fault)
		a = (struct answer){ .status = (uint64_t)fault->status };
	else
		a = run(vmm, exit->nr);
	trace_tell_number(vmm, "epapr", exit->nr,
			  &(struct papr_call){ .n_args = WORDS,
					       .args = exit->args,
					       .n_rets = 2,
					       .rets = (uint64_t[]){ a.status, a.r4 },
					       .injected = fault });

	exit->ret = a.status;
	exit->args[R3] = a.status;
	exit->args[R4] = a.r4;
	return a.ends;
}
