/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - actions of the keys
 */
#pragma once

struct monitor;

/* Handle one of curses' keys. */
void key_handle(struct monitor *m, int key);
