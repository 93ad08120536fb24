// SPDX-License-Identifier: GPL-2.0-or-later
/* The uses of a device that Linux loses, and the refusal of its removal. */
#include "libdrmgr/impact/impact.h"
#include "kern/mounts.h"
#include "tests/unit/fakes/impact_root.h"
#include "tests/unit/fakes/no_memory.h"

static int check(struct impact_root *b, const char *gone, bool *is_incomplete,
		 enum dr_fault *fault)
{
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts told = { .mem = &mem };
	const char *nodes[8];
	struct xact x;
	size_t n = 0;
	int err;

	b->f->impacts[0] = '\0';
	for (; *gone; gone++)
		nodes[n++] = impact_root_node(*gone);
	xact_begin(&x, &b->f->dr, b->f->mem);
	err = impact_check(&x, nodes, n, &told);
	*is_incomplete = told.is_incomplete;
	*fault = x.error.fault;
	return xact_end(&x, err);
}

/* -f removes all; a plan is refused as the removal is; --no-loss refuses any use. */
static void check_policy(struct impact_root *b, const struct impact_layout *l, int err)
{
	const char *first = b->f->impacts;
	bool has_any, is_incomplete;
	enum dr_fault fault;

	while (*first == '-') /* a note */
		first = strstr(first, "; ") + 2;
	has_any = *first;
	b->f->dr.force = true;
	assert_int_equal(check(b, l->gone, &is_incomplete, &fault), 0);
	b->f->dr.force = false;
	b->f->dr.dry_run = true;
	assert_int_equal(check(b, l->gone, &is_incomplete, &fault), err);
	b->f->dr.dry_run = false;
	b->f->dr.no_loss = true;
	assert_int_equal(check(b, l->gone, &is_incomplete, &fault), has_any ? -EBUSY : 0);
}

/* Behaviours: io-remove-lost */
TEST(each_layout)
{
	int n_wrong = 0;

	assert_true(n_impact_layouts >= 170);
	for (size_t i = 0; i < n_impact_layouts; i++) {
		const struct impact_layout *l = &impact_layouts[i];
		char found[sizeof(((struct fake *)NULL)->impacts) + 2];
		enum dr_fault fault;
		bool is_incomplete;
		struct impact_root b;
		int err;

		impact_root_begin(&b, l->tree);
		err = check(&b, l->gone, &is_incomplete, &fault);
		snprintf(found, sizeof(found), "%s%s", b.f->impacts,
			 is_incomplete ? "?" : "");
		if (strcmp(found, l->found) != 0 ||
		    err != (*l->found == '!' || strstr(l->found, " !") ? -EBUSY : 0)) {
			print_error("%s: %d\n  wanted: %s\n  found:  %s\n", l->name, err,
				    l->found, found);
			n_wrong++;
		}
		check_policy(&b, l, err);
		impact_root_end(&b);
	}
	assert_int_equal(n_wrong, 0);
}

/* A word for each error. The text is part of a sentence. */
TEST(refusals)
{
	enum dr_fault fault;
	bool is_incomplete;
	struct impact_root b;

	impact_root_begin(&b, "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda\n"
			      "mount 253:0 /data ext4 /dev/vda");
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), -EBUSY);
	assert_int_equal(fault, DR_FAULT_SYSTEM_NEEDS);
	b.f->dr.no_loss = true;
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), -EBUSY);
	assert_int_equal(fault, DR_FAULT_SYSTEM_NEEDS);
	impact_root_end(&b);
	impact_root_begin(&b, "disk A vda 253:0\n mount 253:0 /data ext4 /dev/vda");
	b.f->dr.no_loss = true;
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), -EBUSY);
	assert_int_equal(fault, DR_FAULT_LOSS);
	impact_root_end(&b);
}

/* Unreadable facts refuse nothing.
 * Behaviours: io-remove-lost-unknown */
TEST(unreadable_facts)
{
	enum dr_fault fault;
	bool is_incomplete;
	struct impact_root b;

	impact_root_begin(&b, "disk A vda 253:0");
	fake_remove(b.f, "proc/1/mountinfo");
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), 0);
	assert_true(is_incomplete);
	impact_root_end(&b);
	impact_root_begin(&b, "net A eth0\n addr eth0 192.0.2.5/24");
	b.net.fails_with = -EACCES;
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), 0);
	assert_true(is_incomplete);
	assert_string_equal(b.f->impacts, "-interface eth0: eth0; ");
	b.f->dr.net = NULL; /* a captured tree */
	assert_int_equal(check(&b, "A", &is_incomplete, &fault), 0);
	assert_false(is_incomplete);
	impact_root_end(&b);
}

TEST(many_mounts)
{
	enum { MOUNTS = 4096 };
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts found = { .mem = &mem };
	const char *node = impact_root_node('A');
	char *text = NULL;
	struct impact_root b;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (int i = 0; i < MOUNTS; i++)
		fprintf(to, "%d 1 253:0 / /m/%d rw - ext4 /dev/vda rw\n", i, i);
	fclose(to);
	impact_root_begin(&b, "disk A vda 253:0");
	fake_text(b.f, "proc/1/mountinfo", text);
	assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
	assert_int_equal(found.n, MOUNTS);
	assert_string_equal(found.list[MOUNTS - 1].what, "/m/4095");
	free(text);
	impact_root_end(&b);
}

static bool is_as_good(const struct impacts *found, const struct impacts *good)
{
	bool same = found->n == good->n && found->is_incomplete == good->is_incomplete;

	for (size_t i = 0; same && i < good->n; i++)
		same = found->list[i].kind == good->list[i].kind &&
		       !strcmp(found->list[i].what, good->list[i].what) &&
		       !strcmp(found->list[i].through, good->list[i].through);
	return same;
}

/* Each allocation of a search fails once, and all from it on: an error, or the same list.
 * Behaviours: io-remove-lost-memory */
TEST(short_of_memory)
{
	unsigned int refused = 0;

	for (size_t i = 0; i < n_impact_layouts; i++) {
		const char *node = impact_root_node(*impact_layouts[i].gone);
		_cleanup_mem_ struct mem mem = { 0 };
		struct impacts good = { .mem = &mem };
		struct impact_root b;
		bool failed = true;

		if (i % 19 && !strstr(impact_layouts[i].tree, "virtiofs") &&
		    !strstr(impact_layouts[i].tree, "nvmet"))
			continue;
		impact_root_begin(&b, impact_layouts[i].tree);
		assert_int_equal(impact_find(&b.f->dr, &node, 1, &good), 0);
		for (unsigned long n = 0; failed; n++) {
			_cleanup_mem_ struct mem short_mem = { 0 };
			struct impacts found = { .mem = &short_mem };
			int err;

			memory_now = (struct no_memory){ .fail_at = n / 2 + 1,
							 .for_ever = n % 2 };
			err = impact_find(&b.f->dr, &node, 1, &found);
			failed = memory_now.failed;
			memory_now = (struct no_memory){ 0 };
			if (err)
				assert_int_equal(err, -ENOMEM);
			else if (!is_as_good(&found, &good))
				fail_msg("%s: allocation %lu", impact_layouts[i].name,
					 n / 2 + 1);
			refused += err != 0;
		}
		impact_root_end(&b);
	}
	assert_true(refused > 300);
}

/* A layer is what its path was when the overlay was mounted. */
TEST(overlay_layers)
{
	static const struct {
		const char *mounts;
		size_t found;
	} rows[] = {
		{ "1 1 253:16 / / rw - ext4 /dev/vdb rw\n"
		  "2 1 0:40 / /boot rw - overlay guest rw,lowerdir=/boot\n"
		  "3 2 253:0 / /boot rw - ext4 /dev/vda rw\n",
		  1 },
		{ "1 1 253:16 / / rw - ext4 /dev/vdb rw\n"
		  "2 1 253:0 / /boot rw - ext4 /dev/vda rw\n"
		  "3 2 0:40 / /boot rw - overlay guest rw,lowerdir=/boot\n",
		  2 },
		{ "1 1 253:16 / / rw - ext4 /dev/vdb rw\n"
		  "2 1 0:40 / /mnt/a rw - overlay guest rw,lowerdir=/mnt/a\n"
		  "3 1 253:0 / /mnt rw - ext4 /dev/vda rw\n",
		  1 },
		{ "1 1 253:16 / / rw - ext4 /dev/vdb rw\n"
		  "2 1 0:40 / /m rw - overlay guest rw,lowerdir=/boot\n"
		  "3 1 253:0 / /boot rw - ext4 /dev/vda rw\n",
		  2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_mem_ struct mem mem = { 0 };
		struct impacts found = { .mem = &mem };
		const char *node = impact_root_node('A');
		struct impact_root b;

		impact_root_begin(&b, "disk A vda 253:0\n disk B vdb 253:16");
		fake_text(b.f, "proc/1/mountinfo", rows[i].mounts);
		assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
		assert_int_equal(found.n, rows[i].found);
		impact_root_end(&b);
	}
}

/* Overlays of a few thousand containers: the root file system is found among them. */
TEST(long_mounts)
{
	enum { MOUNTS = 3000 };
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts found = { .mem = &mem };
	const char *node = impact_root_node('A');
	char *text = NULL, layers[2000];
	struct impact_root b;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	memset(layers, 'l', sizeof(layers) - 1);
	layers[sizeof(layers) - 1] = '\0';
	fputs("1 1 253:0 / / rw - ext4 /dev/vda rw\n", to);
	for (int i = 0; i < MOUNTS; i++)
		fprintf(to, "%d 1 0:%d / /m/%d rw - overlay overlay rw,lowerdir=/%s\n",
			i + 2, i + 20, i, layers);
	fclose(to);
	assert_true(len > KERN_READ_MAX);
	impact_root_begin(&b, "disk A vda 253:0");
	fake_text(b.f, "proc/1/mountinfo", text);
	assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
	assert_true(found.n > 0);
	assert_string_equal(found.list[0].what, "/");
	assert_true(found.list[0].is_fatal);
	assert_false(found.is_incomplete);
	free(text);
	impact_root_end(&b);
}

/* A device is opened once, and only if nothing else tells its use. */
TEST(claims_are_tested_once)
{
	static const struct {
		const char *tree;
		size_t tested;
	} rows[] = {
		{ "disk A vda 253:0\n part A vda vda1 253:1\n part A vda vda2 253:2\n free vda",
		  1 },
		{ "disk A vda 253:0\n part A vda vda1 253:1\n held vda vda1", 2 },
		{ "disk A vda 253:0\n mount 253:0 / ext4 /dev/vda", 0 },
		{ "disk A vda 253:0\n part A vda vda1 253:1\n mount 253:1 / ext4 /dev/vda1",
		  0 },
		{ "scsi A nvme0c0n1 - live\n virtual nvme0n1 259:0", 1 },
		{ "disk B vda 253:0\n net A eth0", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_mem_ struct mem mem = { 0 };
		struct impacts found = { .mem = &mem };
		const char *node = impact_root_node('A');
		struct impact_root b;

		impact_root_begin(&b, rows[i].tree);
		assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
		assert_int_equal(b.n_tested, rows[i].tested);
		b.f->dr.claims = NULL; /* a captured tree */
		assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
		impact_root_end(&b);
	}
}

/* What is no block device, or another one, is not opened for itself alone. */
TEST(claims_of_files)
{
	struct deadline dl = deadline_in_ms(60000), past = deadline_in_ms(0);
	struct impact_root b;

	impact_root_begin(&b, "file dev/vda x");
	assert_int_equal(claim_open_facts.test(NULL, &b.f->root, "vda", 253, 0, &dl),
			 CLAIM_UNKNOWN);
	assert_int_equal(claim_open_facts.test(NULL, &b.f->root, "vdb", 253, 0, &dl),
			 CLAIM_UNKNOWN);
	assert_int_equal(claim_open_facts.test(NULL, &b.f->root, "vda", 253, 0, &past),
			 CLAIM_UNKNOWN);
	impact_root_end(&b);
}

TEST(texts)
{
	_cleanup_mem_ struct mem mem = { 0 };
	static const struct {
		struct dr_impact impact;
		const char *text;
	} rows[] = {
		{ { IMPACT_MOUNT, "/", "vda1", .is_fatal = true },
		  "/dev/vda1 is mounted on /" },
		{ { IMPACT_MOUNT, "/a\nb\033", "vda2 > md0 > vg0-a", .is_fatal = false },
		  "vg0-a (on vda2 > md0) is mounted on /a\\x0ab\\x1b" },
		{ { IMPACT_SWAP, "/dev/vda2", "vda2", .is_fatal = true },
		  "/dev/vda2 is used for swap" },
		{ { IMPACT_SWAP, "/data/swap", "vda", .is_fatal = true },
		  "/dev/vda holds the swap file /data/swap" },
		{ { IMPACT_VOLUME_GROUP, "vg0", "vda", .is_fatal = false },
		  "volume group vg0 is on vda" },
		{ { IMPACT_ARRAY, "md0", "vda", .is_degraded = true },
		  "array md0 loses redundancy without vda" },
		{ { IMPACT_ARRAY, "md0", "vda", .is_fatal = false },
		  "array md0 fails without vda" },
		{ { IMPACT_MULTIPATH, "mpatha", "sda", .is_degraded = true },
		  "multipath device mpatha loses the path sda" },
		{ { IMPACT_BOND, "bond0", "eth0", .is_fatal = false },
		  "bond0 has no other interface than eth0" },
		{ { IMPACT_INTERFACE, "ovs-system", "eth0", .is_fatal = false },
		  "interface ovs-system is on eth0" },
		{ { IMPACT_CLAIMED, "vda1", "vda1", .is_fatal = false },
		  "/dev/vda1 is claimed by the kernel, a program or another mount "
		  "namespace" },
		{ { IMPACT_CLAIMED, "vg-a", "vda > vg-a", .is_fatal = false },
		  "vg-a (on vda) is claimed by the kernel, a program or another mount "
		  "namespace" },
		{ { IMPACT_NAMESPACE, "0000:00:01.0", "0000:00:01.0", .is_fatal = false },
		  "the interface of 0000:00:01.0 is in another network namespace" },
		{ { IMPACT_USER_DRIVER, "/dev/vfio/7", "0000:00:01.0",
		    .is_fatal = false },
		  "/dev/vfio/7 is open: a program drives 0000:00:01.0" },
		{ { IMPACT_DEFAULT_ROUTE, "default via 192.0.2.1", "eth0",
		    .is_fatal = false },
		  "the route \"default via 192.0.2.1\" leads through eth0" },
		{ { IMPACT_NFS_ROOT, "/", "eth0 > br0", .is_fatal = true },
		  "the NFS server of / is reached through eth0 > br0" },
		{ { IMPACT_MOUNT,
		    "/",
		    "rpool/ROOT (zfs)",
		    { CARRIER_DISK, "sda" },
		    true },
		  "/ is on rpool/ROOT (zfs): which disks that needs is unknown, and "
		  "/dev/sda is in use" },
		{ { IMPACT_NFS_ROOT,
		    "/",
		    "192.0.2.1:/x (nfs4)",
		    { CARRIER_NET, "eth0" },
		    true },
		  "/ is on 192.0.2.1:/x (nfs4): which interfaces that needs is unknown, "
		  "and eth0 is up" },
		{ { IMPACT_SWAP,
		    "/data/swap",
		    "dm-0",
		    { CARRIER_DISK, "vda > md0" },
		    true },
		  "swap /data/swap is on dm-0: which disks that needs is unknown, and md0 "
		  "(on vda) is in use" },
		{ { IMPACT_SWAP,
		    "/dev/zd0",
		    "zd0",
		    { CARRIER_CARD, "0000:00:01.0" },
		    true },
		  "swap /dev/zd0 is on zd0: which cards that needs is unknown, and "
		  "0000:00:01.0 is of an unknown kind" },
		{ { IMPACT_CONSOLE,
		    "hvc0",
		    "hvc0",
		    { CARRIER_CARD, "0000:00:01.0" },
		    true },
		  "console hvc0 is active: which cards that needs is unknown, and "
		  "0000:00:01.0 is of an unknown kind" },
		{ { IMPACT_CLAIMED, "vda1", "vda1", .is_unsure = true },
		  "/dev/vda1 cannot be tested, and may be claimed" },
		{ { IMPACT_OPEN, "qemu\033", "vdb", .pid = 77 },
		  "/dev/vdb is open: qemu\\x1b (PID 77)" },
		{ { IMPACT_OPEN, "programs", "0000:00:01.0", .is_unsure = true },
		  "programs: not known" },
		{ { IMPACT_INTERFACE, "eth1", "eth1", .is_note = true },
		  "interface eth1 is up" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(impact_text(&mem, &rows[i].impact), rows[i].text);
	for (int i = 0; i < IMPACT_KINDS; i++)
		assert_non_null(impact_kind_name((enum impact_kind)i));
}

static int visit_address(void *to, const char *interface, const char *text)
{
	(void)to;
	assert_true(*interface);
	assert_non_null(strchr(text, '/'));
	return 0;
}

static int visit_any(void *to, const char *interface, const char *text)
{
	(void)to;
	assert_true(*interface);
	assert_false(strncmp(text, "default", strlen("default")));
	return 0;
}

/* The running kernel, which may have no network. */
TEST(kernel_tells)
{
	const struct net_facts *net = &rtnetlink_facts;
	char interface[64] = "";
	int err;

	if (net->addresses(net->priv, visit_address, NULL))
		skip();
	assert_int_equal(net->kind_of(net->priv, "lo", interface), -ENODATA);
	assert_int_equal(net->kind_of(net->priv, "none0", interface), -ENODEV);
	err = net->route_to(net->priv, "127.0.0.1", "127.0.0.2", interface,
			    sizeof(interface));
	if (err != -ENETUNREACH) { /* lo is down */
		assert_int_equal(err, 0);
		assert_string_equal(interface, "lo");
	}
	assert_int_equal(net->default_routes(net->priv, visit_any, NULL), 0);
	assert_int_equal(net->route_to(net->priv, "no address", NULL, interface,
				       sizeof(interface)),
			 -EINVAL);
}
