// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * mutate - write damaged blobs to /proc/device-tree-overlay, and compare the tree
 *
 *   mutate [-l] COUNT SEED BLOB...
 *   mutate -t                       print the tree as a number
 *
 * Writes COUNT blobs, each a copy of one of the files with a random change; the same SEED
 * makes the same blobs. An accepted blob is reverted immediately. Then, and after each
 * hundred, the tree must equal the first one. -l prints the result of each write. The
 * last line has the numbers of accepted, rejected and unfinished blobs.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_MAX = 1 << 16, LOOK_EACH = 100 };

static const char file[] = "/proc/device-tree-overlay";
static const char tree[] = "/proc/device-tree/";

struct blob {
	uint8_t bytes[BYTES_MAX];
	size_t len;
};

static uint64_t state;

static uint32_t any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below ? (uint32_t)(state >> 16) % below : 0;
}

static void put(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* ---- The tree, as a number --------------------------------------------------------- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	while (len--)
		hash = (hash ^ *b++) * 0x100000001b3ULL;
	return hash;
}

/* A sum, because the order of a folder means nothing. */
static uint64_t fingerprint(int at, const char *name, uint64_t path)
{
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	uint64_t hash = mix(path, name, strlen(name) + 1), sum = hash;
	uint8_t bytes[4096];
	struct dirent *entry;
	ssize_t got;
	DIR *dir;

	if (fd < 0)
		return errno == EACCES ? sum : 0;
	dir = fdopendir(fd);
	if (!dir) {
		while ((got = read(fd, bytes, sizeof(bytes))) > 0)
			sum = mix(sum, bytes, (size_t)got);
		close(fd);
		return sum;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			sum += fingerprint(fd, entry->d_name, hash);
	closedir(dir);
	return sum;
}

static uint64_t tree_now(void)
{
	return fingerprint(AT_FDCWD, tree, 0);
}

/* ---- A blob, and damage --------------------------------------------------------------- */

static void load(struct blob *b, const char *path)
{
	FILE *in = fopen(path, "re");

	if (!in)
		err(2, "%s", path);
	b->len = fread(b->bytes, 1, sizeof(b->bytes), in);
	fclose(in);
	if (b->len < 48 || b->len > BYTES_MAX / 2)
		errx(2, "%s: no blob for this", path);
}

static uint32_t any_number(void)
{
	static const uint32_t special[] = { 0,	 1,    2,	   3,	       4,
					    9,	 0xff, 0xffff,	   0x7fffffff, 0x80000000,
					    ~0U, ~3U,  0xfffffff0, 0x10000,    64 };
	const uint32_t n = sizeof(special) / sizeof(*special);

	return any(2) ? special[any(n)] : any(256);
}

static void repeat_part(struct blob *b)
{
	size_t from = any((uint32_t)b->len) & ~3U, len = (any(64) & ~3U) + 4;

	if (from + len > b->len || b->len + len > BYTES_MAX)
		return;
	memmove(b->bytes + from + len, b->bytes + from, b->len - from);
	b->len += len;
}

static void drop_part(struct blob *b)
{
	size_t from = any((uint32_t)b->len) & ~3U, len = (any(64) & ~3U) + 4;

	if (from + len > b->len || b->len - len < 48)
		return;
	memmove(b->bytes + from, b->bytes + from + len, b->len - from - len);
	b->len -= len;
}

static void damage(struct blob *b)
{
	uint32_t at = any((uint32_t)b->len);

	switch (any(8)) {
	case 0:
		b->bytes[at] ^= (uint8_t)(1U << any(8));
		break;
	case 1:
		b->bytes[at] = (uint8_t)any(256);
		break;
	case 2:
		at = any((uint32_t)b->len / 4) * 4 % (uint32_t)(b->len - 4);
		put(b->bytes + at, any_number());
		break;
	case 3:
		at = 4 * any(10);
		put(b->bytes + at, any_number());
		break;
	case 4:
		repeat_part(b);
		break;
	case 5:
		drop_part(b);
		break;
	case 6: /* letters in a possible name */
		b->bytes[at] = (uint8_t)("abfp/@-_.,#0"[any(12)]);
		break;
	default:
		b->bytes[at] = 0;
	}
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Return 0, an errno, or -1 for an incomplete blob. */
static int write_blob(const struct blob *b)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), result = 0;
	ssize_t wrote;

	if (fd < 0)
		err(2, "%s", file);
	wrote = write(fd, b->bytes, b->len);
	if (wrote < 0)
		result = errno;
	else if ((size_t)wrote != b->len)
		errx(1, "a write of %zu bytes came to %zd", b->len, wrote);
	close(fd);
	return result;
}

/* Return the number of complete blobs. id is the newest record's name, or "". */
static unsigned int status(char *id, size_t size, int *last)
{
	char line[256], name[128];
	unsigned int seq = 0;
	FILE *in = fopen(file, "re");

	*id = '\0';
	if (!in || !fgets(line, sizeof(line), in) ||
	    sscanf(line, "papr-dt-overlay 1 backend=changeset max=%*u seq=%u last=%d",
		   &seq, last) != 2)
		errx(1, "%s: no status", file);
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "%*u %127s", name) == 1)
			snprintf(id, size, "%s", name);
	fclose(in);
	return seq;
}

/* / { papr,revert = ID; } */
static void take_back(const char *id)
{
	static const char name[] = "papr,revert";
	struct blob b = { .len = 56 };
	size_t len = strlen(id) + 1;
	int result;

	put(b.bytes + 56, 1);
	put(b.bytes + 64, 3);
	put(b.bytes + 68, (uint32_t)len);
	memcpy(b.bytes + 76, id, len);
	b.len = 76 + ((len + 3) & ~(size_t)3);
	put(b.bytes + b.len, 2);
	put(b.bytes + b.len + 4, 9);
	b.len += 8;
	memcpy(b.bytes + b.len, name, sizeof(name));
	const uint32_t header[10] = { 0xd00dfeed,   (uint32_t)(b.len + sizeof(name)),
				      56,	    (uint32_t)b.len,
				      40,	    17,
				      16,	    0,
				      sizeof(name), (uint32_t)(b.len - 56) };
	for (int i = 0; i < 10; i++)
		put(b.bytes + 4 * i, header[i]);
	b.len += sizeof(name);
	result = write_blob(&b);
	if (result)
		errx(1, "%s cannot be reverted: %s", id, strerrorname_np(result));
}

struct count {
	unsigned int accepted, rejected, unfinished;
};

/* Return true if a change of the tree is intended. */
static bool one(const struct blob *b, unsigned int number, bool list, struct count *c)
{
	char before[128], after[128];
	int last = 0, result;
	unsigned int seq = status(before, sizeof(before), &last), seq_after;

	result = write_blob(b);
	seq_after = status(after, sizeof(after), &last);
	if (!result && last == -EPIPE)
		result = -1;
	if (list)
		printf("%u %s\n", number,
		       result < 0 ? "unfinished"
		       : result	  ? strerrorname_np(result)
				  : "ok");
	if (result < 0)
		c->unfinished++;
	else if (result)
		c->rejected++;
	else
		c->accepted++;
	if (seq_after == seq)
		return false;
	if (result)
		errx(1, "blob %u was refused, and yet applied", number);
	if (strcmp(before, after) != 0) {
		take_back(after);
		return false;
	}
	return true;
}

static void look(uint64_t *was, bool is_new, unsigned int number)
{
	uint64_t is = tree_now();

	if (!is_new && is != *was)
		errx(1, "the tree has changed before blob %u", number);
	*was = is;
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && !strcmp(argv[1], "-l");
	unsigned int number, amount;
	struct count c = { 0 };
	static struct blob b;
	uint64_t was;

	argv += list;
	argc -= list;
	if (argc == 2 && !strcmp(argv[1], "-t"))
		return printf("%016llx\n", (unsigned long long)tree_now()) < 0;
	if (argc < 4)
		errx(2, "usage: mutate [-l] COUNT SEED BLOB...");
	amount = (unsigned int)strtoul(argv[1], NULL, 0);
	state = strtoul(argv[2], NULL, 0) * 0x9e3779b97f4a7c15ULL + 1;
	was = tree_now();
	for (number = 1; number <= amount; number++) {
		load(&b, argv[3 + any((uint32_t)argc - 3)]);
		for (uint32_t n = any(3) + 1; n > 0; n--)
			damage(&b);
		/* In most cases, correct the size. */
		if (any(8))
			put(b.bytes + 4, (uint32_t)b.len);
		if (one(&b, number, list, &c))
			look(&was, true, number);
		else if (number % LOOK_EACH == 0 || number == amount)
			look(&was, false, number);
	}
	printf("accepted %u rejected %u unfinished %u\n", c.accepted, c.rejected,
	       c.unfinished);
	return 0;
}
