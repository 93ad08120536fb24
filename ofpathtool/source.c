// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kern/rtnetlink.h"
#include "ofpathtool/record.h"
#include "ofpathtool/source.h"
#include "wire/cursor.h"

#define TREE	  "sys/firmware/devicetree/base"
#define TREE_LINK "proc/device-tree"

int source_open(struct source *src, const char *sysroot)
{
	int err = kern_root_open(&src->root, sysroot);

	src->net = sysroot ? NULL : &rtnetlink_facts;
	src->record = -1;
	src->record_error = 0;
	if (err)
		return err;
	src->tree = kern_exists(&src->root, TREE) > 0 ? TREE : TREE_LINK;
	return 0;
}

void source_close(struct source *src)
{
	kern_root_close(&src->root);
	if (src->record >= 0)
		close(src->record);
	src->record = -1;
}

static int source_read_bytes(struct source *src, const char *path, char **data,
			     size_t *len)
{
	int err = kern_read_attr(&src->root, path, data, len);

	if (err)
		return err;
	record_file(src, path, *data, *len);
	if (*len <= ATTRIBUTE_MAX)
		return 0;
	free(steal_ptr(data));
	return -EBADMSG;
}

int source_file(struct source *src, const char *path, char **data, size_t *len)
{
	int err = kern_read(&src->root, path, data, len);

	if (!err)
		record_file(src, path, *data, *len);
	return err;
}

/* Read one line. Old kernels end a line of devspec with a NUL, firmware ends every text
 * with one. A NUL inside the line is an error. */
static int source_read_line(struct source *src, const char *path, char *text, size_t size)
{
	_cleanup_free_ char *data = NULL;
	size_t len, line;
	int err = source_read_bytes(src, path, &data, &len);

	if (err)
		return err;
	while (len && (!data[len - 1] || data[len - 1] == '\n'))
		data[--len] = '\0';
	line = strcspn(data, "\n");
	if (strlen(data) != len || line >= size)
		return -EBADMSG;
	memcpy(text, data, line);
	text[line] = '\0';
	return 0;
}

/* Format the path of a function's last arguments. Return 0 or -ENAMETOOLONG. */
#define source_path(path, fmt)                                  \
	({                                                      \
		va_list ap_;                                    \
		int len_;                                       \
		va_start(ap_, fmt);                             \
		len_ = vsnprintf(path, sizeof(path), fmt, ap_); \
		va_end(ap_);                                    \
		len_ < (int)sizeof(path) ? 0 : -ENAMETOOLONG;   \
	})

int source_text(struct source *src, char *text, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int err = source_path(path, fmt);

	return err ? err : source_read_line(src, path, text, size);
}

static int source_captured_targets(struct source *src, const char *path, char **text)
{
	size_t len;
	int err = kern_read_up_to(&src->root, path, TARGETS_MAX, text, &len);

	if (!err && strlen(*text) != len) {
		free(steal_ptr(text));
		return -EBADMSG;
	}
	return err;
}

int source_targets(struct source *src, const char *dir, enum dm_text which, char **text)
{
	char path[PATH_MAX], number[24];
	unsigned major, minor;
	int err;

	*text = NULL;
	if (snprintf(path, sizeof(path), "%s/dm/%s", dir,
		     which == DM_TEXT_TABLE ? "table" : "status") >= PATH_MAX)
		return -ENAMETOOLONG;
	if (!src->root.is_system)
		err = source_captured_targets(src, path, text);
	else if (source_text(src, number, sizeof(number), "%s/dev", dir) ||
		 sscanf(number, "%u:%u", &major, &minor) != 2)
		err = -ENOENT;
	else
		err = dm_read_targets(&src->root, major, minor, which, text);
	if (!err)
		record_file(src, path, *text, strlen(*text));
	return err;
}

int source_link(struct source *src, const char *path, char *text, size_t size)
{
	int err = kern_readlink(&src->root, path, text, size);

	if (!err)
		record_link(src, path, text);
	return err;
}

/* Resolve the text of a link, relative to the link's directory. */
static int source_join_link(char *object, size_t size, const char *link, const char *text)
{
	const char *slash = strrchr(link, '/');
	size_t used = slash ? (size_t)(slash - link) : 0;

	if (*text == '/')
		return -EBADMSG;
	for (; !strncmp(text, "../", 3); text += 3)
		while (used && link[--used] != '/')
			;
	if ((size_t)snprintf(object, size, "%.*s/%s", (int)used, link, text) >= size)
		return -ENAMETOOLONG;
	return strstr(object, "/..") ? -EBADMSG : 0;
}

int source_object(struct source *src, char *object, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX], text[PATH_MAX];
	int err = source_path(path, fmt);

	if (!err)
		err = source_link(src, path, text, sizeof(text));
	return err ? err : source_join_link(object, size, path, text);
}

bool source_has(struct source *src, const char *fmt, ...)
{
	char path[PATH_MAX];
	bool there = !source_path(path, fmt) && kern_exists(&src->root, path) > 0;

	if (there)
		record_presence(src, path);
	return there;
}

static int source_list_path(struct source *src, const char *path,
			    enum kern_list_what what, struct kern_names *names)
{
	int err = kern_list(&src->root, path, what, names);

	if (!err)
		record_list(src, path, names);
	return err;
}

int source_list(struct source *src, struct kern_names *names, const char *fmt, ...)
{
	char path[PATH_MAX];
	int err = source_path(path, fmt);

	*names = (struct kern_names){ 0 };
	return err ? err : source_list_path(src, path, KERN_LIST_ALL, names);
}

bool tree_has(struct source *src, const char *node, const char *child)
{
	return source_has(src, "%s%s%s%s", src->tree, node, *child ? "/" : "", child);
}

int tree_text(struct source *src, char *text, size_t size, const char *node,
	      const char *property)
{
	return source_text(src, text, size, "%s%s/%s", src->tree, node, property);
}

int tree_cell(struct source *src, uint32_t *cell, const char *node, const char *property)
{
	_cleanup_free_ char *data = NULL;
	char path[PATH_MAX];
	struct cursor c;
	size_t len;
	int err;

	if (snprintf(path, sizeof(path), "%s%s/%s", src->tree, node, property) >=
	    PATH_MAX)
		return -ENAMETOOLONG;
	err = source_read_bytes(src, path, &data, &len);
	if (err)
		return err;
	c = cursor_of(data, len);
	*cell = cursor_be32(&c);
	return c.err || cursor_left(&c) ? -EBADMSG : 0;
}

int tree_children(struct source *src, struct kern_names *names, const char *node)
{
	char path[PATH_MAX];

	*names = (struct kern_names){ 0 };
	if (snprintf(path, sizeof(path), "%s%s", src->tree, node) >= PATH_MAX)
		return -ENAMETOOLONG;
	return source_list_path(src, path, KERN_LIST_DIRS, names);
}

bool tree_is_path(const char *node)
{
	size_t len = strlen(node);

	if (*node != '/' || node[len - 1] == '/' || strstr(node, "//") ||
	    strstr(node, "/..") || strstr(node, "/./"))
		return false;
	for (; *node; node++)
		if (*node <= ' ' || *node > '~')
			return false;
	return true;
}
