// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The public step of a configure-connector walk.
 *
 * A step may need an extent. Firmware uses the extent until the walk of that connector
 * ends, but each step is a separate call. The extents are therefore kept here, by DRC
 * index. A caller may abandon a walk: the next walk of the connector, or its isolation,
 * releases the extents, and walks of other connectors may reuse the oldest.
 */
#include <pthread.h>

#include "librtas/connector.h"
#include "librtas/library.h"
#include "librtas/librtas.h"

enum { KEPT_MAX = 8 };

static struct {
	pthread_mutex_t mutex;
	unsigned int clock;
	struct kept {
		uint32_t drc_index;
		unsigned int since;
		struct rmo_area area; /* no pages: free entry */
	} extent[KEPT_MAX];
} kept = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void configure_free_extent(struct kept *k)
{
	if (k->area.pages)
		engine_rmo_put(library_engine(), &k->area);
	k->area.pages = 0;
}

/* Keep an extent until the walk ends. Return false if the walk has its maximum number. */
static bool configure_keep_extent(uint32_t drc_index, const struct rmo_area *area)
{
	struct kept *place = NULL;
	unsigned int mine = 0;

	pthread_mutex_lock(&kept.mutex);
	for (int i = 0; i < KEPT_MAX; i++) {
		struct kept *k = &kept.extent[i];

		mine += k->area.pages && k->drc_index == drc_index;
		if (!place || (place->area.pages &&
			       (!k->area.pages || k->since - place->since > INT32_MAX)))
			place = k;
	}
	if (mine < CONNECTOR_EXTENTS) {
		configure_free_extent(place);
		*place = (struct kept){ drc_index, kept.clock++, *area };
	}
	pthread_mutex_unlock(&kept.mutex);
	return mine < CONNECTOR_EXTENTS;
}

void configure_abandon(uint32_t drc_index)
{
	pthread_mutex_lock(&kept.mutex);
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept.extent[i].drc_index == drc_index)
			configure_free_extent(&kept.extent[i]);
	pthread_mutex_unlock(&kept.mutex);
}

void configure_fork(enum fork_stage stage)
{
	if (stage == FORK_PREPARE) {
		pthread_mutex_lock(&kept.mutex);
		return;
	}
	for (int i = 0; i < KEPT_MAX && stage == FORK_CHILD; i++)
		kept.extent[i].area.pages = 0; /* belongs to the parent */
	pthread_mutex_unlock(&kept.mutex);
}

/* Allocate one more extent for this walk. Return 0, -ENOBUFS if the walk has its maximum
 * number, or a negative errno. */
static int configure_add_extent(struct rtas_args *args, uint32_t drc_index,
				const struct deadline *dl)
{
	struct rmo_area extent;
	int err = library_rmo_get(1, dl, &extent);

	if (err)
		return err;
	if (!configure_keep_extent(drc_index, &extent)) {
		engine_rmo_put(library_engine(), &extent);
		return -ENOBUFS;
	}
	args->in[1] = extent.pa;
	return 0;
}

static int configure_step(const struct library_call *c, struct rtas_args *args,
			  const struct rmo_area *area, int32_t *status,
			  const struct deadline *dl)
{
	uint32_t drc_index = workarea_index(area->va);
	int err, memory = 0;

	if (workarea_is_start(area->va))
		configure_abandon(drc_index);
	do {
		err = engine_call(library_engine(), c->call, args, status, dl);
		if (!err && *status == CC_MORE_MEMORY)
			memory = configure_add_extent(args, drc_index, dl);
	} while (!err && *status == CC_MORE_MEMORY && !memory);

	if (memory && memory != -ENOBUFS)
		err = memory;
	if (err || *status <= 0)
		configure_abandon(drc_index);
	return err;
}

int rtas_cfg_connector(char *workarea)
{
	return LIBRARY_CALL(RTAS_CONFIGURE_CONNECTOR, BUFFERS(workarea),
			    .make = configure_step);
}
