ip tuntap add dev tap0 mode tap
ip tuntap add dev tap1 mode tap
ip netns add ns0
ip netns add ns1
ip link set tap0 netns ns0
ip link set tap1 netns ns1
for name in ns0 ns1; do
  ip netns exec $name sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
  ip -n $name link set lo up
done
ip -n ns0 link set tap0 up
ip -n ns1 link set tap1 up
ip -n ns0 address add 10.1.1.1/24 dev tap0
ip -n ns1 address add 10.1.1.2/24 dev tap1
