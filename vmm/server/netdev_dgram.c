// SPDX-License-Identifier: GPL-2.0-or-later
/* Datagrams: between two sockets, or of a multicast group */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/server/netdev_parts.h"

/* Drop one datagram. As in QEMU, an empty one is the end. */
static void netdev_dgram_ready(void *arg, uint32_t events)
{
	struct netdev *nd = arg;
	uint8_t byte;
	ssize_t n = recv(nd->fd, &byte, sizeof(byte), MSG_DONTWAIT | MSG_TRUNC);
	bool waits = n < 0 && (errno == EAGAIN || errno == EINTR);

	if (n > 0 || (n < 0 && errno == ECONNREFUSED))
		return; /* the peer does not exist yet, or does no longer */
	if (!waits || (events & EPOLLHUP))
		loop_remove(nd->host->loop, nd->fd);
}

static int netdev_dgram_watch(struct netdev *nd, struct papr_error *error)
{
	int err = loop_add(nd->host->loop, nd->fd, EPOLLIN, netdev_dgram_ready, nd);

	return err ? netdev_refuse(error, err, "%s: Can't use file descriptor %d", nd->id,
				   nd->fd)
		   : 0;
}

static int netdev_dgram_socket(struct netdev *nd, int family, struct papr_error *error)
{
	nd->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return nd->fd < 0 ? netdev_refuse(error, -errno, "can't create datagram socket")
			  : 0;
}

static int netdev_dgram_bind(struct netdev *nd, const struct sockaddr_in *at,
			     struct papr_error *error)
{
	int one = 1, err = netdev_dgram_socket(nd, AF_INET, error);

	if (err)
		return err;
	if (setsockopt(nd->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		return netdev_refuse(error, -errno,
				     "can't set socket option SO_REUSEADDR");
	if (bind(nd->fd, (const struct sockaddr *)at, sizeof(*at)))
		return netdev_refuse(error, -errno, "can't bind ip=%s to socket",
				     inet_ntoa(at->sin_addr));
	return 0;
}

/* ---- Multicast -------------------------------------------------------------------------- */

/* own: the interface of this address, or NULL: the kernel's choice */
static int netdev_mcast_join(struct netdev *nd, const struct sockaddr_in *group,
			     const struct in_addr *own, struct papr_error *error)
{
	struct ip_mreq request = { .imr_multiaddr = group->sin_addr };
	int one = 1;

	if (own)
		request.imr_interface = *own;
	if (setsockopt(nd->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)))
		return netdev_refuse(error, -errno,
				     "can't add socket to multicast group %s",
				     inet_ntoa(group->sin_addr));
	if (setsockopt(nd->fd, IPPROTO_IP, IP_MULTICAST_LOOP, &one, sizeof(one)))
		return netdev_refuse(error, -errno,
				     "can't force multicast message to loopback");
	if (own && setsockopt(nd->fd, IPPROTO_IP, IP_MULTICAST_IF, own, sizeof(*own)))
		return netdev_refuse(error, -errno,
				     "can't set the default network send interface");
	return 0;
}

static int netdev_mcast_open(struct netdev *nd, const struct netdev_address *local,
			     const struct sockaddr_in *group, struct papr_error *error)
{
	bool has_own = local->type == NETDEV_INET;
	struct in_addr own;
	int err;

	/* QEMU has "fd", too, but reads the address of such a group from other members. */
	if (local->type != NETDEV_NO_ADDRESS && !has_own)
		return netdev_refuse(error, 0, "only support inet or fd type for local");
	if (has_own && !inet_aton(local->host, &own))
		return netdev_refuse(error, 0,
				     "localaddr '%s' is not a valid IPv4 address",
				     local->host);
	err = netdev_dgram_bind(nd, group, error);
	if (!err)
		err = netdev_mcast_join(nd, group, has_own ? &own : NULL, error);
	netdev_set_info(nd, "mcast=%s:%u", inet_ntoa(group->sin_addr),
			ntohs(group->sin_port));
	return err;
}

/* ---- Two sockets ------------------------------------------------------------------------ */

static int netdev_dgram_inet(struct netdev *nd, const struct netdev_address *local,
			     const struct sockaddr_in *remote, struct papr_error *error)
{
	char own[INET_ADDRSTRLEN], other[INET_ADDRSTRLEN];
	struct sockaddr_in at;
	int err = netdev_address_ipv4(local, &at, error);

	if (!err)
		err = netdev_dgram_bind(nd, &at, error);
	if (err)
		return err;
	inet_ntop(AF_INET, &at.sin_addr, own, sizeof(own));
	inet_ntop(AF_INET, &remote->sin_addr, other, sizeof(other));
	netdev_set_info(nd, "udp=%s:%u/%s:%u", own, ntohs(at.sin_port), other,
			ntohs(remote->sin_port));
	return 0;
}

static int netdev_dgram_unix(struct netdev *nd, const struct netdev_address *local,
			     const struct netdev_address *remote,
			     struct papr_error *error)
{
	/* Here "abstract" and "tight" have no effect, and a path must end with a NUL. */
	const struct netdev_address plain = { .path = local->path };
	const struct netdev_address *const both[] = { local, remote };
	struct sockaddr_un at;
	socklen_t len;
	int err;

	for (int i = 0; i < 2; i++)
		if (strlen(both[i]->path) >= sizeof(at.sun_path))
			return netdev_refuse(error, 0,
					     "UNIX socket path '%s' is too long",
					     both[i]->path);
	err = netdev_dgram_socket(nd, AF_UNIX, error);
	if (err)
		return err;
	netdev_address_unix(&plain, &at, &len);
	err = netdev_bind_unix(nd, nd->fd, local->path, &at, len);
	if (err)
		return netdev_refuse(error, err, "can't bind unix=%s to socket",
				     local->path);
	netdev_set_info(nd, "udp=%s:%s", local->path, remote->path);
	return 0;
}

static int netdev_dgram_fd(struct netdev *nd, const struct netdev_address *local,
			   struct papr_error *error)
{
	struct netdev_peer own;
	int fd;

	/* At start, no monitor can have named a descriptor. */
	if (!isdigit((unsigned char)*local->fd) && nd->host->servers)
		return netdev_refuse(error, 0,
				     "File descriptor named '%s' has not been found",
				     local->fd);
	fd = netdev_address_take(local->fd);
	if (fd == -EINVAL)
		return netdev_refuse(error, 0, "Invalid file descriptor number '%s'",
				     local->fd);
	if (fd < 0)
		return netdev_refuse(error, fd, "%s: Can't use file descriptor %s",
				     nd->id, local->fd);
	nd->fd = fd;
	if (netdev_peer_of(&own, fd, true))
		netdev_set_info(nd, "fd=%d", fd);
	else
		netdev_set_info(nd, "fd=%d %s", fd, own.is_unix ? "unix" : "inet");
	return 0;
}

static int netdev_dgram_check(const struct netdev_address *local,
			      const struct netdev_address *remote,
			      struct papr_error *error)
{
	bool has_remote = remote->type != NETDEV_NO_ADDRESS;

	if (local->type == NETDEV_NO_ADDRESS)
		return netdev_refuse(error, 0, "dgram requires local= parameter");
	if (has_remote && local->type == NETDEV_FD)
		return netdev_refuse(error, 0, "don't set remote with local.fd");
	if (has_remote && local->type != remote->type)
		return netdev_refuse(error, 0, "remote and local types must be the same");
	if (!has_remote && local->type != NETDEV_FD)
		return netdev_refuse(error, 0,
				     "type=inet or type=unix requires remote parameter");
	return local->type == NETDEV_VSOCK
		       ? netdev_refuse(error, 0, "only support inet or fd type for local")
		       : 0;
}

/* Return true for 224.0.0.0 to 239.255.255.255. */
static bool netdev_is_multicast(const struct in_addr *address)
{
	const uint8_t *bytes = (const uint8_t *)&address->s_addr;

	return bytes[0] >> 4 == 0xe;
}

int netdev_dgram_open(struct netdev *nd, const struct keyval *kv,
		      struct papr_error *error)
{
	struct netdev_address local, remote;
	struct sockaddr_in other = { 0 };
	int err = 0;

	netdev_address_read(&local, kv, "local");
	netdev_address_read(&remote, kv, "remote");
	if (remote.type == NETDEV_INET)
		err = netdev_address_ipv4(&remote, &other, error);
	if (err)
		return err;
	if (netdev_is_multicast(&other.sin_addr)) {
		err = netdev_mcast_open(nd, &local, &other, error);
		return err ? err : netdev_dgram_watch(nd, error);
	}
	err = netdev_dgram_check(&local, &remote, error);
	if (err)
		return err;
	if (local.type == NETDEV_INET)
		err = netdev_dgram_inet(nd, &local, &other, error);
	else if (local.type == NETDEV_UNIX)
		err = netdev_dgram_unix(nd, &local, &remote, error);
	else
		err = netdev_dgram_fd(nd, &local, error);
	return err ? err : netdev_dgram_watch(nd, error);
}
