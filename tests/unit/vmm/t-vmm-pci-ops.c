// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI functions of an embedder: its models, and the reports that it receives. */
#include <inttypes.h>

#include "tests/unit/fakes/vmm_machine.h"

enum { PLACE = 1 << 11, COMMAND = 0x04, BAR0 = 0x10, PIN_LINE = 0x3c };
enum { MEM_CHILD = 0x80000000u };

#define MEM_WINDOW UINT64_C(0x200080000000) /* where processors access MEM_CHILD */

/* ---- The embedder ---- */

static struct told {
	char text[8192];
	bool reads, writes; /* report accesses to configuration space, too */
	bool refuses;
	uint32_t replaces; /* the value of reads or writes; 0: no */
	uint64_t serial;
} told;

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...)
{
	size_t len = strlen(told.text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(told.text + len, sizeof(told.text) - len, format, ap);
	va_end(ap);
}

/* Queries are permitted. */
static void look(struct vm *vm, const struct papr_pci_event *event)
{
	struct papr_pci_info info = { .size = sizeof(info) };
	bool found = false;

	for (size_t n = 0; vm->vmm && papr_vmm_pci_info(vm->vmm, n, &info) > 0; n++)
		found |= info.serial == event->serial;
	assert_true(found || !vm->vmm);
}

static int embedder_pci(void *priv, struct papr_pci_event *e)
{
	assert_int_equal(e->size, sizeof(*e));
	look(priv, e);
	switch (e->type) {
	case PAPR_PCI_ADDED:
		told.serial = e->serial;
		note("added %s %s %u.%u.%u.%u\n", e->driver, e->id, e->phb, e->bus,
		     e->slot, e->function);
		break;
	case PAPR_PCI_REMOVED:
		note("removed %s\n", e->id);
		break;
	case PAPR_PCI_RESET:
		note("reset %s\n", e->id);
		break;
	case PAPR_PCI_CONFIG_READ:
		if (told.reads)
			note("read 0x%x %u: 0x%x\n", e->offset, e->bytes, e->value);
		if (told.replaces)
			e->value = told.replaces;
		break;
	case PAPR_PCI_CONFIG_WRITE:
		if (told.writes)
			note("write 0x%x %u: 0x%x\n", e->offset, e->bytes, e->value);
		if (told.replaces)
			e->value = told.replaces;
		return told.refuses ? -EPERM : 0;
	case PAPR_PCI_MAPPED:
		note("mapped %s %u%s 0x%" PRIx64 " 0x%" PRIx64 "\n", e->id, e->bar,
		     e->io ? " io" : "", e->address, e->bar_bytes);
		break;
	case PAPR_PCI_UNMAPPED:
		note("unmapped %s %u%s 0x%" PRIx64 " 0x%" PRIx64 "\n", e->id, e->bar,
		     e->io ? " io" : "", e->address, e->bar_bytes);
		break;
	case PAPR_PCI_MESSAGES:
		note("messages %s%s 0x%x %u\n", e->id, e->msix ? " x" : "", e->first_msi,
		     e->n_msis);
		break;
	}
	return 0;
}

static const struct papr_machine_ops ops = { .pci = embedder_pci };

static const uint8_t vendor_bytes[] = { 0x09, 0xff, 0x08, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t vendor_writable[] = { 0xff, 0xff, 0, 0, 0, 0, 0xff, 0x0f };
static const struct papr_pci_capability vendor = { vendor_bytes, vendor_writable,
						   sizeof(vendor_bytes) };

static const struct papr_pci_model model = {
	.size = sizeof(struct papr_pci_model),
	.name = "acme-card",
	.vendor = 0x1234,
	.device = 0x5678,
	.subsystem_vendor = 0x9abc,
	.subsystem = 0xdef0,
	.class_code = 0x020000,
	.revision = 7,
	.lsi = true,
	.bars = { { .bytes = 0x1000 },
		  { .bytes = 0x40, .io = true },
		  { .bytes = 0x100000, .is64 = true, .prefetch = true } },
	.msis = 4,
	.msix = 3,
	.table_bar = 0,
	.pending_bar = 0,
	.pending_offset = 0x800,
	.capabilities = &vendor,
	.n_capabilities = 1,
};

#define assert_told(expected)                             \
	do {                                              \
		assert_string_equal(told.text, expected); \
		told.text[0] = 0;                         \
	} while (0)

static void start(struct vm *vm)
{
	struct papr_error error = { 0 };

	told = (struct told){ 0 };
	vm_start_with(vm, NULL, &ops);
	assert_int_equal(papr_vmm_pci_model_add(vm->vmm, &model, &error), 0);
	assert_told("");
}

static void start_with_card(struct vm *vm)
{
	start(vm);
	assert_int_equal(vm_add(vm, "acme-card", "id=a,addr=1"), 0);
	assert_told("added acme-card a 0.0.1.0\n");
	vm_notes(vm);
}

static int32_t put(struct vm *vm, uint32_t place, uint32_t at, uint32_t size,
		   uint32_t value)
{
	return vm_call(vm, "ibm,write-pci-config", place | at, 0x8000000, 0x20000000,
		       size, value);
}

static uint32_t get(struct vm *vm, uint32_t place, uint32_t at, uint32_t size)
{
	uint32_t r[2];

	assert_int_equal(vm_rtas(vm, "ibm,read-pci-config", 4,
				 (uint32_t[]){ place | at, 0x8000000, 0x20000000, size },
				 2, r),
			 0);
	return r[1];
}

static int32_t change_msi(struct vm *vm, uint32_t type, uint32_t n)
{
	return vm_rtas(vm, "ibm,change-msi", 6,
		       (uint32_t[]){ PLACE, 0x8000000, 0x20000000, type, n, 0 }, 4, NULL);
}

/* ---- Models ---- */

TEST(a_model_has_registers)
{
	struct vm vm;

	start_with_card(&vm);
	assert_int_equal(get(&vm, PLACE, 0, 4), 0x56781234);
	assert_int_equal(get(&vm, PLACE, COMMAND, 4), 0x100000);
	assert_int_equal(get(&vm, PLACE, 8, 4), 0x02000007);
	assert_int_equal(get(&vm, PLACE, 0x2c, 4), 0xdef09abc);
	assert_int_equal(get(&vm, PLACE, PIN_LINE, 4), 0x100);
	/* MSI, MSI-X, and the embedder's capability */
	assert_int_equal(get(&vm, PLACE, 0x34, 1), 0x40);
	assert_int_equal(get(&vm, PLACE, 0x40, 4), 0x00a45005);
	assert_int_equal(get(&vm, PLACE, 0x50, 4), 0x00025c11);
	assert_int_equal(get(&vm, PLACE, 0x54, 4), 0);
	assert_int_equal(get(&vm, PLACE, 0x58, 4), 0x800);
	assert_int_equal(get(&vm, PLACE, 0x5c, 4), 0x11080009);
	assert_int_equal(get(&vm, PLACE, 0x60, 4), 0x55443322);
	/* What the guest can write */
	assert_int_equal(put(&vm, PLACE, 0x5c, 4, UINT32_MAX), 0);
	assert_int_equal(put(&vm, PLACE, 0x60, 4, UINT32_MAX), 0);
	assert_int_equal(get(&vm, PLACE, 0x5c, 4), 0x11080009);
	assert_int_equal(get(&vm, PLACE, 0x60, 4), 0x5fff3322);
	assert_int_equal(put(&vm, PLACE, 0x64, 4, UINT32_MAX), 0);
	assert_int_equal(get(&vm, PLACE, 0x64, 4), 0);
	/* Sizes of the BARs */
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(put(&vm, PLACE, BAR0 + 4 * i, 4, UINT32_MAX), 0);
	assert_int_equal(get(&vm, PLACE, BAR0, 4), 0xfffff000);
	assert_int_equal(get(&vm, PLACE, BAR0 + 4, 4), 0xffffffc1);
	assert_int_equal(get(&vm, PLACE, BAR0 + 8, 4), 0xfff0000c);
	assert_int_equal(get(&vm, PLACE, BAR0 + 12, 4), UINT32_MAX);
	assert_int_equal(get(&vm, PLACE, BAR0 + 16, 4), 0);
	vm_end(&vm);
}

TEST(a_card_is_plugged_and_unplugged)
{
	struct papr_pci_info info = { .size = sizeof(info) };
	struct vm vm;

	start(&vm);
	assert_int_equal(vm_add(&vm, "acme-card", "id=a,addr=1"), 0);
	assert_told("added acme-card a 0.0.1.0\n");
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 1);
	assert_string_equal(info.driver, "acme-card");
	assert_int_equal(info.vendor, 0x1234);
	assert_int_equal(info.n_regions, 3);
	assert_int_equal(info.serial, told.serial);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x40000008, 1), 0);
	assert_non_null(strstr(vm_walk(&vm, 0x40000008), "2 ethernet@1"));
	assert_int_equal(vm_del(&vm, "a"), 0);
	assert_told("");
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x40000008, 0), 0);
	assert_told("removed a\n");
	/* The model's options are those of every card, without those of virtio. */
	assert_int_equal(vm_add(&vm, "acme-card", "vectors=2"), -EINVAL);
	assert_int_equal(vm_add(&vm, "acme-card", "mac=52:54:00:00:00:01"), -EINVAL);
	vm_end(&vm);
	assert_told("");
}

/* Return what a changed copy of the model leads to. */
static int try_model(struct vm *vm, const struct papr_pci_model *m)
{
	struct papr_error error = { 0 };
	int err = papr_vmm_pci_model_add(vm->vmm, m, &error);

	assert_true(!err == !error.text);
	papr_error_clear(&error);
	return err;
}

#define refuse(vm, expected, ...)                                \
	do {                                                     \
		struct papr_pci_model m = model;                 \
                                                                 \
		m.name = "other";                                \
		__VA_ARGS__;                                     \
		assert_int_equal(try_model((vm), &m), expected); \
		assert_null(pci_own_find((vm)->vmm, "other"));   \
	} while (0)

TEST(wrong_names)
{
	static const char *const taken[] = {
		"acme-card",
		"e1000",
		"e1000-82540em",
		"virtio-net-pci",
		"pc-dimm",
		"pci-bridge",
		"spapr-pci-host-bridge",
		"power9_v2.0-spapr-cpu-core",
		"scsi-hd",
		"spapr-nvram",
		"spapr-vty",
	};
	char longest[65];
	struct vm vm;

	start(&vm);
	for (size_t i = 0; i < COUNT(taken); i++)
		refuse(&vm, -EEXIST, m.name = taken[i]);
	memset(longest, 'x', 64);
	longest[64] = 0;
	refuse(&vm, -EINVAL, m.name = longest);
	refuse(&vm, -EINVAL, m.name = "");
	refuse(&vm, -EINVAL, m.name = NULL);
	refuse(&vm, -EINVAL, m.name = "1a");
	refuse(&vm, -EINVAL, m.name = "a b");
	refuse(&vm, -EINVAL, m.name = "a,b");
	refuse(&vm, -EINVAL, m.size = 4);
	longest[63] = 0;
	assert_int_equal(try_model(&vm,
				   &(struct papr_pci_model){
					   .size = sizeof(struct papr_pci_model),
					   .name = longest,
				   }),
			 0);
	vm_end(&vm);
}

TEST(wrong_bars)
{
	struct vm vm;

	start(&vm);
	refuse(&vm, -EINVAL, m.bars[0].bytes = 0x1001);
	refuse(&vm, -EINVAL, m.bars[0].bytes = 0x1800);
	refuse(&vm, -EINVAL, m.bars[0].bytes = 8);
	refuse(&vm, -EINVAL, m.bars[0].bytes = UINT64_C(1) << 32);
	refuse(&vm, -EINVAL, m.bars[0].bytes = UINT64_MAX);
	refuse(&vm, -EINVAL, m.bars[1].bytes = 2);
	refuse(&vm, -EINVAL, m.bars[1].bytes = 0x20000);
	refuse(&vm, -EINVAL, m.bars[1].is64 = true);
	refuse(&vm, -EINVAL, m.bars[1].prefetch = true);
	refuse(&vm, -EINVAL, m.bars[2].bytes = UINT64_C(1) << 40);
	refuse(&vm, -EINVAL, m.bars[3].bytes = 0x10); /* the upper half of another */
	refuse(&vm, -EINVAL,
	       m.bars[5] = (struct papr_pci_bar){ .bytes = 0x10, .is64 = true });
	vm_end(&vm);
}

TEST(wrong_messages)
{
	struct vm vm;

	start(&vm);
	refuse(&vm, -EINVAL, m.msis = 3);
	refuse(&vm, -EINVAL, m.msis = 64);
	refuse(&vm, -EINVAL, m.msix = 2049);
	refuse(&vm, -EINVAL, m.msix = UINT32_MAX);
	refuse(&vm, -EINVAL, m.table_bar = 1); /* I/O */
	refuse(&vm, -EINVAL, m.table_bar = 3); /* an upper half */
	refuse(&vm, -EINVAL, m.table_bar = 6);
	refuse(&vm, -EINVAL, m.pending_bar = 4); /* not there */
	refuse(&vm, -EINVAL, m.table_offset = 4);
	refuse(&vm, -EINVAL, m.pending_offset = 0x804);
	refuse(&vm, -EINVAL, m.table_offset = 0xfd8); /* 48 bytes */
	refuse(&vm, -EINVAL, m.table_offset = UINT32_MAX & ~7u);
	refuse(&vm, -EINVAL, m.pending_offset = 0x1000);
	refuse(&vm, -EINVAL, m.pending_offset = 0x28); /* in the table */
	refuse(&vm, -EINVAL, m.pending_offset = 0);
	refuse(&vm, -EINVAL, m.msix = 2048; m.table_bar = 2; m.pending_bar = 2;
	       m.pending_offset = 0x7ff8);
	vm_end(&vm);
}

TEST(wrong_capabilities)
{
	static const uint8_t msi[4] = { 0x05 }, msix[12] = { 0x11 };
	static const uint8_t much[200] = { 0x09 };
	const struct papr_pci_capability bad[] = {
		{ msi, NULL, sizeof(msi) },   { msix, NULL, sizeof(msix) },
		{ much, NULL, sizeof(much) }, { much, NULL, 1 },
		{ much, NULL, SIZE_MAX },     { NULL, NULL, 4 }
	};
	struct papr_pci_capability many[60];
	struct vm vm;

	start(&vm);
	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(&vm, -EINVAL, m.capabilities = &bad[i]);
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct papr_pci_capability){ much, NULL, 3 };
	refuse(&vm, -EINVAL, m.capabilities = many; m.n_capabilities = 60);
	refuse(&vm, -EINVAL, m.class_code = 0x060400);
	refuse(&vm, -EINVAL, m.class_code = 0x1020000);
	refuse(&vm, -EINVAL, m.vendor = 0xffff);
	vm_end(&vm);
}

/* The largest model that is possible works. */
TEST(a_large_model)
{
	static const uint8_t much[192] = { 0x09 };
	const struct papr_pci_capability whole = { much, much, sizeof(much) };
	struct papr_pci_model m = model;
	struct vm vm;

	start(&vm);
	m.name = "large";
	m.extended = true;
	m.msis = 0;
	m.msix = 0;
	m.capabilities = &whole;
	assert_int_equal(try_model(&vm, &m), 0);
	m.name = "vectors";
	m.msis = 32;
	m.msix = 2048;
	m.table_bar = 2;
	m.pending_bar = 2;
	m.pending_offset = 0x8000;
	m.n_capabilities = 0;
	assert_int_equal(try_model(&vm, &m), 0);
	assert_int_equal(vm_add(&vm, "large", "id=l,addr=1"), 0);
	assert_int_equal(vm_add(&vm, "vectors", "id=v,addr=2"), 0);
	assert_int_equal(get(&vm, PLACE, 0x34, 1), 0x40);
	assert_int_equal(get(&vm, PLACE | 0x10000000, 0, 4), 0);
	assert_int_equal(put(&vm, PLACE | 0xf0000000, 0xfc, 4, UINT32_MAX), 0);
	assert_int_equal(get(&vm, PLACE | 0xf0000000, 0xfc, 4), 0);
	assert_int_equal(get(&vm, 2 << 11, 0x40 + 2, 2), 0x00da);
	assert_int_equal(get(&vm, 2 << 11, 0x50 + 2, 2), 0x07ff);
	vm_end(&vm);
}

/* ---- Events ---- */

TEST(bars_are_mapped)
{
	struct papr_pci_access access = { .size = sizeof(access) };
	struct vm vm;

	start_with_card(&vm);
	put(&vm, PLACE, BAR0, 4, MEM_CHILD);
	put(&vm, PLACE, BAR0 + 4, 4, 0x1000);
	assert_told("");
	put(&vm, PLACE, COMMAND, 2, 3);
	assert_told(
		"mapped a 0 0x200080000000 0x1000\nmapped a 1 io 0x200000001000 0x40\n");
	assert_int_equal(papr_vmm_pci_at(vm.vmm, MEM_WINDOW + 8, &access), 1);
	assert_int_equal(access.serial, told.serial);

	/* Moved, and moved to where no window is */
	put(&vm, PLACE, BAR0, 4, MEM_CHILD + 0x10000);
	assert_told("unmapped a 0 0x200080000000 0x1000\n"
		    "mapped a 0 0x200080010000 0x1000\n");
	put(&vm, PLACE, BAR0, 4, 0x1000);
	assert_told("unmapped a 0 0x200080010000 0x1000\n");
	put(&vm, PLACE, BAR0, 4, UINT32_MAX);
	assert_told("");

	/* 64 bits, half by half */
	put(&vm, PLACE, BAR0 + 8, 4, 0x100000);
	assert_told("");
	put(&vm, PLACE, BAR0 + 12, 4, 0x2100);
	assert_told("mapped a 2 0x210000100000 0x100000\n");
	put(&vm, PLACE, COMMAND, 2, 1);
	assert_told("unmapped a 2 0x210000100000 0x100000\n");
	vm_end(&vm);
	assert_told("");
}

/* Two functions, one BAR over the other: both are reported, and losses come first. */
TEST(a_bar_over_another)
{
	struct papr_pci_access access = { .size = sizeof(access) };
	struct vm vm;
	uint64_t first;

	start_with_card(&vm);
	first = told.serial;
	assert_int_equal(vm_add(&vm, "acme-card", "id=b,addr=2"), 0);
	assert_told("added acme-card b 0.0.2.0\n");
	put(&vm, PLACE, BAR0, 4, MEM_CHILD);
	put(&vm, PLACE, COMMAND, 2, 2);
	put(&vm, 2 << 11, COMMAND, 2, 2);
	assert_told("mapped a 0 0x200080000000 0x1000\n");
	put(&vm, 2 << 11, BAR0, 4, MEM_CHILD);
	assert_told("mapped b 0 0x200080000000 0x1000\n");
	assert_int_equal(papr_vmm_pci_at(vm.vmm, MEM_WINDOW, &access), 1);
	assert_int_not_equal(access.serial, first);
	put(&vm, 2 << 11, COMMAND, 2, 0);
	assert_told("unmapped b 0 0x200080000000 0x1000\n");
	assert_int_equal(papr_vmm_pci_at(vm.vmm, MEM_WINDOW, &access), 1);
	assert_int_equal(access.serial, first);

	/* Both at once, by a reset */
	put(&vm, 2 << 11, COMMAND, 2, 2);
	told.text[0] = 0;
	vm_reset(&vm);
	assert_told("reset b\nunmapped b 0 0x200080000000 0x1000\n"
		    "reset a\nunmapped a 0 0x200080000000 0x1000\n");
	vm_end(&vm);
}

TEST(configuration_space_is_told)
{
	struct vm vm;

	start_with_card(&vm);
	told.reads = told.writes = true;
	assert_int_equal(get(&vm, PLACE, 0, 2), 0x1234);
	assert_told("read 0x0 2: 0x1234\n");
	assert_int_equal(put(&vm, PLACE, PIN_LINE, 1, 0x1ff), 0);
	assert_told("write 0x3c 1: 0xff\n");
	/* Accesses that the machine refuses are not reported. */
	assert_int_equal(put(&vm, PLACE, 1, 2, 0), -1);
	assert_int_equal(put(&vm, PLACE, 0, 3, 0), -1);
	assert_int_equal(put(&vm, PLACE | 0x10000000, 0, 4, 0), -1);
	assert_int_equal(put(&vm, 3 << 11, 0, 4, 0), -1);
	assert_told("");

	told.refuses = true;
	assert_int_equal(put(&vm, PLACE, PIN_LINE, 1, 0x11), 0);
	told.refuses = false;
	assert_int_equal(get(&vm, PLACE, PIN_LINE, 1), 0xff);
	told.replaces = 0xabcdef22;
	assert_int_equal(put(&vm, PLACE, PIN_LINE, 1, 0x11), 0);
	assert_int_equal(get(&vm, PLACE, PIN_LINE, 2), 0xef22);
	told.replaces = 0;
	assert_int_equal(get(&vm, PLACE, PIN_LINE, 2), 0x0122);
	vm_end(&vm);
}

TEST(messages_are_told)
{
	struct vm vm;

	start_with_card(&vm);
	assert_int_equal(change_msi(&vm, 4, 3), 0);
	assert_told("messages a x 0x1300 3\n");
	assert_int_equal(change_msi(&vm, 3, 4), 0);
	assert_told("messages a 0x1303 4\n");
	assert_int_equal(get(&vm, PLACE, 0x44, 4), 0);
	assert_int_equal(get(&vm, PLACE, 0x48, 4), PAPR_MESSAGE_ADDRESS >> 32);
	assert_int_equal(get(&vm, PLACE, 0x4c, 2), 0x1303);
	/* More than it has: nothing changes, and the guest learns the maximum. */
	assert_int_equal(change_msi(&vm, 4, 4), 0);
	assert_int_equal(change_msi(&vm, 4, UINT32_MAX), 0);
	assert_told("");

	/* A message that the guest has put into the table */
	assert_int_equal(
		papr_vmm_pci_message(vm.vmm, told.serial, PAPR_MESSAGE_ADDRESS, 0x1306),
		0x1306);
	assert_int_equal(
		papr_vmm_pci_message(vm.vmm, told.serial, PAPR_MESSAGE_ADDRESS, 0x1307),
		0);
	assert_int_equal(
		papr_vmm_pci_message(vm.vmm, told.serial, PAPR_MESSAGE_ADDRESS, 0x1302),
		0);
	assert_int_equal(papr_vmm_pci_message(vm.vmm, told.serial, PAPR_MESSAGE_ADDRESS,
					      UINT32_MAX),
			 0);
	assert_int_equal(papr_vmm_pci_message(vm.vmm, told.serial, 0, 0x1303), 0);
	assert_int_equal(papr_vmm_pci_message(vm.vmm, told.serial + 1,
					      PAPR_MESSAGE_ADDRESS, 0x1303),
			 0);
	assert_int_equal(change_msi(&vm, 4, 0), 0);
	assert_told("messages a 0x0 0\n");
	assert_int_equal(
		papr_vmm_pci_message(vm.vmm, told.serial, PAPR_MESSAGE_ADDRESS, 0), 0);
	vm_end(&vm);
}

/* A card leaves with what it still has. */
TEST(removal_ends_all)
{
	struct vm vm;

	start_with_card(&vm);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x40000008, 1), 0);
	vm_walk(&vm, 0x40000008);
	put(&vm, PLACE, BAR0, 4, MEM_CHILD);
	put(&vm, PLACE, COMMAND, 2, 2);
	assert_int_equal(change_msi(&vm, 4, 2), 0);
	told.text[0] = 0;
	assert_int_equal(vm_del(&vm, "a"), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x40000008, 0), 0);
	assert_told("unmapped a 0 0x200080000000 0x1000\nmessages a 0x0 0\nremoved a\n");
	vm_end(&vm);
}

/* Cards below a bridge, a host bridge that leaves, and models of the library */
TEST(whole_branches)
{
	struct vm vm;

	told = (struct told){ 0 };
	assert_int_equal(vm_try(&vm, NULL, VM_MEMORY_BYTES, &ops), 0);
	assert_int_equal(try_model(&vm, &model), 0);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1"), 0);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=br,chassis_nr=1,bus=p.0,addr=1"),
			 0);
	assert_int_equal(vm_add(&vm, "acme-card", "id=c,bus=br,addr=2"), 0);
	assert_int_equal(vm_add(&vm, "e1000", "id=e,bus=pci.0,addr=3"), 0);
	assert_non_null(strstr(told.text, "added pci-bridge br 1.0.1.0\n"));
	assert_non_null(strstr(told.text, "added acme-card c 1.0.2.0\n"));
	assert_non_null(strstr(told.text, "added e1000 e 0.0.3.0\n"));
	told.text[0] = 0;
	vm_reset(&vm);
	assert_non_null(strstr(told.text, "reset c\n"));
	told.text[0] = 0;
	/* The bridge resets what is below it. */
	assert_int_equal(vm_call(&vm, "ibm,write-pci-config", 1 << 11 | 0x3e, 0x8000000,
				 0x20000001, 2, 0x40),
			 0);
	assert_told("reset c\n");
	assert_int_equal(vm_del(&vm, "p"), 0);
	vm_reset(&vm);
	assert_non_null(strstr(told.text, "removed c\nremoved br\n"));
	assert_non_null(strstr(told.text, "reset e\n"));
	vm_end(&vm);
}

/* A logical slot that the guest has not acquired decodes nothing. */
TEST(logical_slots)
{
	struct papr_config config = vm_config;
	const struct connector_bank *bank;
	struct vm vm;
	uint32_t slot;

	told = (struct told){ 0 };
	config.powervm = true;
	vm_start_with(&vm, &config, &ops);
	assert_int_equal(try_model(&vm, &model), 0);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1,x-slots=on"),
			 0);
	assert_int_equal(vm_add(&vm, "acme-card", "id=c,bus=p.0,addr=2"), 0);
	bank = connectors_of_kind(connectors_of(vm.vmm), DRC_KIND_SLOT);
	assert_non_null(bank);
	slot = bank->all[2].index;
	assert_non_null(strstr(told.text, "added acme-card c 1."));
	told.text[0] = 0;
	vm_take(&vm, slot);
	told.text[0] = 0;
	assert_int_equal(vm_call(&vm, "ibm,write-pci-config", 0x110010, 0x8000000,
				 0x20000001, 4, 0x84000000),
			 0);
	assert_int_equal(vm_call(&vm, "ibm,write-pci-config", 0x110004, 0x8000000,
				 0x20000001, 2, 2),
			 0);
	assert_told("mapped c 0 0x200104000000 0x1000\n");
	vm_give(&vm, slot);
	assert_told("unmapped c 0 0x200104000000 0x1000\n");
	vm_end(&vm);
}

/* ---- Saved states ---- */

TEST(states)
{
	struct papr_error error = { 0 };
	struct papr_pci_model other = model;
	struct vm from, to;
	size_t bytes, plain_bytes;
	void *saved, *plain;

	start(&from);
	assert_int_equal(papr_vmm_save(from.vmm, &plain, &plain_bytes), 0);
	assert_int_equal(vm_add(&from, "acme-card", "id=a,addr=1"), 0);
	put(&from, PLACE, BAR0, 4, MEM_CHILD);
	put(&from, PLACE, COMMAND, 2, 2);
	assert_int_equal(change_msi(&from, 4, 2), 0);
	assert_int_equal(papr_vmm_save(from.vmm, &saved, &bytes), 0);
	vm_end(&from);

	start_with_card(&to);
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), 0);
	assert_told("mapped a 0 0x200080000000 0x1000\nmessages a x 0x1300 2\n");
	/* This machine has the card, the other one had not. */
	assert_int_equal(papr_vmm_load(to.vmm, plain, plain_bytes, &error), -ENODEV);
	papr_error_clear(&error);
	assert_told("");
	vm_end(&to);

	told = (struct told){ 0 };
	vm_start_with(&to, NULL, &ops);
	assert_int_equal(vm_add(&to, "e1000", "id=a,addr=1"), 0);
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), -ENODEV);
	assert_string_equal(error.text,
			    "The saved machine has a PCI function of the model "
			    "'acme-card', which is not registered");
	papr_error_clear(&error);
	assert_int_equal(try_model(&to, &model), 0);
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), -ENODEV);
	assert_non_null(strstr(error.text, "it has 'acme-card'"));
	papr_error_clear(&error);
	vm_end(&to);

	told = (struct told){ 0 };
	vm_start_with(&to, NULL, &ops);
	other.bars[0].bytes = 0x2000;
	assert_int_equal(try_model(&to, &other), 0);
	assert_int_equal(vm_add(&to, "acme-card", "id=a,addr=1"), 0);
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), -ENODEV);
	assert_non_null(strstr(error.text, "'acme-card' differs"));
	papr_error_clear(&error);
	vm_end(&to);
	free(saved);
	free(plain);
}
