// SPDX-License-Identifier: GPL-2.0-or-later
/* An embedder's interrupt controller: its sources, and the guest's settings. */
#include "tests/unit/fakes/vmm_machine.h"

enum { FIRST = 0x1000, SOURCES = 0x1000 };

/* The embedder's controller */
static struct controller {
	enum papr_source kinds[SOURCES];
	uint32_t servers[SOURCES];
	uint8_t priorities[SOURCES], saved[SOURCES];
	unsigned int calls;
	int err; /* of the next calls */
} intc;

static void intc_source(void *priv, uint32_t irq, enum papr_source kind)
{
	assert_non_null(priv);
	assert_uint_in_range(irq, FIRST, FIRST + SOURCES - 1);
	assert_true(kind <= PAPR_SOURCE_LSI);
	/* Each report is a change. */
	assert_int_not_equal(intc.kinds[irq - FIRST], kind);
	assert_true(!intc.kinds[irq - FIRST] || !kind);
	intc.kinds[irq - FIRST] = kind;
}

static int intc_xics(void *priv, enum papr_xics_call call, uint32_t irq, uint32_t *server,
		     uint8_t *priority)
{
	uint32_t n = irq - FIRST;

	assert_non_null(priv);
	assert_uint_in_range(irq, FIRST, FIRST + SOURCES - 1);
	intc.calls++;
	if (intc.err)
		return intc.err;
	if (!intc.kinds[n])
		return -ENOENT;
	switch (call) {
	case PAPR_XICS_SET:
		intc.servers[n] = *server;
		intc.priorities[n] = intc.saved[n] = *priority;
		return 0;
	case PAPR_XICS_GET:
		*server = intc.servers[n];
		*priority = intc.priorities[n];
		return 0;
	case PAPR_XICS_OFF:
		intc.saved[n] = intc.priorities[n];
		intc.priorities[n] = 0xff;
		return 0;
	case PAPR_XICS_ON:
		intc.priorities[n] = intc.saved[n];
		return 0;
	}
	return -EINVAL;
}

static const struct papr_machine_ops sources_only = { .source = intc_source };
static const struct papr_machine_ops whole = { .source = intc_source, .xics = intc_xics };

static void start(struct vm *vm, const struct papr_machine_ops *ops)
{
	intc = (struct controller){ 0 };
	vm_start_with(vm, NULL, ops);
	machine_of(vm->vmm)->xics = true;
}

/* Return the sources as text: "1000-1001m 1200-1203l " */
static const char *sources(void)
{
	static char text[512];
	size_t len = 0;

	text[0] = 0;
	for (uint32_t i = 0, end; i < SOURCES; i = end) {
		for (end = i + 1; end < SOURCES && intc.kinds[end] == intc.kinds[i];)
			end++;
		if (intc.kinds[i])
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%x-%x%c ", (unsigned int)(FIRST + i),
						(unsigned int)(FIRST + end - 1),
						intc.kinds[i] == PAPR_SOURCE_LSI ? 'l'
										 : 'm');
	}
	return text;
}

TEST(sources_of_every_machine)
{
	struct papr_config config = vm_config;
	struct vm vm;

	start(&vm, &sources_only);
	assert_string_equal(sources(), "1000-1001m 1100-1101m 1200-1203l ");
	vm_end(&vm);

	intc = (struct controller){ 0 };
	config.no_hotplug_events = true;
	config.no_vty = true;
	assert_int_equal(vm_try(&vm, &config, VM_MEMORY_BYTES, &sources_only), 0);
	assert_string_equal(sources(), "1000-1000m 1100-1100m 1200-1203l ");
	assert_int_equal(vm_add(&vm, "spapr-vscsi", "reg=0x2000"), 0);
	assert_string_equal(sources(), "1000-1000m 1100-1100m 1102-1102m 1200-1203l ");
	vm_end(&vm);
}

TEST(sources_of_host_bridges)
{
	struct vm vm;

	start(&vm, &sources_only);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=30"), 0);
	assert_string_equal(sources(), "1000-1001m 1100-1101m 1200-1203l 1278-127bl ");
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=q,index=30"), -EEXIST);
	assert_int_equal(vm_del(&vm, "p"), 0); /* the guest has not acquired it */
	assert_string_equal(sources(), "1000-1001m 1100-1101m 1200-1203l ");
	vm_end(&vm);
}

TEST(sources_of_virtual_slots)
{
	struct papr_config config = vm_config;
	struct vm vm;

	intc = (struct controller){ 0 };
	config.powervm = true;
	vm_start_with(&vm, &config, &sources_only);
	assert_int_equal(vm_add(&vm, "spapr-vscsi", "id=v,slot=5"), 0);
	assert_string_equal(sources(), "1000-1001m 1100-1101m 1145-1145m 1200-1203l ");
	assert_int_equal(vm_del(&vm, "v"), 0);
	assert_string_equal(sources(), "1000-1001m 1100-1101m 1200-1203l ");
	vm_end(&vm);
}

static int32_t change_msi(struct vm *vm, uint32_t place, uint32_t type, uint32_t n)
{
	return vm_rtas(vm, "ibm,change-msi", 6,
		       (uint32_t[]){ place, 0x8000000, 0x20000000, type, n, 0 }, 4, NULL);
}

TEST(sources_of_messages)
{
	struct papr_error error = { 0 };
	struct vm vm;
	size_t bytes;
	void *saved;

	start(&vm, &sources_only);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=n,addr=1"), 0);
	assert_int_equal(change_msi(&vm, 0x800, 4, 3), 0);
	assert_non_null(strstr(sources(), "1203l 1300-1302m "));
	assert_int_equal(papr_vmm_save(vm.vmm, &saved, &bytes), 0);
	/* The new numbers are assigned before the old ones are free. */
	assert_int_equal(change_msi(&vm, 0x800, 4, 2), 0);
	assert_non_null(strstr(sources(), "1203l 1304-1305m "));
	assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, &error), 0);
	assert_non_null(strstr(sources(), "1203l 1300-1302m "));
	free(saved);
	assert_int_equal(change_msi(&vm, 0x800, 4, 0), 0);
	assert_null(strstr(sources(), "13"));
	assert_int_equal(change_msi(&vm, 0x800, 4, 1), 0);
	vm_reset(&vm);
	assert_null(strstr(sources(), "13"));
	vm_end(&vm);
}

TEST(settings_are_passed_on)
{
	struct vm vm;
	uint32_t r[3];

	start(&vm, &whole);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 0, 5), 0);
	assert_int_equal(intc.priorities[1], 5);
	assert_int_equal(vm_call(&vm, "ibm,int-off", 0x1001), 0);
	assert_int_equal(intc.priorities[1], 0xff);
	intc.servers[1] = 3;
	assert_int_equal(vm_rtas(&vm, "ibm,get-xive", 1, (uint32_t[]){ 0x1001 }, 3, r),
			 0);
	assert_int_equal(r[1], 3);
	assert_int_equal(r[2], 0xff);
	assert_int_equal(vm_call(&vm, "ibm,int-on", 0x1001), 0);
	assert_int_equal(intc.priorities[1], 5);
	assert_int_equal(intc.calls, 4);
	vm_end(&vm);
}

TEST(errors_of_the_embedder)
{
	struct vm vm;
	uint32_t r[3];

	start(&vm, &whole);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1002, 0, 5), -3);
	intc.err = -EIO;
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 0, 5), -1);
	assert_int_equal(vm_call(&vm, "ibm,int-off", 0x1001), -1);
	assert_int_equal(vm_call(&vm, "ibm,int-on", 0x1001), -1);
	assert_int_equal(vm_rtas(&vm, "ibm,get-xive", 1, (uint32_t[]){ 0x1001 }, 3, r),
			 -1);
	assert_int_equal(r[1], VM_UNWRITTEN);
	vm_end(&vm);
}

/* The guest's wrong arguments do not reach the embedder. */
TEST(arguments_are_checked)
{
	struct vm vm;

	start(&vm, &whole);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0xfff, 0, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x2000, 0, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", UINT32_MAX, 0, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 99, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 0, 0x105), -3);
	assert_int_equal(vm_call(&vm, "ibm,int-on", 0x1001, 0), -3);
	assert_int_equal(vm_call(&vm, "ibm,int-off", 0), -3);
	machine_of(vm.vmm)->xics = false; /* the guest uses XIVE */
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 0, 5), -1);
	assert_int_equal(intc.calls, 0);
	vm_end(&vm);
}

/* A machine whose library has the settings of two sources. */
static void start_with_settings(struct vm *vm)
{
	start(vm, &sources_only);
	assert_int_equal(vm_call(vm, "ibm,set-xive", 0x1000, 0, 7), 0);
	assert_int_equal(vm_call(vm, "ibm,set-xive", 0x1001, 0, 5), 0);
}

/* Load a machine's state in another machine, and again with this error of its embedder,
 * which has the settings there. */
static void move(struct vm *from, struct vm *to, int err)
{
	struct papr_error error = { 0 };
	size_t bytes;
	void *saved;

	assert_int_equal(papr_vmm_save(from->vmm, &saved, &bytes), 0);
	vm_end(from);
	start(to, &whole);
	assert_int_equal(papr_vmm_load(to->vmm, saved, bytes, &error), 0);
	intc.err = err;
	if (err)
		assert_int_equal(papr_vmm_load(to->vmm, saved, bytes, &error), 0);
	free(saved);
}

TEST(a_state_with_settings)
{
	struct vm from, to;

	start_with_settings(&from);
	assert_int_equal(vm_call(&from, "ibm,int-off", 0x1001), 0);
	move(&from, &to, -EIO);
	assert_int_equal(intc.priorities[0], 7);
	assert_int_equal(intc.priorities[1], 0xff);
	assert_int_equal(intc.saved[1], 5);
	assert_non_null(strstr(to.log, "interrupt source 0x1000 cannot be restored"));
	vm_end(&to);
}

/* The processor of a source was unplugged, or the state is hostile. */
TEST(a_state_with_another_processor)
{
	struct vm from, to;

	start_with_settings(&from);
	rtas_of(from.vmm)->sources[0].server = 0xfffffff0;
	move(&from, &to, 0);
	assert_int_equal(intc.calls, 1);
	assert_int_equal(intc.servers[0], 0);
	assert_int_equal(intc.priorities[1], 5);
	assert_non_null(strstr(to.log, "interrupt source 0x1000 cannot be restored"));
	vm_end(&to);
}
