// SPDX-License-Identifier: LGPL-2.1-or-later
/* The backend, and which process has the lock. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/tree/apply.h"
#include "kern/cleanup.h"
#include "kern/lock.h"
#include "kern/lock_file.h"
#include "kern/text.h"

const char *dr_get_backend(struct dr *dr)
{
	struct dr_error error;

	return apply_choose(&dr->session.dr, "auto", false, &error)
		       ? NULL
		       : dr->session.dr.backend->name;
}

/* Open the lock file. A close would wake a program that watches the file, so it stays open
 * until the file is replaced. */
static void context_open_lock(struct dr *dr)
{
	const struct kern_root *root = &dr->session.root;

	if (dr->watched_lock >= 0 &&
	    !lock_file_is_at(root, LOCK_DR_FILE, dr->watched_lock)) {
		close(dr->watched_lock);
		dr->watched_lock = -1;
	}
	if (dr->watched_lock < 0)
		dr->watched_lock = lock_file_open_to_read(root, LOCK_DR_FILE);
}

void dr_read_operation(struct dr *dr, struct dr_operation *operation)
{
	struct dr_operation now = { .size = sizeof(now) };
	struct lock_holder holder;

	context_open_lock(dr);
	now.can_look = dr->watched_lock >= 0 || dr->watched_lock == -ENOENT;
	if (dr->watched_lock >= 0)
		now.holder = lock_holder_pid(dr->watched_lock, &dr->session.root);
	if (now.holder > 0) {
		lock_holder_find(&holder, &dr->session.root, now.holder);
		snprintf(now.command, sizeof(now.command), "%.*s",
			 (int)sizeof(now.command) - 1, holder.command);
	}
	context_copy_sized(operation, operation->size, &now, sizeof(now));
}
