// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtual adapters: each node below /vdevice has a device until its slot is removed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"

struct kvio {
	struct kvio *next;
	struct dt_node *node; /* NULL: removed from the tree */
	struct pfs_node *dir, *bus_link;
	struct kchild *children; /* created by the driver */
};

static struct kvio *vio_of(struct kernel *k, const struct dt_node *node)
{
	struct kvio *vio = k->vios;

	while (vio && vio->node != node)
		vio = vio->next;
	return vio;
}

static const char *text_of(const struct dt_node *node, const char *name)
{
	size_t len;
	const char *text = ktree_get(node, name, &len);

	return text && len && !text[len - 1] ? text : "";
}

static void files(struct kernel *k, struct kvio *vio, const char *name)
{
	struct dt_node *node = vio->node;
	char *path = ktree_path(node);
	struct pfs_node *bus = pfs_path(k->sys, "bus/vio");

	pfs_text(vio->dir, "name", 0444, "%.*s\n", (int)strcspn(node->name, "@"),
		 node->name);
	pfs_text(vio->dir, "devspec", 0444, "%s\n", path ? path : "");
	pfs_text(vio->dir, "modalias", 0444, "vio:T%sS%s\n", text_of(node, "device_type"),
		 text_of(node, "compatible"));
	pfs_link_to(vio->dir, "of_node", node->dir);
	pfs_link_to(vio->dir, "subsystem", bus);
	vio->bus_link = pfs_link_to(pfs_path(bus, "devices"), name, vio->dir);
	free(path);
}

static int add(struct kernel *k, struct dt_node *node)
{
	struct kvio *vio = calloc(1, sizeof(*vio));
	char name[32];
	uint32_t reg;

	if (!vio)
		return -ENOMEM;
	if (ktree_u32(node, "reg", &reg))
		snprintf(name, sizeof(name), "%x", reg);
	else
		snprintf(name, sizeof(name), "%.31s", node->name);
	vio->node = node;
	vio->dir = pfs_dir(pfs_path(k->sys, "devices/vio"), name);
	if (!vio->dir) {
		free(vio);
		return -ENOMEM;
	}
	files(k, vio, name);
	vio->next = k->vios;
	k->vios = vio;
	kuevent(k, "add", vio->dir, "vio", "OF_FULLNAME=/vdevice/%s", node->name);
	kdriver_bind_vio(k, &vio->children, node, vio->dir);
	return 0;
}

static void forget(struct kernel *k, struct kvio *vio)
{
	struct kvio **at = &k->vios;

	while (*at != vio)
		at = &(*at)->next;
	*at = vio->next;
	kdriver_unbind_vio(k, &vio->children);
	free(vio);
}

struct dt_node *kvio_called(struct kernel *k, const char *name)
{
	struct dt_node *vdevice = ktree_find(k, "/vdevice"), *n;
	struct kdrc drc;
	uint32_t index;

	for (n = vdevice ? vdevice->children : NULL; n; n = n->next)
		if (ktree_u32(n, "ibm,my-drc-index", &index) &&
		    kdrc_in(vdevice, index, &drc) && !strcmp(drc.name, name))
			return n;
	return NULL;
}

int kvio_add(struct kernel *k, struct dt_node *node)
{
	return vio_of(k, node) ? -EINVAL : add(k, node) ? -EIO : 0;
}

int kvio_remove(struct kernel *k, const struct dt_node *node)
{
	struct kvio *vio = vio_of(k, node);

	if (!vio)
		return -EINVAL;
	kdriver_unbind_vio(k, &vio->children);
	kuevent(k, "remove", vio->dir, "vio", "OF_FULLNAME=/vdevice/%s", node->name);
	pfs_remove(vio->bus_link);
	pfs_remove(vio->dir);
	forget(k, vio);
	return 0;
}

void kvio_forget_node(struct kernel *k, const struct dt_node *node)
{
	struct kvio *vio = vio_of(k, node);

	if (vio)
		vio->node = NULL;
}

int kvio_boot(struct kernel *k)
{
	struct dt_node *vdevice = ktree_find(k, "/vdevice"), *n;
	int err = 0;

	for (n = vdevice ? vdevice->children : NULL; n && !err; n = n->next)
		err = add(k, n);
	return err;
}

void kvio_free(struct kernel *k)
{
	while (k->vios)
		forget(k, k->vios);
}
