/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * paprvmm.h - the host side of PAPR dynamic reconfiguration, as a library for VMMs
 *             (version 1 of the interface)
 *
 * A struct papr_vmm is one pseries machine as a guest's firmware calls see it: its
 * connectors, devices and device tree, RTAS, the private hypercalls, event logs. It
 * has no processors and runs no guest code. The embedder (the program that uses this
 * library) passes the guest's calls in and the answers back to the guest.
 *
 * The library is deterministic. It does no I/O, starts no thread, has no global state
 * and never ends the process. Several machines can exist in one process. Only one
 * thread may use a machine at a time. A callback of a machine must not call functions
 * of this header for that machine, except those that allow it.
 *
 * Byte order: numbers in structures and arguments are in host order. Guest memory,
 *          device trees and event logs are big-endian.
 * Units:   sizes in bytes, times in nanoseconds, unless a name says otherwise.
 * Memory:  functions copy their input, or read it before they return. Data that they
 *          return belongs to the machine, unless the function's comment says otherwise.
 * Trust:   guest memory, guest addresses and saved state are not trusted: bad content
 *          returns a status and never causes undefined behaviour.
 * Errors:  negative errno, and a message in struct papr_error.
 * Source:  PAPR+ (RTAS, 13.5, 14), QEMU's behaviour as recorded in tests/peers/vectors,
 *          ePAPR 1.1 (hypercalls), IEEE 1275 (client interface)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct papr_vmm;

/* ---- The embedder's callbacks -------------------------------------------------- */

enum papr_event_type {
	PAPR_EV_DEVICE_DELETED,		   /* device (or NULL), path */
	PAPR_EV_DEVICE_UNPLUG_GUEST_ERROR, /* device (or NULL), path */
	PAPR_EV_MEM_UNPLUG_ERROR,	   /* device (maybe ""), text */
	PAPR_EV_RESET,			   /* by_guest, text: the reason */
	PAPR_EV_SHUTDOWN,		   /* by_guest, text: the reason */
	PAPR_EV_POWERDOWN,
	PAPR_EV_STOP, /* the guest stopped the machine (OF client service "exit") */
	PAPR_EV_SUSPEND,
	PAPR_EV_GUEST_PANICKED, /* text: the message of ibm,os-term */
	PAPR_EV_RTC_CHANGE,	/* offset_s: seconds from the host's clock */
	PAPR_EV_START_CPU,	/* start cpu at address with r3, in 64-bit mode */
	PAPR_EV_STOP_CPU,	/* cpu */
	PAPR_EV_CALL,		/* call: one finished firmware call (when traced) */
	PAPR_EV_MIGRATED, /* the guest suspended itself for a migration and runs again */
};

/* One firmware call, for traces. */
struct papr_call {
	size_t size;	  /* sizeof(struct papr_call) */
	const char *name; /* RTAS call, "hcall:0xf002", "epapr:0x2a0020" */
	unsigned int n_args, n_rets;
	const uint64_t *args, *rets; /* rets[0] is the status */
	bool injected; /* the answer came from a fault, not from the machine */
};

struct papr_event {
	size_t size; /* sizeof(struct papr_event) */
	enum papr_event_type type;
	const char *device; /* id of the device, as given when it was added */
	const char *path;   /* QOM-like path of the object; NULL if out of memory */
	const char *text;
	bool by_guest;
	bool silent; /* PAPR_EV_RESET that belongs to a CAS: do not report it to users */
	int64_t offset_s;
	uint32_t cpu;
	uint64_t address, r3;
	const struct papr_call *call;
};

/* What the embedder answers beside the library. The guest is offered what the library and
 * the embedder answer together, and nothing else: ibm,hypertas-functions,
 * ibm,arch-vec-5-platform-support, and the reply to client-architecture-support. */
enum { PAPR_XICS = 1, PAPR_XIVE = 2 };
enum { PAPR_HASH = 1, PAPR_RADIX = 2 };
struct papr_answers {
	size_t size;		/* sizeof(struct papr_answers) */
	const uint64_t *hcalls; /* numbers of hypercalls */
	size_t n_hcalls;
	unsigned int interrupts; /* interrupt controllers; PAPR_XICS is required */
	unsigned int mmu;	 /* translations of addresses; one at least */
};

enum { PAPR_DMA_READ = 1, PAPR_DMA_WRITE = 2 }; /* what a device may do with memory */

/* Functions that the embedder provides. Each receives priv. read, write and clock_ns are
 * required, the others may be NULL. */
struct papr_machine_ops {
	size_t size; /* sizeof(struct papr_machine_ops) */
	/* Access guest-physical memory, len bytes at addr. Return 0. If any byte is
	 * outside of memory, read or write nothing and return -EFAULT. */
	int (*read)(void *priv, uint64_t addr, void *buf, size_t len);
	int (*write)(void *priv, uint64_t addr, const void *buf, size_t len);
	/* Return the machine's monotonic clock, in nanoseconds. */
	uint64_t (*clock_ns)(void *priv);
	/* Return the host's time of day, in ns since 1970 UTC. If NULL, the time of day
	 * is 1970 plus clock_ns. */
	int64_t (*time_ns)(void *priv);
	/* Signal an edge on this interrupt source (number as in /event-sources). */
	void (*interrupt)(void *priv, uint32_t irq);
	/* Receive an event, to report it or to act on it. A reset or shutdown that the
	 * guest requests is only reported here: the embedder must call papr_vmm_reset()
	 * after the call that requested it has returned. */
	void (*event)(void *priv, const struct papr_event *event);
	/* Write characters of the first virtual terminal. */
	void (*console)(void *priv, const void *text, size_t len);
	/* Write characters of a further virtual terminal, counted from 1. */
	void (*terminal)(void *priv, unsigned int terminal, const void *text, size_t len);
	/* The guest has read from this terminal (0: the first one): there is room for
	 * more input. It may call papr_vmm_console_input(). */
	void (*terminal_read)(void *priv, unsigned int terminal);
	/* Write one line to the host's log. line has no LF. */
	void (*log)(void *priv, const char *line);
	/* Fill buf with random bytes (/chosen "rng-seed"). If NULL, zeroes are used. */
	void (*random)(void *priv, void *buf, size_t len);
	/* What the embedder answers; must stay valid. NULL: the guest is offered what
	 * QEMU's machine offers. */
	const struct papr_answers *answers;
	void *priv;

	/* Return where len bytes of guest memory at addr are in the host's memory, or NULL:
	 * read and write are used. The pointer must be valid until the library's function
	 * that called this one returns. Other memory functions must access the same bytes. */
	void *(*map)(void *priv, uint64_t addr, size_t len);
};

/* ---- A machine ----------------------------------------------------------------- */

/* Behaviour of ibm,configure-connector that QEMU does not have, to test clients. */
struct papr_cc_quirks {
	int32_t delay_status;  /* 0, -2 or 9900..9905: answered before each real answer */
	unsigned int n_delays; /* number of delays before each real answer */
	bool wants_extent;     /* answer 5 until the guest passes a second work area */
	unsigned int page_bytes; /* usable bytes of the work area; 0: 4096 */
	bool siblings;		 /* report siblings as status 1 where PAPR allows it */
};

/* A NUMA node at start. */
enum { PAPR_NUMA_NODES = 128 };
struct papr_numa_node {
	uint64_t ram_bytes; /* of the boot memory, a multiple of 256 MiB; may be 0 */
	/* The memory-backend-ram of this size that is this memory, so that no DIMM can
	 * use it; NULL: none */
	const char *memdev;
	/* Distance to each node, 10 or more; 0: not given. One direction of a pair is
	 * enough if all are symmetrical. If no node has any, all are 20. */
	uint8_t distance[PAPR_NUMA_NODES];
};

enum papr_switch { PAPR_DEFAULT, PAPR_OFF, PAPR_ON };

/* papr_vmm_new() copies strings and blobs. Where a comment gives a default, zero selects
 * it. */
struct papr_config {
	size_t size;		/* sizeof(struct papr_config) */
	const char *machine;	/* machine type, "pseries-7.2"; NULL: the newest */
	uint64_t ram_bytes;	/* multiple of 256 MiB */
	uint64_t max_ram_bytes; /* 0: ram_bytes, memory cannot be added */
	unsigned int mem_slots; /* slots for DIMMs and NVDIMMs, at most 256 */
	unsigned int cpus;	/* threads at start, 0: 1 */
	unsigned int max_cpus;	/* 0: cpus */
	unsigned int threads;	/* per core, 0: 1; 1, 2, 4 or 8 */
	const char
		*cpu_model; /* "power8" to "power11"; NULL: as the machine type has it */
	const char *name;   /* NULL: the machine has no name */
	uint8_t uuid[16];
	bool has_uuid;
	bool no_hotplug_events; /* modern-hotplug-events=off */
	enum papr_switch fwnmi; /* cap-fwnmi; default: as the machine type has it */
	bool nvdimm;
	bool vof;	     /* x-vof=on */
	bool cas_reply_diff; /* x-cas-reply=diff */
	bool drc_info; /* offer ibm,drc-info, which replaces the four arrays after CAS */
	bool hypervisor; /* add /hypervisor with ePAPR's hypercalls */
	bool powervm;	 /* x-powervm=on: RTAS calls that PowerVM has and QEMU lacks */
	bool no_vty;	 /* no first terminal /vdevice/vty@71000000 */
	unsigned int more_vtys; /* further ones, from vty@71000001 on; 15 at most */
	const char *bootargs;
	const void *kernel; /* ELF image, or plain bytes that are loaded at 0x400000 */
	size_t kernel_bytes;
	const void *initrd;
	size_t initrd_bytes;
	bool images_stay;      /* kernel and initrd stay valid: they are not copied */
	size_t firmware_bytes; /* size of the firmware at 0, claimed there (VOF) */
	struct papr_cc_quirks cc;
	const struct papr_numa_node *numa_nodes; /* NULL: everything is in node 0 */
	unsigned int n_numa_nodes;
	/* NUMA node of each place for a core (max_cpus / threads of them), ascending.
	 * NULL: so many cores in a row are in one node, then as many in the next one; 0:
	 * all in node 0 */
	const uint8_t *core_nodes;
	unsigned int cores;
	/* Highest version of the property of memory that is offered to the guest: 1 or 2;
	 * 0: 2. 64 bits, because 32 would be padding in callers built without it. */
	uint64_t drmem;
};

enum papr_error_class {
	PAPR_ERROR_GENERIC,
	PAPR_ERROR_DEVICE_NOT_FOUND,
};

/* An error message; QMP's text where QMP has one. The caller zeroes it before use. */
struct papr_error {
	enum papr_error_class kind;
	char *text; /* owned, freed by papr_error_clear(); NULL if out of memory */
};

void papr_error_clear(struct papr_error *error);

/* A machine type. pseries-V does what QEMU V does by default. */
struct papr_machine_info {
	size_t size;		   /* sizeof(struct papr_machine_info) */
	const char *name;	   /* "pseries-7.2" */
	unsigned int major, minor; /* version of QEMU */
	const char *cpu_model;	   /* the default: "power9" */
	const char *core_type;	   /* of that model: "power9_v2.0-spapr-cpu-core" */
	/* In QMP: query-status has the member singlestep, device_add ignores a driver that
	 * is no string. */
	bool singlestep, driver_is_text;
};
/* Fill *out with machine type n, newest first. Return 1, or 0 after the last one. */
int papr_vmm_machine_info(size_t n, struct papr_machine_info *out);
/* Find a machine type by its name; "pseries" and NULL are the newest. out may be NULL.
 * Return 0, or -ENOENT. */
int papr_vmm_machine_find(const char *name, struct papr_machine_info *out);
/* Return true if the machine type has this processor model: "power9", or with its version
 * "power9_v2.2", in any case. */
bool papr_vmm_has_cpu(const char *machine, const char *model);

/* Copy the name of the machine type's processor model n: "power9", or "power9_v2.0" if it
 * has no shorter name. Return 1, or 0 after the last one. */
int papr_vmm_cpu_model(const char *machine, size_t n, char name[32]);

/* A driver that papr_vmm_device_add() accepts */
struct papr_driver_info {
	size_t size; /* sizeof(struct papr_driver_info) */
	const char *name;
	const char *alias; /* another name, or NULL */
	const char *bus;   /* type of bus that it is on: "PCI"; NULL: none */
	bool cold_only;	   /* cannot be added while the machine runs */
};
/* Fill *out with driver n of a machine type. Return 1, or 0 after the last one. */
int papr_vmm_driver_info(const char *machine, size_t n, struct papr_driver_info *out);

/* Create a machine in its power-on state, with its tree built. It has only the devices of
 * every machine (PHB 0, the boot processors). Add cold-plugged devices, then call
 * papr_vmm_reset().
 *
 * Return 0, -EINVAL (see *error) or -ENOMEM. *out belongs to the caller: free it with
 * papr_vmm_free(). */
int papr_vmm_new(struct papr_vmm **out, const struct papr_config *config,
		 const struct papr_machine_ops *ops, struct papr_error *error);

/* Free a machine. vmm may be NULL. */
void papr_vmm_free(struct papr_vmm *vmm);

/* Reset the machine. Pending unplugs complete and queued events are dropped. The tree is
 * rebuilt, the kernel and the initrd are loaded. Every processor but the first is
 * stopped. The first call ends the start: devices that are added later are hot-plugged.
 *
 * Return 0, -ENOMEM, -EFAULT or -EINVAL. -EFAULT: the kernel or the initrd do not fit in
 * memory. -EINVAL: the kernel is an ELF image of another architecture, or damaged. */
int papr_vmm_reset(struct papr_vmm *vmm);

/* Hold the machine's lock for several functions, or while data that a function returned is
 * in use and other threads call. A thread can take it several times. */
void papr_vmm_lock(struct papr_vmm *vmm);
void papr_vmm_unlock(struct papr_vmm *vmm);

/* Press the power button: queue an EPOW event for the guest. */
void papr_vmm_powerdown(struct papr_vmm *vmm);

/* Type at a virtual terminal (0: the first one), and signal its interrupt. Input that the
 * guest has not read is lost at a reset, and is not saved. Return the number of
 * characters that were accepted: 0 if the terminal does not exist. */
size_t papr_vmm_console_input(struct papr_vmm *vmm, unsigned int terminal,
			      const void *text, size_t len);

/* ---- Calls of the guest -------------------------------------------------------- */

enum {
	PAPR_HCALL_ARGS = 9, /* r4..r12 */
	PAPR_RTAS_CELLS = 16,
};

/* cpu is the processor that calls, by its interrupt server number: stop-self
 * and H_JOIN depend on it. Calls for different processors may come from
 * different threads.
 *
 * Run hypercall nr (r3) with args r4..r12. The guest must be in supervisor state. Return
 * the new r3; args[] receives the results for r4 and up. An unknown hypercall returns
 * H_FUNCTION (-2). */
int64_t papr_vmm_hcall(struct papr_vmm *vmm, uint32_t cpu, uint64_t nr,
		       uint64_t args[PAPR_HCALL_ARGS]);

/* Run an RTAS call whose argument and return cells are at two places in guest memory, as
 * in QEMU's qtest. nargs and nret count 32-bit cells. Return 0, or H_PARAMETER (-4) if
 * the call does not exist or the cells are not in memory. */
int64_t papr_vmm_rtas_at(struct papr_vmm *vmm, uint32_t cpu, const char *name,
			 uint32_t nargs, uint64_t args_addr, uint32_t nret,
			 uint64_t rets_addr);

/* An RTAS call whose argument block the embedder has already decoded. */
struct papr_rtas {
	size_t size; /* sizeof(struct papr_rtas) */
	uint32_t token;
	uint32_t nargs, nret; /* nargs + nret <= PAPR_RTAS_CELLS */
	uint32_t args[PAPR_RTAS_CELLS];
	uint32_t rets[PAPR_RTAS_CELLS]; /* in: as in the block; out: the answer */
};

/* Run an RTAS call. Return 0 (rets[0] is the status), or -EINVAL if the counts are out of
 * range or the token is unknown. */
int papr_vmm_rtas(struct papr_vmm *vmm, uint32_t cpu, struct papr_rtas *call);

/* ePAPR exit record. It is provisional: the interface was proposed in 2013 and never
 * merged. nr is r11, args[n] is r3 + n. ret receives the status. Further results go to
 * the field of their register (r4: args[1]). */
struct papr_epapr {
	size_t size; /* sizeof(struct papr_epapr) */
	uint64_t nr;
	uint64_t ret;
	uint64_t args[8];
};

/* Run an ePAPR hypercall. sf is MSR[SF]: if it is false, the upper halves of nr and args
 * are cleared first. A successful reset or shutdown does not return to the guest:
 * PAPR_EV_RESET or PAPR_EV_SHUTDOWN has then been reported, and the function returns
 * true. */
bool papr_vmm_epapr(struct papr_vmm *vmm, uint32_t cpu, struct papr_epapr *exit, bool sf);

/* ---- Non-maskable interrupts ---------------------------------------------------- */

struct papr_nmi {
	size_t size;	  /* sizeof(struct papr_nmi) */
	uint64_t r3;	  /* in: of the processor; out: what it must become */
	uint64_t address; /* out: where the processor continues */
	bool registered;  /* out: the guest has a handler; else the address is 0x100 */
};
/* Interrupt a processor, which the embedder has stopped between two instructions, by a system
 * reset. The function finds where it continues: at the address that the guest has given to
 * ibm,nmi-register. It saves r3 in the area of RTAS in guest memory (big-endian), and returns
 * the address of this area for r3. Then the embedder sets SRR0 to the old address, SRR1 to the
 * old MSR, MSR as the processor does for this interrupt, r3 and the address.
 *
 * Return 0, or an error, after which nothing has changed:
 * -EFAULT: the area is not in memory, or the guest's tree has no address of RTAS.
 * -ENOENT: the processor does not exist. -EINVAL: the size is wrong.
 * Source: PAPR+ 7.3.14; areas as QEMU 7.2 */
int papr_vmm_nmi(struct papr_vmm *vmm, uint32_t cpu, struct papr_nmi *nmi);

/* ---- Devices ------------------------------------------------------------------- */

/* One option of a device or an object, as in "-device driver,name=value". */
struct papr_option {
	const char *name, *value;
};

/* Add a device (device_add, -device). The option "driver" names its driver. Return 0,
 * -EINVAL, -EEXIST, -EBUSY, -ENOENT, -ENOSPC or -ENOMEM. The text in *error is QEMU's. */
int papr_vmm_device_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error);

/* Ask the guest to release a device (device_del). The guest may need a long time, or
 * refuse. Errors are those of papr_vmm_device_add(). */
int papr_vmm_device_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);

/* Add or remove an object of type memory-backend-ram (object_add, -object; object_del).
 * Errors are those of papr_vmm_device_add(). */
int papr_vmm_object_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error);
int papr_vmm_object_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);

/* ---- Queries ------------------------------------------------------------------- */

/* The functions below fill *out for n = 0, 1, ... and return 1, or 0 after the last item.
 * Callbacks may call them. */

/* A place for a core, in the order of query-hotpluggable-cpus: highest first. */
struct papr_cpu_info {
	size_t size; /* sizeof(struct papr_cpu_info) */
	uint32_t core_id, threads, node_id;
	const char *type; /* "power9_v2.0-spapr-cpu-core" */
	const char *path; /* NULL: the place is empty */
	uint32_t pvr;	  /* version register of its processors */
};
int papr_vmm_cpu_info(const struct papr_vmm *vmm, size_t n, struct papr_cpu_info *out);

struct papr_memory_info {
	size_t size;	  /* sizeof(struct papr_memory_info) */
	const char *type; /* "dimm", "nvdimm" */
	const char *id, *memdev;
	uint64_t address, bytes;
	uint32_t slot, node;
	bool hotplugged;
};
int papr_vmm_memory_info(const struct papr_vmm *vmm, size_t n,
			 struct papr_memory_info *out);

/* A memory or I/O region of a PCI function, by its base address register. */
struct papr_pci_region {
	unsigned int bar;
	bool io, prefetch, is64;
	uint64_t size;
	uint64_t address; /* UINT64_MAX: not assigned or not enabled by the guest */
};

/* An address range that a bridge forwards, limit included. */
struct papr_pci_range {
	uint64_t base, limit;
};

/* A PCI function, in the order of query-pci. Host bridges are sorted newest first,
 * functions ascending. The functions below a bridge follow it. */
struct papr_pci_info {
	size_t size;  /* sizeof(struct papr_pci_info) */
	uint32_t phb; /* index of the host bridge */
	uint32_t bus; /* bus number */
	uint32_t slot, function;
	unsigned int depth; /* number of bridges above it */
	const char *id;	    /* "" if it has no id */
	const char *driver; /* "virtio-net-pci" */
	uint16_t vendor, device, class_code;
	uint16_t subsystem_vendor, subsystem; /* 0 and 0 for bridges */
	const char *class_text; /* "Ethernet controller"; NULL if the class has no text */
	uint8_t irq_pin, irq_line;
	unsigned int n_regions;
	struct papr_pci_region regions[6];
	int bridge_bus; /* secondary bus of a bridge, else -1 */
	/* Bridges only. */
	uint8_t primary, subordinate;
	struct papr_pci_range io, memory, prefetchable;
	/* Of all functions. It differs from that of each other function that the machine
	 * has had, also at the same place. A restored machine has others. */
	uint64_t serial;
};
int papr_vmm_pci_info(const struct papr_vmm *vmm, size_t n, struct papr_pci_info *out);

/* What decodes an address that a processor accesses: a register of a PCI function. */
struct papr_pci_access {
	size_t size;	 /* sizeof(struct papr_pci_access) */
	uint64_t serial; /* as in struct papr_pci_info */
	uint32_t phb, bus, slot, function;
	const char *driver; /* "virtio-rng-pci" */
	unsigned int bar;
	uint64_t offset;	    /* in the BAR */
	bool bus_master;	    /* the guest permits it to access memory */
	uint32_t lsi;		    /* its level-triggered interrupt */
	uint32_t first_msi, n_msis; /* its messages; n_msis 0: the guest has none */
	bool iommu_platform; /* a virtio card that uses DMA windows: iommu_platform=on */
};
/* Find what decodes the guest-physical address. Return 1, or 0 if nothing does. */
int papr_vmm_pci_at(const struct papr_vmm *vmm, uint64_t address,
		    struct papr_pci_access *out);

/* The memory that a device accesses at an address on its bus */
struct papr_dma {
	size_t size;	     /* sizeof(struct papr_dma) */
	uint64_t address;    /* guest-physical. The guest may have no memory there */
	uint64_t bytes;	     /* from there, with the same access */
	unsigned int access; /* permitted: PAPR_DMA_READ, PAPR_DMA_WRITE */
};
/* Translate an address that a PCI function uses (serial as in struct papr_pci_info) for len
 * bytes, at least 1. *out describes at least the first byte and at most len bytes; the
 * caller repeats the call for the remaining ones. access is what the device will do.
 *
 * Return 0, or:
 * -ENOENT: the function does not exist, or the guest has not acquired its slot.
 * -EFAULT: no window has this address, or the page is not mapped.
 * -EACCES: the function is no bus master, or the page does not permit this access. */
int papr_vmm_pci_dma(const struct papr_vmm *vmm, uint64_t serial, uint64_t address,
		     uint64_t len, unsigned int access, struct papr_dma *out);
/* A host bridge, with or without a card; newest first. */
struct papr_phb_info {
	size_t size; /* sizeof(struct papr_phb_info) */
	uint32_t index;
	const char *id; /* "" if it has no id */
};
int papr_vmm_phb_info(const struct papr_vmm *vmm, size_t n, struct papr_phb_info *out);

/* A disk of a controller (usb-storage, scsi-hd), newest first. The machine only
 * raises the controller's interrupt; the guest finds the disk by its own means. */
struct papr_disk_info {
	size_t size;			   /* sizeof(struct papr_disk_info) */
	const char *id;			   /* "" if it has no id */
	const char *driver;		   /* "usb-storage" */
	uint32_t number;		   /* number among the devices without an id */
	uint32_t phb, bus, slot, function; /* of its controller */
	uint32_t target, lun;		   /* scsi-hd: its place below the controller */
};
int papr_vmm_disk_info(const struct papr_vmm *vmm, size_t n, struct papr_disk_info *out);

/* Read one connector by its index. Return 1, or 0 if the index does not exist. */
struct papr_drc_info {
	size_t size; /* sizeof(struct papr_drc_info) */
	uint32_t index;
	const char *type; /* "CPU", "PHB", "28", "MEM", "PMEM" */
	char name[32];
	unsigned int state; /* numbers of the migration stream, paprvmm(3) */
	bool has_device, unplug_requested;
	uint32_t sense;	    /* value of the sensor dr-entity-sense */
	uint32_t indicator; /* last value of the indicator (9002), 0 to 3 */
};
int papr_vmm_drc_info(const struct papr_vmm *vmm, uint32_t index,
		      struct papr_drc_info *out);

/* A place with a location code (x-powervm), and its indicators. */
enum { PAPR_LOCATION_BYTES = 80 };
struct papr_location_info {
	size_t size; /* sizeof(struct papr_location_info) */
	char location[PAPR_LOCATION_BYTES];
	char description[64];
	bool fault, identify;
};
int papr_vmm_location_info(const struct papr_vmm *vmm, size_t n,
			   struct papr_location_info *out);

/* A platform dump that the guest has not removed (x-powervm), oldest first. */
struct papr_dump_info {
	size_t size; /* sizeof(struct papr_dump_info) */
	uint64_t tag;
	uint64_t bytes;
	bool complete; /* the guest has read all of it, but not removed it */
};
int papr_vmm_dump_info(const struct papr_vmm *vmm, size_t n, struct papr_dump_info *out);

/* Read the time of the guest's last set-time-for-power-on: year, month, day, hour,
 * minute, second and ns. Return false if the guest has not set it. */
bool papr_vmm_power_on_time(const struct papr_vmm *vmm, uint32_t time[7]);

/* Return the stored device tree, a big-endian blob of *bytes bytes. It is the tree that
 * the machine built, or its replacement by CAS or UPDATE_DT. Valid until the machine is
 * changed. */
const void *papr_vmm_fdt(const struct papr_vmm *vmm, size_t *bytes);

/* Where the guest's processor starts after a reset. pc lies in the few bytes of firmware
 * that the embedder must place at 0. Return false without x-vof. */
struct papr_entry {
	size_t size; /* sizeof(struct papr_entry) */
	uint64_t pc, r1, r3, r4, r5;
};
bool papr_vmm_entry(const struct papr_vmm *vmm, struct papr_entry *out);

/* Return the token of an RTAS call, or 0 if the machine does not have it. */
uint32_t papr_vmm_rtas_token(const struct papr_vmm *vmm, const char *name);

/* ---- Save and load ------------------------------------------------------------- */

/* Save the machine's state without guest memory. *out is malloc'ed and belongs to the
 * caller. Return 0 or -ENOMEM: also if it would have 4 GiB or more. */
int papr_vmm_save(const struct papr_vmm *vmm, void **out, size_t *bytes);

/* Load a saved state. The machine must have the same configuration and devices as the
 * saved one, and must have been reset once. On error the machine does not change.
 *
 * Return 0, -EBADMSG (the state is damaged), -ENOTSUP (unknown version), -ENODEV (devices
 * or configuration differ) or -ENOMEM. */
int papr_vmm_load(struct papr_vmm *vmm, const void *state, size_t bytes,
		  struct papr_error *error);

/* ---- Fault injection and tests ------------------------------------------------- */

struct papr_fault {
	size_t size;	  /* sizeof(struct papr_fault) */
	const char *call; /* RTAS name, "hcall:<nr>", "epapr:<nr>" */
	uint32_t nth;	  /* first affected call; 1: the next one */
	uint32_t count;	  /* number of affected calls from there, 0: all */
	bool delay;	  /* status is a delay: the next such call gets the real answer */
	int64_t status;
	uint32_t rets[PAPR_RTAS_CELLS]; /* further outputs of an RTAS call */
	unsigned int n_rets;
	const void *area; /* copied; written to the address in the first argument */
	size_t area_bytes;
};

/* Add a fault. Return its id (above 0), -ENOMEM, or -EINVAL. Reasons for -EINVAL: the
 * RTAS call does not exist, <nr> is not a number, nth is 0, or n_rets is too large.
 * Hypercalls need not exist. */
int papr_vmm_fault_add(struct papr_vmm *vmm, const struct papr_fault *fault);
/* Remove a fault, or all faults if id is 0. Return 0 or -ENOENT. */
int papr_vmm_fault_clear(struct papr_vmm *vmm, int id);
/* Return how many calls a fault has answered, or -ENOENT. */
int papr_vmm_fault_hits(const struct papr_vmm *vmm, int id);

/* Turn reports of finished firmware calls (PAPR_EV_CALL) on or off. */
void papr_vmm_trace(struct papr_vmm *vmm, bool on);

/* Queue these bytes as an event log. If their type is hot-plug, the log belongs to the
 * hot-plug class, otherwise to the EPOW class. The content is not checked: the caller
 * decides what the guest can handle. Return 0, -EINVAL (fewer than 8 or more than 2048
 * bytes) or -ENOMEM. */
int papr_vmm_inject_event(struct papr_vmm *vmm, const void *log, size_t bytes);

/* An event log as firmware makes it. Each kind uses the fields listed with it. */
enum papr_log_kind {
	PAPR_LOG_HOTPLUG,	 /* type, action, id, flags, and the fields of id */
	PAPR_LOG_EPOW,		 /* sensor, modifier, extension */
	PAPR_LOG_PRRN,		 /* scope */
	PAPR_LOG_PLATFORM_ERROR, /* severity, refcode */
};
struct papr_log {
	size_t size; /* sizeof(struct papr_log) */
	enum papr_log_kind kind;
	uint8_t type, action; /* numbers of PAPR's hot-plug section */
	uint8_t id;	      /* 1 drc_name, 2 index, 3 count, 4 count and index */
	uint8_t flags;	      /* 0x80: has a token; 0x40: as many as available */
	uint32_t index, count, token;
	const char *drc_name;
	uint8_t sensor, modifier, extension;
	uint32_t scope;
	uint8_t severity;
	const char *refcode; /* at most 32 characters */
};
/* Queue this event log. Return 0, -EINVAL or -ENOMEM. */
int papr_vmm_log_event(struct papr_vmm *vmm, const struct papr_log *log);

/* The functions below need x-powervm=on. Without it they return -ENOTSUP.
 *
 * Set the indicator of a place: type 9006 (fault) or 9007 (identify). Return 0, -EINVAL
 * (another type), -ENOENT (unknown place) or -ENOMEM. */
int papr_vmm_indicator_set(struct papr_vmm *vmm, const char *location, uint32_t type,
			   bool on);
/* Add a platform dump for the guest. content is copied. Return 0, -EEXIST (the tag is
 * used), -EINVAL (more than 16 MiB), -ENOSPC (16 dumps exist already) or -ENOMEM. */
int papr_vmm_dump_add(struct papr_vmm *vmm, uint64_t tag, const void *content,
		      size_t bytes);

/* A change of the device tree that the guest must repeat in its own tree. The guest reads
 * changes with ibm,update-nodes and ibm,update-properties, which name a scope.
 *
 * Scope 1 is a migration: the change is reported when the migration has ended. A scope
 * below 0 is the negated scope of an event (PAPR_LOG_PRRN): the change is reported from
 * now on. From that time on, trees and nodes that the machine builds contain the change.
 *
 * path names an existing node. The guest receives the node's "ibm,phandle". Nodes that
 * come with a hot-plugged PCI card have none. */
enum papr_change_kind {
	PAPR_CHANGE_SET,    /* set the property to value, or to empty (bytes 0) */
	PAPR_CHANGE_UNSET,  /* delete the property */
	PAPR_CHANGE_DELETE, /* delete the node */
	PAPR_CHANGE_ADD,    /* add the node of the connector drc_index below this node */
};
struct papr_change {
	size_t size; /* sizeof(struct papr_change) */
	int32_t scope;
	enum papr_change_kind kind;
	const char *path, *property;
	const void *value;
	size_t bytes;
	uint32_t drc_index;
};
/* Add a change, which is copied. Return 0, -EINVAL, -ENOENT (the connector does not
 * exist), -ENOSPC (too many changes), -ENOMEM or -ENOTSUP. */
int papr_vmm_change(struct papr_vmm *vmm, const struct papr_change *change);
void papr_vmm_changes_clear(struct papr_vmm *vmm);

/* The next migration or hibernation. The guest learns its stream by other means, follows
 * it with H_VASI_STATE, and calls ibm,suspend-me. */
struct papr_migration {
	size_t size;		 /* sizeof(struct papr_migration) */
	uint64_t stream;	 /* not 0 */
	unsigned int waits;	 /* number of H_VASI_STATE calls before it is ready */
	unsigned int area_bytes; /* bytes of the area that ibm,update-... use; 0: 4096 */
	bool counts_words; /* count additions in words (PAPR), not in pairs (Linux) */
	bool aborts;	   /* the host aborts the migration instead */
};
/* Prepare a migration. Return 0, -EINVAL (stream is 0, or area_bytes is 1..63), -EBUSY
 * (the previous one has not ended) or -ENOTSUP. */
int papr_vmm_migrate(struct papr_vmm *vmm, const struct papr_migration *migration);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
