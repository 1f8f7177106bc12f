#!/bin/bash
# Unpacks the kernel's selftests from the source package that the image's kernel was built from: source.sh FOLDER VERSION
#
# FOLDER is kept from one call to the next, and has at the end FOLDER/VERSION/selftests. VERSION is that of linux-source-6.1
# in guest/packages.lock.
set -euo pipefail
here=$(cd "$(dirname "$0")/../../../guest" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
export LC_ALL=C

[ $# -eq 2 ] || die "usage: source.sh FOLDER VERSION"
[ ! -e "$1/$2/selftests" ] || exit 0
need_tools apt-get dpkg-deb sha256sum tar xz
mkdir -p "$1/debs"
folder=$(cd "$1" && pwd)

read -r name version architecture sum _ < <(lock_lines binary | grep '^linux-source-6.1 ')
[ "$version" = "$2" ] || die "the lock has $name $version, not $2"
if [ ! -e "$folder/debs/${name}_${version}_$architecture.deb" ]; then
  apt_setup "$folder/apt"
  apt-get -qq update || say "warning: part of the archive's index could not be read"
fi
fetch_package "$folder/debs" "$name" "$version" "$architecture" "$sum" ||
  die "$package_fault; see guest/README.md, \"When a package has gone\""

# Under its name only when all of it is there.
rm -rf "$folder/unpacked"
mkdir -p "$folder/unpacked"
dpkg-deb --fsys-tarfile "$package_file" | tar -xO ./usr/src/linux-source-6.1.tar.xz |
  tar -xJ -C "$folder/unpacked" --strip-components=3 linux-source-6.1/tools/testing/selftests
mkdir -p "$folder/$version"
mv "$folder/unpacked/selftests" "$folder/$version/selftests"
