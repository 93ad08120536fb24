// SPDX-License-Identifier: GPL-2.0-or-later
/* Children of a process that ignores SIGCHLD, or in which a handler or another thread reaps
 * all children; and children without clone3(2). */
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kern/child.h"
#include "kern/root.h"
#include "kern/spawn.h"
#include "kern/writer.h"
#include "tests/unit/fakes/in_child.h"
#include "tests/unit/fakes/without_clone3.h"

enum { THREADS = 4, ROUNDS = 25, DESCRIPTORS = 256 };

static char folder[] = "/tmp/t-child-XXXXXX";

/* Children that others than their owner have reaped. */
static atomic_uint reaped;

/* ---- What must work ---- */

static unsigned int open_descriptors(void)
{
	unsigned int n = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int run_shell(const char *script)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	return spawn_wait(argv);
}

static void programs_return_their_status(void)
{
	CHECK(run_shell("exit 0") == 0);
	CHECK(run_shell("exit 7") == 7);
	CHECK(run_shell("exit 143") == 143);
	CHECK(run_shell("kill -TERM $$") == 128 + SIGTERM);
	CHECK(run_shell("kill -KILL $$") == 128 + SIGKILL);
}

static void a_failed_start_returns_its_error(void)
{
	static const char *const none[] = { "/nonexistent", NULL };
	static const char *const directory[] = { "/", NULL };
	static const char *const env[] = { NULL };
	const char *const text[] = { folder, NULL };
	char path[sizeof(folder) + 8];
	struct spawned child;
	int fd;

	CHECK(spawn_wait(none) == -ENOENT);
	CHECK(spawn_wait(directory) == -EACCES);
	CHECK(spawn_wait(text) == -EACCES);
	CHECK(spawn_apart(none, env, &child) == -ENOENT);
	snprintf(path, sizeof(path), "%s/text", folder);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	CHECK(fd >= 0 && write(fd, "text\n", 5) == 5 && !fchmod(fd, 0755));
	close(fd);
	CHECK(spawn_wait((const char *const[]){ path, NULL }) == -ENOEXEC);
	unlink(path);
}

static struct spawned start_shell(const char *script)
{
	static const char *const env[] = { "WORD=word", NULL };
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	struct spawned child;

	CHECK(!spawn_apart(argv, env, &child));
	return child;
}

/* Read the output until it has this many lines. */
static void read_lines(const struct spawned *child, char *text, size_t size, int lines)
{
	struct pollfd out = { .fd = child->output, .events = POLLIN };
	size_t used = 0;

	while (lines) {
		CHECK(used < size - 1 && poll(&out, 1, -1) == 1);
		CHECK(read(child->output, text + used, 1) == 1);
		lines -= text[used++] == '\n';
	}
	text[used] = '\0';
}

static int status_at_end(struct spawned *child)
{
	struct deadline dl = deadline_never();

	CHECK(child_wait(child->end, &dl));
	return spawned_status(child);
}

static void a_program_apart_has_its_own_state(void)
{
	int left_open = fcntl(STDIN_FILENO, F_DUPFD, STDERR_FILENO + 1);
	char text[256], wanted[256];
	struct spawned child;

	child = start_shell(
		"read -r pid name state parent group rest </proc/$$/stat;"
		"for fd in /proc/$$/fd/[3-9]; do [ ! -e $fd ] || echo $fd; done;"
		"cat; pwd; echo $WORD $group >&2; echo $$");
	read_lines(&child, text, sizeof(text), 3);
	snprintf(wanted, sizeof(wanted), "/\nword %d\n%d\n", (int)child.pid,
		 (int)child.pid);
	CHECK(!strcmp(text, wanted));
	CHECK(status_at_end(&child) == 0);
	close(left_open);
}

static void signals_reach_the_program(void)
{
	struct deadline soon = deadline_in_ms(20);
	char text[16];
	struct spawned child;

	child = start_shell("trap 'exit 5' TERM; echo; sleep 1000 & wait");
	read_lines(&child, text, sizeof(text), 1);
	CHECK(spawned_status(&child) == -EAGAIN);
	spawned_signal(&child, SIGTERM);
	CHECK(status_at_end(&child) == 5);

	child = start_shell("trap '' TERM; echo; while :; do sleep 1; done");
	read_lines(&child, text, sizeof(text), 1);
	spawned_signal(&child, SIGTERM);
	kill(child.keeper, SIGTERM); /* not through the queue: the keeper stays */
	CHECK(!child_wait(child.end, &soon));
	spawned_signal(&child, SIGKILL);
	CHECK(status_at_end(&child) == -EINTR);
}

static void writes_return_their_error(void)
{
	struct kern_writers writers = { 0 };
	struct deadline long_enough = deadline_in_ms(60 * 1000),
			soon = deadline_in_ms(20);
	struct kern_root root;
	int fd;

	CHECK(!kern_root_open(&root, folder));
	root.writers = &writers;
	fd = openat(root.fd, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && !close(fd));
	CHECK(!kern_write_until(&root, "./file", "text", 4, &long_enough));
	CHECK(kern_write_until(&root, "absent", "text", 4, &long_enough) == -ENOENT);
	CHECK(!writers.late.pid && !unlinkat(root.fd, "file", 0));

	/* a FIFO without a reader */
	CHECK(!mkfifoat(root.fd, "fifo", 0600));
	CHECK(kern_write_until(&root, "fifo", "1", 1, &soon) == -ETIMEDOUT);
	CHECK(writers_are_busy(&writers, &soon));
	fd = openat(root.fd, "fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	CHECK(fd >= 0 && !writers_are_busy(&writers, &long_enough));
	close(fd);
	CHECK(!unlinkat(root.fd, "fifo", 0));
	writers_close(&writers);
	kern_root_close(&root);
}

static void all_work(void)
{
	unsigned int others = reaped, descriptors = open_descriptors();

	programs_return_their_status();
	a_failed_start_returns_its_error();
	a_program_apart_has_its_own_state();
	signals_reach_the_program();
	writes_return_their_error();
	CHECK(reaped == others);
	CHECK(waitpid(-1, NULL, WNOHANG | __WALL) < 0 && errno == ECHILD);
	CHECK(open_descriptors() == descriptors);
}

/* ---- In which processes ---- */

static pid_t fork_ordinary(void)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid)
		_exit(0);
	return pid;
}

static void reap_all(int number)
{
	int saved = errno;

	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
	errno = saved;
}

static void *reap_for_ever(void *unused)
{
	(void)unused;
	for (;;) {
		reap_all(0);
		sched_yield();
	}
	return NULL;
}

static void ordinary(void)
{
	all_work();
}

static void ignoring(void)
{
	signal(SIGCHLD, SIG_IGN);
	CHECK(waitpid(fork_ordinary(), NULL, 0) < 0 && errno == ECHILD);
	all_work();
}

static void without_zombies(void)
{
	const struct sigaction action = { .sa_handler = SIG_DFL,
					  .sa_flags = SA_NOCLDWAIT };

	CHECK(!sigaction(SIGCHLD, &action, NULL));
	CHECK(waitpid(fork_ordinary(), NULL, 0) < 0 && errno == ECHILD);
	all_work();
}

static void with_a_handler(void)
{
	const struct sigaction action = { .sa_handler = reap_all,
					  .sa_flags = SA_RESTART };

	CHECK(!sigaction(SIGCHLD, &action, NULL));
	fork_ordinary();
	while (!reaped)
		sched_yield();
	all_work();
}

static void with_a_reaper(void)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, reap_for_ever, NULL));
	fork_ordinary();
	while (!reaped)
		sched_yield();
	all_work();
}

/* The caller closed them: pipes and files have low numbers. */
static void without_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	all_work();
}

static void *start_many(void *own)
{
	char script[32];

	for (int i = 0; i < ROUNDS; i++) {
		int status = *(int *)own + i;

		snprintf(script, sizeof(script), "exit %d", status);
		CHECK(run_shell(script) == status);
		free(malloc((size_t)status * 1000));
	}
	return NULL;
}

/* Locks of the C library that a thread holds during a fork stay held in the child. */
static void with_threads(void)
{
	pthread_t threads[THREADS];
	int first[THREADS];

	for (int i = 0; i < THREADS; i++) {
		first[i] = 1 + i * ROUNDS;
		CHECK(!pthread_create(&threads[i], NULL, start_many, &first[i]));
	}
	for (int i = 0; i < THREADS; i++)
		CHECK(!pthread_join(threads[i], NULL));
	all_work();
}

/* Return the error of clone3(2) for arguments that it does not accept. */
static int clone3_error(void)
{
	return syscall(SYS_clone3, NULL, sizeof(struct clone_args)) < 0 ? errno : 0;
}

static void all_work_with_clone3_error(unsigned int err)
{
	CHECK(!refuse_clone3(err));
	CHECK(clone3_error() == (int)err);
	all_work();
}

static void without_clone3(void)
{
	all_work_with_clone3_error(ENOSYS);
}

static void with_clone3_forbidden(void)
{
	all_work_with_clone3_error(EPERM);
}

/* ---- The tests ---- */

/* qemu-user with a sysroot cannot start a shell, and has no clone3(2). */
static bool is_emulated(void)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool is_missing = faccessat(fd, "proc/self", F_OK, 0);

	close(fd);
	return is_missing;
}

#define CHILD_TEST(name)                      \
	static void test_##name(void **state) \
	{                                     \
		(void)state;                  \
		in_child(name);               \
	}

CHILD_TEST(ordinary)
CHILD_TEST(without_standard_descriptors)
CHILD_TEST(with_threads)
/* Behaviours: io-state-chld-library */
CHILD_TEST(ignoring)
CHILD_TEST(without_zombies)
CHILD_TEST(with_a_handler)
/* Behaviours: io-state-reaper */
CHILD_TEST(with_a_reaper)
/* Behaviours: io-state-clone3 */
CHILD_TEST(without_clone3)
CHILD_TEST(with_clone3_forbidden)

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_ordinary),
	cmocka_unit_test(test_without_standard_descriptors),
	cmocka_unit_test(test_with_threads),
}, clone3_tests[] = {
	cmocka_unit_test(test_ordinary),
	cmocka_unit_test(test_without_standard_descriptors),
	cmocka_unit_test(test_with_threads),
	cmocka_unit_test(test_ignoring),
	cmocka_unit_test(test_without_zombies),
	cmocka_unit_test(test_with_a_handler),
	cmocka_unit_test(test_with_a_reaper),
	cmocka_unit_test(test_without_clone3),
	cmocka_unit_test(test_with_clone3_forbidden),
};

/* cmocka before 1.1.6 reports a test that is skipped as failed. */
int main(void)
{
	if (is_emulated()) {
		puts("1..0 # SKIP the emulator cannot start programs");
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return clone3_error() == ENOSYS
		       ? cmocka_run_group_tests(tests, make_folder, remove_folder)
		       : cmocka_run_group_tests(clone3_tests, make_folder, remove_folder);
}
