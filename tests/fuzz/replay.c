// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay - run a fuzz target with each input of its corpus, and with similar ones
 *
 * Each file of the target's corpus is used unchanged, truncated at each length, and with
 * each byte damaged in turn (of a large file only some: REPLAY_PLACES, 1024). Each input
 * is in its own buffer, so that a sanitizer detects accesses after the end.
 */
#include <dirent.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static size_t places(void)
{
	const char *some = getenv("REPLAY_PLACES");
	size_t n = some ? strtoul(some, NULL, 10) : 1024;

	MUST(n);
	return n;
}

static void give(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	MUST(copy);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void give_all(uint8_t *data, size_t size)
{
	static const uint8_t damages[] = { 0x01, 0x80, 0xff };
	const size_t step = 1 + size / places();

	give(data, size);
	for (size_t n = 0; n < size; n += step) {
		give(data, n);
		for (size_t d = 0; d < sizeof(damages); d++) {
			data[n] ^= damages[d];
			give(data, size);
			data[n] ^= damages[d];
		}
	}
}

static void replay(int number, const char *dir, const char *name)
{
	static uint8_t data[1 << 16];
	char *path;
	FILE *file;
	size_t size;

	MUST(asprintf(&path, "%s/%s", dir, name) > 0);
	file = fopen(path, "rb");
	free(path);
	MUST(file);
	size = fread(data, 1, sizeof(data), file);
	MUST(!ferror(file) && size < sizeof(data));
	fclose(file);
	give_all(data, size);
	printf("ok %d %s\n", number, name);
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The corpus has the name of the program, without "replay-". */
int main(int argc, char *argv[])
{
	const char *top = getenv("top_srcdir"),
		   *self = argc ? strstr(argv[0], "replay-") : NULL;
	struct dirent **entries;
	char *dir;
	int n;

	MUST(self && asprintf(&dir, "%s/tests/data/corpus/%s", top ? top : ".",
			      self + strlen("replay-")) > 0);
	n = scandir(dir, &entries, is_input, alphasort);
	if (n <= 0) {
		printf("Bail out! no inputs in %s\n", dir);
		return 1;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		replay(i + 1, dir, entries[i]->d_name);
		fflush(stdout);
		free(entries[i]);
	}
	free(entries);
	free(dir);
	return 0;
}
