// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/common.h"
#include "cli/system.h"
#include "eventd/platform_log.h"

enum {
	WORD = 4,
	LINE = 4 * WORD,
	ROTATE_BYTES = 1 << 20,
};

/* Return the dump of an event, which the caller frees; NULL: no memory. */
static char *platform_log_dump(int sequence, const char *bytes, size_t len, size_t *size)
{
	static const char mark[] = "RTAS: %d -------- RTAS event %s\n";
	char *text = NULL;
	FILE *to = open_memstream(&text, size);

	if (!to)
		return NULL;
	fprintf(to, mark, sequence, "begin --------");
	for (size_t i = 0; i < len; i++) {
		if (i % LINE == 0)
			fprintf(to, "RTAS %zu:", i / LINE);
		if (i % WORD == 0)
			fputc(' ', to);
		fprintf(to, "%02x", (unsigned char)bytes[i]);
		if (i % LINE == LINE - 1 || i + 1 == len)
			fputc('\n', to);
	}
	fprintf(to, mark, sequence, "end ----------");
	return text_close(to, &text);
}

/* Make room for a new file. */
static void platform_log_rotate(const char *path)
{
	_cleanup_free_ char *old = text_of("%s.0", path);
	struct stat st;

	if (old && !lstat(path, &st) && st.st_size >= ROTATE_BYTES)
		rename(path, old);
}

/* One write, so that a reader, or a log after a kill, has all of an event or nothing. */
int platform_log_append(const char *path, int sequence, const char *bytes, size_t len)
{
	size_t size;
	_cleanup_free_ char *text = platform_log_dump(sequence, bytes, len, &size);
	_cleanup_close_ int fd = -1;
	ssize_t n;

	if (!text)
		return -ENOMEM;
	platform_log_rotate(path);
	fd = own_file_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0640);
	if (fd < 0)
		return fd;
	n = write(fd, text, size);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -ENOSPC;
}
