// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/impact.h"
#include "kern/text.h"

/* How the sentence ends after "what is" or "what loses". %1: what, %2: through. */
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
	[IMPACT_CONSOLE] = { "console ", " is on ", "" },
	[IMPACT_NFS_ROOT] = { "the NFS server of ", " is reached through ", "" },
};

/* "/dev/vda1", "vg0-root (on vda2 > md0)" */
static char *device_text(const char *through)
{
	const char *last = through, *at;

	while ((at = strstr(last, " > ")))
		last = at + 3;
	if (last == through)
		return text_of("/dev/%s", through);
	return text_of("%s (on %.*s)", last, (int)(last - through - 3), through);
}

static char *use_text(const struct impact *impact)
{
	_cleanup_free_ char *device = device_text(impact->through);

	if (!device)
		return NULL;
	if (impact->kind == IMPACT_MOUNT)
		return text_of("%s is mounted on %s", device, impact->what);
	if (*impact->what == '/' && strncmp(impact->what, "/dev/", 5) != 0)
		return text_of("%s holds the swap file %s", device, impact->what);
	return text_of("%s is used for swap", device);
}

static char *plain_text(const struct impact *impact)
{
	bool is_use = impact->kind == IMPACT_MOUNT || impact->kind == IMPACT_SWAP;

	if (is_use)
		return use_text(impact);
	return text_of("%s%s%s%s", sentences[impact->kind].before, impact->what,
		       impact->is_degraded ? sentences[impact->kind].degraded
					   : sentences[impact->kind].middle,
		       impact->through);
}

static bool is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

/* Users choose the names of mount points and volumes. */
char *impact_text(const struct impact *impact)
{
	_cleanup_free_ char *plain = plain_text(impact);
	char *text = plain ? malloc(4 * strlen(plain) + 1) : NULL, *to = text;

	if (!text)
		return NULL;
	for (const char *from = plain; *from; from++)
		if (is_control((unsigned char)*from))
			to += snprintf(to, 5, "\\x%02x", (unsigned char)*from);
		else
			*to++ = *from;
	*to = '\0';
	return text;
}
