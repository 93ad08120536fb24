// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kern/sysfs.h"

#define OF_BASE "firmware/devicetree/base"

static int __attribute__((format(printf, 2, 0)))
sysfs_path(char path[PATH_MAX], const char *fmt, va_list ap)
{
	return (size_t)vsnprintf(path, PATH_MAX, fmt, ap) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int sysfs_text(const struct kern_root *root, char *text, size_t size, const char *fmt,
	       ...)
{
	char path[PATH_MAX];
	va_list ap;
	ssize_t n;

	va_start(ap, fmt);
	n = sysfs_path(path, fmt, ap);
	va_end(ap);
	if (!n)
		n = kern_read_short(root, path, text, size);
	if (n < 0)
		return (int)n;

	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static int __attribute__((format(printf, 4, 0)))
sysfs_vlink(const struct kern_root *root, char *target, size_t size, const char *fmt,
	    va_list ap)
{
	char path[PATH_MAX];
	int err = sysfs_path(path, fmt, ap);

	return err ? err : kern_readlink(root, path, target, size);
}

int sysfs_link(const struct kern_root *root, char *target, size_t size, const char *fmt,
	       ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = sysfs_vlink(root, target, size, fmt, ap);
	va_end(ap);
	return err;
}

int sysfs_link_name(const struct kern_root *root, char *name, size_t size,
		    const char *fmt, ...)
{
	char target[PATH_MAX];
	const char *slash;
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = sysfs_vlink(root, target, sizeof(target), fmt, ap);
	va_end(ap);
	if (err)
		return err;

	slash = strrchr(target, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : target);
	return 0;
}

/* Read the file devspec: "(null)" for a device without a node. */
static int sysfs_devspec(const struct kern_root *root, const char *object, char *node,
			 size_t size)
{
	char text[PATH_MAX];
	int err = sysfs_text(root, text, sizeof(text), "%s/devspec", object);

	if (err)
		return err;
	if (*text != '/')
		return -ENOENT;
	return (size_t)snprintf(node, size, "%s", text) < size ? 0 : -ENAMETOOLONG;
}

int sysfs_of_node(const struct kern_root *root, const char *object, char *node,
		  size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *base;
	int err =
		(size_t)snprintf(path, sizeof(path), "%s/of_node", object) < sizeof(path)
			? kern_readlink(root, path, target, sizeof(target))
			: -ENAMETOOLONG;

	if (err == -ENOENT)
		return sysfs_devspec(root, object, node, size);
	if (err)
		return err;

	base = strstr(target, OF_BASE);
	if (!base)
		return -EBADMSG;
	base += strlen(OF_BASE);
	if ((size_t)snprintf(node, size, "%s", *base ? base : "/") >= size)
		return -ENAMETOOLONG;
	return 0;
}

int sysfs_find_of_node(const struct kern_root *root, const char *dir, const char *node,
		       char *name, size_t size)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char of_node[PATH_MAX];
	int err = kern_list(root, dir, KERN_LIST_ALL, &names), found, unread = -ENOENT;

	for (size_t i = 0; !err && i < names.n; i++) {
		char object[PATH_MAX];

		if ((size_t)snprintf(object, sizeof(object), "%s/%s", dir,
				     names.name[i]) >= sizeof(object))
			return -ENAMETOOLONG;
		found = sysfs_of_node(root, object, of_node, sizeof(of_node));
		if (!found && !strcmp(of_node, node))
			return (size_t)snprintf(name, size, "%s", names.name[i]) < size
				       ? 0
				       : -ENAMETOOLONG;
		if (kern_read_failure(found))
			unread = found; /* it could be the one */
	}

	return err ? err : unread;
}
