// SPDX-License-Identifier: GPL-2.0-or-later
/* The connectors of a machine, their devices, and the selection of one. */
#include "kern/rtnetlink.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/pci/slot_list.h"
#include "tests/unit/fakes/fake_platform.h"
#include "wire/drc_info.h"

#define PHB "proc/device-tree/pci@800000020000000"

/* Find a connector in all nodes, and again with as few as possible: the answer is the same. */
static int find(struct fake *f, const char *key, uint32_t *index, struct dr_error *error)
{
	struct connectors cs, few;
	const struct connector *c;
	struct dr_error again;
	int err;

	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	err = connectors_find(&cs, &f->dr, key, RESOLVE_ALL, &c, error);
	*index = err ? 0 : c->drc.index;

	assert_int_equal(connectors_read_for(&few, f->mem, &f->dr, key,
					     connector_is_pci_slot, true),
			 0);
	assert_int_equal(few.n_occupants, 0);
	assert_int_equal(connectors_find(&few, &f->dr, key, RESOLVE_ALL, &c, &again),
			 err);
	assert_int_equal(err ? 0 : c->drc.index, *index);
	assert_int_equal(again.fault, error->fault);
	assert_string_equal(again.what, error->what);
	return err;
}

#define FUNCTION "sys/devices/pci0000:00/0000:00:01.0"

/* Add a card in C8, what Linux names after it, and a mapping, which belongs to no card. */
static void plug_card(struct fake *f)
{
	static const char node[] =
		"../../../firmware/devicetree/base/pci@800000020000000/ethernet@1";
	static const char *const links[][2] = {
		{ "sys/class/net/eth7",
		  "../../devices/pci0000:00/0000:00:01.0/virtio0/net/eth7" },
		{ "sys/class/net/eth8", "../../devices/virtual/net/eth8" },
		{ "sys/class/block/vda",
		  "../../devices/pci0000:00/0000:00:01.0/virtio0/block/vda" },
		{ "sys/class/block/vda1",
		  "../../devices/pci0000:00/0000:00:01.0/virtio0/block/vda/vda1" },
		{ "sys/class/block/dm-0", "../../devices/virtual/block/dm-0" },
		{ "sys/class/block/nvme0n1",
		  "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1" },
	};

	fake_plug(f, "C8", "ethernet@1", NULL);
	fake_configure(f, "C8");
	fake_link(f, FUNCTION "/of_node", node);
	fake_file(f, FUNCTION "/virtio0/net/eth7/ifindex", "2\n", 2);
	fake_file(f, FUNCTION "/virtio0/block/vda/vda1/partition", "1\n", 2);
	fake_file(f, "sys/devices/virtual/net/eth8/ifindex", "3\n", 2);
	fake_file(f, "sys/devices/virtual/block/dm-0/size", "1\n", 2);
	fake_link(f, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0",
		  "../../../pci0000:00/0000:00:01.0/nvme/nvme0");
	fake_file(f, FUNCTION "/nvme/nvme0/state", "live\n", 5);
	fake_file(f, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/size",
		  "1\n", 2);
	for (size_t i = 0; i < COUNT(links); i++)
		fake_link(f, links[i][0], links[i][1]);
}

/* Behaviours: io-match-bad */
TEST(keys)
{
	static const struct {
		const char *key;
		uint32_t index;
	} good[] = {
		{ "C8", 0x40000008 },
		{ "0x40000008", 0x40000008 },
		{ "1073741832", 0x40000008 }, /* the same in decimal */
		{ "C8/E1", 0x40000008 },      /* a location code below the slot's */
		{ "loc", 0x40000008 },	      /* a location code of its device */
		{ "0000:00:01.0", 0x40000008 },
		{ "C16", 0x40000010 },
		{ "/pci@800000020000000/ethernet@1", 0x40000008 },
		{ "/pci@800000020000000/ethernet@1/below", 0x40000008 },
		{ "/proc/device-tree/pci@800000020000000/ethernet@1", 0x40000008 },
		{ "/sys/firmware/devicetree/base/pci@800000020000000/ethernet@1",
		  0x40000008 },
		{ "eth7", 0x40000008 },
		{ "vda", 0x40000008 },
		{ "vda1", 0x40000008 },
		{ "nvme0n1", 0x40000008 }, /* by its controller */
	};
	static const struct {
		const char *key;
		enum dr_fault fault;
	} bad[] = {
		{ "NOPE", DR_FAULT_UNKNOWN },
		{ "", DR_FAULT_UNKNOWN },
		{ "0x12345678", DR_FAULT_NO_INDEX },
		{ "0x40000008x", DR_FAULT_NO_INDEX },
		{ "0x", DR_FAULT_NO_INDEX },
		{ "0x140000008", DR_FAULT_NO_INDEX },
		{ "40000008", DR_FAULT_UNKNOWN }, /* never hexadecimal without 0x */
		{ "0X40000008", DR_FAULT_UNKNOWN },
		{ "-1", DR_FAULT_UNKNOWN },
		{ "c8", DR_FAULT_UNKNOWN },
		{ "C8 ", DR_FAULT_UNKNOWN },
		{ "0000:00:02.0", DR_FAULT_UNKNOWN },
		{ "../../etc/passwd", DR_FAULT_UNKNOWN },
		{ "..", DR_FAULT_UNKNOWN },
		{ "/", DR_FAULT_UNKNOWN },
		{ "/pci@800000020000000/ethernet@9", DR_FAULT_UNKNOWN },
		{ "/pci@800000020000000", DR_FAULT_UNKNOWN }, /* the host bridge's */
		{ "/proc/device-tree", DR_FAULT_UNKNOWN },
		{ "dm-0", DR_FAULT_UNKNOWN },
		{ "eth8", DR_FAULT_UNKNOWN },
	};
	struct fake *f = fake_new();
	struct dr_error error;
	uint32_t index;

	plug_card(f);
	fake_file(f, PHB "/ethernet@1/below/name", "below", 6);
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(find(f, good[i].key, &index, &error), 0);
		assert_int_equal(index, good[i].index);
		assert_int_equal(error.fault, DR_OK);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(find(f, bad[i].key, &index, &error), -ENOENT);
		assert_int_equal(error.fault, bad[i].fault);
		assert_string_equal(error.what, bad[i].key);
	}
	fake_free(f);
}

struct names {
	char asked[64], name[NET_NAME_BYTES];
};

static int names_find(void *priv, const char *alternative, char name[NET_NAME_BYTES])
{
	struct names *names = priv;

	snprintf(names->asked, sizeof(names->asked), "%s", alternative);
	if (strcmp(alternative, "enp0s1-of-the-kernel") != 0)
		return -ENODEV;
	snprintf(name, NET_NAME_BYTES, "%s", names->name);
	return 0;
}

TEST(alternative_names)
{
	static const struct {
		const char *key, *name;
		uint32_t index;
		bool is_asked;
	} rows[] = {
		{ "enp0s1-of-the-kernel", "eth7", 0x40000008, true },
		{ "enp0s1-of-the-kernel", "eth8", 0, true }, /* virtual */
		{ "enp0s1-of-the-kernel", "eth9", 0, true }, /* of another namespace */
		{ "enp0s1-of-the-kernel", "vda", 0, true },  /* not the disk */
		{ "eth9", "eth7", 0, true },
		{ "eth7", "eth7", 0x40000008, false },
		{ "C16", "eth7", 0x40000010, false },
		{ "1073741832", "eth7", 0x40000008, false },
		{ "0x12345678", "eth7", 0, false },
		{ "/enp0s1-of-the-kernel", "eth7", 0, false },
		{ "", "eth7", 0, false },
	};
	struct names names = { 0 };
	const struct net_facts net = { .name_of = names_find, .priv = &names };
	struct fake *f = fake_new();
	struct dr_error error;
	uint32_t index;

	plug_card(f);
	assert_int_equal(find(f, rows[0].key, &index, &error), -ENOENT);
	f->dr.net = &net;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(names.name, sizeof(names.name), "%s", rows[i].name);
		*names.asked = '\0';
		assert_int_equal(find(f, rows[i].key, &index, &error),
				 rows[i].index ? 0 : -ENOENT);
		assert_int_equal(index, rows[i].index);
		assert_string_equal(names.asked, rows[i].is_asked ? rows[i].key : "");
		assert_string_equal(error.what, rows[i].index ? "" : rows[i].key);
	}
	fake_free(f);
}

static void put_info(struct fake *f, const struct drc_info *entries, uint32_t n)
{
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));

	drc_info_encode(&b, entries, n);
	fake_file(f, PHB "/ibm,drc-info", bytes, b.len);
}

/* 67: ranges win over lists, and other types in them are not PCI slots */
TEST(ranges)
{
	static const struct drc_info entries[] = {
		{ "SLOT", "V", 0x30000000, 0, 2, 1, 0 },
		{ "28", "C", 0x40000100, 256, 3, 8, 0xffffffff },
	};
	struct fake *f = fake_new();
	struct dr_error error;
	struct connectors cs;
	uint32_t index;

	put_info(f, entries, COUNT(entries));
	assert_int_equal(find(f, "C272", &index, &error), 0);
	assert_int_equal(index, 0x40000110);
	assert_int_equal(find(f, "0x40000108", &index, &error), 0);
	assert_int_equal(find(f, "C8", &index, &error), -ENOENT);
	assert_int_equal(find(f, "V1", &index, &error), -ENOENT);
	assert_int_equal(connectors_read_for(&cs, f->mem, &f->dr, NULL,
					     connector_is_logical_slot, false),
			 0);
	assert_int_equal(cs.n, 2);
	fake_free(f);
}

/* Behaviours: io-match-several */
TEST(ambiguous)
{
	static const struct drc_info entries[] = {
		{ "28", "C", 0x40000000, 8, 1, 1, 0 },
		{ "28", "C", 0x40010000, 8, 1, 1, 0 },
	};
	struct fake *f = fake_new();
	struct dr_error error;
	uint32_t index;

	put_info(f, entries, COUNT(entries));
	assert_int_equal(find(f, "C8", &index, &error), -ENOTUNIQ);
	assert_int_equal(error.fault, DR_FAULT_AMBIGUOUS);
	assert_string_equal(error.what, "0x40000000, 0x40010000");
	assert_int_equal(find(f, "0x40010000", &index, &error), 0);
	fake_free(f);
}

/* 68: only the damaged parent is omitted, with a message */
TEST(damaged)
{
	static const struct {
		const char *prop;
		const char *bytes;
		size_t len;
	} rows[] = {
		{ "ibm,drc-names", "\0\0\0\7C8", 7 },
		{ "ibm,drc-indexes", "\0\0", 2 },
		{ "ibm,drc-types", "", 0 },
		{ "ibm,drc-indexes", "\xff\xff\xff\xff", 4 },
		{ "ibm,drc-info",
		  "\0\0\0\1"
		  "28",
		  6 },
		{ "ibm,drc-info", "", 0 },
	};
	static const struct drc_info wraps[] = { { "28", "C", 0xffffffff, 0, 9, 1, 0 } };
	static const struct drc_info huge[] = { { "28", "C", 0, 0, 0xffffffff, 0, 0 } };
	struct connectors cs;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		char path[128];

		snprintf(path, sizeof(path), PHB "/%s", rows[i].prop);
		fake_file(f, path, rows[i].bytes, rows[i].len);
		assert_int_equal(
			connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			0);
		assert_int_equal(cs.n, 0);
		assert_non_null(strstr(f->warnings, "/pci@800000020000000: damaged"));
		fake_free(f);
	}
	for (int i = 0; i < 2; i++) {
		struct fake *f = fake_new();

		put_info(f, i ? huge : wraps, 1);
		assert_int_equal(
			connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			0);
		assert_int_equal(cs.n, 0);
		assert_true(*f->warnings);
		fake_free(f);
	}
}

TEST(no_connectors_and_no_tree)
{
	struct fake *f = fake_new();
	struct connectors cs;

	fake_remove(f, PHB);
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	assert_int_equal(cs.n, 0);
	fake_remove(f, "proc/device-tree");
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 -ENOENT);
	fake_free(f);
}

/* A child with an unknown index belongs to no connector. Location codes show which
 * connectors cannot be removed. */
/* Another process removes nodes while this one reads. */
TEST(a_node_that_went)
{
	struct fake *f = fake_new();
	struct connectors cs;

	assert_int_equal(connectors_read_below(&cs, f->mem, &f->dr, "/pci@gone",
					       connector_is_pci_slot),
			 0);
	assert_int_equal(cs.n, 0);
	fake_free(f);
}

/* Behaviours: io-child-unknown, io-child-location */
TEST(occupants)
{
	static const struct {
		const char *loc_code;
		bool allows;
	} rows[] = {
		{ "C8", true },	     { "C8/E1", true },
		{ "C9/E1", false },  { "C9/E1-T1", true },
		{ "X/Y/E1", false }, { "qemu_x:0000:00:01.0", true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		const struct connector *c;
		struct connectors cs;

		fake_plug(f, "C8", "ethernet@1", NULL);
		fake_configure(f, "C8");
		fake_file(f, PHB "/stranger@9/ibm,my-drc-index", "\x12\x34\x56\x78", 4);
		fake_file(f, PHB "/short@a/ibm,my-drc-index", "\x40", 1);
		fake_file(f, PHB "/ethernet@1/ibm,loc-code", rows[i].loc_code,
			  strlen(rows[i].loc_code) + 1);
		assert_int_equal(
			connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			0);
		c = connectors_by_index(&cs, 0x40000008);
		assert_true(connector_is_occupied(&cs, c));
		assert_false(
			connector_is_occupied(&cs, connectors_by_index(&cs, 0x40000009)));
		assert_int_equal(connector_allows_hotplug(&cs, c), rows[i].allows);
		fake_free(f);
	}
}

TEST(list_of_slots)
{
	struct dr_error error;
	struct fake *f = fake_new();
	struct slot_list list;

	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	fake_link(f, "sys/bus/pci/devices/0000:00:02.0/driver",
		  "../../../bus/pci/drivers/e1000");
	fake_plug(f, "C48", "scsi@6", NULL);
	fake_configure(f, "C48");
	fake_remove(f, "sys/bus/pci/devices/0000:00:06.0");

	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, NULL, true, &error), 0);
	assert_int_equal(list.n, 6);
	assert_string_equal(list.rows[0].c->drc.name, "C8");
	assert_string_equal(list.rows[1].c->drc.name, "C9");
	assert_string_equal(list.rows[2].c->drc.name, "C16");
	assert_int_equal(list.rows[0].state, CONNECTOR_EMPTY);
	assert_int_equal(list.rows[2].state, CONNECTOR_CONFIGURED);
	assert_string_equal(list.rows[2].devices[0].linux_name, "0000:00:02.0");
	assert_string_equal(list.rows[2].devices[0].driver, "e1000");
	assert_string_equal(list.rows[2].description, "PCI-E capable, Rev 2, 8x lanes");
	assert_int_equal(list.rows[5].state, CONNECTOR_NO_DEVICE);
	assert_string_equal(list.rows[5].devices[0].name, "scsi");

	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, "C16/x", false, &error), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, "ZZ", false, &error),
			 -ENOENT);
	fake_remove(f, PHB);
	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, "ZZ", false, &error),
			 -ENOENT);
	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, NULL, false, &error),
			 -ENODEV);
	fake_free(f);
}

static void put_node(struct fake *f, const char *name, uint32_t index)
{
	const uint8_t cell[] = { (uint8_t)(index >> 24), 0, 0, (uint8_t)index };
	char path[256];

	snprintf(path, sizeof(path), PHB "/%s/%s", name,
		 index ? "ibm,my-drc-index" : "name");
	fake_file(f, path, cell, sizeof(cell));
}

/* Nodes and their indexes: usual ones, one that has another's unit address, functions with the
 * slot's index, a node without an index. Each slot has the same nodes by name as in the list
 * of all. */
TEST(nodes_of_a_name)
{
	static const struct {
		struct {
			const char *name;
			uint32_t index; /* 0: none */
		} nodes[4];
		size_t read; /* for C16 */
	} rows[] = {
		{ { { "a@1", 0x40000008 }, { "b@2", 0x40000010 }, { "c@6", 0x40000030 } },
		  2 },
		{ { { "a@1", 0x40000008 }, { "c@6", 0x40000030 } },
		  1 }, /* C16 is empty */
		{ { { "a@1", 0x40000008 }, { "b@2", 0x40000030 }, { "c@6", 0x40000010 } },
		  3 },
		{ { { "a@1", 0x40000010 }, { "b@2", 0x40000008 }, { "c@6", 0x40000030 } },
		  3 },
		{ { { "b@2", 0x40000010 },
		    { "b@2,1", 0x40000010 },
		    { "c@6", 0x40000030 } },
		  3 },
		{ { { "a", 0 }, { "b@2", 0x40000010 }, { "c@6", 0x40000030 } }, 2 },
		{ { { "a@0", 0x40000010 }, { "a@0,1", 0x40000010 } }, 2 },
		{ { { "b@2", 0x40000010 } }, 1 },
	};
	static const char *const names[] = { "C8", "C16", "C48" };

	for (size_t r = 0; r < COUNT(rows); r++) {
		struct fake *f = fake_new();
		struct connectors all, few;
		struct dr_error error;

		for (size_t i = 0; i < 4 && rows[r].nodes[i].name; i++)
			put_node(f, rows[r].nodes[i].name, rows[r].nodes[i].index);
		assert_int_equal(
			connectors_read_pci(&all, f->mem, &f->dr, connector_is_pci_slot),
			0);
		for (size_t i = 0; i < COUNT(names); i++) {
			const struct connector *c, *same;
			const struct occupant *o, *p;
			size_t m = 0, n = 0;

			assert_int_equal(connectors_read_for(&few, f->mem, &f->dr,
							     names[i],
							     connector_is_pci_slot, true),
					 0);
			assert_int_equal(connectors_find(&few, &f->dr, names[i],
							 RESOLVE_ALL, &c, &error),
					 0);
			same = connectors_by_index(&all, c->drc.index);
			do {
				o = connector_occupant(&few, c, &m);
				p = connector_occupant(&all, same, &n);
				assert_int_equal(!o, !p);
				if (o)
					assert_string_equal(o->path, p->path);
			} while (o);
			if (i == 1)
				assert_int_equal(few.n_occupants, rows[r].read);
		}
		fake_free(f);
	}
}

/* Behaviours: io-ls-sort-all */
TEST(order_of_names)
{
	/* each before the next one */
	static const char *const names[] = {
		"C0",	      "C1",	   "C9",	  "C10",       "C99",
		"C100",	      "C65544",	   "U78-P1-C1",	  "U78-P1-C2", "U78-P1-C2-T1",
		"U78-P1-C10", "U78-P1/Q1", "U78-P1.1-C1", "U78-P2-C1",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		for (size_t j = 0; j < COUNT(names); j++) {
			int order = slot_compare_names(names[i], names[j]);
			uint64_t a = slot_name_key(names[i]), b = slot_name_key(names[j]);

			if (a && b && (a > b) - (a < b) != (i > j) - (i < j))
				fail_msg("keys of %s and %s", names[i], names[j]);
			if ((order > 0) != (i > j) || (order < 0) != (i < j))
				fail_msg("%s against %s: %d", names[i], names[j], order);
		}
	assert_int_equal(slot_name_key("CDEF0123456789"),
			 0x43ULL << 56 | 0xdef0123456789);
	assert_int_equal(slot_name_key("C123456789ABCDEF"), 0);
	assert_int_equal(slot_name_key("C1-T1"), 0);
	assert_int_equal(slot_name_key("U78"), 0x55ULL << 56 | 0x78);
	assert_int_equal(slot_name_key(""), 0);
}

TEST(descriptions)
{
	assert_string_equal(slot_description("28"), "PCI-E capable, Rev 2, 8x lanes");
	assert_string_equal(slot_description("49"),
			    "PCI-E capable, Rev 5, 16x lanes with 1 lane connected");
	assert_string_equal(slot_description("53"),
			    "U.2 PCI-E capable, Rev 5, 4x lanes with 4x lanes connected");
	assert_string_equal(slot_description("9"), "Unknown slot type");
	assert_string_equal(slot_description("54"), "Unknown slot type");
	assert_string_equal(slot_description("4294967296"), "Unknown slot type");
	assert_string_equal(slot_description("SLOT"), "Logical I/O Slot");
}

/* A machine whose tree cannot be read has not "no slots". */
TEST(a_tree_that_cannot_be_read)
{
	struct fake *f = fake_new();
	struct slot_list list;
	struct dr_error error = { 0 };
	struct connectors cs;
	int fd = f->root.fd;

	f->root.fd = 1023; /* not open */
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 -EBADF);
	assert_int_equal(slot_list_pci(&list, f->mem, &f->dr, NULL, false, &error),
			 -EBADF);
	f->root.fd = fd;
	assert_int_equal(error.fault, DR_FAULT_UNREAD);
	assert_string_equal(error.what, "/proc/device-tree");
	assert_string_equal(f->warnings, "");

	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	f->root.fd = 1023;
	assert_int_equal(connectors_find(&cs, &f->dr, "eth0", RESOLVE_ALL,
					 &(const struct connector *){ NULL }, &error),
			 -EBADF);
	f->root.fd = fd;
	assert_int_equal(error.fault, DR_FAULT_UNREAD);
	fake_free(f);
}
