// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/diff/known.h"
#include "tests/diff/text.h"

/* Read "10.0" as a number that can be compared. Return 0 for anything else. */
static unsigned int known_version(const char *text)
{
	unsigned int major, minor;
	int end = 0;

	if (sscanf(text, "%u.%u%n", &major, &minor, &end) != 2 || text[end] || minor > 99)
		return 0;
	return major * 100 + minor;
}

/* Return true if the version is one of those in the text. */
static bool known_covers(const char *file, const char *text, const char *version)
{
	unsigned int at = known_version(version), first = 0, last = UINT_MAX;
	char from[16] = "", to[16] = "";

	if (sscanf(text, "since %15[0-9.]", from) == 1)
		first = known_version(from);
	else if (sscanf(text, "to %15[0-9.]", to) == 1)
		last = known_version(to);
	else if (sscanf(text, "%15[0-9.] to %15[0-9.]", from, to) >= 1) {
		first = known_version(from);
		last = *to ? known_version(to) : first;
	}
	if ((!*from && !*to) || (*from && !first) || !last)
		errx(1, "%s: no versions: (%s)", file, text);
	return at >= first && at <= last;
}

/* Cut " (VERSIONS)" off the end of a line. Return true if the line holds. */
static bool known_holds(const char *file, char *line, const char *version)
{
	size_t len = strlen(line);
	char *open = strrchr(line, '(');

	if (!open || open < line + 2 || open[-1] != ' ' || line[len - 1] != ')')
		return true;
	line[len - 1] = '\0';
	open[-1] = '\0';
	return known_covers(file, open + 1, version);
}

static void known_add(struct known *known, const char *file, char *line,
		      const char *version, known_is_rule_fn *is_rule)
{
	char *reason = strstr(line, ": ");

	if (!reason || !reason[2])
		errx(1, "%s: no reason is given: %s", file, line);
	*reason = '\0';
	if (!known_holds(file, line, version))
		return;
	if (!strchr(line, ' ') && !is_rule(line))
		errx(1, "%s: no such rule: %s", file, line);

	known->entries =
		realloc(known->entries, (known->n + 1) * sizeof(*known->entries));
	if (!known->entries)
		err(1, "%s", file);
	known->entries[known->n++] = (struct known_entry){
		.what = text_of("%s", line),
		.reason = text_of("%s", reason + 2),
	};
}

void known_load(struct known *known, const char *file, const char *section,
		const char *version, known_is_rule_fn *is_rule)
{
	char *line = NULL, *heading = text_of("[%s]", section);
	FILE *f = fopen(file, "re");
	bool inside = false;
	size_t room = 0;

	*known = (struct known){ .n = 0 };
	if (!f)
		err(1, "%s", file);
	if (!known_version(version))
		errx(1, "%s is no version", version);
	while (getline(&line, &room, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '[')
			inside = strcmp(line, heading) == 0;
		else if (inside && *line && *line != '#')
			known_add(known, file, line, version, is_rule);
	}
	free(heading);
	free(line);
	fclose(f);
}

void known_free(struct known *known)
{
	size_t i;

	for (i = 0; i < known->n; i++) {
		free(known->entries[i].what);
		free(known->entries[i].reason);
	}
	free(known->entries);
}

const char *known_take(struct known *known, const char *what)
{
	size_t i;

	for (i = 0; i < known->n; i++) {
		if (strcmp(known->entries[i].what, what) == 0) {
			known->entries[i].used++;
			return known->entries[i].reason;
		}
	}
	return NULL;
}
