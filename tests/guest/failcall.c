// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failcall - let a call for files by one of our programs fail, loaded with LD_PRELOAD
 *
 * FAILCALL_LOG: a file for a line "CALL /PATH" for each call that opens, reads, lists or
 * tests a file, of the program and its children. With FAILCALL_NTH=N, the Nth of them fails:
 * an open with EMFILE, the others with EIO. Then the file has only the line of this call.
 * With FAILCALL_LASTS, all later calls with the same line fail, too. FAILCALL_ERROR: another
 * error, by its number.
 *
 * FAILCALL_KIND=changes: the same with the calls that make, write, lock or remove a file other
 * than those of the kernel, or make a pipe or a socket: with ENOSPC, EIO, ENOLCK, EMFILE.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/guest/failcall.h"

enum { TEXT_MAX = 8192 };

static struct {
	atomic_long count;
	char failed[TEXT_MAX]; /* the line of the call that failed, if it lasts */
} * calls;
static struct failcall is;
static bool changes;
static int other_error;

__attribute__((constructor)) static void failcall_start(void)
{
	const char *kind = getenv("FAILCALL_KIND"), *other = getenv("FAILCALL_ERROR");

	changes = kind && !strcmp(kind, "changes");
	other_error = other ? atoi(other) : 0;
	calls = failcall_begin(&is, sizeof(*calls));
}

static void failcall_text(char text[TEXT_MAX], const char *call, int dir,
			  const char *path)
{
	char folder[TEXT_MAX / 2] = "", link[64];
	ssize_t n;

	if (*path != '/' && dir != AT_FDCWD) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
		n = syscall(SYS_readlinkat, AT_FDCWD, link, folder, sizeof(folder) - 1);
		folder[n > 0 ? n : 0] = '\0';
		if (n > 0 && folder[n - 1] == '/')
			folder[n - 1] = '\0';
	}
	snprintf(text, TEXT_MAX, "%s %s%s%s\n", call, folder,
		 *path && *path != '/' ? "/" : "", path);
}

/* Return true if this call fails. */
static bool failcall_now(const char *call, int dir, const char *path, int error)
{
	char text[TEXT_MAX];
	int kept = errno;
	bool fails;

	fails = atomic_fetch_add(&calls->count, 1) + 1 == is.nth;
	if (!is.nth || fails || *calls->failed) {
		failcall_text(text, call, dir, path);
		if (!is.nth || fails)
			failcall_note(is.log, text);
		if (fails && is.lasts)
			memcpy(calls->failed, text, sizeof(text));
		fails |= *calls->failed && !strcmp(calls->failed, text);
	}
	errno = !fails ? kept : other_error ? other_error : error;
	return fails;
}

static bool failcall_read(const char *call, int dir, const char *path, int error)
{
	return calls && !changes && failcall_now(call, dir, path, error);
}

static bool failcall_change(const char *call, int dir, const char *path, int error)
{
	return calls && changes && failcall_now(call, dir, path, error);
}

/* The same for a descriptor. Writes to the kernel have their own tests, and the standard
 * descriptors are the caller's. */
static bool failcall_change_fd(const char *call, int fd, int error)
{
	char link[64], path[TEXT_MAX / 2];
	int kept = errno;
	ssize_t n;

	if (!calls || !changes || fd <= STDERR_FILENO)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	errno = kept;
	return *path == '/' && strncmp(path, "/proc/", 6) != 0 &&
	       strncmp(path, "/sys/", 5) != 0 && strncmp(path, "/dev/", 5) != 0 &&
	       failcall_now(call, AT_FDCWD, path, error);
}

static int failcall_open(int dir, const char *path, int flags, va_list ap)
{
	int mode =
		flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(ap, int) : 0;

	if (failcall_read("openat", dir, path, EMFILE) ||
	    (flags & O_CREAT && failcall_change("create", dir, path, ENOSPC)))
		return -1;
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

/* The C library has two names for a call, one for files above 2 GiB. */
#define FAILCALL_NAME(identifier, name) identifier __asm__(name)

#define FAILCALL_OPEN(identifier, name)                              \
	int FAILCALL_NAME(identifier(const char *, int, ...), name); \
	int identifier(const char *path, int flags, ...)             \
	{                                                            \
		va_list ap;                                          \
		int fd;                                              \
                                                                     \
		va_start(ap, flags);                                 \
		fd = failcall_open(AT_FDCWD, path, flags, ap);       \
		va_end(ap);                                          \
		return fd;                                           \
	}

#define FAILCALL_OPENAT(identifier, name)                                 \
	int FAILCALL_NAME(identifier(int, const char *, int, ...), name); \
	int identifier(int dir, const char *path, int flags, ...)         \
	{                                                                 \
		va_list ap;                                               \
		int fd;                                                   \
                                                                          \
		va_start(ap, flags);                                      \
		fd = failcall_open(dir, path, flags, ap);                 \
		va_end(ap);                                               \
		return fd;                                                \
	}

#define FAILCALL_STAT(identifier, name)                                             \
	int FAILCALL_NAME(identifier(int, const char *, struct stat *, int), name); \
	int identifier(int dir, const char *path, struct stat *st, int flags)       \
	{                                                                           \
		if (failcall_read("fstatat", dir, path, EIO))                       \
			return -1;                                                  \
		return (int)syscall(SYS_newfstatat, dir, path, st, flags);          \
	}

FAILCALL_OPEN(failcall_open_1, "open")
FAILCALL_OPEN(failcall_open_2, "open64")
FAILCALL_OPENAT(failcall_openat_1, "openat")
FAILCALL_OPENAT(failcall_openat_2, "openat64")
FAILCALL_STAT(failcall_stat_1, "fstatat")
FAILCALL_STAT(failcall_stat_2, "fstatat64")

ssize_t read(int fd, void *buf, size_t size)
{
	if (failcall_read("read", fd, "", EIO))
		return -1;
	return syscall(SYS_read, fd, buf, size);
}

ssize_t readlinkat(int dir, const char *path, char *buf, size_t size)
{
	if (failcall_read("readlink", dir, path, EIO))
		return -1;
	return syscall(SYS_readlinkat, dir, path, buf, size);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

ssize_t getdents64(int fd, void *buf, size_t size)
{
	if (failcall_read("getdents", fd, "", EIO))
		return -1;
	return syscall(SYS_getdents64, fd, buf, size);
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	(void)flags;
	if (failcall_read("faccessat", dir, path, EIO))
		return -1;
	return (int)syscall(SYS_faccessat, dir, path, mode);
}

int access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

/* ---- Changes --------------------------------------------------------------------------- */

ssize_t write(int fd, const void *buf, size_t size)
{
	if (failcall_change_fd("write", fd, ENOSPC))
		return -1;
	return syscall(SYS_write, fd, buf, size);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	if (failcall_change_fd("writev", fd, ENOSPC))
		return -1;
	return syscall(SYS_writev, fd, parts, n);
}

#define FAILCALL_PWRITE(identifier, name)                                          \
	ssize_t FAILCALL_NAME(identifier(int, const void *, size_t, off_t), name); \
	ssize_t identifier(int fd, const void *buf, size_t size, off_t at)         \
	{                                                                          \
		if (failcall_change_fd("pwrite", fd, ENOSPC))                      \
			return -1;                                                 \
		return syscall(SYS_pwrite64, fd, buf, size, at);                   \
	}

#define FAILCALL_TRUNCATE(identifier, name)                   \
	int FAILCALL_NAME(identifier(int, off_t), name);      \
	int identifier(int fd, off_t size)                    \
	{                                                     \
		if (failcall_change_fd("ftruncate", fd, EIO)) \
			return -1;                            \
		return (int)syscall(SYS_ftruncate, fd, size); \
	}

#define FAILCALL_FCNTL(identifier, name)                              \
	int FAILCALL_NAME(identifier(int, int, ...), name);           \
	int identifier(int fd, int command, ...)                      \
	{                                                             \
		va_list ap;                                           \
		void *arg;                                            \
                                                                      \
		va_start(ap, command);                                \
		arg = va_arg(ap, void *);                             \
		va_end(ap);                                           \
		if ((command == F_OFD_SETLK || command == F_SETLK) && \
		    failcall_change_fd("lock", fd, ENOLCK))           \
			return -1;                                    \
		return (int)syscall(SYS_fcntl, fd, command, arg);     \
	}

FAILCALL_PWRITE(failcall_pwrite_1, "pwrite")
FAILCALL_PWRITE(failcall_pwrite_2, "pwrite64")
FAILCALL_TRUNCATE(failcall_ftruncate_1, "ftruncate")
FAILCALL_TRUNCATE(failcall_ftruncate_2, "ftruncate64")
FAILCALL_FCNTL(failcall_fcntl_1, "fcntl")
FAILCALL_FCNTL(failcall_fcntl_2, "fcntl64")

int fchmod(int fd, mode_t mode)
{
	if (failcall_change_fd("fchmod", fd, EIO))
		return -1;
	return (int)syscall(SYS_fchmod, fd, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	if (failcall_change("mkdir", dir, path, ENOSPC))
		return -1;
	return (int)syscall(SYS_mkdirat, dir, path, mode);
}

int unlinkat(int dir, const char *path, int flags)
{
	if (failcall_change("unlink", dir, path, EIO))
		return -1;
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int renameat2(int from_dir, const char *from, int dir, const char *path,
	      unsigned int flags)
{
	if (failcall_change("rename", from_dir, from, EIO))
		return -1;
	return (int)syscall(SYS_renameat2, from_dir, from, dir, path, flags);
}

int renameat(int from_dir, const char *from, int dir, const char *path)
{
	return renameat2(from_dir, from, dir, path, 0);
}

int pipe2(int fds[2], int flags)
{
	if (failcall_change("pipe", AT_FDCWD, "", EMFILE))
		return -1;
	return (int)syscall(SYS_pipe2, fds, flags);
}

int socket(int domain, int type, int protocol)
{
	if (failcall_change("socket", AT_FDCWD, "", EMFILE))
		return -1;
	return (int)syscall(SYS_socket, domain, type, protocol);
}
