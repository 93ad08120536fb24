// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cli/common.h"
#include "cli/event_show.h"
#include "cli/json_util.h"
#include "eventd/status.h"

enum { ANSWER_MAX = 1 << 20, ANSWER_MS = 120 * 1000 };

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

/* Read the answer. Return NULL if it is incomplete. */
static json_object *status_read(int fd)
{
	_cleanup_free_ char *text = malloc(ANSWER_MAX);
	const struct timeval limit = { .tv_sec = ANSWER_MS / 1000 };
	size_t len = 0;
	ssize_t n;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (!text)
		return NULL;
	while ((n = read(fd, text + len, ANSWER_MAX - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	return n ? NULL : json_tokener_parse(text);
}

static const char *status_text(json_object *object, const char *key)
{
	json_object *value = json_object_object_get(object, key);

	return value ? json_object_get_string(value) : "-";
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
			const char *text = status_text(element, keys[k]);

			fputs(k ? "  " : "", stdout);
			event_show_text(stdout, text, strlen(text));
		}
		putchar('\n');
	}
}

/* Print what incomplete changes left, and the command that helps. */
static void status_print_leftovers(json_object *leftovers)
{
	size_t n = leftovers ? json_object_array_length(leftovers) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *message =
			status_text(json_object_array_get_idx(leftovers, i), "message");

		event_show_text(stdout, message, strlen(message));
		putchar('\n');
	}
}

static void status_print_text(json_object *document)
{
	static const char *const waiting[] = { "request", "problem", NULL };
	static const char *const recent[] = { "time", "request", "result", "problem",
					      NULL };

	printf("%s, PID %s\n", status_text(document, "state"),
	       status_text(document, "pid"));
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

static int status_connect(const char *path)
{
	struct sockaddr_un at;
	int fd = status_socket(path, &at);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at))) {
		int err = -errno;

		close(fd);
		return err == -ECONNREFUSED ? -ENOENT : err;
	}
	return fd;
}

int status_print(const char *path, bool json)
{
	_cleanup_close_ int fd = status_connect(path);
	json_object *document;

	if (fd < 0)
		return fd;
	document = status_read(fd);
	if (!json_object_is_type(document, json_type_object)) {
		json_object_put(document);
		return -EBADMSG;
	}
	if (json) {
		json_print(document);
	} else {
		status_print_text(document);
		json_object_put(document);
	}
	return 0;
}
