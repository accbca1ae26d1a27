#!/bin/sh
# Builds the studio anew and compares it, byte for byte, with the assets that are committed.
# Ends with 0 if they are the same; says what to do if not.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf 'check_bundle: %s\n' "$1" >&2; }

if ! command -v node >/dev/null 2>&1; then
    say "node is missing; install Node 20.19 or newer, or see requirements-node.txt"
    exit 2
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
    say "node $major is too old; install Node 20.19 or newer, or see requirements-node.txt"
    exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The tests of the wording share their cases with the server's, which lie outside this folder.
mkdir -p "$work/editor" "$work/tests/editor"
(cd "$here" && tar -cf - --exclude ./node_modules --exclude ./static --exclude __pycache__ .) | (cd "$work/editor" && tar -xf -)
for cases in "$here"/../tests/editor/*.json; do
    [ -f "$cases" ] && cp "$cases" "$work/tests/editor/"
done

cd "$work/editor"
say "installing exactly what package-lock.json names"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
say "checking types"
npm run --silent check
say "running the unit tests"
npm run --silent test
say "building"
npm run --silent build

if ! diff -r "$work/editor/static/assets" "$here/static/assets"; then
    say "editor/static/assets is not what the sources build: run 'npm run build' in editor/ and commit the result"
    exit 1
fi
say "editor/static/assets is what the sources build"
