# PAPR_COMPILE_FLAGS(VARIABLE, FLAGS) - append to VARIABLE each flag that the compiler
# accepts, and substitute it.
AC_DEFUN([PAPR_COMPILE_FLAGS], [
	for papr_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC accepts $papr_flag])
		papr_saved=$CFLAGS
		CFLAGS="$CFLAGS -Werror $papr_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM()], [
			AC_MSG_RESULT([yes])
			$1="$$1 $papr_flag"
		], [AC_MSG_RESULT([no])])
		CFLAGS=$papr_saved
	done
	AC_SUBST([$1])
])
