# PAPR_HARDENING - set HARDENING_CFLAGS and HARDENING_LDFLAGS to options against exploits,
# if compiler and linker support them. Sanitizers have their own checks, so not with them.
AC_DEFUN([PAPR_HARDENING], [
	AS_IF([test "x${enable_sanitizers:-no}" = xno], [
		PAPR_COMPILE_FLAGS([HARDENING_CFLAGS],
			[-fstack-protector-strong -fstack-clash-protection])
		AS_CASE([" $CPPFLAGS $CFLAGS "], [*_FORTIFY_SOURCE*|*" -O0 "*], [], [
			HARDENING_CPPFLAGS='-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'
		])
		papr_defs=-Wl,-z,defs
	])
	AC_SUBST([HARDENING_CPPFLAGS])
	HARDENING_LDFLAGS=
	for papr_flag in -Wl,-z,relro -Wl,-z,now $papr_defs -Wl,--as-needed; do
		AC_MSG_CHECKING([whether the linker accepts $papr_flag])
		papr_saved=$LDFLAGS
		LDFLAGS="$LDFLAGS $papr_flag"
		AC_LINK_IFELSE([AC_LANG_PROGRAM()], [
			AC_MSG_RESULT([yes])
			HARDENING_LDFLAGS="$HARDENING_LDFLAGS $papr_flag"
		], [AC_MSG_RESULT([no])])
		LDFLAGS=$papr_saved
	done
	AC_SUBST([HARDENING_LDFLAGS])
])
