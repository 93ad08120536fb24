// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/child.h"
#include "kern/cleanup.h"
#include "kern/root.h"
#include "kern/text.h"
#include "kern/writer.h"

enum { STAT_START = 19 /* fields after the state */ };

/* Return the exit status for the result of a write: an errno of up to 8 bits. Some
 * drivers return the kernel's internal errors, which are larger; they become EIO. */
static int writer_status(ssize_t n, size_t len)
{
	if (n < 0)
		return -n <= UINT8_MAX ? (int)-n : EIO;
	return (size_t)n == len ? 0 : EIO;
}

/* Make the write in the child. go is a pipe: the parent writes a byte after it has
 * recorded the child. If the parent is killed before that, the child does not write. */
static _Noreturn void writer_child(const struct kern_root *root, const char *path,
				   const void *buf, size_t len, const int go[2])
{
	struct kern_root own = *root;
	char byte;

	close(go[1]);
	if (read(go[0], &byte, 1) != 1)
		_exit(EIO);
	own.fd = child_drop_descriptors(root->fd);
	own.has_tree = false;
	_exit(writer_status(kern_write_once(&own, path, buf, len, NULL), len));
}

/* Reap the child. Return false if it has not ended. *err receives the result of its
 * write. */
static bool writer_reap(pid_t pid, int flags, int *err)
{
	int status;
	pid_t found = child_reap(pid, flags, &status);

	if (found < 0)
		*err = found;
	else if (found)
		*err = WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
	return found;
}

/* Read state and start time of a process. Return 1, 0 if it does not exist, or a negative
 * errno. */
static int writer_stat(const struct kern_root *root, pid_t pid, char *state,
		       uint64_t *start)
{
	char path[32], text[1024], *at, *save = NULL;
	ssize_t n;

	snprintf(path, sizeof(path), "proc/%d/stat", (int)pid);
	n = kern_read_short(root, path, text, sizeof(text));
	if (n < 0)
		return n == -ENOENT || n == -ESRCH ? 0 : (int)n;
	at = strrchr(text, ')'); /* a name may have blanks and parentheses */
	at = at ? strtok_r(at + 1, " ", &save) : NULL;
	if (!at)
		return -EBADMSG;
	*state = *at;
	for (int i = 0; at && i < STAT_START; i++)
		at = strtok_r(NULL, " ", &save);
	*start = at ? strtoull(at, NULL, 10) : 0;
	return 1;
}

static void writer_note(const struct kern_root *root, pid_t pid, const char *path)
{
	struct kern_writers *writers = root->writers;
	char state;

	if (!writers)
		return;
	writers->late = (struct kern_writer){ .pid = pid };
	snprintf(writers->late.path, sizeof(writers->late.path), "%s", path);
	if (writer_stat(root, pid, &state, &writers->late.start) <= 0)
		writers->late.start = 0;
	if (writers->begun)
		writers->begun(writers->priv, &writers->late);
}

/* Wait for the end of a child, and tell so each second. Return false at the deadline. */
static bool writer_wait(const struct kern_writers *writers, int end,
			const struct deadline *dl)
{
	struct deadline second;

	for (;;) {
		second = deadline_second(dl);
		if (child_wait(end, &second))
			return true;
		if (deadline_has_passed(dl))
			return false;
		if (writers && writers->waiting)
			writers->waiting(writers->waiting_priv, &writers->late, dl);
	}
}

int writer_run(const struct kern_root *root, const char *path, const void *buf,
	       size_t len, const struct deadline *dl)
{
	_cleanup_close_ int end = -1;
	int go[2], err = 0;
	bool has_ended;
	pid_t pid;

	if (root->writers && writers_are_busy(root->writers, dl))
		return -EBUSY;
	if (pipe2(go, O_CLOEXEC))
		return -errno;
	pid = child_fork(0, &end);
	if (!pid)
		writer_child(root, path, buf, len, go);
	if (pid < 0)
		err = pid;
	else
		writer_note(root, pid, path);
	/* While our own end is open, a child that was killed causes no SIGPIPE. */
	if (!err && write(go[1], "", 1) < 0)
		err = -errno;
	close(go[0]);
	close(go[1]);
	if (pid < 0)
		return err;

	/* Without a pidfd (Linux before 5.3) the wait has no limit. */
	has_ended = writer_wait(root->writers, end, dl);
	if (root->writers && root->writers->waited)
		root->writers->is_cut_off =
			!root->writers->waited(root->writers->waiting_priv);
	if (!has_ended)
		return -ETIMEDOUT;
	if (root->writers)
		root->writers->late.pid = 0;
	writer_reap(pid, 0, &err);
	return root->writers && root->writers->is_cut_off ? -ETIMEDOUT : err;
}

bool writers_are_busy(struct kern_writers *writers, const struct deadline *dl)
{
	pid_t pid = writers->late.pid;
	_cleanup_close_ int end = pid ? child_open_end(pid) : -1;
	int err;

	if (!pid)
		return writers->is_cut_off;
	child_wait(end, dl);
	if (!writer_reap(pid, WNOHANG, &err))
		return true;
	writers->late.pid = 0;
	return writers->is_cut_off;
}

int writer_read_start(const struct kern_root *root, struct kern_writer *writer)
{
	char state;
	int found = writer_stat(root, writer->pid, &state, &writer->start);

	return found > 0 ? 0 : found ? found : -ESRCH;
}

bool writer_is_alive(const struct kern_root *root, const struct kern_writer *writer)
{
	uint64_t start;
	char state;
	int found = writer->pid > 0 ? writer_stat(root, writer->pid, &state, &start) : 0;

	if (found <= 0) /* an unknown one could still write */
		return found < 0;
	return state != 'Z' && state != 'X' && (!writer->start || start == writer->start);
}

int writer_wait_for(const struct kern_root *root, const struct kern_writer *writer,
		    const struct deadline *dl, int stop_fd)
{
	/* Before the state is read: the PID of an ended process may be used again. */
	_cleanup_close_ int end = child_open_end(writer->pid);
	struct pollfd fds[] = { { .fd = end, .events = POLLIN },
				{ .fd = stop_fd, .events = POLLIN } };
	int pause = 0;

	while (writer_is_alive(root, writer)) {
		if (deadline_has_passed(dl))
			return -ETIMEDOUT;
		pause = deadline_backoff_ms(pause);
		if (poll(fds, 2, end < 0 ? pause : deadline_left_ms(dl)) > 0 &&
		    fds[1].revents)
			return -EINTR;
	}
	return 0;
}

unsigned int writer_locks(const char *path)
{
	static const struct {
		const char *begin, *end;
		unsigned int locks;
	} rows[] = {
		{ "sys/", "/remove", WRITER_PCI },
		{ "sys/", "/rescan", WRITER_PCI },
		{ "sys/", "/power", WRITER_PCI },
		{ "sys/", "/add_slot", WRITER_PCI | WRITER_SLOTS },
		{ "sys/", "/remove_slot", WRITER_PCI | WRITER_SLOTS },
		{ "sys/devices/system/", "/online", WRITER_CORES },
		{ "sys/devices/system/", "/state", WRITER_CORES },
		{ "sys/devices/system/", "/probe", WRITER_CORES },
		{ "sys/devices/system/", "/release", WRITER_CORES },
		{ "sys/devices/system/", "/control", WRITER_CORES },
		{ "sys/devices/system/", "/hibernate", WRITER_CORES | WRITER_TREE },
		{ "sys/kernel/dlpar", "", WRITER_TREE },
		{ "sys/kernel/mobility/", "", WRITER_TREE },
		{ "proc/ppc64/ofdt", "", WRITER_TREE },
		{ "proc/device-tree-overlay", "", WRITER_TREE },
	};

	const char *name = strrchr(path, '/');

	for (size_t i = 0; name && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strncmp(path, rows[i].begin, strlen(rows[i].begin)) &&
		    (!*rows[i].end || !strcmp(name, rows[i].end)))
			return rows[i].locks;
	return 0;
}

/* Look for such a file among those of a process. */
static bool writer_of_process(const struct kern_root *root, const char *pid,
			      struct kern_writer *found)
{
	_cleanup_free_ char *dir = text_of("proc/%s/fd", pid);
	_cleanup_names_ struct kern_names fds = { 0 };
	char path[PATH_MAX];

	if (!dir || kern_list(root, dir, KERN_LIST_ALL, &fds))
		return false;
	for (size_t i = 0; i < fds.n; i++) {
		_cleanup_free_ char *link = text_of("%s/%s", dir, fds.name[i]);

		if (!link || kern_readlink(root, link, path, sizeof(path)) ||
		    !writer_locks(path + 1))
			continue;
		*found = (struct kern_writer){ .pid = (pid_t)strtol(pid, NULL, 10) };
		snprintf(found->path, sizeof(found->path), "%.*s",
			 (int)sizeof(found->path) - 1, path + 1);
		return true;
	}
	return false;
}

bool writers_find_other(const struct kern_root *root, const struct kern_writer *ours,
			struct kern_writer *other)
{
	_cleanup_names_ struct kern_names pids = { 0 };

	if (kern_list(root, "proc", KERN_LIST_ALL, &pids))
		return false;
	for (size_t i = 0; i < pids.n; i++) {
		long pid = strtol(pids.name[i], NULL, 10);

		if (pid > 0 && pid != ours->pid && pid != getpid() &&
		    writer_of_process(root, pids.name[i], other))
			return true;
	}
	return false;
}
