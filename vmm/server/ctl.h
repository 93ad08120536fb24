/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl.h - "papr-vmm ctl" and "papr-vmm ps", which need no machine
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/verb.h"

extern const struct verb ctl_verb, ps_verb;

/* Execute the command whose words follow its name. Return the exit status. */
int ctl_main(char **argv);
int ps_main(char **argv);
