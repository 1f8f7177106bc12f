for name in ns0 ns1; do
  ip netns add $name
  ip netns exec $name sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
ip link set veth0 netns ns0
ip link set veth1 netns ns1
ip -n ns0 address add 10.1.1.1/24 dev veth0
ip -n ns1 address add 10.1.1.2/24 dev veth1
ip -n ns0 link set veth0 up
ip -n ns1 link set veth1 up
