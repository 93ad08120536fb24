// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/*
 * Steps of a host and a guest, one after the other, each a letter and its arguments:
 *
 * 	a D	device D is added		d D	... and its removal requested
 * 	r	machine reset			c	CAS
 * 	p	power button			m A V	byte V to the work area at 16 * A
 * 	x T N R ARG...	call T of the table, N inputs, R outputs, block in its place
 * 	e E T N R ARG...	the same, the block 4 * E bytes before the end of memory
 * 	b	an argument block with 12 bytes of the input
 * 	w C N	N steps of a walk of connector C
 * 	P	(only as the first) the machine has PowerVM's calls, too
 * 	N	(only as the last) the machine was not reset
 * 	D T N	a dump of N * 64 bytes with tag T
 * 	l L B	light L of the machine's own place, or of a removed one, on or off
 * 	o	an order for an event: 24 bytes that define it
 * 	t K L A T N	hypercall K for TCEs: window L, page A, entry T, N entries. A
 * 			list is in the work area
 * 	g A N	a card's address on the bus is translated
 *
 * An ARG is a letter. i and a number: one of the connectors. w, s, e: the work area, the
 * page after it, the end of memory less a byte's value. n: a be32 follows. q and a digit:
 * output 1 of the last call, which had so many inputs. F and V: 9006 and 9007. Any other
 * letter is its value less '0'.
 */
#include <string.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "wire/hcall.h"

enum { TOKEN_BASE = 0x2000, TOKEN_CONFIGURE_CONNECTOR = 0x201e, STEPS = 100 };

/* Output 1 or 2 of the last call, which have sequence numbers. */
static uint32_t last_number(const struct vf *vf, uint32_t at)
{
	struct cursor c = cursor_of(vf->memory, VF_MEMORY_BYTES);

	cursor_bytes(&c, at < VF_MEMORY_BYTES ? at : 0);
	return cursor_be32(&c);
}

static uint32_t get_arg(const struct vf *vf, struct cursor *c)
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
	case 'q': /* the last call had so many inputs */
		return last_number(vf, VF_BLOCK + 12 + 4 * (cursor_u8(c) % 8u + 1));
	case 'F':
		return 9006;
	case 'V':
		return 9007;
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
		args[i] = get_arg(vf, c);
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
	papr_vmm_hcall(vf->vmm, 0, KVMPPC_H_RTAS, regs);
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

static void order(struct vf *vf, struct cursor *c)
{
	struct papr_log log = { .size = sizeof(struct papr_log),
				.kind = (enum papr_log_kind)(cursor_u8(c) % 5) };
	const uint8_t *name;
	char text[8] = "";

	log.type = cursor_u8(c);
	log.action = cursor_u8(c);
	log.id = cursor_u8(c);
	log.flags = log.severity = log.sensor = cursor_u8(c);
	log.index = log.scope = cursor_be32(c);
	log.count = cursor_be32(c);
	log.token = cursor_be32(c);
	name = cursor_bytes(c, sizeof(text) - 1);
	if (name)
		memcpy(text, name, sizeof(text) - 1);
	log.drc_name = log.refcode = text;
	papr_vmm_log_event(vf->vmm, &log);
}

static void light(struct vf *vf, struct cursor *c)
{
	static const char *const places[] = { "UPAPR.VMM.0000001",
					      "UPAPR.VMM.0000001-P1-D0",
					      "qemu_virtio-net-pci:0000:00:01.0" };
	uint8_t which = cursor_u8(c);

	papr_vmm_indicator_set(vf->vmm, places[which % 3], 9006 + which % 2,
			       cursor_u8(c) & 1);
}

/* Windows of the first host bridge and of one that can be added */
static const uint32_t windows[] = { 0x80000000, 0x80000001, 0x80000100, 0x80000101 };

/* Return an address in one of the windows. */
static uint64_t bus_address(struct cursor *c)
{
	uint64_t page = cursor_be32(c);

	return page >> 31 ? UINT64_C(1) << 59 | (page & 0x7fffffff) << 30 : page << 12;
}

static void tces(struct vf *vf, struct cursor *c)
{
	static const uint16_t calls[] = { H_GET_TCE, H_PUT_TCE, H_STUFF_TCE,
					  H_PUT_TCE_INDIRECT };
	uint16_t nr = calls[cursor_u8(c) % 4];
	uint64_t regs[PAPR_HCALL_ARGS] = { windows[cursor_u8(c) % 4], bus_address(c) };
	int64_t r3;

	regs[2] = nr == H_PUT_TCE_INDIRECT ? VF_WORK_AREA : cursor_be32(c);
	regs[3] = cursor_be16(c);
	r3 = papr_vmm_hcall(vf->vmm, 0, nr, regs);
	MUST(r3 == H_SUCCESS || r3 == H_PARAMETER || r3 == H_RESOURCE);
}

static void translate(struct vf *vf, struct cursor *c)
{
	struct papr_pci_info card = { .size = sizeof(card) };
	struct papr_dma dma = { .size = sizeof(dma) };
	uint64_t address = bus_address(c), len = cursor_be16(c) + 1u;

	if (papr_vmm_pci_info(vf->vmm, 0, &card) > 0 &&
	    !papr_vmm_pci_dma(vf->vmm, card.serial, address, len, 0, &dma))
		MUST(dma.bytes && dma.bytes <= len && dma.access);
}

static void step(struct vf *vf, struct cursor *c)
{
	static const uint8_t dump[256 * 64];
	uint64_t tag;
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
	case 'D':
		tag = cursor_u8(c);
		papr_vmm_dump_add(vf->vmm, tag, dump, cursor_u8(c) * 64u);
		break;
	case 'l':
		light(vf, c);
		break;
	case 'o':
		order(vf, c);
		break;
	case 't':
		tces(vf, c);
		break;
	case 'g':
		translate(vf, c);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	struct vf *vf;

	vf = vf_start(size && data[0] == 'P', size && data[size - 1] == 'N');
	for (int i = 0; i < STEPS && cursor_left(&c); i++)
		step(vf, &c);
	MUST(!papr_vmm_reset(vf->vmm));
	vf_check(vf);
	return 0;
}
