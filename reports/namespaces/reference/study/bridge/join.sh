# The pair between the two is taken away. Each gets a pair to the bridge instead, and a third one joins.
ip -n red link del eth0
ip link add br0 type bridge
ip link set br0 up
ip netns add green
ip netns exec green sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
last=0
for name in red blue green; do
  last=$((last + 1))
  ip link add to-$name type veth peer name eth0 netns $name
  ip link set to-$name master br0 up
  ip -n $name address add 10.1.0.$last/24 dev eth0
  ip -n $name link set eth0 up
done
