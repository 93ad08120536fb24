// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/common.h"
#include "drmon/lights.h"

enum { LOG_BYTES = 1024 * 1024, IDENTIFY = 2 };

bool lights_identifies(const struct lights *lights, uint32_t index)
{
	for (size_t i = 0; i < lights->n; i++)
		if (lights->index[i] == index)
			return true;
	return false;
}

static void lights_forget(struct lights *lights, uint32_t index)
{
	size_t n = 0;

	for (size_t i = 0; i < lights->n; i++)
		if (lights->index[i] != index)
			lights->index[n++] = lights->index[i];
	lights->n = n;
}

void lights_log_line(struct lights *lights, const char *line)
{
	static const char call[] = "set-indicator(9002, ";
	const char *at = strstr(line, call);
	unsigned int index, value;
	int status;

	if (!at ||
	    sscanf(at + strlen(call), "%x, %u) = %d", &index, &value, &status) != 3 ||
	    status)
		return;
	lights_forget(lights, index);
	if (value == IDENTIFY && lights->n < LIGHTS_MAX)
		lights->index[lights->n++] = index;
}

void lights_read_log(struct lights *lights, const char *file)
{
	_cleanup_close_ int fd =
		open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	struct stat st;
	char *save = NULL;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return;
	text = malloc(LOG_BYTES + 1);
	n = text ? pread(fd, text, LOG_BYTES,
			 st.st_size > LOG_BYTES ? st.st_size - LOG_BYTES : 0)
		 : 0;
	if (n <= 0)
		return;
	text[n] = '\0';
	for (const char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		lights_log_line(lights, line);
}
