// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"

void fault_number_text(char text[FAULT_NUMBER_TEXT], const char *kind, uint64_t nr)
{
	snprintf(text, FAULT_NUMBER_TEXT, "%s:0x%" PRIx64, kind, nr);
}

/* Return true if this call repeats one that a fault delayed. It is then not counted. */
static bool is_repetition(struct faults *faults, const char *call)
{
	for (struct fault *f = faults->first; f; f = f->next) {
		if (!f->owes || strcmp(f->is.call, call))
			continue;
		f->owes = false;
		return true;
	}

	return false;
}

static bool hits(const struct fault *f)
{
	return f->seen >= f->is.nth &&
	       (!f->is.count || f->seen - f->is.nth < f->is.count);
}

const struct papr_fault *fault_take(struct papr_vmm *vmm, const char *call)
{
	struct fault *taken = NULL;

	if (!machine_of(vmm)->faults.first ||
	    is_repetition(&machine_of(vmm)->faults, call))
		return NULL;

	for (struct fault *f = machine_of(vmm)->faults.first; f; f = f->next) {
		if (strcmp(f->is.call, call))
			continue;
		if (f->seen < UINT32_MAX)
			f->seen++;
		if (!taken && hits(f))
			taken = f;
	}
	if (!taken)
		return NULL;

	taken->owes = taken->is.delay;
	if (taken->hits < INT_MAX)
		taken->hits++;
	return &taken->is;
}

const struct papr_fault *fault_take_number(struct papr_vmm *vmm, const char *kind,
					   uint64_t nr)
{
	char text[FAULT_NUMBER_TEXT];

	if (!machine_of(vmm)->faults.first)
		return NULL;

	fault_number_text(text, kind, nr);
	return fault_take(vmm, text);
}

void trace_tell(const struct papr_vmm *vmm, const struct papr_call *call)
{
	if (machine_of(vmm)->faults.trace)
		machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_CALL,
							.text = call->name,
							.call = call });
}

void trace_tell_number(const struct papr_vmm *vmm, const char *kind, uint64_t nr,
		       const struct papr_call *call)
{
	struct papr_call told = *call;
	char text[FAULT_NUMBER_TEXT];

	if (!machine_of(vmm)->faults.trace)
		return;

	fault_number_text(text, kind, nr);
	told.size = sizeof(told);
	told.name = text;
	while (told.n_args && !told.args[told.n_args - 1])
		told.n_args--;
	while (told.n_rets > 1 && !told.rets[told.n_rets - 1])
		told.n_rets--;
	trace_tell(vmm, &told);
}
