// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * rawcall - make system calls that no library makes
 *
 *   rawcall rtas TOKEN NARGS NRET [ARG...]   TOKEN: a number, or a name below /rtas
 *   rawcall rtas-at ADDRESS                  an argument block at this address
 *   rawcall restart|off|halt|magic           reboot(2); "magic": with a wrong one
 *   rawcall write FILE [TEXT]                one write(2); without TEXT: stdin, at once
 *   rawcall read FILE BYTES [nonblock]       one read(2), as hexadecimal
 *   rawcall drain FILE                       reads until there is no record: the sequence
 *                                            number of each, and the length of one
 *   rawcall poll FILE MS                     poll(2) for input: its result, and events
 *   rawcall sysparm FILE MODE COMMAND PARAMETER [LENGTH]
 *                                            a system parameter by ioctl; MODE: r or rw,
 *                                            COMMAND: get, set, or a number
 *   rawcall papr FILE MODE COMMAND ARG... [: STEP...]
 *                                            another ioctl of such a device, by name:
 *                                            vpd LOCATION, indices SENSOR TYPE,
 *                                            sensor|indicator TOKEN LOCATION [STATE],
 *                                            dump TAG, attest COMMAND LENGTH; "+NAME":
 *                                            numbered as on powerpc. Then STEPs with the
 *                                            descriptor: N (one read of N bytes), all (to
 *                                            the end: length and checksum), text (to the
 *                                            end), seek N, pread N AT, gone TAG, flags,
 *                                            again (the same ioctl once more),
 *                                            anew (the same, the descriptor closed before)
 *   rawcall lock FILE COMMAND [ARG...]       holds a record lock on the whole file, which
 *                                            is created as usual, while the command runs
 *   rawcall read-lock FILE COMMAND [ARG...]  the same, a lock for reading; FILE exists
 *   rawcall uevents COMMAND [ARG...]         the kernel's events of devices while the
 *                                            command runs: action, subsystem, path, and
 *                                            variables PAPR_*
 *
 * Prints the result: the number, or the name of the error; for rtas then the outputs.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <linux/ioctl.h>
#include <linux/netlink.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/papr_sys_rtas.h"

enum { CELLS = 16, TEXT_MAX = 1 << 20 };

static void put(uint8_t *cell, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		cell[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get(const uint8_t *cell)
{
	return (uint32_t)cell[0] << 24 | (uint32_t)cell[1] << 16 |
	       (uint32_t)cell[2] << 8 | cell[3];
}

static int tell(long result)
{
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", result);
	return 0;
}

static uint32_t token_of(const char *text)
{
	uint8_t cell[4];
	char path[256], *end;
	unsigned long n = strtoul(text, &end, 0);
	int fd;

	if (!*end)
		return (uint32_t)n;
	snprintf(path, sizeof(path), "/proc/device-tree/rtas/%s", text);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, cell, 4) != 4)
		err(2, "%s", path);
	close(fd);
	return get(cell);
}

static int rtas(int argc, char **argv)
{
	uint8_t block[4 * (3 + 2 * CELLS)] = { 0 };
	uint32_t nargs, nret, i;
	long result;

	if (argc < 3)
		errx(2, "rtas TOKEN NARGS NRET [ARG...]");
	nargs = (uint32_t)strtoul(argv[1], NULL, 0);
	nret = (uint32_t)strtoul(argv[2], NULL, 0);
	put(block, token_of(argv[0]));
	put(block + 4, nargs);
	put(block + 8, nret);
	for (i = 0; i < CELLS; i++)
		put(block + 12 + 4 * i, (int)i + 3 < argc
						? (uint32_t)strtoul(argv[i + 3], NULL, 0)
						: 0xdeadbeef);
	result = syscall(PAPR_SYS_RTAS, block);
	tell(result);
	for (i = 0; !result && i < nret && nargs + i < CELLS; i++)
		printf("%d\n", (int32_t)get(block + 12 + 4 * (nargs + i)));
	return 0;
}

static int reboot_as(const char *how)
{
	if (!strcmp(how, "magic"))
		return tell(syscall(SYS_reboot, 1, 2, RB_AUTOBOOT, NULL));
	return tell(reboot(!strcmp(how, "restart") ? (int)RB_AUTOBOOT
			   : !strcmp(how, "halt")  ? (int)RB_HALT_SYSTEM
						   : (int)RB_POWER_OFF));
}

static int write_once(const char *path, const char *text)
{
	static char bytes[TEXT_MAX];
	int fd = open(path, O_WRONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return tell(-1);
	if (text)
		return tell(write(fd, text, strlen(text)));
	while (len < sizeof(bytes) && (n = read(0, bytes + len, sizeof(bytes) - len)) > 0)
		len += (size_t)n;
	return tell(write(fd, bytes, len));
}

static int read_once(const char *path, const char *count, int flags)
{
	static uint8_t bytes[TEXT_MAX];
	size_t want = strtoul(count, NULL, 0);
	int fd = open(path, O_RDONLY | flags);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, want < TEXT_MAX ? want : TEXT_MAX);

	tell(n);
	for (ssize_t i = 0; i < n; i++)
		printf("%02x", bytes[i]);
	if (n > 0)
		putchar('\n');
	return 0;
}

static int drain(const char *path)
{
	static uint8_t bytes[4096];
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	ssize_t n, len = 0;
	int32_t sequence;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		memcpy(&sequence, bytes, sizeof(sequence));
		printf("%d ", sequence);
		len = n;
	}
	printf("\n%zd\n", len);
	return tell(n);
}

static int poll_once(const char *path, const char *ms)
{
	struct pollfd p = { .fd = open(path, O_RDONLY), .events = POLLIN };
	int n = poll(&p, 1, (int)strtol(ms, NULL, 0));

	printf("%d %s\n", n, p.revents & POLLIN ? "in" : "-");
	return 0;
}

/* The structure of <asm/papr-sysparm.h>, for this computer. */
struct sysparm {
	uint32_t parameter;
	uint16_t len;
	uint8_t data[4000];
};

static int sysparm(int argc, char **argv)
{
	static struct sysparm block;
	int fd = open(argv[0], *(argv[1] + 1) ? O_RDWR : O_RDONLY), result;
	unsigned long command = strtoul(argv[2], NULL, 0);

	if (!strcmp(argv[2], "get"))
		command = _IOWR(0xb2, 1, struct sysparm);
	else if (!strcmp(argv[2], "set"))
		command = _IOW(0xb2, 2, struct sysparm);
	block.parameter = (uint32_t)strtoul(argv[3], NULL, 0);
	block.len = argc > 4 ? (uint16_t)strtoul(argv[4], NULL, 0) : 0;
	result = fd < 0 ? -1 : ioctl(fd, command, &block);
	tell(result);
	if (!result && command != _IOW(0xb2, 2, struct sysparm))
		printf("%u %.*s\n", block.len, block.len, (const char *)block.data);
	return 0;
}

/* ---- The other devices ---- */

/* The generic encoding of read and write, and that of powerpc. */
static unsigned long command_of(const char *name, unsigned int dir, unsigned int nr,
				unsigned int size)
{
	unsigned long common = (unsigned long)size << 16 | 0xb2 << 8 | nr;

	return *name == '+' ? common | (dir == 1 ? 4ul : 6ul) << 29
			    : common | (unsigned long)dir << 30;
}

union papr_block {
	char location[80];
	struct {
		uint8_t is_sensor;
		uint32_t type;
	} indices;
	struct {
		uint32_t token, state;
		char location[80];
	} dynamic;
	uint64_t tag;
	uint8_t attest[4096];
};

static unsigned long number(char **args)
{
	return *args ? strtoul(*args, NULL, 0) : 0;
}

/* 80 characters have no NUL: the kernel must check this. */
static void put_text(char field[80], const char *text)
{
	size_t len = text ? strlen(text) : 0;

	memcpy(field, text ? text : "", len < 80 ? len : 80);
}

static unsigned long fill(union papr_block *b, const char *name, char **args)
{
	const char *what = name + (*name == '+');

	if (!strcmp(what, "vpd")) {
		put_text(b->location, args[0]);
		return command_of(name, 1, 0, 80);
	}
	if (!strcmp(what, "indices")) {
		b->indices.is_sensor = (uint8_t)number(args);
		b->indices.type = (uint32_t)number(args + 1);
		return command_of(name, 1, 3, 88);
	}
	if (!strcmp(what, "sensor") || !strcmp(what, "indicator")) {
		b->dynamic.token = (uint32_t)number(args);
		put_text(b->dynamic.location, args[1]);
		b->dynamic.state = args[1] ? (uint32_t)number(args + 2) : 0;
		return *what == 's' && what[1] == 'e' ? command_of(name, 3, 4, 88)
						      : command_of(name, 1, 5, 88);
	}
	if (!strcmp(what, "dump")) {
		b->tag = number(args);
		return command_of(name, 1, 6, 8);
	}
	if (!strcmp(what, "attest")) {
		b->attest[0] = 1;
		b->attest[1] = (uint8_t)number(args);
		put(b->attest + 4, (uint32_t)number(args + 1));
		return command_of(name, 1, 8, 4096);
	}
	errx(2, "no such ioctl: %s", name);
}

static void tell_all(int fd, bool as_text)
{
	static uint8_t bytes[8192];
	unsigned long total = 0, sum = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		if (as_text)
			fwrite(bytes, 1, (size_t)n, stdout);
		for (ssize_t i = 0; i < n; i++)
			sum = sum * 31 % 1000003 + bytes[i];
		total += (unsigned long)n;
	}
	if (n < 0)
		tell(n);
	else if (!as_text)
		printf("%lu %lu\n", total, sum);
}

/* An ioctl of a device, for repetitions. */
struct asked {
	int fd;
	unsigned long command;
	union papr_block *block;
};

/* Make a step. Return the descriptor for the next one. */
static int step(const struct asked *asked, int fd, char ***at)
{
	static uint8_t bytes[TEXT_MAX];
	const char *what = *(*at)++;
	size_t size;
	uint64_t tag;

	if (!strcmp(what, "all") || !strcmp(what, "text")) {
		tell_all(fd, *what == 't');
	} else if (!strcmp(what, "seek")) {
		tell(lseek(fd, (off_t)number((*at)++), SEEK_SET));
	} else if (!strcmp(what, "pread")) {
		size = number((*at)++);
		tell(pread(fd, bytes, size < TEXT_MAX ? size : TEXT_MAX,
			   (off_t)number((*at)++)));
	} else if (!strcmp(what, "gone")) {
		tag = number((*at)++);
		tell(ioctl(fd, command_of("gone", 1, 7, 8), &tag));
	} else if (!strcmp(what, "again")) {
		puts(ioctl(asked->fd, asked->command, asked->block) < 0
			     ? strerrorname_np(errno)
			     : "fd");
	} else if (!strcmp(what, "anew")) {
		close(fd);
		fd = ioctl(asked->fd, asked->command, asked->block);
		puts(fd < 0 ? strerrorname_np(errno) : "fd");
	} else if (!strcmp(what, "flags")) {
		printf("%s %s\n",
		       (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY ? "r" : "rw",
		       fcntl(fd, F_GETFD) & FD_CLOEXEC ? "cloexec" : "-");
	} else {
		size = strtoul(what, NULL, 0);
		tell(read(fd, bytes, size < TEXT_MAX ? size : TEXT_MAX));
	}
	return fd;
}

static int papr(char **argv)
{
	static union papr_block block;
	struct asked asked = { .fd = open(argv[0], argv[1][1] ? O_RDWR : O_RDONLY),
			       .block = &block };
	const char *name = argv[2];
	char **args = argv + 3, **steps = args;
	int result;

	while (*steps && strcmp(*steps, ":") != 0)
		steps++;
	if (*steps)
		*steps++ = NULL;
	asked.command = fill(&block, name, args);
	result = asked.fd < 0 ? -1 : ioctl(asked.fd, asked.command, &block);
	if (result < 0)
		return tell(result);
	if (strstr(name, "sensor")) {
		printf("%u\n", block.dynamic.state);
	} else if (strstr(name, "indicator")) {
		tell(result);
	} else {
		puts("fd");
		while (*steps)
			result = step(&asked, result, &steps);
	}
	return 0;
}

/* Return the value of KEY= in a message: strings, one after the other. */
static const char *value_of(const char *message, size_t len, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = message; at < message + len; at += strlen(at) + 1)
		if (!strncmp(at, key, n))
			return at + n;
	return "-";
}

/* Like libudev: accept only the kernel's own messages, with root's credentials. */
static bool is_from_kernel(struct msghdr *m)
{
	const struct sockaddr_nl *from = m->msg_name;
	const struct cmsghdr *c = CMSG_FIRSTHDR(m);
	struct ucred who;

	if (from->nl_pid || from->nl_groups != 1 || !c || c->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(&who, CMSG_DATA(c), sizeof(who));
	return !who.uid;
}

static int uevents(char **argv)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = 1 }, from;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	char text[8192], control[256];
	int on = 1, status;
	ssize_t n;
	pid_t pid;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&group, sizeof(group)))
		err(1, "netlink");
	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) < 0 || status)
		errx(1, "%s failed", argv[0]);

	for (;;) {
		struct iovec part = { text, sizeof(text) - 1 };
		struct msghdr m = { &from,   sizeof(from),    &part, 1,
				    control, sizeof(control), 0 };

		n = recvmsg(fd, &m, MSG_DONTWAIT);
		if (n < 0)
			return 0;
		text[n] = '\0';
		if (!is_from_kernel(&m))
			continue;
		printf("%s %s %s", value_of(text, (size_t)n, "ACTION="),
		       value_of(text, (size_t)n, "SUBSYSTEM="),
		       value_of(text, (size_t)n, "DEVPATH="));
		for (const char *at = text; at < text + n; at += strlen(at) + 1)
			if (!strncmp(at, "PAPR_", 5))
				printf(" %s", at);
		putchar('\n');
	}
}

static int lock(const char *path, bool reads, char **argv)
{
	struct flock whole = { .l_type = reads ? F_RDLCK : F_WRLCK,
			       .l_whence = SEEK_SET };
	int fd = open(path, (reads ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC, 0444),
	    status;
	pid_t pid;

	if (fd < 0 || fcntl(fd, F_SETLK, &whole))
		err(1, "%s", path);
	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) < 0)
		errx(1, "%s failed", argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	if (argc > 3 && (!strcmp(argv[1], "lock") || !strcmp(argv[1], "read-lock")))
		return lock(argv[2], *argv[1] == 'r', argv + 3);
	if (argc > 2 && !strcmp(argv[1], "uevents"))
		return uevents(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "rtas"))
		return rtas(argc - 2, argv + 2);
	if (argc == 3 && !strcmp(argv[1], "rtas-at"))
		return tell(syscall(PAPR_SYS_RTAS, strtoul(argv[2], NULL, 0)));
	if (argc > 2 && !strcmp(argv[1], "write"))
		return write_once(argv[2], argv[3]);
	if (argc > 3 && !strcmp(argv[1], "read"))
		return read_once(argv[2], argv[3], argc > 4 ? O_NONBLOCK : 0);
	if (argc == 3 && !strcmp(argv[1], "drain"))
		return drain(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "poll"))
		return poll_once(argv[2], argv[3]);
	if (argc > 5 && !strcmp(argv[1], "sysparm"))
		return sysparm(argc - 2, argv + 2);
	if (argc > 4 && !strcmp(argv[1], "papr"))
		return papr(argv + 2);
	if (argc == 2)
		return reboot_as(argv[1]);
	errx(2, "see the source");
}
