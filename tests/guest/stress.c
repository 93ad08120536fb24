// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: librtas.la */
/*
 * stress - many threads, each with its own call of firmware, all the time
 *
 *   stress THREADS SECONDS [fork]
 *
 * Each call is made once alone. Later it must always return the same answer. With "fork",
 * threads also fork children that make the call and end. At the end all work areas must
 * be free. Prints the number of calls and of different ones. The status is 1 if an answer
 * differed, with the call.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "librtas/librtas.h"

enum { ANSWER_MAX = 16384, DRC_FIRST = 0x40000000, DRC_STEP = 8, THREADS_MAX = 1024 };

struct answer {
	int result;
	size_t len;
	uint8_t bytes[ANSWER_MAX];
};

struct question {
	const char *name;
	void (*ask)(uint32_t arg, struct answer *a);
	uint32_t arg;
	bool is_asked; /* firmware has the call */
	struct answer answer;
};

static void put(struct answer *a, const void *bytes, size_t len)
{
	if (len > ANSWER_MAX - a->len)
		len = ANSWER_MAX - a->len;
	memcpy(a->bytes + a->len, bytes, len);
	a->len += len;
}

static void ask_sensor(uint32_t arg, struct answer *a)
{
	int state = -1;

	a->result = rtas_get_sensor(9003, (int)arg, &state);
	put(a, &state, sizeof(state));
}

static void ask_power(uint32_t arg, struct answer *a)
{
	int level = -1;

	a->result = rtas_get_power_level((int)arg, &level);
	put(a, &level, sizeof(level));
}

/* The answer is for the requested connector. The existing connectors do not matter. */
static void ask_connector(uint32_t arg, struct answer *a)
{
	uint8_t area[4096] = { (uint8_t)(arg >> 24), (uint8_t)(arg >> 16),
			       (uint8_t)(arg >> 8), (uint8_t)arg };

	a->result = rtas_cfg_connector((char *)area) < -1000 ? 0 : 1;
	put(a, area, 4);
}

static void ask_sysparm(uint32_t arg, struct answer *a)
{
	char data[4002] = "";
	size_t len;

	a->result = rtas_get_sysparm(arg, sizeof(data), data);
	len = (size_t)(uint8_t)data[0] << 8 | (uint8_t)data[1];
	if (!a->result)
		put(a, data, 2 + len < sizeof(data) ? 2 + len : sizeof(data));
}

static void ask_vpd(uint32_t arg, struct answer *a)
{
	unsigned int next = 1, bytes;
	char piece[4096], code[] = "";

	do {
		a->result = rtas_get_vpd(code, piece, arg, next, &next, &bytes);
		if (a->result >= 0)
			put(a, piece, bytes <= arg ? bytes : arg);
	} while (a->result == 1);
}

static void ask_indices(uint32_t arg, struct answer *a)
{
	char area[4096];
	int next = 1;

	do {
		a->result =
			rtas_get_indices(1, (int)arg, area, sizeof(area), next, &next);
		if (a->result >= 0)
			put(a, area, 64);
	} while (a->result == 1);
}

static void ask_dynamic_sensor(uint32_t arg, struct answer *a)
{
	char code[] = "\0\0\0\x0aU0.0-P1-N";
	int state = -1;

	a->result = rtas_get_dynamic_sensor((int)arg, code, &state);
	put(a, &state, sizeof(state));
}

/* Firmware's memory belongs to the thread that has allocated it. */
static void ask_area(uint32_t arg, struct answer *a)
{
	static atomic_uint marks;
	unsigned char mark = (unsigned char)(1 + marks++ % 255);
	bool is_clean = true;
	uint32_t pa;
	void *va;

	a->result = rtas_get_rmo_buffer(arg, &va, &pa);
	if (a->result)
		return;
	for (uint32_t i = 0; i < arg; i++)
		is_clean = is_clean && !((uint8_t *)va)[i];
	memset(va, mark, arg);
	sched_yield();
	for (uint32_t i = 0; i < arg; i++)
		is_clean = is_clean && ((uint8_t *)va)[i] == mark;
	a->result = rtas_free_rmo_buffer(va, pa, arg);
	put(a, &is_clean, 1);
}

static struct question questions[] = {
	{ .name = "sensor", .ask = ask_sensor, .arg = DRC_FIRST },
	{ .name = "sensor", .ask = ask_sensor, .arg = DRC_FIRST + DRC_STEP },
	{ .name = "sensor", .ask = ask_sensor, .arg = 0x12345678 },
	{ .name = "power", .ask = ask_power, .arg = 5 },
	{ .name = "power", .ask = ask_power, .arg = 0xffffffff },
	{ .name = "connector", .ask = ask_connector, .arg = 0x12345678 },
	{ .name = "connector", .ask = ask_connector, .arg = 0x7fff0000 },
	{ .name = "connector", .ask = ask_connector, .arg = 0x7fff0008 },
	{ .name = "parameter", .ask = ask_sysparm, .arg = 20 },
	{ .name = "parameter", .ask = ask_sysparm, .arg = 42 },
	{ .name = "parameter", .ask = ask_sysparm, .arg = 48 },
	{ .name = "parameter", .ask = ask_sysparm, .arg = 60000 },
	{ .name = "vpd", .ask = ask_vpd, .arg = 4096 },
	{ .name = "vpd", .ask = ask_vpd, .arg = 512 },
	{ .name = "indices", .ask = ask_indices, .arg = 9007 },
	{ .name = "indices", .ask = ask_indices, .arg = 9005 },
	{ .name = "dynamic sensor", .ask = ask_dynamic_sensor, .arg = 9007 },
	{ .name = "area", .ask = ask_area, .arg = 4096 },
	{ .name = "area", .ask = ask_area, .arg = 8192 },
};

enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

static atomic_bool is_over, is_wrong;
static atomic_ulong calls;
static bool with_fork;

static bool ask_again(const struct question *q, struct answer *a)
{
	a->len = 0;
	q->ask(q->arg, a);
	return a->result == q->answer.result && a->len == q->answer.len &&
	       !memcmp(a->bytes, q->answer.bytes, a->len);
}

/* Return 0, or the number of the call whose answer differed. */
static int ask_in_child(const struct question *q, struct answer *a)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return 0;
	if (!pid) {
		alarm(60);
		_exit(ask_again(q, a) ? 0 : 1);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return status;
}

static void *ask_all(void *arg)
{
	struct answer *a = malloc(sizeof(*a));
	size_t at = (size_t)(uintptr_t)arg;

	for (; a && !is_over; at++) {
		const struct question *q = &questions[at % QUESTIONS];
		bool in_child = with_fork && at % 997 == 0;

		if (!q->is_asked)
			continue;
		if (in_child ? ask_in_child(q, a) : !ask_again(q, a)) {
			fprintf(stderr, "stress: %s 0x%x%s: %d, %zu bytes; was %d, %zu\n",
				q->name, q->arg, in_child ? " in a child" : "", a->result,
				a->len, q->answer.result, q->answer.len);
			is_wrong = true;
		}
		calls++;
	}
	free(a);
	return NULL;
}

static size_t ask_first(void)
{
	size_t n = 0;

	for (size_t i = 0; i < QUESTIONS; i++) {
		struct question *q = &questions[i];

		q->ask(q->arg, &q->answer);
		q->is_asked = q->answer.result != RTAS_UNKNOWN_OP;
		n += q->is_asked;
		if (q->is_asked && q->answer.result <= RTAS_KERNEL_INT &&
		    q->answer.result >= RTAS_UNKNOWN_OP) {
			fprintf(stderr, "stress: %s 0x%x: %d (%m)\n", q->name, q->arg,
				q->answer.result);
			return 0;
		}
	}
	return n;
}

/* Allocate the whole pool in one area. */
static bool all_is_free(void)
{
	uint32_t pa;
	void *va;

	return !rtas_get_rmo_buffer(65536, &va, &pa) &&
	       !rtas_free_rmo_buffer(va, pa, 65536);
}

int main(int argc, char *argv[])
{
	unsigned long threads = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long seconds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, started;
	struct timespec duration = { .tv_sec = (time_t)seconds };
	static pthread_t thread[THREADS_MAX];
	size_t asked;

	if (!threads || threads > THREADS_MAX || !seconds) {
		fprintf(stderr, "usage: stress THREADS SECONDS [fork]\n");
		return 2;
	}
	with_fork = argc > 3 && !strcmp(argv[3], "fork");
	asked = ask_first();
	if (!asked)
		return 1;

	for (started = 0; started < threads; started++)
		if (pthread_create(&thread[started], NULL, ask_all,
				   (void *)(uintptr_t)started))
			break;
	nanosleep(&duration, NULL);
	is_over = true;
	for (unsigned long i = 0; i < started; i++)
		pthread_join(thread[i], NULL);

	if (!all_is_free()) {
		fprintf(stderr, "stress: a work area was not freed\n");
		is_wrong = true;
	}
	printf("%lu calls of %zu kinds by %lu threads\n", (unsigned long)calls, asked,
	       started);
	return is_wrong || started < threads;
}
