// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vmm/server/host_thread.h"

struct host_threads {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ending;
	size_t n;
	struct thread {
		struct host_threads *all;
		uint32_t cpu;
		pid_t id; /* 0: not started yet */
		pthread_t thread;
	} * *list; /* their addresses do not change */
};

static void *sleep_until_end(void *arg)
{
	struct thread *self = arg;
	struct host_threads *all = self->all;
	char name[16];

	snprintf(name, sizeof(name), "CPU %u", self->cpu);
	pthread_setname_np(pthread_self(), name);
	pthread_mutex_lock(&all->lock);
	self->id = gettid();
	pthread_cond_broadcast(&all->changed);
	while (!all->ending)
		pthread_cond_wait(&all->changed, &all->lock);
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

/* Start the thread, without signals: they are the main thread's. */
static int start(struct thread *t)
{
	enum { STACK_BYTES = 64 << 10 };
	sigset_t all, before;
	pthread_attr_t attributes;
	int err = pthread_attr_init(&attributes);

	if (err)
		return -err;
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&t->thread, &attributes, sleep_until_end, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	if (err)
		return -err;
	pthread_mutex_lock(&t->all->lock);
	while (!t->id)
		pthread_cond_wait(&t->all->changed, &t->all->lock);
	pthread_mutex_unlock(&t->all->lock);
	return 0;
}

/* Return all threads, which may be none, or NULL without memory. */
static struct host_threads *threads_of(struct host *host)
{
	if (host->threads)
		return host->threads;
	host->threads = calloc(1, sizeof(*host->threads));
	if (host->threads) {
		pthread_mutex_init(&host->threads->lock, NULL);
		pthread_cond_init(&host->threads->changed, NULL);
	}
	return host->threads;
}

static struct thread *add(struct host_threads *all, uint32_t cpu)
{
	struct thread *t = calloc(1, sizeof(*t));
	struct thread **list =
		reallocarray(all->list, all->n + 1, sizeof(struct thread *));

	if (list)
		all->list = list;
	if (!t || !list) {
		free(t);
		return NULL;
	}
	*t = (struct thread){ .all = all, .cpu = cpu };
	if (start(t)) {
		free(t);
		return NULL;
	}
	list[all->n++] = t;
	return t;
}

pid_t host_thread(struct host *host, uint32_t cpu)
{
	struct host_threads *all = threads_of(host);
	struct thread *t;

	if (!all)
		return getpid();
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i]->cpu == cpu)
			return all->list[i]->id;
	t = add(all, cpu);
	return t ? t->id : getpid();
}

void host_threads_end(struct host *host)
{
	struct host_threads *all = host->threads;

	if (!all)
		return;
	pthread_mutex_lock(&all->lock);
	all->ending = true;
	pthread_cond_broadcast(&all->changed);
	pthread_mutex_unlock(&all->lock);
	for (size_t i = 0; i < all->n; i++) {
		pthread_join(all->list[i]->thread, NULL);
		free(all->list[i]);
	}
	pthread_cond_destroy(&all->changed);
	pthread_mutex_destroy(&all->lock);
	free(all->list);
	free(all);
	host->threads = NULL;
}
