# A row for each tenant: whose server should answer, which one did, what the ping counted, and how many requests the
# tenant's own server saw.
echo tenant,expected,answered_by,sent,received,requests
for tenant in $(seq "$tenants"); do
  expected=$(printf '02:00:00:00:00:%02x' "$tenant")
  answered_by=$(ip -n "client$tenant" neigh show 10.0.0.2 | grep -o '..:..:..:..:..:..')
  set -- $(grep transmitted "/tmp/ping.$tenant")
  requests=$(ip netns exec "server$tenant" awk '$1 == "Icmp:" { inEchos = $10 } END { print inEchos }' /proc/net/snmp)
  echo "$tenant,$expected,$answered_by,$1,$4,$requests"
done
