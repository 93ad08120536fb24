// SPDX-License-Identifier: GPL-2.0-or-later
/* The process state that a program inherits: a child makes it unusual, resets it, checks
 * it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include "cli/output_file.h"
#include "cli/process.h"
#include "kern/spawn.h"
#include "tests/unit/fakes/in_child.h"

/* Number of a mask of /proc/self/status: "SigBlk". */
static unsigned long long mask_of(const char *name)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long mask = 0;
	char line[256];

	CHECK(f);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			mask = strtoull(line + strlen(name) + 1, NULL, 16);
	fclose(f);
	return mask;
}

static bool has(unsigned long long mask, int number)
{
	return mask >> (number - 1) & 1;
}

static void closed_descriptors(void)
{
	char c;

	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	CHECK(!process_begin());
	CHECK(open("/dev/null", O_RDONLY) > 2);
	CHECK(read(0, &c, 1) < 0 && errno == EBADF);
	CHECK(write(1, "x", 1) < 0 && errno == EBADF);
	CHECK(write(2, "x", 1) < 0 && errno == EBADF);
}

static void one_closed_descriptor(void)
{
	struct stat before, after;

	CHECK(!fstat(1, &before));
	close(2);
	CHECK(!process_begin());
	CHECK(!fstat(1, &after) && before.st_ino == after.st_ino);
	CHECK(open("/dev/null", O_RDONLY) > 2);
	CHECK(write(2, "x", 1) < 0);
}

static void no_dev(void)
{
	char folder[] = "/tmp/t-process-XXXXXX", c;

	CHECK(mkdtemp(folder));
	if (chroot(folder)) /* not root */
		_exit(0);
	rmdir(folder);
	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	CHECK(!process_begin());
	CHECK(fcntl(2, F_GETFD) >= 0);
	CHECK(read(0, &c, 1) < 0 && write(1, "x", 1) < 0);
}

static void odd_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	CHECK(!process_begin());
	CHECK(!mask_of("SigBlk:"));
	CHECK(has(mask_of("SigIgn:"), SIGPIPE) && has(mask_of("SigIgn:"), SIGXFSZ));
	CHECK(has(mask_of("SigIgn:"), SIGHUP) && !has(mask_of("SigIgn:"), SIGCHLD));
	CHECK(!has(mask_of("SigIgn:"), SIGTERM));
}

/* Timers run, and their signals are pending. */
static void odd_timers(void)
{
	const struct itimerval soon = { { 0, 1000 }, { 0, 1000 } };
	const struct timespec more = { 0, 20 * 1000 * 1000 };
	struct itimerval now;
	sigset_t all, pending;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		setitimer(which, &soon, NULL);
	do {
		nanosleep(&more, NULL);
		sigpending(&pending);
	} while (!sigismember(&pending, SIGALRM));
	CHECK(!process_begin());
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		CHECK(!getitimer(which, &now) && !now.it_value.tv_sec &&
		      !now.it_value.tv_usec);
}

static void odd_umask(void)
{
	umask(0777);
	CHECK(!process_begin());
	CHECK(umask(0) == 022);
}

/* With the privilege, limits are removed. Without it, the soft ones become the hard
 * ones. */
static void odd_limits(void)
{
	const struct rlimit none = { 0, 0 }, cpu = { 500, 1000 }, files = { 8, 9 };
	struct rlimit now;
	bool is_permitted;

	CHECK(!setrlimit(RLIMIT_FSIZE, &none) && !setrlimit(RLIMIT_CPU, &cpu));
	CHECK(!setrlimit(RLIMIT_NOFILE, &files));
	CHECK(!process_begin());
	CHECK(!getrlimit(RLIMIT_FSIZE, &now));
	is_permitted = now.rlim_cur == RLIM_INFINITY;
	CHECK(is_permitted || !now.rlim_cur);
	CHECK(!getrlimit(RLIMIT_NOFILE, &now));
	CHECK(now.rlim_cur == (is_permitted ? 256 : 9));
	CHECK(!getrlimit(RLIMIT_CPU, &now));
	CHECK(now.rlim_cur == (is_permitted ? RLIM_INFINITY : 999));
}

static void unprivileged_limits(void)
{
	const struct rlimit cpu = { 1000, 1000 }, size = { 5, 7 };
	struct rlimit now;

	CHECK(!setrlimit(RLIMIT_CPU, &cpu) && !setrlimit(RLIMIT_FSIZE, &size));
	if (!geteuid() && setuid(65534))
		_exit(0);
	CHECK(!process_begin());
	CHECK(!getrlimit(RLIMIT_CPU, &now));
	CHECK(now.rlim_cur == 999 && now.rlim_max == 1000);
	CHECK(!getrlimit(RLIMIT_FSIZE, &now));
	CHECK(now.rlim_cur == 7 && now.rlim_max == 7);
}

/* A program that starts others keeps the caller's state for them. */
static void runner(void)
{
	const struct itimerval later = { { 0, 0 }, { 100, 0 } };
	const struct rlimit cpu = { 500, 1000 };
	struct itimerval timer;
	struct rlimit now;

	setitimer(ITIMER_REAL, &later, NULL);
	CHECK(!setrlimit(RLIMIT_CPU, &cpu));
	CHECK(!process_begin_runner());
	CHECK(!getitimer(ITIMER_REAL, &timer) && timer.it_value.tv_sec > 0);
	CHECK(!getrlimit(RLIMIT_CPU, &now) && now.rlim_cur == 500);
	CHECK(has(mask_of("SigIgn:"), SIGPIPE));
	process_reset_child();
	CHECK(!has(mask_of("SigIgn:"), SIGPIPE) && !has(mask_of("SigIgn:"), SIGXFSZ));
}

static void signals_that_end(void)
{
	static const int in[] = { SIGHUP,  SIGINT,  SIGQUIT,   SIGUSR1, SIGUSR2,
				  SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGVTALRM,
				  SIGPROF, SIGIO,   SIGPWR };
	static const int out[] = { SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGILL,
				   SIGFPE,  SIGABRT, SIGTRAP, SIGSYS, SIGCHLD,
				   SIGPIPE, SIGXFSZ, SIGTSTP, SIGCONT };
	struct rlimit files, none;
	sigset_t set;

	CHECK(!process_begin());
	for (size_t i = 0; i < COUNT(in); i++)
		signal(in[i], SIG_DFL);
	process_ending_signals(&set);
	for (size_t i = 0; i < COUNT(in); i++)
		CHECK(sigismember(&set, in[i]) == 1);
	for (size_t i = 0; i < COUNT(out); i++)
		CHECK(sigismember(&set, out[i]) == 0);
	CHECK(sigismember(&set, SIGRTMIN) == 1 && sigismember(&set, SIGRTMAX) == 1);
	signal(SIGHUP, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	process_ending_signals(&set);
	CHECK(!sigismember(&set, SIGHUP) && !sigismember(&set, SIGRTMAX));
	/* The same if /proc cannot be read. */
	CHECK(!getrlimit(RLIMIT_NOFILE, &files));
	none = files;
	none.rlim_cur = 0;
	CHECK(!setrlimit(RLIMIT_NOFILE, &none));
	process_ending_signals(&set);
	CHECK(!setrlimit(RLIMIT_NOFILE, &files));
	CHECK(!sigismember(&set, SIGHUP) && !sigismember(&set, SIGRTMAX));
	CHECK(sigismember(&set, SIGTERM) && sigismember(&set, SIGRTMIN));
}

/* A child gets none of the state above, no input, and no broken descriptor. */
static void children(void)
{
	/* The C library ignores its own signals, 32 and 33, in children. */
	static const char *const argv[] = {
		"/bin/sh", "-c",
		"test \"$(readlink /proc/$$/fd/0 /proc/$$/fd/1 | sort -u)\" = /dev/null && "
		"echo text >&2 && test \"$(grep -cE "
		"'^Sig(Blk:.0+|Ign:.0{7}[01][08]0{7})$' /proc/self/status)\" = 2",
		NULL
	};
	int ends[2];

	CHECK(!pipe(ends) && dup2(ends[1], 2) == 2);
	close(ends[0]);
	close(0);
	CHECK(!process_begin());
	signal(SIGHUP, SIG_IGN);
	CHECK(spawn_wait(argv) == 0);
	close(2);
	CHECK(open("/dev/null", O_RDONLY) == 2);
	CHECK(spawn_wait(argv) == 0);
}

#define STATE_TEST(name)        \
	TEST(test_##name)       \
	{                       \
		in_child(name); \
	}

/* Behaviours: io-state-fds */
STATE_TEST(closed_descriptors)
STATE_TEST(one_closed_descriptor)
/* Behaviours: io-state-dev */
STATE_TEST(no_dev)
/* Behaviours: io-state-mask */
STATE_TEST(odd_signals)
/* Behaviours: io-state-timers */
STATE_TEST(odd_timers)
STATE_TEST(odd_umask)
/* Behaviours: io-state-limits */
STATE_TEST(odd_limits)
/* Behaviours: io-state-xcpu */
STATE_TEST(unprivileged_limits)
STATE_TEST(runner)
STATE_TEST(signals_that_end)

static off_t size_of(const char *path, mode_t *mode)
{
	struct stat st;

	CHECK(!lstat(path, &st));
	*mode = st.st_mode;
	return st.st_size;
}

/* A limit of the size of files is like a full disk. */
static void replaced_files(void)
{
	char dir[] = "/tmp/t-process.XXXXXX", big[8192] = "";
	const struct rlimit limit = { 4096, 4096 };
	struct dirent *entry;
	DIR *list;
	mode_t mode;
	int n = 0;

	CHECK(mkdtemp(dir) && !chdir(dir) && !process_begin());
	CHECK(!output_replace("new", 0600, "abc", 3));
	CHECK(size_of("new", &mode) == 3 && (mode & 0777) == 0600);
	CHECK(!chmod("new", 0640) && !symlink("new", "link"));
	CHECK(!output_replace("link", 0600, "abcd", 4));
	CHECK(size_of("link", &mode) && S_ISLNK(mode));
	CHECK(size_of("new", &mode) == 4 && (mode & 0777) == 0640);
	CHECK(!output_replace("/dev/null", 0600, big, sizeof(big)));
	CHECK(output_replace("none/new", 0600, "abc", 3) == -ENOENT);
	CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
	CHECK(output_replace("new", 0600, big, sizeof(big)) == -EFBIG);
	CHECK(output_replace("other", 0600, big, sizeof(big)) == -EFBIG);
	CHECK(size_of("new", &mode) == 4);
	list = opendir(".");
	while ((entry = readdir(list)))
		n += *entry->d_name != '.';
	closedir(list);
	CHECK(n == 2);
	CHECK(!unlink("new") && !unlink("link") && !chdir("/") && !rmdir(dir));
}

static void closed_from(void)
{
	int low = open("/dev/null", O_RDONLY), high = fcntl(low, F_DUPFD, 300),
	    except = fcntl(low, F_DUPFD, 200);

	/* They are like inherited ones. */
	CHECK(!process_close_listed(3, except, true) && !fcntl(low, F_GETFD));
	CHECK(!fcntl(high, F_SETFD, FD_CLOEXEC) && !fcntl(except, F_SETFD, FD_CLOEXEC));
	CHECK(!process_close_listed(low, except, true) && !fcntl(low, F_GETFD));
	CHECK(fcntl(high, F_GETFD) < 0 && !fcntl(except, F_SETFD, 0));
	high = fcntl(low, F_DUPFD, 300);
	CHECK(!process_close_from(3, except));
	CHECK(fcntl(low, F_GETFD) < 0 && fcntl(high, F_GETFD) < 0);
	CHECK(!fcntl(except, F_GETFD) && !fcntl(2, F_GETFD));
	CHECK(!process_close_from(except, except) && !fcntl(except, F_GETFD));
	CHECK(!process_close_from(except, -1) && fcntl(except, F_GETFD) < 0);
}

STATE_TEST(replaced_files)
STATE_TEST(closed_from)

/* qemu-user with a sysroot cannot start a shell. */
TEST(test_children)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool is_emulated = faccessat(fd, "proc/self", F_OK, 0);

	close(fd);
	if (!is_emulated)
		in_child(children);
}
