// SPDX-License-Identifier: GPL-2.0-or-later
#include "drmgr/model/entitlement.h"

#define LPARCFG "proc/ppc64/lparcfg"

static int read_number(const struct dr_ctx *dr, const char *key, uint64_t *value)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	int err = kern_read(dr->root, LPARCFG, &text, &len);

	return err ? err : lparcfg_number(text, len, key, value);
}

static int decide(struct xact *x, struct entitlement *e)
{
	if (e->add && __builtin_add_overflow(e->before, e->by, &e->wanted))
		return xact_fail(x, DR_FAULT_TOO_FEW, NULL, -EOVERFLOW, "%s", e->key);
	if (!e->add && __builtin_sub_overflow(e->before, e->by, &e->wanted))
		return xact_fail(x, DR_FAULT_TOO_FEW, NULL, -EINVAL, "%s", e->key);
	return 0;
}

static int write_line(struct xact *x, const struct entitlement *e)
{
	char line[LPARCFG_LINE_MAX];
	int len = lparcfg_line(line, e->key, e->wanted);

	return len < 0 ? xact_fail(x, DR_FAULT_KERNEL, "change", len, "/" LPARCFG)
		       : xact_write(x, "change", LPARCFG, line);
}

int entitlement_change(struct dr_ctx *dr, struct entitlement *e, struct dr_error *error)
{
	struct xact x;
	int err;

	xact_begin(&x, dr);
	err = read_number(dr, e->key, &e->before);
	if (err)
		err = xact_fail(&x, DR_FAULT_NOT_CAPABLE, NULL, -ENOTSUP, "/" LPARCFG);
	if (!err)
		err = decide(&x, e);
	if (!err)
		err = write_line(&x, e);
	if (xact_is_unknown(err) && !read_number(dr, e->key, &e->now) &&
	    e->now == e->wanted)
		err = xact_was_done(&x);
	e->now = e->wanted;
	if (!err && !dr->dry_run && read_number(dr, e->key, &e->now))
		e->now = e->wanted;
	*error = x.error;
	return xact_end(&x, err);
}
