// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/peers/diff/machine.h"
#include "tests/peers/diff/text.h"
#include "tests/guest/clock.h"

#define ANSWER_MS 20000
#define EVENTS_MS 3000

/* firmware.S */
#define BOX	0x1000000ULL
#define BOX_IN	(BOX + 8)
#define BOX_OUT (BOX + 0x88)

static bool readable(int fd, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, clock_poll_ms(until)) > 0;
}

/* ---- qtest ----------------------------------------------------------------------- */

static bool send_all(struct machine *m)
{
	while (m->out.len && !m->dead) {
		ssize_t n = write(m->qtest, m->out.data, m->out.len);

		if (n < 0 && errno != EINTR)
			m->dead = true;
		if (n > 0)
			bytes_drop(&m->out, n);
	}
	return !m->dead;
}

/* Read the next line, which replaces the last one; interrupts are reported in between. */
static char *next_line(struct machine *m)
{
	const size_t chunk = 65536;
	int64_t until = clock_ms() + ANSWER_MS;
	uint8_t *end;
	ssize_t n;

	while (!m->dead) {
		end = m->in.len ? memchr(m->in.data, '\n', m->in.len) : NULL;
		if (end) {
			char *line = (char *)m->in.data;

			*end = '\0';
			bytes_drop(&m->in, end + 1 - (uint8_t *)line);
			if (strncmp(line, "IRQ ", 4) == 0)
				continue;
			return line;
		}
		if (!readable(m->qtest, until))
			break;
		n = read(m->qtest, bytes_room(&m->in, chunk), chunk);
		if (n <= 0)
			break;
		bytes_added(&m->in, n);
	}
	m->dead = true;
	return NULL;
}

__attribute__((format(printf, 2, 0))) static void queue(struct machine *m,
							const char *format, va_list ap)
{
	char *line;
	int n = vasprintf(&line, format, ap);

	if (n < 0)
		err(1, "qtest");
	bytes_append(&m->out, line, n);
	bytes_append(&m->out, "\n", 1);
	m->asked++;
	free(line);
}

void machine_queue(struct machine *m, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	queue(m, format, ap);
	va_end(ap);
}

const char *machine_ask(struct machine *m, const char *format, ...)
{
	char *line = NULL;
	va_list ap;

	va_start(ap, format);
	queue(m, format, ap);
	va_end(ap);

	if (!send_all(m))
		return NULL;
	for (; m->asked; m->asked--) {
		line = next_line(m);
		if (!line)
			return NULL;
		if (strncmp(line, "OK", 2) != 0)
			errx(1, "%s: qtest: %s", m->program, line);
	}
	return line[2] ? line + 3 : line + 2;
}

void machine_write(struct machine *m, uint64_t addr, const void *data, size_t len)
{
	char *hex = hex_of(data, len);

	if (len)
		machine_queue(m, "write 0x%llx 0x%zx 0x%s", (unsigned long long)addr, len,
			      hex);
	free(hex);
}

void machine_fill(struct machine *m, uint64_t addr, size_t len, uint8_t byte)
{
	if (len)
		machine_queue(m, "memset 0x%llx 0x%zx 0x%x", (unsigned long long)addr,
			      len, byte);
}

bool machine_read(struct machine *m, uint64_t addr, void *data, size_t len)
{
	const char *answer = "";

	if (len)
		answer = machine_ask(m, "read 0x%llx 0x%zx", (unsigned long long)addr,
				     len);
	if (answer && (!len || hex_bytes(answer + 2, data, len) == len))
		return true;
	memset(data, 0, len);
	return false;
}

/* ---- Hypercalls ------------------------------------------------------------------ */

static bool hcall_by_command(struct machine *m, uint64_t regs[HCALL_REGS_IN])
{
	const char *answer;
	char *end;
	size_t i;

	answer = machine_ask(m,
			     "hcall 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx "
			     "0x%llx 0x%llx 0x%llx",
			     (unsigned long long)regs[0], (unsigned long long)regs[1],
			     (unsigned long long)regs[2], (unsigned long long)regs[3],
			     (unsigned long long)regs[4], (unsigned long long)regs[5],
			     (unsigned long long)regs[6], (unsigned long long)regs[7],
			     (unsigned long long)regs[8], (unsigned long long)regs[9]);
	for (i = 0; answer && i < HCALL_REGS_OUT; i++) {
		regs[i] = strtoull(answer, &end, 16);
		answer = end;
	}
	return answer;
}

static bool stopped(struct machine *m)
{
	json_object *status = machine_qmp(m, "query-status", NULL);
	bool stopped = !status || !json_number(status, "running", 1);

	json_object_put(status);
	return stopped;
}

static bool hcall_by_box(struct machine *m, uint64_t regs[HCALL_REGS_IN], bool stops)
{
	int64_t until = clock_ms() + ANSWER_MS;
	uint64_t words[HCALL_REGS_IN], bell;
	size_t i;

	for (i = 0; i < HCALL_REGS_IN; i++)
		words[i] = htobe64(regs[i]);
	machine_write(m, BOX_IN, words, sizeof(words));
	bell = htobe64(1);
	machine_write(m, BOX, &bell, sizeof(bell));
	do {
		if (stops && stopped(m))
			return true;
		if (!machine_read(m, BOX, &bell, sizeof(bell)))
			return false;
		if (clock_ms() > until) {
			warnx("%s: a hypercall does not return", m->program);
			m->dead = true;
		}
	} while (bell);
	if (!machine_read(m, BOX_OUT, words, HCALL_REGS_OUT * sizeof(*words)))
		return false;
	for (i = 0; i < HCALL_REGS_OUT; i++)
		regs[i] = be64toh(words[i]);
	return true;
}

bool machine_hcall(struct machine *m, uint64_t regs[HCALL_REGS_IN], bool stops)
{
	return m->ours ? hcall_by_command(m, regs) : hcall_by_box(m, regs, stops);
}

/* ---- QMP ------------------------------------------------------------------------- */

/* Return false for events of processors that run and stop, which are not about
 * devices. */
static bool is_of_interest(json_object *event)
{
	static const char *const other[] = { "RTC_CHANGE", "RESUME", "STOP",
					     "NIC_RX_FILTER_CHANGED" };
	const char *name = json_text(event, "event", "");
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(*other); i++) {
		if (strcmp(name, other[i]) == 0)
			return false;
	}
	return true;
}

static void keep_event(struct machine *m, json_object *from)
{
	json_object *event = json_object_new_object(), *data = NULL;

	json_object_object_get_ex(from, "data", &data);
	json_object_object_add(event, "event",
			       json_object_new_string(json_text(from, "event", "")));
	json_object_object_add(event, "data",
			       data ? json_object_get(data) : json_object_new_object());
	if (strcmp(json_text(event, "event", ""), "DEVICE_DELETED") == 0)
		json_object_object_add(m->gone, json_text(data, "device", ""), NULL);
	if (is_of_interest(event))
		json_object_array_add(m->events, event);
	else
		json_object_put(event);
}

/* Read. Return a reply, or NULL at the deadline. Events are kept. */
static json_object *next_reply(struct machine *m, int64_t until, size_t enough_events)
{
	json_object *json;
	ssize_t n;

	while (!m->dead) {
		while ((json = qmp_next(&m->qmp))) {
			if (!json_object_object_get_ex(json, "event", NULL))
				return json;
			keep_event(m, json);
			json_object_put(json);
		}
		if (json_object_array_length(m->events) >= enough_events)
			return NULL;
		if (!readable(m->qmp.fd, until))
			return NULL;
		n = qmp_fill(&m->qmp);
		if (n <= 0 && n != -EAGAIN)
			m->dead = true;
	}
	return NULL;
}

/* Copy the arguments with this machine's own driver of cores. */
static json_object *with_core_type(const struct machine *m, json_object *arguments)
{
	json_object *copy = json_copy(arguments);

	if (strcmp(json_text(copy, "driver", ""), "power9_v2.0-spapr-cpu-core") == 0)
		json_object_object_add(copy, "driver",
				       json_object_new_string(m->core_type));
	return copy;
}

json_object *machine_qmp(struct machine *m, const char *command, json_object *arguments)
{
	bool adds = strcmp(command, "device_add") == 0;
	json_object *reply, *value = NULL, *own = NULL;

	if (adds) {
		json_object_object_del(m->gone, json_text(arguments, "id", ""));
		arguments = own = with_core_type(m, arguments);
	}
	qmp_send(&m->qmp, ++m->last_id, command, arguments);
	json_object_put(own);
	if (qmp_flush(&m->qmp) < 0)
		m->dead = true;
	reply = next_reply(m, clock_ms() + ANSWER_MS, SIZE_MAX);
	if (!reply) {
		m->dead = true;
		return NULL;
	}

	if (json_object_object_get_ex(reply, "return", &value)) {
		json_object_get(value);
	} else {
		value = json_object_new_object();
		json_object_object_add(
			value, "error",
			json_object_get(json_object_object_get(reply, "error")));
	}
	json_object_put(reply);
	return value;
}

void machine_wait_events(struct machine *m, size_t n)
{
	json_object_put(next_reply(m, clock_ms() + EVENTS_MS, n));
}

bool machine_is_gone(const struct machine *m, const char *device)
{
	return json_object_object_get_ex(m->gone, device, NULL);
}

json_object *machine_take_events(struct machine *m)
{
	json_object *events;

	json_object_put(machine_qmp(m, "query-status", NULL));
	events = m->events;
	m->events = json_object_new_array();
	return events;
}
