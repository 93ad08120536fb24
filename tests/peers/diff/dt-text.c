// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libtesttext.la libwire.la $(FDT_LIBS) */
/* dt-text FILE: print a flattened tree as text for a comparison. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/fakes/dt_text.h"

enum { MAX_BYTES = 64 << 20 };

int main(int argc, char **argv)
{
	void *fdt = malloc(MAX_BYTES);
	size_t len;
	char *text;
	FILE *in;

	if (argc != 2)
		errx(2, "usage: dt-text FILE");
	in = fopen(argv[1], "rb");
	if (!in || !fdt)
		err(1, "%s", argv[1]);
	len = fread(fdt, 1, MAX_BYTES, in);
	text = dt_text(fdt, len);
	if (!text)
		errx(1, "%s is no device tree", argv[1]);
	fputs(text, stdout);
	free(text);
	fclose(in);
	free(fdt);
	return 0;
}
