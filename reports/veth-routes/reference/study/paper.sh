# Section 2.1, and section 2.2 up to where both ends of the veth pair are started.
ip tuntap add dev tap0 mode tap
ip tuntap add dev tap1 mode tap
ip netns add ns0
ip netns add ns1
ip link set tap0 netns ns0
ip link set tap1 netns ns1
ip netns exec ns0 ip link set lo up
ip netns exec ns0 ip link set tap0 up
ip netns exec ns0 ip address add 10.1.1.1/24 dev tap0
ip netns exec ns1 ip link set lo up
ip netns exec ns1 ip link set tap1 up
ip netns exec ns1 ip addr add 10.1.1.2/24 dev tap1
ip link add veth0 type veth peer name veth1
ip link set veth0 netns ns0
ip link set veth1 netns ns1
ip netns exec ns0 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
ip netns exec ns1 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
ip netns exec ns0 ip link set veth0 up
ip netns exec ns1 ip link set veth1 up
