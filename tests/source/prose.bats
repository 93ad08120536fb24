#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr drmon ofpathtool
#
# The language of documents, manual pages, comments, names of tests and messages: the length
# of README and of sentences, expressions to avoid (prose-words), spelling (spelling-words).
# Documents name files, functions and targets that exist. doc/QUESTIONS leads to the answers
# (question-words).

bats_require_minimum_version 1.5.0

documents='README INSTALL CONTRIBUTING ChangeLog doc/ADOPTION doc/ARCHITECTURE doc/COMPATIBILITY doc/PERFORMANCE
	doc/QUESTIONS doc/TESTING'
folders='base kern kmod librtas wire tools ofpathtool drmon eventd overlay vmm drmgr libdrmgr cli tests
	examples'
# Long-established messages of drmgr are kept word for word.
message_folders='base kern kmod librtas wire tools ofpathtool drmon eventd overlay vmm'

setup_file()
{
	cd "${top_srcdir:-.}" || return
	sentences >"$BATS_FILE_TMPDIR/sentences"
	messages >"$BATS_FILE_TMPDIR/messages"
}

setup()
{
	cd "${top_srcdir:-.}" || return
	sentences=$BATS_FILE_TMPDIR/sentences messages=$BATS_FILE_TMPDIR/messages
}

# Scripts and tests, by their first line, completions, makefiles. Not autotools' files.
scripts()
{
	grep -rlsIE --exclude-dir=golden --exclude-dir=rootfs '^#!.*/(env )?(ba)?sh|^#!.*(bats|python3)$' \
		autogen.sh quickstart .ci build-aux tests |
		grep -vE 'build-aux/(ar-lib|compile|config|depcomp|install-sh|ltmain|missing|tap-driver|test-driver)'
	find tests -name '*.bash'
	echo data/completions/* configure.ac m4/papr_*.m4 Makefile.am ./*/Makemodule.am $(find tests -name Makemodule.am)
}

# shellcheck disable=SC2046,SC2086 # lists of names without blanks
sentences()
{
	tests/source/prose-text document $documents debian/papr-toolkit.README.Debian debian/control
	tests/source/prose-text manual man/*.[1-8]
	tests/source/prose-text comment $(find $folders -name '*.[ch]' | LC_ALL=C sort)
	tests/source/prose-text script $(scripts)
}

# Our scripts that a user or a packager runs. build-aux has others', of autotools.
message_scripts()
{
	grep -lE '^#!/(usr/)?bin/(env )?(ba)?sh' quickstart build-aux/* debian/*.p* debian/tests/* \
		packaging/rpm/* tests/* tests/lib/* tests/guest/* 2>/dev/null |
		grep -vE '^build-aux/(ar-lib|compile|config|depcomp|install-sh|ltmain|missing|tap-driver|test-driver)'
}

# shellcheck disable=SC2046,SC2086 # lists of names without blanks
messages()
{
	tests/source/prose-text message $(find $message_folders -name '*.[ch]' | LC_ALL=C sort)
	tests/source/prose-text message $(message_scripts) data/schema/*.json
}

# Print sentences with more words than this. A word has a letter or a digit.
longer_than() # WORDS FILE
{
	awk -v max="$1" '{
		n = 0
		for (i = 2; i <= NF; i++)
			n += $i ~ /[A-Za-z0-9]/
		if (n > max)
			print n " words: " $0
	}' "$2"
}

# Print the rows of prose-words, with tabs between the columns.
rules()
{
	sed '/^#/d; /^$/d; s/; */\t/g' tests/source/prose-words
}

# Print the sentences of a file that have an expression to avoid.
avoided() # FILE
{
	local expression write exception

	while IFS=$'\t' read -r expression write exception; do
		grep -iE "^[^ ]*: (.*[^a-z0-9_/.-])?($expression)([^a-z0-9_-]|\$)" "$1" |
			grep -vE "${exception:-^$}" | sed "s#\$# -- write: $write#"
	done < <(rules)
}

# Succeed if there is no output, which is shown.
nothing()
{
	run "$@"
	echo "$output"
	[ -z "$output" ]
}

@test "README has at most 180 lines of at most 90 characters, ChangeLog 60 for a version" {
	[ "$(wc -l <README)" -le 180 ]
	nothing awk 'length > 90' README
	nothing awk '/^papr-toolkit/ { version = $2 } ++lines[version] == 61 { print version }' ChangeLog
}

@test "the sentences of documents, manual pages and comments are found" {
	local file

	for file in $documents man/*.[1-8] wire/cursor.h kmod/papr-dt-overlay/overlay.h \
		tests/unit/fakes/fake_platform.h examples/embedder.c quickstart build-aux/rpms tests/lib/type-at \
		tests/guest/verbs.bash tests/commands/drmgr/pci.bats tests/peers/diff/trees.tap ./vmm/Makemodule.am configure.ac; do
		echo "$file"
		grep -q "^$file:" "$sentences"
	done
	[ "$(wc -l <"$sentences")" -gt 10000 ]
}

@test "the messages of programs and scripts are found" {
	grep -q '^vmm/sim/needs_text.c:[0-9]*: AppArmor restricts user namespaces of users$' "$messages"
	grep -q '^ofpathtool/options.c:[0-9]*: use seconds, or 5m or 1h$' "$messages"
	grep -q '^kmod/papr-dt-overlay/record.c:[0-9]*: .* must be reverted first$' "$messages"
	grep -q '^build-aux/debs:[0-9]*: .*: not a configured build tree; run configure there$' "$messages"
	grep -q '^quickstart:[0-9]*: preparing the guest$' "$messages"
	grep -q '^data/schema/lsslot-1.json:[0-9]*: path in the device tree$' "$messages"
	[ "$(wc -l <"$messages")" -gt 800 ]
}

@test "no sentence has more than 40 words" {
	nothing longer_than 40 "$sentences"
}

@test "expressions of prose-words are avoided" {
	nothing avoided "$sentences"
}

@test "expressions of prose-words are avoided in messages" {
	nothing avoided "$messages"
}

@test "each exception of prose-words is needed" {
	local expression write exception

	while IFS=$'\t' read -r expression write exception; do
		[[ -n $exception ]] || continue
		echo "$exception"
		grep -hE "$exception" "$sentences" "$messages" | grep -qiE "$expression"
	done < <(rules)
}

# The checks find what they are for.
@test "bad sentences are found in each kind of text" {
	local long dir=$BATS_TEST_TMPDIR

	long=$(printf 'word %.0s' {1..41})
	printf 'Somebody plugs it.\n\nIt is told of the slot. It\nis good.\n\n  * %s\n    end.\n' "$long" >"$dir/document"
	printf '/* Nobody\n * frees it. */\nint a; /* It is not there. */\n// What is there\n' >"$dir/comment.c"
	printf '.Sh NAME\nThe slot\n.Nm\nlets go.\n.Bd -literal\nsomebody\n.Ed\n' >"$dir/manual.1"
	printf '#!/bin/sh\n# shellcheck disable=SC1 # nobody\n# Anybody.\n#\n#   nobody\na=b # nobody\n' >"$dir/script"
	printf '\t# The card is not\n\t# there.\n@test "somebody" {\n' >>"$dir/script"
	tests/source/prose-text document "$dir/document" >"$dir/all"
	run longer_than 40 "$dir/all"
	[[ $output == "42 words: "* && ${#lines[@]} -eq 1 ]]
	tests/source/prose-text comment "$dir/comment.c" >>"$dir/all"
	tests/source/prose-text manual "$dir/manual.1" >>"$dir/all"
	tests/source/prose-text script "$dir/script" >>"$dir/all"
	run avoided "$dir/all"
	echo "$output"
	[ "${#lines[@]}" -eq 9 ] # one each
	[[ $output == *"/document:1: Somebody"* && $output == *"/document:3: It is told"* ]]
	[[ $output == *comment.c:1:*Nobody* && $output == *comment.c:3:* && $output == *comment.c:4:* ]]
	[[ $output == *"manual.1:2: The slot lets go."* && $output != *:6:* ]]
	[[ $output == *"script:3: Anybody."* && $output == *"script:7: The card is not there."* ]]
	[[ $output == *"script:9: somebody"* ]]

	cat >"$dir/message.c" <<-'END'
		say("slot %s: not switched "
		    "on" END "\n%s: it is there anew\n", /* "a string of nobody" */ name, "somebody");
		c = '"'; // "nobody has it"
		fail("put it back");
	END
	printf '#!/bin/sh\n# echo "nobody is there"\n[ $a ] || die "$1: ask for %s"\necho nobody is there; ls\nx="nobody is there"\n' "'it'" >"$dir/message"
	tests/source/prose-text message "$dir/message.c" "$dir/message" >"$dir/all"
	cat "$dir/all"
	[ "$(cut -d: -f2- "$dir/all")" = '1: slot %s: not switched on
1: %s: it is there anew
4: put it back
3: $1: ask for '"'it'"'
4: nobody is there' ]
	run avoided "$dir/all"
	[ "${#lines[@]}" -eq 4 ]
}

# The ignored words are macros of manual pages, messages that scripts know, and a cut key.
# shellcheck disable=SC2046,SC2086 # lists
@test "words are spelled right" {
	command -v codespell >/dev/null || skip "no codespell"
	codespell --quiet-level=3 --ignore-words-list=msdos,nd,spcified,communcation,vas,buid,buids,larg,aer,hda \
		$documents man $(find $folders -name '*.[ch]') tests/source/prose-words
	echo 'It is recieved.' >"$BATS_TEST_TMPDIR/wrong"
	run codespell "$BATS_TEST_TMPDIR/wrong"
	[ "$status" -ne 0 ]
}

# Print the words of sentences and messages in small letters. Names with capital letters in
# the middle, digits or underscores are not words.
words() # FILE...
{
	cut -d ' ' -f 2- "$@" | tr -s ' \t-' '\n\n\n' |
		sed -E "s/^[\"'(\[{<]+//; s/[]\"').,;:!?}>]+\$//; s/'s\$//" |
		grep -E '^[A-Za-z][a-z]+$' | tr '[:upper:]' '[:lower:]' | LC_ALL=C sort -u
}

@test "words are in the dictionary, or in spelling-words" {
	aspell dicts 2>/dev/null | grep -qx en_GB-ize || skip "no dictionary of aspell"
	words "$sentences" "$messages" >"$BATS_TEST_TMPDIR/words"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/words")" -gt 3000 ]
	grep -v '^#' tests/source/spelling-words | LC_ALL=C sort -c
	nothing env LC_ALL=C comm -23 <(aspell list -d en_GB-ize --ignore-case <"$BATS_TEST_TMPDIR/words" | LC_ALL=C sort -u) \
		<(grep -v '^#' tests/source/spelling-words)
	[ "$(echo 'x: recieved' | words - | aspell list -d en_GB-ize)" = recieved ]
}

# ---- what documents refer to ---------------------------------------------------------------

@test "README names each document, and tarballs have it" {
	local file

	for file in $documents; do
		echo "$file"
		[ "$file" = README ] || grep -qE "^    $file( |\$)" README
		grep -E "^	.*\b$file( |\$)" Makefile.am
	done
	for file in doc/*; do
		[[ " ${documents//[$'\n\t']/ } " == *" $file "* ]]
	done
}

@test "files and functions that documents name exist" {
	local file word n=0 missing=0

	for file in README INSTALL doc/*; do
		while read -r word; do
			n=$((n + 1))
			compgen -G "$word" >/dev/null || { echo "$file: $word" && missing=1; }
		done < <(grep -oE '(^|[ (])(base|build-aux|data|debian|doc|drmgr|eventd|examples|kern|kmod|librtas|man|overlay|packaging|tests|tools|vmm|wire)/[A-Za-z0-9_/.*-]*[A-Za-z0-9/*]' "$file" |
			sed 's/^[ (]//; s/\.sim$/.bats/; s,^tests/sim[^/]*/\(.*\.bats\),tests/commands/\1,' |
			grep -vE 'NAME|^tests/unit/wire/t-drc$|^build-aux/.*cache$' | sort -u)
	done
	[ "$n" -gt 100 ]
	while read -r word; do
		n=$((n + 1))
		grep -rqwE --include='*.[ch]' "^[^	].*\b$word\(.*" wire base kern librtas libdrmgr cli drmgr eventd vmm || { echo "$word()" && missing=1; }
	done < <(grep -ohE '\b[a-z_0-9]+\(\)' doc/* | tr -d '()' | sort -u)
	[ "$n" -gt 150 ]
	return $missing
}

@test "targets of make and options of configure that documents name exist" {
	local word n=0 missing=0

	while read -r word; do
		n=$((n + 1))
		grep -rqE "^([a-z-]+ )*$word( [a-z-]+)*:" Makefile.am ./*/Makemodule.am $(find tests -name Makemodule.am) ||
			grep -qE "^script_targets \+?= $word$" tests/files.am ||
			[[ " check install distcheck " == *" $word "* ]] || { echo "make $word" && missing=1; }
	done < <(grep -ohE '\bmake (-C build )?[a-z]+(-[a-z]+)*( |$|"|\))' README INSTALL doc/* CONTRIBUTING |
		grep -oE '(check|bench|demo|errd|guest|fuzz|kmod|install|distcheck)[a-z-]*' | sort -u)
	[ "$n" -gt 20 ]
	while read -r word; do
		n=$((n + 1))
		word=${word#--enable-} word=${word#--disable-} word=${word#--with-}
		[[ $word == static ]] || grep -qE "AC_ARG_(ENABLE|WITH)\(\[$word\]" configure.ac || { echo "$word" && missing=1; }
	done < <(grep -oE '^    --(enable|disable|with)-[a-z]+' INSTALL | tr -d ' ')
	[ "$n" -gt 30 ]
	return $missing
}

# The text of a section: a heading of a document or a manual page, up to the next one.
section() # FILE HEADING
{
	case $1 in
	man/*)
		awk -v heading="$2" '
			/^\.S[hs] / {
				title = $0
				sub(/^\.S[hs] /, "", title)
				is_in = title == heading
				next
			}
			is_in' "$1"
		;;
	*)
		awk -v heading="$2" '
			/^(---|===)/ {
				is_in = last == heading
				last = ""
				next
			}
			{
				if (is_in && last != "")
					print last
				last = $0
			}
			END { if (is_in) print last }' "$1"
		;;
	esac
}

# NUMBER|FILE|HEADING|WORD[|WORD]..., in the order of doc/QUESTIONS.
@test "ten questions lead to sections that have the answer" {
	local number file heading words word n=0

	[ "$(grep -cE '^ ?[0-9]+\. .*\?$' doc/QUESTIONS)" -eq 10 ]
	[ "$(grep -c '^    See: ' doc/QUESTIONS)" -eq 10 ]
	while IFS='|' read -r number file heading words; do
		n=$((n + 1))
		echo "$number: $file, $heading"
		[ "$number" -eq "$n" ]
		case $file in
		man/*) see="$(sed 's,^man/\(.*\)\.\([1-8]\)$,\1(\2),' <<<"$file")" ;;
		*) see=$file ;;
		esac
		awk -v n="$number" '$1 == n "." { on = 1 } on && /See:/ { print; exit }' doc/QUESTIONS |
			grep -qF "See: $see, \"$heading\""
		section "$file" "$heading" >"$BATS_TEST_TMPDIR/section"
		[ -s "$BATS_TEST_TMPDIR/section" ]
		while read -r word; do
			echo "  $word"
			tr -s ' \t\n' ' ' <"$BATS_TEST_TMPDIR/section" | grep -qF -- "$word"
		done < <(tr '|' '\n' <<<"$words")
	done < <(grep -v '^#' tests/source/question-words)
	[ "$n" -eq 10 ]
}

@test "a heading that does not exist has no section" {
	[ -z "$(section README 'No such heading')" ]
	[ -z "$(section man/drmgr.8 'NO SUCH HEADING')" ]
	[ -n "$(section man/drmgr.8 'EXIT STATUS')" ]
}

@test "the packaging files have the addresses of configure.ac" {
	local dir=$BATS_TEST_TMPDIR

	nothing build-aux/addresses --check
	mkdir -p "$dir/build-aux" "$dir/packaging"
	cp -R debian configure.ac "$dir"
	cp -R packaging/rpm "$dir/packaging"
	cp build-aux/addresses "$dir/build-aux"
	chmod -R u+w "$dir"
	sed -i '/^AC_INIT/s,papr-toolkit@example.org,bugs@test.example,; /^AC_INIT/s,example.org/,test.example/~,' \
		"$dir/configure.ac"
	run "$dir/build-aux/addresses" --check
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 7 ]
	"$dir/build-aux/addresses"
	grep -q '^Maintainer: .* <bugs@test.example>$' "$dir/debian/control"
	run ! grep -rE 'example[.]org' "$dir/debian" "$dir/packaging"
	[ "$(grep -rhF https://test.example/~papr-toolkit "$dir/debian" "$dir/packaging" | wc -l)" -eq 5 ]
	"$dir/build-aux/addresses" --check
}
