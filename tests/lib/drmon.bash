# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# drmon.bash - drmon on a terminal of a guest: tmux there is the terminal

# shellcheck disable=SC2016,SC2154 # for the guest; set by the verbs

# A real guest has tmux and its libraries only if this file requests them.
terminal_wanted()
{
	[[ ${GUEST_KIND:-real} != real ]] || export GUEST_OVERLAY=${GUEST_CACHE:-}/more:${GUEST_OVERLAY:-}
}

# Send a signal to one of the two processes: the "screen", or the "guard" that watches it.
signal_drmon() # SIGNAL screen|guard
{
	guest_sh -0 'set -- "$1" "$2" $(pidof drmon)
		[ $# -eq 4 ] || exit
		if [ "$(sed -n "s/^PPid:[^0-9]*//p" /proc/$3/status)" = "$4" ]; then screen=$3 guard=$4
		else screen=$4 guard=$3; fi
		eval "kill -$1 \$$2"' "$1" "$2"
}

terminal()
{
	guest tmux -L drmon "$@"
}

# Start drmon with these words of a shell command, on a terminal of COLUMNS x LINES (80 x
# 24). screen_env is put before it. At the end, the screen shows its status.
screen_start() # [WORDS]
{
	terminal -f /dev/null new-session -d -x "${columns:-80}" -y "${rows:-24}" \
		"cd /tmp; exec 2>/tmp/drmon.err; env ${screen_env:-} drmon $1; echo \"ended \$?\"; stty -a >/tmp/stty; exec sleep 600"
	assert_status 0
}

# A server that is about to exit could still answer the next client.
screen_stop()
{
	[[ -d ${GUEST_DIR:-} ]] || return 0
	_guest_ctl run -t 80 -- sh -c "$wait_in_script"'
		server=$(tmux -L drmon display-message -p "#{pid}" 2>/dev/null) || exit 0
		tmux -L drmon kill-server
		wait_until "! grep -qs \"^State:.*[^Z] (\" /proc/$server/status"'
}

keys() # KEY...
{
	terminal send-keys "$@"
	assert_status 0
}

# Read the screen into $screen.
look()
{
	screen=$(_guest_ctl run -t 20 -- tmux -L drmon capture-pane -p)
}

# Wait until a line of the screen matches.
shows() # EXTENDED-REGULAR-EXPRESSION
{
	wait_until 'look && grep -qE -e "$1" <<<"$screen"' "$1" || { echo "$screen"; return 1; }
}

# Wait until no line of the screen matches.
shows_no() # EXTENDED-REGULAR-EXPRESSION
{
	wait_until 'look && ! grep -qE -e "$1" <<<"$screen"' "$1" || { echo "$screen"; return 1; }
}

# Compare the screen with a file, except the parts that always differ. RECORD_SCREENS=yes:
# write the file.
shows_file() # NAME
{
	local file=${top_srcdir:-.}/tests/data/drmon/$1.screen

	if [[ -n ${RECORD_SCREENS:-} ]]; then
		look
		screen_masked >"$file"
		return
	fi
	wait_until 'look && screen_masked >"$BATS_TEST_TMPDIR/screen" && cmp -s "$file" "$BATS_TEST_TMPDIR/screen"' || {
		diff "$file" "$BATS_TEST_TMPDIR/screen"
		return 1
	}
}

# Mask the names of machine, kernel and backend; clock, process, time.
screen_masked()
{
	sed -E -e '1s/^ drmon  .* backend [a-z]+ +/HEAD /' \
		-e 's/(^| )[0-9]{2}:[0-9]{2}:[0-9]{2}( |$)/\1HH:MM:SS\2/' \
		-e 's/pid [0-9]+/pid N/' -e 's/[0-9]+\.[0-9] s/N s/' <<<"$screen"
}
