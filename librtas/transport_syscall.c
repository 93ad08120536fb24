// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "librtas/rmo_pool.h"
#include "wire/papr_sys_rtas.h"

static int syscall_call(void *priv, struct rtas_args *args)
{
	/* The kernel's own structure ends in a pointer. The kernel neither reads nor
	 * writes it here, but the image has room for it. */
	_Alignas(8) uint8_t image[RTAS_IMAGE_BYTES + 12];
	int err = rtas_args_encode(args, image);
	long result;

	(void)priv;
	if (err)
		return err;
	do
		result = syscall(PAPR_SYS_RTAS, image);
	while (transport_was_interrupted(result));
	if (result < 0)
		return -errno;

	rtas_args_decode_reply(args, image);
	return 0;
}

static int syscall_rmo_get(void *priv, size_t pages, const struct deadline *dl,
			   struct rmo_area *area)
{
	return rmo_pool_get(priv, pages, dl, area);
}

static int syscall_rmo_put(void *priv, const struct rmo_area *area)
{
	return rmo_pool_put(priv, area);
}

static int syscall_rmo_probe(void *priv)
{
	return rmo_pool_probe(priv);
}

static void syscall_fork(void *priv, enum fork_stage stage)
{
	rmo_pool_fork(priv, stage);
}

int rtas_transport_open(struct rtas_transport *t, const struct kern_root *root)
{
	struct rmo_pool *pool = malloc(sizeof(*pool));

	if (!pool)
		return -ENOMEM;

	rmo_pool_init(pool, root);
	*t = (struct rtas_transport){
		.call = syscall_call,
		.rmo_get = syscall_rmo_get,
		.rmo_put = syscall_rmo_put,
		.rmo_probe = syscall_rmo_probe,
		.priv = pool,
		.fork = syscall_fork,
	};
	return 0;
}

void rtas_transport_close(struct rtas_transport *t)
{
	rmo_pool_close(t->priv);
	free(t->priv);
	*t = (struct rtas_transport){ 0 };
}
