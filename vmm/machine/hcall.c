// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "vmm/base/hcall.h"
#include "vmm/firmware/cas.h"
#include "vmm/firmware/vof.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"

static int64_t hcall_rtas(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	return rtas_block(vmm, args[0]);
}

static bool has_vof(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->vof;
}

static const struct {
	uint64_t nr;
	hcall_fn *fn;
	bool (*is_there)(const struct papr_vmm *vmm); /* NULL: every machine has it */
} calls[] = {
	{ H_GET_TCE, hcall_get_tce, NULL },
	{ H_PUT_TCE, hcall_put_tce, NULL },
	{ H_GET_TERM_CHAR, hcall_get_term, NULL },
	{ H_PUT_TERM_CHAR, hcall_put_term, NULL },
	{ H_STUFF_TCE, hcall_stuff_tce, NULL },
	{ H_PUT_TCE_INDIRECT, hcall_put_tce_indirect, NULL },
	{ H_PROD, hcall_prod, machine_is_powervm },
	{ H_JOIN, hcall_join, machine_is_powervm },
	{ H_VASI_SIGNAL, hcall_vasi_signal, machine_is_powervm },
	{ H_VASI_STATE, hcall_vasi_state, machine_is_powervm },
	{ H_HOME_NODE_ASSOCIATIVITY, hcall_home_node, NULL },
	{ H_RANDOM, hcall_random, random_exists },
	{ KVMPPC_H_RTAS, hcall_rtas, NULL },
	{ KVMPPC_H_LOGICAL_MEMOP, hcall_memop, NULL },
	{ KVMPPC_H_CAS, hcall_cas, NULL },
	{ KVMPPC_H_UPDATE_DT, hcall_update_dt, NULL },
	{ KVMPPC_H_OF_CLIENT, hcall_vof, has_vof },
};

static hcall_fn *find(const struct papr_vmm *vmm, uint64_t nr)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == nr)
			return !calls[i].is_there || calls[i].is_there(vmm) ? calls[i].fn
									    : NULL;
	return NULL;
}

bool hcall_is_answered(const struct papr_vmm *vmm, uint64_t nr)
{
	const struct papr_answers *answers = machine_of(vmm)->env.answers;

	if (!answers || find(vmm, nr))
		return true;
	for (size_t i = 0; i < answers->n_hcalls; i++)
		if (answers->hcalls[i] == nr)
			return true;
	return false;
}

int64_t papr_vmm_hcall(struct papr_vmm *vmm, uint32_t cpu, uint64_t nr,
		       uint64_t args[PAPR_HCALL_ARGS])
{
	MACHINE_GUARD(vmm);
	const struct papr_fault *fault = fault_take_number(vmm, "hcall", nr);
	uint64_t before[PAPR_HCALL_ARGS], rets[1 + PAPR_HCALL_ARGS];
	hcall_fn *fn = find(vmm, nr);
	int64_t r3;

	machine_of(vmm)->caller = cpu;
	memcpy(before, args, sizeof(before));
	if (fault)
		r3 = fault->status;
	else
		r3 = fn ? fn(vmm, args) : H_FUNCTION;

	rets[0] = (uint64_t)r3;
	memcpy(rets + 1, args, sizeof(before));
	trace_tell_number(vmm, "hcall", nr,
			  &(struct papr_call){ .n_args = PAPR_HCALL_ARGS,
					       .args = before,
					       .n_rets = 1 + PAPR_HCALL_ARGS,
					       .rets = rets,
					       .injected = fault });
	return r3;
}
