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
#include "vmm/vio/vio.h"
#include "wire/builder.h"

enum { MAX_CHARS = 16, NO_VTY = VTYS };

/* Return the place of a terminal in /vdevice, as in put_vty(). */
static uint32_t vty_place(unsigned int terminal)
{
	return terminal ? VTY_MORE + terminal - 1 : 0;
}

static bool vty_exists(const struct papr_vmm *vmm, unsigned int terminal)
{
	return terminal ? terminal <= machine_of(vmm)->cfg.more_vtys
			: !machine_of(vmm)->cfg.no_vty;
}

/* Return the terminal with this unit address, or NO_VTY. 0 is the default terminal. */
static unsigned int vty_at(const struct papr_vmm *vmm, uint64_t unit)
{
	for (unsigned int i = 0; i < VTYS; i++)
		if (vty_exists(vmm, i) &&
		    (unit == VIO_FIRST_REG + vty_place(i) || (!unit && !i)))
			return i;
	return NO_VTY;
}

static void vty_print(const struct papr_vmm *vmm, unsigned int terminal, const void *text,
		      size_t len)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;

	if (!terminal && env->console)
		env->console(env->priv, text, len);
	else if (terminal && env->terminal)
		env->terminal(env->priv, terminal, text, len);
}

int64_t hcall_put_term(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	unsigned int terminal = vty_at(vmm, args[0]);
	uint8_t text[MAX_CHARS];
	struct builder b = builder_of(text, sizeof(text));

	if (terminal == NO_VTY || args[1] > MAX_CHARS)
		return H_PARAMETER;

	for (int i = 2; i < 4; i++) {
		builder_be32(&b, (uint32_t)(args[i] >> 32));
		builder_be32(&b, (uint32_t)args[i]);
	}
	if (args[1])
		vty_print(vmm, terminal, text, (size_t)args[1]);
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
	unsigned int terminal = vty_at(vmm, args[0]);
	struct vty *vty;
	size_t n;

	if (terminal == NO_VTY)
		return H_PARAMETER;

	vty = &machine_of(vmm)->vtys[terminal];
	n = vty->len < MAX_CHARS ? vty->len : MAX_CHARS;
	args[0] = n;
	args[1] = vty_word(vty->input, n);
	args[2] = n > 8 ? vty_word(vty->input + 8, n - 8) : 0;
	vty->len -= n;
	memmove(vty->input, vty->input + n, vty->len);
	if (n && machine_of(vmm)->env.terminal_read)
		machine_of(vmm)->env.terminal_read(machine_of(vmm)->env.priv, terminal);
	return H_SUCCESS;
}

size_t papr_vmm_console_input(struct papr_vmm *vmm, unsigned int terminal,
			      const void *text, size_t len)
{
	MACHINE_GUARD(vmm);
	struct vty *vty;

	if (terminal >= VTYS || !vty_exists(vmm, terminal))
		return 0;
	vty = &machine_of(vmm)->vtys[terminal];
	if (len > sizeof(vty->input) - vty->len)
		len = sizeof(vty->input) - vty->len;
	memcpy(vty->input + vty->len, text, len);
	vty->len += len;
	if (len && machine_of(vmm)->env.interrupt)
		machine_of(vmm)->env.interrupt(machine_of(vmm)->env.priv,
					       VIO_FIRST_IRQ + vty_place(terminal));
	return len;
}
