// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that QEMU lacks: to test clients, and to inspect the machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output_file.h"
#include "vmm/server/file.h"
#include "vmm/server/host_fault.h"
#include "vmm/server/keyval.h"
#include "vmm/server/qmp_call.h"

enum {
	MAX_LOG_BYTES = 2048,
	MAX_AREA_BYTES = 4096,
	MAX_STATE_BYTES = 64 << 20,
};

/* ---- Faults ---------------------------------------------------------------------------- */

/* Return the negative errno with this name, or 0 if it is unknown. The C library has no
 * function for this direction. */
static int errno_of(const char *name)
{
	for (int err = 1; err < 256; err++) {
		const char *known = strerrorname_np(err);

		if (known && !strcmp(known, name))
			return -err;
	}
	return 0;
}

static int read_rets(struct qmp_call *call, struct papr_fault *fault)
{
	json_object *list = qmp_array(call, "rets");
	size_t n = list ? json_object_array_length(list) : 0;

	if (n > PAPR_RTAS_CELLS - 1)
		return qmp_fail(call, -EINVAL, "Parameter 'rets' has too many entries");
	for (size_t i = 0; i < n; i++) {
		json_object *value = json_object_array_get_idx(list, i);
		int64_t word = json_object_get_int64(value);

		if (!json_object_is_type(value, json_type_int) || word < INT32_MIN ||
		    word > UINT32_MAX)
			return qmp_fail(
				call, -EINVAL,
				"Invalid parameter type for 'rets[%zu]', expected: "
				"integer",
				i);
		fault->rets[i] = (uint32_t)word;
	}
	fault->n_rets = (unsigned int)n;
	return 0;
}

/* Add a fault of the machine. Return its id, or a negative errno. */
static int add_machine_fault(struct qmp_call *call, struct papr_fault *fault)
{
	const char *hex = qmp_string(call, "area");
	uint8_t area[MAX_AREA_BYTES];
	ssize_t bytes = hex ? word_hex(hex, area, sizeof(area)) : 0;
	int id;

	if (bytes < 0 || bytes > MAX_AREA_BYTES)
		return qmp_fail(call, -EINVAL,
				"Parameter 'area' expects 0 to %d bytes in hex",
				MAX_AREA_BYTES);
	fault->area = area;
	fault->area_bytes = (size_t)bytes;

	fault->delay = qmp_has(call, "delay");
	fault->status = qmp_int(call, fault->delay ? "delay" : "status");
	if (read_rets(call, fault))
		return -EINVAL;
	if (strchr(fault->call, ':') || papr_vmm_rtas_token(call->host->vmm, fault->call))
		id = papr_vmm_fault_add(call->host->vmm, fault);
	else
		id = -EINVAL;
	return id == -EINVAL ? qmp_fail(call, id, "call '%s' does not exist", fault->call)
			     : id;
}

static int add_host_fault(struct qmp_call *call, const struct papr_fault *fault)
{
	const char *name = qmp_string(call, "errno");
	const struct host_fault_is is = { .what = fault->call,
					  .nth = fault->nth,
					  .count = fault->count,
					  .err = name ? errno_of(name) : 0,
					  .holds = qmp_bool(call, "hold") };

	if (!is.err && (name || !is.holds))
		return qmp_fail(call, -EINVAL,
				"Parameter 'errno' expects a name such as EIO");
	return host_fault_add(call->host, &is);
}

int qmp_papr_fault(struct qmp_call *call)
{
	struct papr_fault fault = { .size = sizeof(struct papr_fault),
				    .call = qmp_string(call, "call"),
				    .nth = 1,
				    .count = 1 };
	bool of_host = !strncmp(fault.call, "write:", 6) || qmp_has(call, "errno");
	int ways =
		qmp_has(call, "status") + qmp_has(call, "errno") + qmp_has(call, "delay");
	bool holds = qmp_bool(call, "hold");
	int id = 0;

	if (ways > 1 || (!ways && !holds && !qmp_has(call, "rets")))
		return qmp_fail(
			call, -EINVAL,
			"one of 'status', 'errno', 'delay', 'rets', 'hold' is needed");
	if (holds && strncmp(fault.call, "write:", 6) != 0)
		return qmp_fail(call, -EINVAL,
				"Parameter 'hold' needs a call 'write:PATH'");
	if (qmp_has(call, "nth"))
		id = qmp_u32(call, "nth", &fault.nth);
	if (!id && qmp_has(call, "count"))
		id = qmp_u32(call, "count", &fault.count);
	if (!id && !fault.nth)
		id = qmp_fail(call, -EINVAL, "Parameter 'nth' must be at least 1");
	if (!id)
		id = of_host ? add_host_fault(call, &fault)
			     : add_machine_fault(call, &fault);
	if (id < 0)
		return id;
	call->reply = json_object_new_object();
	json_object_object_add(call->reply, "id", json_object_new_int(id));
	return 0;
}

int qmp_papr_fault_clear(struct qmp_call *call)
{
	int64_t id = qmp_has(call, "id") ? qmp_int(call, "id") : 0;
	unsigned int released = 0;
	int err = 0;

	if (!qmp_has(call, "id")) {
		host_fault_clear(call->host, 0, &released);
		papr_vmm_fault_clear(call->host->vmm, 0);
	} else if (id <= 0 || id > INT32_MAX) {
		err = -ENOENT;
	} else if (id >= HOST_FAULT_FIRST) {
		err = host_fault_clear(call->host, (int)id, &released);
	} else {
		err = papr_vmm_fault_clear(call->host->vmm, (int)id);
	}
	if (err)
		return qmp_fail(call, err, "fault %lld does not exist", (long long)id);
	if (!released)
		return 0;
	call->reply = json_object_new_object();
	json_object_object_add(call->reply, "released", json_object_new_int64(released));
	return 0;
}

/* ---- Memory in use --------------------------------------------------------------------- */

/* Read a number of bytes, as KiB. */
static int read_kib(struct qmp_call *call, const char *name, uint64_t missing,
		    uint64_t *out)
{
	int64_t bytes = qmp_int(call, name);

	*out = qmp_has(call, name) ? (uint64_t)bytes / 1024 : missing;
	return bytes < 0 ? qmp_fail(call, -EINVAL, "Parameter '%s' is negative", name)
			 : 0;
}

int qmp_papr_memory(struct qmp_call *call)
{
	struct host_memory_use use;

	if (read_kib(call, "used", HOST_MEMORY_USED, &use.used) ||
	    read_kib(call, "anon", use.used, &use.anon) ||
	    read_kib(call, "swap-free", 0, &use.swap_free) ||
	    read_kib(call, "min-free", 0, &use.min_free))
		return -EINVAL;
	call->host->memory_use = use;
	return 0;
}

/* ---- Queries, and event logs ------------------------------------------------------- */

int qmp_papr_trace(struct qmp_call *call)
{
	call->host->trace = qmp_bool(call, "enable");
	papr_vmm_trace(call->host->vmm, call->host->trace);
	return 0;
}

int qmp_papr_drc(struct qmp_call *call)
{
	struct papr_drc_info info = { .size = sizeof(info) };
	uint32_t index;
	json_object *reply;
	int err = qmp_index(call, "index", &index);

	if (err)
		return err;
	if (papr_vmm_drc_info(call->host->vmm, index, &info) != 1)
		return qmp_fail_class(call, "DeviceNotFound", -ENOENT,
				      "connector 0x%08x does not exist", index);
	call->reply = reply = json_object_new_object();
	json_object_object_add(reply, "type", json_object_new_string(info.type));
	json_object_object_add(reply, "name", json_object_new_string(info.name));
	json_object_object_add(reply, "state", json_object_new_int64(info.state));
	json_object_object_add(reply, "dev", json_object_new_boolean(info.has_device));
	json_object_object_add(reply, "unplug_requested",
			       json_object_new_boolean(info.unplug_requested));
	json_object_object_add(reply, "sense", json_object_new_int64(info.sense));
	json_object_object_add(reply, "indicator", json_object_new_int64(info.indicator));
	return 0;
}

static int inject_bytes(struct qmp_call *call)
{
	uint8_t log[MAX_LOG_BYTES];
	ssize_t n = word_hex(qmp_string(call, "data"), log, sizeof(log));
	int err = -EINVAL;

	if (n >= 0 && n <= MAX_LOG_BYTES)
		err = papr_vmm_inject_event(call->host->vmm, log, (size_t)n);
	if (err == -EINVAL)
		return qmp_fail(call, err,
				"Parameter 'data' expects 8 to %d bytes in hex",
				MAX_LOG_BYTES);
	return err;
}

/* Return the index of a word in the list, or -1. NULL entries match nothing. */
static int word_number(const char *text, const char *const *words, int n)
{
	while (text && n--)
		if (words[n] && !strcmp(words[n], text))
			return n;
	return -1;
}

/* Read a number that fits in a byte; 0 if it is missing. */
static int read_u8(struct qmp_call *call, const char *name, uint8_t *out)
{
	int64_t value = qmp_int(call, name);

	if (value < 0 || value > UINT8_MAX)
		return qmp_fail(call, -EINVAL, "Parameter '%s' expects 0 to 255", name);
	*out = (uint8_t)value;
	return 0;
}

static int read_u32(struct qmp_call *call, const char *name, uint32_t *out)
{
	return qmp_has(call, name) ? qmp_u32(call, name, out) : 0;
}

/* Read the hotplug section. Its identifier type follows from the arguments: a name, an
 * index, a count, or count and index. */
static int read_hotplug(struct qmp_call *call, struct papr_log *log)
{
	static const char *const types[] = { NULL,  "cpu", "memory", "slot",
					     "phb", "pci", "pmem" };
	static const char *const actions[] = { NULL, "add", "remove" };
	int type = word_number(qmp_string(call, "type"), types, 7),
	    action = word_number(qmp_string(call, "action"), actions, 3), err;
	bool index = qmp_has(call, "index"), count = qmp_has(call, "count"),
	     token = qmp_has(call, "token");

	if (type < 0 || action < 0)
		return qmp_fail(call, -EINVAL,
				"'type' (cpu, memory, slot, phb, pci, pmem) and 'action' "
				"(add, remove) are needed");
	log->type = (uint8_t)type;
	log->action = (uint8_t)action;
	log->drc_name = qmp_string(call, "drc");
	log->id = log->drc_name ? 1 : index && count ? 4 : count ? 3 : index ? 2 : 0;
	log->flags =
		(uint8_t)((token ? 0x80 : 0) | (qmp_bool(call, "partial") ? 0x40 : 0));
	err = index ? qmp_index(call, "index", &log->index) : 0;
	if (!err)
		err = read_u32(call, "count", &log->count);
	if (!err)
		err = read_u32(call, "token", &log->token);
	if (!err && !log->id)
		err = qmp_fail(call, -EINVAL, "one of 'drc', 'index', 'count' is needed");
	return err;
}

static int read_log(struct qmp_call *call, struct papr_log *log)
{
	static const char *const kinds[] = { [PAPR_LOG_HOTPLUG] = "hotplug",
					     [PAPR_LOG_EPOW] = "epow",
					     [PAPR_LOG_PRRN] = "prrn",
					     [PAPR_LOG_PLATFORM_ERROR] = "error" };
	int kind = word_number(qmp_string(call, "kind"), kinds, 4);

	if (kind < 0)
		return qmp_fail(
			call, -EINVAL,
			"'data' or 'kind' (hotplug, epow, prrn, error) is needed");
	log->kind = (enum papr_log_kind)kind;
	log->refcode = qmp_string(call, "refcode");
	if ((log->kind == PAPR_LOG_HOTPLUG && read_hotplug(call, log)) ||
	    read_u8(call, "sensor", &log->sensor) ||
	    read_u8(call, "modifier", &log->modifier) ||
	    read_u8(call, "extension", &log->extension) ||
	    read_u8(call, "severity", &log->severity) ||
	    read_u32(call, "scope", &log->scope))
		return -EINVAL;
	return 0;
}

int qmp_papr_inject_event(struct qmp_call *call)
{
	struct papr_log log = { .size = sizeof(struct papr_log) };
	int err;

	if (qmp_has(call, "data") && !qmp_has(call, "kind"))
		return inject_bytes(call);
	err = qmp_has(call, "data")
		      ? qmp_fail(call, -EINVAL, "'data' and 'kind' exclude each other")
		      : read_log(call, &log);
	if (err)
		return err;
	err = papr_vmm_log_event(call->host->vmm, &log);
	return err == -EINVAL
		       ? qmp_fail(call, err, "the arguments do not make a valid event")
		       : err;
}

/* ---- Save and load ------------------------------------------------------------------------- */

static int fail_file(struct qmp_call *call, int err)
{
	return qmp_fail(call, err, "%s: %s", qmp_string(call, "path"), strerror(-err));
}

/* Only a plain file is replaced. */
static int write_file(struct qmp_call *call, const char *path, const void *content,
		      size_t bytes)
{
	struct stat st;
	int err = !stat(path, &st) && !S_ISREG(st.st_mode)
			  ? -EINVAL
			  : output_replace(path, 0600, content, bytes);

	return err ? fail_file(call, err) : 0;
}

/* QEMU's command for the device tree blob. */
int qmp_dumpdtb(struct qmp_call *call)
{
	size_t bytes;
	const void *fdt = papr_vmm_fdt(call->host->vmm, &bytes);

	return write_file(call, qmp_string(call, "filename"), fdt, bytes);
}

int qmp_papr_save(struct qmp_call *call)
{
	void *state = NULL;
	size_t bytes;
	int err = papr_vmm_save(call->host->vmm, &state, &bytes);

	if (err)
		return err;
	err = write_file(call, qmp_string(call, "path"), state, bytes);
	free(state);
	return err;
}

int qmp_papr_load(struct qmp_call *call)
{
	struct papr_error error = { 0 };
	void *state;
	size_t bytes;
	int err = file_read(qmp_string(call, "path"), MAX_STATE_BYTES, &state, &bytes);

	if (err)
		return fail_file(call, err);
	err = papr_vmm_load(call->host->vmm, state, bytes, &error);
	free(state);
	return qmp_fail_machine(call, &error, err);
}
