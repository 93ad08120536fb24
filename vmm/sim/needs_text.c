// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a step of a guest's start fails, and the commands that mend it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/sim/needs_parts.h"
#include "vmm/sim/root.h"
#include "vmm/sim/trap.h"

/* ---- facts about this computer ----------------------------------------------------- */

/* Read the first line of a file. Return true if it is not empty. */
static bool fact_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (f && fgets(line, (int)size, f))
		line[strcspn(line, "\n")] = '\0';
	if (f)
		fclose(f);
	return line[0];
}

static bool fact_is(const char *path, const char *text)
{
	char line[64];

	return fact_line(path, line, sizeof(line)) && !strcmp(line, text);
}

/* Return a number of this process, such as "TracerPid:"; 0: the kernel does not know it. */
static int fact_status(const char *name)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long number = 0;

	while (f && !number && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			number = strtol(line + strlen(name), NULL, 10);
	if (f)
		fclose(f);
	return (int)number;
}

/* Return true if a seccomp filter limits this process: that of a container. */
static bool fact_filtered(void)
{
	return fact_status("Seccomp:") == SECCOMP_MODE_FILTER;
}

/* Return true if a profile of AppArmor confines this process. */
static bool fact_confined(char *profile, size_t size)
{
	if (!fact_line("/proc/self/attr/apparmor/current", profile, size) &&
	    (access("/sys/kernel/security/apparmor", F_OK) ||
	     !fact_line("/proc/self/attr/current", profile, size)))
		return false;
	return !strstr(profile, "unconfined");
}

/* Return true if this process is known to run in a chroot: its root is not the root of
 * its mount namespace. Entering the namespace again leads to that root; a child does so. */
static bool fact_chroot(void)
{
	struct statx own, real;
	int fd, status = 0;
	pid_t child = fork();

	if (!child) {
		fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
		_exit(fd >= 0 && !statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &own) &&
		      !setns(fd, CLONE_NEWNS) &&
		      !statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &real) &&
		      (own.stx_mnt_id != real.stx_mnt_id || own.stx_ino != real.stx_ino));
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status);
}

static const char *fact_container(void)
{
	static const char *const signs[][2] = {
		{ "/run/.containerenv", "podman" },
		{ "/.dockerenv", "docker" },
		{ "/run/systemd/container", "container" },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (!access(signs[i][0], F_OK))
			return signs[i][1];
	return NULL;
}

/* List the mounts below /proc, which hide a part of it. Return their number. A mount on an
 * empty directory hides nothing. */
static unsigned int fact_masks(char *text, size_t size)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char path[4096], *line = NULL;
	size_t room = 0, used = 0;
	unsigned int n = 0;

	text[0] = '\0';
	while (f && getline(&line, &room, f) > 0) {
		if (sscanf(line, "%*s %*s %*s %*s %4095s", path) != 1 ||
		    strncmp(path, "/proc/", 6) != 0 ||
		    !strcmp(path, "/proc/sys/fs/binfmt_misc"))
			continue;
		if (n++ < 3)
			used += (size_t)snprintf(text + used, size - used, "%s%.64s",
						 n > 1 ? ", " : "", path);
	}
	if (n > 3)
		snprintf(text + used, size - used, " ...");
	free(line);
	if (f)
		fclose(f);
	return n;
}

/* ---- states ------------------------------------------------------------------------ */

static void state_problem(struct need_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void state_problem(struct need_state *state, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(state->problem, sizeof(state->problem), format, ap);
	va_end(ap);
	state->result = NEED_MISSING;
}

static void state_repair(struct need_state *state, const char *how, const char *format,
			 ...) __attribute__((format(printf, 3, 4)));

static void state_repair(struct need_state *state, const char *how, const char *format,
			 ...)
{
	struct repair *repair = &state->repairs[state->n_repairs];
	va_list ap;

	if (state->n_repairs == REPAIRS_MAX)
		return;
	repair->how = how;
	va_start(ap, format);
	vsnprintf(repair->command, sizeof(repair->command), format, ap);
	va_end(ap);
	state->n_repairs++;
}

const char *repair_words(const struct repair *repair)
{
	static const char *const words[][2] = {
		{ "root", "as root" },
		{ "container", "start the container with" },
		{ "user", "enter" },
		{ "kernel", "use a kernel with" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i][0], repair->how))
			return words[i][1];
	return repair->how;
}

/* A seccomp filter or a profile of AppArmor refuses what every kernel permits. Return true
 * if one of them is known. */
static bool explain_confined(struct need_state *state, const char *what, int err)
{
	char profile[128];

	if (err != -EPERM && err != -EACCES && err != -ENOSYS)
		return false;
	if (err != -ENOSYS && fact_confined(profile, sizeof(profile))) {
		state_problem(state, "the AppArmor profile %.80s refuses %s", profile,
			      what);
		state_repair(state, "container", "--security-opt apparmor=unconfined");
		return true;
	}
	if (!fact_filtered())
		return false;
	state_problem(state, "a seccomp filter refuses %s", what);
	state_repair(state, "container", "--security-opt seccomp=unconfined");
	return true;
}

/* AppArmor permits user namespaces without capabilities. Return true if it does so. */
static bool explain_restricted(struct need_state *state)
{
	static const char name[] = "apparmor_restrict_unprivileged_userns";
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	if (!geteuid() || !fact_is(path, "1"))
		return false;
	state_problem(state, "AppArmor restricts user namespaces of users");
	state_repair(state, "root", "sysctl -w kernel.%s=0", name);
	return true;
}

/* A limit of the number of namespaces is reached. */
static void explain_limit(struct need_state *state)
{
	static const char *const kinds[] = { "user", "mnt", "pid", "net", "ipc", "uts" };
	char path[64], value[32];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces",
			 kinds[i]);
		if (!fact_line(path, value, sizeof(value)) || strlen(value) > 2)
			continue;
		state_problem(state, "the limit user.max_%s_namespaces is %s", kinds[i],
			      value);
		state_repair(state, "root", "sysctl -w user.max_%s_namespaces=10000",
			     kinds[i]);
		return;
	}
	state_problem(state, "the limit of namespaces of this or an outer user namespace "
			     "is reached");
	state_repair(state, "root", "sysctl -w user.max_user_namespaces=100000");
}

static void explain_namespaces(struct need_state *state, const struct probe_step *step)
{
	static const char clone[] = "unprivileged_userns_clone";
	int err = step->err;

	if (err == -EPERM && fact_chroot()) {
		state_problem(state, "Linux permits no user namespace in a chroot");
		state_repair(state, "user",
			     "the directory with bwrap or systemd-nspawn, which use "
			     "pivot_root, instead of chroot");
	} else if (access("/proc/self/ns/user", F_OK) && !access("/proc/self/ns", F_OK)) {
		state_problem(state, "the kernel has no user namespaces");
		state_repair(state, "kernel", "CONFIG_USER_NS=y");
	} else if (err == -ENOSPC || err == -EUSERS) {
		explain_limit(state);
	} else if (err == -EPERM && geteuid() &&
		   fact_is("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
		state_problem(state, "the kernel permits no user namespaces of users");
		state_repair(state, "root", "sysctl -w kernel.%s=1", clone);
	} else if (explain_confined(state, "new namespaces", err)) {
		return;
	} else if (err == -ENOSYS) {
		state_problem(state, "the kernel has no clone3");
		state_repair(state, "kernel", "Linux 5.12 or newer");
	} else if (!explain_restricted(state)) {
		state_problem(state, "%snamespaces cannot be created: %s",
			      step->what[0] ? "further " : "", strerror(-err));
	}
}

static void explain_user_ids(struct need_state *state, const struct probe_step *step)
{
	if (explain_restricted(state))
		return;
	state_problem(state, "user ids cannot be mapped: %s", strerror(-step->err));
	if (step->err == -EROFS)
		state_repair(state, "root", "mount -o remount,rw /proc");
	else if (geteuid())
		state_repair(state, "root",
			     "usermod --add-subuids 100000-165535 "
			     "--add-subgids 100000-165535 USER");
	else
		state_repair(state, "container",
			     "--cap-add SETUID --cap-add SETGID "
			     "--cap-add SETFCAP");
}

static void explain_mounts(struct need_state *state, const struct probe_step *step)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", fact_status("TracerPid:"));
	if (fact_is(path, "proot")) {
		state_problem(state, "proot runs this process, and changes its paths");
		state_repair(state, "user", "the command without proot");
		return;
	}
	if (explain_restricted(state) || explain_confined(state, "mounts", step->err))
		return;
	/* In its own namespace, only such a module refuses a process the first step. */
	if (step->err == -EPERM && !strcmp(step->what, ROOT_PRIVATE) &&
	    syscall(SYS_landlock_create_ruleset, NULL, 0,
		    LANDLOCK_CREATE_RULESET_VERSION) > 0) {
		state_problem(state,
			      "a security module refuses mounts: probably Landlock, "
			      "as in a sandbox");
		state_repair(state, "user", "the command outside of the sandbox");
		return;
	}
	state_problem(state, "%s: %s", step->what, strerror(-step->err));
	if (step->err == -ENOSYS)
		state_repair(state, "kernel", "Linux 5.12 or newer");
	else if (step->err == -EACCES)
		state_repair(state, "container", "--security-opt label=disable");
}

static void fuse_repair(struct need_state *state, const char *otherwise)
{
	if (fact_container())
		state_repair(state, "container", "--device /dev/fuse");
	state_repair(state, "root", "%s", otherwise);
}

static void explain_fuse(struct need_state *state, const struct probe_step *step)
{
	static const char make[] = "modprobe fuse; rm -f /dev/fuse; "
				   "mknod -m 666 /dev/fuse c 10 229";
	struct stat st;

	if (stat("/dev/fuse", &st)) {
		state_problem(state, "/dev/fuse does not exist");
		fuse_repair(state, make);
	} else if (!S_ISCHR(st.st_mode) ||
		   st.st_rdev != makedev(FUSE_MAJOR, FUSE_MINOR)) {
		state_problem(state, "/dev/fuse is not the device of FUSE");
		fuse_repair(state, make);
	} else if (step->err == -EACCES && access("/dev/fuse", R_OK | W_OK)) {
		state_problem(state, "this user may not open /dev/fuse (mode %03o)",
			      st.st_mode & 0777);
		state_repair(state, "root", "chmod 666 /dev/fuse");
	} else if (step->err == -ENODEV || step->err == -ENXIO) {
		state_problem(state, "the kernel has no FUSE");
		state_repair(state, "root", "modprobe fuse");
	} else {
		state_problem(state, "/dev/fuse cannot be used: %s",
			      strerror(-step->err));
		fuse_repair(state, make);
	}
}

static void explain_proc(struct need_state *state, const struct probe_step *step)
{
	const char *container = fact_container();
	char masks[256];

	if (step->err != -EPERM || !fact_masks(masks, sizeof(masks))) {
		if (explain_confined(state, "to mount procfs", step->err))
			return;
		state_problem(state, "procfs cannot be mounted: %s",
			      strerror(-step->err));
		state_repair(state, "root", "mount -o remount,rw /proc");
		return;
	}
	state_problem(state, "mounts hide a part of /proc: %s", masks);
	if (container)
		state_repair(state, "container", "--security-opt %s",
			     strcmp(container, "podman") ? "systempaths=unconfined"
							 : "unmask=ALL");
	state_repair(state, "root",
		     "umount -l $(awk '$5 ~ \"^/proc/\" {print $5}' "
		     "/proc/self/mountinfo)");
}

static void explain_seccomp(struct need_state *state, const struct probe_step *step)
{
	if (step->err == -EBUSY) {
		state_problem(state, "a program receives the system calls of this "
				     "process already: a container, or another guest");
		state_repair(state, "container", "--security-opt seccomp=unconfined");
	} else if (!explain_confined(state, "seccomp", step->err)) {
		state_problem(state, "no user notification: %s", strerror(-step->err));
		state_repair(state, "kernel",
			     "CONFIG_SECCOMP_FILTER=y, Linux 5.12 or "
			     "newer");
	}
}

static void explain_memory(struct need_state *state, const struct probe_step *step)
{
	if (fact_is("/proc/sys/kernel/yama/ptrace_scope", "3")) {
		state_problem(state, "kernel.yama.ptrace_scope is 3: papr-vmm cannot "
				     "read the arguments of calls");
		state_repair(state, "root",
			     "rm $(grep -ls ptrace_scope /etc/sysctl.conf "
			     "/etc/sysctl.d/*); reboot");
	} else if (!explain_confined(state, "process_vm_readv", step->err)) {
		state_problem(state, "papr-vmm cannot read the arguments of calls: %s",
			      strerror(-step->err));
		state_repair(state, "kernel", "CONFIG_CROSS_MEMORY_ATTACH=y");
	}
}

static void explain_one(struct need_state *state, int need, const struct probe_step *step)
{
	static void (*const explain[NEED_COUNT])(struct need_state *,
						 const struct probe_step *) = {
		[NEED_NAMESPACES] = explain_namespaces,
		[NEED_USER_IDS] = explain_user_ids,
		[NEED_MOUNTS] = explain_mounts,
		[NEED_FUSE] = explain_fuse,
		[NEED_PROC] = explain_proc,
		[NEED_SECCOMP] = explain_seccomp,
		[NEED_MEMORY] = explain_memory,
	};

	if (step->err == -EMFILE) {
		state_problem(state, "the limit of open files is reached");
		state_repair(state, "user", "ulimit -n 1024");
	} else if (step->err == -EAGAIN) {
		state_problem(state, "the limit of processes is reached");
		state_repair(state, "user", "ulimit -u unlimited");
		state_repair(state, "container", "--pids-limit -1");
	} else {
		explain[need](state, step);
	}
}

void needs_explain_start(struct need_state *state, const char *problem)
{
	*state = (struct need_state){ 0 };
	state_problem(state, "%s", problem);
	if (fact_filtered())
		state_repair(state, "container", "--security-opt seccomp=unconfined");
}

void needs_explain(struct needs *needs, const struct probe *probe)
{
	const struct probe_step masked = { .was_tried = true, .err = -EPERM };
	char masks[256];

	*needs = (struct needs){ .container = fact_container() };
	for (int i = 0; i < NEED_COUNT; i++) {
		const struct probe_step *step = &probe->steps[i];

		/* The kernel refuses another procfs in a user namespace then. */
		if (i == NEED_PROC && !step->was_tried &&
		    fact_masks(masks, sizeof(masks)))
			step = &masked;
		if (!step->was_tried)
			needs->states[i].result = NEED_UNKNOWN;
		else if (step->err)
			explain_one(&needs->states[i], i, step);
		else if (i == NEED_SECCOMP && trap_repeats())
			snprintf(
				needs->states[i].problem,
				sizeof(needs->states[i].problem),
				"on this kernel, a signal can repeat a call that papr-vmm "
				"has answered; use Linux 6.18 or newer");
	}
}
