// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of what is lost: its words, and the refusal of a removal. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/impact.h"

/* Parts of the sentence: before "what", between "what" and "through". */
static const struct {
	const char *name, *before, *middle, *degraded;
} kinds[IMPACT_KINDS] = {
	[IMPACT_MOUNT] = { "mount", "", "", "" },
	[IMPACT_CLAIMED] = { "claimed", "", "", "" },
	[IMPACT_SWAP] = { "swap", "", "", "" },
	[IMPACT_VOLUME_GROUP] = { "volume-group", "volume group ", " is on ", " loses " },
	[IMPACT_ARRAY] = { "array", "array ", " fails without ",
			   " loses redundancy without " },
	[IMPACT_MAPPING] = { "mapping", "mapping ", " is on ", " loses " },
	[IMPACT_MULTIPATH] = { "multipath", "multipath device ",
			       " has no other path than ", " loses the path " },
	[IMPACT_FILE_SYSTEM] = { "file-system", "file system ", " is also on ",
				 " loses " },
	[IMPACT_ADDRESS] = { "address", "address ", " is on ", "" },
	[IMPACT_DEFAULT_ROUTE] = { "default-route", "the route \"", "\" leads through ",
				   "" },
	[IMPACT_BOND] = { "bond", "", " has no other interface than ",
			  " loses the interface " },
	[IMPACT_BRIDGE] = { "bridge", "bridge ", " has no other interface than ",
			    " loses the interface " },
	[IMPACT_INTERFACE] = { "interface", "interface ", " is on ", " loses " },
	[IMPACT_NAMESPACE] = { "network-namespace", "", "", "" },
	[IMPACT_USER_DRIVER] = { "user-driver", "", " is open: a program drives ", "" },
	[IMPACT_CONSOLE] = { "console", "console ", " is on ", "" },
	[IMPACT_NFS_ROOT] = { "nfs-root", "the NFS server of ", " is reached through ",
			      "" },
	[IMPACT_OPEN] = { "open", "", "", "" },
	[IMPACT_EXPORT] = { "export", "", " exports ", "" },
	[IMPACT_AFFINITY] = { "affinity", "", "", "" },
};

const char *impact_kind_name(enum impact_kind kind)
{
	return kinds[kind].name;
}

bool impacts_have(const struct impacts *out, enum impact_kind kind, const char *what)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->list[i].kind == kind && !strcmp(out->list[i].what, what))
			return true;
	return false;
}

/* Return "/dev/vda1" or "vg0-root (on vda2 > md0)". */
static const char *impact_device_text(struct mem *m, const char *through)
{
	const char *last = through, *at;

	while ((at = strstr(last, " > ")))
		last = at + 3;
	if (last == through)
		return mem_text(m, "/dev/%s", through);
	return mem_text(m, "%s (on %.*s)", last, (int)(last - through - 3), through);
}

static const char *impact_use_text(struct mem *m, const struct dr_impact *impact)
{
	const char *device = impact_device_text(m, impact->through);

	if (impact->kind == IMPACT_MOUNT)
		return mem_text(m, "%s is mounted on %s", device, impact->what);
	if (impact->kind == IMPACT_AFFINITY)
		return mem_text(m, "%s (PID %d) may only run on processors of %s",
				impact->what, impact->pid, impact->through);
	if (impact->kind == IMPACT_OPEN)
		return mem_text(m, "%s is open: %s (PID %d)", device, impact->what,
				impact->pid);
	if (impact->kind == IMPACT_CLAIMED)
		return mem_text(m,
				impact->is_unsure
					? "%s cannot be tested, and may be claimed"
					: "%s is claimed by the kernel, a program or "
					  "another mount namespace",
				device);
	if (*impact->what == '/' && strncmp(impact->what, "/dev/", 5) != 0)
		return mem_text(m, "%s holds the swap file %s", device, impact->what);
	return mem_text(m, "%s is used for swap", device);
}

/* Return how far a need is known, and what is missing. */
static const char *impact_need_text(struct mem *m, const struct dr_impact *impact)
{
	static const struct {
		const char *many, *state;
	} carriers[] = {
		[CARRIER_DISK] = { "disks", "in use" },
		[CARRIER_NET] = { "interfaces", "up" },
		[CARRIER_CARD] = { "cards", "of an unknown kind" },
	};
	const char *need, *carrier = impact->carrier.name;

	if (impact->kind == IMPACT_MOUNT || impact->kind == IMPACT_NFS_ROOT)
		need = mem_text(m, "%s is on %s", impact->what, impact->through);
	else if (!strcmp(impact->what, impact->through))
		need = mem_text(m, "%s %s is active", kinds[impact->kind].name,
				impact->what);
	else
		need = mem_text(m, "%s %s is on %s", kinds[impact->kind].name,
				impact->what, impact->through);
	if (impact->carrier.kind == CARRIER_DISK)
		carrier = impact_device_text(m, carrier);
	return mem_text(m, "%s: which %s that needs is unknown, and %s is %s", need,
			carriers[impact->carrier.kind].many, carrier,
			carriers[impact->carrier.kind].state);
}

static const char *impact_plain_text(struct mem *m, const struct dr_impact *impact)
{
	if (impact->carrier.name)
		return impact_need_text(m, impact);
	switch (impact->kind) {
	case IMPACT_OPEN:
	case IMPACT_AFFINITY:
		if (!impact->pid)
			return mem_text(m, "%s: not known", impact->what);
		return impact_use_text(m, impact);
	case IMPACT_MOUNT:
	case IMPACT_SWAP:
	case IMPACT_CLAIMED:
		return impact_use_text(m, impact);
	case IMPACT_NAMESPACE:
		return mem_text(m, "the interface of %s is in another network namespace",
				impact->what);
	default:
		if (impact->is_note)
			return mem_text(m, "interface %s is up", impact->what);
		return mem_text(m, "%s%s%s%s", kinds[impact->kind].before, impact->what,
				impact->is_degraded ? kinds[impact->kind].degraded
						    : kinds[impact->kind].middle,
				impact->through);
	}
}

/* Escape control bytes: users choose the names of mount points and volumes. */
const char *impact_text(struct mem *m, const struct dr_impact *impact)
{
	const char *from = impact_plain_text(m, impact);
	char *text = mem_array(m, 4 * strlen(from) + 1, 1), *to = text;

	if (!text)
		return "";
	for (; *from; from++)
		if ((unsigned char)*from < ' ' || *from == 0x7f)
			to += snprintf(to, 5, "\\x%02x", (unsigned char)*from);
		else
			*to++ = *from;
	return text;
}

static const char *carrier_name(const struct dr_impact *impact)
{
	return impact->carrier.name ? impact->carrier.name : "";
}

static bool impacts_has(const struct impacts *impacts, size_t n,
			const struct dr_impact *impact)
{
	for (size_t i = 0; i < n; i++)
		if (impacts->list[i].kind == impact->kind &&
		    impacts->list[i].is_degraded == impact->is_degraded &&
		    !strcmp(carrier_name(&impacts->list[i]), carrier_name(impact)) &&
		    !strcmp(impacts->list[i].what, impact->what) &&
		    !strcmp(impacts->list[i].through, impact->through))
			return true;
	return false;
}

static int impacts_report(const struct xact *x, const struct impacts *found,
			  struct impacts *reported)
{
	const struct dr_report *report = &x->dr->report;
	size_t before = reported->n;

	for (size_t i = 0; i < found->n; i++) {
		if (impacts_has(reported, before, &found->list[i]))
			continue;
		if (report->impact)
			report->impact(report->priv, &found->list[i]);
		*vec_add(reported->mem, reported->list, reported->n) = found->list[i];
	}
	if (found->is_incomplete && !reported->is_incomplete)
		dr_log_warn(x->dr->log, "Not all uses of the device could be read: "
					"the list of what is lost may be incomplete.");
	reported->is_incomplete |= found->is_incomplete;
	return mem_check(reported->mem);
}

/* Refuse the removal because of the first relevant impact. Count the others. */
static int impacts_refuse(struct xact *x, enum dr_fault fault,
			  const struct impacts *impacts)
{
	bool only_fatal = fault == DR_FAULT_SYSTEM_NEEDS;
	const struct dr_impact *first = NULL;
	const char *text;
	size_t n = 0;

	for (size_t i = 0; i < impacts->n; i++) {
		if (only_fatal ? !impacts->list[i].is_fatal : impacts->list[i].is_note)
			continue;
		first = first ? first : &impacts->list[i];
		n++;
	}
	if (!first)
		return 0;
	text = impact_text(impacts->mem, first);
	if (n > 1)
		text = mem_text(impacts->mem, "%.280s, and %zu more", text, n - 1);
	return xact_fail(x, fault, NULL, -EBUSY, "%s", text);
}

int impact_judge(struct xact *x, const struct impacts *found, struct impacts *reported)
{
	int err = impacts_report(x, found, reported);

	if (err)
		return xact_fail(x, DR_FAULT_MEMORY, NULL, err, " ");
	if (!x->dr->force)
		err = impacts_refuse(x, DR_FAULT_SYSTEM_NEEDS, found);
	if (!err && x->dr->no_loss)
		err = impacts_refuse(x, DR_FAULT_LOSS, found);
	return err;
}

int impact_check(struct xact *x, const char *const *nodes, size_t n,
		 struct impacts *reported)
{
	struct impacts found = { .mem = reported->mem };
	int err = impact_find(x->dr, nodes, n, &found);

	return err ? xact_fail(x, DR_FAULT_MEMORY, NULL, err, "%s", n ? nodes[0] : "")
		   : impact_judge(x, &found, reported);
}
