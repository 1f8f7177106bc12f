# All clients ping 10.0.0.2 at once.
for tenant in $(seq "$tenants"); do
  ip netns exec "client$tenant" ping -q -c 3 -i 0.2 10.0.0.2 > "/tmp/ping.$tenant" &
done
wait
