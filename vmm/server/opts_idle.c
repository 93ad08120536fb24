// SPDX-License-Identifier: GPL-2.0-or-later
/* Options that have no effect here: no part of the machine that a guest or a client can
 * see depends on them. Their values are checked all the same. */
#include <errno.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

#define SWITCH .flag = offsetof(struct opts, ignored)

int opts_any(struct opts *opts, const char *text)
{
	(void)opts;
	(void)text;
	return 0;
}

int opts_any_text(struct opts *opts, const char *text)
{
	return *text ? 0 : opts_fail(opts, -EINVAL, "the argument is empty");
}

int opts_only_none(struct opts *opts, const char *text)
{
	return strcmp(text, "none")
		       ? opts_fail(opts, -EINVAL, "'%s' is not supported, only 'none'",
				   text)
		       : 0;
}

/* Check the parameters of an option against a table. */
static int idle_check(struct opts *opts, const char *text, const char *implied,
		      const struct opts_property *table)
{
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, implied);

	return kv ? opts_properties(opts, kv, table, NULL) : -EINVAL;
}

static int idle_word(struct opts *opts, const char *name, const char *value,
		     const char *const *words)
{
	return opts_choice(opts, name, value, words) < 0 ? -EINVAL : 0;
}

/* ---- Words and switches ------------------------------------------------------------- */

static int idle_mem_lock(struct opts *opts, const char *value)
{
	bool on;

	/* QEMU 10 has a third value. */
	return strcmp(value, "on-fault") ? opts_set_bool(opts, "mem-lock", value, &on)
					 : 0;
}

int opts_overcommit(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "mem-lock", .set = idle_mem_lock },
		{ "cpu-pm", SWITCH },
		{ .name = NULL },
	};

	return idle_check(opts, text, NULL, table);
}

int opts_msg(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "timestamp", SWITCH },
		{ "guest-name", SWITCH },
		{ .name = NULL },
	};

	return idle_check(opts, text, NULL, table);
}

static int idle_no_rights(struct opts *opts, const char *value)
{
	(void)value;
	return opts_fail(opts, -ENOTSUP,
			 "not supported: papr-vmm does not change its rights; start it "
			 "with them");
}

int opts_run_with(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "async-teardown", SWITCH },
		{ "chroot", .set = idle_no_rights },
		{ "user", .set = idle_no_rights },
		{ .name = NULL },
	};

	return idle_check(opts, text, NULL, table);
}

static const char *const compat_input[] = { "accept", "reject", "crash", NULL };
static const char *const compat_output[] = { "accept", "hide", NULL };

static int idle_deprecated_input(struct opts *opts, const char *value)
{
	return idle_word(opts, "deprecated-input", value, compat_input);
}

static int idle_deprecated_output(struct opts *opts, const char *value)
{
	return idle_word(opts, "deprecated-output", value, compat_output);
}

static int idle_unstable_input(struct opts *opts, const char *value)
{
	return idle_word(opts, "unstable-input", value, compat_input);
}

static int idle_unstable_output(struct opts *opts, const char *value)
{
	return idle_word(opts, "unstable-output", value, compat_output);
}

int opts_compat(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "deprecated-input", .set = idle_deprecated_input },
		{ "deprecated-output", .set = idle_deprecated_output },
		{ "unstable-input", .set = idle_unstable_input },
		{ "unstable-output", .set = idle_unstable_output },
		{ .name = NULL },
	};

	return idle_check(opts, text, NULL, table);
}

int opts_watchdog_action(struct opts *opts, const char *text)
{
	static const char *const words[] = { "reset", "shutdown", "poweroff",	"pause",
					     "debug", "none",	  "inject-nmi", NULL };

	return idle_word(opts, "watchdog", text, words);
}

static int idle_sandbox_word(struct opts *opts, const char *name, const char *value,
			     bool children)
{
	if (!strcmp(value, "allow") || !strcmp(value, "deny") ||
	    (children && !strcmp(value, "children")))
		return 0;
	return opts_fail(opts, -EINVAL, "invalid argument for %s", name);
}

static int idle_obsolete(struct opts *opts, const char *value)
{
	return idle_sandbox_word(opts, "obsolete", value, false);
}

static int idle_privileges(struct opts *opts, const char *value)
{
	return idle_sandbox_word(opts, "elevateprivileges", value, true);
}

static int idle_spawn(struct opts *opts, const char *value)
{
	return idle_sandbox_word(opts, "spawn", value, false);
}

static int idle_resources(struct opts *opts, const char *value)
{
	return idle_sandbox_word(opts, "resourcecontrol", value, false);
}

int opts_sandbox(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "enable", SWITCH },
		{ "obsolete", .set = idle_obsolete },
		{ "elevateprivileges", .set = idle_privileges },
		{ "spawn", .set = idle_spawn },
		{ "resourcecontrol", .set = idle_resources },
		{ .name = NULL },
	};

	return idle_check(opts, text, "enable", table);
}

/* ---- Numbers and devices ------------------------------------------------------------ */

int opts_seed(struct opts *opts, const char *text)
{
	uint64_t seed;

	return word_u64(text, &seed)
		       ? opts_fail(opts, -EINVAL, "Invalid seed number: %s", text)
		       : 0;
}

static int idle_shift(struct opts *opts, const char *value)
{
	uint32_t shift;

	if (!strcmp(value, "auto") || (!word_u32(value, &shift) && shift <= 10))
		return 0;
	return opts_fail(opts, -EINVAL, "icount: Invalid shift value");
}

int opts_icount(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "shift", .set = idle_shift },
		{ "align", SWITCH },
		{ "sleep", SWITCH },
		{ "rr", .set = opts_any },
		{ "rrfile", .set = opts_any },
		{ "rrsnapshot", .set = opts_any },
		{ .name = NULL },
	};

	return idle_check(opts, text, "shift", table);
}

/* Devices by their letters: a and b floppies, c and d disks, n and others networks */
static int idle_boot_order(struct opts *opts, const char *value)
{
	for (const char *at = value; *at; at++) {
		if (*at < 'a' || *at > 'p')
			return opts_fail(opts, -EINVAL, "Invalid boot device '%c'", *at);
		if (strchr(at + 1, *at))
			return opts_fail(opts, -EINVAL,
					 "Boot device '%c' was given twice", *at);
	}
	return 0;
}

static int idle_boot_time(struct opts *opts, const char *value)
{
	uint32_t ms;

	return strcmp(value, "-1") && (word_u32(value, &ms) || ms > 0xffff)
		       ? opts_fail(opts, -EINVAL,
				   "'%s' is no time of -1 to 65535 milliseconds", value)
		       : 0;
}

int opts_boot(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "order", .set = idle_boot_order },
		{ "once", .set = idle_boot_order },
		{ "menu", SWITCH },
		{ "strict", SWITCH },
		{ "splash", .set = opts_any },
		{ "splash-time", .set = idle_boot_time },
		{ "reboot-timeout", .set = idle_boot_time },
		{ .name = NULL },
	};

	return idle_check(opts, text, "order", table);
}
