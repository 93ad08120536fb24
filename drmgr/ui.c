// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "drmgr/ui.h"

/* '@' stands for the slot. */
static const char *const questions[] = {
	[DR_ASK_IDENTIFY] = "The visual indicator for the PCI slot @\n"
			    "has been set to the identify state. Press Enter to\n"
			    "continue or enter x to exit.\n",
	[DR_ASK_INSERT] = "The visual indicator for the PCI slot @\n"
			  "has been set to the action state. Insert the PCI\n"
			  "card into the identified slot, connect any devices\n"
			  "to be configured and press Enter to continue.\n"
			  "Enter x to exit.\n",
	[DR_ASK_STILL_MISSING] =
		"The card still does not appear to be present\n"
		"press Enter to continue to wait or enter 'x' to exit.\n",
	[DR_ASK_REMOVE] = "The visual indicator for the specified PCI slot has\n"
			  "been set to the action state. Remove the PCI card\n"
			  "from the identified slot and press Enter to continue.\n",
	[DR_ASK_REPLACE] = "The visual indicator for the specified PCI slot @\n"
			   "has been set to the action state. Replace the PCI\n"
			   "card in the identified slot and press Enter to continue.\n"
			   "Enter x to exit. Exiting now leaves the PCI slot\n"
			   "in the removed state.\n",
};

/* One byte at a time: what follows the line belongs to the next question. */
static int read_line(int stop_fd, size_t *len)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	ssize_t n;
	char c;

	for (*len = 0;; ++*len) {
		if (poll(fds, 2, -1) < 0)
			return -errno;
		if (fds[1].revents)
			return -EINTR;
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0)
			return -errno;
		if (!n || c == '\n')
			return n > 0;
	}
}

int ui_ask(enum dr_prompt prompt, const char *slot, int stop_fd)
{
	size_t len;
	int ended;

	for (const char *q = questions[prompt]; *q; q++)
		if (*q == '@')
			fputs(slot, stdout);
		else
			putchar(*q);
	fflush(stdout);

	ended = read_line(stop_fd, &len);
	if (ended == -EINTR)
		return ended;
	return ended > 0 && !len;
}
