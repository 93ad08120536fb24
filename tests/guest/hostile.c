// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: */
/*
 * hostile - do what a guest's root must not succeed with
 *
 *   hostile WAY [ARG...]
 *
 * Prints one line for each attempt that succeeded or whose result matters, and exits with
 * 7. tests/commands/drmgr/hostile-guest.bats has the ways and what each must print.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/papr_sys_rtas.h"

enum {
	STATUS = 7, /* of every way */
	CELLS = 19,
	WORK_BYTES = 4096,
	THREADS = 64,
	CALLS = 100000,
	DESCRIPTORS = 64,
	PIDS = 60, /* of the commands that the test starts */
	PROCESSES = 1000,
};

static void tried(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "done");
	fflush(stdout);
}

/* ---- RTAS calls -------------------------------------------------------------------- */

static uint32_t be(uint32_t value)
{
	return __builtin_bswap32(value) * (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) +
	       value * (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__);
}

static uint32_t token_of(const char *call)
{
	char path[128];
	uint32_t token = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/device-tree/rtas/%s", call);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &token, sizeof(token)) != sizeof(token))
		err(1, "%s", path);
	close(fd);
	return token; /* big-endian */
}

static long rtas(void *cells)
{
	return syscall(PAPR_SYS_RTAS, cells);
}

static bool clock_works(uint32_t token)
{
	uint32_t cells[CELLS] = { token, 0, be(8) };

	return !rtas(cells) && !cells[3];
}

static void still_works(void)
{
	printf("a call: %s\n",
	       clock_works(token_of("get-time-of-day")) ? "works" : "fails");
	fflush(stdout);
}

/* ---- Memory that papr-vmm must wait for -------------------------------------------- */

static void *map_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		err(1, "%s", path);
	return at;
}

static void mapped(char **args)
{
	for (; *args; args++)
		tried(*args, rtas(map_file(*args)));
	still_works();
}

static void *touch(void *at)
{
	return (void *)(uintptr_t) * (volatile char *)at;
}

/* Another process waits for the same page. */
static void mapped_together(char **args)
{
	for (; *args; args++) {
		char *at = map_file(*args);

		if (!fork()) {
			touch(at);
			_exit(0);
		}
		usleep(100000);
		tried(*args, rtas(at));
	}
	still_works();
}

static void own_faults(char **args)
{
	(void)args;
	tried("userfaultfd", syscall(SYS_userfaultfd, 0));
}

static void truncated(char **args)
{
	uint32_t cells[CELLS] = { token_of("ibm,get-system-parameter"),
				  be(3),
				  be(1),
				  be(20),
				  0,
				  be(WORK_BYTES) };
	unsigned long long rmo;
	FILE *f = fopen("/proc/ppc64/rtas/rmo_buffer", "re");
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	off_t size = lseek(fd, 0, SEEK_END);

	(void)args;
	if (!f || fscanf(f, "%llx", &rmo) != 1 || fd < 0)
		err(1, "/dev/mem");
	cells[4] = be((uint32_t)rmo);
	for (off_t to = 0; to <= size; to += size / 2 - size % 2 + 1) {
		if (ftruncate(fd, to))
			err(1, "ftruncate");
		tried("call", rtas(cells));
	}
	unlink("/dev/mem");
	tried("call", rtas(cells));
	still_works();
}

/* ---- The agent and its link -------------------------------------------------------- */

/* Return true if this can be one of the agent's: a socket, a namespace, a listener. A
 * program that the process executed meanwhile has only files and pipes. */
static bool is_agents(int fd)
{
	char path[64], target[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = '\0';
	return target[0] != '/' && strncmp(target, "pipe:", 5) != 0;
}

static void descriptors_of(pid_t pid, unsigned int *taken)
{
	int from = (int)syscall(SYS_pidfd_open, pid, 0), fd;

	for (int n = 0; from >= 0 && n < DESCRIPTORS; n++) {
		fd = (int)syscall(SYS_pidfd_getfd, from, n, 0);
		if (fd < 0)
			continue;
		*taken += is_agents(fd);
		close(fd);
	}
	if (from >= 0)
		close(from);
}

static void *attacker(void *arg)
{
	for (unsigned int *taken = arg;; usleep(1000))
		descriptors_of(1, taken);
	return NULL;
}

/* Try the descriptors of process 1, and of each process whose program has not begun: it is
 * a copy of the agent. Until "stop" exists in /tmp. */
static void descriptors(char **args)
{
	unsigned int taken = 0, copies = 0;
	pthread_t thread;

	(void)args;
	pthread_create(&thread, NULL, attacker, &taken);
	puts("begun");
	fflush(stdout);
	close(open("/tmp/begun", O_CREAT | O_CLOEXEC, 0600));
	/* Leave time for the commands. */
	for (; access("/tmp/stop", F_OK); usleep(500))
		for (pid_t pid = 2; pid < PIDS; pid++) {
			char path[64], name[32] = "";
			int fd;

			snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				continue;
			if (read(fd, name, sizeof(name)) > 0 && !strcmp(name, "init\n"))
				descriptors_of(pid, &copies);
			close(fd);
		}
	printf("taken: %u %u\n", taken, copies);
}

static void open_it(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	tried(path, fd);
	if (fd >= 0)
		close(fd);
}

static void process_1(char **args)
{
	static const char *const files[] = { "/proc/1/mem",   "/proc/1/environ",
					     "/proc/1/fd/0",  "/proc/1/root/etc",
					     "/proc/1/maps",  "/proc/1/ns/user",
					     "/proc/1/ns/mnt" };
	char buf[8];
	struct iovec own = { buf, 8 }, its = { (void *)0x1000, 8 };

	(void)args;
	for (int signal = 1; signal <= SIGRTMAX; signal++)
		kill(1, signal);
	tried("ptrace", ptrace(PTRACE_SEIZE, 1, NULL, NULL));
	tried("process_vm_readv", process_vm_readv(1, &own, 1, &its, 1, 0));
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		open_it(files[i], O_RDONLY);
	open_it("/proc/1/mem", O_RDWR);
	still_works();
}

/* Limits that end process 1 also end this process, but not with status 0. */
static void limit_1(char **args)
{
	const struct rlimit none = { 0, 0 };

	(void)args;
	prlimit(1, RLIMIT_NOFILE, &none, NULL);
	prlimit(1, RLIMIT_AS, &none, NULL);
	prlimit(1, RLIMIT_NPROC, &none, NULL);
	prlimit(1, RLIMIT_STACK, &none, NULL);
	still_works();
}

static void listener(char **args)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	const struct sock_fprog filter = { 1, all };

	(void)args;
	tried("listener", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				  SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

static void abstract(char **args)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int len = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "papr-vmm/%s",
			   args[0]);

	tried("attach", connect(fd, (struct sockaddr *)&name,
				(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					    (size_t)len)));
}

/* ---- The computer ------------------------------------------------------------------ */

static void mounts(char **args)
{
	static const char *const locked[] = { "/sys",	       "/proc",
					      "/proc/.kernel", "/proc/.kernel/sys",
					      "/dev/null",     "/dev/pts",
					      "/dev",	       "/usr" };

	(void)args;
	mkdir("/tmp/to", 0700);
	for (size_t i = 0; i < sizeof(locked) / sizeof(*locked); i++) {
		if (!umount2(locked[i], MNT_DETACH))
			printf("%s: removed\n", locked[i]);
		if (!mount(locked[i], "/tmp/to", NULL, MS_MOVE, NULL))
			printf("%s: moved\n", locked[i]);
	}
	tried("remount /dev/null",
	      mount(NULL, "/dev/null", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL));
	tried("remount /proc/sys",
	      mount(NULL, "/proc/.kernel/sys", NULL,
		    MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	tried("procfs", mount("proc", "/tmp/to", "proc", 0, NULL));
	tried("sysfs", mount("sysfs", "/tmp/to", "sysfs", 0, NULL));
	tried("bind /sys", mount("/sys", "/tmp/to", NULL, MS_BIND | MS_REC, NULL));
	tried("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNS));
}

static void control(char **args)
{
	(void)args;
	open_it("/proc/sys/kernel/core_pattern", O_WRONLY);
	open_it("/proc/sys/kernel/modprobe", O_WRONLY);
	open_it("/proc/sysrq-trigger", O_WRONLY);
	open_it("/proc/irq/default_smp_affinity", O_WRONLY);
	tried("chmod /dev/null", chmod("/dev/null", 0600));
	tried("chown /dev/zero", chown("/dev/zero", 1, 1));
	tried("mknod", mknod("/tmp/sda", S_IFBLK | 0600, 8 << 8));
	tried("clock", syscall(SYS_clock_settime, 0, &(struct timespec){ 1, 0 }));
}

static void terminals(char **args)
{
	struct dirent *entry;
	DIR *dir = opendir("/dev/pts");
	char c = 'x';

	(void)args;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "ptmx") != 0)
			printf("/dev/pts/%s\n", entry->d_name);
	tried("type", ioctl(0, TIOCSTI, &c));
	tried("type", ioctl(0, TIOCSTI | 1UL << 32, &c));
	c = 3;
	tried("paste", ioctl(0, TIOCLINUX, &c));
	c = open("/dev/ptmx", O_RDWR | O_CLOEXEC | O_NOCTTY) < 0 ? -1 : 0;
	tried("a terminal of its own", c);
}

static void ended_by(const char *what, pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	printf("%s: %s\n", what,
	       WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : "returned");
	fflush(stdout);
}

static void architectures(char **args)
{
	pid_t pid;

	(void)args;
#ifdef __x86_64__
	pid = fork();
	if (!pid) {
		long nr = 20;

		__asm__ volatile("int $0x80" : "+a"(nr) : : "memory");
		_exit(0);
	}
	ended_by("32 bits", pid);
	pid = fork();
	if (!pid) {
		syscall(0x40000000 | SYS_getpid);
		_exit(0);
	}
	ended_by("x32", pid);
#else
	(void)pid, (void)ended_by;
#endif
}

/* Open a file through io_uring, whose requests no filter sees. */
static void uring(char **args)
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 4, &p);
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	char *sq, *cq;

	(void)args;
	if (ring < 0) {
		puts("no io_uring");
		return;
	}
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE,
		  MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, p.sq_entries * sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED,
		   ring, IORING_OFF_SQES);
	*sqe = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT,
				      .fd = AT_FDCWD,
				      .addr = (uintptr_t) "/proc/sys/kernel/core_pattern",
				      .open_flags = O_WRONLY };
	*(uint32_t *)(void *)(sq + p.sq_off.array) = 0;
	__atomic_add_fetch((uint32_t *)(void *)(sq + p.sq_off.tail), 1, __ATOMIC_SEQ_CST);
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	cqe = (void *)(cq + p.cq_off.cqes);
	errno = -cqe->res;
	tried("io_uring", cqe->res);
}

/* ---- Exhaustion, and other states --------------------------------------------------- */

static void *call_often(void *arg)
{
	const uint32_t token = token_of("get-time-of-day");
	uintptr_t good = 0;

	for (int i = 0; i < CALLS / THREADS + 1; i++)
		good += clock_works(token);
	(void)arg;
	return (void *)good;
}

static void threads(char **args)
{
	pthread_t all[THREADS];
	unsigned long good = 0;
	void *n;

	(void)args;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&all[i], NULL, call_often, NULL))
			err(1, "thread");
	for (int i = 0; i < THREADS; i++) {
		pthread_join(all[i], &n);
		good += (uintptr_t)n;
	}
	printf("calls: %s\n", good >= CALLS ? "all" : "some");
}

/* Kill processes while they wait for a call. */
static void killed(char **args)
{
	(void)args;
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (!pid)
			for (const uint32_t token = token_of("get-time-of-day");;)
				clock_works(token);
		usleep(1000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	still_works();
}

static void files(char **args)
{
	(void)args;
	for (int i = 0; i < 4; i++)
		if (!fork()) {
			while (open("/proc/ppc64/lparcfg", O_RDONLY) >= 0 ||
			       open("/proc/cpuinfo", O_RDONLY) >= 0)
				;
			pause();
		}
	usleep(300000);
	still_works();
}

static void processes(char **args)
{
	int n = 0;

	(void)args;
	while (n < PROCESSES && fork() > 0)
		n++;
	if (n < PROCESSES)
		for (;;)
			pause();
	still_works();
}

static void memory(char **args)
{
	(void)args;
	for (;;)
		memset(malloc(1 << 20), 1, 1 << 20);
}

static void closed(char **args)
{
	(void)args;
	close(0);
	close(1);
	close(2);
	if (!clock_works(token_of("get-time-of-day")))
		_exit(1);
}

/* Read directories from offsets that no entry has. */
static void seeks(char **args)
{
	static const char *const paths[] = { "/proc/device-tree", "/sys/devices",
					     "/proc" };
	static char buf[1 << 16];

	(void)args;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int fd = open(paths[i], O_RDONLY | O_DIRECTORY);

		if (fd < 0)
			err(1, "%s", paths[i]);
		while (syscall(SYS_getdents64, fd, buf, sizeof(buf)) > 0)
			;
		for (long at = 1; at < 3000; at++) {
			lseek(fd, at, SEEK_SET);
			syscall(SYS_getdents64, fd, buf, sizeof(buf));
		}
		lseek(fd, LONG_MAX, SEEK_SET);
		syscall(SYS_getdents64, fd, buf, sizeof(buf));
		close(fd);
	}
	still_works();
}

/* In a process of its own, so that each begins with a call that succeeds: papr-vmm knows the
 * process then. */
static void after_a_call(uint32_t token, void (*change)(void))
{
	uint32_t cells[CELLS] = { token, 0, be(8) };
	pid_t pid = fork();

	if (!pid) {
		tried("first call", rtas(cells));
		change();
		tried("call", rtas(cells));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	tried("capset", syscall(SYS_capset, &head, none));
}

static void unshare_users(void)
{
	tried("unshare",
	      unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET));
}

/* Enter the user namespace of a child. */
static void enter_users(void)
{
	char path[64], c;
	int ready[2], ns;
	pid_t pid;

	if (pipe(ready))
		err(1, "pipe");
	pid = fork();
	if (!pid) {
		if (!unshare(CLONE_NEWUSER) && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		errx(1, "no user namespace");
	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	tried("setns", setns(ns, CLONE_NEWUSER));
	kill(pid, SIGKILL);
}

static void namespaces(char **args)
{
	uint32_t token = token_of("get-time-of-day");

	(void)args;
	after_a_call(token, unshare_users);
	after_a_call(token, enter_users);
	after_a_call(token, drop_capabilities);
	unshare_users();
	tried("sethostname", sethostname("x", 1));
	if (!fork())
		_exit(0);
	wait(NULL);
}

static void stubborn(char **args)
{
	sigset_t all;

	(void)args;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int i = 0; i < 3; i++)
		if (!fork())
			break;
	close(open("/tmp/begun", O_CREAT | O_CLOEXEC, 0600));
	for (;;)
		pause();
}

int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		void (*fn)(char **args);
	} ways[] = {
		{ "mapped", mapped },
		{ "mapped-together", mapped_together },
		{ "own-faults", own_faults },
		{ "truncated", truncated },
		{ "descriptors", descriptors },
		{ "process-1", process_1 },
		{ "limit-1", limit_1 },
		{ "listener", listener },
		{ "abstract", abstract },
		{ "mounts", mounts },
		{ "control", control },
		{ "terminals", terminals },
		{ "architectures", architectures },
		{ "uring", uring },
		{ "threads", threads },
		{ "killed", killed },
		{ "files", files },
		{ "processes", processes },
		{ "memory", memory },
		{ "closed", closed },
		{ "namespaces", namespaces },
		{ "seeks", seeks },
		{ "stubborn", stubborn },
	};

	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(argv[1], ways[i].name)) {
			ways[i].fn(argv + 2);
			exit(STATUS);
		}
	errx(2, "usage: hostile WAY [ARG...]");
}
