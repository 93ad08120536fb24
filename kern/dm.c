// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "kern/dm.h"
#include "kern/text.h"

enum { ANSWER_BYTES = 16 * 1024, ANSWER_BYTES_MAX = 64 * 1024 };

/* Clear an answer before its memory is free: tables of some targets have keys. */
static void dm_free_answer(struct dm_ioctl **answer)
{
	if (*answer)
		explicit_bzero(*answer, (*answer)->data_size);
	free(*answer);
}

#define _cleanup_answer_ __attribute__((cleanup(dm_free_answer)))

/* Read the kernel's answer into a buffer of this size. */
static int dm_try(int control, unsigned int major, unsigned int minor, uint32_t flags,
		  uint32_t size, struct dm_ioctl **answer)
{
	struct dm_ioctl *request = *answer = calloc(1, size);

	if (!request)
		return -ENOMEM;
	*request = (struct dm_ioctl){
		.version = { DM_VERSION_MAJOR, 0, 0 },
		.data_size = size,
		.data_start = sizeof(*request),
		/* Without a flush, so that it does not wait for a device that hangs. The
		 * kernel clears its copy of secure data. */
		.flags = DM_NOFLUSH_FLAG | DM_SECURE_DATA_FLAG | flags,
		.dev = makedev(major, minor),
	};
	if (ioctl(control, DM_TABLE_STATUS, request) < 0)
		return -errno;
	/* The kernel has set it to what it used. */
	request->data_size = size;
	return request->flags & DM_BUFFER_FULL_FLAG ? -E2BIG : 0;
}

static int dm_ask(const struct kern_root *root, unsigned int major, unsigned int minor,
		  uint32_t flags, struct dm_ioctl **answer)
{
	_cleanup_close_ int control = kern_open(root, "dev/mapper/control", O_RDWR);
	int err = control < 0 ? control : -E2BIG;

	for (uint32_t size = ANSWER_BYTES; err == -E2BIG && size <= ANSWER_BYTES_MAX;
	     size *= 4) {
		dm_free_answer(answer);
		err = dm_try(control, major, minor, flags, size, answer);
	}
	return err;
}

/* Find a target at an offset of the data. After a struct it has a text that ends with a
 * NUL. Return the text, or NULL if it does not fit. */
static const char *dm_target_at(const struct dm_ioctl *answer, uint32_t offset,
				struct dm_target_spec *spec)
{
	uint32_t size = answer->data_size, start = answer->data_start;
	const char *text;

	if (start < sizeof(*answer) || start > size || offset > size - start ||
	    size - start - offset < sizeof(*spec) + 1)
		return NULL;
	text = (const char *)answer + start + offset;
	memcpy(spec, text, sizeof(*spec));
	text += sizeof(*spec);
	return memchr(text, '\0', size - start - offset - sizeof(*spec)) ? text : NULL;
}

static int dm_read_status(void *priv, const struct kern_root *root, unsigned int major,
			  unsigned int minor, char *target, size_t target_size,
			  char *status, size_t status_size)
{
	_cleanup_answer_ struct dm_ioctl *answer = NULL;
	struct dm_target_spec spec;
	const char *text;
	int err = dm_ask(root, major, minor, 0, &answer);

	(void)priv;
	if (err)
		return err;
	text = answer->target_count ? dm_target_at(answer, 0, &spec) : NULL;
	if (!text)
		return -EBADMSG;
	snprintf(target, target_size, "%.*s", (int)sizeof(spec.target_type),
		 spec.target_type);
	snprintf(status, status_size, "%s", text);
	return 0;
}

const struct dm_facts dm_control_facts = { .status = dm_read_status };

/* Return true if no argument of this type can be a key. */
static bool dm_has_no_key(const char *type)
{
	static const char *const types[] = {
		"cache",    "linear",	 "mirror",	   "multipath", "raid",
		"snapshot", "striped",	 "snapshot-merge", "thin",	"snapshot-origin",
		"verity",   "thin-pool", "writecache",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

/* Append a line for a target. The key of crypt, its second argument, is replaced.
 * Arguments of a type that may have keys are left out. */
static int dm_add_line(FILE *to, const struct dm_target_spec *spec, const char *text)
{
	char type[sizeof(spec->target_type) + 1];
	int key = 0, end = 0;

	if (strchr(text, '\n'))
		return -EBADMSG;
	snprintf(type, sizeof(type), "%.*s", (int)sizeof(spec->target_type),
		 spec->target_type);
	fprintf(to, "%" PRIu64 " %" PRIu64 " %s", (uint64_t)spec->sector_start,
		(uint64_t)spec->length, type);
	if (!strcmp(type, "crypt")) {
		sscanf(text, "%*s %n%*s%n", &key, &end);
		if (end > key)
			fprintf(to, " %.*s-%s", key, text, text + end);
	} else if (*text && dm_has_no_key(type)) {
		fprintf(to, " %s", text);
	}
	fputc('\n', to);
	return 0;
}

static int dm_add_lines(FILE *to, const struct dm_ioctl *answer)
{
	struct dm_target_spec spec;
	uint32_t offset = 0;

	for (uint32_t i = 0; i < answer->target_count; i++) {
		const char *text = dm_target_at(answer, offset, &spec);
		int err = text ? dm_add_line(to, &spec, text) : -EBADMSG;

		if (err)
			return err;
		/* In this answer it counts from the first target. */
		if (spec.next <= offset && i + 1 < answer->target_count)
			return -EBADMSG;
		offset = spec.next;
	}
	return 0;
}

int dm_read_targets(const struct kern_root *root, unsigned int major, unsigned int minor,
		    enum dm_text which, char **text)
{
	_cleanup_answer_ struct dm_ioctl *answer = NULL;
	size_t len;
	FILE *to;
	int err = dm_ask(root, major, minor,
			 which == DM_TEXT_TABLE ? DM_STATUS_TABLE_FLAG : 0, &answer);

	*text = NULL;
	if (err)
		return err;
	to = open_memstream(text, &len);
	if (!to)
		return -ENOMEM;
	err = dm_add_lines(to, answer);
	if (!text_close(to, text) && !err)
		err = -ENOMEM;
	if (err)
		free(steal_ptr(text));
	return err;
}
