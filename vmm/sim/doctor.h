/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.h - papr-vmm doctor: print what a simulated guest lacks on this computer
 *
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>

/* Check what a guest needs, start one, and print the results; as JSON if json is set.
 * Return the exit status: 0 if a guest works here, 1 if not. */
int doctor_run(bool json);
