// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole events as text, compared with tests/data/golden/events: NAME.txt is printed at
 * verbosity 2, and without the lines that begin with "+" at a lower one. NAME.wN is
 * printed at that width, NAME.raw its bytes.
 *
 * Texts are those of librtasevent 2.0.4 on ppc64le, byte for byte, except where "differs"
 * has the reason for an intended difference.
 */
#include <pthread.h>

#include "librtas/librtasevent.h"
#include "tests/unit/fakes/event_vectors.h"
#include "tests/unit/fakes/test.h"

struct expected {
	const char *name;
	int bytes;	     /* return value at verbosity 2 */
	const char *differs; /* NULL: not from the peer's */
};

// clang-format off
static const struct expected texts[] = {
	{ "T1", 1722, NULL },
	{ "T2", 1722, "nothing follows the hot-plug section" },
	{ "T3", 1724, NULL },
	{ "T4", 1758, "count and index are shown, nothing follows" },
	{ "T5", 1718, "the name is shown, nothing follows" },
	{ "T6", 1865, "the creator's name is in order, the reason code complete" },
	{ "T7", 4171, "flags of an action by bit; dumps end; fields of ID and PE in place" },
	{ "T8", 1846, NULL },
	{ "T9", 1963, "flags of an action by bit; dumps end" },
	{ "T10", 1799, NULL },
	{ "T11", 2153, "payloads are complete" },
	{ "T12", 2250, "dumps end; the header of MT" },
	{ "T13", 915, "fields of a processor by the log; dumps end" },
	{ "T14", 634, NULL },
	{ "T15", 431, NULL },
};
// clang-format on

static char *golden(const char *name, const char *kind)
{
	const char *dir = getenv("top_srcdir");
	char path[4096], *text = calloc(1, 8192);
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/golden/events/%s.%s", dir ? dir : ".",
		 name, kind);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("%s: %s", path, strerror(errno));
	assert_true(fread(text, 1, 8191, f) > 0);
	fclose(f);
	return text;
}

/* Return the text at this verbosity, for the caller to free. */
static char *golden_at(const char *name, int verbosity)
{
	char *text = golden(name, "txt"), *end = text;

	for (char *line = text, *next; *line; line = next) {
		bool marked = *line == '+';
		size_t len;

		next = strchr(line, '\n') + 1;
		line += marked;
		len = marked && verbosity < 2 ? 0 : (size_t)(next - line);
		memmove(end, line, len);
		end += len;
	}
	*end = 0;
	return text;
}

/* An event and its bytes; event is NULL if they are invalid. */
struct parsed {
	void *bytes;
	size_t len;
	struct rtas_event *event;
};

static struct parsed parsed_bytes(const uint8_t *bytes, size_t len)
{
	struct parsed p = { .bytes = exact_copy(bytes, len), .len = len };

	p.event = parse_rtas_event(p.bytes, (int)len);
	return p;
}

static struct parsed parsed_vector(const char *name)
{
	uint8_t bytes[EVENT_VECTOR_MAX_BYTES];
	const struct event_vector *v = event_vector(name);
	struct parsed p;

	assert_non_null(v);
	p = parsed_bytes(bytes, event_vector_bytes(v, bytes));
	assert_non_null(p.event);
	return p;
}

static void parsed_free(struct parsed *p)
{
	cleanup_rtas_event(p->event);
	free(p->bytes);
}

/* The blank line after the extended part is not counted: that is the ABI. */
static int uncounted(struct rtas_event *event)
{
	struct rtas_event_exthdr *ext = rtas_get_event_exthdr_scn(event);

	return ext && ext->valid && event->version >= 6 ? 1 : 0;
}

enum { RAW = -1 };

/* Return the text, for the caller to free. The return value must be its length. */
static char *printed(struct rtas_event *event, int how, int *bytes)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	*bytes = how == RAW ? rtas_print_raw_event(file, event)
			    : rtas_print_event(file, event, how);
	fclose(file);
	assert_int_equal(*bytes, (int)len - (how == RAW ? 0 : uncounted(event)));
	return text;
}

/* Return the printed bytes. The function frees the expected text. */
static int prints_golden(const char *name, int how, int width, char *expected)
{
	struct parsed p = parsed_vector(name);
	char *text;
	int bytes;

	assert_int_equal(rtas_set_print_width(width), 0);
	text = printed(p.event, how, &bytes);
	assert_int_equal(rtas_set_print_width(80), 0);
	if (strcmp(text, expected))
		fail_msg("%s at %d\n--- expected:\n%s--- printed:\n%s", name, how,
			 expected, text);
	free(text);
	free(expected);
	parsed_free(&p);
	return bytes;
}

/* Print at this verbosity and the default width. Return the printed bytes. */
static int prints_at(const char *name, int verbosity)
{
	return prints_golden(name, verbosity, 80, golden_at(name, verbosity));
}

TEST(prints_as_expected)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		prints_at(texts[i].name, 0);
		prints_at(texts[i].name, 1);
		assert_int_equal(prints_at(texts[i].name, 2), texts[i].bytes);
		prints_at(texts[i].name, 99);
		prints_at(texts[i].name, -5);
	}
}

/* No line is too long, except those of dumps. */
static void fits(const char *name, int width)
{
	struct parsed p = parsed_vector(name);
	char *text, *rest;
	int bytes;

	assert_int_equal(rtas_set_print_width(width), 0);
	text = printed(p.event, 2, &bytes);
	assert_int_equal(rtas_set_print_width(80), 0);
	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		assert_true(strlen(line) < (size_t)width || !strncmp(line, "0x", 2));
	free(text);
	parsed_free(&p);
}

/*
 * The peer loses and repeats characters at widths that are too small for lines.
 * The tests of librtas/ev_out.c show how a text, a title and a dump are wrapped.
 */
TEST(wraps_lines)
{
	prints_golden("T12", 2, 40, golden("T12", "w40"));
	for (size_t i = 0; i < COUNT(texts); i++) {
		fits(texts[i].name, 40);
		fits(texts[i].name, 24);
	}
}

/* In the peer's output, the last short line of a dump has one byte more. */
TEST(prints_bytes)
{
	assert_int_equal(prints_golden("T1", RAW, 80, golden("T1", "raw")), 616);
	assert_int_equal(prints_golden("T13", RAW, 80, golden("T13", "raw")), 412);
	assert_int_equal(prints_golden("T15", RAW, 80, golden("T15", "raw")), 208);
}

TEST(shows_the_number_of_an_event)
{
	struct rtas_event event = { .version = 6, .event_no = 12345 };
	int bytes;
	char *text = printed(&event, 2, &bytes);

	assert_string_equal(
		text,
		"==== RTAS Event Dump (12345) Begin ==================================\n"
		"==== RTAS Event Dump (12345) End ====================================\n");
	free(text);
	event.event_no = 0;
	text = printed(&event, 2, &bytes);
	assert_non_null(strstr(text, "==== RTAS Event Dump (0) Begin ==="));
	free(text);
}

TEST(sections_make_the_event)
{
	struct parsed p = parsed_vector("T7");
	char *expected = golden_at("T7", 2), *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	int sum = 0;

	for (struct scn_header *scn = p.event->event_scns; scn; scn = scn->next)
		sum += rtas_print_scn(file, scn, 2);
	fclose(file);
	assert_int_equal(sum, (int)len - 1);
	assert_int_equal(strncmp(text, expected + 70, len), 0);
	assert_int_equal(strlen(expected), len + 140);
	free(text);
	free(expected);
	parsed_free(&p);
}

static void refuses(int bytes)
{
	assert_int_equal(bytes, 0);
	assert_int_equal(errno, EFAULT);
	errno = 0;
}

TEST(refuses_what_it_cannot_print)
{
	struct rtas_event event = { .version = 6, .event_no = -1 };
	struct scn_header scn = { .re = &event, .scn_id = RTAS_CPU_SCN };
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	static const int ids[] = { -1, 0, RTAS_MAX_SCN_ID, 21, 0x7fffffff };

	errno = 0;
	refuses(rtas_print_event(NULL, &event, 0));
	refuses(rtas_print_event(file, NULL, 0));
	refuses(rtas_print_raw_event(NULL, &event));
	refuses(rtas_print_raw_event(file, NULL));
	refuses(rtas_print_scn(NULL, &scn, 0));
	refuses(rtas_print_scn(file, NULL, 0));
	for (size_t i = 0; i < COUNT(ids); i++) {
		scn.scn_id = ids[i];
		refuses(rtas_print_scn(file, &scn, 0));
	}
	event.event_scns = &scn;
	assert_int_equal(rtas_print_event(file, &event, 0), 140);
	event.event_length = 100;
	assert_int_equal(rtas_print_raw_event(file, &event), 140);
	fclose(file);
	free(text);
}

TEST(takes_a_width)
{
	assert_int_equal(rtas_set_print_width(0), 1);
	assert_int_equal(rtas_set_print_width(-80), 1);
	assert_int_equal(rtas_set_print_width(1024), 1);
	prints_at("T1", 2);
	assert_int_equal(rtas_set_print_width(1), 0);
	assert_int_equal(rtas_set_print_width(1023), 0);
	assert_int_equal(rtas_set_print_width(80), 0);
}

static void print_all(const struct parsed *p)
{
	static const int widths[] = { 1, 2, 13, 80, 1023 };
	int bytes;

	for (size_t i = 0; p->event && i < COUNT(widths); i++) {
		rtas_set_print_width(widths[i]);
		for (int how = RAW; how <= 2; how++)
			free(printed(p->event, how, &bytes));
	}
	rtas_set_print_width(80);
}

/* Nothing outside of the event is read, which a sanitizer checks. */
TEST(prints_whatever_parses)
{
	for (size_t i = 0; i < event_vector_count; i++) {
		uint8_t bytes[EVENT_VECTOR_MAX_BYTES];
		size_t len = event_vector_bytes(&event_vectors[i], bytes);
		struct parsed p = parsed_bytes(bytes, len);

		print_all(&p);
		parsed_free(&p);
	}
}

TEST(prints_events_with_any_byte_changed)
{
	static const uint8_t changes[] = { 0x00, 0x41, 0x7f, 0xff };
	uint8_t bytes[EVENT_VECTOR_MAX_BYTES];
	int reported;

	for (size_t i = 0; i < event_vector_count; i++) {
		size_t len = event_vector_bytes(&event_vectors[i], bytes);

		for (size_t at = 0; at < len * COUNT(changes); at++) {
			uint8_t *byte = &bytes[at / COUNT(changes)], was = *byte;
			struct parsed p;

			*byte = changes[at % COUNT(changes)];
			p = parsed_bytes(bytes, len);
			if (p.event)
				free(printed(p.event, 2, &reported));
			parsed_free(&p);
			*byte = was;
		}
	}
}

/* Each call has its own stream and column. */
static void *print_often(void *text)
{
	struct parsed p = parsed_vector("T7");

	for (int i = 0; i < 100; i++) {
		int bytes;
		char *again = printed(p.event, 2, &bytes);

		if (strcmp(again, text))
			*(char *)text = 0;
		free(again);
	}
	parsed_free(&p);
	return NULL;
}

TEST(prints_from_many_threads)
{
	pthread_t threads[4];
	char *texts_of[4];

	for (size_t i = 0; i < COUNT(threads); i++) {
		texts_of[i] = golden_at("T7", 2);
		assert_int_equal(
			pthread_create(&threads[i], NULL, print_often, texts_of[i]), 0);
	}
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_true(*texts_of[i]);
		free(texts_of[i]);
	}
}
