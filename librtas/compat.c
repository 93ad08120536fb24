// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names that older libraries of this soname exported by accident and that are now part of
 * the ABI. No header declares them, and nothing in this library calls them.
 */
#include <errno.h>
#include <fcntl.h>

#include "librtas/library.h"
#include "librtas/librtas.h"

extern int dbg_lvl;
int sanity_check(void);
int interface_exists(void);
int read_entire_file(int fd, char **buf, size_t *len);
int rtas_token(const char *call_name);

int dbg_lvl;

int sanity_check(void)
{
	return library_check();
}

/* Return 1 if the caller can open the file, which only root can. Older libraries tested
 * the same. */
int interface_exists(void)
{
	static const char *const paths[] = { "proc/ppc64/rtas/rmo_buffer",
					     "proc/rtas/rmo_buffer" };
	const struct rtas_engine *engine = library_engine();
	int fd = -1;

	for (unsigned int i = 0; engine && i < 2 && fd < 0; i++)
		fd = kern_open(engine->root, paths[i], O_RDONLY);
	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

/* Read a file to its end. Return 0 or -1. *buf is malloc'ed and not NUL-terminated; len
 * may be NULL. */
int read_entire_file(int fd, char **buf, size_t *len)
{
	size_t got;
	int err = kern_read_fd(fd, KERN_READ_MAX, buf, &got);

	if (err) {
		*buf = NULL;
		errno = err == -ENOMEM ? ENOMEM : EIO;
		return -1;
	}
	if (len)
		*len = got;
	return 0;
}

/* Return the token itself, or RTAS_UNKNOWN_OP. */
int rtas_token(const char *call_name)
{
	struct rtas_engine *engine = library_engine();
	uint32_t token;

	if (!engine || engine_token(engine->root, call_name, &token))
		return RTAS_UNKNOWN_OP;
	return (int)token;
}
