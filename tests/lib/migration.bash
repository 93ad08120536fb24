# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # the guest's shell
# For tests of migrations: prepare the host, and print differences of the guest's tree.

# Prepare a change that firmware reports from the next migration on.
change() # JSON-MEMBERS
{
	host x-papr-change "{$1}"
}

migrate() # STREAM [JSON-MEMBERS]
{
	host x-papr-migrate "{\"stream\": \"$1\"${2:+, $2}}"
}

# The command line of management consoles.
pmig() # STREAM [OPTION...]
{
	guest drmgr -m -c pmig -p pre -s "$@"
}

fault() # CALL [JSON-MEMBERS]
{
	host x-papr-fault "{\"call\": \"$1\"${2:+, $2}}"
}

_migration_all='all() { (cd /proc/device-tree/ && find . -type f -exec md5sum {} + | sort -k2); }'

# Save each property and its value.
remember()
{
	guest_sh -0 "$_migration_all; all >/tmp/before"
}

# The differences are these: "< PROPERTY" removed, "> PROPERTY" added; both for a new
# value.
differs() # LINE...
{
	guest_sh "$_migration_all"'; all >/tmp/after
		diff /tmp/before /tmp/after | sed -n "s/^\([<>]\) [^ ]* */\1 /p" | LC_ALL=C sort'
	assert_stdout "$(printf '%s\n' "$@")"
}

# Install a hook of this name that records its environment, and exits with STATUS.
hook() # TYPE NAME [STATUS]
{
	guest_sh -0 'umask 022; mkdir -p "/etc/drmgr.d/$1"; cd "/etc/drmgr.d/$1"
		printf "#!/bin/sh\necho \$DRC_TYPE \$ACTION \$PHASE \$DRC_COUNT %s \$DRC_INDEX >>/tmp/hooked\nexit %s\n" "$2" "$3" >"$2"
		chmod 755 "$2"' "$1" "$2" "${3:-0}"
}

hooked() # LINE...
{
	guest_sh 'cat /tmp/hooked 2>/dev/null; rm -f /tmp/hooked'
	assert_stdout "$(printf '%s\n' "$@")"
}

# The property in the guest has this value, in hexadecimal; "none": it does not exist.
assert_property() # PATH VALUE
{
	guest_sh 'if test -e "/proc/device-tree$1"; then od -An -v -tx1 "/proc/device-tree$1" | tr -d " \n"; else echo none; fi' "$1"
	assert_stdout "$2"
}

migration_forget()
{
	[[ -n ${GUEST_MISSING:-} ]] || guest rm -rf /etc/drmgr.d /tmp/hooked /run/drmgr/journal
	[[ -n ${GUEST_MISSING:-} ]] || host x-papr-fault-clear
}
