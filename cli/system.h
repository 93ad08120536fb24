/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.h - what a command that stays needs of this system: events, other programs
 */
#pragma once

#include "cli/common.h"
#include "kern/spawn.h"
#include "kern/uevent.h"
