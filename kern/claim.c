// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/child.h"
#include "kern/claim.h"
#include "kern/text.h"

/* Return CLAIM_HELD for the device's node, CLAIM_FREE for a file with the disk's data, which a
 * guest of papr-vmm has in its place and no kernel claims, or CLAIM_UNKNOWN. */
static enum claim claim_look(const struct kern_root *root, const char *name,
			     const char *path, dev_t number)
{
	_cleanup_free_ char *attr = text_of("sys/class/block/%s/size", name),
			    *sectors = NULL;
	_cleanup_close_ int fd = kern_open(root, path, O_PATH);
	struct stat st;
	size_t len;

	if (fd < 0 || fstat(fd, &st))
		return CLAIM_UNKNOWN;
	if (S_ISBLK(st.st_mode) && st.st_rdev == number)
		return CLAIM_HELD;
	return attr && S_ISREG(st.st_mode) &&
			       !kern_read_attr(root, attr, &sectors, &len) &&
			       strtoll(sectors, NULL, 10) == st.st_size / 512
		       ? CLAIM_FREE
		       : CLAIM_UNKNOWN;
}

static _Noreturn void claim_child(const struct kern_root *root, const char *path)
{
	struct kern_root own = *root;
	int fd;

	own.fd = child_drop_descriptors(root->fd, -1);
	own.has_tree = false;
	fd = kern_open(&own, path, O_RDONLY | O_EXCL | O_NONBLOCK);
	_exit(fd < 0 ? -fd : 0);
}

/* Open in a child: the open waits while the driver handles an error of the device. */
static enum claim claim_test(void *priv, const struct kern_root *root, const char *name,
			     unsigned int major, unsigned int minor,
			     const struct deadline *dl)
{
	_cleanup_free_ char *path = text_of("dev/%s", name);
	_cleanup_close_ int end = -1;
	enum claim look;
	int status = 0;
	pid_t pid;

	(void)priv;
	for (char *at = path; at && (at = strchr(at, '!'));)
		*at = '/';
	look = path ? claim_look(root, name, path, makedev(major, minor)) : CLAIM_UNKNOWN;
	if (look != CLAIM_HELD)
		return look;
	if (deadline_has_passed(dl))
		return CLAIM_UNKNOWN;
	pid = child_fork(0, &end);
	if (!pid)
		claim_child(root, path);
	if (pid < 0)
		return CLAIM_UNKNOWN;
	if (!child_wait(end, dl))
		kill(pid, SIGKILL); /* it may stay in the kernel */
	if (child_reap(pid, end < 0 || child_wait(end, dl) ? 0 : WNOHANG, &status) !=
		    pid ||
	    !WIFEXITED(status))
		return CLAIM_UNKNOWN;
	switch (WEXITSTATUS(status)) {
	case 0:
	case ENOMEDIUM: /* a drive without a disc */
		return CLAIM_FREE;
	case EBUSY:
		return CLAIM_HELD;
	default:
		return CLAIM_UNKNOWN;
	}
}

const struct claim_facts claim_open_facts = { .test = claim_test };
