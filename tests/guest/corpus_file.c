// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/guest/corpus.h"

#define FILE_NAME "/proc/device-tree-overlay"

int corpus_write(const void *blob, size_t size)
{
	int fd = open(FILE_NAME, O_WRONLY | O_CLOEXEC), error;

	if (fd < 0)
		err(2, FILE_NAME);
	error = write(fd, blob, size) == (ssize_t)size ? 0 : errno;
	close(fd);
	return error;
}

int corpus_apply(const char *file, char reason[CORPUS_REASON_BYTES])
{
	char command[CORPUS_PATH_BYTES + 64], line[CORPUS_REASON_BYTES * 2] = "", *text;
	FILE *in;
	int status, error;

	snprintf(command, sizeof(command), "papr-overlay apply '%s' 2>&1", file);
	in = popen(command, "re");
	if (!in)
		err(2, "%s", command);
	while (fgets(line, sizeof(line), in)) /* the last line */
		;
	status = pclose(in);
	*reason = '\0';
	if (!status)
		return 0;
	/* papr-overlay: FILE: [ERROR: ]REASON */
	line[strcspn(line, "\n")] = '\0';
	text = strstr(line, file);
	text = text ? text + strlen(file) + 2 : line;
	for (error = 1; error < 4096; error++) {
		const char *name = strerrorname_np(error);
		size_t len = name ? strlen(name) : 0;

		if (len && !strncmp(text, name, len) && text[len] == ':') {
			text += len + 2;
			break;
		}
	}
	snprintf(reason, CORPUS_REASON_BYTES, "%.500s", text);
	return error < 4096 ? error : EINVAL;
}

void corpus_read(char *reason, char *newest)
{
	FILE *in = fopen(FILE_NAME, "re");
	char line[CORPUS_REASON_BYTES];

	if (!in)
		err(2, FILE_NAME);
	*reason = *newest = '\0';
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "reason: ", 8))
			strcpy(reason, line + 8);
		else if (isdigit((unsigned char)*line))
			sscanf(line, "%*u %63s", newest);
	}
	fclose(in);
}

int corpus_write_built(struct overlay_build *b)
{
	int error = overlay_build_end(b);

	if (error)
		errx(2, "a blob: %s", strerror(-error));
	error = corpus_write(b->fdt, b->size);
	overlay_build_free(b);
	return error;
}

void corpus_revert(const char *id)
{
	char reason[CORPUS_REASON_BYTES], newest[OVERLAY_ID_MAX + 1];
	struct overlay_build b;
	int error;

	overlay_build_begin(&b, NULL, 0, id);
	error = corpus_write_built(&b);
	if (!error)
		return;
	corpus_read(reason, newest);
	errx(1, "%s cannot be reverted: %s: %s", id, strerrorname_np(error), reason);
}

void corpus_revert_newest(void)
{
	char reason[CORPUS_REASON_BYTES], newest[OVERLAY_ID_MAX + 1];

	corpus_read(reason, newest);
	corpus_revert(newest);
}
