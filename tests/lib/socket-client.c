// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * socket-client - a client of papr-vmm or of QEMU, for tests
 *
 * socket-client [-t MS] PATH       send a line of standard input, print the line of its
 *                                  answer, and so on
 * socket-client -q [-n] [-t MS] PATH
 *                                  QMP: negotiate first (-n: do not); send each line, and
 *                                  print its replies and events, keys sorted, without
 *                                  times. '#' begins a comment. The time of a device's
 *                                  deletion varies: the line "@ID" prints it, and
 *                                  waits until the device with this id is deleted.
 * socket-client -r [-l LINES] [-t MS] PATH
 *                                  send standard input unchanged, then print the answer
 *                                  until it has LINES lines and MS pass without any
 * socket-client -d [-t MS] PATH    send, read nothing, and stay until disconnected
 *
 * The client waits for a server that has not started. Exit status 0; 1 after a message on
 * standard error: no connection within 10 s, or no answer within MS (10,000).
 */
#include <err.h>
#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LATE_MS = 10000 };

struct client {
	int fd;
	int timeout_ms;
	int lines; /* of the answer that will come, however late */
	bool no_negotiation;
	json_object *deleted; /* events that were not printed yet */
	char *in;
	size_t len, size;
};

static void connect_to(struct client *c, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s: too long", path);
	memcpy(address.sun_path, path, strlen(path));
	c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (c->fd < 0)
		err(1, "socket");
	for (int waited = 0; connect(c->fd, (struct sockaddr *)&address, sizeof(address));
	     waited += 10) {
		if ((errno != ENOENT && errno != ECONNREFUSED) || waited >= LATE_MS)
			err(1, "%s", path);
		poll(NULL, 0, 10);
	}
}

static void send_all(struct client *c, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(c->fd, text, len, MSG_NOSIGNAL);

		if (n < 0)
			err(1, "send");
		text += n;
		len -= (size_t)n;
	}
}

/* Return false if nothing arrived in time, or the server has disconnected. */
static bool fill(struct client *c, int timeout_ms)
{
	struct pollfd ready = { .fd = c->fd, .events = POLLIN };
	ssize_t n;

	if (c->size - c->len < 4096) {
		c->size = c->size * 2 + 65536;
		c->in = realloc(c->in, c->size);
		if (!c->in)
			err(1, "memory");
	}
	if (poll(&ready, 1, timeout_ms) <= 0)
		return false;
	n = recv(c->fd, c->in + c->len, c->size - c->len, 0);
	if (n > 0)
		c->len += (size_t)n;
	return n > 0;
}

/* Return the next line without its end. The caller drops it before the next call. */
static char *next_line(struct client *c, size_t *used)
{
	char *end;

	while (!(end = memchr(c->in, '\n', c->len)))
		if (!fill(c, c->timeout_ms))
			return NULL;
	*used = (size_t)(end + 1 - c->in);
	*end = '\0';
	if (end > c->in && end[-1] == '\r')
		end[-1] = '\0';
	return c->in;
}

static void drop(struct client *c, size_t used)
{
	memmove(c->in, c->in + used, c->len - used);
	c->len -= used;
}

static void talk(struct client *c)
{
	char *line = NULL;
	size_t size = 0, used;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		char *answer;

		send_all(c, line, (size_t)len);
		answer = next_line(c, &used);
		if (!answer)
			errx(1, "no answer");
		puts(answer);
		fflush(stdout); /* the next line may depend on it */
		drop(c, used);
	}
	free(line);
}

/* ---- QMP --------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_object *canonical(json_object *value);

static json_object *canonical_object(json_object *object)
{
	json_object *out = json_object_new_object();
	const char *names[64];
	size_t n = 0;

	json_object_object_foreach(object, name, ignored)
	{
		(void)ignored;
		if (n < 64 && strcmp(name, "timestamp") != 0)
			names[n++] = name;
	}
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		json_object *member = json_object_object_get(object, names[i]);

		if (!strcmp(names[i], "thread-id"))
			member = NULL;
		json_object_object_add(out, names[i], canonical(member));
	}
	return out;
}

/* Return a copy that is equal for two programs. */
static json_object *canonical(json_object *value)
{
	json_object *out;

	if (json_object_is_type(value, json_type_object))
		return canonical_object(value);
	if (!json_object_is_type(value, json_type_array))
		return json_object_get(value);
	out = json_object_new_array();
	for (size_t i = 0; i < json_object_array_length(value); i++)
		json_object_array_add(out,
				      canonical(json_object_array_get_idx(value, i)));
	return out;
}

static json_object *next_message(struct client *c)
{
	size_t used;
	char *line = next_line(c, &used);
	json_object *message;

	if (!line)
		errx(1, "no answer");
	message = json_tokener_parse(line);
	if (!message)
		errx(1, "not JSON: %s", line);
	drop(c, used);
	return message;
}

static bool has_text(json_object *message, const char *name, const char *text)
{
	json_object *value;

	return json_object_object_get_ex(message, name, &value) &&
	       json_object_is_type(value, json_type_string) &&
	       !strcmp(json_object_get_string(value), text);
}

static void print(json_object *plain)
{
	puts(json_object_to_json_string_ext(
		plain, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* Print the next message, or keep it. Return true if it is the deletion of this device,
 * or the answer with this id. */
static bool take_message(struct client *c, const char *device, const char *id)
{
	json_object *message = next_message(c), *plain = canonical(message), *data = NULL;
	bool found = id && has_text(message, "id", id);

	if (has_text(message, "event", "DEVICE_DELETED")) {
		json_object_object_get_ex(message, "data", &data);
		found = device && has_text(data, "device", device);
		json_object_array_add(c->deleted, json_object_get(plain));
	} else if (!found) {
		print(plain);
	}
	json_object_put(plain);
	json_object_put(message);
	return found;
}

static bool was_deleted(const struct client *c, const char *device)
{
	for (size_t i = 0; i < json_object_array_length(c->deleted); i++) {
		json_object *data = json_object_object_get(
			json_object_array_get_idx(c->deleted, i), "data");

		if (has_text(data, "device", device))
			return true;
	}
	return false;
}

static void print_deleted(struct client *c, const char *device)
{
	bool found = was_deleted(c, device);

	while (!found)
		found = take_message(c, device, NULL);
	for (size_t i = 0; i < json_object_array_length(c->deleted); i++)
		print(json_object_array_get_idx(c->deleted, i));
	json_object_put(c->deleted);
	c->deleted = json_object_new_array();
}

/* Send a command whose answer means that earlier ones are complete. */
static void sync_with(struct client *c)
{
	static const char sync[] = "{\"execute\": \"query-name\", \"id\": \"sync\"}\n";

	send_all(c, sync, strlen(sync));
	while (!take_message(c, NULL, "sync"))
		continue;
}

static void talk_qmp(struct client *c)
{
	static const char negotiate[] = "{\"execute\": \"qmp_capabilities\"}\n";
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	c->deleted = json_object_new_array();
	setvbuf(stdout, NULL, _IOLBF, 0); /* another program may wait for the answer */
	json_object_put(next_message(c)); /* the greeting */
	if (!c->no_negotiation) {
		send_all(c, negotiate, strlen(negotiate));
		json_object_put(next_message(c));
	}
	while ((len = getline(&line, &size, stdin)) > 0) {
		printf("> %s", line);
		if (*line == '#')
			continue;
		if (*line == '@') {
			line[strcspn(line, "\n")] = '\0';
			print_deleted(c, line + 1);
			continue;
		}
		send_all(c, line, (size_t)len);
		sync_with(c);
	}
	json_object_put(c->deleted);
	free(line);
}

/* ---- Other ways ---------------------------------------------------------------------- */

static void send_stdin(struct client *c)
{
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
		send_all(c, chunk, n);
}

static void talk_raw(struct client *c)
{
	send_stdin(c);
	while (fill(c, c->lines > 0 ? LATE_MS : c->timeout_ms)) {
		for (size_t i = 0; i < c->len; i++)
			c->lines -= c->in[i] == '\n';
		fwrite(c->in, 1, c->len, stdout);
		fflush(stdout);
		c->len = 0;
	}
}

/* POLLHUP is set when both directions are closed. */
static void talk_deaf(struct client *c)
{
	struct pollfd gone = { .fd = c->fd };

	send_stdin(c);
	if (poll(&gone, 1, c->timeout_ms) <= 0)
		errx(1, "not cut off");
}

int main(int argc, char *argv[])
{
	struct client c = { .timeout_ms = LATE_MS };
	void (*how)(struct client *) = talk;
	int option;

	while ((option = getopt(argc, argv, "dl:nqrt:")) != -1) {
		if (option == 'd')
			how = talk_deaf;
		else if (option == 'l')
			c.lines = (int)strtol(optarg, NULL, 10);
		else if (option == 'n')
			c.no_negotiation = true;
		else if (option == 'q')
			how = talk_qmp;
		else if (option == 'r')
			how = talk_raw;
		else if (option == 't')
			c.timeout_ms = (int)strtol(optarg, NULL, 10);
		else
			errx(1, "unknown option");
	}
	if (optind != argc - 1)
		errx(1, "one path is needed");
	connect_to(&c, argv[optind]);
	c.size = 65536;
	c.in = malloc(c.size);
	if (!c.in)
		err(1, "memory");
	how(&c);
	free(c.in);
	close(c.fd);
	return 0;
}
