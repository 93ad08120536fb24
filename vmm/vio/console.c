// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The virtual terminals. The guest's output is passed to the embedder, whose input waits
 * here until the guest reads it.
 *
 * Source:  PAPR+ 14.5.4.4 (H_PUT_TERM_CHAR), 14.5.4.3 (H_GET_TERM_CHAR)
 */
#include <string.h>

#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/vio/vdev.h"
#include "wire/builder.h"

enum { MAX_CHARS = 16 };

struct vdev *vty_default(const struct papr_vmm *vmm)
{
	struct vdev *vdev = machine_of(vmm)->vdevs;

	while (vdev && !vdev_is(vdev, VDEV_VTY))
		vdev = vdev->next;
	return vdev;
}

/* Return the terminal at this unit address, or NULL. Address 0, if no device has it, is
 * the default terminal. */
static struct vdev *vty_at(const struct papr_vmm *vmm, uint64_t unit)
{
	struct vdev *vdev = vdev_at(vmm, unit);

	if (!vdev && !unit)
		return vty_default(vmm);
	return vdev_is(vdev, VDEV_VTY) ? vdev : NULL;
}

void vty_print(const struct papr_vmm *vmm, const struct vdev *vty, const void *text,
	       size_t len)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;

	if (!vty->vty.number && env->console)
		env->console(env->priv, text, len);
	else if (vty->vty.number && env->terminal)
		env->terminal(env->priv, vty->vty.number, text, len);
}

int64_t hcall_put_term(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	const struct vdev *vty = vty_at(vmm, args[0]);
	uint8_t text[MAX_CHARS];
	struct builder b = builder_of(text, sizeof(text));

	if (!vty || args[1] > MAX_CHARS)
		return H_PARAMETER;

	for (int i = 2; i < 4; i++) {
		builder_be32(&b, (uint32_t)(args[i] >> 32));
		builder_be32(&b, (uint32_t)args[i]);
	}
	if (args[1])
		vty_print(vmm, vty, text, (size_t)args[1]);
	return H_SUCCESS;
}

/* Return 8 characters as a register. Missing ones are zeroes. */
static uint64_t vty_word(const uint8_t *text, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < 8; i++)
		word = word << 8 | (i < len ? text[i] : 0);
	return word;
}

int64_t hcall_get_term(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct vdev *vdev = vty_at(vmm, args[0]);
	struct vty *vty;
	size_t n;

	if (!vdev)
		return H_PARAMETER;

	vty = &vdev->vty;
	n = vty->len < MAX_CHARS ? vty->len : MAX_CHARS;
	args[0] = n;
	args[1] = vty_word(vty->input, n);
	args[2] = n > 8 ? vty_word(vty->input + 8, n - 8) : 0;
	vty->len -= n;
	memmove(vty->input, vty->input + n, vty->len);
	if (n && machine_of(vmm)->env.terminal_read)
		machine_of(vmm)->env.terminal_read(machine_of(vmm)->env.priv,
						   vty->number);
	return H_SUCCESS;
}

size_t papr_vmm_console_input(struct papr_vmm *vmm, unsigned int terminal,
			      const void *text, size_t len)
{
	MACHINE_GUARD(vmm);
	struct vdev *vdev = machine_of(vmm)->vdevs;
	struct vty *vty;

	while (vdev && !(vdev_is(vdev, VDEV_VTY) && vdev->vty.number == terminal))
		vdev = vdev->next;
	if (!vdev)
		return 0;
	vty = &vdev->vty;
	if (len > sizeof(vty->input) - vty->len)
		len = sizeof(vty->input) - vty->len;
	memcpy(vty->input + vty->len, text, len);
	vty->len += len;
	if (len && machine_of(vmm)->env.interrupt)
		machine_of(vmm)->env.interrupt(machine_of(vmm)->env.priv, vdev->irq);
	return len;
}
