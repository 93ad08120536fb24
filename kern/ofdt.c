// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "kern/ofdt.h"
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "wire/dt_name.h"
#include "wire/ofdt_cmd.h"

#define OFDT_FILE     "proc/ppc64/ofdt"
#define LOCKDOWN_FILE "sys/kernel/security/lockdown"

int ofdt_probe(const struct kern_root *root)
{
	char lockdown[128];

	int err = kern_exists(root, OFDT_FILE);

	if (err <= 0)
		return err ? err : -ENOENT;
	/* "none [integrity] confidentiality": the brackets mark the active mode. */
	if (!sysfs_text(root, lockdown, sizeof(lockdown), LOCKDOWN_FILE) &&
	    !strstr(lockdown, "[none]"))
		return -EPERM;
	return 0;
}

/* Allocate the buffer of a command. The caller builds the command twice: first to count
 * its bytes, then to write them. */
static int ofdt_allocate(struct builder *b)
{
	size_t len = b->len;

	if (len > OFDT_CMD_MAX)
		return -E2BIG;
	*b = builder_of(malloc(len), len);
	return b->buf ? 0 : -ENOMEM;
}

static int ofdt_parent_exists(const struct kern_root *root, const char *path)
{
	_cleanup_free_ char *parent = strdup(path);
	char *slash = parent ? strrchr(parent, '/') : NULL;

	if (!slash)
		return parent ? 0 : -ENOMEM;

	slash[slash == parent] = '\0';
	return node_exists(root, parent);
}

/* An existing node is refused by the kernel. Below a missing parent, it crashes. */
static int ofdt_check_new_node(const struct kern_root *root, const char *path,
			       const struct ofdt_value *values, size_t n)
{
	int found;

	if (!dt_path_is_ok(path) || !n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (!dt_name_is_ok(values[i].name) || values[i].len > OFDT_CMD_MAX)
			return -EINVAL;

	if (!strcmp(path, "/"))
		return -EEXIST;
	found = ofdt_parent_exists(root, path);
	return found < 0 ? found : found ? 0 : -ENOENT;
}

static void ofdt_encode_node(struct builder *b, const char *path,
			     const struct ofdt_value *values, size_t n)
{
	ofdt_encode_add_node(b, path);
	for (size_t i = 0; i < n; i++)
		ofdt_encode_property(b, values[i].name, values[i].value, values[i].len);
	ofdt_encode_end(b);
}

int ofdt_add_node(const struct kern_root *root, const char *path,
		  const struct ofdt_value *values, size_t n)
{
	struct builder b = { 0 };
	int err = ofdt_check_new_node(root, path, values, n);

	if (err)
		return err;

	ofdt_encode_node(&b, path, values, n);
	err = ofdt_allocate(&b);
	if (err)
		return err;

	ofdt_encode_node(&b, path, values, n);
	err = kern_write(root, OFDT_FILE, b.buf, b.len);
	free(b.buf);
	return err == -EINVAL && node_exists(root, path) > 0 ? -EEXIST : err;
}

int ofdt_remove_node(const struct kern_root *root, const char *path)
{
	uint8_t cmd[4096];
	struct builder b = builder_of(cmd, sizeof(cmd));

	if (!dt_path_is_ok(path) || !strcmp(path, "/"))
		return -EINVAL;

	ofdt_encode_remove_node(&b, path);
	return builder_fits(&b) ? kern_write(root, OFDT_FILE, b.buf, b.len) : -E2BIG;
}

int ofdt_phandle(const struct kern_root *root, const char *path, uint32_t *phandle)
{
	static const char *const names[] = { "ibm,phandle", "linux,phandle", "phandle" };

	int err = -ENOENT;

	if (!dt_path_is_ok(path))
		return -EINVAL;
	for (size_t i = 0; err == -ENOENT && i < ARRAY_SIZE(names); i++)
		err = prop_u32(root, path, names[i], phandle);
	return err;
}

int ofdt_update_property(const struct kern_root *root, const char *path,
			 const struct ofdt_value *value)
{
	struct builder b = { 0 };
	uint32_t phandle;
	int err;

	if (!dt_name_is_ok(value->name) || value->len > OFDT_CMD_MAX)
		return -EINVAL;

	err = ofdt_phandle(root, path, &phandle);
	if (err)
		return err;

	ofdt_encode_update_property(&b, phandle, value->name, value->value, value->len);
	err = ofdt_allocate(&b);
	if (err)
		return err;

	ofdt_encode_update_property(&b, phandle, value->name, value->value, value->len);
	err = kern_write(root, OFDT_FILE, b.buf, b.len);
	free(b.buf);
	return err;
}

int ofdt_remove_property(const struct kern_root *root, const char *path, const char *name)
{
	uint8_t cmd[512];
	struct builder b = builder_of(cmd, sizeof(cmd));
	_cleanup_prop_ struct prop prop = { 0 };
	uint32_t phandle;
	int err;

	if (!dt_name_is_ok(name))
		return -EINVAL;

	err = ofdt_phandle(root, path, &phandle);
	if (!err)
		err = prop_read(root, path, name, &prop);
	if (err)
		return err;

	ofdt_encode_remove_property(&b, phandle, name);
	return kern_write(root, OFDT_FILE, b.buf, b.len);
}
