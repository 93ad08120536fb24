// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "kern/cleanup.h"
#include "kern/uevent.h"

enum {
	KERNEL_EVENTS = 1, /* multicast group; group 2 has udevd's events */
	BUFFER_BYTES = 4 << 20,
};

int uevents_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = KERNEL_EVENTS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int bytes = BUFFER_BYTES;

	/* A host bridge has hundreds of events at once. Without the right to force it, Linux
	 * gives as much as it permits. */
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		cleanup_close(&fd);
		return -errno;
	}
	return fd < 0 ? -errno : fd;
}

int uevents_wait(int fd, const struct deadline *dl, int stop_fd)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	char event[8192];

	for (;;) {
		int n = poll(fds, 2, deadline_left_ms(dl));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && fds[1].revents)
			return -EINTR;
		/* An overrun (ENOBUFS) also means that something happened. */
		if (n > 0 && (recv(fd, event, sizeof(event), 0) >= 0 || errno == ENOBUFS))
			return 1;
		if (deadline_has_passed(dl))
			return 0;
	}
}

/* Read one word: "ACTION=add" and others, each with a NUL. */
static void uevent_parse_word(struct uevent *event, const char *word)
{
	if (!strncmp(word, "ACTION=", 7))
		snprintf(event->action, sizeof(event->action), "%s", word + 7);
	else if (!strncmp(word, "DEVPATH=", 8))
		snprintf(event->path, sizeof(event->path), "%s", word + 8);
	else if (!strncmp(word, "SUBSYSTEM=", 10))
		snprintf(event->subsystem, sizeof(event->subsystem), "%s", word + 10);
}

int uevents_read(int fd, struct uevent *event)
{
	char text[8192];
	ssize_t n;

	*event = (struct uevent){ 0 };
	do
		n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ENOBUFS ? 1 : errno == EAGAIN ? 0 : -errno;
	text[n] = '\0';
	for (const char *word = text; word < text + n; word += strlen(word) + 1)
		uevent_parse_word(event, word);
	return 1;
}
