// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libofpath.la */
/* A path of firmware, and another one after a NUL. */
#include <string.h>

#include "ofpathtool/path.h"
#include "tests/fuzz/fuzz.h"

/* A key is a path whose key is itself. */
static void check_key(const struct path *path)
{
	struct path again;

	MUST(strlen(path->key) < OFP_PATH_MAX);
	if (!*path->key)
		return;
	MUST(!path_parse(path->key, &again));
	MUST(strlen(again.key) <= strlen(path->key));
}

static void check_pair(const char *one, const char *other)
{
	struct path a, b;
	bool loose = false;

	MUST(ofp_equal(one, other) == ofp_equal(other, one));
	if (path_parse(one, &a) || path_parse(other, &b))
		return;
	MUST(ofp_equal(one, one));
	if (path_is(a.key, b.key, &loose) && !loose)
		MUST(!strcmp(a.key, b.key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct path path;
	size_t len;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	len = strlen(text);
	if (!path_parse(text, &path))
		check_key(&path);
	check_pair(text, len < size ? text + len + 1 : text);
	free(text);
	return 0;
}
