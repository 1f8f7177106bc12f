ip netns add red
ip netns add blue
ip -n red link add eth0 type veth peer name eth0 netns blue
ip -n red address add 10.1.0.1/24 dev eth0
ip -n blue address add 10.1.0.2/24 dev eth0
ip -n red link set eth0 up
ip -n blue link set eth0 up
