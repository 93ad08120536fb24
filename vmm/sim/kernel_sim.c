// SPDX-License-Identifier: GPL-2.0-or-later
/* Boot, the log, and files that belong to no other part. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/host_fault.h"
#include "vmm/sim/kernel.h"
#include "wire/cas.h"
#include "wire/hcall.h"

enum {
	MIB = 1 << 20,
	TREE_AT = 64 * MIB, /* unused memory */
	CAS_REPLY_BYTES = 16 * MIB,
	TERM_CHARS = 16, /* per H_PUT_TERM_CHAR */
};

size_t kernel_page(const struct kernel *k)
{
	return k->profile == KERNEL_6_1 ? 65536 : 4096;
}

struct pfs_node *kernel_attr(struct kernel *k, struct pfs_node *dir, const char *name,
			     mode_t mode, const struct pfs_ops *ops, void *priv)
{
	struct pfs_node *file = pfs_file(dir, name, mode, ops, priv);

	if (file)
		file->shown_size = kernel_page(k);
	return file;
}

static int value_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%d\n", *(const int32_t *)file->priv);
	return 0;
}

void kernel_value(struct kernel *k, struct pfs_node *dir, const char *name,
		  const uint32_t *value)
{
	static const struct pfs_ops ops = { .show = value_show };

	kernel_attr(k, dir, name, 0444, &ops, (void *)(uintptr_t)value);
}

bool kernel_locked_down(const struct kernel *k)
{
	return k->lockdown && strcmp(k->lockdown, "none") != 0;
}

static int open_of(const struct kernel *k, pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	return k->proc_fd < 0 ? -1 : openat(k->proc_fd, path, O_RDONLY | O_CLOEXEC);
}

/* Return the inode number of the thread's user namespace, or 0 if unknown. */
static ino_t user_ns_of(const struct kernel *k, pid_t pid)
{
	struct stat st;
	int fd = open_of(k, pid, "ns/user");
	ino_t ino = fd >= 0 && !fstat(fd, &st) ? st.st_ino : 0;

	if (fd >= 0)
		close(fd);
	return ino;
}

bool kernel_capable(const struct kernel *k, pid_t pid, int capability)
{
	static const char key[] = "CapEff:";
	int fd = open_of(k, pid, "status");
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	unsigned long long set = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, sizeof(key) - 1))
			set = strtoull(line + sizeof(key) - 1, NULL, 16);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return set >> capability & 1 && k->user_ns && user_ns_of(k, pid) == k->user_ns;
}

struct access {
	const struct kernel *k;
	const struct pfs_node *file;
	const char *kind; /* "read:" or "write:" */
};

/* Return true if the fault is for this access to this file. The path is resolved, because a
 * file has many paths. */
static bool is_accessed(const char *what, void *arg)
{
	const struct access *a = arg;
	size_t len = strlen(a->kind);

	return !strncmp(what, a->kind, len) &&
	       pfs_resolve(a->k->root, what + len) == a->file;
}

int kernel_file_fault(struct kernel *k, struct pfs_node *file, bool is_write)
{
	struct access a = { k, file, is_write ? "write:" : "read:" };

	return host_fault_hit_any(k->host, is_accessed, &a);
}

static void put_term(struct kernel *k, const char *text, size_t len)
{
	uint64_t args[PAPR_HCALL_ARGS];
	size_t part;

	for (; len; text += part, len -= part) {
		memset(args, 0, sizeof(args));
		part = len < TERM_CHARS ? len : TERM_CHARS;
		args[1] = part;
		for (size_t i = 0; i < part; i++)
			args[2 + i / 8] |= (uint64_t)(uint8_t)text[i]
					   << (56 - 8 * (i % 8));
		if (papr_vmm_hcall(k->host->vmm, k->caller, H_PUT_TERM_CHAR, args) !=
		    H_SUCCESS)
			return;
	}
}

void kernel_print(struct kernel *k, const char *format, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0)
		return;
	put_term(k, text, (size_t)len);
	put_term(k, "\n", 1);
	kmsg_keep(k, text);
	free(text);
}

void kernel_oops(struct kernel *k, const char *what)
{
	k->warned = true;
	kernel_print(k, "Oops: the real kernel crashes here: %s", what);
}

/* Write the vectors by which Linux describes itself, as far as machines read them. */
static void linux_vectors(struct builder *b)
{
	static const struct cas_pvr pvrs[] = {
		{ 0xffff0000, 0x004d0000 },	   { 0xffff0000, 0x004e0000 },
		{ 0xffff0000, 0x00800000 },	   { 0xffffffff, CAS_PVR_3_10 },
		{ 0xffffffff, CAS_PVR_3_00 },	   { 0xffffffff, CAS_PVR_2_07 },
		{ 0xffffffff, CAS_PVR_2_06_PLUS },
	};
	static const unsigned int bits[] = {
		OV5_DRCONF_MEMORY, OV5_FORM1_AFFINITY, OV5_FORM2_AFFINITY,
		OV5_HP_EVT,	   OV5_HPT_RESIZE,     OV5_DRMEM_V2,
		OV5_DRC_INFO,	   OV5_XIVE_EXPLOIT,   OV5_MMU_RADIX,
		OV5_RADIX_GTSE,
	};
	uint8_t one[3] = { 0, 0, 0 }, five[26] = { 0 };
	static const uint8_t ignored[2] = { 0x80, 0 };

	cas_set(one, OV1_PPC_3_00);
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		cas_set(five, bits[i]);
	five[1] |= 0x80 | 0x40 | 0x10 | 0x02 | 0x01;
	cas_encode_pvrs(b, pvrs, sizeof(pvrs) / sizeof(*pvrs));
	cas_encode_count(b, 5);
	cas_encode_vector(b, one, sizeof(one));
	for (int i = 0; i < 3; i++)
		cas_encode_vector(b, ignored, sizeof(ignored));
	cas_encode_vector(b, five, sizeof(five));
}

/* Negotiate the options. If the machine fails the call or lacks it, boot continues. */
static void negotiate(struct kernel *k)
{
	uint64_t args[PAPR_HCALL_ARGS] = { k->work_area, TREE_AT, CAS_REPLY_BYTES };
	struct builder b = builder_of(kernel_work_area(k), WORK_BYTES);
	int64_t status;

	linux_vectors(&b);
	status = papr_vmm_hcall(k->host->vmm, k->caller, KVMPPC_H_CAS, args);
	if (status)
		kernel_print(k, "ibm,client-architecture-support: %lld",
			     (long long)status);
}

/* Pass the kernel's tree to the machine, as firmware does in its last step. The machine
 * reads the phandles from it. */
static void show_tree(struct kernel *k)
{
	uint64_t args[PAPR_HCALL_ARGS] = { TREE_AT };
	size_t bytes;
	const void *fdt = papr_vmm_fdt(k->host->vmm, &bytes);
	int64_t status;

	if (k->host->memory_bytes < TREE_AT || bytes > k->host->memory_bytes - TREE_AT)
		return;

	memcpy(k->host->memory + TREE_AT, fdt, bytes);
	status = papr_vmm_hcall(k->host->vmm, k->caller, KVMPPC_H_UPDATE_DT, args);
	if (status)
		kernel_print(k, "firmware: update of the tree: %lld", (long long)status);
}

/* Lay out the memory. RTAS and its window are at the top of what real mode reaches. Linux
 * 6.1 and later kernels differ in what they place in between. */
static void lay_out(struct kernel *k)
{
	uint64_t gib = 1ULL << 30, bytes = k->host->memory_bytes;

	k->rma_top = bytes < gib ? bytes : gib;
	k->rmo_base = k->rma_top - (k->profile == KERNEL_6_1 ? 0x40000 : 0x20000);
	k->work_area = k->rma_top - 0x80000;
}

static bool is_scsi(const struct dt_node *n)
{
	uint32_t vendor, device;

	return ktree_is_called(n, "v-scsi") ||
	       (ktree_u32(n, "vendor-id", &vendor) && vendor == 0x1af4 &&
		ktree_u32(n, "device-id", &device) &&
		(device == 0x1004 || device == 0x1048));
}

/* Add the node for all disks of a SCSI adapter, which firmware makes while it looks for a boot
 * disk. Adapters that are plugged later have none. */
static int add_disk_nodes(struct kernel *k)
{
	const char *name = k->no_qemu ? "ibm,phandle" : "phandle";
	uint8_t cell[4];
	uint32_t handle = 0;
	struct dt_node *disk;
	struct builder b;

	for (struct dt_node *n = k->tree; n; n = ktree_next(k->tree, n)) {
		if (!is_scsi(n))
			continue;
		while (ktree_by_phandle(k, ++handle))
			;
		b = builder_of(cell, sizeof(cell));
		builder_be32(&b, handle);
		disk = ktree_add(k, n, "disk");
		if (!disk || ktree_set(disk, "name", "disk", sizeof("disk")) ||
		    ktree_set(disk, "device_type", "block", sizeof("block")) ||
		    ktree_set(disk, name, cell, sizeof(cell)))
			return -ENOMEM;
	}
	return 0;
}

/* A partition's machine type and model, which x-powervm has in its location codes, too */
#define LPAR_MODEL "IBM,PAPR-VMM"

static int name_machine(struct kernel *k)
{
	return k->no_qemu ? ktree_set(k->tree, "model", LPAR_MODEL, sizeof(LPAR_MODEL))
			  : 0;
}

/* Write this processor after the next ones: the tree has the last one first. The node's name
 * has the model after the comma. */
static void cpuinfo_of(struct text *t, const struct dt_node *n, uint32_t pvr)
{
	const char *model = n ? strchr(n->name, ',') : NULL;
	int len = model ? (int)strcspn(model + 1, "@") : 0;
	uint32_t thread;

	if (n)
		cpuinfo_of(t, n->next, pvr);
	if (!n || !ktree_u32(n, "reg", &thread))
		return;
	text_add(t,
		 "processor\t: %u\ncpu\t\t: %.*s (architected), altivec supported\n"
		 "clock\t\t: 1000.000000MHz\nrevision\t: %u.%u (pvr %04x %04x)\n\n",
		 thread, len, model ? model + 1 : "", pvr >> 8 & 0xf, pvr & 0xff,
		 pvr >> 16, pvr & 0xffff);
}

static void cpuinfo(struct kernel *k)
{
	const char *model = ktree_text(k->tree, "model");
	const struct dt_node *cpus = ktree_find(k, "/cpus");
	struct papr_cpu_info info = { .size = sizeof(info) };
	struct text t = { 0 };

	papr_vmm_cpu_info(k->host->vmm, 0, &info);
	cpuinfo_of(&t, cpus ? cpus->children : NULL, info.pvr);
	text_add(&t,
		 "timebase\t: 512000000\nplatform\t: pSeries\nmodel\t\t: %s\n"
		 "machine\t\t: CHRP %s\nMMU\t\t: Radix\n",
		 model, model);
	if (!t.failed)
		pfs_text(k->proc, "cpuinfo", 0444, "%s", t.buf);
	text_free(&t);
}

/* Return true if the name belongs to the simulated kernel. A link to the machine's procfs
 * does not count. */
static bool is_ours(const struct pfs_node *dir, const char *name)
{
	const struct pfs_node *node = pfs_find(dir, name);

	return name[0] == '.' || (node && !node->temporary);
}

/* Return a link to the machine's own procfs for a name that the simulated kernel lacks.
 * It is created at each lookup, since its target depends on the process that follows
 * it. */
static char *proc_find(struct pfs_node *dir, const char *name)
{
	const struct kernel *k = dir->priv;
	char *target;

	if (k->proc_fd < 0 || name[0] == '.' ||
	    faccessat(k->proc_fd, name, F_OK, AT_SYMLINK_NOFOLLOW))
		return NULL;
	return asprintf(&target, ".kernel/%s", name) < 0 ? NULL : target;
}

static void proc_list(struct pfs_node *dir, void (*add)(void *arg, const char *name),
		      void *arg)
{
	const struct kernel *k = dir->priv;
	int fd = k->proc_fd < 0 ? -1 : openat(k->proc_fd, ".", O_RDONLY | O_CLOEXEC);
	DIR *all = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (all && (entry = readdir(all)))
		if (!is_ours(dir, entry->d_name))
			add(arg, entry->d_name);
	if (all)
		closedir(all);
	else if (fd >= 0)
		close(fd);
}

static void proc_files(struct kernel *k)
{
	static const struct pfs_ops ops = { .find = proc_find, .list = proc_list };

	pfs_path(k->proc, ".kernel");
	k->powerpc = pfs_path(k->proc, "powerpc");
	if (!k->powerpc)
		return;
	k->proc->ops = &ops;
	k->proc->priv = k;
	pfs_link(k->proc, "ppc64", "powerpc");
	pfs_link(k->proc, "rtas", "powerpc/rtas");
	pfs_link(k->proc, "device-tree", "/sys/firmware/devicetree/base");
}

static void sys_files(struct kernel *k)
{
	static const char *const dirs[] = {
		"block",
		"bus/pci/devices",
		"bus/pci/drivers",
		"bus/pci/slots",
		"bus/usb/devices",
		"bus/vio/devices",
		"bus/scsi/devices",
		"bus/virtio/devices",
		"class/block",
		"class/net",
		"class/pci_bus",
		"class/tty/console",
		"class/scsi_host",
		"dev/block",
		"dev/char",
		"devices/system/cpu",
		"devices/system/memory",
		"devices/virtual/net",
		"firmware/devicetree",
		"fs",
		"kernel/mobility",
		"kernel/security",
		"module",
	};
	static const char *const levels[] = { "none", "integrity", "confidentiality" };
	const char *now = k->lockdown ? k->lockdown : "none";
	struct text t = { 0 };
	struct pfs_node *lo;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		pfs_path(k->sys, dirs[i]);
	for (size_t i = 0; i < 3; i++)
		text_add(&t, strcmp(levels[i], now) ? "%s%s" : "%s[%s]", i ? " " : "",
			 levels[i]);
	if (!t.failed)
		pfs_text(pfs_path(k->sys, "kernel/security"), "lockdown", 0644, "%s\n",
			 t.buf);
	text_free(&t);
	lo = pfs_dir(pfs_path(k->sys, "devices/virtual/net"), "lo");
	pfs_link_to(pfs_path(k->sys, "class/net"), "lo", lo);
	pfs_text(lo, "ifindex", 0444, "%u\n", ++k->last_ifindex);
	pfs_text(pfs_path(k->sys, "class/tty/console"), "active", 0444, "hvc0\n");
}

static int refuse_open(struct pfs_node *file, int flags, pid_t pid, void **handle)
{
	(void)file;
	(void)flags;
	(void)pid;
	(void)handle;
	return -EPERM;
}

static int files(struct kernel *k)
{
	static const struct pfs_ops locked = { .open = refuse_open };

	k->root = pfs_root();
	k->proc = pfs_path(k->root, "proc");
	k->sys = pfs_path(k->root, "sys");
	if (!k->sys)
		return -ENOMEM;
	if (kernel_locked_down(k))
		pfs_file(k->root, "mem", 0600, &locked, k);
	proc_files(k);
	sys_files(k);
	return k->powerpc ? kmsg_file(k) : -ENOMEM;
}

int kernel_boot(struct kernel *k)
{
	struct dt_node *chosen;
	char terminal[64] = "";
	const char *path;
	const void *fdt;
	size_t bytes;
	int err;

	k->dev_fd = k->proc_fd = k->uevent_fd = -1;
	memset(k->papr.mounts, -1, sizeof(k->papr.mounts));
	lay_out(k);
	fdt = papr_vmm_fdt(k->host->vmm, &bytes);
	path = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "stdout-path", NULL);
	if (path)
		snprintf(terminal, sizeof(terminal), "%s", path);
	negotiate(k);
	show_tree(k);
	err = files(k);
	fdt = papr_vmm_fdt(k->host->vmm, &bytes);
	if (!err)
		err = ktree_load(k, fdt);
	/* Firmware keeps the terminal, which the tree of the negotiation lacks. */
	chosen = err || !*terminal ? NULL : ktree_find(k, "/chosen");
	if (chosen)
		err = ktree_put(chosen, "stdout-path", terminal, strlen(terminal) + 1);
	if (chosen && !err)
		err = ktree_put(chosen, "linux,stdout-path", terminal,
				strlen(terminal) + 1);
	if (!err)
		err = name_machine(k);
	if (!err)
		err = add_disk_nodes(k);
	if (err)
		return err;

	pfs_data(pfs_path(k->sys, "firmware"), "fdt", 0400, fdt, bytes);
	cpuinfo(k);
	err = kernel_rtas_boot(k);
	if (!err)
		err = knodes_boot(k);
	if (!err)
		err = klog_boot(k);
	if (!err)
		err = kpci_boot(k);
	if (!err)
		err = kvio_boot(k);
	if (!err)
		err = kcpu_boot(k);
	if (!err)
		err = kmem_boot(k);
	if (!err)
		err = klpar_boot(k);
	if (!err)
		err = koverlay_boot(k);
	knvram_file(k);
	kofdt_files(k);
	kdlpar_files(k);
	kmobility_files(k);
	return err;
}

void kernel_interrupt(struct kernel *k, uint32_t irq)
{
	size_t room = sizeof(k->irqs_pending) / sizeof(*k->irqs_pending);

	if (k->n_irqs_pending < room)
		k->irqs_pending[k->n_irqs_pending++] = irq;
	k->kick(k);
}

void kernel_work(struct kernel *k)
{
	uint32_t irq;

	while (k->n_irqs_pending) {
		irq = k->irqs_pending[0];
		memmove(k->irqs_pending, k->irqs_pending + 1,
			--k->n_irqs_pending * sizeof(irq));
		klog_irq(k, irq);
	}
	kdrivers_look(k);
	kpapr_open(k);
}

void kernel_free(struct kernel *k)
{
	koverlay_free(k);
	klpar_free(k);
	kmem_free(k);
	kcpu_free(k);
	knodes_free(k);
	kvio_free(k);
	kpci_free(k);
	klog_free(k);
	kmsg_free(k);
	kpapr_free(k);
	ktree_free(k);
	pfs_free(k->root);
	free(k->progress);
}
