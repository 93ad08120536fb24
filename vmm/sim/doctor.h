/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.h - papr-vmm doctor: print what a simulated guest lacks on this computer
 *
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/server/verb.h"

extern const struct verb doctor_verb;

/* Check what a guest needs, start one, and print the results. argv: the words after
 * "doctor". Return the exit status: 0 if a guest works here, 1 if not, 125 if the words are
 * wrong. */
int doctor_main(char **argv);
