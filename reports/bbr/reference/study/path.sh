# sender -- router -- far -- receiver. The router's way on is the bottleneck; behind it, on the long way, packets get lost.
for name in sender router far receiver; do ip netns add "$name"; done
ip link add s0 netns sender type veth peer name r0 netns router
ip link add r1 netns router type veth peer name f0 netns far
ip link add f1 netns far type veth peer name d0 netns receiver
ip -n sender address add 10.1.0.1/24 dev s0
ip -n router address add 10.1.0.2/24 dev r0
ip -n router address add 10.2.0.1/24 dev r1
ip -n far address add 10.2.0.2/24 dev f0
ip -n far address add 10.3.0.1/24 dev f1
ip -n receiver address add 10.3.0.2/24 dev d0
ip -n sender link set s0 up
ip -n router link set r0 up
ip -n router link set r1 up
ip -n far link set f0 up
ip -n far link set f1 up
ip -n receiver link set d0 up
ip -n sender route add default via 10.1.0.2
ip -n router route add 10.3.0.0/24 via 10.2.0.2
ip -n far route add 10.1.0.0/24 via 10.2.0.1
ip -n receiver route add default via 10.3.0.1
ip netns exec router sysctl -w net.ipv4.ip_forward=1
ip netns exec far sysctl -w net.ipv4.ip_forward=1
# What a connection has learnt of the path is not to be told to the next one.
ip netns exec sender sysctl -w net.ipv4.tcp_no_metrics_save=1
# A packet is a packet of 1500 bytes: what is lost or queued is one of these, and no bundle of them.
ip netns exec sender ethtool -K s0 tso off gso off
# The first packet waits for ARP; let that be over before anything is measured.
ip netns exec sender ping -q -c 1 10.3.0.2
