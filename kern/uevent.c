// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include "kern/cleanup.h"
#include "kern/uevent.h"

enum { KERNEL_EVENTS = 1 }; /* multicast group; group 2 is what udevd makes of them */

int uevents_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = KERNEL_EVENTS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

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
		/* An overrun (ENOBUFS) is news as well. */
		if (n > 0 && (recv(fd, event, sizeof(event), 0) >= 0 || errno == ENOBUFS))
			return 1;
		if (deadline_has_passed(dl))
			return 0;
	}
}
