// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/server/netdev_parts.h"

void netdev_set_info(struct netdev *netdev, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(netdev->info, sizeof(netdev->info), format, ap);
	va_end(ap);
}

int netdev_refuse(struct papr_error *error, int err, const char *format, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0)
		return -ENOMEM;
	if (error->text) {
		free(text);
	} else if (!err) {
		error->text = text;
	} else {
		if (asprintf(&error->text, "%s: %s", text, strerror(-err)) < 0)
			error->text = NULL;
		free(text);
	}
	return err ? err : -EINVAL;
}

int netdev_bind_unix(struct netdev *netdev, int fd, const char *path,
		     const struct sockaddr_un *address, socklen_t len)
{
	bool has_file = address->sun_path[0];
	struct stat st;

	if (has_file && !lstat(path, &st) && S_ISSOCK(st.st_mode) && unlink(path) &&
	    errno != ENOENT)
		return -errno;
	if (bind(fd, (const struct sockaddr *)address, len))
		return -errno;
	if (!has_file || lstat(path, &st))
		return 0;
	netdev->path = realpath(path, NULL);
	netdev->device = st.st_dev;
	netdev->inode = st.st_ino;
	return 0;
}

void netdev_drop(const struct netdev *netdev, int *fd)
{
	if (*fd < 0)
		return;
	loop_remove(netdev->host->loop, *fd);
	close(*fd);
	*fd = -1;
}

void netdev_drop_lookup(struct netdev *netdev)
{
	if (!netdev->lookup)
		return;
	loop_remove(netdev->host->loop, netdev_lookup_fd(netdev->lookup));
	netdev_lookup_leave(netdev->lookup);
	netdev->lookup = NULL;
}

bool netdev_has_sockets(const char *type)
{
	return !strcmp(type, "stream") || !strcmp(type, "dgram");
}

int netdev_open(struct netdev **out, struct host *host, const char *id,
		const struct keyval *kv, struct papr_error *error)
{
	const char *type = keyval_get(kv, "type");
	struct netdev *netdev;
	int err = netdev_has_sockets(type) ? netdev_check(kv, error) : 0;

	*out = NULL;
	if (err || !netdev_has_sockets(type) || !host->loop)
		return err;
	netdev = calloc(1, sizeof(*netdev));
	if (!netdev)
		return netdev_refuse(error, -ENOMEM, "%s", id);
	netdev->host = host;
	netdev->id = id;
	netdev->fd = netdev->listen_fd = netdev->timer_fd = -1;
	err = *type == 's' ? netdev_stream_open(netdev, kv, error)
			   : netdev_dgram_open(netdev, kv, error);
	if (!err)
		*out = netdev;
	else
		netdev_close(netdev);
	return err;
}

void netdev_close(struct netdev *netdev)
{
	struct stat st;

	if (!netdev)
		return;
	netdev_drop(netdev, &netdev->fd);
	netdev_drop(netdev, &netdev->listen_fd);
	netdev_drop(netdev, &netdev->timer_fd);
	netdev_drop_lookup(netdev);
	if (netdev->path && !lstat(netdev->path, &st) && st.st_dev == netdev->device &&
	    st.st_ino == netdev->inode)
		unlink(netdev->path);
	free(netdev->path);
	free(netdev->absolute_path);
	if (netdev->found)
		freeaddrinfo(netdev->found);
	free(netdev);
}

const char *netdev_info(const struct netdev *netdev)
{
	return netdev->info;
}
