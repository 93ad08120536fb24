/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal_limits.h - the largest journal, for its writer and for its reader
 *
 * The largest operation without the kernel's help removes 65,536 LMBs, all or nothing: 3
 * steps each, about 25 MiB. A step that does not fit is not made (-E2BIG).
 */
#pragma once

enum {
	JOURNAL_FILE_MAX = 32,	  /* bytes of a file's name, with the NUL */
	JOURNAL_KIND_MAX = 64,	  /* bytes of the kind of a request */
	JOURNAL_LINE_MAX = 16384, /* including the LF */
	JOURNAL_WORDS_MAX = JOURNAL_LINE_MAX / 2,
	JOURNAL_STEPS_MAX = 1 << 20,
	JOURNAL_BYTES_MAX = 256 << 20,
	/* Steps end here. The space after it is for the notes of steps, also by a
	 * recovery. */
	JOURNAL_BEGIN_MAX = JOURNAL_BYTES_MAX / 2,
};
