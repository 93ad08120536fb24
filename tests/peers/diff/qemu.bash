# SPDX-License-Identifier: GPL-2.0-or-later
# The QEMU to compare with, for scripts of the differential tests to source: qemu, and
# version, that of its machine types ("7.2").
# shellcheck shell=bash disable=SC2034 # they use these

qemu=${QEMU:-qemu-system-ppc64}
version=$("$qemu" --version | sed -n 's/^QEMU emulator version \([0-9]*\.[0-9]*\)\..*/\1/p')
[ "$version" ] || { echo "$qemu does not tell its version" >&2; exit 99; }
