// SPDX-License-Identifier: GPL-2.0-or-later
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/fs.h"
#include "vmm/sim/pfs.h"

enum {
	WRITE_MAX = 1 << 20,
	ROUND = 64, /* requests per round, before other events are served */
};

/* Timeout in seconds for which the host's kernel may cache names and attributes. Changed
 * attributes are invalidated (attributes_changed). A lookup through a removed node
 * returns ESTALE, and the host's kernel then resolves the whole path again, except for
 * open(2) with O_PATH; so names of devices that drivers add and remove are not cached. */
#define REMEMBERED 3600.0

struct fs {
	struct loop *loop;
	int fd;
	struct fuse_session *session;
	struct fuse_buf buf;
	struct pfs_node *root;
	fs_before *before;
	void *arg;
	struct waiter *waiters;
	struct held *held;
	struct opened *opened; /* what is still open when the guest ends */
};

/* A write that waits. Its file stays open while it waits. number 0: it waits for a lock,
 * which an earlier one has. */
struct held {
	struct held *next;
	fuse_req_t req;
	struct pfs_node *node;
	struct opened *o;
	int number, err;
	unsigned int locks;
	bool is_released;
	size_t len;
	off_t at;
	char bytes[];
};

/* A program that polls a file. */
struct waiter {
	struct waiter *next;
	struct pfs_node *node;
	struct fuse_pollhandle *handle;
};

struct fs_request {
	fuse_req_t req;
	size_t size;
	off_t at;
	void (*interrupted)(struct fs_request *request, void *arg);
	void *arg;
};

/* One opened file or directory. */
struct opened {
	struct opened *next, **at; /* in the list of all */
	void *handle;		   /* set by the file's own open() */
	struct text text;	   /* content, read at offset 0 */
	struct text names;	   /* of a directory: packed entries */
	struct text starts;	   /* where each of them begins, a size_t */
};

static struct pfs_node *node_of(struct fs *fs, fuse_ino_t ino)
{
	return ino == FUSE_ROOT_ID ? fs->root : (struct pfs_node *)(uintptr_t)ino;
}

static struct fs *fs_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static void fill_stat(const struct pfs_node *node, struct stat *st)
{
	*st = (struct stat){ .st_ino = node->ino, .st_mode = node->mode, .st_nlink = 1 };
	st->st_blksize = 4096;
	st->st_size = (off_t)(node->ops ? node->shown_size : node->len);
	if (S_ISDIR(node->mode)) {
		st->st_size = 0;
		st->st_nlink = 2 + node->dirs;
	}
}

static double remembered(const struct pfs_node *node)
{
	return node->temporary ? 0 : REMEMBERED;
}

/* Invalidate only the attributes: to invalidate names, the kernel would wait for requests
 * that wait here. */
static void attributes_changed(void *arg, struct pfs_node *node)
{
	const struct fs *fs = arg;

	fuse_lowlevel_notify_inval_inode(fs->session, (uintptr_t)node, -1, 0);
}

static void op_init(void *arg, struct fuse_conn_info *conn)
{
	(void)arg;
	conn->max_write = WRITE_MAX;
	conn->want &= ~(unsigned int)(FUSE_CAP_READDIRPLUS | FUSE_CAP_SPLICE_READ |
				      FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE |
				      FUSE_CAP_WRITEBACK_CACHE);
	conn->want |= conn->capable & FUSE_CAP_ATOMIC_O_TRUNC;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct pfs_node *node = pfs_lookup(node_of(fs_of(req), parent), name);
	struct fuse_entry_param e = { 0 };

	if (!node) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	e.ino = (uintptr_t)node;
	e.attr_timeout = remembered(node);
	e.entry_timeout = node->can_vanish ? 0 : e.attr_timeout;
	fill_stat(node, &e.attr);
	node->seen++;
	fuse_reply_entry(req, &e);
}

static void forget(struct fs *fs, fuse_ino_t ino, uint64_t n)
{
	struct pfs_node *node = node_of(fs, ino);

	if (node == fs->root)
		return;
	node->seen -= n < node->seen ? n : node->seen;
	pfs_unused(node);
}

static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t n)
{
	forget(fs_of(req), ino, n);
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *all)
{
	for (size_t i = 0; i < count; i++)
		forget(fs_of(req), all[i].ino, all[i].nlookup);
	fuse_reply_none(req);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct pfs_node *node = node_of(fs_of(req), ino);
	struct stat st;

	(void)fi;
	fill_stat(node, &st);
	if (node->removed)
		fuse_reply_err(req, ESTALE);
	else
		fuse_reply_attr(req, &st, remembered(node));
}

/* Reject changes of owner and mode with EPERM. O_TRUNC must not fail, so a size is
 * accepted and ignored. */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int to_set,
		       struct fuse_file_info *fi)
{
	(void)attr;
	if (to_set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID | FUSE_SET_ATTR_MODE))
		fuse_reply_err(req, EPERM);
	else
		op_getattr(req, ino, fi);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	const struct pfs_node *node = node_of(fs_of(req), ino);

	if (node->removed)
		fuse_reply_err(req, ESTALE);
	else
		fuse_reply_readlink(req, (const char *)node->data);
}

/* Return the errors of the kernel's file systems for attempts to create a file. */
static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
		     dev_t rdev)
{
	(void)parent;
	(void)name;
	(void)rdev;
	fuse_reply_err(req, S_ISREG(mode) ? EACCES : EPERM);
}

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	(void)parent;
	(void)name;
	(void)mode;
	fuse_reply_err(req, EPERM);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)parent;
	(void)name;
	fuse_reply_err(req, EPERM);
}

static void op_symlink(fuse_req_t req, const char *link, fuse_ino_t parent,
		       const char *name)
{
	(void)link;
	(void)parent;
	(void)name;
	fuse_reply_err(req, EPERM);
}

static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
		      fuse_ino_t newparent, const char *newname, unsigned int flags)
{
	(void)parent;
	(void)name;
	(void)newparent;
	(void)newname;
	(void)flags;
	fuse_reply_err(req, EPERM);
}

static bool can_write(const struct pfs_node *node)
{
	return node->ops && (node->ops->store || node->ops->store_at ||
			     node->ops->write || node->ops->open);
}

static struct opened *opened_new(struct fs *fs)
{
	struct opened *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	*o = (struct opened){ .next = fs->opened, .at = &fs->opened };
	if (o->next)
		o->next->at = &o->next;
	fs->opened = o;
	return o;
}

static void opened_free(struct opened *o)
{
	*o->at = o->next;
	if (o->next)
		o->next->at = o->at;
	text_free(&o->text);
	text_free(&o->names);
	text_free(&o->starts);
	free(o);
}

/* Let several writes to a file be in the kernel at once, as in sysfs and procfs. libfuse has
 * no name for this before 3.15. */
static void reply_open(fuse_req_t req, const struct opened *o)
{
	const struct fuse_open_out out = {
		.fh = (uintptr_t)o,
		.open_flags = FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES,
	};

	fuse_reply_buf(req, (const char *)&out, sizeof(out));
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct pfs_node *node = node_of(fs_of(req), ino);
	struct opened *o;
	int err = 0;

	if (node->removed) {
		fuse_reply_err(req, ESTALE);
		return;
	}
	/* Root may open any file, but not for writing if the file has no write
	 * operation. */
	if ((fi->flags & O_ACCMODE) != O_RDONLY && !can_write(node)) {
		fuse_reply_err(req, EACCES);
		return;
	}
	o = opened_new(fs_of(req));
	if (!o)
		err = -ENOMEM;
	if (!err && node->ops && node->ops->open)
		err = node->ops->open(node, fi->flags, fuse_req_ctx(req)->pid,
				      &o->handle);
	if (err) {
		if (o)
			opened_free(o);
		fuse_reply_err(req, -err);
		return;
	}
	node->opened++;
	reply_open(req, o);
}

static void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct pfs_node *node = node_of(fs_of(req), ino);
	struct opened *o = (struct opened *)(uintptr_t)fi->fh;

	if (node->ops && node->ops->release)
		node->ops->release(node, o->handle);
	opened_free(o);
	node->opened--;
	fuse_reply_err(req, 0);
	pfs_unused(node);
}

static void reply_part(fuse_req_t req, const void *bytes, size_t len, size_t size,
		       off_t off)
{
	size_t from = off < 0 || (size_t)off > len ? len : (size_t)off;

	fuse_reply_buf(req, (const char *)bytes + from,
		       size < len - from ? size : len - from);
}

static void read_later(fuse_req_t req, struct pfs_node *node, struct opened *o,
		       size_t size, off_t off, const struct fuse_file_info *fi)
{
	struct fs_request *request = calloc(1, sizeof(*request));

	/* An interrupt that arrives later finds the request registered. */
	if (!request || fuse_req_interrupted(req)) {
		fuse_reply_err(req, request ? EINTR : ENOMEM);
		free(request);
		return;
	}
	request->req = req;
	request->size = size;
	request->at = off;
	node->ops->read(node, o->handle, request, size, fi->flags & O_NONBLOCK);
}

uint64_t fs_offset(const struct fs_request *request)
{
	return (uint64_t)request->at;
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	struct fs *fs = fs_of(req);
	struct pfs_node *node = node_of(fs, ino);
	struct opened *o = (struct opened *)(uintptr_t)fi->fh;
	int err = node->removed ? -ENODEV : off ? 0 : fs->before(fs->arg, node, false);

	/* A read without an owner is for a page of a mapping, which must be available at
	 * once: programs that fault wait with locks. papr-vmm itself, which has no process
	 * id in the guest, must never wait for it. */
	if (!err && !fi->lock_owner &&
	    (!fuse_req_ctx(req)->pid || (node->ops && node->ops->read)))
		err = -EIO;
	if (err) {
		fuse_reply_err(req, -err);
	} else if (!node->ops) {
		reply_part(req, node->data, node->len, size, off);
	} else if (node->ops->read) {
		read_later(req, node, o, size, off, fi);
	} else if (!node->ops->show && !node->ops->show_to) {
		fuse_reply_err(req, EIO);
	} else {
		if (!off || !o->text.buf) {
			text_free(&o->text);
			err = node->ops->show_to
				      ? node->ops->show_to(node, o->handle, &o->text)
				      : node->ops->show(node, &o->text);
		}
		if (!err && o->text.failed)
			err = -ENOMEM;
		if (err)
			fuse_reply_err(req, -err);
		else
			reply_part(req, o->text.buf, o->text.len, size, off);
	}
}

/* Call the file's own write, or fail with err if it is not 0. */
static void do_write(fuse_req_t req, struct pfs_node *node, const struct opened *o,
		     const char *bytes, size_t len, off_t off, int err)
{
	ssize_t n = node->removed ? -ENODEV : err;

	if (!n && node->ops->write)
		n = node->ops->write(node, o->handle, bytes, len);
	else if (!n && node->ops->store_at)
		n = node->ops->store_at(node, (uint64_t)off, bytes, len);
	else if (!n && node->ops->store)
		n = node->ops->store(node, bytes, len);
	if (n < 0)
		fuse_reply_err(req, (int)-n);
	else
		fuse_reply_write(req, (size_t)n);
}

/* Return true if another write has one of these locks, or one that waits, before this one
 * (NULL: any), is to have it. A write that waits for a lock has already those of lower bits,
 * and not yet those of higher ones. */
static bool is_locked(const struct fs *fs, const struct held *before, unsigned int locks)
{
	unsigned int taken = 0, both;

	for (const struct held *held = fs->held; held; held = held->next)
		if (held->number)
			taken |= held->locks;
	for (const struct held *held = fs->held; held && held != before;
	     held = held->next) {
		both = taken & held->locks;
		if (!held->number)
			taken |= held->locks & (2 * (both & -both) - 1);
	}
	return taken & locks;
}

/* Return the error of a write that has its lock, the number that holds it, or 0. */
static int begin_write(struct fs *fs, struct pfs_node *node)
{
	return node->removed ? -ENODEV : fs->before(fs->arg, node, true);
}

/* Hold the write. As in the kernel, no signal ends the wait: the writing program cannot
 * be killed. */
static void write_later(fuse_req_t req, struct pfs_node *node, struct opened *o,
			const char *bytes, size_t len, off_t off, unsigned int locks,
			int number)
{
	struct fs *fs = fs_of(req);
	struct held *held = malloc(sizeof(*held) + len), **at = &fs->held;

	if (!held) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	*held = (struct held){ .req = req,
			       .node = node,
			       .o = o,
			       .number = number,
			       .locks = locks,
			       .len = len,
			       .at = off };
	memcpy(held->bytes, bytes, len);
	while (*at)
		at = &(*at)->next;
	*at = held;
}

unsigned int fs_release(struct fs *fs, int number, int err)
{
	unsigned int n = 0;

	for (struct held *held = fs->held; held; held = held->next) {
		if (held->number != number || held->is_released)
			continue;
		held->is_released = true;
		held->err = err;
		n++;
	}
	return n;
}

void fs_go_on(struct fs *fs)
{
	struct held **at = &fs->held, *held;

	while ((held = *at)) {
		if (!held->number && !is_locked(fs, held, held->locks)) {
			held->number = begin_write(fs, held->node);
			held->is_released = held->number <= 0;
			held->err = held->is_released ? held->number : 0;
		}
		if (!held->is_released) {
			at = &held->next;
			continue;
		}
		*at = held->next;
		do_write(held->req, held->node, held->o, held->bytes, held->len, held->at,
			 held->err);
		free(held);
	}
}

static void op_write(fuse_req_t req, fuse_ino_t ino, const char *bytes, size_t len,
		     off_t off, struct fuse_file_info *fi)
{
	struct pfs_node *node = node_of(fs_of(req), ino);
	struct opened *o = (struct opened *)(uintptr_t)fi->fh;
	struct fs *fs = fs_of(req);
	unsigned int locks =
		node->ops->lock ? node->ops->lock(node, bytes, len) : node->ops->locks;
	bool waits = is_locked(fs, NULL, locks);
	int err = waits ? 0 : begin_write(fs, node);

	if (waits || err > 0)
		write_later(req, node, o, bytes, len, off, locks, err);
	else
		do_write(req, node, o, bytes, len, off, err);
}

/* A directory's list is built once, when it is read from its beginning. Names that appear
 * or vanish meanwhile neither duplicate nor hide others. */
struct listing {
	struct opened *o;
	uint64_t n;
};

static void list_add(struct listing *l, const char *name, uint64_t ino, mode_t mode)
{
	size_t start = l->o->names.len;

	text_bytes(&l->o->names, &ino, sizeof(ino));
	text_bytes(&l->o->names, &mode, sizeof(mode));
	text_bytes(&l->o->names, name, strlen(name) + 1);
	if (!l->o->names.failed)
		text_bytes(&l->o->starts, &start, sizeof(start));
	l->n++;
}

static void list_link(void *arg, const char *name)
{
	list_add(arg, name, ~0ULL >> 8, S_IFLNK);
}

static void list_all(struct pfs_node *dir, struct opened *o)
{
	struct listing l = { .o = o };
	const struct pfs_node *child;

	text_free(&o->names);
	text_free(&o->starts);
	list_add(&l, ".", dir->ino, S_IFDIR);
	list_add(&l, "..", dir->parent ? dir->parent->ino : dir->ino, S_IFDIR);
	for (child = dir->children; child; child = child->next)
		if (!child->temporary && child->name[0] != '.')
			list_add(&l, child->name, child->ino, child->mode);
	if (dir->ops && dir->ops->list)
		dir->ops->list(dir, list_link, &l);
}

static void op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct pfs_node *node = node_of(fs_of(req), ino);
	struct opened *o = node->removed ? NULL : opened_new(fs_of(req));

	if (!o) {
		fuse_reply_err(req, node->removed ? ESTALE : ENOMEM);
		return;
	}
	node->opened++;
	fi->fh = (uintptr_t)o;
	fuse_reply_open(req, fi);
}

static void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		       struct fuse_file_info *fi)
{
	struct opened *o = (struct opened *)(uintptr_t)fi->fh;
	size_t used = 0, n, start;
	uint64_t i = (uint64_t)off; /* number of an entry; programs can seek to any */
	struct stat st = { 0 };
	char *buf = malloc(size);

	if (!off)
		list_all(node_of(fs_of(req), ino), o);
	for (; buf && i < o->starts.len / sizeof(start); i++) {
		const char *entry;
		uint64_t number;

		memcpy(&start, o->starts.buf + i * sizeof(start), sizeof(start));
		entry = o->names.buf + start;
		memcpy(&number, entry, sizeof(number));
		memcpy(&st.st_mode, entry + sizeof(number), sizeof(st.st_mode));
		st.st_ino = number;
		entry += sizeof(number) + sizeof(st.st_mode);
		n = fuse_add_direntry(req, buf + used, size - used, entry, &st,
				      (off_t)(i + 1));
		if (n > size - used)
			break;
		used += n;
	}
	if (buf)
		fuse_reply_buf(req, buf, used);
	else
		fuse_reply_err(req, ENOMEM);
	free(buf);
}

static void op_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	op_release(req, ino, fi);
}

static void op_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
		    struct fuse_pollhandle *handle)
{
	struct fs *fs = fs_of(req);
	struct pfs_node *node = node_of(fs, ino);
	struct waiter *w;

	(void)fi;
	if (!node->ops || !node->ops->poll) {
		if (handle)
			fuse_pollhandle_destroy(handle);
		fuse_reply_poll(req, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
		return;
	}
	w = handle ? calloc(1, sizeof(*w)) : NULL;
	if (w) {
		*w = (struct waiter){ fs->waiters, node, handle };
		fs->waiters = w;
	}
	fuse_reply_poll(req, node->ops->poll(node));
}

void fs_notify_poll(struct fs *fs, struct pfs_node *node)
{
	struct waiter **at = &fs->waiters, *w;

	while ((w = *at)) {
		if (w->node != node) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		fuse_lowlevel_notify_poll(w->handle);
		fuse_pollhandle_destroy(w->handle);
		free(w);
	}
}

void fs_reply(struct fs_request *request, const void *bytes, size_t len, int err)
{
	/* libfuse holds a lock while it calls the interrupt function, so nothing is
	 * unregistered here. The reply unregisters it. */
	if (err)
		fuse_reply_err(request->req, -err);
	else
		fuse_reply_buf(request->req, bytes,
			       len < request->size ? len : request->size);
	free(request);
}

static void interrupted(fuse_req_t req, void *data)
{
	struct fs_request *request = data;

	(void)req;
	request->interrupted(request, request->arg);
}

void fs_on_interrupt(struct fs_request *request,
		     void (*fn)(struct fs_request *request, void *arg), void *arg)
{
	request->interrupted = fn;
	request->arg = arg;
	fuse_req_interrupt_func(request->req, interrupted, request);
}

static const struct fuse_lowlevel_ops operations = {
	.init = op_init,
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.setattr = op_setattr,
	.readlink = op_readlink,
	.mknod = op_mknod,
	.mkdir = op_mkdir,
	.unlink = op_unlink,
	.rmdir = op_unlink,
	.symlink = op_symlink,
	.rename = op_rename,
	.open = op_open,
	.read = op_read,
	.write = op_write,
	.release = op_release,
	.opendir = op_opendir,
	.readdir = op_readdir,
	.releasedir = op_releasedir,
	.poll = op_poll,
};

static void serve(void *arg, uint32_t events)
{
	struct fs *fs = arg;
	int i, n;

	(void)events;
	for (i = 0; i < ROUND; i++) {
		n = fuse_session_receive_buf(fs->session, &fs->buf);
		if (n == -EINTR || n == -EAGAIN || n == -ENOENT)
			return;
		if (n <= 0) { /* the guest ended, and its mounts were removed */
			loop_remove(fs->loop, fs->fd);
			return;
		}
		fuse_session_process_buf(fs->session, &fs->buf);
	}
}

void fs_catch_up(struct fs *fs)
{
	serve(fs, 0);
}

int fs_new(struct fs **out, struct loop *loop, int fuse_fd, struct pfs_node *root,
	   fs_before *before, void *arg)
{
	struct fs *fs = calloc(1, sizeof(*fs));
	char program[] = "papr-vmm", *argv[] = { program, NULL }, path[32];
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	int err = -ENOMEM;

	if (!fs)
		return err;
	*fs = (struct fs){
		.loop = loop, .fd = fuse_fd, .root = root, .before = before, .arg = arg
	};
	fs->session = fuse_session_new(&args, &operations, sizeof(operations), fs);
	fuse_opt_free_args(&args);
	snprintf(path, sizeof(path), "/dev/fd/%d", fuse_fd);
	if (fs->session && fuse_session_mount(fs->session, path) == 0) {
		pfs_on_change(root, attributes_changed, fs);
		fcntl(fuse_fd, F_SETFL, fcntl(fuse_fd, F_GETFL) | O_NONBLOCK);
		err = loop_add(loop, fuse_fd, EPOLLIN, serve, fs);
	}
	if (err) {
		fs_free(fs);
		return err;
	}
	*out = fs;
	return 0;
}

void fs_free(struct fs *fs)
{
	struct waiter *w;
	struct held *held;

	if (!fs)
		return;
	while ((held = fs->held)) {
		fs->held = held->next;
		fuse_reply_err(held->req, EIO);
		free(held);
	}
	while ((w = fs->waiters)) {
		fs->waiters = w->next;
		fuse_pollhandle_destroy(w->handle);
		free(w);
	}
	while (fs->opened)
		opened_free(fs->opened);
	loop_remove(fs->loop, fs->fd);
	pfs_on_change(fs->root, NULL, NULL);
	if (fs->session)
		fuse_session_destroy(fs->session);
	free(fs->buf.mem);
	free(fs);
}
