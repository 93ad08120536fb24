// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "kern/lock_file.h"
#include "librtas/rmo_pool.h"

enum { NS_PER_S = 1000000000 };

/* The position of the descriptor of the lock file. Nothing is read there. */
#define LOCK_MARK INT64_C(0x4c434b7274)

static void rmo_pool_init_freed(struct rmo_pool *pool)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->freed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void rmo_pool_init(struct rmo_pool *pool, const struct kern_root *root)
{
	*pool = (struct rmo_pool){ .root = root, .lock = { -1, -1 } };
	pthread_mutex_init(&pool->mutex, NULL);
	rmo_pool_init_freed(pool);
}

/* Test whether the descriptor is still the lock file. *links receives the number of its names;
 * 0: other programs open another file now. */
static bool rmo_pool_has_lock(const struct rmo_pool *pool, nlink_t *links)
{
	struct stat st;

	if (pool->lock.fd < 0 || fstat(pool->lock.fd, &st))
		return false;
	*links = st.st_nlink;
	return st.st_dev == pool->lock_dev && st.st_ino == pool->lock_ino;
}

/* The same for an area that is in use. A file that the program has opened is at another
 * position. lseek(2) costs less than fstat(2). */
static bool rmo_pool_has_mark(const struct rmo_pool *pool)
{
	return pool->lock.fd >= 0 && lseek(pool->lock.fd, 0, SEEK_CUR) == LOCK_MARK;
}

/* Remember which file the descriptor is. */
static int rmo_pool_note_lock(struct rmo_pool *pool)
{
	struct stat st;

	if (fstat(pool->lock.fd, &st) || lseek(pool->lock.fd, LOCK_MARK, SEEK_SET) < 0)
		return -errno;
	pool->lock_dev = st.st_dev;
	pool->lock_ino = st.st_ino;
	return 0;
}

static void rmo_pool_close_lock(struct rmo_pool *pool)
{
	nlink_t links;

	if (!rmo_pool_has_lock(pool, &links))
		pool->lock.fd = -1;
	lock_close(&pool->lock);
}

void rmo_pool_close(struct rmo_pool *pool)
{
	if (pool->window)
		munmap(pool->window, (size_t)pool->units * RMO_PAGE_BYTES);
	rmo_pool_close_lock(pool);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->mutex);
}

/* Drop the parent's lock file. The locks belong to the open file, which a forked child
 * shares with its parent. If the child kept it open, the locks would outlive the
 * parent. */
static void rmo_pool_leave_to_parent(struct rmo_pool *pool)
{
	rmo_pool_close_lock(pool);
	pool->used = 0;
}

void rmo_pool_fork(struct rmo_pool *pool, enum fork_stage stage)
{
	if (stage == FORK_PREPARE) {
		pthread_mutex_lock(&pool->mutex);
		return;
	}
	if (stage == FORK_CHILD) {
		rmo_pool_leave_to_parent(pool);
		rmo_pool_init_freed(pool); /* no thread waits in the child */
	}
	pthread_mutex_unlock(&pool->mutex);
}

/* Read "%016lx %x\n": physical base and size, hexadecimal. */
static int rmo_pool_read_bounds(struct rmo_pool *pool)
{
	_cleanup_free_ char *text = NULL;
	uint64_t base;
	uint32_t size;
	size_t len;
	int err;

	err = kern_read_attr(pool->root, "proc/ppc64/rtas/rmo_buffer", &text, &len);
	if (err)
		err = kern_read_attr(pool->root, "proc/rtas/rmo_buffer", &text, &len);
	if (err)
		return err;

	if (sscanf(text, "%" SCNx64 " %" SCNx32, &base, &size) != 2 || !base ||
	    base % RMO_PAGE_BYTES || size < RMO_PAGE_BYTES || size > RMO_BYTES_MAX ||
	    base > UINT32_MAX - size)
		return -EBADMSG;

	pool->base = (uint32_t)base;
	pool->units = size / RMO_PAGE_BYTES;
	return 0;
}

static int rmo_pool_map_window(struct rmo_pool *pool)
{
	_cleanup_close_ int fd = -1;
	void *window;
	int err;

	if (pool->window)
		return 0;

	err = rmo_pool_read_bounds(pool);
	if (err)
		return err;

	fd = kern_open(pool->root, "dev/mem", O_RDWR);
	if (fd < 0)
		return fd;

	window = mmap(NULL, (size_t)pool->units * RMO_PAGE_BYTES, PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, pool->base);
	if (window == MAP_FAILED)
		return -errno;
	pool->window = window;
	return 0;
}

static int rmo_pool_lock_units(struct rmo_pool *pool, short type, unsigned int first,
			       size_t n)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)first,
		.l_len = (off_t)n,
	};

	return fcntl(pool->lock.fd, F_OFD_SETLK, &lock) ? -errno : 0;
}

/* Open the pool's root, which can be that of the process. kern_root_close() closes it. */
static int rmo_pool_open_root(const struct rmo_pool *pool, struct kern_root *root)
{
	*root = *pool->root;
	return root->fd < 0 ? kern_root_open(root, NULL) : 0;
}

static void rmo_pool_close_root(const struct rmo_pool *pool, struct kern_root *root)
{
	if (pool->root->fd < 0)
		kern_root_close(root);
}

static int rmo_pool_open_file(struct rmo_pool *pool, const char *path)
{
	struct kern_root root;
	pid_t holder;
	int fd = rmo_pool_open_root(pool, &root);

	pool->lock_path = path;
	if (!fd)
		fd = lock_file_open(&root, path, &holder);
	rmo_pool_close_root(pool, &root);
	return fd;
}

/* All units are locked. If a process of another user has done that, replace the file. Return
 * that process; 0: none is known. The next try finds the new file, or the old one. */
static pid_t rmo_pool_take_from_user(struct rmo_pool *pool)
{
	struct kern_root root;
	pid_t user = 0, other;
	struct stat st;

	if (geteuid() || pool->used || rmo_pool_open_root(pool, &root))
		return 0;
	if (!fstat(pool->lock.fd, &st))
		user = lock_owner_find(&root, &st, LOCK_OWNER_USER);
	if (user > 0 && !lock_owner_find(&root, &st, LOCK_OWNER_OPEN) &&
	    lock_take_from_user(&pool->lock, &root, pool->lock_path, LOCK_OWNER_OPEN,
				&other) == -ESTALE)
		rmo_pool_note_lock(pool);
	rmo_pool_close_root(pool, &root);
	return user > 0 ? user : 0;
}

/* Open the lock file, again after a fork: some kinds of fork do not run rmo_pool_fork().
 * If the program has closed the descriptor, the locks of the areas in use are gone: take
 * them again. -EAGAIN: another program of root uses a lock file that another user
 * created. */
static int rmo_pool_open_lock(struct rmo_pool *pool)
{
	const pid_t self = getpid();
	nlink_t links;
	int err;

	if (pool->owner == self && rmo_pool_has_lock(pool, &links) && links)
		return 0;

	if (pool->owner == self)
		rmo_pool_close_lock(pool);
	else
		rmo_pool_leave_to_parent(pool);
	pool->owner = self;
	pool->lock.fd = rmo_pool_open_file(pool, "var/lock/LCK..librtas");
	if (pool->lock.fd == -ENOENT) /* no /var/lock, as in an initramfs */
		pool->lock.fd = rmo_pool_open_file(pool, "run/LCK..librtas");
	if (pool->lock.fd < 0)
		return pool->lock.fd;
	err = rmo_pool_note_lock(pool);
	if (err)
		return err;
	for (unsigned int i = 0; i < pool->units; i++)
		if (pool->used >> i & 1)
			rmo_pool_lock_units(pool, F_WRLCK, i, 1);
	return 0;
}

static uint64_t rmo_pool_mask(unsigned int first, size_t n)
{
	return (n == 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1) << first;
}

/* Try once to allocate an area at any place. Return -EAGAIN if all places are in use. */
static int rmo_pool_try_get(struct rmo_pool *pool, size_t pages, struct rmo_area *area)
{
	unsigned int first;
	int err;

	err = rmo_pool_map_window(pool);
	if (!err)
		err = rmo_pool_open_lock(pool);
	if (err)
		return err;
	if (!pages || pages > pool->units)
		return -ENOSPC;

	for (first = 0; first + pages <= pool->units; first++) {
		if (pool->used & rmo_pool_mask(first, pages))
			continue;
		err = rmo_pool_lock_units(pool, F_WRLCK, first, pages);
		if (err == -EAGAIN || err == -EACCES)
			continue;
		if (err)
			return err;

		pool->used |= rmo_pool_mask(first, pages);
		*area = (struct rmo_area){
			.va = pool->window + (size_t)first * RMO_PAGE_BYTES,
			.pa = pool->base + first * RMO_PAGE_BYTES,
			.pages = pages,
		};
		memset(area->va, 0, pages * RMO_PAGE_BYTES);
		return 0;
	}
	return -EAGAIN;
}

static void rmo_pool_wait_freed(struct rmo_pool *pool, const struct deadline *dl,
				int pause_ms)
{
	struct deadline until = deadline_sooner(deadline_in_ms(pause_ms), *dl);
	struct timespec ts = { .tv_sec = until.at_ns / NS_PER_S,
			       .tv_nsec = until.at_ns % NS_PER_S };

	pthread_cond_timedwait(&pool->freed, &pool->mutex, &ts);
}

int rmo_pool_get(struct rmo_pool *pool, size_t pages, const struct deadline *dl,
		 struct rmo_area *area)
{
	int pause = 0, err;
	pid_t user = -1;

	pthread_mutex_lock(&pool->mutex);
	while ((err = rmo_pool_try_get(pool, pages, area)) == -EAGAIN) {
		/* after some tries, and once */
		if (user < 0 && pause == deadline_backoff_ms(pause))
			user = rmo_pool_take_from_user(pool);
		if (deadline_has_passed(dl)) {
			area->user = user > 0 ? user : 0;
			err = -EBUSY;
			break;
		}
		pause = deadline_backoff_ms(pause);
		rmo_pool_wait_freed(pool, dl, pause);
	}
	pthread_mutex_unlock(&pool->mutex);
	return err;
}

static int rmo_pool_unlock(struct rmo_pool *pool, const struct rmo_area *area)
{
	uint32_t at = area->pa - pool->base;
	unsigned int first = at / RMO_PAGE_BYTES;

	if (!pool->window || pool->owner != getpid() || at % RMO_PAGE_BYTES ||
	    !area->pages || first >= pool->units || area->pages > pool->units - first ||
	    (pool->used & rmo_pool_mask(first, area->pages)) !=
		    rmo_pool_mask(first, area->pages))
		return -EINVAL;

	memset(pool->window + at, 0, area->pages * RMO_PAGE_BYTES);
	pool->used &= ~rmo_pool_mask(first, area->pages);
	return rmo_pool_has_mark(pool)
		       ? rmo_pool_lock_units(pool, F_UNLCK, first, area->pages)
		       : 0;
}

int rmo_pool_put(struct rmo_pool *pool, const struct rmo_area *area)
{
	int err;

	pthread_mutex_lock(&pool->mutex);
	err = rmo_pool_unlock(pool, area);
	pthread_cond_broadcast(&pool->freed);
	pthread_mutex_unlock(&pool->mutex);
	return err;
}

int rmo_pool_probe(struct rmo_pool *pool)
{
	int err;

	pthread_mutex_lock(&pool->mutex);
	err = rmo_pool_map_window(pool);
	pthread_mutex_unlock(&pool->mutex);
	return err;
}
