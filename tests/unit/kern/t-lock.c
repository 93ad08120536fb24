// SPDX-License-Identifier: GPL-2.0-or-later
/* Lock files: exclusion, the holder's name, and files that another user makes. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/lock.h"
#include "kern/lock_file.h"
#include "tests/unit/fakes/fake_platform.h"

#define LOCK "var/lock/dr"

enum { STRANGER = 65534 };

static int take_now(const struct fake *f, struct lock *lock, struct lock_holder *by)
{
	struct deadline now = deadline_in_ms(0);

	return lock_acquire(lock, &f->root, LOCK, NULL, &now, by);
}

static int set_posix(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &lock) ? -errno : 0;
}

static void describe(const struct fake *f, pid_t pid, unsigned int uid, const char *cmd)
{
	char path[64], text[128];

	snprintf(path, sizeof(path), "proc/%d/status", (int)pid);
	snprintf(text, sizeof(text), "Name:\tx\nUid:\t%u\t%u\t%u\t%u\nGid:\t0\n", uid, 0,
		 0, 0);
	fake_text(f, path, text);
	snprintf(path, sizeof(path), "proc/%d/cmdline", (int)pid);
	fake_text(f, path, cmd);
}

/* Run act() in a child, which then keeps its locks until it is killed. Return its PID
 * once act() has returned 0. */
static pid_t child_with(const struct fake *f, uid_t uid, int (*act)(const struct fake *f))
{
	int ready[2];
	char c = 'x';
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		if (uid && setresuid(uid, uid, uid))
			_exit(1);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		c = act(f) ? 'n' : 'y';
		if (write(ready[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int act_take(const struct fake *f)
{
	struct lock_holder by;
	struct lock lock; /* until the process ends */

	return take_now(f, &lock, &by);
}

static int act_posix(const struct fake *f)
{
	return set_posix(openat(f->root.fd, LOCK, O_RDWR), F_WRLCK);
}

TEST(holder_is_excluded_and_named)
{
	struct fake *f = fake_new();
	struct deadline soon = deadline_in_ms(5000);
	struct lock_holder by;
	struct stat st;
	struct lock lock, second;
	pid_t pid;

	fake_text(f, LOCK, "");
	assert_int_equal(fchmodat(f->root.fd, LOCK, 0444, 0), 0); /* as peers create it */
	pid = child_with(f, 0, act_take);
	describe(f, pid, 0, "drmgr -c pci");
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(by.pid, pid);
	assert_string_equal(by.command, "drmgr -c pci");
	kill(pid, SIGKILL);
	assert_int_equal(lock_acquire(&lock, &f->root, LOCK, NULL, &soon, &by), 0);
	waitpid(pid, NULL, 0);
	assert_int_equal(fstat(lock.fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	/* the same process already holds it */
	describe(f, getpid(), 0, "drmgr -m");
	assert_int_equal(take_now(f, &second, &by), -EAGAIN);
	assert_int_equal(by.pid, getpid());
	lock_release(&lock);
	assert_int_equal(take_now(f, &lock, &by), 0);
	lock_release(&lock);
	fake_free(f);
}

/* Other programs lock with POSIX records.
 * Behaviours: io-lock-posix */
TEST(posix_locks_exclude_both_ways)
{
	struct fake *f = fake_new();
	struct lock_holder by;
	struct lock lock;
	int status;
	pid_t pid;

	fake_text(f, LOCK, "");
	pid = child_with(f, 0, act_posix);
	describe(f, pid, 0, "peer");
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(by.pid, pid);
	assert_string_equal(by.command, "peer");
	end(pid);

	assert_int_equal(take_now(f, &lock, &by), 0);
	pid = fork();
	if (!pid)
		_exit(-act_posix(f));
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EAGAIN);
	lock_release(&lock);
	assert_int_equal(act_posix(f), 0);
	fake_free(f);
}

/* A holder that is killed leaves the lock, for a moment, to the child that it forked just
 * before.
 * Behaviours: io-lock-child */
TEST(child_of_a_holder_that_has_ended)
{
	struct fake *f = fake_new();
	struct lock_holder by;
	struct lock lock;
	pid_t pid, child;
	int ready[2];

	assert_int_equal(pipe(ready), 0);
	fake_text(f, LOCK, "");
	pid = fork();
	if (!pid) {
		if (act_take(f))
			_exit(1);
		child = fork();
		if (!child)
			_exit(poll(NULL, 0, 200)); /* it drops its descriptors late */
		if (write(ready[1], &child, sizeof(child)) == sizeof(child))
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &child, sizeof(child)), sizeof(child));
	end(pid);
	describe(f, child, 0, "drmgr -c pci");
	assert_int_equal(take_now(f, &lock, &by), 0);
	lock_release(&lock);
	fake_free(f);
}

/* The text names the holder only while that process exists. */
TEST(the_holder_signs)
{
	static const char *const bad[] = {
		"", "x\n", "-1 a\n", "0 a\n", "99999999999 a\n", "1"
	};
	struct fake *f = fake_new();
	struct lock_holder by;
	char *text, expected[80], path[32];
	size_t len;
	struct lock lock, second;
	int other;

	fake_text(f, LOCK, "");
	describe(f, getpid(), 0, "drmgr -c \n\033x");
	assert_int_equal(take_now(f, &lock, &by), 0);
	snprintf(expected, sizeof(expected), "%d drmgr -c ??x\n", (int)getpid());
	assert_int_equal(kern_read(&f->root, LOCK, &text, &len), 0);
	assert_string_equal(text, expected);
	free(text);
	other = lock_file_open_to_read(&f->root, LOCK);
	assert_int_equal(lock_holder_pid(other, &f->root), getpid());

	snprintf(path, sizeof(path), "proc/%d", (int)getpid());
	fake_remove(f, path);
	assert_int_equal(lock_holder_pid(other, &f->root), -1);
	fake_text(f, "proc/1/cmdline", "init");
	for (size_t i = 0; i < COUNT(bad); i++) {
		fake_text(f, LOCK, bad[i]);
		assert_int_equal(lock_holder_pid(other, &f->root), -1);
	}
	assert_int_equal(take_now(f, &second, &by), -EAGAIN);
	assert_int_equal(by.pid, 0);

	lock_release(&lock);
	assert_int_equal(lock_holder_pid(other, &f->root), 0);
	assert_int_equal(kern_read(&f->root, LOCK, &text, &len), 0);
	assert_int_equal(len, 0);
	free(text);
	close(other);
	fake_free(f);
}

/* The error names the holder, also of a lock that is released again and again. */
TEST(a_lock_that_comes_and_goes)
{
	struct fake *f = fake_new();
	struct lock_holder by;
	struct lock lock;
	pid_t pid;

	fake_text(f, LOCK, "");
	pid = fork();
	if (!pid) {
		int fd = openat(f->root.fd, LOCK, O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			set_posix(fd, F_WRLCK);
			sched_yield();
			set_posix(fd, F_UNLCK);
		}
	}
	describe(f, pid, 0, "peer");
	for (int i = 0; i < 5000; i++) {
		int err = take_now(f, &lock, &by);

		lock_release(&lock);
		if (!err)
			continue;
		assert_int_equal(err, -EAGAIN);
		assert_int_equal(by.pid, pid);
		assert_string_equal(by.command, "peer");
	}
	end(pid);
	fake_free(f);
}

TEST(roots_own_odd_file_is_refused)
{
	struct fake *f = fake_new();
	struct lock_holder by;
	struct lock lock;

	fake_link(f, LOCK, "/etc/passwd");
	assert_int_equal(take_now(f, &lock, &by), -ELOOP);
	fake_remove(f, LOCK);
	fake_text(f, LOCK, "");
	assert_int_equal(linkat(f->root.fd, LOCK, f->root.fd, "var/lock/two", 0), 0);
	assert_int_equal(take_now(f, &lock, &by), -EPERM);
	fake_remove(f, LOCK);
	assert_int_equal(mkfifoat(f->root.fd, LOCK, 0600), 0);
	assert_int_equal(take_now(f, &lock, &by), -EPERM);
	fake_remove(f, LOCK);
	fake_text(f, LOCK "/x", "");
	assert_int_equal(take_now(f, &lock, &by), -EISDIR);
	fake_free(f);
}

/* systemd 258 does not make /run/lock, to which /var/lock refers. An empty /var has no link. */
TEST(a_missing_folder_is_made)
{
	struct fake *f = fake_new();
	struct lock_holder by;
	char target[64];
	struct stat st;
	struct lock lock;

	if (geteuid())
		skip();
	fake_text(f, "run/other", "");
	assert_int_equal(take_now(f, &lock, &by), -ENOENT); /* no /var */
	fake_text(f, "var/other", "");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(take_now(f, &lock, &by), 0);
		lock_release(&lock);
		assert_int_equal(fstatat(f->root.fd, "run/lock", &st, 0), 0);
		assert_int_equal(st.st_mode & 0777, 0755);
		assert_int_equal(readlinkat(f->root.fd, "var/lock", target, 64), 11);
		assert_memory_equal(target, "../run/lock", 11);
		/* the link is left, without its target */
		fake_remove(f, LOCK);
		fake_remove(f, "run/lock");
	}
	/* a link to another folder is the administrator's */
	fake_remove(f, "var/lock");
	fake_link(f, "var/lock", "elsewhere");
	assert_int_equal(take_now(f, &lock, &by), -ENOENT);
	fake_free(f);
}

/* The reason is the error of the creation, not another user. */
TEST(a_file_that_cannot_be_created)
{
	struct fake *f = fake_new();
	struct rlimit old, none;
	struct lock_holder by;
	struct lock lock;

	fake_text(f, "var/lock/other", "");
	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){ 0, old.rlim_max };
	setrlimit(RLIMIT_NOFILE, &none);
	assert_int_equal(take_now(f, &lock, &by), -EMFILE);
	setrlimit(RLIMIT_NOFILE, &old);
	fake_free(f);
}

/* ---- Another user ---- */

static struct fake *new_shared(void)
{
	struct fake *f;

	if (geteuid())
		skip(); /* only root can test with another user */
	f = fake_new();
	fake_text(f, "var/lock/x", "");
	fake_remove(f, "var/lock/x");
	assert_int_equal(chmod(f->dir, 0755), 0);
	assert_int_equal(fchmodat(f->root.fd, "var/lock", 01777, 0), 0);
	return f;
}

static void use_real_proc(struct fake *f)
{
	fake_remove(f, "proc");
	fake_link(f, "proc", "/proc");
	f->root.is_system = true; /* else the link stays inside */
}

static int act_file(const struct fake *f)
{
	return openat(f->root.fd, LOCK, O_RDWR | O_CREAT, 0666) < 0;
}

static int act_file_locked(const struct fake *f)
{
	return act_file(f) || act_posix(f);
}

static int act_link(const struct fake *f)
{
	return symlinkat("/etc/passwd", f->root.fd, LOCK);
}

static int act_fifo(const struct fake *f)
{
	return mkfifoat(f->root.fd, LOCK, 0666);
}

static int act_two_links(const struct fake *f)
{
	return act_file(f) || linkat(f->root.fd, LOCK, f->root.fd, "var/lock/two", 0);
}

static int act_dir(const struct fake *f)
{
	return mkdirat(f->root.fd, LOCK, 0777);
}

static int act_full_dir(const struct fake *f)
{
	return act_dir(f) || mkdirat(f->root.fd, LOCK "/x", 0777);
}

/* A lease lets an open wait until the other user has closed the file. */
static int act_lease(const struct fake *f)
{
	int fd = openat(f->root.fd, LOCK, O_RDWR | O_CREAT, 0666);

	signal(SIGIO, SIG_IGN);
	return fcntl(fd, F_SETLEASE, F_WRLCK);
}

TEST(another_users_file_is_replaced)
{
	static const struct {
		int (*act)(const struct fake *f);
		size_t left; /* names in the directory after that */
	} cases[] = {
		{ act_file, 1 },     { act_file_locked, 1 }, { act_link, 1 },
		{ act_fifo, 1 },     { act_two_links, 2 },   { act_dir, 1 },
		{ act_full_dir, 2 }, { act_lease, 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fake *f = new_shared();
		pid_t pid = child_with(f, STRANGER, cases[i].act);
		struct lock_holder by;
		struct kern_names names;
		struct stat st;
		struct lock lock;

		describe(f, pid, STRANGER, "stranger");
		assert_int_equal(take_now(f, &lock, &by), 0);
		assert_int_equal(fstat(lock.fd, &st), 0);
		assert_int_equal(st.st_uid, 0);
		assert_int_equal(st.st_nlink, 1);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
		assert_true(lock_file_is_at(&f->root, LOCK, lock.fd));
		assert_int_equal(kern_list(&f->root, "var/lock", KERN_LIST_ALL, &names),
				 0);
		assert_int_equal(names.n, cases[i].left);
		kern_names_free(&names);
		lock_release(&lock);
		end(pid);
		fake_free(f);
	}
}

static int act_posix_set_user_id(const struct fake *f)
{
	return act_posix(f) || setresuid(STRANGER, 0, 0);
}

/* Peers open another user's file. Their lock on it counts, unless another user started the
 * process.
 * Behaviours: io-lock-stranger-held */
TEST(roots_lock_on_another_users_file_counts)
{
	struct fake *f = new_shared();
	struct lock_holder by;
	pid_t stranger = child_with(f, STRANGER, act_file);
	pid_t pid = child_with(f, 0, act_posix);
	struct lock lock;

	use_real_proc(f);
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(by.pid, pid);
	assert_string_not_equal(by.command, "");
	end(pid);

	pid = child_with(f, 0, act_posix_set_user_id);
	assert_int_equal(take_now(f, &lock, &by), 0);
	lock_release(&lock);
	end(pid);
	end(stranger);
	fake_free(f);
}

/* ---- Root's file, locked by another user ---- */

static int act_read_posix(const struct fake *f)
{
	return set_posix(openat(f->root.fd, LOCK, O_RDONLY), F_RDLCK);
}

static int act_read_ofd(const struct fake *f)
{
	return lock_file_set(openat(f->root.fd, LOCK, O_RDONLY), F_RDLCK);
}

static int act_write_ofd(const struct fake *f)
{
	return lock_file_set(openat(f->root.fd, LOCK, O_WRONLY), F_WRLCK);
}

/* No process has the descriptor: it is in a message that was not received. */
static int act_in_flight(const struct fake *f)
{
	int pair[2], fd = openat(f->root.fd, LOCK, O_RDONLY);
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = { .header = { .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS,
				  .cmsg_len = CMSG_LEN(sizeof(int)) } };
	char text = 0;
	struct iovec byte = { &text, 1 };
	struct msghdr message = { .msg_iov = &byte,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (lock_file_set(fd, F_RDLCK) || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) ||
	    sendmsg(pair[0], &message, 0) < 0)
		return -1;
	return close(fd);
}

TEST(a_user_has_locked_roots_file)
{
	static const struct {
		unsigned int mode;
		int (*act)(const struct fake *f);
		bool reads; /* then no process can lock the old file for writing */
	} rows[] = {
		{ 0444, act_read_posix, true }, { 0444, act_read_ofd, true },
		{ 0644, act_in_flight, true },	{ 0666, act_posix, false },
		{ 0622, act_write_ofd, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = new_shared();
		struct lock_holder by;
		struct kern_names names;
		struct lock lock, second;
		struct stat st;
		int peer;
		pid_t pid;

		use_real_proc(f);
		fake_text(f, LOCK, "");
		assert_int_equal(fchmodat(f->root.fd, LOCK, rows[i].mode, 0), 0);
		pid = child_with(f, STRANGER, rows[i].act);
		peer = openat(f->root.fd, LOCK, O_RDWR);
		assert_int_equal(lock_holder_pid(peer, &f->root), 0);

		assert_int_equal(take_now(f, &lock, &by), 0);
		assert_true(lock_file_is_at(&f->root, LOCK, lock.fd));
		assert_false(lock_file_is_at(&f->root, LOCK, peer));
		assert_int_equal(fstat(lock.fd, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
		assert_int_equal(kern_list(&f->root, "var/lock", KERN_LIST_ALL, &names),
				 0);
		assert_int_equal(names.n, 1);
		kern_names_free(&names);
		assert_int_equal(take_now(f, &second, &by), -EAGAIN);
		assert_int_equal(by.pid, getpid());

		assert_int_equal(set_posix(peer, F_WRLCK), -EAGAIN);
		end(pid);
		assert_int_equal(set_posix(peer, F_WRLCK), rows[i].reads ? -EAGAIN : 0);
		lock_release(&lock);
		assert_int_equal(set_posix(peer, F_WRLCK), 0);
		assert_int_equal(take_now(f, &lock, &by), 0);
		assert_int_equal(lock.replaced, -1);
		lock_release(&lock);
		close(peer);
		fake_free(f);
	}
}

/* A root process waits for its lock, and without /proc nothing is known of it. */
/* The file is root's, as the peer makes it, and another user has locked it. Return the process
 * of that user. */
static pid_t lock_by_stranger(const struct fake *f)
{
	fake_text(f, LOCK, "");
	assert_int_equal(fchmodat(f->root.fd, LOCK, 0444, 0), 0);
	return child_with(f, STRANGER, act_read_posix);
}

TEST(a_root_process_has_locked_it_too)
{
	struct fake *f = new_shared();
	struct lock_holder by;
	pid_t stranger, pid;
	struct lock lock;

	stranger = lock_by_stranger(f);
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(lock.fd, -1);

	use_real_proc(f);
	pid = child_with(f, 0, act_read_ofd);
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(by.pid, pid);
	end(pid);
	assert_int_equal(take_now(f, &lock, &by), 0);
	lock_release(&lock);
	end(stranger);
	fake_free(f);
}

static int act_replace(const struct fake *f)
{
	return lock_file_set(openat(f->root.fd, LOCK ".replace", O_RDWR | O_CREAT, 0600),
			     F_WRLCK);
}

/* Another process is stopped while it replaces the file. */
TEST(a_replacement_that_does_not_end)
{
	struct fake *f = new_shared();
	struct lock_holder by;
	pid_t stranger, pid;
	struct lock lock;

	use_real_proc(f);
	stranger = lock_by_stranger(f);
	pid = child_with(f, 0, act_replace);
	assert_int_equal(take_now(f, &lock, &by), -EAGAIN);
	assert_int_equal(by.pid, pid);
	end(pid);
	assert_int_equal(take_now(f, &lock, &by), 0);
	lock_release(&lock);
	end(stranger);
	fake_free(f);
}

/* ---- A race of two processes of root and another user ---- */

struct race {
	atomic_int inside, taken, doubles, put;
	atomic_int tries; /* of the peer */
	atomic_bool tries_now;
	bool opens; /* the user opens root's file, and others try it as peers do */
};

static void race_enter(struct race *race)
{
	if (race->inside++)
		race->doubles++;
	sched_yield();
	race->inside--;
	race->taken++;
}

/* Lock root's file for reading as long as its mode permits that. */
static _Noreturn void race_read(const struct fake *f, struct race *race)
{
	if (setresuid(STRANGER, STRANGER, STRANGER))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = openat(f->root.fd, LOCK, O_RDONLY);

		if (fd >= 0 && !lock_file_set(fd, F_RDLCK))
			race->put++;
		sched_yield();
		if (fd >= 0)
			close(fd);
	}
}

/* Try once, as a peer does, and do not check the path after that. */
static _Noreturn void race_peer(const struct fake *f, struct race *race)
{
	int seen = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		bool has_lock;
		int fd;

		race->tries++;
		race->tries_now = true;
		fd = openat(f->root.fd, LOCK, O_RDWR);
		has_lock = fd >= 0 && race->taken != seen && !set_posix(fd, F_WRLCK);
		race->tries_now = false;
		if (has_lock) {
			race_enter(race);
			seen = race->taken;
		}
		if (fd >= 0)
			close(fd);
	}
}

static _Noreturn void race_disturb(const struct fake *f, struct race *race)
{
	if (setresuid(STRANGER, STRANGER, STRANGER))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned int i = 0;; i++) {
		if (i % 3 == 0 ? !act_link(f) : !act_file_locked(f))
			race->put++;
		unlinkat(f->root.fd, LOCK, 0);
		unlinkat(f->root.fd, LOCK, AT_REMOVEDIR);
		closefrom(f->root.fd + 1);
	}
}

/* Remove the file before the release, so that the other user can create it again, and a
 * waiting process holds a file without a name. */
static int race_run(const struct fake *f, struct race *race, int rounds)
{
	struct lock_holder by;

	for (int i = 0; i < rounds; i++) {
		struct deadline soon = deadline_in_ms(10000);
		struct lock lock;
		int err = lock_acquire(&lock, &f->root, LOCK, NULL, &soon, &by);

		if (err)
			return err;
		race_enter(race);
		/* A peer locks what it has opened before this change ends. */
		for (int n = race->tries; race->tries_now && race->tries == n;)
			sched_yield();
		if (race->opens)
			fchmod(lock.fd, 0444);
		else
			unlinkat(f->root.fd, LOCK, 0);
		lock_release(&lock);
	}
	return 0;
}

static void race_all(bool opens)
{
	enum { ROUNDS = 300 };
	struct fake *f = new_shared();
	struct race *race = mmap(NULL, sizeof(*race), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t stranger, other, peer = 0;
	int status;

	assert_ptr_not_equal(race, MAP_FAILED);
	race->opens = opens;
	use_real_proc(f);
	stranger = fork();
	if (!stranger && opens)
		race_read(f, race);
	if (!stranger)
		race_disturb(f, race);
	if (opens)
		peer = fork();
	if (opens && !peer)
		race_peer(f, race);
	other = fork();
	if (!other)
		_exit(-race_run(f, race, ROUNDS));
	assert_int_equal(race_run(f, race, ROUNDS), 0);
	waitpid(other, &status, 0);
	end(stranger);
	if (peer)
		end(peer);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(race->taken >= 2 * ROUNDS);
	assert_int_equal(race->doubles, 0);
	assert_true(race->put > 0);
	munmap(race, sizeof(*race));
	fake_free(f);
}

/* Behaviours: io-lock-race */
TEST(never_two_holders)
{
	race_all(false);
	race_all(true);
}

/* A holder that was killed has left its text, which may be longer. */
TEST(text_of_a_killed_holder)
{
	struct deadline dl = deadline_in_ms(0);
	struct fake *f = fake_new();
	struct lock_holder holder;
	char *text, wanted[32];
	size_t len;
	struct lock lock;

	fake_text(f, LOCK, "12345 a command with many words\n");
	for (int i = 0; i < 2; i++) { /* then of an empty file */
		assert_int_equal(lock_acquire(&lock, &f->root, LOCK, "x", &dl, &holder),
				 0);
		assert_int_equal(kern_read(&f->root, LOCK, &text, &len), 0);
		snprintf(wanted, sizeof(wanted), "%d x\n", (int)getpid());
		assert_string_equal(text, wanted);
		free(text);
		lock_release(&lock);
	}
	fake_free(f);
}
