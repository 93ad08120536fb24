/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - imitation of what Linux on pseries offers its user space
 *
 * The kernel of a simulated guest: a live device tree, PCI devices and slots, processors
 * and memory, event logs, and the files that give programs access to them. It talks to
 * the machine as Linux does, by RTAS calls and hypercalls. It knows nothing else about
 * the machine.
 *
 * Each part has its own file, and its own structure here that only this file changes.
 *
 * Errors:  negative errno: what Linux returns to the program.
 * Source:  Linux 6.1, 6.12 and current; behaviour, not code
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

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
	uint32_t phandle; /* value when it was attached; 0: none */
	struct pfs_node *dir;
};

/* ---- kernel_pci.c, kernel_pci_sysfs.c ------------------------------------------ */

struct kpci_bus {
	struct kpci_bus *next;	 /* list of all buses */
	struct kpci_dev *bridge; /* NULL: root bus */
	struct kpci_bus *root;	 /* bus of the host bridge; itself for a root bus */
	struct dt_node *node;	 /* host bridge or bridge; NULL: removed */
	unsigned int domain, number;
	uint64_t buid;
	struct pfs_node *host, *dir; /* devices/pciDDDD:BB, and its pci_bus/DDDD:BB */
	struct pfs_node *class_link;
	bool gone; /* the host bridge was removed; slots may still refer to the bus */
};

struct kpci_dev {
	struct kpci_dev *next; /* list of all devices, in the order of discovery */
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
	struct kchild *children; /* created by the driver */
};

struct kpci {
	struct kpci_bus *buses;
	struct kpci_dev *devs;
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

/* ---- kernel_kmsg.c ---- */

enum { KMSG_RING = 256 };

struct kmsg {
	char *ring[KMSG_RING];
	uint64_t next; /* number of the next record */
};

/* ---- kernel_papr.c ---------------------------------------------------------------- */

enum { KPAPR_DEVICES = 5 };

struct kpapr {
	int mounts[KPAPR_DEVICES]; /* mount ids of the /dev/papr-* files; -1: none */
	struct khandle *handles;   /* descriptors that programs have open */
	uint32_t last_id;
	unsigned int n_opening; /* files that the guest's first process is to open */
};

/* ---- threads ---- */

/* The kernel's policy: so many threads of each core may be online. */
struct ksmt {
	unsigned int max, threads;
	bool is_forced_off; /* until the next boot */
};

/* ---- the whole kernel ---------------------------------------------------------- */

struct kernel {
	uint32_t caller; /* processor that makes the calls */
	struct host *host;
	enum kernel_profile profile;
	bool has_overlay, no_qemu, lparcfg, no_mobility, early_dlpar; /* run options */
	const char *lockdown; /* "none", "integrity", "confidentiality" */

	struct pfs_node *root, *proc, *sys, *powerpc, *rtas_dir;
	struct fs *fs;			     /* NULL until the guest runs */
	int dev_fd, proc_fd, uevent_fd;	     /* refer to the guest; -1: not open */
	uint64_t user_ns;		     /* inode number of its user namespace */
	void (*kick)(struct kernel *kernel); /* schedule kernel_work() */
	/* Have the guest's first process open one of the kernel's files. path begins at
	 * their root. kpapr_opened() receives the result. */
	int (*open_file)(struct kernel *kernel, uint32_t id, const char *path);

	uint64_t rma_top, rmo_base, work_area;
	uint32_t tokens[RTAS_CALLS]; /* values at boot; 0xffffffff: unknown to firmware */
	struct dt_node *tree;
	struct kpci pci;
	struct klog log;
	struct kmsg kmsg;
	struct kpapr papr;
	struct knodes *nodes;
	struct kcpus *cpus;
	struct ksmt smt;
	struct kmemory *memory;
	struct klpar *lpar;
	struct kvio *vios;
	struct koverlay *overlay;  /* NULL: the guest has no such file */
	unsigned int last_ifindex; /* of network interfaces; never used again */
	uint32_t irqs_pending[8];
	unsigned int n_irqs_pending;
	char *progress;
	bool warned; /* kernel_oops() was called: the real kernel would have crashed */
};

enum {
	RMO_BYTES = 64 << 10,
	WORK_BYTES = 64 << 10, /* the kernel's own area for firmware */
};

/* Boot the kernel: negotiate with firmware, take over the machine's device tree, and
 * discover the devices. host, profile and the options must be set, all else zero. */
int kernel_boot(struct kernel *k);
void kernel_free(struct kernel *k);

/* Process what the machine reported since the last call. Must not be called from within a
 * call of the machine. */
void kernel_work(struct kernel *k);
void kernel_interrupt(struct kernel *k, uint32_t irq);

/* Print a line of the kernel's log on the console, and keep it for /dev/kmsg. */
void kernel_print(struct kernel *k, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Report that the real kernel would crash here, so that a test notices it. */
void kernel_oops(struct kernel *k, const char *what);
bool kernel_locked_down(const struct kernel *k);
/* Return true if the thread (pid in the guest's namespace) has the capability over the
 * whole guest. */
bool kernel_capable(const struct kernel *k, pid_t pid, int capability);
/* Return the error with which a write to this file, or a read of it, must fail, the id of the
 * fault that holds the write, or 0 (x-papr-fault). */
int kernel_file_fault(struct kernel *k, struct pfs_node *file, bool is_write);
/* Locks of writes (struct pfs_ops): rpadlpar_mutex, pci_rescan_remove_lock,
 * device_hotplug_lock. */
enum kernel_lock { LOCK_SLOTS = 1, LOCK_PCI = 2, LOCK_HOTPLUG = 4 };

/* Return the page size: sysfs shows every file as one page long. */
size_t kernel_page(const struct kernel *k);
struct pfs_node *kernel_attr(struct kernel *k, struct pfs_node *dir, const char *name,
			     mode_t mode, const struct pfs_ops *ops, void *priv);

/* Create a file that shows the number as it is then, signed. */
void kernel_value(struct kernel *k, struct pfs_node *dir, const char *name,
		  const uint32_t *value);

/* kernel_kmsg.c */
int kmsg_file(struct kernel *k);
void kmsg_keep(struct kernel *k, const char *text);
void kmsg_free(struct kernel *k);

/* kernel_nvram.c: create it if firmware has one. */
void knvram_file(struct kernel *k);

/* kernel_rtas.c
 * Make an RTAS call for the kernel itself. Return its status, or -1 if the call does not
 * exist. */
int32_t kernel_rtas(struct kernel *k, const char *name, unsigned int n_in,
		    const uint32_t *in, unsigned int n_out, uint32_t *out);
uint8_t *kernel_work_area(struct kernel *k);
/* Execute the rtas system call of a program. */
long kernel_sys_rtas(struct kernel *k, struct trap_call *call);
long kernel_sys_reboot(struct kernel *k, struct trap_call *call);
void kernel_power(struct kernel *k, bool restart);
int kernel_rtas_boot(struct kernel *k);
void kernel_rtas_files(struct kernel *k);

/* kernel_papr.c
 * kpapr_names() lists the devices that exist. kpapr_found() follows when the guest's /dev
 * exists. */
void kpapr_names(const struct kernel *k, const char *names[KPAPR_DEVICES + 1]);
void kpapr_found(struct kernel *k);
/* Receive the result of open_file(). The caller keeps fd. err: -errno, and fd is
 * invalid. */
void kpapr_opened(struct kernel *k, uint32_t id, int fd, int err);
/* Have the files of further handles opened, as far as possible without waiting. */
void kpapr_open(struct kernel *k);
void kpapr_free(struct kernel *k);
/* Execute an ioctl with the type byte of the papr devices, on any file. */
long kernel_sys_ioctl(struct kernel *k, struct trap_call *call);

/* kernel_tree.c */
int ktree_load(struct kernel *k, const void *fdt);
void ktree_free(struct kernel *k);
struct dt_node *ktree_find(const struct kernel *k, const char *path);
struct dt_node *ktree_by_phandle(const struct kernel *k, uint32_t phandle);
struct dt_node *ktree_by_drc_index(const struct kernel *k, uint32_t index);
struct dt_node *ktree_next(const struct dt_node *top, const struct dt_node *n);
char *ktree_path(const struct dt_node *node); /* caller frees */
const void *ktree_get(const struct dt_node *node, const char *name, size_t *len);
/* Return the text of the property, or "" if it does not exist. */
const char *ktree_text(const struct dt_node *node, const char *name);
bool ktree_u32(const struct dt_node *node, const char *name, uint32_t *value);
uint32_t ktree_cell(const void *cells, size_t n);
bool ktree_is_called(const struct dt_node *node, const char *base);
struct dt_node *ktree_child(const struct dt_node *node, const char *name);
struct dt_node *ktree_add(struct kernel *k, struct dt_node *parent, const char *name);
int ktree_set(struct dt_node *node, const char *name, const void *value, size_t len);
/* Set the property, even if another one of this name exists. */
int ktree_put(struct dt_node *node, const char *name, const void *value, size_t len);
int ktree_unset(struct dt_node *node, const char *name);
/* Remove the node with everything below it. The other parts of the kernel drop their
 * references. */
void ktree_remove(struct kernel *k, struct dt_node *node);
/* Free a node that no other part of the kernel has seen. */
void ktree_drop(struct dt_node *node);
/* Detach the node. Before the guest continues, it must be reattached or removed. */
void ktree_detach(struct dt_node *node);
void ktree_reattach(struct dt_node *node);
bool ktree_is_attached(const struct kernel *k, const struct dt_node *node);
struct dt_prop *ktree_take_prop(struct dt_node *node, const char *name);
void ktree_put_back_prop(struct dt_node *node, struct dt_prop *prop);
void ktree_drop_prop(struct dt_prop *prop);
/* Update the other parts of the kernel after a subtree was attached. */
void ktree_attached(struct kernel *k, struct dt_node *node);
int ktree_from_fdt(struct kernel *k, struct dt_node *into, const void *fdt, int offset);
/* Like ktree_from_fdt(), but without generating the property "name". */
int ktree_restore(struct kernel *k, struct dt_node *into, const void *fdt, int offset);

/* kernel_connector.c: firmware's logical connectors, as the kernel uses them */
int kdrc_acquire(struct kernel *k, uint32_t index);
int kdrc_release(struct kernel *k, uint32_t index);
/* Unisolate the connector: this tells firmware that the unplug request is rejected. */
void kdrc_unisolate(struct kernel *k, uint32_t index);
/* Call ibm,configure-connector and attach the resulting nodes below parent. */
int kdrc_attach(struct kernel *k, uint32_t index, struct dt_node *parent,
		struct dt_node **node);
/* A connector in the lists of a node */
struct kdrc {
	uint32_t index, power_domain;
	char name[256], type[32];
};
typedef bool kdrc_fn(const struct kdrc *drc, bool first, void *arg);
/* Call fn for every connector that the node lists, until fn returns true. */
bool kdrc_each(const struct dt_node *node, kdrc_fn *fn, void *arg);
bool kdrc_in(const struct dt_node *node, uint32_t index, struct kdrc *drc);

/* kernel_ofdt.c, kernel_dlpar.c */
void kofdt_files(struct kernel *k);
void kdlpar_files(struct kernel *k);

/* kernel_mobility.c */
void kmobility_files(struct kernel *k);
/* Execute ibm,suspend-me for the rtas system call. Return 0 and set *status, or
 * -errno. */
int kmobility_suspend(struct kernel *k, uint64_t stream, int32_t *status);

/* kernel_lpar.c
 * Return a clock in ticks of the timebase. */
uint64_t kernel_timebase(clockid_t clock);
int klpar_boot(struct kernel *k);
void klpar_free(struct kernel *k);

/* kernel_overlay.c */
int koverlay_boot(struct kernel *k);
void koverlay_free(struct kernel *k);

/* kernel_events.c */
int klog_boot(struct kernel *k);
void klog_free(struct kernel *k);
void klog_irq(struct kernel *k, uint32_t irq);

/* kernel_node.c: NUMA nodes */
int knodes_boot(struct kernel *k);
void knodes_free(struct kernel *k);
/* Return the node of a device-tree node, or of an LMB by its associativity array. 0 also if
 * it is unknown. */
unsigned int knode_of(const struct kernel *k, const struct dt_node *node);
unsigned int knode_of_array(const struct kernel *k, uint32_t array);
enum knode_member { KNODE_MEMORY, KNODE_CPU };
/* Count memory blocks or present processors: 1 or -1 more. A node appears with its first one
 * and disappears with its last one. */
void knode_count(struct kernel *k, unsigned int id, enum knode_member kind, int change);
/* Link the directories of a member and of its node with each other. */
void knode_link(struct kernel *k, unsigned int id, struct pfs_node *dir);
void knode_unlink(struct kernel *k, unsigned int id, struct pfs_node *dir);

/* kernel_cpu.c, kernel_mem.c
 * Functions return -errno as a write to /sys/kernel/dlpar does. */
int kcpu_boot(struct kernel *k);
void kcpu_free(struct kernel *k);
int kcpu_dlpar(struct kernel *k, bool add, uint32_t index);
/* kcpu_node_attached() marks the threads of a core's node as present; kcpu_forget_node()
 * marks them as not present. */
/* Return -ENOSPC if too few processor numbers are free for the threads of the node. */
int kcpu_node_fits(const struct kernel *k, const struct dt_node *node);
bool kcpu_node_is_in_use(const struct kernel *k, const struct dt_node *node);
void kcpu_node_attached(struct kernel *k, const struct dt_node *node);
void kcpu_forget_node(struct kernel *k, const struct dt_node *node);
/* Return the number of cores in the tree. */
unsigned int kcpu_cores(const struct kernel *k);
/* Permit so many online threads of each core: set the others offline, and those of cores
 * with an online thread online. */
void kcpu_set_smt(struct kernel *k, unsigned int threads);
/* Return true if a core has several online threads. */
bool kcpu_has_active_siblings(const struct kernel *k);
/* Create the files of the policy in the folder of processors. threads: of a core. */
void ksmt_boot(struct kernel *k, struct pfs_node *dir, unsigned int threads);
/* Write the list or the mask of a NUMA node's online processors. */
int kcpu_list_of(const struct kernel *k, unsigned int node, bool as_mask,
		 struct text *out);
/* Join all threads but one in the hypervisor (H_JOIN), or wake them (H_PROD). */
void kcpu_join(struct kernel *k, bool join);
int kmem_boot(struct kernel *k);
void kmem_free(struct kernel *k);
/* Return the bytes of a NUMA node's online memory, or of all nodes' (KNODE_ALL). */
enum { KNODE_ALL = 0xffff };
uint64_t kmem_bytes_of(const struct kernel *k, unsigned int node);
bool kmem_node_is_in_use(const struct kernel *k, const struct dt_node *node);
void kmem_forget_node(struct kernel *k, const struct dt_node *node);
enum kdlpar_id { DLPAR_INDEX, DLPAR_COUNT, DLPAR_INDEXED_COUNT };
int kmem_dlpar(struct kernel *k, bool add, enum kdlpar_id id, uint32_t count,
	       uint32_t index);

/* kernel_pci.c */
int kpci_boot(struct kernel *k);
void kpci_free(struct kernel *k);
struct kpci_bus *kpci_bus_by_node(struct kernel *k, const struct dt_node *node);
/* Find devices by the device tree, as the slot driver does. kpci_rescan_*() probe the
 * bus. */
void kpci_add_from_tree(struct kernel *k, struct kpci_bus *bus);
void kpci_rescan_bus(struct kernel *k, struct kpci_bus *bus);
void kpci_rescan_all(struct kernel *k);
/* Read or write a register of configuration space: 1, 2 or 4 bytes. */
bool kpci_config_read(struct kernel *k, const struct kpci_bus *bus, unsigned int devfn,
		      unsigned int at, unsigned int bytes, uint32_t *value);
void kpci_config_write(struct kernel *k, const struct kpci_bus *bus, unsigned int devfn,
		       unsigned int at, unsigned int bytes, uint32_t value);
void kpci_remove_dev(struct kernel *k, struct kpci_dev *dev);
void kpci_remove_on_bus(struct kernel *k, struct kpci_bus *bus);
struct kpci_bus *kpci_phb_add(struct kernel *k, struct dt_node *node);
void kpci_phb_remove(struct kernel *k, struct kpci_bus *bus);
/* Add the bridge in a logical slot, and the devices below it. Return NULL on failure. */
struct kpci_bus *kpci_slot_add(struct kernel *k, struct dt_node *node);
bool kpci_bus_is_empty(const struct kernel *k, const struct kpci_bus *bus);
/* Forget the node. Its devices keep working without a node. */
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
/* The same for a virtual adapter: its node, and its directory. */
void kdriver_bind_vio(struct kernel *k, struct kchild **list, const struct dt_node *node,
		      struct pfs_node *dir);
void kdriver_unbind_vio(struct kernel *k, struct kchild **list);
/* Create the device files of the devices that were found before the guest's /dev
 * existed. */
void kdrivers_device_files(struct kernel *k);
/* Rescan the disks of the controllers: the host plugs and unplugs them without notice. */
void kdrivers_look(struct kernel *k);

/* kernel_slots.c */
void kslots_boot(struct kernel *k);
void kslots_free(struct kernel *k);
int kslots_add(struct kernel *k, struct kpci_bus *bus);
bool kslots_drop_first(struct kernel *k, const struct kpci_bus *bus);
bool kslots_use(const struct kernel *k, const struct kpci_bus *bus);
void kslots_forget_node(struct kernel *k, const struct dt_node *node);

/* kernel_vio.c
 * Functions return -errno as a write to the control files does. */
int kvio_boot(struct kernel *k);
void kvio_free(struct kernel *k);
struct dt_node *kvio_called(struct kernel *k, const char *name); /* by its slot */
int kvio_add(struct kernel *k, struct dt_node *node);
int kvio_remove(struct kernel *k, const struct dt_node *node);
void kvio_forget_node(struct kernel *k, const struct dt_node *node);

/* kernel_uevent.c
 * Send a uevent to every listener in the guest's network namespace. format: further
 * "KEY=value" lines, separated by LF; may be NULL. */
void kuevent(struct kernel *k, const char *action, const struct pfs_node *dir,
	     const char *subsystem, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Return the action that a program writes to a file "uevent", or NULL if the kernel refuses
 * it. It may be followed by a UUID and words. */
const char *kuevent_action(const char *bytes, size_t len);
