/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.h - exit statuses; each command's table is in its man page
 */
#pragma once

enum drmgr_exit {
	DRMGR_DONE = 0,
	DRMGR_NOT_SUPPORTED = 1, /* on this platform */
	DRMGR_NOTHING_DONE = 1,	 /* cpu: none; -p: there is not as much */
	DRMGR_CHECK_FAILED = 1,	 /* pmig, phib: it may not go now, or -p is no word */
	DRMGR_IN_USE = 1,	 /* logical slots: something of it has to stay */
	DRMGR_NO_SUCH = 3,	 /* no such connector */
	DRMGR_NOT_OWNED = 4,	 /* logical slots: another partition's */
	DRMGR_OWNED_ALREADY = 5, /* logical slots: an add of what is there */
	DRMGR_WOULD_WORK = 6,	 /* logical slots: a query */
	DRMGR_PARTIAL = 64,	 /* some done, some not */
	DRMGR_NOT_UNDONE = 65,	 /* failed, and not everything could be undone */
	DRMGR_BEHIND = 251, /* logical slots: a card behind it could not be released */
	DRMGR_FAILED = 255, /* all else; everything was undone */
};
