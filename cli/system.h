/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.h - what a command that stays needs of this system: events, other programs, files
 */
#pragma once

#include "cli/common.h"
#include "kern/child.h"
#include "kern/hook.h"
#include "kern/own_file.h"
#include "kern/spawn.h"
#include "kern/udev.h"
#include "kern/uevent.h"
