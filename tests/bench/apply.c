// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: libdrmodel.la */
/*
 * apply - measure the addition and removal of a fragment of the device tree
 *
 *   apply overlay|ofdt NODES ROUNDS
 *
 * The fragment is a node with NODES - 1 nodes below it, each with the properties of a PCI
 * function. Prints the microseconds of user and system time for its addition and removal,
 * the best of the rounds. Leaves no change. Needs root, and changes the machine's own
 * tree.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/session.h"

static const char top[] = "/papr-bench@1";

static void add_item(struct fdt_frag *frag, int32_t status, const char *name,
		     const void *value, size_t len)
{
	const struct cc_item item = {
		.status = status, .name = name, .value = value, .len = (uint32_t)len
	};
	int e = fdt_frag_add(frag, &item);

	if (e)
		errx(1, "%s: %s", name, strerror(-e));
}

static void add_properties(struct fdt_frag *frag)
{
	static const char *const cells[] = {
		"vendor-id",	"device-id",	       "revision-id",  "class-code",
		"subsystem-id", "subsystem-vendor-id", "devsel-speed", "min-grant",
		"max-latency",	"#address-cells",      "#size-cells"
	};
	static const char text[] = "papr,bench-function";
	static const uint8_t reg[60] = { 2 };

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		add_item(frag, CC_PROPERTY, cells[i], reg, 4);
	add_item(frag, CC_PROPERTY, "compatible", text, sizeof(text));
	add_item(frag, CC_PROPERTY, "reg", reg, sizeof(reg));
	add_item(frag, CC_PROPERTY, "assigned-addresses", reg, sizeof(reg));
}

static void make_fragment(struct fdt_frag *frag, unsigned int nodes)
{
	char name[32];
	int e = fdt_frag_init(frag);

	if (e)
		errx(1, "the fragment: %s", strerror(-e));
	add_item(frag, CC_CHILD, top + 1, NULL, 0);
	add_properties(frag);
	for (unsigned int i = 1; i < nodes; i++) {
		snprintf(name, sizeof(name), "function@%x", i);
		add_item(frag, i == 1 ? CC_CHILD : CC_SIBLING, name, NULL, 0);
		add_properties(frag);
	}
	e = fdt_frag_finish(frag);
	if (e)
		errx(1, "the fragment: %s", strerror(-e));
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void say_nothing(void *priv, const struct dr_step *step)
{
	(void)priv;
	(void)step;
}

static void keep_best(double *best, double us)
{
	if (!*best || us < *best)
		*best = us;
}

static void end(struct xact *x, int e)
{
	struct dr_error why = x->error;

	if (xact_end(x, e))
		errx(1, "%s: %s", *why.what ? why.what : "the tree", strerror(-e));
}

static void round_trip(struct dr_ctx *dr, const struct fdt_frag *frag, double *add,
		       double *remove)
{
	const struct connector c = { .drc = { .index = 0 } };
	const char *const nodes[] = { top };
	struct mem mem = { 0 };
	struct xact x;
	double begin;

	xact_begin(&x, dr, &mem);
	begin = now_us();
	end(&x, dr->backend->attach(&x, &c, "", frag));
	keep_best(add, now_us() - begin);

	xact_begin(&x, dr, &mem);
	begin = now_us();
	end(&x, dr->backend->detach(&x, &c, nodes, 1));
	keep_best(remove, now_us() - begin);
	mem_end(&mem);
}

int main(int argc, char *argv[])
{
	const struct dr_log log = { 0 };
	const struct dr_report report = { .step = say_nothing };
	struct fdt_frag frag = { 0 };
	struct session s;
	struct dr_error why;
	double add = 0, remove = 0;

	if (argc != 4)
		errx(2, "usage: apply overlay|ofdt NODES ROUNDS");
	make_fragment(&frag, (unsigned int)strtoul(argv[2], NULL, 10));
	if (session_open(&s, NULL, &log, &report) ||
	    apply_choose(&s.dr, argv[1], false, &why))
		errx(1, "%s cannot be used", argv[1]);

	for (long i = strtol(argv[3], NULL, 10); i > 0; i--)
		round_trip(&s.dr, &frag, &add, &remove);
	printf("%.1f %.1f\n", add, remove);
	session_close(&s);
	fdt_frag_free(&frag);
	return 0;
}
