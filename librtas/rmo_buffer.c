// SPDX-License-Identifier: LGPL-2.1-or-later
/* Public access to memory that firmware can address. */
#include <errno.h>
#include <stdatomic.h>

#include "librtas/library.h"
#include "librtas/librtas.h"

/* Releasing before the first allocation has its own error. */
static atomic_bool ever;

int rtas_get_rmo_buffer(size_t size, void **buf, uint32_t *phys_addr)
{
	struct deadline dl = library_deadline();
	struct rmo_area area;
	int err = library_check_once();

	if (err)
		return err;

	err = buf && phys_addr ? library_rmo_get(rmo_pages_of(size), &dl, &area)
			       : -EFAULT;
	if (err)
		return library_refuse(err);

	ever = true;
	*buf = area.va;
	*phys_addr = area.pa;
	return 0;
}

int rtas_free_rmo_buffer(void *buf, uint32_t phys_addr, size_t size)
{
	struct rmo_area area = { .va = buf,
				 .pa = phys_addr,
				 .pages = rmo_pages_of(size) };
	int err = ever ? library_check_once() : library_check();

	if (err)
		return err;
	if (!ever)
		return RTAS_FREE_ERR;

	err = engine_rmo_put(library_engine(), &area);
	return err ? library_refuse(err) : 0;
}
