// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine without memory: a story with all allocations is repeated, and each time
 * another allocation fails, alone or with all later ones. The machine must report each
 * failure, stay usable, and lose nothing of its own.
 */
#include <libfdt.h>

#include "tests/unit/fakes/no_memory.h"
#include "tests/unit/fakes/test.h"
#include "vmm/paprvmm.h"
#include "wire/cas.h"
#include "wire/drc.h"
#include "wire/hcall.h"
#include "wire/workarea.h"

/* ---- The machine ---- */

enum {
	MEMORY = 2 << 20,
	TREE = 0x10000,
	WORK_AREA = 0x100000,
	BUFFER = 0x110000,
	VECTORS = 0x120000,
	REPLY = 0x140000,
	REPLY_BYTES = 0x80000,
	OF_BLOCK = 0x130000,
	OF_STRINGS = 0x131000,
	TOKEN_LAST = 0x202c,
};

static uint8_t guest[MEMORY];
static struct papr_vmm *vmm;
static void *saved;
static size_t saved_bytes;

static int peek(void *priv, uint64_t addr, void *buf, size_t len)
{
	(void)priv;
	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(buf, guest + addr, len);
	return 0;
}

static int poke(void *priv, uint64_t addr, const void *buf, size_t len)
{
	(void)priv;
	if (addr > MEMORY || len > MEMORY - addr)
		return -EFAULT;
	memcpy(guest + addr, buf, len);
	return 0;
}

static uint64_t now(void *priv)
{
	(void)priv;
	return 0;
}

/* Callbacks make the permitted queries. */
static void look(void *priv, const struct papr_event *event)
{
	struct papr_memory_info memory = { .size = sizeof(memory) };
	struct papr_disk_info disk = { .size = sizeof(disk) };
	struct papr_drc_info drc = { .size = sizeof(drc) };
	struct papr_cpu_info cpu = { .size = sizeof(cpu) };
	struct papr_pci_info pci = { .size = sizeof(pci) };
	struct papr_phb_info phb = { .size = sizeof(phb) };
	size_t seen = 0;

	(void)priv;
	if (!vmm || !event->device) /* a device has hundreds of parts */
		return;
	for (size_t n = 0; papr_vmm_cpu_info(vmm, n, &cpu); n++)
		seen += cpu.path ? strlen(cpu.path) : 0;
	for (size_t n = 0; papr_vmm_memory_info(vmm, n, &memory); n++)
		seen += strlen(memory.memdev) + (memory.id ? strlen(memory.id) : 0);
	for (size_t n = 0; papr_vmm_pci_info(vmm, n, &pci); n++)
		seen += strlen(pci.id) + strlen(pci.driver);
	for (size_t n = 0; papr_vmm_phb_info(vmm, n, &phb); n++)
		seen += strlen(phb.id);
	for (size_t n = 0; papr_vmm_disk_info(vmm, n, &disk); n++)
		seen += strlen(disk.id) + disk.bus;
	for (uint32_t n = 0; papr_vmm_drc_info(vmm, 0x20000000 + n, &drc); n++)
		seen += strlen(drc.name);
	assert_true(seen < SIZE_MAX / 2);
}

static void print(void *priv, const char *line)
{
	(void)priv;
	assert_non_null(line);
}

static const struct papr_machine_ops embedder = { .size = sizeof(struct papr_machine_ops),
						  .read = peek,
						  .write = poke,
						  .clock_ns = now,
						  .event = look,
						  .log = print };

static struct papr_config config_now;

static int begin(void)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	int err = papr_vmm_new(&vmm, &config_now, &embedder, &error);

	papr_error_clear(&error);
	return err;
}

static int reset(void)
{
	return papr_vmm_reset(vmm);
}

typedef int add_fn(struct papr_vmm *machine, const struct papr_option *options, size_t n,
		   struct papr_error *error);

static int add(add_fn *fn, const struct papr_option *options, size_t n)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	int err = fn(vmm, options, n, &error);

	papr_error_clear(&error);
	return err;
}

#define ADD(fn, ...)                                   \
	add(fn, (struct papr_option[]){ __VA_ARGS__ }, \
	    sizeof((struct papr_option[]){ __VA_ARGS__ }) / sizeof(struct papr_option))

static int del(const char *id)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	int err = papr_vmm_device_del(vmm, id, &error);

	papr_error_clear(&error);
	return err;
}

static void put_be32(uint64_t addr, uint32_t value)
{
	struct builder b = builder_of(guest + addr, 4);

	builder_be32(&b, value);
}

/* ---- The guest's steps; a status for "hardware error" is -ENOMEM ---- */

static int32_t call(const char *name, uint32_t nret, uint32_t nargs, const uint32_t *args)
{
	struct papr_rtas rtas = { .size = sizeof(struct papr_rtas),
				  .token = papr_vmm_rtas_token(vmm, name),
				  .nargs = nargs,
				  .nret = nret };

	memcpy(rtas.args, args, nargs * sizeof(*args));
	assert_int_equal(papr_vmm_rtas(vmm, 0, &rtas), 0);
	return (int32_t)rtas.rets[0];
}

#define CALL(name, nret, ...)                                     \
	call(name, nret, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
	     (uint32_t[]){ __VA_ARGS__ })

static int walk(uint32_t index)
{
	int32_t status;

	put_be32(WORK_AREA, index);
	do
		status = CALL("ibm,configure-connector", 1, WORK_AREA, 0);
	while (status > 0);
	return status == -1 ? -ENOMEM : status;
}

static int take(uint32_t index, bool logical)
{
	if (logical)
		CALL("set-indicator", 1, DRC_ALLOCATION, index, DRC_USABLE);
	CALL("set-indicator", 1, DRC_ISOLATION, index, DRC_UNISOLATE);
	return walk(index);
}

static void give(uint32_t index, bool logical)
{
	CALL("set-indicator", 1, DRC_ISOLATION, index, DRC_ISOLATE);
	if (logical)
		CALL("set-indicator", 1, DRC_ALLOCATION, index, DRC_UNUSABLE);
}

static int64_t hcall(uint64_t nr, uint64_t r4, uint64_t r5, uint64_t r6)
{
	uint64_t args[PAPR_HCALL_ARGS] = { r4, r5, r6 };
	int64_t r3 = papr_vmm_hcall(vmm, 0, nr, args);

	return r3 == H_HARDWARE ? -ENOMEM : r3;
}

static void put_vectors(void)
{
	static const uint8_t v1[] = { 0, 0xff, 0xc0 }, rest[] = { 0 };
	static const uint8_t v5[26] = { [1] = 0x20, [4] = 0x80, [5] = 0x04, [21] = 0xc0 };
	static const struct cas_pvr pvr = { 0xffff0000, 0x004e0000 };
	struct builder b = builder_of(guest + VECTORS, 4096);

	cas_encode_pvrs(&b, &pvr, 1);
	cas_encode_count(&b, 5);
	cas_encode_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_encode_vector(&b, rest, sizeof(rest));
	cas_encode_vector(&b, v5, sizeof(v5));
}

static int cas(void)
{
	put_vectors();
	return (int)hcall(KVMPPC_H_CAS, VECTORS, REPLY, REPLY_BYTES);
}

static int update_dt(void)
{
	size_t size;
	const void *fdt = papr_vmm_fdt(vmm, &size);

	assert_true(size < WORK_AREA - TREE);
	memcpy(guest + TREE, fdt, size);
	return (int)hcall(KVMPPC_H_UPDATE_DT, TREE, 0, 0);
}

static int client(const char *service, uint32_t nret, uint32_t nargs,
		  const uint32_t *args)
{
	memcpy(guest + OF_STRINGS, service, strlen(service) + 1);
	put_be32(OF_BLOCK, OF_STRINGS);
	put_be32(OF_BLOCK + 4, nargs);
	put_be32(OF_BLOCK + 8, nret);
	for (uint32_t i = 0; i < nargs; i++)
		put_be32(OF_BLOCK + 12 + 4 * i, args[i]);
	return (int)hcall(KVMPPC_H_OF_CLIENT, OF_BLOCK, 0, 0);
}

#define CLIENT(service, nret, ...)                                     \
	client(service, nret, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
	       (uint32_t[]){ __VA_ARGS__ })

static uint32_t text_at(uint32_t addr, const char *text)
{
	memcpy(guest + addr, text, strlen(text) + 1);
	return addr;
}

/* ---- The story ---- */

static int add_cold_card(void)
{
	return ADD(papr_vmm_device_add, { "driver", "e1000e" }, { "addr", "1" });
}

static int add_backend(void)
{
	return ADD(papr_vmm_object_add, { "qom-type", "memory-backend-ram" },
		   { "id", "m0" }, { "size", "512M" });
}

static int add_dimm(void)
{
	return ADD(papr_vmm_device_add, { "driver", "pc-dimm" }, { "id", "d0" },
		   { "memdev", "m0" });
}

static int add_label_backend(void)
{
	return ADD(papr_vmm_object_add, { "qom-type", "memory-backend-ram" },
		   { "id", "m1" }, { "size", "257M" });
}

static int add_nvdimm(void)
{
	return ADD(papr_vmm_device_add, { "driver", "nvdimm" }, { "memdev", "m1" },
		   { "label-size", "1M" },
		   { "uuid", "00112233-4455-6677-8899-aabbccddeeff" });
}

static int add_core(void)
{
	return ADD(papr_vmm_device_add, { "driver", "power9_v2.0-spapr-cpu-core" },
		   { "id", "c1" }, { "core-id", "1" });
}

static int add_phb(void)
{
	return ADD(papr_vmm_device_add, { "driver", "spapr-pci-host-bridge" },
		   { "id", "p1" }, { "index", "1" });
}

static int add_anonymous_phb(void)
{
	return ADD(papr_vmm_device_add, { "driver", "spapr-pci-host-bridge" },
		   { "index", "2" });
}

static int add_bridge(void)
{
	return ADD(papr_vmm_device_add, { "driver", "pci-bridge" }, { "id", "b1" },
		   { "bus", "p1.0" }, { "chassis_nr", "3" }, { "addr", "2" });
}

static int add_card_behind(void)
{
	return ADD(papr_vmm_device_add, { "driver", "virtio-net-pci" }, { "id", "n1" },
		   { "bus", "b1" }, { "addr", "1" });
}

static int add_controller(void)
{
	return ADD(papr_vmm_device_add, { "driver", "virtio-scsi-pci" }, { "id", "s0" },
		   { "bus", "pci.0" }, { "addr", "3" });
}

static int add_disk(void)
{
	return ADD(papr_vmm_device_add, { "driver", "scsi-hd" }, { "id", "k0" },
		   { "bus", "s0.0" }, { "drive", "x" });
}

static int take_phb(void)
{
	return take(0x20000001, true);
}

static int take_core(void)
{
	return take(0x10000001, true);
}

static int take_block(void)
{
	return take(0x80000004, true);
}

static int take_other_block(void)
{
	return take(0x80000005, true);
}

static int take_card(void)
{
	return take(0x40000018, false);
}

static int take_bridge(void)
{
	return take(0x40010010, false);
}

static int fetch_events(void)
{
	for (int i = 0; i < 20; i++)
		CALL("check-exception", 1, 0, 0, UINT32_MAX, 0, BUFFER, 2048);
	return 0;
}

static int order_fault(void)
{
	int id = papr_vmm_fault_add(
		vmm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
					   .call = "hcall:61440",
					   .nth = 9 });

	return id > 0 ? 0 : id;
}

static int order_rtas_fault(void)
{
	int id = papr_vmm_fault_add(
		vmm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
					   .call = "event-scan",
					   .nth = 9 });

	return id > 0 ? 0 : id;
}

static int set_interrupt(void)
{
	return CALL("ibm,set-xive", 1, 0x1200, 0, 5) == -1 ? -ENOMEM : 0;
}

static int powerdown(void)
{
	papr_vmm_powerdown(vmm);
	return 0;
}

static int inject(void)
{
	static const uint8_t log[16] = { 6 };

	return papr_vmm_inject_event(vmm, log, sizeof(log));
}

static int terminate(void)
{
	return CALL("ibm,os-term", 1, text_at(BUFFER, "no more"));
}

static int save(void)
{
	void *state;
	size_t bytes;
	int err = papr_vmm_save(vmm, &state, &bytes);

	if (err)
		return err;
	free(saved);
	saved = state;
	saved_bytes = bytes;
	return 0;
}

/* The test's own copy, whose allocation does not fail. */
static void save_aside(void **state, size_t *bytes)
{
	memory_now.paused = true;
	assert_int_equal(papr_vmm_save(vmm, state, bytes), 0);
	memory_now.paused = false;
}

/* Completely or not at all. */
static int load(void)
{
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	void *before, *after;
	size_t size, size_after;
	int err;

	if (!saved)
		return 0;
	save_aside(&before, &size);
	err = papr_vmm_load(vmm, saved, saved_bytes, &error);
	papr_error_clear(&error);
	if (err) {
		save_aside(&after, &size_after);
		assert_int_equal(size_after, size);
		assert_memory_equal(after, before, size);
		free(after);
	}
	free(before);
	return err;
}

static int ask_for_disk(void)
{
	return del("k0");
}

static int ask_for_card(void)
{
	return del("s0");
}

static int ask_for_phb(void)
{
	return del("p1");
}

static int ask_for_core(void)
{
	return del("c1");
}

static int ask_for_dimm(void)
{
	return del("d0");
}

static int refuse_dimm(void)
{
	CALL("set-indicator", 1, DRC_ISOLATION, 0x80000004, DRC_UNISOLATE);
	return 0;
}

static int refuse_core(void)
{
	CALL("set-indicator", 1, DRC_ISOLATION, 0x10000001, DRC_UNISOLATE);
	return 0;
}

static int give_all(void)
{
	give(0x40000018, false);
	give(0x10000001, true);
	give(0x80000004, true);
	/* It reports hundreds of connectors that are removed with it. */
	memory_now.alike = 37;
	give(0x20000001, true);
	memory_now.alike = 0;
	return 0;
}

static int open_root(void)
{
	return CLIENT("open", 1, text_at(BUFFER, "/"));
}

static int negotiate_by_client(void)
{
	put_vectors();
	return CLIENT("call-method", 2,
		      text_at(BUFFER, "ibm,client-architecture-support"), 2, VECTORS);
}

static int claim(void)
{
	return CLIENT("claim", 1, 0, 0x1000, 0x1000);
}

static int set_bootargs(void)
{
	uint32_t chosen;

	CLIENT("finddevice", 1, text_at(BUFFER, "/chosen"));
	memcpy(&chosen, guest + OF_BLOCK + 16, sizeof(chosen));
	return CLIENT("setprop", 1, __builtin_bswap32(chosen),
		      text_at(BUFFER, "bootargs"), text_at(BUFFER + 64, "quiet"), 6);
}

static int quiesce(void)
{
	return client("quiesce", 0, 0, (uint32_t[]){ 0 });
}

/* ---- PowerVM's calls ---- */

static int put_dump(void)
{
	return papr_vmm_dump_add(vmm, 5, "dump", 4);
}

static int light(void)
{
	return papr_vmm_indicator_set(vmm, "UPAPR.VMM.0000001", 9006, true);
}

static int order_event(void)
{
	return papr_vmm_log_event(vmm,
				  &(struct papr_log){ .size = sizeof(struct papr_log),
						      .type = 5,
						      .action = 1,
						      .id = 2,
						      .index = 0x40000008 });
}

static int long_answer(int32_t status)
{
	return status == -1 ? -ENOMEM : status == 1 ? 0 : status;
}

static int ask_vpd(void)
{
	return long_answer(CALL("ibm,get-vpd", 3, text_at(BUFFER, ""), WORK_AREA, 64, 1));
}

static int ask_indices(void)
{
	return long_answer(CALL("ibm,get-indices", 2, 0, 9007, WORK_AREA, 64, 1));
}

static int ask_attestation(void)
{
	put_be32(WORK_AREA, 0x01010200);
	put_be32(WORK_AREA + 4, 12);
	return long_answer(CALL("ibm,physical-attestation", 3, WORK_AREA, 12, 1));
}

enum { SLOT = 0x50000102 }; /* the second one of host bridge 1 */

static int add_slots(void)
{
	return ADD(papr_vmm_device_add, { "driver", "spapr-pci-host-bridge" },
		   { "id", "phb1" }, { "index", "1" }, { "x-slots", "on" });
}

static int add_card_in_slot(void)
{
	return ADD(papr_vmm_device_add, { "driver", "virtio-net-pci" }, { "id", "s2" },
		   { "bus", "phb1.0" }, { "addr", "2" });
}

static int take_slot(void)
{
	return take(SLOT, true);
}

static int give_slot(void)
{
	int err = del("s2");

	give(SLOT, true);
	return err;
}

#define STEP(fn)        \
	{               \
#fn, fn \
	}
struct step {
	const char *name;
	int (*fn)(void);
};

// clang-format off
static const struct step plain_story[] = {
	STEP(begin), STEP(add_cold_card), STEP(reset), STEP(add_controller), STEP(cas),
	STEP(add_backend), STEP(add_dimm), STEP(add_label_backend), STEP(add_nvdimm),
	STEP(add_core), STEP(add_phb), STEP(add_anonymous_phb), STEP(add_bridge),
	STEP(add_card_behind), STEP(add_disk), STEP(save), STEP(take_phb),
	STEP(take_core), STEP(take_block), STEP(take_other_block), STEP(take_card),
	STEP(take_bridge), STEP(order_fault), STEP(order_rtas_fault), STEP(update_dt),
	STEP(set_interrupt), STEP(powerdown), STEP(inject), STEP(save), STEP(load),
	STEP(take_phb), STEP(terminate), STEP(ask_for_dimm), STEP(refuse_dimm),
	STEP(ask_for_core), STEP(refuse_core), STEP(ask_for_dimm), STEP(ask_for_core),
	STEP(ask_for_disk), STEP(ask_for_card), STEP(ask_for_phb), STEP(save),
	STEP(load), STEP(give_all), STEP(fetch_events), STEP(cas), STEP(reset),
	STEP(save),
};

static const struct step client_story[] = {
	STEP(begin), STEP(reset), STEP(open_root), STEP(claim), STEP(set_bootargs),
	STEP(add_phb), STEP(negotiate_by_client), STEP(claim), STEP(save), STEP(load),
	STEP(quiesce), STEP(claim), STEP(update_dt), STEP(cas), STEP(reset), STEP(save),
};

static const struct step powervm_story[] = {
	STEP(begin), STEP(add_slots), STEP(reset), STEP(add_card_in_slot), STEP(take_slot),
	STEP(save), STEP(give_slot), STEP(put_dump), STEP(light), STEP(order_event),
	STEP(ask_vpd), STEP(ask_indices), STEP(ask_attestation), STEP(save), STEP(load),
	STEP(ask_vpd), STEP(reset), STEP(save),
};
// clang-format on

/* ---- Running it ---- */

/* With memory again, all works. */
static void assert_of_use(void)
{
	const void *fdt;
	size_t size;

	memory_now.fail_at = 0;
	assert_int_equal(papr_vmm_reset(vmm), 0);
	fdt = papr_vmm_fdt(vmm, &size);
	assert_int_equal(fdt_check_full(fdt, size), 0);
	assert_int_equal(ADD(papr_vmm_device_add, { "driver", "virtio-rng-pci" },
			     { "id", "late" }, { "bus", "pci.0" }, { "addr", "1f" }),
			 0);
	assert_int_equal(take(0x400000f8, false), 0);
	assert_int_equal(del("late"), 0);
	give(0x400000f8, false);
	assert_int_equal(save(), 0);
	assert_int_equal(load(), 0);
}

/* The permitted answers to a step: the true one, or that there is no memory. */
static bool is_plausible(int err, bool failed_before)
{
	if (failed_before)
		return true; /* a consequence of an earlier failure */
	return !err || (memory_now.failed && err == -ENOMEM);
}

/* Return false if the failure was after the end of the story. */
static bool tell(const struct step *steps, size_t n, unsigned long fail_at, bool for_ever)
{
	bool reached;

	memory_now.calls = 0;
	memory_now.fail_at = fail_at;
	memory_now.for_ever = for_ever;
	memory_now.failed = false;
	memset(guest, 0, sizeof(guest));
	for (size_t i = 0; i < n; i++) {
		bool before = memory_now.failed;
		int err = steps[i].fn();

		if (!is_plausible(err, before))
			fail_msg("allocation %lu, step %zu (%s): %d", fail_at, i,
				 steps[i].name, err);
		if (!vmm)
			break;
	}

	reached = memory_now.failed;
	if (vmm)
		assert_of_use();
	memory_now.fail_at = 0;
	papr_vmm_free(vmm);
	vmm = NULL;
	free(saved);
	saved = NULL;
	return reached;
}

static void tell_with_each_failure(const struct step *steps, size_t n)
{
	assert_false(tell(steps, n, 0, false));
	for (unsigned long at = 1; tell(steps, n, at, false); at++)
		;
	for (unsigned long at = 1; tell(steps, n, at, true); at += 23)
		;
}

TEST(each_allocation)
{
	config_now = (struct papr_config){ .size = sizeof(struct papr_config),
					   .machine = "pseries-7.2",
					   .ram_bytes = 1ULL << 30,
					   .max_ram_bytes = 3ULL << 30,
					   .mem_slots = 4,
					   .max_cpus = 4,
					   .nvdimm = true,
					   .name = "guest",
					   .bootargs = "quiet" };
	tell_with_each_failure(plain_story, COUNT(plain_story));
}

TEST(each_allocation_with_differences)
{
	config_now.cas_reply_diff = true;
	config_now.drc_info = true;
	tell_with_each_failure(plain_story, COUNT(plain_story));
}

TEST(each_allocation_of_the_client_interface)
{
	config_now = (struct papr_config){ .size = sizeof(struct papr_config),
					   .machine = "pseries-7.2",
					   .ram_bytes = 1ULL << 30,
					   .vof = true };
	tell_with_each_failure(client_story, COUNT(client_story));
}

TEST(each_allocation_of_powervm)
{
	config_now = (struct papr_config){ .size = sizeof(struct papr_config),
					   .machine = "pseries-7.2",
					   .ram_bytes = 1ULL << 30,
					   .powervm = true };
	tell_with_each_failure(powervm_story, COUNT(powervm_story));
}
