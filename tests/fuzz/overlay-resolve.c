// SPDX-License-Identifier: GPL-2.0-or-later
/* A compiler's overlay: it is valid after resolving, and a refusal has a printable
 * reason. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "tests/fuzz/fuzz.h"
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"

/* Labels: the first letter decides whether the base has them. */
static int label(const void *arg, const char *name, uint32_t *phandle)
{
	(void)arg;
	*phandle = 0x1234;
	return *name == 'x' ? -ENOENT : *name == 'y' ? -ENODEV : 0;
}

static void resolve(const uint8_t *data, size_t size, const struct overlay_base *base)
{
	char reason[OVERLAY_REASON_BYTES];
	void *blob = malloc(size);
	int err;

	MUST(blob);
	memcpy(blob, data, size);
	err = overlay_resolve(blob, base, reason, sizeof(reason));
	MUST(!err == !*reason);
	for (const char *c = reason; *c; c++)
		MUST(*c >= ' ' && *c <= '~');
	if (!err) {
		MUST(!fdt_check_full(blob, size));
		MUST(fdt_subnode_offset(blob, 0, "__fixups__") < 0);
		MUST(fdt_subnode_offset(blob, 0, "__local_fixups__") < 0);
	}
	free(blob);
}

/* Used as its own base, it has its handles, labels and nodes. */
static void as_base(const uint8_t *data, size_t size)
{
	struct overlay_base base;
	uint32_t phandle;

	overlay_base_of(&base, data);
	(void)base.label(base.arg, "a", &phandle);
	(void)base.label(base.arg, "uart", &phandle);
	resolve(data, size, &base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (overlay_decode(&(struct overlay){ 0 }, data, size))
		return 0;
	for (uint32_t max = 0x100; max; max = max == 0x100 ? 0xfffffff0 : 0)
		resolve(data, size, &(struct overlay_base){ max, label, NULL, NULL });
	as_base(data, size);
	return 0;
}
