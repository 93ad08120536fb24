/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.h - exit statuses; each command's table is in its man page
 */
#pragma once

enum drmgr_exit {
	DRMGR_DONE = 0,
	DRMGR_NOT_SUPPORTED = 1, /* on this platform */
	DRMGR_NO_SUCH = 3,	 /* query: no such connector */
	DRMGR_PARTIAL = 64,	 /* some done, some not */
	DRMGR_NOT_UNDONE = 65,	 /* failed, and not everything could be undone */
	DRMGR_FAILED = 255,	 /* all else; everything was undone */
};
