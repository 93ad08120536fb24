// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "vmm/server/stream_char.h"

/* Without a slave, each read of the master would fail at once. So one stays open. */
static int pty_open(struct stream_char *c)
{
	struct termios mode;
	int err = 0;

	c->in = c->out = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->in < 0)
		return -errno;
	if (grantpt(c->in) || unlockpt(c->in))
		return -errno;
	err = ptsname_r(c->in, c->name, sizeof(c->name));
	if (err)
		return -err;
	c->other = open(c->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->other < 0 || tcgetattr(c->other, &mode))
		return -errno;
	cfmakeraw(&mode);
	if (tcsetattr(c->other, TCSAFLUSH, &mode) ||
	    fcntl(c->in, F_SETFL, fcntl(c->in, F_GETFL) | O_NONBLOCK))
		return -errno;
	return 0;
}

static int file_open(struct stream_char *c, const struct opts_server *place)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	c->out = open(place->path, flags | (place->appends ? O_APPEND : O_TRUNC), 0666);
	return c->out < 0 ? -errno : 0;
}

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
	int err = 0;

	*out = (struct stream_char){ .in = -1, .out = -1, .other = -1 };
	switch (place->backend) {
	case OPTS_PTY:
		err = pty_open(out);
		break;
	case OPTS_STDIO:
		stdio_open(out, place);
		break;
	case OPTS_FILE:
		err = file_open(out, place);
		break;
	case OPTS_SOCKET:
	case OPTS_TCP:
	case OPTS_NULL:
		break;
	}
	if (err)
		stream_char_close(out);
	return err;
}

void stream_char_close(struct stream_char *c)
{
	if (c->has_saved)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->saved);
	if (c->in > STDERR_FILENO)
		close(c->in);
	if (c->out > STDERR_FILENO && c->out != c->in)
		close(c->out);
	if (c->other >= 0)
		close(c->other);
	*c = (struct stream_char){ .in = -1, .out = -1, .other = -1 };
}
