// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/types/pci/slot_control.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/slots.h"
#include "kern/sysfs.h"

/* The name of a slot for the module, and its node. */
struct port {
	const struct connector *c;
	const char *node;
};

static struct port *port_new(struct mem *m, const struct connector *c, const char *node)
{
	struct port *port = mem_new(m, struct port);

	*port = (struct port){ .c = c, .node = mem_copy(m, node) };
	return port;
}

/* Write a control file. Try again while other users of the module keep it busy. */
static int slot_control_write(struct xact *x, const struct connector *c, bool add)
{
	const char *op = add ? "add-slot" : "remove-slot";
	struct deadline dl = xact_wait_until(x, DR_QUIESCE_MS);
	int64_t second = 0;
	int pause = 0, err;

	do {
		err = xact_step_begin(x, op, "write /sys/bus/pci/slots/control/%s %s",
				      add ? "add_slot" : "remove_slot", c->drc.name);
		if (err)
			return err < 0 ? err : 0;
		err = xact_step_end(x, slot_control(x->dr->root, add, c->drc.name));
		pause = deadline_backoff_ms(pause);
		if (err == -EBUSY)
			dr_tell_wait(x->dr, &dl, &second,
				     "other users of rpadlpar_io, for %s", c->drc.name);
	} while (err == -EBUSY && xact_pause(x, &dl, pause));
	return err;
}

static int slot_control_failed(struct xact *x, bool add, int err)
{
	return xact_fail(x, DR_FAULT_KERNEL, add ? "add-slot" : "remove-slot", err,
			 "/sys/bus/pci/slots/control/%s",
			 add ? "add_slot" : "remove_slot");
}

static int slot_control_change(struct xact *x, const struct connector *c, bool add)
{
	int err = slot_control_write(x, c, add);

	return err ? slot_control_failed(x, add, err) : 0;
}

/* Undo a change. In a recovery it may be undone already. */
static int slot_control_restore(struct xact *x, const struct connector *c, bool add)
{
	int err;

	if (!x->is_recovering)
		return slot_control_change(x, c, add);
	err = slot_control_write(x, c, add);
	return err == -EINVAL || err == -ENODEV ? 0 : err;
}

bool slot_is_virtual(const struct connector *c)
{
	return !strcmp(c->parent->path, "/vdevice");
}

static int port_undo_add(struct xact *x, void *arg)
{
	const struct port *port = arg;
	int err = functions_unconfigure_below(x, port->node), found;

	/* The kernel forgets the name of a slot before it refuses because of a function. */
	if (err)
		return err;
	err = slot_control_restore(x, port->c, false);
	found = pci_node_has_device(x->dr->root, port->node);
	if (found > 0 && !err)
		err = slot_control_failed(x, false, -EBUSY);
	return found < 0 ? xact_unread(x, "remove-slot", found) : found ? err : 0;
}

static int port_undo_remove(struct xact *x, void *arg)
{
	const struct port *port = arg;
	int err = slot_control_restore(x, port->c, true);
	int found = pci_node_has_device(x->dr->root, port->node);

	if (found)
		return found < 0 ? xact_unread(x, "add-slot", found) : 0;
	return err || x->is_recovering ? err : -ENODEV;
}

static void port_encode(struct journal_line *line, const void *arg)
{
	const struct port *port = arg;

	journal_put_connector(line, port->c);
	journal_put(line, "%s", port->node);
}

static int port_decode(struct recovery *r, void **arg)
{
	const struct connector *c = recovery_connector(r);
	const char *node = c ? recovery_word(r) : NULL;

	if (!node)
		return -EBADMSG;
	*arg = port_new(recovery_mem(r), c, node);
	return 0;
}

const struct undo_kind undo_control_add = {
	.name = "add-slot",
	.leaves = "device",
	.configures = true,
	.undo = port_undo_add,
	.encode = port_encode,
	.decode = port_decode,
};

const struct undo_kind undo_control_remove = {
	.name = "remove-slot",
	.leaves = "device",
	.undo = port_undo_remove,
	.encode = port_encode,
	.decode = port_decode,
};

static int port_push(struct xact *x, const struct undo_kind *kind,
		     const struct connector *c, const char *node)
{
	return xact_push(x, kind, port_new(x->mem, c, node));
}

int slot_control_add(struct xact *x, const struct connector *c, const char *node)
{
	int err = port_push(x, &undo_control_add, c, node ? node : ""), found;

	if (err)
		return err;
	err = slot_control_write(x, c, true);
	if (x->dr->dry_run)
		return err;

	found = pci_node_has_device(x->dr->root, node);
	if (found < 0)
		return xact_unread(x, "add-slot", found);
	if (found) {
		if (err)
			dr_log_info(x->dr->log,
				    "%s: configured, although add_slot failed: %s",
				    c->drc.name, strerror(-err));
		return 0;
	}
	/* The device may appear late, after all but a refusal. */
	if (err && !xact_is_unknown(err))
		xact_drop(x);
	return err ? slot_control_failed(x, true, err)
		   : xact_fail(x, DR_FAULT_NO_DEVICE, "add-slot", -ENODEV, "%s", node);
}

int slot_control_remove(struct xact *x, const struct connector *c, const char *node)
{
	int err = port_push(x, &undo_control_remove, c, node), found;

	if (err)
		return err;
	err = slot_control_change(x, c, false);
	if (x->dr->dry_run)
		return err;
	found = pci_node_has_device(x->dr->root, node);
	if (found < 0)
		return err ? err : xact_unread(x, "remove-slot", found);
	if (!found)
		return err && xact_is_unknown(err) ? xact_was_done(x) : err;
	if (err && !x->is_unknown)
		xact_drop(x);
	return err ? err : slot_control_failed(x, false, -EBUSY);
}
