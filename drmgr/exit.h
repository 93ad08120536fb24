/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.h - exit statuses; each command's table is in its man page
 */
#pragma once

enum drmgr_exit {
	DRMGR_DONE = 0,
	DRMGR_NOT_SUPPORTED = 1, /* on this platform */
	DRMGR_NOTHING_DONE = 1,	 /* cpu: none; -p: the number is too small */
	DRMGR_CHECK_FAILED = 1,	 /* pmig, phib: not possible now, or -p is invalid */
	DRMGR_IN_USE = 1,	 /* logical slots: a device must stay */
	DRMGR_NO_SUCH = 3,	 /* no such connector */
	DRMGR_NOT_OWNED = 4,	 /* logical slots: another partition owns it */
	DRMGR_OWNED_ALREADY = 5, /* logical slots: add, but owned already */
	DRMGR_WOULD_WORK = 6,	 /* logical slots: query */
	DRMGR_PARTIAL = 64,	 /* only some resources succeeded */
	DRMGR_NOT_UNDONE = 65,	 /* failed, and the undo is incomplete */
	DRMGR_BEHIND = 251, /* logical slots: a card below it could not be released */
	DRMGR_FAILED = 255, /* any other failure; everything was undone */
};
