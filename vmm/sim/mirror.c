// SPDX-License-Identifier: GPL-2.0-or-later
#define FUSE_USE_VERSION 35
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/process.h"
#include "vmm/sim/ids.h"
#include "vmm/sim/mirror.h"

/* For how many seconds names and attributes are not read again. */
#define REMEMBERED 1.0

enum { LOW_BITS = 40 };

/* The first part of each item of a tree */
struct key {
	dev_t dev;
	ino_t ino;
};

/* The upper bits of numbers that files have here: one for each device and upper bits of its
 * inode numbers. So no two files have the same number. */
struct number {
	struct key key; /* the lower bits of its number are 0 */
	uint64_t high;
};

/* A plain file that guest programs have open. It has one descriptor, or -1: closed, so that
 * others can be read. */
struct file {
	struct key key;
	unsigned int opens, readers;
	int fd;
	TAILQ_ENTRY(file) next;
};

struct mirror {
	mirror_hides *hides;
	const void *arg;
	struct ids_foreign foreign;
	pthread_mutex_t lock;  /* of all that follows */
	void *numbers, *files; /* trees of tsearch(3) */
	uint64_t n_numbers;
	TAILQ_HEAD(, file) used; /* files with descriptors, in the order of opening */
	rlim_t n_used, max_used;
};

static struct mirror *mirror_here(void)
{
	return fuse_get_context()->private_data;
}

static int key_compare(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct key));
}

/* Return the item with this key. If it is missing, add one of size bytes. NULL: no memory. */
static void *tree_get(void **tree, struct key key, size_t size)
{
	struct key *item = calloc(1, size);
	void **at;

	if (!item)
		return NULL;
	*item = key;
	at = tsearch(item, tree, key_compare);
	if (!at || *at != item)
		free(item);
	return at ? *at : NULL;
}

/* Replace the inode number, which is unique only on its device, and ids that are no ids
 * here. */
static int show(struct mirror *mirror, struct stat *st)
{
	const struct key key = { st->st_dev, st->st_ino >> LOW_BITS << LOW_BITS };
	struct number *number;

	pthread_mutex_lock(&mirror->lock);
	number = tree_get(&mirror->numbers, key, sizeof(*number));
	if (number && !number->high)
		number->high = ++mirror->n_numbers;
	pthread_mutex_unlock(&mirror->lock);
	if (!number || (number->high - 1) >> (64 - LOW_BITS))
		return -ENOMEM;
	st->st_ino =
		(number->high - 1) << LOW_BITS | (st->st_ino & ((1ULL << LOW_BITS) - 1));
	if (st->st_uid == mirror->foreign.uid)
		st->st_uid = mirror->foreign.known_uid;
	if (st->st_gid == mirror->foreign.gid)
		st->st_gid = mirror->foreign.known_gid;
	return 0;
}

static void *op_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	(void)conn;
	config->use_ino = config->readdir_ino = 1;
	config->auto_cache = 1;
	config->entry_timeout = config->attr_timeout = REMEMBERED;
	return mirror_here();
}

static bool is_hidden(const char *path, size_t len)
{
	return mirror_here()->hides(mirror_here()->arg, path, len);
}

static int op_readlink(const char *path, char *target, size_t size)
{
	ssize_t n = readlink(path, target, size - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	return 0;
}

/* Open a plain file. One that became another kind must not block. */
static int open_plain(const char *path, struct key *key)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ELOOP ? -ESTALE : -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -ESTALE;
	}
	*key = (struct key){ st.st_dev, st.st_ino };
	return fd;
}

static void file_close(struct mirror *mirror, struct file *file)
{
	TAILQ_REMOVE(&mirror->used, file, next);
	close(file->fd);
	file->fd = -1;
	mirror->n_used--;
}

/* Keep this descriptor if the file has none. If there are too many, close the oldest one that is
 * not being read. */
static void file_keep(struct mirror *mirror, struct file *file, int fd)
{
	struct file *other = TAILQ_FIRST(&mirror->used);

	if (file->fd >= 0) {
		close(fd);
		return;
	}
	while (other && other->readers)
		other = TAILQ_NEXT(other, next);
	if (other && mirror->n_used >= mirror->max_used)
		file_close(mirror, other);
	file->fd = fd;
	TAILQ_INSERT_TAIL(&mirror->used, file, next);
	mirror->n_used++;
}

static int op_open(const char *path, struct fuse_file_info *info)
{
	struct mirror *mirror = mirror_here();
	struct file *file;
	struct key key;
	int fd = open_plain(path, &key);

	if (fd < 0)
		return fd;
	pthread_mutex_lock(&mirror->lock);
	file = tree_get(&mirror->files, key, sizeof(*file));
	if (file && !file->opens++)
		file->fd = -1;
	if (file)
		file_keep(mirror, file, fd);
	else
		close(fd);
	pthread_mutex_unlock(&mirror->lock);
	info->fh = (uintptr_t)file;
	return file ? 0 : -ENOMEM;
}

/* Open the file again if its descriptor was closed. Outside, it may have another name by now, or
 * none. */
static int file_begin(struct mirror *mirror, struct file *file, const char *path)
{
	struct key key;
	int fd;

	pthread_mutex_lock(&mirror->lock);
	file->readers++;
	fd = file->fd;
	pthread_mutex_unlock(&mirror->lock);
	if (fd >= 0)
		return fd;
	fd = open_plain(path, &key);
	if (fd >= 0 && key_compare(&key, &file->key)) {
		close(fd);
		fd = -ENOENT;
	}
	if (fd < 0)
		return fd == -ENOENT ? -ESTALE : fd;
	pthread_mutex_lock(&mirror->lock);
	file_keep(mirror, file, fd);
	fd = file->fd;
	pthread_mutex_unlock(&mirror->lock);
	return fd;
}

static void file_end(struct mirror *mirror, struct file *file)
{
	pthread_mutex_lock(&mirror->lock);
	file->readers--;
	pthread_mutex_unlock(&mirror->lock);
}

static int op_getattr(const char *path, struct stat *st, struct fuse_file_info *info)
{
	struct mirror *mirror = mirror_here();
	struct file *file;
	int err;

	if (info) {
		file = (struct file *)(uintptr_t)info->fh;
		err = file_begin(mirror, file, path);
		if (err >= 0)
			err = fstat(err, st) ? -errno : 0;
		file_end(mirror, file);
	} else if (is_hidden(path, (size_t)(strrchr(path, '/') - path))) {
		err = -ENOENT;
	} else {
		err = lstat(path, st) ? -errno : 0;
	}
	return err ? err : show(mirror, st);
}

static int op_read(const char *path, char *buf, size_t size, off_t at,
		   struct fuse_file_info *info)
{
	struct mirror *mirror = mirror_here();
	struct file *file = (struct file *)(uintptr_t)info->fh;
	int fd = file_begin(mirror, file, path);
	ssize_t n = fd < 0 ? fd : pread(fd, buf, size, at);

	if (fd >= 0 && n < 0)
		n = -errno;
	file_end(mirror, file);
	return (int)n;
}

static int op_release(const char *path, struct fuse_file_info *info)
{
	struct mirror *mirror = mirror_here();
	struct file *file = (struct file *)(uintptr_t)info->fh;

	(void)path;
	pthread_mutex_lock(&mirror->lock);
	if (!--file->opens) {
		if (file->fd >= 0)
			file_close(mirror, file);
		tdelete(file, &mirror->files, key_compare);
		free(file);
	}
	pthread_mutex_unlock(&mirror->lock);
	return 0;
}

static int op_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t at,
		      struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	const struct dirent *entry;
	struct stat st;
	int err = 0;
	DIR *dir;

	(void)at;
	(void)file;
	(void)flags;
	if (is_hidden(path, strlen(path)))
		return 0;
	dir = opendir(path);
	if (!dir)
		return -errno;
	if (fstat(dirfd(dir), &st))
		err = -errno;
	while (!err && (entry = readdir(dir))) {
		st.st_ino = entry->d_ino;
		st.st_mode = DTTOIF(entry->d_type);
		err = show(mirror_here(), &st);
		if (!err && fill(buf, entry->d_name, &st, 0, 0))
			break;
	}
	closedir(dir);
	return err;
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
	.read = op_read,
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
		mirror->max_used = files.rlim_max / 2;
	}
	f = fuse_new(&args, &operations, sizeof(operations), mirror);
	/* Threads may be limited. */
	if (f && !fuse_session_mount(fuse_get_session(f), "/dev/fd/0") &&
	    fuse_loop_mt(f, &config))
		fuse_loop(f);
	_exit(1);
}

int mirror_mount(const char *to, mirror_hides *hides, const void *arg,
		 const struct ids_foreign *foreign, pid_t *pid)
{
	struct mirror mirror = { .hides = hides,
				 .arg = arg,
				 .foreign = *foreign,
				 .lock = PTHREAD_MUTEX_INITIALIZER,
				 .used = TAILQ_HEAD_INITIALIZER(mirror.used) };
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
