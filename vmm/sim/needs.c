// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/sim/guest.h"
#include "vmm/sim/ids.h"
#include "vmm/sim/init.h"
#include "vmm/sim/needs_parts.h"
#include "vmm/sim/root.h"
#include "vmm/sim/trap.h"

static const struct {
	const char *name, *title;
} needs_rows[] = {
	[NEED_NAMESPACES] = { "namespaces", "namespaces" },
	[NEED_USER_IDS] = { "user-ids", "user ids" },
	[NEED_MOUNTS] = { "mounts", "mounts" },
	[NEED_FUSE] = { "fuse", "/dev/fuse" },
	[NEED_PROC] = { "proc", "/proc" },
	[NEED_SECCOMP] = { "seccomp", "seccomp" },
	[NEED_MEMORY] = { "memory", "memory access" },
};

const char *need_name(enum need need)
{
	return needs_rows[need].name;
}

const char *need_title(enum need need)
{
	return needs_rows[need].title;
}

/* Record the result of a step. Return it. */
static int probe_note(struct probe *probe, enum need need, int err, const char *what)
{
	struct probe_step *step = &probe->steps[need];

	step->was_tried = true;
	step->err = err;
	snprintf(step->what, sizeof(step->what), "%s", what ? what : "");
	return err;
}

/* Install the trap of a guest. libseccomp does not return the kernel's error; a trap that
 * traps nothing has it. */
static int probe_trap(void)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	const struct sock_fprog program = { .len = 1, .filter = &code };
	int fd, err = trap_install(true, &fd);

	if (err && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			   SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) < 0)
		err = -errno;
	return err;
}

/* Be process 1 of a guest. */
static _Noreturn void probe_keeper(struct probe *probe)
{
	int fuse;

	probe_note(probe, NEED_FUSE, root_mount_fuse(&fuse), NULL);
	probe_note(probe, NEED_PROC, root_mount_proc(), NULL);
	if (unshare(INIT_NAMESPACES))
		probe_note(probe, NEED_NAMESPACES, -errno, "further");
	_exit(0);
}

/* Be the agent of a guest. The parent has mapped the user ids when go can be read. */
static _Noreturn void probe_agent(struct probe *probe, int go)
{
	const char *none = NULL, *what = "user ids";
	char byte;
	int fd, err;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(go, &byte, 1) != 1)
		_exit(1);
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0)) {
		probe_note(probe, NEED_USER_IDS, -errno, what);
		_exit(1);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(fd, STDERR_FILENO); /* papr-vmm run prints these errors */
	err = root_build(&fd, 4096, &none, &pid, &what);
	if (probe_note(probe, strcmp(what, ROOT_FUSE) ? NEED_MOUNTS : NEED_FUSE, err,
		       what))
		_exit(1);
	if (unshare(CLONE_NEWPID)) {
		probe_note(probe, NEED_NAMESPACES, -errno, "further");
		_exit(1);
	}
	pid = fork();
	if (!pid)
		probe_keeper(probe);
	if (pid < 0)
		probe_note(probe, NEED_NAMESPACES, -errno, "further");
	else
		waitpid(pid, NULL, 0);
	probe_note(probe, NEED_SECCOMP, probe_trap(), NULL);
	_exit(0);
}

/* Start a guest up to the point where it would serve files. */
static void probe_guest(struct probe *probe)
{
	struct clone_args args = { .flags = GUEST_NAMESPACES, .exit_signal = SIGCHLD };
	int go[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC)) {
		probe_note(probe, NEED_NAMESPACES, -errno, NULL);
		return;
	}
	fflush(NULL);
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (!pid) {
		close(go[1]);
		probe_agent(probe, go[0]);
	}
	close(go[0]);
	if (!probe_note(probe, NEED_NAMESPACES, pid < 0 ? -errno : 0, NULL)) {
		probe_note(probe, NEED_MEMORY, guest_reads_memory(pid), NULL);
		if (!probe_note(probe, NEED_USER_IDS, ids_map(pid), NULL) &&
		    write(go[1], "", 1) != 1)
			kill(pid, SIGKILL);
	}
	close(go[1]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* Open /dev/fuse, which cannot be mounted. */
static int probe_open_fuse(void)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC), err = -errno;
	struct stat st;

	if (fd < 0)
		return err;
	err = fstat(fd, &st) || st.st_rdev != makedev(FUSE_MAJOR, FUSE_MINOR) ? -ENOTTY
									      : 0;
	close(fd);
	return err;
}

/* Check what needs no guest in processes of their own. */
static void probe_alone(struct probe *probe)
{
	pid_t pid;

	if (!probe->steps[NEED_FUSE].was_tried)
		probe_note(probe, NEED_FUSE, probe_open_fuse(), NULL);
	if (probe->steps[NEED_SECCOMP].was_tried)
		return;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			probe_note(probe, NEED_SECCOMP, probe_trap(), NULL);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

void needs_check(struct needs *needs)
{
	struct probe *probe = mmap(NULL, sizeof(*probe), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (probe == MAP_FAILED) {
		needs_explain(needs, &(const struct probe){ 0 });
		return;
	}
	probe_guest(probe);
	probe_alone(probe);
	needs_explain(needs, probe);
	munmap(probe, sizeof(*probe));
}

const struct need_state *needs_first(const struct needs *needs)
{
	for (int i = 0; i < NEED_COUNT; i++)
		if (needs->states[i].result == NEED_MISSING)
			return &needs->states[i];
	return NULL;
}

void needs_advise(void)
{
	const struct need_state *missing;
	struct need_state start;
	struct needs needs;

	needs_check(&needs);
	missing = needs_first(&needs);
	if (missing) {
		fprintf(stderr, ": %s", missing->problem);
	} else {
		needs_explain_start(&start, "");
		missing = &start;
	}
	if (missing->n_repairs)
		fprintf(stderr, " (%s: %s)", repair_words(&missing->repairs[0]),
			missing->repairs[0].command);
	fprintf(stderr, "; see papr-vmm doctor\n");
}
