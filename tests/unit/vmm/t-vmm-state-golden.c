// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Saved states of earlier libraries are loaded, and give the same machine: NAME.state in
 * tests/data/golden/states is the state, NAME.txt describes its machine. NAME.diff is what its
 * tree has besides tests/data/golden/trees/base.txt.
 *
 *   t-vmm-state-golden --record
 *
 * writes states that do not exist yet. A state of a release stays as it is: for a newer
 * format, add one with another name to the list below.
 */
#include <libfdt.h>
#include <sys/stat.h>

#include "tests/unit/fakes/dt_text.h"
#include "tests/unit/fakes/vmm_story.h"

static bool record;

/* ---- Machines ---- */

static const struct {
	const char *driver, *options; /* the driver of an object is its type */
} parts[] = {
	{ "memory-backend-ram", "id=m1,size=512M" },
	{ "memory-backend-ram", "id=m2,size=256M" },
	{ "pc-dimm", "id=dimm1,memdev=m1,slot=1" },
	{ "pc-dimm", "id=dimm2,memdev=m2,slot=3" },
	{ "power9_v2.0-spapr-cpu-core", "id=core2,core-id=2" },
	{ "spapr-pci-host-bridge", "id=phb1,index=1" },
	{ "virtio-net-pci", "id=net,bus=pci.0,addr=3" },
	{ "pci-bridge", "id=bridge,bus=pci.0,addr=4,chassis_nr=7" },
	{ "e1000", "id=below,bus=bridge,addr=1" },
	{ "virtio-rng-pci", "id=random,bus=phb1.0,addr=2" },
};

static void add_parts(struct vm *vm)
{
	for (size_t i = 0; i < COUNT(parts); i++) {
		bool object = !strncmp(parts[i].driver, "memory-backend", 14);

		assert_int_equal(object ? vm_object(vm, parts[i].driver, parts[i].options)
					: vm_add(vm, parts[i].driver, parts[i].options),
				 0);
	}
}

/* The machine to which a state is loaded: it has the same devices, and was never used. */
static void start_unused(struct vm *vm)
{
	vm_begin(vm, NULL);
	add_parts(vm);
	vm_reset(vm);
	vm_notes(vm);
}

static void negotiate(struct vm *vm)
{
	vm_negotiate(vm, 2, 0x20);
	vm_negotiate(vm, 5, 0x80);
	vm_negotiate(vm, 6, 0x04);
	vm_negotiate(vm, 22, 0x80);
	vm_negotiate(vm, 23, 0x40);
}

enum { CORE = 0x10000002, LMB1 = 0x80000004, LMB2, CARD = 0x40000018 };

/* The guest has all devices. */
static void make_plain(struct vm *vm)
{
	start_unused(vm);
	negotiate(vm);
	assert_int_equal(vm_call(vm, "ibm,write-pci-config", 3 << 11 | 0x3c, 0x8000000,
				 0x20000000, 1, 0x5a),
			 0);
	papr_vmm_powerdown(vm->vmm);
}

/* The host wants a DIMM, a core and a card. The guest has released one of the two LMBs, has
 * isolated the core, and has not yet read the event for the card. */
static void make_removal(struct vm *vm)
{
	vm_begin(vm, NULL);
	vm_reset(vm);
	negotiate(vm);
	add_parts(vm);
	while (!story_read_event(vm, NULL, 0))
		;
	vm_take(vm, LMB1);
	vm_take(vm, LMB2);
	vm_take(vm, CORE);
	assert_int_equal(vm_call(vm, "set-indicator", 9001, CARD, 1), 0);
	vm_walk(vm, CARD);
	assert_int_equal(vm_del(vm, "dimm1"), 0);
	assert_int_equal(story_read_event(vm, NULL, 0), 0);
	vm_give(vm, LMB1);
	assert_int_equal(vm_del(vm, "core2"), 0);
	assert_int_equal(story_read_event(vm, NULL, 0), 0);
	assert_int_equal(vm_call(vm, "set-indicator", 9001, CORE, 0), 0);
	assert_int_equal(vm_del(vm, "net"), 0);
	vm_notes(vm);
}

/* ---- Files ---- */

static char *path_of(const char *name, const char *kind)
{
	const char *dir = getenv("top_srcdir");
	char *path;

	assert_true(asprintf(&path, "%s/tests/data/golden/states/%s.%s", dir ? dir : ".",
			     name, kind) >= 0);
	return path;
}

static void file_write(const char *name, const char *kind, const struct blob *b)
{
	char *path = path_of(name, kind);
	FILE *out = fopen(path, "wx"); /* never over an existing one */

	if (out) {
		assert_int_equal(fwrite(b->bytes, 1, b->size, out), b->size);
		assert_int_equal(fclose(out), 0);
	} else {
		assert_int_equal(errno, EEXIST);
	}
	free(path);
}

static struct blob file_read(const char *name, const char *kind)
{
	char *path = path_of(name, kind);
	FILE *in = fopen(path, "r");
	struct stat st;
	struct blob b;

	if (!in)
		print_error("%s cannot be read\n", path);
	assert_non_null(in);
	assert_int_equal(fstat(fileno(in), &st), 0);
	b.size = (size_t)st.st_size;
	b.bytes = calloc(1, b.size + 1);
	assert_non_null(b.bytes);
	assert_int_equal(fread(b.bytes, 1, b.size, in), b.size);
	fclose(in);
	free(path);
	return b;
}

/* ---- Comparison ---- */

static uint32_t number_of(const struct papr_drc_info *drc)
{
	return (uint32_t)strtoul(drc->name + strcspn(drc->name, "0123456789"), NULL, 10);
}

/* Return true if b is the next connector after a, with the same type and state. */
static bool follows(const struct papr_drc_info *a, const struct papr_drc_info *b,
		    uint32_t step)
{
	return b->index == a->index + step && number_of(b) == number_of(a) + step &&
	       !strcmp(a->type, b->type) && a->state == b->state &&
	       a->has_device == b->has_device &&
	       a->unplug_requested == b->unplug_requested && a->sense == b->sense &&
	       a->indicator == b->indicator;
}

/* The connectors from first to last differ in their index and number alone. */
static void print_run(FILE *out, const struct papr_drc_info *first,
		      const struct papr_drc_info *last)
{
	fprintf(out, "%08x", first->index);
	if (first->index != last->index)
		fprintf(out, "..%08x", last->index);
	fprintf(out, " %s %s", first->type, first->name);
	if (first->index != last->index)
		fprintf(out, "..%s", last->name);
	fprintf(out, ": state %u%s%s, sense %u, %u\n", first->state,
		first->has_device ? ", device" : "",
		first->unplug_requested ? ", unplug" : "", first->sense,
		first->indicator);
}

/* Up to n connectors, each step after the one before it. */
static void print_connectors(FILE *out, const struct vm *vm, uint32_t index, uint32_t n,
			     uint32_t step)
{
	struct papr_drc_info drc = { .size = sizeof(drc) }, first, last;
	bool any = false;

	for (; n; n--, index += step) {
		if (!papr_vmm_drc_info(vm->vmm, index, &drc))
			continue;
		if (!any || !follows(&last, &drc, step)) {
			if (any)
				print_run(out, &first, &last);
			first = drc;
		}
		last = drc;
		any = true;
	}
	if (any)
		print_run(out, &first, &last);
}

/* Connectors and modules as text. */
static struct blob machine_text(const struct vm *vm)
{
	static const struct {
		uint32_t first, n, step;
	} ranges[] = {
		{ 0x10000000, 4, 1 },  { 0x20000000, 4, 1 },   { 0x40000000, 32, 8 },
		{ 0x40010000, 32, 8 }, { 0x40000100, 512, 8 }, { 0x80000000, 8, 1 },
	};
	struct papr_memory_info dimm = { .size = sizeof(dimm) };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < COUNT(ranges); i++)
		print_connectors(out, vm, ranges[i].first, ranges[i].n, ranges[i].step);
	for (size_t n = 0; papr_vmm_memory_info(vm->vmm, n, &dimm) > 0; n++)
		fprintf(out, "%s %s 0x%llx 0x%llx slot %u%s\n", dimm.type, dimm.id,
			(unsigned long long)dimm.address, (unsigned long long)dimm.bytes,
			dimm.slot, dimm.hotplugged ? ", plugged" : "");
	assert_int_equal(fclose(out), 0);
	return (struct blob){ text, size };
}

static char *tree_text(const struct vm *vm)
{
	size_t bytes;
	const void *fdt = papr_vmm_fdt(vm->vmm, &bytes);
	char *text = dt_text(fdt, bytes);

	assert_non_null(text);
	return text;
}

/* Write what the tree has besides the base. */
static void tree_write(const char *name, const struct vm *vm)
{
	char *path = path_of(name, "diff"), *text = tree_text(vm), *command;
	FILE *out;

	assert_true(asprintf(&command,
			     "test -e '%s' || diff -U0 --label base.txt --label %s.txt "
			     "\"$(dirname '%s')/../trees/base.txt\" - >'%s'",
			     path, name, path, path) >= 0);
	out = popen(command, "w");
	assert_non_null(out);
	fputs(text, out);
	pclose(out);
	free(command);
	free(text);
	free(path);
}

/* The tree is the recorded one. */
static void assert_tree(const char *name, const struct vm *vm)
{
	char *text = tree_text(vm), *path, *golden;

	assert_true(asprintf(&path, "../states/%s", name) >= 0);
	golden = vm_golden_tree(path);
	assert_string_equal(text, golden);
	free(golden);
	free(path);
	free(text);
}

/* Start a machine with this state. The caller ends it. */
static void start_golden(struct vm *vm, const char *name, void (*make)(struct vm *vm))
{
	struct blob state, text, golden;

	if (record) {
		make(vm);
		state = state_save(vm);
		text = machine_text(vm);
		file_write(name, "state", &state);
		file_write(name, "txt", &text);
		tree_write(name, vm);
		free(state.bytes);
		free(text.bytes);
		vm_end(vm);
	}
	state = file_read(name, "state");
	golden = file_read(name, "txt");
	start_unused(vm);
	assert_int_equal(state_load(vm, state.bytes, state.size), 0);
	assert_notes(vm, "");
	text = machine_text(vm);
	assert_string_equal(text.bytes, golden.bytes);
	assert_tree(name, vm);
	free(text.bytes);
	free(golden.bytes);
	free(state.bytes);
}

/* ---- Tests ---- */

static void with_all_devices(void **state)
{
	struct vm vm;
	uint32_t r[2];

	(void)state;
	start_golden(&vm, "plain-4", make_plain);
	assert_int_equal(vm_rtas(&vm, "ibm,read-pci-config", 4,
				 (uint32_t[]){ 3 << 11 | 0x3c, 0x8000000, 0x20000000, 1 },
				 2, r),
			 0);
	assert_int_equal(r[1], 0x5a);
	assert_int_equal(story_read_event(&vm, NULL, 0), 0); /* the power button */
	assert_int_equal(story_read_event(&vm, NULL, 0), 1);
	vm_end(&vm);
}

/* The guest completes it. */
static void within_a_removal(void **state)
{
	struct vm vm;

	(void)state;
	start_golden(&vm, "removal-4", make_removal);
	vm_give(&vm, LMB2);
	assert_notes(&vm, "DEVICE_DELETED dimm1\n");
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, CORE, 0), 0);
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED core2\n"));
	assert_int_equal(story_read_event(&vm, NULL, 0), 0);
	assert_int_equal(vm_be32(&vm, VM_EVENT_BUFFER + 108), CARD);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, CARD, 0), 0);
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED net\n"));
	vm_end(&vm);
}

/* A state is for a machine with the same devices alone. */
static void another_machine(void **state)
{
	struct blob b;
	struct vm vm;

	(void)state;
	b = file_read("plain-4", "state");
	vm_start(&vm, NULL);
	assert_int_equal(state_load(&vm, b.bytes, b.size), -ENODEV);
	free(b.bytes);
	vm_end(&vm);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(with_all_devices),
	cmocka_unit_test(within_a_removal),
	cmocka_unit_test(another_machine),
};

int main(int argc, char *argv[])
{
	record = argc > 1 && !strcmp(argv[1], "--record");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
