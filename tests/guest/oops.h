/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oops.h - find errors that the guest's kernel has printed on its console */
#pragma once

/* Print each error in console.log since the last call, with the lines after it. Return 0
 * if there was one, 1 if not, EXIT_HARNESS without a log. */
int oops_print(int dir);
