// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static void operation_begin(struct operation *op, const struct log_line *line,
			    const char *command)
{
	op->state = OPERATION_RUNS;
	op->is_logged = true;
	op->pid = line->pid;
	snprintf(op->command, sizeof(op->command), "%s %s", line->program, command);
	op->step[0] = op->error[0] = '\0';
	op->steps = 0;
	op->begun = op->last = line->at;
}

/* Count a step. Repeated reads of one sensor are one step. */
static void operation_count_step(struct operation *op, const char *text)
{
	size_t name = strcspn(text, ":");

	if (strncmp(op->step, text, name + 1) != 0)
		op->steps++;
	snprintf(op->step, sizeof(op->step), "%s", text);
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
	op->steps = 0;
	op->step[0] = op->error[0] = '\0';
	op->begun = op->last = 0;
	if (!*command)
		return;
	folder = memrchr(command, '/', strcspn(command, " "));
	snprintf(op->command, sizeof(op->command), "%.*s", (int)sizeof(op->command) - 1,
		 folder ? folder + 1 : command);
}

/* Read the remaining journal of a killed drmgr. */
static void operation_read_killed(struct operation *op, const struct dr *dr)
{
	struct dr_journal *journal;

	op->state = OPERATION_KILLED;
	if (!dr_journal_read(dr, &journal)) {
		op->pid = dr_journal_get_pid(journal);
		snprintf(op->command, sizeof(op->command), "%s",
			 dr_journal_get_command(journal));
	}
	dr_journal_free(journal);
}

/* Return true if the operation ended without a line in the log. A logged operation may
 * still write lines after it released the lock, until its process has ended. */
static bool operation_has_ended_silently(const struct operation *op)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d", op->pid);
	return op->state == OPERATION_RUNS && (!op->is_logged || access(path, F_OK));
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
	if (!op->holder && dr_needs_recovery(dr))
		operation_read_killed(op, dr);
	else if (!op->holder &&
		 (op->state == OPERATION_KILLED || operation_has_ended_silently(op)))
		op->state = OPERATION_ENDED;
}

static void operation_format_progress(const struct operation *op, char *text, size_t size)
{
	enum { BAR = 10 };
	unsigned int done = op->steps > op->planned ? op->planned : op->steps;
	int filled = op->planned ? (int)(BAR * done / op->planned) : 0;

	if (op->planned)
		snprintf(text, size, "%u/%u %.40s  [%.*s%.*s]", done, op->planned,
			 op->step, filled, "##########", BAR - filled, "..........");
	else
		snprintf(text, size, "%u %s", op->steps, op->step);
}

void operation_text(const struct operation *op, char *text, size_t size)
{
	double seconds = op->last - op->begun;
	char progress[160];

	operation_format_progress(op, progress, sizeof(progress));
	switch (op->state) {
	case OPERATION_RUNS:
		snprintf(text, size, "%s   pid %d   %.1f s   %s", op->command, op->pid,
			 seconds, progress);
		break;
	case OPERATION_ENDED:
		snprintf(text, size, "%s   %s%s   %.1f s", op->command,
			 *op->error ? "failed: " : "done", op->error, seconds);
		break;
	case OPERATION_KILLED:
		snprintf(text, size, "%s   interrupted: drmgr --recover undoes it (R)",
			 op->command);
		break;
	default:
		*text = '\0';
		break;
	}
}
