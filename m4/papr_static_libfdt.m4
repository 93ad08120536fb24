# PAPR_STATIC_LIBFDT - make libfdt in FDT_LIBS the static one, unless the user does not
# want it or it cannot be a part of a shared library.
AC_DEFUN([PAPR_STATIC_LIBFDT], [
	AC_ARG_ENABLE([static-libfdt], [AS_HELP_STRING([--disable-static-libfdt],
		[loads libfdt at each start of a program; by default programs contain it if
		libfdt.a exists])])
	papr_static=no
	AS_IF([test "x$enable_static_libfdt" != xno], [
		AC_MSG_CHECKING([whether a shared library can contain libfdt.a])
		papr_fdt=`AS_ECHO(["$FDT_LIBS"]) | sed 's/-lfdt/-l:libfdt.a/'`
		papr_saved_flags=$CFLAGS
		papr_saved_libs=$LIBS
		CFLAGS="$CFLAGS -fPIC -shared -Wl,-z,text"
		LIBS="$papr_fdt $LIBS"
		AC_LINK_IFELSE([AC_LANG_SOURCE([
			int fdt_check_full(const void *, unsigned long);
			int fdt_open_into(const void *, void *, int);
			int f(void *p) { return fdt_check_full(p, 1) + fdt_open_into(p, p, 1); }
		])], [papr_static=yes])
		CFLAGS=$papr_saved_flags
		LIBS=$papr_saved_libs
		AC_MSG_RESULT([$papr_static])
	])
	AS_IF([test $papr_static = yes], [FDT_LIBS=$papr_fdt],
		[test "x$enable_static_libfdt" = xyes],
		[AC_MSG_ERROR([libfdt.a is missing, or not position-independent])])
])
