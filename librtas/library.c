// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "librtas/trace_text.h"

static struct {
	pthread_once_t once;
	struct rtas_engine *engine;
	struct rtas_engine storage;
	struct kern_root root;
	_Atomic uint64_t timeout_ms;
	_Atomic int debug;
} library = { .once = PTHREAD_ONCE_INIT };

static void print_trace(void *priv, const struct rtas_trace *trace)
{
	char text[RTAS_TRACE_TEXT_MAX];

	(void)priv;
	if (library.debug < 1)
		return;

	rtas_trace_text(trace, text, sizeof(text));
	fprintf(stderr, "librtas: %s\n", text);
	if (library.debug < 2)
		return;

	for (uint32_t i = 0; i < trace->args->nargs; i++)
		fprintf(stderr, "librtas:   input[%u] = 0x%08x\n", i, trace->args->in[i]);
	for (uint32_t i = 0; i < trace->args->nret && !trace->err; i++)
		fprintf(stderr, "librtas:   output[%u] = 0x%08x\n", i,
			trace->args->out[i]);
}

static void start(const struct rtas_transport *transport, const struct kern_root *root)
{
	engine_init(&library.storage, transport, root);
	library.storage.trace = print_trace;
	library.engine = &library.storage;
}

static void open_once(void)
{
	struct rtas_transport transport;

	if (library.engine)
		return;
	if (!kern_root_open(&library.root, NULL) &&
	    !rtas_transport_open(&transport, &library.root))
		start(&transport, &library.root);
}

struct rtas_engine *library_engine(void)
{
	pthread_once(&library.once, open_once);
	return library.engine;
}

void library_use(const struct rtas_transport *transport, const struct kern_root *root)
{
	start(transport, root);
}

void library_set_timeout(uint64_t ms)
{
	library.timeout_ms = ms;
}

void library_set_debug(int level)
{
	library.debug = level;
}

struct deadline library_deadline(void)
{
	uint64_t ms = library.timeout_ms;

	return ms && ms < INT32_MAX ? deadline_in_ms((int64_t)ms) : deadline_never();
}

bool library_interface_exists(void)
{
	const struct rtas_engine *engine = library_engine();

	return engine && (kern_exists(engine->root, "proc/ppc64/rtas/rmo_buffer") ||
			  kern_exists(engine->root, "proc/rtas/rmo_buffer"));
}

int library_check(void)
{
	if (geteuid())
		return RTAS_PERM;

	if (!library_engine())
		return RTAS_NO_MEM;
	return library_interface_exists() ? 0 : RTAS_KERNEL_INT;
}

int library_result(int err, int32_t status)
{
	switch (err) {
	case 0:
		return status;
	case -ENODEV:
	case -EBADMSG:
		return RTAS_UNKNOWN_OP;
	case -ETIMEDOUT:
		return RTAS_TIMEOUT;
	default:
		errno = -err;
		return RTAS_IO_ASSERT;
	}
}

/* All but the status, in order. */
static void store_outputs(enum rtas_call call, const struct rtas_args *args,
			  void *const out[], size_t n)
{
	for (size_t i = 0, cell = 0; i < n; i++, cell++) {
		if (cell == rtas_desc(call)->status_at)
			cell++;
		if (out[i])
			memcpy(out[i], &args->out[cell], sizeof(args->out[0]));
	}
}

int library_call(enum rtas_call call, struct rtas_args *args, void *const out[], size_t n)
{
	struct deadline dl = library_deadline();
	int32_t status = 0;
	int err = library_check();

	if (err)
		return err;

	err = engine_call(library.engine, call, args, &status, &dl);
	if (!err)
		store_outputs(call, args, out, n);
	return library_result(err, status);
}

int library_on_page(library_page_fn *fn, uint32_t arg, char *page)
{
	struct deadline dl = library_deadline();
	const struct rtas_transport *t;
	struct rmo_area area;
	int32_t status = 0;
	int err = library_check();

	if (err)
		return err;

	t = &library.engine->transport;
	err = t->rmo_get(t->priv, 1, &dl, &area);
	if (err)
		return library_result(err, 0);

	memcpy(area.va, page, RMO_PAGE_BYTES);
	err = fn(library.engine, &area, arg, &status, &dl);
	if (!err)
		memcpy(page, area.va, RMO_PAGE_BYTES);
	t->rmo_put(t->priv, &area);
	return library_result(err, status);
}
