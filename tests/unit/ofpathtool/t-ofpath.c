// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing and comparing paths of firmware, and alternative names of interfaces. */
#include <sys/stat.h>
#include <unistd.h>

#include "kern/rtnetlink.h"
#include "ofpathtool/find.h"
#include "ofpathtool/path.h"
#include "tests/unit/fakes/test.h"

/* Behaviours: ofp-B14 */
TEST(each_path_has_one_key)
{
	static const struct {
		const char *text, *key;
	} rows[] = {
		{ "/", "" },
		{ "/pci@800000020000000/scsi@1", "/pci@800000020000000/scsi@1" },
		{ "/pci@0800000020000000/scsi@01", "/pci@800000020000000/scsi@1" },
		{ "/pci@800000020000000/ethernet@7,0",
		  "/pci@800000020000000/ethernet@7" },
		{ "/pci@1/ethernet@0,1", "/pci@1/ethernet@0,1" },
		{ "/pci@1/pci15b3,1003@0", "/pci@1/pci15b3,1003@0" },
		{ "/s@3/disk@112412C00000000", "/s@3/disk@112412c00000000" },
		{ "/s@3/disk@0100000000000000:12", "/s@3/disk@100000000000000" },
		{ "/v@1/disk@500507680C354C27,0000000000000000",
		  "/v@1/disk@500507680c354c27" },
		{ "/v@1/disk@500507680c354c27,", "/v@1/disk@500507680c354c27" },
		{ "/v@1/disk@5,0001000000000000", "/v@1/disk@5,1000000000000" },
		{ "/v@1/disk@8000000000000000,yaboot", "/v@1/disk@8000000000000000" },
		{ "/v@1/disk@8:1,\\ppc\\bootinfo.txt", "/v@1/disk@8" },
		{ "/q@0/fp@0,0/disk@50050768021bbbbb,5", "/q@0/disk@50050768021bbbbb,5" },
		/* QEMU and SLOF disagree about the port. */
		{ "/u@5/hub@2/storage@3/disk@102000000000000",
		  "/u@5/hub@2/storage@3/disk@100000000000000" },
		{ "/u@5/hub@2/storage@3/disk@103000000000000",
		  "/u@5/hub@2/storage@3/disk@100000000000000" },
		{ "/f@0,1/nvme-of/controller@50050768101935E5,12:nqn=nqn.1986-03.com:x/y"
		  "/namespace@026C:2",
		  "/f@0,1/nvme-of/controller@50050768101935e5:nqn=nqn.1986-03.com:x/y"
		  "/namespace@26c" },
		{ "/isa@i3F8", "/isa@i3F8" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct path path;

		assert_int_equal(path_parse(rows[i].text, &path), 0);
		assert_string_equal(path.key, rows[i].key);
	}
}

TEST(arguments_are_a_partition_or_not)
{
	static const struct {
		const char *text;
		bool is_disk;
		uint64_t partition; /* 0 none */
	} rows[] = {
		{ "/a@1", true, 0 },
		{ "/a@1:", true, 0 },
		{ "/a@1:0", true, 0 },
		{ "/a@1:1", true, 1 },
		{ "/a@1:12", true, 12 },
		{ "/a@1:1,\\boot\\grub", true, 1 },
		{ "/a@1:,\\boot\\grub", true, 0 },
		{ "/a@1:a", false, 0 },
		{ "/a@1:1a", false, 0 },
		{ "/a@1:speed=auto,duplex=auto,1.2.3.4,,5.6.7.8,", false, 0 },
		{ "/a@1:4294967295", true, 4294967295 },
		{ "/a@1:99999999999a", false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct path path;

		assert_int_equal(path_parse(rows[i].text, &path), 0);
		assert_int_equal(path.is_disk, rows[i].is_disk);
		assert_int_equal(path.has_partition, rows[i].partition > 0);
		if (rows[i].partition)
			assert_int_equal(path.partition, rows[i].partition);
	}
}

/* Behaviours: ofp-partition-limit */
TEST(what_is_no_path_is_refused)
{
	static char longest[2 * OFP_PATH_MAX];
	struct path path;

	assert_int_equal(path_parse("", &path), -EINVAL);
	assert_int_equal(path_parse("disk:1", &path), -EINVAL);
	/* Partition numbers of more than 32 bits: the last is 2 to the power of 64. */
	assert_int_equal(path_parse("/a@1:4294967296", &path), -EINVAL);
	assert_int_equal(path_parse("/a@1:4294967298,\\x", &path), -EINVAL);
	assert_int_equal(path_parse("/a@1:18446744073709551616", &path), -EINVAL);

	memset(longest, 'a', sizeof(longest) - 1);
	*longest = '/';
	assert_int_equal(path_parse(longest, &path), -EINVAL);
	longest[OFP_PATH_MAX] = '\0';
	assert_int_equal(path_parse(longest, &path), -EINVAL);
	longest[OFP_PATH_MAX - 1] = '\0';
	assert_int_equal(path_parse(longest, &path), 0);
	assert_string_equal(path.key, longest);
}

TEST(equal_is_what_names_the_same)
{
	static const struct {
		const char *one, *other;
		bool equal;
	} rows[] = {
		{ "/s@3/disk@112412C00000000", "/s@3/disk@112412c00000000", true },
		{ "/s@3/disk@0100000000000000:1", "/s@3/disk@100000000000000:1,\\x",
		  true },
		{ "/s@3/disk@100000000000000:1", "/s@3/disk@100000000000000:2", false },
		{ "/s@3/disk@100000000000000:1", "/s@3/disk@100000000000000", false },
		{ "/s@3/disk@100000000000000:0", "/s@3/disk@100000000000000", true },
		{ "/s@3/disk@1", "/S@3/disk@1", false },
		{ "/l-lan@1:speed=auto", "/l-lan@1", true },
		{ "/a@1", "/a@1/b@1", false },
		{ "/a@1", "/a", false },
		{ "a", "a", false },
		{ "/a@1:4294967298", "/a@1", false },
		{ "/a@1:4294967298", "/a@1:2", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(ofp_equal(rows[i].one, rows[i].other), rows[i].equal);
		assert_int_equal(ofp_equal(rows[i].other, rows[i].one), rows[i].equal);
	}
}

TEST(a_missing_unit_address_fits_any)
{
	bool loose = false;

	assert_true(path_is("/vdevice/l-lan@1", "/vdevice/l-lan@1", &loose));
	assert_false(loose);
	assert_true(path_is("/vdevice/l-lan", "/vdevice/l-lan@1", &loose));
	assert_true(loose);
	assert_false(path_is("/vdevice/l-lan@2", "/vdevice/l-lan@1", &loose));
	assert_false(path_is("/vdevice/l-la", "/vdevice/l-lan@1", &loose));
	assert_false(path_is("/vdevice", "/vdevice/l-lan@1", &loose));
	assert_false(path_is("", "/vdevice", &loose));
	assert_string_equal(path_after("/a@1/b@2/c", "/a@1", &loose), "/b@2/c");
	assert_null(path_after("/a@11/b", "/a@1", &loose));
}

static int names_find(void *priv, const char *alternative, char name[NET_NAME_BYTES])
{
	++*(int *)priv;
	if (strcmp(alternative, "enp0s1-of-the-kernel") != 0)
		return -ENODEV;
	snprintf(name, NET_NAME_BYTES, "eth0");
	return 0;
}

/* Remove the folder with sys/class/net/eth0 that the next test makes. */
static void remove_tree(void)
{
	static const char *const paths[] = { "sys/class/net", "sys/class", "sys" };
	char dir[64];

	assert_non_null(getcwd(dir, sizeof(dir)));
	assert_int_equal(unlink("sys/class/net/eth0"), 0);
	for (size_t i = 0; i < COUNT(paths); i++)
		assert_int_equal(rmdir(paths[i]), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

TEST(alternative_names)
{
	static const struct {
		const char *name;
		int err, asked;
	} rows[] = {
		{ "enp0s1-of-the-kernel", 0, 1 },
		{ "enp0s1-of-the-kernel\n", 0, 1 },
		{ "/sys/class/net/enp0s1-of-the-kernel", 0, 1 },
		{ "eth0", 0, 0 },
		{ "eth1", OFP_ENOTCONF, 1 },
		{ "enp0s1-of-the-kernel/", OFP_ENOTCONF, 0 },
	};
	int asked = 0;
	const struct net_facts net = { .name_of = names_find, .priv = &asked };
	char dir[] = "/tmp/t-ofpath.XXXXXX";
	struct place place;
	struct ofp *h;

	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(mkdir("sys", 0755) | mkdir("sys/class", 0755) |
				 mkdir("sys/class/net", 0755),
			 0);
	assert_int_equal(
		symlink("../../devices/vio/30000002/net/eth0", "sys/class/net/eth0"), 0);
	assert_int_equal(ofp_open(&h, dir), 0);
	assert_int_equal(find_device(h, rows[0].name, &place), OFP_ENOTCONF);
	h->src.net = &net;
	for (size_t i = 0; i < COUNT(rows); i++) {
		asked = 0;
		assert_int_equal(find_device(h, rows[i].name, &place), rows[i].err);
		assert_int_equal(asked, rows[i].asked);
		if (!rows[i].err)
			assert_string_equal(place.name, "eth0");
	}
	ofp_close(h);
	remove_tree();
}
