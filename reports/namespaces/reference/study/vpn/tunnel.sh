umask 077
wg genkey > /tmp/red.key
wg genkey > /tmp/blue.key
wg pubkey < /tmp/red.key > /tmp/red.public
wg pubkey < /tmp/blue.key > /tmp/blue.public
ip -n red link add wg0 type wireguard
ip -n blue link add wg0 type wireguard
ip netns exec red wg set wg0 listen-port 51820 private-key /tmp/red.key peer "$(cat /tmp/blue.public)" endpoint 10.1.0.2:51820 allowed-ips 10.8.0.2/32
ip netns exec blue wg set wg0 listen-port 51820 private-key /tmp/blue.key peer "$(cat /tmp/red.public)" allowed-ips 10.8.0.1/32
rm /tmp/red.key /tmp/blue.key
ip -n red address add 10.8.0.1/24 dev wg0
ip -n blue address add 10.8.0.2/24 dev wg0
ip -n red link set wg0 up
ip -n blue link set wg0 up
