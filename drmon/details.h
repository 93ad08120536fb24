/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * details.h - windows that explain: one connector with all there is of it, the keys; and
 * the whole as a file
 */
#pragma once

struct monitor;

/* Of the connector that is selected. */
void details_open(struct monitor *m);
void help_open(struct monitor *m);

/* What --once --json prints, into drmon.json in the folder where drmon was started. */
void details_write(struct monitor *m);
