// SPDX-License-Identifier: GPL-2.0-or-later
#define FUSE_USE_VERSION 35
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/process.h"
#include "vmm/sim/mirror.h"

/* For how many seconds names and attributes are not read again. */
#define REMEMBERED 1.0

struct mirror {
	mirror_hides *hides;
	const void *arg;
};

static void *op_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	(void)conn;
	config->use_ino = config->readdir_ino = 1;
	config->auto_cache = 1;
	config->entry_timeout = config->attr_timeout = REMEMBERED;
	return fuse_get_context()->private_data;
}

static bool is_hidden(const char *path, size_t len)
{
	const struct mirror *mirror = fuse_get_context()->private_data;

	return mirror->hides(mirror->arg, path, len);
}

static int op_getattr(const char *path, struct stat *st, struct fuse_file_info *file)
{
	if (file)
		return fstat((int)file->fh, st) ? -errno : 0;
	if (is_hidden(path, (size_t)(strrchr(path, '/') - path)))
		return -ENOENT;
	return lstat(path, st) ? -errno : 0;
}

static int op_readlink(const char *path, char *target, size_t size)
{
	ssize_t n = readlink(path, target, size - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	return 0;
}

/* Only the data of plain files is read here. One that became another kind must not block. */
static int op_open(const char *path, struct fuse_file_info *file)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -ESTALE;
	}
	file->fh = (uint64_t)fd;
	return 0;
}

static int op_read(const char *path, struct fuse_bufvec **out, size_t size, off_t at,
		   struct fuse_file_info *file)
{
	(void)path;
	*out = malloc(sizeof(**out));
	if (!*out)
		return -ENOMEM;
	**out = FUSE_BUFVEC_INIT(size);
	(*out)->buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	(*out)->buf[0].fd = (int)file->fh;
	(*out)->buf[0].pos = at;
	return 0;
}

static int op_release(const char *path, struct fuse_file_info *file)
{
	(void)path;
	close((int)file->fh);
	return 0;
}

static int op_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t at,
		      struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	const struct dirent *entry;
	DIR *dir;

	(void)at;
	(void)file;
	(void)flags;
	if (is_hidden(path, strlen(path)))
		return 0;
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		const struct stat st = { .st_ino = entry->d_ino,
					 .st_mode = DTTOIF(entry->d_type) };

		if (fill(buf, entry->d_name, &st, 0, 0))
			break;
	}
	closedir(dir);
	return 0;
}

static int op_getxattr(const char *path, const char *name, char *value, size_t size)
{
	ssize_t n = lgetxattr(path, name, value, size);

	return n < 0 ? -errno : (int)n;
}

static int op_listxattr(const char *path, char *names, size_t size)
{
	ssize_t n = llistxattr(path, names, size);

	return n < 0 ? -errno : (int)n;
}

static const struct fuse_operations operations = {
	.init = op_init,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.open = op_open,
	.read_buf = op_read,
	.release = op_release,
	.readdir = op_readdir,
	.getxattr = op_getxattr,
	.listxattr = op_listxattr,
};

/* Serve until the parent ends. It has the only other descriptors of the caller. */
static _Noreturn void mirror_serve(struct mirror *mirror, int fuse)
{
	char *argv[] = { (char[]){ "mirror" }, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct fuse_loop_config config = { .max_idle_threads = 4 };
	struct rlimit files;
	struct fuse *f;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "mirror");
	if (null < 0 || dup2(fuse, 0) || dup2(null, 1) != 1 || dup2(null, 2) != 2 ||
	    process_close_from(3, -1))
		_exit(1);
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	f = fuse_new(&args, &operations, sizeof(operations), mirror);
	/* Threads may be limited. */
	if (f && !fuse_session_mount(fuse_get_session(f), "/dev/fd/0") &&
	    fuse_loop_mt(f, &config))
		fuse_loop(f);
	_exit(1);
}

int mirror_mount(const char *to, mirror_hides *hides, const void *arg, pid_t *pid)
{
	struct mirror mirror = { hides, arg };
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC), err = 0;
	struct clone_args clone = { .flags = CLONE_NEWNS, .exit_signal = SIGCHLD };
	char options[128];

	if (fuse < 0)
		return -errno;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions", fuse);
	if (mount("mirror", to, "fuse", MS_RDONLY | MS_NOSUID | MS_NODEV, options)) {
		err = -errno;
	} else {
		/* The caller will change its root. */
		*pid = (pid_t)syscall(SYS_clone3, &clone, sizeof(clone));
		if (!*pid)
			mirror_serve(&mirror, fuse);
		err = *pid < 0 ? -errno : 0;
	}
	close(fuse);
	return err;
}
