#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here tarball drmgr lsslot ofpathtool rtas-event
# Manual pages are well-formed, and describe the existing options and names.

# shellcheck disable=SC2154 # from make

bats_require_minimum_version 1.5.0

load ../lib/abi
load ../lib/codes

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

# Nested quotes are those of words that one macro should have quoted together.
@test "no page has what mdoc makes of wrong macros" {
	local page bad=0 LC_ALL=C.UTF-8
	export LC_ALL

	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	for page in man/*.[1-9]; do
		! mandoc -Tutf8 "$page" | sed 's/.\x08//g' | tr -s ' \n' ' ' |
			grep -oE '.{0,30}([“‘][^”’]*[“‘]|[”’"]{2}|<[a-z]+> [a-z]*[A-Z]|[a-z], \([a-z]).{0,30}' |
			sed "s,^,$page: ," | grep . || bad=1
	done
	! grep -nE '^\.(Fn|Dq|Sq|Ql|Qq) [^"]* , [^ ]|^\.S[hs] (In|An|At|No|Em|Pa) ' man/*.[1-9] || bad=1
	for page in man/*.[1-9]; do
		sed -n '/^\.Sh EXIT/,/^\.El/s/^\.It \([0-9]*\).*/\1/p' "$page" | sort -nc || bad=1
	done
	return $bad
}

@test "apropos finds the pages by the words of the field" {
	local page words

	while read -r page words; do
		grep -q "^\.Nd .*\b$words\b" "man/$page" || { echo "$page: $words" && return 1; }
	done <<-'END'
		drmgr.8 hotplug
		drmgr.8 DLPAR
		lsslot.8 slots
		librtasevent.3 RTAS
		ofpathtool.8 Open Firmware
	END
}

# Print long options that only the help text has, and those that only the page has.
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

# The synopsis is the usage of --help. ofpathtool's is that of the older program.
@test "pages have the synopsis of --help" {
	local page program

	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	while read -r program page; do
		program=${top_builddir:-build}/$program
		[[ -x $program ]] || continue
		echo "$page"
		diff <(mandoc -Tascii -Owidth=200 "man/$page" | sed 's/.\x08//g' |
			sed '1,/^SYNOPSIS/d; /^$/,$d; s/^ *//') \
			<("$program" --help | sed -nE '1!{/^ {7}/!q}; s/^(Usage:)? *//; s/[A-Z]{2,}/\L&/g
				s/\[(option|file)\]\.\.\./[\1 ...]/g; s/(file|id)\.\.\.$/\1 .../; p')
	done <<-'END'
		drmgr/drmgr drmgr.8
		drmgr/lsslot lsslot.8
		drmon/drmon drmon.8
		eventd/papr-eventd papr-eventd.8
		overlay/papr-overlay papr-overlay.8
		rtas-event rtas-event.1
	END
}

# Each row of the options is an item of the page: the letter, the name, an argument or none.
@test "pages have the options with their letters and arguments" {
	local program page letter name argument item tested=0

	while read -r program page; do
		program=${top_builddir:-build}/$program
		[[ -x $program ]] || continue
		while IFS='|' read -r letter name argument _; do
			[[ $letter ]] && item="Fl ${letter#-}" || item="Fl ${name#-}"
			[[ ! $letter || ! $name ]] || item+=" , ${name#-}"
			[[ ! $argument ]] || item+=' (Ar|Cm|Op|Ns)'
			echo "$page: $item"
			grep -qE "^\.It $item( |\$)" "man/$page"
			tested=$((tested + 1))
		done < <("$program" --list-options)
	done <<-'END'
		drmgr/drmgr drmgr.8
		drmgr/lsslot lsslot.8
		drmon/drmon drmon.8
		eventd/papr-eventd papr-eventd.8
		overlay/papr-overlay papr-overlay.8
		ofpathtool/ofpathtool ofpathtool.8
		rtas-event rtas-event.1
	END
	[ "$tested" -gt 100 ]
}

# The words of messages are in the sources, in several strings, with other words where the
# page has "...".
@test "drmgr-messages(7) explains messages that exist" {
	local said message part

	said=$(cat cli/*.c drmgr/*.[ch] libdrmgr/*/*.[ch] libdrmgr/*/*/*.[ch] librtas/trace_text.c wire/rtas_names.c wire/rtas_calls.inc | tr '\n\t' '  ' |
		sed -E 's/\\ +/ /g; s/" *(JOURNAL_PATH)? *"//g; s/\\n/ /g; s/" JOURNAL_DIR "/run/; s/  +/ /g')
	while IFS= read -r message; do
		while IFS= read -r part; do
			echo "$message: $part"
			[[ $said == *"$part"* ]]
		done < <(sed 's/ *\.\.\. */\n/g' <<<"$message" | grep .)
	done < <(sed -n 's/^\.It "//p' man/drmgr-messages.7 |
		sed 's/", "/\n/g; s/"$//' | grep -v '^/run')
}

# Print "name device" for each entry of the table of RTAS calls.
rtas_calls()
{
	awk '
		function value(member) {
			if (!match($0, "\\." member " = \"[^\"]*\""))
				return ""
			return substr($0, RSTART + length(member) + 5, RLENGTH - length(member) - 6)
		}
		/^RTAS_CALL\(/ { name = device = "" }
		value("name") { name = value("name") }
		value("path") { device = value("path") }
		/\)$/ && name { print name, device; name = "" }' wire/rtas_calls.inc
}

@test "pages of librtas name each RTAS call of the table, and its device" {
	local name device pages

	[ "$(rtas_calls | wc -l)" -eq "$(grep -c '^RTAS_CALL(' wire/rtas_calls.inc)" ]
	[ "$(rtas_calls | grep -c ' dev/')" -eq "$(grep -c '\.device = ' wire/rtas_calls.inc)" ]
	while read -r name device; do
		echo "$name $device"
		mapfile -t pages < <(grep -lE "Sy $name( |\$)" man/rtas_*.3)
		[[ ${#pages[@]} -gt 0 ]]
		[[ -z $device ]] || grep -qE "Pa (.* )?/$device( |\$)" "${pages[@]}"
	done < <(rtas_calls)
}

@test "lsslot(8) and --help agree" {
	compare man/lsslot.8 "$("$lsslot" --help)"
}

@test "ofpathtool(8) and --help agree" {
	local ofpathtool=${top_builddir:-build}/ofpathtool/ofpathtool

	compare man/ofpathtool.8 "$("$ofpathtool" --help)"
}

@test "papr-eventd(8) and --help agree" {
	compare man/papr-eventd.8 "$("${top_builddir:-build}/eventd/papr-eventd" --help)"
}

@test "papr-overlay(8) and --help agree" {
	compare man/papr-overlay.8 "$("${top_builddir:-build}/overlay/papr-overlay" --help)"
}

@test "rtas-event(1) and --help agree" {
	local rtas_event=${top_builddir:-build}/rtas-event

	compare man/rtas-event.1 "$("$rtas_event" --help)"
	while read -r option; do
		echo "$option"
		grep -qE "^\.It Fl ${option#-}( |$)" man/rtas-event.1
	done < <("$rtas_event" --help | grep -oE '^  -[a-z]' | tr -d ' ')
}

@test "paprvmm(3) has exactly the functions and events of the header; the package, too" {
	grep -oE '\bpapr_[a-z_]+\(' vmm/paprvmm.h | tr -d '(' | sort -u >"$BATS_TEST_TMPDIR/functions"
	diff "$BATS_TEST_TMPDIR/functions" \
		<(sed -nE 's/^\.Fn (papr_[a-z_]+) .*/\1/p' man/paprvmm.3 | sort -u)
	diff "$BATS_TEST_TMPDIR/functions" \
		<(sed -nE 's/^ (papr_[a-z_]+)@.*/\1/p' debian/libpaprvmm1.symbols | sort -u)
	diff <(grep -oE '\bPAPR_EV_[A-Z_]+' vmm/paprvmm.h | sort -u) \
		<(sed -nE '/^\.It Dv/p' man/paprvmm.3 | grep -oE 'PAPR_EV_[A-Z_]+' | sort -u)
}

# Install the manual with its references in $installed.
install_manual()
{
	installed=$BATS_TEST_TMPDIR/usr/share/man
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "${top_builddir:-build}" \
		DESTDIR="$BATS_TEST_TMPDIR" prefix=/usr datarootdir=/usr/share \
		install-man install-data-local >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_TEST_TMPDIR/log" && false; }
}

# Print the words of a page's section NAME.
names_of() # PAGE
{
	sed -nE '/^\.Nd/q; s/^\.Nm ([^ ]*).*/\1/p' "$1"
}

libraries='librtas librtasevent libdrmgr'

# Print the functions and variables of a library. The header of libdrmgr has all of its
# functions, and macros with arguments. Declarations begin in the first column.
exported_by() # LIBRARY
{
	case $1 in
	libdrmgr) sed -nE 's/^([a-z][^(]*\W|#define )(dr_[a-z_]+)\(.*/\2/p' libdrmgr/drmgr.h ;;
	*) symbols_of "${top_builddir:-build}/.libs/$1.so.2" | awk '{ print $NF }' ;;
	esac
}

@test "each exported function and variable of the libraries has a page" {
	local library name page

	install_manual
	for library in $libraries; do
		[ "$(exported_by "$library" | wc -l)" -gt 10 ]
		while read -r name; do
			page=$installed/man3/$name.3
			echo "$library: $name"
			[ -e "$page" ]
			# The page, or the page that it refers to.
			[[ $(head -c 4 "$page") != .so\  ]] || page=$installed/$(sed 's/^\.so //' "$page")
			names_of "$page" | grep -qxF "$name"
			# The page says how to link with the library, or that the name is
			# in no header.
			grep -qE "^\.(Fl l${library#lib}|Nd .* in no header)\$" "$page"
		done < <(exported_by "$library")
	done
}

@test "the libraries' pages match their headers: names, types, arguments" {
	local page

	# The library exports each name, unless it is the library's own.
	for page in man/*.3; do
		names_of "$page"
	done | grep -vxE 'librtas|librtasevent|paprvmm|drmgr' | sort >"$BATS_TEST_TMPDIR/names"
	diff "$BATS_TEST_TMPDIR/names" <(for library in $libraries; do
		exported_by "$library"
	done | sort)

	# A compiler refuses a second declaration that differs. Constants of a
	# configuration walk, and names that are in no header, are declared here.
	command -v "${CC:-cc}" >/dev/null || skip 'no compiler'
	for page in man/*.3; do
		[[ $page != man/paprvmm.3 ]] || printf '#include "vmm/paprvmm.h"\n'
		[[ $page == man/paprvmm.3 ]] || cat <<-'END'
			#include "librtas/librtas.h"
			#include "librtas/ev.h"
			#include "libdrmgr/drmgr.h"
			extern int dbg_lvl;
			int sanity_check(void);
			int interface_exists(void);
			int read_entire_file(int fd, char **buf, size_t *len);
			int rtas_token(const char *call_name);
		END
		sed -nE '/^\.Sh SYN/,/^\.Sh DESC/{
			s/^\.Ft "?([^"]*)"?$/\1/p
			s/^\.Vt (extern .*)$/\1/p
			/^\.Fn/{
				s/" ("|\.\.\.)/, \1/g
				s/"//g
				s/^\.Fn ([^ ]*) (.*)$/\1(\2);/p
			}
		}' "$page"
		echo
	done >"$BATS_TEST_TMPDIR/declared.c"
	[ "$(grep -c '^[a-z].*);' "$BATS_TEST_TMPDIR/declared.c")" -gt 250 ]
	"${CC:-cc}" -I. -include stddef.h -Wall -Wextra -Werror -fsyntax-only "$BATS_TEST_TMPDIR/declared.c"
}

# Print the constants and error numbers of a page. "EXTENDED_DELAY_*" means several.
constants_of() # PAGE
{
	sed -nE 's/^\.(It )?(Dv|Bq Er|Er) (.*)/\3/p; s/.*\b(Dv|Er) ([A-Z_*0-9]+).*/\2/p' "$1" |
		grep -oE '\b[A-Z][A-Z_0-9]{2,}\*?' | sort -u
}

# Succeed if each constant of the pages is in the headers HEADER*.h, or is the system's.
constants_exist() # HEADER PAGE...
{
	local header=$1 page word n=0

	shift
	for page; do
		while read -r word; do
			n=$((n + 1))
			echo "$page: $word"
			case $word in
			NULL) ;;
			SIG*) kill -l "$word" >/dev/null ;;
			*) grep -qE "\b${word%\*}" "$header"*.h /usr/include/linux/capability.h \
				/usr/include/asm-generic/errno*.h ;;
			esac
		done < <(constants_of "$page")
	done
	[ "$n" -gt 50 ]
}

@test "each constant and error number of the libraries' pages is in their headers" {
	local word

	constants_exist librtas/librtas man/librtas*.3 man/rtas_*.3 man/parse_*.3
	constants_exist libdrmgr/drmgr man/drmgr.3 man/dr_*.3
	# The page describes all that a caller can get.
	while read -r word; do
		echo "librtas.3: $word"
		grep -q "^\.It Dv $word " man/librtas.3
	done < <(sed -nE 's/^#define (RTAS_[A-Z_]+)[[:space:]]+-1[0-9]{3} .*/\1/p' librtas/librtas.h)
	while read -r word; do
		echo "drmgr.h: $word"
		cat man/drmgr.3 man/dr_*.3 | grep -qE "^\..*\bDv (.* )?$word( |\$)"
	done < <(sed -nE 's/^\t(DR_[A-Z_]+)\b.*/\1/p' libdrmgr/drmgr.h)
}

@test "drmgr(3) has all codes of errors, with their words" {
	diff <(sed -nE 's/^\t\[(DR_CODE_[A-Z_]+)\] = \{ "([a-z-]+)",.*/\1 \2/p' libdrmgr/api/code.c) \
		<(sed -nE 's/^\.It Dv (DR_CODE_[A-Z_]+) Pq Ql ([a-z-]+)$/\1 \2/p' man/drmgr.3)
	[ "$(grep -c '^\.It Dv DR_CODE_' man/drmgr.3)" = "$(grep -c '^	DR_CODE_' libdrmgr/drmgr.h)" ]
}

@test "drmgr-messages(7) has all codes of errors, with a meaning and the hint of the library" {
	[ "$(codes_of_library | wc -l)" = "$(($(grep -c '^	DR_CODE_' libdrmgr/drmgr.h) - 1))" ]
	diff <(codes_of_library) <(codes_of_manual)
}

# Print "STRUCT MEMBER" for each member of a structure; of a function with its arguments.
members_of() # HEADER
{
	sed -E 's,/\*.*\*/,,; s,/\*.*,,; s,^[[:space:]]*\*.*,,' "$1" | awk '
		/^struct [a-z_]+ \{/ { name = $2; next }
		/^\}/ { name = "" }
		!name { next }
		{ line = line " " $0 }
		!/;/ { next }
		match(line, /\(\*[a-z_]+\)\(.*\)/) {
			line = substr(line, RSTART + 2, RLENGTH - 2)
			sub(/\)/, "", line)
			gsub(/[ \t]+/, " ", line)
			print name, line
			line = ""
		}
		line {
			sub(/;.*/, "", line)
			gsub(/\[[^]]*\]/, "", line)
			n = split(line, part, ",")
			for (i = 1; i <= n; i++) {
				gsub(/.*[ *\t]/, "", part[i])
				print name, part[i]
			}
			line = ""
		}'
}

@test "the pages of libdrmgr have each member of its structures" {
	local struct member page n=0

	while read -r struct member; do
		n=$((n + 1))
		echo "$struct: $member"
		page=$(grep -lxF ".Vt struct $struct" man/dr_*.3)
		if [[ $member == *\(* ]]; then
			sed -nE 's/^\.It Fn ([a-z_]+) (.*)/\1(\2)/p' "$page" | sed 's/" "/, /g; s/"//g' |
				grep -qxF "$member"
		else
			grep -qE "^\.It Fa ([a-z_]+ , )*$member( ,|\$)" "$page"
		fi
	done < <(members_of libdrmgr/drmgr.h)
	[ "$n" -gt 50 ]
}

# Print "FUNCTION ERRNO" for each error number in the comment of a function, and "FUNCTION"
# for each function that can return one. Functions that only get a number are omitted.
errnos_of() # HEADER
{
	awk '
		!in_comment && /\/\*/ { in_comment = 1; text = "" }
		in_comment {
			text = text " " $0
			if (/\*\//)
				in_comment = 0
			next
		}
		/^int [a-z_]+\(/ && !/^int [a-z_]+_get_errno\(/ {
			gsub(/[ \t*]+/, " ", text)
			name = $2
			sub(/\(.*/, "", name)
			if (text ~ /negative errno|-E[A-Z0-9]/)
				print name
			for (; match(text, /-E[A-Z0-9]+/); text = substr(text, RSTART + RLENGTH))
				print name, substr(text, RSTART + 1, RLENGTH - 1)
		}
		{ text = "" }' "$1"
}

# Print "ERRNO FUNCTION" for each item of a page's section ERRORS. The functions are first in
# an item, except on the page of one function.
errors_of() # PAGE
{
	awk -v only="$(names_of "$1")" '
		/^\.Sh / { inside = $0 == ".Sh ERRORS"; next }
		!inside { next }
		/^\.It / {
			n = split($0, word)
			leads = 1
			if (only !~ /\n/)
				for (i = 1; i <= n; i++)
					print word[i], only
			next
		}
		leads && /^\.Fn / { for (i = 1; i <= n; i++) print word[i], $2; next }
		{ leads = 0 }' "$1"
}

@test "a function's page has the error numbers of its comment in drmgr.h" {
	local name number page n=0

	while read -r name number; do
		n=$((n + 1))
		echo "$name: $number"
		page=$(grep -lE "^\.Nm $name( ,)?\$" man/*.3)
		grep -qx '\.Sh ERRORS' "$page"
		[[ -z $number ]] || errors_of "$page" | grep -qxF "$number $name"
	done < <(errnos_of libdrmgr/drmgr.h)
	[ "$n" -gt 40 ]
}

# Pages of other packages that ours refer to.
others=' bootlist(8) bwrap(1) chroot(2) closefrom(3) dkms(8) dmesg(1) dtc(1) eventfd(2) fcntl(2) fdtoverlay(1) fork(2) fusermount3(1) hwclock(8)
	lseek(2) lsvpd(8) malloc(3) modprobe(8) mount(8) open(2) pivot_root(2) pkg-config(1) printf(3) proc(5)
	qemu-system-ppc64(1) readlink(2) rtas_errd(8) sd_notify(3) signalfd(2) sysctl(8) systemctl(1)
	systemd-journald(8) systemd-nspawn(1) systemd-run(1) systemd-udevd(8) udevadm(8) versionsort(3) waitpid(2) xxd(1) '

@test "each page that another one refers to exists" {
	local page name section unknown=0

	install_manual
	while read -r page name section; do
		# Without the host side, some pages are not installed.
		[[ ! -e $installed/man$section/$name.$section && ! -e man/$name.$section && $others != *[[:space:]]"$name($section)"[[:space:]]* ]] ||
			continue
		echo "$page: $name($section)"
		unknown=1
	done < <(grep -oE '^\.Xr [^ ]+ [0-9]' man/*.[1-9] | sed -E 's/:\.Xr / /')
	return $unknown
}

@test "papr-toolkit(7) refers to each page except those of functions" {
	diff <(sed -nE '/^\.Sh SEE/,$s/^\.Xr ([^ ]+) ([0-9]).*/\1.\2/p' man/papr-toolkit.7 | sort) \
		<(cd man && printf '%s\n' *.[1-9] | grep -vE '^((rtas|parse|dr)_.*\.3|papr-toolkit\.7)$' | sort)
	# In the text or in a figure.
	while read -r name; do
		echo "$name"
		sed '/^\.Sh SEE/,$d' man/papr-toolkit.7 | grep -qE "^\.(It )?Xr $name "
	done < <(sed -nE '/^\.Sh SEE/,$s/^\.Xr ([^ ]+) .*/\1/p' man/papr-toolkit.7 | grep -v papr-json)
}

@test "papr-vmm(1) and --help agree" {
	local papr_vmm=${top_builddir:-build}/papr-vmm

	[ -x "$papr_vmm" ] || skip 'built without the host side'
	compare man/papr-vmm.1 "$("$papr_vmm" --help && "$papr_vmm" run --help && "$papr_vmm" ctl --help && "$papr_vmm" ps --help)"
	# Options with one dash: each option of the help text is on the page.
	while read -r option; do
		echo "$option"
		grep -qE "(Fl|,) ${option#-}( |$)" man/papr-vmm.1
	done < <("$papr_vmm" --help | grep -oE '(^| )-[A-Za-z][a-z_-]*' | tr -d ' ,' | sort -u)
}
