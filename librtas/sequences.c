// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"

/* Far from the numbers that firmware uses, and from descriptors. */
enum { NUMBER_FIRST = 0x10000000, NUMBER_LAST = 0x7fffffff, NUMBER_END = 1 };

static struct {
	pthread_mutex_t mutex;
	uint32_t next;
	struct sequence entry[SEQUENCES_MAX];
	/* Bit n: a sequence of call n began without the device. */
	_Atomic uint64_t by_call;
} table = { .mutex = PTHREAD_MUTEX_INITIALIZER, .next = NUMBER_FIRST };

/* Test whether the descriptor is still that of the sequence. */
static bool sequence_is_open(const struct sequence *s)
{
	const struct papr_dev *d = library_devices();
	struct papr_handle now;

	return !d->ops.identify(d->ops.priv, s->fd, &now) && now.dev == s->handle.dev &&
	       now.ino == s->handle.ino && !strcmp(now.link, s->handle.link);
}

/* Without /proc, a file of the program could be taken for the sequence's: keep it open. */
static void sequence_close(struct sequence *s)
{
	const struct papr_dev *d = library_devices();

	if (!s->number)
		return;
	if (*s->handle.link && sequence_is_open(s))
		d->ops.close(d->ops.priv, s->fd);
	free(s->page);
	*s = (struct sequence){ 0 };
}

/* Return a free entry, or the oldest that is not in use. Numbers grow, except that they
 * restart once in 0x6fffffff sequences. */
static struct sequence *sequence_free_or_oldest(void)
{
	struct sequence *found = NULL;

	for (size_t i = 0; i < SEQUENCES_MAX; i++) {
		struct sequence *s = &table.entry[i];

		if (!s->number)
			return s;
		if (!s->is_busy && (!found || s->number < found->number))
			found = s;
	}
	return found;
}

static struct sequence *sequence_add(enum rtas_call call, int fd)
{
	const struct papr_dev *d = library_devices();
	struct sequence *s;

	pthread_mutex_lock(&table.mutex);
	s = sequence_free_or_oldest();
	if (s) {
		sequence_close(s);
		*s = (struct sequence){
			.number = table.next, .call = call, .fd = fd, .is_busy = true
		};
		d->ops.identify(d->ops.priv, fd, &s->handle);
		table.next = table.next == NUMBER_LAST ? NUMBER_FIRST : table.next + 1;
	}
	pthread_mutex_unlock(&table.mutex);
	return s;
}

enum sequence_way sequence_begin(enum rtas_call call, const char *subject, void *block,
				 struct sequence **s, int *result)
{
	const struct papr_dev *d = library_devices();
	struct papr_answer answer;

	if (!papr_dev_query(d, call, subject, block, &answer)) {
		table.by_call |= UINT64_C(1) << call;
		return BY_CALL;
	}
	if (answer.err) {
		*result = papr_dev_result(&answer);
		return REFUSED;
	}

	*s = sequence_add(call, answer.fd);
	if (*s)
		return BY_DEVICE;
	d->ops.close(d->ops.priv, answer.fd);
	*result = library_result(-EMFILE, 0);
	return REFUSED;
}

static struct sequence *sequence_acquire(enum rtas_call call, uint64_t number)
{
	struct sequence *found = NULL;

	pthread_mutex_lock(&table.mutex);
	for (size_t i = 0; i < SEQUENCES_MAX && !found; i++) {
		struct sequence *s = &table.entry[i];

		if (number && s->number == number && s->call == call && !s->is_busy)
			found = s;
	}
	if (found)
		found->is_busy = true;
	pthread_mutex_unlock(&table.mutex);
	return found;
}

enum sequence_way sequence_find(enum rtas_call call, uint64_t number, struct sequence **s,
				int *result)
{
	*s = sequence_acquire(call, number);
	if (*s && sequence_is_open(*s))
		return BY_DEVICE;
	if (*s) {
		sequence_end(*s);
		*result = papr_dev_result(&(struct papr_answer){
			.status = RTAS_HARDWARE_ERROR, .err = -EBADF });
		return REFUSED;
	}
	if (table.by_call & UINT64_C(1) << call ||
	    !papr_dev_can_open(library_devices(), call))
		return BY_CALL;

	errno = EBADF;
	*result = RTAS_PARAMETER_ERROR;
	return REFUSED;
}

void sequence_keep(struct sequence *s)
{
	pthread_mutex_lock(&table.mutex);
	s->is_busy = false;
	pthread_mutex_unlock(&table.mutex);
}

void sequence_end(struct sequence *s)
{
	pthread_mutex_lock(&table.mutex);
	sequence_close(s);
	pthread_mutex_unlock(&table.mutex);
}

void sequence_end_tag(enum rtas_call call, uint64_t tag)
{
	pthread_mutex_lock(&table.mutex);
	for (size_t i = 0; i < SEQUENCES_MAX; i++) {
		struct sequence *s = &table.entry[i];

		if (s->number && !s->is_busy && s->call == call && s->tag == tag)
			sequence_close(s);
	}
	pthread_mutex_unlock(&table.mutex);
}

/* Read the next piece. A full piece returns RTAS_MORE: only the next read can show
 * whether more follows. */
int sequence_piece(struct sequence *s, void *buf, size_t size, uint32_t *next,
		   uint32_t *bytes)
{
	const size_t asked = size > INT32_MAX ? INT32_MAX : size;
	size_t len = asked;
	bool is_full;
	struct papr_answer answer;

	papr_dev_read(library_devices(), s->call, s->fd, buf, &len, &answer);
	if (answer.err) {
		sequence_end(s);
		return papr_dev_result(&answer);
	}

	is_full = len == asked;
	if (next)
		*next = is_full ? s->number : NUMBER_END;
	if (bytes)
		*bytes = (uint32_t)len;
	if (is_full)
		sequence_keep(s);
	else
		sequence_end(s);
	return is_full ? RTAS_MORE : RTAS_SUCCESS;
}

void sequences_fork(enum fork_stage stage)
{
	if (stage == FORK_PREPARE) {
		pthread_mutex_lock(&table.mutex);
		return;
	}
	for (size_t i = 0; i < SEQUENCES_MAX && stage == FORK_CHILD; i++)
		sequence_close(&table.entry[i]);
	pthread_mutex_unlock(&table.mutex);
}
