# Both get a card of the same name with the same address; what follows is red's alone.
for name in red blue; do
  ip -n $name link set lo up
  ip -n $name link add card type dummy
  ip -n $name link set card up
  ip -n $name address add 10.9.0.1/24 dev card
done
ip -n red route add default via 10.9.0.254
ip -n red neigh add 10.9.0.9 lladdr 02:00:00:00:00:09 dev card
ip netns exec red sysctl -w net.ipv4.ip_forward=1
ip netns exec red nft add table ip guard
ip netns exec red nft add chain ip guard input '{ type filter hook input priority 0; policy accept; }'
ip netns exec red nft add rule ip guard input icmp type echo-request drop
