// SPDX-License-Identifier: GPL-2.0-or-later
/* papr-vmm ctl: send one QMP command to a running guest's host, and print its reply. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vmm/server/buffer.h"
#include "vmm/server/ctl.h"
#include "vmm/server/ctl_server.h"
#include "vmm/server/host.h"
#include "vmm/server/keyval.h"
#include "vmm/server/qmp_call.h"
#include "vmm/server/runs.h"

enum {
	CTL_DEPTH = 128,
	CTL_MAX_BYTES = 64 << 20, /* of a line */
	CTL_WAIT_MS = 20,
	CTL_MAX_SECONDS = 86400,
};

static const char ctl_id[] = "ctl"; /* marks the reply of the command */

struct ctl {
	uint32_t seconds; /* time limit */
	int64_t deadline_ms;
	const char *target; /* NULL: not given */
	const char *command;
	int fd;
	struct buffer in;
};

static int ctl_set_timeout(void *arg, const char *value)
{
	struct ctl *ctl = arg;

	if (!word_u32(value, &ctl->seconds) && ctl->seconds &&
	    ctl->seconds <= CTL_MAX_SECONDS)
		return 0;
	return verb_refuse("--timeout", value, "use seconds from 1 to 86400");
}

static const struct verb_option ctl_options[] = {
	{ "--timeout", "SECONDS", "time to wait for the reply; default: 30",
	  .set = ctl_set_timeout },
	{ .name = NULL },
};

const struct verb ctl_verb = {
	.name = "ctl",
	.usage = "ctl [option]... [pid|name] command [key=value]...",
	.purpose =
		"Send a QMP command to the host of a guest of \"papr-vmm run\", and print what\n"
		"it returns. Without a process id or name: the only guest, or, in a guest that\n"
		"was started with run --ctl, its own host. Exit status: 0; 1 if the reply is an\n"
		"error; 125 without a reply.",
	.options = ctl_options,
};

static int ctl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int ctl_fail(const char *format, ...)
{
	va_list ap;

	fputs("papr-vmm: ctl: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -EINVAL;
}

/* ---- Arguments --------------------------------------------------------------------- */

static json_object *ctl_parse_json(const char *text, size_t len)
{
	json_tokener *tokener = json_tokener_new_ex(CTL_DEPTH);
	json_object *value = NULL;

	if (tokener)
		value = json_tokener_parse_ex(tokener, text, (int)len);
	json_tokener_free(tokener);
	return value;
}

/* Convert a whole number, or return NULL. prefix: also "0x10" and the like. */
static json_object *ctl_integer(const char *text, bool prefix)
{
	const char *digits = text + (*text == '-');
	uint64_t n;

	if (!isdigit((unsigned char)*digits) ||
	    (!prefix && *digits == '0' && digits[1]) || word_u64(digits, &n))
		return NULL;
	if (digits == text)
		return json_object_new_uint64(n);
	return n <= INT64_MAX ? json_object_new_int64(-(int64_t)n) : NULL;
}

/* Convert a value whose type is not known: a number, true or false, a list or an object.
 * Everything else is text. */
static json_object *ctl_guess(const char *text)
{
	json_object *value = ctl_integer(text, false);

	if (!value && (!strcmp(text, "true") || !strcmp(text, "false")))
		value = json_object_new_boolean(*text == 't');
	if (!value && (*text == '[' || *text == '{'))
		value = ctl_parse_json(text, strlen(text) + 1);
	return value ? value : json_object_new_string(text);
}

/* Convert a value to its type. What does not fit is sent as text: the host reports it. */
static json_object *ctl_typed(enum qmp_type type, const char *text)
{
	json_object *value = NULL;
	bool on;

	if (type == QMP_INT)
		value = ctl_integer(text, true);
	else if (type == QMP_BOOL && !word_bool(text, &on))
		value = json_object_new_boolean(on);
	else if (type == QMP_ARRAY)
		value = ctl_parse_json(text, strlen(text) + 1);
	return value ? value : json_object_new_string(text);
}

static json_object *ctl_value(const char *command, const char *key, const char *text)
{
	const struct qmp_command *row = qmp_commands;
	const struct qmp_parameter *p;
	uint64_t bytes;

	while (row->name && strcmp(row->name, command))
		row++;
	for (p = row->name ? row->parameters : NULL; p && p->name; p++)
		if (!strcmp(p->name, key))
			return ctl_typed(p->type, text);
	/* As -object accepts it. */
	if (!strcmp(command, "object-add") && !strcmp(key, "size") &&
	    !word_size(text, 1, &bytes))
		return json_object_new_uint64(bytes);
	return ctl_guess(text);
}

static bool ctl_is_utf8(const char *text)
{
	while (*text) {
		size_t n = runs_utf8(text);

		if (!n)
			return false;
		text += n;
	}
	return true;
}

/* Double each comma that no "key=" follows: it is a part of the value, as in
 * "call=ibm,configure-connector" and "rets=[1,2]". The caller frees the result. */
static char *ctl_escape(const char *word)
{
	char *out = malloc(2 * strlen(word) + 1), *to = out;

	while (out && *word) {
		size_t next = *word == ',' ? 1 + strcspn(word + 1, ",=") : 0;
		bool is_pair = next > 1 && word[next] == '=';

		if (*word == ',' && !is_pair)
			*to++ = ',';
		if (*word == ',' && word[1] == ',')
			word++;
		*to++ = *word++;
	}
	if (out)
		*to = '\0';
	return out;
}

/* Add the arguments in the words. "a=b,c=d" has two, as for -device. */
static int ctl_arguments(const char *command, char **words, json_object *arguments)
{
	struct keyval kv;
	char *word;
	int err = ctl_is_utf8(command) ? 0 : ctl_fail("%s: not UTF-8", command);

	for (; !err && *words; words++) {
		if (!ctl_is_utf8(*words))
			err = ctl_fail("%s: not UTF-8", *words);
		else if (!strchr(*words, '='))
			err = ctl_fail("%s: use key=value", *words);
		if (err)
			break;
		word = ctl_escape(*words);
		if (!word)
			return ctl_fail("%s", strerror(ENOMEM));
		err = keyval_parse(&kv, word, NULL);
		free(word);
		if (err)
			ctl_fail("%s: a parameter has no name", *words);
		for (size_t i = 0; !err && i < kv.n; i++)
			json_object_object_add(arguments, kv.options[i].name,
					       ctl_value(command, kv.options[i].name,
							 kv.options[i].value));
		keyval_free(&kv);
	}
	return err;
}

/* ---- The connection ---------------------------------------------------------------- */

static int64_t ctl_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int ctl_too_late(const struct ctl *ctl)
{
	return ctl_fail("no reply within %u seconds", (unsigned int)ctl->seconds);
}

/* Return true if this process is in a simulated guest. */
static bool ctl_in_guest(void)
{
	struct stat st;

	return !stat("/proc/.kernel/self", &st);
}

static const struct runs_run *ctl_find_named(const struct runs_list *list,
					     const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->runs[i].name && !strcmp(list->runs[i].name, name))
			return &list->runs[i];
	return NULL;
}

/* Find the process id of the target. */
static int ctl_find(const struct ctl *ctl, pid_t *pid)
{
	const struct runs_run *run = NULL;
	struct runs_list list;
	int err = runs_list(&list);

	if (err)
		err = ctl_fail("cannot list the guests: %s", strerror(-err));
	else if (ctl->target)
		run = ctl_find_named(&list, ctl->target);
	else if (list.n == 1)
		run = &list.runs[0];
	if (run)
		*pid = run->pid;
	else if (!err && ctl->target)
		err = ctl_fail("no guest has the name %s; papr-vmm ps lists guests",
			       ctl->target);
	else if (!err && list.n)
		err = ctl_fail("%zu guests are running; give the process id or name of "
			       "one (papr-vmm ps)",
			       list.n);
	else if (!err && ctl_in_guest())
		err = ctl_fail("this guest has no access to its host; start it with "
			       "papr-vmm run --ctl");
	else if (!err)
		err = ctl_fail("no guest is running; start one with papr-vmm run");
	runs_list_free(&list);
	return err;
}

static int ctl_connect(struct ctl *ctl)
{
	char *end = NULL;
	unsigned long number = ctl->target && isdigit((unsigned char)*ctl->target)
				       ? strtoul(ctl->target, &end, 10)
				       : 0;
	bool is_number = end && !*end;
	pid_t pid = number <= INT32_MAX ? (pid_t)number : 0;
	struct stat st;
	bool own = !ctl->target && !lstat(CTL_HOST_SOCKET, &st) && S_ISSOCK(st.st_mode);

	if (!own && !is_number && ctl_find(ctl, &pid))
		return -EINVAL;
	for (;;) {
		ctl->fd = own ? stream_socket_connect(CTL_HOST_SOCKET, SOCK_NONBLOCK)
			      : runs_connect(pid);
		if (ctl->fd != -EAGAIN)
			break;
		if (ctl_now_ms() >= ctl->deadline_ms)
			return ctl_too_late(ctl);
		poll(NULL, 0, CTL_WAIT_MS);
	}
	if (ctl->fd >= 0)
		return 0;
	if (own)
		return ctl_fail("%s: %s", CTL_HOST_SOCKET, strerror(-ctl->fd));
	if (ctl->fd == -ENOENT || ctl->fd == -ECONNREFUSED)
		return ctl_fail("%s: this guest is not running; papr-vmm ps lists guests",
				ctl->target ? ctl->target : "the guest");
	return ctl_fail("%d: %s", (int)pid, strerror(-ctl->fd));
}

/* Wait until the socket is ready. Return 0 or -EINVAL. */
static int ctl_wait(const struct ctl *ctl, short events)
{
	struct pollfd ready = { .fd = ctl->fd, .events = events };
	int64_t left = ctl->deadline_ms - ctl_now_ms();
	int n = left > 0 ? poll(&ready, 1, (int)left) : 0;

	return n > 0 || (n < 0 && errno == EINTR) ? 0 : ctl_too_late(ctl);
}

static int ctl_ended(void)
{
	return ctl_fail("the guest ended, or refused the connection, before it replied");
}

static int ctl_send(const struct ctl *ctl, const char *text)
{
	size_t len = strlen(text);
	int err = 0;

	while (!err && len) {
		ssize_t n = send(ctl->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n >= 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN || errno == EINTR) {
			err = ctl_wait(ctl, POLLOUT);
		} else {
			err = ctl_ended();
		}
	}
	return err;
}

/* Receive a line. The caller releases *message. */
static int ctl_receive(struct ctl *ctl, json_object **message)
{
	const uint8_t *end;
	uint8_t *room;
	size_t seen = 0;
	ssize_t n;

	while (!(end = ctl->in.len ? memchr(buffer_bytes(&ctl->in) + seen, '\n',
					    ctl->in.len - seen)
				   : NULL)) {
		seen = ctl->in.len;
		room = ctl->in.len < CTL_MAX_BYTES ? buffer_room(&ctl->in, 65536) : NULL;
		if (!room)
			return ctl_fail("the reply is too long");
		n = recv(ctl->fd, room, 65536, MSG_DONTWAIT);
		if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
			return ctl_ended();
		if (n > 0)
			buffer_added(&ctl->in, (size_t)n);
		else if (ctl_wait(ctl, POLLIN))
			return -EINVAL;
	}
	seen = (size_t)(end - buffer_bytes(&ctl->in)) + 1;
	*message = ctl_parse_json((const char *)buffer_bytes(&ctl->in), seen);
	buffer_take(&ctl->in, seen);
	return *message ? 0 : ctl_fail("the reply is not JSON");
}

static bool ctl_is_reply(json_object *message)
{
	json_object *id;

	return json_object_object_get_ex(message, "id", &id) &&
	       json_object_is_type(id, json_type_string) &&
	       !strcmp(json_object_get_string(id), ctl_id);
}

/* Print the reply. Return the exit status. */
static int ctl_print(const struct ctl *ctl, json_object *reply)
{
	json_object *value = NULL;

	if (json_object_object_get_ex(reply, "return", &value)) {
		puts(json_object_to_json_string_ext(
			value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
		return 0;
	}
	if (json_object_object_get_ex(reply, "error", &value))
		json_object_object_get_ex(value, "desc", &value);
	fprintf(stderr, "papr-vmm: %s: %s\n", ctl->command,
		value ? json_object_get_string(value) : "unknown error");
	return 1;
}

/* Send the command and print the reply. Return the exit status. */
static int ctl_converse(struct ctl *ctl, json_object *arguments)
{
	json_object *request = json_object_new_object(), *message = NULL;
	int err, status = HOST_EXIT_FAILURE;

	json_object_object_add(request, "execute", json_object_new_string(ctl->command));
	json_object_object_add(request, "arguments", json_object_get(arguments));
	json_object_object_add(request, "id", json_object_new_string(ctl_id));
	err = ctl_send(ctl, "{\"execute\": \"qmp_capabilities\"}\n");
	if (!err)
		err = ctl_send(ctl, json_object_to_json_string(request));
	if (!err)
		err = ctl_send(ctl, "\n");
	while (!err && !(err = ctl_receive(ctl, &message))) {
		bool done = ctl_is_reply(message);

		if (done)
			status = ctl_print(ctl, message);
		json_object_put(message);
		if (done)
			break;
	}
	json_object_put(request);
	return status;
}

/* Split "[TARGET] COMMAND [KEY=VALUE...]": a command is followed by nothing but pairs. */
static int ctl_words(struct ctl *ctl, char ***words)
{
	char **at = *words;

	if (*at && at[1] && !strchr(at[1], '='))
		ctl->target = *at++;
	if (!*at || strchr(*at, '='))
		return ctl_fail("the command is missing, such as query-status");
	if (!ctl->target && isdigit((unsigned char)**at))
		return ctl_fail("%s: the command is missing, such as query-status", *at);
	ctl->command = *at++;
	*words = at;
	return 0;
}

int ctl_main(char **argv)
{
	struct ctl ctl = { .seconds = 30, .fd = -1 };
	json_object *arguments = json_object_new_object();
	int err = verb_options(&ctl_verb, &argv, &ctl), status = HOST_EXIT_FAILURE;

	ctl.deadline_ms = ctl_now_ms() + (int64_t)ctl.seconds * 1000;
	if (!err)
		err = ctl_words(&ctl, &argv);
	if (!err)
		err = ctl_arguments(ctl.command, argv, arguments);
	if (!err)
		err = ctl_connect(&ctl);
	if (!err)
		status = ctl_converse(&ctl, arguments);
	if (ctl.fd >= 0)
		close(ctl.fd);
	buffer_free(&ctl.in);
	json_object_put(arguments);
	return status;
}
