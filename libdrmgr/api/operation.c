// SPDX-License-Identifier: LGPL-2.1-or-later
/* What firmware senses, and which process has the lock. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/tree/apply.h"
#include "kern/cleanup.h"
#include "kern/lock.h"
#include "kern/lock_file.h"
#include "kern/text.h"

static const char *sense_name(uint32_t sense)
{
	static const char *const names[] = {
		[DRC_SENSE_EMPTY] = "empty",	   [DRC_SENSE_PRESENT] = "present",
		[DRC_SENSE_UNUSABLE] = "unusable", [DRC_SENSE_EXCHANGE] = "exchange",
		[DRC_SENSE_RECOVER] = "recover",
	};

	return sense < ARRAY_SIZE(names) ? names[sense] : NULL;
}

int dr_sense(struct dr *dr, uint32_t index, const char **state)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, index } };
	struct dr_error error = { .fault = DR_FAULT_CALL,
				  .step = "sense",
				  .call = "get-sensor-state" };
	int32_t status;
	int err;

	*state = NULL;
	err = context_open_firmware(dr);
	if (err)
		return err;
	if (geteuid())
		return context_fail(dr, &error, text_of("Only root can call firmware"),
				    -EPERM);
	err = engine_call(dr->session.dr.engine, RTAS_GET_SENSOR_STATE, &args, &status,
			  &dl);
	if (!err && status) {
		error.fault = DR_FAULT_FIRMWARE;
		error.status = status;
		err = -EREMOTEIO;
	}
	if (err)
		return context_fail(dr, &error, text_of("%s", strerror(-err)), err);
	*state = sense_name(args.out[1]);
	return 0;
}

const char *dr_get_backend(struct dr *dr)
{
	struct dr_error error;

	return apply_choose(&dr->session.dr, "auto", &error)
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
