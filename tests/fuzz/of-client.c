// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/* A client at the machine's client interface: for each call u8 service, u8 nargs, u8 nret
 * and so many be32 arguments. An argument of 0xffff00nn is the address of text nn below,
 * one of 0xfffe00nn phandle 0x1111 + nn, all others are plain numbers. Further services:
 * CAS by hypercall, reset, save and load. */
#include <string.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/firmware/vof.h"
#include "wire/hcall.h"

enum { BLOCK = 0x100, NAME = 0x200, TEXTS = 0xc000, TEXT_STEP = 0x100, CALLS = 64 };
enum { DO_CAS = 0xf0, DO_RESET = 0xf1, DO_MOVE = 0xf2 };

static const char *const services[] = {
	"finddevice",
	"getprop",
	"getproplen",
	"setprop",
	"nextprop",
	"peer",
	"child",
	"parent",
	"open",
	"close",
	"instance-to-package",
	"package-to-path",
	"instance-to-path",
	"write",
	"claim",
	"release",
	"call-method",
	"milliseconds",
	"quiesce",
	"exit",
	"interpret",
	"no-such-service",
};

static const char *const texts[] = {
	"",
	"/",
	"/chosen",
	"/rtas",
	"/memory@0",
	"/vdevice/vty@71000000",
	"/CPUS/powerpc,POWER9@0",
	"name",
	"bootargs",
	"linux,initrd-start",
	"linux,initrd-end",
	"phandle",
	"reg",
	"available",
	"stdout-path",
	"ibm,client-architecture-support",
	"instantiate-rtas",
};

enum {
	N_SERVICES = sizeof(services) / sizeof(services[0]),
	N_TEXTS = sizeof(texts) / sizeof(texts[0])
};

static uint32_t argument(struct cursor *c)
{
	uint32_t word = cursor_be32(c);

	if (word >> 8 == 0xffff00)
		return TEXTS + TEXT_STEP * ((word & 0xff) % (N_TEXTS + 1));
	return word >> 8 == 0xfffe00 ? 0x1111 + (word & 0xff) : word;
}

static void call(struct vf *vf, const char *service, struct cursor *c)
{
	struct builder name = builder_of(vf->memory + NAME, 64);
	struct builder block = builder_of(vf->memory + BLOCK, 52);
	uint32_t nargs = cursor_u8(c), nret = cursor_u8(c);
	bool ok = nargs < 10 && nret <= 10 - nargs;
	int64_t status;

	builder_str(&name, service);
	builder_be32(&block, NAME);
	builder_be32(&block, nargs);
	builder_be32(&block, nret);
	for (uint32_t i = 0; i < nargs && i < 10; i++)
		builder_be32(&block, argument(c));
	status = vf_hcall(vf, KVMPPC_H_OF_CLIENT, BLOCK, 0, 0);
	MUST(status == (ok ? H_SUCCESS : H_PARAMETER));
}

static void move(struct vf *vf)
{
	size_t size;
	void *state;

	MUST(!papr_vmm_save(vf->vmm, &state, &size));
	MUST(!papr_vmm_load(vf->vmm, state, size, NULL));
	free(state);
}

static void one(struct vf *vf, struct cursor *c)
{
	uint8_t service = cursor_u8(c);

	if (service == DO_CAS)
		vf_cas(vf);
	else if (service == DO_RESET)
		MUST(!papr_vmm_reset(vf->vmm));
	else if (service == DO_MOVE)
		move(vf);
	else
		call(vf, services[service % N_SERVICES], c);
}

/* Claims are sorted and do not overlap. The last one ends at the end of memory or
 * before. */
static void check_claims(const struct vof_claims *claims)
{
	for (size_t i = 0; i < claims->n; i++) {
		const struct vof_claim *c = &claims->all[i];

		MUST(c->size && c->start < claims->top &&
		     c->size <= claims->top - c->start);
		MUST(!i || c[-1].start + c[-1].size <= c->start);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct papr_config config = { .size = sizeof(struct papr_config),
					    .ram_bytes = 1ULL << 30,
					    .vof = true,
					    .firmware_bytes = 0x174 };
	struct cursor c = cursor_of(data, size);
	struct vf *vf;

	vf = vf_start_with(0, &config);
	for (size_t i = 0; i < N_TEXTS; i++)
		memcpy(vf->memory + TEXTS + TEXT_STEP * i, texts[i], strlen(texts[i]));
	memset(vf->memory + TEXTS + TEXT_STEP * N_TEXTS, 'x', 2 * TEXT_STEP);
	for (int i = 0; i < CALLS && cursor_left(&c); i++)
		one(vf, &c);
	check_claims(&machine_of(vf->vmm)->vof->claims);
	vf_check_tree(vf);
	return 0;
}
