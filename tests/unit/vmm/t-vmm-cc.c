// SPDX-License-Identifier: GPL-2.0-or-later
/* ibm,configure-connector: positions, restarts, space, and unusual answers to test
 * clients. */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/drc.h"
#include "wire/workarea.h"

/* Connectors of the test's own, and two devices that no other part has. */
enum { A = 0x40070000, B = 0x40070001 };

struct toy {
	struct device dev;
	size_t value_bytes;
	int err;
	unsigned int built;
};

static int put_toy(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		   struct fdt_out *out, bool hotplug)
{
	struct toy *toy = (struct toy *)dev;

	(void)vmm;
	assert_true(hotplug);
	toy->built++;
	fdt_out_node(out, "toy@%x", (unsigned int)(c->index & 0xffff));
	fdt_out_u32(out, "ibm,my-drc-index", c->index);
	fdt_out_empty(out, "empty");
	memset(fdt_out_space(out, "value", toy->value_bytes), 0xab, toy->value_bytes);
	for (unsigned int i = 0; i < 2; i++) {
		fdt_out_node(out, "child@%x", i);
		fdt_out_str(out, "kind", "nested");
		fdt_out_node_end(out);
	}
	fdt_out_node_end(out);
	return toy->err;
}

static void release_toy(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	(void)c;
	device_deleted(vmm, dev);
}

static const struct device_class toy_class = { .put_node = put_toy,
					       .release = release_toy };

#define WALK_OF(node)                                               \
	"2 " node "\n3 ibm,my-drc-index 4\n3 empty 0\n3 value 40\n" \
	"2 child@0\n3 kind 7\n4\n2 child@1\n3 kind 7\n4\n0\n"

static void start_as(struct vm *vm, struct toy toys[2],
		     const struct papr_cc_quirks *quirks, bool powervm)
{
	struct papr_config cfg = vm_config;

	if (quirks)
		cfg.cc = *quirks;
	cfg.powervm = powervm;
	vm_start(vm, &cfg);
	assert_non_null(connector_bank_add(connectors_of(vm->vmm), DRC_KIND_PCI,
					   A & 0xffffff, 1, 2));
	for (uint32_t i = 0; i < 2; i++) {
		toys[i] =
			(struct toy){ .dev = { .class = &toy_class }, .value_bytes = 40 };
		assert_int_equal(
			device_register(vm->vmm, &toys[i].dev, i ? "b" : "a", NULL), 0);
		assert_int_equal(
			connector_attach(vm->vmm,
					 connector_find(connectors_of(vm->vmm), A + i),
					 &toys[i].dev),
			0);
	}
}

static void start(struct vm *vm, struct toy toys[2], const struct papr_cc_quirks *quirks)
{
	start_as(vm, toys, quirks, false);
}

static void end(struct vm *vm, struct toy toys[2])
{
	for (int i = 0; i < 2; i++)
		device_unregister(vm->vmm, &toys[i].dev);
	vm_end(vm);
}

static int32_t isolation(struct vm *vm, uint32_t index, uint32_t value)
{
	return vm_call(vm, "set-indicator", DRC_ISOLATION, index, value);
}

static void steps(struct vm *vm, uint32_t index, int n)
{
	while (n--)
		assert_true(vm_walk_step(vm, index) > 0);
}

TEST(whole_walks)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	assert_string_equal(vm_walk(&vm, A), "-9003\n");
	assert_int_equal(isolation(&vm, A, DRC_UNISOLATE), 0);
	assert_string_equal(vm_walk(&vm, A), WALK_OF("toy@0"));
	assert_int_equal(toys[0].built, 1);
	assert_string_equal(vm_walk(&vm, A), WALK_OF("toy@0")); /* a second one */
	assert_int_equal(isolation(&vm, A, DRC_ISOLATE), 0);
	assert_string_equal(vm_walk(&vm, A), "-9003\n");
	end(&vm, toys);
}

/* Only a change of the connector's state restarts a walk. Another connector's walk, a new
 * work area, or an unisolate without effect do not. */
TEST(positions)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	isolation(&vm, A, DRC_UNISOLATE);
	isolation(&vm, B, DRC_UNISOLATE);
	steps(&vm, A, 4);
	steps(&vm, B, 1);
	assert_int_equal(isolation(&vm, A, DRC_UNISOLATE), 0);
	assert_string_equal(vm_walk(&vm, A),
			    "2 child@0\n3 kind 7\n4\n2 child@1\n3 kind 7\n4\n0\n");
	assert_string_equal(vm_walk(&vm, B), &WALK_OF("toy@1")[strlen("2 toy@1\n")]);

	steps(&vm, A, 4); /* configured: unisolate changes nothing either */
	assert_int_equal(isolation(&vm, A, DRC_UNISOLATE), 0);
	assert_int_equal(vm_walk_step(&vm, A), CC_CHILD);
	assert_int_equal(isolation(&vm, A, DRC_ISOLATE), 0);
	assert_int_equal(isolation(&vm, A, DRC_UNISOLATE), 0);
	assert_string_equal(vm_walk(&vm, A), WALK_OF("toy@0"));

	steps(&vm, A, 3);
	vm_reset(&vm);
	assert_string_equal(vm_walk(&vm, A), WALK_OF("toy@0"));
	end(&vm, toys);
}

/* PowerVM does as PAPR demands: a new work area begins a new walk. Delays are not a part of
 * it. */
TEST(a_new_work_area)
{
	struct toy toys[2];
	struct vm vm;

	start_as(&vm, toys,
		 &(struct papr_cc_quirks){ .delay_status = 9902, .n_delays = 1 }, true);
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 5);
	workarea_start(vm.memory + VM_WORK_AREA, A);
	assert_int_equal(vm_walk_step(&vm, A), 9902);
	assert_int_equal(vm_walk_step(&vm, A), CC_CHILD);
	assert_int_equal(vm_walk_step(&vm, A), 9902);
	assert_int_equal(vm_walk_step(&vm, A), CC_PROPERTY);
	end(&vm, toys);
}

TEST(gone_in_the_middle)
{
	struct connector *c;
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 5);
	c = connector_find(connectors_of(vm.vmm), A);
	connector_request_unplug(vm.vmm, c);
	steps(&vm, A, 1); /* removal requested, not removed yet */
	connector_reset(vm.vmm, c);
	assert_notes(&vm, "DEVICE_DELETED a\n");
	assert_null(c->walk);
	assert_string_equal(vm_walk(&vm, A), "-9003\n");
	end(&vm, toys);
}

TEST(no_fragment)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	isolation(&vm, A, DRC_UNISOLATE);
	toys[0].err = -ENOENT;
	assert_string_equal(vm_walk(&vm, A), "-1\n");
	assert_int_equal(isolation(&vm, A, DRC_ISOLATE), -3);
	toys[0].err = 0; /* the error is gone */
	assert_string_equal(vm_walk(&vm, A), WALK_OF("toy@0"));
	end(&vm, toys);
}

TEST(bad_calls)
{
	static const uint32_t areas[] = { VM_MEMORY_BYTES,     VM_MEMORY_BYTES - 2,
					  VM_MEMORY_BYTES - 8, VM_MEMORY_BYTES - 4095,
					  0x80000000,	       UINT32_MAX };
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	isolation(&vm, A, DRC_UNISOLATE);
	for (size_t i = 0; i < COUNT(areas); i++) {
		if (areas[i] <= VM_MEMORY_BYTES - 8)
			vm_put_be32(&vm, areas[i], A);
		assert_int_equal(vm_call(&vm, "ibm,configure-connector", areas[i], 0),
				 -3);
	}
	vm_put_be32(&vm, VM_WORK_AREA, A);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA), -3);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA, 0, 0), -3);
	assert_int_equal(
		vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA, UINT32_MAX), -3);
	vm_put_be32(&vm, VM_WORK_AREA, 0x40fffff0);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA, 0), -3);
	/* nothing of this changed the position; the last page of memory can be used */
	vm_put_be32(&vm, VM_MEMORY_BYTES - CC_PAGE_BYTES, A);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector",
				 VM_MEMORY_BYTES - CC_PAGE_BYTES, 0),
			 CC_CHILD);
	end(&vm, toys);
}

/* Bytes that the status does not define keep the guest's values. */
TEST(nothing_else_is_written)
{
	uint8_t *area;
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	isolation(&vm, A, DRC_UNISOLATE);
	area = vm.memory + VM_WORK_AREA;
	memset(area, 0x5a, CC_PAGE_BYTES);
	vm_put_be32(&vm, VM_WORK_AREA, A);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA, 0), 2);
	assert_memory_equal(area, "\x40\x07\0\0ZZZZ\0\0\0\x14ZZZZZZZZtoy@0\0ZZZZ",
			    0x14 + 10);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", VM_WORK_AREA, 0), 3);
	assert_memory_equal(area, "\x40\x07\0\0ZZZZ\0\0\0\x14\0\0\0\x04\0\0\0\x25", 0x14);
	assert_memory_equal(area + 0x14, "ibm,my-drc-index\0\x40\x07\0\0ZZ", 23);
	end(&vm, toys);
}

static int32_t step_with(struct vm *vm, uint32_t extent)
{
	vm_put_be32(vm, VM_WORK_AREA, A);
	return vm_call(vm, "ibm,configure-connector", VM_WORK_AREA, extent);
}

TEST(a_value_that_does_not_fit)
{
	struct cc_item item;
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	toys[0].value_bytes = CC_PAGE_BYTES - CC_TEXT_OFFSET - sizeof("value");
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 3);
	assert_int_equal(step_with(&vm, 0), CC_PROPERTY); /* to the last byte */
	end(&vm, toys);

	start(&vm, toys, NULL);
	toys[0].value_bytes = 2 * CC_PAGE_BYTES;
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 3);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + CC_PAGE_BYTES), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + 2 * CC_PAGE_BYTES), CC_PROPERTY);
	assert_int_equal(workarea_decode(&item, CC_PROPERTY, vm.memory + VM_WORK_AREA,
					 3 * CC_PAGE_BYTES),
			 0);
	assert_int_equal(item.len, 2 * CC_PAGE_BYTES);
	assert_int_equal(item.value[item.len - 1], 0xab);
	assert_int_equal(step_with(&vm, 0), CC_CHILD); /* no extent: continues */
	end(&vm, toys);

	/* An extent elsewhere cannot be reached by an offset. */
	start(&vm, toys, NULL);
	toys[0].value_bytes = CC_PAGE_BYTES;
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 3);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + 4 * CC_PAGE_BYTES), -1);
	end(&vm, toys);
}

/* Extents of one work area are not those of another. */
TEST(another_work_area)
{
	enum { OTHER = VM_WORK_AREA + 16 * CC_PAGE_BYTES };
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, NULL);
	toys[0].value_bytes = 2 * CC_PAGE_BYTES;
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 3);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + CC_PAGE_BYTES), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + CC_PAGE_BYTES), -1);
	isolation(&vm, A, DRC_ISOLATE);
	end(&vm, toys);

	start(&vm, toys, NULL);
	toys[0].value_bytes = CC_PAGE_BYTES;
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 2);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + CC_PAGE_BYTES), CC_PROPERTY);
	memset(vm.memory + OTHER, 0x5a, 3 * CC_PAGE_BYTES);
	vm_put_be32(&vm, OTHER, A);
	assert_int_equal(vm_call(&vm, "ibm,configure-connector", OTHER, 0),
			 CC_MORE_MEMORY);
	for (int i = 4; i < 3 * CC_PAGE_BYTES; i++)
		assert_int_equal(vm.memory[OTHER + i], 0x5a);
	assert_int_equal(
		vm_call(&vm, "ibm,configure-connector", OTHER, OTHER + CC_PAGE_BYTES),
		CC_PROPERTY);
	end(&vm, toys);
}

TEST(small_pages)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, &(struct papr_cc_quirks){ .page_bytes = 64 });
	isolation(&vm, A, DRC_UNISOLATE);
	steps(&vm, A, 3);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + 4 * CC_PAGE_BYTES), CC_PROPERTY);
	end(&vm, toys);
}

TEST(wants_extent)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, &(struct papr_cc_quirks){ .wants_extent = true });
	isolation(&vm, A, DRC_UNISOLATE);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, 0), CC_MORE_MEMORY);
	assert_int_equal(step_with(&vm, VM_WORK_AREA + CC_PAGE_BYTES), CC_CHILD);
	assert_string_equal(vm_walk(&vm, A), &WALK_OF("toy@0")[strlen("2 toy@0\n")]);
	end(&vm, toys);
}

TEST(delays)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, &(struct papr_cc_quirks){ .delay_status = 9902, .n_delays = 2 });
	isolation(&vm, A, DRC_UNISOLATE);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vm_walk_step(&vm, A), 9902);
		assert_int_equal(vm_walk_step(&vm, A), 9902);
		assert_int_equal(vm_walk_step(&vm, A), i ? CC_PROPERTY : CC_CHILD);
	}
	end(&vm, toys);
}

TEST(siblings)
{
	struct toy toys[2];
	struct vm vm;

	start(&vm, toys, &(struct papr_cc_quirks){ .siblings = true });
	isolation(&vm, A, DRC_UNISOLATE);
	assert_string_equal(vm_walk(&vm, A),
			    "2 toy@0\n3 ibm,my-drc-index 4\n3 empty 0\n3 value 40\n"
			    "2 child@0\n3 kind 7\n1 child@1\n3 kind 7\n4\n0\n");
	end(&vm, toys);
}
