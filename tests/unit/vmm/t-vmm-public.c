// SPDX-License-Identifier: GPL-2.0-or-later
/* The installed library with only its public header: every function, called once. */
#include "tests/unit/fakes/test.h"
#include "vmm/paprvmm.h"

enum { MEMORY = 1 << 20, H_RTAS = 0xf000, SET_INDICATOR = 0x201a };

static uint8_t memory[MEMORY];

static int peek(void *priv, uint64_t addr, void *buf, size_t len)
{
	(void)priv;
	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(buf, memory + addr, len);
	return 0;
}

static int poke(void *priv, uint64_t addr, const void *buf, size_t len)
{
	(void)priv;
	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(memory + addr, buf, len);
	return 0;
}

static uint64_t now(void *priv)
{
	(void)priv;
	return 0;
}

static const struct papr_config config = {
	.size = sizeof(struct papr_config),
	.ram_bytes = 1ULL << 30,
	.max_ram_bytes = 2ULL << 30,
	.mem_slots = 2,
	.max_cpus = 2,
};

/* An embedder without the optional callbacks. */
static const struct papr_machine_ops embedder = { .size = sizeof(struct papr_machine_ops),
						  .read = peek,
						  .write = poke,
						  .clock_ns = now };

static struct papr_vmm *machine(void)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	struct papr_vmm *vmm;

	assert_int_equal(papr_vmm_new(&vmm, &config, &embedder, &error), 0);
	assert_null(error.text);
	return vmm;
}

static int add(struct papr_vmm *vmm, const char *driver, const char *id, const char *name,
	       const char *value)
{
	const struct papr_option options[] = { { "driver", driver },
					       { "id", id },
					       { name, value } };

	return papr_vmm_device_add(vmm, options, COUNT(options), NULL);
}

TEST(devices)
{
	const struct papr_option backend[] = { { "qom-type", "memory-backend-ram" },
					       { "id", "m0" },
					       { "size", "256M" } };
	struct papr_vmm *vmm = machine();
	struct papr_memory_info memory_info = { .size = sizeof(memory_info) };
	struct papr_drc_info drc = { .size = sizeof(drc) };
	struct papr_cpu_info cpu = { .size = sizeof(cpu) };
	struct papr_pci_info pci = { .size = sizeof(pci) };

	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(papr_vmm_object_add(vmm, backend, COUNT(backend), NULL), 0);
	assert_int_equal(add(vmm, "pc-dimm", "d0", "memdev", "m0"), 0);
	assert_int_equal(add(vmm, "virtio-net-pci", "n0", "addr", "3"), 0);
	assert_int_equal(add(vmm, "spapr-pci-host-bridge", "p1", "index", "1"), 0);
	assert_int_equal(papr_vmm_cpu_info(vmm, 0, &cpu), 1);
	assert_int_equal(add(vmm, cpu.type, "c1", "core-id", "1"), 0);
	assert_int_equal(papr_vmm_cpu_info(vmm, 2, &cpu), 0);
	assert_int_equal(papr_vmm_memory_info(vmm, 0, &memory_info), 1);
	assert_int_equal(memory_info.bytes, 256 << 20);
	assert_int_equal(papr_vmm_memory_info(vmm, 1, &memory_info), 0);
	assert_int_equal(papr_vmm_pci_info(vmm, 0, &pci), 1);
	assert_string_equal(pci.driver, "virtio-net-pci");
	assert_int_equal(papr_vmm_drc_info(vmm, 0x40000018, &drc), 1);
	assert_string_equal(drc.name, "C24");

	assert_int_equal(papr_vmm_object_del(vmm, "m0", NULL), -EBUSY);
	assert_int_equal(papr_vmm_device_del(vmm, "d0", NULL), 0);
	assert_int_equal(papr_vmm_object_del(vmm, "m0", NULL), 0);
	assert_int_equal(papr_vmm_device_del(vmm, "n0", NULL), 0);
	assert_int_equal(papr_vmm_device_del(vmm, "p1", NULL), 0);
	assert_int_equal(papr_vmm_device_del(vmm, "c1", NULL), 0);
	papr_vmm_free(vmm);
}

TEST(calls)
{
	uint64_t args[PAPR_HCALL_ARGS] = { MEMORY };
	struct papr_vmm *vmm = machine();
	struct papr_rtas call = { .size = sizeof(struct papr_rtas),
				  .token = SET_INDICATOR,
				  .nargs = 3,
				  .nret = 1 };
	struct papr_epapr exit = { .size = sizeof(struct papr_epapr), .nr = 1 };
	struct papr_fault fault = { .size = sizeof(struct papr_fault),
				    .call = "set-indicator",
				    .nth = 1,
				    .status = -2 };
	int id;

	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(papr_vmm_rtas_token(vmm, "set-indicator"), SET_INDICATOR);
	assert_int_equal(papr_vmm_rtas(vmm, 0, &call), 0);
	assert_int_equal((int32_t)call.rets[0], -3);
	papr_vmm_trace(vmm, true); /* there is no callback */
	id = papr_vmm_fault_add(vmm, &fault);
	assert_true(id > 0);
	assert_int_equal(papr_vmm_rtas_at(vmm, 0, "set-indicator", 3, 0x100, 1, 0x200),
			 0);
	assert_memory_equal(memory + 0x200, "\xff\xff\xff\xfe", 4);
	assert_int_equal(papr_vmm_fault_hits(vmm, id), 1);
	assert_int_equal(papr_vmm_fault_clear(vmm, id), 0);
	assert_int_equal(papr_vmm_fault_hits(vmm, id), -ENOENT);
	assert_int_equal(papr_vmm_hcall(vmm, 0, H_RTAS, args), -4);

	assert_false(papr_vmm_epapr(vmm, 0, &exit, true));
	papr_vmm_powerdown(vmm);
	assert_int_equal(papr_vmm_inject_event(vmm, "\6\0\0\x40\0\0\0\0", 8), 0);
	assert_int_equal(papr_vmm_console_input(vmm, 0, "x", 1), 1);
	papr_vmm_free(vmm);
}

TEST(trees_and_states)
{
	struct papr_vmm *vmm = machine(), *other = machine();
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	struct papr_entry entry = { .size = sizeof(entry) };
	size_t bytes, fdt_bytes;
	void *saved;

	assert_int_equal(papr_vmm_reset(vmm), 0);
	assert_int_equal(papr_vmm_reset(other), 0);
	assert_memory_equal(papr_vmm_fdt(vmm, &fdt_bytes), "\xd0\x0d\xfe\xed", 4);
	assert_false(papr_vmm_entry(vmm, &entry));
	assert_int_equal(papr_vmm_save(vmm, &saved, &bytes), 0);
	assert_int_equal(papr_vmm_load(other, saved, bytes, &error), 0);
	assert_int_equal(papr_vmm_load(other, saved, bytes - 1, &error), -EBADMSG);
	papr_error_clear(&error);
	assert_null(error.text);
	free(saved);
	papr_vmm_free(other);
	papr_vmm_free(vmm);
	papr_vmm_free(NULL);
}

TEST(descriptions)
{
	struct papr_driver_info driver = { .size = sizeof(driver) };
	char name[32];

	assert_int_equal(papr_vmm_cpu_model(NULL, 0, name), 1);
	assert_int_equal(papr_vmm_driver_info(NULL, 0, &driver), 1);
}

/* Structures of callers that were compiled with an older or a newer header */
TEST(sizes)
{
	struct {
		struct papr_config is;
		uint64_t newer;
	} more = { .is = config };
	struct {
		struct papr_cpu_info is;
		uint64_t newer;
	} info = { .newer = 7 };
	struct papr_config less = config;
	struct papr_error error = { 0 };
	struct papr_vmm *vmm;

	more.is.size = sizeof(more);
	assert_int_equal(papr_vmm_new(&vmm, &more.is, &embedder, &error), 0);
	info.is.size = sizeof(info);
	assert_int_equal(papr_vmm_cpu_info(vmm, 0, &info.is), 1);
	assert_int_equal(info.newer, 0);
	assert_int_equal(info.is.size, sizeof(info));
	info.is.pvr = 99;
	info.is.size = offsetof(struct papr_cpu_info, pvr);
	assert_int_equal(papr_vmm_cpu_info(vmm, 0, &info.is), 1);
	assert_int_equal(info.is.pvr, 99);
	info.is.size = 0;
	assert_int_equal(papr_vmm_cpu_info(vmm, 0, &info.is), -EINVAL);
	assert_int_equal(papr_vmm_fault_add(vmm, &(struct papr_fault){ .call = "x" }),
			 -EINVAL);
	papr_vmm_free(vmm);

	more.newer = 1;
	assert_int_equal(papr_vmm_new(&vmm, &more.is, &embedder, &error), -EINVAL);
	assert_non_null(strstr(error.text, "papr_config"));
	papr_error_clear(&error);
	less.size = 0;
	assert_int_equal(papr_vmm_new(&vmm, &less, &embedder, &error), -EINVAL);
	papr_error_clear(&error);
	less.size = offsetof(struct papr_config, bootargs);
	assert_int_equal(papr_vmm_new(&vmm, &less, &embedder, &error), 0);
	papr_vmm_free(vmm);
}
