/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate.h - what each connector type wants of a request
 *
 * Errors:  -EINVAL, and the message (DR_MESSAGE_MAX bytes) says why.
 */
#pragma once

#include "drmgr/options.h"

int validate_pci(const struct dr_req *req, char *message);
