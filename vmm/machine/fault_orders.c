// SPDX-License-Identifier: LGPL-2.1-or-later
/* Faults and traces that the embedder orders. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/rtas/rtas.h"

/* Return the canonical name of an existing call, by name or by number in any notation.
 * Return 0, -EINVAL (the call does not exist) or -ENOMEM. The caller frees *name. */
static int canonical(const struct papr_vmm *vmm, const char *call, char **name)
{
	static const char *const kinds[] = { "hcall", "epapr" };
	char text[FAULT_NUMBER_TEXT], *end;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i]);
		unsigned long long nr;

		if (strncmp(call, kinds[i], len) || call[len] != ':')
			continue;
		errno = 0;
		nr = strtoull(call + len + 1, &end, 0);
		if (!isdigit((unsigned char)call[len + 1]) || *end || errno)
			return -EINVAL;
		fault_number_text(text, kinds[i], nr);
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

int papr_vmm_fault_add(struct papr_vmm *vmm, const struct papr_fault *from)
{
	MACHINE_GUARD(vmm);
	struct papr_fault known;
	const struct papr_fault *fault = &known;
	struct faults *all = &machine_of(vmm)->faults;
	struct fault **at = &all->first, *added;
	char *name;
	int err;

	if (sized_get(&known, sizeof(known), from))
		return -EINVAL;
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
	MACHINE_GUARD(vmm);
	struct fault **at = &machine_of(vmm)->faults.first;
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

int papr_vmm_fault_hits(const struct papr_vmm *vmm, int id)
{
	MACHINE_GUARD(vmm);

	for (const struct fault *f = machine_of(vmm)->faults.first; f; f = f->next)
		if (f->id == id)
			return (int)f->hits;
	return -ENOENT;
}

void papr_vmm_trace(struct papr_vmm *vmm, bool on)
{
	MACHINE_GUARD(vmm);

	machine_of(vmm)->faults.trace = on;
}
