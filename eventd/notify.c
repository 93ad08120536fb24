// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <stddef.h>
#include <sys/un.h>
#include <time.h>

#include "cli/common.h"
#include "eventd/notify.h"

/* Return a number of the environment; 0: none. */
static int64_t notify_number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long long n;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	return *end || errno ? 0 : n;
}

/* Connect to a path, or to an abstract name, which begins with '@'. */
static int notify_connect(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if ((*path != '/' && *path != '@') || len >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, len);
	if (*path == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&to,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void notify_open(struct notify *notify)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int64_t pid = notify_number("WATCHDOG_PID");

	*notify = (struct notify){ .fd = path ? notify_connect(path) : -1 };
	if (notify->fd >= 0 && (!pid || pid == getpid()))
		notify->watchdog_ms = notify_number("WATCHDOG_USEC") / 1000;
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

void notify_send(const struct notify *notify, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	if (notify->fd < 0)
		return;
	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	if (text)
		(void)send(notify->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void notify_reloading(const struct notify *notify)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	notify_send(notify, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}
