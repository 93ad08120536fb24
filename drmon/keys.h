/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - what a key does
 */
#pragma once

struct monitor;

/* One of curses' keys. */
void key_take(struct monitor *m, int key);
