// SPDX-License-Identifier: LGPL-2.1-or-later
/* Public functions that print. */
#include <errno.h>

#include "librtas/ev_print.h"

int rtas_set_print_width(int width)
{
	return ev_out_set_width(width) ? 1 : 0;
}

int rtas_print_scn(FILE *stream, struct scn_header *scn, int verbosity)
{
	const struct ev_kind *kind = scn ? ev_kind(scn->scn_id, ev_version(scn)) : NULL;
	struct ev_out out;
	int bytes;

	if (!stream || !kind) {
		errno = EFAULT;
		return 0;
	}
	ev_out_begin(&out, stream);
	kind->print(&out, scn, verbosity);
	bytes = ev_out_end(&out);
	fflush(stream);
	return bytes;
}

/* Print a title, with the event's number if the caller set one. */
static void ev_print_frame(struct ev_out *out, const struct rtas_event *re,
			   const char *which)
{
	if (re->event_no == -1)
		ev_title(out, "RTAS Event Dump %s", which);
	else
		ev_title(out, "RTAS Event Dump (%d) %s", re->event_no, which);
}

int rtas_print_event(FILE *stream, struct rtas_event *re, int verbosity)
{
	struct ev_out out;
	int bytes;

	if (!stream || !re) {
		errno = EFAULT;
		return 0;
	}
	ev_out_begin(&out, stream);
	ev_print_frame(&out, re, "Begin");
	for (const struct scn_header *scn = re->event_scns; scn; scn = scn->next) {
		const struct ev_kind *kind = ev_kind(scn->scn_id, ev_version(scn));

		if (kind)
			kind->print(&out, scn, verbosity);
	}
	ev_print_frame(&out, re, "End");
	bytes = ev_out_end(&out);
	fflush(stream);
	return bytes;
}

int rtas_print_raw_event(FILE *stream, struct rtas_event *re)
{
	struct ev_out out;

	if (!stream || !re) {
		errno = EFAULT;
		return 0;
	}
	ev_out_begin(&out, stream);
	ev_title(&out, "Raw RTAS Event Begin");
	ev_dump(&out, re->buffer, re->buffer ? re->event_length : 0);
	ev_title(&out, "Raw RTAS Event End");
	return ev_out_end(&out);
}
