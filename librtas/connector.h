/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connector.h - the sequence of ibm,configure-connector calls for one connector
 *
 * One area holds the work area and, after it, the extents that firmware requests. An
 * offset thus means the same whether firmware counts from the work area or from an
 * extent.
 *
 * Errors:  negative errno, as engine_call(); -EBADMSG the area's contents are invalid;
 *          -ENOSPC firmware needs more extents than are available.
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
	unsigned int extents; /* passed to firmware so far */
	uint8_t reply[CC_PAGE_BYTES * (1 + CONNECTOR_EXTENTS)]; /* private copy */
};

/* Allocate the work area. dl limits the wait for it. */
int connector_walk_begin(struct connector_walk *w, struct rtas_engine *engine,
			 uint32_t drc_index, const struct deadline *dl);

/* Read the next answer. Return 0: *item has one of enum cc_status (never CC_MORE_MEMORY),
 * or a negative item->status, firmware's error, which ends the walk. The item points into
 * the walk and is valid until the next call. */
int connector_walk_next(struct connector_walk *w, struct cc_item *item,
			const struct deadline *dl);

void connector_walk_end(struct connector_walk *w);
