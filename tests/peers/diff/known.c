// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/known.h"
#include "tests/peers/diff/text.h"

static void known_add(struct known *known, const char *file, char *line,
		      known_is_rule_fn *is_rule)
{
	char *reason = strstr(line, ": ");

	if (!reason || !reason[2])
		errx(1, "%s: no reason is given: %s", file, line);
	*reason = '\0';
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
		known_is_rule_fn *is_rule)
{
	char *line = NULL, *heading = text_of("[%s]", section);
	FILE *f = fopen(file, "re");
	bool inside = false;
	size_t room = 0;

	*known = (struct known){ .n = 0 };
	if (!f)
		err(1, "%s", file);
	while (getline(&line, &room, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '[')
			inside = strcmp(line, heading) == 0;
		else if (inside && *line && *line != '#')
			known_add(known, file, line, is_rule);
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
