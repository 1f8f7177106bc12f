# Every tenant gets a client and a server, by the very same commands: the same devices, the same addresses. Only the MAC
# address of a server tells whose it is: 02:00:00:00:00:01 is the first tenant's, and so on.
for tenant in $(seq "$tenants"); do
  mac=$(printf '02:00:00:00:00:%02x' "$tenant")
  echo "netns add client$tenant"
  echo "netns add server$tenant"
  echo "link add wire netns client$tenant type veth peer name wire address $mac netns server$tenant"
done > /tmp/tenants.batch
ip -batch /tmp/tenants.batch
printf '%s\n' 'address add 10.0.0.1/24 dev wire' 'link set wire up' > /tmp/client.batch
printf '%s\n' 'address add 10.0.0.2/24 dev wire' 'link set wire up' > /tmp/server.batch
for tenant in $(seq "$tenants"); do
  ip -n "client$tenant" -batch /tmp/client.batch
  ip -n "server$tenant" -batch /tmp/server.batch
done
