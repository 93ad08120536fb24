// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of a client: its claims, and the kernel and initrd at its start. */
#include "tests/unit/fakes/vof_client.h"
#include "vmm/firmware/vof.h"

/* ---- Claims ---- */

TEST(claims)
{
	struct client c;

	of_start(&c, NULL);
	assert_string_equal(of_available(&c), "174+7e8c 10000+3fff0000");
	assert_int_equal(OF(&c, "claim", 0, 0x1800, 0x1000), 0x10000);
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), 0x12000);
	assert_string_equal(of_available(&c),
			    "174+7e8c 10000+0 11800+800 13000+3ffed000");
	/* other claims are skipped, and the start stays aligned */
	assert_int_equal(OF(&c, "claim", 0x14800, 0x800, 0), 0x14800);
	assert_int_equal(OF(&c, "claim", 0x15000, 1, 0), 0x15000);
	assert_int_equal(OF(&c, "claim", 0, 0x1800, 0x1000), 0x16000);
	assert_int_equal(OF(&c, "claim", 0x14000, 0x801, 0), PROM_ERROR);
	assert_int_equal(OF(&c, "claim", 0x14fff, 1, 0), PROM_ERROR);
	of_call(&c, "release", 0, 2, (uint32_t[]){ 0x14800, 0x800 });
	assert_int_equal(OF(&c, "claim", 0x14fff, 1, 0), 0x14fff);
	/* even the firmware can be released; QEMU 7.2 exits here */
	of_call(&c, "release", 0, 2, (uint32_t[]){ 0, OF_FIRMWARE_BYTES });
	assert_int_equal(strncmp(of_available(&c), "0+8000 ", 7), 0);
	vm_end(&c.vm);
}

TEST(claims_that_fail)
{
	static const uint32_t rows[][3] = {
		{ 0, 0, 0 },
		{ 0, 0, 0x1000 },
		{ 0, 1, 3 },
		{ 0, 1, 0xfffff000 },
		{ 0, 0x40000000, 0x1000 },
		{ 0, 0xffffffff, 1 },
		{ 0, 1, 0x80000000 },
		{ 0x40000000, 1, 0 }, /* after the end of memory */
		{ 0x3fffffff, 2, 0 },
		{ 0xfffff000, 0x1000, 0 },
		{ 0xfffff000, 0x2000, 0 },
		{ 0, 0xffffffff, 0 },
		{ 0x10000, 0xffffffff, 0 },
	};
	struct client c;

	of_start(&c, NULL);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(OF(&c, "claim", rows[i][0], rows[i][1], rows[i][2]),
				 PROM_ERROR);
	/* and change nothing */
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), 0x10000);
	assert_int_equal(OF(&c, "claim", 0x3ffff000, 0x1000, 0), 0x3ffff000);
	assert_string_equal(of_available(&c),
			    "174+7e8c 10000+0 11000+3ffee000 40000000+0");
	vm_end(&c.vm);
}

/* QEMU 7.2 aborts on the second one. */
TEST(claims_above_2_gib)
{
	struct papr_config config = of_config();
	struct client c;

	config.ram_bytes = 8ULL << 30;
	of_start(&c, &config);
	assert_int_equal(OF(&c, "claim", 0x7fffffff, 1, 0), 0x7fffffff);
	assert_int_equal(OF(&c, "claim", 0x80000000, 0x1000, 0), 0x80000000);
	assert_int_equal(OF(&c, "claim", 0xfffff000, 0x1000, 0), 0xfffff000);
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), PROM_ERROR); /* the top */
	assert_string_equal(of_available(&c),
			    "174+7e8c 10000+7ffeffff 80000000+0 80001000+7fffe000 "
			    "100000000+100000000");
	vm_end(&c.vm);
}

TEST(many_claims)
{
	struct vof_claims all = { 0 };

	assert_int_equal(vof_claims_init(&all), 0);
	vof_claims_reset(&all, 1 << 20);
	for (uint64_t i = 0; i < VOF_CLAIMS; i++)
		assert_int_equal(vof_claim(&all, 0, 1, 1), i);
	assert_int_equal(vof_claim(&all, 0, 1, 1), VOF_NO_CLAIM);
	for (uint64_t i = 0; i < VOF_CLAIMS; i += 2)
		assert_true(vof_release(&all, i, 1));
	assert_false(vof_release(&all, 0, 1));
	assert_int_equal(all.n, VOF_CLAIMS / 2);
	for (uint64_t i = 0; i < VOF_CLAIMS; i += 2)
		assert_int_equal(vof_claim(&all, i, 1, 0), i);
	for (size_t i = 0; i < all.n; i++)
		assert_int_equal(all.all[i].start, i);
	vof_claims_free(&all);
}

/* The last megabyte has one claim, so all before it is skipped in one step. */
TEST(a_long_step)
{
	struct vof_claims all = { 0 };

	assert_int_equal(vof_claims_init(&all), 0);
	vof_claims_reset(&all, 1ULL << 32);
	assert_int_equal(vof_claim(&all, 0, (1ULL << 32) - 3, 0), 0);
	all.base = 0;
	assert_int_equal(vof_claim(&all, 0, 1, 1), (1ULL << 32) - 3);
	assert_int_equal(vof_claim(&all, 0, 4, 4), VOF_NO_CLAIM);
	vof_claims_free(&all);
}

/* ---- Kernel and initrd ---- */

struct image {
	uint8_t bytes[0x3000];
	size_t len;
	bool le, is32;
};

static void put(struct image *image, size_t at, unsigned int bytes, uint64_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		image->bytes[at + (image->le ? i : bytes - 1 - i)] =
			(uint8_t)(value >> 8 * i);
}

static void put_segment(struct image *image, unsigned int n, uint64_t addr,
			uint64_t offset, uint64_t file_size, uint64_t size)
{
	if (image->is32) {
		const uint64_t words[] = { 1, offset, addr, addr, file_size, size };

		for (unsigned int i = 0; i < COUNT(words); i++)
			put(image, 52 + 32 * n + 4 * i, 4, words[i]);
	} else {
		const uint64_t words[] = { offset, addr, addr, file_size, size };

		put(image, 64 + 56 * n, 4, 1);
		for (unsigned int i = 0; i < COUNT(words); i++)
			put(image, 64 + 56 * n + 8 + 8 * i, 8, words[i]);
	}
}

/* Two segments: 0x1000 bytes of 'A' followed by as many zeros, and 0x800 bytes of 'B'
 * 0x4000 after the start. */
static struct image elf_image(bool is32, bool le)
{
	struct image image = { .is32 = is32, .le = le, .len = 0x2800 };
	uint64_t base = is32 ? 0 : 0xc000000000000000;

	memcpy(image.bytes, "\177ELF", 4);
	image.bytes[4] = is32 ? 1 : 2;
	image.bytes[5] = le ? 1 : 2;
	image.bytes[6] = 1;
	put(&image, 16, 2, 2);
	put(&image, 18, 2, is32 ? 20 : 21);
	if (is32) {
		put(&image, 28, 4, 52);
		put(&image, 42, 2, 32);
		put(&image, 44, 2, 2);
	} else {
		put(&image, 32, 8, 64);
		put(&image, 54, 2, 56);
		put(&image, 56, 2, 2);
	}
	put_segment(&image, 0, base, 0x1000, 0x1000, 0x2000);
	put_segment(&image, 1, base + 0x4000, 0x2000, 0x800, 0x800);
	memset(image.bytes + 0x1000, 'A', 0x1000);
	memset(image.bytes + 0x2000, 'B', 0x800);
	return image;
}

TEST(kernels)
{
	for (int kind = 0; kind < 4; kind++) {
		struct image image = elf_image(kind & 1, kind & 2);
		struct papr_config config = of_config();
		struct papr_entry entry = { .size = sizeof(entry) };
		struct client c;

		config.kernel = image.bytes;
		config.kernel_bytes = image.len;
		config.initrd = "initrd";
		config.initrd_bytes = 6;
		config.bootargs = "root=x";
		of_start(&c, &config);
		assert_memory_equal(c.vm.memory + 0x400000, "AAAA", 4);
		assert_int_equal(c.vm.memory[0x401fff], 0);
		assert_memory_equal(c.vm.memory + 0x404000, "BBBB", 4);
		assert_memory_equal(c.vm.memory + 0x420000, "initrd", 6);
		assert_string_equal(of_available(&c),
				    "174+7e8c 10000+3f0000 404800+1b800 420006+3fbdfffa");
		assert_int_equal(of_prop(&c, "/chosen", "qemu,boot-kernel"), 16);
		assert_int_equal(of_be64(&c, OF_BUFFER), 0x400000);
		assert_int_equal(of_be64(&c, OF_BUFFER + 8), 0x4800);
		assert_int_equal(of_prop(&c, "/chosen", "qemu,boot-kernel-le"),
				 image.le ? 0 : PROM_ERROR);
		assert_int_equal(of_prop(&c, "/chosen", "bootargs"), 7);
		assert_true(papr_vmm_entry(c.vm.vmm, &entry));
		assert_int_equal(entry.pc, 0x100);
		assert_int_equal(entry.r1, 0xffe0);
		assert_int_equal(entry.r3, 0x420000);
		assert_int_equal(entry.r4, 6);

		/* a reset loads everything again */
		memset(c.vm.memory + 0x400000, 0x55, 0x30000);
		vm_reset(&c.vm);
		assert_memory_equal(c.vm.memory + 0x400000, "AAAA", 4);
		assert_int_equal(c.vm.memory[0x401fff], 0);
		assert_memory_equal(c.vm.memory + 0x420000, "initrd", 6);
		assert_int_equal(strncmp(of_available(&c), "174+7e8c 10000+3f0000 ", 22),
				 0);
		vm_end(&c.vm);
	}
}

TEST(plain_kernels)
{
	struct papr_config config = of_config();
	struct client c;

	config.kernel = "kernel";
	config.kernel_bytes = 6;
	of_start(&c, &config);
	assert_memory_equal(c.vm.memory + 0x400000, "kernel", 6);
	assert_string_equal(of_available(&c), "174+7e8c 10000+3f0000 400006+3fbffffa");
	vm_end(&c.vm);
}

static int reset_with(const void *kernel, size_t len)
{
	struct papr_config config = of_config();
	struct vm vm;
	int err;

	config.kernel = kernel;
	config.kernel_bytes = len;
	vm_begin_with(&vm, &config, OF_MEMORY);
	err = papr_vmm_reset(vm.vmm);
	vm_end(&vm);
	return err;
}

TEST(damaged_kernels)
{
	struct image good = elf_image(false, false), image = good;

	assert_int_equal(reset_with(image.bytes, image.len), 0);
	put(&image, 18, 2, 62); /* x86-64 */
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	image = good;
	put(&image, 56, 2, 0); /* no segments */
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	image = good;
	put_segment(&image, 1, 0, UINT64_MAX - 4, 8, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	put_segment(&image, 1, 0, 0x2000, 9, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	put_segment(&image, 1, 0, 0x2000, 8, UINT64_MAX);
	assert_int_equal(reset_with(image.bytes, image.len), -EFAULT);
	put_segment(&image, 1, OF_MEMORY, 0x2000, 8, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EFAULT);

	for (size_t len = 1; len < good.len; len += 61) {
		void *copy = exact_copy(good.bytes, len);

		reset_with(copy, len);
		free(copy);
	}
}
