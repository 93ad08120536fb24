// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/trap.h"
#include "wire/papr_sys_rtas.h"

/* Since Linux 6.6; missing in older headers */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	   SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

struct trap {
	struct loop *loop;
	int fd;
	trap_fn *fn;
	void *arg;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *response;
	size_t request_bytes;
	ino_t user_ns; /* of the guest itself */
	uid_t root;    /* the guest's root, as a user id of this computer */
	/* /proc/PID/ns of the last caller. It never refers to a later process with the
	 * same number. */
	pid_t ns_pid;
	int ns_dir;
};

/* System calls that would change the machine's own kernel */
static const int forbidden[] = {
	SCMP_SYS(acct),		 SCMP_SYS(adjtimex),	  SCMP_SYS(clock_adjtime),
	SCMP_SYS(clock_settime), SCMP_SYS(delete_module), SCMP_SYS(finit_module),
	SCMP_SYS(init_module),	 SCMP_SYS(kexec_load),	  SCMP_SYS(kexec_file_load),
	SCMP_SYS(settimeofday),	 SCMP_SYS(swapoff),	  SCMP_SYS(swapon),
};

int trap_install(bool papr_devices, int *fd)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err = ctx ? 0 : -ENOMEM;

	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, PAPR_SYS_RTAS, 0);
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(reboot), 0);
	if (!err && papr_devices)
		err = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xff00, 0xb200));
	for (size_t i = 0; !err && i < sizeof(forbidden) / sizeof(*forbidden); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
	if (!err)
		err = seccomp_load(ctx);
	if (!err) {
		*fd = fcntl(seccomp_notify_fd(ctx), F_DUPFD_CLOEXEC, 3);
		err = *fd < 0 ? -errno : 0;
	}
	if (ctx)
		seccomp_release(ctx);
	return err;
}

static bool still_waits(const struct trap_call *call)
{
	return !ioctl(call->trap->fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id);
}

int trap_read(const struct trap_call *call, uint64_t addr, void *buf, size_t len)
{
	struct iovec to = { buf, len }, from = { (void *)(uintptr_t)addr, len };
	ssize_t n = process_vm_readv(call->pid, &to, 1, &from, 1, 0);

	if (n != (ssize_t)len)
		return n < 0 && errno == ESRCH ? -ESRCH : -EFAULT;
	/* The process id may belong to another process by now. */
	return still_waits(call) ? 0 : -ESRCH;
}

int trap_write(const struct trap_call *call, uint64_t addr, const void *buf, size_t len)
{
	struct iovec from = { (void *)(uintptr_t)buf, len },
		     to = { (void *)(uintptr_t)addr, len };

	if (!still_waits(call))
		return -ESRCH;
	return process_vm_writev(call->pid, &from, 1, &to, 1, 0) == (ssize_t)len
		       ? 0
		       : -EFAULT;
}

static ino_t look(const struct trap *trap)
{
	struct stat st;

	return trap->ns_dir < 0 || fstatat(trap->ns_dir, "user", &st, 0) ? 0 : st.st_ino;
}

/* Return the current user namespace of the process. It may have changed since its last
 * call. */
static ino_t user_ns_of(struct trap *trap, pid_t pid)
{
	char path[64];
	ino_t ns = pid == trap->ns_pid ? look(trap) : 0;

	if (ns)
		return ns;
	snprintf(path, sizeof(path), "/proc/%d/ns", (int)pid);
	if (trap->ns_dir >= 0)
		close(trap->ns_dir);
	trap->ns_dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	trap->ns_pid = pid;
	return look(trap);
}

bool trap_capable(const struct trap_call *call, int capability)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, call->pid };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, sets))
		return false;
	return sets[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability) &&
	       user_ns_of(call->trap, call->pid) == call->trap->user_ns &&
	       still_waits(call);
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

void trap_answer(const struct trap_call *call, long result)
{
	struct trap *trap = call->trap;

	trap->response->id = call->id;
	trap->response->val = result < 0 ? 0 : result;
	trap->response->error = result < 0 ? (int)result : 0;
	trap->response->flags = 0;
	/* This fails if the call no longer waits. */
	ioctl(trap->fd, SECCOMP_IOCTL_NOTIF_SEND, trap->response);
}

static void serve(void *arg, uint32_t events)
{
	struct trap *trap = arg;
	struct trap_call call;
	long result;

	if (events & (EPOLLHUP | EPOLLERR)) { /* no process is left */
		loop_remove(trap->loop, trap->fd);
		return;
	}
	memset(trap->request, 0, trap->request_bytes);
	if (ioctl(trap->fd, SECCOMP_IOCTL_NOTIF_RECV, trap->request))
		return;

	call = (struct trap_call){ .nr = trap->request->data.nr,
				   .pid = (pid_t)trap->request->pid,
				   .trap = trap,
				   .id = trap->request->id };
	for (int i = 0; i < 6; i++)
		call.args[i] = trap->request->data.args[i];
	result = trap->fn(trap->arg, &call);
	if (result != TRAP_NEVER && result != TRAP_LATER)
		trap_answer(&call, result);
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
	trap->request = calloc(1, trap->request_bytes);
	trap->response = calloc(1, sizes.seccomp_notif_resp > sizeof(*trap->response)
					   ? sizes.seccomp_notif_resp
					   : sizeof(*trap->response));
	return trap->request && trap->response ? 0 : -ENOMEM;
}

int trap_new(struct trap **out, struct loop *loop, int fd, pid_t init, trap_fn *fn,
	     void *arg)
{
	struct trap *trap = calloc(1, sizeof(*trap));
	int err;

	if (!trap) {
		close(fd);
		return -ENOMEM;
	}
	*trap = (struct trap){
		.loop = loop, .fd = fd, .fn = fn, .arg = arg, .ns_dir = -1
	};
	/* Caller and supervisor never run at the same time, so the kernel may keep both
	 * on one processor. A kernel without this flag is only slower. */
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	trap->user_ns = user_ns_of(trap, init);
	trap->root = owner_of(init);
	err = allocate(trap);
	if (!err)
		err = loop_add(loop, fd, EPOLLIN, serve, trap);
	if (err) {
		trap_free(trap);
		return err;
	}
	*out = trap;
	return 0;
}

void trap_free(struct trap *trap)
{
	if (!trap)
		return;
	loop_remove(trap->loop, trap->fd);
	close(trap->fd);
	if (trap->ns_dir >= 0)
		close(trap->ns_dir);
	free(trap->request);
	free(trap->response);
	free(trap);
}
