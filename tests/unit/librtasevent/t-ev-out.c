// SPDX-License-Identifier: GPL-2.0-or-later
/* Line width, titles and dumps, without events. */
#include "librtas/ev_out.h"
#include "tests/unit/fakes/test.h"

struct page {
	struct ev_out out;
	char *text;
	size_t len;
};

static void page_begin(struct page *p, int width)
{
	FILE *file;

	p->text = NULL;
	file = open_memstream(&p->text, &p->len);
	assert_non_null(file);
	assert_int_equal(ev_out_set_width(width), 0);
	ev_out_begin(&p->out, file);
}

/* The output and its count are as expected; the page is freed. */
static void page_is(struct page *p, const char *expected)
{
	int bytes = ev_out_end(&p->out);

	fclose(p->out.file);
	assert_string_equal(p->text, expected);
	assert_int_equal(bytes, (int)strlen(expected));
	free(p->text);
	assert_int_equal(ev_out_set_width(EV_WIDTH_DEFAULT), 0);
}

struct wrapping {
	int width;
	const char *text, *lines;
};

// clang-format off
static const struct wrapping wrappings[] = {
	/* A text that fits is unchanged, with its blanks. */
	{ 80, "Action Flag:        00000000 \n", "Action Flag:        00000000 \n" },
	{ 80, "", "" },
	{ 80, "no newline", "no newline" },
	{ 80, "\n\n", "\n\n" },
	{ 10, "  lead\n", "  lead\n" },
	{ 10, "123456789\n", "123456789\n" },
	/* A line break replaces any number of blanks. */
	{ 10, "12345 7890\n", "12345\n7890\n" },
	{ 10, "12345     67\n", "12345\n67\n" },
	{ 10, "one two three four\n", "one two\nthree\nfour\n" },
	{ 10, "123456789 \n", "123456789\n" },
	{ 10, "1234567     \n", "1234567  \n" },
	{ 5, "          a\n", "a\n" },
	{ 5, "          \n", "    \n" },
	/* A hyphen stays. */
	{ 10, "12345-7890\n", "12345-\n7890\n" },
	{ 10, "12345678-90\n", "12345678-\n90\n" },
	{ 10, "123456789-0\n", "123456789\n-0\n" },
	{ 10, "a - bcdefgh\n", "a -\nbcdefgh\n" },
	/* Words longer than a line. */
	{ 10, "1234567890abcdefghij\n", "123456789\n0abcdefgh\nij\n" },
	{ 10, "ab 1234567890\n", "ab\n123456789\n0\n" },
	{ 2, "abc\n", "a\nb\nc\n" },
	{ 1, "abc\n", "a\nb\nc\n" },
	{ 1, "a b\n", "a\nb\n" },
};
// clang-format on

TEST(wraps)
{
	for (size_t i = 0; i < COUNT(wrappings); i++) {
		struct page p;

		page_begin(&p, wrappings[i].width);
		ev_print(&p.out, "%s", wrappings[i].text);
		page_is(&p, wrappings[i].lines);
	}
}

/* Calls may divide a text at any place. */
TEST(wraps_across_calls)
{
	for (size_t i = 0; i < COUNT(wrappings); i++) {
		struct page p;

		page_begin(&p, wrappings[i].width);
		for (const char *c = wrappings[i].text; *c; c++)
			ev_print(&p.out, "%c", *c);
		page_is(&p, wrappings[i].lines);
	}
}

/* No character but blanks is lost, none is repeated, no line is too long. */
TEST(wraps_at_any_width)
{
	static const char text[] =
		"Location Code:      U9105.22A.1234567-P0-C5 and then, "
		"after some blanks    , more-of-it--\n  Next line \n\n.";

	for (int width = 1; width <= 100; width++) {
		struct page p;
		size_t n = 0, column = 0;

		page_begin(&p, width);
		ev_print(&p.out, "%s", text);
		ev_out_end(&p.out);
		fclose(p.out.file);
		for (const char *c = p.text; *c; c++) {
			column = *c == '\n' ? 0 : column + 1;
			assert_true(column < (size_t)width || width == 1);
			if (*c == ' ' || *c == '\n')
				continue;
			n += strspn(text + n, " \n");
			assert_int_equal(*c, text[n++]);
		}
		assert_int_equal(n, strlen(text));
		free(p.text);
	}
	assert_int_equal(ev_out_set_width(EV_WIDTH_DEFAULT), 0);
}

TEST(hides_what_follows_a_zero_byte)
{
	struct page p;

	page_begin(&p, 80);
	ev_print(&p.out, "ID: %c%c Length\nVersion\n", 0, 0);
	ev_print(&p.out, "Priority: %c - ", 0);
	ev_print(&p.out, "next\n");
	page_is(&p, "ID: \nVersion\nPriority: next\n");
}

TEST(prints_long_texts_whole)
{
	char *text = malloc(5001);
	struct page p;

	memset(text, 'x', 4999);
	text[4999] = '\n';
	text[5000] = 0;
	page_begin(&p, 1023);
	ev_print(&p.out, "%s", text);
	assert_int_equal(ev_out_end(&p.out), 5000 + 4);
	fclose(p.out.file);
	free(p.text);
	free(text);
	assert_int_equal(ev_out_set_width(EV_WIDTH_DEFAULT), 0);
}

TEST(titles_leave_a_margin)
{
	struct page p;

	page_begin(&p, 80);
	ev_title(&p.out, "FRU Section (%d)", 1);
	page_is(&p,
		"==== FRU Section (1) ================================================\n");
	page_begin(&p, 40);
	ev_title(&p.out, "CPU Section");
	page_is(&p, "==== CPU Section ============\n");
	page_begin(&p, 20);
	ev_title(&p.out, "A title that is longer than the width");
	page_is(&p, "==== A title that\nis longer than the\nwidth \n");
	page_begin(&p, 1);
	ev_title(&p.out, "x");
	page_is(&p, "=\n=\n=\n=\nx\n");
}

TEST(dumps_begin_a_line)
{
	static const uint8_t bytes[] = "0123456789abcde\x1f~\x7f\xff\x20";
	struct page p;

	page_begin(&p, 20);
	ev_print(&p.out, "Dump ID:");
	ev_dump(&p.out, bytes, 20);
	ev_dump(&p.out, bytes, 16);
	ev_print(&p.out, "x ");
	ev_dump(&p.out, bytes, 0);
	ev_dump(&p.out, bytes, 0);
	ev_dump(&p.out, NULL, 0);
	page_is(&p,
		"Dump ID:\n"
		"0x0000:  30313233 34353637 38396162 6364651f     [0123456789abcde.]\n"
		"0x0010:  7e7fff20                                [~..             ]\n"
		"0x0000:  30313233 34353637 38396162 6364651f     [0123456789abcde.]\n"
		"x \n");
}

TEST(dumps_have_long_offsets)
{
	uint8_t *bytes = calloc(0x10010, 1);
	struct page p;

	page_begin(&p, 80);
	ev_dump(&p.out, bytes, 0x10010);
	assert_int_equal(ev_out_end(&p.out), 0x1000 * 68 + 69);
	fclose(p.out.file);
	assert_non_null(strstr(p.text, "\n0xfff0:  "));
	assert_non_null(strstr(p.text, "\n0x10000:  "));
	free(p.text);
	free(bytes);
}

TEST(has_a_width)
{
	assert_int_equal(ev_out_set_width(0), -EINVAL);
	assert_int_equal(ev_out_set_width(-1), -EINVAL);
	assert_int_equal(ev_out_set_width(1024), -EINVAL);
	assert_int_equal(ev_out_set_width(1023), 0);
	assert_int_equal(ev_out_set_width(1), 0);
	assert_int_equal(ev_out_set_width(EV_WIDTH_DEFAULT), 0);
}

TEST(resumes_in_the_same_line)
{
	struct ev_out more;
	struct page p;
	int bytes;

	page_begin(&p, 10);
	ev_print(&p.out, "12345");
	bytes = ev_out_end(&p.out);
	ev_out_resume(&more);
	ev_print(&more, "67890\n");
	assert_int_equal(bytes + ev_out_end(&more), 12);
	fclose(p.out.file);
	assert_string_equal(p.text, "12345\n67890\n");
	free(p.text);
	assert_int_equal(ev_out_set_width(EV_WIDTH_DEFAULT), 0);
}

TEST(counts_what_could_be_written)
{
	struct ev_out out;
	FILE *full = fopen("/dev/full", "w");

	if (!full)
		skip();
	setvbuf(full, NULL, _IONBF, 0);
	ev_out_begin(&out, full);
	ev_print(&out, "text\n");
	ev_dump(&out, "text", 4);
	assert_int_equal(ev_out_end(&out), 0);
	fclose(full);
}
