// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Migration of the partition: the state of the stream that the host prepared, and the
 * processors that wait in H_JOIN meanwhile.
 *
 * Source:  PAPR+ 14.9.4.5 (VASI), 14.11.3.7 (H_JOIN); Linux 6.1
 *          arch/powerpc/platforms/pseries/mobility.c
 */
#include <errno.h>

#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
#include "vmm/powervm/powervm.h"
#include "wire/rtas_args.h"

enum { SIGNAL_CANCEL = 1 };

int papr_vmm_migrate(struct papr_vmm *vmm, const struct papr_migration *from)
{
	MACHINE_GUARD(vmm);
	struct papr_migration known;
	const struct papr_migration *migration = &known;
	struct migration *m = &powervm_of(vmm)->migration;

	if (!machine_of(vmm)->cfg.powervm)
		return -ENOTSUP;
	if (sized_get(&known, sizeof(known), from) || !migration->stream ||
	    (migration->area_bytes && migration->area_bytes < 64))
		return -EINVAL;
	if (m->state == VASI_ENABLED || m->state == VASI_SUSPENDING)
		return -EBUSY;
	*m = (struct migration){ .stream = migration->stream,
				 .state = VASI_ENABLED,
				 .waits = migration->waits,
				 .area_bytes = migration->area_bytes,
				 .counts_words = migration->counts_words,
				 .aborts = migration->aborts };
	return 0;
}

int64_t hcall_vasi_state(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct migration *m = &powervm_of(vmm)->migration;

	if (!m->stream || args[0] != m->stream)
		return H_PARAMETER;
	if (m->state == VASI_ENABLED && !m->waits--)
		m->state = m->aborts ? VASI_ABORTED : VASI_SUSPENDING;
	args[0] = m->state;
	/* VASI_RESUMED is reported only once. */
	if (m->state == VASI_RESUMED)
		m->state = VASI_COMPLETED;
	return H_SUCCESS;
}

/* Cancel the migration, as the guest requests. */
int64_t hcall_vasi_signal(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct migration *m = &powervm_of(vmm)->migration;

	if (!m->stream || args[0] != m->stream || args[1] != SIGNAL_CANCEL ||
	    m->state == VASI_COMPLETED)
		return H_PARAMETER;
	m->state = VASI_ABORTED;
	return H_SUCCESS;
}

/* Complete a prepared migration. If none is ready, the guest wants to sleep. */
void rtas_migrate(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct migration *m = &powervm_of(vmm)->migration;

	if (m->state != VASI_SUSPENDING || cpus_others_run(vmm)) {
		cpus_rtas_suspend(vmm, f);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	m->state = VASI_RESUMED;
	powervm_changes_arrive(vmm);
	machine_tell(vmm,
		     &(struct papr_event){ .type = PAPR_EV_MIGRATED, .by_guest = true });
}

int64_t hcall_join(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	bool *halted = cpus_halted(vmm, machine_of(vmm)->caller);

	(void)args;
	if (!halted)
		return H_PARAMETER;
	*halted = true;
	return H_SUCCESS;
}

int64_t hcall_prod(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	bool *halted = args[0] <= UINT32_MAX ? cpus_halted(vmm, (uint32_t)args[0]) : NULL;

	if (!halted)
		return H_PARAMETER;
	*halted = false;
	return H_SUCCESS;
}
