// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "drmgr/ui.h"

/* '@' stands for the slot. */
static const char *const questions[] = {
	[DR_PROMPT_IDENTIFY] = "The visual indicator for the PCI slot @\n"
			       "has been set to the identify state. Press Enter to\n"
			       "continue or enter x to exit.\n",
	[DR_PROMPT_INSERT] = "The visual indicator for the PCI slot @\n"
			     "has been set to the action state. Insert the PCI\n"
			     "card into the identified slot, connect any devices\n"
			     "to be configured and press Enter to continue.\n"
			     "Enter x to exit.\n",
	[DR_PROMPT_STILL_MISSING] =
		"The card still does not appear to be present\n"
		"press Enter to continue to wait or enter 'x' to exit.\n",
	[DR_PROMPT_REMOVE] = "The visual indicator for the specified PCI slot has\n"
			     "been set to the action state. Remove the PCI card\n"
			     "from the identified slot and press Enter to continue.\n",
	[DR_PROMPT_REPLACE] = "The visual indicator for the specified PCI slot @\n"
			      "has been set to the action state. Replace the PCI\n"
			      "card in the identified slot and press Enter to continue.\n"
			      "Enter x to exit. Exiting now leaves the PCI slot\n"
			      "in the removed state.\n",
};

/* Return 1 and a byte, 0 at the end of input or if it cannot be read, or -EINTR. */
static int read_byte(int stop_fd, char *c)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	ssize_t n;

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			n = -1;
		else if (fds[1].revents)
			return -EINTR;
		else
			n = read(STDIN_FILENO, c, 1);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n > 0;
	}
}

/* One byte at a time: what follows the line belongs to the next question. Return the
 * length, or a negative error. The last line may have no line end. */
static int read_line(int stop_fd)
{
	int len = 0, got;
	char c = 0;

	while ((got = read_byte(stop_fd, &c)) > 0 && c != '\n')
		len += len < INT_MAX;
	if (got < 0)
		return got;
	return got || len ? len : -ENODATA;
}

int ui_ask(enum dr_prompt prompt, const char *slot, int stop_fd)
{
	int len;

	for (const char *q = questions[prompt]; *q; q++)
		if (*q == '@')
			fputs(slot, stdout);
		else
			putchar(*q);
	fflush(stdout);

	len = read_line(stop_fd);
	return len < 0 ? len : !len;
}
