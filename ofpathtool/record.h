/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - a copy of what was looked at, as a folder that can be looked at in its place
 *
 * What cannot be copied is remembered in src->record_error, and not told before the end.
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/source.h"

void record_file(struct source *src, const char *path, const char *data, size_t len);
void record_link(struct source *src, const char *path, const char *text);
/* It is there: a folder as a folder, anything else as an empty file. */
void record_presence(struct source *src, const char *path);

/* Links and folders in a folder. */
void record_list(struct source *src, const char *path, const struct kern_names *names);
