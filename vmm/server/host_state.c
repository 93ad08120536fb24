// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/host_parts.h"

/* Record a request. Only one can be pending: the first one wins. */
static void wish(struct host *host, enum host_wish_kind kind, bool by_guest,
		 const char *why)
{
	if (host->wish.kind != HOST_WISH_NONE)
		return;
	host->wish.kind = kind;
	host->wish.silent = false;
	host->wish.by_guest = by_guest;
	snprintf(host->wish.why, sizeof(host->wish.why), "%s", why ? why : "");
}

static void wish_stop(struct host *host, enum host_state state)
{
	host->stop_pending = true;
	host->stop_state = state;
}

enum host_panic host_panic_action(const struct host *host)
{
	const struct host_options *options = &host->options;

	if (options->panic == HOST_PANIC_SHUTDOWN && options->no_shutdown)
		return HOST_PANIC_PAUSE;
	return options->panic;
}

static void panicked(struct host *host)
{
	enum host_panic action = host_panic_action(host);

	if (action == HOST_PANIC_RUN)
		return;
	wish_stop(host, HOST_GUEST_PANICKED);
	if (action == HOST_PANIC_PAUSE)
		return;
	if (action == HOST_PANIC_EXIT)
		host->exit_status = 1;
	wish(host, HOST_WISH_SHUTDOWN, true, "guest-panic");
}

bool host_asked(struct host *host, const struct papr_event *event)
{
	switch (event->type) {
	case PAPR_EV_RESET:
		if (host->wish.kind == HOST_WISH_NONE) {
			wish(host, HOST_WISH_RESET, event->by_guest, event->text);
			host->wish.silent = event->silent;
		}
		return true;
	case PAPR_EV_SHUTDOWN:
		wish(host, HOST_WISH_SHUTDOWN, event->by_guest, event->text);
		return true;
	case PAPR_EV_STOP:
		wish_stop(host, HOST_PAUSED);
		return true;
	case PAPR_EV_SUSPEND:
		wish_stop(host, HOST_SUSPENDED);
		return true;
	case PAPR_EV_GUEST_PANICKED:
		panicked(host);
		return false;
	case PAPR_EV_DEVICE_DELETED:
		host->memory_changed = true;
		return false;
	default:
		return false;
	}
}

static void set_state(struct host *host, enum host_state state)
{
	host_clock_rebase(host);
	host->state = state;
}

static void stop_as(struct host *host, enum host_state state)
{
	bool ran = host->state == HOST_RUNNING;

	set_state(host, state);
	if (ran)
		host_tell_change(host, HOST_STOPPED);
}

void host_stop(struct host *host)
{
	if (host->state == HOST_RUNNING)
		stop_as(host, HOST_PAUSED);
}

int host_continue(struct host *host)
{
	if (host->state == HOST_SHUTDOWN)
		return -EPERM;
	if (host->state == HOST_SUSPENDED || host->state == HOST_RUNNING)
		return 0; /* only a reset ends the suspended state */
	set_state(host, HOST_RUNNING);
	host_tell_change(host, HOST_RESUMED);
	return 0;
}

void host_reset(struct host *host)
{
	wish(host, HOST_WISH_RESET, false, "host-qmp-system-reset");
}

void host_powerdown(struct host *host)
{
	wish(host, HOST_WISH_POWERDOWN, false, NULL);
}

int host_inject_nmi(struct host *host)
{
	if (!host->options.answers)
		return -ENOTSUP;
	host_tell_change(host, HOST_NMI);
	return 0;
}

void host_quit(struct host *host, const char *why)
{
	host->wish.kind = HOST_WISH_NONE;
	host->options.no_shutdown = false;
	wish(host, HOST_WISH_SHUTDOWN, false, why);
}

static void do_stop(struct host *host)
{
	static const struct papr_event suspended = { .type = PAPR_EV_SUSPEND };

	host->stop_pending = false;
	if (host->stop_state != HOST_SUSPENDED) {
		stop_as(host, host->stop_state);
		return;
	}
	set_state(host, HOST_SUSPENDED);
	host_tell(host, &suspended);
}

static void do_shutdown(struct host *host, const struct host_wish *w)
{
	const struct papr_event event = { .type = PAPR_EV_SHUTDOWN,
					  .by_guest = w->by_guest,
					  .text = w->why };

	host_tell(host, &event);
	if (host->options.no_shutdown) {
		stop_as(host, HOST_SHUTDOWN);
		return;
	}
	host->ended = true;
	host_tell_change(host, HOST_ENDING);
}

/* Reset the machine. If that fails, end the program. */
static void do_reset(struct host *host, const struct host_wish *w)
{
	const struct papr_event event = { .type = PAPR_EV_RESET,
					  .by_guest = w->by_guest,
					  .text = w->why };
	int err;

	host_tell_change(host, HOST_WILL_RESET);
	err = papr_vmm_reset(host->vmm);
	if (err) {
		host_log(host, "the machine cannot be reset; papr-vmm ends");
		host->exit_status = HOST_EXIT_FAILURE;
		host->ended = true;
		host_tell_change(host, HOST_ENDING);
		return;
	}
	if (host->state != HOST_RUNNING)
		set_state(host, HOST_PRELAUNCH);
	if (!w->silent)
		host_tell(host, &event);
	host_tell_change(host, HOST_WAS_RESET);
}

/* Execute the pending request. This may cause another one. */
static void do_wish(struct host *host)
{
	struct host_wish w = host->wish;

	host->wish.kind = HOST_WISH_NONE;
	if (w.kind == HOST_WISH_RESET && host->options.no_reboot && !w.silent)
		w.kind = HOST_WISH_SHUTDOWN;
	if (w.kind == HOST_WISH_RESET)
		do_reset(host, &w);
	else if (w.kind == HOST_WISH_SHUTDOWN)
		do_shutdown(host, &w);
	else if (w.kind == HOST_WISH_POWERDOWN)
		papr_vmm_powerdown(host->vmm);
}

static bool has_wish(const struct host *host)
{
	return host->stop_pending || host->wish.kind != HOST_WISH_NONE;
}

bool host_is_settled(const struct host *host)
{
	return !has_wish(host) && !host->memory_changed;
}

bool host_settle(struct host *host)
{
	while (!host->ended && has_wish(host)) {
		if (host->stop_pending)
			do_stop(host);
		else
			do_wish(host);
	}
	if (host->memory_changed) {
		host->memory_changed = false;
		host_memory_drop_unused(host);
	}
	return host->ended;
}

int host_start(struct host *host, bool run, struct papr_error *error)
{
	int err = papr_vmm_reset(host->vmm);

	if (err) {
		if (!error->text)
			error->text = strdup(
				err == -EFAULT ? "the kernel or the initrd does not fit "
						 "in memory"
				: err == -EINVAL ? "the kernel is damaged, or an ELF "
						   "image of another architecture"
						 : "out of memory");
		return err;
	}
	host->wish.kind = HOST_WISH_NONE;
	if (run)
		set_state(host, HOST_RUNNING);
	return 0;
}
