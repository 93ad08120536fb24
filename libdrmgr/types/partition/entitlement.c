// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/types/partition/entitlement.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "wire/number.h"

#define LPARCFG "proc/ppc64/lparcfg"

static int entitlement_read(const struct dr_ctx *dr, const char *key, uint64_t *value)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	int err = kern_read(dr->root, LPARCFG, &text, &len);

	return err ? err : lparcfg_number(text, len, key, value);
}

static int entitlement_decide(struct xact *x, struct entitlement *e)
{
	if (e->add && __builtin_add_overflow(e->before, e->by, &e->wanted))
		return xact_fail(x, DR_FAULT_TOO_FEW, NULL, -EOVERFLOW, "%s", e->key);
	if (!e->add && __builtin_sub_overflow(e->before, e->by, &e->wanted))
		return xact_fail(x, DR_FAULT_TOO_FEW, NULL, -EINVAL, "%s", e->key);
	return 0;
}

static int entitlement_write(struct xact *x, const char *key, uint64_t value)
{
	char line[LPARCFG_LINE_MAX];
	int len = lparcfg_line(line, key, value);

	return len < 0 ? xact_fail(x, DR_FAULT_KERNEL, "change", len, "/" LPARCFG)
		       : xact_write(x, "change", LPARCFG, line);
}

/* ---- The inverse of a write, which the kernel may process late ---- */

struct share {
	char key[64];
	uint64_t before;
};

static int share_restore(struct xact *x, void *arg)
{
	const struct share *share = arg;
	uint64_t now;
	int err = entitlement_read(x->dr, share->key, &now);

	if (err || now == share->before)
		return err;
	err = entitlement_write(x, share->key, share->before);
	if (err && !xact_is_unknown(err))
		return err;
	return !entitlement_read(x->dr, share->key, &now) && now == share->before ? 0
										  : -EIO;
}

static void share_encode(struct journal_line *line, const void *arg)
{
	const struct share *share = arg;

	journal_put(line, "%s", share->key);
	journal_put(line, "%" PRIu64, share->before);
}

static int share_decode(struct recovery *r, void **arg)
{
	struct share *share = *arg = mem_new(recovery_mem(r), struct share);
	const char *key = recovery_word(r), *value = recovery_word(r);

	if (!key || !value || strlen(key) >= sizeof(share->key) ||
	    number_read(value, strlen(value), 10, &share->before))
		return -EBADMSG;
	snprintf(share->key, sizeof(share->key), "%s", key);
	return 0;
}

const struct undo_kind undo_entitlement = {
	.name = "entitlement",
	.leaves = "entitlement",
	.undo = share_restore,
	.encode = share_encode,
	.decode = share_decode,
};

static int share_push(struct xact *x, const struct entitlement *e)
{
	struct share *share;

	if (!xact_is_limited(x))
		return 0;
	share = mem_new(x->mem, struct share);
	snprintf(share->key, sizeof(share->key), "%s", e->key);
	share->before = e->before;
	return xact_push(x, &undo_entitlement, share);
}

int entitlement_change(struct dr_ctx *dr, struct entitlement *e, struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = entitlement_read(dr, e->key, &e->before);
	if (err)
		err = kern_read_failure(err) ? xact_unread(&x, NULL, err)
					     : xact_fail(&x, DR_FAULT_NOT_CAPABLE, NULL,
							 -ENOTSUP, "/" LPARCFG);
	if (!err)
		err = entitlement_decide(&x, e);
	if (!err)
		err = share_push(&x, e);
	if (!err)
		err = entitlement_write(&x, e->key, e->wanted);
	if (xact_is_unknown(err) && !entitlement_read(dr, e->key, &e->now) &&
	    e->now == e->wanted)
		err = xact_was_done(&x);
	e->now = e->wanted;
	if (!err && !dr->dry_run && entitlement_read(dr, e->key, &e->now))
		e->now = e->wanted;
	return xact_finish(&x, err, result);
}

int entitlement_check(const struct dr_request *request, char **text)
{
	if (strcmp(request->parameter, "ent_capacity") != 0 &&
	    strcmp(request->parameter, "variable_weight") != 0)
		return request_refuse(
			text,
			"Invalid parameter '%s': -p is ent_capacity or variable_weight",
			request->parameter);
	return request->key ? request_refuse(text,
					     "The -p and -s flags are mutually exclusive")
			    : 0;
}
