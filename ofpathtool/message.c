// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ofpathtool/ofpath.h"
#include "ofpathtool/message.h"

enum { SHOWN_MAX = 255 };

/* Twelve blanks: the width of "ofpathname: ". */
#define INDENT "            "

/* A text that is safe to print. */
struct shown {
	char text[4 * SHOWN_MAX + sizeof("...")];
};

static const char *message_escape(struct shown *shown, const char *text)
{
	char *to = shown->text;
	int n;

	for (n = 0; *text && n < SHOWN_MAX; text++, n++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == 0x7f)
			to += snprintf(to, sizeof("\\x00"), "\\x%02x", c);
		else
			*to++ = *text;
	}
	memcpy(to, *text ? "..." : "", *text ? sizeof("...") : 1);
	return shown->text;
}

/* The text before and after the name. */
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

const char *message_text(int error)
{
	return words[error];
}

void message_error(const char *program, const char *sysroot, int error, const char *text)
{
	const char *behind = messages[error][1];
	struct shown shown;

	if (error == OFP_ENOSYSFS && sysroot) {
		fprintf(stderr,
			"%s: /sys/class of sysfs is needed and is missing\n" INDENT
			"in the captured tree \"%s\".\n",
			program, message_escape(&shown, sysroot));
		return;
	}
	fprintf(stderr, "%s: %s%s%s", program, messages[error][0],
		behind ? message_escape(&shown, text) : "", behind ? behind : "");
}

void message_make(struct message *message, const char *what, const char *why)
{
	struct shown shown;

	snprintf(message->text, sizeof(message->text), "'%s': %s",
		 message_escape(&shown, what), why);
}

enum dr_code message_code(int error)
{
	static const enum dr_code codes[] = {
		[OFP_ENOPATH] = DR_CODE_NO_PATH,
		[OFP_ENOSYSFS] = DR_CODE_NO_KERNEL_FILE,
		[OFP_ENOINFO] = DR_CODE_NO_KERNEL_FILE,
		[OFP_ENOTCONF] = DR_CODE_NO_SUCH_DEVICE,
		[OFP_ENOLOGDEV] = DR_CODE_NO_SUCH_DEVICE,
		[OFP_EINVAL] = DR_CODE_BAD_REQUEST,
		[OFP_ENOMEM] = DR_CODE_NO_MEMORY,
		[OFP_EAMBIGUOUS] = DR_CODE_AMBIGUOUS,
	};

	return codes[error];
}

void message_note(const char *program, const char *text, const char *note)
{
	struct shown shown;

	fprintf(stderr, "%s: note: %s: %s\n", program, message_escape(&shown, text),
		note);
}
