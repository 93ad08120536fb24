// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/overlay.h"
#include "kern/sysfs.h"
#include "wire/number.h"
#include "wire/printable.h"

#define OVERLAY_FILE "proc/device-tree-overlay"

enum {
	/* The first two lines fit into it. */
	HEAD_BYTES = 1024,
	ERRNO_MAX = 4095,
};

/* Return true if the text begins with "papr-dt-overlay VERSION". Later versions do all
 * that version 1 does. */
static bool overlay_is_understood(const char *line)
{
	static const char word[] = "papr-dt-overlay ";
	uint64_t version;

	if (strncmp(line, word, strlen(word)) != 0)
		return false;
	line += strlen(word);
	return !number_read(line, strcspn(line, " \n"), 10, &version) && version;
}

/* ---- The text of the file ------------------------------------------------------- */

/* Read the number after `name` in a word such as "props=3". */
static bool overlay_word_number(const char *word, const char *name, uint64_t *n)
{
	size_t len = strlen(name);

	return !strncmp(word, name, len) &&
	       !number_read(word + len, strlen(word + len), 10, n);
}

static void overlay_status_word(struct overlay_status *s, const char *word)
{
	uint64_t n;

	if (overlay_word_number(word, "max=", &n))
		s->max = n;
	else if (overlay_word_number(word, "seq=", &n))
		s->seq = n;
	else if (overlay_word_number(word, "last=-", &n) && n <= ERRNO_MAX)
		s->last = -(int)n;
}

/* Read "+4/-0". */
static void overlay_record_nodes(struct overlay_record *r, const char *text)
{
	size_t len = strcspn(text, "/");
	uint64_t added, removed;

	if (*text != '+' || number_read(text + 1, len - 1, 10, &added) ||
	    strncmp(text + len, "/-", 2) != 0 ||
	    number_read(text + len + 2, strlen(text + len + 2), 10, &removed))
		return;
	r->added = added;
	r->removed = removed;
}

/* Read "3 drc-40000010 nodes=+4/-0 props=1". Return false for any other line. */
static bool overlay_record_parse(struct overlay_record *r, char *line)
{
	char *save, *word = strtok_r(line, " ", &save);

	*r = (struct overlay_record){ 0 };
	if (!word || number_read(word, strlen(word), 10, &r->number))
		return false;
	word = strtok_r(NULL, " ", &save);
	if (!word || strlen(word) >= sizeof(r->id))
		return false;
	for (const char *c = word; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	snprintf(r->id, sizeof(r->id), "%s", word);
	while ((word = strtok_r(NULL, " ", &save))) {
		if (!strncmp(word, "nodes=", 6))
			overlay_record_nodes(r, word + 6);
		else
			overlay_word_number(word, "props=", &r->props);
	}
	return true;
}

static int overlay_status_record(struct overlay_status *s, char *line)
{
	struct overlay_record record, *grown = s->records;

	if (!overlay_record_parse(&record, line))
		return 0;
	if (!(s->n & (s->n - 1))) /* 0 or a power of two: full */
		grown = reallocarray(s->records, s->n ? s->n * 2 : 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->records = grown;
	s->records[s->n++] = record;
	return 0;
}

/* Parse the text of the file. The text is changed. */
static int overlay_status_parse(struct overlay_status *s, char *text)
{
	static const char reason[] = "reason: ";
	char *next = text, *line = strsep(&next, "\n"), *word, *save;
	int err = 0;

	*s = (struct overlay_status){ 0 };
	if (!overlay_is_understood(line))
		return -EOPNOTSUPP;
	for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
		overlay_status_word(s, word);
	for (bool is_second = true; !err && (line = strsep(&next, "\n"));
	     is_second = false) {
		if (strncmp(line, reason, strlen(reason)) != 0)
			err = overlay_status_record(s, line);
		else if (is_second)
			snprintf(s->reason, sizeof(s->reason), "%s",
				 line + strlen(reason));
	}
	printable(s->reason);
	return err;
}

int overlay_probe(const struct kern_root *root)
{
	struct overlay_status status;
	char line[128];
	int fd, err = sysfs_text(root, line, sizeof(line), OVERLAY_FILE);

	if (!err)
		err = overlay_status_parse(&status, line);
	if (err)
		return err;
	overlay_status_free(&status);
	if (root->overlay_max)
		*root->overlay_max = status.max;

	/* Reading does not show whether writing is allowed. Opening the file for writing
	 * changes nothing. */
	fd = kern_open(root, OVERLAY_FILE, O_WRONLY);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int overlay_status_read(const struct kern_root *root, struct overlay_status *status)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	int err = kern_read(root, OVERLAY_FILE, &text, &len);

	*status = (struct overlay_status){ 0 };
	if (!err)
		err = overlay_status_parse(status, text);
	if (err)
		overlay_status_free(status);
	return err;
}

void overlay_status_free(struct overlay_status *status)
{
	free(status->records);
	status->records = NULL;
	status->n = 0;
}

/* ---- Writing -------------------------------------------------------------------- */

/* Copy the reason that this descriptor reads. last: copy it only if the newest error in
 * the file is this one; 0: in any case. */
static void overlay_read_reason(int fd, int last, char *reason)
{
	struct overlay_status status;
	char text[HEAD_BYTES];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return;
	text[n] = '\0';
	if (!overlay_status_parse(&status, text) && (!last || status.last == last))
		snprintf(reason, OVERLAY_TEXT_BYTES, "%s", status.reason);
	overlay_status_free(&status);
}

int overlay_write(const struct kern_root *root, const void *blob, size_t len,
		  char *reason)
{
	int err = kern_write(root, OVERLAY_FILE, blob, len);
	_cleanup_close_ int fd = -1;

	if (reason)
		*reason = '\0';
	if (err && reason)
		fd = kern_open(root, OVERLAY_FILE, O_RDONLY);
	if (fd >= 0)
		overlay_read_reason(fd, err, reason);
	return err;
}

int overlay_write_alone(const struct kern_root *root, const void *blob, size_t len,
			char *reason)
{
	_cleanup_close_ int fd = kern_open(root, OVERLAY_FILE, O_RDWR | O_NOFOLLOW);
	ssize_t n;
	int err;

	*reason = '\0';
	if (fd < 0)
		return fd;
	n = write(fd, blob, len);
	if (n == (ssize_t)len)
		return 0;
	err = n < 0 ? -errno : -EIO;
	/* "last" may be another writer's, but the reason is this writer's. */
	overlay_read_reason(fd, 0, reason);
	return err;
}
