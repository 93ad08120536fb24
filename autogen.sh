#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes configure and what it needs from a checkout.
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force "$@"
