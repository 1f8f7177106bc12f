ip netns add router
ip link add trunk type veth peer name eth0 netns router
ip link set trunk master br0 up
bridge vlan del dev trunk vid 1
bridge vlan add dev trunk vid 10
bridge vlan add dev trunk vid 20
ip -n router link set eth0 up
ip -n router link add link eth0 name eth0.10 type vlan id 10
ip -n router link add link eth0 name eth0.20 type vlan id 20
ip -n router link set eth0.10 up
ip -n router link set eth0.20 up
ip -n router addr add 10.0.0.254/24 dev eth0.10
ip -n router addr add 10.20.0.254/24 dev eth0.20
ip netns exec router sysctl -w net.ipv4.ip_forward=1
ip -n blue1 addr flush dev eth0
ip -n blue1 addr add 10.20.0.3/24 dev eth0
ip -n blue1 route add default via 10.20.0.254
ip -n red1 route add default via 10.0.0.254
