// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dr-events - configure what the host plugs, release what it removes
 *
 *   dr-events [FILE]          FILE: /proc/ppc64/rtas/error_log
 *
 * An example of libdrmgr, with librtasevent: a daemon that needs no other program. It prints
 * a line for each resource that it changed or could not change. Build it with
 *
 *   cc dr-events.c $(pkg-config --cflags --libs drmgr librtasevent)
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <drmgr.h>
#include <librtasevent.h>

enum {
	RECORD_MAX = 4096,   /* of the kernel's log */
	LOCK_MS = 60 * 1000, /* another program may change something at the moment */
};

static void event_print_error(void *priv, const struct dr_error *error, const char *text)
{
	(void)priv;
	printf("error %s: %s\n", dr_code_name(dr_error_get_code(error)), text);
}

static void event_print_warning(void *priv, const char *text)
{
	(void)priv;
	printf("warning: %s\n", text);
}

/* Translate a request of the host. key is the buffer for the connector's index. Return false
 * for requests that are for the kernel alone. */
static bool event_request(const struct rtas_hotplug_scn *hp, struct dr_request *request,
			  char *key, size_t size)
{
	static const char *const types[] = {
		[RTAS_HP_TYPE_CPU] = "cpu",
		[RTAS_HP_TYPE_MEMORY] = "mem",
		[RTAS_HP_TYPE_PHB] = "phb",
		[RTAS_HP_TYPE_PCI] = "pci",
	};
	const char *type = NULL;

	if (hp->type < sizeof(types) / sizeof(*types))
		type = types[hp->type];
	*request = (struct dr_request){ .size = sizeof(*request) };
	if (!type)
		return false;
	request->type = dr_type_by_name(type);
	if (hp->action == RTAS_HP_ACTION_ADD)
		request->action = DR_ADD;
	else if (hp->action == RTAS_HP_ACTION_REMOVE)
		request->action = DR_REMOVE;
	else
		return false;
	switch (hp->identifier) {
	case RTAS_HP_ID_DRC_INDEX:
		snprintf(key, size, "0x%08" PRIx32, hp->u1.drc_index);
		request->key = key;
		return true;
	case RTAS_HP_ID_DRC_NAME:
		request->key = hp->u1.drc_name;
		return true;
	case RTAS_HP_ID_DRC_COUNT:
		request->count = hp->u1.count;
		return true;
	default:
		return false;
	}
}

static void event_print_results(const struct dr_request *request,
				const struct dr_results *results)
{
	const struct dr_resource *resource;

	for (size_t i = 0; (resource = dr_results_get_resource(results, i)); i++) {
		const char *node = dr_resource_get_node(resource);

		printf("%s %s %s: %s%s%s\n", dr_type_get_name(request->type),
		       dr_action_name(request->action), dr_resource_get_name(resource),
		       dr_outcome_name(dr_resource_get_outcome(resource)),
		       node ? ", " : "", node ? node : "");
	}
}

/* Undo what a killed program left. Then make the change. */
static void event_change(struct dr *dr, const struct dr_request *request)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	struct dr_results *results;

	if (dr_lock(dr, LOCK_MS) || dr_recover(dr, NULL, &interrupted)) {
		event_print_error(NULL, dr_get_error(dr), dr_get_error_text(dr));
		dr_unlock(dr);
		return;
	}
	dr_run(dr, request, &results);
	dr_unlock(dr);
	if (results)
		event_print_results(request, results);
	dr_results_free(results);
}

static void event_handle(struct dr *dr, char *record, size_t len)
{
	struct rtas_event *event = parse_rtas_event(record, (int)len);
	const struct rtas_hotplug_scn *hp = event ? rtas_get_hotplug_scn(event) : NULL;
	struct dr_request request;
	char key[16];

	if (!event)
		printf("an event is damaged\n");
	else if (hp && event_request(hp, &request, key, sizeof(key)))
		event_change(dr, &request);
	cleanup_rtas_event(event);
}

int main(int argc, char *argv[])
{
	static const struct dr_callbacks callbacks = {
		.size = sizeof(callbacks),
		.error = event_print_error,
		.warning = event_print_warning,
	};
	const char *path = argc > 1 ? argv[1] : "/proc/ppc64/rtas/error_log";
	static char record[RECORD_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	const size_t number = sizeof(int); /* the kernel's own, before each event */
	struct dr *dr;
	ssize_t n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (fd < 0) {
		fprintf(stderr, "dr-events: %s: %s\n", path, strerror(errno));
		return 1;
	}
	err = dr_new(&dr, NULL);
	if (err) {
		fprintf(stderr, "dr-events: %s\n", strerror(-err));
		return 1;
	}
	dr_set_callbacks(dr, &callbacks);
	dr_set_command(dr, argc, argv);
	while ((n = read(fd, record, sizeof(record))) > (ssize_t)number)
		event_handle(dr, record + number, (size_t)n - number);
	dr_unref(dr);
	close(fd);
	return n < 0;
}
