// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vmm/server/file.h"
#include "vmm/server/stream_socket.h"

enum { MAX_WAITING = 4 };

static int address_of(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memcpy(address->sun_path, path, strlen(path));
	return 0;
}

int stream_socket_connect(const char *path, int flags)
{
	struct sockaddr_un address;
	int err = address_of(&address, path), fd;

	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Remove the socket of a server that did not clean up. Nothing else may be replaced. */
static int make_way(const char *path)
{
	struct stat st;
	int fd;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EADDRINUSE;
	fd = stream_socket_connect(path, SOCK_NONBLOCK);
	if (fd >= 0)
		close(fd);
	if (fd != -ECONNREFUSED)
		return fd == -EACCES ? -EACCES : -EADDRINUSE;
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

static int bind_to(int fd, const char *path)
{
	struct sockaddr_un address;
	int err = address_of(&address, path);
	mode_t before;

	if (err)
		return err;
	before = umask(0177); /* so that other users can never connect */
	err = bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(before);
	return err;
}

static int listen_at(struct stream_socket *out, const char *path)
{
	struct stat st;
	int err = make_way(path);

	if (err)
		return err;
	out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out->fd < 0)
		return -errno;
	err = bind_to(out->fd, path);
	if (!err && !lstat(path, &st)) {
		out->path = realpath(path, NULL);
		out->device = st.st_dev;
		out->inode = st.st_ino;
	}
	if (!err && listen(out->fd, MAX_WAITING))
		err = -errno;
	if (err)
		stream_socket_close(out);
	return err;
}

/* Use a descriptor that papr-vmm inherited. It must be a unix socket, which listens if it
 * has to. */
static int take_over(int fd, bool listens)
{
	int is_listener = 0;
	socklen_t len = sizeof(is_listener);
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	int err;

	if (getsockname(fd, (struct sockaddr *)&address, &size))
		return -errno;
	if (address.ss_family != AF_UNIX)
		return -ENOTSOCK;
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listener, &len))
		return -errno;
	if (listens != (is_listener != 0))
		return -EINVAL;
	err = file_take_over(fd);
	if (!err && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		err = -errno;
	return err ? err : fd;
}

int stream_socket_open(struct stream_socket *out, const struct opts_server *place)
{
	int fd;

	*out = (struct stream_socket){ .fd = -1 };
	if (place->path && place->listens)
		return listen_at(out, place->path);
	/* connect() may block here, because nothing is served yet. */
	if (place->path)
		fd = stream_socket_connect(place->path, 0);
	else
		fd = place->is_own ? place->fd : take_over(place->fd, place->listens);
	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

void stream_socket_close(struct stream_socket *socket)
{
	struct stat st;

	if (socket->fd >= 0)
		close(socket->fd);
	if (socket->path && !lstat(socket->path, &st) && st.st_dev == socket->device &&
	    st.st_ino == socket->inode)
		unlink(socket->path);
	free(socket->path);
	*socket = (struct stream_socket){ .fd = -1 };
}

/* The guest's root may have the caller's user id, but in another user namespace. */
static bool stream_socket_is_own(pid_t pid)
{
	struct stat own, other;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	return !stat("/proc/self/ns/user", &own) && !stat(path, &other) &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

bool stream_socket_is_outside(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return false;
	/* A root that is not ours is this computer's: guests do not have it. */
	return (!peer.uid && geteuid()) ||
	       (peer.uid == geteuid() && stream_socket_is_own(peer.pid));
}
