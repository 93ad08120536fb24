// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(JSON_LIBS) */
/*
 * event-compare - compare the output of two libraries for the same events
 *
 *   event-compare bytes <HEX >EVENTS                a line of digits for each event
 *   event-compare patch RULES EVENTS >EVENTS        the bytes for the peer's library
 *   event-compare texts RULES EVENTS OURS THEIRS    output of event-show with each
 *
 * EVENTS are bare, one after the other. RULES is the file known-differences. The last
 * form prints TAP: a result for each event, and one for each rule, which fails if it is
 * unused.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/tap.h"
#include "tests/peers/diff/text.h"
#include "tests/peers/events/rules.h"

/* One text of event-show; or its library aborted, or did not parse the event. */
struct print {
	unsigned int number;
	bool is_aborted, is_invalid;
	char look[8];
	int returned;
	struct paper paper;
};

static uint8_t *read_file(const char *file, size_t *len)
{
	FILE *f = fopen(file, "rb");
	uint8_t *bytes = NULL;
	size_t room = 0;

	*len = 0;
	if (!f)
		err(1, "%s", file);
	do {
		room = 2 * room + 65536;
		bytes = realloc(bytes, room);
		if (!bytes)
			err(1, "%s", file);
		*len += fread(bytes + *len, 1, room - *len, f);
	} while (*len == room);
	if (ferror(f))
		err(1, "%s", file);
	fclose(f);
	return bytes;
}

static bool next_sample(struct sample *sample, uint8_t *bytes, size_t len, size_t *pos)
{
	if (len - *pos < 8)
		return false;
	sample->bytes = bytes + *pos;
	sample->len = 8 + sample_be32(sample->bytes + 4);
	if (sample->len > len - *pos)
		errx(1, "event %u is cut off", sample->number);
	*pos += sample->len;
	return true;
}

static int patch(struct known *known, uint8_t *bytes, size_t len)
{
	struct sample sample = { .number = 0 };

	for (size_t pos = 0; next_sample(&sample, bytes, len, &pos); sample.number++)
		rules_patch(known, &sample);
	if (fwrite(bytes, 1, len, stdout) != len || fflush(stdout))
		err(1, "standard output");
	return 0;
}

/* Read the next one from the file. */
static bool next_print(FILE *f, struct print *print)
{
	size_t len;
	char tail;
	int fields;

	free(print->paper.text);
	print->paper.text = NULL;
	fields = fscanf(f, "@@ %u %7s %d %zu", &print->number, print->look,
			&print->returned, &len);
	print->is_aborted = fields == 2 && strcmp(print->look, "aborted") == 0;
	print->is_invalid = fields == 2 && strcmp(print->look, "invalid") == 0;
	if (fields != 4)
		return print->is_aborted || print->is_invalid;
	print->paper.text = calloc(1, len + 1);
	if (!print->paper.text || fgetc(f) != '\n' ||
	    fread(print->paper.text, 1, len, f) != len || fread(&tail, 1, 1, f) != 1)
		errx(1, "a text of event %u is cut off", print->number);
	if (strlen(print->paper.text) != len)
		errx(1, "a text of event %u has a NUL in it", print->number);
	return true;
}

/* Print the first lines that differ. */
static void note_difference(const char *look, const char *ours, const char *theirs)
{
	size_t same = 0, line = 0;
	char *text;

	for (; ours[same] && ours[same] == theirs[same]; same++)
		if (ours[same] == '\n')
			line = same + 1;
	if (asprintf(&text, "%s:\n ours:   %.*s\n theirs: %.*s", look,
		     (int)strcspn(ours + line, "\n"), ours + line,
		     (int)strcspn(theirs + line, "\n"), theirs + line) < 0)
		err(1, "memory");
	tap_note(text);
	free(text);
}

static bool compare(struct known *known, const struct sample *sample, struct print *ours,
		    struct print *theirs)
{
	int more;

	if (ours->number != theirs->number || strcmp(ours->look, theirs->look) != 0) {
		tap_note("one of them was not printed");
		return false;
	}
	/* Its return value must match its output. */
	more = theirs->returned - (int)strlen(theirs->paper.text);
	rules_correct(known, sample, &theirs->paper, &ours->paper);
	more += (int)strlen(theirs->paper.text);
	if (strcmp(ours->paper.text, theirs->paper.text) != 0) {
		note_difference(ours->look, ours->paper.text, theirs->paper.text);
		return false;
	}
	if (ours->returned != more) {
		printf("# %s: returns %d, theirs %d\n", ours->look, ours->returned, more);
		return false;
	}
	return true;
}

/* Compare all looks of one event. *aborted: the peer's library has none. */
static bool compare_event(struct known *known, const struct sample *sample,
			  FILE *files[2], bool *aborted)
{
	struct print ours = { .number = 0 }, theirs = { .number = 0 };
	bool same = true;

	for (int look = 0; look < 4; look++) {
		if ((!ours.is_invalid && !next_print(files[0], &ours)) ||
		    ours.number != sample->number ||
		    (!theirs.is_aborted && !theirs.is_invalid &&
		     !next_print(files[1], &theirs)))
			errx(1, "event %u was not printed", sample->number);
		if (ours.is_invalid || theirs.is_invalid)
			same &= ours.is_invalid == theirs.is_invalid || theirs.is_aborted;
		else if (!theirs.is_aborted)
			same &= compare(known, sample, &ours, &theirs);
	}
	*aborted = theirs.is_aborted;
	free(ours.paper.text);
	free(theirs.paper.text);
	return same;
}

/* Like tap_known(), if the peer has no text of some events: a difference can be in these
 * alone. */
static void check_known(struct tap *tap, const struct known *known)
{
	for (size_t i = 0; i < known->n; i++)
		tap_result(tap, true, "known difference: %s%s", known->entries[i].what,
			   known->entries[i].used
				   ? ""
				   : " # SKIP the peer's library aborts at its events");
}

static int compare_all(struct known *known, uint8_t *bytes, size_t len, char *names[2])
{
	FILE *files[2] = { fopen(names[0], "rb"), fopen(names[1], "rb") };
	struct sample sample = { .number = 0 };
	struct tap tap = { .number = 0 };
	bool has_aborted = false;

	if (!files[0] || !files[1])
		err(1, "%s, %s", names[0], names[1]);
	for (size_t pos = 0; next_sample(&sample, bytes, len, &pos); sample.number++) {
		bool aborted, same = compare_event(known, &sample, files, &aborted);

		has_aborted |= aborted;
		/* Count the uses, after the comparison. */
		rules_patch(known, &sample);
		tap_result(&tap, same, "event %u: version %u, type %02x, %zu bytes%s",
			   sample.number, sample.bytes[0], sample.bytes[3], sample.len,
			   aborted ? " # SKIP the peer's library aborts" : "");
	}
	if (has_aborted)
		check_known(&tap, known);
	else
		tap_known(&tap, known);
	fclose(files[0]);
	fclose(files[1]);
	return tap_end(&tap);
}

/* Convert digits to bytes. */
static int write_bytes(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		size_t len = hex_bytes(line, line, room);

		if (fwrite(line, 1, len, stdout) != len)
			err(1, "standard output");
	}
	free(line);
	return fflush(stdout) ? 1 : 0;
}

int main(int argc, char *argv[])
{
	struct known known;
	uint8_t *bytes;
	size_t len;
	int status;

	if (argc == 2 && !strcmp(argv[1], "bytes"))
		return write_bytes();
	if (argc != (argc > 1 && !strcmp(argv[1], "patch") ? 4 : 6))
		errx(2, "usage: event-compare bytes | patch RULES EVENTS | "
			"texts RULES EVENTS OURS THEIRS");
	known_load(&known, argv[2], "texts", rules_exist);
	bytes = read_file(argv[3], &len);
	status = argc == 6 ? compare_all(&known, bytes, len, argv + 4)
			   : patch(&known, bytes, len);
	free(bytes);
	known_free(&known);
	return status;
}
