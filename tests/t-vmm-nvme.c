// SPDX-License-Identifier: GPL-2.0-or-later
/* NVMe controllers of papr-vmm -accel kvm, as a guest's driver sees them, and hostile guests.
 * The guest's memory has its exact size, so a sanitizer detects an access outside. */
#include "tests/little_endian.h"
#include "tests/vmm_machine.h"
#include "vmm/kvm/dma.h"
#include "vmm/kvm/nvme.h"
#include "wire/hcall.h"

enum { CC = 0x14, STATUS = 0x1c, AQA = 0x24, ASQ = 0x28, ACQ = 0x30, DOORBELLS = 0x1000 };
enum { ASQ_AT = 0x1000, ACQ_AT = 0x2000, SQ_AT = 0x3000, CQ_AT = 0x4000 };
enum { LIST = 0x5000, BUFFER = 0x10000, PAGE = 4096, ENTRIES = 4, FIRST_MSI = 0x1300 };
enum { READY = 1, FATAL = 2 };
enum { DMA_PAGE = 1 << 16, READ = 1, WRITE = 2 };
#define DMA (UINT64_C(1) << 59) /* the window that the guest makes */

struct rig {
	struct host host; /* first: host_map() finds the memory */
	struct vm vm;
	struct nvme *all;
	struct papr_pci_access access;
	uint16_t tails[2]; /* of the queues for commands */
	uint16_t done[2];  /* completions so far */
	uint32_t irq;	   /* of the last command */
};

static uint8_t *memory_at(const struct host *host, uint64_t address, size_t len)
{
	const struct rig *rig = (const struct rig *)(const void *)host;
	size_t bytes = rig->vm.memory_bytes;

	return len > bytes || address > bytes - len ? NULL : rig->vm.memory + address;
}

void *host_map(const struct host *host, uint64_t address, size_t len)
{
	return memory_at(host, address, len);
}

static void put(struct rig *rig, uint64_t address, size_t len, uint64_t value)
{
	le_put(rig->vm.memory + address, len, value);
}

static uint64_t get(const struct rig *rig, uint64_t address, size_t len)
{
	return le_get(rig->vm.memory + address, len);
}

static uint32_t reg_write(struct rig *rig, uint64_t offset, uint32_t len, uint64_t value)
{
	uint8_t data[8];

	le_put(data, sizeof(data), value);
	rig->access.offset = offset;
	return nvme_access(&rig->all, &rig->host, &rig->access, true, data, len);
}

static uint64_t reg_read(struct rig *rig, uint64_t offset, uint32_t len)
{
	uint8_t data[8] = { 0 };

	rig->access.offset = offset;
	nvme_access(&rig->all, &rig->host, &rig->access, false, data, len);
	return le_get(data, sizeof(data));
}

static void enable(struct rig *rig, uint64_t asq, uint64_t acq)
{
	memset(rig->vm.memory, 0, rig->vm.memory_bytes);
	memset(rig->tails, 0, sizeof(rig->tails));
	memset(rig->done, 0, sizeof(rig->done));
	reg_write(rig, CC, 4, 0);
	assert_int_equal(reg_read(rig, STATUS, 4), 0);
	reg_write(rig, AQA, 4, (ENTRIES - 1) << 16 | (ENTRIES - 1));
	reg_write(rig, ASQ, 8, asq);
	reg_write(rig, ACQ, 4, acq & 0xffffffff);
	reg_write(rig, ACQ + 4, 4, acq >> 32);
	reg_write(rig, CC, 4, 0x460001);
	assert_int_equal(reg_read(rig, STATUS, 4), READY);
}

static void set_tce(struct rig *rig, uint32_t liobn, uint64_t address, uint64_t tce)
{
	uint64_t args[PAPR_HCALL_ARGS] = { liobn, address, tce };

	assert_int_equal(papr_vmm_hcall(rig->vm.vmm, 0, H_PUT_TCE, args), 0);
}

/* As Linux does: map all memory one to one, and a bit more, and let the card access it. */
static void map_memory(struct rig *rig)
{
	const uint32_t window[] = { 2 << 11, 0x8000000, 0x20000000, 16, 21 };

	assert_int_equal(
		vm_rtas(&rig->vm, "ibm,create-pe-dma-window", 5, window, 4, NULL), 0);
	assert_int_equal(vm_call(&rig->vm, "ibm,write-pci-config", 2 << 11 | 4, 0x8000000,
				 0x20000000, 2, 6),
			 0);
	for (uint64_t at = 0; at < 2 * VM_MEMORY_BYTES; at += DMA_PAGE)
		set_tce(rig, 0x80000001, DMA + at, at | READ | WRITE);
}

static void rig_start(struct rig *rig)
{
	struct papr_pci_info info = { .size = sizeof(info) };

	*rig = (struct rig){ 0 };
	vm_start(&rig->vm, NULL);
	rig->host.vmm = rig->vm.vmm;
	assert_int_equal(vm_add(&rig->vm, "nvme", "id=c,addr=2,drive=d,serial=s"), 0);
	assert_int_equal(papr_vmm_pci_info(rig->vm.vmm, 0, &info), 1);
	rig->access = (struct papr_pci_access){
		.size = sizeof(rig->access),
		.serial = info.serial,
		.driver = info.driver,
		.bus_master = true,
		.first_msi = FIRST_MSI,
		.n_msis = 2,
	};
	map_memory(rig);
	enable(rig, DMA + ASQ_AT, DMA + ACQ_AT);
}

static void rig_end(struct rig *rig)
{
	nvme_free(&rig->all);
	assert_null(rig->all);
	vm_end(&rig->vm);
}

struct command {
	uint8_t opcode;
	uint32_t namespace;
	uint64_t prp1, prp2;
	uint32_t dw10, dw11, dw12;
};

/* Submit a command. */
static void submit(struct rig *rig, unsigned int queue, const struct command *c)
{
	uint64_t at = (queue ? SQ_AT : ASQ_AT) + 64u * rig->tails[queue];

	put(rig, at, 1, c->opcode);
	put(rig, at + 2, 2, 0x1234);
	put(rig, at + 4, 4, c->namespace);
	put(rig, at + 24, 8, c->prp1);
	put(rig, at + 32, 8, c->prp2);
	put(rig, at + 40, 4, c->dw10);
	put(rig, at + 44, 4, c->dw11);
	put(rig, at + 48, 4, c->dw12);
	rig->tails[queue] = (rig->tails[queue] + 1) % ENTRIES;
	rig->irq = reg_write(rig, DOORBELLS + 8 * queue, 4, rig->tails[queue]);
}

/* Submit a command, and return its status. */
static unsigned int run(struct rig *rig, unsigned int queue, const struct command *c)
{
	uint64_t at = (queue ? CQ_AT : ACQ_AT) + 16u * (rig->done[queue] % ENTRIES);
	unsigned int status;

	submit(rig, queue, c);
	assert_int_equal(rig->irq, FIRST_MSI + queue);
	status = (unsigned int)get(rig, at + 14, 2);
	assert_int_equal(status & 1, !(rig->done[queue] / ENTRIES % 2)); /* phase */
	assert_int_equal(get(rig, at + 12, 2), 0x1234);
	assert_int_equal(get(rig, at + 8, 2), rig->tails[queue]);
	assert_int_equal(get(rig, at + 10, 2), queue);
	rig->done[queue]++;
	reg_write(rig, DOORBELLS + 8 * queue + 4, 4, rig->done[queue] % ENTRIES);
	return status >> 1;
}

#define run_command(rig, queue, ...) run(rig, queue, &(struct command){ __VA_ARGS__ })

static void create_queues(struct rig *rig)
{
	assert_int_equal(run_command(rig, 0, .opcode = 5, .prp1 = DMA + CQ_AT,
				     .dw10 = (ENTRIES - 1) << 16 | 1,
				     .dw11 = 1 << 16 | 3),
			 0);
	assert_int_equal(run_command(rig, 0, .opcode = 1, .prp1 = DMA + SQ_AT,
				     .dw10 = (ENTRIES - 1) << 16 | 1,
				     .dw11 = 1 << 16 | 1),
			 0);
}

static unsigned int read_disk(struct rig *rig, uint64_t sector, uint32_t sectors,
			      uint64_t prp1, uint64_t prp2)
{
	memset(rig->vm.memory + BUFFER, 0xee, 0x40000);
	return run_command(rig, 1, .opcode = 2, .namespace = 1, .prp1 = prp1,
			   .prp2 = prp2, .dw10 = (uint32_t)sector,
			   .dw11 = (uint32_t)(sector >> 32), .dw12 = sectors - 1);
}

/* How many bytes of the buffer were written, from its start */
static size_t zeros(const struct rig *rig)
{
	size_t n = 0;

	while (!rig->vm.memory[BUFFER + n])
		n++;
	for (size_t i = n; i < 0x40000; i++)
		assert_int_equal(rig->vm.memory[BUFFER + i], 0xee);
	return n;
}

static void administration(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig);
	assert_int_equal(reg_read(&rig, 0, 2), 63);
	assert_int_equal(reg_read(&rig, 8, 4), 0x10200);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .dw10 = 1, .prp1 = DMA + BUFFER), 0);
	assert_memory_equal(rig.vm.memory + BUFFER + 24, "papr-vmm", 8);
	assert_int_equal(get(&rig, BUFFER + 516, 4), 1);
	/* across pages */
	assert_int_equal(run_command(&rig, 0, .opcode = 6, .namespace = 1,
				     .prp1 = DMA + BUFFER + PAGE - 8,
				     .prp2 = DMA + BUFFER + 4 * PAGE),
			 0);
	assert_int_equal(get(&rig, BUFFER + PAGE - 8, 8), 2048);
	assert_int_equal(get(&rig, BUFFER + 4 * PAGE, 8), 2048);
	assert_int_equal(get(&rig, BUFFER + 4 * PAGE + 99 - 8, 1), 1);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .dw10 = 2, .prp1 = DMA + BUFFER), 0);
	assert_int_equal(get(&rig, BUFFER, 8), 1);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .namespace = 2, .prp1 = DMA + BUFFER),
		0xb);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .dw10 = 3, .prp1 = DMA + BUFFER), 2);
	assert_int_equal(run_command(&rig, 0, .opcode = 9, .dw10 = 7), 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 0x77), 1);
	assert_int_equal(run_command(&rig, 0, .opcode = 2, .dw10 = 127 << 16 | 2,
				     .prp1 = DMA + BUFFER),
			 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 2, .dw10 = 0xffffu << 16,
				     .prp1 = DMA + BUFFER),
			 2);
	/* an event never comes */
	submit(&rig, 0, &(struct command){ .opcode = 0xc });
	assert_int_equal(rig.irq, 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 8), 0);
	reg_write(&rig, CC, 4, 0x464001);
	assert_int_equal(reg_read(&rig, STATUS, 4), READY | 8); /* shut down */
	rig_end(&rig);
}

/* Each controller has its own serial number. */
static void serial_numbers(void **state)
{
	struct papr_pci_info info = { .size = sizeof(info) };
	struct rig rig;
	char first[20];

	(void)state;
	rig_start(&rig);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .dw10 = 1, .prp1 = DMA + BUFFER), 0);
	memcpy(first, rig.vm.memory + BUFFER + 4, sizeof(first));
	assert_int_equal(vm_add(&rig.vm, "nvme", "id=e,addr=3,drive=e,serial=t"), 0);
	assert_int_equal(papr_vmm_pci_info(rig.vm.vmm, 1, &info), 1);
	assert_true(info.serial != rig.access.serial);
	rig.access.serial = info.serial;
	assert_int_equal(vm_call(&rig.vm, "ibm,write-pci-config", 3 << 11 | 4, 0x8000000,
				 0x20000000, 2, 6),
			 0);
	enable(&rig, DMA + ASQ_AT, DMA + ACQ_AT);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 6, .dw10 = 1, .prp1 = DMA + BUFFER), 0);
	assert_memory_not_equal(rig.vm.memory + BUFFER + 4, first, sizeof(first));
	rig_end(&rig);
}

static void queues(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig);
	/* no completion queue; wrong numbers, sizes, addresses */
	assert_int_equal(run_command(&rig, 0, .opcode = 1, .dw10 = 3 << 16 | 1,
				     .dw11 = 1 << 16 | 1),
			 0x100);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 5, .dw10 = 3 << 16 | 2, .dw11 = 1), 0x101);
	assert_int_equal(run_command(&rig, 0, .opcode = 5, .dw10 = 3 << 16, .dw11 = 1),
			 0x101);
	assert_int_equal(run_command(&rig, 0, .opcode = 5, .dw10 = 1, .dw11 = 1), 0x102);
	assert_int_equal(
		run_command(&rig, 0, .opcode = 5, .dw10 = 64 << 16 | 1, .dw11 = 1),
		0x102);
	assert_int_equal(run_command(&rig, 0, .opcode = 5, .dw10 = 3 << 16 | 1), 2);
	assert_int_equal(run_command(&rig, 0, .opcode = 5, .prp1 = DMA + 8,
				     .dw10 = 3 << 16 | 1, .dw11 = 1),
			 2);
	create_queues(&rig);
	assert_int_equal(run_command(&rig, 0, .opcode = 5, .prp1 = DMA + CQ_AT,
				     .dw10 = 3 << 16 | 1, .dw11 = 1),
			 0x101);
	/* an interrupt that the guest does not have */
	rig.access.n_msis = 1;
	submit(&rig, 1, &(struct command){ .opcode = 0, .namespace = 1 });
	assert_int_equal(rig.irq, 0);
	rig.access.n_msis = 2;
	/* a full completion queue waits for its doorbell; wrong values change nothing */
	submit(&rig, 1, &(struct command){ .opcode = 0, .namespace = 1 });
	submit(&rig, 1, &(struct command){ .opcode = 0, .namespace = 1 });
	assert_int_equal(rig.irq, FIRST_MSI + 1);
	submit(&rig, 1, &(struct command){ .opcode = 0, .namespace = 1 });
	assert_int_equal(rig.irq, 0);
	assert_int_equal(get(&rig, CQ_AT + 3 * 16 + 14, 2), 0);
	assert_int_equal(reg_write(&rig, DOORBELLS + 12, 4, ENTRIES), 0);
	assert_int_equal(reg_write(&rig, DOORBELLS + 12, 4, 1), FIRST_MSI + 1);
	assert_int_equal(get(&rig, CQ_AT + 3 * 16 + 14, 2), 1);
	assert_int_equal(reg_write(&rig, DOORBELLS + 8, 4, ENTRIES), 0);
	assert_int_equal(reg_write(&rig, DOORBELLS + 16, 4, 1), 0);
	assert_int_equal(reg_write(&rig, 0x3ffc, 4, 1), 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 0, .dw10 = 2), 0x101);
	/* the queue for completions is deleted last */
	assert_int_equal(run_command(&rig, 0, .opcode = 4, .dw10 = 1), 0x10c);
	assert_int_equal(run_command(&rig, 0, .opcode = 0, .dw10 = 1), 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 0, .dw10 = 1), 0x101);
	assert_int_equal(run_command(&rig, 0, .opcode = 4, .dw10 = 1), 0);
	assert_int_equal(run_command(&rig, 0, .opcode = 4, .dw10 = 1), 0x101);
	assert_int_equal(reg_write(&rig, DOORBELLS + 8, 4, 1), 0);
	rig_end(&rig);
}

static void reading(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig);
	create_queues(&rig);
	assert_int_equal(read_disk(&rig, 0, 1, DMA + BUFFER, 0), 0);
	assert_int_equal(zeros(&rig), 512);
	assert_int_equal(read_disk(&rig, 2040, 8, DMA + BUFFER, 0), 0);
	assert_int_equal(read_disk(&rig, 2041, 8, DMA + BUFFER, 0), 0x80);
	assert_int_equal(zeros(&rig), 0);
	assert_int_equal(read_disk(&rig, UINT64_MAX, 1, DMA + BUFFER, 0), 0x80);
	assert_int_equal(read_disk(&rig, 0, 16, DMA + BUFFER, DMA + BUFFER + PAGE), 0);
	assert_int_equal(zeros(&rig), 2 * PAGE);
	/* a list, then one that continues in another page */
	for (uint64_t i = 0; i < 32; i++)
		put(&rig, LIST + 8 * i, 8, DMA + BUFFER + (i + 1) * PAGE);
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, DMA + LIST), 0);
	assert_int_equal(zeros(&rig), 32 * PAGE);
	put(&rig, LIST + PAGE - 8, 8, DMA + LIST);
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, DMA + LIST + PAGE - 8), 0);
	assert_int_equal(zeros(&rig), 32 * PAGE);
	put(&rig, LIST + PAGE - 8, 8, DMA + LIST + PAGE - 8); /* a circle */
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, DMA + LIST + PAGE - 8), 4);

	assert_int_equal(read_disk(&rig, 0, 257, DMA + BUFFER, DMA + LIST), 2);
	assert_int_equal(run_command(&rig, 1, .opcode = 1, .namespace = 1), 0x182);
	assert_int_equal(run_command(&rig, 1, .opcode = 0, .namespace = 1), 0);
	assert_int_equal(run_command(&rig, 1, .opcode = 2, .namespace = 2), 0xb);
	assert_int_equal(run_command(&rig, 1, .opcode = 9, .namespace = 1), 1);

	/* addresses without memory, or outside of the window */
	assert_int_equal(read_disk(&rig, 0, 1, BUFFER, 0), 4);
	assert_int_equal(read_disk(&rig, 0, 1, UINT64_MAX - 511, 0), 4);
	assert_int_equal(read_disk(&rig, 0, 1, DMA + VM_MEMORY_BYTES - 511, 0), 4);
	assert_int_equal(read_disk(&rig, 0, 16, DMA + BUFFER, UINT64_MAX - 7), 4);
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, UINT64_MAX - 7), 4);
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, DMA + VM_MEMORY_BYTES), 4);
	put(&rig, LIST + 8, 8, DMA + BUFFER + 4);
	assert_int_equal(read_disk(&rig, 0, 256, DMA + BUFFER, DMA + LIST), 4);
	assert_int_equal(reg_read(&rig, STATUS, 4), READY);
	rig_end(&rig);
}

/* Queues outside of memory end the controller until it is enabled again. */
static void wrong_queues(void **state)
{
	static const uint64_t addresses[] = { 0, ASQ_AT, DMA + VM_MEMORY_BYTES,
					      UINT64_MAX, UINT64_C(1) << 63 };
	struct rig rig;

	(void)state;
	rig_start(&rig);
	for (size_t i = 0; i < COUNT(addresses); i++) {
		enable(&rig, addresses[i], DMA + ACQ_AT);
		submit(&rig, 0, &(struct command){ .opcode = 8 });
		assert_int_equal(reg_read(&rig, STATUS, 4), READY | FATAL);
		enable(&rig, DMA + ASQ_AT, addresses[i]);
		submit(&rig, 0, &(struct command){ .opcode = 8 });
		assert_int_equal(reg_read(&rig, STATUS, 4), READY | FATAL);
		assert_int_equal(reg_write(&rig, DOORBELLS, 4, 3), 0);
	}
	enable(&rig, DMA + ASQ_AT, DMA + ACQ_AT);
	rig.access.bus_master = false;
	submit(&rig, 0, &(struct command){ .opcode = 8 });
	assert_int_equal(get(&rig, ACQ_AT + 12, 4), 0);
	rig.access.bus_master = true;
	/* outside of the registers */
	assert_true(reg_read(&rig, ACQ + 4, 8) == 0);
	assert_true(reg_read(&rig, UINT64_MAX, 8) == 0);
	reg_write(&rig, ACQ + 4, 8, UINT64_MAX);
	reg_write(&rig, 0, 8, 0);
	assert_int_equal(reg_read(&rig, 0, 2), 63);
	rig.access.bar = 4;
	assert_true(reg_read(&rig, 0, 8) == 0);
	rig_end(&rig);
}

/* The controller reaches the pages that the guest maps for it, as it maps them. */
static void mappings(void **state)
{
	enum { OTHER = 0x8000000, TCE_PAGE = 0x1000 };
	struct rig rig;

	(void)state;
	rig_start(&rig);
	create_queues(&rig);
	set_tce(&rig, 0x80000000, OTHER, BUFFER | WRITE);
	set_tce(&rig, 0x80000000, OTHER + TCE_PAGE, (BUFFER + TCE_PAGE) | READ);
	assert_int_equal(read_disk(&rig, 0, 8, OTHER, 0), 0);
	assert_int_equal(zeros(&rig), TCE_PAGE);
	assert_int_equal(read_disk(&rig, 0, 8, OTHER + TCE_PAGE, 0), 4);
	assert_int_equal(zeros(&rig), 0);
	assert_int_equal(read_disk(&rig, 0, 8, OTHER + 2 * TCE_PAGE, 0), 4);
	/* Consecutive on the bus, not in memory: one transfer */
	set_tce(&rig, 0x80000000, OTHER, (BUFFER + TCE_PAGE) | WRITE);
	set_tce(&rig, 0x80000000, OTHER + TCE_PAGE, BUFFER | WRITE);
	assert_int_equal(
		vm_dma_write(&rig.host, rig.access.serial, OTHER + 0xffc, "abcdefgh", 8),
		0);
	assert_memory_equal(rig.vm.memory + BUFFER + 0x1ffc, "abcd", 4);
	assert_memory_equal(rig.vm.memory + BUFFER, "efgh", 4);

	/* Without its queues, the controller stops. */
	set_tce(&rig, 0x80000001, DMA, 0);
	submit(&rig, 0, &(struct command){ .opcode = 8 });
	assert_int_equal(reg_read(&rig, STATUS, 4), READY | FATAL);
	rig_end(&rig);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(administration), cmocka_unit_test(queues),
	cmocka_unit_test(reading),	  cmocka_unit_test(wrong_queues),
	cmocka_unit_test(mappings),	  cmocka_unit_test(serial_numbers),
};

RUN(tests)
