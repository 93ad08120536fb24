/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * option_table.h - a command line as a table: one row an option, one row a rule
 *
 * Parsing, --help, suggestions and completion come from the rows. "PROGRAM --list-options"
 * prints them, one a line: the letter, the name, the argument, the words that it can be, and
 * the bits of the commands that have it, and "once"; with "|" between them.
 *
 * Memory:  tables are constant. Values point into argv.
 * Errors:  the first problem is in the line, without the program's name; nothing is printed
 *          before option_print_self().
 * Layer:   process; needs libc alone
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { OPTION_ROWS_MAX = 64, OPTION_PROBLEM_MAX = 512, OPTION_NAME_MAX = 32 };

/* The letter of the row that takes words which are no options, one by one. Without such a
 * row they are in the line. */
enum { OPTION_OPERAND = 1 };

enum option_kind {
	OPTION_FLAG,	/* bool: true */
	OPTION_CHOICE,	/* int or enum: n of the row */
	OPTION_BITS,	/* unsigned int: the bits n are added */
	OPTION_TEXT,	/* const char *: the argument, as it is */
	OPTION_WORD,	/* int or enum: the place of the argument in words */
	OPTION_TIME,	/* int64_t: milliseconds; a number, or one with s, m, h */
	OPTION_CALL,	/* parse() */
	OPTION_IGNORED, /* accepted, without a meaning */
	OPTION_HELP,	/* "[TYPE]": the word is the value of the row */
	OPTION_VERSION,
};

/* Parse a value; NULL: none was given. Return 0, or -EINVAL: the problem is "-x VALUE: why", or
 * "-x VALUE: use" and the words. */
typedef int option_fn(void *req, const char *value);

/* An option. A row without letter and name is one more text of --help for the option of the
 * row before it, of other types. */
struct option_row {
	char letter;
	const char *name;
	/* "NAME"; "[=WORD]": optional, attached; "[NAME]": optional, the next word if it does
	 * not begin with a dash; NULL: none. */
	const char *argument;
	const char *help;      /* NULL: --help does not show it */
	enum option_kind kind; /* how the value is kept */
	size_t at;	       /* where, in the program's request */
	int64_t n;   /* the value; OPTION_TIME: the unit of a bare number, in ms */
	int64_t max; /* OPTION_TIME, in ms */
	const char *
		words; /* of OPTION_WORD: what the value can be; of others, for completion */
	option_fn *parse;
	const char *
		older_text; /* what older programs print of a wrong value, before ": VALUE" */
	const char *why;    /* what a value must be: "use a width from 1 to 1023" */
	bool is_once;	    /* it must not be given twice */
	unsigned int where; /* commands or types that have it; 0: all */
};

/* An option with a value that is kept at this member of a request. */
#define OPTION_AT(type, member) .at = offsetof(type, member)

/* What -h and -V are where a program has no older meaning for them. */
#define OPTION_SELF_ROWS                                                          \
	{ 'h', "help", NULL, "print this text", .kind = OPTION_HELP },            \
	{                                                                         \
		'V', "version", NULL, "print the version", .kind = OPTION_VERSION \
	}

/* If one of the options `set` is given: none of `excludes` may be, and one of `needs`
 * must be. An option of both is given twice. Options as they are displayed, with blanks between them: "-s --json". */
struct option_rule {
	const char *set, *excludes, *needs;
	const char *text; /* the problem */
};

struct option_table {
	const char *program, *manual; /* "drmon", "drmon(8)" */
	const char *usage;	      /* what --help prints before the options */
	const char *notes;	      /* and after them, or NULL */
	/* What older programs print of an unknown option and a missing value, before the quoted
	 * letter or word; NULL: our text. */
	const char *older_text;
	const struct option_row *rows; /* OPTION_ROWS() sets both */
	size_t n_rows;
	const struct option_rule *rules; /* up to one without a text; NULL: none */
};

/* The rows of a table, at most OPTION_ROWS_MAX. */
#define OPTION_ROWS(array)                                                              \
	.rows = (array),                                                                \
	.n_rows =                                                                       \
		sizeof(array) / sizeof(*(array)) +                                      \
		0 * sizeof(char[sizeof(array) / sizeof(*(array)) > OPTION_ROWS_MAX ? -1 \
										   : 1])

/* A parsed command line. */
struct option_line {
	const struct option_table *table;
	const char *value[OPTION_ROWS_MAX]; /* of each row: the first one, or "" */
	char **words;			    /* operands, unless a row takes them */
	int n_words;
	uint64_t again; /* the rows that are given more than once, as bits */
	bool help, version, list;
	bool is_incomplete;		  /* the first problem is a missing value */
	char problem[OPTION_PROBLEM_MAX]; /* "": none */
};

/* Parse all of argv into the line, and the values into the request. Parsing goes on after a
 * problem: --json and --help count anywhere. The rules are checked last. Return 0, or -EINVAL
 * if there is a problem. --help and --version override all problems. */
int option_parse(const struct option_table *table, int argc, char *argv[], void *req,
		 struct option_line *line);

/* Note a problem, unless there is one. Return -EINVAL. */
int option_refuse(struct option_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Refuse operands. Return 0, or -EINVAL if there is a problem, this one or an earlier one. */
int option_refuse_operands(struct option_line *line);

/* Print the problem on standard error: "program: problem". Return -EINVAL. */
int option_print_problem(const struct option_line *line);

/* Print --help, --version or --list-options on standard output, if they are given. Return
 * true then: the program ends. A program with its own help prints it first. */
bool option_print_self(const struct option_line *line);

/* Return the first value of an option, "" for one without a value, NULL: not given. */
const char *option_value(const struct option_line *line, const char *option);

/* Return the first of these letters whose option is given, in the order of the rows; '\0': none
 * is. */
char option_letter_in(const struct option_line *line, const char *letters);

/* Return the first option that is given and has other commands or types; NULL: none. It is
 * valid until the next call with the same text. */
const char *option_outside(const struct option_line *line, unsigned int where,
			   char text[OPTION_NAME_MAX]);

/* Return the row with the letter and the name of the option. */
const struct option_row *option_base(const struct option_row *row);

/* Print an option with its text: "  -f, --filter WORDS  only lines with these words". width: of
 * the first column, at most 80 - 4. */
void option_print_row(const struct option_row *row, int width);
