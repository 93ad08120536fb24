// SPDX-License-Identifier: GPL-2.0-or-later
#include <libfdt.h>
#include <string.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "wire/builder.h"
#include "wire/hcall.h"

/* Two functions of a slot, one below a bridge; core, host bridge, both halves of a
 * module, an NVDIMM; one that does not exist. */
const uint32_t vf_connectors[VF_CONNECTORS] = {
	0x40000008, 0x40000009, 0x40000110, 0x10000001, 0x20000002,
	0x80000004, 0x80000005, 0x90000001, 0x4fffffff,
};

#define ADD(...)           \
	__VA_ARGS__,       \
	{                  \
		NULL, NULL \
	}

static const struct papr_option devices[VF_DEVICES][7] = {
	{ ADD({ "driver", "virtio-net-pci" }, { "id", "d0" }, { "addr", "1" },
	      { "multifunction", "on" }) },
	{ ADD({ "driver", "e1000" }, { "id", "d1" }, { "addr", "1.1" }) },
	{ ADD({ "driver", "pci-bridge" }, { "id", "d2" }, { "addr", "3" },
	      { "chassis_nr", "1" }) },
	{ ADD({ "driver", "virtio-net-pci" }, { "id", "d3" }, { "bus", "d2" },
	      { "addr", "2" }) },
	{ ADD({ "driver", "power11_v2.0-spapr-cpu-core" }, { "id", "d4" },
	      { "core-id", "1" }) },
	{ ADD({ "driver", "spapr-pci-host-bridge" }, { "id", "d5" }, { "index", "2" }) },
	{ ADD({ "driver", "pc-dimm" }, { "id", "d6" }, { "memdev", "m0" }) },
	{ ADD({ "driver", "nvdimm" }, { "id", "d7" }, { "memdev", "m1" },
	      { "label-size", "128K" }, { "slot", "1" },
	      { "uuid", "00112233-4455-6677-8899-aabbccddeeff" }) },
};

static const struct papr_option objects[2][3] = {
	{ { "qom-type", "memory-backend-ram" }, { "id", "m0" }, { "size", "512M" } },
	{ { "qom-type", "memory-backend-ram" }, { "id", "m1" }, { "size", "268566528" } },
};

static bool is_inside(uint64_t addr, size_t len)
{
	return addr <= VF_MEMORY_BYTES && len <= VF_MEMORY_BYTES - addr;
}

static int memory_read(void *priv, uint64_t addr, void *buf, size_t len)
{
	struct vf *vf = priv;

	if (!is_inside(addr, len))
		return -1;
	memcpy(buf, vf->memory + addr, len);
	return 0;
}

static int memory_write(void *priv, uint64_t addr, const void *buf, size_t len)
{
	struct vf *vf = priv;

	if (!is_inside(addr, len))
		return -1;
	memcpy(vf->memory + addr, buf, len);
	return 0;
}

static uint64_t clock_ns(void *priv)
{
	return ((struct vf *)priv)->clock_ns++;
}

/* Calls that an embedder may make in a callback. */
static void event(void *priv, const struct papr_event *event)
{
	struct vf *vf = priv;
	struct papr_drc_info drc = { .size = sizeof(drc) };
	struct papr_pci_info pci = { .size = sizeof(pci) };

	(void)event;
	papr_vmm_drc_info(vf->vmm, vf_connectors[0], &drc);
	for (size_t n = 0; papr_vmm_pci_info(vf->vmm, n, &pci); n++)
		MUST(pci.driver && pci.id);
}

static void put_vectors(struct vf *vf)
{
	static const uint8_t vectors[] = {
		0xff, 0xff, 0, 0, 0,	0x4e, 0,    0,	  0,	0,    0, 0,    0xff, 0xff,
		0xff, 0xff, 4, 2, 0,	0,    0x80, 0,	  0,	0,    0, 0,    0,    25,
		0,    0x20, 0, 0, 0x80, 0x04, 0,    0,	  0,	0,    0, 0,    0,    0,
		0,    0,    0, 0, 0,	0,    0,    0x80, 0x40, 0x40, 0, 0x40,
	};

	memcpy(vf->memory + VF_VECTORS, vectors, sizeof(vectors));
}

/* A machine is made once for each configuration. Each input begins with the state that the
 * machine had then. */
static struct machine {
	struct vf vf;
	void *state;
	size_t bytes;
} machines[VF_KINDS];

static void machine_make(struct machine *m, const struct papr_config *config)
{
	const struct papr_machine_ops env = { .size = sizeof(struct papr_machine_ops),
					      .read = memory_read,
					      .write = memory_write,
					      .clock_ns = clock_ns,
					      .event = event,
					      .priv = &m->vf };

	m->vf.memory = malloc(VF_MEMORY_BYTES);
	MUST(m->vf.memory);
	MUST(!papr_vmm_new(&m->vf.vmm, config, &env, NULL));
	for (int i = 0; i < 2 && config->mem_slots; i++)
		MUST(!papr_vmm_object_add(m->vf.vmm, objects[i], 3, NULL));
}

static void machine_free(struct machine *m)
{
	papr_vmm_free(m->vf.vmm);
	free(m->vf.memory);
	free(m->state);
	*m = (struct machine){ .state = NULL };
}

/* The state is refused if the last input has added devices: remove them first. Return
 * false if one of them stays. */
static bool machine_rewind(struct machine *m)
{
	if (!papr_vmm_load(m->vf.vmm, m->state, m->bytes, NULL))
		return true;
	for (unsigned int i = 0; i < VF_DEVICES; i++)
		vf_del(&m->vf, i);
	return !papr_vmm_reset(m->vf.vmm) &&
	       !papr_vmm_load(m->vf.vmm, m->state, m->bytes, NULL);
}

struct vf *vf_start_with(unsigned int kind, const struct papr_config *config)
{
	struct machine *m = &machines[kind];

	MUST(kind < VF_KINDS);
	if (m->vf.vmm && (!m->state || !machine_rewind(m)))
		machine_free(m);
	if (!m->vf.vmm) {
		machine_make(m, config);
		MUST(!papr_vmm_reset(m->vf.vmm));
		MUST(!papr_vmm_save(m->vf.vmm, &m->state, &m->bytes));
	}
	memset(m->vf.memory, 0, VF_MEMORY_BYTES);
	m->vf.clock_ns = 0;
	return &m->vf;
}

struct vf *vf_start(bool powervm, bool is_new)
{
	const struct papr_config config = {
		.size = sizeof(struct papr_config),
		.ram_bytes = 1ULL << 30,
		.max_ram_bytes = 2ULL << 30,
		.mem_slots = 4,
		.cpus = 1,
		.max_cpus = 4,
		.nvdimm = true,
		.powervm = powervm,
	};
	struct machine *m = &machines[powervm];

	if (!is_new)
		return vf_start_with(powervm, &config);
	if (m->vf.vmm)
		machine_free(m);
	machine_make(m, &config);
	memset(m->vf.memory, 0, VF_MEMORY_BYTES);
	return &m->vf;
}

void vf_add(struct vf *vf, unsigned int device)
{
	const struct papr_option *options = devices[device % VF_DEVICES];
	struct papr_error error = { 0 };
	size_t n = 0;

	while (options[n].name)
		n++;
	MUST(!papr_vmm_device_add(vf->vmm, options, n, &error) || error.text);
	papr_error_clear(&error);
}

void vf_del(struct vf *vf, unsigned int device)
{
	struct papr_error error = { 0 };
	const char *id = devices[device % VF_DEVICES][1].value;

	MUST(!papr_vmm_device_del(vf->vmm, id, &error) || error.text);
	papr_error_clear(&error);
}

int64_t vf_hcall(struct vf *vf, uint64_t nr, uint64_t r4, uint64_t r5, uint64_t r6)
{
	uint64_t args[PAPR_HCALL_ARGS] = { r4, r5, r6 };

	return papr_vmm_hcall(vf->vmm, 0, nr, args);
}

/* The answer may be at the address of the vectors. */
int64_t vf_cas(struct vf *vf)
{
	put_vectors(vf);
	return vf_hcall(vf, KVMPPC_H_CAS, VF_VECTORS, VF_WORK_AREA,
			VF_MEMORY_BYTES - VF_WORK_AREA);
}

uint64_t vf_put_last(struct vf *vf, const uint8_t *data, size_t size)
{
	size_t n = size < VF_MEMORY_BYTES ? size : VF_MEMORY_BYTES;

	if (n)
		memcpy(vf->memory + VF_MEMORY_BYTES - n, data, n);
	return VF_MEMORY_BYTES - n;
}

void vf_put_be32(struct vf *vf, uint32_t addr, uint32_t value)
{
	struct builder b;
	uint8_t be[4];

	b = builder_of(be, sizeof(be));
	builder_be32(&b, value);
	memory_write(vf, addr, be, sizeof(be));
}

int64_t vf_rtas(struct vf *vf, uint32_t addr, uint32_t token, uint32_t nargs,
		uint32_t nret, const uint32_t *args)
{
	uint64_t regs[PAPR_HCALL_ARGS] = { addr };

	vf_put_be32(vf, addr, token);
	vf_put_be32(vf, addr + 4, nargs);
	vf_put_be32(vf, addr + 8, nret);
	for (uint32_t i = 0; i < nargs && i < PAPR_RTAS_CELLS; i++)
		vf_put_be32(vf, addr + 12 + 4 * i, args[i]);
	return papr_vmm_hcall(vf->vmm, 0, KVMPPC_H_RTAS, regs);
}

void vf_check_tree(const struct vf *vf)
{
	size_t size;
	const void *fdt = papr_vmm_fdt(vf->vmm, &size);

	MUST(fdt_totalsize(fdt) == size && !fdt_check_full(fdt, size));
}

static void check_connector(const struct papr_drc_info *drc)
{
	bool physical = drc->index >> 28 == 4;

	MUST(physical ? drc->state >= 6 && drc->state <= 8
		      : drc->state >= 1 && drc->state <= 4);
	MUST(drc->has_device || drc->state == (physical ? 6 : 1));
	MUST(drc->has_device || !drc->unplug_requested);
	MUST(drc->sense <= 2);
}

/* A state that was just saved can be loaded, and saved again with the same bytes. */
static void check_state(struct vf *vf)
{
	void *state, *again;
	size_t bytes, bytes_again;

	MUST(!papr_vmm_save(vf->vmm, &state, &bytes));
	MUST(!papr_vmm_load(vf->vmm, state, bytes, NULL));
	MUST(!papr_vmm_save(vf->vmm, &again, &bytes_again));
	MUST(bytes == bytes_again && !memcmp(state, again, bytes));
	free(state);
	free(again);
}

void vf_check_connectors(const struct vf *vf)
{
	struct papr_drc_info drc = { .size = sizeof(drc) };

	for (int i = 0; i < VF_CONNECTORS; i++)
		if (papr_vmm_drc_info(vf->vmm, vf_connectors[i], &drc))
			check_connector(&drc);
}

void vf_check(struct vf *vf)
{
	vf_check_connectors(vf);
	vf_check_tree(vf);
	check_state(vf);
}
