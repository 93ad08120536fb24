// SPDX-License-Identifier: GPL-2.0-or-later
/* Correct the output of the peer's library. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/events/rules_all.h"

enum { SECTION_HEAD = 8 };

/* Print the header of a section with all fields. */
static void print_head(FILE *out, const uint8_t *section)
{
	fprintf(out, "%-20s      %c%c    %-20s%08x\n", "Section ID:", section[0],
		section[1], "Section Length:", sample_be16(section + 2));
	fprintf(out, "%-20s%08x    %-20s%08x\n", "Version:", section[4],
		"Sub_type:", section[5]);
	fprintf(out, "%-20s%08x\n", "Component ID:", sample_be16(section + 6));
}

static void print_dump(FILE *out, const uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len; at += 16) {
		fprintf(out, "0x%04zx:  ", at);
		for (size_t i = at; i < at + 16; i++) {
			if (i < len)
				fprintf(out, "%02x", bytes[i]);
			else
				fputs("  ", out);
			if (i % 4 == 3)
				fputc(' ', out);
		}
		fputs("    [", out);
		for (size_t i = at; i < at + 16; i++) {
			int c = i < len ? bytes[i] : ' ';

			fputc(c < ' ' || c > '~' ? '.' : c, out);
		}
		fputs("]\n", out);
	}
}

/* 8 characters, printed as two words with reversed bytes. */
bool rule_creator_name(const struct sample *sample, struct paper *theirs,
		       const struct paper *ours)
{
	struct range part, line;
	const uint8_t *section;
	size_t len;

	(void)ours;
	section = sample_section(sample, "PH", 0, &len);
	return section && section[24] == 'E' &&
	       paper_part(theirs, "Private Header", 0, &part) &&
	       paper_line(theirs, &part, "Creator Subsystem Name:", &line) &&
	       paper_printf(theirs, &line, "Creator Subsystem Name: %.8s.\n",
			    (const char *)section + 32);
}

/* Print the actions of the flags, one below the other. */
static void print_actions(FILE *out, uint16_t flags)
{
	const char *indent = "";
	char next[30];

	snprintf(next, sizeof(next), "%29s", "");
	if (flags & 0x8000) {
		fprintf(out, "Service Action %s%sRequired.\n",
			flags & 0x4000 ? "(hidden error) " : "",
			flags & 0x0800 ? "(call home) " : "");
		indent = next;
	}
	if (flags & 0x2000) {
		fprintf(out, "%sReport Externally, (HMC %s).\n", indent,
			flags & 0x1000 ? "only" : "and Hypervisor");
		indent = next;
	}
	if (flags & 0x0400)
		fprintf(out,
			"%sError isolation incomplete,\n"
			"                               further analysis required.\n",
			indent);
}

/* More than one flag. */
bool rule_action_flags(const struct sample *sample, struct paper *theirs,
		       const struct paper *ours)
{
	struct range part, line;
	const uint8_t *section;
	char *text = NULL;
	bool changed;
	size_t len;
	FILE *out;

	(void)ours;
	section = sample_section(sample, "UH", 0, &len);
	if (!section || !paper_part(theirs, "User Header", 0, &part) ||
	    !paper_line(theirs, &part, "Action Flag:", &line) ||
	    !memmem(theirs->text + line.from, line.to - line.from, "Unknown", 7))
		return false;
	out = open_memstream(&text, &len);
	fprintf(out, "%-20s%08x ", "Action Flag:", sample_be16(section + 18));
	print_actions(out, sample_be16(section + 18));
	fclose(out);
	changed = text[len - 1] == '\n' && paper_replace(theirs, &line, text);
	free(text);
	return changed;
}

/* The number in the output is that of the type. */
bool rule_severity(const struct sample *sample, struct paper *theirs,
		   const struct paper *ours)
{
	struct range part, line;
	const uint8_t *section;
	size_t len;

	(void)ours;
	section = sample_section(sample, "UH", 0, &len);
	return section && paper_part(theirs, "User Header", 0, &part) &&
	       paper_line(theirs, &part, "Unknown event severity", &line) &&
	       paper_printf(theirs, &line, "Unknown event severity (%u).\n", section[10]);
}

/* The payload begins 8 bytes after the header and ends 8 bytes after the section. */
bool rule_generic_payload(const struct sample *sample, struct paper *theirs,
			  const struct paper *ours)
{
	bool changed = false;
	const uint8_t *section;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; (section = sample_unknown(sample, n, &len)); n++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		struct range rest;

		print_head(out, section);
		fputs("\n", out);
		if (len > SECTION_HEAD) {
			fputs("Raw Section Data:\n", out);
			print_dump(out, section + SECTION_HEAD, len - SECTION_HEAD);
		}
		fputs("\n", out);
		fclose(out);
		if (paper_rest(theirs, "Unknown Section", n, "Section ID:", &rest))
			changed |= paper_replace(theirs, &rest, text);
		free(text);
	}
	return changed;
}

/* A raw header is printed as a decoded one. */
bool rule_machine_type_head(const struct sample *sample, struct paper *theirs,
			    const struct paper *ours)
{
	bool changed = false;
	const uint8_t *section;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; (section = sample_section(sample, "MT", n, &len)); n++) {
		struct range part, first, last;
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		print_head(out, section);
		fclose(out);
		if (paper_part(theirs, "Machine Type", n, &part) &&
		    paper_line(theirs, &part, "Section ID:", &first) &&
		    paper_line(theirs, &part, "Component ID:", &last))
			changed |= paper_replace(
				theirs, &(struct range){ first.from, last.to }, text);
		free(text);
	}
	return changed;
}

/* The last line of a dump has the character of the first byte after it. */
bool rule_one_byte_more(const struct sample *sample, struct paper *theirs,
			const struct paper *ours)
{
	enum { HEX = 9, CELLS = 50 };
	bool changed = false;
	char *line = theirs->text;

	(void)sample;
	(void)ours;
	for (; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		size_t n = 0;

		if (strncmp(line, "0x", 2) != 0 || strcspn(line, "\n") != CELLS + 17)
			continue;
		while (n < 16 && isxdigit((unsigned char)line[HEX + 2 * n + n / 4]))
			n++;
		if (n < 16 && line[CELLS + n] != ' ') {
			line[CELLS + n] = ' ';
			changed = true;
		}
	}
	return changed;
}

/* A truncated body is read completely. */
bool rule_body_cut(const struct sample *sample, struct paper *theirs,
		   const struct paper *ours)
{
	static const char *const titles[] = {
		[1] = "CPU Section",   [2] = "Memory Section", [3] = "I/O Event Section",
		[4] = "Power-On Self", [5] = "EPOW Warning",   [13] = "Service Processor",
		[15] = NULL,
	};
	const char *title = titles[sample_format(sample)];
	struct range part;

	(void)ours;
	return title && sample->len < 48 && paper_part(theirs, title, 0, &part) &&
	       paper_replace(theirs, &part, "");
}

/* The only such line at a width of 80, and its output. */
bool rule_repeated_end(const struct sample *sample, struct paper *theirs,
		       const struct paper *ours)
{
	static const char line[] = "(Already Reported)\n", again[] = "\nReported)\n";
	char *at = strstr(theirs->text, line);
	struct range range;

	(void)ours;
	if (sample->bytes[1] >> 5 != 6 || !at ||
	    strncmp(at + strlen(line), again, strlen(again)) != 0)
		return false;
	range.from = (size_t)(at - theirs->text) + strlen(line);
	range.to = range.from + strlen(again);
	return paper_replace(theirs, &range, "");
}

bool rule_post_codes(const struct sample *sample, struct paper *theirs,
		     const struct paper *ours)
{
	const uint8_t *body = sample->bytes + 20;
	struct range part, code, rev;

	(void)ours;
	return sample_format(sample) == 4 &&
	       paper_part(theirs, "Power-On Self Test Section", 0, &part) &&
	       paper_line(theirs, &part, "POST Error Code:", &code) &&
	       paper_line(theirs, &part, "Firmware Revision Code:", &rev) &&
	       paper_printf(theirs, &(struct range){ code.from, rev.to },
			    "POST Error Code:        %x 0 0 0 0\n"
			    "Firmware Revision Code: %x 0 0\n",
			    sample_be32(body + 14), sample_be16(body + 18));
}

/* Remove line ends. */
static char *unbroken(const char *text, size_t len)
{
	char *copy = calloc(1, len + 1), *to = copy;

	for (size_t i = 0; copy && i < len; i++)
		if (text[i] != '\n')
			*to++ = text[i];
	return copy;
}

/* Find a location code in our library's output, complete, if it is broken into lines. */
static bool broken_location(const struct paper *ours, const struct range *rest,
			    const char *location, char **printed)
{
	const char *text = ours->text + rest->from;
	size_t len = rest->to - rest->from;
	char *line = unbroken(text, len), *want;
	bool is = asprintf(&want, "%-20s%s", "Location Code:", location) > 0 && line &&
		  !strcmp(line, want);

	*printed = is ? strndup(text, len) : NULL;
	free(line);
	free(want);
	return *printed != NULL;
}

/* Find the next occurrence of a text, after the range and before an empty line. */
static bool find_text(const struct paper *paper, const char *text, struct range *range)
{
	const char *at = strstr(paper->text + range->to, text),
		   *end = at ? strstr(at, "\n\n") : NULL;

	if (!end)
		return false;
	range->from = (size_t)(at - paper->text);
	range->to = (size_t)(end + 1 - paper->text);
	return true;
}

/* A line that is too long loses its hyphens. */
bool rule_location_wrap(const struct sample *sample, struct paper *theirs,
			const struct paper *ours)
{
	enum { FITS = 58 };
	static const char label[] = "Location Code:";
	struct range here = { 0, 0 }, there = { 0, 0 };
	bool changed = false;
	const char *location;
	size_t len;

	for (unsigned int n = 0; (location = sample_location(sample, n, &len)); n++) {
		char *printed;

		if (!find_text(theirs, label, &here) || !find_text(ours, label, &there))
			break;
		if (strnlen(location, len) <= FITS ||
		    !broken_location(ours, &there, location, &printed))
			continue;
		changed |= paper_replace(theirs, &here, printed);
		here.to = here.from + strlen(printed);
		free(printed);
	}
	return changed;
}
