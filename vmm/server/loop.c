// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "vmm/server/loop.h"

enum { READY_AT_ONCE = 32 };

/* epoll points to these. One that is removed during a batch of ready descriptors is
 * marked as dead, and freed after the batch. */
struct watch {
	struct watch *next;
	int fd;
	loop_fn *fn; /* NULL: dead */
	void *arg;
};

struct loop {
	int epoll_fd;
	struct watch *watches;
	bool ended;
	int result;
	pthread_mutex_t lock; /* held, except while the loop waits */
};

int loop_new(struct loop **out)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		int err = -errno;

		free(loop);
		return err;
	}
	pthread_mutex_init(&loop->lock, NULL);
	loop_lock(loop);
	*out = loop;
	return 0;
}

void loop_lock(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
}

void loop_unlock(struct loop *loop)
{
	pthread_mutex_unlock(&loop->lock);
}

static void bury_dead(struct loop *loop)
{
	struct watch **link = &loop->watches, *w;

	while ((w = *link)) {
		if (w->fn) {
			link = &w->next;
			continue;
		}
		*link = w->next;
		free(w);
	}
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (struct watch *w = loop->watches; w; w = w->next)
		w->fn = NULL;
	bury_dead(loop);
	loop_unlock(loop);
	pthread_mutex_destroy(&loop->lock);
	close(loop->epoll_fd);
	free(loop);
}

static struct watch *find_watch(const struct loop *loop, int fd)
{
	struct watch *w = loop->watches;

	while (w && (w->fd != fd || !w->fn))
		w = w->next;
	return w;
}

int loop_add(struct loop *loop, int fd, uint32_t events, loop_fn *fn, void *arg)
{
	struct epoll_event event = { .events = events };
	struct watch *w = malloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	event.data.ptr = w;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event)) {
		int err = -errno;

		free(w);
		return err;
	}
	*w = (struct watch){ .next = loop->watches, .fd = fd, .fn = fn, .arg = arg };
	loop->watches = w;
	return 0;
}

int loop_change(struct loop *loop, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };

	event.data.ptr = find_watch(loop, fd);
	if (!event.data.ptr)
		return -ENOENT;
	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) ? -errno : 0;
}

void loop_remove(struct loop *loop, int fd)
{
	struct watch *w = find_watch(loop, fd);

	if (!w)
		return;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	w->fn = NULL;
}

int loop_run_once(struct loop *loop)
{
	struct epoll_event ready[READY_AT_ONCE];
	int n, err;

	loop_unlock(loop);
	n = epoll_wait(loop->epoll_fd, ready, READY_AT_ONCE, -1);
	err = n < 0 && errno != EINTR ? -errno : 0;
	loop_lock(loop);
	if (err)
		return err;
	for (int i = 0; i < n && !loop->ended; i++) {
		const struct watch *w = ready[i].data.ptr;

		if (w->fn)
			w->fn(w->arg, ready[i].events);
	}
	bury_dead(loop);
	return 0;
}

int loop_run(struct loop *loop)
{
	int err = 0;

	while (!loop->ended && !err)
		err = loop_run_once(loop);
	return err ? err : loop->result;
}

void loop_end(struct loop *loop, int result)
{
	loop->ended = true;
	loop->result = result;
}
