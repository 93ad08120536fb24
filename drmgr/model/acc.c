// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drmgr/model/acc.h"
#include "drmgr/model/xact.h"

#define FOLDER	     "sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/"
#define CREDITS_FILE FOLDER "update_total_credits"
#define TOTAL_FILE   FOLDER "nr_total_credits"

static bool read_credits(const struct xact *x, unsigned long *credits)
{
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (kern_read(x->dr->root, TOTAL_FILE, &text, &len))
		return false;
	*credits = strtoul(text, NULL, 10);
	return true;
}

/* One write, which the kernel does or does not do as a whole: nothing to be undone. */
static int write_credits(struct xact *x, unsigned int credits)
{
	unsigned long now;
	char text[16];
	int err;

	if (!kern_exists(x->dr->root, CREDITS_FILE))
		return xact_fail(x, DR_FAULT_NOT_CAPABLE, "credits", -ENOENT,
				 CREDITS_FILE);

	snprintf(text, sizeof(text), "%u", credits);
	err = xact_write(x, "credits", CREDITS_FILE, text);
	return xact_is_unknown(err) && read_credits(x, &now) && now == credits
		       ? xact_was_done(x)
		       : err;
}

/* The kernel's number counts, where it has one. */
static int check_credits(struct xact *x, unsigned int credits)
{
	unsigned long now;

	if (x->dr->dry_run || !read_credits(x, &now) || now == credits)
		return 0;
	return xact_fail(x, DR_FAULT_TREE, "credits", -EIO, "%lu", now);
}

int acc_set_credits(struct dr_ctx *dr, unsigned int credits, struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr);
	err = write_credits(&x, credits);
	if (!err)
		err = check_credits(&x, credits);
	return xact_finish(&x, err, result);
}
