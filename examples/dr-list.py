#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dr-list - list the connectors of a type, with all that is known of them

  dr-list.py TYPE [FOLDER]

An example of libdrmgr in another language, without a compiler. It prints the same list as
"lsslot -c TYPE --json", without the facts of the whole list. FOLDER is a captured tree."""

import ctypes
import json
import sys
from ctypes import POINTER, byref, c_bool, c_char_p, c_int, c_int64, c_size_t, c_uint, c_void_p

DR_LIST_DETAILS = 1
DR_LIST_INTERFACES = 16
TEXT, NUMBER, INDEX, ADDRESS, BOOL, LIST = range(6)


class Value(ctypes.Structure):
    """struct dr_value"""

    _fields_ = [
        ("kind", c_int),
        ("is_internal", c_bool),
        ("is_known", c_bool),
        ("text", c_char_p),
        ("number", c_int64),
        ("n", c_size_t),
        ("of_the_library", c_void_p * 5),
    ]


def function(name, result, *arguments):
    """Return a function of the library, with its types."""
    found = getattr(library, name)
    found.restype = result
    found.argtypes = arguments
    return found


library = ctypes.CDLL("libdrmgr.so.0")
dr_new = function("dr_new", c_int, POINTER(c_void_p), c_char_p)
dr_unref = function("dr_unref", c_void_p, c_void_p)
dr_get_error_text = function("dr_get_error_text", c_char_p, c_void_p)
dr_type_by_name = function("dr_type_by_name", c_void_p, c_char_p)
dr_type_get_member = function("dr_type_get_member", c_char_p, c_void_p, c_size_t)
dr_list_new = function(
    "dr_list_new", c_int, c_void_p, c_void_p, c_char_p, c_uint, POINTER(c_void_p)
)
dr_list_free = function("dr_list_free", None, c_void_p)
dr_list_next = function("dr_list_next", c_void_p, c_void_p)
dr_connector_get = function("dr_connector_get", c_int, c_void_p, c_char_p, POINTER(Value))
dr_value_get = function(
    "dr_value_get", c_int, POINTER(Value), c_size_t, c_char_p, POINTER(Value)
)
dr_value_get_member = function("dr_value_get_member", c_char_p, POINTER(Value), c_size_t)


def keys(get, owner):
    """Return the keys that a function counts from 0."""
    found = []
    while (key := get(owner, len(found))) is not None:
        found.append(key)
    return found


def item_of(value, i):
    """Return an item of a list: an object, or a plain value."""
    item = Value()
    names = keys(dr_value_get_member, byref(value))
    if names:
        return members_of(names, lambda key, to: dr_value_get(byref(value), i, key, to))
    dr_value_get(byref(value), i, None, byref(item))
    return python_of(item)


def python_of(value):
    """Return a value of the library as one of Python, as documents have it."""
    if not value.is_known:
        return None
    if value.kind == TEXT:
        return value.text.decode(errors="replace")
    if value.kind == INDEX:
        return f"0x{value.number:08x}"
    if value.kind == ADDRESS:
        return f"0x{value.number:016x}"
    if value.kind == BOOL:
        return bool(value.number)
    if value.kind == LIST:
        return [item_of(value, i) for i in range(value.n)]
    return value.number


def members_of(names, get):
    """Return an object with the members that documents have."""
    members = {}
    for key in names:
        value = Value()
        if not get(key, byref(value)) and not value.is_internal:
            members[key.decode()] = python_of(value)
    return members


def main():
    """List the connectors, or print why not."""
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    context, connectors = c_void_p(), c_void_p()
    folder = sys.argv[2].encode() if len(sys.argv) == 3 else None
    kind = dr_type_by_name(sys.argv[1].encode())
    if not kind:
        sys.exit(f"dr-list: {sys.argv[1]}: no such connector type")
    if dr_new(byref(context), folder):
        sys.exit(f"dr-list: {folder or '/'}: cannot be opened")
    names = keys(dr_type_get_member, kind)
    found = []
    flags = DR_LIST_DETAILS | DR_LIST_INTERFACES
    err = dr_list_new(context, kind, None, flags, byref(connectors))
    while not err and (connector := dr_list_next(connectors)):
        found.append(members_of(names, lambda key, to: dr_connector_get(connector, key, to)))
    if err:
        print(dr_get_error_text(context).decode(errors="replace"), file=sys.stderr)
    else:
        print(json.dumps(found, indent=2))
    dr_list_free(connectors)
    dr_unref(context)
    sys.exit(1 if err else 0)


main()
