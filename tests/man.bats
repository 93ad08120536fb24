#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual: well-formed, and about the options that there are.

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
	drmgr=${top_builddir:-build}/drmgr/drmgr
	lsslot=${top_builddir:-build}/drmgr/lsslot
}

# The order of sections is the project's own.
lint()
{
	! mandoc -Tlint -W warning "$@" | grep -v 'sections out of conventional order'
}

@test "pages are well-formed" {
	lint man/*.[1-9]
}

# Long options of a help text that a page does not have, and the other way round.
compare()
{
	local page=$1 help=$2

	diff <(grep -oE -- '--[a-z][a-z-]+' <<<"$help" | sort -u) \
		<(sed -nE 's/^\.It //p' "$page" | grep -oE -- ' -[a-z][a-z-]+' | sed 's/ -/--/' |
			sort -u)
}

@test "drmgr(8) and --help agree" {
	compare man/drmgr.8 "$("$drmgr" --help)"
}

# Words of messages are in the sources, in pieces, with other words where the page has "...".
@test "drmgr(8) explains messages that there are" {
	local said message part

	said=$(cat drmgr/*.c drmgr/model/*.c librtas/trace_text.c wire/rtas_names.c | tr '\n\t' '  ' |
		sed -E 's/" *(JOURNAL_PATH)? *"//g; s/\\n/ /g; s/" JOURNAL_DIR "/run/; s/  +/ /g')
	while IFS= read -r message; do
		while IFS= read -r part; do
			echo "$message: $part"
			[[ $said == *"$part"* ]]
		done < <(sed 's/ *\.\.\. */\n/g' <<<"$message" | grep .)
	done < <(sed -n '/^\.Sh DIAG/,/^\.Sh NOTES/s/^\.It "//p' man/drmgr.8 |
		sed 's/", "/\n/g; s/"$//' | grep -v '^/run')
}

@test "lsslot(8) and --help agree" {
	compare man/lsslot.8 "$("$lsslot" --help)"
}

@test "ofpathtool(8) and --help agree" {
	local ofpathtool=${top_builddir:-build}/ofpathtool/ofpathtool

	compare man/ofpathtool.8 "$("$ofpathtool" --help)"
}

@test "rtas-event(1) and --help agree" {
	local rtas_event=${top_builddir:-build}/rtas-event

	compare man/rtas-event.1 "$("$rtas_event" --help)"
	while read -r option; do
		echo "$option"
		grep -qE "^\.It Fl ${option#-}( |$)" man/rtas-event.1
	done < <("$rtas_event" --help | grep -oE '^  -[a-z]' | tr -d ' ')
}

@test "paprvmm(3) has every function and event of the header, and no other" {
	diff <(grep -oE '\bpapr_[a-z_]+\(' vmm/paprvmm.h | tr -d '(' | sort -u) \
		<(sed -nE 's/^\.Fn (papr_[a-z_]+) .*/\1/p' man/paprvmm.3 | sort -u)
	diff <(grep -oE '\bPAPR_EV_[A-Z_]+' vmm/paprvmm.h | sort -u) \
		<(sed -nE '/^\.It Dv/p' man/paprvmm.3 | grep -oE 'PAPR_EV_[A-Z_]+' | sort -u)
}

@test "papr-vmm(1) and --help agree" {
	local papr_vmm=${top_builddir:-build}/papr-vmm

	[ -x "$papr_vmm" ] || skip 'built without the host side'
	compare man/papr-vmm.1 "$("$papr_vmm" --help)"
	# And with one dash: each option of the text is on the page.
	while read -r option; do
		echo "$option"
		grep -qE "(Fl|,) ${option#-}( |$)" man/papr-vmm.1
	done < <("$papr_vmm" --help | grep -oE '(^| )-[A-Za-z][a-z-]*' | tr -d ' ,' | sort -u)
}
