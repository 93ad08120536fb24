// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include "drmgr/model/apply.h"
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "tests/fake_platform.h"
#include "wire/drc_list.h"
#include "wire/ofdt_cmd.h"

#define DT	"proc/device-tree"
#define PHB	"/pci@800000020000000"
#define DEVICES "sys/bus/pci/devices"
#define BUSES	"sys/class/pci_bus"

enum { AREA_ADDRESS = 0x10000 };

static const char *const token_names[] = {
	"set-indicator",
	"get-sensor-state",
	"set-power-level",
	"ibm,configure-connector",
};

/* --- files ------------------------------------------------------------------------ */

static void make_dirs(const struct fake *f, const char *path)
{
	char part[1024];

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdirat(f->root.fd, part, 0755);
	}
}

void fake_file(const struct fake *f, const char *path, const void *bytes, size_t len)
{
	int fd;

	make_dirs(f, path);
	fd = openat(f->root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

void fake_text(const struct fake *f, const char *path, const char *text)
{
	fake_file(f, path, text, strlen(text));
}

void fake_link(const struct fake *f, const char *path, const char *target)
{
	make_dirs(f, path);
	assert_true(!symlinkat(target, f->root.fd, path) || errno == EEXIST);
}

static bool exists(const struct fake *f, const char *path)
{
	return !faccessat(f->root.fd, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

bool fake_has_node(const struct fake *f, const char *path)
{
	char full[1024];

	snprintf(full, sizeof(full), DT "%s", path);
	return exists(f, full);
}

bool fake_has_device(const struct fake *f, const char *address)
{
	char full[256];

	snprintf(full, sizeof(full), DEVICES "/%s", address);
	return exists(f, full);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fake_remove(const struct fake *f, const char *path)
{
	char full[1200];

	snprintf(full, sizeof(full), "%s/%s", f->dir, path);
	assert_true(!nftw(full, remove_entry, 16, FTW_DEPTH | FTW_PHYS) ||
		    errno == ENOENT);
}

/* --- what is noted, and what fails -------------------------------------------------- */

/* True: this one is to fail. */
static bool __attribute__((format(printf, 3, 4)))
note(struct fake *f, uint32_t index, const char *fmt, ...)
{
	char word[64], full[96];
	size_t used = strlen(f->trace);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (index && f->first && index != f->first)
		snprintf(full, sizeof(full), "%s@%x", word, index);
	else
		snprintf(full, sizeof(full), "%s", word);

	snprintf(f->trace + used, sizeof(f->trace) - used, "%s%s", used ? " " : "", full);
	return f->fail_word && !strcmp(f->fail_word, full) && !f->fail_nth--;
}

static void note_walk(struct fake *f, uint32_t index)
{
	size_t used = strlen(f->trace);
	char full[32];

	if (index != f->first)
		snprintf(full, sizeof(full), "CC@%x", index);
	else
		snprintf(full, sizeof(full), "CC");
	if (used >= strlen(full) && !strcmp(f->trace + used - strlen(full), full))
		return; /* the same walk */
	snprintf(f->trace + used, sizeof(f->trace) - used, "%s%s", used ? " " : "", full);
}

/* --- firmware ----------------------------------------------------------------------- */

static struct fake_drc *by_index(struct fake *f, uint32_t index)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->drc[i].index == index)
			return &f->drc[i];
	return NULL;
}

struct fake_drc *fake_drc(struct fake *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->drc[i].name, name))
			return &f->drc[i];
	fail_msg("no connector %s", name);
	return NULL;
}

static int32_t isolate(const struct fake *f, struct fake_drc *d)
{
	if (d->state == FAKE_UNISOLATE)
		return -3;
	d->state = FAKE_POWERON;
	if (f->goes_when_isolated)
		d->is_present = false;
	return 0;
}

static int32_t unisolate(struct fake_drc *d)
{
	if (!d->is_present)
		return -3;
	if (d->state == FAKE_POWERON) {
		d->state = FAKE_UNISOLATE;
		fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	}
	return 0;
}

static int32_t set_indicator(struct fake *f, const struct rtas_args *args)
{
	struct fake_drc *d = by_index(f, args->in[1]);

	if (note(f, args->in[1], "I%u=%u", args->in[0], args->in[2]))
		return f->fail_with;
	if (!d)
		return -3;
	if (args->in[0] == 9002) {
		d->led = (int)args->in[2];
		return 0;
	}
	if (args->in[0] != 9001)
		return -3;
	return args->in[2] ? unisolate(d) : isolate(f, d);
}

static int32_t get_sensor(struct fake *f, struct rtas_args *args)
{
	struct fake_drc *d = by_index(f, args->in[1]);
	int sense = d ? d->is_present : -3;

	if (d && d->n_sense) {
		sense = d->sense_script[0];
		memmove(d->sense_script, d->sense_script + 1,
			sizeof(d->sense_script) - sizeof(d->sense_script[0]));
		d->n_sense--;
	}
	if (note(f, args->in[1], "S=%d", sense))
		return f->fail_with;
	args->out[1] = sense < 0 ? 0 : (uint32_t)sense;
	return sense < 0 ? sense : 0;
}

/* Each connector has a power domain of its own number here. */
static int32_t set_power(struct fake *f, struct rtas_args *args)
{
	struct fake_drc *d = by_index(f, args->in[0]);

	if (note(f, args->in[0], "P%u", args->in[1]))
		return f->fail_with;
	if (!d)
		return -3;
	d->power = (int)args->in[1];
	args->out[1] = args->in[1];
	return 0;
}

static int32_t configure_connector(struct fake *f, const struct rtas_args *args)
{
	uint8_t *area = f->area + (args->in[0] - AREA_ADDRESS);
	struct fake_drc *d = by_index(f, workarea_index(area));
	struct fdt_walk before;
	struct cc_item item;

	if (d)
		note_walk(f, d->index);
	if (f->cc_calls++ == f->fail_cc_nth)
		return f->fail_with;
	if (!d)
		return -3;
	if (d->state == FAKE_POWERON)
		return -9003;

	before = d->walk;
	assert_int_equal(fdt_walk_next(&d->walk, &item), 0);
	if (f->extent_wanted_for && item.name &&
	    !strcmp(item.name, f->extent_wanted_for) && !f->got_extent) {
		if (!args->in[1]) {
			d->walk = before;
			return CC_MORE_MEMORY;
		}
		f->got_extent = true;
	}
	assert_int_equal(workarea_encode(area, CC_PAGE_BYTES, &item), 0);
	if (item.status == CC_COMPLETE)
		d->state = FAKE_CONFIGURED;
	return item.status;
}

/* Before and after whatever changes the machine. */
static void moment(struct fake *f)
{
	if (f->kill_at && !--f->kill_at)
		kill(getpid(), SIGKILL);
}

void fake_forget_process(struct fake *f)
{
	f->areas = 0;
	f->kill_at = 0;
	f->dr.journal = NULL;
}

static int answer(struct fake *f, struct rtas_args *args)
{
	switch (args->token) {
	case 1:
		args->out[0] = (uint32_t)set_indicator(f, args);
		return 0;
	case 2:
		args->out[0] = (uint32_t)get_sensor(f, args);
		return 0;
	case 3:
		args->out[0] = (uint32_t)set_power(f, args);
		return 0;
	case 4:
		args->out[0] = (uint32_t)configure_connector(f, args);
		return 0;
	}
	return -EINVAL;
}

static int call(void *priv, struct rtas_args *args)
{
	struct fake *f = priv;
	int err;

	moment(f);
	err = answer(f, args);
	moment(f);
	return err;
}

static int rmo_get(void *priv, size_t pages, const struct deadline *dl,
		   struct rmo_area *area)
{
	struct fake *f = priv;

	(void)dl;
	area->va = calloc(pages, RMO_PAGE_BYTES);
	area->pa = AREA_ADDRESS;
	area->pages = pages;
	f->area = area->va;
	f->areas++;
	return 0;
}

static int rmo_put(void *priv, const struct rmo_area *area)
{
	struct fake *f = priv;

	free(area->va);
	f->areas--;
	return 0;
}

/* --- kernel: device tree -------------------------------------------------------------- */

static ssize_t add_node(struct fake *f, struct ofdt_cmd *cmd)
{
	char path[512], file[1024];
	struct ofdt_prop prop;
	char *slash;
	int err;

	snprintf(path, sizeof(path), DT "%.*s", (int)cmd->path.len, cmd->path.s);
	if (exists(f, path))
		return -EINVAL;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (!exists(f, path))
		fail_msg("add_node below a missing parent crashes a real kernel: %s",
			 path);
	*slash = '/';
	assert_int_equal(mkdirat(f->root.fd, path, 0755), 0);
	while ((err = ofdt_cmd_next_property(cmd, &prop)) == 1) {
		snprintf(file, sizeof(file), "%s/%.*s", path, (int)prop.name.len,
			 prop.name.s);
		fake_file(f, file, prop.value, prop.len);
	}
	return err;
}

static bool has_children(const struct fake *f, const char *path)
{
	struct kern_names names;
	bool has;

	assert_int_equal(kern_list(&f->root, path, KERN_LIST_DIRS, &names), 0);
	has = names.n > 0;
	kern_names_free(&names);
	return has;
}

static ssize_t remove_node(struct fake *f, const struct ofdt_cmd *cmd)
{
	char path[512];

	snprintf(path, sizeof(path), DT "%.*s", (int)cmd->path.len, cmd->path.s);
	if (!exists(f, path))
		return -ENODEV;
	if (has_children(f, path))
		return -EBUSY;
	fake_remove(f, path);
	return 0;
}

static ssize_t write_ofdt(struct fake *f, const void *buf, size_t len)
{
	struct ofdt_cmd cmd;
	int err = ofdt_cmd_parse(&cmd, buf, len);
	bool is_add = cmd.verb == OFDT_ADD_NODE;

	if (err)
		return err;
	assert_true(is_add || cmd.verb == OFDT_REMOVE_NODE);
	if (note(f, 0, is_add ? "add_node" : "remove_node"))
		return f->fail_with;
	err = (int)(is_add ? add_node(f, &cmd) : remove_node(f, &cmd));
	return err ? err : (ssize_t)len;
}

/* Writes a fragment below the host bridge as files. */
static void attach_fragment(struct fake *f, const void *fdt, int node, const char *parent)
{
	char path[512], file[1024];
	int prop, child, len;
	const char *name;

	snprintf(path, sizeof(path), "%s/%s", parent, fdt_get_name(fdt, node, NULL));
	mkdirat(f->root.fd, path, 0755);
	fdt_for_each_property_offset(prop, fdt, node) {
		const void *value = fdt_getprop_by_offset(fdt, prop, &name, &len);

		snprintf(file, sizeof(file), "%s/%s", path, name);
		fake_file(f, file, value, (size_t)len);
	}
	fdt_for_each_subnode(child, fdt, node)
		attach_fragment(f, fdt, child, path);
}

static void node_path(const struct fake *f, const struct fake_drc *d, char *path,
		      size_t size)
{
	(void)f;
	snprintf(path, size, DT PHB "/%s",
		 fdt_get_name(d->frag.fdt, fdt_frag_top(&d->frag), NULL));
}

static ssize_t write_dlpar(struct fake *f, const char *buf, size_t len)
{
	char path[512], verb[8];
	struct fake_drc *d;
	uint32_t index;

	assert_int_equal(sscanf(buf, "dt %7s index %x", verb, &index), 2);
	d = by_index(f, index);
	if (!strcmp(verb, "add")) {
		if (note(f, index, "dt-add"))
			return f->fail_with;
		if (f->dt_add_errno)
			return -f->dt_add_errno;
		if (!d || d->state == FAKE_POWERON)
			return -EIO;
		attach_fragment(f, d->frag.fdt, fdt_frag_top(&d->frag), DT PHB);
		d->state = FAKE_CONFIGURED;
		return (ssize_t)len;
	}
	if (note(f, index, "dt-remove"))
		return f->fail_with;
	node_path(f, d, path, sizeof(path));
	fake_remove(f, path);
	return (ssize_t)len;
}

/* --- kernel: PCI ------------------------------------------------------------------------ */

static void make_device(struct fake *f, int bus, int devfn, const char *node)
{
	char link[256], target[1024];

	snprintf(link, sizeof(link), DEVICES "/0000:%02x:%02x.%x/of_node", bus,
		 devfn >> 3, devfn & 7);
	snprintf(target, sizeof(target), "../../../../firmware/devicetree/base%s", node);
	fake_link(f, link, target);
}

static void make_bus(struct fake *f, int bus, const char *node)
{
	char link[256], target[1024];

	snprintf(link, sizeof(link), BUSES "/0000:%02x/of_node", bus);
	snprintf(target, sizeof(target), "../../../firmware/devicetree/base%s", node);
	fake_link(f, link, target);
}

static void scan(struct fake *f, int bus, const char *node, bool knows_bridges);

/* A node on this bus: a function appears when it is new, its number fits the bus and
 * function 0 is there. */
static void scan_node(struct fake *f, int bus, const char *node, int reg_bus, int devfn,
		      bool is_bridge, bool knows_bridges)
{
	char address[64], function0[64], behind[64];

	snprintf(address, sizeof(address), "0000:%02x:%02x.%x", bus, devfn >> 3,
		 devfn & 7);
	snprintf(function0, sizeof(function0), "0000:%02x:%02x.0", bus, devfn >> 3);
	snprintf(behind, sizeof(behind), BUSES "/0000:%02x", bus + 1);
	if (reg_bus == bus && !fake_has_device(f, address) &&
	    (!(devfn & 7) || fake_has_device(f, function0))) {
		make_device(f, bus, devfn, node);
		if (is_bridge && knows_bridges)
			make_bus(f, bus + 1, node);
	}
	if (is_bridge && exists(f, behind))
		scan(f, bus + 1, node, knows_bridges);
}

/* As Linux does it. The slot driver's own scan makes ordinary devices of new bridges, with
 * no bus behind them. */
static void scan(struct fake *f, int bus, const char *node, bool knows_bridges)
{
	struct kern_names names;
	char path[512];

	snprintf(path, sizeof(path), DT "%s", node);
	if (f->no_rescan || kern_list(&f->root, path, KERN_LIST_DIRS, &names))
		return;
	for (size_t i = 0; i < names.n; i++) {
		char child[600];
		struct prop reg;

		snprintf(child, sizeof(child), "%s/%s", node, names.name[i]);
		if (prop_read(&f->root, child, "reg", &reg))
			continue;
		scan_node(f, bus, child, (uint8_t)reg.data[1], (uint8_t)reg.data[2],
			  !strncmp(names.name[i], "pci@", 4), knows_bridges);
		prop_free(&reg);
	}
	kern_names_free(&names);
}

static ssize_t rescan(struct fake *f, const char *path, size_t len)
{
	char object[256], node[512];
	int bus;

	if (note(f, 0, "rescan"))
		return f->fail_with;
	assert_int_equal(sscanf(path, BUSES "/0000:%x", &bus), 1);
	snprintf(object, sizeof(object), BUSES "/0000:%02x", bus);
	assert_int_equal(sysfs_of_node(&f->root, object, node, sizeof(node)), 0);
	scan(f, bus, node, true);
	return (ssize_t)len;
}

static ssize_t remove_device(struct fake *f, const char *path, size_t len)
{
	char dir[256], bus[64], object[128], node[512];

	if (note(f, 0, "remove"))
		return f->fail_with;
	if (f->never_lets_go)
		return -ETIMEDOUT;
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	if (!exists(f, dir))
		return -ENOENT;
	if (!sysfs_of_node(&f->root, dir, node, sizeof(node)))
		for (int n = 1; n < 4; n++) { /* a bridge takes its bus along */
			char of_node[512];

			snprintf(object, sizeof(object), BUSES "/0000:%02x", n);
			if (sysfs_of_node(&f->root, object, of_node, sizeof(of_node)) ||
			    strcmp(of_node, node) != 0)
				continue;
			fake_remove(f, object);
			snprintf(bus, sizeof(bus), DEVICES "/0000:%02x:01.0", n);
			fake_remove(f, bus);
			snprintf(bus, sizeof(bus), DEVICES "/0000:%02x:02.0", n);
			fake_remove(f, bus);
		}
	fake_remove(f, dir);
	return (ssize_t)len;
}

static ssize_t switch_slot(struct fake *f, const char *path, char value, size_t len)
{
	char adapter[256];

	if (note(f, 0, "slot=%c", value))
		return f->fail_with;
	snprintf(adapter, sizeof(adapter), "%.*s/adapter",
		 (int)(strrchr(path, '/') - path), path);
	if (value == '1') {
		scan(f, 0, PHB, false);
		fake_text(f, adapter, "1\n");
	} else {
		/* a real kernel would take every device of the bus along */
		assert_false(has_children(f, DEVICES));
		fake_text(f, adapter, "2\n");
	}
	return (ssize_t)len;
}

static ssize_t take(struct fake *f, const char *path, const void *buf, size_t len)
{
	const char *file = strrchr(path, '/') + 1;

	if (!strcmp(path, "proc/ppc64/ofdt"))
		return write_ofdt(f, buf, len);
	if (!strcmp(path, "sys/kernel/dlpar"))
		return write_dlpar(f, buf, len);
	if (!strcmp(file, "rescan"))
		return rescan(f, path, len);
	if (!strcmp(file, "remove") && strncmp(path, DEVICES, strlen(DEVICES)) == 0)
		return remove_device(f, path, len);
	if (!strcmp(file, "power"))
		return switch_slot(f, path, *(const char *)buf, len);
	fail_msg("a write to %s", path);
	return -EIO;
}

static ssize_t fake_write(const struct kern_root *root, const char *path, const void *buf,
			  size_t len, const struct deadline *dl)
{
	struct fake *f = root->priv;
	ssize_t n;

	(void)dl;
	moment(f);
	n = take(f, path, buf, len);
	moment(f);
	return n;
}

/* --- reports ------------------------------------------------------------------------------ */

static void on_step(void *priv, const struct dr_step *step)
{
	(void)priv;
	(void)step;
}

static int on_ask(void *priv, enum dr_prompt prompt, const char *slot)
{
	struct fake *f = priv;
	size_t used = strlen(f->asked);

	(void)slot;
	f->asked[used] = "INSMR"[prompt];
	if (!f->answers || !*f->answers)
		return 0;
	return *f->answers == 'i' ? -EINTR : *f->answers++ == 'y';
}

static void on_partner(void *priv, const char *slot, const char *partner)
{
	(void)priv;
	(void)slot;
	(void)partner;
}

static void on_warning(void *priv, const char *text)
{
	struct fake *f = priv;

	strncat(f->warnings, text, sizeof(f->warnings) - strlen(f->warnings) - 1);
}

/* --- the machine ---------------------------------------------------------------------------- */

static void put_lists(struct fake *f, const char *node, const struct drc *drcs,
		      uint32_t n)
{
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint8_t bytes[512];
		struct builder b = builder_of(bytes, sizeof(bytes));
		char path[512];

		drc_list_put(&b, (enum drc_list_prop)i, drcs, n);
		assert_true(builder_fits(&b));
		snprintf(path, sizeof(path), DT "%s/%s", node, drc_list_prop_names[i]);
		fake_file(f, path, bytes, b.len);
	}
}

void fake_add_slot(struct fake *f, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "sys/bus/pci/slots/%s/power", name);
	fake_text(f, path, "100\n");
	snprintf(path, sizeof(path), "sys/bus/pci/slots/%s/adapter", name);
	fake_text(f, path, "0\n");
	snprintf(path, sizeof(path), "sys/bus/pci/slots/%s/address", name);
	fake_text(f, path, "0000:00\n");
}

static void open_context(struct fake *f)
{
	const struct rtas_transport transport = {
		.call = call, .rmo_get = rmo_get, .rmo_put = rmo_put, .priv = f
	};

	log_init(&f->log, "test", LEVEL_ALWAYS);
	engine_init(&f->engine, &transport, &f->root);
	f->root.write = fake_write;
	f->root.priv = f;
	f->dr = (struct dr_ctx){
		.root = &f->root,
		.engine = &f->engine,
		.log = &f->log,
		.report = { on_step, on_ask, on_partner, on_warning, f },
		.backend = &apply_ofdt,
		.limit = deadline_never(),
		.stop_fd = -1,
	};
}

struct fake *fake_new(void)
{
	static const uint32_t devfns[] = { 8, 9, 16, 24, 25, 48 };
	struct fake *f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct drc drcs[COUNT(devfns)];
	char path[128];

	assert_ptr_not_equal(f, MAP_FAILED);
	snprintf(f->dir, sizeof(f->dir), "/tmp/fake-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(kern_root_open(&f->root, f->dir), 0);
	f->fail_cc_nth = -1;

	for (size_t i = 0; i < COUNT(devfns); i++) {
		struct fake_drc *d = &f->drc[f->n++];

		d->index = 0x40000000 | devfns[i];
		d->type = "28";
		snprintf(d->name, sizeof(d->name), "C%u", devfns[i]);
		drcs[i] = (struct drc){ d->index, d->index, d->name, d->type };
	}
	for (size_t i = 0; i < COUNT(token_names); i++) {
		uint8_t token[4] = { 0, 0, 0, (uint8_t)(i + 1) };

		snprintf(path, sizeof(path), DT "/rtas/%s", token_names[i]);
		fake_file(f, path, token, 4);
	}
	fake_file(f, DT "/device_type", "chrp", 5);
	put_lists(f, PHB, drcs, COUNT(devfns));
	fake_text(f, "proc/ppc64/ofdt", "");
	fake_text(f, "proc/sys/kernel/random/boot_id", "this-boot\n");
	fake_text(f, "run/.keep", "");
	fake_text(f, DEVICES "/.keep", "");
	make_bus(f, 0, PHB);
	open_context(f);
	return f;
}

void fake_free(struct fake *f)
{
	assert_int_equal(f->areas, 0);
	fake_remove(f, "");
	for (size_t i = 0; i < f->n; i++)
		fdt_frag_free(&f->drc[i].frag);
	kern_root_close(&f->root);
	munmap(f, sizeof(*f));
}

static void add_words(struct fdt_frag *frag, const char *const *words)
{
	for (; words && *words; words++) {
		const char *colon = strchr(*words, ':');
		char name[64];
		struct cc_item item = { .name = name };

		if (colon) {
			snprintf(name, sizeof(name), "%.*s", (int)(colon - *words),
				 *words);
			item.status = CC_PROPERTY;
			item.value = (const uint8_t *)colon + 1;
			item.len = (uint32_t)strlen(colon + 1);
		} else {
			item.status = **words == '>'   ? CC_CHILD
				      : **words == '=' ? CC_SIBLING
						       : CC_PARENT;
			snprintf(name, sizeof(name), "%s", *words + 1);
		}
		assert_int_equal(fdt_frag_add(frag, &item), 0);
	}
}

static void put(struct fdt_frag *frag, const char *name, const void *value, size_t len)
{
	const struct cc_item item = { CC_PROPERTY, name, value, (uint32_t)len };

	assert_int_equal(fdt_frag_add(frag, &item), 0);
}

static void begin(struct fdt_frag *frag, const char *name)
{
	assert_int_equal(
		fdt_frag_add(frag, &(struct cc_item){ .status = CC_CHILD, .name = name }),
		0);
}

static void put_card(struct fdt_frag *frag, const char *node, uint32_t drc_index, int bus)
{
	const uint8_t index[4] = { (uint8_t)(drc_index >> 24), (uint8_t)(drc_index >> 16),
				   (uint8_t)(drc_index >> 8), (uint8_t)drc_index };
	const uint8_t reg[20] = { 0, (uint8_t)bus, (uint8_t)drc_index };

	begin(frag, node);
	put(frag, "reg", reg, sizeof(reg));
	put(frag, "ibm,my-drc-index", index, sizeof(index));
	put(frag, "ibm,loc-code", "loc", 4);
}

static void plug(struct fake *f, struct fake_drc *d)
{
	if (!f->first)
		f->first = d->index;
	d->is_present = true;
	fdt_frag_free(&d->frag);
	assert_int_equal(fdt_frag_init(&d->frag), 0);
}

void fake_plug(struct fake *f, const char *name, const char *node,
	       const char *const *words)
{
	struct fake_drc *d = fake_drc(f, name);

	plug(f, d);
	put_card(&d->frag, node, d->index, 0);
	add_words(&d->frag, words);
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
}

void fake_plug_bridge(struct fake *f)
{
	struct fake_drc *bridge = fake_drc(f, "C48"), *behind = &f->drc[f->n++];
	const struct drc drc = { 0x40000110, 0x40000110, "C272", "28" };

	behind->index = drc.index;
	behind->type = "28";
	snprintf(behind->name, sizeof(behind->name), "C272");

	plug(f, bridge);
	put_card(&bridge->frag, "pci@6", bridge->index, 0);
	put(&bridge->frag, "class-code", "\0\x06\x04", 4);
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint8_t bytes[64];
		struct builder b = builder_of(bytes, sizeof(bytes));

		drc_list_put(&b, (enum drc_list_prop)i, &drc, 1);
		put(&bridge->frag, drc_list_prop_names[i], bytes, b.len);
	}
	/* the bridge has no bus number yet: the card behind it is on bus 0 as well */
	put_card(&bridge->frag, "ethernet@2", drc.index, 0);
	assert_int_equal(fdt_frag_finish(&bridge->frag), 0);

	plug(f, behind);
	put_card(&behind->frag, "ethernet@2", drc.index, 1);
	assert_int_equal(fdt_frag_finish(&behind->frag), 0);
}

void fake_configure(struct fake *f, const char *name)
{
	struct fake_drc *d = fake_drc(f, name);

	d->state = FAKE_CONFIGURED;
	d->led = 1;
	d->power = 100;
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	attach_fragment(f, d->frag.fdt, fdt_frag_top(&d->frag), DT PHB);
	scan(f, 0, PHB, true);
}

static void list_tree(const struct fake *f, FILE *to, const char *path)
{
	struct kern_names names;

	if (kern_list(&f->root, path, KERN_LIST_ALL, &names)) { /* a file or a link */
		char *bytes = NULL;
		size_t len = 0;
		uint32_t sum = 0;

		kern_read(&f->root, path, &bytes, &len);
		for (size_t i = 0; i < len; i++)
			sum = sum * 31 + (uint8_t)bytes[i];
		fprintf(to, "%s %zu %08x\n", path, len, sum);
		free(bytes);
	} else {
		fprintf(to, "%s/\n", path);
	}
	for (size_t i = 0; i < names.n; i++) {
		char child[1024];

		snprintf(child, sizeof(child), "%s/%s", path, names.name[i]);
		list_tree(f, to, child);
	}
	kern_names_free(&names);
}

char *fake_snapshot(const struct fake *f)
{
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);

	list_tree(f, to, DT);
	list_tree(f, to, DEVICES);
	list_tree(f, to, BUSES);
	for (size_t i = 0; i < f->n; i++)
		fprintf(to, "%s state %d led %d power %d\n", f->drc[i].name,
			f->drc[i].state, f->drc[i].led, f->drc[i].power);
	fclose(to);
	return text;
}

void fake_assert_unchanged(const struct fake *f, char *before)
{
	char *after = fake_snapshot(f);

	assert_string_equal(after, before);
	free(before);
	free(after);
}
