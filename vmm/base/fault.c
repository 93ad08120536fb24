// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/machine/machine.h"

enum { NUMBER_TEXT = 40 };

static void number_text(char text[NUMBER_TEXT], const char *kind, uint64_t nr)
{
	snprintf(text, NUMBER_TEXT, "%s:0x%" PRIx64, kind, nr);
}

/* Return the canonical name of an existing call, by name or by number in any notation.
 * Return 0, -EINVAL (the call does not exist) or -ENOMEM. The caller frees *name. */
static int canonical(const struct papr_vmm *vmm, const char *call, char **name)
{
	static const char *const kinds[] = { "hcall", "epapr" };
	char text[NUMBER_TEXT], *end;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i]);
		unsigned long long nr;

		if (strncmp(call, kinds[i], len) || call[len] != ':')
			continue;
		errno = 0;
		nr = strtoull(call + len + 1, &end, 0);
		if (!isdigit((unsigned char)call[len + 1]) || *end || errno)
			return -EINVAL;
		number_text(text, kinds[i], nr);
		*name = strdup(text);
		return *name ? 0 : -ENOMEM;
	}

	if (!rtas_by_name(vmm, call))
		return -EINVAL;
	*name = strdup(call);
	return *name ? 0 : -ENOMEM;
}

static void fault_free(struct fault *fault)
{
	union {
		const char *seen;
		char *own;
	} name = { .seen = fault->is.call };

	free(name.own);
	free(fault->area);
	free(fault);
}

int papr_vmm_fault_add(struct papr_vmm *vmm, const struct papr_fault *fault)
{
	struct faults *all = &vmm->faults;
	struct fault **at = &all->first, *added;
	char *name;
	int err;

	if (!fault->call || !*fault->call || !fault->nth ||
	    fault->n_rets >= PAPR_RTAS_CELLS || all->last_id == INT32_MAX)
		return -EINVAL;

	err = canonical(vmm, fault->call, &name);
	if (err)
		return err;
	added = calloc(1, sizeof(*added));
	if (added)
		added->area = malloc(fault->area_bytes + 1);
	if (!added || !added->area) {
		free(added);
		free(name);
		return -ENOMEM;
	}

	added->is = *fault;
	added->is.call = name;
	if (fault->area_bytes)
		memcpy(added->area, fault->area, fault->area_bytes);
	added->is.area = added->area;

	/* Append: the first added fault that matches is used. */
	while (*at)
		at = &(*at)->next;
	*at = added;
	added->id = ++all->last_id;
	return added->id;
}

int papr_vmm_fault_clear(struct papr_vmm *vmm, int id)
{
	struct fault **at = &vmm->faults.first;
	bool found = id == 0;

	while (*at) {
		struct fault *fault = *at;

		if (id && fault->id != id) {
			at = &fault->next;
			continue;
		}
		*at = fault->next;
		fault_free(fault);
		found = true;
	}

	return found ? 0 : -ENOENT;
}

void faults_free(struct faults *faults)
{
	while (faults->first) {
		struct fault *fault = faults->first;

		faults->first = fault->next;
		fault_free(fault);
	}
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

	if (!vmm->faults.first || is_repetition(&vmm->faults, call))
		return NULL;

	for (struct fault *f = vmm->faults.first; f; f = f->next) {
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
	return &taken->is;
}

const struct papr_fault *fault_take_number(struct papr_vmm *vmm, const char *kind,
					   uint64_t nr)
{
	char text[NUMBER_TEXT];

	if (!vmm->faults.first)
		return NULL;

	number_text(text, kind, nr);
	return fault_take(vmm, text);
}

void papr_vmm_trace(struct papr_vmm *vmm, bool on)
{
	vmm->faults.trace = on;
}

void trace_tell(const struct papr_vmm *vmm, const struct papr_call *call)
{
	if (vmm->faults.trace)
		machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_CALL,
							.text = call->name,
							.call = call });
}

void trace_tell_number(const struct papr_vmm *vmm, const char *kind, uint64_t nr,
		       const struct papr_call *call)
{
	struct papr_call told = *call;
	char text[NUMBER_TEXT];

	if (!vmm->faults.trace)
		return;

	number_text(text, kind, nr);
	told.name = text;
	while (told.n_args && !told.args[told.n_args - 1])
		told.n_args--;
	while (told.n_rets > 1 && !told.rets[told.n_rets - 1])
		told.n_rets--;
	trace_tell(vmm, &told);
}
