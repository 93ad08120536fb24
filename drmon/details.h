/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * details.h - windows for details of a connector and for the keys, and the document as a
 * file
 */
#pragma once

struct monitor;

/* Show the details of the selected connector. */
void details_open(struct monitor *m);
void help_open(struct monitor *m);

/* Write the output of --once --json to drmon.json in the current directory. */
void details_write(struct monitor *m);
