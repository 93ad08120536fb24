// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

enum {
	/* An ioctl's command has the size of its block in these bits. */
	BLOCK_SHIFT = 16,
	BLOCK_MASK = 0x1fff,
	OUT_BYTES = BLOCK_MASK + 1,
	OUT_PARTS = 4,
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

	uint64_t user_ns; /* inode number of the guest's own */
	uid_t root;	  /* the guest's root, as a user id of this computer */
	/* A caller whose user namespace is the guest's. Most calls repeat, so this is
	 * not read again until the process ends or changes its namespaces. */
	pid_t known_pid; /* 0: none */
	int known_pidfd;
};

/* System calls that would change the machine's own kernel */
static const int forbidden[] = {
	SCMP_SYS(acct),		 SCMP_SYS(adjtimex),	  SCMP_SYS(clock_adjtime),
	SCMP_SYS(clock_settime), SCMP_SYS(delete_module), SCMP_SYS(finit_module),
	SCMP_SYS(init_module),	 SCMP_SYS(kexec_load),	  SCMP_SYS(kexec_file_load),
	SCMP_SYS(settimeofday),	 SCMP_SYS(swapoff),	  SCMP_SYS(swapon),
	SCMP_SYS(userfaultfd), /* papr-vmm would wait for the program */
};

/* Ioctls that put characters into the input of a terminal, which may be this
 * computer's */
static const unsigned int typing[] = { TIOCSTI, TIOCLINUX };

int trap_install(bool papr_devices, int *fd)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err = ctx ? 0 : -ENOMEM;

	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
				       SCMP_ACT_KILL_PROCESS);
	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, PAPR_SYS_RTAS, 0);
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(reboot), 0);
	/* Let these pass: see trap.known_pid. */
	if (!err)
		err = seccomp_rule_add(
			ctx, SCMP_ACT_NOTIFY, SCMP_SYS(unshare), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(setns), 0);
	if (!err && papr_devices)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xff00, 0xb200));
	for (size_t i = 0; !err && i < sizeof(forbidden) / sizeof(*forbidden); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
	for (size_t i = 0; !err && i < sizeof(typing) / sizeof(*typing); i++)
		err = seccomp_rule_add(
			ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, typing[i]));
	if (!err)
		err = seccomp_load(ctx);
	/* libseccomp keeps this descriptor open; there is no other copy. */
	if (!err)
		*fd = seccomp_notify_fd(ctx);
	if (ctx)
		seccomp_release(ctx);
	return err;
}

static bool still_waits(const struct trap_call *call)
{
	return !ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id);
}

/* Copy what the call may refer to, before anything else. Memory may end after the first
 * page. */
static void fetch(struct trap *trap, const struct trap_call *call)
{
	size_t want = call->nr == PAPR_SYS_RTAS ? RTAS_IMAGE_BYTES
		      : call->nr == SYS_ioctl
			      ? (size_t)call->args[1] >> BLOCK_SHIFT & BLOCK_MASK
			      : 0,
	       page = (size_t)sysconf(_SC_PAGESIZE), first;
	struct iovec to = { trap->in, want }, from[3];
	int n = 0;
	ssize_t got;

	trap->in_at = call->nr == PAPR_SYS_RTAS ? call->args[0] : call->args[2];
	trap->in_len = 0;
	for (uint64_t at = trap->in_at; want && n < 3; n++, at += first, want -= first) {
		first = page - (size_t)(at % page);
		first = first < want ? first : want;
		from[n] = (struct iovec){ (void *)(uintptr_t)at, first };
	}
	got = n ? process_vm_readv(call->pid, &to, 1, from, (unsigned long)n, 0) : 0;
	if (got > 0)
		trap->in_len = (size_t)got;
}

int trap_read(const struct trap_call *call, uint64_t addr, void *buf, size_t len)
{
	const struct trap *trap = call->trap;
	uint64_t from = addr - trap->in_at;

	if (from > trap->in_len || len > trap->in_len - from)
		return -EFAULT;
	memcpy(buf, trap->in + from, len);
	return 0;
}

int trap_write(const struct trap_call *call, uint64_t addr, const void *buf, size_t len)
{
	struct trap *trap = call->trap;

	if (trap->n_parts == OUT_PARTS || len > OUT_BYTES - trap->out_len)
		return -EFAULT;
	trap->parts[trap->n_parts++] = (struct out_part){ addr, len };
	memcpy(trap->out + trap->out_len, buf, len);
	trap->out_len += len;
	return 0;
}

/* Write the results to the program's memory. */
static int hand_over(struct trap *trap, const struct trap_call *call)
{
	uint8_t *at = trap->out;

	if (!still_waits(call))
		return -ESRCH;
	for (int i = 0; i < trap->n_parts; i++) {
		const struct out_part *part = &trap->parts[i];
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

static void answer(const struct trap_call *call, struct seccomp_notif_resp *response,
		   long result)
{
	memset(response, 0, call->trap->response_bytes);
	response->id = call->id;
	response->val = result < 0 ? 0 : result;
	response->error = result < 0 ? (int)result : 0;
	/* This fails if the call no longer waits. */
	ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_SEND, response);
}

void trap_answer(const struct trap_call *call, long result)
{
	answer(call, call->trap->later, result);
}

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
	struct trap_call call;
	long result = TRAP_NEVER;

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
	fetch(trap, &call);
	if (!identify(trap, &call))
		return;
	trap->n_parts = 0;
	trap->out_len = 0;

	loop_lock(trap->loop);
	if (!trap->ending)
		result = trap->fn(trap->arg, &call);
	loop_unlock(trap->loop);

	if (result == TRAP_NEVER || result == TRAP_LATER)
		return;
	if (result >= 0 && trap->n_parts) {
		int err = hand_over(trap, &call);

		result = err ? err : result;
	}
	answer(&call, trap->response, result);
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
	free(trap);
}
