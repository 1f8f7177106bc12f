ip link set lo up
for name in red blue green; do
  ip netns add $name
  ip -n $name link set lo up
done
