// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: libdrmgr.la */
/*
 * indexes - one request of libdrmgr that names its resources by index
 *
 *   indexes TYPE add|remove [describe|plan|ask|all|key|count|stop...] INDEX...
 *
 * It prints the callbacks in their order, then the results. stop: a signal arrives when the
 * first resource has begun.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libdrmgr/drmgr.h"

enum { INDEXES_MAX = 64 };

static int stop_fds[2];
static bool stops, is_waiting;

static void on_begin(void *priv, const struct dr_resource *resource)
{
	(void)priv;
	is_waiting = false;
	printf("begin 0x%08x\n", dr_resource_get_index(resource));
	if (stops && write(stop_fds[1], "", 1) != 1)
		exit(2);
	stops = false;
}

static void print_end(const char *word, const struct dr_resource *resource)
{
	const struct dr_error *error = dr_resource_get_error(resource);
	const char *name;
	unsigned int steps = 0;

	while (dr_resource_get_step(resource, steps))
		steps++;
	printf("%s 0x%08x %s", word, dr_resource_get_index(resource),
	       dr_outcome_name(dr_resource_get_outcome(resource)));
	if (error)
		printf(" (%s)", dr_code_name(dr_error_get_code(error)));
	for (size_t i = 0; dr_resource_get_device(resource, i); i++) {
		name = dr_resource_get_interface(resource, i, 0);
		printf(" %s %s", dr_resource_get_device(resource, i), name ? name : "-");
	}
	printf("%s\n", steps ? " with steps" : "");
}

static void on_end(void *priv, const struct dr_resource *resource)
{
	(void)priv;
	print_end("end", resource);
}

/* A wait for udevd is printed once. */
static void on_wait(void *priv, const char *what, int64_t ms)
{
	(void)priv;
	(void)ms;
	if (!strncmp(what, "udevd", 5) && !is_waiting)
		printf("wait for %s\n", what);
	is_waiting = true;
}

static bool read_word(struct dr_request *request, const char *word)
{
	if (!strcmp(word, "describe"))
		request->describe = true;
	else if (!strcmp(word, "plan"))
		request->plan = true;
	else if (!strcmp(word, "needed"))
		request->if_needed = true;
	else if (!strcmp(word, "ask"))
		request->ask = true;
	else if (!strcmp(word, "all"))
		request->all_or_nothing = true;
	else if (!strcmp(word, "key"))
		request->key = "C8";
	else if (!strcmp(word, "count"))
		request->count = 1;
	else if (!strcmp(word, "stop"))
		stops = true;
	else
		return false;
	return true;
}

static void print_results(const struct dr *dr, const struct dr_results *results, int err)
{
	static const char *const words[] = { "done", "declined", "partial", "failed",
					     "not undone" };
	const struct dr_resource *resource;

	for (size_t i = 0; (resource = dr_results_get_resource(results, i)); i++)
		print_end("result", resource);
	printf("%s: %u of %u\n", words[dr_results_get_status(results)],
	       dr_results_get_done(results), dr_results_get_requested(results));
	if (err)
		printf("%s: %s\n", dr_code_name(dr_error_get_code(dr_get_error(dr))),
		       dr_get_error_text(dr));
}

int main(int argc, char *argv[])
{
	const struct dr_callbacks callbacks = { .size = sizeof(callbacks),
						.begin = on_begin,
						.end = on_end,
						.wait = on_wait };
	uint32_t indexes[INDEXES_MAX];
	struct dr_request request = { .size = sizeof(request), .indexes = indexes };
	struct dr_results *results = NULL;
	struct dr *dr;
	int err, i = 3;

	if (argc < 3 || argc > INDEXES_MAX || dr_new(&dr, NULL) || pipe(stop_fds))
		return 2;
	request.type = dr_type_by_name(argv[1]);
	request.action = !strcmp(argv[2], "add") ? DR_ADD : DR_REMOVE;
	while (i < argc && read_word(&request, argv[i]))
		i++;
	for (; i < argc; i++)
		indexes[request.n_indexes++] = (uint32_t)strtoul(argv[i], NULL, 16);
	dr_set_callbacks(dr, &callbacks);
	dr_set_stop_fd(dr, stop_fds[0]);
	err = dr_lock(dr, 10000);
	if (!err)
		err = dr_run(dr, &request, &results);
	if (results)
		print_results(dr, results, err);
	dr_results_free(results);
	dr_unref(dr);
	return err ? 1 : 0;
}
