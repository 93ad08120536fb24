# PAPR_JSON_SONAME - define JSON_SONAME, the name by which a program loads libjson-c, and
# add dlopen(3) to LIBS. Without the name, all programs are linked to the library.
AC_DEFUN([PAPR_JSON_SONAME], [
	AC_SEARCH_LIBS([dlopen], [dl])
	AC_MSG_CHECKING([for the name of the json-c library])
	papr_saved_libs=$LIBS
	papr_saved_flags=$CPPFLAGS
	LIBS="$JSON_LIBS $LIBS"
	CPPFLAGS="$CPPFLAGS $JSON_CFLAGS"
	papr_soname=
	AC_LINK_IFELSE([AC_LANG_PROGRAM([#include <json-c/json.h>],
			[return !json_object_new_object();])],
		[papr_soname=`$OBJDUMP -p conftest$EXEEXT |
			sed -n 's/^ *NEEDED *\(libjson-c\.so\.[[0-9.]]*\)$/\1/p'`])
	LIBS=$papr_saved_libs
	CPPFLAGS=$papr_saved_flags
	AC_MSG_RESULT([${papr_soname:-none}])
	AS_IF([test -n "$papr_soname"], [
		AC_DEFINE_UNQUOTED([JSON_SONAME], ["$papr_soname"],
			[the name by which programs load libjson-c])
	])
])
