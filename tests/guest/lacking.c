// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: */
/* Run a command in an environment in which some system calls fail, as in a container.
 *
 *   lacking CALL=ERROR... -- COMMAND...
 *
 * The CALL "killable" is seccomp(2) with the flag SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, as
 * before Linux 5.19. The word "landlock" is a domain of Landlock that permits all files.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	CALLS_MAX = 16,
	CODE_EACH = 5, /* instructions for a call */
	KILLABLE = 1 << 5,
	KILLABLE_CALL = -1,
};

struct word {
	const char *name;
	unsigned int number;
};

static const struct word calls[] = {
	{ "clone3", SYS_clone3 },
	{ "close_range", SYS_close_range },
	{ "epoll_create1", SYS_epoll_create1 },
	{ "eventfd2", SYS_eventfd2 },
	{ "killable", (unsigned int)KILLABLE_CALL },
	{ "memfd_create", SYS_memfd_create },
	{ "mount", SYS_mount },
	{ "mount_setattr", SYS_mount_setattr },
	{ "pivot_root", SYS_pivot_root },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "seccomp", SYS_seccomp },
	{ "setns", SYS_setns },
	{ "signalfd4", SYS_signalfd4 },
	{ "socketpair", SYS_socketpair },
	{ "unshare", SYS_unshare },
	{ NULL, 0 },
};

static const struct word errors[] = {
	{ "EACCES", EACCES }, { "EAGAIN", EAGAIN }, { "EBUSY", EBUSY },
	{ "EINVAL", EINVAL }, { "EMFILE", EMFILE }, { "ENOSYS", ENOSYS },
	{ "EPERM", EPERM },   { NULL, 0 },
};

static unsigned int number_of(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words->number;
	errx(2, "%s: unknown", name);
}

/* Add the instructions that let a call fail. */
static void refuse(struct sock_fprog *program, unsigned int call, unsigned int error)
{
	const size_t low = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) * sizeof(uint32_t);
	const struct sock_filter flag[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 (uint32_t)(offsetof(struct seccomp_data, args[1]) + low)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, KILLABLE, 0, 1),
	};
	const bool has_flag = call == (unsigned int)KILLABLE_CALL;
	const struct sock_filter all[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, has_flag ? SYS_seccomp : call, 0,
			 has_flag ? 3 : 1),
		flag[0],
		flag[1],
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	};

	for (size_t i = 0; i < CODE_EACH; i++)
		if (has_flag || (i != 2 && i != 3))
			program->filter[program->len++] = all[i];
}

static void enter_landlock(void)
{
	struct landlock_ruleset_attr rules = { .handled_access_fs =
						       LANDLOCK_ACCESS_FS_READ_FILE };
	struct landlock_path_beneath_attr all = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open("/", O_PATH | O_CLOEXEC),
	};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

	if (fd < 0 ||
	    syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &all, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, fd, 0))
		err(2, "Landlock");
}

int main(int argc, char *argv[])
{
	struct sock_filter code[CODE_EACH * CALLS_MAX + 1];
	struct sock_fprog program = { .filter = code };
	char **word = argv + 1, *error;

	for (; *word && strcmp(*word, "--") != 0; word++) {
		if (!strcmp(*word, "landlock")) {
			enter_landlock();
			continue;
		}
		error = strchr(*word, '=');
		if (!error || program.len > CODE_EACH * (CALLS_MAX - 1))
			errx(2, "usage: lacking CALL=ERROR... -- COMMAND...");
		*error++ = '\0';
		refuse(&program, number_of(calls, *word), number_of(errors, error));
	}
	code[program.len++] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (argc < 3 || !*word || !word[1])
		errx(2, "usage: lacking CALL=ERROR... -- COMMAND...");
	if (program.len > 1 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
				prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)))
		err(2, "seccomp");
	execvp(word[1], word + 1);
	err(127, "%s", word[1]);
}
