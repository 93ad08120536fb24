/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * in_use.h - would the system lose its root file system or its console?
 */
#pragma once

#include "drmgr/model/xact.h"

/* Looks at the virtual device of a node, or the functions at or below it. 0 it can go, or --force was given;
 * -EBUSY and the reason in xact.error. */
int in_use_check(struct xact *x, const char *node);
