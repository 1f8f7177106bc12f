ip netns exec ns0 ip link set lo down
ip netns exec ns1 ip link set lo down
ip netns exec ns0 ip route change 10.1.1.0/24 via 0.0.0.0 dev veth0
ip netns exec ns1 ip route change 10.1.1.0/24 via 0.0.0.0 dev veth1
