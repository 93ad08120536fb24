// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: libwirefdt.la libwire.la */
/*
 * overlay - print a blob for /proc/device-tree-overlay on standard output
 *
 *   overlay WORD...
 *
 *   id ID, flags NUMBER, revert ID        of the whole blob, first
 *   merge|add|update|remove PATH          begins a fragment
 *   drop PATH NAME                        a fragment that removes a property
 *   node NAME ... end                     in a fragment
 *   text NAME VALUE, cell NAME NUMBER     properties, before nodes
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/builder.h"
#include "wire/overlay.h"

static const char *next(char ***words)
{
	if (!**words)
		errx(2, "a word is missing");
	return *(*words)++;
}

static void begin(struct overlay_build *b, char ***words)
{
	const char *id = NULL, *revert = NULL;
	uint32_t flags = 0;

	for (; (*words)[0] && (*words)[1]; *words += 2) {
		if (!strcmp((*words)[0], "id"))
			id = (*words)[1];
		else if (!strcmp((*words)[0], "flags"))
			flags = (uint32_t)strtoul((*words)[1], NULL, 0);
		else if (!strcmp((*words)[0], "revert"))
			revert = (*words)[1];
		else
			break;
	}
	overlay_build_begin(b, id, flags, revert);
}

static void cell(struct overlay_build *b, char ***words)
{
	const char *name = next(words);
	uint8_t bytes[4];
	struct builder cells = builder_of(bytes, sizeof(bytes));

	builder_be32(&cells, (uint32_t)strtoul(next(words), NULL, 0));
	overlay_build_property(b, name, bytes, sizeof(bytes));
}

static void word(struct overlay_build *b, const char *w, char ***words)
{
	static const char *const ops[] = { "merge", "add", "update", "remove" };
	const char *name, *value;

	for (unsigned int i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (!strcmp(w, ops[i])) {
			overlay_build_fragment(b, (enum overlay_op)i, next(words), NULL,
					       0);
			return;
		}
	if (!strcmp(w, "drop")) {
		const char *path = next(words);

		name = next(words);
		overlay_build_fragment(b, OVERLAY_REMOVE_PROPERTIES, path, name,
				       strlen(name) + 1);
	} else if (!strcmp(w, "node")) {
		overlay_build_node(b, next(words));
	} else if (!strcmp(w, "end")) {
		overlay_build_node_end(b);
	} else if (!strcmp(w, "text")) {
		name = next(words);
		value = next(words);
		overlay_build_property(b, name, value, strlen(value) + 1);
	} else if (!strcmp(w, "cell")) {
		cell(b, words);
	} else {
		errx(2, "%s?", w);
	}
}

int main(int argc, char **argv)
{
	struct overlay_build b;
	int failed;

	(void)argc;
	argv++;
	begin(&b, &argv);
	while (*argv)
		word(&b, next(&argv), &argv);
	failed = overlay_build_end(&b);
	if (failed)
		errx(1, "%s", strerror(-failed));
	if (fwrite(b.fdt, 1, b.size, stdout) != b.size || fflush(stdout))
		err(1, "output");
	overlay_build_free(&b);
	return 0;
}
