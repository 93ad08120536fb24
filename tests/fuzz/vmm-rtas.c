// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a host and a guest do to a machine, one after the other, each a letter and what
 * it needs:
 *	a D	device D is added		d D	... and asked back
 *	r	machine reset			c	CAS
 *	p	power button			m A V	byte V to the work area at 16 * A
 *	x T N R ARG...	call T of the table, N inputs, R outputs, block in its place
 *	e E T N R ARG...	the same, the block 4 * E bytes before the end of memory
 *	b	the argument block as it is, 12 bytes of it given
 *	w C N	N steps of a walk of connector C
 * An ARG is a letter: i and a number, one of the connectors; w, s, e: work area, the
 * page behind it, the end of memory less a byte's value; n and a be32; anything else
 * is the letter's value less '0'.
 */
#include <string.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "wire/hcall.h"

enum { TOKEN_BASE = 0x2000, TOKEN_CONFIGURE_CONNECTOR = 0x201e, STEPS = 100 };

static uint32_t get_arg(struct cursor *c)
{
	uint8_t letter = cursor_u8(c);

	switch (letter) {
	case 'i':
		return vf_connectors[cursor_u8(c) % VF_CONNECTORS];
	case 'w':
		return VF_WORK_AREA;
	case 's':
		return VF_WORK_AREA + 4096;
	case 'e':
		return VF_MEMORY_BYTES - cursor_u8(c);
	case 'n':
		return cursor_be32(c);
	case 'I':
		return 9001;
	case 'L':
		return 9002;
	case 'A':
		return 9003;
	}
	return letter - (uint32_t)'0';
}

static void call(struct vf *vf, struct cursor *c, uint32_t addr)
{
	uint32_t token = TOKEN_BASE + cursor_u8(c), nargs = cursor_u8(c) - (uint32_t)'0',
		 nret = cursor_u8(c) - (uint32_t)'0', args[PAPR_RTAS_CELLS] = { 0 };
	int64_t r3;

	for (uint32_t i = 0; i < nargs && i < PAPR_RTAS_CELLS; i++)
		args[i] = get_arg(c);
	r3 = vf_rtas(vf, addr, token, nargs, nret, args);
	MUST(r3 == H_SUCCESS || r3 == H_PARAMETER);
}

static void raw_block(struct vf *vf, struct cursor *c)
{
	uint64_t regs[PAPR_HCALL_ARGS] = { VF_BLOCK };
	const uint8_t *head = cursor_bytes(c, 12);

	if (!head)
		return;
	memcpy(vf->memory + VF_BLOCK, head, 12);
	papr_vmm_hcall(vf->vmm, KVMPPC_H_RTAS, regs);
}

static void walk(struct vf *vf, struct cursor *c)
{
	uint32_t index = vf_connectors[cursor_u8(c) % VF_CONNECTORS];
	const uint32_t args[] = { VF_WORK_AREA, 0 };

	for (int n = cursor_u8(c); n; n--) {
		vf_put_be32(vf, VF_WORK_AREA, index);
		vf_rtas(vf, VF_BLOCK, TOKEN_CONFIGURE_CONNECTOR, 2, 1, args);
	}
}

static void step(struct vf *vf, struct cursor *c)
{
	uint32_t at;

	switch (cursor_u8(c)) {
	case 'a':
		vf_add(vf, cursor_u8(c));
		break;
	case 'd':
		vf_del(vf, cursor_u8(c));
		break;
	case 'r':
		MUST(!papr_vmm_reset(vf->vmm));
		break;
	case 'c':
		vf_cas(vf);
		break;
	case 'p':
		papr_vmm_powerdown(vf->vmm);
		break;
	case 'm':
		at = VF_WORK_AREA + 16u * cursor_u8(c);
		vf->memory[at] = cursor_u8(c);
		break;
	case 'x':
		call(vf, c, VF_BLOCK);
		break;
	case 'e':
		at = VF_MEMORY_BYTES - 4u * cursor_u8(c);
		call(vf, c, at);
		break;
	case 'b':
		raw_block(vf, c);
		break;
	case 'w':
		walk(vf, c);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	struct vf vf;

	vf_start(&vf);
	for (int i = 0; i < STEPS && cursor_left(&c); i++)
		step(&vf, &c);
	MUST(!papr_vmm_reset(vf.vmm));
	vf_check(&vf);
	vf_end(&vf);
	return 0;
}
