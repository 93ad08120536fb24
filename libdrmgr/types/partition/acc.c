// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/types/partition/acc.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"

#define FOLDER	     "sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/"
#define CREDITS_FILE FOLDER "update_total_credits"
#define TOTAL_FILE   FOLDER "nr_total_credits"

static bool credits_read(const struct xact *x, unsigned long *credits)
{
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (kern_read(x->dr->root, TOTAL_FILE, &text, &len))
		return false;
	*credits = strtoul(text, NULL, 10);
	return true;
}

/* Write the previous number of credits again. The kernel may have granted another number
 * by a late write. */
static int credits_restore(struct xact *x, void *arg)
{
	const unsigned long *before = arg;
	unsigned long now;
	char text[16];
	int err;

	if (credits_read(x, &now) && now == *before)
		return 0;
	snprintf(text, sizeof(text), "%lu", *before);
	err = xact_write(x, "credits", CREDITS_FILE, text);
	if (err && !xact_is_unknown(err))
		return err;
	return credits_read(x, &now) && now == *before ? 0 : -EIO;
}

static void credits_encode(struct journal_line *line, const void *arg)
{
	journal_put(line, "0x%lx", *(const unsigned long *)arg);
}

static int credits_decode(struct recovery *r, void **arg)
{
	unsigned long *before = *arg = mem_new(recovery_mem(r), unsigned long);
	uint32_t n;

	if (!recovery_number(r, &n))
		return -EBADMSG;
	*before = n;
	return 0;
}

const struct undo_kind undo_credits = {
	.name = "credits",
	.leaves = "credits",
	.undo = credits_restore,
	.encode = credits_encode,
	.decode = credits_decode,
};

/* Push the inverse. If the kernel does not report the number, wait for the write without
 * a deadline. */
static int credits_push(struct xact *x, unsigned int credits, struct dr_result *result)
{
	unsigned long now, *before;

	x->is_patient = !credits_read(x, &now);
	if (x->is_patient)
		return 0;
	result->is_as_before = now == credits;
	before = mem_new(x->mem, unsigned long);
	*before = now;
	return xact_push(x, &undo_credits, before);
}

/* Write the number of credits, which the kernel accepts or rejects as a whole. */
static int credits_write(struct xact *x, unsigned int credits, struct dr_result *result)
{
	unsigned long now;
	char text[16];
	int err;

	err = kern_exists(x->dr->root, CREDITS_FILE);
	if (err < 0)
		return xact_unread(x, "credits", err);
	if (!err)
		return xact_fail(x, DR_FAULT_NOT_CAPABLE, "credits", -ENOENT,
				 CREDITS_FILE);

	err = credits_push(x, credits, result);
	if (err)
		return err;
	snprintf(text, sizeof(text), "%u", credits);
	err = xact_write(x, "credits", CREDITS_FILE, text);
	return xact_is_unknown(err) && credits_read(x, &now) && now == credits
		       ? xact_was_done(x)
		       : err;
}

/* Compare with the number that the kernel reports, if it reports one. */
static int credits_check(struct xact *x, unsigned int credits)
{
	unsigned long now;

	if (x->dr->dry_run || !credits_read(x, &now) || now == credits)
		return 0;
	return xact_fail(x, DR_FAULT_TREE, "credits", -EIO, "%lu", now);
}

int acc_set_credits(struct dr_ctx *dr, unsigned int credits, struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = credits_write(&x, credits, result);
	if (!err)
		err = credits_check(&x, credits);
	return xact_finish(&x, err, result);
}
