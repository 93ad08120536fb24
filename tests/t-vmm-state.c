// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine is saved and loaded at each point of what can happen to it: both go on and
 * must answer the same. Then states that are damaged, or of other machines.
 */
#include "tests/vmm_machine.h"
#include "vmm/state.h"
#include "vmm/vof.h"
#include "wire/crc32.h"

struct blob {
	void *bytes;
	size_t size;
};

static struct blob save(const struct vm *vm)
{
	struct blob b;

	assert_int_equal(papr_vmm_save(vm->vmm, &b.bytes, &b.size), 0);
	return b;
}

static int load(struct vm *vm, const void *bytes, size_t size)
{
	struct papr_error error = { 0 };
	void *copy = exact_copy(bytes, size);
	int err = papr_vmm_load(vm->vmm, copy, size, &error);

	assert_int_equal(error.text != NULL, err != 0);
	papr_error_clear(&error);
	free(copy);
	return err;
}

/* Has this machine exactly this state? */
static void assert_state(const struct vm *vm, const struct blob *expected)
{
	struct blob b = save(vm);

	assert_int_equal(b.size, expected->size);
	assert_memory_equal(b.bytes, expected->bytes, b.size);
	free(b.bytes);
}

/* ---- Stories ---- */

struct story {
	const char *driver, *options;
	const char *memory; /* what it needs as an object, NULL: nothing */
	uint32_t first, connectors;
	bool logical;
};

static const struct story stories[] = {
	{ "virtio-net-pci", "id=d,addr=3", NULL, 0x40000018, 1, false },
	{ "power9_v2.0-spapr-cpu-core", "id=d,core-id=2", NULL, 0x10000002, 1, true },
	{ "spapr-pci-host-bridge", "id=d,index=3", NULL, 0x20000003, 1, true },
	{ "pc-dimm", "id=d,memdev=m", "id=m,size=512M", 0x80000004, 2, true },
};

static void add_device(struct vm *vm, const struct story *s)
{
	if (s->memory)
		assert_int_equal(vm_object(vm, "memory-backend-ram", s->memory), 0);
	assert_int_equal(vm_add(vm, s->driver, s->options), 0);
}

/* What one thing that a host or a guest does was answered. */
typedef int32_t step_fn(struct vm *vm, const struct story *s, uint32_t index);

static int32_t plug(struct vm *vm, const struct story *s, uint32_t index)
{
	if (index == s->first)
		add_device(vm, s);
	return 0;
}

static int32_t read_event(struct vm *vm, const struct story *s, uint32_t index)
{
	(void)s, (void)index;
	return vm_call(vm, "check-exception", 0x500, 0, 0xffffffff, 0, VM_EVENT_BUFFER,
		       2048);
}

static int32_t use(struct vm *vm, const struct story *s, uint32_t index)
{
	return s->logical ? vm_call(vm, "set-indicator", 9003, index, 1)
			  : vm_call(vm, "set-indicator", 9002, index, 3);
}

static int32_t unisolate(struct vm *vm, const struct story *s, uint32_t index)
{
	(void)s;
	return vm_call(vm, "set-indicator", 9001, index, 1);
}

static int32_t walk(struct vm *vm, const struct story *s, uint32_t index)
{
	const char *text = vm_walk(vm, index);

	(void)s;
	return (int32_t)crc32_of(text, strlen(text));
}

static int32_t unplug(struct vm *vm, const struct story *s, uint32_t index)
{
	return index == s->first ? vm_del(vm, "d") : 0;
}

static int32_t isolate(struct vm *vm, const struct story *s, uint32_t index)
{
	(void)s;
	return vm_call(vm, "set-indicator", 9001, index, 0);
}

static int32_t give_up(struct vm *vm, const struct story *s, uint32_t index)
{
	return s->logical ? vm_call(vm, "set-indicator", 9003, index, 0) : 0;
}

static step_fn *const steps[] = {
	plug,	   read_event, use,	unisolate, walk,       read_event, unplug,
	unisolate, unplug,     isolate, give_up,   read_event, read_event, use,
};

static void append_line(char **text, const char *line, int32_t answer, int32_t sense)
{
	char *more;

	assert_true(asprintf(&more, "%s%d %d\n%s", *text ? *text : "", (int)answer,
			     (int)sense, line) > 0);
	free(*text);
	*text = more;
}

/* Steps from..to of a story, each at each of its connectors; what was answered and
 * told is appended to *text. */
static void tell(struct vm *vm, const struct story *s, size_t from, size_t to,
		 char **text)
{
	for (size_t i = from; i < to; i++) {
		size_t step = i / s->connectors;
		uint32_t index = s->first + (uint32_t)(i % s->connectors);
		int32_t answer = steps[step](vm, s, index), sense = vm_sense(vm, index);

		append_line(text, vm_notes(vm), answer, sense);
	}
}

/* A machine made anew for the state of another. */
static void start_copy(struct vm *copy, const struct vm *of, const struct story *s)
{
	struct papr_drc_info drc = { 0 };
	bool there = false;

	for (uint32_t i = 0; s && i < s->connectors; i++)
		if (papr_vmm_drc_info(of->vmm, s->first + i, &drc) && drc.has_device)
			there = true;
	vm_begin(copy, &of->vmm->cfg);
	if (there)
		add_device(copy, s);
	vm_reset(copy);
	vm_notes(copy);
	memcpy(copy->memory, of->memory, VM_MEMORY_BYTES);
	copy->clock_ns = of->clock_ns;
	copy->time_ns = of->time_ns;
}

static void interrupt_story(const struct story *s, size_t at)
{
	size_t end = COUNT(steps) * s->connectors;
	char *before = NULL, *ours = NULL, *copys = NULL;
	struct vm vm, copy;
	struct blob state;

	vm_start(&vm, NULL);
	tell(&vm, s, 0, at, &before);
	state = save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(load(&copy, state.bytes, state.size), 0);
	assert_notes(&copy, "");
	assert_state(&copy, &state);

	tell(&vm, s, at, end, &ours);
	tell(&copy, s, at, end, &copys);
	if (ours)
		assert_string_equal(copys, ours);
	free(state.bytes);
	free(before);
	free(ours);
	free(copys);
	vm_end(&copy);
	vm_end(&vm);
}

static void each_point_of_each_story(void **state)
{
	(void)state;
	for (size_t s = 0; s < COUNT(stories); s++)
		for (size_t at = 0; at <= COUNT(steps) * stories[s].connectors; at++)
			interrupt_story(&stories[s], at);
}

/* As on QEMU behind a migration. */
static void a_walk_starts_again(void **state)
{
	const struct story *s = &stories[0];
	struct vm vm, copy;
	char *text = NULL;
	struct blob b;

	(void)state;
	vm_start(&vm, NULL);
	tell(&vm, s, 0, 4, &text);
	assert_int_equal(vm_walk_step(&vm, s->first), 2);
	assert_int_equal(vm_walk_step(&vm, s->first), 3);
	b = save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(load(&copy, b.bytes, b.size), 0);
	assert_int_equal(vm_walk_step(&vm, s->first), 3);
	assert_int_equal(vm_walk_step(&copy, s->first), 2);
	assert_int_equal(vm_walk_step(&copy, s->first), 3);

	/* also on the machine itself */
	assert_int_equal(load(&vm, b.bytes, b.size), 0);
	assert_int_equal(vm_walk_step(&vm, s->first), 2);
	free(text);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}

/* ---- Parts ---- */

/* vm loaded into a machine that was made alike, which takes its place. */
static void pass_on(struct vm *vm)
{
	struct blob b = save(vm);
	struct vm copy;

	start_copy(&copy, vm, NULL);
	assert_int_equal(load(&copy, b.bytes, b.size), 0);
	assert_state(&copy, &b);
	free(b.bytes);
	vm_end(vm);
	*vm = copy;
	vm->vmm->env.priv = vm;
}

static void clock_nvram_and_processors(void **state)
{
	struct papr_config config = vm_config;
	uint32_t r[8];
	struct vm vm;

	(void)state;
	config.cpus = 2;
	vm_start(&vm, &config);
	assert_int_equal(vm_call(&vm, "set-time-of-day", 2031, 2, 3, 4, 5, 6, 0), 0);
	memcpy(vm.memory + VM_EVENT_BUFFER, "kept", 4);
	assert_int_equal(vm_rtas(&vm, "nvram-store", 3,
				 (uint32_t[]){ 9, VM_EVENT_BUFFER, 4 }, 2, NULL),
			 0);
	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0, 0), 0);
	papr_vmm_set_cpu(vm.vmm, 1);
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

static void events_in_their_order(void **state)
{
	static const uint8_t log[] = { 6, 0x34, 0x60, 0xe5, 0, 0, 0, 0, 1, 2, 3 };
	struct vm vm;

	(void)state;
	vm_start(&vm, NULL);
	papr_vmm_powerdown(vm.vmm);
	assert_int_equal(papr_vmm_inject_event(vm.vmm, log, sizeof(log)), 0);
	papr_vmm_powerdown(vm.vmm);
	pass_on(&vm);
	assert_int_equal(read_event(&vm, NULL, 0), 0);
	assert_int_equal(vm.memory[VM_EVENT_BUFFER + 3], 0x40);
	assert_int_equal(read_event(&vm, NULL, 0), 0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER, log, sizeof(log));
	assert_int_equal(read_event(&vm, NULL, 0), 0);
	assert_int_equal(read_event(&vm, NULL, 0), 1);
	papr_vmm_powerdown(vm.vmm);
	assert_int_equal(read_event(&vm, NULL, 0), 0);
	vm_end(&vm);
}

static void negotiated_vectors_and_tree(void **state)
{
	size_t before, after;
	const void *fdt;
	void *copy;
	struct vm vm;

	(void)state;
	vm_start(&vm, NULL);
	fdt = papr_vmm_fdt(vm.vmm, &before);
	copy = exact_copy(fdt, before);
	pass_on(&vm);
	fdt = papr_vmm_fdt(vm.vmm, &after);
	assert_int_equal(before, after);
	assert_memory_equal(fdt, copy, before);
	assert_true(machine_negotiated(vm.vmm, 6, 0x04));
	assert_false(machine_negotiated(vm.vmm, 7, 0xff));
	assert_false(vm.vmm->ov5_guest_empty);
	free(copy);
	vm_end(&vm);
}

/* One LMB of two given up: the module is still there, and then it goes. */
static void half_a_module(void **state)
{
	const struct story *s = &stories[3];
	struct papr_memory_info info;
	char *text = NULL;
	struct vm vm, copy;
	struct blob b;

	(void)state;
	vm_start(&vm, NULL);
	tell(&vm, s, 0, 7 * s->connectors, &text);
	assert_int_equal(isolate(&vm, s, s->first), 0);
	assert_int_equal(give_up(&vm, s, s->first), 0);
	assert_int_equal(vm_sense(&vm, s->first), 2);
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &info), 1);

	b = save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(load(&copy, b.bytes, b.size), 0);
	assert_state(&copy, &b);
	assert_int_equal(vm_sense(&copy, s->first), 2);
	assert_int_equal(papr_vmm_memory_info(copy.vmm, 0, &info), 1);
	assert_true(info.hotplugged);
	assert_int_equal(isolate(&copy, s, s->first + 1), 0);
	assert_int_equal(give_up(&copy, s, s->first + 1), 0);
	assert_notes(&copy, "DEVICE_DELETED d\n");
	assert_int_equal(papr_vmm_memory_info(copy.vmm, 0, &info), 0);
	free(text);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}

static void pci_configuration(void **state)
{
	const struct story *s = &stories[0];
	const uint32_t where[] = { 3 << 11 | 0x3c, 0x8000000, 0x20000000, 1 };
	const uint32_t set[] = { 3 << 11 | 0x3c, 0x8000000, 0x20000000, 1, 0x5a };
	const uint32_t msi[] = { 3 << 11, 0x8000000, 0x20000000, 4, 2, 0 };
	const uint32_t irq[] = { 3 << 11, 0x8000000, 0x20000000, 1 };
	struct vm vm, copy;
	uint32_t r[4], r2[4];
	struct blob b;

	(void)state;
	vm_start(&vm, NULL);
	add_device(&vm, s);
	assert_int_equal(vm_rtas(&vm, "ibm,write-pci-config", 5, set, 1, NULL), 0);
	assert_int_equal(vm_rtas(&vm, "ibm,change-msi", 6, msi, 4, NULL), 0);
	b = save(&vm);
	start_copy(&copy, &vm, s);
	assert_int_equal(load(&copy, b.bytes, b.size), 0);
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

/* Without XIVE the guest asks RTAS to route interrupts. */
static void interrupt_sources(void **state)
{
	struct vm vm;
	uint32_t r[3];

	(void)state;
	vm_begin(&vm, NULL);
	vm_reset(&vm);
	vm.vmm->xics = true;
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

static void client_interface(void **state)
{
	struct papr_config config = vm_config;
	struct vm vm;
	uint64_t start;

	(void)state;
	config.vof = true;
	vm_start(&vm, &config);
	start = vof_claim(&vm.vmm->vof->claims, 0, 0x1000, 0x1000);
	assert_true(start != VOF_NO_CLAIM);
	pass_on(&vm);
	assert_true(vof_claim(&vm.vmm->vof->claims, start, 0x1000, 0) == VOF_NO_CLAIM);
	assert_true(vof_claim(&vm.vmm->vof->claims, 0, 0x1000, 0x1000) == start + 0x1000);
	assert_true(vof_release(&vm.vmm->vof->claims, start, 0x1000));
	pass_on(&vm);
	vm_end(&vm);
}

/* ---- Damage ---- */

/* A machine with something in each section. */
static void start_rich(struct vm *vm)
{
	char *text = NULL;

	vm_start(vm, NULL);
	tell(vm, &stories[0], 0, 4, &text);
	papr_vmm_powerdown(vm->vmm);
	free(text);
	vm_notes(vm);
}

static void every_truncation(void **state)
{
	struct blob b;
	struct vm vm;

	(void)state;
	start_rich(&vm);
	b = save(&vm);
	for (size_t n = 0; n < b.size; n++)
		assert_int_equal(load(&vm, b.bytes, n), -EBADMSG);
	assert_state(&vm, &b);
	free(b.bytes);
	vm_end(&vm);
}

/* Longer by a byte, and shorter but with a length that says so. */
static void other_lengths(void **state)
{
	struct blob b;
	struct vm vm;
	uint8_t *longer;

	(void)state;
	start_rich(&vm);
	b = save(&vm);
	longer = calloc(1, b.size + 1);
	memcpy(longer, b.bytes, b.size);
	assert_int_equal(load(&vm, longer, b.size + 1), -EBADMSG);
	free(longer);
	free(b.bytes);
	vm_end(&vm);
}

static void every_flip(void **state)
{
	uint8_t *bytes;
	struct blob b;
	struct vm vm;

	(void)state;
	start_rich(&vm);
	b = save(&vm);
	bytes = b.bytes;
	for (size_t n = 0; n < b.size; n += n < 256 ? 1 : 13) {
		bytes[n] ^= 1u << n % 8;
		assert_int_equal(load(&vm, bytes, b.size), -EBADMSG);
		bytes[n] ^= 1u << n % 8;
	}
	assert_state(&vm, &b);
	free(b.bytes);
	vm_end(&vm);
}

static void put_be32(uint8_t *at, uint32_t value)
{
	struct builder b = builder_of(at, 4);

	builder_be32(&b, value);
}

/* As it would be of one who knows how: length and checksum agree with the rest. */
static void seal(uint8_t *bytes, size_t size)
{
	put_be32(bytes + 16, (uint32_t)size);
	put_be32(bytes + 8, crc32_of(bytes + 12, size - 12));
}

/* The machine is of use, whatever it was made to believe. */
static void use_machine(struct vm *vm)
{
	for (size_t s = 0; s < COUNT(stories); s++) {
		const struct story *story = &stories[s];

		read_event(vm, story, story->first);
		unplug(vm, story, story->first);
		use(vm, story, story->first);
		unisolate(vm, story, story->first);
		for (int i = 0; i < 50 && vm_walk_step(vm, story->first) > 0; i++)
			;
		isolate(vm, story, story->first);
		give_up(vm, story, story->first);
	}
	assert_int_equal(papr_vmm_reset(vm->vmm), 0);
	vm_notes(vm);
}

static void damage_on_purpose(void **state)
{
	static const uint8_t damages[] = { 0x01, 0x80, 0xff };
	uint8_t *bytes;
	struct blob b;
	struct vm vm;
	int loaded = 0;

	(void)state;
	start_rich(&vm);
	b = save(&vm);
	bytes = exact_copy(b.bytes, b.size);
	for (size_t n = 20; n < b.size; n += n < b.size - 400 ? 41 : 1) {
		for (size_t d = 0; d < COUNT(damages); d++) {
			int err;

			bytes[n] ^= damages[d];
			seal(bytes, b.size);
			err = load(&vm, bytes, b.size);
			bytes[n] ^= damages[d];
			if (err) {
				assert_state(&vm, &b);
				continue;
			}
			loaded++;
			use_machine(&vm);
			vm_end(&vm);
			start_rich(&vm);
		}
	}
	print_message("# %d of the damaged states were possible ones\n", loaded);
	free(bytes);
	free(b.bytes);
	vm_end(&vm);
}

/* ---- Other machines ---- */

static void another_version(void **state)
{
	struct blob b;
	struct vm vm;

	(void)state;
	start_rich(&vm);
	b = save(&vm);
	put_be32((uint8_t *)b.bytes + 12, STATE_VERSION + 1);
	seal(b.bytes, b.size);
	assert_int_equal(load(&vm, b.bytes, b.size), -ENOTSUP);
	free(b.bytes);
	vm_end(&vm);
}

static void no_state(void **state)
{
	static const char text[] = "This is some file or other, and no machine in it.";
	struct vm vm;

	(void)state;
	start_rich(&vm);
	assert_int_equal(load(&vm, text, sizeof(text)), -EBADMSG);
	assert_int_equal(load(&vm, NULL, 0), -EBADMSG);
	vm_end(&vm);
}

static void assert_refused(const struct vm *vm, struct vm *other)
{
	struct blob b = save(vm), before = save(other);

	assert_int_equal(load(other, b.bytes, b.size), -ENODEV);
	assert_state(other, &before);
	free(b.bytes);
	free(before.bytes);
	vm_end(other);
}

static void another_configuration(void **state)
{
	struct papr_config config;
	struct vm vm, other;

	(void)state;
	vm_start(&vm, NULL);

	config = vm_config;
	config.ram_bytes = 512ULL << 20;
	vm_start(&other, &config);
	assert_refused(&vm, &other);

	config = vm_config;
	config.max_cpus = 3;
	vm_start(&other, &config);
	assert_refused(&vm, &other);

	config = vm_config;
	config.cpu_model = "power8";
	vm_start(&other, &config);
	assert_refused(&vm, &other);

	config = vm_config;
	config.vof = true;
	vm_start(&other, &config);
	assert_refused(&vm, &other);

	vm_begin(&other, NULL); /* not started */
	assert_refused(&vm, &other);
	vm_end(&vm);
}

static void other_devices(void **state)
{
	struct vm vm, other;

	(void)state;
	vm_start(&vm, NULL);
	for (size_t s = 0; s < COUNT(stories); s++) {
		vm_start(&other, NULL); /* one more */
		add_device(&other, &stories[s]);
		assert_refused(&vm, &other);
	}
	vm_end(&vm);

	for (size_t s = 0; s < COUNT(stories); s++) {
		vm_start(&vm, NULL);
		add_device(&vm, &stories[s]);
		vm_start(&other, NULL); /* one less */
		assert_refused(&vm, &other);
		vm_end(&vm);
	}
}

static void another_card_in_its_place(void **state)
{
	struct vm vm, other;

	(void)state;
	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=d,addr=3"), 0);

	vm_start(&other, NULL);
	assert_int_equal(vm_add(&other, "e1000", "id=d,addr=3"), 0);
	assert_refused(&vm, &other);
	vm_start(&other, NULL);
	assert_int_equal(vm_add(&other, "virtio-net-pci", "id=e,addr=3"), 0);
	assert_refused(&vm, &other);
	vm_start(&other, NULL);
	assert_int_equal(vm_add(&other, "virtio-net-pci", "id=d,addr=4"), 0);
	assert_refused(&vm, &other);
	vm_end(&vm);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_point_of_each_story),
	cmocka_unit_test(a_walk_starts_again),
	cmocka_unit_test(clock_nvram_and_processors),
	cmocka_unit_test(events_in_their_order),
	cmocka_unit_test(negotiated_vectors_and_tree),
	cmocka_unit_test(half_a_module),
	cmocka_unit_test(pci_configuration),
	cmocka_unit_test(interrupt_sources),
	cmocka_unit_test(client_interface),
	cmocka_unit_test(every_truncation),
	cmocka_unit_test(other_lengths),
	cmocka_unit_test(every_flip),
	cmocka_unit_test(damage_on_purpose),
	cmocka_unit_test(another_version),
	cmocka_unit_test(no_state),
	cmocka_unit_test(another_configuration),
	cmocka_unit_test(other_devices),
	cmocka_unit_test(another_card_in_its_place),
};

RUN(tests)
