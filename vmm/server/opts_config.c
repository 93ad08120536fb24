// SPDX-License-Identifier: GPL-2.0-or-later
/* -readconfig: options in a file, as groups of lines NAME = "VALUE" */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/buffer.h"
#include "vmm/server/file.h"
#include "vmm/server/opts_parts.h"

enum { MAX_CONFIG_BYTES = 1 << 20 };

/* The group whose lines are read */
struct config_group {
	const char *option;  /* NULL: none yet */
	unsigned int line;   /* where it begins */
	struct buffer words; /* "name=value,", with doubled commas in values */
};

/* Return the option that a group of this name describes, or NULL. */
static const char *config_option(const char *name)
{
	static const char *const same[] = {
		"accel",      "action", "add-fd",  "chardev",
		"device",     "drive",	"fsdev",   "fw_cfg",
		"global",     "icount", "iscsi",   "machine",
		"mon",	      "msg",	"name",	   "net",
		"netdev",     "nic",	"numa",	   "object",
		"overcommit", "rtc",	"sandbox", "semihosting-config",
		"spice",      "tpmdev", "trace",   "vnc",
	};

	if (!strcmp(name, "boot-opts"))
		return "boot";
	if (!strcmp(name, "memory"))
		return "m";
	if (!strcmp(name, "smp-opts"))
		return "smp";
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (!strcmp(name, same[i]))
			return same[i];
	return NULL;
}

static int config_put(struct config_group *group, const char *name, const char *value)
{
	int err = buffer_put(&group->words, name, strlen(name));

	err = err ? err : buffer_put(&group->words, "=", 1);
	for (; !err && *value; value++)
		err = buffer_put(&group->words, *value == ',' ? ",," : value,
				 *value == ',' ? 2 : 1);
	return err ? err : buffer_put(&group->words, ",", 1);
}

/* Handle the group as the option that it describes. */
static int config_end_group(struct opts *opts, struct config_group *group)
{
	size_t len = group->words.len ? group->words.len - 1 : 0; /* the last comma */
	const char *words;
	int err;

	if (!group->option)
		return 0;
	words = opts_keep(opts, (const char *)buffer_bytes(&group->words), len);
	err = words ? opts_apply(opts, group->option, words) : -ENOMEM;
	buffer_free(&group->words);
	group->words = (struct buffer){ 0 };
	return err;
}

/* Return the text between quotes at the end of the line, or NULL. The line is changed. */
static char *config_quoted(char *text)
{
	char *end;

	if (*text++ != '"')
		return NULL;
	end = strchr(text, '"');
	if (!end || end[1])
		return NULL;
	*end = '\0';
	return text;
}

/* Begin the group [NAME] or [NAME "ID"]. */
static int config_begin_group(struct opts *opts, struct config_group *group, char *text)
{
	size_t len = strlen(text), name = strcspn(text, " ]");
	char *id = NULL;

	if (!len || text[len - 1] != ']')
		return opts_fail(opts, -EINVAL, "']' is missing");
	text[len - 1] = '\0';
	if (name + 1 < len) {
		text[name++] = '\0';
		id = config_quoted(text + name + strspn(text + name, " "));
		if (!id)
			return opts_fail(opts, -EINVAL,
					 "after the group's name, give its id in quotes");
	}
	group->option = config_option(text);
	if (!group->option)
		return opts_fail(opts, -EINVAL, "There is no option group '%s'", text);
	return id ? config_put(group, "id", id) : 0;
}

static int config_set(struct opts *opts, struct config_group *group, char *text)
{
	size_t name = strcspn(text, " \t=");
	char *value = text + name + strspn(text + name, " \t");

	if (!group->option)
		return opts_fail(opts, -EINVAL, "no group defined");
	if (*value++ == '=')
		value = config_quoted(value + strspn(value, " \t"));
	else
		value = NULL;
	if (!name || !value)
		return opts_fail(opts, -EINVAL, "parse error");
	text[name] = '\0';
	return config_put(group, text, value);
}

/* Put the line's number before the error text. */
static int config_blame(struct opts *opts, unsigned int line, int err)
{
	char *words = opts->error;

	opts->error = NULL;
	opts_fail(opts, err, "line %u: %s", line, words ? words : strerror(-err));
	free(words);
	return err;
}

static int config_line(struct opts *opts, struct config_group *group, char *text,
		       unsigned int line)
{
	int err = 0;

	text += strspn(text, " \t");
	for (size_t len = strlen(text); len && isspace((unsigned char)text[len - 1]);)
		text[--len] = '\0';
	if (!*text || *text == '#')
		return 0;
	if (*text == '[') {
		err = config_end_group(opts, group);
		if (err)
			return config_blame(opts, group->line, err);
		group->line = line;
		err = config_begin_group(opts, group, text + 1);
	} else {
		err = config_set(opts, group, text);
	}
	return err ? config_blame(opts, line, err) : 0;
}

static int config_read(struct opts *opts, char *text)
{
	struct config_group group = { 0 };
	unsigned int line = 0;
	char *next;
	int err = 0;

	for (; !err && text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		err = config_line(opts, &group, text, ++line);
	}
	if (!err) {
		err = config_end_group(opts, &group);
		err = err ? config_blame(opts, group.line, err) : 0;
	}
	buffer_free(&group.words);
	return err;
}

int opts_readconfig(struct opts *opts, const char *path)
{
	void *bytes = NULL;
	size_t n = 0;
	int err = file_read(path, MAX_CONFIG_BYTES, &bytes, &n);
	char *text = err ? NULL : strndup(bytes, n);

	free(bytes);
	if (err == -ENOENT)
		return opts_fail(opts, err, "Could not open '%s': %s", path,
				 strerror(-err));
	if (!err && !text)
		err = -ENOMEM;
	if (!err && strlen(text) != n)
		err = opts_fail(opts, -EINVAL, "the file is no text");
	if (!err)
		err = config_read(opts, text);
	free(text);
	return err;
}
