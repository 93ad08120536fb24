/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - what Linux on pseries does for its user space, imitated
 *
 * The kernel of a simulated guest: a live device tree, PCI devices and slots,
 * processors and memory, event logs, and the files that programs reach them by. It
 * talks to the machine as Linux does, by RTAS calls and hypercalls, and knows nothing
 * about it beyond what these tell.
 *
 * Each part has a file of its own and a structure here that only it changes.
 *
 * Errors:  negative errno: what Linux answers to the program.
 * Source:  Linux 6.1, 6.12 and current; behaviour, not code
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/server/host.h"
#include "vmm/sim/pfs.h"
#include "wire/rtas_names.h"

struct fs;
struct fs_request;
struct trap_call;

enum kernel_profile {
	KERNEL_6_1,
	KERNEL_6_12,
	KERNEL_CURRENT,
};

/* ---- kernel_tree.c: the live device tree --------------------------------------- */

struct dt_prop {
	struct dt_prop *next;
	char *name;
	struct pfs_node *file; /* its bytes are the property's value */
};

struct dt_node {
	struct dt_node *parent, *children, *next;
	char *name; /* with unit address; "" for the root */
	struct dt_prop *props;
	uint32_t phandle; /* when it was attached; 0: none */
	struct pfs_node *dir;
};

/* ---- kernel_pci.c, kernel_pci_sysfs.c ------------------------------------------ */

struct kpci_bus {
	struct kpci_bus *next;	 /* all buses */
	struct kpci_dev *bridge; /* NULL: root bus */
	struct kpci_bus *root;	 /* of the host bridge; itself if it is one */
	struct dt_node *node;	 /* host bridge or bridge; NULL: gone */
	unsigned int domain, number;
	uint64_t buid;
	struct pfs_node *host, *dir; /* devices/pciDDDD:BB, and its pci_bus/DDDD:BB */
	struct pfs_node *class_link;
	bool gone; /* the host bridge was taken out; slots may still refer to it */
};

struct kpci_dev {
	struct kpci_dev *next; /* all devices, in the order they were found */
	struct kpci_bus *bus, *secondary;
	struct dt_node *node;
	unsigned int devfn;
	uint16_t vendor, device, subsystem_vendor, subsystem;
	uint32_t class; /* base << 16 | sub << 8 | interface */
	uint8_t revision;
	bool multifunction;
	char name[16]; /* "0000:00:01.0" */
	struct pfs_node *dir, *bus_link;
	const struct kdriver *driver;
	struct kchild *children; /* what the driver made */
};

struct kpci {
	struct kpci_bus *buses;
	struct kpci_dev *devs;
	unsigned int next_domain;
	struct kslot *slots;
	struct pfs_node *slots_dir, *control;
};

/* ---- kernel_events.c ----------------------------------------------------------- */

enum { KLOG_RING = 64 };

struct klog {
	struct pfs_node *file;
	uint8_t *ring; /* KLOG_RING records of record_bytes */
	size_t record_bytes;
	unsigned int head, count;
	int32_t sequence;
	struct klog_reader *readers;
};

/* ---- kernel_papr.c ---------------------------------------------------------------- */

enum { KPAPR_DEVICES = 5 };

struct kpapr {
	int mounts[KPAPR_DEVICES]; /* of each /dev/papr-*; -1 */
	struct khandle *handles;   /* descriptors that programs have of them */
	uint32_t last_id;
};

/* ---- the whole ------------------------------------------------------------------ */

struct kernel {
	struct host *host;
	enum kernel_profile profile;
	bool has_overlay, no_qemu, lparcfg, no_mobility; /* run options */
	const char *lockdown; /* "none", "integrity", "confidentiality" */

	struct pfs_node *root, *proc, *sys, *powerpc, *rtas_dir;
	struct fs *fs;			     /* NULL until the guest is there */
	int dev_fd, proc_fd, uevent_fd;	     /* into the guest; -1 */
	void (*kick)(struct kernel *kernel); /* work is left for the loop */
	/* The guest's first process is to open one of the kernel's files, by its path from
	 * the root of them: kpapr_opened() then. */
	int (*open_file)(struct kernel *kernel, uint32_t id, const char *path);

	uint64_t rma_top, rmo_base, work_area;
	uint32_t tokens[RTAS_CALLS]; /* as at boot; 0xffffffff: firmware lacks it */
	struct dt_node *tree;
	struct kpci pci;
	struct klog log;
	struct kpapr papr;
	struct kcpus *cpus;
	struct kmemory *memory;
	struct klpar *lpar;
	struct kvio *vios;
	struct koverlay *overlay; /* NULL: no such file */
	uint32_t irqs_pending[8];
	unsigned int n_irqs_pending;
	char *progress;
	bool warned; /* the real kernel would have crashed */
};

enum {
	RMO_BYTES = 64 << 10,
	WORK_BYTES = 64 << 10, /* the kernel's own area for firmware */
};

/* Boots: negotiates, takes the machine's tree over, and finds what is there. host,
 * profile and options are set; everything else is zero. */
int kernel_boot(struct kernel *k);
void kernel_free(struct kernel *k);

/* What the machine told meanwhile. Never from inside a call of the machine. */
void kernel_work(struct kernel *k);
void kernel_interrupt(struct kernel *k, uint32_t irq);

/* A line of the kernel's log, on the console. */
void kernel_print(struct kernel *k, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Where the real kernel crashes: said so that a test cannot overlook it. */
void kernel_oops(struct kernel *k, const char *what);
bool kernel_locked_down(const struct kernel *k);
/* Has this thread, as the guest numbers it, the capability over the whole guest? */
bool kernel_capable(const struct kernel *k, pid_t pid, int capability);
/* Return how a write to this file fails, the id of the fault that holds it, or 0
 * (x-papr-fault). */
int kernel_write_fault(struct kernel *k, struct pfs_node *file);

/* Number and pages as sysfs has them: files are shown as one page long. */
size_t kernel_page(const struct kernel *k);
struct pfs_node *kernel_attr(struct kernel *k, struct pfs_node *dir, const char *name,
			     mode_t mode, const struct pfs_ops *ops, void *priv);

/* kernel_rtas.c: a call of the kernel's own. The status; -1 without such a call. */
int32_t kernel_rtas(struct kernel *k, const char *name, unsigned int n_in,
		    const uint32_t *in, unsigned int n_out, uint32_t *out);
uint8_t *kernel_work_area(struct kernel *k);
/* The rtas system call of a program. */
long kernel_sys_rtas(struct kernel *k, struct trap_call *call);
long kernel_sys_reboot(struct kernel *k, struct trap_call *call);
void kernel_power(struct kernel *k, bool restart);
int kernel_rtas_boot(struct kernel *k);
void kernel_rtas_files(struct kernel *k);

/* kernel_papr.c: which devices are there? Then, when the guest's /dev is there: */
void kpapr_names(const struct kernel *k, const char *names[KPAPR_DEVICES + 1]);
void kpapr_found(struct kernel *k);
/* fd stays the caller's. err: -errno, there is no fd. */
void kpapr_opened(struct kernel *k, uint32_t id, int fd, int err);
void kpapr_free(struct kernel *k);
/* An ioctl of one of the papr devices' type, on whatever file. */
long kernel_sys_ioctl(struct kernel *k, struct trap_call *call);

/* kernel_tree.c */
int ktree_load(struct kernel *k, const void *fdt);
void ktree_free(struct kernel *k);
struct dt_node *ktree_find(const struct kernel *k, const char *path);
struct dt_node *ktree_by_phandle(const struct kernel *k, uint32_t phandle);
struct dt_node *ktree_by_drc_index(const struct kernel *k, uint32_t index);
struct dt_node *ktree_next(const struct dt_node *top, const struct dt_node *n);
char *ktree_path(const struct dt_node *node); /* allocated */
const void *ktree_get(const struct dt_node *node, const char *name, size_t *len);
bool ktree_u32(const struct dt_node *node, const char *name, uint32_t *value);
uint32_t ktree_cell(const void *cells, size_t n);
bool ktree_is_called(const struct dt_node *node, const char *base);
struct dt_node *ktree_child(const struct dt_node *node, const char *name);
struct dt_node *ktree_add(struct kernel *k, struct dt_node *parent, const char *name);
int ktree_set(struct dt_node *node, const char *name, const void *value, size_t len);
/* Beside one of the same name, if need be. */
int ktree_put(struct dt_node *node, const char *name, const void *value, size_t len);
int ktree_unset(struct dt_node *node, const char *name);
/* With everything below; the parts of the kernel that look at it forget it. */
void ktree_remove(struct kernel *k, struct dt_node *node);
/* The same of a node that nobody has seen yet. */
void ktree_drop(struct dt_node *node);
/* Put aside, to be put back before the guest goes on, or removed then. */
void ktree_detach(struct dt_node *node);
void ktree_reattach(struct dt_node *node);
bool ktree_is_attached(const struct kernel *k, const struct dt_node *node);
struct dt_prop *ktree_take_prop(struct dt_node *node, const char *name);
void ktree_put_back_prop(struct dt_node *node, struct dt_prop *prop);
void ktree_drop_prop(struct dt_prop *prop);
/* A whole subtree was attached, or is about to go: what the kernel makes of it. */
void ktree_attached(struct kernel *k, struct dt_node *node);
int ktree_from_fdt(struct kernel *k, struct dt_node *into, const void *fdt, int offset);
/* The same, and no "name" is made up. */
int ktree_restore(struct kernel *k, struct dt_node *into, const void *fdt, int offset);

/* kernel_connector.c: firmware's connectors, as the kernel uses them */
int kdrc_acquire(struct kernel *k, uint32_t index);
int kdrc_release(struct kernel *k, uint32_t index);
/* What wanted it back is told that it is not given. */
void kdrc_unisolate(struct kernel *k, uint32_t index);
/* Walks it and attaches what it describes below parent. */
int kdrc_attach(struct kernel *k, uint32_t index, struct dt_node *parent,
		struct dt_node **node);
/* The node whose lists name this connector; its type and name. */
struct kdrc {
	uint32_t index, power_domain;
	char name[256], type[32];
};
typedef bool kdrc_fn(const struct kdrc *drc, bool first, void *arg);
/* Every connector that the node lists, until fn says true. */
bool kdrc_each(const struct dt_node *node, kdrc_fn *fn, void *arg);
bool kdrc_in(const struct dt_node *node, uint32_t index, struct kdrc *drc);

/* kernel_ofdt.c, kernel_dlpar.c */
void kofdt_files(struct kernel *k);
void kdlpar_files(struct kernel *k);

/* kernel_mobility.c */
void kmobility_files(struct kernel *k);
/* ibm,suspend-me by the rtas system call: *status, or -errno. */
int kmobility_suspend(struct kernel *k, uint64_t stream, int32_t *status);

/* kernel_lpar.c */
int klpar_boot(struct kernel *k);
void klpar_free(struct kernel *k);

/* kernel_overlay.c */
int koverlay_boot(struct kernel *k);
void koverlay_free(struct kernel *k);

/* kernel_events.c */
int klog_boot(struct kernel *k);
void klog_free(struct kernel *k);
void klog_irq(struct kernel *k, uint32_t irq);

/* kernel_cpu.c, kernel_mem.c: -errno as /sys/kernel/dlpar answers */
int kcpu_boot(struct kernel *k);
void kcpu_free(struct kernel *k);
int kcpu_dlpar(struct kernel *k, bool add, uint32_t index);
/* A node that is a core's: its threads are present, and are not any more. */
/* -ENOSPC: there are not so many processors to be had. */
int kcpu_node_fits(const struct kernel *k, const struct dt_node *node);
bool kcpu_node_is_in_use(const struct kernel *k, const struct dt_node *node);
void kcpu_node_attached(struct kernel *k, const struct dt_node *node);
void kcpu_forget_node(struct kernel *k, const struct dt_node *node);
unsigned int kcpu_online(const struct kernel *k);
/* All but one wait in the hypervisor, or go on. */
void kcpu_join(struct kernel *k, bool join);
int kmem_boot(struct kernel *k);
void kmem_free(struct kernel *k);
bool kmem_node_is_in_use(const struct kernel *k, const struct dt_node *node);
void kmem_forget_node(struct kernel *k, const struct dt_node *node);
enum kdlpar_id { DLPAR_INDEX, DLPAR_COUNT, DLPAR_INDEXED_COUNT };
int kmem_dlpar(struct kernel *k, bool add, enum kdlpar_id id, uint32_t count,
	       uint32_t index);

/* kernel_pci.c */
int kpci_boot(struct kernel *k);
void kpci_free(struct kernel *k);
struct kpci_bus *kpci_bus_by_node(struct kernel *k, const struct dt_node *node);
/* From the tree, as the slot driver does; by looking, as a rescan does. */
void kpci_add_from_tree(struct kernel *k, struct kpci_bus *bus);
void kpci_rescan_bus(struct kernel *k, struct kpci_bus *bus);
void kpci_rescan_all(struct kernel *k);
void kpci_remove_dev(struct kernel *k, struct kpci_dev *dev);
void kpci_remove_on_bus(struct kernel *k, struct kpci_bus *bus);
struct kpci_bus *kpci_phb_add(struct kernel *k, struct dt_node *node);
void kpci_phb_remove(struct kernel *k, struct kpci_bus *bus);
/* The bridge in a logical slot, and what is behind it; NULL: it cannot be done. */
struct kpci_bus *kpci_slot_add(struct kernel *k, struct dt_node *node);
bool kpci_bus_is_empty(const struct kernel *k, const struct kpci_bus *bus);
/* The node goes: devices keep working, but have no node any more. */
void kpci_forget_node(struct kernel *k, const struct dt_node *node);

/* kernel_pci_sysfs.c */
int kpci_files(struct kernel *k);
void kpci_show_bus(struct kernel *k, struct kpci_bus *bus);
void kpci_hide_bus(struct kernel *k, struct kpci_bus *bus);
void kpci_show_dev(struct kernel *k, struct kpci_dev *dev);
void kpci_hide_dev(struct kernel *k, struct kpci_dev *dev);

/* kernel_drivers.c */
void kdriver_bind(struct kernel *k, struct kpci_dev *dev);
void kdriver_unbind(struct kernel *k, struct kpci_dev *dev);
/* The guest's /dev is there: files for what was found before. */
void kdrivers_device_files(struct kernel *k);
/* Disks behind controllers come and go without the kernel's doing. */
void kdrivers_look(struct kernel *k);

/* kernel_slots.c */
void kslots_boot(struct kernel *k);
void kslots_free(struct kernel *k);
int kslots_add(struct kernel *k, struct kpci_bus *bus);
bool kslots_drop_first(struct kernel *k, const struct kpci_bus *bus);
bool kslots_use(const struct kernel *k, const struct kpci_bus *bus);
void kslots_forget_node(struct kernel *k, const struct dt_node *node);

/* kernel_vio.c: -errno as the control files answer */
int kvio_boot(struct kernel *k);
void kvio_free(struct kernel *k);
struct dt_node *kvio_called(struct kernel *k, const char *name); /* by its slot */
int kvio_add(struct kernel *k, struct dt_node *node);
int kvio_remove(struct kernel *k, const struct dt_node *node);
void kvio_forget_node(struct kernel *k, const struct dt_node *node);

/* kernel_uevent.c: to every listener in the guest's network namespace. format: further
 * "KEY=value" lines, LF between them; may be NULL. */
void kuevent(struct kernel *k, const char *action, const struct pfs_node *dir,
	     const char *subsystem, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
