// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/place.h"

const char *place_folder(enum place_kind kind)
{
	static const char *const folder[] = {
		[PLACE_DISK] = "sys/class/block",
		[PLACE_NET] = "sys/class/net",
		[PLACE_NVME] = "sys/class/nvme",
	};

	return folder[kind];
}

/* Compare names in this order: sda, sda1, sda10, sdb, sdaa; nvme0n9, nvme0n10. */
static int place_compare_names(const char *a, const char *b)
{
	static const char digits[] = "0123456789";
	size_t len_a = strcspn(a, digits), len_b = strcspn(b, digits);

	/* More letters sort later: z is before aa. */
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return strverscmp(a, b);
}

static int place_compare_by_name(const void *a, const void *b)
{
	return place_compare_names(*(char *const *)a, *(char *const *)b);
}

void place_sort_names(struct kern_names *names)
{
	if (names->n)
		qsort(names->name, names->n, sizeof(*names->name), place_compare_by_name);
}

const char *place_partition_name(struct mem *m, const char *disk, unsigned partition)
{
	size_t len = strlen(disk);
	bool is_digit = len && isdigit((unsigned char)disk[len - 1]);

	if (!partition)
		return mem_copy(m, disk);
	return mem_text(m, "%s%s%u", disk, is_digit ? "p" : "", partition);
}

/* Skip a decimal number. Return NULL if there is no number or it is too large. */
static const char *place_skip_number(const char *p, uint64_t *n)
{
	const char *begin = p;

	for (*n = 0; *p >= '0' && *p <= '9'; p++) {
		if (*n > (UINT64_MAX - 9) / 10)
			return NULL;
		*n = 10 * *n + (uint64_t)(*p - '0');
	}
	return p == begin ? NULL : p;
}

/* Return true if the text consists of count numbers, each followed by its separator. */
static bool place_is_numbers(const char *p, const char *separators, uint64_t *n,
			     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		p = place_skip_number(p, &n[i]);
		if (!p || *p != separators[i])
			return false;
		p++;
	}
	return true;
}

static bool place_is_scsi_address(struct place *place, const char *name)
{
	uint64_t n[4];

	if (!place_is_numbers(name, ":::", n, 4) || n[1] > UINT32_MAX ||
	    n[2] > UINT32_MAX)
		return false;
	place->channel = (uint32_t)n[1];
	place->target = (uint32_t)n[2];
	place->lun = n[3];
	return true;
}

/* Return true for a name such as "1-2.3". */
static bool place_is_usb_port(const char *name)
{
	uint64_t n;
	const char *p = place_skip_number(name, &n);
	char before = '-';

	while (p && *p == before) {
		p = place_skip_number(p + 1, &n);
		before = '.';
	}
	return p && !*p && before == '.';
}

static bool place_is_numbered(const char *name, const char *word)
{
	size_t len = strlen(word);
	uint64_t n;

	return !strncmp(name, word, len) && place_is_numbers(name + len, "", &n, 1);
}

/* Return true if the name is the word and a digit follows. */
static bool place_name_begins(const char *name, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(name, word, len) && isdigit((unsigned char)name[len]);
}

static void place_read_component(struct place *place, const char *name, struct span here)
{
	uint64_t n[2];

	if (place_is_scsi_address(place, name))
		place->scsi = here;
	else if (place_is_numbered(name, "host"))
		place->host = here;
	else if (place_name_begins(name, "rport-"))
		place->rport = here;
	else if (place_name_begins(name, "end_device-"))
		place->end_device = here;
	else if (place_is_numbered(name, "session"))
		place->session = here;
	else if (place_is_numbered(name, "ata"))
		place->ata = here;
	else if (place_is_numbered(name, "virtio"))
		place->virtio = here;
	else if (place_is_numbered(name, "usb"))
		place->usb_root = here;
	else if (place->usb_root.end && place_is_usb_port(name))
		place->usb = here;
	else if (place_is_numbers(name, ".", n, 2))
		place->ide = here;
	else if (place_is_numbered(name, "nvme"))
		place->nvme = here;
	else if (!strcmp(name, "nvme-fabrics"))
		place->fabrics = here;
	else if (place_name_begins(name, "nvme-subsys"))
		place->subsystem = here;
}

static void place_read_components(struct place *place)
{
	char name[OFP_NAME_MAX + 1];

	for (size_t at = strlen("sys/devices/"); at < strlen(place->dir);) {
		struct span here = { at, at + strcspn(place->dir + at, "/") };

		place_text(place, here, name, sizeof(name));
		place_read_component(place, name, here);
		at = here.end + 1;
	}
}

const char *place_text(const struct place *place, struct span span, char *text,
		       size_t size)
{
	snprintf(text, size, "%.*s", (int)(span.end - span.begin),
		 place->dir + span.begin);
	return text;
}

/* Find the name of a partition's disk: the parent directory. */
static bool place_disk_name(const char *name, const char *dir, char *disk, size_t size)
{
	const char *last = strrchr(dir, '/'), *above = last;

	while (above && above > dir && above[-1] != '/')
		above--;
	if (!above || strcmp(last + 1, name))
		return false;
	snprintf(disk, size, "%.*s", (int)(last - above), above);
	return *disk && strcmp(disk, name) && !strncmp(name, disk, strlen(disk));
}

static unsigned place_partition_number(struct source *src, const char *name,
				       const char *dir)
{
	char disk[OFP_NAME_MAX + 1], text[24];
	uint64_t n;

	/* Most devices are not partitions, and their names show it without a read. */
	if (!place_disk_name(name, dir, disk, sizeof(disk)) ||
	    source_text(src, text, sizeof(text), "%s/partition", dir) ||
	    !place_is_numbers(text, "", &n, 1) || n > UINT_MAX)
		return 0;
	return (unsigned)n;
}

bool place_is_partition(struct source *src, const char *name, const char *dir)
{
	return place_partition_number(src, name, dir) > 0;
}

int place_at(struct source *src, enum place_kind kind, const char *name, const char *dir,
	     struct place *place)
{
	*place = (struct place){ .kind = kind };
	snprintf(place->name, sizeof(place->name), "%s", name);
	snprintf(place->disk, sizeof(place->disk), "%s", name);
	snprintf(place->dir, sizeof(place->dir), "%s", dir);
	if (strncmp(dir, "sys/devices/", strlen("sys/devices/")))
		return -EBADMSG;

	if (kind == PLACE_DISK)
		place->partition = place_partition_number(src, name, dir);
	if (place->partition) {
		place_disk_name(name, dir, place->disk, sizeof(place->disk));
		*strrchr(place->dir, '/') = '\0';
	}
	place_read_components(place);
	return 0;
}

/* Return true if the name is safe to use in a path and in a line. */
static bool place_name_is_safe(const char *name)
{
	if (!*name || strlen(name) > OFP_NAME_MAX || *name == '.' || strchr(name, '/'))
		return false;
	for (; *name; name++)
		if (iscntrl((unsigned char)*name))
			return false;
	return true;
}

int place_find(struct source *src, enum place_kind kind, const char *name,
	       struct place *place)
{
	char dir[PATH_MAX];
	int err = place_name_is_safe(name) ? 0 : -ENOENT;

	if (!err)
		err = source_object(src, dir, sizeof(dir), "%s/%s", place_folder(kind),
				    name);
	return err ? err : place_at(src, kind, name, dir, place);
}

int place_find_number(struct source *src, bool is_block, unsigned major, unsigned minor,
		      struct place *place)
{
	char dir[PATH_MAX];
	int err = source_object(src, dir, sizeof(dir), "sys/dev/%s/%u:%u",
				is_block ? "block" : "char", major, minor);
	const char *name = err ? NULL : strrchr(dir, '/');

	if (!name)
		return err ? err : -EBADMSG;
	if (!is_block && strncmp(name, "/nvme", 5))
		return -ENOENT;
	return place_at(src, is_block ? PLACE_DISK : PLACE_NVME, name + 1, dir, place);
}
