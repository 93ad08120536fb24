// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwirefdt.la libwire.la */
/* A blob for /proc/device-tree-overlay: an accepted one can be walked. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/overlay.h"

/* Every fragment has a place, and every name of a property ends inside. */
static void check_fragment(const struct overlay_fragment *f)
{
	MUST(f->path ? f->path[0] == '/' : f->phandle != 0);
	MUST(f->op != OVERLAY_REMOVE_PROPERTIES || f->names);
	MUST(!f->names || (f->names_len && !f->names[f->names_len - 1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct overlay_fragment f;
	struct overlay overlay;
	unsigned int n = 0;
	size_t told;
	int at = 0;

	if (size >= OVERLAY_HEAD_BYTES)
		(void)overlay_size(data, &told);
	if (overlay_decode(&overlay, data, size))
		return 0;

	while (overlay_next(&overlay, &at, &f) > 0) {
		check_fragment(&f);
		n++;
	}
	MUST(n == overlay.fragments);
	MUST(!overlay.revert == (n > 0));
	return 0;
}
