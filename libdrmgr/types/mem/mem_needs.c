// SPDX-License-Identifier: LGPL-2.1-or-later
/* The memory that programs need: what Linux could neither free nor swap is not removed. Linux
 * itself removes it, and its out-of-memory killer then ends programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "libdrmgr/types/mem/mem_job.h"
#include "kern/sysfs.h"

/* Read a number of KiB after a word. Return false if it is missing or damaged. */
static bool kib_read(const char *text, const char *word, uint64_t *bytes)
{
	const char *at = strstr(text, word);

	if (!at || sscanf(at + strlen(word), "%" SCNu64, bytes) != 1 ||
	    *bytes > UINT64_MAX >> 20)
		return false;
	*bytes <<= 10;
	return true;
}

/* Read what a removal may take, and what must remain, if so many bytes were removed before. Return 0 or a negative errno. */
static int mem_needs_read(const struct kern_root *root, uint64_t planned,
			  struct dr_memory *needs)
{
	uint64_t total, swap_free, active, inactive, min_free;
	_cleanup_free_ char *text = NULL;
	char word[24];
	size_t len;
	int err = kern_read(root, "proc/meminfo", &text, &len);

	if (!err)
		err = sysfs_text(root, word, sizeof(word), "proc/sys/vm/min_free_kbytes");
	if (err)
		return err;
	if (!kib_read(text, "MemTotal:", &total) ||
	    !kib_read(text, "MemAvailable:", &needs->available) ||
	    !kib_read(text, "SwapFree:", &swap_free) ||
	    !kib_read(text, "Active(anon):", &active) ||
	    !kib_read(text, "Inactive(anon):", &inactive) ||
	    !kib_read(word, "", &min_free))
		return -EBADMSG;
	needs->available += MIN(swap_free, active + inactive);
	needs->kept = MAX(2 * min_free,
			  MIN((total - MIN(total, planned)) / 64, UINT64_C(1) << 30));
	return 0;
}

/* Return how many bytes of an LMB are online: Linux has no use for the others. */
static uint64_t mem_needs_online(struct mem_job *job, size_t at)
{
	uint64_t bytes = job->state.list.dm.lmb_bytes;
	struct block_range range;
	char state[16];

	if (lmb_block_range(&job->state.list, job->state.lmbs[at].address, &range))
		return bytes;
	for (uint64_t n = range.first; n < range.end; n++)
		if (!sysfs_text(job->x.dr->root, state, sizeof(state),
				MEMORY_DIR "/memory%" PRIu64 "/state", n) &&
		    !strcmp(state, "offline"))
			bytes -= MIN(bytes, job->state.list.blocks.bytes);
	return bytes;
}

/* What is not known is only said, unless nothing may be lost. */
static int mem_needs_unknown(struct mem_job *job, int err)
{
	static const char text[] =
		"what programs need is unknown, because /proc/meminfo or "
		"min_free_kbytes cannot be read";

	if (job->x.dr->no_loss)
		return xact_fail(&job->x, DR_FAULT_LOSS, "remove", -EBUSY, "%s: %s", text,
				 strerror(-err));
	if (!job->has_unknown_needs)
		dr_warn(job->x.dr, "Memory is removed although %s: %s", text,
			strerror(-err));
	job->has_unknown_needs = true;
	return 0;
}

int mem_needs_check(struct mem_job *job, const size_t *places, size_t n, size_t more)
{
	const struct dr_ctx *dr = job->x.dr;
	uint64_t lmb_bytes = job->state.list.dm.lmb_bytes;
	struct dr_memory needs = { .bytes = job->planned + (n + more) * lmb_bytes };
	int err;

	if (job->add || dr->force_memory)
		return 0;
	err = mem_needs_read(dr->root, job->planned, &needs);
	if (err)
		return mem_needs_unknown(job, err);
	/* Each block is a file. */
	for (size_t i = 0;
	     (dr->dry_run || needs.bytes + needs.kept > needs.available) && i < n; i++)
		needs.bytes -= lmb_bytes - mem_needs_online(job, places[i]);
	if (!needs.bytes || needs.bytes + needs.kept <= needs.available) {
		job->planned = dr->dry_run ? needs.bytes : 0;
		return 0;
	}
	err = xact_fail(&job->x, DR_FAULT_NEEDED, "remove", -EBUSY, "%" PRIu64,
			(MAX(needs.available, needs.kept) - needs.kept) / lmb_bytes);
	job->x.error.memory = needs;
	return err;
}
