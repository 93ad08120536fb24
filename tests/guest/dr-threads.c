// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dr-threads - two contexts of libdrmgr in two threads at the same time
 *
 *   dr-threads SLOT SLOT ROUNDS
 *
 * Each thread adds and removes the card of its slot ROUNDS times, and lists all connector
 * types in between. They exclude each other only by the lock, as two processes do. Built
 * with the thread sanitizer, it finds what two contexts share.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/drmgr.h"
#include "tests/unit/fakes/without_clone3.h"

struct worker {
	const char *slot;
	int rounds;
	unsigned int changes, listed, messages;
	char error[300];
};

static void worker_log(void *priv, enum dr_level level, const char *text)
{
	struct worker *w = priv;

	(void)level;
	w->messages += *text != '\0';
}

static void worker_list(struct worker *w, struct dr *dr)
{
	const struct dr_connector *connector;
	const struct dr_type *type;
	struct dr_value value;
	struct dr_list *list;

	dr_foreach_type(type) {
		if (!dr_type_has_connectors(type))
			continue;
		dr_list_new(dr, type, NULL, DR_LIST_DETAILS | DR_LIST_INTERFACES, &list);
		dr_foreach_connector(list, connector)
			for (size_t i = 0; dr_type_get_member(type, i); i++)
				w->listed += !dr_connector_get(
					connector, dr_type_get_member(type, i), &value);
		dr_list_free(list);
	}
}

/* Return false and set the error if the change fails. */
static bool worker_change(struct worker *w, struct dr *dr, enum dr_action action)
{
	const struct dr_request request = {
		.size = sizeof(request),
		.type = dr_type_by_name("pci"),
		.action = action,
		.key = w->slot,
	};
	struct dr_results *results = NULL;
	int err = dr_lock(dr, 60000);

	if (!err)
		err = dr_run(dr, &request, &results);
	if (err)
		snprintf(w->error, sizeof(w->error), "%s %s: %s", dr_action_name(action),
			 w->slot, dr_get_error_text(dr));
	dr_results_free(results);
	dr_unlock(dr);
	w->changes += !err;
	return !err;
}

static void *worker_run(void *arg)
{
	struct worker *w = arg;
	const struct dr_callbacks callbacks = { .size = sizeof(callbacks),
						.priv = w,
						.log = worker_log };

	for (int i = 0; i < w->rounds && !*w->error; i++) {
		struct dr *dr;

		if (dr_new(&dr, NULL)) {
			snprintf(w->error, sizeof(w->error), "dr_new");
			break;
		}
		dr_set_callbacks(dr, &callbacks);
		dr_set_trace(dr, true);
		worker_list(w, dr);
		if (worker_change(w, dr, DR_ADD))
			worker_change(w, dr, DR_REMOVE);
		dr_unref(dr);
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	struct worker workers[2] = { 0 };
	pthread_t threads[2];
	int status = 0;

	/* The sanitizer can follow only fork(2), which the library then uses. */
	if (argc != 4 || refuse_clone3(ENOSYS))
		return 2;
	for (int i = 0; i < 2; i++) {
		workers[i].slot = argv[1 + i];
		workers[i].rounds = atoi(argv[3]);
		if (pthread_create(&threads[i], NULL, worker_run, &workers[i]))
			return 2;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 2; i++) {
		printf("%s: %u changes%s%s\n", workers[i].slot, workers[i].changes,
		       *workers[i].error ? ", " : "", workers[i].error);
		status |= *workers[i].error || !workers[i].listed || !workers[i].messages;
	}
	return status;
}
