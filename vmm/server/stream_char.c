// SPDX-License-Identifier: GPL-2.0-or-later
#include <termios.h>
#include <unistd.h>

#include "vmm/server/file.h"
#include "vmm/server/stream_char.h"

/* Let a terminal pass on each character of the guest's input. Signals of the keyboard still
 * work. A process in the background must not change its terminal. */
static void stdin_make_raw(struct stream_char *c)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &c->saved) || tcgetpgrp(STDIN_FILENO) != getpgrp())
		return;
	raw = c->saved;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON | ISTRIP);
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	c->has_saved = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

static void stdio_open(struct stream_char *c, const struct opts_server *place)
{
	c->out = STDOUT_FILENO;
	if (place->protocol == OPTS_CONSOLE && !place->has_input)
		return;
	c->in = STDIN_FILENO;
	if (place->has_input)
		stdin_make_raw(c);
}

int stream_char_open(struct stream_char *out, const struct opts_server *place)
{
	int err;

	*out = (struct stream_char){ .in = -1, .out = -1 };
	if (place->backend == OPTS_STDIO)
		stdio_open(out, place);
	if (place->backend != OPTS_FD)
		return 0;
	err = file_take_over(place->fd);
	if (!err)
		out->out = place->fd;
	return err;
}

void stream_char_close(struct stream_char *c)
{
	if (c->has_saved)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->saved);
	if (c->out > STDERR_FILENO)
		close(c->out);
	*c = (struct stream_char){ .in = -1, .out = -1 };
}
