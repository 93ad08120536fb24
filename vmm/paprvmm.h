/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * paprvmm.h - the host side of PAPR dynamic reconfiguration, to be embedded
 *
 * A struct papr_vmm is one pseries machine as a guest's firmware calls see it: its
 * connectors, devices and device tree, RTAS, the private hypercalls, event logs. It
 * has no processors and runs no guest code: whoever embeds it hands in what the guest
 * asks for and passes the answers on.
 *
 * The library is deterministic. It does no I/O, starts no thread, has no global state
 * and never ends the process; several machines live side by side in one process. One
 * machine is used by one thread at a time, and no function of this header may be
 * called for it from inside one of its own callbacks, except those that say so.
 *
 * Byte order: numbers in structures and arguments are host order; what lies in guest
 *          memory, in device trees and in event logs is big-endian.
 * Units:   sizes in bytes, times in nanoseconds, unless a name says otherwise.
 * Memory:  what a function takes is copied, or read before it returns; what it hands
 *          out belongs to the machine unless the function says otherwise.
 * Trust:   guest memory, guest addresses and saved state are foreign: any content is
 *          answered with a status, never with undefined behaviour.
 * Errors:  negative errno, and words for people in struct papr_error.
 * Source:  PAPR+ (RTAS, 13.5, 14), QEMU 7.2 behaviour as recorded in tests/vectors,
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

/* ---- What the embedder supplies ------------------------------------------------ */

enum papr_event_type {
	PAPR_EV_DEVICE_DELETED,		   /* device (or NULL), path */
	PAPR_EV_DEVICE_UNPLUG_GUEST_ERROR, /* device (or NULL), path */
	PAPR_EV_MEM_UNPLUG_ERROR,	   /* device (maybe ""), text */
	PAPR_EV_RESET,			   /* by_guest, text: the reason */
	PAPR_EV_SHUTDOWN,		   /* by_guest, text: the reason */
	PAPR_EV_POWERDOWN,
	PAPR_EV_STOP, /* the guest asked to be paused (OF client service "exit") */
	PAPR_EV_SUSPEND,
	PAPR_EV_GUEST_PANICKED, /* text: what ibm,os-term was told */
	PAPR_EV_RTC_CHANGE,	/* offset_s: seconds from the host's clock */
	PAPR_EV_START_CPU,	/* cpu, address, r3: processor starts here, 64-bit */
	PAPR_EV_STOP_CPU,	/* cpu */
	PAPR_EV_CALL,		/* call: one finished firmware call (when traced) */
	PAPR_EV_MIGRATED, /* the guest suspended itself for a migration, and goes on */
};

/* One firmware call, for traces. */
struct papr_call {
	const char *name; /* RTAS call, "hcall:0xf002", "epapr:0x2a0020" */
	unsigned int n_args, n_rets;
	const uint64_t *args, *rets; /* rets[0] is the status */
	bool injected;		     /* answered by a fault, not by the machine */
};

struct papr_event {
	enum papr_event_type type;
	const char *device; /* id of the device, as it was added */
	const char *path;   /* QOM-like path of the object; NULL: no memory for it */
	const char *text;
	bool by_guest;
	bool silent; /* a reset between machine and guest: nobody else is told */
	int64_t offset_s;
	uint32_t cpu;
	uint64_t address, r3;
	const struct papr_call *call;
};

/* Every callback gets priv. read, write and clock_ns are needed, others may be NULL. */
struct papr_embedder {
	/* Guest-physical memory. 0; -EFAULT when any byte is outside it, nothing is
	 * read or written then. */
	int (*read)(void *priv, uint64_t addr, void *buf, size_t len);
	int (*write)(void *priv, uint64_t addr, const void *buf, size_t len);
	/* The machine's monotonic clock. */
	uint64_t (*clock_ns)(void *priv);
	/* Host's time of day, ns since 1970 UTC; without it the epoch + clock_ns. */
	int64_t (*time_ns)(void *priv);
	/* An edge on this interrupt source (number as in /event-sources). */
	void (*interrupt)(void *priv, uint32_t irq);
	/* Something the embedder may want to tell or to do. A reset or shutdown asked
	 * for by the guest is only told: call papr_vmm_reset() when the call that
	 * asked for it has returned. */
	void (*event)(void *priv, const struct papr_event *event);
	/* Characters for the first virtual terminal. */
	void (*console)(void *priv, const void *text, size_t len);
	/* One line for the log of the host, without LF. */
	void (*log)(void *priv, const char *line);
	/* Random bytes (/chosen "rng-seed"); zeroes without it. */
	void (*random)(void *priv, void *buf, size_t len);
	void *priv;
};

/* ---- A machine ----------------------------------------------------------------- */

/* How ibm,configure-connector behaves, beyond what QEMU does: to try clients. */
struct papr_cc_quirks {
	int32_t delay_status;  /* 0, -2 or 9900..9905: answered before each true answer */
	unsigned int n_delays; /* how often before each */
	bool wants_extent;     /* answers 5 until a second work area is given */
	unsigned int page_bytes; /* how much of the work area is used; 0: 4096 */
	bool siblings;		 /* siblings as status 1 where PAPR allows it */
};

/* Strings and blobs are copied by papr_vmm_new(). Zero is the default everywhere
 * that a default is given. */
struct papr_config {
	uint64_t ram_bytes;	/* multiple of 256 MiB */
	uint64_t max_ram_bytes; /* 0: ram_bytes, so no memory can be added */
	unsigned int mem_slots; /* DIMMs and NVDIMMs that fit, <= 256 */
	unsigned int cpus;	/* threads running at start, 0: 1 */
	unsigned int max_cpus;	/* 0: cpus */
	unsigned int threads;	/* per core, 0: 1; 1, 2, 4 or 8 */
	const char *cpu_model;	/* "power8", "power9", "power10"; NULL: "power9" */
	const char *name;	/* NULL: none */
	uint8_t uuid[16];
	bool has_uuid;
	bool no_hotplug_events; /* modern-hotplug-events=off */
	bool no_update_dt;	/* machine pseries-3.1 and older */
	bool no_fwnmi;		/* cap-fwnmi=off */
	bool nvdimm;
	bool vof;	     /* x-vof=on */
	bool cas_reply_diff; /* x-cas-reply=diff */
	bool drc_info;	 /* ibm,drc-info offered: in place of the four arrays after CAS */
	bool hypervisor; /* node /hypervisor with ePAPR's hypercalls */
	bool powervm;	 /* x-powervm=on: RTAS calls that PowerVM has and QEMU lacks */
	bool no_vty;	 /* no /vdevice/vty@71000000 */
	const char *bootargs;
	const void *kernel; /* ELF image or plain bytes for 0x400000 */
	size_t kernel_bytes;
	const void *initrd;
	size_t initrd_bytes;
	size_t firmware_bytes; /* claimed at 0 (VOF) */
	struct papr_cc_quirks cc;
};

enum papr_error_class {
	PAPR_ERROR_GENERIC,
	PAPR_ERROR_DEVICE_NOT_FOUND,
};

/* Words for an error; QMP's, where QMP has them. Start zeroed. */
struct papr_error {
	enum papr_error_class class;
	char *text; /* owned; papr_error_clear() frees; NULL: no memory for words */
};

void papr_error_clear(struct papr_error *error);

/* A machine as it is at power-on, its tree built, no devices besides those that every
 * machine has (PHB 0, the boot processors). Add cold-plugged devices, then call
 * papr_vmm_reset(). 0, -EINVAL (*error says what), -ENOMEM. */
int papr_vmm_new(struct papr_vmm **out, const struct papr_config *config,
		 const struct papr_embedder *embedder, struct papr_error *error);

/* NULL is fine. */
void papr_vmm_free(struct papr_vmm *vmm);

/* Machine reset: pending unplugs complete, events are dropped, the tree is built anew,
 * kernel and initrd are loaded (VOF), every processor but the first is stopped. The
 * first call ends the start: devices that are added afterwards are hot-plugged.
 * 0, -ENOMEM, -EFAULT (kernel or initrd do not fit in memory), -EINVAL (the kernel is
 * an ELF image of another machine, or damaged). */
int papr_vmm_reset(struct papr_vmm *vmm);

/* The power button: queues an EPOW event for the guest. */
void papr_vmm_powerdown(struct papr_vmm *vmm);

/* ---- What the guest calls ------------------------------------------------------ */

enum {
	PAPR_HCALL_ARGS = 9, /* r4..r12 */
	PAPR_RTAS_CELLS = 16,
};

/* The processor (interrupt server number) that makes the calls from now on; the first
 * one after a reset. It matters to stop-self and ibm,nmi-interlock. */
void papr_vmm_set_cpu(struct papr_vmm *vmm, uint32_t cpu);

/* Hypercall nr (r3) with args r4..r12, from supervisor state. Returns the new r3;
 * results for r4.. are put into args[]. Unknown: H_FUNCTION (-2). */
int64_t papr_vmm_hcall(struct papr_vmm *vmm, uint64_t nr, uint64_t args[PAPR_HCALL_ARGS]);

/* An RTAS call whose words are in guest memory at two places, as QEMU's qtest has it.
 * 0, or H_PARAMETER (-4) if there is no call of this name, or no memory at the places. */
int64_t papr_vmm_rtas_at(struct papr_vmm *vmm, const char *name, uint32_t nargs,
			 uint64_t args_addr, uint32_t nret, uint64_t rets_addr);

/* An RTAS call whose argument block the embedder has decoded already. */
struct papr_rtas {
	uint32_t token;
	uint32_t nargs, nret; /* nargs + nret <= PAPR_RTAS_CELLS */
	uint32_t args[PAPR_RTAS_CELLS];
	uint32_t rets[PAPR_RTAS_CELLS]; /* in: as in the block; out: as answered */
};

/* 0 (rets[0] is the status); -EINVAL counts out of range, or no such token. */
int papr_vmm_rtas(struct papr_vmm *vmm, struct papr_rtas *call);

/* ePAPR exit record (provisional: the interface was proposed in 2013 and never
 * merged). nr is r11, args[n] is r3+n; the status comes back in ret, further results
 * in the slot of their register (r4: args[1]). */
struct papr_epapr {
	uint64_t nr;
	uint64_t ret;
	uint64_t args[8];
};

/* sf is MSR[SF]: without it the upper halves of all fields are cleared first. A reset
 * or a shutdown that succeeds does not return to the guest: PAPR_EV_RESET or _SHUTDOWN
 * has been told then, and true is returned. */
bool papr_vmm_epapr(struct papr_vmm *vmm, struct papr_epapr *exit, bool sf);

/* ---- Devices ------------------------------------------------------------------- */

/* One option of a device or an object, as in "-device driver,name=value". */
struct papr_option {
	const char *name, *value;
};

/* device_add / -device: options[0] names the driver ("driver"). 0 or -EINVAL,
 * -EEXIST, -EBUSY, -ENOENT, -ENOSPC, -ENOMEM; the words in *error are QEMU's. */
int papr_vmm_device_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error);

/* device_del: asks the guest, who may need long or refuse. Errors as above. */
int papr_vmm_device_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);

/* object_add / -object, of type memory-backend-ram; object_del. */
int papr_vmm_object_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error);
int papr_vmm_object_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);

/* ---- Looking ------------------------------------------------------------------- */

/* The functions below fill *out for n = 0, 1, ... and answer 1, or 0 behind the last
 * one. They may be called from inside a callback. */

/* A place for a core, as query-hotpluggable-cpus lists them, highest first. */
struct papr_cpu_info {
	uint32_t core_id, threads, node_id;
	const char *type; /* "power9_v2.0-spapr-cpu-core" */
	const char *path; /* NULL: empty */
};
int papr_vmm_cpu_info(const struct papr_vmm *vmm, size_t n, struct papr_cpu_info *out);

struct papr_memory_info {
	const char *type; /* "dimm", "nvdimm" */
	const char *id, *memdev;
	uint64_t address, size;
	uint32_t slot, node;
	bool hotplugged;
};
int papr_vmm_memory_info(const struct papr_vmm *vmm, size_t n,
			 struct papr_memory_info *out);

/* A region of a function, by its base address register. */
struct papr_pci_region {
	unsigned int bar;
	bool io, prefetch, is64;
	uint64_t size;
	uint64_t address; /* UINT64_MAX: the guest did not place it, or does not use it */
};

/* What a bridge passes on. */
struct papr_pci_range {
	uint64_t base, limit;
};

/* A function, as query-pci lists them: host bridges newest first, functions ascending,
 * those behind a bridge next after it. */
struct papr_pci_info {
	uint32_t phb; /* index of the host bridge */
	uint32_t bus; /* bus number */
	uint32_t slot, function;
	unsigned int depth; /* bridges above it */
	const char *id;	    /* "" if it was given none */
	const char *driver; /* "virtio-net-pci" */
	uint16_t vendor, device, class_code;
	uint16_t subsystem_vendor, subsystem; /* 0 and 0 for bridges */
	const char *class_text; /* "Ethernet controller", NULL: no words for it */
	uint8_t irq_pin, irq_line;
	unsigned int n_regions;
	struct papr_pci_region regions[6];
	int bridge_bus; /* secondary bus of a bridge, else -1 */
	/* Bridges only. */
	uint8_t primary, subordinate;
	struct papr_pci_range io, memory, prefetchable;
};
int papr_vmm_pci_info(const struct papr_vmm *vmm, size_t n, struct papr_pci_info *out);

/* A host bridge, with or without a card; newest first. */
struct papr_phb_info {
	uint32_t index;
	const char *id; /* "" if it was given none */
};
int papr_vmm_phb_info(const struct papr_vmm *vmm, size_t n, struct papr_phb_info *out);

/* A disk behind a controller (usb-storage, scsi-hd), newest first. The guest finds it
 * there by means of its own: the machine only raises the controller's interrupt. */
struct papr_disk_info {
	const char *id;			   /* "" if it was given none */
	const char *driver;		   /* "usb-storage" */
	uint32_t number;		   /* of those without an id */
	uint32_t phb, bus, slot, function; /* of its controller */
};
int papr_vmm_disk_info(const struct papr_vmm *vmm, size_t n, struct papr_disk_info *out);

/* One connector by its index: 1, or 0 if there is none. */
struct papr_drc_info {
	uint32_t index;
	const char *type; /* "CPU", "PHB", "28", "MEM", "PMEM" */
	char name[32];
	unsigned int state; /* numbers of the migration stream, paprvmm(3) */
	bool has_device, unplug_requested;
	uint32_t sense;	    /* what dr-entity-sense says */
	uint32_t indicator; /* what set-indicator made of the light, 0 to 3 */
};
int papr_vmm_drc_info(const struct papr_vmm *vmm, uint32_t index,
		      struct papr_drc_info *out);

/* A place that the machine knows by its location code (x-powervm), and its lights. */
enum { PAPR_LOCATION_BYTES = 80 };
struct papr_location_info {
	char location[PAPR_LOCATION_BYTES];
	char description[64];
	bool fault, identify;
};
int papr_vmm_location_info(const struct papr_vmm *vmm, size_t n,
			   struct papr_location_info *out);

/* A platform dump that waits for the guest (x-powervm), oldest first. */
struct papr_dump_info {
	uint64_t tag;
	uint64_t bytes;
	bool complete; /* the guest has had all of it, but not removed it */
};
int papr_vmm_dump_info(const struct papr_vmm *vmm, size_t n, struct papr_dump_info *out);

/* What set-time-for-power-on was told: year, month, day, hour, minute, second and ns.
 * False: nothing. */
bool papr_vmm_power_on_time(const struct papr_vmm *vmm, uint32_t time[7]);

/* The stored device tree: the one that the machine built, or that a CAS or an
 * UPDATE_DT put in its place. Valid until the machine is changed. */
const void *papr_vmm_fdt(const struct papr_vmm *vmm, size_t *bytes);

/* Where the guest's processor starts after a reset, in the few bytes of firmware that
 * are the embedder's to put at 0. False without x-vof. */
struct papr_entry {
	uint64_t pc, r1, r3, r4, r5;
};
bool papr_vmm_entry(const struct papr_vmm *vmm, struct papr_entry *out);

/* Token of an RTAS call, 0 if the machine has none of this name. */
uint32_t papr_vmm_rtas_token(const struct papr_vmm *vmm, const char *name);

/* ---- Save and load ------------------------------------------------------------- */

/* The machine's state without guest memory. *out is malloc'ed, the caller frees it.
 * 0 or -ENOMEM. */
int papr_vmm_save(const struct papr_vmm *vmm, void **out, size_t *bytes);

/* Into a machine that was made with the same configuration and the same devices, and
 * was reset once. 0, -EBADMSG damaged (the machine is as before), -ENOTSUP a version
 * that is not known, -ENODEV devices or configuration differ, -ENOMEM. */
int papr_vmm_load(struct papr_vmm *vmm, const void *state, size_t bytes,
		  struct papr_error *error);

/* ---- To try clients ------------------------------------------------------------ */

struct papr_fault {
	const char *call; /* RTAS name, "hcall:<nr>", "epapr:<nr>" */
	uint32_t nth;	  /* 1: the next one */
	uint32_t count;	  /* how many from there, 0: all */
	bool delay; /* status is a delay: the true answer follows to the same call */
	int64_t status;
	uint32_t rets[PAPR_RTAS_CELLS]; /* further outputs of an RTAS call */
	unsigned int n_rets;
	const void *area; /* copied: put where the first argument points to */
	size_t area_bytes;
};

/* Returns an id > 0, or -EINVAL (no such RTAS call; a number that is none; nth 0; too many
 * rets), -ENOMEM. Hypercalls need not exist. */
int papr_vmm_fault_add(struct papr_vmm *vmm, const struct papr_fault *fault);
/* id 0: all of them. 0 or -ENOENT. */
int papr_vmm_fault_clear(struct papr_vmm *vmm, int id);

/* Tell PAPR_EV_CALL for each firmware call from now on, or no longer. */
void papr_vmm_trace(struct papr_vmm *vmm, bool on);

/* Queues these bytes as an event log: of the hot-plug class when their type says so, of
 * the EPOW class otherwise. Whether a guest survives them is the caller's business. 0, -EINVAL (more than 2048 or fewer than 8 bytes), -ENOMEM. */
int papr_vmm_inject_event(struct papr_vmm *vmm, const void *log, size_t bytes);

/* An event log as firmware makes it, with the parts that its kind has. */
enum papr_log_kind {
	PAPR_LOG_HOTPLUG,	 /* type, action, id, flags, and what id says */
	PAPR_LOG_EPOW,		 /* sensor, modifier, extension */
	PAPR_LOG_PRRN,		 /* scope */
	PAPR_LOG_PLATFORM_ERROR, /* severity, refcode */
};
struct papr_log {
	enum papr_log_kind kind;
	uint8_t type, action; /* numbers of PAPR's hot-plug section */
	uint8_t id;	      /* 1 drc_name, 2 index, 3 count, 4 count and index */
	uint8_t flags;	      /* 0x80: token; 0x40: as many as there are */
	uint32_t index, count, token;
	const char *drc_name;
	uint8_t sensor, modifier, extension;
	uint32_t scope;
	uint8_t severity;
	const char *refcode; /* at most 32 characters */
};
/* 0, -EINVAL, -ENOMEM. */
int papr_vmm_log_event(struct papr_vmm *vmm, const struct papr_log *log);

/* What x-powervm=on adds to the machine; all -ENOTSUP without it.
 * The light of a place: type 9006 (fault) or 9007 (identify). 0, -EINVAL another type,
 * -ENOENT no such place, -ENOMEM. */
int papr_vmm_indicator_set(struct papr_vmm *vmm, const char *location, uint32_t type,
			   bool on);
/* A platform dump for the guest; copied. 0, -EEXIST the tag is taken, -EINVAL more than
 * 16 MiB, -ENOSPC there are 16 already, -ENOMEM. */
int papr_vmm_dump_add(struct papr_vmm *vmm, uint64_t tag, const void *content,
		      size_t bytes);

/* A change of the device tree that the guest is to make as well. It learns of it from
 * ibm,update-nodes and ibm,update-properties, with the scope that it asks for: 1 is a
 * migration, and those are told of when it is over; what is below 0 is minus the scope of
 * an event (PAPR_LOG_PRRN), and told of from now on. Trees and nodes that the machine
 * makes from then on have the change in them. The path is that of an existing node, whose
 * "ibm,phandle" the guest is told; of what comes with PCI there is none. */
enum papr_change_kind {
	PAPR_CHANGE_SET,    /* property: this value, or none (bytes 0) */
	PAPR_CHANGE_UNSET,  /* property goes */
	PAPR_CHANGE_DELETE, /* the node goes */
	PAPR_CHANGE_ADD,    /* below the node: what the connector drc_index gives */
};
struct papr_change {
	int32_t scope;
	enum papr_change_kind kind;
	const char *path, *property;
	const void *value;
	size_t bytes;
	uint32_t drc_index;
};
/* Copied. 0, -EINVAL, -ENOENT no such connector, -ENOSPC too many, -ENOMEM, -ENOTSUP. */
int papr_vmm_change(struct papr_vmm *vmm, const struct papr_change *change);
void papr_vmm_changes_clear(struct papr_vmm *vmm);

/* The next migration, or hibernation: the guest is told its stream by other ways, asks
 * H_VASI_STATE about it, and calls ibm,suspend-me. */
struct papr_migration {
	uint64_t stream;	 /* not 0 */
	unsigned int waits;	 /* so often the stream is not ready yet */
	unsigned int area_bytes; /* how much of its area ibm,update-... use; 0: 4096 */
	bool counts_words; /* additions in words, as PAPR says, not in pairs, as Linux */
	bool aborts;	   /* the host gives it up instead of being ready */
};
/* 0, -EINVAL, -EBUSY there is one that has not ended, -ENOTSUP. */
int papr_vmm_migrate(struct papr_vmm *vmm, const struct papr_migration *migration);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
