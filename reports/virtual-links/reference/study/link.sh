# Two namespaces, a (10.9.0.1) and b (10.9.0.2), that are joined by a veth pair, a bridge, macvlan or ipvlan devices ($link).
# What joins them, where that is more than a pair, is in a namespace of its own.
for name in a b between; do
  ip netns add $name
done
case $link in
  veth)
    ip link add va netns a type veth peer name vb netns b
    ;;
  bridge)
    ip -n between link add br0 type bridge
    ip -n between link set br0 up
    ip link add pa netns between type veth peer name va netns a
    ip link add pb netns between type veth peer name vb netns b
    ip -n between link set pa master br0 up
    ip -n between link set pb master br0 up
    ;;
  macvlan)
    ip -n between link add parent type dummy
    ip -n between link set parent up
    ip -n between link add va link parent netns a type macvlan mode bridge
    ip -n between link add vb link parent netns b type macvlan mode bridge
    ;;
  ipvlan)
    ip -n between link add parent type dummy
    ip -n between link set parent up
    ip -n between link add va link parent netns a type ipvlan mode l2
    ip -n between link add vb link parent netns b type ipvlan mode l2
    ;;
esac
for end in a/va/1 b/vb/2; do
  name=${end%%/*}
  device=${end#*/}
  ip -n $name addr add 10.9.0.${end##*/}/24 dev ${device%/*}
  ip -n $name link set ${device%/*} up
  ip -n $name link set lo up
done
# The first packet waits for ARP, and for the ports of a bridge; let that be over before anything is measured.
ip netns exec a ping -q -c 3 -i 0.2 10.9.0.2
