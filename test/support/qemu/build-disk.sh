#!/usr/bin/env bash
# Builds the disk that the tests boot where a user has a distribution's cloud image, such as CentOS's GenericCloud: Debian
# 12 with cloud-init, started by the BIOS. No loop device: each partition is made in its place within the file.
# build-disk.sh FOLDER writes FOLDER/disk.qcow2, unless it is there; as root, with the archive at hand.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder="${1:?the folder to write disk.qcow2 to}"
[ -e "$folder/disk.qcow2" ] && exit 0

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$folder"

mmdebstrap --quiet --variant=minbase \
  --include=linux-image-cloud-amd64,systemd-sysv,udev,dbus,cloud-init,python3,openssh-server,sudo,iproute2,iputils-ping,net-tools,kmod,procps,initramfs-tools,zstd \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --customize-hook="$here/customize-disk.sh \"\$1\"" \
  bookworm "$scratch/root.tar"
mkdir "$scratch/root"
tar -xf "$scratch/root.tar" -C "$scratch/root"
: > "$scratch/root/etc/machine-id" # filled at the first boot; `uninitialized` would also apply every preset again

disk="$scratch/disk.raw"
mebibyte=$((1024 * 1024))
truncate -s 1536M "$disk"
sfdisk --quiet "$disk" <<'END'
label: dos
label-id: 0x7265666d
start=1MiB, size=63MiB, type=c, bootable
start=64MiB, type=83
END

# The BIOS loads mbr.bin, that the active partition's boot sector, and that ldlinux.sys, which reads syslinux.cfg.
cat > "$scratch/syslinux.cfg" <<'END'
DEFAULT linux
LABEL linux
  LINUX /vmlinuz
  INITRD /initrd.img
  APPEND root=PARTUUID=7265666d-02 rw console=tty0 console=ttyS0,115200 net.ifnames=0 mitigations=off
END
mformat -i "$disk@@1M" -T $((63 * 2048)) -h 255 -s 63 -H 2048 -v BOOT ::
mcopy -i "$disk@@1M" "$scratch"/root/boot/vmlinuz-* ::/vmlinuz
mcopy -i "$disk@@1M" "$scratch"/root/boot/initrd.img-* ::/initrd.img
mcopy -i "$disk@@1M" "$scratch/syslinux.cfg" ::/syslinux.cfg
syslinux --offset "$mebibyte" --install "$disk"
dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
rm -r "$scratch"/root/boot/*

mke2fs -q -t ext4 -L root -E "offset=$((64 * mebibyte)),lazy_itable_init=0,lazy_journal_init=0" -d "$scratch/root" "$disk" 1472M
qemu-img convert -c -O qcow2 -o compression_type=zstd "$disk" "$folder/disk.qcow2.$$"
mv "$folder/disk.qcow2.$$" "$folder/disk.qcow2" # last, so that a file of that name is whole
