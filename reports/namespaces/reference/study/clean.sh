# What this study has made, and nothing else of the machine.
for name in red blue green grey one two three four five six ns0 ns1 ns2; do
  if [ -e /run/netns/$name ]; then
    ip netns del $name
  fi
done
if [ -e /sys/class/net/br0 ]; then
  ip link del br0
fi
