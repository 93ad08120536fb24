/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - a terminal that is left as it was found, whatever becomes of the program
 *
 * The screen is a child; its parent waits, hands signals on, and if the child did not end
 * by itself (it crashed, it was killed) puts the terminal back. A parent that is killed
 * takes the child along by a signal that ends it in order.
 */
#pragma once

/* In the child: returns. In the parent: ends the process as the child ended. Negative
 * errno: there is no guard. */
int guard_start(void);
