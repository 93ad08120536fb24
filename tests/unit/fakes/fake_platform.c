// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/mman.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/impact/impact.h"
#include "tests/unit/fakes/fake_parts.h"
#include "wire/drc_list.h"

static const char *const token_names[] = {
	"set-indicator",
	"get-sensor-state",
	"set-power-level",
	"ibm,configure-connector",
};

static ssize_t take(struct fake *f, const char *path, const void *buf, size_t len)
{
	ssize_t n;

	if (!strcmp(path, "proc/ppc64/ofdt"))
		return fake_write_ofdt(f, buf, len);
	if (!strcmp(path, "proc/device-tree-overlay"))
		return fake_write_overlay(f, buf, len);
	if (!strcmp(path, "sys/kernel/dlpar"))
		return fake_write_dlpar(f, buf, len);
	if (!strcmp(strrchr(path, '/') + 1, "update_total_credits"))
		return fake_note(f, 0, "credits=%.*s", (int)len, (const char *)buf)
			       ? f->fail_with
			       : (ssize_t)len;
	n = fake_write_pci(f, path, buf, len);
	if (n != -EXDEV)
		return n;
	if (f->take) {
		char *text = strndup(buf, len);

		n = f->take(f, path, text);
		free(text);
		return n;
	}
	fail_msg("a write to %s", path);
	return -EIO;
}

static ssize_t fake_write(const struct kern_root *root, const char *path, const void *buf,
			  size_t len, const struct deadline *dl)
{
	struct fake *f = root->priv;
	ssize_t n;

	(void)dl;
	fake_moment(f);
	f->is_late = false;
	n = take(f, path, buf, len);
	fake_moment(f);
	return n >= 0 && f->is_late ? f->fail_with : n;
}

static void on_step(void *priv, const struct dr_step *step)
{
	struct fake *f = priv;
	size_t used = strlen(f->other_steps);

	if (step->index)
		snprintf(f->other_steps + used, sizeof(f->other_steps) - used,
			 "0x%08x %s ", step->index, step->op);
}

static int on_prompt(void *priv, enum dr_prompt prompt, const char *slot)
{
	struct fake *f = priv;
	size_t used = strlen(f->asked);

	(void)slot;
	f->asked[used] = "INSMR"[prompt];
	if (!f->answers || !*f->answers)
		return -ENODATA;
	return *f->answers == 'i' ? -EINTR : *f->answers++ == 'y';
}

static void on_partner(void *priv, const char *slot, const char *partner)
{
	(void)priv;
	(void)slot;
	(void)partner;
}

static void on_phb_partner(void *priv, const char *phb, const char *partner)
{
	struct fake *f = priv;
	size_t used = strlen(f->partners);

	snprintf(f->partners + used, sizeof(f->partners) - used, "%s+%s; ", phb,
		 partner ? partner : "-");
}

static void on_warning(void *priv, const char *text)
{
	struct fake *f = priv;

	strncat(f->warnings, text, sizeof(f->warnings) - strlen(f->warnings) - 1);
}

/* "mount /: vda2; ", with a mark before a fatal use or one that only degrades. Of an unknown
 * need: "!mount /: pool (zfs), or vda2; ". */
static void on_impact(void *priv, const struct dr_impact *impact)
{
	struct fake *f = priv;
	size_t used = strlen(f->impacts);

	snprintf(f->impacts + used, sizeof(f->impacts) - used, "%s%s %s: %s%s%s; ",
		 impact->is_fatal      ? "!"
		 : impact->is_degraded ? "~"
		 : impact->is_unsure   ? "?"
		 : impact->is_note     ? "-"
				       : "",
		 impact_kind_name(impact->kind), impact->what, impact->through,
		 impact->carrier.name ? ", or " : "",
		 impact->carrier.name ? impact->carrier.name : "");
}

void fake_put_lists(struct fake *f, const char *node, const struct drc *drcs, uint32_t n)
{
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint8_t bytes[512];
		struct builder b = builder_of(bytes, sizeof(bytes));
		char path[512];

		drc_list_encode(&b, (enum drc_list_prop)i, drcs, n);
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
	const struct rtas_transport transport = fake_firmware(f);

	engine_init(&f->engine, &transport, &f->root);
	f->root.write = fake_write;
	f->root.unread = &f->unread;
	f->root.priv = f;
	f->dr = (struct dr_ctx){
		.root = &f->root,
		.engine = &f->engine,
		.log = &f->log,
		.report = { .step = on_step,
			    .prompt = on_prompt,
			    .partner = on_partner,
			    .phb_partner = on_phb_partner,
			    .warning = on_warning,
			    .impact = on_impact,
			    .priv = f },
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
		d->parent = PHB;
		snprintf(d->name, sizeof(d->name), "C%u", devfns[i]);
		drcs[i] = (struct drc){ d->index, d->index, d->name, d->type };
	}
	for (size_t i = 0; i < COUNT(token_names); i++) {
		uint8_t token[4] = { 0, 0, 0, (uint8_t)(i + 1) };

		snprintf(path, sizeof(path), DT "/rtas/%s", token_names[i]);
		fake_file(f, path, token, 4);
	}
	fake_file(f, DT "/device_type", "chrp", 5);
	fake_put_lists(f, PHB, drcs, COUNT(devfns));
	fake_text(f, "proc/ppc64/ofdt", "");
	fake_text(f, "proc/sys/kernel/random/boot_id", "this-boot\n");
	fake_text(f, "run/.keep", "");
	fake_text(f, DEVICES "/.keep", "");
	fake_text(f, VIRTUAL "/.keep", "");
	f->mem = calloc(1, sizeof(*f->mem));
	assert_non_null(f->mem);
	fake_make_bus(f, 0, PHB);
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
	mem_end(f->mem);
	free(f->mem);
	munmap(f, sizeof(*f));
}
