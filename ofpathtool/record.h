/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - copy all files that are read, as a tree that can replace the system
 *
 * Errors:  src->record_error keeps the first one. The run continues and reports it at its
 *          end.
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/source.h"

void record_file(struct source *src, const char *path, const char *data, size_t len);
void record_link(struct source *src, const char *path, const char *text);
/* Record that a file exists: a directory as a directory, any other file as an empty
 * file. */
void record_presence(struct source *src, const char *path);

/* Record the links and directories in a directory. */
void record_list(struct source *src, const char *path, const struct kern_names *names);
