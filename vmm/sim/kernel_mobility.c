// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/kernel/mobility and hibernation: the partition migrates or is suspended, and then
 * updates its device tree as firmware requests. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/hcall.h"
#include "wire/update.h"

enum {
	POLLS_MAX = 1000, /* the real kernel polls forever, once a second */
	ATTEMPTS = 5,
	CANCEL = 1,
	ACTIVATIONS_MAX = 100,
	VALUE_MAX = 64 << 10,
	/* Statuses of ibm,suspend-me */
	NOT_SUSPENDABLE = -9004,
	THREADS_ACTIVE = -9005,
	OUTSTANDING_COP = -9006,
	SUSPEND_ABORTED = 9000,
};

#define CANCEL_REASON 0x06000000u

/* ---- Updating the tree ---- */

/* Return true for nodes that a coprocessor driver manages: Linux does not update them. */
static bool is_facility(const struct dt_node *node)
{
	for (; node; node = node->parent)
		if (!strcmp(node->name, "ibm,platform-facilities"))
			return true;
	return false;
}

static int32_t ask(struct kernel *k, const char *call, uint32_t offset)
{
	const uint32_t in[] = { (uint32_t)k->work_area + offset, UPDATE_SCOPE_MIGRATION };

	return kernel_rtas(k, call, 2, in, 0, NULL);
}

/* Update a property. Linux does not create a property without a value. */
static void set_property(struct dt_node *node, const struct update_prop *prop,
			 const struct update_value *value)
{
	if (prop->kind == UPDATE_PROP_DELETE)
		ktree_unset(node, prop->name);
	else if (prop->kind == UPDATE_PROP_SET)
		ktree_set(node, value->name[0] ? value->name : prop->name,
			  value->value.buf, value->value.len);
}

static int take_properties(struct dt_node *node, const void *area,
			   struct update_value *value)
{
	struct update_props_iter it;
	struct update_prop prop;
	int err = update_props_begin(&it, area, UPDATE_AREA_BYTES), whole = 0;

	while (!err && (err = update_props_next(&it, &prop)) > 0) {
		whole = update_value_add(value, &prop);
		err = whole < 0 ? whole : 0;
		if (whole == 1)
			set_property(node, &prop, value);
	}
	return err;
}

static void update_node(struct kernel *k, struct dt_node *node, uint32_t phandle)
{
	uint8_t *area = kernel_work_area(k) + UPDATE_AREA_BYTES;
	struct update_value value = { .value = builder_of(malloc(VALUE_MAX), VALUE_MAX) };
	int32_t status;

	if (!value.value.buf)
		return;
	update_props_start(area, phandle);
	do {
		status = ask(k, "ibm,update-properties", UPDATE_AREA_BYTES);
		if (status != UPDATE_DONE && status != UPDATE_MORE)
			break;
		if (take_properties(node, area, &value)) {
			kernel_print(k, "mobility: bad properties of phandle 0x%x",
				     phandle);
			break;
		}
	} while (status == UPDATE_MORE);
	free(value.value.buf);
}

/* Attach the new node, without its children. */
static void add_node(struct kernel *k, struct dt_node *parent, uint32_t drc_index)
{
	struct dt_node *node;

	if (kdrc_attach(k, drc_index, parent, &node))
		return;
	while (node->children)
		ktree_drop(node->children);
}

static void change_node(struct kernel *k, const struct update_node *change)
{
	struct dt_node *node = ktree_by_phandle(k, change->phandle);

	if (!node) {
		kernel_print(k, "mobility: Failed lookup: phandle 0x%x for action 0x%x",
			     change->phandle, (uint32_t)change->op << 24);
		return;
	}
	if (is_facility(node))
		return;
	switch (change->op) {
	case UPDATE_OP_DELETE:
		if (node->parent)
			ktree_remove(k, node);
		break;
	case UPDATE_OP_CHANGE:
		update_node(k, node, change->phandle);
		break;
	case UPDATE_OP_ADD:
		add_node(k, node, change->drc_index);
		break;
	}
}

static void take_nodes(struct kernel *k, const void *area)
{
	struct update_nodes_iter it;
	struct update_node change;
	int more = update_nodes_begin(&it, area, UPDATE_AREA_BYTES);

	while (!more && (more = update_nodes_next(&it, &change)) > 0) {
		if (change.phandle)
			change_node(k, &change);
		more = 0;
	}
	if (more < 0)
		kernel_print(k, "mobility: bad list of nodes");
}

static void update_tree(struct kernel *k)
{
	uint8_t *area = kernel_work_area(k), list[UPDATE_AREA_BYTES];
	int32_t status = UPDATE_MORE;

	update_nodes_start(list);
	while (status == UPDATE_MORE) {
		memcpy(area, list, sizeof(list));
		status = ask(k, "ibm,update-nodes", 0);
		if (status != UPDATE_DONE && status != UPDATE_MORE)
			break;
		/* take_nodes() makes other calls that use the area. */
		memcpy(list, area, sizeof(list));
		take_nodes(k, list);
	}
}

static void activate_firmware(struct kernel *k)
{
	int32_t status;

	for (int i = 0; i < ACTIVATIONS_MAX; i++) {
		status = kernel_rtas(k, "ibm,activate-firmware", 0, NULL, 0, NULL);
		if (status != -2 && (status < 9900 || status > 9905))
			return;
	}
}

/* ---- The stream ---- */

static int64_t vasi_state(struct kernel *k, uint64_t stream, uint64_t *state)
{
	uint64_t args[PAPR_HCALL_ARGS] = { stream };
	int64_t status = papr_vmm_hcall(k->host->vmm, k->caller, H_VASI_STATE, args);

	*state = args[0];
	return status;
}

/* Poll until the stream is ready. Return the status of the last call. */
static int64_t wait_for_stream(struct kernel *k, uint64_t stream, uint64_t *state)
{
	int64_t status = H_SUCCESS;

	*state = VASI_ENABLED;
	for (int i = 0; i < POLLS_MAX && !status && *state == VASI_ENABLED; i++)
		status = vasi_state(k, stream, state);
	return status;
}

static int suspend_errno(int32_t status)
{
	switch (status) {
	case 0:
		return 0;
	case SUSPEND_ABORTED:
		return -ECANCELED;
	case THREADS_ACTIVE:
		return -EAGAIN;
	case NOT_SUSPENDABLE:
	case OUTSTANDING_COP:
		return -EBUSY;
	}
	return -EIO;
}

static int suspend(struct kernel *k)
{
	int32_t status;

	kcpu_join(k, true);
	kernel_print(k, "mobility: calling ibm,suspend-me on CPU 0");
	status = kernel_rtas(k, "ibm,suspend-me", 0, NULL, 0, NULL);
	kcpu_join(k, false);
	if (status)
		kernel_print(k, "mobility: ibm,suspend-me error: %d", status);
	return suspend_errno(status);
}

static int suspend_often(struct kernel *k, uint64_t stream)
{
	uint64_t state = VASI_SUSPENDING;
	int err = -EIO;

	for (int i = 0; err && i < ATTEMPTS; i++)
		if (!vasi_state(k, stream, &state) && state == VASI_SUSPENDING)
			err = suspend(k);
	return err;
}

static void cancel(struct kernel *k, uint64_t stream, int err)
{
	uint64_t args[PAPR_HCALL_ARGS] = {
		stream, CANCEL, CANCEL_REASON | ((unsigned int)-err & 0xffffff)
	};

	papr_vmm_hcall(k->host->vmm, k->caller, H_VASI_SIGNAL, args);
}

static void wait_for_memory(struct kernel *k, uint64_t stream)
{
	uint64_t state = VASI_RESUMED;

	kernel_print(k, "mobility: waiting for memory transfer to complete...");
	for (int i = 0; i < POLLS_MAX && state == VASI_RESUMED; i++)
		if (vasi_state(k, stream, &state))
			break;
}

static int migrate(struct kernel *k, uint64_t stream)
{
	uint64_t state;
	int64_t status = wait_for_stream(k, stream, &state);
	int err;

	/* The hypervisor does not know this stream. */
	if (status == H_PARAMETER)
		return -EINVAL;
	if (status || state != VASI_SUSPENDING)
		return -EIO;
	err = suspend_often(k, stream);
	if (err) {
		cancel(k, stream, err);
		return err;
	}
	activate_firmware(k);
	update_tree(k);
	wait_for_memory(k, stream);
	return 0;
}

/* Suspend the partition for the rtas system call. An old kernel does not wait for the
 * stream, and leaves the update of the tree to user space. */
int kmobility_suspend(struct kernel *k, uint64_t stream, int32_t *status)
{
	uint64_t state;
	int64_t call = vasi_state(k, stream, &state);
	int err;

	*status = 0;
	if (call == H_PARAMETER)
		return -EINVAL;
	if (call || (state != VASI_ENABLED && state != VASI_SUSPENDING)) {
		*status = -1;
		return 0;
	}
	if (state == VASI_ENABLED) {
		*status = NOT_SUSPENDABLE;
		return 0;
	}
	err = suspend(k);
	if (err == -EIO)
		*status = -1;
	else if (err == -EAGAIN)
		*status = NOT_SUSPENDABLE;
	else
		return err;
	return 0;
}

static ssize_t migration_store(struct pfs_node *file, const char *bytes, size_t len)
{
	uint64_t stream;
	int err;

	if (!len)
		return 0;
	err = text_number(bytes, len, UINT64_MAX, &stream);
	if (!err)
		err = migrate(file->priv, stream);
	return err ? err : (ssize_t)len;
}

/* ---- Hibernation ---- */

static int hibernate_show(struct pfs_node *file, struct text *out)
{
	(void)file;
	text_add(out, "1\n");
	return 0;
}

/* Suspend the partition. As in Linux, a text that is no number counts as 0, and a
 * hypercall's status is returned as an errno. */
static ssize_t hibernate_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	char text[32];
	uint64_t state;
	int64_t status;
	int err;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	status = wait_for_stream(k, strtoull(text, NULL, 16), &state);
	if (status) {
		kernel_print(k, "pseries_suspend_begin: vasi_state returned %lld",
			     (long long)status);
		return (ssize_t)status;
	}
	if (state != VASI_SUSPENDING)
		return -EIO;
	err = suspend(k);
	if (err)
		return err;
	if (!k->no_mobility) {
		activate_firmware(k);
		update_tree(k);
	}
	return (ssize_t)len;
}

void kmobility_files(struct kernel *k)
{
	static const struct pfs_ops migration = { .store = migration_store },
				    hibernate = { .show = hibernate_show,
						  .store = hibernate_store },
				    blind = { .store = hibernate_store };
	struct pfs_node *power = pfs_path(k->sys, "devices/system/power");
	struct pfs_node *dir;

	if (k->no_mobility) {
		kernel_attr(k, power, "hibernate", 0200, &blind, k);
		return;
	}
	dir = pfs_path(k->sys, "kernel/mobility");
	kernel_attr(k, dir, "migration", 0200, &migration, k);
	pfs_text(dir, "api_version", 0444, "1\n");
	kernel_attr(k, power, "hibernate", 0644, &hibernate, k);
}
