#!/bin/bash
# Packs a root folder into an initramfs: pack.sh ROOT-FOLDER KERNEL-SOURCE OUTPUT-FILE
# /usr becomes a squashfs image inside it. SOURCE_DATE_EPOCH must be set: every date is that one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
source=$(cd "$2" && pwd)
output=$3
export LC_ALL=C
work=$root.pack
rm -rf "$work"
mkdir -p "$work/tree"

find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

hot=$(sed '/^#/d; s/.*/name(&)/' "$here/hot.list" | paste -s -d '|' | sed 's/|/ || /g')
# One thread, everything owned by root: the same input gives the same bytes.
mksquashfs "$root/usr" "$work/usr.squashfs" -quiet -no-progress -processors 1 \
  -all-root -no-xattrs -no-exports -comp zstd -Xcompression-level 22 -b 256K \
  -action "uncompressed@$hot"

cp -a "$root/." "$work/tree/"
rm -rf "$work/tree/usr"
mkdir "$work/tree/usr"
mv "$work/usr.squashfs" "$work/tree/usr.squashfs"
gcc -m32 -march=i686 -Os -Wall -Wextra -ffreestanding -fno-builtin -fno-pie -fno-stack-protector \
  -fcf-protection=none -fno-asynchronous-unwind-tables -nostdlib -static -no-pie -s \
  -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,noseparate-code \
  -o "$work/tree/init" "$here/early.c"

# The kernel's own gen_init_cpio writes the archive: owner 0:0, inode numbers counted up, and it
# can hold the console's device node without root. It keeps the dates of files: set them all.
find "$work/tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
make -s -C "$source" ARCH=i386 usr/gen_init_cpio
"$here/cpio-list.sh" "$work/tree" > "$work/list"
"$source/usr/gen_init_cpio" -t "$SOURCE_DATE_EPOCH" "$work/list" > "$work/cpio"
# The kernel reads LZ4's old ("legacy") frame only.
lz4 -q -f -l -12 "$work/cpio" "$output"
rm -rf "$work"
