// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/mem/memory_blocks.h"
#include "kern/sysfs.h"
#include "wire/number.h"

/* Sixteen times 64 TiB in blocks of 16 MiB. A larger number is invalid. */
enum { NUMBERS_MAX = 1 << 26 };

/* The size of the kernel's sections on this architecture. A block has at least one. */
enum { BLOCK_BYTES_MIN = 16 << 20 };

/* ---- Sets of numbers ---- */

static int number_set_add(struct number_set *set, struct mem *m, uint64_t number)
{
	size_t word = number / 64;

	while (word >= set->n_words) {
		*vec_add(m, set->words, set->n_words) = 0;
		if (mem_check(m))
			return -ENOMEM;
	}
	set->words[word] |= 1ULL << number % 64;
	return 0;
}

struct name_reader {
	struct number_set *set;
	struct mem *mem;
	const char *word;
	size_t len; /* of word */
};

static int number_set_read_name(void *priv, const char *name)
{
	const struct name_reader *r = priv;
	uint64_t number;

	if (strncmp(name, r->word, r->len) ||
	    number_read(name + r->len, strlen(name + r->len), 10, &number) ||
	    number >= NUMBERS_MAX)
		return 0;
	return number_set_add(r->set, r->mem, number);
}

int number_set_read(struct number_set *set, struct mem *m, const struct kern_root *root,
		    const char *folder, const char *word)
{
	struct name_reader r = {
		.set = set, .mem = m, .word = word, .len = strlen(word)
	};

	*set = (struct number_set){ 0 };
	return kern_visit(root, folder, KERN_LIST_ALL, number_set_read_name, &r);
}

bool number_set_has(const struct number_set *set, uint64_t number)
{
	return number / 64 < set->n_words && set->words[number / 64] >> number % 64 & 1;
}

/* ---- Memory blocks ---- */

int memory_block_bytes(const struct kern_root *root, uint64_t *bytes)
{
	char text[24];
	int err = sysfs_text(root, text, sizeof(text), MEMORY_DIR "/block_size_bytes");

	if (err || number_read(text, strlen(text), 16, bytes) ||
	    *bytes < BLOCK_BYTES_MIN || *bytes & (*bytes - 1))
		*bytes = 0;
	return kern_read_failure(err);
}

static bool removable_is_constant(const struct kern_root *root)
{
	int major, minor;
	char text[64];

	return !sysfs_text(root, text, sizeof(text), "proc/sys/kernel/osrelease") &&
	       sscanf(text, "%d.%d", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 7));
}

static int block_read_removable(const struct kern_root *root, uint64_t number)
{
	char text[8];
	int err = sysfs_text(root, text, sizeof(text), MEMORY_DIR "/memory%llu/removable",
			     (unsigned long long)number);

	return err ? kern_read_failure(err) : !strcmp(text, "1");
}

int memory_blocks_read(struct memory_blocks *mb, struct mem *m,
		       const struct kern_root *root)
{
	size_t w = 0;
	int err;

	*mb = (struct memory_blocks){ 0 };
	err = memory_block_bytes(root, &mb->bytes);
	if (err || !mb->bytes)
		return err;
	err = kern_read_failure(
		number_set_read(&mb->present, m, root, MEMORY_DIR, "memory"));
	if (err)
		return err;
	mb->is_removable_alike = removable_is_constant(root);
	while (w < mb->present.n_words && !mb->present.words[w])
		w++;
	if (mb->is_removable_alike && w < mb->present.n_words) /* the first one tells */
		mb->all_removable = block_read_removable(
			root,
			w * 64 + (unsigned int)__builtin_ctzll(mb->present.words[w]));
	return mb->all_removable < 0 ? mb->all_removable : 0;
}

int memory_blocks_is_removable(const struct memory_blocks *mb,
			       const struct kern_root *root, uint64_t number)
{
	return mb->is_removable_alike ? mb->all_removable
				      : block_read_removable(root, number);
}
