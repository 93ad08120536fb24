# SPDX-License-Identifier: GPL-2.0-or-later
# What the differential tests run, for those scripts to source.

here=$(dirname "${BASH_SOURCE[0]}")
programs=$top_builddir/tests/peers/diff
vectors=$here/../vectors/host-vectors.json
ours=(-m "$top_builddir/papr-vmm" -k "$here/known-differences")
# QEMU, and the version of its machine types: "7.2".
# shellcheck disable=SC1091
. "$here/qemu.bash"
firmware=(-f "$programs/firmware.bin")
