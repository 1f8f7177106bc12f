#!/bin/bash
# Writes /etc/os-release and /etc/refigure-image: identity.sh ROOT-FOLDER KERNEL-RELEASE FORMAT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
export LC_ALL=C
root=$1
release=$2
format=$3

cat > "$root/etc/os-release" <<RELEASE
NAME="Refigure mini guest"
PRETTY_NAME="Refigure mini guest, image format $format (userland from Debian 12)"
ID=refigure
ID_LIKE=debian
VERSION="$format"
VERSION_ID="$format"
VARIANT="Programs from packages of Debian 12 (bookworm), i386; versions in /etc/refigure-image"
RELEASE

# One "name version" a line: the image's format, the kernel, each package.
{
  echo "refigure-image-format $format"
  echo "linux $release"
  image_packages
} > "$root/etc/refigure-image"
