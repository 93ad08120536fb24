// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ofpathtool/ofpath.h"
#include "ofpathtool/say.h"

enum { SHOWN_MAX = 255 };

/* Twelve blanks: where the text behind "ofpathname: " begins. */
#define INDENT "            "

static void put_text(const char *text)
{
	int n = 0;

	for (; *text && n < SHOWN_MAX; text++, n++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == 0x7f)
			fprintf(stderr, "\\x%02x", c);
		else
			putc(c, stderr);
	}
	if (*text)
		fputs("...", stderr);
}

/* Before the name and behind it. */
static const char *const messages[][2] = {
	[OFP_ENOPATH] = { "Could not retrieve Open Firmware device path\n" INDENT
			  "for logical device \"",
			  "\".\n" },
	[OFP_ENOSYSFS] = { "sysfs (/sys) is needed and does not appear\n" INDENT
			   "to be mounted on this system.\n",
			   NULL },
	[OFP_ENOINFO] = { "Could not find sysfs information for logical\n" INDENT
			  "device \"",
			  "\".\n" },
	[OFP_ENOTCONF] = { "Logical device \"",
			   "\" does not appear\n" INDENT "to be configured.\n" },
	[OFP_ENOLOGDEV] = { "Could not retrieve logical device name for\n" INDENT
			    "Open Firmware path \"",
			    "\".\n" },
	[OFP_EINVAL] = { "This is not an Open Firmware path:\n" INDENT "\"", "\".\n" },
	[OFP_ENOMEM] = { "Out of memory.\n", NULL },
	[OFP_EAMBIGUOUS] = { "More than one device fits the\n" INDENT
			     "Open Firmware path \"",
			     "\".\n" },
};

static const char *const words[] = {
	[OFP_ENOPATH] = "no Open Firmware path",
	[OFP_ENOSYSFS] = "no sysfs",
	[OFP_ENOINFO] = "no sysfs information",
	[OFP_ENOTCONF] = "no such device",
	[OFP_ENOLOGDEV] = "no device has this path",
	[OFP_EINVAL] = "not a path",
	[OFP_ENOMEM] = "out of memory",
	[OFP_EAMBIGUOUS] = "ambiguous",
};

const char *say_words(int error)
{
	return words[error];
}

void say_error(const char *program, int error, const char *text)
{
	fprintf(stderr, "%s: %s", program, messages[error][0]);
	if (messages[error][1]) {
		put_text(text);
		fputs(messages[error][1], stderr);
	}
}

void say_wrong(const char *program, const char *what, const char *value)
{
	fprintf(stderr, "%s: %s", program, what);
	if (*value) {
		fputs(" '", stderr);
		put_text(value);
		putc('\'', stderr);
	}
	fputs("; see --help\n", stderr);
}

void say_note(const char *program, const char *text, const char *note)
{
	fprintf(stderr, "%s: note: ", program);
	put_text(text);
	fprintf(stderr, ": %s\n", note);
}
