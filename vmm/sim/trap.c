// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/trap.h"
#include "wire/papr_sys_rtas.h"
#include "wire/rtas_args.h"

/* Since Linux 6.6; missing in older headers */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	   SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif
/* Since Linux 5.19: only SIGKILL ends a call that papr-vmm has received. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#define TRAP_FLAGS \
	(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)

enum {
	/* An ioctl's command has the size of its block in these bits. */
	BLOCK_SHIFT = 16,
	BLOCK_MASK = 0x1fff,
	OUT_BYTES = BLOCK_MASK + 1,
	OUT_PARTS = 4,
	KEPT = 64, /* threads whose last call is kept */
	PROBE_CALLS = 100,
	PROBE_TRIES = 5000,
	PROBE_MS = 100,
};

/* A call and its answer */
struct exchange {
	pid_t pid;
	uint64_t print; /* see struct trap_call */
	long result;
	bool can_repeat, was_repeated;

	/* Memory of the program that waits: what it passed, and what it will receive */
	uint8_t in[BLOCK_MASK + 1];
	uint64_t in_at;
	size_t in_len;
	uint8_t out[OUT_BYTES];
	size_t out_len;
	struct out_part {
		uint64_t at;
		size_t len;
	} parts[OUT_PARTS];
	int n_parts;
};

struct trap {
	struct loop *loop;
	int fd, stop_fd;
	pthread_t thread;
	bool has_thread, ending;
	trap_fn *fn;
	void *arg;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *response, *later;
	size_t request_bytes, response_bytes;

	struct exchange now, *kept; /* kept: of each thread; NULL: no call repeats */

	uint64_t user_ns; /* inode number of the guest's own */
	uid_t root;	  /* the guest's root, as a user id of this computer */
	/* A caller whose user namespace is the guest's. Most calls repeat, so this is
	 * not read again until the process ends or changes its namespaces. */
	pid_t known_pid; /* 0: none */
	int known_pidfd;
};

/* What the filter does with system calls. All others are permitted. */
#define REFUSE SCMP_ACT_ERRNO(EPERM)
#define NOTIFY SCMP_ACT_NOTIFY
// clang-format off
#define ANY 0, { 0 }
#define MASKED(arg, ...) 1, { arg, SCMP_CMP_MASKED_EQ, __VA_ARGS__ }
static const struct {
	uint32_t action;
	int nr;
	unsigned int n;
	struct scmp_arg_cmp arg;
} rules[] = {
	{ NOTIFY, SCMP_SYS(ioctl), MASKED(1, 0xff00, 0xb200) }, /* of /dev/papr-* */
	{ NOTIFY, PAPR_SYS_RTAS, ANY }, { NOTIFY, SCMP_SYS(reboot), ANY },
	/* Let these pass: see trap.known_pid. */
	{ NOTIFY, SCMP_SYS(unshare), MASKED(0, CLONE_NEWUSER, CLONE_NEWUSER) },
	{ NOTIFY, SCMP_SYS(setns), ANY },
	/* These would change the machine's own kernel. */
	{ REFUSE, SCMP_SYS(acct), ANY }, { REFUSE, SCMP_SYS(adjtimex), ANY },
	{ REFUSE, SCMP_SYS(clock_adjtime), ANY }, { REFUSE, SCMP_SYS(clock_settime), ANY },
	{ REFUSE, SCMP_SYS(delete_module), ANY }, { REFUSE, SCMP_SYS(finit_module), ANY },
	{ REFUSE, SCMP_SYS(init_module), ANY }, { REFUSE, SCMP_SYS(kexec_load), ANY },
	{ REFUSE, SCMP_SYS(kexec_file_load), ANY }, { REFUSE, SCMP_SYS(settimeofday), ANY },
	{ REFUSE, SCMP_SYS(swapoff), ANY }, { REFUSE, SCMP_SYS(swapon), ANY },
	/* papr-vmm would wait for the program. */
	{ REFUSE, SCMP_SYS(userfaultfd), ANY },
	/* These put characters into the input of a terminal, which may be this computer's. */
	{ REFUSE, SCMP_SYS(ioctl), MASKED(1, 0xffffffff, TIOCSTI) },
	{ REFUSE, SCMP_SYS(ioctl), MASKED(1, 0xffffffff, TIOCLINUX) },
};
// clang-format on

/* Install a filter. Return the descriptor of its calls. */
static int load(const struct sock_fprog *program)
{
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, TRAP_FLAGS, program);

	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			     SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
	return fd < 0 ? -errno : (int)fd;
}

/* libseccomp 2.5 does not know the flag, so it only makes the filter, which a pipe holds. */
int trap_install(bool papr_devices, int *fd)
{
	struct sock_filter code[BPF_MAXINSNS];
	struct sock_fprog program = { .filter = code };
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int ends[2] = { -1, -1 },
	    err = pipe2(ends, O_CLOEXEC | O_NONBLOCK) ? -errno
		  : !ctx			      ? -ENOMEM
			 : seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
					    SCMP_ACT_KILL_PROCESS);
	ssize_t n;

	for (size_t i = !papr_devices; !err && i < sizeof(rules) / sizeof(*rules); i++)
		err = seccomp_rule_add_array(ctx, rules[i].action, rules[i].nr,
					     rules[i].n, &rules[i].arg);
	if (!err)
		err = seccomp_export_bpf(ctx, ends[1]);
	n = err ? 0 : read(ends[0], code, sizeof(code));
	program.len = n > 0 ? (unsigned short)((size_t)n / sizeof(*code)) : 0;
	*fd = err ? err : load(&program);
	if (ctx)
		seccomp_release(ctx);
	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
	return *fd < 0 ? *fd : 0;
}

static bool still_waits(const struct trap_call *call)
{
	return !ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id);
}

/* Copy what the call may refer to, before anything else. Memory may end after the first
 * page. */
static void fetch(struct exchange *now, const struct trap_call *call)
{
	size_t want = call->nr == PAPR_SYS_RTAS ? RTAS_IMAGE_BYTES
		      : call->nr == SYS_ioctl
			      ? (size_t)call->args[1] >> BLOCK_SHIFT & BLOCK_MASK
			      : 0,
	       page = (size_t)sysconf(_SC_PAGESIZE), first;
	struct iovec to = { now->in, want }, from[3];
	int n = 0;
	ssize_t got;

	now->in_at = call->nr == PAPR_SYS_RTAS ? call->args[0] : call->args[2];
	now->in_len = 0;
	for (uint64_t at = now->in_at; want && n < 3; n++, at += first, want -= first) {
		first = page - (size_t)(at % page);
		first = first < want ? first : want;
		from[n] = (struct iovec){ (void *)(uintptr_t)at, first };
	}
	got = n ? process_vm_readv(call->pid, &to, 1, from, (unsigned long)n, 0) : 0;
	if (got > 0)
		now->in_len = (size_t)got;
}

int trap_read(const struct trap_call *call, uint64_t addr, void *buf, size_t len)
{
	const struct exchange *now = &call->trap->now;
	uint64_t from = addr - now->in_at;

	if (from > now->in_len || len > now->in_len - from)
		return -EFAULT;
	memcpy(buf, now->in + from, len);
	return 0;
}

int trap_write(const struct trap_call *call, uint64_t addr, const void *buf, size_t len)
{
	struct exchange *now = &call->trap->now;

	if (now->n_parts == OUT_PARTS || len > OUT_BYTES - now->out_len)
		return -EFAULT;
	now->parts[now->n_parts++] = (struct out_part){ addr, len };
	memcpy(now->out + now->out_len, buf, len);
	now->out_len += len;
	return 0;
}

/* Write the results to the program's memory. */
static int hand_over(struct exchange *now, const struct trap_call *call)
{
	uint8_t *at = now->out;

	if (!still_waits(call))
		return -ESRCH;
	for (int i = 0; i < now->n_parts; i++) {
		const struct out_part *part = &now->parts[i];
		struct iovec from = { at, part->len },
			     to = { (void *)(uintptr_t)part->at, part->len };

		if (process_vm_writev(call->pid, &from, 1, &to, 1, 0) !=
		    (ssize_t)part->len)
			return -EFAULT;
		at += part->len;
	}
	return 0;
}

static void trap_forget(struct trap *trap)
{
	if (trap->known_pid)
		close(trap->known_pidfd);
	trap->known_pid = 0;
}

/* Find out who calls: the capabilities that it has over the guest's user namespace. Return
 * false if the process id may belong to another process by now. */
static bool identify(struct trap *trap, struct trap_call *call)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, call->pid };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
	bool can = !syscall(SYS_capget, &head, sets);
	struct stat st;
	char path[64];
	int fd;

	if (trap->known_pid != call->pid) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)call->pid);
		can = can && !stat(path, &st) && st.st_ino == trap->user_ns;
		/* Only the first thread of a process has such a descriptor. */
		fd = can ? (int)syscall(SYS_pidfd_open, call->pid, 0) : -1;
		if (!still_waits(call)) {
			if (fd >= 0)
				close(fd);
			return false;
		}
		if (fd >= 0) {
			trap_forget(trap);
			trap->known_pid = call->pid;
			trap->known_pidfd = fd;
		}
	}
	if (can)
		call->capabilities =
			(uint64_t)sets[1].effective << 32 | sets[0].effective;
	return true;
}

bool trap_capable(const struct trap_call *call, int capability)
{
	return call->capabilities >> capability & 1;
}

/* Return the owner of a process, or (uid_t)-1 if it does not exist. */
static uid_t owner_of(pid_t pid)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return stat(path, &st) ? (uid_t)-1 : st.st_uid;
}

bool trap_is_root(const struct trap_call *call)
{
	return owner_of(call->pid) == call->trap->root && still_waits(call);
}

int trap_give_fd(const struct trap_call *call, int fd)
{
	struct seccomp_notif_addfd add = {
		.id = call->id,
		.srcfd = (uint32_t)fd,
		.newfd_flags = O_CLOEXEC,
	};
	int n = ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_ADDFD, &add);

	return n < 0 ? -errno : n;
}

/* Return false if the call no longer waits. */
static bool answer(const struct trap_call *call, struct seccomp_notif_resp *response,
		   long result)
{
	memset(response, 0, call->trap->response_bytes);
	response->id = call->id;
	response->val = result < 0 ? 0 : result;
	response->error = result < 0 ? (int)result : 0;
	return !ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_SEND, response);
}

void trap_answer(const struct trap_call *call, long result)
{
	answer(call, call->trap->later, result);
}

static int allocate(struct trap *trap)
{
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		return -errno;
	/* The running kernel's structures may be larger than those of our headers. */
	trap->request_bytes = sizes.seccomp_notif > sizeof(*trap->request)
				      ? sizes.seccomp_notif
				      : sizeof(*trap->request);
	trap->response_bytes = sizes.seccomp_notif_resp > sizeof(*trap->response)
				       ? sizes.seccomp_notif_resp
				       : sizeof(*trap->response);
	trap->request = calloc(1, trap->request_bytes);
	trap->response = calloc(1, trap->response_bytes);
	trap->later = calloc(1, trap->response_bytes);
	return trap->request && trap->response && trap->later ? 0 : -ENOMEM;
}

/* ---- Calls that a signal repeats ---------------------------------------------------- */

static void nothing(int number)
{
	(void)number;
}

/* Send a signal to a child during each of its calls, before the call is received. Return
 * true if one that was answered repeats, or if this cannot be found out. */
static bool probe_repeats(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PAPR_SYS_RTAS, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(*code), code };
	struct trap trap = { 0 };
	struct trap_call call = { .trap = &trap };
	struct pollfd ready = { .events = POLLIN };
	uint64_t last = 0, n = 0;
	int tries = 0;
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGUSR1, nothing); /* restarts calls */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	trap.fd = ready.fd = load(&program);
	pid = trap.fd < 0 || allocate(&trap) ? -1 : fork();
	while (!pid && n++ < PROBE_CALLS)
		syscall(PAPR_SYS_RTAS, n);
	while (pid > 0 && last < PROBE_CALLS && tries++ < PROBE_TRIES &&
	       poll(&ready, 1, PROBE_MS) > 0) {
		kill(pid, SIGUSR1);
		memset(trap.request, 0, trap.request_bytes);
		if (ioctl(trap.fd, SECCOMP_IOCTL_NOTIF_RECV, trap.request))
			continue;
		call.id = trap.request->id;
		n = trap.request->data.args[0];
		if (n == last)
			break;
		if (answer(&call, trap.response, 0))
			last = n;
	}
	if (pid > 0 && !kill(pid, SIGKILL))
		waitpid(pid, NULL, 0);
	return last < PROBE_CALLS;
}

/* Before 6.18 and some stable versions, Linux repeats a call in spite of the flag if the
 * answer comes before the thread notices that the call was received. */
bool trap_repeats(void)
{
	struct utsname name;
	int status = 1;
	pid_t pid;

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, TRAP_FLAGS, NULL) < 0 &&
	    errno != EFAULT)
		return true;
	if (!uname(&name) && strverscmp(name.release, "6.18") >= 0)
		return false;
	pid = fork();
	if (!pid)
		_exit(probe_repeats());
	return pid < 0 || waitpid(pid, &status, 0) < 0 || status;
}

/* Return a checksum of arguments and memory, which is not 0. */
static uint64_t print_of(const struct seccomp_data *data, const struct exchange *now)
{
	const uint8_t *bytes = (const uint8_t *)data;
	uint64_t sum = 0xcbf29ce484222325;
	/* Registers of unused arguments differ if a program repeats the call itself. */
	size_t n_args = data->nr == PAPR_SYS_RTAS ? 1
			: data->nr == SYS_ioctl	  ? 3
						  : 4,
	       len = offsetof(struct seccomp_data, args) + n_args * sizeof(*data->args);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3;
	for (size_t i = 0; i < now->in_len; i++)
		sum = (sum ^ now->in[i]) * 0x100000001b3;
	return sum | 1;
}

bool trap_is_same(const struct trap_call *call, const struct trap_call *other)
{
	return call->print && call->print == other->print && call->pid == other->pid;
}

/* Keep the exchange for a repetition, which finds the results in memory if they were written.
 * After a confirmed delivery only that shows a repetition, and only one. */
static void keep(struct exchange *last, struct exchange *now,
		 const struct seccomp_data *data, bool written, bool sent)
{
	const uint8_t *from = now->out;

	now->can_repeat = now->result >= 0 &&
			  (!sent || (written && now->n_parts && !now->was_repeated));
	for (int i = 0; written && i < now->n_parts; from += now->parts[i++].len) {
		uint64_t at = now->parts[i].at - now->in_at;

		if (at <= now->in_len && now->parts[i].len <= now->in_len - at)
			memcpy(now->in + at, from, now->parts[i].len);
	}
	now->print = print_of(data, now);
	*last = *now;
}

/* Return true if this is the last call of its thread again, with the memory as it was left.
 * Then it has the same answer. */
static bool repeats(const struct exchange *last, struct exchange *now)
{
	if (!last->can_repeat || last->pid != now->pid || last->print != now->print)
		return false;
	*now = *last;
	now->was_repeated = true;
	return true;
}

/* ---- The calls ---------------------------------------------------------------------- */

/* A process changes its namespaces. Only a process with one thread can change that of its
 * users. The kernel itself executes the call. */
static void trap_let_pass(struct trap *trap, const struct trap_call *call)
{
	if (trap->known_pid == call->pid)
		trap_forget(trap);
	memset(trap->response, 0, trap->response_bytes);
	trap->response->id = call->id;
	trap->response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(trap->fd, SECCOMP_IOCTL_NOTIF_SEND, trap->response);
}

/* Serve one call. Only the part in the middle runs under the loop's lock: a program can
 * have memory that it must serve itself, or that papr-vmm serves in the loop's thread. */
static void serve(struct trap *trap)
{
	struct exchange *now = &trap->now, *last;
	struct trap_call call;
	int err = 0;
	bool sent = true;

	memset(trap->request, 0, trap->request_bytes);
	if (ioctl(trap->fd, SECCOMP_IOCTL_NOTIF_RECV, trap->request))
		return;

	call = (struct trap_call){ .nr = trap->request->data.nr,
				   .pid = (pid_t)trap->request->pid,
				   .trap = trap,
				   .id = trap->request->id };
	for (int i = 0; i < 6; i++)
		call.args[i] = trap->request->data.args[i];
	if (call.nr == SYS_unshare || call.nr == SYS_setns) {
		trap_let_pass(trap, &call);
		return;
	}
	fetch(now, &call);
	if (!identify(trap, &call))
		return;
	now->pid = call.pid;
	now->print = trap->kept ? print_of(&trap->request->data, now) : 0;
	call.print = now->print;
	now->result = TRAP_NEVER;
	now->was_repeated = false;
	now->n_parts = 0;
	now->out_len = 0;

	last = trap->kept ? &trap->kept[call.pid % KEPT] : NULL;
	if (!last || !repeats(last, now)) {
		loop_lock(trap->loop);
		if (!trap->ending)
			now->result = trap->fn(trap->arg, &call);
		loop_unlock(trap->loop);
	}

	if (now->result != TRAP_NEVER && now->result != TRAP_LATER) {
		if (now->result >= 0 && now->n_parts)
			err = hand_over(now, &call);
		sent = answer(&call, trap->response, err ? err : now->result);
	}
	if (last)
		keep(last, now, &trap->request->data, !err, sent || err == -EFAULT);
}

static void *serve_all(void *arg)
{
	struct trap *trap = arg;
	struct pollfd fds[] = { { .fd = trap->fd, .events = POLLIN },
				{ .fd = trap->stop_fd, .events = POLLIN },
				{ .fd = -1, .events = POLLIN } };

	while (!fds[1].revents) {
		if (fds[2].revents) /* before another process can have its number */
			trap_forget(trap);
		if (fds[0].revents & POLLIN)
			serve(trap);
		else if (fds[0].revents) /* no process is left */
			fds[0].fd = -1;
		fds[2].fd = trap->known_pid ? trap->known_pidfd : -1;
		if (poll(fds, 3, -1) < 0)
			fds[0].revents = fds[1].revents = fds[2].revents = 0;
	}
	return NULL;
}

/* Start the thread. Signals are for the loop's thread. */
static int start(struct trap *trap)
{
	sigset_t all, old;
	int err;

	trap->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (trap->stop_fd < 0)
		return -errno;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&trap->thread, NULL, serve_all, trap);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	trap->has_thread = !err;
	return err;
}

int trap_new(struct trap **out, struct loop *loop, int fd, uint64_t user_ns, trap_fn *fn,
	     void *arg)
{
	struct trap *trap = calloc(1, sizeof(*trap));
	int err;

	if (!trap) {
		close(fd);
		return -ENOMEM;
	}
	*trap = (struct trap){ .loop = loop,
			       .fd = fd,
			       .stop_fd = -1,
			       .fn = fn,
			       .arg = arg,
			       .user_ns = user_ns,
			       .root = geteuid() };
	/* Caller and supervisor never run at the same time, so the kernel may keep both
	 * on one processor. A kernel without this flag is only slower. */
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	err = allocate(trap);
	if (!err && trap_repeats()) {
		trap->kept = calloc(KEPT, sizeof(*trap->kept));
		err = trap->kept ? 0 : -ENOMEM;
	}
	if (!err)
		err = start(trap);
	if (err) {
		trap_free(trap);
		return err;
	}
	*out = trap;
	return 0;
}

/* Stop the thread. It may wait for the lock, which the caller has. */
static void stop(struct trap *trap)
{
	const uint64_t one = 1;

	trap->ending = true;
	while (write(trap->stop_fd, &one, sizeof(one)) < 0)
		;
	loop_unlock(trap->loop);
	pthread_join(trap->thread, NULL);
	loop_lock(trap->loop);
}

void trap_free(struct trap *trap)
{
	if (!trap)
		return;
	if (trap->has_thread)
		stop(trap);
	if (trap->stop_fd >= 0)
		close(trap->stop_fd);
	close(trap->fd);
	trap_forget(trap);
	free(trap->request);
	free(trap->response);
	free(trap->later);
	free(trap->kept);
	free(trap);
}
