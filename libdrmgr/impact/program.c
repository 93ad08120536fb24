// SPDX-License-Identifier: LGPL-2.1-or-later
/* Programs that have files of lost devices open. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libdrmgr/impact/search.h"
#include "kern/open_devices.h"
#include "kern/sysfs.h"

/* Programs whose open files are no use, if root runs them: they close the device when it is
 * removed. */
static const struct {
	const char *name;
	bool is_for_paths; /* of a multipath device only */
} own_programs[] = {
	{ "drmgr", false },	{ "papr-eventd", false }, { "systemd-udevd", false },
	{ "udevadm", false }, /* the udevd of systemd 252 and newer */
	{ "multipathd", true },
};

/* Programs drive functions through these files. */
static const struct {
	const char *in_path, *dir;
} driver_files[] = {
	{ "/vfio-dev/", "/dev/vfio/devices/" },
	{ "/vfio/", "/dev/vfio/" },
	{ "/uio/", "/dev/" },
};

/* A device file that was found open: of a lost device, or another one. */
struct open_file {
	bool is_block;
	unsigned int major, minor;
	const char *name; /* NULL: not of a lost device */
	const char *through;
	bool is_path, is_driver, is_unsure;
	int pid, n; /* the first program, and how many have it open */
};

struct programs {
	struct impact_search *s;
	struct open_file *list;
	size_t n;
};

static void open_find_block(struct impact_search *s, struct open_file *d)
{
	for (size_t i = 0; (i = search_next_lost(s, THING_BLOCK, i));) {
		const struct thing *t = &s->things[i];

		if (t->major != d->major || t->minor != d->minor)
			continue;
		d->name = d->through = t->chain;
		d->is_path = t->is_path;
		d->is_unsure = t->is_unsure;
		return;
	}
}

/* NVIDIA's own driver has files that sysfs does not know. Source: its README on /proc. */
static void open_find_nvidia(struct impact_search *s, struct open_file *d)
{
	enum { NVIDIA_MAJOR = 195 };
	char *text, *at;
	size_t len;
	unsigned int minor;

	for (size_t i = 0; d->major == NVIDIA_MAJOR && !d->name && i < s->n_paths; i++) {
		const char *path =
			mem_text(s->mem, "proc/driver/nvidia/gpus/%s/information",
				 s->paths[i].name);

		if (kern_read(s->dr->root, path, &text, &len))
			continue;
		at = strstr(text, "Device Minor:");
		if (at && sscanf(at, "Device Minor: %u", &minor) == 1 &&
		    minor == d->minor)
			d->name = mem_text(s->mem, "nvidia%u", minor);
		free(text);
	}
}

/* sysfs does not link hvcN and /dev/hwrng to their virtio device: another device with the
 * driver may have it. hvc0 and the next ones are terminals of the hypervisor, unless these
 * came later. Sources: Linux drivers/tty/hvc/hvc_console.c, drivers/char/hw_random/core.c */
static void open_find_virtio(struct impact_search *s, struct open_file *d)
{
	enum { HVC_MAJOR = 229, MISC_MAJOR = 10, HWRNG_MINOR = 183 };
	bool is_hvc = d->major == HVC_MAJOR && d->minor >= terminals_count(s, false);
	const char *dir = is_hvc ? "sys/bus/virtio/drivers/virtio_console"
				 : "sys/bus/virtio/drivers/virtio_rng";
	_cleanup_names_ struct kern_names names = { 0 };
	bool is_lost = false;
	char target[PATH_MAX];

	if (!is_hvc && (d->major != MISC_MAJOR || d->minor != HWRNG_MINOR))
		return;
	search_list(s, &names, KERN_LIST_ALL, "%s", dir);
	for (size_t i = 0; i < names.n; i++)
		if (!strncmp(names.name[i], "virtio", 6) &&
		    !sysfs_link(s->dr->root, target, sizeof(target), "%s/%s", dir,
				names.name[i])) {
			bool is_below = search_below(s, target);

			is_lost |= is_below;
			d->is_unsure |= !is_below;
		}
	if (is_lost)
		d->name = is_hvc ? mem_text(s->mem, "hvc%u", d->minor) : "hwrng";
}

static void open_find_node(struct impact_search *s, struct open_file *d)
{
	char target[PATH_MAX];
	const char *device, *name;

	if (sysfs_link(s->dr->root, target, sizeof(target) - 1, "sys/dev/char/%u:%u",
		       d->major, d->minor))
		*target = '\0';
	device = search_below(s, mem_text(s->mem, "%s/", target));
	if (!device) {
		open_find_nvidia(s, d);
		open_find_virtio(s, d);
		d->through = d->name;
		return;
	}
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	d->name = d->through = mem_copy(s->mem, name);
	for (size_t i = 0; i < ARRAY_SIZE(driver_files) && !d->is_driver; i++) {
		d->is_driver = strstr(target, driver_files[i].in_path) != NULL;
		if (d->is_driver) {
			d->name = mem_text(s->mem, "%s%s", driver_files[i].dir, name);
			d->through = device;
		}
	}
}

static struct open_file *open_find(struct programs *p, const struct open_file *like)
{
	struct open_file *d = p->list;

	for (size_t i = 0; i < p->n; i++, d++)
		if (d->is_block == like->is_block && d->major == like->major &&
		    d->minor == like->minor)
			return d;
	d = vec_add(p->s->mem, p->list, p->n);
	*d = *like;
	if (d->is_block)
		open_find_block(p->s, d);
	else
		open_find_node(p->s, d);
	return d;
}

static bool program_is_own(const struct impact_search *s, int pid, bool is_path)
{
	struct stat st;
	char path[32], name[256];

	snprintf(path, sizeof(path), "proc/%d", pid);
	if (kern_lstat(s->dr->root, path, &st) || st.st_uid != geteuid() ||
	    sysfs_link_name(s->dr->root, name, sizeof(name), "proc/%d/exe", pid))
		return false;
	name[strcspn(name, " ")] = '\0'; /* " (deleted)" after an update */
	for (size_t i = 0; i < ARRAY_SIZE(own_programs); i++)
		if (!strcmp(name, own_programs[i].name))
			return is_path || !own_programs[i].is_for_paths;
	return false;
}

static int program_on_open(void *to, int pid, bool is_block, unsigned int major,
			   unsigned int minor)
{
	const struct open_file like = { .is_block = is_block,
					.major = major,
					.minor = minor };
	struct programs *p = to;
	struct open_file *d = open_find(p, &like);

	if (d->name && !program_is_own(p->s, pid, d->is_path) && !d->n++)
		d->pid = pid;
	return mem_check(p->s->mem);
}

static void program_report(struct impact_search *s, const struct open_file *d)
{
	char comm[64];

	if (sysfs_text(s->dr->root, comm, sizeof(comm), "proc/%d/comm", d->pid))
		snprintf(comm, sizeof(comm), "?");
	search_report(s, &(struct dr_impact){
				 .kind = d->is_driver ? IMPACT_USER_DRIVER : IMPACT_OPEN,
				 .what = d->is_driver ? d->name : mem_copy(s->mem, comm),
				 .through = d->through,
				 .is_unsure = d->is_unsure,
				 .pid = d->pid });
}

void programs_search(struct impact_search *s)
{
	const struct open_facts *open = s->dr->open;
	struct programs p = { .s = s };
	int err;

	if (!open || !s->has_number)
		return;
	err = open->visit(open->priv, s->dr->root, program_on_open, &p);
	if (err == -ENOMEM)
		mem_fail(s->mem);
	for (size_t i = 0; i < p.n; i++)
		if (p.list[i].n)
			program_report(s, &p.list[i]);
	if (err)
		search_report(s, &(struct dr_impact){ .kind = IMPACT_OPEN,
						      .what = "programs",
						      .through = s->paths[0].name,
						      .is_unsure = true });
}
