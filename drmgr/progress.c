// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drmgr/progress.h"

enum {
	FEW = 64,	  /* no lines for so few */
	BAR_COLUMNS = 40, /* at most */
	BAR_LEAST = 8,	  /* a shorter bar is useless */
};

/* Test whether stderr is a terminal that can move to the beginning of a line. */
static bool progress_can_draw(void)
{
	const char *kind = getenv("TERM");

	return terminal_columns(STDERR_FILENO) && kind && *kind &&
	       strcmp(kind, "dumb") != 0;
}

void progress_begin(struct progress *p, const struct log *log, size_t total,
		    const char *what, bool is_alone)
{
	*p = (struct progress){
		.log = log,
		.what = what,
		.total = total,
		.is_bar = is_alone && progress_can_draw(),
	};
}

static void progress_draw(struct progress *p, size_t done)
{
	static const char full[] = "########################################",
			  empty[] = "........................................";
	int space = terminal_columns(STDERR_FILENO) - 1, bar, columns;
	char text[64];
	int len = snprintf(text, sizeof(text), "%zu of %zu %s", done, p->total, p->what);

	/* Clear the old bar: the terminal may be narrower now. */
	progress_clear(p);
	if (len > space)
		return;
	bar = space - len - 3 < BAR_COLUMNS ? space - len - 3 : BAR_COLUMNS;
	if (bar >= BAR_LEAST) {
		columns = (int)(done * (size_t)bar / p->total);
		len += fprintf(stderr, "[%.*s%.*s] ", columns, full, bar - columns,
			       empty);
	}
	fputs(text, stderr);
	fflush(stderr);
	p->shown = len;
}

void progress_at(struct progress *p, size_t done)
{
	size_t tenths;

	if (done > p->total || p->total < 2)
		return;
	tenths = done * 10 / p->total;
	if (p->is_bar)
		progress_draw(p, done);
	else if (p->total > FEW && tenths > p->tenths)
		log_msg(p->log, LEVEL_ALWAYS, "%zu of %zu %s", done, p->total, p->what);
	p->tenths = tenths;
}

void progress_clear(struct progress *p)
{
	int space = p->shown ? terminal_columns(STDERR_FILENO) - 1 : 0;

	if (p->shown)
		fprintf(stderr, "\r%*s\r", p->shown < space ? p->shown : space, "");
	p->shown = 0;
}
