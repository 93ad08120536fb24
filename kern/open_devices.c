// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "kern/child.h"
#include "kern/open_devices.h"

enum { OPEN_SCAN_MS = 2000, OPEN_POLL_MS = 10, OPEN_MEMORY_MAJOR = 1, OPEN_MAX = 65536 };

/* Memory that the child fills. */
struct open_scan {
	struct kern_root proc;
	char path[2 * NAME_MAX + sizeof("/fd/")], *number; /* PID/fd/NUMBER */
	int err;
	size_t n, first; /* number of devices; the first one of this process */
	struct open_device {
		uint32_t pid, is_block, major, minor;
	} found[OPEN_MAX];
};

static int open_visit_descriptor(void *priv, const char *number)
{
	struct open_scan *s = priv;
	struct open_device *d = &s->found[s->n];
	struct statx st;

	if (s->n == OPEN_MAX)
		return -E2BIG;
	stpcpy(s->number, number);
	/* Mask 0: else FUSE denies root the files of another user's mount. */
	if (statx(s->proc.fd, s->path, AT_STATX_DONT_SYNC, 0, &st)) {
		s->err = errno == EACCES ? -EPERM : s->err; /* else it was closed */
		return 0;
	}
	*d = (struct open_device){ (uint32_t)strtol(s->path, NULL, 10),
				   S_ISBLK(st.stx_mode), st.stx_rdev_major,
				   st.stx_rdev_minor };
	if (!d->is_block && (!S_ISCHR(st.stx_mode) || d->major == OPEN_MEMORY_MAJOR))
		return 0;
	for (size_t i = s->first; i < s->n; i++)
		if (!memcmp(&s->found[i], d, sizeof(*d)))
			return 0;
	s->n++;
	return 0;
}

/* The child itself has no device except /dev/null. */
static int open_visit_process(void *priv, const char *pid)
{
	struct open_scan *s = priv;
	int err;

	if (*pid < '1' || *pid > '9')
		return 0;
	s->first = s->n;
	s->number = stpcpy(stpcpy(s->path, pid), "/fd/");
	err = kern_visit(&s->proc, s->path, KERN_LIST_ALL, open_visit_descriptor, s);
	if (err && err != -ENOENT && err != -ESRCH) /* it has not ended */
		s->err = err == -EACCES ? -EPERM : err;
	return 0;
}

/* Scan in a child: statx() follows the links, and a server of files may not answer. */
static int open_scan(struct open_scan *s, int proc)
{
	struct deadline dl = deadline_in_ms(OPEN_SCAN_MS);
	_cleanup_close_ int end = -1;
	pid_t pid = child_fork(0, &end), ended = pid, status = 0;

	if (!pid) {
		s->proc.fd = child_drop_descriptors(proc, -1);
		_exit(-kern_visit(&s->proc, ".", KERN_LIST_ALL, open_visit_process, s));
	}
	child_wait(end, &dl);
	while (pid > 0 && !(ended = child_reap(pid, WNOHANG, &status)) &&
	       deadline_wait_ms(&dl, OPEN_POLL_MS))
		;
	if (!ended)
		kill(pid, SIGKILL); /* it may stay in the kernel */
	return ended < 0 ? ended : !ended ? -ETIMEDOUT : status ? -EIO : s->err;
}

static int open_visit(void *priv, const struct kern_root *root, open_visitor *visit,
		      void *to)
{
	_cleanup_close_ int proc = kern_open(root, "proc", O_RDONLY | O_DIRECTORY);
	struct open_scan *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err, value = 0;

	(void)priv;
	if (s == MAP_FAILED)
		return -ENOMEM;
	s->proc.is_system = true;
	err = proc < 0 ? proc : open_scan(s, proc);
	for (size_t i = 0, n = s->n; !value && i < n; i++)
		value = visit(to, (int)s->found[i].pid, s->found[i].is_block,
			      s->found[i].major, s->found[i].minor);
	munmap(s, sizeof(*s));
	return value ? value : err;
}

static int open_number(void *priv, const struct kern_root *root, const char *path,
		       bool *is_block, unsigned int *major, unsigned int *minor)
{
	_cleanup_close_ int fd = kern_open(root, path + (*path == '/'), O_PATH);
	struct stat st;

	(void)priv;
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	*is_block = S_ISBLK(st.st_mode);
	*major = major(st.st_rdev);
	*minor = minor(st.st_rdev);
	return *is_block || S_ISCHR(st.st_mode) ? 0 : -ENOTBLK;
}

const struct open_facts open_proc_facts = { .visit = open_visit, .number = open_number };
