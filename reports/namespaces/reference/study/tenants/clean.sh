for tenant in $(seq "$tenants"); do
  ip netns del "client$tenant"
  ip netns del "server$tenant"
done
