// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/leftover.h"
#include "drmon/operation.h"

/* ---- The log: "2026-11-20T06:14:21.482 drmgr[412] debug TEXT" ---- */

struct log_line {
	char program[16]; /* "drmgr", "papr-eventd" */
	int pid;
	double at;
	char level[8];
	const char *text;
};

static bool operation_parse_line(const char *text, struct log_line *line)
{
	int hour, minute, end = 0;
	double second;

	if (sscanf(text, "%*d-%*d-%*dT%2d:%2d:%6lf %15[a-z-][%d] %7s %n", &hour, &minute,
		   &second, line->program, &line->pid, line->level, &end) != 6 ||
	    !end)
		return false;
	line->at = hour * 3600 + minute * 60 + second;
	line->text = text + end;
	return true;
}

/* Return the command of the first line of a run, "drmgr: -c pci ..."; NULL: another
 * line. */
static const char *operation_command(const struct log_line *line)
{
	size_t len = strlen(line->program);

	if (strncmp(line->text, line->program, len) != 0 ||
	    strncmp(line->text + len, ": ", 2) != 0)
		return NULL;
	return line->text[len + 2] == '-' || !strcmp(line->program, "papr-eventd")
		       ? line->text + len + 2
		       : NULL;
}

/* Forget the progress and the result of the last run. The hint of a run of drmon may come
 * before its log is read. */
static void operation_reset(struct operation *op)
{
	op->step[0] = op->error[0] = op->wait[0] = '\0';
	op->steps = 0;
	op->is_repeated = false;
	op->done = op->total = op->at = 0;
	if (op->pid == op->own_pid)
		op->total = op->requested;
	else
		op->hint[0] = '\0';
}

/* drmon runs drmgr with --json, which the user need not see. */
static void operation_set_command(struct operation *op, const char *program,
				  const char *arguments)
{
	static const char json[] = " --json";
	const size_t n = sizeof(json) - 1;
	size_t len = strlen(arguments);

	if (len > n && !strcmp(arguments + len - n, json))
		len -= n;
	snprintf(op->command, sizeof(op->command), "%s %.*s", program, (int)len,
		 arguments);
}

static void operation_begin(struct operation *op, const struct log_line *line,
			    const char *command)
{
	op->state = OPERATION_RUNS;
	op->is_logged = true;
	op->pid = line->pid;
	operation_set_command(op, line->program, command);
	operation_reset(op);
	op->begun = op->last = line->at;
}

/* Find the step in the plan, from the position of the last one. The plan has no waits. */
static void operation_find_step(struct operation *op, const char *text)
{
	for (size_t i = op->at ? op->at - 1 : 0; i < op->n_plan; i++)
		if (!strncmp(text, op->plan[i], strlen(op->plan[i]))) {
			op->at = i + 1;
			return;
		}
}

/* Count a step. Repeated reads of one sensor are one step. */
static void operation_count_step(struct operation *op, const char *text)
{
	size_t name = strcspn(text, ":");

	if (op->pid == op->own_pid && !strncmp(text + name, ": ", 2))
		operation_find_step(op, text + name + 2);
	if (strncmp(op->step, text, name + 1) != 0)
		op->steps++;
	op->is_repeated = !strncmp(op->step, text, sizeof(op->step) - 1);
	if (!op->is_repeated)
		*op->wait = '\0';
	snprintf(op->step, sizeof(op->step), "%s", text);
}

/* Read a line about a wait: "waiting for a card in slot C16, at most 27 s". */
static bool operation_is_wait(struct operation *op, const char *text)
{
	static const char word[] = "waiting for ", most[] = ", at most ";
	const char *end;

	if (strncmp(text, word, sizeof(word) - 1) != 0)
		return false;
	text += sizeof(word) - 1;
	end = strstr(text, most);
	op->wait_end = end ? op->last + strtod(end + sizeof(most) - 1, NULL) : 0;
	snprintf(op->wait, sizeof(op->wait), "%.*s", end ? (int)(end - text) : 200, text);
	return true;
}

void operation_log_line(struct operation *op, const char *text)
{
	struct log_line line;
	const char *command;

	/* a line like this begins and ends the log of one run */
	if (*text == '#') {
		if (op->is_logged)
			op->state = OPERATION_ENDED;
		op->is_logged = false;
		return;
	}
	if (!operation_parse_line(text, &line))
		return;
	command = operation_command(&line);
	if (command) {
		operation_begin(op, &line, command);
		return;
	}
	if (line.pid != op->pid || !op->is_logged)
		return;
	op->last = line.at;
	if (sscanf(line.text, "progress: %zu of %zu", &op->done, &op->total) == 2)
		return;
	if (operation_is_wait(op, line.text))
		return;
	if (!strcmp(line.level, "debug"))
		operation_count_step(op, line.text);
	else if (!strcmp(line.level, "error"))
		snprintf(op->error, sizeof(op->error), "%s", line.text);
}

/* ---- Lock and journal ---- */

/* Begin the operation of a lock holder that keeps no such log, such as another project's
 * drmgr. */
static void operation_begin_of_holder(struct operation *op, const char *command)
{
	const char *folder;

	op->state = OPERATION_RUNS;
	op->is_logged = false;
	op->pid = op->holder;
	operation_reset(op);
	op->begun = op->last = 0;
	if (!*command)
		return;
	folder = memrchr(command, '/', strcspn(command, " "));
	snprintf(op->command, sizeof(op->command), "%.*s", (int)sizeof(op->command) - 1,
		 folder ? folder + 1 : command);
}

int operation_read_journal(struct dr *dr, struct dr_journal **journal)
{
	int err = dr_journal_read(dr, journal);

	/* Nothing is left of one of an earlier boot. */
	for (size_t i = 0; err == -ESTALE || (err == -ENOENT && !i); i++) {
		dr_journal_free(*journal);
		err = dr_leftover_read(dr, i, journal);
	}
	return err;
}

static void operation_add_left(void *priv, const struct dr_journal *journal)
{
	_cleanup_free_ char *text = dr_journal_format(journal);
	const char *state = dr_journal_get_state(journal, NULL);
	struct operation *op = priv;

	if (!strcmp(state, "running"))
		return;
	op->can_recover |= !strcmp(state, "incomplete");
	if (op->n_left++)
		return;
	op->left_state = state;
	snprintf(op->left, sizeof(op->left), "%s", text ? text : "");
	if (op->holder)
		return;
	op->pid = dr_journal_get_pid(journal);
	snprintf(op->command, sizeof(op->command), "%s", dr_journal_get_command(journal));
}

/* Return true if the operation ended without a line in the log. A logged operation may
 * still write lines after it released the lock, until its process has ended. */
static bool operation_has_ended_silently(const struct operation *op)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d", op->pid);
	return op->state == OPERATION_RUNS && (!op->is_logged || access(path, F_OK));
}

void operation_plan(struct operation *op, const char *const *steps, size_t n,
		    size_t requested)
{
	op->plan = steps;
	op->n_plan = n;
	op->requested = requested;
	op->at = 0;
	op->own_pid = 0;
}

void operation_hint(struct operation *op, const char *hint)
{
	snprintf(op->hint, sizeof(op->hint), "%s", hint);
}

/* Return the seconds of the day, as the log has them. */
static double operation_clock(void)
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	return tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec + (double)now.tv_nsec / 1e9;
}

void operation_refresh(struct operation *op, struct dr *dr)
{
	struct dr_operation now = { .size = sizeof(now) };

	dr_read_operation(dr, &now);
	op->can_look = now.can_look;
	op->holder = now.holder;
	if (!op->can_look)
		return;
	/* The log ends shortly before the lock is released. A holder that has not written
	 * its PID yet is found by the next read. */
	if (op->holder > 0 && op->holder != op->pid && op->state != OPERATION_RUNS)
		operation_begin_of_holder(op, now.command);
	op->n_left = 0;
	op->can_recover = false;
	leftover_each(dr, operation_add_left, op);
	if (!op->holder && op->n_left)
		op->state = OPERATION_LEFT;
	else if (!op->holder &&
		 (op->state == OPERATION_LEFT || operation_has_ended_silently(op)))
		op->state = OPERATION_ENDED;
	if (op->state == OPERATION_RUNS && op->is_logged)
		op->last = operation_clock();
}

/* Format a bar of the resources that are done, or of the steps of a single one. */
static void operation_format_bar(const struct operation *op, char *text, size_t size)
{
	enum { BAR = 10 };
	static const char full[] = "##########", empty[] = "..........";
	bool has_many = op->total > 1;
	size_t done = has_many ? op->done : op->at,
	       total = has_many ? op->total : op->n_plan;
	int filled;

	*text = '\0';
	if (!total || (!has_many && op->pid != op->own_pid))
		return;
	filled = (int)(BAR * (done < total ? done : total) / total);
	snprintf(text, size, "[%.*s%.*s] %zu of %zu%s  ", filled, full, BAR - filled,
		 empty, done, total, has_many ? "" : " steps");
}

/* Return the end of the words of what is left: what helps now. */
static const char *operation_help(const struct operation *op)
{
	const char *help = op->left;

	for (const char *at = help; (at = strstr(at, ": ")); help = at += 2)
		;
	return help;
}

/* A step is logged when it is done, so a run waits for the next one of its plan. A repeated
 * step, such as reading a sensor, is a wait too. */
void operation_next_text(const struct operation *op, char *text, size_t size)
{
	bool is_planned = op->pid == op->own_pid && op->at < op->n_plan;

	*text = '\0';
	if (op->state == OPERATION_ENDED && *op->error && *op->hint)
		snprintf(text, size, "hint: %s", op->hint);
	if (op->state == OPERATION_LEFT)
		snprintf(text, size, "%s%s", operation_help(op),
			 op->can_recover ? " (R)" : "");
	if (op->state != OPERATION_RUNS)
		return;
	if (*op->wait && op->wait_end > op->last)
		snprintf(text, size, "%u waits for %s, at most %.0f s", op->steps,
			 op->wait, op->wait_end - op->last);
	else if (*op->wait)
		snprintf(text, size, "%u waits for %s", op->steps, op->wait);
	else if (op->is_repeated)
		snprintf(text, size, "%u waits: repeats %s", op->steps, op->step);
	else if (is_planned)
		snprintf(text, size, "%u waits for %s", op->steps, op->plan[op->at]);
	else if (*op->step)
		snprintf(text, size, "%u %s", op->steps, op->step);
}

void operation_text(const struct operation *op, char *text, size_t size)
{
	double seconds = op->last - op->begun;
	char bar[80];

	operation_format_bar(op, bar, sizeof(bar));
	seconds += seconds < 0 ? 24 * 3600 : 0; /* over midnight */
	switch (op->state) {
	case OPERATION_RUNS:
		snprintf(text, size, "%s%s   pid %d   %.1f s", bar, op->command, op->pid,
			 seconds);
		break;
	case OPERATION_ENDED:
		snprintf(text, size, "%s   %s%s   %.1f s", op->command,
			 *op->error ? "failed: " : "done", op->error, seconds);
		break;
	case OPERATION_LEFT:
		snprintf(text, size, "%.*s", (int)(operation_help(op) - op->left),
			 op->left);
		break;
	default:
		*text = '\0';
		break;
	}
}
