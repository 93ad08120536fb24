// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "librtas/connector.h"

int connector_walk_begin(struct connector_walk *w, struct rtas_engine *engine,
			 uint32_t drc_index, const struct deadline *dl)
{
	int err;

	w->engine = engine;
	w->extents = 0;
	w->area.pages = 0;
	err = engine_rmo_get(engine, 1 + CONNECTOR_EXTENTS, dl, &w->area);
	if (!err)
		workarea_start(w->area.va, drc_index);
	return err;
}

static int connector_walk_call(struct connector_walk *w, uint32_t extent, int32_t *status,
			       const struct deadline *dl)
{
	struct rtas_args args = { .in = { w->area.pa, extent } };

	return engine_call(w->engine, RTAS_CONFIGURE_CONNECTOR, &args, status, dl);
}

int connector_walk_next(struct connector_walk *w, struct cc_item *item,
			const struct deadline *dl)
{
	int32_t status;
	size_t len;
	int err = connector_walk_call(w, 0, &status, dl);

	while (!err && status == CC_MORE_MEMORY) {
		if (w->extents == CONNECTOR_EXTENTS)
			return -ENOSPC;
		err = connector_walk_call(w, w->area.pa + CC_PAGE_BYTES * ++w->extents,
					  &status, dl);
	}
	if (err)
		return err;

	*item = (struct cc_item){ .status = status };
	if (status < 0)
		return 0;

	len = CC_PAGE_BYTES * (size_t)(1 + w->extents);
	memcpy(w->reply, w->area.va, len);
	return workarea_decode(item, status, w->reply, len);
}

void connector_walk_end(struct connector_walk *w)
{
	if (w->area.pages)
		engine_rmo_put(w->engine, &w->area);
	w->area.pages = 0;
}
