// SPDX-License-Identifier: GPL-2.0-or-later
/* virtio-rng-pci of papr-vmm -accel kvm, as a guest's driver sees it, and hostile guests. The
 * guest's memory has its exact size, so a sanitizer detects an access outside. */
#include "tests/unit/fakes/little_endian.h"
#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/kvm/virtio.h"
#include "wire/hcall.h"

/* Registers, as virtio 1.2, 4.1.4.3 numbers them */
enum {
	FEATURE_SELECT = 0,
	FEATURE = 4,
	DRIVER_SELECT = 8,
	DRIVER_FEATURE = 12,
	CONFIG_VECTOR = 16,
	NUM_QUEUES = 18,
	STATUS = 20,
	QUEUE_SELECT = 22,
	QUEUE_SIZE = 24,
	QUEUE_VECTOR = 26,
	QUEUE_ENABLE = 28,
	QUEUE_NOTIFY = 30,
	QUEUE_DESC = 32,
	QUEUE_AVAIL = 40,
	QUEUE_USED = 48,
	DEVICE = 0x2000,
	NOTIFY = 0x3000,
};
enum { ACKNOWLEDGED = 3, FEATURES_OK = 8, DRIVER_OK = 4, NEEDS_RESET = 0x40 };
enum { NEXT = 1, WRITE = 2 };
enum { DESC = 0x1000, AVAIL = 0x3000, USED = 0x4000, BUFFER = 0x10000 };
enum { FIRST_MSI = 0x1300 };

struct rig {
	struct host host; /* first: host_read() and host_write() find the memory */
	struct vm vm;
	struct virtio_card *cards;
	struct papr_pci_access access;
	uint16_t available; /* requests so far */
};

static uint8_t *memory_at(const struct host *host, uint64_t address, size_t len)
{
	const struct rig *rig = (const struct rig *)(const void *)host;
	size_t bytes = rig->vm.memory_bytes;

	return len > bytes || address > bytes - len ? NULL : rig->vm.memory + address;
}

int host_read(const struct host *host, uint64_t address, void *buf, size_t len)
{
	const uint8_t *at = memory_at(host, address, len);

	if (at)
		memcpy(buf, at, len);
	return at ? 0 : -EFAULT;
}

int host_write(struct host *host, uint64_t address, const void *buf, size_t len)
{
	uint8_t *at = memory_at(host, address, len);

	if (at)
		memcpy(at, buf, len);
	return at ? 0 : -EFAULT;
}

/* Write, or read, a little-endian number in guest memory. */
static void put(struct rig *rig, uint64_t address, size_t len, uint64_t value)
{
	uint8_t *at = memory_at(&rig->host, address, len);

	assert_non_null(at);
	le_put(at, len, value);
}

static uint64_t get(const struct rig *rig, uint64_t address, size_t len)
{
	const uint8_t *at = memory_at(&rig->host, address, len);

	assert_non_null(at);
	return le_get(at, len);
}

/* Access a register. Return the interrupt. */
static uint32_t reg_write(struct rig *rig, uint64_t offset, uint32_t len, uint64_t value)
{
	uint8_t data[8];

	le_put(data, sizeof(data), value);
	rig->access.offset = offset;
	return virtio_access(&rig->cards, &rig->host, &rig->access, true, data, len);
}

static uint64_t reg_read(struct rig *rig, uint64_t offset, uint32_t len)
{
	uint8_t data[8] = { 0 };

	rig->access.offset = offset;
	assert_int_equal(
		virtio_access(&rig->cards, &rig->host, &rig->access, false, data, len),
		0);
	return le_get(data, sizeof(data));
}

/* Plug a card. Its serial is that of the machine's newest one. */
static void rig_plug(struct rig *rig, const char *driver)
{
	struct papr_pci_info info = { .size = sizeof(info) };

	assert_int_equal(vm_add(&rig->vm, driver, "id=c,addr=2"), 0);
	assert_int_equal(papr_vmm_pci_info(rig->vm.vmm, 0, &info), 1);
	rig->access = (struct papr_pci_access){
		.size = sizeof(rig->access),
		.serial = info.serial,
		.slot = 2,
		.driver = info.driver,
		.bar = 4,
		.bus_master = true,
		.first_msi = FIRST_MSI,
		.n_msis = 3,
	};
}

static void rig_start(struct rig *rig, const char *driver)
{
	*rig = (struct rig){ 0 };
	vm_start(&rig->vm, NULL);
	rig->host.vmm = rig->vm.vmm;
	rig_plug(rig, driver);
}

static void rig_end(struct rig *rig)
{
	virtio_free(&rig->cards);
	vm_end(&rig->vm);
}

static void set_up_queue(struct rig *rig, uint16_t size)
{
	reg_write(rig, QUEUE_SELECT, 2, 0);
	reg_write(rig, QUEUE_SIZE, 2, size);
	reg_write(rig, QUEUE_VECTOR, 2, 1);
	reg_write(rig, QUEUE_DESC, 8, DESC);
	reg_write(rig, QUEUE_AVAIL, 4, AVAIL); /* Linux writes halves */
	reg_write(rig, QUEUE_AVAIL + 4, 4, 0);
	reg_write(rig, QUEUE_USED, 8, USED);
	reg_write(rig, QUEUE_ENABLE, 2, 1);
}

/* Do what a driver does first. */
static void set_up(struct rig *rig, uint16_t size)
{
	memset(rig->vm.memory, 0, rig->vm.memory_bytes);
	rig->available = 0;
	reg_write(rig, STATUS, 1, 0);
	reg_write(rig, STATUS, 1, ACKNOWLEDGED);
	reg_write(rig, DRIVER_SELECT, 4, 1);
	reg_write(rig, DRIVER_FEATURE, 4, rig->access.iommu_platform ? 3 : 1);
	reg_write(rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK);
	assert_int_equal(reg_read(rig, STATUS, 1), ACKNOWLEDGED | FEATURES_OK);
	reg_write(rig, CONFIG_VECTOR, 2, 0);
	set_up_queue(rig, size);
	reg_write(rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK | DRIVER_OK);
}

static void descriptor(struct rig *rig, unsigned int n, uint64_t address, uint32_t len,
		       uint16_t flags, uint16_t next)
{
	put(rig, DESC + 16 * n, 8, address);
	put(rig, DESC + 16 * n + 8, 4, len);
	put(rig, DESC + 16 * n + 12, 2, flags);
	put(rig, DESC + 16 * n + 14, 2, next);
}

/* Make a request available. Return the interrupt. */
static uint32_t request(struct rig *rig, uint16_t size, uint16_t head)
{
	put(rig, AVAIL + 4 + 2 * (rig->available % size), 2, head);
	put(rig, AVAIL + 2, 2, ++rig->available);
	return reg_write(rig, NOTIFY, 2, 0);
}

TEST(registers)
{
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	assert_int_equal(reg_read(&rig, NUM_QUEUES, 2), 1);
	assert_int_equal(reg_read(&rig, FEATURE, 4), 0);
	reg_write(&rig, FEATURE_SELECT, 4, 1);
	assert_int_equal(reg_read(&rig, FEATURE, 4), 1); /* version 1 */
	reg_write(&rig, FEATURE_SELECT, 4, 2);
	assert_int_equal(reg_read(&rig, FEATURE, 4), 0);
	assert_int_equal(reg_read(&rig, QUEUE_SIZE, 2), 256);
	assert_int_equal(reg_read(&rig, QUEUE_VECTOR, 2), 0xffff);
	assert_int_equal(reg_read(&rig, QUEUE_NOTIFY, 2), 0);

	/* refused sizes, and an enabled queue */
	reg_write(&rig, QUEUE_SIZE, 2, 0);
	reg_write(&rig, QUEUE_SIZE, 2, 3);
	reg_write(&rig, QUEUE_SIZE, 2, 512);
	assert_int_equal(reg_read(&rig, QUEUE_SIZE, 2), 256);
	reg_write(&rig, QUEUE_SIZE, 2, 8);
	reg_write(&rig, QUEUE_ENABLE, 2, 1);
	reg_write(&rig, QUEUE_SIZE, 2, 16);
	reg_write(&rig, QUEUE_DESC, 8, 5);
	assert_int_equal(reg_read(&rig, QUEUE_SIZE, 2), 8);
	assert_true(reg_read(&rig, QUEUE_DESC, 8) == 0);

	/* a queue that does not exist */
	reg_write(&rig, QUEUE_SELECT, 2, 1);
	assert_int_equal(reg_read(&rig, QUEUE_SIZE, 2), 0);
	assert_int_equal(reg_read(&rig, QUEUE_VECTOR, 2), 0xffff);
	reg_write(&rig, QUEUE_ENABLE, 2, 1);
	assert_int_equal(reg_read(&rig, QUEUE_ENABLE, 2), 0);
	assert_int_equal(reg_write(&rig, NOTIFY + 0xffc, 4, 0), 0);

	/* without the feature of version 1, and before a reset */
	reg_write(&rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK);
	assert_int_equal(reg_read(&rig, STATUS, 1), ACKNOWLEDGED);
	reg_write(&rig, STATUS, 1, 0);
	reg_write(&rig, QUEUE_SELECT, 2, 0);
	assert_int_equal(reg_read(&rig, QUEUE_ENABLE, 2), 0);
	assert_int_equal(reg_read(&rig, QUEUE_SIZE, 2), 256);

	/* outside of the registers */
	assert_true(reg_read(&rig, QUEUE_USED + 4, 8) == 0);
	assert_true(reg_read(&rig, 0xffc, 8) == 0);
	assert_true(reg_read(&rig, DEVICE, 8) == 0);
	assert_true(reg_read(&rig, DEVICE + 0xfff, 8) == 0);
	reg_write(&rig, QUEUE_USED + 4, 8, UINT64_MAX);
	assert_true(reg_read(&rig, QUEUE_USED, 8) == 0);
	assert_true(reg_read(&rig, UINT64_MAX, 8) == 0);
	rig.access.bar = 1;
	assert_true(reg_read(&rig, NUM_QUEUES, 2) == 0);
	rig_end(&rig);

	rig_start(&rig, "virtio-net-pci");
	assert_true(reg_read(&rig, NUM_QUEUES, 2) == 0);
	rig_end(&rig);
}

TEST(random_numbers)
{
	struct rig rig;
	uint64_t bits = 0;

	rig_start(&rig, "virtio-rng-pci");
	set_up(&rig, 4);
	descriptor(&rig, 1, BUFFER, 300, WRITE | NEXT, 3);
	descriptor(&rig, 3, BUFFER + 0x1000, 8, WRITE, 0);
	for (uint32_t i = 0; i < 6; i++) { /* around the ring */
		assert_int_equal(request(&rig, 4, 1), FIRST_MSI + 1);
		assert_int_equal(get(&rig, USED + 2, 2), i + 1);
		assert_int_equal(get(&rig, USED + 4 + 8 * (i % 4), 4), 1);
		assert_int_equal(get(&rig, USED + 8 + 8 * (i % 4), 4), 308);
		bits |= get(&rig, BUFFER + 0x1000, 8);
	}
	assert_true(__builtin_popcountll(bits) > 32);
	assert_true(get(&rig, BUFFER + 300, 8) == 0);
	assert_true(get(&rig, BUFFER + 0x1008, 8) == 0);

	/* nothing new; no interrupt is wanted, or can be sent */
	assert_int_equal(reg_write(&rig, NOTIFY, 2, 0), 0);
	put(&rig, AVAIL, 2, 1);
	assert_int_equal(request(&rig, 4, 1), 0);
	put(&rig, AVAIL, 2, 0);
	rig.access.n_msis = 1;
	assert_int_equal(request(&rig, 4, 1), 0);
	assert_int_equal(get(&rig, USED + 2, 2), 8);

	/* a request may be larger than what a card fills */
	rig.access.n_msis = 3;
	descriptor(&rig, 1, BUFFER, 0x20000, WRITE, 0);
	assert_int_equal(request(&rig, 4, 1), FIRST_MSI + 1);
	assert_int_equal(get(&rig, USED + 4, 4), 1);
	assert_int_equal(get(&rig, USED + 8, 4), 0x10000);
	assert_true(get(&rig, BUFFER + 0x10000, 8) == 0);

	/* without the right to access memory; before the driver is ready */
	rig.access.bus_master = false;
	assert_int_equal(request(&rig, 4, 1), 0);
	rig.access.bus_master = true;
	reg_write(&rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK);
	assert_int_equal(request(&rig, 4, 1), 0);
	assert_int_equal(get(&rig, USED + 2, 2), 9);
	reg_write(&rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK | DRIVER_OK);
	assert_int_equal(reg_write(&rig, NOTIFY, 2, 0), FIRST_MSI + 1);
	assert_int_equal(get(&rig, USED + 2, 2), 11);
	rig_end(&rig);
}

static void assert_stops(struct rig *rig, uint16_t head)
{
	assert_int_equal(request(rig, 4, head), FIRST_MSI);
	assert_int_equal(reg_read(rig, STATUS, 1) & NEEDS_RESET, NEEDS_RESET);
	assert_int_equal(request(rig, 4, head), 0);
	/* The driver cannot clear that alone. */
	reg_write(rig, STATUS, 1, ACKNOWLEDGED);
	assert_int_equal(reg_read(rig, STATUS, 1) & NEEDS_RESET, NEEDS_RESET);
}

static void set_tce(struct rig *rig, uint64_t address, uint64_t tce)
{
	uint64_t args[PAPR_HCALL_ARGS] = { 0x80000000, address, tce };

	assert_int_equal(papr_vmm_hcall(rig->vm.vmm, 0, H_PUT_TCE, args), 0);
}

/* With iommu_platform=on, the card uses the guest's DMA windows, and its driver must know. */
TEST(windows)
{
	enum { READ = 1, WRITES = 2 };
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	rig.access.iommu_platform = true;
	reg_write(&rig, FEATURE_SELECT, 4, 1);
	assert_int_equal(reg_read(&rig, FEATURE, 4), 3);
	reg_write(&rig, STATUS, 1, ACKNOWLEDGED);
	reg_write(&rig, DRIVER_SELECT, 4, 1);
	reg_write(&rig, DRIVER_FEATURE, 4, 1);
	reg_write(&rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK);
	assert_int_equal(reg_read(&rig, STATUS, 1), ACKNOWLEDGED);

	assert_int_equal(vm_call(&rig.vm, "ibm,write-pci-config", 2 << 11 | 4, 0x8000000,
				 0x20000000, 2, 6),
			 0);
	set_tce(&rig, DESC, DESC | READ);
	set_tce(&rig, AVAIL, AVAIL | READ);
	set_tce(&rig, USED, USED | READ | WRITES);
	set_tce(&rig, BUFFER, (2 * BUFFER) | WRITES);
	set_up(&rig, 4);
	descriptor(&rig, 0, BUFFER, 0x1000, WRITE, 0);
	assert_int_equal(request(&rig, 4, 0), FIRST_MSI + 1);
	assert_int_equal(get(&rig, USED + 2, 2), 1);
	assert_true(get(&rig, 2 * BUFFER, 8) || get(&rig, 2 * BUFFER + 8, 8));
	assert_true(!get(&rig, BUFFER, 8) && !get(&rig, BUFFER + 8, 8));
	/* beyond the mapping */
	descriptor(&rig, 0, BUFFER, 0x1001, WRITE, 0);
	assert_stops(&rig, 0);
	rig_end(&rig);
}

/* ---- Hostile guests -------------------------------------------------------------------- */

/* An enabled queue keeps its addresses, so set them up again with this one changed. */
static void address_stops(struct rig *rig, unsigned int field, uint64_t address)
{
	set_up(rig, 4);
	descriptor(rig, 0, BUFFER, 64, WRITE, 0);
	reg_write(rig, STATUS, 1, 0);
	reg_write(rig, DRIVER_SELECT, 4, 1);
	reg_write(rig, DRIVER_FEATURE, 4, 1);
	reg_write(rig, CONFIG_VECTOR, 2, 0);
	reg_write(rig, QUEUE_SIZE, 2, 4);
	reg_write(rig, QUEUE_DESC, 8, field == QUEUE_DESC ? address : DESC);
	reg_write(rig, QUEUE_AVAIL, 8, field == QUEUE_AVAIL ? address : AVAIL);
	reg_write(rig, QUEUE_USED, 8, field == QUEUE_USED ? address : USED);
	reg_write(rig, QUEUE_ENABLE, 2, 1);
	reg_write(rig, STATUS, 1, ACKNOWLEDGED | FEATURES_OK | DRIVER_OK);
	assert_stops(rig, 0);
}

TEST(wrong_addresses)
{
	static const unsigned int fields[] = { QUEUE_DESC, QUEUE_AVAIL, QUEUE_USED };
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	for (size_t i = 0; i < COUNT(fields); i++) {
		address_stops(&rig, fields[i], VM_MEMORY_BYTES);
		address_stops(&rig, fields[i], VM_MEMORY_BYTES - 2);
		address_stops(&rig, fields[i], UINT64_MAX);
		address_stops(&rig, fields[i], UINT64_MAX - 3);
		address_stops(&rig, fields[i], UINT64_C(1) << 63);
	}
	rig_end(&rig);
}

TEST(wrong_requests)
{
	static const struct {
		uint64_t address;
		uint32_t len;
		uint16_t flags, next, head;
	} cases[] = {
		{ BUFFER, 64, WRITE, 0, 4 },	      /* no such descriptor */
		{ BUFFER, 64, WRITE, 0, 0xffff },     /* the same */
		{ BUFFER, 64, WRITE | NEXT, 4, 0 },   /* the same, as the next one */
		{ BUFFER, 64, WRITE | NEXT, 0, 0 },   /* a circle */
		{ BUFFER, 0, WRITE | NEXT, 0, 0 },    /* an empty one */
		{ BUFFER, 64, 0, 0, 0 },	      /* not for the card to write */
		{ VM_MEMORY_BYTES, 64, WRITE, 0, 0 }, /* no memory */
		{ VM_MEMORY_BYTES - 63, 64, WRITE, 0, 0 },
		{ VM_MEMORY_BYTES - 300, 0xffffffff, WRITE, 0, 0 },
		{ UINT64_MAX - 10, 64, WRITE, 0, 0 },
		{ UINT64_MAX - 255, 0xffffffff, WRITE, 0, 0 },
	};
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	for (size_t i = 0; i < COUNT(cases); i++) {
		set_up(&rig, 4);
		descriptor(&rig, 0, cases[i].address, cases[i].len, cases[i].flags,
			   cases[i].next);
		assert_stops(&rig, cases[i].head);
		assert_int_equal(get(&rig, USED + 2, 2), 0);
	}
	/* more requests than the queue has entries */
	set_up(&rig, 4);
	rig.available = 4;
	assert_stops(&rig, 0);
	/* a longer circle */
	set_up(&rig, 4);
	descriptor(&rig, 0, BUFFER, 4, WRITE | NEXT, 1);
	descriptor(&rig, 1, BUFFER, 4, WRITE | NEXT, 2);
	descriptor(&rig, 2, BUFFER, 4, WRITE | NEXT, 0);
	assert_stops(&rig, 0);
	/* a reset makes the card work again, also with the longest chain */
	set_up(&rig, 256);
	for (uint16_t i = 0; i < 256; i++)
		descriptor(&rig, i, BUFFER + 4u * i, 4, WRITE | (i < 255 ? NEXT : 0),
			   i + 1);
	assert_int_equal(request(&rig, 256, 0), FIRST_MSI + 1);
	assert_int_equal(get(&rig, USED + 8, 4), 1024);
	rig_end(&rig);
}

/* A card at the place of a removed one does not have its queues. */
TEST(replaced)
{
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	set_up(&rig, 4);
	assert_int_equal(vm_del(&rig.vm, "c"), 0);
	vm_reset(&rig.vm);
	rig_plug(&rig, "virtio-rng-pci");
	reg_write(&rig, QUEUE_SELECT, 2, 0);
	assert_int_equal(reg_read(&rig, STATUS, 1), 0);
	assert_int_equal(reg_read(&rig, QUEUE_ENABLE, 2), 0);
	assert_non_null(rig.cards);
	rig_end(&rig);
	assert_null(rig.cards);
}

static uint32_t noise(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Whatever a guest does, each access ends, and none leaves its memory. */
TEST(any_guest)
{
	uint32_t seed = 1;
	struct rig rig;

	rig_start(&rig, "virtio-rng-pci");
	for (unsigned int step = 0; step < 20000; step++) {
		uint16_t available = (uint16_t)noise(&seed);

		if (step % 64 == 0)
			set_up(&rig, 1 << noise(&seed) % 9);
		descriptor(&rig, noise(&seed) % 256, noise(&seed) % (2 * VM_MEMORY_BYTES),
			   noise(&seed) % 4096, noise(&seed) % 4, noise(&seed) % 256);
		put(&rig, AVAIL + 4 + noise(&seed) % 512, 1, noise(&seed));
		if (step % 4 == 0)
			put(&rig, AVAIL + 2, 2, available % 16);
		if (step % 8 == 0)
			reg_write(&rig, noise(&seed) % 56, 1 << noise(&seed) % 4,
				  noise(&seed));
		reg_read(&rig, noise(&seed) % 0x4000, 1 << noise(&seed) % 4);
		reg_write(&rig, NOTIFY, 2, 0);
	}
	rig_end(&rig);
}
