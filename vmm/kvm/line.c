// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

#include "vmm/kvm/line.h"
#include "vmm/server/buffer.h"

/* Output that waits for its reader */
enum { LINE_OUTPUT_MAX = 16 << 20, LINE_INPUT = 1024 };

struct line {
	struct loop *loop;
	struct host *host;
	unsigned int n;
	int in, out;
	uint8_t input[LINE_INPUT]; /* read from in; the guest's queue was full */
	size_t input_len;
	bool in_ended;
	struct buffer output;
	bool watched;
	struct termios saved;
	bool has_saved;
};

static void line_ready(void *arg, uint32_t events);

/* Watch the descriptor in for what is possible now. Input is wanted if the guest has room
 * for it. The output is the same descriptor, or one that is written at once. */
static void line_watch(struct line *line)
{
	uint32_t events = line->input_len || line->in_ended ? 0 : EPOLLIN;

	if (line->in < 0)
		return;
	if (line->in == line->out && line->output.len)
		events |= EPOLLOUT;
	if (!events && line->watched)
		loop_remove(line->loop, line->in);
	else if (events && line->watched)
		loop_change(line->loop, line->in, events);
	else if (events && loop_add(line->loop, line->in, events, line_ready, line))
		return;
	line->watched = events;
}

/* Pass on what the guest accepts. */
static void line_type(struct line *line)
{
	size_t n = papr_vmm_console_input(line->host->vmm, line->n, line->input,
					  line->input_len);

	line->input_len -= n;
	memmove(line->input, line->input + n, line->input_len);
}

static void line_flush(struct line *line)
{
	while (line->output.len) {
		ssize_t n =
			write(line->out, buffer_bytes(&line->output), line->output.len);

		if (n <= 0)
			break;
		buffer_take(&line->output, (size_t)n);
	}
}

static void line_ready(void *arg, uint32_t events)
{
	struct line *line = arg;

	if (events & EPOLLOUT)
		line_flush(line);
	if (events & ~(uint32_t)EPOLLOUT && !line->input_len) {
		ssize_t n = read(line->in, line->input, sizeof(line->input));

		if (n > 0)
			line->input_len = (size_t)n;
		else if (!n || (errno != EAGAIN && errno != EINTR))
			line->in_ended = true;
		line_type(line);
	}
	line_watch(line);
}

void line_was_read(struct line *line)
{
	if (line->input_len)
		line_type(line);
	line_watch(line);
}

void line_print(struct line *line, const void *text, size_t len)
{
	if (line->out < 0 || line->output.len + len > LINE_OUTPUT_MAX)
		return;
	if (!buffer_put(&line->output, text, len))
		line_flush(line);
	line_watch(line);
}

/* Let a terminal pass on each character. Signals of the keyboard still work. A process in
 * the background must not change its terminal. */
static void line_make_raw(struct line *line)
{
	struct termios raw;

	if (tcgetattr(line->in, &line->saved) || tcgetpgrp(line->in) != getpgrp())
		return;
	raw = line->saved;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON | ISTRIP);
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	line->has_saved = !tcsetattr(line->in, TCSADRAIN, &raw);
}

int line_open(struct line **out_line, struct loop *loop, struct host *host,
	      unsigned int n, int in, int out)
{
	struct line *line = calloc(1, sizeof(*line));

	if (!line)
		return -ENOMEM;
	line->loop = loop;
	line->host = host;
	line->n = n;
	line->in = in;
	line->out = out;
	if (in == out && in >= 0)
		fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	if (in >= 0)
		line_make_raw(line);
	line_watch(line);
	*out_line = line;
	return 0;
}

void line_close(struct line *line)
{
	if (!line)
		return;
	if (line->watched)
		loop_remove(line->loop, line->in);
	if (line->has_saved)
		tcsetattr(line->in, TCSADRAIN, &line->saved);
	buffer_free(&line->output);
	free(line);
}
