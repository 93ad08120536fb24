/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals.h - signals that only request a stop
 */
#pragma once

/* Block all terminating signals. Signals that the caller ignores stay ignored. Return a
 * descriptor that is readable when one has arrived, or a negative errno. */
int signals_catch(void);

/* Return the signal that has arrived, or 0. It stays pending. */
int signals_arrived(void);
