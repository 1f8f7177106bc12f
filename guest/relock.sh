#!/bin/bash
# Rewrites packages.lock from packages.list and from what Debian's archive has today:
#   guest/relock.sh [SCRATCH-FOLDER]
# Nothing is built. Read the difference before committing it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

need_tools apt-get apt-cache awk sort
scratch=${1:-$(mktemp -d)}
mkdir -p "$scratch"
apt_setup "$(cd "$scratch" && pwd)/apt"
apt-get -qq update || say "warning: part of the archive's index could not be read; older versions may be chosen"

packages=()
while read -r kind name; do
  case $kind in ''|'#'*) continue ;; esac
  packages+=("$name")
done < "$here/packages.list"

# binary NAME VERSION ARCHITECTURE SHA256 FILE-IN-THE-ARCHIVE
binaries=$(
  for name in "${packages[@]}"; do
    apt-cache show --no-all-versions "$name" | awk -v name="$name" '
      /^Version: /      { version = $2 }
      /^Architecture: / { arch = $2 }
      /^SHA256: /       { sum = $2 }
      /^Filename: /     { file = $2 }
      END { if (sum == "") exit 1; print "binary", name, version, arch, sum, file }' \
      || die "the archive has no package $name"
  done)

# The source package of each, "name version"; without a Source field both are the binary's own.
sources=$(
  for name in "${packages[@]}"; do
    apt-cache show --no-all-versions "$name" | awk -v name="$name" '
      /^Version: / { version = $2 }
      /^Source: /  { source = $2; if ($3 != "") { gsub(/[()]/, "", $3); source_version = $3 } }
      END { print (source == "" ? name : source), (source_version == "" ? version : source_version) }'
  done | LC_ALL=C sort -u)

# source NAME VERSION, then one source-file NAME SHA256 FILE for its .dsc and each file in it
source_lines=$(
  while read -r name version; do
    echo "source $name $version"
    apt-get source --print-uris --only-source "$name=$version" 2>/dev/null | awk -v name="$name" '
      /^\047/ { sub(/^SHA256:/, "", $4); print "source-file", name, $4, $2; n++ } END { exit n == 0 }' \
      || die "the archive has no source package $name $version"
  done <<< "$sources")

{
  echo "# Written by guest/relock.sh from guest/packages.list. Do not edit by hand."
  echo "suite $DEBIAN_SUITE"
  echo "$binaries"
  echo "$source_lines"
  tool_versions | sed 's/^/tool /'
} > "$here/packages.lock.new"
mv "$here/packages.lock.new" "$here/packages.lock"
say "packages.lock: ${#packages[@]} packages, $(wc -l <<< "$sources") source packages"
