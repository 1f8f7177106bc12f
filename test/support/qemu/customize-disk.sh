#!/bin/sh
# Called by mmdebstrap with the root of the new system: makes it what a distribution's cloud image is, less what costs time
# under software emulation.
set -e
root="$1"
units="$root/etc/systemd/system"

# The user, the client's key and the host's keys come from the seed, at the first boot. Of cloud-init's modules those are
# left which a seed of Refigure's uses, and those by which a cloud image shows its host's keys on the console.
cat > "$root/etc/cloud/cloud.cfg.d/90_seed.cfg" <<'END'
datasource_list: [NoCloud, None]
network: {config: disabled}
cloud_init_modules: [bootcmd, write-files, set_hostname, update_etc_hosts, users-groups, ssh]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user, ssh-authkey-fingerprints, keys-to-console, final-message]
END
rm "$root"/etc/ssh/ssh_host_*
cp "$(dirname "$0")/../openssh-7.4.conf" "$root/etc/ssh/sshd_config.d/"

echo 'localhost' > "$root/etc/hostname"
echo '127.0.0.1 localhost' > "$root/etc/hosts"
printf '[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\nClientIdentifier=mac\n' \
  > "$root/etc/systemd/network/20-dhcp.network"
chroot "$root" systemctl --quiet enable systemd-networkd ssh
chroot "$root" systemctl --quiet mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer \
  e2scrub_all.timer e2scrub_reap.service systemd-timesyncd.service fstrim.timer dpkg-db-backup.timer \
  systemd-logind.service getty@tty1.service getty-static.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-journal-flush.service systemd-sysusers.service \
  systemd-modules-load.service systemd-network-generator.service proc-sys-fs-binfmt_misc.automount \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount modprobe@configfs.service \
  modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service

# Generators are shell scripts and programs that run before any unit (3 s): the links that two of them make are made here.
mkdir -p "$root/etc/systemd/system-generators" "$units/multi-user.target.wants" "$units/getty.target.wants"
for generator in "$root"/lib/systemd/system-generators/*; do
  ln -s /dev/null "$root/etc/systemd/system-generators/$(basename "$generator")"
done
ln -s /lib/systemd/system/cloud-init.target "$units/multi-user.target.wants/"
ln -s /lib/systemd/system/serial-getty@.service "$units/getty.target.wants/serial-getty@ttyS0.service"

# Only these devices are waited for; the rest of the machine needs no drivers.
mkdir "$units/systemd-udev-trigger.service.d"
cat > "$units/systemd-udev-trigger.service.d/few-devices.conf" <<'END'
[Service]
ExecStart=
ExecStart=udevadm trigger --action=add --subsystem-match=block --subsystem-match=net --subsystem-match=tty
END

# What is left of cloud-init's work is not to slow the first log-in down.
mkdir "$units/cloud-config.service.d"
printf '[Unit]\nAfter=ssh.service\n' > "$units/cloud-config.service.d/after-ssh.conf"

printf '%s\n' virtio_pci virtio_blk virtio_net virtio_rng ext4 > "$root/etc/initramfs-tools/modules"
sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
# The listed modules are loaded by name; udev would look at every device twice, here and after the switch.
rm "$root"/usr/share/initramfs-tools/scripts/init-*/udev
chroot "$root" update-initramfs -u
