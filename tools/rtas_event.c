// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints event logs of firmware in any form. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/error.h"
#include "cli/option_table.h"
#include "cli/stdout_end.h"
#include "cli/process.h"
#include "tools/event_input.h"
#include "cli/event_show.h"
#include "tools/event_source.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

enum look { LOOK_TEXT, LOOK_JSON, LOOK_RAW, LOOK_LINE };

struct request {
	enum look look;
	enum event_form form;
	int verbosity;
	bool follow;
	bool selected; /* print only events with these numbers */
	uint64_t first, last;
};

/* State that is common to all events. */
struct show {
	const struct request *req;
	json_object *events; /* "events" of the document, or NULL */
	uint64_t place;	     /* number of the event in its input, from 1 */
	bool found;	     /* an event was selected */
	enum dr_code code;   /* of the first error */
	json_object *error;  /* the same, of the document; NULL: none, or text */
	bool terminal;
};

/* Print an error, and keep the first one. */
static void __attribute__((format(printf, 3, 4)))
rtas_event_fail(struct show *show, enum dr_code code, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	fprintf(stderr, "rtas-event: %s\n", text ? text : strerror(ENOMEM));
	if (show->code != DR_CODE_NONE)
		return;
	show->code = code;
	if (show->events)
		show->error = error_object(code, text ? text : strerror(ENOMEM));
}

/* Parse digits only. *end is set to the character after them. */
static int rtas_event_parse_number(const char *text, uint64_t limit, uint64_t *n,
				   const char **end)
{
	*n = 0;
	for (*end = text; **end >= '0' && **end <= '9'; ++*end) {
		*n = 10 * *n + (uint64_t)(**end - '0');
		if (*n > limit)
			return -ERANGE;
	}
	return *end == text ? -EINVAL : 0;
}

static int rtas_event_parse_selection(void *priv, const char *text)
{
	struct request *req = priv;
	const char *end;
	int err = rtas_event_parse_number(text, UINT32_MAX, &req->first, &end);

	req->last = req->first;
	if (!err && *end == '-')
		err = rtas_event_parse_number(end + 1, UINT32_MAX, &req->last, &end);
	req->selected = true;
	return err || *end || req->last < req->first ? -EINVAL : 0;
}

static int rtas_event_parse_width(void *req, const char *text)
{
	const char *end;
	uint64_t width;

	(void)req;
	if (rtas_event_parse_number(text, INT_MAX, &width, &end) || *end ||
	    rtas_set_print_width((int)width))
		return -EINVAL;
	return 0;
}

static const struct option_row rows[] = {
	{ 'n', "number", "NUMBER[-NUMBER]", "print only events with these numbers",
	  .kind = OPTION_CALL, .parse = rtas_event_parse_selection,
	  .why = "use the number of an event, or a range such as 5-9" },
	{ 'v', "verbose", NULL, "print every field", .kind = OPTION_CHOICE,
	  OPTION_AT(struct request, verbosity), .n = 2 },
	{ 'w', "width", "COLUMNS", "set the width of the text (80)", .kind = OPTION_CALL,
	  .parse = rtas_event_parse_width, .why = "use a width from 1 to 1023" },
	{ 0, "follow", NULL, "wait for more events, and print them", .kind = OPTION_FLAG,
	  OPTION_AT(struct request, follow) },
	{ 0, "format", "FORM", "form of the input: auto, bare, kernel, text",
	  .kind = OPTION_WORD, OPTION_AT(struct request, form),
	  .words = "auto bare kernel text" }, /* as enum event_form */
	{ 0, "json", NULL, "print one JSON document", .kind = OPTION_CHOICE,
	  OPTION_AT(struct request, look), .n = LOOK_JSON },
	{ 0, "line", NULL, "print one line for each event", .kind = OPTION_CHOICE,
	  OPTION_AT(struct request, look), .n = LOOK_LINE },
	{ 0, "raw", NULL, "print the bytes of each event in hexadecimal",
	  .kind = OPTION_CHOICE, OPTION_AT(struct request, look), .n = LOOK_RAW },
	OPTION_SELF_ROWS,
};

static const struct option_rule rules[] = {
	{ "--json --line --raw", .excludes = "--json --line --raw",
	  .text = "--json, --line, --raw: use only one of them" },
	{ "--follow", .excludes = "--json",
	  .text = "--follow: not with --json: a document has an end" },
	{ 0 },
};

static const struct option_table table = {
	.program = "rtas-event",
	.manual = "rtas-event(1)",
	.usage = "Usage: rtas-event [OPTION]... [FILE]...\n"
		 "Print the RTAS event logs in each FILE, or from standard input.\n"
		 "\n",
	OPTION_ROWS(rows),
	.rules = rules,
};

/* Print the event as the library does. The caller escapes it for a terminal. */
static void rtas_event_print(const struct show *show, FILE *out, struct rtas_event *re)
{
	switch (show->req->look) {
	case LOOK_RAW:
		rtas_print_raw_event(out, re);
		break;
	case LOOK_LINE:
		event_show_line(out, re);
		break;
	default:
		rtas_print_event(out, re, show->req->verbosity);
		break;
	}
}

static int rtas_event_show(struct show *show, struct rtas_event *re)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (show->events) {
		json_append(show->events, event_show_json(re));
		return 0;
	}
	if (!show->terminal) {
		rtas_event_print(show, stdout, re);
		return 0;
	}
	out = open_memstream(&text, &len);
	if (!out)
		return -ENOMEM;
	rtas_event_print(show, out, re);
	if (!text_close(out, &text))
		return -ENOMEM;
	event_show_text(stdout, text, len);
	free(text);
	return 0;
}

static bool rtas_event_is_selected(const struct show *show, const struct event_item *item)
{
	uint64_t number = item->seq >= 0 ? (uint64_t)item->seq : show->place;

	return !show->req->selected ||
	       (number >= show->req->first && number <= show->req->last);
}

static void rtas_event_warn(struct show *show, const char *file,
			    const struct event_item *item, enum dr_code code,
			    const char *problem)
{
	rtas_event_fail(show, code, "%s: event at offset %llu: %s", file,
			(unsigned long long)item->offset, problem);
}

static void rtas_event_warn_damage(struct show *show, const char *file,
				   const struct event_item *item,
				   const struct scn_header *shdr)
{
	const unsigned char *raw = event_show_raw(shdr);
	char problem[80];

	snprintf(problem, sizeof(problem),
		 "section %02x%02x at offset %u: impossible length %u", raw[0], raw[1],
		 shdr->raw_offset, (unsigned int)(raw[2] << 8 | raw[3]));
	rtas_event_warn(show, file, item, DR_CODE_BAD_FILE, problem);
}

static void rtas_event_show_item(struct show *show, const char *file,
				 const struct event_item *item)
{
	const struct scn_header *damage;
	struct rtas_event *re;

	if (item->problem[0]) {
		rtas_event_warn(show, file, item, DR_CODE_BAD_FILE, item->problem);
		return;
	}
	re = parse_rtas_event((char *)item->bytes, (int)item->len);
	if (!re) {
		rtas_event_warn(show, file, item,
				errno == ENOMEM ? DR_CODE_NO_MEMORY : DR_CODE_BAD_FILE,
				errno == EFAULT	  ? "unknown kind of extended log"
				: errno == ENOMEM ? strerror(ENOMEM)
						  : "incomplete headers");
		return;
	}
	if (item->seq >= 0 && item->seq <= INT_MAX)
		re->event_no = (int)item->seq;
	damage = event_show_damage(re);
	if (damage)
		rtas_event_warn_damage(show, file, item, damage);
	if (rtas_event_show(show, re))
		rtas_event_warn(show, file, item, DR_CODE_NO_MEMORY, strerror(ENOMEM));
	cleanup_rtas_event(re);
}

/* Complain about a file that has bytes but no event. An empty file is a log in which
 * nothing has been written yet. */
static void rtas_event_check_found(struct show *show, const char *file,
				   const struct event_source *source)
{
	if (show->place || !(source->offset + (source->len - source->pos)))
		return;
	rtas_event_fail(show, DR_CODE_BAD_FILE,
			"%s: it contains no event; if it has another form, use --format "
			"bare or kernel",
			file);
}

static void rtas_event_fail_file(struct show *show, const char *file, int err)
{
	rtas_event_fail(show,
			err == -ENOMEM			  ? DR_CODE_NO_MEMORY
			: err == -EACCES || err == -EPERM ? DR_CODE_NOT_PERMITTED
							  : DR_CODE_BAD_FILE,
			"%s: %s", file, strerror(-err));
}

static void rtas_event_show_file(struct show *show, const char *file)
{
	struct event_input input;
	struct event_source source;
	struct event_bytes bytes;
	struct event_item item;
	int err = event_input_open(&input, file, show->req->follow);

	show->place = 0;
	if (err) {
		rtas_event_fail_file(show, file, err);
		return;
	}
	bytes = event_input_bytes(&input);
	event_source_init(&source, &bytes, show->req->form);
	while ((err = event_source_next(&source, &item)) > 0) {
		show->place++;
		if (!rtas_event_is_selected(show, &item))
			continue;
		show->found = true;
		rtas_event_show_item(show, file, &item);
		if (show->req->follow)
			fflush(stdout);
		if (ferror(stdout)) /* standard output is closed */
			break;
	}
	if (err == -EBADMSG) {
		rtas_event_fail(
			show, DR_CODE_BAD_FILE,
			"%s: no event in %d MiB before offset %llu: the rest is not "
			"read; if it has another form, use --format kernel",
			file, EVENT_BAD_LIMIT >> 20, (unsigned long long)source.offset);
	} else if (err < 0) {
		rtas_event_fail_file(show, file, err);
	} else {
		rtas_event_check_found(show, file, &source);
	}
	event_source_free(&source);
	event_input_close(&input);
}

/* Print the document, and free the events and the error; error NULL: none. */
static void rtas_event_print_document(json_object *events, json_object *error)
{
	json_print(event_show_document(events, error));
}

static int rtas_event_show_all(const struct request *req, char *const files[], int n)
{
	struct show show = { .req = req, .terminal = isatty(STDOUT_FILENO) };

	if (req->look == LOOK_JSON)
		show.events = json_new_array();
	if (!n)
		rtas_event_show_file(&show, "-");
	for (int i = 0; i < n; i++)
		rtas_event_show_file(&show, files[i]);
	if (req->selected && !show.found && show.code == DR_CODE_NONE)
		rtas_event_fail(&show, DR_CODE_BAD_REQUEST,
				"no event has the selected number");
	if (show.events)
		rtas_event_print_document(show.events, show.error);
	else
		error_print_hint(show.code);
	return show.code != DR_CODE_NONE ? STATUS_FAILED : STATUS_DONE;
}

int main(int argc, char *argv[])
{
	struct request req = { .look = LOOK_TEXT };
	struct option_line line;
	int status = STATUS_USAGE;

	if (process_begin())
		return STATUS_FAILED;
	option_parse(&table, argc, argv, &req, &line);
	if (option_print_self(&line))
		return stdout_end("rtas-event", STATUS_DONE, STATUS_FAILED);
	if (req.follow && line.n_words > 1)
		option_refuse(&line, "--follow '%.256s': only one file is permitted",
			      line.words[1]);
	if (!*line.problem) {
		status = rtas_event_show_all(&req, line.words, line.n_words);
	} else {
		option_print_problem(&line);
		if (option_value(&line, "--json"))
			rtas_event_print_document(
				json_new_array(),
				error_object(DR_CODE_BAD_REQUEST, line.problem));
	}
	return stdout_end("rtas-event", status, STATUS_FAILED);
}
