# The kernel takes the greater one of `all` and of the device.
for name in ns0 ns1; do
  for device in all default tap0 tap1 veth0 veth1; do
    file=/proc/sys/net/ipv4/conf/$device/rp_filter
    ip netns exec $name sh -c "test ! -e $file || echo $rp_filter > $file"
  done
done
if [ "$address" = own ]; then
  ip -n ns1 address add 10.1.3.2/24 dev veth1
fi
ip netns exec ns0 ip route change 10.1.1.0/24 via 0.0.0.0 dev veth0
