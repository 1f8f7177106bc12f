#!/bin/bash
# Rewrites guest/LICENSES from the packages that a build has downloaded:
#   guest/licenses.sh SCRATCH-FOLDER      (the SCRATCH of that build)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
export LC_ALL=C

[ $# -eq 1 ] || die "usage: guest/licenses.sh SCRATCH-FOLDER"
debs=$(cd "$1" && pwd)/debs
target=$here/LICENSES
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$target"
mkdir -p "$target/common"

while read -r name version arch _; do
  dpkg-deb -x "$debs/${name}_${version//:/%3a}_$arch.deb" "$work"
  [ "$name" != linux-source-6.1 ] || tar -xf "$work/usr/src/linux-source-6.1.tar.xz" -C "$work" \
    linux-source-6.1/COPYING linux-source-6.1/LICENSES
done < <(lock_lines binary)

# Each package's own statement; packages of one source often share a folder by a link.
while read -r name _; do
  cp -L "$work/usr/share/doc/$name/copyright" "$target/$name.txt"
done < <(image_packages)

# The long licences that those statements name, and the kernel's own.
grep -rhoE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$target" | sort -u | while read -r path; do
  cp -L "$work$path" "$target/common/"
done
cp "$work/linux-source-6.1/COPYING" "$target/linux-COPYING.txt"
for file in preferred/GPL-2.0 exceptions/Linux-syscall-note; do
  cp "$work/linux-source-6.1/LICENSES/$file" "$target/linux-${file#*/}.txt"
done
chmod -R u=rwX,go=rX "$target"
say "LICENSES: $(find "$target" -type f | wc -l) files"
