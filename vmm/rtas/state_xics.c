// SPDX-License-Identifier: LGPL-2.1-or-later
/* Interrupt sources that the guest has set. Others are as new. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/rtas/rtas.h"
#include "vmm/state/state.h"

static bool is_as_new(const struct irq_source *s)
{
	return !s->server && s->priority == XICS_MASKED && s->saved == XICS_MASKED;
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct irq_source *all = rtas_of(vmm)->sources;

	for (uint32_t i = 0; all && i < XICS_SOURCES; i++) {
		if (is_as_new(&all[i]))
			continue;
		builder_be32(b, i);
		builder_be32(b, all[i].server);
		builder_u8(b, all[i].priority);
		builder_u8(b, all[i].saved);
	}
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct irq_source *all = xics_sources_new();

	(void)vmm, (void)error;
	if (!all)
		return -ENOMEM;
	while (cursor_left(c)) {
		uint32_t i = cursor_be32(c);
		struct irq_source s;

		s.server = cursor_be32(c);
		s.priority = cursor_u8(c);
		s.saved = cursor_u8(c);
		if (c->err || i >= XICS_SOURCES) {
			free(all);
			return -EBADMSG;
		}
		all[i] = s;
	}
	*loaded = all;
	return 0;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	free(rtas_of(vmm)->sources);
	rtas_of(vmm)->sources = loaded;
}

const struct state_section state_xics = {
	.tag = "XICS", .save = save, .load = load, .apply = apply
};
