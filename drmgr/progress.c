// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
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

void progress_begin(struct progress *p, const struct log *log, bool is_alone)
{
	*p = (struct progress){
		.log = log,
		.can_draw = is_alone && progress_can_draw(),
	};
}

/* Clear the old text, and return how many columns a new one has: the terminal may be
 * narrower now. */
static int progress_space(struct progress *p)
{
	progress_clear(p);
	return terminal_columns(STDERR_FILENO) - 1;
}

static void progress_draw(struct progress *p, size_t done, size_t total,
			  const char *words)
{
	static const char full[] = "########################################",
			  empty[] = "........................................";
	int space = progress_space(p), bar, columns;
	char text[64];
	int len = snprintf(text, sizeof(text), "%zu of %zu %s", done, total, words);

	if (len > space)
		return;
	bar = space - len - 3 < BAR_COLUMNS ? space - len - 3 : BAR_COLUMNS;
	if (bar >= BAR_LEAST) {
		columns = (int)(done * (size_t)bar / total);
		len += fprintf(stderr, "[%.*s%.*s] ", columns, full, bar - columns,
			       empty);
	}
	fputs(text, stderr);
	fflush(stderr);
	p->shown = len;
}

void progress_at(struct progress *p, size_t done, size_t total, const char *words)
{
	size_t tenths;

	if (done > total || total < 2)
		return;
	tenths = done * 10 / total;
	if (p->can_draw)
		progress_draw(p, done, total, words);
	else if (total > FEW && tenths > p->tenths)
		log_msg(p->log, LEVEL_ALWAYS, "%zu of %zu %s", done, total, words);
	p->tenths = tenths;
	if (done == total)
		progress_clear(p);
}

void progress_wait(struct progress *p, const char *what, int64_t ms)
{
	_cleanup_free_ char *shown = log_escape(what, false);
	int64_t s = (ms + 999) / 1000;
	char text[300];
	int space, len;

	if (!shown || !p->can_draw)
		return;

	space = progress_space(p);
	if (ms < 0)
		len = snprintf(text, sizeof(text), "waiting for %s", shown);
	else
		len = snprintf(text, sizeof(text), "%" PRId64 " s: waiting for %s", s,
			       shown);
	if (space < 1)
		return;
	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	p->shown = len < space ? len : space;
	fprintf(stderr, "%.*s", p->shown, text);
	fflush(stderr);
	p->is_wait = true;
}

void progress_end_wait(struct progress *p)
{
	if (p->is_wait)
		progress_clear(p);
}

void progress_clear(struct progress *p)
{
	int space = p->shown ? terminal_columns(STDERR_FILENO) - 1 : 0;

	if (p->shown)
		fprintf(stderr, "\r%*s\r", p->shown < space ? p->shown : space, "");
	p->shown = 0;
	p->is_wait = false;
}
