// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/online_set.h"
#include "libdrmgr/core/recovery.h"
#include "kern/sysfs.h"
#include "wire/number.h"

#define CPU_DIR	 "sys/devices/system/cpu/cpu"
#define CPU_FILE CPU_DIR "%u/online"

enum { NUMBER_MAX = 1 << 26 };

struct online_set *online_set_new(struct mem *m, bool online)
{
	struct online_set *set = mem_new(m, struct online_set);

	set->online = online;
	return set;
}

int online_set_add(struct online_set *set, uint32_t number)
{
	if (set->n == ONLINE_SET_MAX)
		return -E2BIG;
	set->number[set->n++] = number;
	return 0;
}

/* Return 1 if it is online, 0 if it is offline, -ENOENT if it does not exist, or the errno of
 * the reading. */
static int online_read(const struct kern_root *root, uint32_t number)
{
	char word[16];
	int err = sysfs_text(root, word, sizeof(word), CPU_FILE, number);

	return err == -ENODEV ? -ENOENT : err ? err : !strcmp(word, "1");
}

int online_write(struct xact *x, uint32_t number, bool online)
{
	const char *op = online ? "online" : "offline", *word = online ? "1" : "0";
	char path[64];
	int err, now, has = 0;

	snprintf(path, sizeof(path), CPU_FILE, number);
	err = xact_step_begin(x, op, "write /%s %s", path, word);
	if (err)
		return err < 0 ? err : 0;
	err = kern_write(x->dr->root, path, word, strlen(word));
	if (!err || xact_is_unknown(err)) {
		now = online_read(x->dr->root, number);
		has = now == -ENOENT ? !online : now < 0 ? now : now == online;
	}
	if (has > 0)
		err = 0;
	else if (!has && !err)
		err = -EAGAIN;
	xact_step_end(x, err);
	if (err == -EPERM && online)
		return 1;
	if (!err && has < 0)
		return xact_unread(x, op, has);
	return err ? xact_fail(x, DR_FAULT_KERNEL, op, err, "/%s", path) : 0;
}

/* Restore the state of each number that differs, or cannot be read. A number that no longer exists is an
 * error, except in a recovery: another process may have removed it. */
int online_set_restore(struct xact *x, void *arg)
{
	const struct online_set *set = arg;
	int err = 0;

	for (size_t i = 0; i < set->n; i++) {
		int now = online_read(x->dr->root, set->number[i]), kept;

		if (now == -ENOENT && set->online && !x->is_recovering)
			err = now;
		if (now == -ENOENT || now == set->online)
			continue;
		kept = online_write(x, set->number[i], set->online);
		err = kept < 0 ? -EIO : err;
		if (kept > 0)
			dr_warn(x->dr,
				CPU_DIR "%u stays offline: the kernel does not permit it",
				set->number[i]);
	}
	return err;
}

void online_set_encode(struct journal_line *line, const void *arg)
{
	const struct online_set *set = arg;

	journal_put(line, "%d", set->online);
	for (size_t i = 0; i < set->n; i++)
		journal_put(line, "%u", set->number[i]);
}

int online_set_decode(struct recovery *r, void **arg)
{
	const char *word = recovery_word(r);
	struct online_set *set;
	uint64_t number;

	if (!word)
		return -EBADMSG;
	*arg = set = online_set_new(recovery_mem(r), !strcmp(word, "1"));
	while ((word = recovery_word(r)))
		if (number_read(word, strlen(word), 10, &number) || number > NUMBER_MAX ||
		    online_set_add(set, (uint32_t)number))
			return -EBADMSG;
	return 0;
}
