// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/host.h"
#include "vmm/sim/doctor.h"
#include "vmm/sim/needs.h"
#include "vmm/sim/root.h"

enum { NOT_FOUND = 127 };

/* Read what papr-vmm printed, without its own name. */
static void trial_read(char *text, size_t size, int fd)
{
	static const char own[] = "papr-vmm: ";
	size_t used = 0;
	char *end, *repair;
	ssize_t n;

	while (used < size - 1 && ((n = read(fd, text + used, size - 1 - used)) > 0 ||
				   (n < 0 && errno == EINTR)))
		used += n > 0 ? (size_t)n : 0;
	text[used] = '\0';
	text[strcspn(text, "\n")] = '\0';
	/* What is to do is printed separately. */
	end = strstr(text, "; see papr-vmm doctor");
	if (end) {
		*end = '\0';
		repair = end > text && end[-1] == ')' ? strrchr(text, '(') : NULL;
		if (repair && repair > text)
			repair[-1] = '\0';
	}
	if (!strncmp(text, own, strlen(own)))
		memmove(text, text + strlen(own), strlen(text + strlen(own)) + 1);
}

/* Explain a folder of PATH that the guest does not have. */
static void trial_find_folder(struct need_state *state)
{
	const char *dir = getenv("PATH"), *end;
	char path[256], text[300];

	for (; dir; dir = *end ? end + 1 : NULL) {
		end = strchrnul(dir, ':');
		snprintf(path, sizeof(path), "%.*s", (int)(end - dir), dir);
		if (!root_hides(path) || access(path, X_OK))
			continue;
		snprintf(
			text, sizeof(text),
			"it has its own directories there, so programs in %.200s are not found",
			path);
		needs_explain_start(state, text);
		return;
	}
}

/* Run "true" in a guest. The guest works even if it has no such command. */
static void trial_run(struct need_state *state)
{
	char name[] = "papr-vmm", run[] = "run", end[] = "--", command[] = "true";
	char *argv[] = { name, run, end, command, NULL }, text[512] = "";
	posix_spawn_file_actions_t actions;
	int ends[2], status = 0, err;
	pid_t pid;

	*state = (struct need_state){ .result = NEED_OK };
	if (pipe2(ends, O_CLOEXEC)) {
		needs_explain_start(state, strerror(errno));
		return;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, 0, 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	err = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!err) {
		trial_read(text, sizeof(text), ends[0]);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	if (!err && WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND) {
		trial_find_folder(state);
		return;
	}
	if (err || !WIFEXITED(status) || WEXITSTATUS(status))
		needs_explain_start(state, err ? strerror(err) : text);
}

static void print_state(const char *title, const struct need_state *state)
{
	static const char *const results[] = {
		[NEED_OK] = "ok",
		[NEED_MISSING] = "missing",
		[NEED_UNKNOWN] = "not checked: see above",
	};

	printf("%-15s %s%s%s\n", title, results[state->result],
	       state->problem[0] ? ": " : "", state->problem);
	for (size_t i = 0; i < state->n_repairs; i++)
		printf("%-15s %s: %s\n", "", repair_words(&state->repairs[i]),
		       state->repairs[i].command);
}

/* Return a string. Bytes that are not ASCII, which may be no UTF-8, become "?". */
static json_object *json_ascii(const char *text)
{
	char copy[512];
	size_t n = 0;

	for (; *text && n < sizeof(copy) - 1; text++)
		copy[n++] = *text & 0x80 ? '?' : *text;
	copy[n] = '\0';
	return n ? json_object_new_string(copy) : NULL;
}

static json_object *json_check(const char *name, const struct need_state *state)
{
	static const char *const results[] = {
		[NEED_OK] = "ok",
		[NEED_MISSING] = "missing",
		[NEED_UNKNOWN] = "unknown",
	};
	json_object *check = json_object_new_object(), *list = json_object_new_array();

	for (size_t i = 0; i < state->n_repairs; i++) {
		const struct repair *from = &state->repairs[i];
		json_object *repair = json_object_new_object();

		json_object_object_add(repair, "how", json_ascii(from->how));
		json_object_object_add(repair, "command", json_ascii(from->command));
		json_object_array_add(list, repair);
	}
	json_object_object_add(check, "name", json_ascii(name));
	json_object_object_add(check, "result", json_ascii(results[state->result]));
	json_object_object_add(check, "problem", json_ascii(state->problem));
	json_object_object_add(check, "repairs", list);
	return check;
}

static void print_json(const struct needs *needs, const struct need_state *guest,
		       bool works)
{
	json_object *document = json_object_new_object(),
		    *checks = json_object_new_array();

	json_object_object_add(document, "schema", json_ascii("papr.doctor/1"));
	json_object_object_add(document, "works", json_object_new_boolean(works));
	json_object_object_add(document, "container",
			       needs->container ? json_ascii(needs->container) : NULL);
	for (int i = 0; i < NEED_COUNT; i++)
		json_object_array_add(
			checks, json_check(need_name((enum need)i), &needs->states[i]));
	json_object_array_add(checks, json_check("guest", guest));
	json_object_object_add(document, "checks", checks);
	verb_print_json(document);
}

static const struct verb_option doctor_options[] = {
	{ "--json", NULL, "print a JSON document, papr-json(5)", .flag = 0 },
	{ .name = NULL },
};

const struct verb doctor_verb = {
	.name = "doctor",
	.usage = "doctor [--json]",
	.purpose =
		"Check whether this computer permits a simulated guest, and print the commands\n"
		"that provide what is missing. The exit status is 0 if a guest works, else 1.",
	.options = doctor_options,
};

int doctor_main(char **argv)
{
	const char *fakeroot = getenv("FAKEROOTKEY");
	struct need_state guest;
	struct needs needs;
	bool works, json = false;

	if (verb_options(&doctor_verb, &argv, &json))
		return HOST_EXIT_FAILURE;
	if (*argv) {
		verb_refuse("doctor:", *argv, "unexpected word");
		return HOST_EXIT_FAILURE;
	}
	needs_check(&needs);
	trial_run(&guest);
	/* The message has the first need again. */
	if (guest.result == NEED_MISSING && needs_first(&needs))
		guest = (struct need_state){ .result = NEED_UNKNOWN };
	else if (guest.result == NEED_OK && fakeroot)
		snprintf(guest.problem, sizeof(guest.problem),
			 "fakeroot does not reach into it; start fakeroot in the guest");
	works = guest.result == NEED_OK && !needs_first(&needs);
	if (json) {
		print_json(&needs, &guest, works);
	} else {
		for (int i = 0; i < NEED_COUNT; i++)
			print_state(need_title((enum need)i), &needs.states[i]);
		print_state("guest", &guest);
	}
	return works ? 0 : 1;
}
