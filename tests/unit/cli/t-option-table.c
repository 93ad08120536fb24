// SPDX-License-Identifier: GPL-2.0-or-later
/* A table of options: values, problems, rules, suggestions, operands. */
#include "cli/option_table.h"
#include "tests/unit/fakes/test.h"

struct request {
	bool flag;
	int choice, word;
	unsigned int bits;
	const char *text, *operands[4];
	int64_t ms;
	size_t n;
};

static int call_operand(void *priv, const char *word)
{
	struct request *req = priv;

	if (req->n == COUNT(req->operands))
		return -EINVAL;
	req->operands[req->n++] = word;
	return 0;
}

static int call_even(void *req, const char *value)
{
	(void)req;
	return !value || atoi(value) % 2 == 0 ? 0 : -EINVAL;
}

#define AT(member) OPTION_AT(struct request, member)
#define ROWS                                                                           \
	{ 'f', "flag", NULL, "a flag", .kind = OPTION_FLAG, AT(flag) },                \
		{ 'c', NULL, NULL, "two", .kind = OPTION_CHOICE, AT(choice), .n = 2 }, \
		{ 'b', NULL, NULL, "a bit", .kind = OPTION_BITS, AT(bits), .n = 1 },   \
		{ 'B', NULL, NULL, "a bit", .kind = OPTION_BITS, AT(bits), .n = 4 },   \
		{ 't',                                                                 \
		  "text",                                                              \
		  "TEXT",                                                              \
		  "a text that is so long that it is on two lines of "                 \
		  "a screen with eighty columns",                                      \
		  .kind = OPTION_TEXT,                                                 \
		  AT(text),                                                            \
		  .is_once = true },                                                   \
		{ 0,                                                                   \
		  "word",                                                              \
		  "WORD",                                                              \
		  "a word",                                                            \
		  .kind = OPTION_WORD,                                                 \
		  AT(word),                                                            \
		  .words = "one two three",                                            \
		  .where = 2 },                                                        \
		{ 'w',                                                                 \
		  "wait",                                                              \
		  "TIME",                                                              \
		  "a time",                                                            \
		  .kind = OPTION_TIME,                                                 \
		  AT(ms),                                                              \
		  .n = 60000,                                                          \
		  .max = INT32_MAX,                                                    \
		  .why = "wrong time" },                                               \
		{ 'e',                                                                 \
		  "even",                                                              \
		  "[=N]",                                                              \
		  "a number",                                                          \
		  .kind = OPTION_CALL,                                                 \
		  .parse = call_even,                                                  \
		  .older_text = "Odd" },                                               \
		{ 0,                                                                   \
		  "next",                                                              \
		  "[WORD]",                                                            \
		  "a word or none",                                                    \
		  .kind = OPTION_CALL,                                                 \
		  .parse = call_even },                                                \
		{ 'V', .kind = OPTION_IGNORED },                                       \
		{ 'h', "help", NULL, "help", .kind = OPTION_HELP },                    \
	{                                                                              \
		0, "version", NULL, "version", .kind = OPTION_VERSION                  \
	}

static const struct option_row rows[] = { ROWS }, operand_rows[] = {
	ROWS,
	{ OPTION_OPERAND, .kind = OPTION_CALL, .parse = call_operand,
	  .older_text = "Too many" },
};

static const struct option_rule rules[] = {
	{ "-f -c", .excludes = "-f -c", .text = "only one" },
	{ "--word", .needs = "-t -w", .text = "--word needs -t or -w" },
	{ 0 },
};

static const struct option_table table = { .program = "toy",
					   .manual = "toy(8)",
					   .usage = "Usage: toy\n",
					   OPTION_ROWS(rows),
					   .rules = rules },
				 in_place = { .program = "toy",
					      .older_text = "Invalid",
					      OPTION_ROWS(operand_rows) };

/* Parse words with a blank between them; each has exactly its bytes. */
static int parse(const struct option_table *of, const char *words, struct request *req,
		 struct option_line *line)
{
	static char *argv[32]; /* values point into it */
	char *copy = strdup(words), *save = NULL;
	int argc = 0, err;

	for (size_t i = 0; i < COUNT(argv); i++) {
		free(argv[i]);
		argv[i] = NULL;
	}
	argv[argc++] = strdup("toy");
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = strdup(w);
	free(copy);
	*req = (struct request){ .ms = -1 };
	err = option_parse(of, argc, argv, req, line);
	assert_int_equal(err, *line->problem ? -EINVAL : 0);
	return err;
}

static void refuse(const struct option_table *of, const char *words, const char *problem)
{
	struct option_line line;
	struct request req;

	assert_int_equal(parse(of, words, &req, &line), -EINVAL);
	assert_string_equal(line.problem, problem);
}

TEST(values_are_kept)
{
	char name[OPTION_NAME_MAX];
	struct option_line line;
	struct request req;

	assert_int_equal(parse(&table, "-fbB x --text=a --word three -w5 -e -V -- -f",
			       &req, &line),
			 0);
	assert_true(req.flag);
	assert_int_equal(req.bits, 5);
	assert_string_equal(req.text, "a");
	assert_int_equal(req.word, 2);
	assert_int_equal(req.ms, 300000);
	assert_int_equal(line.n_words, 2);
	assert_string_equal(line.words[0], "x");
	assert_string_equal(line.words[1], "-f");
	assert_string_equal(option_value(&line, "-t"), "a");
	assert_string_equal(option_value(&line, "-f"), "");
	assert_string_equal(option_value(&line, "--word"), "three");
	assert_null(option_value(&line, "-c"));
	assert_int_equal(option_letter_in(&line, "cBb"), 'b');
	assert_int_equal(option_letter_in(&line, "c"), 0);
	assert_null(option_outside(&line, 2, name));
	assert_string_equal(option_outside(&line, 1, name), "--word");
	assert_int_equal(option_refuse_operands(&line), -EINVAL);
	assert_string_equal(line.problem, "x: unexpected argument; see toy --help");
	assert_int_equal(parse(&table, "--nex 4 x", &req, &line), 0);
	assert_string_equal(option_value(&line, "--next"), "4");
	assert_int_equal(line.n_words, 1);
	assert_int_equal(parse(&table, "--next -f", &req, &line), 0);
	assert_string_equal(option_value(&line, "--next"), "");
}

TEST(times_have_units_and_a_limit)
{
	static const struct {
		const char *words;
		int64_t ms;
	} good[] = { { "-w 0", 0 },	  { "-w 0s", 0 },
		     { "-w 30s", 30000 }, { "-w 1h", 3600000 },
		     { "-w 2m", 120000 }, { "-w 2147483s", 2147483000 } };
	static const char *const bad[] = {
		"2147484s", "35792", "-1",   "5d",  "5ss",
		"s",	    "+5",    "0x10", "1e3", "99999999999999999999h"
	};
	struct option_line line;
	struct request req;
	char words[48], text[64];

	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(parse(&table, good[i].words, &req, &line), 0);
		assert_int_equal(req.ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		snprintf(words, sizeof(words), "-w %s", bad[i]);
		snprintf(text, sizeof(text), "%s: wrong time", words);
		refuse(&table, words, text);
	}
}

TEST(the_first_problem_is_named)
{
	static const struct {
		const char *words, *problem;
	} bad[] = {
		{ "-Z", "-Z: unknown option; see toy --help" },
		{ "-fZb", "-Z: unknown option; see toy --help" },
		{ "--wiat 5",
		  "--wiat: unknown option, did you mean --wait; see toy --help" },
		{ "--w", "--w: unknown option, did you mean --word; see toy --help" },
		{ "--xyzzy", "--xyzzy: unknown option; see toy --help" },
		{ "--", "" },
		{ "--=", "--=: unknown option; see toy --help" },
		{ "-t", "-t: a value is missing; see toy --help" },
		{ "--text", "--text: a value is missing; see toy --help" },
		{ "--flag=1", "--flag=1: it takes no value; see toy --help" },
		{ "-t a -t b -Z", "-t is given twice: a and b" },
		{ "--word four -t x", "--word four: use one, two or three" },
		{ "--word tw -t x", "--word tw: use one, two or three" },
		{ "--word two", "--word needs -t or -w" },
		{ "-f -c", "only one" },
		{ "-f -f", "only one" },
		{ "-e3", "Odd: 3" },
		{ "-t x --word \033[2J\177", "--word ?[2J?: use one, two or three" },
		{ "-f -c -Z", "-Z: unknown option; see toy --help" },
	};
	struct option_line line;
	struct request req;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (*bad[i].problem)
			refuse(&table, bad[i].words, bad[i].problem);
		else
			assert_int_equal(parse(&table, bad[i].words, &req, &line), 0);
	refuse(&in_place, "-Z", "Invalid 'Z'");
	refuse(&in_place, "-t", "Invalid 't'");
	refuse(&in_place, "--flg", "Invalid '--flg', did you mean --flag");
}

/* Other options are parsed after a problem: --json counts for the answer to it. */
TEST(parsing_goes_on_after_a_problem)
{
	struct option_line line;
	struct request req;

	assert_int_equal(parse(&table, "-Z --word x -b --help --version", &req, &line),
			 -EINVAL);
	assert_int_equal(req.bits, 1);
	assert_true(line.help);
	assert_true(line.version);
	assert_int_equal(parse(&in_place, "x -f y -- -b z", &req, &line), 0);
	assert_true(req.flag);
	assert_int_equal(req.bits, 0);
	assert_int_equal(req.n, 4);
	assert_string_equal(req.operands[0], "x");
	assert_string_equal(req.operands[2], "-b");
	refuse(&in_place, "a b c d e", "Too many: e");
}

/* A word of any length and any bytes fits into the problem. */
TEST(long_words_are_cut)
{
	static const char *const before[] = { "--",   "-t x --word ", "--text=x -t ",
					      "-w x", "-Z",	      "-e1" };
	struct option_line line;
	struct request req;
	char *words = malloc(70000);

	for (size_t i = 0; i < COUNT(before); i++)
		for (size_t n = 1; n < 66000; n = n * 2 + 1) {
			size_t at = strlen(before[i]);

			memcpy(words, before[i], at);
			memset(words + at, n & 4 ? 0xff : '3', n);
			words[at + n] = '\0';
			assert_int_equal(parse(&table, words, &req, &line), -EINVAL);
			assert_uint_in_range(strlen(line.problem), 1,
					     OPTION_PROBLEM_MAX - 1);
		}
	free(words);
}
