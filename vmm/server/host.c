// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "vmm/server/host_fault.h"
#include "vmm/server/host_parts.h"

void host_listen(struct host *host, struct host_listener *listener)
{
	listener->next = host->listeners;
	host->listeners = listener;
}

void host_unlisten(struct host *host, struct host_listener *listener)
{
	struct host_listener **link = &host->listeners;

	if (host->next_listener == listener)
		host->next_listener = listener->next;
	while (*link && *link != listener)
		link = &(*link)->next;
	if (*link)
		*link = listener->next;
}

/* Visit each listener once. The current one may unlisten itself. */
#define for_each_listener(host, l)                             \
	for (struct host_listener * (l) = (host)->listeners;   \
	     (l) && ((host)->next_listener = (l)->next, true); \
	     (l) = (host)->next_listener)

void host_tell(struct host *host, const struct papr_event *event)
{
	for_each_listener(host, l) if (l->event) l->event(l, event);
}

void host_tell_change(struct host *host, enum host_change change)
{
	for_each_listener(host, l) if (l->changed) l->changed(l, change);
}

void host_log(const struct host *host, const char *line)
{
	(void)host;
	fprintf(stderr, "papr-vmm: %s\n", line);
}

/* ---- Callbacks of the machine ---------------------------------------------------- */

static int give_read(void *priv, uint64_t address, void *buf, size_t len)
{
	return host_read(priv, address, buf, len);
}

static int give_write(void *priv, uint64_t address, const void *buf, size_t len)
{
	return host_write(priv, address, buf, len);
}

static void *give_map(void *priv, uint64_t address, size_t len)
{
	return host_map(priv, address, len);
}

static uint64_t give_clock(void *priv)
{
	return host_clock(priv);
}

static int64_t give_time(void *priv)
{
	return host_time_of_day(priv);
}

static void give_random(void *priv, void *buf, size_t len)
{
	uint8_t *p = buf;

	(void)priv;
	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno != EINTR)
			return; /* no getrandom(): the buffer stays unchanged */
		p += n < 0 ? 0 : n;
		len -= n < 0 ? 0 : (size_t)n;
	}
}

static void pass_event(void *priv, const struct papr_event *event)
{
	if (!host_asked(priv, event))
		host_tell(priv, event);
}

static void pass_interrupt(void *priv, uint32_t irq)
{
	struct host *host = priv;

	for_each_listener(host, l) if (l->interrupt) l->interrupt(l, irq);
}

static void pass_console(void *priv, const void *text, size_t len)
{
	struct host *host = priv;

	for_each_listener(host, l) if (l->console) l->console(l, text, len);
}

static void pass_terminal(void *priv, unsigned int terminal, const void *text, size_t len)
{
	struct host *host = priv;

	for_each_listener(host, l) if (l->terminal) l->terminal(l, terminal, text, len);
}

static void pass_terminal_read(void *priv, unsigned int terminal)
{
	struct host *host = priv;

	for_each_listener(host, l) if (l->terminal_read) l->terminal_read(l, terminal);
}

static void pass_log(void *priv, const char *line)
{
	host_log(priv, line);
}

/* Set the text of an error that has none. Return err. */
static int host_fail_at(struct papr_error *error, const char *what, int err)
{
	if (!error->text && asprintf(&error->text, "%s: %s", what, strerror(-err)) < 0)
		error->text = NULL;
	return err;
}

int host_new(struct host **out, const struct host_options *options,
	     struct papr_error *error)
{
	struct host *host = calloc(1, sizeof(*host));
	const struct papr_machine_ops embedder = {
		.size = sizeof(struct papr_machine_ops),
		.read = give_read,
		.write = give_write,
		.clock_ns = give_clock,
		.time_ns = give_time,
		.interrupt = pass_interrupt,
		.event = pass_event,
		.console = pass_console,
		.terminal = pass_terminal,
		.terminal_read = pass_terminal_read,
		.log = pass_log,
		.random = give_random,
		.answers = options->answers,
		.priv = host,
		.map = give_map,
	};
	int err;

	if (!host)
		return host_fail_at(error, "the machine", -ENOMEM);
	host->options = *options;
	host->options.config.size = sizeof(host->options.config);
	host->memory_fd = -1;
	host->memory_use.used = host->memory_use.anon = HOST_MEMORY_USED;
	host_clock_start(host);
	host->machine.size = sizeof(host->machine);
	papr_vmm_machine_find(options->config.machine, &host->machine);
	err = host_memory_new(host);
	if (err)
		host_fail_at(error, "guest memory", err);
	else
		err = papr_vmm_new(&host->vmm, &host->options.config, &embedder, error);
	if (err) {
		host_free(host);
		return host_fail_at(error, "the machine", err);
	}
	*out = host;
	return 0;
}

void host_free(struct host *host)
{
	if (!host)
		return;
	for_each_listener(host, l)
	{
		if (!l->ended)
			continue;
		host_unlisten(host, l);
		l->ended(l);
	}
	papr_vmm_free(host->vmm);
	host_memory_free(host);
	host_fault_clear(host, 0, NULL);
	free(host);
}
