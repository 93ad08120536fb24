// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failcall - let a read of a file by drmgr or lsslot fail, loaded with LD_PRELOAD
 *
 * FAILCALL_LOG: a file for a line "CALL /PATH" for each call that opens, reads, lists or
 * tests a file, of the program and its children. With FAILCALL_NTH=N, the Nth of them fails:
 * an open with EMFILE, the others with EIO. Then the file has only the line of this call.
 * With FAILCALL_LASTS, all later calls with the same line fail, too.
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
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT_MAX = 8192 };

/* The children of a program count its calls on. */
static struct {
	atomic_long count;
	char failed[TEXT_MAX]; /* the line of the call that failed, if it lasts */
} * calls;
static const char *log_name;
static long nth;
static bool lasts;

__attribute__((constructor)) static void failcall_begin(void)
{
	const char *position = getenv("FAILCALL_NTH");

	log_name = getenv("FAILCALL_LOG");
	if (!log_name || (strcmp(program_invocation_short_name, "drmgr") != 0 &&
			  strcmp(program_invocation_short_name, "lsslot") != 0))
		return;
	nth = position ? strtol(position, NULL, 10) : 0;
	lasts = getenv("FAILCALL_LASTS") != NULL;
	calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		calls = NULL;
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

static void failcall_note(const char *text)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, log_name,
			      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	syscall(SYS_write, fd, text, strlen(text));
	syscall(SYS_close, fd);
}

/* Return true if this call fails. */
static bool failcall_now(const char *call, int dir, const char *path, int error)
{
	char text[TEXT_MAX];
	int kept = errno;
	bool fails;

	if (!calls)
		return false;
	fails = atomic_fetch_add(&calls->count, 1) + 1 == nth;
	if (!nth || fails || *calls->failed) {
		failcall_text(text, call, dir, path);
		if (!nth || fails)
			failcall_note(text);
		if (fails && lasts)
			memcpy(calls->failed, text, sizeof(text));
		fails |= *calls->failed && !strcmp(calls->failed, text);
	}
	errno = fails ? error : kept;
	return fails;
}

static int failcall_open(int dir, const char *path, int flags, va_list ap)
{
	int mode =
		flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(ap, int) : 0;

	if (failcall_now("openat", dir, path, EMFILE))
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
		if (failcall_now("fstatat", dir, path, EIO))                        \
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
	if (failcall_now("read", fd, "", EIO))
		return -1;
	return syscall(SYS_read, fd, buf, size);
}

ssize_t readlinkat(int dir, const char *path, char *buf, size_t size)
{
	if (failcall_now("readlink", dir, path, EIO))
		return -1;
	return syscall(SYS_readlinkat, dir, path, buf, size);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

ssize_t getdents64(int fd, void *buf, size_t size)
{
	if (failcall_now("getdents", fd, "", EIO))
		return -1;
	return syscall(SYS_getdents64, fd, buf, size);
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	(void)flags;
	if (failcall_now("faccessat", dir, path, EIO))
		return -1;
	return (int)syscall(SYS_faccessat, dir, path, mode);
}

int access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}
