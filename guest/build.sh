#!/bin/bash
# Builds the guest image: guest/build.sh OUTDIR
#
# OUTDIR gets vmlinuz, initramfs.cpio.lz4, bios.bin and image.json. The same lock file and the
# same build tools give the same bytes, wherever and whenever it runs.
# SCRATCH names the folder for downloads and intermediate files (2 GB; default: a temporary one).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
LOCK=$here/packages.lock
export LC_ALL=C TZ=UTC
umask 022

[ $# -eq 1 ] || die "usage: guest/build.sh OUTDIR"
[ "$(uname -s)" = Linux ] || die "the image is built on Linux only"
need_tools apt-get awk bc bison dpkg-deb flex gcc gzip ld lz4 make mksquashfs objdump perl sha256sum tar xz

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
    say "warning: the lock was made with $line, this machine has $tool $(tool_versions | sed -n "s/^$tool //p"): bytes may differ"
done < <(lock_lines tool)

# --- Packages: exactly the locked versions, each checked against the lock ---
apt_setup "$scratch/apt"
apt-get -qq update || say "warning: part of the archive's index could not be read"
mkdir -p "$scratch/debs"
declare -A deb # package name: its file
gone=()
while read -r name version arch sum _; do
  fetch_package "$scratch/debs" "$name" "$version" "$arch" "$sum" || gone+=("$package_fault")
  deb[$name]=$package_file
done < <(lock_lines binary)
if [ ${#gone[@]} -gt 0 ]; then
  for line in "${gone[@]}"; do say "error: $line"; done
  die "the locked packages could not all be had; see guest/README.md, \"When a package has gone\""
fi

# unpack KIND FOLDER: unpacks the packages that packages.list gives this kind.
unpack() {
  local kind=$1 folder=$2 name
  mkdir -p "$folder"
  for name in $(awk -v kind="$kind" '$1 == kind { print $2 }' "$here/packages.list"); do
    [ -n "${deb[$name]:-}" ] || die "packages.lock does not have $name: run guest/relock.sh"
    dpkg-deb -x "${deb[$name]}" "$folder"
  done
}
rm -rf "$scratch"/{firmware,userland}
unpack firmware "$scratch/firmware"
unpack userland "$scratch/userland"
unpack library "$scratch/userland"

# Every date inside the image: that of the kernel package's newest changelog entry.
changelog=usr/share/doc/linux-source-6.1/changelog.Debian.gz
SOURCE_DATE_EPOCH=$(date +%s -d "$(dpkg-deb --fsys-tarfile "${deb[linux-source-6.1]}" | tar -xO "./$changelog" |
  gzip -dc | awk '/^ -- / && !found++ { sub(/.*>  /, ""); print }')")
export SOURCE_DATE_EPOCH

# --- Kernel and BIOS ---
# A kernel that an earlier run in the same scratch folder made from the same inputs is taken again.
source=$scratch/kernel/linux-source-6.1
inputs=$(cat "$here/kernel.config" "$here/kernel.sh" <(lock_lines binary | grep '^linux-source') <(tool_versions) | sha256sum)
if [ "$(cat "$scratch/kernel.inputs" 2>/dev/null)" != "$inputs" ]; then
  say "building the kernel"
  rm -rf "$scratch/kernel" "$scratch/kernel.inputs"
  unpack kernel "$scratch/kernel"
  tar -xf "$scratch/kernel/usr/src/linux-source-6.1.tar.xz" -C "$scratch/kernel"
  "$here/kernel.sh" "$source" "$scratch/vmlinuz"
  echo "$inputs" > "$scratch/kernel.inputs"
fi
release=$(cat "$source/include/config/kernel.release")
cp "$scratch/vmlinuz" "$out/vmlinuz"
cp "$scratch/firmware/usr/share/seabios/bios.bin" "$out/bios.bin"

# --- initramfs ---
say "building the initramfs"
format=1
"$here/rootfs.sh" "$scratch/userland" "$scratch/root"
"$here/identity.sh" "$scratch/root" "$release" "$format"
"$here/pack.sh" "$scratch/root" "$source" "$out/initramfs.cpio.lz4"

# --- Description ---
"$here/describe.sh" "$out" "$release" "$format" > "$out/image.json"
say "done: $(cat "$out"/{vmlinuz,initramfs.cpio.lz4,bios.bin} | wc -c) bytes in kernel, initramfs and BIOS"
