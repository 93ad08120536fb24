// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "librtas/sequences.h"
#include "librtas/trace_text.h"

/* Limit for the wait if all work areas are in use. Their users may wait for firmware for
 * minutes, or may be stopped forever. */
enum { AREA_WAIT_MS = 60000 };

static struct {
	pthread_once_t once;
	struct rtas_engine *engine;
	struct rtas_engine storage;
	struct kern_root root;
	struct papr_dev devices;
	/* A device that is missing is not tried again, as long as work areas can be used. */
	_Atomic uint64_t missing;
	atomic_bool has_interface; /* the kernel's files were found: they stay */
	_Atomic uint64_t timeout_ms;
	_Atomic int debug;
} library = { .once = PTHREAD_ONCE_INIT };

static void library_print_trace(void *priv, const struct rtas_trace *trace)
{
	char text[RTAS_TRACE_TEXT_MAX];

	(void)priv;
	if (library.debug < 1)
		return;

	rtas_trace_text(trace, text, sizeof(text));
	fprintf(stderr, "librtas: %s\n", text);
	if (library.debug < 2)
		return;

	if (trace->kind != TRACE_CALL)
		return;
	for (uint32_t i = 0; i < trace->args->nargs; i++)
		fprintf(stderr, "librtas:   input[%u] = 0x%08x\n", i, trace->args->in[i]);
	for (uint32_t i = 0; i < trace->args->nret && !trace->err; i++)
		fprintf(stderr, "librtas:   output[%u] = 0x%08x\n", i,
			trace->args->out[i]);
}

static void library_fork_transport(enum fork_stage stage)
{
	const struct rtas_transport *t = &library.storage.transport;

	if (t->fork)
		t->fork(t->priv, stage);
}

/* Take the locks in their nesting order before fork(2). Release them in reverse order
 * after it. */
static void library_at_fork(enum fork_stage stage)
{
	static void (*const locks[])(enum fork_stage) = { sequences_fork, configure_fork,
							  library_fork_transport };

	for (size_t i = 0; i < ARRAY_SIZE(locks); i++)
		locks[stage == FORK_PREPARE ? i : ARRAY_SIZE(locks) - 1 - i](stage);
}

static void library_before_fork(void)
{
	library_at_fork(FORK_PREPARE);
}

static void library_after_fork_parent(void)
{
	library_at_fork(FORK_PARENT);
}

static void library_after_fork_child(void)
{
	library_at_fork(FORK_CHILD);
}

static void library_start(const struct rtas_transport *transport,
			  const struct kern_root *root)
{
	engine_init(&library.storage, transport, root);
	library.storage.trace = library_print_trace;
	library.devices = (struct papr_dev){ .engine = &library.storage,
					     .missing = &library.missing };
	library.missing = 0;
	library.has_interface = false;
	library.engine = &library.storage;
}

static void library_open_once(void)
{
	struct rtas_transport transport;

	if (library.engine)
		return;
	kern_root_use_system(&library.root);
	if (rtas_transport_open(&transport, &library.root))
		return;
	library_start(&transport, &library.root);
	library.devices.ops = papr_dev_system(&library.root);
	pthread_atfork(library_before_fork, library_after_fork_parent,
		       library_after_fork_child);
}

struct rtas_engine *library_engine(void)
{
	pthread_once(&library.once, library_open_once);
	return library.engine;
}

void library_use(const struct rtas_transport *transport, const struct kern_root *root)
{
	library_start(transport, root);
}

const struct papr_dev *library_devices(void)
{
	library_engine();
	return &library.devices;
}

void library_use_devices(const struct papr_dev_ops *ops)
{
	library.devices.ops = *ops;
	library.missing = 0;
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

static bool library_interface_exists(void)
{
	const struct rtas_engine *engine = library_engine();

	library.has_interface =
		engine && (kern_exists(engine->root, "proc/ppc64/rtas/rmo_buffer") > 0 ||
			   kern_exists(engine->root, "proc/rtas/rmo_buffer") > 0);
	return library.has_interface;
}

int library_check(void)
{
	if (geteuid())
		return RTAS_PERM;

	if (!library_engine())
		return RTAS_NO_MEM;
	return library_interface_exists() ? 0 : RTAS_KERNEL_INT;
}

int library_check_once(void)
{
	return library_engine() && library.has_interface ? 0 : library_check();
}

int library_refuse(int err)
{
	int refused = library_check();

	return refused ? refused : library_result(err, 0);
}

int library_rmo_get(size_t pages, const struct deadline *dl, struct rmo_area *area)
{
	struct deadline until = deadline_sooner(*dl, deadline_in_ms(AREA_WAIT_MS));
	int err = engine_rmo_get(library.engine, pages, &until, area);

	if (err)
		library.missing = 0;

	/* A fault of the kernel's window must not look like a missing firmware call. */
	return err == -EBADMSG || err == -ENODEV ? -EIO : err;
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
