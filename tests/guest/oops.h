/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oops.h - has the guest's kernel complained on its console?
 */
#pragma once

/* Prints each complaint that console.log got since the last call, with the lines behind
 * it. 0: there was one. 1: none. EXIT_HARNESS: no log. */
int oops_print(int dir);
