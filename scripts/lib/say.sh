# shellcheck shell=bash
# What the scripts say, and how they give up: one line, to standard error, with the way out in it.

say() { printf '\n== %s\n' "$*" >&2; }
note() { printf '   %s\n' "$*" >&2; }
fail() {
    printf '\nerror: %s\n' "$*" >&2
    exit 1
}
