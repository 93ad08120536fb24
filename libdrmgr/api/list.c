// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/api/sense.h"
#include "libdrmgr/core/type.h"
#include "libdrmgr/core/error_text.h"
#include "kern/text.h"

/* The text ends with "on this system." Of a captured tree, it must not speak of this one. */
static char *list_none_text(const struct dr_list *list)
{
	static const char system[] = " on this system.";
	const char *none = list->type->none, *at = strstr(none, system);

	if (*list->error.what)
		return text_of("%s", list->error.what);
	return list->dr->root->is_system || !at
		       ? text_of("%s", none)
		       : text_of("%.*s in the captured tree.", (int)(at - none), none);
}

static char *list_error_text(const struct dr_list *list)
{
	switch (list->err) {
	case -ENODEV:
		return list_none_text(list);
	case -ENOENT:
		return text_of("%s", list->type->unknown);
	case -ENOTUNIQ:
		return text_of(ERROR_AMBIGUOUS, list->error.what);
	case -ENOTSUP:
		return text_of("%s: the type has no connectors", list->type->name);
	default:
		if (list->error.fault == DR_FAULT_UNREAD)
			return text_of("%s cannot be read: %s", list->error.what,
				       strerror(-list->err));
		return text_of("%s", strerror(-list->err));
	}
}

/* Set the error of a list without connectors. */
static int list_fail_empty(struct dr_list *list)
{
	const char *none = list->flags & DR_LIST_PRESENT ? list->type->none_present
							 : list->type->none_absent;

	list->error = (struct dr_error){
		.fault = list->key ? DR_FAULT_UNKNOWN : DR_FAULT_NO_SLOTS,
	};
	if (none)
		snprintf(list->error.what, sizeof(list->error.what), "%s", none);
	return list->key ? -ENOENT : -ENODEV;
}

static bool list_is_wanted(const struct dr_list *list)
{
	bool is_present = list->current.state != CONNECTOR_EMPTY &&
			  list->current.state != CONNECTOR_NOT_OWNED &&
			  list->current.state != CONNECTOR_RESERVED;

	return !(list->flags & (is_present ? DR_LIST_ABSENT : DR_LIST_PRESENT));
}

/* Read the next connector that the caller wants. */
static int list_step(struct dr_list *list)
{
	int more;

	do
		more = list->type->list->next(list);
	while (more > 0 && !list_is_wanted(list));
	return mem_check(&list->mem) ? -ENOMEM : more;
}

static int list_open(struct dr_list *list)
{
	const struct dr_list_ops *ops = list->type->list;
	int err, more;

	if (!ops && list->type->none) /* it has texts for its absence */
		return list_fail_empty(list);
	if (!ops) {
		list->error = (struct dr_error){ .fault = DR_FAULT_NOT_CAPABLE };
		return -ENOTSUP;
	}
	list->rows = mem_array(&list->mem, 1, ops->rows_bytes);
	err = mem_check(&list->mem);
	if (!err)
		err = ops->open(list);
	if (!err)
		err = mem_check(&list->mem);
	if (!err && list->flags & DR_LIST_SENSE)
		err = sense_begin(list);
	if (err || !(list->flags & (DR_LIST_PRESENT | DR_LIST_ABSENT)))
		return err;
	more = list_step(list);
	if (more > 0)
		ops->rewind(list);
	return more > 0 ? list->err : more ? more : list_fail_empty(list);
}

int dr_list_new(struct dr *dr, const struct dr_type *type, const char *key,
		unsigned int flags, struct dr_list **list)
{
	struct dr_list *made = *list = calloc(1, sizeof(*made));

	if (!made)
		return context_fail(dr, NULL, NULL, -ENOMEM);
	made->dr = &dr->session.dr;
	made->context = dr;
	made->type = type;
	made->key = key;
	made->flags = flags;
	made->err = list_open(made);
	made->key = NULL;
	if (!made->err)
		return 0;
	made->err = context_fail(dr, &made->error,
				 made->err == -ENOMEM ? NULL : list_error_text(made),
				 made->err);
	if (made->err == -ENOMEM) {
		dr_list_free(made);
		*list = NULL;
		return -ENOMEM;
	}
	return made->err;
}

void dr_list_free(struct dr_list *list)
{
	if (list)
		mem_end(&list->mem);
	free(list);
}

const struct dr_connector *dr_list_next(struct dr_list *list)
{
	int more;

	if (list->err || !list->type->list)
		return NULL;
	more = list_step(list);
	if (more < 0) {
		dr_error_read(&list->error, list->dr->root, DR_FAULT_TREE, more);
		list->err = context_fail(list->context, &list->error,
					 list_error_text(list), more);
	}
	if (more <= 0)
		return NULL;
	list->current.type = list->type;
	if (list->flags & DR_LIST_SENSE)
		list->current.offer = sense_offer(list);
	return &list->current;
}

void dr_list_rewind(struct dr_list *list)
{
	if (!list->err && list->type->list)
		list->type->list->rewind(list);
}

int dr_list_get_errno(const struct dr_list *list)
{
	return list->err;
}
