// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/child.h"
#include "kern/cleanup.h"
#include "kern/root.h"
#include "kern/text.h"
#include "kern/writer.h"

enum {
	STAT_START = 19,  /* fields after the state */
	ROOM = 64 * 1024, /* for what is written; more needs a child of its own */
	SHORT_MS = 1000,  /* a child ends after a longer write */
};

/* What a child writes next, in memory that it shares with its parent. */
struct writer_order {
	size_t room, len;
	char path[sizeof(((struct kern_writer *)0)->path)];
	char bytes[];
};

/* Return the exit status for the result of a write: an errno of up to 8 bits. Some
 * drivers return the kernel's internal errors, which are larger; they become EIO. */
static int writer_status(ssize_t n, size_t len)
{
	if (n < 0)
		return -n <= UINT8_MAX ? (int)-n : EIO;
	return (size_t)n == len ? 0 : EIO;
}

/* Write in the child what the parent orders by a byte, until it closes the socket. Before, the
 * parent has recorded the child: if it is killed first, the child does not write. */
static _Noreturn void writer_serve(const struct kern_root *root, int orders,
				   const struct writer_order *order)
{
	struct deadline soon = deadline_never();
	struct kern_root own = *root;
	char byte;
	int err;

	own.fd = child_drop_descriptors(root->fd, orders);
	own.has_tree = false;
	while (!deadline_has_passed(&soon) && recv(STDIN_FILENO, &byte, 1, 0) == 1) {
		soon = deadline_in_ms(SHORT_MS);
		err = -writer_status(kern_write_once(&own, order->path, order->bytes,
						     order->len, NULL),
				     order->len);
		(void)send(STDIN_FILENO, &err, sizeof(err), MSG_NOSIGNAL);
	}
	_exit(0);
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

/* Forget the child, which ends after its write. */
static void writers_drop(struct kern_writers *w)
{
	close(w->orders);
	cleanup_close(&w->end);
	munmap(w->order, sizeof(*w->order) + w->order->room);
	w->child.pid = 0;
}

void writers_close(struct kern_writers *w)
{
	int err;

	if (!w->child.pid)
		return;
	kill(w->child.pid, SIGKILL); /* it may be stopped */
	writer_reap(w->child.pid, 0, &err);
	writers_drop(w);
}

/* Start a child that can write len bytes. */
static int writers_start(const struct kern_root *root, struct kern_writers *w, size_t len)
{
	const size_t room = len > ROOM ? len : ROOM;
	int ends[2];
	char state;
	void *order = mmap(NULL, sizeof(*w->order) + room, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (order == MAP_FAILED)
		return -errno;
	w->order = order;
	w->order->room = room;
	w->end = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		w->child.pid = -errno;
		ends[0] = ends[1] = -1;
	} else {
		w->child.pid = child_fork(0, &w->end);
	}
	if (!w->child.pid)
		writer_serve(root, ends[1], w->order);
	cleanup_close(&ends[1]);
	w->orders = ends[0];
	if (w->child.pid < 0) {
		int err = w->child.pid;

		writers_drop(w);
		return err;
	}
	if (writer_stat(root, w->child.pid, &state, &w->child.start) <= 0)
		w->child.start = 0;
	return 0;
}

/* Order a write. Return 0 or a negative errno. */
static int writers_order(const struct kern_root *root, struct kern_writers *w,
			 const char *path, const void *buf, size_t len)
{
	int err;

	if (w->child.pid && (fd_is_readable(w->end) || w->order->room < len))
		writers_close(w);
	err = w->child.pid ? 0 : writers_start(root, w, len);
	if (err)
		return err;
	snprintf(w->order->path, sizeof(w->order->path), "%s", path);
	memcpy(w->order->bytes, buf, len);
	w->order->len = len;
	w->late = w->child;
	memcpy(w->late.path, w->order->path, sizeof(w->late.path));
	if (w->begun)
		w->begun(w->priv, &w->late);
	return send(w->orders, "", 1, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Wait for the answer of a child, and tell so each second. Return false at the deadline. */
static bool writers_wait(const struct kern_writers *w, const struct deadline *dl)
{
	struct deadline second;

	for (;;) {
		second = deadline_second(dl);
		if (child_wait(w->orders, &second))
			return true;
		if (deadline_has_passed(dl))
			return false;
		if (w->waiting)
			w->waiting(w->waiting_priv, &w->late, dl);
	}
}

int writer_run(const struct kern_root *root, const char *path, const void *buf,
	       size_t len, const struct deadline *dl)
{
	struct kern_writers own = { 0 }, *w = root->writers ? root->writers : &own;
	const struct deadline soon = deadline_in_ms(SHORT_MS);
	bool has_ended;
	int err;

	if (strlen(path) >= sizeof(w->order->path))
		return -ENAMETOOLONG;
	if (writers_are_busy(w, dl))
		return -EBUSY;
	err = writers_order(root, w, path, buf, len);
	if (!w->child.pid)
		return err;
	has_ended = writers_wait(w, dl);
	if (w->waited)
		w->is_cut_off = !w->waited(w->waiting_priv);
	if (!has_ended) {
		writers_drop(w);
		return -ETIMEDOUT;
	}
	w->late.pid = 0;
	if (recv(w->orders, &err, sizeof(err), MSG_DONTWAIT) != sizeof(err))
		err = -EIO; /* it was killed */
	if (err == -EIO || w == &own || deadline_has_passed(&soon))
		writers_close(w);
	return w->is_cut_off ? -ETIMEDOUT : err;
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
