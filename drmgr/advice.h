/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * advice.h - what a user can do on the host, where this partition can do nothing
 */
#pragma once

#include "drmgr/cmd.h"

/* If an addition failed because the host has no resource for it, advise how to add one
 * there. */
void advise_after(const struct cmd *cmd, const struct dr_error *error);

/* Warn if only the addition itself shows whether the host has the resources. */
void advise_plan(const struct cmd *cmd);
