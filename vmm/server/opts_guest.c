// SPDX-License-Identifier: GPL-2.0-or-later
/* -name, -uuid, -rtc, -action, -display: what the guest can read, and the reactions to its
 * events */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "vmm/server/opts_parts.h"

static int set_name(struct opts *opts, const char *value)
{
	opts->host.config.name = value;
	return 0;
}

int opts_name(struct opts *opts, const char *text)
{
	static const struct opts_property properties[] = {
		{ "guest", .set = set_name },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "guest");

	return kv ? opts_properties(opts, kv, properties, NULL) : -EINVAL;
}

int opts_uuid(struct opts *opts, const char *text)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	struct papr_config *config = &opts->host.config;
	char digits[33] = { 0 };
	bool wrong = strlen(text) != strlen(shape);

	for (size_t i = 0, n = 0; shape[i] && !wrong; i++) {
		if (shape[i] == 'x')
			digits[n++] = text[i];
		else
			wrong = text[i] != '-';
	}
	if (wrong ||
	    word_hex(digits, config->uuid, sizeof(config->uuid)) != sizeof(config->uuid))
		return opts_fail(opts, -EINVAL,
				 "failed to parse UUID string: wrong format");
	config->has_uuid = true;
	return 0;
}

static int set_rtc_base(struct opts *opts, const char *value)
{
	struct tm date = { 0 };
	const char *end;

	if (!strcmp(value, "utc"))
		return 0;
	if (!strcmp(value, "localtime")) {
		time_t now = time(NULL);

		if (!localtime_r(&now, &date))
			return opts_fail(opts, -EINVAL,
					 "the local time is not available");
	} else {
		end = strptime(value, "%Y-%m-%d", &date);
		if (end && *end)
			end = strptime(end, "T%H:%M:%S", &date);
		if (!end || *end)
			return opts_fail(opts, -EINVAL,
					 "invalid datetime format '%s', not as "
					 "2006-06-17T16:01:21 or 2006-06-17",
					 value);
	}
	opts->host.rtc_has_base = true;
	if (__builtin_mul_overflow(timegm(&date), INT64_C(1000000000),
				   &opts->host.rtc_base_ns))
		return opts_fail(opts, -EINVAL, "year out of range");
	return 0;
}

static int set_rtc_clock(struct opts *opts, const char *value)
{
	opts->host.rtc_vm_clock = !strcmp(value, "vm");
	if (opts->host.rtc_vm_clock || !strcmp(value, "host") || !strcmp(value, "rt"))
		return 0;
	return opts_fail(opts, -EINVAL, "invalid option value '%s'", value);
}

int opts_rtc(struct opts *opts, const char *text)
{
	static const struct opts_property properties[] = {
		{ "base", .set = set_rtc_base },
		{ "clock", .set = set_rtc_clock },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, NULL);

	return kv ? opts_properties(opts, kv, properties, NULL) : -EINVAL;
}

int opts_choice(struct opts *opts, const char *name, const char *value,
		const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], value))
			return i;
	opts_fail(opts, -EINVAL, "Parameter '%s' does not accept value '%s'", name,
		  value);
	return -1;
}

static int set_reboot_action(struct opts *opts, const char *value)
{
	static const char *const words[] = { "reset", "shutdown", NULL };
	int n = opts_choice(opts, "reboot", value, words);

	opts->host.no_reboot = n == 1;
	return n < 0 ? -EINVAL : 0;
}

static int set_shutdown_action(struct opts *opts, const char *value)
{
	static const char *const words[] = { "poweroff", "pause", NULL };
	int n = opts_choice(opts, "shutdown", value, words);

	opts->host.no_shutdown = n == 1;
	return n < 0 ? -EINVAL : 0;
}

static int set_panic_action(struct opts *opts, const char *value)
{
	static const char *const words[] = { "shutdown", "pause", "exit-failure", "none",
					     NULL };
	static const enum host_panic actions[] = { HOST_PANIC_SHUTDOWN, HOST_PANIC_PAUSE,
						   HOST_PANIC_EXIT, HOST_PANIC_RUN };
	int n = opts_choice(opts, "panic", value, words);

	if (n < 0)
		return -EINVAL;
	opts->host.panic = actions[n];
	return 0;
}

int opts_action(struct opts *opts, const char *text)
{
	static const struct opts_property properties[] = {
		{ "reboot", .set = set_reboot_action },
		{ "shutdown", .set = set_shutdown_action },
		{ "panic", .set = set_panic_action },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, NULL);

	return kv ? opts_properties(opts, kv, properties, NULL) : -EINVAL;
}

/* For command lines of QEMU. */
int opts_display(struct opts *opts, const char *text)
{
	return strcmp(text, "none")
		       ? opts_fail(opts, -EINVAL, "'%s' is not supported, only 'none'",
				   text)
		       : 0;
}
