// SPDX-License-Identifier: GPL-2.0-or-later
/* Run a command in an environment in which some system calls fail, as in a container.
 *
 *   lacking CALL=ERROR... -- COMMAND...
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALLS_MAX = 16 };

struct word {
	const char *name;
	unsigned int number;
};

static const struct word calls[] = {
	{ "clone3", SYS_clone3 },
	{ "mount", SYS_mount },
	{ "mount_setattr", SYS_mount_setattr },
	{ "pivot_root", SYS_pivot_root },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "seccomp", SYS_seccomp },
	{ "setns", SYS_setns },
	{ "unshare", SYS_unshare },
	{ NULL, 0 },
};

static const struct word errors[] = {
	{ "EACCES", EACCES }, { "EAGAIN", EAGAIN }, { "EBUSY", EBUSY },
	{ "EMFILE", EMFILE }, { "ENOSYS", ENOSYS }, { "EPERM", EPERM },
	{ NULL, 0 },
};

static unsigned int number_of(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words->number;
	errx(2, "%s: unknown", name);
}

int main(int argc, char *argv[])
{
	struct sock_filter code[2 * CALLS_MAX + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { .len = 1, .filter = code };
	char **word = argv + 1, *error;

	for (; *word && strcmp(*word, "--") != 0; word++) {
		error = strchr(*word, '=');
		if (!error || program.len > 2 * CALLS_MAX - 1)
			errx(2, "usage: lacking CALL=ERROR... -- COMMAND...");
		*error++ = '\0';
		code[program.len++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, number_of(calls, *word), 0, 1);
		code[program.len++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number_of(errors, error));
	}
	code[program.len++] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (argc < 3 || !*word || !word[1])
		errx(2, "usage: lacking CALL=ERROR... -- COMMAND...");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(2, "seccomp");
	execvp(word[1], word + 1);
	err(127, "%s", word[1]);
}
