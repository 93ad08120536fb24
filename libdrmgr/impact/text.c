// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/impact.h"
#include "kern/text.h"

/* Parts of the sentence: before "what", between "what" and "through". */
static const struct {
	const char *before, *middle, *degraded;
} sentences[IMPACT_KINDS] = {
	[IMPACT_VOLUME_GROUP] = { "volume group ", " is on ", " loses " },
	[IMPACT_ARRAY] = { "array ", " fails without ", " loses redundancy without " },
	[IMPACT_MAPPING] = { "mapping ", " is on ", " loses " },
	[IMPACT_MULTIPATH] = { "multipath device ", " has no other path than ",
			       " loses the path " },
	[IMPACT_FILE_SYSTEM] = { "file system ", " is also on ", " loses " },
	[IMPACT_ADDRESS] = { "address ", " is on ", "" },
	[IMPACT_DEFAULT_ROUTE] = { "the route \"", "\" leads through ", "" },
	[IMPACT_BOND] = { "", " has no other interface than ", " loses the interface " },
	[IMPACT_BRIDGE] = { "bridge ", " has no other interface than ",
			    " loses the interface " },
	[IMPACT_INTERFACE] = { "interface ", " is on ", " loses " },
	[IMPACT_USER_DRIVER] = { "", " is open: a program drives ", "" },
	[IMPACT_CONSOLE] = { "console ", " is on ", "" },
	[IMPACT_NFS_ROOT] = { "the NFS server of ", " is reached through ", "" },
};

/* Return "/dev/vda1" or "vg0-root (on vda2 > md0)". The caller frees it. */
static char *impact_device_text(const char *through)
{
	const char *last = through, *at;

	while ((at = strstr(last, " > ")))
		last = at + 3;
	if (last == through)
		return text_of("/dev/%s", through);
	return text_of("%s (on %.*s)", last, (int)(last - through - 3), through);
}

static char *impact_use_text(const struct dr_impact *impact)
{
	_cleanup_free_ char *device = impact_device_text(impact->through);

	if (!device)
		return NULL;
	if (impact->kind == IMPACT_MOUNT)
		return text_of("%s is mounted on %s", device, impact->what);
	if (*impact->what == '/' && strncmp(impact->what, "/dev/", 5) != 0)
		return text_of("%s holds the swap file %s", device, impact->what);
	return text_of("%s is used for swap", device);
}

static char *impact_claim_text(const struct dr_impact *impact)
{
	_cleanup_free_ char *device = impact_device_text(impact->through);

	return device ? text_of("%s is claimed by the kernel, a program or another mount "
				"namespace",
				device)
		      : NULL;
}

static char *impact_plain_text(const struct dr_impact *impact)
{
	switch (impact->kind) {
	case IMPACT_MOUNT:
	case IMPACT_SWAP:
		return impact_use_text(impact);
	case IMPACT_CLAIMED:
		return impact_claim_text(impact);
	case IMPACT_NAMESPACE:
		return text_of("the interface of %s is in another network namespace",
			       impact->what);
	default:
		return text_of("%s%s%s%s", sentences[impact->kind].before, impact->what,
			       impact->is_degraded ? sentences[impact->kind].degraded
						   : sentences[impact->kind].middle,
			       impact->through);
	}
}

static bool byte_is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

/* Escape control bytes: users choose the names of mount points and volumes. */
char *impact_text(const struct dr_impact *impact)
{
	_cleanup_free_ char *plain = impact_plain_text(impact);
	char *text = plain ? malloc(4 * strlen(plain) + 1) : NULL, *to = text;

	if (!text)
		return NULL;
	for (const char *from = plain; *from; from++)
		if (byte_is_control((unsigned char)*from))
			to += snprintf(to, 5, "\\x%02x", (unsigned char)*from);
		else
			*to++ = *from;
	*to = '\0';
	return text;
}
