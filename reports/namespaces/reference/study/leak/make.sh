# Two pairs of namespaces, each with a wire of its own; nothing is set up between the pairs.
for name in red blue green grey; do
  ip netns add $name
  ip netns exec $name sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n $name link set lo up
done
ip -n red link add eth0 type veth peer name eth0 netns blue
ip -n green link add eth0 type veth peer name eth0 netns grey
ip -n red address add 10.1.0.1/24 dev eth0
ip -n blue address add 10.1.0.2/24 dev eth0
ip -n green address add 10.2.0.1/24 dev eth0
ip -n grey address add 10.2.0.2/24 dev eth0
for name in red blue green grey; do
  ip -n $name link set eth0 up
done
ip link set lo up
