// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * udevd - play udevd, for the programs that wait for it
 *
 *   udevd MS    return when the events of the kernel are received. In the background,
 *               spend MS milliseconds on each, then report it to the listeners of libudev
 *
 * An interface gets a record in /run/udev/data that says that it is being renamed, and
 * MS later one without that, as with the real udevd. Its name does not change.
 * /run/udev/pid has the process.
 *
 * Source:  messages of systemd-udevd 252, seen
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { KERNEL_GROUP = 1, UDEV_GROUP = 2 };

struct message {
	char prefix[8];
	uint32_t magic, header_size, at, size, hashes[4];
	char words[8192]; /* "KEY=value", each with a NUL */
};

struct player {
	int in, out;
	struct timespec pause;
};

static void listen_for_control(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "/run/udev/%s", name);
	unlink(address.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 16))
		err(1, "%s", address.sun_path);
}

static int open_netlink(unsigned int group)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = group };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "netlink");
	return fd;
}

static const char *word_of(const struct message *m, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = m->words; at < m->words + m->size; at += strlen(at) + 1)
		if (!strncmp(at, key, len) && at[len] == '=')
			return at + len + 1;
	return NULL;
}

static void put_word(struct message *m, const char *key, const char *value)
{
	size_t left = sizeof(m->words) - m->size;
	int n = snprintf(m->words + m->size, left, "%s=%s", key, value);

	if (n < 0 || (size_t)n >= left)
		errx(1, "a long event");
	m->size += (uint32_t)n + 1;
}

static void send_message(const struct player *p, struct message *m)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = UDEV_GROUP };
	size_t head = offsetof(struct message, words);

	memcpy(m->prefix, "libudev", 8);
	m->magic = htonl(0xfeedcafe);
	m->header_size = m->at = (uint32_t)head;
	/* It is no error if no program listens. */
	sendto(p->out, m, head + m->size, 0, (struct sockaddr *)&to, sizeof(to));
}

/* The record of an interface, or none. */
static void put_record(const struct message *m, const char *ifindex, bool is_renaming)
{
	char path[64], new_path[] = "/run/udev/data/.new";
	FILE *file;

	snprintf(path, sizeof(path), "/run/udev/data/n%s", ifindex);
	if (!strcmp(word_of(m, "ACTION"), "remove")) {
		unlink(path);
		return;
	}
	file = fopen(new_path, "w");
	if (!file)
		err(1, "%s", new_path);
	fprintf(file, "I:%s\n%s", word_of(m, "SEQNUM"),
		is_renaming ? "E:ID_RENAMING=1\n" : "");
	fclose(file);
	rename(new_path, path);
}

static void play(const struct player *p)
{
	struct message m = { .size = 0 }, final;
	ssize_t n = recv(p->in, m.words, sizeof(m.words) - 1, 0);
	const char *ifindex;

	if (n <= 0)
		return;
	/* The first word is "add@/devices/..." */
	m.size = (uint32_t)(n - (ssize_t)strlen(m.words) - 1);
	memmove(m.words, m.words + strlen(m.words) + 1, m.size);
	if (!word_of(&m, "ACTION") || !word_of(&m, "SEQNUM"))
		return;
	nanosleep(&p->pause, NULL);
	put_word(&m, "USEC_INITIALIZED", "1");
	ifindex = word_of(&m, "IFINDEX");
	if (ifindex && !strcmp(word_of(&m, "ACTION"), "add")) {
		final = m;
		put_word(&m, "ID_RENAMING", "1");
		put_record(&m, ifindex, true);
		send_message(p, &m);
		nanosleep(&p->pause, NULL);
		m = final;
	}
	if (ifindex)
		put_record(&m, ifindex, false);
	send_message(p, &m);
}

int main(int argc, char **argv)
{
	long ms = argc == 2 || argc == 3 ? strtol(argv[1], NULL, 10) : -1;
	struct player p = { .pause = { ms / 1000, ms % 1000 * 1000000 } };
	FILE *file;
	pid_t pid;

	if (ms < 0)
		errx(2, "usage: udevd MS [SOCKET]");
	mkdir("/run/udev", 0755);
	mkdir("/run/udev/data", 0755);
	listen_for_control(argc == 3 ? argv[2] : "control");
	p.in = open_netlink(KERNEL_GROUP);
	p.out = open_netlink(0);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid) {
		file = fopen("/run/udev/pid", "w");
		if (!file || fprintf(file, "%d\n", pid) < 0 || fclose(file))
			err(1, "/run/udev/pid");
		return 0;
	}
	for (int fd = 0; fd <= 2; fd++) /* the test waits for the end of these */
		dup2(open("/dev/null", O_RDWR), fd);
	signal(SIGPIPE, SIG_IGN);
	for (;;)
		play(&p);
}
