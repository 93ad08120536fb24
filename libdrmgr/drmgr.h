/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drmgr.h - dynamic reconfiguration of this partition: libdrmgr
 *
 * The library lists the connectors (DRCs) of the machine and adds, removes, replaces and
 * identifies their resources. It prints nothing, catches no signal and has no global
 * state: each context is independent. One thread at a time may use a context and what
 * belongs to it.
 *
 * Errors:  functions that can fail return 0 or a negative errno. dr_get_error() has the
 *          last error of those that take the context, with its text; success does not
 *          clear it. Functions of values, lists, connectors and journals only return it.
 * Memory:  a context, a list and results are freed by their functions dr_..._unref() and
 *          dr_..._free(), which accept NULL. A text that a dr_..._get_...() function returns
 *          belongs to its object, and is valid as long as the object is.
 * Numbers: all are in the byte order of the host.
 * Source:  PAPR+ 13 (dynamic reconfiguration)
 */
#ifndef DRMGR_H
#define DRMGR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- Contexts ---- */

struct dr;

/* Make a context. sysroot: a captured tree, which can only be read; NULL: the running
 * system. The caller frees it with dr_unref(). Return 0, -ENOMEM, or the negative errno of
 * opening the folder. */
int dr_new(struct dr **dr, const char *sysroot);

/* Add a reference to a context; return it. */
struct dr *dr_ref(struct dr *dr);

/* Drop a reference. The last one frees the context, with its lock. Return NULL. */
struct dr *dr_unref(struct dr *dr);

/* Return the version of the package: "0.1.0". */
const char *dr_version(void);

/* ---- Errors ---- */

/* The list of errors, to which later versions may add. Each has a word. */
enum dr_code {
	DR_CODE_NONE,
	DR_CODE_NO_CONNECTORS,	   /* the machine has none of this type */
	DR_CODE_NO_SUCH_CONNECTOR, /* the key names none */
	DR_CODE_NO_SUCH_INDEX,	   /* the key is an index, of no connector */
	DR_CODE_WRONG_TYPE,	   /* the key names a connector of another type */
	DR_CODE_AMBIGUOUS,	   /* the key names several */
	DR_CODE_NOT_HOT_PLUGGABLE,
	DR_CODE_ALREADY_THERE,	   /* add: the partition has the resource */
	DR_CODE_NOTHING_THERE,	   /* there is no resource to add or to remove */
	DR_CODE_TOO_FEW,	   /* fewer resources than requested */
	DR_CODE_LAST_ONE,	   /* a partition must keep one */
	DR_CODE_DEVICE_IN_USE,	   /* a driver or a program does not release it */
	DR_CODE_WOULD_LOSE_SYSTEM, /* the system needs the device */
	DR_CODE_WOULD_LOSE_USE,	   /* the caller allows no loss, and the device is used */
	DR_CODE_WOULD_STRAND,	   /* no partition could use the resource again */
	DR_CODE_FIRMWARE_REFUSED,
	DR_CODE_KERNEL_REFUSED,
	DR_CODE_NO_DEVICE, /* Linux made no device for the resource */
	DR_CODE_TIMED_OUT,
	DR_CODE_INTERRUPTED, /* the caller requested a stop */
	DR_CODE_NO_ANSWER,   /* a question was not answered */
	DR_CODE_NOT_PERMITTED,
	DR_CODE_NOT_SUPPORTED, /* by this kernel or machine */
	DR_CODE_BAD_REQUEST,
	DR_CODE_HOOK_FAILED,
	DR_CODE_LOCK_HELD,
	DR_CODE_JOURNAL_FULL,
	DR_CODE_JOURNAL_DAMAGED,
	DR_CODE_UNDO_INCOMPLETE,
	DR_CODE_NO_MEMORY,
	/* Of other programs: functions of this library do not return them. */
	DR_CODE_BAD_FILE,	/* a file of the user cannot be read, or is invalid */
	DR_CODE_NO_KERNEL_FILE, /* a file of /proc or /sys does not exist */
	DR_CODE_NO_SUCH_DEVICE, /* no device has the name or the path */
	DR_CODE_NO_PATH,	/* firmware has no path for the device */
	/* Of this library again. */
	DR_CODE_MEMORY_NEEDED,	     /* programs need the memory */
	DR_CODE_HOST_HAS_TOO_LITTLE, /* the host assigned fewer resources than requested */
};

struct dr_error;

/* Return the word of a code: "no-such-connector". NULL: there is no such code. */
const char *dr_code_name(enum dr_code code);
/* Return what the user of the programs can do: one sentence. NULL: DR_CODE_NONE, or
 * there is no such code. */
const char *dr_code_hint(enum dr_code code);

/* Return the last error of a context; DR_CODE_NONE if no function has failed, or only because
 * an answer was no. It is valid
 * until the next call with the context. */
const struct dr_error *dr_get_error(const struct dr *dr);

enum dr_code dr_error_get_code(const struct dr_error *error);
/* Return a negative errno, or 0. */
int dr_error_get_errno(const struct dr_error *error);
/* Return true if the kernel returned this number, for a call or for one of its files. false:
 * the library chose it. */
bool dr_error_has_kernel_errno(const struct dr_error *error);
/* Return the step that failed: "isolate"; NULL: none. */
const char *dr_error_get_step(const struct dr_error *error);
/* Return the RTAS call that failed: "set-indicator"; NULL: none. */
const char *dr_error_get_call(const struct dr_error *error);
/* Get the status that firmware answered. Return false if the error is not firmware's. */
bool dr_error_get_status(const struct dr_error *error, int32_t *status);
/* Get the bytes of DR_CODE_MEMORY_NEEDED: those that the removal would take, those that Linux
 * could free or swap, and those of them that must remain. Return false for another code. */
bool dr_error_get_memory(const struct dr_error *error, uint64_t *bytes,
			 uint64_t *available, uint64_t *kept);
/* Return the reason that the kernel gave; NULL: none. */
const char *dr_error_get_reason(const struct dr_error *error);
/* Return true if the kernel refused a write to one of its files. */
bool dr_error_is_kernel_file(const struct dr_error *error);
/* Return true if the error is about a card below the resource of the request. */
bool dr_error_is_below(const struct dr_error *error);
/* Return the text of the error of a context: one or more lines for the user, without the
 * last LF. "": no error. */
const char *dr_get_error_text(const struct dr *dr);

/* ---- The machine ---- */

/* Return true if this system is a partition that can be reconfigured. */
bool dr_is_partition(const struct dr *dr);

/* Return the name of the platform: "PowerVM pSeries LPAR". */
const char *dr_get_platform(const struct dr *dr);

/* Return 0 if the device tree is that of a CHRP machine, as all PAPR machines have it;
 * -ENOENT: no device tree can be read; -EINVAL: it is another machine's. */
int dr_check_device_tree(const struct dr *dr);

/* A capability of this system. */
struct dr_capability;

/* Return the i-th capability, from 0; NULL: there are no more. The first call reads them all;
 * as root it loads the module rpadlpar_io. */
const struct dr_capability *dr_get_capability(struct dr *dr, size_t i);
/* Return "cpu_dlpar". */
const char *dr_capability_get_name(const struct dr_capability *capability);
/* Return the words for a person, "CPU DLPAR"; NULL: it is only for programs. */
const char *dr_capability_get_title(const struct dr_capability *capability);
/* Return the file that shows the capability, without the first slash. */
const char *dr_capability_get_file(const struct dr_capability *capability);
bool dr_capability_is_there(const struct dr_capability *capability);
/* Return false if a captured tree lacks the folder that would show it. */
bool dr_capability_is_known(const struct dr_capability *capability);

/* ---- Connector types ---- */

struct dr_type;

enum dr_action {
	DR_NO_ACTION,
	DR_ADD,
	DR_REMOVE,
	DR_QUERY,
	DR_REPLACE,
	DR_IDENTIFY,
	DR_MIGRATE,
	DR_HIBERNATE,
};

/* Return the word of an action: "add". */
const char *dr_action_name(enum dr_action action);

/* Return the type after this one, in the order of documents; NULL: the first. NULL: there
 * are no more. */
const struct dr_type *dr_type_next(const struct dr_type *type);

#define dr_foreach_type(type) \
	for ((type) = dr_type_next(NULL); (type); (type) = dr_type_next(type))

/* Return the type with this word, or NULL. */
const struct dr_type *dr_type_by_name(const char *name);

/* Return its word: "pci". */
const char *dr_type_get_name(const struct dr_type *type);
/* Return what its connectors are, for a person: "PCI hot-plug slots". */
const char *dr_type_get_title(const struct dr_type *type);
/* Return the options of drmgr for the type, for a person. */
const char *dr_type_get_usage(const struct dr_type *type);
/* Return true if the type has connectors that can be listed. */
bool dr_type_has_connectors(const struct dr_type *type);
/* Return true if requests of this action exist. */
bool dr_type_allows(const struct dr_type *type, enum dr_action action);

/* ---- Values: what is known of a connector ---- */

enum dr_kind {
	DR_KIND_TEXT,
	DR_KIND_NUMBER,
	DR_KIND_INDEX,	 /* of a connector, or a phandle: 32 bits */
	DR_KIND_ADDRESS, /* 64 bits */
	DR_KIND_BOOL,
	DR_KIND_LIST, /* of values, or of objects with members */
};

struct dr_value {
	enum dr_kind kind;
	bool is_internal; /* documents do not have it */
	bool is_known;	  /* false: the rest has no meaning */
	const char *text; /* DR_KIND_TEXT; valid until the list moves on */
	int64_t number;	  /* all kinds of numbers; DR_KIND_BOOL: 0 or 1 */
	size_t n;	  /* DR_KIND_LIST: items */
	/* Of the library. */
	const void *object, *items, *reserved[3];
};

/* Return the key of the i-th member of each connector of a type, from 0: "name", "index".
 * NULL: there are no more. */
const char *dr_type_get_member(const struct dr_type *type, size_t i);
/* Return the heading of the member in a table; NULL: tables do not have it. */
const char *dr_type_get_heading(const struct dr_type *type, size_t i);

/* Return the i-th key of each object of a list; NULL: there are no more. A list of plain
 * values has no keys. */
const char *dr_value_get_member(const struct dr_value *list, size_t i);

/* Get a member of the i-th object of a list. key NULL: the i-th plain value. Return 0,
 * -ENOENT if there is no such item or key. */
int dr_value_get(const struct dr_value *list, size_t i, const char *key,
		 struct dr_value *value);

/* ---- Connectors ---- */

struct dr_list;
struct dr_connector;

enum dr_list_flags {
	DR_LIST_DETAILS = 1, /* read also what takes more time: drivers, caches, nodes */
	DR_LIST_PRESENT = 2, /* only resources of this partition */
	DR_LIST_ABSENT = 4,  /* only "empty", "not-owned" and "reserved" ones */
	DR_LIST_INTERFACES = 16, /* read the interfaces and disks of PCI functions */
	DR_LIST_CACHES = 8,	 /* of the details only the caches of processors */
	/* Call firmware for each connector whose resource the partition does not own: does
	 * the host offer it? Member "offered". Only for root, on the running system. */
	DR_LIST_SENSE = 32,
};

/*
 * Read the connectors of a type. It needs no lock and no privilege, and does not call
 * firmware. key: a DRC name or index, location code, PCI address, path of a device-tree
 * node, or name of Linux (see drmgr(8), option -s); NULL: all connectors.
 *
 * *list is set in any case but -ENOMEM: after an error it has no connectors. The caller
 * frees it. It must be freed before the context is.
 *
 * Return 0, or a negative errno: -ENODEV: the machine has no such connectors
 * (DR_CODE_NO_CONNECTORS). -ENOENT, -ENOTUNIQ: the key names none or several; -ENOENT also if
 * there is no device tree. -ENOTSUP: the type has none. -EBADMSG, -E2BIG: the device tree is
 * damaged. -EPERM, -EROFS: DR_LIST_SENSE is not possible. -ENOMEM. Or the error of reading a
 * folder.
 */
int dr_list_new(struct dr *dr, const struct dr_type *type, const char *key,
		unsigned int flags, struct dr_list **list);
void dr_list_free(struct dr_list *list);

/* Return the next connector; NULL: there are no more, or an error occurred, which
 * dr_list_get_errno() returns. The connector is valid until the next call with the list. */
const struct dr_connector *dr_list_next(struct dr_list *list);
int dr_list_get_errno(const struct dr_list *list);

/* Begin again: the next connector is the first one. */
void dr_list_rewind(struct dr_list *list);

#define dr_foreach_connector(list, connector)                       \
	for ((connector) = dr_list_next(list); (connector) != NULL; \
	     (connector) = dr_list_next(list))

/* Return the key of the i-th member of whole lists of a type: "numa_score"; NULL: there are
 * no more. */
const char *dr_type_get_list_member(const struct dr_type *type, size_t i);

/* Get a member of the whole list. list NULL: all are unknown. Return 0 or -ENOENT. */
int dr_list_get(const struct dr_type *type, const struct dr_list *list, const char *key,
		struct dr_value *value);

/* Get a member of a connector. Return 0 or -ENOENT. */
int dr_connector_get(const struct dr_connector *connector, const char *key,
		     struct dr_value *value);

const struct dr_type *dr_connector_get_type(const struct dr_connector *connector);
/* Return the DRC name; NULL: firmware has none for it. */
const char *dr_connector_get_name(const struct dr_connector *connector);
/* Return the DRC index; 0: unknown. */
uint32_t dr_connector_get_index(const struct dr_connector *connector);
/* Return a word: "empty", "no-device", "configured", "owned", "not-owned", "reserved". NULL:
 * a captured tree does not show if Linux has a device for the node. */
const char *dr_connector_get_state(const struct dr_connector *connector);

/* ---- Requests ---- */

/* A change, or a query that only the type can answer. The caller sets size, and all that
 * is not given to 0. */
struct dr_request {
	size_t size; /* sizeof(struct dr_request) */
	const struct dr_type *type;
	/* DR_QUERY only for types without another query: "port". DR_NO_ACTION with until. */
	enum dr_action action;
	const char *key; /* as of dr_list_new(); of a migration: the stream */
	uint64_t count;	 /* without a key: how many resources */
	bool has_count;	 /* count is given, which can be 0 for credits */
	/* What of the resource is changed: "smt_threads", "ent_capacity". Of a migration:
	 * "check" or "pre". NULL: the resource itself. Slots ignore it. */
	const char *parameter;
	const char *accelerator; /* "gzip" */
	/* The processors and memory that firmware has moved, one on a line: they are removed
	 * and added again. Then type and action are not given. */
	const char *file;
	const char *backend; /* "overlay", "dlpar", "ofdt"; NULL: the best one */
	bool ask;	     /* ask questions: callbacks have question */
	bool skip_identify;  /* do not ask whether it is the right slot */
	bool hotplug_only;   /* do not change isolation and power */
	bool all_or_nothing; /* if fewer succeed than requested, undo them */
	bool force;	     /* remove even what the system needs */
	bool no_loss;	     /* refuse a change that loses anything */
	bool describe;	     /* read what Linux has for the resources */
	bool plan;	     /* change nothing: report the steps and what would be lost */
	/* Do not wait for a write of an earlier run which is still in the kernel, and for which
	 * this change would have to wait. -ETIMEDOUT with DR_CODE_TIMED_OUT: there is one. */
	bool try_once;
	/* Release the lock while the kernel holds a write for more than 5 s or another one that
	 * this change must wait for. The journal is a leftover meanwhile. */
	bool may_yield;
	/* The resources by their DRC indexes, in the byte order of the host, in place of key,
	 * count and file. The caller owns them until dr_run() returns. One is the same as its
	 * text "0x40000008" as key, for each type. Only "pci" with DR_ADD and DR_REMOVE takes
	 * more than one, each once, and then neither ask nor all_or_nothing.
	 *
	 * Each of several is a change for itself, in this order: with a journal, an undo and
	 * hooks of its own. One that fails, is unknown, or is blocked by a leftover stops no
	 * other one; only an undo that fails, the limit of time and a stop end the request, and
	 * those that have not begun are DR_SKIPPED. udevd is waited for once, after all (describe).
	 * The results have one resource for each index in this order, each followed by those
	 * changed with it. */
	const uint32_t *indexes;
	size_t n_indexes;
	bool force_memory; /* remove even memory that programs need */
	/* Of a removal of memory: this request and those that follow it remove so many LMBs with
	 * consecutive indexes, of which this one is the first; without an index, this request
	 * alone. What programs need is tested for all of them before the first. 0: it is tested
	 * for one LMB, for all of all_or_nothing, else before each step. */
	uint64_t lmbs_in_all;
	/* Of "cpu" and "mem", in place of key, count and indexes: change as many as are needed until
	 * the partition has `until` cores or LMBs, not 0 and below 2^32. With DR_ADD at least, with
	 * DR_REMOVE at most, with DR_NO_ACTION exactly as many. dr_run() counts them itself, after
	 * the recovery and under the lock. DR_UNTIL_MAX: add until the host assigns no more. */
	uint64_t until;
	bool has_until;
	/* Of "mem": count or until is in bytes. until is then all memory of the partition, also
	 * what cannot be removed. A size that is no whole number of LMBs is refused. */
	bool in_bytes;
	/* Without count and until: DR_CODE_ALREADY_THERE of an addition, and
	 * DR_CODE_NOTHING_THERE of a removal, are DR_STATUS_DONE. */
	bool if_needed;
};

#define DR_UNTIL_MAX UINT64_MAX

/* Check what can be known without the machine. Return 0, or -EINVAL (DR_CODE_BAD_REQUEST)
 * with the text of the context. */
int dr_check(struct dr *dr, const struct dr_request *request);

/* ---- What happens while a request runs ---- */

enum dr_level {
	DR_LEVEL_TRACE, /* calls and writes, of dr_set_trace() */
	DR_LEVEL_ERROR,
	DR_LEVEL_WARNING,
	DR_LEVEL_INFO,
	DR_LEVEL_DEBUG,
};

enum dr_prompt {
	DR_PROMPT_IDENTIFY,	 /* is this the slot? */
	DR_PROMPT_INSERT,	 /* insert the card */
	DR_PROMPT_STILL_MISSING, /* wait longer for it? */
	DR_PROMPT_REMOVE,	 /* remove the card */
	DR_PROMPT_REPLACE,	 /* replace the card */
};

/* What became of a resource. */
enum dr_outcome {
	DR_DONE,
	DR_FAILED,
	DR_SKIPPED,
	DR_UNDONE,
	DR_PLANNED,
};

/* Return the word of an outcome: "done". */
const char *dr_outcome_name(enum dr_outcome outcome);

/* One change of the machine, or with a plan one that would be made. */
struct dr_step;

/* Return "isolate", "attach" and the like. */
const char *dr_step_get_op(const struct dr_step *step);
/* Return "set-indicator(9001, 0x40000008, 0)". */
const char *dr_step_get_args(const struct dr_step *step);
bool dr_step_is_planned(const struct dr_step *step);
/* Return true for one call into firmware, false for a write to the kernel and for the calls
 * that read the nodes of a connector. */
bool dr_step_is_call(const struct dr_step *step);
/* Get the status of a call that was made. Return false if no call was made. */
bool dr_step_get_status(const struct dr_step *step, int32_t *status);
int dr_step_get_errno(const struct dr_step *step);
/* Return the time that it took, in nanoseconds. */
int64_t dr_step_get_ns(const struct dr_step *step);
/* Return its number among the steps of all resources of the results, from 1, in the order of
 * time. 0 in callbacks. */
unsigned int dr_step_get_number(const struct dr_step *step);

/* A resource of a request: a card, a host bridge, a core, an LMB. */
struct dr_resource;

/* Return the DRC name; NULL: it is not known yet. */
const char *dr_resource_get_name(const struct dr_resource *resource);
/* Return the DRC index; 0: it has none, as shares. */
uint32_t dr_resource_get_index(const struct dr_resource *resource);
enum dr_outcome dr_resource_get_outcome(const struct dr_resource *resource);
/* As dr_results_get_changed(), for this resource. */
int dr_resource_get_changed(const struct dr_resource *resource);
/* Return its error and the text; NULL: none. */
const struct dr_error *dr_resource_get_error(const struct dr_resource *resource);
const char *dr_resource_get_error_text(const struct dr_resource *resource);
/* Return the device-tree node that was added or removed; NULL: none. */
const char *dr_resource_get_node(const struct dr_resource *resource);
/* Return the i-th device that Linux has for it, "0000:00:01.0", its driver, and its n-th
 * interface or disk: "eth0". NULL: it does not exist, or the request did not ask for them
 * (describe). */
const char *dr_resource_get_device(const struct dr_resource *resource, size_t i);
const char *dr_resource_get_driver(const struct dr_resource *resource, size_t i);
const char *dr_resource_get_interface(const struct dr_resource *resource, size_t i,
				      size_t n);

/* What Linux loses by a removal. */
struct dr_impact;

/* Return its kind: "mount", "default-route". */
const char *dr_impact_get_kind(const struct dr_impact *impact);
/* Return what is lost: a mount point, an address. */
const char *dr_impact_get_what(const struct dr_impact *impact);
/* Return the way from the lost device upward: "vda2 > md0 > vg0-root". */
const char *dr_impact_get_through(const struct dr_impact *impact);
/* Return what of the card a need of the system may depend on, "sda", or NULL. "through" then
 * is how far its way is known: "rpool/ROOT (zfs)". */
const char *dr_impact_get_unknown(const struct dr_impact *impact);
/* Return true if the system fails without it. */
bool dr_impact_is_fatal(const struct dr_impact *impact);
/* Return true if it stays online, with less redundancy. */
bool dr_impact_is_degraded(const struct dr_impact *impact);
/* Return true if it is perhaps not lost: it may be reached in another way, or could not be
 * tested. */
bool dr_impact_is_unsure(const struct dr_impact *impact);
/* Return true for a note: no use is known, and no_loss does not refuse the removal. */
bool dr_impact_is_note(const struct dr_impact *impact);
/* Return the PID of the program that has the device open; 0 for other kinds, and if it is
 * unknown. */
int dr_impact_get_pid(const struct dr_impact *impact);

/* What the library tells the caller. Any function may be NULL. They must not call functions
 * that take the context. Texts are one or more lines
 * without the last LF; their bytes may come from firmware. Objects and texts are valid only
 * during the call. */
struct dr_callbacks {
	size_t size; /* sizeof(struct dr_callbacks) */
	void *priv;  /* the first argument of each function */
	/* A message for a log. */
	void (*log)(void *priv, enum dr_level level, const char *text);
	/* A warning for the user. */
	void (*warning)(void *priv, const char *text);
	/* A resource is changed next. */
	void (*begin)(void *priv, const struct dr_resource *resource);
	/* It is done. The connectors that were changed with it follow, without a begin: the
	 * cards below it, and the second path of its card. With several indexes and describe,
	 * the ends of the added ones follow after the last change. */
	void (*end)(void *priv, const struct dr_resource *resource);
	/* The resource of the last begin is not part of the result. */
	void (*forget)(void *priv);
	/* Each error of a run, as it occurs. */
	void (*error)(void *priv, const struct dr_error *error, const char *text);
	/* So many of total resources are done. */
	void (*progress)(void *priv, size_t done, size_t total);
	void (*step)(void *priv, const struct dr_step *step);
	/* Return 1 yes, 0 no, -ENODATA if there is no answer, -EINTR or another negative value
	 * to stop. DR_PROMPT_REMOVE only waits: a no is a yes. */
	int (*question)(void *priv, enum dr_prompt prompt, const char *slot);
	/* The card in slot has a second path, which gets the same change. */
	void (*partner)(void *priv, const char *slot, const char *partner);
	/* A host bridge has a partner, which is not changed. partner NULL: this partition has
	 * no connector for the partner. */
	void (*phb_partner)(void *priv, const char *phb, const char *partner);
	void (*impact)(void *priv, const struct dr_impact *impact, const char *text);
	/* Called each second of a wait, first after a second. what: "a card in slot C8"; ms:
	 * the time left at most, -1 without a limit. */
	void (*wait)(void *priv, const char *what, int64_t ms);
	/* The lock was released (dr_request.may_yield), and the request waits for the kernel. */
	void (*yield)(void *priv);
};

/* Set the functions; NULL: none. The struct is copied. */
void dr_set_callbacks(struct dr *dr, const struct dr_callbacks *callbacks);

/* Set the time in ms after which no wait of a change goes on; 0: each wait has its own limit.
 * It counts from now, for all later requests. An undo and dr_sense() do not use it. */
void dr_set_time_limit(struct dr *dr, int64_t ms);

/* Set a descriptor that becomes readable when requests must stop, such as a signalfd; -1:
 * none. The caller keeps it open. What was begun is then undone. */
void dr_set_stop_fd(struct dr *dr, int fd);

/* Set the command that journals name; the words must outlive the context. Default: "libdrmgr". */
void dr_set_command(struct dr *dr, int argc, char *const argv[]);

/* Log each call into firmware and each write to the kernel with DR_LEVEL_TRACE. It is read
 * when firmware is called for the first time. */
void dr_set_trace(struct dr *dr, bool trace);

/* ---- Changes ---- */

/* Acquire the lock of dynamic reconfiguration, which all changes need, and which other
 * programs respect. Wait at most ms, and up to half a second for a holder that is ending.
 * Return 0, or a negative errno: -EAGAIN: another process has it (DR_CODE_LOCK_HELD). -EPERM:
 * the lock file is not root's. -ESTALE: it is replaced again and again. -EROFS: a captured
 * tree. Or the error of opening the file. */
int dr_lock(struct dr *dr, int64_t ms);
void dr_unlock(struct dr *dr);
bool dr_has_lock(const struct dr *dr);

/* Return the process that had the lock when dr_lock() failed, and its command; 0 and "":
 * unknown. */
int dr_get_lock_holder(const struct dr *dr);
const char *dr_get_lock_holder_command(const struct dr *dr);

/* How a request ended. */
enum dr_status {
	DR_STATUS_DONE,
	DR_STATUS_DECLINED, /* the answer was no: before an addition, or after the
			     * removal of a replacement */
	DR_STATUS_PARTIAL,
	DR_STATUS_FAILED,     /* nothing has changed */
	DR_STATUS_NOT_UNDONE, /* failed, and an undo has failed, too */
};

struct dr_results;

/*
 * Run a request. The caller has the lock, unless it only plans. Hooks of the administrator
 * run before and after. If an earlier run was killed, dr_recover() must be called first.
 *
 * *results is set in any case but -ENOMEM. The caller frees it.
 *
 * Return 0 for DR_STATUS_DONE and DR_STATUS_DECLINED, else a negative errno, and the error of
 * the context: -EINVAL: the request is invalid. -ENOLCK: the lock is not held. -EUCLEAN: an
 * earlier run must be recovered first. -EROFS: a captured tree. -ENOMEM. Or the number of the
 * last error of the run, -EIO if it has none.
 */
int dr_run(struct dr *dr, const struct dr_request *request, struct dr_results **results);
void dr_results_free(struct dr_results *results);

enum dr_status dr_results_get_status(const struct dr_results *results);
/* Return how many resources were requested, and how many are done: none by a plan. */
unsigned int dr_results_get_requested(const struct dr_results *results);
unsigned int dr_results_get_done(const struct dr_results *results);
/* Return the action: that of the request; with until and DR_NO_ACTION the one that was chosen,
 * DR_NO_ACTION if nothing had to be changed. */
enum dr_action dr_results_get_action(const struct dr_results *results);
/* Return 1 if the request has changed something, or with a plan would; 0 if all is as before;
 * -1: that is unknown, because an undo has failed. */
int dr_results_get_changed(const struct dr_results *results);

/* How many cores or LMBs the partition has. */
struct dr_count {
	size_t size; /* sizeof(struct dr_count), set by the caller */
	bool has_before, has_after, has_target; /* what is known */
	uint64_t before, after; /* after a plan: as its change would end */
	uint64_t target;	/* of until, but not DR_UNTIL_MAX */
	bool has_bytes; /* the memory of n LMBs, and all other, is n * unit + rest bytes */
	uint64_t unit, rest;
};

/* Get the counts of the request. Nothing is known for other types than "cpu" and "mem". */
void dr_results_get_count(const struct dr_results *results, struct dr_count *count);
/* Return the last error, and its text; DR_CODE_NONE and "": none. If no resource was
 * requested, the text says that there was none to change. */
const struct dr_error *dr_results_get_error(const struct dr_results *results);
const char *dr_results_get_error_text(const struct dr_results *results);
/* Return true if a resource failed, whose steps were undone, and if an undo has failed. */
bool dr_results_is_undone(const struct dr_results *results);
bool dr_results_is_undo_incomplete(const struct dr_results *results);
/* Return true if the resources were found, so that a change was tried. */
bool dr_results_is_prepared(const struct dr_results *results);
/* Return false if there was no memory for some resources, steps or texts. */
bool dr_results_is_complete(const struct dr_results *results);
/* Return the i-th resource, from 0; NULL: there are no more. */
const struct dr_resource *dr_results_get_resource(const struct dr_results *results,
						  size_t i);
/* Return the i-th step of a resource; NULL: there are no more. Resources that callbacks
 * receive have no steps. */
const struct dr_step *dr_resource_get_step(const struct dr_resource *resource, size_t i);

/*
 * Would the removal of a host bridge or logical slot succeed? It changes nothing and needs no
 * lock. index, which may be NULL, receives the DRC index of the key's connector; 0: none.
 *
 * Return 0, or a negative errno and the context's error: -EBUSY: a device must stay
 * (DR_CODE_DEVICE_IN_USE). -ENODATA: the partition does not own it (DR_CODE_NOTHING_THERE).
 * -ENOENT, -ENOTUNIQ: as dr_list_new(); -ENOENT with DR_CODE_WRONG_TYPE: a connector of
 * another type. -ENOTSUP: the type has no such query.
 */
int dr_can_remove(struct dr *dr, const struct dr_type *type, const char *key,
		  uint32_t *index);

/* ---- Interrupted runs ---- */

/* The journal of a run that was killed. */
struct dr_interrupted {
	size_t size;	     /* sizeof(struct dr_interrupted), set by the caller */
	unsigned int undone; /* steps that were undone */
	int pid;	     /* of that run; 0: unknown */
	char command[256];   /* of that run */
	char step[32];	     /* that could not be undone; "": none */
	int writer; /* a process of it that still writes to the kernel; 0: none */
	char writer_path[300]; /* the file that it writes, without the first slash */
	char moved_to[64];     /* dr_discard(): the new place, without the first slash */
	/* What it was about: "C8 (0x40000008), C9 (0x40000009)", or its command. */
	char connectors[768];
	char file[32]; /* the name of its journal: "journal", or "left-1" of a leftover */
};

/* Return true if there is a journal: a run was killed, so that dr_recover() is needed, or one
 * is in progress, or there are leftovers. */
bool dr_needs_recovery(const struct dr *dr);

/*
 * Undo the steps of a run that was killed. The caller has the lock. backend: as in struct
 * dr_request. *interrupted is set in any case. After -EUCLEAN and -EINPROGRESS the journal is
 * a leftover, and requests for other connectors can continue.
 *
 * Return 0, also if there was nothing to recover, or a negative errno and the context's error:
 * -EUCLEAN: a step could not be undone. -EINPROGRESS: a process of that run still writes.
 * -EPERM: the journal is not root's. -EBADMSG, -E2BIG: it is damaged. -EPROTO: another version
 * of this package wrote it. -EMFILE, -ENFILE: it cannot be read now. -ENOLCK: the lock is not
 * held. -ENOMEM. With DR_CODE_NOT_SUPPORTED: the error of choosing the backend.
 */
int dr_recover(struct dr *dr, const char *backend, struct dr_interrupted *interrupted);

/* Undo nothing, but move the journal away. The caller has the lock. Warnings tell what may be
 * incomplete. interrupted->moved_to is "" if there was no journal. Return 0 or a negative
 * errno. */
int dr_discard(struct dr *dr, struct dr_interrupted *interrupted);

/* A leftover is what an earlier run could not undo. Until it is recovered, no request changes
 * its connectors, nor those above and below them: dr_run() returns DR_STATUS_NOT_UNDONE with
 * DR_CODE_UNDO_INCOMPLETE. All other requests continue, with a warning for each leftover.
 * Leftovers are counted from 0, the oldest first; those after one that was recovered or
 * discarded have then another number. */

/* Undo the steps of the i-th leftover, as dr_recover(). -ENOENT: there are no more. */
int dr_leftover_recover(struct dr *dr, size_t i, const char *backend,
			struct dr_interrupted *interrupted);

/* Move its journal away, as dr_discard(). -ENOENT: there are no more. */
int dr_leftover_discard(struct dr *dr, size_t i, struct dr_interrupted *interrupted);

/* ---- What firmware and other processes do ---- */

/* Read the sensor of a connector. *state receives "empty", "present", "unusable", "exchange"
 * or "recover"; NULL: firmware answered with another number. Return 0, or a negative errno and
 * the context's error: -EPERM: the caller is not root. -EROFS: a captured tree. -EREMOTEIO:
 * firmware refused. -ETIMEDOUT: firmware was busy for 5 minutes. -ENODEV, -ENOSYS, -EINVAL:
 * the call cannot be made. -EBADMSG: the device tree is damaged. -ENOMEM. */
int dr_sense(struct dr *dr, uint32_t index, const char **state);

/* Return the way in which the device tree is changed, "overlay", "dlpar" or "ofdt"; NULL:
 * none can be used. */
const char *dr_get_backend(struct dr *dr);

/* The process that has the lock. */
struct dr_operation {
	size_t size;	   /* sizeof(struct dr_operation), set by the caller */
	bool can_look;	   /* the lock can be read, which only root may do */
	int holder;	   /* 0: none; -1: unknown */
	char command[256]; /* "": unknown */
};

/* Find out who has the lock, without trying to take it. The context keeps the lock file
 * open. */
void dr_read_operation(struct dr *dr, struct dr_operation *operation);

/* The journal of the run that has the lock, or that was killed. */
struct dr_journal;

/* Read the journal. The caller frees it, in any case; after an error it has the steps before
 * it. Return 0 or a negative errno. -ENOENT: no run has one. -EPROTO: another version of this
 * package wrote it. -EBADMSG, -E2BIG: it is damaged,
 * or was begun again during the read. -ESTALE: it is of an earlier boot, so nothing is left of
 * its steps, and it has none. -EPERM: it is not root's. -EACCES: the caller is not root. */
int dr_journal_read(struct dr *dr, struct dr_journal **journal);
/* Read the journal of the i-th leftover, in the same way. -ENOENT: there are no more. One of an
 * earlier boot is counted, and blocks nothing. */
int dr_leftover_read(const struct dr *dr, size_t i, struct dr_journal **journal);
void dr_journal_free(struct dr_journal *journal);
int dr_journal_get_pid(const struct dr_journal *journal);
/* Return "drmgr -c pci -a -n". */
const char *dr_journal_get_command(const struct dr_journal *journal);
/* Return the kind of its request, a connector type or "cpu ent_capacity"; "": not known. */
const char *dr_journal_get_kind(const struct dr_journal *journal);
/* Get the i-th step, from 0: the kind of its inverse, its arguments, and "begun", "done" or
 * "undone". Return false if there are no more. */
bool dr_journal_get_step(const struct dr_journal *journal, size_t i, const char **op,
			 const char **args, const char **status);
/* Return the kind of the inverse of the last open step: neither undone nor permanent. NULL: no
 * step is open. */
const char *dr_journal_get_open_step(const struct dr_journal *journal);
/* Get the i-th connector, from 0, of the open steps. *index receives its DRC index. Return its
 * DRC name, "" if the journal does not have it; NULL: there are no more. */
const char *dr_journal_get_connector(const struct dr_journal *journal, size_t i,
				     uint32_t *index);
/* Return true if the name is that of one of these connectors, its DRC index ("0x40000008") or
 * location code, the kind of a journal without connectors, or the name of its file ("left-1").
 * The location code is that of the connector's node when the journal was read, or of the nodes
 * that the run saved. */
bool dr_journal_is_named(const struct dr_journal *journal, const char *name);
/* Return one line: its connectors (at most 16), or its command; since when; its open step; its
 * run; and what helps now, such as "run drmgr --recover". The caller frees it; NULL: no
 * memory. */
char *dr_journal_format(const struct dr_journal *journal);
/* Return what became of its run. "running": it has the lock, or another process, which will
 * recover it. "waiting": the kernel holds its write. "needs-lock": that write has ended, and the
 * run goes on when it has the lock. Otherwise "incomplete". *is_abandoned receives true if no
 * run goes on with it, so that it needs a recovery. It may be NULL. */
const char *dr_journal_get_state(const struct dr_journal *journal, bool *is_abandoned);
/* Return the time of the last step, in seconds since 1970; 0: not known. */
int64_t dr_journal_get_time(const struct dr_journal *journal);
/* Return the process that still writes to the kernel; 0: none, or it had ended when the journal
 * was read. *path receives the file, without the first slash. */
int dr_journal_get_writer(const struct dr_journal *journal, const char **path);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
