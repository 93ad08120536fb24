// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cli/common.h"
#include "cli/event_show.h"
#include "cli/json_util.h"
#include "cli/system.h"
#include "eventd/status.h"

enum { ANSWER_MAX = 1 << 20, ANSWER_MS = 10 * 1000 };

static int status_socket(const char *path, struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(at->sun_path, sizeof(at->sun_path), "%s", path);
	return fd < 0 ? -errno : fd;
}

/* ---- The daemon ---- */

int status_listen(const char *path)
{
	struct sockaddr_un at;
	int fd = status_socket(path, &at);

	if (fd < 0)
		return fd;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || chmod(path, 0600) ||
	    listen(fd, 8)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

int status_accept(int fd)
{
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);

	if (client < 0)
		return -errno;
	if (!getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) && !peer.uid)
		return client;
	close(client);
	return -EAGAIN;
}

/* The answer fits into the buffer of the socket. A client that gets a part, or nothing
 * because memory is short, sees that. */
void status_send(int client, json_object *document)
{
	size_t size;
	const char *text = json_bytes(document, &size);

	(void)setsockopt(client, SOL_SOCKET, SO_SNDBUF, &(int){ ANSWER_MAX },
			 sizeof(int));
	if (text)
		(void)send(client, text, size, MSG_NOSIGNAL);
	close(client);
	json_object_put(document);
}

/* ---- The client ---- */

/* Read the answer until the deadline. Return 0, and the document, or a negative errno. */
static int status_read(int fd, const struct deadline *limit, json_object **document)
{
	_cleanup_free_ char *text = malloc(ANSWER_MAX);
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n = 1;

	if (!text)
		return -ENOMEM;
	while (n > 0 && len < ANSWER_MAX - 1) {
		if (poll(&answer, 1, deadline_left_ms(limit)) <= 0)
			return -ETIMEDOUT;
		n = read(fd, text + len, ANSWER_MAX - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return -errno;
	text[len] = '\0';
	*document = json_tokener_parse(text);
	if (json_object_is_type(*document, json_type_object))
		return 0;
	json_object_put(*document);
	return -EBADMSG;
}

static const char *status_text(json_object *object, const char *key)
{
	json_object *value = json_object_object_get(object, key);

	return value ? json_object_get_string(value) : "-";
}

static bool status_is(json_object *object, const char *key)
{
	return json_object_get_boolean(json_object_object_get(object, key));
}

/* Print a text, which may have names of firmware, in one line. */
static void status_put(const char *text)
{
	for (const char *end; *(end = strchrnul(text, '\n')); text = end + 1) {
		event_show_text(stdout, text, (size_t)(end - text));
		fputs(end[1] ? "; " : "", stdout);
	}
	event_show_text(stdout, text, strlen(text));
}

/* Print one line for each element of a list. */
static void status_print_list(json_object *document, const char *list,
			      const char *const keys[])
{
	json_object *array = json_object_object_get(document, list);
	size_t n = array ? json_object_array_length(array) : 0;

	for (size_t i = 0; i < n; i++) {
		json_object *element = json_object_array_get_idx(array, i);

		printf("  ");
		for (size_t k = 0; keys[k]; k++) {
			fputs(k ? "  " : "", stdout);
			status_put(status_text(element, keys[k]));
		}
		puts(status_is(element, "running") ? "  running" : "");
	}
}

/* Print what incomplete changes left, and the command that helps. */
static void status_print_leftovers(json_object *leftovers)
{
	size_t n = leftovers ? json_object_array_length(leftovers) : 0;

	for (size_t i = 0; i < n; i++) {
		status_put(
			status_text(json_object_array_get_idx(leftovers, i), "message"));
		putchar('\n');
	}
}

static void status_print_text(json_object *document)
{
	static const char *const waiting[] = { "request", "problem", NULL };
	static const char *const recent[] = { "time", "request", "result", "problem",
					      NULL };

	printf("%s, PID %s%s\n", status_text(document, "state"),
	       status_text(document, "pid"),
	       status_is(document, "stopping") ? ", stopping" : "");
	printf("events: %s received, %s damaged, %s lost\n",
	       status_text(document, "received"), status_text(document, "damaged"),
	       status_text(document, "lost"));
	if (json_object_object_get(document, "shutdown_in"))
		printf("on UPS: shutdown in %s s\n",
		       status_text(document, "shutdown_in"));
	status_print_leftovers(json_object_object_get(document, "leftovers"));
	puts("waiting:");
	status_print_list(document, "waiting", waiting);
	puts("recent:");
	status_print_list(document, "recent", recent);
}

/* A daemon that has stopped accepts nothing: with more clients than it has room for, connect()
 * waits as long as a send. */
static int status_connect(const char *path)
{
	static const struct timeval limit = { .tv_sec = ANSWER_MS / 1000 };
	struct sockaddr_un at;
	int fd = status_socket(path, &at);

	if (fd < 0)
		return fd;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at))) {
		int err = errno;

		close(fd);
		return err == ECONNREFUSED ? -ENOENT : err == EAGAIN ? -ETIMEDOUT : -err;
	}
	return fd;
}

int status_print(const char *path, bool json)
{
	const struct deadline limit = deadline_in_ms(ANSWER_MS);
	_cleanup_close_ int fd = status_connect(path);
	json_object *document = NULL;
	int err = fd < 0 ? fd : status_read(fd, &limit, &document);

	if (err)
		return err;
	if (json) {
		json_print(document);
	} else {
		status_print_text(document);
		json_object_put(document);
	}
	return 0;
}
