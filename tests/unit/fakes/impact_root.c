// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>

#include "tests/unit/fakes/impact_root.h"

#define PHB "/pci@800000020000000"

static const struct {
	char letter;
	const char *node, *address, *path;
} cards[] = {
	{ 'A', PHB "/card@1", "0000:00:01.0", "pci0000:00/0000:00:01.0" },
	{ 'B', PHB "/card@2", "0000:00:02.0", "pci0000:00/0000:00:02.0" },
	{ 'F', PHB "/card@5", "0000:00:05.0", "pci0000:00/0000:00:05.0" },
	{ 'f', NULL, "0000:00:05.1", "pci0000:00/0000:00:05.1" },
	{ 'Q', PHB "/pci@6", "0000:00:06.0", "pci0000:00/0000:00:06.0" },
	{ 'R', PHB "/pci@6/card@1", "0000:01:01.0",
	  "pci0000:00/0000:00:06.0/0000:01:01.0" },
	{ 'V', "/vdevice/v-scsi@30000002", "30000002", "vio/30000002" },
	{ 'T', "/vdevice/vty@30000000", "30000000", "vio/30000000" },
	{ 'P', PHB, NULL, NULL },
};

const char *impact_root_node(char card)
{
	for (size_t i = 0; i < COUNT(cards); i++)
		if (cards[i].letter == card)
			return cards[i].node;
	return NULL;
}

static int table_addresses(void *priv, net_visitor *visit, void *to)
{
	const struct net_table *t = priv;
	int err = t->fails_with;

	for (size_t i = 0; !err && i < t->n_addresses; i++)
		err = visit(to, t->addresses[i][0], t->addresses[i][1]);
	return err;
}

static int table_defaults(void *priv, net_visitor *visit, void *to)
{
	const struct net_table *t = priv;
	int err = 0;

	for (size_t i = 0; !err && i < t->n_defaults; i++) {
		char text[128];

		snprintf(text, sizeof(text), "default via %s", t->defaults[i][1]);
		err = visit(to, t->defaults[i][0], text);
	}
	return err;
}

static int table_route(void *priv, const char *address, const char *source,
		       char *interface, size_t size)
{
	int family = strchr(address, ':') ? AF_INET6 : AF_INET;
	unsigned char wanted[16] = { 0 }, bytes[16] = { 0 };
	const struct net_table *t = priv;

	assert_int_equal(inet_pton(family, address, wanted), 1);
	for (size_t i = 0; i < t->n_routes; i++)
		if (inet_pton(family, t->routes[i][0], bytes) == 1 &&
		    !memcmp(wanted, bytes, sizeof(bytes)) &&
		    (!*t->routes[i][2] || (source && !strcmp(t->routes[i][2], source)))) {
			snprintf(interface, size, "%s", t->routes[i][1]);
			return 0;
		}
	return -ENETUNREACH;
}

static int table_elsewhere(void *priv, net_visitor *visit, void *to)
{
	const struct net_table *t = priv;
	int err = 0;

	for (size_t i = 0; !err && i < t->n_elsewhere; i++)
		err = visit(to, t->elsewhere[i][0], t->elsewhere[i][1]);
	return err;
}

static int table_kind(void *priv, const char *interface, char kind[NET_KIND_BYTES])
{
	const struct net_table *t = priv;

	for (size_t i = 0; i < t->n_kinds; i++)
		if (!strcmp(t->kinds[i][0], interface)) {
			snprintf(kind, NET_KIND_BYTES, "%s", t->kinds[i][1]);
			return 0;
		}
	return -ENODATA;
}

static int table_name(void *priv, const char *alternative, char name[NET_NAME_BYTES])
{
	(void)priv;
	(void)alternative;
	(void)name;
	return -ENODEV;
}

static const char *path_of(char letter)
{
	for (size_t i = 0; i < COUNT(cards); i++)
		if (cards[i].letter == letter)
			return cards[i].path;
	fail_msg("no card %c", letter);
	return NULL;
}

static void __attribute__((format(printf, 3, 4)))
put(const struct impact_root *b, const char *text, const char *fmt, ...)
{
	char path[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	fake_text(b->f, path, text);
}

static void block(const struct impact_root *b, const char *below, const char *name,
		  const char *number)
{
	char link[256], target[512], file[768];

	snprintf(link, sizeof(link), "sys/class/block/%s", name);
	snprintf(target, sizeof(target), "../../devices/%s/%s", below, name);
	fake_link(b->f, link, target);
	snprintf(file, sizeof(file), "sys/devices/%s/%s/holders/.keep", below, name);
	fake_text(b->f, file, "");
	if (*number == '-')
		return;
	put(b, number, "sys/devices/%s/%s/dev", below, name);
	snprintf(link, sizeof(link), "sys/dev/block/%s", number);
	fake_link(b->f, link, target);
}

static void own_block(const struct impact_root *b, char **w)
{
	char below[256];

	snprintf(below, sizeof(below), "%s/virtio0/block", path_of(*w[1]));
	block(b, below, w[2], w[3]);
}

static void part(const struct impact_root *b, char **w)
{
	char below[256];

	snprintf(below, sizeof(below), "%s/virtio0/block/%s", path_of(*w[1]), w[2]);
	block(b, below, w[3], w[4]);
}

static void scsi(const struct impact_root *b, char **w)
{
	own_block(b, w);
	put(b, w[4], "sys/class/block/%s/device/state", w[2]);
}

static void virtual(const struct impact_root *b, char **w)
{
	block(b, "virtual/block", w[1], w[2]);
}

static void far(const struct impact_root *b, char **w)
{
	block(b, w[1], w[2], w[3]);
}

static void vpart(const struct impact_root *b, char **w)
{
	char below[256];

	snprintf(below, sizeof(below), "virtual/block/%s", w[1]);
	block(b, below, w[2], w[3]);
}

static void stand(const struct impact_root *b, const char *name, const char *number,
		  char **lower)
{
	char link[256];

	block(b, "virtual/block", name, number);
	for (; *lower; lower++) {
		snprintf(link, sizeof(link), "sys/devices/virtual/block/%s/slaves/%s",
			 name, *lower);
		fake_link(b->f, link, "x");
		put(b, "", "sys/class/block/%s/holders/%s", *lower, name);
	}
}

static void over(const struct impact_root *b, char **w)
{
	stand(b, w[1], w[2], w + 3);
}

static void dm(const struct impact_root *b, char **w)
{
	stand(b, w[1], w[4], w + 5);
	put(b, w[2], "sys/class/block/%s/dm/name", w[1]);
	put(b, w[3], "sys/class/block/%s/dm/uuid", w[1]);
}

static void md(const struct impact_root *b, char **w)
{
	stand(b, w[1], w[5], w + 6);
	put(b, w[2], "sys/class/block/%s/md/level", w[1]);
	put(b, w[3], "sys/class/block/%s/md/raid_disks", w[1]);
	put(b, w[4], "sys/class/block/%s/md/degraded", w[1]);
	for (char **lower = w + 6; *lower; lower++)
		put(b, "in_sync", "sys/class/block/%s/md/dev-%s/state", w[1], *lower);
}

static void loop(const struct impact_root *b, char **w)
{
	block(b, "virtual/block", w[1], w[2]);
	put(b, w[3], "sys/class/block/%s/loop/backing_file", w[1]);
}

static void btrfs(const struct impact_root *b, char **w)
{
	put(b, "", "sys/fs/btrfs/features/devices/.keep");
	for (char **lower = w + 2; *lower; lower++)
		put(b, "", "sys/fs/btrfs/%s/devices/%s", w[1], *lower);
}

static void mount(const struct impact_root *b, char **w)
{
	char *root = strchr(w[1], '=');

	if (root)
		*root++ = '\0';
	if (!strcmp(w[2], "/"))
		*b->has_root = true;
	fprintf(b->mounts_to, "21 1 %s %s %s rw,relatime shared:1 - %s %s %s\n", w[1],
		root ? root : "/", w[2], w[3], w[4], w[5] ? w[5] : "rw");
}

static void bad(const struct impact_root *b, char **w)
{
	(void)w;
	fputs("21 1 what / is\n", b->mounts_to);
}

static void swap(const struct impact_root *b, char **w)
{
	fprintf(b->swaps_to, "%s  partition\t100\t0\t-2\n", w[1]);
}

static void file(const struct impact_root *b, char **w)
{
	char text[256] = "";

	for (size_t i = 2; w[i]; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			 i == 2 ? "" : " ", w[i]);
	put(b, text, "%s", w[1]);
}

static void folder(const struct impact_root *b, char **w)
{
	put(b, "", "%s/.keep", w[1]);
}

static void make_link(const struct impact_root *b, char **w)
{
	fake_link(b->f, w[1], w[2]);
}

static void net(const struct impact_root *b, char **w)
{
	char link[256], target[256];

	snprintf(link, sizeof(link), "sys/class/net/%s", w[2]);
	snprintf(target, sizeof(target), "../../devices/%s/net/%s", path_of(*w[1]), w[2]);
	fake_link(b->f, link, target);
	put(b, "", "sys/devices/%s/net/%s/device/.keep", path_of(*w[1]), w[2]);
	put(b, "up", "sys/devices/%s/net/%s/operstate", path_of(*w[1]), w[2]);
}

static void nif(const struct impact_root *b, char **w)
{
	char link[256], target[256];

	snprintf(link, sizeof(link), "sys/class/net/%s", w[1]);
	snprintf(target, sizeof(target), "../../devices/virtual/net/%s", w[1]);
	fake_link(b->f, link, target);
	put(b, "up", "sys/devices/virtual/net/%s/operstate", w[1]);
}

static void upper(const struct impact_root *b, char **w)
{
	for (char **lower = w + 2; *lower; lower++) {
		put(b, "", "sys/class/net/%s/upper_%s", *lower, w[1]);
		put(b, "", "sys/class/net/%s/lower_%s", w[1], *lower);
	}
}

static void tty(const struct impact_root *b, char **w)
{
	char link[256], target[256];

	snprintf(link, sizeof(link), "sys/class/tty/%s", w[2]);
	snprintf(target, sizeof(target), "../../devices/%s/tty/%s", path_of(*w[1]), w[2]);
	fake_link(b->f, link, target);
}

static void pair(char (*to)[64], char **w)
{
	snprintf(to[0], sizeof(to[0]), "%s", w[1]);
	snprintf(to[1], sizeof(to[1]), "%s", w[2]);
}

static const struct {
	const char *word;
	void (*make)(const struct impact_root *b, char **w);
} things[] = {
	{ "disk", own_block },	{ "part", part },      { "scsi", scsi },
	{ "virtual", virtual }, { "vpart", vpart },    { "over", over },
	{ "dm", dm },		{ "md", md },	       { "loop", loop },
	{ "far", far },		{ "folder", folder },  { "btrfs", btrfs },
	{ "mount", mount },	{ "bad", bad },	       { "swap", swap },
	{ "file", file },	{ "link", make_link }, { "net", net },
	{ "nif", nif },		{ "upper", upper },    { "tty", tty },
};

static void __attribute__((format(printf, 4, 5)))
mapping(struct impact_root *b, const char *number, const char *target, const char *fmt,
	...)
{
	va_list ap;

	snprintf(b->mapping[0], sizeof(b->mapping[0]), "%s", number);
	snprintf(b->mapping[1], sizeof(b->mapping[1]), "%s", target);
	va_start(ap, fmt);
	vsnprintf(b->mapping[2], sizeof(b->mapping[2]), fmt, ap);
	va_end(ap);
}

static void make_line(struct impact_root *b, char *line)
{
	char *words[40] = { 0 }, *save = NULL;
	size_t n = 0;

	for (char *w = strtok_r(line, " ", &save); w && n + 1 < COUNT(words);
	     w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	if (!n)
		return;
	if (!strcmp(words[0], "addr"))
		pair(b->net.addresses[b->net.n_addresses++], words);
	else if (!strcmp(words[0], "raid"))
		mapping(b, words[1], "raid", "%s %s %s 8/8 idle 0", words[2], words[3],
			words[4]);
	else if (!strcmp(words[0], "paths"))
		mapping(b, words[1], "multipath",
			"2 0 0 0 1 1 A 0 2 1 %s %s 0 0 1 %s %s 3 0 1", words[2], words[3],
			words[4], words[5]);
	else if (!strcmp(words[0], "mirror"))
		mapping(b, words[1], "mirror", "2 254:0 254:1 %s 1 %s 1 core", words[2],
			words[3]);
	else if (!strcmp(words[0], "held") || !strcmp(words[0], "free") ||
		 !strcmp(words[0], "unknown"))
		for (char **w = words + 1; *w; w++) {
			snprintf(b->claims[b->n_claims][0], 64, "%s", *w);
			snprintf(b->claims[b->n_claims++][1], 64, "%s", words[0]);
		}
	else if (!strcmp(words[0], "node")) {
		snprintf(b->nodes[b->n_nodes][0], 128, "%s", words[1]);
		snprintf(b->nodes[b->n_nodes++][1], 128, "%s %s", words[2], words[3]);
	} else if (!strcmp(words[0], "sealed"))
		b->is_sealed = true;
	else if (!strcmp(words[0], "unseen"))
		b->is_unseen = true;
	else if (!strcmp(words[0], "noroot"))
		*b->has_root = true;
	else if (!strcmp(words[0], "novty"))
		b->has_no_vty = true;
	else if (!strcmp(words[0], "default"))
		pair(b->net.defaults[b->net.n_defaults++], words);
	else if (!strcmp(words[0], "elsewhere"))
		pair(b->net.elsewhere[b->net.n_elsewhere++], words);
	else if (!strcmp(words[0], "kind"))
		pair(b->net.kinds[b->net.n_kinds++], words);
	else if (!strcmp(words[0], "route")) {
		snprintf(b->net.routes[b->net.n_routes][2], 64, "%s",
			 words[3] ? words[3] : "");
		pair(b->net.routes[b->net.n_routes++], words);
	} else {
		size_t i = 0;

		while (i < COUNT(things) && strcmp(things[i].word, words[0]) != 0)
			i++;
		if (i == COUNT(things))
			fail_msg("unknown word %s", words[0]);
		things[i].make(b, words);
	}
}

static void make_cards(const struct impact_root *b)
{
	for (size_t i = 0; i < COUNT(cards); i++) {
		bool is_virtual = cards[i].node && strstr(cards[i].node, "vdevice");
		char link[128], target[256];

		if (!cards[i].address || (b->has_no_vty && cards[i].letter == 'T'))
			continue;
		snprintf(link, sizeof(link), "sys/bus/%s/devices/%s/%s",
			 is_virtual ? "vio" : "pci", cards[i].address,
			 cards[i].node ? "of_node" : "vendor");
		snprintf(target, sizeof(target), "../../../../firmware/devicetree/base%s",
			 cards[i].node ? cards[i].node : "");
		fake_link(b->f, link, target);
	}
}

static int table_status(void *priv, const struct kern_root *root, unsigned int major,
			unsigned int minor, char *target, size_t target_size,
			char *status, size_t status_size)
{
	const struct impact_root *b = priv;
	char number[32];

	(void)root;
	snprintf(number, sizeof(number), "%u:%u", major, minor);
	if (strcmp(number, b->mapping[0]) != 0)
		return -ENXIO;
	snprintf(target, target_size, "%s", b->mapping[1]);
	snprintf(status, status_size, "%s", b->mapping[2]);
	return 0;
}

static enum claim table_claim(void *priv, const struct kern_root *root, const char *name,
			      unsigned int major, unsigned int minor,
			      const struct deadline *dl)
{
	struct impact_root *b = priv;

	(void)root;
	assert_true(major || minor);
	assert_false(deadline_has_passed(dl));
	b->n_tested++;
	for (size_t i = 0; i < b->n_claims; i++)
		if (!strcmp(b->claims[i][0], name))
			return *b->claims[i][1] == 'h'	 ? CLAIM_HELD
			       : *b->claims[i][1] == 'u' ? CLAIM_UNKNOWN
							 : CLAIM_FREE;
	return CLAIM_FREE;
}

/* Find type and number of a device file: "b 253:16". */
static bool find_node(const struct impact_root *b, const char *path, char *node,
		      size_t size)
{
	char dev[128], number[32];

	for (size_t i = 0; i < b->n_nodes; i++)
		if (!strcmp(b->nodes[i][0], path)) {
			snprintf(node, size, "%s", b->nodes[i][1]);
			return true;
		}
	if (strncmp(path, "/dev/", 5) != 0)
		return false;
	snprintf(dev, sizeof(dev), "sys/class/block/%.64s/dev", path + 5);
	if (kern_read_short(&b->f->root, dev, number, sizeof(number)) <= 0)
		return false;
	snprintf(node, size, "b %s", number);
	return true;
}

static int table_open_process(const struct impact_root *b, const char *pid,
			      open_visitor *visit, void *to)
{
	_cleanup_names_ struct kern_names fds = { 0 };
	char dir[64], path[128], target[128], node[64], type;
	unsigned int major, minor;
	int value;

	snprintf(dir, sizeof(dir), "proc/%.16s/fd", pid);
	value = kern_list(&b->f->root, dir, KERN_LIST_ALL, &fds);
	if (value)
		return value == -ENOMEM ? value : 0;
	for (size_t i = 0; !value && i < fds.n; i++) {
		snprintf(path, sizeof(path), "%s/%.16s", dir, fds.name[i]);
		if (!kern_readlink(&b->f->root, path, target, sizeof(target)) &&
		    find_node(b, target, node, sizeof(node)) &&
		    sscanf(node, "%c %u:%u", &type, &major, &minor) == 3)
			value = visit(to, atoi(pid), type == 'b', major, minor);
	}
	return value;
}

static int table_open(void *priv, const struct kern_root *root, open_visitor *visit,
		      void *to)
{
	const struct impact_root *b = priv;
	_cleanup_names_ struct kern_names pids = { 0 };
	int value = kern_list(root, "proc", KERN_LIST_DIRS, &pids);

	for (size_t i = 0; !value && i < pids.n; i++)
		if (atoi(pids.name[i]) > 0)
			value = table_open_process(b, pids.name[i], visit, to);
	return value ? value : b->is_sealed ? -EPERM : 0;
}

static int table_number(void *priv, const struct kern_root *root, const char *path,
			bool *is_block, unsigned int *major, unsigned int *minor)
{
	char node[128], type;

	(void)root;
	if (!find_node(priv, path, node, sizeof(node)) ||
	    sscanf(node, "%c %u:%u", &type, major, minor) != 3)
		return -ENOENT;
	*is_block = type == 'b';
	return 0;
}

void impact_root_begin(struct impact_root *b, const char *tree)
{
	char *text = strdup(tree), *save = NULL;

	*b = (struct impact_root){ .f = fake_new() };
	b->has_root = &b->root_is_given;
	b->mounts_to = open_memstream(&b->mounts, &b->mounts_len);
	b->swaps_to = open_memstream(&b->swaps, &b->swaps_len);
	fputs("Filename\tType\tSize\tUsed\tPriority\n", b->swaps_to);
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		make_line(b, line);
	make_cards(b);
	if (!*b->has_root)
		fputs("21 1 0:2 / / rw - rootfs rootfs rw\n", b->mounts_to);
	fclose(b->mounts_to);
	fclose(b->swaps_to);
	fake_text(b->f, b->is_unseen ? "proc/self/mountinfo" : "proc/1/mountinfo",
		  b->mounts);
	fake_text(b->f, "proc/swaps", b->swaps);
	b->facts = (struct net_facts){ table_addresses, table_defaults,	 table_route,
				       table_kind,	table_elsewhere, table_name,
				       &b->net };
	b->f->dr.net = &b->facts;
	b->dm = (struct dm_facts){ table_status, b };
	b->f->dr.dm = &b->dm;
	b->claim_facts = (struct claim_facts){ table_claim, b };
	b->f->dr.claims = &b->claim_facts;
	b->open_facts = (struct open_facts){ table_open, table_number, b };
	b->f->dr.open = &b->open_facts;
	free(text);
}

void impact_root_end(struct impact_root *b)
{
	fake_free(b->f);
	free(b->mounts);
	free(b->swaps);
}
