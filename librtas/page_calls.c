// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The public calls that work on one page of the caller, in and out.
 *
 * A step of a configure-connector walk may need an extent, which is firmware's until
 * the walk of that connector ends, while each step is a call of its own: extents are
 * kept here, by DRC index.
 */
#include <errno.h>
#include <pthread.h>

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "wire/workarea.h"

enum { WALKS = 8 };

static struct {
	pthread_mutex_t mutex;
	struct {
		uint32_t drc_index;
		struct rmo_area area; /* no pages: free entry */
	} extent[WALKS];
} kept = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static bool keep(uint32_t drc_index, const struct rmo_area *area)
{
	bool done = false;

	pthread_mutex_lock(&kept.mutex);
	for (int i = 0; i < WALKS && !done; i++) {
		if (kept.extent[i].area.pages)
			continue;
		kept.extent[i].drc_index = drc_index;
		kept.extent[i].area = *area;
		done = true;
	}
	pthread_mutex_unlock(&kept.mutex);
	return done;
}

static void drop(const struct rtas_transport *t, uint32_t drc_index)
{
	pthread_mutex_lock(&kept.mutex);
	for (int i = 0; i < WALKS; i++) {
		if (!kept.extent[i].area.pages || kept.extent[i].drc_index != drc_index)
			continue;
		t->rmo_put(t->priv, &kept.extent[i].area);
		kept.extent[i].area.pages = 0;
	}
	pthread_mutex_unlock(&kept.mutex);
}

static int configure(struct rtas_engine *e, const struct rmo_area *page, uint32_t extent,
		     int32_t *status, const struct deadline *dl)
{
	struct rtas_args args = { .in = { page->pa, extent } };

	return engine_call(e, RTAS_CONFIGURE_CONNECTOR, &args, status, dl);
}

static int configure_with_extent(struct rtas_engine *e, const struct rmo_area *page,
				 int32_t *status, const struct deadline *dl)
{
	const struct rtas_transport *t = &e->transport;
	struct rmo_area extent;
	int err = t->rmo_get(t->priv, 1, dl, &extent);

	if (err)
		return err;
	if (!keep(workarea_index(page->va), &extent)) {
		t->rmo_put(t->priv, &extent);
		return -ENOSPC;
	}
	return configure(e, page, extent.pa, status, dl);
}

static int configure_step(struct rtas_engine *e, const struct rmo_area *page,
			  uint32_t drc_index, int32_t *status, const struct deadline *dl)
{
	int err = configure(e, page, 0, status, dl);

	if (!err && *status == CC_MORE_MEMORY)
		err = configure_with_extent(e, page, status, dl);
	if (err || *status <= 0)
		drop(&e->transport, drc_index);
	return err;
}

int rtas_cfg_connector(char *workarea)
{
	return library_on_page(configure_step, workarea_index(workarea), workarea);
}

static int update_nodes(struct rtas_engine *e, const struct rmo_area *page,
			uint32_t scope, int32_t *status, const struct deadline *dl)
{
	struct rtas_args args = { .in = { page->pa, scope } };

	return engine_call(e, RTAS_UPDATE_NODES, &args, status, dl);
}

int rtas_update_nodes(char *workarea, unsigned int scope)
{
	return library_on_page(update_nodes, scope, workarea);
}

static int update_properties(struct rtas_engine *e, const struct rmo_area *page,
			     uint32_t scope, int32_t *status, const struct deadline *dl)
{
	struct rtas_args args = { .in = { page->pa, scope } };

	return engine_call(e, RTAS_UPDATE_PROPERTIES, &args, status, dl);
}

int rtas_update_properties(char *workarea, unsigned int scope)
{
	return library_on_page(update_properties, scope, workarea);
}
