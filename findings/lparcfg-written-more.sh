#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A write to /proc/powerpc/lparcfg "writes" 4,294,967,294 bytes
#
# Linux 7.2.13 of Debian sid has this file in guests of QEMU, whose hypervisor does not have
# the call behind it. The handler passes on the call's status, H_FUNCTION (-2), as an unsigned
# number of 32 bits. write(2) of 31 bytes then returns 4294967294: no error. A program that
# repeats short writes, like dd of busybox, goes on behind its buffer and reports "Bad
# address", which is not the reason. Expected: an error such as EOPNOTSUPP.
set -euo pipefail
. "$(dirname "$0")/guest.bash"

guest linux-binary-7.2.13+deb14-powerpc64le 7.2.13-1 <<'S' | behaviour \
	"dd: error writing '/proc/powerpc/lparcfg': Bad address"
printf 'partition_entitled_capacity=50\n' >/line
dd if=/line of=/proc/powerpc/lparcfg bs=64 conv=notrunc 2>&1 | sed '/records/d'
S
