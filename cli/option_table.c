// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"

enum { LINE_WIDTH = 80, LONG_OPTION = 256 };

/* ---- Problems ---- */

int option_refuse(struct option_line *line, const char *fmt, ...)
{
	va_list ap;

	if (*line->problem)
		return -EINVAL;
	va_start(ap, fmt);
	vsnprintf(line->problem, sizeof(line->problem), fmt, ap);
	va_end(ap);
	for (char *c = line->problem; *c; c++)
		if ((*c > 0 && *c < ' ' && *c != '\n') || *c == 0x7f)
			*c = '?'; /* of a word: no control byte reaches a terminal */
	return -EINVAL;
}

int option_refuse_operands(struct option_line *line)
{
	if (line->n_words)
		option_refuse(line, "%.*s: unexpected argument; see %s --help",
			      OPTION_PROBLEM_MAX / 2, line->words[0],
			      line->table->program);
	return *line->problem ? -EINVAL : 0;
}

int option_print_problem(const struct option_line *line)
{
	fprintf(stderr, "%s: %s\n", line->table->program, line->problem);
	return -EINVAL;
}

/* Put the option as messages name it: "-s" or "--json". */
static const char *option_name(const struct option_row *row, char text[OPTION_NAME_MAX])
{
	if (row->letter)
		snprintf(text, OPTION_NAME_MAX, "-%c", row->letter);
	else
		snprintf(text, OPTION_NAME_MAX, "--%s", row->name);
	return text;
}

/* Return how many characters must be inserted, deleted or replaced to make b of a. */
static size_t option_distance(const char *a, const char *b)
{
	size_t last[OPTION_NAME_MAX], n = strlen(b);

	if (n >= OPTION_NAME_MAX)
		return OPTION_NAME_MAX;
	for (size_t j = 0; j <= n; j++)
		last[j] = j;
	for (size_t i = 1; *a; a++, i++) {
		size_t corner = last[0];

		last[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = corner + (*a != b[j - 1]);

			corner = last[j];
			best = best < corner + 1 ? best : corner + 1;
			last[j] = best < last[j - 1] + 1 ? best : last[j - 1] + 1;
		}
	}
	return last[n];
}

/* Put what the user may have meant with an unknown name, which can be the beginning of several:
 * ", did you mean --json". */
static const char *option_suggest(const struct option_table *table, const char *word,
				  char text[2 * OPTION_NAME_MAX])
{
	const struct option_row *best = NULL;
	size_t near = 3; /* more differences are another word */
	char name[OPTION_NAME_MAX];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct option_row *row = &table->rows[i];
		size_t far = !row->name ? OPTION_NAME_MAX
			     : !strncmp(row->name, name, strlen(name))
				     ? 0
				     : option_distance(name, row->name);

		if (far < near && far < strlen(name)) {
			near = far;
			best = row;
		}
	}
	*text = '\0';
	if (best)
		snprintf(text, 2 * OPTION_NAME_MAX, ", did you mean --%s", best->name);
	return text;
}

/* Note what getopt_long() does not accept. c: '?' or ':', as it returned. */
static void option_refuse_word(struct option_line *line, int c, const char *word)
{
	const struct option_table *table = line->table;
	const char letter[] = { '-', (char)optopt, '\0' };
	bool is_long = optopt < ' ' || optopt >= 0x7f;
	bool is_unknown = c == '?' && !(is_long && optopt);
	const char *option = is_long ? word : letter;
	char hint[2 * OPTION_NAME_MAX] = "";

	line->is_incomplete |= c == ':' && !*line->problem;
	if (is_unknown && is_long)
		option_suggest(table, word + 2, hint);
	if (table->older_text) {
		option_refuse(line, "%s '%s'%s", table->older_text,
			      option + (is_long ? 0 : 1), hint);
		return;
	}
	option_refuse(line, "%s: %s%s; see %s --help", option,
		      c == ':'	   ? "a value is missing"
		      : is_unknown ? "unknown option"
				   : "it takes no value",
		      hint, table->program);
}

/* ---- Values ---- */

/* Return the next word of a list with a blank between words, and advance *at; NULL: the end. */
static const char *option_next_word(const char **at, size_t *len)
{
	const char *word = *at;

	for (*len = 0; word[*len] && word[*len] != ' ';)
		++*len;
	*at += *len + (word[*len] == ' ');
	return *len ? word : NULL;
}

/* Put the place of a value among the words. Return 0 or -EINVAL. */
static int option_parse_word(const char *words, const char *value, int *place)
{
	size_t len;

	*place = 0;
	for (const char *word; (word = option_next_word(&words, &len)); ++*place)
		if (!strncmp(word, value, len) && !value[len])
			return 0;
	return -EINVAL;
}

/* Note that a value is wrong: "-w 0: use a width from 1 to 1023", "--backend x: use auto or ofdt". */
static int option_refuse_value(struct option_line *line, const struct option_row *row,
			       const char *value)
{
	const int max = OPTION_PROBLEM_MAX / 4; /* of the value */
	const char *words = row->words, *word;
	char name[OPTION_NAME_MAX], text[OPTION_PROBLEM_MAX / 2] = "use ";
	size_t n = strlen(text), len;

	if (row->older_text)
		return option_refuse(line, "%s: %.*s", row->older_text, max, value);
	while (words && !row->why && n < sizeof(text) &&
	       (word = option_next_word(&words, &len)))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s%s", (int)len,
				      word,
				      !*words		   ? ""
				      : strchr(words, ' ') ? ", "
							   : " or ");
	return option_refuse(line, "%s%s%.*s: %s", option_name(row, name),
			     row->argument && *row->argument == '[' && !row->letter ? "="
										    : " ",
			     max, value, row->why ? row->why : text);
}

/* Parse "90", "90s", "5m" or "1h". Return 0 or -EINVAL. */
static int option_parse_time(const struct option_row *row, const char *text, int64_t *ms)
{
	static const int64_t units[] = { 1000, 60 * 1000, 60 * 60 * 1000 };
	static const char letters[] = "smh";
	const char *letter;
	int64_t unit = row->n;
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	letter = *end ? strchr(letters, *end) : NULL;
	if (letter) {
		unit = units[letter - letters];
		end++;
	}
	if (*text < '0' || *text > '9' || *end || errno || n > row->max / unit)
		return -EINVAL;
	*ms = n * unit;
	return 0;
}

static int option_set(const struct option_row *row, const char *value, void *req,
		      struct option_line *line)
{
	void *at = (char *)req + row->at;
	int err = 0;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		break;
	case OPTION_CHOICE:
		*(int *)at = (int)row->n;
		break;
	case OPTION_BITS:
		*(unsigned int *)at |= (unsigned int)row->n;
		break;
	case OPTION_TEXT:
		*(const char **)at = value;
		break;
	case OPTION_WORD:
		err = option_parse_word(row->words, value, at);
		break;
	case OPTION_TIME:
		err = option_parse_time(row, value, at);
		break;
	case OPTION_CALL:
		err = row->parse(req, value);
		break;
	case OPTION_HELP:
		line->help = true;
		break;
	case OPTION_VERSION:
		line->version = true;
		break;
	case OPTION_IGNORED:
		break;
	}
	return err ? option_refuse_value(line, row, value ? value : "") : 0;
}

/* Note the value of a row, and keep it. The older programs take the last of several values,
 * which may not be the one that the user means. */
static void option_take(struct option_line *line, size_t i, const char *value, void *req)
{
	const struct option_row *row = &line->table->rows[i];
	char name[OPTION_NAME_MAX];

	if (line->value[i])
		line->again |= UINT64_C(1) << i;
	if (row->is_once && line->value[i])
		option_refuse(line, "%s is given twice: %s and %s",
			      option_name(row, name), line->value[i], value);
	else if (!line->value[i])
		line->value[i] = value ? value : "";
	option_set(row, value, req, line);
}

/* ---- Rules ---- */

/* Return true if this is the option of the row, as messages name it. */
static bool option_is(const struct option_row *row, const char *option, size_t len)
{
	if (row->letter)
		return len == 2 && option[1] == row->letter;
	return row->name && len > 2 && strlen(row->name) == len - 2 &&
	       !memcmp(option + 2, row->name, len - 2);
}

/* Return true if the option of a row is one of these: "-s --json". */
static bool option_is_in(const struct option_row *row, const char *options)
{
	size_t len;

	for (const char *word; (word = option_next_word(&options, &len));)
		if (option_is(row, word, len))
			return true;
	return false;
}

/* Return true if one of these options is given; the row `but` only if it is given twice. */
static bool option_any(const struct option_line *line, const char *options, size_t but)
{
	for (size_t i = 0; i < line->table->n_rows; i++)
		if (line->value[i] && (i != but || line->again >> i & 1) &&
		    option_is_in(&line->table->rows[i], options))
			return true;
	return false;
}

static void option_check_rules(struct option_line *line)
{
	const struct option_table *table = line->table;

	for (size_t i = 0; i < table->n_rows && table->rules; i++)
		for (const struct option_rule *rule = table->rules;
		     line->value[i] && rule->text; rule++)
			if (option_is_in(&table->rows[i], rule->set) &&
			    ((rule->excludes && option_any(line, rule->excludes, i)) ||
			     (rule->needs &&
			      !option_any(line, rule->needs, OPTION_ROWS_MAX))))
				option_refuse(line, "%s", rule->text);
}

const char *option_value(const struct option_line *line, const char *option)
{
	for (size_t i = 0; i < line->table->n_rows; i++)
		if (line->value[i] &&
		    option_is(&line->table->rows[i], option, strlen(option)))
			return line->value[i];
	return NULL;
}

char option_letter_in(const struct option_line *line, const char *letters)
{
	for (size_t i = 0; i < line->table->n_rows; i++) {
		char letter = line->table->rows[i].letter;

		if (line->value[i] && letter && strchr(letters, letter))
			return letter;
	}
	return '\0';
}

const char *option_outside(const struct option_line *line, unsigned int where,
			   char text[OPTION_NAME_MAX])
{
	const struct option_row *rows = line->table->rows;

	for (size_t i = 0; i < line->table->n_rows; i++)
		if (line->value[i] && rows[i].where && !(rows[i].where & where))
			return option_name(&rows[i], text);
	return NULL;
}

/* ---- Parsing ---- */

/* What getopt_long() must know. */
struct option_forms {
	char letters[2 + 3 * OPTION_ROWS_MAX + 1];
	struct option names[OPTION_ROWS_MAX + 1];
};

static void option_make_forms(const struct option_table *table,
			      struct option_forms *forms)
{
	char *to = forms->letters;
	size_t n = 0;

	if (table->rows[table->n_rows - 1].letter == OPTION_OPERAND)
		*to++ = '-'; /* return operands in their place */
	*to++ = ':';
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct option_row *row = &table->rows[i];
		const char *argument = row->argument;
		int has = !argument	       ? no_argument
			  : *argument != '['   ? required_argument
			  : argument[1] == '=' ? optional_argument
					       : no_argument;

		if (row->letter > OPTION_OPERAND) {
			*to++ = row->letter;
			for (int colon = 0; colon < has; colon++)
				*to++ = ':';
		}
		if (row->name)
			forms->names[n++] = (struct option){ row->name, has, NULL,
							     LONG_OPTION + (int)i };
	}
	*to = '\0';
	forms->names[n] = (struct option){ 0 };
}

/* Return the row of what getopt_long() returned. */
static size_t option_row_of(const struct option_table *table, int c)
{
	size_t i = 0;

	if (c >= LONG_OPTION)
		return (size_t)(c - LONG_OPTION);
	while (table->rows[i].letter != c)
		i++;
	return i;
}

/* Return the value of an option: with "[NAME]", the next word. */
static const char *option_argument(const struct option_row *row, int argc, char *argv[])
{
	bool may_follow =
		row->argument && *row->argument == '[' && row->argument[1] != '=';

	if (may_follow && optind < argc && *argv[optind] != '-')
		return argv[optind++];
	return row->argument || row->letter == OPTION_OPERAND ? optarg : NULL;
}

int option_parse(const struct option_table *table, int argc, char *argv[], void *req,
		 struct option_line *line)
{
	struct option_forms forms;
	int c;

	*line = (struct option_line){ .table = table };
	if (argc == 2 && !strcmp(argv[1], "--list-options")) {
		line->help = line->list = true;
		return 0;
	}
	option_make_forms(table, &forms);
	optind = 0;
	while ((c = getopt_long(argc, argv, forms.letters, forms.names, NULL)) != -1) {
		size_t i;

		if (c == '?' || c == ':') {
			option_refuse_word(line, c, argv[optind - 1]);
			continue;
		}
		i = option_row_of(table, c);
		option_take(line, i, option_argument(&table->rows[i], argc, argv), req);
	}
	line->words = argv + optind;
	line->n_words = argc - optind;
	for (int i = 0; i < line->n_words && *forms.letters == '-'; i++)
		option_take(line, table->n_rows - 1, line->words[i], req);
	option_check_rules(line);
	return *line->problem ? -EINVAL : 0;
}

/* ---- Help ---- */

const struct option_row *option_base(const struct option_row *row)
{
	while (!row->letter && !row->name)
		row--;
	return row;
}

void option_print_row(const struct option_row *row, int width)
{
	const struct option_row *base = option_base(row);
	char label[LINE_WIDTH];
	const char *text = row->help, *argument = row->argument ? row->argument : "";
	const char *blank = *argument && strncmp(argument, "[=", 2) ? " " : "";
	int n;

	if (row != base && base->letter)
		snprintf(label, sizeof(label), "-%c %s", base->letter, argument);
	else if (base->letter)
		snprintf(label, sizeof(label), "-%c%s%s%s%s", base->letter,
			 base->name ? ", --" : "", base->name ? base->name : "", blank,
			 argument);
	else
		snprintf(label, sizeof(label), "    --%s%s%s", base->name, blank,
			 argument);
	printf("  %-*s", width, label);
	if ((int)strlen(label) > width)
		printf("\n  %*s", width, "");
	for (; *text; text += n + (text[n] == ' ')) {
		const char *end = text + strnlen(text, (size_t)(LINE_WIDTH - width - 4));

		while (*end && *end != ' ' && end > text + 1)
			end--;
		n = (int)(end - text);
		printf("%*s%.*s\n", text == row->help ? 2 : width + 4, "", n, text);
	}
}

static int option_width(const struct option_table *table)
{
	size_t width = 0;

	for (const struct option_row *row = table->rows;
	     row < table->rows + table->n_rows; row++) {
		size_t n = row->help && row->name ? 6 + strlen(row->name) : 2;

		if (row->argument)
			n += 1 + strlen(row->argument);
		if (n > width)
			width = n;
	}
	return (int)width;
}

static void option_print_help(const struct option_table *table)
{
	int width = option_width(table);

	fputs(table->usage, stdout);
	for (size_t i = 0; i < table->n_rows; i++)
		if (table->rows[i].help)
			option_print_row(&table->rows[i], width);
	printf("\n%s", table->notes ? table->notes : "");
	printf("See %s.\n", table->manual);
}

static void option_print_list(const struct option_table *table)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct option_row *row = &table->rows[i];

		if (row->kind != OPTION_IGNORED &&
		    (row->letter > OPTION_OPERAND || row->name))
			printf("%s%.1s|%s%s|%s|%s|%u|%s\n", row->letter ? "-" : "",
			       &row->letter, row->name ? "--" : "",
			       row->name ? row->name : "",
			       row->argument ? row->argument : "",
			       row->words ? row->words : "", row->where,
			       row->is_once ? "once" : "");
	}
}

bool option_print_self(const struct option_line *line)
{
	if (line->list)
		option_print_list(line->table);
	else if (line->help)
		option_print_help(line->table);
	else if (line->version)
		printf("%s (" PACKAGE_NAME ") " PACKAGE_VERSION "\n",
		       line->table->program);
	return line->help || line->version;
}
