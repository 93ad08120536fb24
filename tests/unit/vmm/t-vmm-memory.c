// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DIMMs and NVDIMMs are plugged and unplugged; statuses, words and events of QEMU 7.2
 * (mem.*, nvdimm.*, legacy.*, precas.* of the vectors).
 */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/event_hp.h"

#define GIB (1ULL << 30)

enum { LMB_4 = 0x80000004, LMB_5 = 0x80000005, LMB_6 = 0x80000006, PMEM_0 = 0x90000000 };
enum { MASK_HOT_PLUG = 0x10000000, MASK_EPOW = 0x40000000, HP_AT = 96 };

/* 1 GiB, and 3 more can be plugged. */
static struct papr_config big(void)
{
	struct papr_config config = vm_config;

	config.max_ram_bytes = 4 * GIB;
	config.mem_slots = 8;
	config.nvdimm = true;
	return config;
}

static void start(struct vm *vm)
{
	struct papr_config config = big();

	vm_start(vm, &config);
}

static void add_backend(struct vm *vm, const char *options)
{
	int err = vm_object(vm, "memory-backend-ram", options);

	if (err)
		print_error("%s\n", vm_error(vm));
	assert_int_equal(err, 0);
}

static void add_dimm(struct vm *vm, const char *options)
{
	int err = vm_add(vm, "pc-dimm", options);

	if (err)
		print_error("%s\n", vm_error(vm));
	assert_int_equal(err, 0);
}

/* Return the hot-plug section of the next event as text. */
static const char *next_event(struct vm *vm, uint32_t mask)
{
	static char text[64];
	struct hp_section hp;

	if (vm_call(vm, "check-exception", 0x500, 0, mask, 1, VM_EVENT_BUFFER, 2048))
		return "none";
	assert_int_equal(hp_section_decode(&hp, vm->memory + VM_EVENT_BUFFER + HP_AT,
					   HP_SECTION_BYTES),
			 0);
	snprintf(text, sizeof(text), "type %u action %u id %u count %u index %x",
		 (unsigned int)hp.type, (unsigned int)hp.action, (unsigned int)hp.id,
		 (unsigned int)hp.count, (unsigned int)hp.index);
	return text;
}

TEST(comes_and_goes)
{
	struct papr_memory_info info = { .size = sizeof(info) };
	struct vm vm;

	start(&vm);
	assert_int_equal(vm_sense(&vm, LMB_4), 2);
	assert_int_equal(vm_sense(&vm, 0x80000003), -3); /* memory from the start */
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	assert_string_equal(next_event(&vm, MASK_HOT_PLUG),
			    "type 2 action 1 id 4 count 2 index 80000004");
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 1);
	assert_string_equal(info.type, "dimm");
	assert_string_equal(info.id, "d1");
	assert_string_equal(info.memdev, "/objects/m1");
	assert_true(info.address == GIB && info.bytes == GIB / 2 && info.hotplugged);
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 1, &info), 0);

	vm_take(&vm, LMB_4);
	vm_take(&vm, LMB_5);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, LMB_4, 0), -1);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "d1"), 0);
	assert_string_equal(next_event(&vm, MASK_HOT_PLUG),
			    "type 2 action 2 id 4 count 2 index 80000004");
	assert_int_equal(vm_del(&vm, "d1"), -EBUSY);
	assert_string_equal(vm_error(&vm),
			    "Memory unplug already in progress for device d1");
	vm_notes(&vm);
	vm_give(&vm, LMB_4);
	assert_notes(&vm, "");
	assert_int_equal(papr_vmm_object_del(vm.vmm, "m1", NULL), -EBUSY);
	vm_give(&vm, LMB_5);
	assert_notes(&vm, "DEVICE_DELETED d1\n");
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 0);
	assert_int_equal(papr_vmm_object_del(vm.vmm, "m1", NULL), 0);
	vm_end(&vm);
}

TEST(walk)
{
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, LMB_5, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, LMB_5, 1), 0);
	/* the block's address; in QEMU's, the address includes the connector's type */
	assert_string_equal(vm_walk(&vm, LMB_5), "2 memory@50000000\n"
						 "3 ibm,associativity 20\n"
						 "3 reg 16\n"
						 "3 device_type 7\n"
						 "0\n");
	vm_negotiate(&vm, 5, 0x20);
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, LMB_4, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, LMB_4, 1), 0);
	assert_string_equal(vm_walk(&vm, LMB_4), "2 memory@40000000\n"
						 "3 ibm,associativity 8\n"
						 "3 reg 16\n"
						 "3 device_type 7\n"
						 "0\n");
	vm_end(&vm);
}

/* If one block is kept, the DIMM is kept. A second request releases the remaining
 * blocks. */
TEST(refused_half_way)
{
	static const char told[] =
		"MEM_UNPLUG_ERROR d1 Memory hotunplug rejected by the guest for device d1\n"
		"DEVICE_UNPLUG_GUEST_ERROR d1\n";
	struct papr_memory_info info = { .size = sizeof(info) };
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	vm_take(&vm, LMB_4);
	vm_take(&vm, LMB_5);
	assert_int_equal(vm_del(&vm, "d1"), 0);
	vm_give(&vm, LMB_4);
	vm_notes(&vm);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, LMB_5, 1), 0);
	assert_notes(&vm, told);
	assert_int_equal(vm_sense(&vm, LMB_4), 2);
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, LMB_4, 1), -3);
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 1);

	assert_int_equal(vm_del(&vm, "d1"), 0);
	vm_notes(&vm);
	vm_give(&vm, LMB_5);
	assert_notes(&vm, "DEVICE_DELETED d1\n");
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 0);
	vm_end(&vm);
}

TEST(a_walk_refuses_too)
{
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m1,size=256M");
	add_dimm(&vm, "memdev=m1");
	vm_take(&vm, LMB_4);
	vm_notes(&vm);
	/* the host cannot unplug one without an id, so request it here */
	assert_int_equal(
		dimm_class.request_unplug(vm.vmm, &memory_of(vm.vmm)->dimms->dev, NULL),
		0);
	vm_notes(&vm);
	assert_int_equal(vm_walk_step(&vm, LMB_4), 2);
	assert_notes(
		&vm,
		"MEM_UNPLUG_ERROR  Memory hotunplug rejected by the guest for device \n"
		"DEVICE_UNPLUG_GUEST_ERROR /machine/peripheral-anon/device[0]\n");
	vm_end(&vm);
}

TEST(untouched_goes_at_once)
{
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "d1"), 0);
	assert_notes(&vm, "DEVICE_DELETED d1\nirq 0x1001\n");

	/* with one block owned, the other is released */
	add_dimm(&vm, "id=d1,memdev=m1");
	vm_take(&vm, LMB_5);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "d1"), 0);
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, LMB_4, 1), -3);
	vm_give(&vm, LMB_5);
	assert_notes(&vm, "DEVICE_DELETED d1\n");
	vm_end(&vm);
}

TEST(without_the_source)
{
	struct papr_config config = big();
	struct vm vm;

	/* negotiated, without this bit */
	vm_begin(&vm, &config);
	vm_reset(&vm);
	vm_negotiate(&vm, 2, 0x20);
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	assert_string_equal(next_event(&vm, MASK_HOT_PLUG), "none");
	assert_string_equal(next_event(&vm, MASK_EPOW),
			    "type 2 action 1 id 3 count 2 index 0");
	assert_int_equal(vm_del(&vm, "d1"), -EINVAL);
	assert_string_equal(vm_error(&vm),
			    "Memory hot unplug not supported for this guest");
	vm_end(&vm);

	/* not yet negotiated */
	vm_begin(&vm, &config);
	vm_reset(&vm);
	add_backend(&vm, "id=m1,size=512M");
	add_dimm(&vm, "id=d1,memdev=m1");
	assert_string_equal(next_event(&vm, MASK_EPOW),
			    "type 2 action 1 id 3 count 2 index 0");
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, LMB_4, 1), 0);
	assert_int_equal(vm_del(&vm, "d1"), 0);
	assert_string_equal(next_event(&vm, MASK_EPOW),
			    "type 2 action 2 id 4 count 2 index 80000004");
	assert_int_equal(vm_sense(&vm, LMB_4), 1);
	vm_notes(&vm);
	vm_reset(&vm); /* completes it */
	assert_notes(&vm, "DEVICE_DELETED d1\n");
	vm_end(&vm);
}

TEST(nvdimm)
{
	struct papr_memory_info info = { .size = sizeof(info) };
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=nv,size=537001984");
	assert_int_equal(vm_add(&vm, "nvdimm",
				"id=nv0,memdev=nv,label-size=131072,"
				"uuid=75a3cdd7-6a2f-4791-8d15-fe0a920e8e9e"),
			 0);
	assert_string_equal(next_event(&vm, MASK_HOT_PLUG),
			    "type 6 action 1 id 2 count 0 index 90000000");
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 1);
	assert_string_equal(info.type, "nvdimm");
	assert_true(info.bytes == GIB / 2);

	assert_int_equal(vm_call(&vm, "set-indicator", 9003, PMEM_0, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, PMEM_0, 1), 0);
	assert_string_equal(vm_walk(&vm, PMEM_0), "2 ibm,pmemory@90000000\n"
						  "3 ibm,cache-flush-required 0\n"
						  "3 ibm,pmem-application 17\n"
						  "3 ibm,metadata-size 4\n"
						  "3 ibm,number-of-blocks 8\n"
						  "3 ibm,block-size 8\n"
						  "3 ibm,my-drc-index 4\n"
						  "3 ibm,unit-guid 37\n"
						  "3 ibm,associativity 20\n"
						  "3 device_type 12\n"
						  "3 compatible 12\n"
						  "3 reg 4\n"
						  "0\n");
	assert_int_equal(vm_del(&vm, "nv0"), -EINVAL);
	assert_string_equal(vm_error(&vm),
			    "nvdimm device hot unplug is not supported yet.");
	vm_end(&vm);
}

TEST(places)
{
	struct papr_memory_info info = { .size = sizeof(info) };
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=a,size=256M");
	add_backend(&vm, "id=b,size=512M");
	add_backend(&vm, "id=c,size=256M");
	add_backend(&vm, "id=d,size=256M");
	add_dimm(&vm, "memdev=a,addr=0x50000000,slot=1");
	add_dimm(&vm, "memdev=b");	/* not in the hole of 256 MiB */
	add_dimm(&vm, "id=c,memdev=c"); /* in it */
	add_dimm(&vm, "memdev=d");
	for (uint32_t i = 0; i < 4; i++) {
		static const uint64_t at[] = { 0x40000000, 0x50000000, 0x60000000,
					       0x80000000 };
		static const uint32_t slots[] = { 2, 1, 0, 3 };

		assert_int_equal(papr_vmm_memory_info(vm.vmm, i, &info), 1);
		assert_true(info.address == at[i]);
		assert_int_equal(info.slot, slots[i]);
	}
	vm_end(&vm);
}

TEST(words)
{
	static const struct {
		const char *options, *words;
	} rows[] = {
		{ "id=x", "'memdev' property must be set" },
		{ "id=x,memdev=nope", "Device 'nope' not found" },
		{ "id=x,memdev=m3",
		  "Hotplugged memory size must be a multiple of 256 MB" },
		{ "id=x,memdev=m1", "can't use already busy memdev: m1" },
		{ "id=d1,memdev=m2", "Duplicate device ID 'd1'" },
		{ "id=x,memdev=m2,slot=8",
		  "invalid slot number 8, valid range is [0-7]" },
		{ "id=x,memdev=m2,slot=0", "slot 0 is busy" },
		{ "id=x,memdev=m2,addr=0x40000000",
		  "address range conflicts with memory device id='d1'" },
		{ "id=x,memdev=m2,addr=0xf0000000",
		  "can't add memory device [0xf0000000:0x20000000], usable range for "
		  "memory devices [0x40000000:0xc0000000]" },
		{ "id=x,memdev=m2,addr=0xfffffffff0000000",
		  "can't add memory device [0xfffffffff0000000:0x20000000], usable range "
		  "for memory devices [0x40000000:0xc0000000]" },
		{ "id=x,memdev=m2,addr=0x60001000",
		  "address must be aligned to 0x10000000 bytes" },
		{ "id=x,memdev=m2,node=1",
		  "'DIMM property node has value 1' which exceeds the number of numa "
		  "nodes: 1" },
		{ "id=x,memdev=m2,foo=1", "Property 'pc-dimm.foo' not found" },
		{ "id=x,memdev=m2,label-size=131072",
		  "Property 'pc-dimm.label-size' not found" },
		{ "id=x,memdev=m7",
		  "not enough space, currently 0x10000000 in use of total space for "
		  "memory devices 0xc0000000" },
		{ "id=1x,memdev=m2", "Parameter 'id' expects an identifier" },
	};
	struct papr_config config = vm_config;
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m1,size=256M");
	add_backend(&vm, "id=m2,size=512M");
	add_backend(&vm, "id=m3,size=100M");
	add_backend(&vm, "id=m7,size=5G");
	add_dimm(&vm, "id=d1,memdev=m1");
	vm_notes(&vm);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(vm_add(&vm, "pc-dimm", rows[i].options) < 0);
		assert_string_equal(vm_error(&vm), rows[i].words);
	}
	assert_notes(&vm, "");
	/* and nothing of it is left */
	add_dimm(&vm, "id=x,memdev=m2,slot=1,addr=0x50000000");
	vm_end(&vm);

	config.max_ram_bytes = 2 * GIB;
	config.mem_slots = 0;
	vm_start(&vm, &config);
	add_backend(&vm, "id=m1,size=256M");
	assert_true(vm_add(&vm, "pc-dimm", "memdev=m1") < 0);
	assert_string_equal(
		vm_error(&vm),
		"no slots where allocated, please specify the 'slots' option");
	vm_end(&vm);
}

TEST(no_room)
{
	static const char fragmented[] =
		"could not find position in guest address space for memory device - "
		"memory fragmented due to alignments";
	struct vm vm;

	vm_start(&vm, NULL); /* 1 GiB to add, 4 slots */
	add_backend(&vm, "id=a,size=256M");
	add_backend(&vm, "id=b,size=512M");
	add_backend(&vm, "id=c,size=256M");
	add_backend(&vm, "id=d,size=256M");
	add_backend(&vm, "id=e,size=256M");
	add_dimm(&vm, "memdev=a,addr=0x50000000");
	add_dimm(&vm, "memdev=c,addr=0x70000000");
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=b"), -ENOSPC);
	assert_string_equal(vm_error(&vm), fragmented);
	add_dimm(&vm, "memdev=d");
	add_dimm(&vm, "memdev=e");
	add_backend(&vm, "id=f,size=256M");
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=f"), -ENOSPC);
	assert_string_equal(vm_error(&vm), "no free slots available");
	vm_end(&vm);
}

TEST(nvdimm_words)
{
#define UUID ",uuid=75a3cdd7-6a2f-4791-8d15-fe0a920e8e9e"
	static const struct {
		const char *options, *words;
	} rows[] = {
		{ "memdev=m", "PAPR requires NVDIMM devices to have label-size set" },
		{ "memdev=m,label-size=131072",
		  "NVDIMM device requires the uuid to be set" },
		{ "memdev=m,label-size=131072,uuid=00000000-0000-0000-0000-000000000000",
		  "NVDIMM device requires the uuid to be set" },
		{ "memdev=m,label-size=1000" UUID,
		  "Property 'nvdimm.label-size' (0x3e8) is required at least 0x20000" },
		{ "memdev=m,label-size=131073" UUID,
		  "PAPR requires NVDIMM memory size (excluding label) to be a multiple "
		  "of 256MB" },
		{ "memdev=m,label-size=1G" UUID,
		  "the size of memdev m (0x10020000) is too small to contain nvdimm label "
		  "(0x40000000) and aligned PMEM (0x200000)" },
	};
	struct papr_config config = big();
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m,size=268566528");
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(vm_add(&vm, "nvdimm", rows[i].options) < 0);
		assert_string_equal(vm_error(&vm), rows[i].words);
	}
	vm_end(&vm);

	config.nvdimm = false;
	vm_start(&vm, &config);
	add_backend(&vm, "id=m,size=268566528");
	assert_true(vm_add(&vm, "nvdimm", "memdev=m,label-size=131072" UUID) < 0);
	assert_string_equal(vm_error(&vm),
			    "nvdimm device found but 'nvdimm=off' was set");
	vm_end(&vm);
}

TEST(backends)
{
	static const struct {
		const char *options, *words;
	} rows[] = {
		{ "id=m,size=1M", "attempt to add duplicate property 'm' to object (type "
				  "'container')" },
		{ "id=z,size=0",
		  "property 'size' of memory-backend-ram doesn't take value "
		  "'0'" },
		{ "id=z", "Parameter 'size' is missing" },
		{ "id=z z,size=1M", "Parameter 'id' expects an identifier" },
		{ "id=z,size=1M,foo=1", "Parameter 'foo' is unexpected" },
	};
	struct papr_error error = { 0 };
	struct vm vm;

	start(&vm);
	add_backend(&vm, "id=m,size=1M,share=on");
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(vm_object(&vm, "memory-backend-ram", rows[i].options) < 0);
		assert_string_equal(vm_error(&vm), rows[i].words);
	}
	assert_int_equal(papr_vmm_object_del(vm.vmm, "nope", &error), -ENOENT);
	assert_string_equal(error.text, "object 'nope' not found");
	papr_error_clear(&error);
	vm_end(&vm);
}
