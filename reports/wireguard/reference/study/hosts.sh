# Three hosts on one LAN, which is a bridge: the initiator (192.0.2.1), the responder (.2) and a stranger (.3).
# Each has a WireGuard interface (10.7.0.1, .2, .3). Initiator and responder are peers. The responder knows the initiator's
# key and no endpoint of it. The stranger knows the responder's key, and is no peer of it.
umask 077
ip netns add lan
ip -n lan link add br0 type bridge
ip -n lan link set br0 up
number=1
for host in initiator responder stranger; do
  ip netns add $host
  ip link add to-$host netns lan type veth peer name eth0 netns $host
  ip -n lan link set to-$host master br0 up
  ip -n $host addr add 192.0.2.$number/24 dev eth0
  ip -n $host link set eth0 up
  ip -n $host link set lo up
  wg genkey >/tmp/$host.key
  wg pubkey </tmp/$host.key >/tmp/$host.pub
  ip -n $host link add wg0 type wireguard
  ip -n $host addr add 10.7.0.$number/24 dev wg0
  ip netns exec $host wg set wg0 listen-port 51820 private-key /tmp/$host.key
  number=$((number + 1))
done
ip netns exec responder wg set wg0 peer "$(cat /tmp/initiator.pub)" allowed-ips 10.7.0.1/32
for host in initiator stranger; do
  ip netns exec $host wg set wg0 peer "$(cat /tmp/responder.pub)" allowed-ips 10.7.0.2/32 endpoint 192.0.2.2:51820
done
for host in initiator responder stranger; do
  ip -n $host link set wg0 up
done
# The first packet waits for ARP and for the ports of the bridge; let that be over before anything is captured.
ip netns exec responder ping -q -c 2 -i 0.2 192.0.2.1
ip netns exec responder ping -q -c 2 -i 0.2 192.0.2.3
