// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include "kern/cleanup.h"
#include "overlay/input.h"

enum {
	FIRST_BYTES = 65536,
	TEXT_BYTES = 4096, /* the part that is searched for marks of source text */
};

static int input_refuse(char *why, int err, const char *text)
{
	snprintf(why, INPUT_WHY_BYTES, "%s", text);
	return err;
}

static int input_open(const char *file)
{
	struct stat st;
	int fd = strcmp(file, "-") ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY)
				   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		close(fd);
		return -EISDIR;
	}
	return fd;
}

/* Read the file to its end, or until it has more than max bytes. */
static int input_read_all(struct input *in, int fd, size_t max)
{
	size_t room = 0;
	ssize_t n;

	do {
		if (in->size == room) {
			void *grown;

			room = room ? room * 2 : FIRST_BYTES;
			grown = realloc(in->bytes, room);
			if (!grown)
				return -ENOMEM;
			in->bytes = grown;
		}
		n = read(fd, (char *)in->bytes + in->size, room - in->size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			in->size += (size_t)n;
	} while (n && in->size <= max);
	return 0;
}

/* Return true for source text of a device tree. It begins with a version, after optional
 * comments. */
static bool input_is_source(const struct input *in)
{
	size_t len = in->size < TEXT_BYTES ? in->size : TEXT_BYTES;

	return memmem(in->bytes, len, "/dts-v1/", 8) ||
	       memmem(in->bytes, len, "/plugin/", 8);
}

static int input_check(struct input *in, size_t max, char *why)
{
	const struct fdt_header *head = in->bytes;
	const char *end;
	size_t total;

	if (!in->size)
		return input_refuse(why, -EBADMSG, "the file is empty");
	if (in->size < sizeof(*head) || fdt_magic(head) != FDT_MAGIC) {
		if (input_is_source(in))
			return input_refuse(why, -EBADMSG,
					    "this is source text; compile it with dtc -@ "
					    "-I dts -O dtb");
		return input_refuse(why, -EBADMSG,
				    "not a flattened device tree; compile source text "
				    "with dtc");
	}
	total = fdt_totalsize(head);
	if (in->size > max || total > max) {
		snprintf(why, INPUT_WHY_BYTES, "larger than %zu bytes", max);
		return -EBADMSG;
	}
	if (in->size < total) {
		snprintf(why, INPUT_WHY_BYTES,
			 "truncated: it has %zu of %zu bytes; copy or compile it again",
			 in->size, total);
		return -EBADMSG;
	}
	end = (const char *)in->bytes + total;
	if (in->size > total && memcmp(end, end + 1, in->size - total - 1) != 0) {
		snprintf(why, INPUT_WHY_BYTES, "%zu bytes follow the tree; remove them",
			 in->size - total);
		return -EBADMSG;
	}
	in->size = total; /* one byte again and again is padding to a block */
	return 0;
}

int input_read(struct input *in, const char *file, size_t max, char why[INPUT_WHY_BYTES])
{
	_cleanup_close_ int fd = input_open(file);
	int err = fd;

	*in = (struct input){ 0 };
	if (fd >= 0)
		err = input_read_all(in, fd, max);
	if (err < 0)
		input_refuse(why, err, strerror(-err));
	else
		err = input_check(in, max, why);
	if (err)
		input_free(in);
	return err;
}

void input_free(struct input *in)
{
	free(in->bytes);
	*in = (struct input){ 0 };
}
