# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # for the guest's shell; set by the verbs
#
# overlay.bash - /proc/device-tree-overlay in a guest: the module's, or papr-vmm's

# f: write a blob of these words (tests/guest/fdtwords.c). c: put them in a root, as a
# compiler does. g: the same with papr,format. a: papr-overlay resolves and writes it. r:
# revert. Each prints "ok" or the error. seq of the status shows whether the tree has changed.
overlay_shell='
	F=/proc/device-tree-overlay T=/proc/device-tree H=/usr/lib/guest
	w() {
		rm -f /tmp/said
		r=$($H/rawcall write $F <"${1:-/tmp/blob}")
		if [ "$r" = "$(wc -c <"${1:-/tmp/blob}")" ]; then echo ok; else echo "$r"; fi
	}
	f() { $H/fdtwords "$@" >/tmp/blob && w; }
	c() { f node "" "$@" end; }
	g() { c cell papr,format 1 "$@"; }
	a() {
		$H/fdtwords node "" "$@" end >/tmp/blob
		papr-overlay apply /tmp/blob >/tmp/said 2>&1 && echo ok || sed "s/^[^:]*: [^:]*: //; s/:.*//" /tmp/said
	}
	r() { g text papr,revert "$1"; }
	reason() {
		if [ -e /tmp/said ]; then sed "s/^[^:]*: [^:]*: [A-Z0-9]*: //" /tmp/said; else sed -n "s/^reason: //p" $F; fi
	}
	records() { sed "1d; /^reason: /d; s/^[0-9]* //" $F; }
	seq() { sed -n "1s/.* seq=\([0-9]*\) .*/\1/p" $F; }
	tree() { $H/mutate -t; }
	below() { (cd $T$1 && find . | sort | tr "\n" " "; echo); }
	newest() { records | tail -n 1 | cut -d" " -f1; }
	back() {
		while id=$(newest) && [ -n "$id" ]; do
			[ "$(r "$id")" = ok ] || { echo "cannot revert $id"; return; }
		done
	}
	# The tests change /ovt with its nodes a (handle 0xfe01), which has a child, and
	# b.
	base() {
		g text papr,overlay-id base fragment / op add content node ovt text p one cell q 7 \
			node a cell ibm,phandle 0xfe01 text s "a a" node in end end node b@1 cell reg 1 end end end end
	}
	# The labels of the base; /ovt/top has the largest handle of the tree.
	labels() {
		base
		g text papr,overlay-id labels fragment / content \
			node __symbols__ text ovt /ovt text a /ovt/a text gone /ovt/gone \
				text b /ovt/b@1 text top /ovt/top raw bad /ovt/a end end \
			end fragment /ovt content node top cell phandle 0xfffff000 end end end
	}
	# fragment@0 with a target to resolve, and a content.
	open_fragment() { echo node fragment@0 cell target 0xffffffff content "$@" end end; }
	fixups() { echo node __fixups__ "$@" end; }
	bytes() { od -An -tx1 "$T$1" | tr -d " \n"; echo; }
	# Rows "RESULT|WORDS" or "RESULT|WORDS|REASON": print each row with a different
	# result, and the number of rows. Every refusal has a reason.
	table() {
		n=0
		while IFS="|" read -r want words why; do
			[ -n "$words" ] || continue
			n=$((n + 1)) got=$(eval "$words")
			[ "$got" = "$want" ] || echo "$words: $got instead of $want"
			[ "$got" = ok ] || [ -n "$(reason)" ] || echo "$words: no reason"
			[ -z "$why" ] || [ "$(reason)" = "$why" ] ||
				echo "$words: reason $(reason), not $why"
		done
		echo $n
	}
	# The same for rows that may not change the tree.
	refused() {
		tree=$(tree) seq=$(seq)
		table
		[ "$(seq)" = "$seq" ] || echo "there was a change: $seq, $(seq)"
		[ "$(tree)" = "$tree" ] || echo "the tree has changed"
	}
'

overlay_boot() # [OPTION...]
{
	GUEST_DT_OVERLAY=yes guest_boot "$@"
	[[ -z ${GUEST_MISSING:-} ]] || return 0
	_guest_ctl run -i -- sh -c 'cat >/tmp/overlay.sh' <<<"$overlay_shell"
}

overlay() # [-t SECONDS] SCRIPT
{
	local options=()

	[[ $1 != -t ]] || { options=(-t "$2") && shift 2; }
	guest_sh -0 "${options[@]}" ". /tmp/overlay.sh; $1"
}

# Check the rows of a table from standard input, after a script.
overlay_table() # refused|table [SCRIPT]
{
	local cases

	cases=$(cat)
	guest_sh -0 -i ". /tmp/overlay.sh; ${2:-} $1; back" <<<"$cases"
	assert_stdout "$(grep -c '|' <<<"$cases")"
}

# The output of the script has exactly these lines.
answers() # LINE...
{
	assert_stdout "$(printf '%s\n' "$@")"
}
