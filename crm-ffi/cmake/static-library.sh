#!/bin/sh
# Makes of the static library that cargo writes one that shows nothing but the functions of the header:
#
#   static-library.sh LIBRARY HEADER OUTPUT
#
# The library carries its own SQLite. A program that links SQLite, too, or a second library written in Rust, would
# otherwise not link, or, worse, run one with the other's functions. What the functions do not need is left out. For ELF.
set -eu

library=$1 header=$2 output=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -A1 '^CRM_API$' "$header" | grep -oE 'crm_[a-z0-9_]+\(' | tr -d '(' >"$work/symbols"
# shellcheck disable=SC2046
ld -r --gc-sections $(sed 's/^/-u /' "$work/symbols") "$library" -o "$work/crm.o"
# Bitcode that the standard library carries along is of no use to a C linker, and stops an ar with a plugin of LLVM.
objcopy --strip-debug --remove-section .llvmbc --remove-section .llvmcmd --keep-global-symbols="$work/symbols" "$work/crm.o"
rm -f "$output"
ar rcs "$output" "$work/crm.o"
