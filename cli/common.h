/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * common.h - what all commands have: state of the process, terminal, log, texts
 */
#pragma once

#include "cli/log.h"
#include "cli/process.h"
#include "cli/terminal.h"
#include "kern/cleanup.h"
#include "kern/text.h"
