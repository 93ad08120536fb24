/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netdev_parts.h - what the parts of the networks share
 *
 * netdev.c has the common part, netdev_check.c the rules for options, netdev_address.c the
 * addresses, netdev_lookup.c names of hosts, netdev_stream.c and netdev_dgram.c the two types.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "vmm/server/loop.h"
#include "vmm/server/netdev.h"

enum netdev_address_type {
	NETDEV_NO_ADDRESS,
	NETDEV_FD,
	NETDEV_INET,
	NETDEV_UNIX,
	NETDEV_VSOCK
};

enum netdev_switch { NETDEV_UNSET, NETDEV_OFF, NETDEV_ON };

/* An address among the options. Its texts are theirs. */
struct netdev_address {
	enum netdev_address_type type;
	const char *host, *port;
	const char *path;
	const char *fd; /* its number */
	enum netdev_switch ipv4, ipv6;
	bool is_numeric, keep_alive, mptcp;
	uint16_t last_port; /* of those to try; 0: only one */
	bool is_abstract, is_loose;
};

struct netdev_lookup;

struct netdev {
	struct host *host;
	const char *id;
	char info[256];
	int fd; /* the connection, or the socket of datagrams; -1: none */
	/* The file of a unix socket, removed at the end if it is still ours; or NULL */
	char *path;
	dev_t device;
	ino_t inode;

	/* A stream */
	struct netdev_address address;
	bool is_server;
	int listen_fd; /* -1: none */
	int timer_fd;  /* until the next attempt; -1: none */
	uint64_t reconnect_ms;
	bool has_used_fd;
	char *absolute_path; /* of the unix socket to connect to; NULL: as it is */
	struct netdev_lookup *lookup; /* the host's name is being resolved */
	struct addrinfo *found;	      /* what the host's name resolved to */
	struct addrinfo *next;	      /* the one to try next */
	uint8_t header[4];	      /* the size of a packet, big-endian */
	uint32_t n_header, n_packet, packet_bytes;
};

/* ---- netdev.c --------------------------------------------------------------------------- */

void netdev_set_info(struct netdev *netdev, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Set the text of an error, with that of err if it is not 0. Return err, or -EINVAL. */
int netdev_refuse(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Bind a unix socket. Another socket at this path is replaced; other files are not. */
int netdev_bind_unix(struct netdev *netdev, int fd, const char *path,
		     const struct sockaddr_un *address, socklen_t len);
/* Stop watching a descriptor, and close it. */
void netdev_drop(const struct netdev *netdev, int *fd);
/* Stop waiting for the name of a host. */
void netdev_drop_lookup(struct netdev *netdev);

/* ---- netdev_check.c --------------------------------------------------------------------- */

int netdev_check(const struct keyval *kv, struct papr_error *error);

/* ---- netdev_address.c ------------------------------------------------------------------- */

/* Read the address with this name, which was checked. */
void netdev_address_read(struct netdev_address *out, const struct keyval *kv,
			 const char *name);
/* Write a unix address. *len receives its size. Fails with -ENAMETOOLONG. */
int netdev_address_unix(const struct netdev_address *address, struct sockaddr_un *out,
			socklen_t *len);
/* Resolve the address of a stream. error receives the text of a failure. Can wait for a
 * server of names. */
int netdev_address_find(const struct netdev_address *address, bool listens,
			struct addrinfo **out, struct papr_error *error);
/* Convert the address of datagrams. Can wait for a server of names. */
int netdev_address_ipv4(const struct netdev_address *address, struct sockaddr_in *out,
			struct papr_error *error);
/* Take over a socket that papr-vmm inherited, by its number. Return it, or -EINVAL (not a
 * number) or another error. */
int netdev_address_take(const char *number);

/* Read the address of a socket: its own, or that of its peer. */
int netdev_peer_of(struct netdev_peer *out, int fd, bool own);
/* Write "tcp:HOST:PORT" or "unix:PATH". */
void netdev_peer_text(const struct netdev_peer *peer, char *out, size_t size);

/* ---- netdev_lookup.c -------------------------------------------------------------------- */

/* Let another thread resolve an address of the type NETDEV_INET. Return 0 or -errno. */
int netdev_lookup_begin(struct netdev_lookup **out, const struct netdev_address *address,
			bool listens);
/* Return a descriptor that becomes readable at the end of that. */
int netdev_lookup_fd(const struct netdev_lookup *lookup);
/* Return the results, once, when the descriptor is readable: those of
 * netdev_address_find(). */
int netdev_lookup_take(struct netdev_lookup *lookup, struct addrinfo **found,
		       struct papr_error *error);
/* Forget it, even before its end. */
void netdev_lookup_leave(struct netdev_lookup *lookup);

/* ---- The types -------------------------------------------------------------------------- */

int netdev_stream_open(struct netdev *netdev, const struct keyval *kv,
		       struct papr_error *error);
int netdev_dgram_open(struct netdev *netdev, const struct keyval *kv,
		      struct papr_error *error);
