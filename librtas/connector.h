/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connector.h - the sequence of ibm,configure-connector calls for one connector
 *
 * One work area serves the whole walk, and the extents that firmware asks for lie
 * behind it, so that an offset means the same whether firmware counts from the work
 * area or through it into an extent.
 *
 * Errors:  negative errno, as engine_call(); -EBADMSG the area holds nonsense;
 *          -ENOSPC firmware wants more extents than there are.
 * Source:  PAPR+ 13.5.3.5
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"
#include "wire/workarea.h"

enum { CONNECTOR_EXTENTS = 3 };

struct connector_walk {
	struct rtas_engine *engine;
	struct rmo_area area;
	unsigned int extents;					/* handed over */
	uint8_t reply[CC_PAGE_BYTES * (1 + CONNECTOR_EXTENTS)]; /* private copy */
};

/* Takes a work area; dl bounds the wait for one. */
int connector_walk_begin(struct connector_walk *w, struct rtas_engine *engine,
			 uint32_t drc_index, const struct deadline *dl);

/* The next answer. 0: *item is one of enum cc_status (never CC_MORE_MEMORY), or
 * item->status is negative: firmware's error, which ends the walk. The item points
 * into the walk until the next call. */
int connector_walk_next(struct connector_walk *w, struct cc_item *item,
			const struct deadline *dl);

void connector_walk_end(struct connector_walk *w);
