// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdbool.h>

#include <libfdt.h>

#include "wire/cursor.h"
#include "wire/fdt_check.h"

/* Skip len bytes and the padding to the next word. */
static void fdt_check_skip(struct cursor *c, size_t len)
{
	size_t left = cursor_left(c);

	if (len <= left) {
		len = (len + 3) & ~(size_t)3;
		len = len < left ? len : left;
	}
	cursor_bytes(c, len);
}

/* Does each name and each value end within the structure? */
static int fdt_check_lengths(const void *structure, size_t size)
{
	struct cursor c = cursor_of(structure, size);
	bool is_complete = false;
	int depth = 0;

	while (!c.err) {
		const uint8_t *name;

		switch (cursor_be32(&c)) {
		case FDT_BEGIN_NODE:
			depth++;
			name = memchr(c.p, 0, cursor_left(&c));
			if (!name)
				return -FDT_ERR_BADSTRUCTURE;
			fdt_check_skip(&c, (size_t)(name - c.p) + 1);
			break;
		case FDT_PROP: {
			uint32_t len = cursor_be32(&c);

			cursor_be32(&c); /* offset of the name */
			fdt_check_skip(&c, len);
			break;
		}
		case FDT_END_NODE:
			is_complete = !--depth;
			break;
		case FDT_NOP:
			if (is_complete) /* libfdt 1.8 accepts this */
				return -FDT_ERR_BADSTRUCTURE;
			break;
		case FDT_END:
			return c.err ? -FDT_ERR_TRUNCATED : 0;
		default:
			return -FDT_ERR_BADSTRUCTURE;
		}
	}
	return -FDT_ERR_TRUNCATED;
}

int fdt_check(const void *fdt, size_t len)
{
	size_t at, size;
	int err = len < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED
						  : fdt_check_header(fdt);

	if (err)
		return err;
	/* Before version 16, names are paths. fdt_check_full() of libfdt 1.6.1 crashes if the
	 * root's name has no slash there, and no writer of today uses these versions. */
	if (fdt_version(fdt) < 16)
		return -FDT_ERR_BADVERSION;
	if (fdt_off_mem_rsvmap(fdt) % 8) /* libfdt before 1.8 accepts this */
		return -FDT_ERR_ALIGNMENT;
	at = fdt_off_dt_struct(fdt);
	if (fdt_totalsize(fdt) > len || at > len)
		return -FDT_ERR_TRUNCATED;
	/* Version 16 does not have the size of the structure. */
	size = fdt_version(fdt) >= 17 ? fdt_size_dt_struct(fdt) : len - at;
	if (size > len - at)
		return -FDT_ERR_TRUNCATED;
	err = fdt_check_lengths((const char *)fdt + at, size);
	return err ? err : fdt_check_full(fdt, len);
}
