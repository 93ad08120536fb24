// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/vmm_story.h"
#include "wire/crc32.h"

struct blob state_save(const struct vm *vm)
{
	struct blob b;

	assert_int_equal(papr_vmm_save(vm->vmm, &b.bytes, &b.size), 0);
	return b;
}

int state_load(struct vm *vm, const void *bytes, size_t size)
{
	struct papr_error error = { 0 };
	void *copy = exact_copy(bytes, size);
	int err = papr_vmm_load(vm->vmm, copy, size, &error);

	assert_int_equal(error.text != NULL, err != 0);
	papr_error_clear(&error);
	free(copy);
	return err;
}

void assert_state(const struct vm *vm, const struct blob *expected)
{
	struct blob b = state_save(vm);

	assert_int_equal(b.size, expected->size);
	assert_memory_equal(b.bytes, expected->bytes, b.size);
	free(b.bytes);
}

const struct story stories[STORIES] = {
	{ "virtio-net-pci", "id=d,addr=3", NULL, 0x40000018, 1, false },
	{ "power9_v2.0-spapr-cpu-core", "id=d,core-id=2", NULL, 0x10000002, 1, true },
	{ "spapr-pci-host-bridge", "id=d,index=3", NULL, 0x20000003, 1, true },
	{ "pc-dimm", "id=d,memdev=m", "id=m,size=512M", 0x80000004, 2, true },
};

void story_add_device(struct vm *vm, const struct story *s)
{
	if (s->memory)
		assert_int_equal(vm_object(vm, "memory-backend-ram", s->memory), 0);
	assert_int_equal(vm_add(vm, s->driver, s->options), 0);
}

static int32_t plug(struct vm *vm, const struct story *s, uint32_t index)
{
	if (index == s->first)
		story_add_device(vm, s);
	return 0;
}

int32_t story_read_event(struct vm *vm, const struct story *s, uint32_t index)
{
	(void)s, (void)index;
	return vm_call(vm, "check-exception", 0x500, 0, 0xffffffff, 0, VM_EVENT_BUFFER,
		       2048);
}

int32_t story_use(struct vm *vm, const struct story *s, uint32_t index)
{
	return s->logical ? vm_call(vm, "set-indicator", 9003, index, 1)
			  : vm_call(vm, "set-indicator", 9002, index, 3);
}

int32_t story_unisolate(struct vm *vm, const struct story *s, uint32_t index)
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

int32_t story_unplug(struct vm *vm, const struct story *s, uint32_t index)
{
	return index == s->first ? vm_del(vm, "d") : 0;
}

int32_t story_isolate(struct vm *vm, const struct story *s, uint32_t index)
{
	(void)s;
	return vm_call(vm, "set-indicator", 9001, index, 0);
}

int32_t story_give_up(struct vm *vm, const struct story *s, uint32_t index)
{
	return s->logical ? vm_call(vm, "set-indicator", 9003, index, 0) : 0;
}

static step_fn *const steps[STORY_STEPS] = {
	plug,
	story_read_event,
	story_use,
	story_unisolate,
	walk,
	story_read_event,
	story_unplug,
	story_unisolate,
	story_unplug,
	story_isolate,
	story_give_up,
	story_read_event,
	story_read_event,
	story_use,
};

static void append_line(char **text, const char *line, int32_t answer, int32_t sense)
{
	char *more;

	assert_true(asprintf(&more, "%s%d %d\n%s", *text ? *text : "", (int)answer,
			     (int)sense, line) > 0);
	free(*text);
	*text = more;
}

void story_tell(struct vm *vm, const struct story *s, size_t from, size_t to, char **text)
{
	for (size_t i = from; i < to; i++) {
		size_t step = i / s->connectors;
		uint32_t index = s->first + (uint32_t)(i % s->connectors);
		int32_t answer = steps[step](vm, s, index), sense = vm_sense(vm, index);

		append_line(text, vm_notes(vm), answer, sense);
	}
}
