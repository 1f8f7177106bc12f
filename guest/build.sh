#!/bin/bash
# Builds the guest image: guest/build.sh OUTDIR
#
# OUTDIR gets vmlinuz, initramfs.cpio.zst, bios.bin and image.json. The same lock file and the
# same build tools give the same bytes, wherever and whenever it runs.
# SCRATCH names the folder for downloads and intermediate files (4 GB; default: a temporary one).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
export LC_ALL=C TZ=UTC
umask 022

[ $# -eq 1 ] || die "usage: guest/build.sh OUTDIR"
[ "$(uname -s)" = Linux ] || die "the image is built on Linux only"
need_tools apt-get ar awk bc bison cc flex find gzip ld lz4 make objcopy objdump perl sha256sum tar xz zstd dpkg-deb

mkdir -p "$1"
out=$(cd "$1" && pwd)
if [ -n "${SCRATCH:-}" ]; then
  mkdir -p "$SCRATCH"
  scratch=$(cd "$SCRATCH" && pwd)
else
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
fi
say "scratch folder: $scratch"

# --- Build tools: other versions may give other bytes ---
while read -r line; do
  tool=${line%% *}
  grep -qxF "$line" <(tool_versions) ||
    say "warning: the lock was made with $line, this machine has ${tool} $(tool_versions | sed -n "s/^$tool //p"): bytes may differ"
done < <(lock_lines tool)

# --- Packages: exactly the locked versions, each checked against the lock ---
apt_setup "$scratch/apt"
apt-get -qq update || say "warning: part of the archive's index could not be read"
mkdir -p "$scratch/debs"
gone=()
while read -r name version arch sum file; do
  deb=$scratch/debs/${name}_${version//:/%3a}_$arch.deb
  if [ ! -e "$deb" ]; then
    (cd "$scratch/debs" && apt-get -qq download "$name=$version") || { gone+=("$name $version: not in the archive"); continue; }
  fi
  [ "$(sha256sum < "$deb")" = "$sum  -" ] || gone+=("$name $version: its checksum is not the locked one")
done < <(lock_lines binary)
if [ ${#gone[@]} -gt 0 ]; then
  for line in "${gone[@]}"; do say "error: $line"; done
  die "the locked packages could not all be had; see guest/README.md, \"When a package has gone\""
fi

# unpack KIND FOLDER: unpacks the packages that packages.list gives this kind.
unpack() {
  local kind=$1 folder=$2 name
  mkdir -p "$folder"
  while read -r name; do
    dpkg-deb -x "$scratch"/debs/"${name}"_*.deb "$folder"
  done < <(awk -v kind="$kind" '$1 == kind { print $2 }' "$here/packages.list")
}
rm -rf "$scratch"/{kernel,firmware,userland}
unpack kernel "$scratch/kernel"
unpack firmware "$scratch/firmware"
unpack userland "$scratch/userland"
unpack library "$scratch/userland"

# Every date inside the image: that of the kernel package's newest changelog entry.
SOURCE_DATE_EPOCH=$(date -d "$(zcat "$scratch/kernel/usr/share/doc/linux-source-6.1/changelog.Debian.gz" | sed -n 's/^ -- .*>  //p' | sed -n 1p)" +%s)
export SOURCE_DATE_EPOCH

# --- Kernel and BIOS ---
say "building the kernel"
tar -xf "$scratch/kernel/usr/src/linux-source-6.1.tar.xz" -C "$scratch/kernel"
source=$scratch/kernel/linux-source-6.1
"$here/kernel.sh" "$source" "$out/vmlinuz"
cp "$scratch/firmware/usr/share/seabios/bios.bin" "$out/bios.bin"
release=$(cat "$source/include/config/kernel.release")

# --- initramfs ---
say "building the initramfs"
root=$scratch/root
"$here/rootfs.sh" "$scratch/userland" "$root"
format=1
"$here/identity.sh" "$root" "$release" "$format"

# The kernel's own gen_init_cpio writes the archive: owner 0:0, dates and inode numbers fixed,
# and it can hold the console's device node without root.
make -s -C "$source" ARCH=i386 usr/gen_init_cpio
"$here/cpio-list.sh" "$root" > "$scratch/cpio.list"
"$source/usr/gen_init_cpio" -t "$SOURCE_DATE_EPOCH" "$scratch/cpio.list" > "$scratch/initramfs.cpio"
# One thread: the number of threads can change zstd's output.
zstd -q -f --single-thread --ultra -20 --no-check "$scratch/initramfs.cpio" -o "$out/initramfs.cpio.zst"

# --- Description ---
"$here/describe.sh" "$out" "$release" "$format" > "$out/image.json"
say "done: $(du -bc "$out"/{vmlinuz,initramfs.cpio.zst,bios.bin} | tail -n 1 | cut -f 1) bytes in kernel, initramfs and BIOS"
