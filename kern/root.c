// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kern/root.h"
#include "kern/writer.h"

/* What the kernel's link DT_BASE points to. */
#define DT_IN_SYS "sys/firmware/devicetree/base"

enum {
	LINKS_MAX = 40,
	/* The smallest page size of Linux. */
	KERN_PAGE_MIN = 4096,
};

int kern_root_open(struct kern_root *root, const char *sysroot)
{
	*root = (struct kern_root){
		.fd = open(sysroot ? sysroot : "/", O_PATH | O_DIRECTORY | O_CLOEXEC),
		.is_system = !sysroot,
		.write = kern_write_once,
	};
	if (root->fd < 0)
		return -errno;
	root->has_tree_in_sys = sysroot && kern_exists(root, DT_BASE) <= 0 &&
				kern_exists(root, DT_IN_SYS) > 0;
	return 0;
}

void kern_root_use_system(struct kern_root *root)
{
	*root = (struct kern_root){
		.fd = -1,
		.is_system = true,
		.write = kern_write_once,
	};
}

void kern_root_keep_tree(struct kern_root *root)
{
	if (!root->is_system || root->has_tree || root->fd < 0)
		return;
	root->tree = openat(root->fd, DT_BASE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	root->has_tree = root->tree >= 0;
}

void kern_root_close(struct kern_root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
	if (root->has_tree)
		close(root->tree);
	root->has_tree = false;
}

/* Return the open folder that a path of the running system begins in, and set *path to the
 * part below it. Without an open folder, *path becomes absolute. */
static int root_folder(const struct kern_root *root, const char **path,
		       char absolute[PATH_MAX])
{
	static const char base[] = DT_BASE "/";
	const char *below = *path + strlen(base);

	if (root->fd < 0) {
		bool fits = (size_t)snprintf(absolute, PATH_MAX, "/%s", *path) < PATH_MAX;

		*path = fits ? absolute : "";
		return AT_FDCWD;
	}
	/* Not an empty part, and not an absolute one. */
	if (!root->has_tree || strncmp(*path, base, strlen(base)) || !*below ||
	    *below == '/')
		return root->fd;
	*path = below;
	return root->tree;
}

static int root_open_in_system(const struct kern_root *root, const char *path, int flags)
{
	char absolute[PATH_MAX];
	int dir = root_folder(root, &path, absolute);

	return openat(dir, path, flags | O_CLOEXEC);
}

/* A path that is being resolved: the resolved part and the remaining part. */
struct walk {
	char done[PATH_MAX]; /* free of links */
	char rest[PATH_MAX];
};

/* Move the first component from rest to done. ".." removes the last component of done.
 * Return false if done is full. */
static bool root_walk_step(struct walk *w)
{
	const char *part = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(part, "/"), used = strlen(w->done);
	char *slash = strrchr(w->done, '/');

	if (used + len + 2 > sizeof(w->done))
		return false;
	if (len == 2 && !memcmp(part, "..", 2))
		w->done[slash ? slash - w->done : 0] = '\0';
	else if (len && !(len == 1 && *part == '.')) {
		if (used)
			w->done[used++] = '/';
		memcpy(w->done + used, part, len);
		w->done[used + len] = '\0';
	}

	part += len;
	part += strspn(part, "/");
	memmove(w->rest, part, strlen(part) + 1);
	return true;
}

/* Replace the last component of done by the text of its link, which is put before rest.
 * An absolute link restarts at the root. Return false if rest is full. */
static bool root_walk_follow(struct walk *w, const char *target)
{
	size_t len = strlen(target), rest = strlen(w->rest);
	char *slash = strrchr(w->done, '/');

	if (len + rest + 2 > sizeof(w->rest))
		return false;
	memmove(w->rest + len + 1, w->rest, rest + 1);
	memcpy(w->rest, target, len);
	w->rest[len] = '/';
	w->done[*target == '/' || !slash ? 0 : slash - w->done] = '\0';
	return true;
}

/* Read the text of a link. The directories of its path are no links. */
static int root_read_link(int dir, const char *path, char *buf, size_t size)
{
	ssize_t n = readlinkat(dir, path, buf, size);

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;

	buf[n] = '\0';
	return 0;
}

/* Resolve a path link by link into w->done. ".." stops at the root. Components that do
 * not exist are copied. keep_last: do not follow the last component. */
static int root_walk(const struct kern_root *root, const char *path, bool keep_last,
		     struct walk *w)
{
	char target[PATH_MAX];
	bool in_sys = root->has_tree_in_sys && !strncmp(path, DT_BASE, strlen(DT_BASE));
	bool fits = (size_t)snprintf(
			    w->rest, sizeof(w->rest), "%s%s", in_sys ? DT_IN_SYS : "",
			    path + (in_sys ? strlen(DT_BASE) : 0)) < sizeof(w->rest);
	int links = 0;

	*w->done = '\0';
	while (fits && *w->rest && links < LINKS_MAX) {
		fits = root_walk_step(w);
		if (!*w->rest && keep_last)
			break;
		if (*w->done &&
		    !root_read_link(root->fd, w->done, target, sizeof(target))) {
			fits = fits && root_walk_follow(w, target);
			links++;
		}
	}
	return !fits ? -ENAMETOOLONG : links == LINKS_MAX ? -ELOOP : 0;
}

/* Open a file in a capture. Links in it are those of the system it came from; they are
 * followed inside the capture. */
static int root_open_in_capture(const struct kern_root *root, const char *path, int flags)
{
	struct walk w;
	int err = root_walk(root, path, flags & O_NOFOLLOW, &w);

	if (err) {
		errno = -err;
		return -1;
	}
	return openat(root->fd, *w.done ? w.done : ".", flags | O_CLOEXEC | O_NOFOLLOW);
}

int kern_resolve(const struct kern_root *root, const char *path, char *buf, size_t size)
{
	struct walk w;
	int err = root_walk(root, path, false, &w);

	if (err)
		return err;
	return (size_t)snprintf(buf, size, "%s", w.done) < size ? 0 : -ENAMETOOLONG;
}

static bool root_is_absent(int err)
{
	return err == -ENOENT || err == -ENOTDIR || err == -ENAMETOOLONG;
}

int kern_read_failure(int err)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
	case -ENAMETOOLONG:
	case -ENODEV:
	case -EBADMSG:
	case -E2BIG:
	case -EINVAL:
	case -EISDIR:
	case -ELOOP:
	case -ERANGE:
		return 0;
	}
	return err;
}

/* Return the error, and note the file, unless it does not exist. */
static int root_note(const struct kern_root *root, const char *path, int err)
{
	if (root->unread && err < 0 && !root_is_absent(err)) {
		root->unread->err = err;
		snprintf(root->unread->path, sizeof(root->unread->path), "/%s", path);
	}
	return err;
}

int kern_open(const struct kern_root *root, const char *path, int flags)
{
	int fd = root->is_system ? root_open_in_system(root, path, flags)
				 : root_open_in_capture(root, path, flags);

	if (fd >= 0)
		return fd;
	return (flags & O_ACCMODE) == O_RDONLY ? root_note(root, path, -errno) : -errno;
}

int kern_exists(const struct kern_root *root, const char *path)
{
	const char *below = path;
	char absolute[PATH_MAX];
	int fd, err = 0;

	if (root->is_system) {
		fd = root_folder(root, &below, absolute);
		err = faccessat(fd, below, F_OK, 0) ? -errno : 0;
	} else {
		fd = kern_open(root, path, O_PATH);
		if (fd >= 0)
			close(fd);
		else
			err = fd;
	}
	return root_is_absent(err) ? 0 : err ? root_note(root, path, err) : 1;
}

int kern_lstat(const struct kern_root *root, const char *path, struct stat *st)
{
	const char *below = path;
	char absolute[PATH_MAX];
	struct walk w;
	int err = 0, dir = root->fd;

	if (!root->is_system) {
		err = root_walk(root, path, true, &w);
		below = w.done;
	} else {
		dir = root_folder(root, &below, absolute);
	}
	if (!err && fstatat(dir, below, st, AT_SYMLINK_NOFOLLOW) < 0)
		err = -errno;
	return root_note(root, path, err);
}

static int root_read_all(int fd, bool in_one_piece, size_t max, char **buf, size_t *len)
{
	size_t size = 4096, used = 0;
	_cleanup_free_ char *data = malloc(size);
	char *more;
	ssize_t n;

	if (!data)
		return -ENOMEM;

	while ((n = read(fd, data + used, size - used - 1)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;

		used += (size_t)n;
		if (size - used > 1) {
			if (in_one_piece && (size_t)n % KERN_PAGE_MIN)
				break;
			continue;
		}
		if (size >= max)
			return -E2BIG;
		more = realloc(data, size * 2);
		if (!more)
			return -ENOMEM;
		data = more;
		size *= 2;
	}

	data[used] = '\0';
	*len = used;
	/* Shrink the buffer: the contents are often kept, and often short. */
	more = realloc(data, used + 1);
	*buf = more ? more : data;
	steal_ptr(&data);
	return 0;
}

int kern_read_fd(int fd, size_t max, char **buf, size_t *len)
{
	return root_read_all(fd, false, max, buf, len);
}

/* Open a file for reading. A capture may have a FIFO in place of a kernel file: do not
 * wait for it, and return -EINVAL. */
static int root_open_to_read(const struct kern_root *root, const char *path)
{
	struct stat st;
	int fd;

	if (root->is_system)
		return kern_open(root, path, O_RDONLY);

	fd = kern_open(root, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || (!fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))))
		return fd;
	close(fd);
	return -EINVAL;
}

int kern_read(const struct kern_root *root, const char *path, char **buf, size_t *len)
{
	return kern_read_up_to(root, path, KERN_READ_MAX, buf, len);
}

int kern_read_up_to(const struct kern_root *root, const char *path, size_t max,
		    char **buf, size_t *len)
{
	_cleanup_close_ int fd = root_open_to_read(root, path);

	return fd < 0 ? fd
		      : root_note(root, path, root_read_all(fd, false, max, buf, len));
}

int kern_read_attr(const struct kern_root *root, const char *path, char **buf,
		   size_t *len)
{
	_cleanup_close_ int fd = root_open_to_read(root, path);

	if (fd < 0)
		return fd;
	return root_note(root, path, root_read_all(fd, true, KERN_READ_MAX, buf, len));
}

ssize_t kern_read_short(const struct kern_root *root, const char *path, char *buf,
			size_t size)
{
	_cleanup_close_ int fd = root_open_to_read(root, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	do
		n = read(fd, buf, size - 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return root_note(root, path, -errno);
	buf[n] = '\0';
	return n;
}

ssize_t kern_written(ssize_t n, size_t len)
{
	if (n < 0)
		return -errno;
	if ((size_t)n <= len)
		return n;
	return n == (ssize_t)UINT32_MAX - 1 ? -EOPNOTSUPP : -EPROTO;
}

ssize_t kern_write_once(const struct kern_root *root, const char *path, const void *buf,
			size_t len, const struct deadline *dl)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	if (dl) {
		int err = writer_run(root, path, buf, len, dl);

		return err ? err : (ssize_t)len;
	}
	fd = kern_open(root, path, O_WRONLY | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	/* Do not retry: for some kernel files EINTR does not mean a signal, but is the
	 * hypervisor's answer. */
	n = write(fd, buf, len);
	return kern_written(n, len);
}

/* Return the error of a command, of which n of len bytes were written. */
static int root_written(ssize_t n, size_t len)
{
	if (n < 0)
		return (int)n;
	if (!n && len)
		return -E2BIG;
	return (size_t)n == len ? 0 : -EIO;
}

int kern_write_until(const struct kern_root *root, const char *path, const void *buf,
		     size_t len, const struct deadline *dl)
{
	return root_written(root->write(root, path, buf, len, dl), len);
}

int kern_write(const struct kern_root *root, const char *path, const void *buf,
	       size_t len)
{
	return root_written(root->write(root, path, buf, len, root->limit), len);
}

int kern_readlink(const struct kern_root *root, const char *path, char *buf, size_t size)
{
	const char *below = path;
	char absolute[PATH_MAX];
	struct walk w;
	int err, dir;

	if (root->is_system) {
		dir = root_folder(root, &below, absolute);
		err = root_read_link(dir, below, buf, size);
	} else {
		err = root_walk(root, path, true, &w);
		if (!err)
			err = root_read_link(root->fd, w.done, buf, size);
	}
	return root_note(root, path, err);
}

static bool root_is_listed(const struct dirent64 *entry, int dir,
			   enum kern_list_what what)
{
	unsigned char type = entry->d_type;
	struct stat st;

	if (entry->d_name[0] == '.')
		return false;
	if (type == DT_UNKNOWN && what != KERN_LIST_ALL &&
	    !fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
		type = IFTODT(st.st_mode);

	switch (what) {
	case KERN_LIST_DIRS:
		return type == DT_DIR;
	case KERN_LIST_FILES:
		return type == DT_REG;
	case KERN_LIST_ALL:
		break;
	}
	return true;
}

int kern_names_add(struct kern_names *names, const char *name)
{
	char **grown = names->name;

	if (!(names->n & (names->n - 1))) /* 0 or a power of two: full */
		grown = reallocarray(names->name, names->n ? names->n * 2 : 1,
				     sizeof(*grown));
	if (!grown)
		return -ENOMEM;

	names->name = grown;
	names->name[names->n] = strdup(name);
	if (!names->name[names->n])
		return -ENOMEM;
	names->n++;
	return 0;
}

static int root_compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Visit the names without opendir(3). Its buffer is as large as a page of the file
 * system: 64 KiB to clear, for a few names. */
int kern_visit(const struct kern_root *root, const char *path, enum kern_list_what what,
	       kern_visitor *visit, void *priv)
{
	_cleanup_close_ int fd = kern_open(root, path, O_RDONLY | O_DIRECTORY);
	_Alignas(struct dirent64) char buf[16 * 1024];
	ssize_t n, at;
	int err = 0;

	if (fd < 0)
		return fd;

	while (!err && (n = getdents64(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; !err && at < n;) {
			const struct dirent64 *entry = (const void *)(buf + at);

			if (root_is_listed(entry, fd, what))
				err = visit(priv, entry->d_name);
			at += entry->d_reclen;
		}
	}
	return !err && n < 0 ? root_note(root, path, -errno) : err;
}

static int root_add_name(void *priv, const char *name)
{
	return kern_names_add(priv, name);
}

int kern_list(const struct kern_root *root, const char *path, enum kern_list_what what,
	      struct kern_names *names)
{
	int err;

	*names = (struct kern_names){ 0 };
	err = kern_visit(root, path, what, root_add_name, names);
	if (names->n)
		qsort(names->name, names->n, sizeof(*names->name), root_compare_names);
	return err;
}

bool kern_names_has(const struct kern_names *names, const char *name)
{
	return names->n && bsearch(&name, names->name, names->n, sizeof(*names->name),
				   root_compare_names);
}

void kern_names_free(struct kern_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct kern_names){ 0 };
}
