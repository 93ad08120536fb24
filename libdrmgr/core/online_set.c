// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/online_set.h"
#include "libdrmgr/core/recovery.h"
#include "kern/sysfs.h"
#include "wire/number.h"

enum { NUMBER_MAX = 1 << 26 };

struct online_set *online_set_new(struct mem *m, const struct online_class *class,
				  bool online)
{
	struct online_set *set = mem_new(m, struct online_set);

	set->class = class;
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

/* Read the state. Return 0, -ENOENT if it does not exist, or the errno of the reading. */
static int online_read_word(const struct kern_root *root,
			    const struct online_class *class, uint32_t number,
			    char word[16])
{
	int err = sysfs_text(root, word, 16, "%s%u/%s", class->dir, number, class->file);

	return err == -ENODEV ? -ENOENT : err;
}

int online_is(const struct kern_root *root, const struct online_class *class,
	      uint32_t number, bool online)
{
	char word[16];
	int err = online_read_word(root, class, number, word);

	return err == -ENOENT ? !online : err ? err : !strcmp(word, class->words[online]);
}

int online_write(struct xact *x, const struct online_class *class, uint32_t number,
		 bool online)
{
	const char *op = online ? "online" : "offline", *word = class->words[online];
	char path[128];
	int err, has;

	snprintf(path, sizeof(path), "%s%u/%s", class->dir, number, class->file);
	err = xact_step_begin(x, op, "write /%s %s", path, word);
	if (err)
		return err < 0 ? err : 0;
	err = kern_write(x->dr->root, path, word, strlen(word));
	has = !err || xact_is_unknown(err) ? online_is(x->dr->root, class, number, online)
					   : 0;
	if (has > 0)
		err = 0;
	else if (!has && !err)
		err = -EAGAIN;
	xact_step_end(x, err);
	if (err == -EPERM && online && class->may_be_kept)
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
	char now[16];
	int err = 0;

	for (size_t i = 0; i < set->n; i++) {
		int read_err =
			online_read_word(x->dr->root, set->class, set->number[i], now);

		if (read_err == -ENOENT) {
			if (set->online && !x->is_recovering)
				err = read_err;
		} else if (read_err || strcmp(now, set->class->words[set->online]) != 0) {
			int kept =
				online_write(x, set->class, set->number[i], set->online);

			err = kept < 0 ? -EIO : err;
			if (kept > 0)
				dr_warn(x->dr,
					"%s%u stays offline: the kernel does not permit it",
					set->class->dir, set->number[i]);
		}
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

int online_set_decode(struct recovery *r, const struct online_class *class, void **arg)
{
	const char *word = recovery_word(r);
	struct online_set *set;
	uint64_t number;

	if (!word)
		return -EBADMSG;
	*arg = set = online_set_new(recovery_mem(r), class, !strcmp(word, "1"));
	while ((word = recovery_word(r)))
		if (number_read(word, strlen(word), 10, &number) || number > NUMBER_MAX ||
		    online_set_add(set, (uint32_t)number))
			return -EBADMSG;
	return 0;
}
