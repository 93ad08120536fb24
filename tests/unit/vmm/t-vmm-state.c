// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine is saved and loaded after each step: the copy and the original must then
 * answer the same.
 */
#include "tests/unit/fakes/vmm_story.h"
#include "vmm/firmware/vof.h"
#include "vmm/state/state.h"
#include "wire/cas.h"

/* ---- Stories ---- */

/* A new machine for the state of another. */
static void start_copy(struct vm *copy, const struct vm *of, const struct story *s)
{
	struct papr_drc_info drc = { .size = sizeof(drc) };
	bool there = false;

	for (uint32_t i = 0; s && i < s->connectors; i++)
		if (papr_vmm_drc_info(of->vmm, s->first + i, &drc) && drc.has_device)
			there = true;
	vm_begin(copy, &machine_of(of->vmm)->cfg);
	if (there)
		story_add_device(copy, s);
	vm_reset(copy);
	vm_notes(copy);
	memcpy(copy->memory, of->memory, VM_MEMORY_BYTES);
	copy->clock_ns = of->clock_ns;
	copy->time_ns = of->time_ns;
}

static void interrupt_story(const struct story *s, size_t at)
{
	size_t end = STORY_STEPS * s->connectors;
	char *before = NULL, *ours = NULL, *theirs = NULL;
	struct vm vm, copy;
	struct blob state;

	vm_start(&vm, NULL);
	story_tell(&vm, s, 0, at, &before);
	state = state_save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(state_load(&copy, state.bytes, state.size), 0);
	assert_notes(&copy, "");
	assert_state(&copy, &state);

	story_tell(&vm, s, at, end, &ours);
	story_tell(&copy, s, at, end, &theirs);
	if (ours)
		assert_string_equal(theirs, ours);
	free(state.bytes);
	free(before);
	free(ours);
	free(theirs);
	vm_end(&copy);
	vm_end(&vm);
}

TEST(each_point_of_each_story)
{
	for (size_t s = 0; s < STORIES; s++)
		for (size_t at = 0; at <= STORY_STEPS * stories[s].connectors; at++)
			interrupt_story(&stories[s], at);
}

/* As in QEMU after a migration. */
TEST(a_walk_starts_again)
{
	const struct story *s = &stories[STORY_PCI];
	struct vm vm, copy;
	char *text = NULL;
	struct blob b;

	vm_start(&vm, NULL);
	story_tell(&vm, s, 0, 4, &text);
	assert_int_equal(vm_walk_step(&vm, s->first), 2);
	assert_int_equal(vm_walk_step(&vm, s->first), 3);
	b = state_save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
	assert_int_equal(vm_walk_step(&vm, s->first), 3);
	assert_int_equal(vm_walk_step(&copy, s->first), 2);
	assert_int_equal(vm_walk_step(&copy, s->first), 3);

	/* also on the machine itself */
	assert_int_equal(state_load(&vm, b.bytes, b.size), 0);
	assert_int_equal(vm_walk_step(&vm, s->first), 2);
	free(text);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}

/* ---- Parts ---- */

/* Load the state of vm into an equal machine, which replaces it. */
static void pass_on(struct vm *vm)
{
	struct blob b = state_save(vm);
	struct vm copy;

	start_copy(&copy, vm, NULL);
	assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
	assert_state(&copy, &b);
	free(b.bytes);
	vm_end(vm);
	*vm = copy;
	machine_of(vm->vmm)->env.priv = vm;
}

TEST(clock_nvram_and_processors)
{
	struct papr_config config = vm_config;
	uint32_t r[8];
	struct vm vm;

	config.cpus = 2;
	vm_start(&vm, &config);
	assert_int_equal(vm_call(&vm, "set-time-of-day", 2031, 2, 3, 4, 5, 6, 0), 0);
	memcpy(vm.memory + VM_EVENT_BUFFER, "kept", 4);
	assert_int_equal(vm_rtas(&vm, "nvram-store", 3,
				 (uint32_t[]){ 9, VM_EVENT_BUFFER, 4 }, 2, NULL),
			 0);
	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0, 0), 0);
	vm.cpu = 1;
	vm_rtas(&vm, "stop-self", 0, NULL, 0, NULL);
	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0, 0), 0);

	pass_on(&vm);
	assert_int_equal(vm_rtas(&vm, "get-time-of-day", 0, NULL, 8, r), 0);
	assert_int_equal(r[1], 2031);
	assert_int_equal(r[6], 6);
	memset(vm.memory + VM_EVENT_BUFFER, 0, 8);
	assert_int_equal(vm_rtas(&vm, "nvram-fetch", 3,
				 (uint32_t[]){ 8, VM_EVENT_BUFFER, 6 }, 2, NULL),
			 0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER, "\0kept\0", 6);
	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0, 0), -1);
	vm_end(&vm);
}

TEST(events_in_their_order)
{
	static const uint8_t log[] = { 6, 0x34, 0x60, 0xe5, 0, 0, 0, 0, 1, 2, 3 };
	struct vm vm;

	vm_start(&vm, NULL);
	papr_vmm_powerdown(vm.vmm);
	assert_int_equal(papr_vmm_inject_event(vm.vmm, log, sizeof(log)), 0);
	papr_vmm_powerdown(vm.vmm);
	pass_on(&vm);
	assert_int_equal(story_read_event(&vm, NULL, 0), 0);
	assert_int_equal(vm.memory[VM_EVENT_BUFFER + 3], 0x40);
	assert_int_equal(story_read_event(&vm, NULL, 0), 0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER, log, sizeof(log));
	assert_int_equal(story_read_event(&vm, NULL, 0), 0);
	assert_int_equal(story_read_event(&vm, NULL, 0), 1);
	papr_vmm_powerdown(vm.vmm);
	assert_int_equal(story_read_event(&vm, NULL, 0), 0);
	vm_end(&vm);
}

TEST(negotiated_vectors_and_tree)
{
	size_t before, after;
	const void *fdt;
	void *copy;
	struct vm vm;

	vm_start(&vm, NULL);
	fdt = papr_vmm_fdt(vm.vmm, &before);
	copy = exact_copy(fdt, before);
	pass_on(&vm);
	fdt = papr_vmm_fdt(vm.vmm, &after);
	assert_int_equal(before, after);
	assert_memory_equal(fdt, copy, before);
	assert_true(machine_negotiated(vm.vmm, CAS_BIT(6, 0x04)));
	assert_false(machine_negotiated(vm.vmm, CAS_BIT(7, 0xff)));
	assert_false(machine_of(vm.vmm)->ov5_guest_empty);
	free(copy);
	vm_end(&vm);
}

/* One LMB of two is released: the module exists, and is then removed. */
TEST(half_a_module)
{
	const struct story *s = &stories[STORY_DIMM];
	struct papr_memory_info info = { .size = sizeof(info) };
	char *text = NULL;
	struct vm vm, copy;
	struct blob b;

	vm_start(&vm, NULL);
	story_tell(&vm, s, 0, 7 * s->connectors, &text);
	assert_int_equal(story_isolate(&vm, s, s->first), 0);
	assert_int_equal(story_give_up(&vm, s, s->first), 0);
	assert_int_equal(vm_sense(&vm, s->first), 2);
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 1);

	b = state_save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
	assert_state(&copy, &b);
	assert_int_equal(vm_sense(&copy, s->first), 2);
	assert_int_equal(papr_vmm_memory_info(copy.vmm, 0, &info), 1);
	assert_true(info.hotplugged);
	assert_int_equal(story_isolate(&copy, s, s->first + 1), 0);
	assert_int_equal(story_give_up(&copy, s, s->first + 1), 0);
	assert_notes(&copy, "DEVICE_DELETED d\n");
	assert_int_equal(papr_vmm_memory_info(copy.vmm, 0, &info), 0);
	free(text);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}

TEST(pci_configuration)
{
	const struct story *s = &stories[STORY_PCI];
	const uint32_t where[] = { 3 << 11 | 0x3c, 0x8000000, 0x20000000, 1 };
	const uint32_t set[] = { 3 << 11 | 0x3c, 0x8000000, 0x20000000, 1, 0x5a };
	const uint32_t msi[] = { 3 << 11, 0x8000000, 0x20000000, 4, 2, 0 };
	const uint32_t irq[] = { 3 << 11, 0x8000000, 0x20000000, 1 };
	struct vm vm, copy;
	uint32_t r[4], r2[4];
	struct blob b;

	vm_start(&vm, NULL);
	story_add_device(&vm, s);
	assert_int_equal(vm_rtas(&vm, "ibm,write-pci-config", 5, set, 1, NULL), 0);
	assert_int_equal(vm_rtas(&vm, "ibm,change-msi", 6, msi, 4, NULL), 0);
	b = state_save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
	assert_int_equal(vm_rtas(&copy, "ibm,read-pci-config", 4, where, 2, r), 0);
	assert_int_equal(r[1], 0x5a);
	assert_int_equal(vm_rtas(&vm, "ibm,query-interrupt-source-number", 4, irq, 3, r),
			 0);
	assert_int_equal(
		vm_rtas(&copy, "ibm,query-interrupt-source-number", 4, irq, 3, r2), 0);
	assert_int_equal(r[1], r2[1]);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}

/* Without XIVE the guest routes interrupts by RTAS. */
TEST(interrupt_sources)
{
	struct vm vm;
	uint32_t r[3];

	vm_begin(&vm, NULL);
	vm_reset(&vm);
	machine_of(vm.vmm)->xics = true;
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1001, 0, 5), 0);
	assert_int_equal(vm_call(&vm, "ibm,int-off", 0x1001), 0);
	pass_on(&vm);
	assert_int_equal(vm_rtas(&vm, "ibm,get-xive", 1, (uint32_t[]){ 0x1001 }, 3, r),
			 0);
	assert_int_equal(r[2], 0xff);
	assert_int_equal(vm_call(&vm, "ibm,int-on", 0x1001), 0);
	assert_int_equal(vm_rtas(&vm, "ibm,get-xive", 1, (uint32_t[]){ 0x1001 }, 3, r),
			 0);
	assert_int_equal(r[2], 5);
	vm_end(&vm);
}

TEST(client_interface)
{
	struct papr_config config = vm_config;
	struct vm vm;
	uint64_t start;

	config.vof = true;
	vm_start(&vm, &config);
	start = vof_claim(&machine_of(vm.vmm)->vof->claims, 0, 0x1000, 0x1000);
	assert_true(start != VOF_NO_CLAIM);
	pass_on(&vm);
	assert_true(vof_claim(&machine_of(vm.vmm)->vof->claims, start, 0x1000, 0) ==
		    VOF_NO_CLAIM);
	assert_true(vof_claim(&machine_of(vm.vmm)->vof->claims, 0, 0x1000, 0x1000) ==
		    start + 0x1000);
	assert_true(vof_release(&machine_of(vm.vmm)->vof->claims, start, 0x1000));
	pass_on(&vm);
	vm_end(&vm);
}

static void save_much(const struct papr_vmm *vmm, struct builder *b)
{
	static const uint8_t piece[1 << 20];

	(void)vmm;
	assert_null(b->buf); /* it is only counted */
	for (int i = 0; i < 4096; i++)
		builder_bytes(b, piece, sizeof(piece));
}

/* The lengths of a state have 32 bits. */
TEST(too_large)
{
	static const struct state_section much = { .tag = "much", .save = save_much };
	static const struct state_section *const sections[] = { &much, NULL };
	const struct machine_hooks *old;
	struct machine_hooks hooks;
	void *saved = NULL;
	size_t bytes;
	struct vm vm;

	vm_begin(&vm, NULL);
	old = machine_of(vm.vmm)->hooks;
	hooks = *old;
	hooks.sections = sections;
	machine_of(vm.vmm)->hooks = &hooks;
	assert_int_equal(papr_vmm_save(vm.vmm, &saved, &bytes), -ENOMEM);
	machine_of(vm.vmm)->hooks = old;
	vm_end(&vm);
}
