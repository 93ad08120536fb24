// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kern/mounts.h"

/* A line has up to a page of options, and a host of containers has thousands of lines. */
enum { MOUNTS_BYTES_MAX = 256 << 20 };

static bool mount_is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Replace escapes. The kernel writes blanks, newlines and backslashes as three octal
 * digits. */
static void mount_unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++)
		if (*from == '\\' && mount_is_octal(from[1]) && mount_is_octal(from[2]) &&
		    mount_is_octal(from[3])) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 +
				     from[3] - '0');
			from += 4;
		} else {
			*to = *from++;
		}
	*to = '\0';
}

/* Return the next word of a line, or NULL. */
static char *mount_next_word(char **line)
{
	char *word = strsep(line, " ");

	return word && *word ? word : NULL;
}

/* Parse "36 35 98:0 /dir /point options tag:1 - type source options". */
static bool mount_parse(char *line, struct mount_entry *m)
{
	char *number, *tag;

	mount_next_word(&line);
	mount_next_word(&line);
	number = mount_next_word(&line);
	m->dir = mount_next_word(&line);
	m->point = mount_next_word(&line);
	mount_next_word(&line);
	do
		tag = mount_next_word(&line);
	while (tag && strcmp(tag, "-") != 0);
	m->type = mount_next_word(&line);
	m->source = strsep(&line, " ");
	m->options = line ? line : m->type;
	if (!number || !m->dir || !m->point || !m->type || !m->source ||
	    sscanf(number, "%u:%u", &m->major, &m->minor) != 2)
		return false;
	mount_unescape(m->dir);
	mount_unescape(m->point);
	mount_unescape(m->source);
	return true;
}

int mounts_read(const struct kern_root *root, const char *path, struct mount_table *table)
{
	char *rest, *line;
	size_t len, lines = 1;
	int err;

	*table = (struct mount_table){ 0 };
	err = kern_read_up_to(root, path, MOUNTS_BYTES_MAX, &table->text, &len);
	if (err)
		return err;

	for (const char *c = table->text; *c; c++)
		lines += *c == '\n';
	table->list = calloc(lines, sizeof(*table->list));
	if (!table->list)
		return -ENOMEM;
	rest = table->text;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (!mount_parse(line, &table->list[table->n]))
			err = -EBADMSG;
		else
			table->n++;
	}
	return err;
}

void mounts_free(struct mount_table *table)
{
	free(table->list);
	free(table->text);
	*table = (struct mount_table){ 0 };
}

static bool mount_covers(const char *path, const char *point, size_t len)
{
	return !strncmp(path, point, len) && (len == 1 || path[len] == '/' || !path[len]);
}

/* Return true for the other mount, those on it, and those that cover it: if they were older,
 * they would be before it in the table. */
static bool mount_is_newer(const struct mount_entry *m, const struct mount_entry *other)
{
	return other && m >= other &&
	       (mount_covers(m->point, other->point, strlen(other->point)) ||
		mount_covers(other->point, m->point, strlen(m->point)));
}

const struct mount_entry *mounts_find(const struct mount_table *table, const char *path,
				      const struct mount_entry *without)
{
	const struct mount_entry *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < table->n; i++) {
		size_t len = strlen(table->list[i].point);

		if (len >= longest && !mount_is_newer(&table->list[i], without) &&
		    mount_covers(path, table->list[i].point, len)) {
			longest = len;
			found = &table->list[i];
		}
	}
	return found;
}

int mount_next_option(const struct mount_entry *mount, const char *name, const char **at,
		      char **value)
{
	size_t len = strlen(name), n;

	for (const char *word = *at ? *at : mount->options; *word; word += n) {
		word += *word == ',';
		n = strcspn(word, ",");
		if (strncmp(word, name, len) != 0 || word[len] != '=')
			continue;
		*at = word + n;
		*value = strndup(word + len + 1, n - len - 1);
		if (!*value)
			return -ENOMEM;
		mount_unescape(*value);
		return 1;
	}
	return 0;
}

/* Read a header "Filename Type Size Used Priority", then one line per swap area. */
int swaps_read(const struct kern_root *root, struct kern_names *paths)
{
	_cleanup_free_ char *text = NULL;
	char *rest, *line;
	size_t len;
	int err = kern_read(root, "proc/swaps", &text, &len);

	if (err)
		return err == -ENOENT ? 0 : err; /* a kernel without swap */
	rest = text;
	strsep(&rest, "\n");
	while (!err && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, " \t")] = '\0';
		mount_unescape(line);
		if (*line)
			err = kern_names_add(paths, line);
	}
	return err;
}
