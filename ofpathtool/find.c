// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "kern/rtnetlink.h"
#include "ofpathtool/find.h"

static int find_by_name(struct ofp *h, const char *name, struct place *place)
{
	static const enum place_kind kinds[] = { PLACE_DISK, PLACE_NET, PLACE_NVME };
	int err = -ENOENT;

	for (size_t i = 0; err && i < ARRAY_SIZE(kinds); i++)
		err = place_find(&h->src, kinds[i], name, place);
	return err;
}

/* Find a device by the path of its node, which is changed. The kernel's name of
 * dev/cciss/c0d0 is "cciss!c0d0". */
static int find_by_node_name(struct ofp *h, char *path, struct place *place)
{
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;

	if (strncmp(path, "dev/", 4))
		return find_by_name(h, last, place);
	for (char *at = path + 4; (at = strchr(at, '/'));)
		*at = '!';
	return find_by_name(h, path + 4, place) ? find_by_name(h, last, place) : 0;
}

/* Find a device by its node. The device number is more reliable than the name. What is no node
 * has only its name: in captured trees, and in a guest of papr-vmm, whose disks are files. */
static int find_by_node(struct ofp *h, const char *path, struct place *place)
{
	_cleanup_close_ int fd = kern_open(&h->src.root, path, O_PATH);
	char plain[PATH_MAX];
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && (S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)))
		return place_find_number(&h->src, S_ISBLK(st.st_mode), major(st.st_rdev),
					 minor(st.st_rdev), place);
	if (kern_resolve(&h->src.root, path, plain, sizeof(plain)))
		return -ENOENT;
	return find_by_node_name(h, plain, place);
}

static int find_below(struct ofp *h, const char *folder, const char *text,
		      struct place *place)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s%s", folder, text) >= sizeof(path))
		return -ENAMETOOLONG;
	return find_by_node(h, path, place);
}

/* Find an interface by an alternative name, which only the kernel knows. */
static int find_by_alternative_name(struct ofp *h, const char *name, struct place *place)
{
	const struct net_facts *net = h->src.net;
	char interface[NET_NAME_BYTES];

	if (!net || net->name_of(net->priv, name, interface))
		return -ENOENT;
	return place_find(&h->src, PLACE_NET, interface, place);
}

/* Find a device by the last component only: "../sda", "/sys/block/sda". */
static int find_by_last(struct ofp *h, const char *text, struct place *place)
{
	const char *slash = strrchr(text, '/'), *last = slash ? slash + 1 : text;

	return find_by_name(h, last, place) ? find_by_alternative_name(h, last, place)
					    : 0;
}

static int find_any(struct ofp *h, const char *text, struct place *place)
{
	int err;

	if (*text && text[strlen(text) - 1] == '/')
		return -ENOTDIR;
	if (*text == '/') {
		err = find_below(h, "", text + strspn(text, "/"), place);
		return err ? find_by_last(h, text, place) : 0;
	}
	err = find_by_name(h, text, place);
	if (err)
		err = find_below(h, "dev/", text, place);
	if (err)
		err = find_below(h, "dev/mapper/", text, place);
	return err ? find_by_last(h, text, place) : 0;
}

/* A line end after the name is ignored: callers pass lines that they read. */
int find_device(struct ofp *h, const char *text, struct place *place)
{
	size_t len = strcspn(text, "\n");

	if (text[len] && !text[len + 1])
		text = mem_copy_n(&h->mem, text, len);
	if (!find_any(h, text, place))
		return 0;
	return kern_exists(&h->src.root, "sys/class") > 0 ? OFP_ENOTCONF : OFP_ENOSYSFS;
}
