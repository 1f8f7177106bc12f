#!/usr/bin/env bash
# A libvirt of its own, in namespaces of its own: mounts, network (with no way out), processes. It lives until its
# standard input ends, and everything that it started ends with it. As root:
#   unshare --mount --net --pid --fork --kill-child --mount-proc world.sh FOLDER
# prints `ready` when libvirt answers; then enter with nsenter. FOLDER is for disks and logs.
set -euo pipefail
folder="${1:?a folder for disks and logs}"
mkdir -p "$folder/pool" /run/libvirt /var/lib/libvirt /var/log/libvirt

mount --make-rprivate /
for own in /run/libvirt /var/lib/libvirt /var/log/libvirt; do mount -t tmpfs tmpfs "$own"; done
cp -r /etc/libvirt "$folder/etc"
mount --bind "$folder/etc" /etc/libvirt
cat > /etc/libvirt/qemu.conf <<'END'
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
namespaces = []
cgroup_controllers = []
END
ip link set lo up

/usr/sbin/virtlogd > "$folder/virtlogd.log" 2>&1 < /dev/null &
/usr/sbin/libvirtd > "$folder/libvirtd.log" 2>&1 < /dev/null &
for _ in $(seq 100); do
  virsh --quiet version > /dev/null 2>&1 && break
  sleep 0.1
done
virsh --quiet pool-define-as default dir --target "$folder/pool"
virsh --quiet pool-start default
echo ready
cat > /dev/null
