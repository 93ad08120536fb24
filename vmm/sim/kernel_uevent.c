// SPDX-License-Identifier: GPL-2.0-or-later
/* Uevents for every listener in the guest's network namespace. The machine's kernel
 * forwards what an owner of that namespace sends, as if it came from the kernel itself,
 * and adds the sequence number. */
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <stdarg.h>

#include "vmm/sim/kernel.h"

static void put_path(struct text *t, const struct pfs_node *dir,
		     const struct pfs_node *top)
{
	if (!dir || dir == top)
		return;
	put_path(t, dir->parent, top);
	text_add(t, "/%s", dir->name);
}

static void put_lines(struct text *t, const char *lines)
{
	size_t len;

	for (; *lines; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		text_add(t, "%.*s", (int)len, lines);
		text_bytes(t, "", 1);
	}
}

void kuevent(struct kernel *k, const char *action, const struct pfs_node *dir,
	     const char *subsystem, const char *format, ...)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	/* Other types are netlink's own and are not forwarded. */
	struct nlmsghdr head = { .nlmsg_type = NLMSG_MIN_TYPE,
				 .nlmsg_flags = NLM_F_REQUEST };
	struct text path = { 0 }, t = { 0 };
	char *more = NULL;
	va_list ap;

	if (k->uevent_fd < 0 || !dir)
		return;
	if (format) {
		va_start(ap, format);
		if (vasprintf(&more, format, ap) < 0)
			more = NULL;
		va_end(ap);
	}
	put_path(&path, dir, k->sys);
	text_bytes(&t, &head, sizeof(head));
	text_add(&t, "%s@%s", action, path.buf ? path.buf : "/");
	text_bytes(&t, "", 1);
	text_add(&t, "ACTION=%s%cDEVPATH=%s%cSUBSYSTEM=%s", action, 0,
		 path.buf ? path.buf : "/", 0, subsystem);
	text_bytes(&t, "", 1);
	if (more)
		put_lines(&t, more);
	if (!t.failed) {
		head.nlmsg_len = (uint32_t)t.len;
		memcpy(t.buf, &head, sizeof(head));
		/* It is no error if no program listens. */
		sendto(k->uevent_fd, t.buf, t.len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (struct sockaddr *)&to, sizeof(to));
	}
	free(more);
	text_free(&path);
	text_free(&t);
}

const char *kuevent_action(const char *bytes, size_t len)
{
	static const char *const actions[] = { "add",	 "remove",  "change", "move",
					       "online", "offline", "bind",   "unbind" };

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		size_t n = strlen(actions[i]);

		if (len >= n && !memcmp(bytes, actions[i], n) &&
		    (len == n || bytes[n] == '\n' || bytes[n] == '\0' || bytes[n] == ' '))
			return actions[i];
	}
	return NULL;
}
