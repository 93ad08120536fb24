// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/api/context.h"
#include "kern/cleanup.h"

static void context_warn(void *priv, const char *text)
{
	const struct dr *dr = priv;

	if (dr->warning)
		dr->warning(dr->warning_priv, text);
}

static void context_log(void *priv, enum log_level level, const char *text)
{
	const struct dr *dr = priv;

	dr->log_fn(dr->log_priv, (enum dr_level)level, text);
}

int dr_new(struct dr **dr, const char *sysroot)
{
	struct dr *made = calloc(1, sizeof(*made));
	const struct dr_report report = { .warning = context_warn, .priv = made };
	int err;

	*dr = NULL;
	if (!made)
		return -ENOMEM;
	made->references = 1;
	made->is_captured = sysroot;
	log_init(&made->log, "libdrmgr", -1);
	made->log.print = context_log;
	made->log.priv = made;
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
	free(dr->text);
	free(dr);
	return NULL;
}

const char *dr_version(void)
{
	return PACKAGE_VERSION;
}

void dr_set_log(struct dr *dr, dr_log_fn *fn, void *priv)
{
	dr->log_fn = fn;
	dr->log_priv = priv;
	dr->log.detail = fn ? LEVEL_DEBUG : -1;
}

void dr_set_warning(struct dr *dr, dr_warning_fn *fn, void *priv)
{
	dr->warning = fn;
	dr->warning_priv = priv;
}

/* ---- Errors ---- */

int context_fail(struct dr *dr, const struct dr_error *error, char *text, int err)
{
	free(dr->text);
	dr->error = *error;
	dr->error.err = err;
	dr->text = text;
	return err;
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

/* ---- The machine ---- */

bool dr_is_partition(const struct dr *dr)
{
	enum platform platform = platform_read(&dr->session.root);

	return platform != PLATFORM_UNKNOWN && platform != PLATFORM_POWERNV;
}

const char *dr_get_platform(const struct dr *dr)
{
	return platform_name(platform_read(&dr->session.root));
}

int dr_check_device_tree(const struct dr *dr)
{
	return platform_check_chrp(&dr->session.root);
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
	return capability->has;
}
