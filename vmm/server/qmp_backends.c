// SPDX-License-Identifier: GPL-2.0-or-later
/* Backends: disks, threads, memory. Members without meaning here have QEMU's defaults. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/backends.h"
#include "vmm/server/qmp_call.h"

static void put(json_object *object, const char *name, json_object *value)
{
	json_object_object_add(object, name, value);
}

static void put_text(json_object *object, const char *name, const char *text)
{
	put(object, name, json_object_new_string(text));
}

static void put_number(json_object *object, const char *name, uint64_t n)
{
	put(object, name, json_object_new_uint64(n));
}

static void put_flag(json_object *object, const char *name, bool flag)
{
	put(object, name, json_object_new_boolean(flag));
}

/* Return the value of a switch among the options, or its default. */
static bool flag_of(const struct keyval *kv, const char *name, bool initial)
{
	const char *word = kv ? keyval_get(kv, name) : NULL;

	if (word)
		word_bool(word, &initial);
	return initial;
}

static const char *word_of(const struct keyval *kv, const char *name, const char *initial)
{
	const char *word = kv ? keyval_get(kv, name) : NULL;

	return word ? word : initial;
}

/* ---- Disks ------------------------------------------------------------------------------ */

enum { NULL_BYTES = 1 << 30 }; /* of "null-co" without a size */

static json_object *image_of(const char *file, const char *format,
			     const struct keyval *options)
{
	json_object *image = json_object_new_object();
	uint64_t bytes = 0;
	struct stat st = { 0 };

	if (!strncmp(format, "null-", 5) || !strncmp(file, "null-", 5))
		bytes = NULL_BYTES;
	else if (!stat(file, &st))
		bytes = (uint64_t)st.st_size;
	if (keyval_get(options, "size"))
		word_size(keyval_get(options, "size"), 1, &bytes);
	put_number(image, "virtual-size", bytes);
	put_text(image, "filename", file);
	put_text(image, "format", format);
	put_number(image, "actual-size", (uint64_t)st.st_blocks * 512);
	put_flag(image, "dirty-flag", false);
	return image;
}

/* Describe a node, as the member "inserted" does. */
static json_object *node_of(const struct backend_info *info)
{
	static const char *const zeroes[] = {
		"iops_rd",	   "iops_wr",		"iops", "bps_rd", "bps_wr", "bps",
		"write_threshold", "backing_file_depth"
	};
	json_object *node = json_object_new_object(), *cache = json_object_new_object();
	const char *format = info->type ? info->type : "raw";
	char name[64], none[64];

	snprintf(name, sizeof(name), "#block-%s", info->id); /* of -drive */
	snprintf(none, sizeof(none), "%s://", format);
	for (size_t i = 0; i < sizeof(zeroes) / sizeof(*zeroes); i++)
		put_number(node, zeroes[i], 0);
	put_text(node, "detect_zeroes", "off");
	put(node, "image",
	    image_of(info->file ? info->file : none, format, info->options));
	put_flag(node, "ro", flag_of(info->options, "read-only", false));
	put_text(node, "node-name", info->kind == BACKEND_NODE ? info->id : name);
	put_text(node, "drv", format);
	put_flag(node, "encrypted", false);
	put_flag(cache, "no-flush", false);
	put_flag(cache, "direct", false);
	put_flag(cache, "writeback", true);
	put(node, "cache", cache);
	put_text(node, "file", info->file ? info->file : none);
	return node;
}

int qmp_query_nodes(struct qmp_call *call)
{
	struct backend_info info;

	call->reply = json_object_new_array();
	for (size_t n = 0; backends_info(call->host, n, &info); n++)
		if (info.kind == BACKEND_NODE ||
		    (info.kind == BACKEND_DRIVE && !info.is_empty))
			json_object_array_add(call->reply, node_of(&info));
	return 0;
}

/* List drives, and the nodes that a device uses. */
int qmp_query_block(struct qmp_call *call)
{
	struct backend_info info;

	call->reply = json_object_new_array();
	for (size_t n = 0; backends_info(call->host, n, &info); n++) {
		bool drive = info.kind == BACKEND_DRIVE;
		json_object *entry;
		char path[128];

		if (!drive && (info.kind != BACKEND_NODE || !info.user))
			continue;
		entry = json_object_new_object();
		if (info.user && *info.user && !info.is_gone)
			put_text(entry, "io-status", "ok");
		put_text(entry, "device", drive ? info.id : "");
		put_flag(entry, "locked", false);
		put_flag(entry, "removable", !info.user || info.is_cdrom);
		if (!info.is_empty)
			put(entry, "inserted", node_of(&info));
		snprintf(path, sizeof(path), "%s%s",
			 info.is_cdrom ? "" : "/machine/peripheral/",
			 info.user ? info.user : "");
		if (info.user && *info.user)
			put_text(entry, "qdev", path);
		if (info.is_cdrom)
			put_flag(entry, "tray_open", false);
		put_text(entry, "type", "unknown");
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

/* ---- Objects ---------------------------------------------------------------------------- */

static uint64_t number_of(const struct keyval *kv, const char *name, uint64_t initial)
{
	const char *word = keyval_get(kv, name);

	if (word)
		word_u64(word, &initial);
	return initial;
}

int qmp_query_iothreads(struct qmp_call *call)
{
	struct backend_info info;

	call->reply = json_object_new_array();
	for (size_t n = 0; backends_info(call->host, n, &info); n++) {
		json_object *entry;

		if (info.kind != BACKEND_OBJECT || strcmp(info.type, "iothread") != 0)
			continue;
		entry = json_object_new_object();
		put_number(entry, "poll-shrink",
			   number_of(info.options, "poll-shrink", 0));
		put_number(entry, "thread-id", (uint64_t)getpid());
		put_number(entry, "aio-max-batch",
			   number_of(info.options, "aio-max-batch", 0));
		put_number(entry, "poll-grow", number_of(info.options, "poll-grow", 0));
		put_number(entry, "poll-max-ns",
			   number_of(info.options, "poll-max-ns", 32768));
		put_text(entry, "id", info.id);
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

static json_object *memory_of(const char *id, uint64_t bytes, const char *type,
			      const struct keyval *options)
{
	json_object *entry = json_object_new_object();
	bool shared = !strcmp(type, "memory-backend-memfd");

	put_flag(entry, "share", flag_of(options, "share", shared));
	put_flag(entry, "reserve", flag_of(options, "reserve", true));
	put_flag(entry, "prealloc", flag_of(options, "prealloc", false));
	put(entry, "host-nodes", json_object_new_array());
	put_number(entry, "size", bytes);
	put_flag(entry, "merge", flag_of(options, "merge", true));
	put_flag(entry, "dump", flag_of(options, "dump", true));
	put_text(entry, "policy", word_of(options, "policy", "default"));
	put_text(entry, "id", id);
	return entry;
}

int qmp_query_memdev(struct qmp_call *call)
{
	const struct host_options *options = &call->host->options;
	struct backend_info info;

	call->reply = json_object_new_array();
	if (options->no_machine_bytes)
		json_object_array_add(
			call->reply,
			memory_of("ram", options->no_machine_bytes, "", NULL));
	else if (!options->memory_backend && !options->no_machine)
		json_object_array_add(
			call->reply,
			memory_of("ppc_spapr.ram", options->config.ram_bytes, "", NULL));
	for (size_t n = 0; backends_info(call->host, n, &info); n++)
		if (info.kind == BACKEND_OBJECT &&
		    !strncmp(info.type, "memory-backend-", 15))
			json_object_array_add(
				call->reply,
				memory_of(info.id, info.bytes, info.type, info.options));
	return 0;
}
