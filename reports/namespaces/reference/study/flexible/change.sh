# The new ones even have the address that is being pinged.
for name in one two three four five six; do
  ip netns add $name
  ip -n $name link add card type dummy
  ip -n $name address add 10.1.0.2/24 dev card
  ip -n $name link set card up
done
ip netns exec six sysctl -w net.ipv4.ip_forward=1
ip netns list
for name in one two three four five six; do
  ip netns del $name
done
