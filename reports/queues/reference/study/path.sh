# Two hosts at home, their router, and a server 40 ms away. The router's way to the server is the bottleneck.
for name in busy quiet router server; do ip netns add "$name"; done
ip link add b0 netns busy type veth peer name r0 netns router
ip link add q0 netns quiet type veth peer name r1 netns router
ip link add r2 netns router type veth peer name s0 netns server
ip -n busy address add 10.1.0.1/24 dev b0
ip -n quiet address add 10.2.0.1/24 dev q0
ip -n router address add 10.1.0.2/24 dev r0
ip -n router address add 10.2.0.2/24 dev r1
ip -n router address add 10.3.0.2/24 dev r2
ip -n server address add 10.3.0.1/24 dev s0
ip -n busy link set b0 up
ip -n quiet link set q0 up
ip -n router link set r0 up
ip -n router link set r1 up
ip -n router link set r2 up
ip -n server link set s0 up
ip -n busy route add default via 10.1.0.2
ip -n quiet route add default via 10.2.0.2
ip -n server route add default via 10.3.0.2
ip netns exec router sysctl -w net.ipv4.ip_forward=1
# What a connection has learnt of the path is not to be told to the next one.
ip netns exec busy sysctl -w net.ipv4.tcp_no_metrics_save=1
ip netns exec quiet sysctl -w net.ipv4.tcp_no_metrics_save=1
# A packet is a packet of 1500 bytes: what waits in the queue is one of these, and no bundle of them.
ip netns exec busy ethtool -K b0 tso off gso off
ip netns exec quiet ethtool -K q0 tso off gso off
ip netns exec server tc qdisc add dev s0 root netem delay 40ms limit 5000
# The first packet waits for ARP; let that be over before anything is measured.
ip netns exec busy ping -q -c 1 10.3.0.1
ip netns exec quiet ping -q -c 1 10.3.0.1
