#!/usr/bin/env bash
# Builds the box with which the tests drive the real Vagrant: Debian 12, for libvirt, booted from its own kernel (no loop
# device, no boot loader). build-box.sh FOLDER writes FOLDER/test.box, unless it is there; as root, with the archive at hand.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder="${1:?the folder to write test.box to}"
[ -e "$folder/test.box" ] && exit 0

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$folder"

mmdebstrap --quiet --variant=minbase \
  --include=linux-image-cloud-amd64,systemd-sysv,udev,dbus,openssh-server,sudo,iproute2,iputils-ping,net-tools,kmod,procps,initramfs-tools,zstd \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --customize-hook="$here/customize-box.sh \"\$1\"" \
  bookworm "$scratch/root.tar"

mkdir "$scratch/root" "$scratch/box"
tar -xf "$scratch/root.tar" -C "$scratch/root"
cp "$scratch"/root/boot/vmlinuz-* "$scratch/box/vmlinuz"
cp "$scratch"/root/boot/initrd.img-* "$scratch/box/initrd.img"
rm -r "$scratch"/root/boot/*
truncate -s 1G "$scratch/root.raw"
mke2fs -q -t ext4 -d "$scratch/root" "$scratch/root.raw"
qemu-img convert -c -O qcow2 "$scratch/root.raw" "$scratch/box/box.img"
echo '{"provider": "libvirt", "format": "qcow2", "virtual_size": 1, "architecture": "amd64"}' > "$scratch/box/metadata.json"
cp "$here/box.Vagrantfile" "$scratch/box/Vagrantfile"

tar -czf "$scratch/test.box" -C "$scratch/box" metadata.json Vagrantfile vmlinuz initrd.img box.img
mv "$scratch/test.box" "$folder/test.box" # last, so that a file of that name is whole
