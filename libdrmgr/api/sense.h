/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sense.h - the sensors of connectors, for lists
 */
#pragma once

#include "libdrmgr/core/type.h"

/* Prepare to sense the connectors of a list. Return 0, or a negative errno and the list's
 * error. */
int sense_begin(struct dr_list *list);

/* Does the host offer the resource of the current connector? Sense it only if the partition
 * does not own it. sense_begin() has succeeded. */
enum connector_offer sense_offer(const struct dr_list *list);
