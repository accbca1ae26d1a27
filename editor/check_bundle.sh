#!/bin/sh
# Builds the studio anew, compares it, byte for byte, with the assets that are committed, and
# measures the script that a browser needs before the rule editor can be used.
# Ends with 0 if they are the same and the script is small enough; says what to do if not.
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

limit=$((170 * 1024))

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

bytes=$(node - "$here/static/assets" <<'EOF'
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { gzipSync } = require('node:zlib')

const assets = process.argv[2]
const manifest = JSON.parse(readFileSync(join(assets, '.vite', 'manifest.json'), 'utf8'))
// What both parts import at once, each file counted once.
const waiting = ['src/main.tsx', 'src/rule-editor/index.tsx']
const files = new Set()
while (waiting.length > 0) {
  const { file, imports = [] } = manifest[waiting.pop()]
  if (!files.has(file)) waiting.push(...imports)
  files.add(file)
}
let total = 0
for (const file of files) total += gzipSync(readFileSync(join(assets, file)), { level: 9 }).length
console.log(total)
EOF
)
say "the rule editor needs $bytes bytes of script, gzipped; at most $limit are allowed"
if [ "$bytes" -gt "$limit" ]; then
    say "make it smaller: import what isn't needed at first only when it is, or do without it"
    exit 1
fi
