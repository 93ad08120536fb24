// SPDX-License-Identifier: GPL-2.0-or-later
/* The public access to memory that firmware can reach, with a window that is a file, and
 * the state after fork(2). */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/fakes/librtas_root.h"

enum { BASE = 0x3ffc0000, WINDOW = 0x10000 };

static struct rtas_transport transport;

static int make_window(void **state)
{
	int err = make_root(state), fd;

	if (err)
		return err;
	assert_int_equal(mkdirat(root.fd, "dev", 0700), 0);
	assert_int_equal(mkdirat(root.fd, "run", 0700), 0);
	write_file("dev/mem", "", 0);
	fd = openat(root.fd, "dev/mem", O_RDWR);
	assert_int_equal(ftruncate(fd, BASE + WINDOW), 0);
	close(fd);
	assert_int_equal(rtas_transport_open(&transport, &root), 0);
	library_use(&transport, &root);
	return 0;
}

static int remove_window(void **state)
{
	rtas_transport_close(&transport);
	unlinkat(root.fd, "dev/mem", 0);
	unlinkat(root.fd, "run/LCK..librtas", 0);
	unlinkat(root.fd, "dev", AT_REMOVEDIR);
	unlinkat(root.fd, "run", AT_REMOVEDIR);
	return remove_root(state);
}

/* 55 to 59 */
static void buffers(void **state)
{
	uint32_t pa = 9, pb;
	void *a = NULL, *b;

	(void)state;
	assert_int_equal(rtas_free_rmo_buffer(&a, BASE, 1), RTAS_FREE_ERR);
	assert_int_equal(rtas_get_rmo_buffer(1, &a, &pa), 0);
	assert_int_equal(pa, BASE);
	/* the peer: not with pages of 64 KiB */
	assert_int_equal(rtas_get_rmo_buffer(4097, &b, &pb), 0);
	assert_int_equal(pb, BASE + 0x1000);
	memset(b, 0x5a, 8192);
	assert_int_equal(rtas_free_rmo_buffer(b, pb, 4097), 0);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, 1), 0);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, 1), RTAS_IO_ASSERT);

	assert_int_equal(rtas_get_rmo_buffer(WINDOW, &a, &pa), 0);
	assert_int_equal(pa, BASE);
	for (size_t i = 0; i < WINDOW; i++)
		assert_int_equal(((uint8_t *)a)[i], 0);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, WINDOW), 0);
	assert_int_equal(rtas_get_rmo_buffer(WINDOW + 1, &a, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(0, &a, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(SIZE_MAX, &a, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(1, NULL, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(1, &a, NULL), RTAS_IO_ASSERT);
}

static bool have_all(void)
{
	void *all;
	uint32_t pa;

	return !rtas_get_rmo_buffer(WINDOW, &all, &pa) &&
	       !rtas_free_rmo_buffer(all, pa, WINDOW);
}

static void assert_ended_well(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}

/* 60: if another process holds everything, wait; if it holds a part, use another part. */
static void others_are_waited_for(void **state)
{
	struct timespec nap = { .tv_nsec = 200000000 };
	int64_t begin;
	int ready[2];
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		uint32_t pa;
		void *va;
		struct rtas_transport own;

		if (rtas_transport_open(&own, &root))
			_exit(1);
		library_use(&own, &root);
		if (rtas_get_rmo_buffer(WINDOW, &va, &pa) || write(ready[1], "", 1) != 1)
			_exit(1);
		nanosleep(&nap, NULL);
		_exit(rtas_free_rmo_buffer(va, pa, WINDOW) ? 1 : 0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	begin = deadline_now_ns();
	assert_true(have_all());
	assert_true(deadline_now_ns() - begin >= 100000000);
	assert_ended_well(pid);
	close(ready[0]);
	close(ready[1]);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* The wait for an area has a limit. */
static void waiting_has_a_limit(void **state)
{
	uint32_t pa, pb;
	void *a, *b;

	(void)state;
	assert_int_equal(rtas_delay_timeout(50), 0);
	assert_int_equal(rtas_get_rmo_buffer(WINDOW, &a, &pa), 0);
	assert_int_equal(rtas_get_rmo_buffer(1, &b, &pb), RTAS_IO_ASSERT);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, WINDOW), 0);
	assert_int_equal(rtas_delay_timeout(0), 0);
}
#pragma GCC diagnostic pop

static atomic_bool stop;

static void *take_and_give(void *arg)
{
	(void)arg;
	while (!stop) {
		uint32_t pa;
		void *va;

		if (!rtas_get_rmo_buffer(4096, &va, &pa))
			rtas_free_rmo_buffer(va, pa, 4096);
	}
	return NULL;
}

static void handlers(enum fork_stage stage)
{
	transport.fork(transport.priv, stage);
}

static void before_fork(void)
{
	handlers(FORK_PREPARE);
}

static void after_parent(void)
{
	handlers(FORK_PARENT);
}

static void after_child(void)
{
	handlers(FORK_CHILD);
}

/* After a fork during other threads' calls, the child can make calls. Its parent's areas
 * do not belong to it, and end with the parent although the child inherited the file. */
static void fork_among_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	/* as the library does for the transport of the running system */
	assert_int_equal(pthread_atfork(before_fork, after_parent, after_child), 0);
	stop = false;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, NULL),
				 0);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid) {
			uint32_t pa;
			void *va;

			alarm(20);
			_exit(rtas_get_rmo_buffer(4096, &va, &pa) ||
			      rtas_free_rmo_buffer(va, pa, 4096));
		}
		assert_ended_well(pid);
	}
	stop = true;
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	assert_true(have_all());
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(buffers),
	cmocka_unit_test(others_are_waited_for),
	cmocka_unit_test(waiting_has_a_limit),
	cmocka_unit_test(fork_among_threads),
};

int main(void)
{
	if (geteuid()) {
		puts("1..0 # SKIP the library asks for root first");
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_window, remove_window);
}
