// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/server/file.h"
#include "vmm/server/netdev_parts.h"

/* ---- Options ---------------------------------------------------------------------------- */

static const char *netdev_text(const struct keyval *kv, const char *owner,
			       const char *name)
{
	char full[64];

	snprintf(full, sizeof(full), "%s.%s", owner, name);
	return keyval_get(kv, full);
}

static enum netdev_switch netdev_switch(const struct keyval *kv, const char *owner,
					const char *name)
{
	const char *word = netdev_text(kv, owner, name);
	bool on;

	if (!word || word_bool(word, &on))
		return NETDEV_UNSET;
	return on ? NETDEV_ON : NETDEV_OFF;
}

static enum netdev_address_type netdev_type_of(const char *word)
{
	static const char *const words[] = { [NETDEV_FD] = "fd",
					     [NETDEV_INET] = "inet",
					     [NETDEV_UNIX] = "unix",
					     [NETDEV_VSOCK] = "vsock" };

	for (int i = NETDEV_FD; word && i <= NETDEV_VSOCK; i++)
		if (!strcmp(words[i], word))
			return (enum netdev_address_type)i;
	return NETDEV_NO_ADDRESS;
}

void netdev_address_read(struct netdev_address *out, const struct keyval *kv,
			 const char *name)
{
	const char *to = netdev_text(kv, name, "to");
	uint64_t last = 0;

	if (to)
		word_u64(to, &last);
	*out = (struct netdev_address){
		.type = netdev_type_of(netdev_text(kv, name, "type")),
		.host = netdev_text(kv, name, "host"),
		.port = netdev_text(kv, name, "port"),
		.path = netdev_text(kv, name, "path"),
		.fd = netdev_text(kv, name, "str"),
		.ipv4 = netdev_switch(kv, name, "ipv4"),
		.ipv6 = netdev_switch(kv, name, "ipv6"),
		.is_numeric = netdev_switch(kv, name, "numeric") == NETDEV_ON,
		.keep_alive = netdev_switch(kv, name, "keep-alive") == NETDEV_ON,
		.mptcp = netdev_switch(kv, name, "mptcp") == NETDEV_ON,
		.last_port = (uint16_t)last,
		.is_abstract = netdev_switch(kv, name, "abstract") == NETDEV_ON,
		.is_loose = netdev_switch(kv, name, "tight") == NETDEV_OFF,
	};
}

/* ---- Addresses to connect to, or to listen at ------------------------------------------- */

/* An abstract name begins with a NUL, and has the size of its text, or of the whole
 * field. */
int netdev_address_unix(const struct netdev_address *address, struct sockaddr_un *out,
			socklen_t *len)
{
	size_t skip = address->is_abstract ? 1 : 0, n = strlen(address->path);

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n > sizeof(out->sun_path) - skip)
		return -ENAMETOOLONG;
	memcpy(out->sun_path + skip, address->path, n);
	*len = sizeof(*out);
	if (address->is_abstract && !address->is_loose)
		*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n);
	return 0;
}

/* Return the family that these switches permit. */
static int netdev_family(const struct netdev_address *address)
{
	if (address->ipv4 == NETDEV_ON && address->ipv6 == NETDEV_ON)
		return *address->host ? AF_UNSPEC : AF_INET6;
	if (address->ipv6 == NETDEV_ON || address->ipv4 == NETDEV_OFF)
		return AF_INET6;
	return address->ipv4 == NETDEV_ON || address->ipv6 == NETDEV_OFF ? AF_INET
									 : AF_UNSPEC;
}

int netdev_address_find(const struct netdev_address *address, bool listens,
			struct addrinfo **out, struct papr_error *error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_family = netdev_family(address) };
	const char *host = address->host, *port = address->port;
	int rc;

	*out = NULL;
	if (address->ipv4 == NETDEV_OFF && address->ipv6 == NETDEV_OFF)
		return netdev_refuse(error, 0,
				     "Cannot disable IPv4 and IPv6 at same time");
	if (listens && address->keep_alive)
		return netdev_refuse(
			error, 0,
			"keep-alive option is not supported for passive sockets");
	hints.ai_flags = listens ? AI_PASSIVE : AI_ADDRCONFIG | AI_V4MAPPED;
	if (listens && address->is_numeric)
		hints.ai_flags |= AI_NUMERICHOST | AI_NUMERICSERV;
	rc = getaddrinfo(listens && !*host ? NULL : host, listens && !*port ? NULL : port,
			 &hints, out);
	if (!rc)
		return 0;
	*out = NULL;
	return netdev_refuse(error, 0, "address resolution failed for %s:%s: %s", host,
			     port, gai_strerror(rc));
}

static int netdev_find_ipv4(const char *host, struct in_addr *out,
			    struct papr_error *error)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;

	out->s_addr = INADDR_ANY;
	if (!*host)
		return 0;
	if (isdigit((unsigned char)*host))
		return inet_aton(host, out)
			       ? 0
			       : netdev_refuse(error, 0,
					       "host address '%s' is not a valid IPv4 "
					       "address",
					       host);
	if (getaddrinfo(host, NULL, &hints, &found))
		return netdev_refuse(error, 0, "can't resolve host address '%s'", host);
	*out = ((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr;
	freeaddrinfo(found);
	return 0;
}

int netdev_address_ipv4(const struct netdev_address *address, struct sockaddr_in *out,
			struct papr_error *error)
{
	uint64_t port;
	int err;

	*out = (struct sockaddr_in){ .sin_family = AF_INET };
	err = netdev_find_ipv4(address->host, &out->sin_addr, error);
	if (err)
		return err;
	if (word_u64(address->port, &port) || port > UINT16_MAX)
		return netdev_refuse(error, 0, "port number '%s' is invalid",
				     address->port);
	out->sin_port = htons((uint16_t)port);
	return 0;
}

int netdev_address_take(const char *number)
{
	socklen_t len = sizeof(int);
	int type, err;
	uint64_t fd;

	if (word_u64(number, &fd) || fd > INT_MAX)
		return -EINVAL;
	if (getsockopt((int)fd, SOL_SOCKET, SO_TYPE, &type, &len))
		return -errno;
	err = file_take_over((int)fd);
	return err ? err : (int)fd;
}

/* ---- Addresses of sockets --------------------------------------------------------------- */

/* The kernel ends the path of a file with a NUL, unless it fills the field. */
static void netdev_peer_unix(struct netdev_peer *out, const struct sockaddr_un *address,
			     socklen_t size)
{
	size_t n = size > offsetof(struct sockaddr_un, sun_path)
			   ? size - offsetof(struct sockaddr_un, sun_path)
			   : 0;
	size_t skip = n && !*address->sun_path ? 1 : 0;

	if (n > sizeof(address->sun_path))
		n = sizeof(address->sun_path);
	out->is_unix = true;
	out->is_abstract = skip;
	out->is_tight = skip && n < sizeof(address->sun_path);
	n = n > skip ? strnlen(address->sun_path + skip, n - skip) : 0;
	memcpy(out->path, address->sun_path + skip, n);
}

int netdev_peer_of(struct netdev_peer *out, int fd, bool own)
{
	union {
		struct sockaddr any;
		struct sockaddr_un path;
		struct sockaddr_storage storage;
	} address = { 0 };
	socklen_t size = sizeof(address);

	*out = (struct netdev_peer){ 0 };
	if (own ? getsockname(fd, &address.any, &size)
		: getpeername(fd, &address.any, &size))
		return -errno;
	if (address.any.sa_family == AF_UNIX) {
		netdev_peer_unix(out, &address.path, size);
		return 0;
	}
	out->is_ipv6 = address.any.sa_family == AF_INET6;
	return getnameinfo(&address.any, size, out->host, sizeof(out->host), out->port,
			   sizeof(out->port), NI_NUMERICHOST | NI_NUMERICSERV)
		       ? -EAFNOSUPPORT
		       : 0;
}

void netdev_peer_text(const struct netdev_peer *peer, char *out, size_t size)
{
	if (peer->is_unix)
		snprintf(out, size, "unix:%s", peer->path);
	else
		snprintf(out, size, "tcp:%s:%s", peer->host, peer->port);
}
