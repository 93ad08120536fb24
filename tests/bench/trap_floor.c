// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(SECCOMP_LIBS) */
/*
 * trap_floor - the least that a trapped system call costs
 *
 *   trap_floor CALLS
 *
 * A child makes CALLS system calls that its parent answers. For each, the parent copies 256
 * bytes from the child and to it, and asks once whether the child still waits. The child
 * prints the mean in microseconds, as rtas_rate does.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wire/papr_sys_rtas.h"

/* Since Linux 6.6; missing in older headers */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	   SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

enum { BLOCK_BYTES = 256 };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Tell the number of the notifying descriptor, and wait until the parent has it. */
static int child(int to, int from, unsigned long calls)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	static uint8_t block[BLOCK_BYTES];
	uint64_t begin;
	int fd;
	char c;

	if (!ctx || seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, PAPR_SYS_RTAS, 0) ||
	    seccomp_load(ctx))
		return 1;
	fd = seccomp_notify_fd(ctx);
	if (write(to, &fd, sizeof(fd)) != sizeof(fd) || read(from, &c, 1) != 1)
		return 1;
	close(fd);
	begin = now_ns();
	for (unsigned long i = 0; i < calls; i++)
		if (syscall(PAPR_SYS_RTAS, block))
			return 1;
	printf("%.2f\n", (double)(now_ns() - begin) / 1000 / (double)calls);
	return 0;
}

/* Answer until the child has ended. */
static void answer_all(int fd, struct seccomp_notif *request,
		       struct seccomp_notif_resp *response)
{
	static uint8_t block[BLOCK_BYTES];

	*request = (struct seccomp_notif){ 0 };
	while (!ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, request)) {
		struct iovec here = { block, sizeof(block) };
		struct iovec there = { (void *)(uintptr_t)request->data.args[0],
				       sizeof(block) };
		pid_t pid = (pid_t)request->pid;

		*response = (struct seccomp_notif_resp){ .id = request->id };
		if (process_vm_readv(pid, &here, 1, &there, 1, 0) != sizeof(block) ||
		    ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &request->id) ||
		    process_vm_writev(pid, &here, 1, &there, 1, 0) != sizeof(block))
			response->error = -1;
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, response);
		*request = (struct seccomp_notif){ 0 };
	}
}

int main(int argc, char *argv[])
{
	unsigned long calls = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct seccomp_notif_resp *response;
	struct seccomp_notif *request;
	int up[2], down[2], theirs, fd = -1, status;
	pid_t pid;

	if (!calls || pipe(up) || pipe(down))
		return 1;
	pid = fork();
	if (!pid) {
		int result;

		close(up[0]);
		close(down[1]);
		result = child(up[1], down[0], calls);
		fflush(stdout);
		_exit(result);
	}
	close(up[1]);
	close(down[0]);
	if (read(up[0], &theirs, sizeof(theirs)) == sizeof(theirs))
		fd = (int)syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0),
				  theirs, 0);
	if (fd < 0 || seccomp_notify_alloc(&request, &response) ||
	    write(down[1], "", 1) != 1) {
		fprintf(stderr, "trap_floor: system calls cannot be trapped here\n");
		return 1;
	}
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	answer_all(fd, request, response);
	seccomp_notify_free(request, response);
	return waitpid(pid, &status, 0) != pid || status;
}
