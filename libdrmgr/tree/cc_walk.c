// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/core/drc_state.h"
#include "librtas/connector.h"

/* A longer walk is invalid. */
enum { ANSWERS_MAX = 1 << 17 };

struct walk {
	struct connector_walk cw;
	struct cc_item item;
	unsigned int answers;
	bool at_end; /* the walk is complete, or firmware ended it */
};

static int walk_next(struct walk *w)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	int err;

	if (w->answers++ == ANSWERS_MAX)
		return -E2BIG;
	err = connector_walk_next(&w->cw, &w->item, &dl);
	w->at_end = !err && w->item.status <= 0;
	return err;
}

/* Read the walk to its end. Skip invalid answers: the next answer may be the last one. */
static void walk_read_to_end(struct walk *w)
{
	int err = 0;

	while (!w->at_end && (!err || err == -EBADMSG))
		err = walk_next(w);
}

static int walk_begin(struct walk *w, struct xact *x, const struct connector *c)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);

	w->item.status = 0;
	w->answers = 0;
	w->at_end = false;
	return connector_walk_begin(&w->cw, x->dr->engine, c->drc.index, &dl);
}

/* Read the first answer, which is the connector's own node. If another process left an
 * unfinished walk, firmware continues that walk: read it to its end and begin again. */
static int walk_first(struct walk *w)
{
	int err = walk_next(w);

	if (err || w->item.status < 0 || w->item.status == CC_CHILD)
		return err;

	walk_read_to_end(w);
	if (!w->at_end || w->item.status < 0)
		return 0;
	workarea_start(w->cw.area.va, workarea_index(w->cw.area.va));
	return walk_next(w);
}

static int walk_build(struct walk *w, struct fdt_frag *frag)
{
	int err = fdt_frag_init(frag);

	if (!err)
		err = walk_first(w);
	while (!err && !w->at_end) {
		err = fdt_frag_add(frag, &w->item);
		if (!err)
			err = walk_next(w);
	}
	if (!err && !w->item.status)
		err = fdt_frag_finish(frag);
	return err;
}

static int walk_fault(struct xact *x, const struct walk *w, int err, const char *why)
{
	char what[64];

	if (err == -EBADMSG || err == -E2BIG || err == -ENOSPC)
		return xact_fail(x, DR_FAULT_WALK, "configure-connector", err, "%s", why);

	snprintf(what, sizeof(what), "ibm,configure-connector, answer %u", w->answers);
	xact_call_failed(x, "configure-connector", RTAS_CONFIGURE_CONNECTOR, err, what);
	return err;
}

static int walk_check(struct xact *x, const struct connector *c, struct walk *w,
		      struct fdt_frag *frag)
{
	const char *why = "its answers make no tree";
	int err = walk_build(w, frag);

	/* The caller reports the status by xact_refused(). */
	if (!err && w->item.status < 0)
		return 0;
	if (!err)
		err = fdt_frag_check(frag, c->drc.index, &why);
	if (err)
		err = walk_fault(x, w, err, why);
	return err;
}

int cc_walk(struct xact *x, const struct connector *c, struct fdt_frag *frag)
{
	bool was_walking = x->is_walking;
	struct walk w;
	int err;

	*frag = (struct fdt_frag){ 0 };
	err = xact_step_begin(x, "configure-connector",
			      "rtas ibm,configure-connector(work area for 0x%08x, 0) "
			      "until complete",
			      c->drc.index);
	if (err)
		return err;

	x->is_walking = true;
	err = walk_begin(&w, x, c);
	if (!err) {
		err = walk_check(x, c, &w, frag);
		walk_read_to_end(&w);
	} else {
		err = walk_fault(x, &w, err, "no work area");
	}
	connector_walk_end(&w.cw);
	x->is_walking = was_walking;

	if (!err && w.item.status < 0)
		err = xact_refused(x, "configure-connector", RTAS_CONFIGURE_CONNECTOR,
				   w.item.status);
	return xact_step_end(x, err);
}

/* Test whether firmware counts the connector as configured: the walk was complete, or
 * firmware refused a second walk as well. */
static bool walk_is_configured(const struct walk *w, bool again)
{
	return w->at_end && (!w->item.status || (again && w->item.status == CC_UNUSABLE));
}

static int cc_read_to_end(struct xact *x, const struct connector *c)
{
	int err = 0;

	/* An error ends a walk, and the next call begins a new one. */
	for (int i = 0; i < 2; i++) {
		struct walk w;

		err = walk_begin(&w, x, c);
		if (!err) {
			walk_read_to_end(&w);
			err = walk_is_configured(&w, i) ? 0 : -EREMOTEIO;
		}
		connector_walk_end(&w.cw);
		if (err != -EREMOTEIO)
			break;
	}
	return err;
}

int cc_probe(const struct dr_ctx *dr)
{
	return dr->engine ? engine_rmo_probe(dr->engine) : 0;
}

int cc_drain(struct xact *x, const struct connector *c)
{
	dr_log_debug(x->dr->log, "%s (0x%08x): reading an abandoned walk to its end",
		     c->drc.name, c->drc.index);
	return cc_probe(x->dr) ? apply_walk_by_kernel(x, c) : cc_read_to_end(x, c);
}

int cc_isolate(struct xact *x, const struct connector *c, bool patiently)
{
	int32_t status;
	int err = patiently ? drc_try_isolate_patiently(x, c, &status)
			    : drc_try_isolate(x, c, &status);

	if (err || !status)
		return err;
	if (status != RTAS_PARAMETER_ERROR || cc_drain(x, c))
		return xact_refused(x, "isolate", RTAS_SET_INDICATOR, status);
	return drc_isolate(x, c);
}

int cc_complete(struct xact *x, const struct connector *c)
{
	int err = cc_read_to_end(x, c);

	if (err == -EREMOTEIO)
		return xact_fail(x, DR_FAULT_WALK, "configure-connector", err,
				 "ibm,configure-connector comes to no end");
	if (err)
		xact_call_failed(x, "configure-connector", RTAS_CONFIGURE_CONNECTOR, err,
				 "ibm,configure-connector");
	return err;
}

int cc_complete_released(struct xact *x, const struct connector *c)
{
	int err = cc_probe(x->dr);

	if (!err || apply_dlpar.probe(x->dr->root))
		return cc_complete(x, c);
	dr_log_info(x->dr->log, "%s (0x%08x): not walked, the kernel does it: %s",
		    c->drc.name, c->drc.index, strerror(-err));
	return 0;
}
