#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here
#
# The interfaces of librtas.so.2, librtasevent.so.2 and libpaprvmm.so.1 have what they had
# in version 0.1.0, whose headers are in tests/source/abi/0.1.0.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../lib/abi

setup()
{
	source=$(cd "${top_srcdir:-.}" && pwd)
	cd "$BATS_TEST_TMPDIR"
	suppressions=$source/tests/source/abi/paprvmm.suppr
	needs_abidiff
}

# Make new.h, the header with a change, beside those that it includes.
change() # HEADER SED-SCRIPT
{
	cp "$(dirname "$1")"/librtas*.h . 2>/dev/null || :
	sed "$2" "$1" >new.h
	run cmp -s new.h "$1"
	[ "$status" -eq 1 ]
	mv new.h "$(basename "$1")"
	echo "$2"
}

# A change of each kind must be found.
has_kept() # PATTERN HEADER SED-SCRIPT...
{
	local pattern=$1 header=$2 script

	library_of "$pattern" "$source/tests/source/abi/0.1.0/$(basename "$header")" old.so
	run -0 interface_is_kept "$pattern" "$header"
	for script in "${@:3}"; do
		change "$header" "$script"
		run interface_is_kept "$pattern" "$(basename "$header")"
		[ "$status" -ge 4 ]
	done
}

# What a later version may do.
may_have() # PATTERN HEADER SED-SCRIPT...
{
	local script

	for script in "${@:3}"; do
		change "$2" "$script"
		run -0 interface_is_kept "$1" "$(basename "$2")"
	done
}

@test "librtas.so.2" {
	has_kept 'rtas_[a-z_0-9]+' "$source/librtas/librtas.h" '/^int rtas_activate_firmware(/d' \
		's/int sensor, int index, int \*state/int sensor, long index, int *state/'
}

@test "librtasevent.so.2" {
	local names='([a-z]+_)?rtas_[a-z_0-9]+'

	has_kept "$names" "$source/librtas/librtasevent.h" '/^int cleanup_rtas_event(/d' \
		's/^\tint scn_id;/\tlong scn_id;/'
	has_kept "$names" "$source/librtas/librtasevent_v4.h" 's/uint32_t failing_address_hi/int32_t failing_address_hi/'
	has_kept "$names" "$source/librtas/librtasevent_v6.h" 's/char model.9/char model[10/'
}

@test "libpaprvmm.so.1" {
	local names='papr_[a-z_0-9]+'

	has_kept "$names" "$source/vmm/paprvmm.h" '/^void papr_vmm_free(/d' 's/^\tPAPR_EV_RESET,/\tPAPR_EARLIER,\n&/' \
		's/^\tconst char \*device; .*/\tint before;\n&/'
	may_have "$names" "$source/vmm/paprvmm.h" 's/^void papr_vmm_free(/int papr_vmm_later(struct papr_vmm *vmm);\n&/' \
		's/^\tconst struct papr_call \*call;/&\n\tint later;/'
}
