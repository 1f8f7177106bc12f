#!/bin/bash
# Prints image.json: describe.sh IMAGE-FOLDER KERNEL-RELEASE FORMAT
# SOURCE_DATE_EPOCH must be set. Nothing in it depends on the time or place of the build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
image=$1
release=$2
format=$3

# about FILE [FURTHER-FIELDS]: the description of one file of the image.
about() {
  printf '{ "file": "%s", "sha256": "%s", "bytes": %s%s }' \
    "$1" "$(sha256sum < "$image/$1" | cut -d ' ' -f 1)" "$(stat -c %s "$image/$1")" "${2:-}"
}

cat <<JSON
{
  "name": "mini",
  "formatVersion": $format,
  "architecture": "i386",
  "kernel": $(about vmlinuz ", \"release\": \"$release\""),
  "initramfs": $(about initramfs.cpio.lz4),
  "bios": $(about bios.bin),
  "packages": {
$(image_packages | awk '{ printf "%s    \"%s\": \"%s\"", separator, $1, $2; separator = ",\n" }')
  },
  "built": {
$(lock_lines tool | sed -n 's/^gcc /gcc /p' | sed 's/.*/    "compiler": "&",/')
$(lock_lines tool | sed -n '/^gcc /!s/^\([^ ]*\) \(.*\)/    "\1": "\2",/p')
    "sourceDateEpoch": $SOURCE_DATE_EPOCH
  }
}
JSON
