// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "drmgr/ui.h"

/* '@' is replaced by the slot. */
static const char *const questions[] = {
	[DR_PROMPT_IDENTIFY] = "The visual indicator for the PCI slot <@>\n"
			       "has been set to the identify state. Press Enter to\n"
			       "continue or enter x to exit.\n",
	[DR_PROMPT_INSERT] = "The visual indicator for the PCI slot <@>\n"
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
	[DR_PROMPT_REPLACE] = "The visual indicator for the specified PCI slot <@>\n"
			      "has been set to the action state. Replace the PCI\n"
			      "card in the identified slot and press Enter to continue.\n"
			      "Enter x to exit. Exiting now leaves the PCI slot\n"
			      "in the removed state.\n",
};

/* Read a byte. Return 1, 0 at the end of input or if it cannot be read, or -EINTR. */
static int ui_read_byte(int stop_fd, char *c)
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

/* Read one byte at a time: the next prompt needs what follows the line. Return the
 * length, or a negative errno. The last line may have no LF. */
static int ui_read_line(int stop_fd)
{
	int len = 0, got;
	char c = 0;

	while ((got = ui_read_byte(stop_fd, &c)) > 0 && c != '\n')
		len += len < INT_MAX;
	if (got < 0)
		return got;
	return got || len ? len : -ENODATA;
}

int ui_prompt(enum dr_prompt prompt, const char *slot, int stop_fd)
{
	int len;

	for (const char *q = questions[prompt]; *q; q++)
		if (*q == '@')
			fputs(slot, stdout);
		else
			putchar(*q);
	fflush(stdout);

	len = ui_read_line(stop_fd);
	return len < 0 ? len : !len;
}
