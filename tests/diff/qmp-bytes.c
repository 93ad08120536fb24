// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qmp-bytes - the same bytes to the QMP servers of two machines
 *
 * qmp-bytes [-n CASES] [-s SEED] SOCKET SOCKET
 *
 * Each case is a changed request, in pieces. It is followed by a byte that ends any
 * incomplete value, and by a request whose reply ends the case. Prints cases whose replies
 * differ, the first 10, and the number of cases. Exit status 1: some differ.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/sockios.h>

enum {
	LATE_MS = 60000,
	CASES_PER_CONNECTION = 100,
	MAX_SHOWN = 10,
	FIRST_ID = 900000000,
};

/* QEMU 7.2 fails an assertion if a client enabled "oob" and sends eight requests. */
static const char *const requests[] = {
	"{\"execute\":\"qmp_capabilities\"}",
	"{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\",5]}}",
	"{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":\"oob\",\"x\":1}}",
	"{\"execute\":\"query-name\",\"id\":1}",
	"{ 'execute' : 'query-uuid' , \"id\" : [ -1, 2.5e3, {\"a\":null, \"b\":true} ] }",
	"{\"execute\":\"query-status\",\"id\":\"\\ud834\\udd1e\\u0000\\u00e9\\\"\\\\\\/\\n\"}",
	"{\"execute\":\"query-name\",\"arguments\":{\"a\":1},\"id\":{\"x\":18446744073709551615}}",
	"{\"exec-oob\":\"query-name\",\"id\":\"o\"}",
	"{\"execute\":5,\"arguments\":[],\"id\":0.1}",
	"{\"execute\":\"nonsense\",\"arguments\":{},\"control\":{}}",
	"{\"execute\":\"device_del\",\"arguments\":{\"id\":\"none\"}}",
	"{\"execute\":\"device_del\",\"arguments\":{\"id\":false}}",
	"{\"execute\":\"device_del\",\"arguments\":{}}",
	"{\"execute\":\"device_del\",\"arguments\":{\"id\":\"x\",\"y\":1}}",
	"{\"execute\":\"object-del\",\"arguments\":{\"id\":\"none\"}}",
	"[{\"execute\":\"query-name\"},{},[],\"\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e\"]",
	"{\"id\":[-9223372036854775808,9223372036854775808,1e400,-0,0.1,1E+2,123456789012345678901]}",
	"null true false nul",
	"{\"a\":1,\"a\":2}",
};

/* What is inserted */
static const char *const pieces[] = {
	"{",
	"}",
	"[",
	"]",
	":",
	",",
	"\"",
	"'",
	"\\",
	"\\u",
	"\\ud800",
	"\\udc00",
	"\\uffff",
	"\\u00",
	"-",
	"0",
	"1",
	".",
	"e",
	"+",
	"%",
	"\n",
	"\t",
	"\x01",
	"\x7f",
	"\xff",
	"\xfe",
	"\xc0\x80",
	"#",
	"\xc3",
	"\xed\xa0",
	"\xe2\x82\xac",
	"\xf8\x88\x80\x80\x80",
	"\xf4\x90\x80\x80",
	"A",
	"null",
	"execute",
	" ",
	"\"id\":5",
	"\"execute\":\"\"",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

enum { MAX_BYTES = 1 << 16 };

struct text {
	uint8_t bytes[MAX_BYTES];
	size_t len;
};

struct server {
	const char *path;
	int fd;
	char *in;
	size_t len, size;
};

struct run {
	struct server servers[2];
	uint64_t random;
	unsigned int differ, id;
};

/* ---- Random cases ------------------------------------------------------------------------ */

static uint32_t below(struct run *run, uint32_t n)
{
	run->random ^= run->random << 13;
	run->random ^= run->random >> 7;
	run->random ^= run->random << 17;
	return (uint32_t)(run->random >> 32) % n;
}

static void insert(struct text *text, size_t at, const void *bytes, size_t len)
{
	if (text->len + len > MAX_BYTES)
		return;
	memmove(text->bytes + at + len, text->bytes + at, text->len - at);
	memcpy(text->bytes + at, bytes, len);
	text->len += len;
}

static void cut(struct text *text, size_t at, size_t len)
{
	if (len > text->len - at)
		len = text->len - at;
	memmove(text->bytes + at, text->bytes + at + len, text->len - at - len);
	text->len -= len;
}

static void change(struct run *run, struct text *text)
{
	size_t at = below(run, (uint32_t)text->len + 1);
	const char *piece = pieces[below(run, COUNT(pieces))];
	const char *request = requests[below(run, COUNT(requests))];
	uint8_t copy[64], byte = (uint8_t)below(run, 256);
	size_t len;

	switch (below(run, 8)) {
	case 0:
		cut(text, at, 1);
		insert(text, at, &byte, 1);
		break;
	case 1:
		cut(text, at, 1 + below(run, 8));
		break;
	case 2:
		cut(text, at, text->len);
		break;
	case 3:
		len = text->len - at < sizeof(copy) ? text->len - at : sizeof(copy);
		memcpy(copy, text->bytes + at, len);
		insert(text, below(run, (uint32_t)text->len + 1), copy, len);
		break;
	case 4:
		insert(text, at, request, strlen(request));
		break;
	default:
		insert(text, at, piece, strlen(piece));
	}
}

static void make(struct run *run, struct text *text)
{
	const char *request = requests[below(run, COUNT(requests))];

	text->len = 0;
	insert(text, 0, request, strlen(request));
	for (uint32_t n = below(run, 5); n; n--)
		change(run, text);
}

/* ---- Connections --------------------------------------------------------------------------- */

static void connect_to(struct server *s)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(s->path) >= sizeof(address.sun_path))
		errx(2, "%s: too long", s->path);
	memcpy(address.sun_path, s->path, strlen(s->path));
	s->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	s->len = 0;
	for (int waited = 0; connect(s->fd, (struct sockaddr *)&address, sizeof(address));
	     waited += 10) {
		if ((errno != ENOENT && errno != ECONNREFUSED) || waited >= LATE_MS)
			err(2, "%s", s->path);
		poll(NULL, 0, 10);
	}
}

static void receive(struct server *s)
{
	ssize_t n;

	if (s->size - s->len < 65536) {
		s->size = s->size * 2 + 65536;
		s->in = realloc(s->in, s->size);
		if (!s->in)
			err(2, "memory");
	}
	n = recv(s->fd, s->in + s->len, s->size - s->len - 1, 0);
	if (n <= 0)
		errx(2, "%s: disconnected", s->path);
	s->len += (size_t)n;
	s->in[s->len] = '\0';
}

/* Wait until the server has sent this many lines, or a reply to this request. */
static void await(struct server *s, const char *reply)
{
	struct pollfd ready = { .fd = s->fd, .events = POLLIN };
	size_t seen = 0;
	const char *at;

	for (;;) {
		at = s->len ? strstr(s->in + seen, reply) : NULL;
		if (at && strchr(at, '\n'))
			return;
		if (s->len > seen + 4096)
			seen = s->len - 4096;
		if (poll(&ready, 1, LATE_MS) <= 0)
			errx(2, "%s: no answer", s->path);
		receive(s);
	}
}

/* Send the bytes, and receive what arrives meanwhile. */
static void send_all(struct server *s, const uint8_t *bytes, size_t len)
{
	while (len) {
		struct pollfd ready = { .fd = s->fd, .events = POLLIN | POLLOUT };
		ssize_t n;

		if (poll(&ready, 1, LATE_MS) <= 0)
			errx(2, "%s: reads nothing", s->path);
		if (ready.revents & POLLIN)
			receive(s);
		if (!(ready.revents & POLLOUT))
			continue;
		n = send(s->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			err(2, "%s", s->path);
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

/* Wait until the server has read everything. */
static void await_read(struct server *s)
{
	int unread = 1;

	while (!ioctl(s->fd, SIOCOUTQ, &unread) && unread)
		poll(NULL, 0, 1);
}

static void send_case(struct run *run, struct server *s, const uint8_t *bytes, size_t len,
		      size_t split)
{
	char last[64];

	send_all(s, bytes, split);
	if (split < len)
		await_read(s);
	send_all(s, bytes + split, len - split);
	snprintf(last, sizeof(last), "\xff\n{\"execute\":\"-\",\"id\":%u}\n", run->id);
	send_all(s, (const uint8_t *)last, strlen(last));
}

/* ---- Comparison ------------------------------------------------------------------------------ */

static void show(const char *name, const uint8_t *bytes, size_t len)
{
	printf("# %-9s", name);
	for (size_t i = 0; i < len && i < 2000; i++)
		if (bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '\\')
			putchar(bytes[i]);
		else if (bytes[i] == '\n')
			printf("\n#          ");
		else if (bytes[i] != '\r')
			printf("\\x%02x", bytes[i]);
	putchar('\n');
}

static void try_case(struct run *run, const uint8_t *bytes, size_t len, size_t split)
{
	struct server *a = &run->servers[0], *b = &run->servers[1];
	char reply[32];

	run->id++;
	snprintf(reply, sizeof(reply), "{\"id\": %u, \"error\"", run->id);
	a->len = b->len = 0;
	send_case(run, a, bytes, len, split);
	send_case(run, b, bytes, len, split);
	await(a, reply);
	await(b, reply);
	if (!strcmp(a->in, b->in))
		return;
	if (run->differ++ >= MAX_SHOWN)
		return;
	show("sent", bytes, len);
	show("received", (const uint8_t *)a->in, strlen(a->in));
	show("and", (const uint8_t *)b->in, strlen(b->in));
}

static void reconnect(struct run *run)
{
	for (int i = 0; i < 2; i++) {
		struct server *s = &run->servers[i];

		if (s->fd >= 0)
			close(s->fd);
		connect_to(s);
		while (!s->len || !memchr(s->in, '\n', s->len))
			receive(s);
	}
}

/* ---- Limits ------------------------------------------------------------------------------------ */

static void try_repeated(struct run *run, const char *before, const char *text, size_t n,
			 const char *after)
{
	size_t len = strlen(text), all = strlen(before) + n * len + strlen(after);
	uint8_t *bytes = malloc(all), *at = bytes;

	if (!bytes)
		err(2, "memory");
	at = (uint8_t *)mempcpy(at, before, strlen(before));
	for (size_t i = 0; i < n; i++)
		at = (uint8_t *)mempcpy(at, text, len);
	memcpy(at, after, strlen(after));
	try_case(run, bytes, all, all);
	free(bytes);
}

static void try_limits(struct run *run)
{
	static const size_t depths[] = { 1023, 1024, 1025, 3000 };

	for (size_t i = 0; i < COUNT(depths); i++) {
		try_repeated(run, "", "[", depths[i], "");
		try_repeated(run, "", "{\"a\":", depths[i], "{");
		try_repeated(run, "{\"execute\":\"-\",\"id\":", "[", depths[i], "}");
	}
	try_repeated(run, "a", "b", 2000, " ");
	/* QEMU reads a byte at a time: other limits would take it minutes. */
}

int main(int argc, char *argv[])
{
	static struct text text;
	struct run run = { .random = 1, .id = FIRST_ID };
	unsigned int cases = 5000;
	int option;

	while ((option = getopt(argc, argv, "n:s:")) > 0) {
		if (option == 'n')
			cases = (unsigned int)strtoul(optarg, NULL, 0);
		else if (option == 's')
			run.random = strtoull(optarg, NULL, 0) * 2 + 1;
		else
			return 2;
	}
	if (argc - optind != 2)
		errx(2, "usage: qmp-bytes [-n CASES] [-s SEED] SOCKET SOCKET");
	for (int i = 0; i < 2; i++)
		run.servers[i] = (struct server){ .path = argv[optind + i], .fd = -1 };
	reconnect(&run);
	try_limits(&run);
	for (unsigned int i = 0; i < cases; i++) {
		if (i % CASES_PER_CONNECTION == 0)
			reconnect(&run);
		make(&run, &text);
		try_case(&run, text.bytes, text.len,
			 below(&run, 4) ? text.len : below(&run, (uint32_t)text.len + 1));
	}
	printf("# %u cases, %u differ\n", run.id - FIRST_ID, run.differ);
	return run.differ > 0;
}
