// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: librtasevent.la */
/*
 * event-show - print events with a librtasevent
 *
 *   event-show [-i] EVENTS RAW-EVENTS
 *
 * Both files have bare events, one after the other. Those of the second are printed raw,
 * those of the first at verbosity 0 and 2 and in other widths. Before each text a line:
 * "@@ EVENT LOOK RETURNED BYTES". If the library cannot parse the event, there is only
 * "@@ EVENT invalid". It runs with either library. Zero bytes follow each event, for a
 * library that reads too far. Each event has its own process, for a library that writes
 * too far in the heap.
 *
 * -i sets the kinds of sections that the peer's library confuses.
 * If the library crashes, because it accesses memory past the end of a buffer, or does not
 * return, the event has no text, and the line "@@ EVENT aborted".
 */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "librtas/librtasevent.h"

enum { EVENT_ROOM = 1 << 18, FILE_ROOM = 1 << 24, SECONDS_MAX = 60 };

enum look { LOOK_BRIEF, LOOK_FULL, LOOK_WIDE, LOOK_RAW };

struct events {
	unsigned char *bytes;
	size_t len, pos;
};

static void load(struct events *events, const char *file)
{
	FILE *f = fopen(file, "rb");

	events->bytes = calloc(1, FILE_ROOM);
	if (!f || !events->bytes)
		err(1, "%s", file);
	events->len = fread(events->bytes, 1, FILE_ROOM, f);
	events->pos = 0;
	if (ferror(f) || events->len == FILE_ROOM)
		errx(1, "%s cannot be read", file);
	fclose(f);
}

/* Read the next event, followed by zero bytes. Return 0 at the end. The heap is the same
 * for each event. */
static size_t next_event(struct events *events, char room[EVENT_ROOM])
{
	const unsigned char *p = events->bytes + events->pos;
	size_t len;

	if (events->len - events->pos < 8)
		return 0;
	len = 8 + ((size_t)p[4] << 24 | (size_t)p[5] << 16 | (size_t)p[6] << 8 | p[7]);
	if (len > events->len - events->pos || len > EVENT_ROOM / 2)
		errx(1, "bad event at %zu", events->pos);
	memset(room, 0, EVENT_ROOM);
	memcpy(room, p, len);
	events->pos += len;
	return len;
}

/* A body of self tests, or of the service processor, with the kind of a processor. */
static void set_kinds(struct rtas_event *re)
{
	struct rtas_event_exthdr *ext = rtas_get_event_exthdr_scn(re);
	struct scn_header *shdr;

	if (re->version == 6 || !ext)
		return;
	for (shdr = re->event_scns; shdr; shdr = shdr->next) {
		if (shdr->scn_id != RTAS_CPU_SCN)
			continue;
		if (ext->format_type == RTAS_EXTHDR_FMT_POST)
			shdr->scn_id = RTAS_POST_SCN;
		else if (ext->format_type == RTAS_EXTHDR_FMT_IBM_SP)
			shdr->scn_id = RTAS_IBM_SP_SCN;
	}
}

static void print(FILE *out, struct rtas_event *re, enum look look, int *returned)
{
	rtas_set_print_width(look == LOOK_WIDE ? 160 : 80);
	*returned = look == LOOK_RAW	 ? rtas_print_raw_event(out, re)
		    : look == LOOK_BRIEF ? rtas_print_event(out, re, 0)
					 : rtas_print_event(out, re, 2);
}

static void show(struct rtas_event *re, unsigned int number, enum look look)
{
	static const char *const looks[] = { "v0", "v2", "wide", "raw" };
	char *text = NULL;
	size_t len = 0;
	int returned;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		err(1, "memory");
	print(out, re, look, &returned);
	fclose(out);
	printf("@@ %u %s %d %zu\n", number, looks[look], returned, len);
	fwrite(text, 1, len, stdout);
	putchar('\n');
	free(text);
}

static struct rtas_event *parse(char *bytes, size_t len, unsigned int number)
{
	struct rtas_event *re = parse_rtas_event(bytes, (int)len);

	if (!re)
		printf("@@ %u invalid\n", number);
	return re;
}

static void show_event(char *text, size_t text_len, char *raw, size_t raw_len,
		       unsigned int number, bool fix)
{
	struct rtas_event *re = parse(text, text_len, number);
	/* The fields that matter here. The parser's sections are not used. */
	struct rtas_event raw_event = { .event_no = -1,
					.buffer = raw,
					.event_length = (uint32_t)raw_len };

	if (re && fix)
		set_kinds(re);
	for (enum look look = LOOK_BRIEF; re && look < LOOK_RAW; look++)
		show(re, number, look);
	if (re)
		show(&raw_event, number, LOOK_RAW);
	fflush(stdout);
}

/* Return true if the library crashed, or the child's alarm ended it. */
static bool is_crash(int status)
{
	int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	return by == SIGABRT || by == SIGSEGV || by == SIGBUS || by == SIGALRM;
}

static void wait_for(pid_t child, unsigned int number, bool may_abort)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		err(1, "event %u", number);
	if (may_abort && is_crash(status)) {
		printf("@@ %u aborted\n", number);
		fflush(stdout);
	} else if (status)
		errx(1, "event %u: status %#x", number, status);
}

int main(int argc, char *argv[])
{
	struct events texts, raws;
	bool fix = argc > 1 && !strcmp(argv[1], "-i");
	unsigned int number = 0;
	static char text[EVENT_ROOM], raw[EVENT_ROOM];
	static char output[FILE_ROOM];
	size_t text_len, raw_len;

	/* All texts of an event, or none. */
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	if (argc - fix != 3)
		errx(2, "usage: event-show [-i] EVENTS RAW-EVENTS");
	load(&texts, argv[1 + fix]);
	load(&raws, argv[2 + fix]);
	while ((text_len = next_event(&texts, text)) &&
	       (raw_len = next_event(&raws, raw))) {
		pid_t child = fork();

		if (!child) {
			alarm(SECONDS_MAX);
			show_event(text, text_len, raw, raw_len, number, fix);
			_exit(0);
		}
		wait_for(child, number++, fix);
	}
	free(texts.bytes);
	free(raws.bytes);
	return 0;
}
