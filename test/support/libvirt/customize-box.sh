#!/bin/sh
# Called by mmdebstrap with the root of the new system: makes it what Vagrant expects of a box.
set -e
root="$1"
chroot "$root" useradd --create-home --shell /bin/bash vagrant
mkdir -p "$root/home/vagrant/.ssh"
cp /usr/share/rubygems-integration/all/gems/vagrant-*/keys/vagrant.pub "$root/home/vagrant/.ssh/authorized_keys"
chmod 700 "$root/home/vagrant/.ssh"
chmod 600 "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant:vagrant /home/vagrant/.ssh
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/vagrant"
chmod 440 "$root/etc/sudoers.d/vagrant"

echo testbox > "$root/etc/hostname"
echo '127.0.0.1 localhost testbox' > "$root/etc/hosts"
printf '[Match]\nName=eth0 en*\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\nClientIdentifier=mac\n' \
  > "$root/etc/systemd/network/20-dhcp.network"
chroot "$root" systemctl --quiet enable systemd-networkd ssh
chroot "$root" systemctl --quiet mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer \
  e2scrub_all.timer e2scrub_reap.service systemd-timesyncd.service fstrim.timer dpkg-db-backup.timer

cp "$(dirname "$0")/../openssh-7.4.conf" "$root/etc/ssh/sshd_config.d/"

printf '%s\n' virtio_pci virtio_blk virtio_net virtio_rng ext4 > "$root/etc/initramfs-tools/modules"
sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
chroot "$root" update-initramfs -u
