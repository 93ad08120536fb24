// SPDX-License-Identifier: GPL-2.0-or-later
/* An NVRAM whose content the embedder keeps. */
#include "tests/unit/fakes/vmm_machine.h"

enum { BUFFER = VM_EVENT_BUFFER };

/* What the embedder keeps: in a file, for example */
static struct kept {
	uint8_t bytes[PAPR_NVRAM_BYTES];
	uint32_t offset; /* of the last change */
	size_t len;
	unsigned int writes;
	int err; /* of the next calls */
} kept;

static int kept_read(void *priv, uint32_t offset, void *buf, size_t len)
{
	assert_non_null(priv);
	assert_true(offset <= PAPR_NVRAM_BYTES && len <= PAPR_NVRAM_BYTES - offset);
	if (!kept.err)
		memcpy(buf, kept.bytes + offset, len);
	return kept.err;
}

static int kept_write(void *priv, uint32_t offset, const void *buf, size_t len)
{
	assert_non_null(priv);
	assert_true(offset <= PAPR_NVRAM_BYTES && len <= PAPR_NVRAM_BYTES - offset);
	kept.writes++;
	if (kept.err)
		return kept.err;
	memcpy(kept.bytes + offset, buf, len);
	kept.offset = offset;
	kept.len = len;
	return 0;
}

static const struct papr_machine_ops ops = { .nvram_read = kept_read,
					     .nvram_write = kept_write };

static int32_t nvram_call(struct vm *vm, const char *call, uint32_t offset, uint32_t len,
			  uint32_t *done)
{
	uint32_t r[2];
	int32_t status = vm_rtas(vm, call, 3, (uint32_t[]){ offset, BUFFER, len }, 2, r);

	*done = r[1];
	return status;
}

TEST(content_outlives_the_machine)
{
	struct vm vm;
	uint32_t done;

	kept = (struct kept){ 0 };
	memcpy(kept.bytes + 5, "before", 6);
	vm_start_with(&vm, NULL, &ops);
	assert_int_equal(nvram_call(&vm, "nvram-fetch", 4, 8, &done), 0);
	assert_int_equal(done, 8);
	assert_memory_equal(vm.memory + BUFFER, "\0before\0", 8);

	memcpy(vm.memory + BUFFER, "after", 5);
	assert_int_equal(nvram_call(&vm, "nvram-store", PAPR_NVRAM_BYTES - 5, 5, &done),
			 0);
	assert_int_equal(done, 5);
	assert_int_equal(kept.writes, 1);
	assert_int_equal(kept.offset, PAPR_NVRAM_BYTES - 5);
	assert_int_equal(kept.len, 5);
	vm_end(&vm);

	vm_start_with(&vm, NULL, &ops);
	assert_int_equal(nvram_call(&vm, "nvram-fetch", PAPR_NVRAM_BYTES - 5, 5, &done),
			 0);
	assert_memory_equal(vm.memory + BUFFER, "after", 5);
	vm_end(&vm);
}

TEST(errors_reach_the_guest)
{
	struct vm vm;
	uint32_t done;

	kept = (struct kept){ 0 };
	vm_start_with(&vm, NULL, &ops);
	memcpy(vm.memory + BUFFER, "lost", 4);
	kept.err = -ENOSPC;
	assert_int_equal(nvram_call(&vm, "nvram-store", 0, 4, &done), -1);
	assert_int_equal(done, 0);
	assert_non_null(strstr(vm.log, "No space left"));
	kept.err = 7; /* not a negative errno */
	assert_int_equal(nvram_call(&vm, "nvram-store", 0, 4, &done), -1);
	kept.err = 0;
	assert_int_equal(nvram_call(&vm, "nvram-fetch", 0, 4, &done), 0);
	assert_memory_equal(vm.memory + BUFFER, "\0\0\0\0", 4);
	vm_end(&vm);
}

/* The guest's wrong ranges do not reach the embedder. */
TEST(ranges_are_checked)
{
	struct vm vm;
	uint32_t done;

	kept = (struct kept){ 0 };
	vm_start_with(&vm, NULL, &ops);
	assert_int_equal(nvram_call(&vm, "nvram-store", PAPR_NVRAM_BYTES, 1, &done), -3);
	assert_int_equal(nvram_call(&vm, "nvram-store", UINT32_MAX, 2, &done), -3);
	assert_int_equal(nvram_call(&vm, "nvram-store", 1, UINT32_MAX, &done), -3);
	assert_int_equal(vm_rtas(&vm, "nvram-store", 3,
				 (uint32_t[]){ 0, VM_MEMORY_BYTES - 2, 4 }, 2, NULL),
			 -3);
	assert_int_equal(nvram_call(&vm, "nvram-store", PAPR_NVRAM_BYTES, 0, &done), 0);
	assert_int_equal(kept.writes, 0);
	vm_end(&vm);
}

TEST(a_loaded_state_is_written)
{
	struct papr_error error = { 0 };
	struct vm vm;
	uint32_t done;
	size_t bytes;
	void *saved;

	kept = (struct kept){ 0 };
	vm_start_with(&vm, NULL, &ops);
	memcpy(vm.memory + BUFFER, "saved", 5);
	assert_int_equal(nvram_call(&vm, "nvram-store", 16, 5, &done), 0);
	assert_int_equal(papr_vmm_save(vm.vmm, &saved, &bytes), 0);
	memcpy(vm.memory + BUFFER, "later", 5);
	assert_int_equal(nvram_call(&vm, "nvram-store", 16, 5, &done), 0);
	assert_memory_equal(kept.bytes + 16, "later", 5);

	assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, &error), 0);
	assert_memory_equal(kept.bytes + 16, "saved", 5);
	assert_int_equal(kept.len, PAPR_NVRAM_BYTES);

	/* The load succeeds without the embedder: the machine has the content. */
	kept.err = -EIO;
	assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, &error), 0);
	assert_non_null(strstr(vm.log, "cannot write 65536 bytes at 0x0"));
	free(saved);
	vm_end(&vm);
}

TEST(wrong_embedders)
{
	const struct papr_machine_ops half = { .nvram_read = kept_read };
	struct vm vm;

	kept = (struct kept){ 0 };
	assert_int_equal(vm_try(&vm, NULL, VM_MEMORY_BYTES, &half), -EINVAL);
	vm_end(&vm);
	kept.err = -ENODATA;
	assert_int_equal(vm_try(&vm, NULL, VM_MEMORY_BYTES, &ops), -ENODATA);
	vm_end(&vm);
	kept.err = 1;
	assert_int_equal(vm_try(&vm, NULL, VM_MEMORY_BYTES, &ops), -EIO);
	vm_end(&vm);
}
