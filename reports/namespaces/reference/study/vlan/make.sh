# One wire, eth0 to eth0. On it VLAN 10 and VLAN 20, each with a subnet of its own.
for name in red blue; do
  ip netns add $name
  ip netns exec $name sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
ip -n red link add eth0 type veth peer name eth0 netns blue
last=0
for name in red blue; do
  last=$((last + 1))
  ip -n $name link set eth0 up
  for vlan in 10 20; do
    ip -n $name link add link eth0 name eth0.$vlan type vlan id $vlan
    ip -n $name address add 10.$vlan.0.$last/24 dev eth0.$vlan
    ip -n $name link set eth0.$vlan up
  done
done
# The same subnet on both sides, but red's end of it is in VLAN 30, and blue's in VLAN 40.
ip -n red link add link eth0 name eth0.30 type vlan id 30
ip -n blue link add link eth0 name eth0.40 type vlan id 40
ip -n red address add 10.30.0.1/24 dev eth0.30
ip -n blue address add 10.30.0.2/24 dev eth0.40
ip -n red link set eth0.30 up
ip -n blue link set eth0.40 up
