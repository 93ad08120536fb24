// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/text.h"

static const char *const kind_names[IMPACT_KINDS] = {
	[IMPACT_MOUNT] = "mount",
	[IMPACT_CLAIMED] = "claimed",
	[IMPACT_SWAP] = "swap",
	[IMPACT_VOLUME_GROUP] = "volume-group",
	[IMPACT_ARRAY] = "array",
	[IMPACT_MAPPING] = "mapping",
	[IMPACT_MULTIPATH] = "multipath",
	[IMPACT_FILE_SYSTEM] = "file-system",
	[IMPACT_ADDRESS] = "address",
	[IMPACT_DEFAULT_ROUTE] = "default-route",
	[IMPACT_BOND] = "bond",
	[IMPACT_BRIDGE] = "bridge",
	[IMPACT_INTERFACE] = "interface",
	[IMPACT_NAMESPACE] = "network-namespace",
	[IMPACT_USER_DRIVER] = "user-driver",
	[IMPACT_CONSOLE] = "console",
	[IMPACT_NFS_ROOT] = "nfs-root",
};

const char *impact_kind_name(enum impact_kind kind)
{
	return kind_names[kind];
}

static void impact_free(struct dr_impact *impact)
{
	free((void *)(uintptr_t)impact->what);
	free((void *)(uintptr_t)impact->through);
}

void impacts_free(struct impacts *impacts)
{
	for (size_t i = 0; i < impacts->n; i++)
		impact_free(&impacts->list[i]);
	free(impacts->list);
	*impacts = (struct impacts){ 0 };
}

int impact_add(struct impacts *out, const struct dr_impact *impact)
{
	struct dr_impact *grown = out->list;

	if (!(out->n & (out->n - 1))) /* 0 or a power of two: full */
		grown = reallocarray(out->list, out->n ? out->n * 2 : 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;

	out->list = grown;
	grown[out->n] = *impact;
	grown[out->n].what = strdup(impact->what);
	grown[out->n].through = strdup(impact->through);
	out->n++;
	return grown[out->n - 1].what && grown[out->n - 1].through ? 0 : -ENOMEM;
}

int impact_report(struct impact_search *s, enum impact_kind kind, const char *what,
		  const char *through, bool is_fatal)
{
	const struct dr_impact impact = {
		.kind = kind, .what = what, .through = through, .is_fatal = is_fatal
	};

	return impact_add(s->out, &impact);
}

bool impacts_have(const struct impacts *out, enum impact_kind kind, const char *what)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->list[i].kind == kind && !strcmp(out->list[i].what, what))
			return true;
	return false;
}

bool impact_is_below(const struct impact_devices *devices, const char *target)
{
	for (size_t i = 0; i < devices->in_path.n; i++)
		if (strstr(target, devices->in_path.name[i]))
			return true;
	return false;
}

char *impact_chain(const char *below, const char *name)
{
	return below ? text_of("%s > %s", below, name) : strdup(name);
}
