// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwirefdt.la libwire.la */
/* A compiler's overlay: it is valid after resolving, and a refusal has a printable
 * reason. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "tests/fuzz/fuzz.h"
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"

static void resolve(const uint8_t *data, size_t size, const void *base)
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (overlay_decode(&(struct overlay){ 0 }, data, size))
		return 0;
	resolve(data, size, NULL);
	resolve(data, size, data); /* its own handles, labels and nodes */
	return 0;
}
