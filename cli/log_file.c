// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/common.h"

int log_file_open(struct log_file *file, struct log *log, const char *path)
{
	int err = kern_root_open(&file->root, NULL);

	return err ? err : log_open(log, &file->root, path);
}

void log_file_close(struct log_file *file, struct log *log)
{
	bool is_open = log->fd >= 0;

	log_close(log);
	if (is_open)
		kern_root_close(&file->root);
}
