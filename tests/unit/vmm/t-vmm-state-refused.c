// SPDX-License-Identifier: GPL-2.0-or-later
/* States that are damaged, by accident or on purpose, or of other machines: the machine
 * is not changed, and works. */
#include "tests/unit/fakes/vmm_story.h"
#include "vmm/state/state.h"
#include "wire/crc32.h"

/* A machine with an entry in each section. */
static void start_rich(struct vm *vm)
{
	char *text = NULL;

	vm_start(vm, NULL);
	story_tell(vm, &stories[STORY_PCI], 0, 4, &text);
	papr_vmm_powerdown(vm->vmm);
	free(text);
	vm_notes(vm);
}

TEST(every_truncation)
{
	struct blob b;
	struct vm vm;

	start_rich(&vm);
	b = state_save(&vm);
	for (size_t n = 0; n < b.size; n++)
		assert_int_equal(state_load(&vm, b.bytes, n), -EBADMSG);
	assert_state(&vm, &b);
	free(b.bytes);
	vm_end(&vm);
}

/* Longer by a byte, and shorter with a matching length. */
TEST(other_lengths)
{
	struct blob b;
	struct vm vm;
	uint8_t *longer;

	start_rich(&vm);
	b = state_save(&vm);
	longer = calloc(1, b.size + 1);
	memcpy(longer, b.bytes, b.size);
	assert_int_equal(state_load(&vm, longer, b.size + 1), -EBADMSG);
	free(longer);
	free(b.bytes);
	vm_end(&vm);
}

TEST(every_flip)
{
	uint8_t *bytes;
	struct blob b;
	struct vm vm;

	start_rich(&vm);
	b = state_save(&vm);
	bytes = b.bytes;
	for (size_t n = 0; n < b.size; n += n < 256 ? 1 : 13) {
		bytes[n] ^= 1u << n % 8;
		assert_int_equal(state_load(&vm, bytes, b.size), -EBADMSG);
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

/* A deliberate change: correct length and checksum. */
static void seal(uint8_t *bytes, size_t size)
{
	put_be32(bytes + 16, (uint32_t)size);
	put_be32(bytes + 8, crc32_of(bytes + 12, size - 12));
}

/* The machine works after any of these states. */
static void use_machine(struct vm *vm)
{
	for (size_t s = 0; s < STORIES; s++) {
		const struct story *story = &stories[s];

		story_read_event(vm, story, story->first);
		story_unplug(vm, story, story->first);
		story_use(vm, story, story->first);
		story_unisolate(vm, story, story->first);
		for (int i = 0; i < 50 && vm_walk_step(vm, story->first) > 0; i++)
			;
		story_isolate(vm, story, story->first);
		story_give_up(vm, story, story->first);
	}
	assert_int_equal(papr_vmm_reset(vm->vmm), 0);
	vm_notes(vm);
}

TEST(damage_on_purpose)
{
	static const uint8_t damages[] = { 0x01, 0x80, 0xff };
	uint8_t *bytes;
	struct blob b;
	struct vm vm;
	int loaded = 0;

	start_rich(&vm);
	b = state_save(&vm);
	bytes = exact_copy(b.bytes, b.size);
	for (size_t n = 20; n < b.size; n += n < b.size - 400 ? 41 : 1) {
		for (size_t d = 0; d < COUNT(damages); d++) {
			int err;

			bytes[n] ^= damages[d];
			seal(bytes, b.size);
			err = state_load(&vm, bytes, b.size);
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

TEST(another_version)
{
	struct blob b;
	struct vm vm;

	start_rich(&vm);
	b = state_save(&vm);
	put_be32((uint8_t *)b.bytes + 12, STATE_VERSION + 1);
	seal(b.bytes, b.size);
	assert_int_equal(state_load(&vm, b.bytes, b.size), -ENOTSUP);
	free(b.bytes);
	vm_end(&vm);
}

/* Insert a section before the others, or after them. The caller frees it. */
static struct blob with_section(const struct blob *b, bool last)
{
	enum { ADDED = 4 + 4 + 3 };
	struct blob more = { malloc(b->size + ADDED), b->size + ADDED };
	size_t at = last ? b->size : STATE_HEAD_BYTES;
	uint8_t *bytes = more.bytes;

	memcpy(bytes, b->bytes, at);
	memcpy(bytes + at, "MORE", 4);
	put_be32(bytes + at + 4, 3);
	memcpy(bytes + at + 8, "abc", 3);
	memcpy(bytes + at + ADDED, (const uint8_t *)b->bytes + at, b->size - at);
	seal(bytes, more.size);
	return more;
}

TEST(other_sections)
{
	struct blob b;
	struct vm vm;

	start_rich(&vm);
	b = state_save(&vm);
	for (int last = 0; last < 2; last++) {
		struct blob more = with_section(&b, last);

		assert_int_equal(state_load(&vm, more.bytes, more.size), -EBADMSG);
		assert_state(&vm, &b);
		free(more.bytes);
	}
	free(b.bytes);
	vm_end(&vm);
}

TEST(no_state)
{
	static const char text[] = "This is some file or other, and no machine in it.";
	struct vm vm;

	start_rich(&vm);
	assert_int_equal(state_load(&vm, text, sizeof(text)), -EBADMSG);
	assert_int_equal(state_load(&vm, NULL, 0), -EBADMSG);
	vm_end(&vm);
}

static void assert_refused(const struct vm *vm, struct vm *other)
{
	struct blob b = state_save(vm), before = state_save(other);

	assert_int_equal(state_load(other, b.bytes, b.size), -ENODEV);
	assert_state(other, &before);
	free(b.bytes);
	free(before.bytes);
	vm_end(other);
}

TEST(another_configuration)
{
	struct papr_config config;
	struct vm vm, other;

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

	config = vm_config;
	config.drmem = 1;
	vm_start(&other, &config);
	assert_refused(&vm, &other);

	vm_begin(&other, NULL); /* not started */
	assert_refused(&vm, &other);
	vm_end(&vm);
}

TEST(other_devices)
{
	struct vm vm, other;

	vm_start(&vm, NULL);
	for (size_t s = 0; s < STORIES; s++) {
		vm_start(&other, NULL); /* one more */
		story_add_device(&other, &stories[s]);
		assert_refused(&vm, &other);
	}
	vm_end(&vm);

	for (size_t s = 0; s < STORIES; s++) {
		vm_start(&vm, NULL);
		story_add_device(&vm, &stories[s]);
		vm_start(&other, NULL); /* one less */
		assert_refused(&vm, &other);
		vm_end(&vm);
	}
}

TEST(another_card_in_its_place)
{
	struct vm vm, other;

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

TEST(other_disks)
{
	struct vm vm, other;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-scsi-pci", "id=s,addr=3"), 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d,bus=s.0,drive=x"), 0);

	vm_start(&other, NULL);
	assert_int_equal(vm_add(&other, "virtio-scsi-pci", "id=s,addr=3"), 0);
	assert_refused(&vm, &other);
	vm_start(&other, NULL);
	assert_int_equal(vm_add(&other, "virtio-scsi-pci", "id=s,addr=3"), 0);
	assert_int_equal(vm_add(&other, "scsi-hd", "id=e,bus=s.0,drive=x"), 0);
	assert_refused(&vm, &other);
	vm_end(&vm);
}

/* ---- Impossible states ---- */

/* Set the flag "removal requested" of this connector's device in a state of vm. */
static int load_asked_for(struct vm *vm, uint32_t index)
{
	struct connector *c = connector_find(connectors_of(vm->vmm), index);
	struct blob b;
	int err;

	assert_non_null(c->dev);
	c->unplug_requested = true;
	b = state_save(vm);
	c->unplug_requested = false;
	err = state_load(vm, b.bytes, b.size);
	assert_int_equal(c->unplug_requested, !err);
	c->unplug_requested = false;
	free(b.bytes);
	return err;
}

/* A device with this flag in the empty state would never be removed. */
TEST(asked_for_and_not_gone)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.nvdimm = true;
	vm_start(&vm, &config);
	assert_int_equal(vm_add(&vm, "e1000", "id=n,addr=3"), 0);
	assert_int_equal(vm_add(&vm, "power9_v2.0-spapr-cpu-core", "id=c,core-id=1"), 0);
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m,size=257M"), 0);
	assert_int_equal(vm_add(&vm, "nvdimm",
				"id=p,memdev=m,label-size=1M,"
				"uuid=00112233-4455-6677-8899-aabbccddeeff"),
			 0);
	assert_int_equal(load_asked_for(&vm, 0x40000018), -EBADMSG);
	assert_int_equal(load_asked_for(&vm, 0x10000001), -EBADMSG);
	vm_reset(&vm); /* ready now */
	assert_int_equal(load_asked_for(&vm, 0x40000018), 0);
	assert_int_equal(load_asked_for(&vm, 0x10000001), 0);
	assert_int_equal(load_asked_for(&vm, 0x90000000), -EBADMSG);
	vm_end(&vm);
}

/* ---- Properties ---- */

/* Properties that change a machine, with values that are no defaults. */
static const char *const odd_values[] = {
	"addr=0x1d",
	"addr=0x50000000",
	"chassis_nr=7",
	"core-id=3",
	"disable-legacy=on",
	"id=odd",
	"index=9",
	"iommu_platform=on",
	"mac=52:54:00:aa:bb:cc",
	"multifunction=on",
	"numa_node=0",
	"reg=0x30005000",
	"slot=3",
	"uuid=b7a3a2e0-7d8c-4f55-8e54-0d1f5a4f0a11",
	"vectors=6",
	"x-slots=on",
};

/* Add a device with this property, or without one. */
static int add_with(struct vm *vm, const char *driver, const char *property)
{
	static const struct {
		const char *driver, *options;
	} needs[] = {
		{ "pc-dimm", "memdev=m" },
		{ "nvdimm",
		  "memdev=p,label-size=128K,uuid=b7a3a2e0-7d8c-4f55-8e54-0d1f5a4f0a12" },
		{ "spapr-pci-host-bridge", "index=2" },
		{ "spapr-vty", "chardev=c" },
		{ "pci-bridge", "chassis_nr=1" },
		{ "virtio-rng-pci", "disable-legacy=on" },
		{ "power9_v2.0-spapr-cpu-core", "core-id=1" },
	};
	char options[200] = "";

	for (size_t i = 0; i < COUNT(needs); i++)
		if (!strcmp(needs[i].driver, driver))
			snprintf(options, sizeof(options), "%s", needs[i].options);
	if (property && strstr(options, property))
		return -EEXIST;
	if (property)
		snprintf(options + strlen(options), sizeof(options) - strlen(options),
			 "%s%s", *options ? "," : "", property);
	return vm_add(vm, driver, options);
}

static bool begins_with(struct vm *vm, const char *driver, const char *property)
{
	struct papr_config config = vm_config;

	config.nvdimm = true;
	vm_begin(vm, &config);
	assert_int_equal(vm_object(vm, "memory-backend-ram", "id=m,size=256M"), 0);
	assert_int_equal(vm_object(vm, "memory-backend-ram", "id=p,size=268566528"), 0);
	if (add_with(vm, driver, property))
		return false;
	vm_reset(vm);
	return true;
}

/* A machine whose device has a default in place of this value refuses the state, or is then equal,
 * also after a reset. Return false if the driver has no such property. */
static bool property_is_kept(const char *driver, const char *property)
{
	struct blob saved = { 0 }, before = { 0 }, now;
	struct vm vm, other;
	bool is_there = begins_with(&vm, driver, property);
	int err;

	is_there &= begins_with(&other, driver, NULL);
	if (is_there) {
		saved = state_save(&vm);
		before = state_save(&other);
		if (saved.size == before.size &&
		    !memcmp(saved.bytes, before.bytes, saved.size))
			fail_msg("%s,%s is not in a state", driver, property);
		err = state_load(&other, saved.bytes, saved.size);
		if (err)
			assert_int_equal(err, -ENODEV);
		assert_state(&other, err ? &before : &saved);
		vm_reset(&vm);
		vm_reset(&other);
		now = state_save(&vm);
		if (!err)
			assert_state(&other, &now);
		free(now.bytes);
	}
	free(saved.bytes);
	free(before.bytes);
	vm_end(&vm);
	vm_end(&other);
	return is_there;
}

TEST(each_property)
{
	struct papr_driver_info driver = { .size = sizeof(driver) };
	size_t pairs = 0;

	for (size_t n = 0; papr_vmm_driver_info("pseries", n, &driver) > 0; n++)
		for (size_t i = 0; i < COUNT(odd_values); i++)
			pairs += property_is_kept(driver.name, odd_values[i]);
	assert_int_equal(pairs, 57);
}
