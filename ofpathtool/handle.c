// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "kern/uevent.h"
#include "ofpathtool/adapter.h"
#include "ofpathtool/handle.h"

int ofp_open(struct ofp **handle, const char *sysroot)
{
	struct ofp *h = calloc(1, sizeof(*h));
	int err = h ? source_open(&h->src, sysroot) : -ENOMEM;

	if (err) {
		free(h);
		return err;
	}
	h->events = -1;
	*handle = h;
	return 0;
}

/* Drop all cached data, so that it is read again. */
static void handle_clear(struct ofp *h)
{
	adapters_clear(h);
	mem_end(&h->cache.mem);
	h->cache = (struct cache){ 0 };
}

void ofp_forget(struct ofp *h)
{
	mem_end(&h->mem);
	h->why = NULL;
}

int handle_end(struct ofp *h, int err)
{
	if (mem_check(&h->cache.mem)) {
		mem_fail(&h->mem);
		handle_clear(h);
	}
	return mem_check(&h->mem) ? OFP_ENOMEM : err;
}

void ofp_close(struct ofp *h)
{
	if (!h)
		return;
	handle_clear(h);
	ofp_forget(h);
	source_close(&h->src);
	cleanup_close(&h->events);
	free(h);
}

void ofp_set_dialect(struct ofp *h, enum ofp_dialect dialect)
{
	h->dialect = dialect;
	handle_clear(h);
}

void handle_set_why(struct ofp *h, const char *why)
{
	if (!h->why)
		h->why = why;
}

const char *ofp_why(const struct ofp *h)
{
	return h->why;
}

/* Find the value of a line such as "machine\t\t: CHRP IBM pSeries". */
static char *handle_cpuinfo_value(char *cpuinfo, const char *key)
{
	size_t len = strlen(key);

	for (char *line = cpuinfo; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, len) &&
		    (line[len] == '\t' || line[len] == ' ' || line[len] == ':')) {
			line += strcspn(line, ":\n");
			return line + strspn(line, ": \t");
		}
	}
	return NULL;
}

static bool handle_cpuinfo_begins(struct ofp *h, const char *key, const char *value)
{
	_cleanup_free_ char *cpuinfo = NULL;
	const char *found;
	size_t len;

	if (source_file(&h->src, "proc/cpuinfo", &cpuinfo, &len))
		return false;
	found = handle_cpuinfo_value(cpuinfo, key);
	return found && !strncmp(found, value, strlen(value));
}

bool ofp_is_bare_metal(struct ofp *h)
{
	return handle_cpuinfo_begins(h, "platform", "PowerNV");
}

static enum ofp_dialect handle_machine_dialect(struct ofp *h)
{
	char model[64];

	if (handle_cpuinfo_begins(h, "machine", "EFIKA5K2 "))
		return OFP_EFIKA;
	if (handle_cpuinfo_begins(h, "machine", "PowerMac") ||
	    handle_cpuinfo_begins(h, "machine", "PowerBook"))
		return OFP_MAC;
	if (!tree_text(&h->src, model, sizeof(model), "", "model") &&
	    strstr(model, "qemu"))
		return OFP_SLOF;
	return OFP_PFW;
}

enum ofp_dialect handle_dialect(struct ofp *h)
{
	if (h->dialect == OFP_AUTO)
		h->dialect = handle_machine_dialect(h);
	return h->dialect;
}

int ofp_record(struct ofp *h, const char *folder)
{
	h->src.record = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return h->src.record < 0 ? -errno : 0;
}

int ofp_record_error(const struct ofp *h)
{
	return h->src.record_error;
}

int ofp_wait_begin(struct ofp *h, unsigned seconds)
{
	h->events = uevents_open();
	h->until = deadline_in_ms((int64_t)seconds * 1000);
	return h->events < 0 ? h->events : 0;
}

bool ofp_wait(struct ofp *h)
{
	if (h->events < 0 || uevents_wait(h->events, &h->until, -1) <= 0)
		return false;
	handle_clear(h);
	return true;
}
