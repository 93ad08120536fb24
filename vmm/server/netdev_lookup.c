// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The name of a host, resolved by a thread of its own: a server of names may be slow, and the
 * loop must not wait for it.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vmm/server/netdev_parts.h"

struct netdev_lookup {
	atomic_int users; /* the network and the thread; the last one frees it */
	int fd;		  /* readable when the results are there */
	struct netdev_address address;
	char *host, *port;
	bool listens;
	/* The results */
	int err;
	struct papr_error error;
	struct addrinfo *found;
};

void netdev_lookup_leave(struct netdev_lookup *l)
{
	if (atomic_fetch_sub(&l->users, 1) > 1)
		return;
	if (l->found)
		freeaddrinfo(l->found);
	papr_error_clear(&l->error);
	if (l->fd >= 0)
		close(l->fd);
	free(l->host);
	free(l->port);
	free(l);
}

static void *netdev_lookup_thread(void *arg)
{
	struct netdev_lookup *l = arg;

	l->err = netdev_address_find(&l->address, l->listens, &l->found, &l->error);
	eventfd_write(l->fd, 1);
	netdev_lookup_leave(l);
	return NULL;
}

static int netdev_lookup_start(struct netdev_lookup *l)
{
	pthread_t thread;
	int err;

	atomic_fetch_add(&l->users, 1);
	err = -pthread_create(&thread, NULL, netdev_lookup_thread, l);
	if (err)
		atomic_fetch_sub(&l->users, 1);
	else
		pthread_detach(thread);
	return err;
}

int netdev_lookup_begin(struct netdev_lookup **out, const struct netdev_address *address,
			bool listens)
{
	struct netdev_lookup *l = *out = calloc(1, sizeof(*l));
	int err = 0;

	if (!l)
		return -ENOMEM;
	atomic_init(&l->users, 1);
	l->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->host = strdup(address->host);
	l->port = strdup(address->port);
	l->address = *address;
	l->address.host = l->host;
	l->address.port = l->port;
	l->listens = listens;
	if (l->fd < 0)
		err = -errno;
	else if (!l->host || !l->port)
		err = -ENOMEM;
	else
		err = netdev_lookup_start(l);
	if (!err)
		return 0;
	netdev_lookup_leave(l);
	*out = NULL;
	return err;
}

int netdev_lookup_fd(const struct netdev_lookup *l)
{
	return l->fd;
}

int netdev_lookup_take(struct netdev_lookup *l, struct addrinfo **found,
		       struct papr_error *error)
{
	eventfd_t times;

	if (eventfd_read(l->fd, &times))
		return -errno;
	*found = l->found;
	*error = l->error;
	l->found = NULL;
	l->error = (struct papr_error){ 0 };
	return l->err;
}
