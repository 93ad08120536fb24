// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"
#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/drc.h"
#include "wire/workarea.h"

const struct papr_config vm_config = {
	.size = sizeof(struct papr_config),
	.machine = "pseries-7.2",
	.ram_bytes = 1ULL << 30,
	.max_ram_bytes = 2ULL << 30,
	.mem_slots = 4,
	.cpus = 1,
	.max_cpus = 4,
	.threads = 1,
};

/* Valid until the next call of the same function. */
static char *last_notes, *last_walk;
static struct papr_error last_error;

static void append(char **text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(char **text, const char *format, ...)
{
	char *more, *both;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&more, format, args) >= 0);
	va_end(args);
	assert_true(asprintf(&both, "%s%s", *text ? *text : "", more) >= 0);
	free(more);
	free(*text);
	*text = both;
}

static bool is_inside(const struct vm *vm, uint64_t addr, size_t len)
{
	return addr <= vm->memory_bytes && len <= vm->memory_bytes - addr;
}

static int memory_read(void *priv, uint64_t addr, void *buf, size_t len)
{
	struct vm *vm = priv;

	if (!is_inside(vm, addr, len))
		return -EFAULT;
	memcpy(buf, vm->memory + addr, len);
	return 0;
}

static int memory_write(void *priv, uint64_t addr, const void *buf, size_t len)
{
	struct vm *vm = priv;

	if (!is_inside(vm, addr, len))
		return -EFAULT;
	memcpy(vm->memory + addr, buf, len);
	return 0;
}

static uint64_t clock_ns(void *priv)
{
	struct vm *vm = priv;

	return vm->clock_ns += 1000000000;
}

static int64_t time_ns(void *priv)
{
	return ((struct vm *)priv)->time_ns;
}

static void interrupt(void *priv, uint32_t irq)
{
	append(&((struct vm *)priv)->notes, "irq 0x%x\n", (unsigned int)irq);
}

static const char *const names[] = {
	[PAPR_EV_DEVICE_DELETED] = "DEVICE_DELETED",
	[PAPR_EV_DEVICE_UNPLUG_GUEST_ERROR] = "DEVICE_UNPLUG_GUEST_ERROR",
	[PAPR_EV_MEM_UNPLUG_ERROR] = "MEM_UNPLUG_ERROR",
	[PAPR_EV_RESET] = "RESET",
	[PAPR_EV_SHUTDOWN] = "SHUTDOWN",
	[PAPR_EV_POWERDOWN] = "POWERDOWN",
	[PAPR_EV_STOP] = "STOP",
	[PAPR_EV_SUSPEND] = "SUSPEND",
	[PAPR_EV_GUEST_PANICKED] = "GUEST_PANICKED",
	[PAPR_EV_RTC_CHANGE] = "RTC_CHANGE",
	[PAPR_EV_START_CPU] = "START_CPU",
	[PAPR_EV_STOP_CPU] = "STOP_CPU",
	[PAPR_EV_CALL] = "CALL",
	[PAPR_EV_MIGRATED] = "MIGRATED",
};

static void note_call(char **notes, const struct papr_call *call)
{
	append(notes, "CALL %s", call->name);
	for (unsigned int i = 0; i < call->n_args; i++)
		append(notes, " 0x%" PRIx64, call->args[i]);
	append(notes, " =");
	for (unsigned int i = 0; i < call->n_rets; i++)
		append(notes, " %" PRId64, (int64_t)call->rets[i]);
	append(notes, "%s\n", call->injected ? " (injected)" : "");
}

static void event(void *priv, const struct papr_event *event)
{
	char **notes = &((struct vm *)priv)->notes;

	if (event->type == PAPR_EV_CALL) {
		note_call(notes, event->call);
		return;
	}

	append(notes, "%s", names[event->type]);
	if (event->device || event->path)
		append(notes, " %s", event->device ? event->device : event->path);
	if (event->text)
		append(notes, " %s", event->text);
	if (event->type == PAPR_EV_START_CPU || event->type == PAPR_EV_STOP_CPU)
		append(notes, " %u", (unsigned int)event->cpu);
	if (event->type == PAPR_EV_RTC_CHANGE)
		append(notes, " %" PRId64, event->offset_s);
	append(notes, "\n");
}

static void console(void *priv, const void *text, size_t len)
{
	append(&((struct vm *)priv)->console, "%.*s", (int)len, (const char *)text);
}

static void log_line(void *priv, const char *line)
{
	append(&((struct vm *)priv)->log, "%s\n", line);
}

/* The trees have zeroes. */
static void no_chance(void *priv, void *buf, size_t len)
{
	(void)priv;
	memset(buf, 0, len);
}

void vm_begin(struct vm *vm, const struct papr_config *config)
{
	vm_begin_with(vm, config, VM_MEMORY_BYTES);
}

void vm_begin_with(struct vm *vm, const struct papr_config *config, size_t memory_bytes)
{
	const struct papr_machine_ops env = {
		.size = sizeof(struct papr_machine_ops),
		.read = memory_read,
		.write = memory_write,
		.clock_ns = clock_ns,
		.time_ns = time_ns,
		.interrupt = interrupt,
		.event = event,
		.console = console,
		.log = log_line,
		.random = no_chance,
		.priv = vm,
	};
	int err;

	*vm = (struct vm){ .memory = calloc(1, memory_bytes),
			   .memory_bytes = memory_bytes,
			   .time_ns = 1000000000000000000 };
	papr_error_clear(&last_error);
	err = papr_vmm_new(&vm->vmm, config ? config : &vm_config, &env, &last_error);
	if (err)
		print_error("%s\n", vm_error(vm));
	assert_int_equal(err, 0);
}

void vm_reset(struct vm *vm)
{
	assert_int_equal(papr_vmm_reset(vm->vmm), 0);
}

void vm_start(struct vm *vm, const struct papr_config *config)
{
	vm_begin(vm, config);
	vm_reset(vm);
	vm_negotiate(vm, 2, 0x20);
	vm_negotiate(vm, 5, 0x80);
	vm_negotiate(vm, 6, 0x04);
	vm_negotiate(vm, 22, 0x80);
	vm_negotiate(vm, 23, 0x40);
	vm_notes(vm);
}

void vm_end(struct vm *vm)
{
	papr_vmm_free(vm->vmm);
	free(vm->memory);
	free(vm->notes);
	free(vm->console);
	free(vm->log);
	*vm = (struct vm){ 0 };
	free(last_notes);
	free(last_walk);
	last_notes = last_walk = NULL;
	papr_error_clear(&last_error);
}

void vm_negotiate(struct vm *vm, unsigned int byte, uint8_t mask)
{
	machine_of(vm->vmm)->ov5[byte - 1] |= mask;
	machine_of(vm->vmm)->ov5_guest_empty = false;
	if (byte == 23)
		machine_of(vm->vmm)->xics = false;
}

void vm_set_rtas_base(struct vm *vm, uint32_t base)
{
	struct tree *tree = tree_of(vm->vmm);
	size_t size = tree->size + 256;
	void *fdt = malloc(size);

	assert_non_null(fdt);
	assert_int_equal(fdt_open_into(tree->fdt, fdt, (int)size), 0);
	assert_int_equal(fdt_setprop_u32(fdt, fdt_path_offset(fdt, "/rtas"),
					 "linux,rtas-base", base),
			 0);
	free(tree->fdt);
	tree->fdt = fdt;
	tree->size = size;
}

const char *vm_notes(struct vm *vm)
{
	free(last_notes);
	last_notes = vm->notes;
	vm->notes = NULL;
	return last_notes ? last_notes : "";
}

enum { MAX_OPTIONS = 16 };

/* Split "a=b,c=d" into options[]; changes text. */
static size_t split(char *text, struct papr_option *options)
{
	size_t n = 0;

	for (char *next; text && *text; text = next) {
		char *equals = strchr(text, '=');

		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		assert_true(equals && n < MAX_OPTIONS);
		*equals = '\0';
		options[n++] = (struct papr_option){ text, equals + 1 };
	}

	return n;
}

typedef int add_fn(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
		   struct papr_error *error);

static int add(struct vm *vm, add_fn *fn, const char *key, const char *type,
	       const char *text)
{
	struct papr_option options[1 + MAX_OPTIONS] = { { key, type } };
	char *copy = text ? strdup(text) : NULL;
	size_t n = 1 + split(copy, options + 1);
	int err;

	papr_error_clear(&last_error);
	err = fn(vm->vmm, options, n, &last_error);
	free(copy);
	return err;
}

int vm_add(struct vm *vm, const char *driver, const char *options)
{
	return add(vm, papr_vmm_device_add, "driver", driver, options);
}

int vm_object(struct vm *vm, const char *type, const char *options)
{
	return add(vm, papr_vmm_object_add, "qom-type", type, options);
}

int vm_del(struct vm *vm, const char *id)
{
	papr_error_clear(&last_error);
	return papr_vmm_device_del(vm->vmm, id, &last_error);
}

const char *vm_error(const struct vm *vm)
{
	(void)vm;
	return last_error.text ? last_error.text : "";
}

uint32_t vm_be32(const struct vm *vm, uint64_t addr)
{
	struct cursor c = cursor_of(vm->memory + addr, 4);

	return cursor_be32(&c);
}

void vm_put_be32(struct vm *vm, uint64_t addr, uint32_t value)
{
	struct builder b = builder_of(vm->memory + addr, 4);

	builder_be32(&b, value);
}

int32_t vm_rtas(struct vm *vm, const char *name, uint32_t nargs, const uint32_t *args,
		uint32_t nret, uint32_t *rets)
{
	for (uint32_t i = 0; i < nargs; i++)
		vm_put_be32(vm, VM_ARGS + 4 * i, args[i]);
	memset(vm->memory + VM_RETS, 0xee, 4 * PAPR_RTAS_CELLS);
	assert_int_equal(
		papr_vmm_rtas_at(vm->vmm, vm->cpu, name, nargs, VM_ARGS, nret, VM_RETS),
		0);
	for (uint32_t i = 0; rets && i < nret; i++)
		rets[i] = vm_be32(vm, VM_RETS + 4 * i);
	return (int32_t)vm_be32(vm, VM_RETS);
}

int32_t vm_sense(struct vm *vm, uint32_t index)
{
	uint32_t rets[2];
	int32_t status =
		vm_rtas(vm, "get-sensor-state", 2, (uint32_t[]){ 9003, index }, 2, rets);

	return status ? status : (int32_t)rets[1];
}

int32_t vm_walk_step(struct vm *vm, uint32_t index)
{
	if (workarea_index(vm->memory + VM_WORK_AREA) != index)
		workarea_start(vm->memory + VM_WORK_AREA, index);
	return vm_call(vm, "ibm,configure-connector", VM_WORK_AREA, 0);
}

const char *vm_walk(struct vm *vm, uint32_t index)
{
	struct cc_item item;
	int32_t status;

	free(last_walk);
	last_walk = NULL;
	workarea_start(vm->memory + VM_WORK_AREA, index);
	do {
		status = vm_walk_step(vm, index);
		append(&last_walk, "%d", (int)status);
		if (status >= 0 &&
		    !workarea_decode(&item, status, vm->memory + VM_WORK_AREA,
				     CC_PAGE_BYTES)) {
			if (item.name)
				append(&last_walk, " %s", item.name);
			if (status == CC_PROPERTY)
				append(&last_walk, " %u", (unsigned int)item.len);
		}
		append(&last_walk, "\n");
	} while (status > 0);
	return last_walk;
}

void vm_take(struct vm *vm, uint32_t index)
{
	assert_int_equal(vm_call(vm, "set-indicator", DRC_ALLOCATION, index, 1), 0);
	assert_int_equal(vm_call(vm, "set-indicator", DRC_ISOLATION, index, 1), 0);
	assert_non_null(vm_walk(vm, index));
}

void vm_give(struct vm *vm, uint32_t index)
{
	assert_int_equal(vm_call(vm, "set-indicator", DRC_ISOLATION, index, 0), 0);
	assert_int_equal(vm_call(vm, "set-indicator", DRC_ALLOCATION, index, 0), 0);
}

char *vm_golden_tree(const char *name)
{
	const char *dir = getenv("top_srcdir");
	bool is_base = !strcmp(name, "base");
	char *command, *text = NULL;
	size_t size = 0;
	FILE *in;

	assert_true(asprintf(&command,
			     "cd '%s/tests/data/golden/trees' && %s base.txt %s%s",
			     dir ? dir : ".", is_base ? "cat" : "patch -s -o -",
			     is_base ? "" : name, is_base ? "" : ".diff") >= 0);
	in = popen(command, "r");
	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	assert_int_equal(pclose(in), 0);
	free(command);
	return text;
}
