// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/api/context.h"
#include "kern/cleanup.h"
#include "kern/text.h"

int dr_new(struct dr **dr, const char *sysroot)
{
	static const char *const command[] = { "libdrmgr", NULL };
	struct dr *made = calloc(1, sizeof(*made));
	struct dr_report report;
	int err;

	*dr = NULL;
	if (!made)
		return -ENOMEM;
	made->references = 1;
	made->argc = 1;
	made->watched_lock = -1;
	made->argv = (char *const *)(uintptr_t)command;
	report = context_report(made);
	err = session_open(&made->session, sysroot, &made->log, &report);
	if (err)
		dr_unref(made);
	else
		*dr = made;
	return err;
}

struct dr *dr_ref(struct dr *dr)
{
	dr->references++;
	return dr;
}

struct dr *dr_unref(struct dr *dr)
{
	if (!dr || --dr->references)
		return NULL;
	session_close(&dr->session);
	if (dr->watched_lock >= 0)
		close(dr->watched_lock);
	free(dr->text);
	free(dr);
	return NULL;
}

const char *dr_version(void)
{
	return PACKAGE_VERSION;
}

void context_copy_sized(void *to, size_t to_size, const void *from, size_t from_size)
{
	size_t size = to_size < from_size ? to_size : from_size, first = sizeof(size_t);

	if (size > first)
		memcpy((char *)to + first, (const char *)from + first, size - first);
}

void dr_set_callbacks(struct dr *dr, const struct dr_callbacks *callbacks)
{
	dr->callbacks = (struct dr_callbacks){ .size = sizeof(dr->callbacks) };
	if (callbacks)
		context_copy_sized(&dr->callbacks, sizeof(dr->callbacks), callbacks,
				   callbacks->size);
	dr->log =
		(struct dr_log){ .print = dr->callbacks.log, .priv = dr->callbacks.priv };
}

void dr_set_time_limit(struct dr *dr, int64_t ms)
{
	dr->session.dr.limit = ms ? deadline_in_ms(ms) : deadline_never();
	dr->session.dr.limit_ms = ms;
}

void dr_set_stop_fd(struct dr *dr, int fd)
{
	dr->session.dr.stop_fd = fd;
}

void dr_set_command(struct dr *dr, int argc, char *const argv[])
{
	dr->argc = argc;
	dr->argv = argv;
	dr->has_command = true;
}

void dr_set_trace(struct dr *dr, bool trace)
{
	dr->traces = trace;
}

/* ---- The lock ---- */

/* A captured tree can only be read. */
static int context_refuse_captured(struct dr *dr)
{
	static const struct dr_error error = { .fault = DR_FAULT_NOT_CAPABLE };

	return context_fail(dr, &error, text_of("A captured tree can only be read"),
			    -EROFS);
}

static const char *lock_error_text(int err)
{
	switch (err) {
	case -EPERM:
		return "not a regular file of root with one link: remove it";
	case -ESTALE:
		return "another user keeps replacing it";
	default:
		return strerror(-err);
	}
}

/* Return the words of dr_set_command(), separated by blanks. The caller frees them; NULL:
 * the caller has set none. */
static char *lock_command(const struct dr *dr)
{
	char *text = NULL;

	for (int i = 0; dr->has_command && i < dr->argc; i++) {
		char *more =
			i ? text_of("%s %s", text, dr->argv[i]) : strdup(dr->argv[i]);

		free(text);
		text = more;
		if (!text)
			break;
	}
	return text;
}

int dr_lock(struct dr *dr, int64_t ms)
{
	struct dr_error error = { .fault = DR_FAULT_LOCKED };
	_cleanup_free_ char *command = lock_command(dr);
	int err;

	if (dr->session.lock.fd >= 0)
		return 0;
	if (!dr->session.root.is_system)
		return context_refuse_captured(dr);
	err = session_lock(&dr->session, command, ms, &dr->holder);
	if (err && err != -EAGAIN)
		error.fault = DR_FAULT_KERNEL;
	return err ? context_fail(dr, &error,
				  text_of("/" LOCK_DR_FILE ": %s", lock_error_text(err)),
				  err)
		   : 0;
}

void dr_unlock(struct dr *dr)
{
	lock_release(&dr->session.lock);
	dr->has_no_journal = false;
}

bool dr_has_lock(const struct dr *dr)
{
	return dr->session.lock.fd >= 0;
}

int dr_get_lock_holder(const struct dr *dr)
{
	return dr->holder.pid;
}

const char *dr_get_lock_holder_command(const struct dr *dr)
{
	return dr->holder.command;
}

/* ---- Errors ---- */

int context_fail(struct dr *dr, const struct dr_error *error, char *text, int err)
{
	static const struct dr_error no_memory = { .fault = DR_FAULT_MEMORY };

	free(dr->text);
	dr->error = text ? *error : no_memory;
	dr->error.err = text ? err : -ENOMEM;
	dr->text = text;
	return dr->error.err;
}

int context_refuse(struct dr *dr, const char *text, int err)
{
	static const struct dr_error error = { .fault = DR_FAULT_REQUEST };

	return context_fail(dr, &error, text_of("%s", text), err);
}

const struct dr_error *dr_get_error(const struct dr *dr)
{
	return &dr->error;
}

const char *dr_get_error_text(const struct dr *dr)
{
	if (dr->text)
		return dr->text;
	return dr->error.fault ? strerror(-dr->error.err) : "";
}

int context_open_firmware(struct dr *dr)
{
	static const struct dr_error error = { .fault = DR_FAULT_CALL };
	int err;

	if (!dr->session.root.is_system)
		return context_refuse_captured(dr);
	err = dr->session.dr.engine ? 0 : session_open_firmware(&dr->session, dr->traces);

	return err ? context_fail(dr, &error, text_of("%s", strerror(-err)), err) : 0;
}

int context_prepare_change(struct dr *dr)
{
	struct session *s = &dr->session;

	if (s->lock.fd < 0)
		return context_refuse(dr, "The lock is not held: call dr_lock() first",
				      -ENOLCK);
	s->dr.dry_run = false;
	/* Each change has its own: an error of the last one has no effect. */
	if (s->dr.journal)
		journal_close(s->dr.journal);
	session_keep_journal(s, dr->argc, dr->argv);
	return context_open_firmware(dr);
}

/* ---- The machine ---- */

/* Read the platform once for a context, which is never a constant object. */
static int context_read_platform(const struct dr *dr, enum platform *platform)
{
	struct dr *own = (struct dr *)(uintptr_t)dr;
	int err = dr->has_platform ? 0 : platform_read(&dr->session.root, &own->platform);

	own->has_platform = !err;
	*platform = dr->platform;
	return err;
}

bool dr_is_partition(const struct dr *dr)
{
	enum platform platform;

	/* If it cannot be read, dr_check_device_tree() fails. */
	return context_read_platform(dr, &platform) ||
	       (platform != PLATFORM_UNKNOWN && platform != PLATFORM_POWERNV);
}

const char *dr_get_platform(const struct dr *dr)
{
	enum platform platform;

	context_read_platform(dr, &platform);
	return platform_name(platform);
}

int dr_check_device_tree(const struct dr *dr)
{
	enum platform platform;
	int err = context_read_platform(dr, &platform);

	return err ? err : platform_check_chrp(&dr->session.root);
}

const struct dr_capability *dr_get_capability(struct dr *dr, size_t i)
{
	if (!dr->has_capabilities)
		capabilities_read(&dr->session.root, dr->capabilities);
	dr->has_capabilities = true;
	return i < CAPABILITIES ? &dr->capabilities[i] : NULL;
}

const char *dr_capability_get_name(const struct dr_capability *capability)
{
	return capability->key;
}

const char *dr_capability_get_title(const struct dr_capability *capability)
{
	return capability->label;
}

const char *dr_capability_get_file(const struct dr_capability *capability)
{
	return capability->file;
}

bool dr_capability_is_there(const struct dr_capability *capability)
{
	return capability->answer == CAPABILITY_YES;
}

bool dr_capability_is_known(const struct dr_capability *capability)
{
	return capability->answer != CAPABILITY_UNKNOWN;
}
